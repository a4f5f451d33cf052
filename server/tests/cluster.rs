//! A cluster of real processes over loopback sockets: the shards are those of an embedded build, byte for byte, also
//! where a worker or the scheduler is killed while the build runs.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

fn wellspring() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wellspring"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WELLSPRING_")) {
        command.env_remove(name);
    }
    command
}

/// A process of the cluster, which ends with the test.
struct Part(Child);

impl Part {
    /// Starts it; gives what it says first.
    fn start(arguments: &[&str], work_dir: Option<&Path>) -> (Self, String) {
        let mut command = wellspring();
        command.arg("cluster").args(arguments).stdout(Stdio::piped()).stderr(Stdio::null());
        if let Some(work_dir) = work_dir {
            command.arg("--work-dir").arg(work_dir);
        }
        let mut child = command.spawn().expect("the program runs");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("stdout");
        BufReader::new(stdout).read_line(&mut line).expect("it says where it listens");
        (Self(child), line.trim().to_owned())
    }
}

impl Part {
    /// As a machine that goes dark: nothing is tidied up.
    fn kill(&mut self) {
        self.0.kill().expect("it runs");
        self.0.wait().expect("it has ended");
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn schedule(addr: &str) -> (Part, String) {
    let (scheduler, line) = Part::start(&["scheduler", "--addr", addr, "--silence", "10"], None);
    (scheduler, line.strip_prefix("scheduler on ").expect("the scheduler's address").to_owned())
}

/// A scheduler and two workers.
struct Cluster {
    folder: tempfile::TempDir,
    address: String,
    workers: Vec<Part>,
    scheduler: Part,
}

impl Cluster {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (scheduler, address) = schedule("127.0.0.1:0");
        let mut cluster = Self { folder, address, workers: Vec::new(), scheduler };
        for number in 0..2 {
            cluster.add(number);
        }
        cluster
    }

    fn add(&mut self, number: usize) {
        let worker = ["worker", "--scheduler", &self.address, "--cores", "2", "--memory", "1"];
        self.workers.push(Part::start(&worker, Some(&self.work_dir(number))).0);
    }

    fn work_dir(&self, number: usize) -> PathBuf {
        self.folder.path().join(format!("worker-{number}"))
    }

    fn shared(&self) -> PathBuf {
        let shared = self.folder.path().join("shared [1]");
        std::fs::create_dir_all(&shared).expect("a folder");
        shared
    }

    fn build(&self, source: &Path, out: &Path) -> Command {
        let mut build = build(source, out);
        build.args(["--engine", &self.address, "--parts", "6", "--shared"]).arg(self.shared());
        build
    }
}

fn build(source: &Path, out: &Path) -> Command {
    let mut build = wellspring();
    build.arg("build").arg("--source").arg(source).arg("--out").arg(out);
    build.args(["--scopes", "all,regions", "--shard-members", "500", "--report"]).arg(out.with_extension("json"));
    build.stdout(Stdio::null()).stderr(Stdio::piped());
    build
}

fn sample(folder: &Path, members: u32) -> PathBuf {
    let source = folder.join("source");
    // Half of the facts bear keys instead of their member, so that members are joined too.
    let options = sample::Options { members, stores: 30, identities_only: 50, ..sample::Options::new(&source) };
    sample::generate(&options, &mut |_, _| ()).expect("a sample is made");
    // Ids that are there twice, which the builder joins to find: the first file once more, as a part of a folder.
    let orders = source.join("orders.csv");
    let parts = source.join("orders");
    std::fs::create_dir(&parts).expect("a folder");
    let text = std::fs::read_to_string(&orders).expect("the sample has orders");
    let some: Vec<&str> = text.lines().take(200).collect();
    std::fs::write(parts.join("2.csv"), some.join("\n")).expect("written");
    std::fs::rename(&orders, parts.join("1.csv")).expect("moved");
    source
}

fn succeeded(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// All shards of a snapshot and of its parts, and all rows that were set aside, by their path in it.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            assert!(!name.starts_with(".building"), "{} is left", path.display());
            let inside = path.strip_prefix(root).expect("inside").to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if inside.iter().any(|part| part == "shards" || part == "quarantine") {
                files.insert(inside, std::fs::read(&path).expect("a file"));
            }
        }
    }
    files
}

/// What a report says of the data, and its notes.
fn report(out: &Path) -> (Vec<Value>, Value) {
    let text = std::fs::read(out.with_extension("json")).expect("a report");
    let report: Value = serde_json::from_slice(&text).expect("it is JSON");
    let told = ["first_day", "data_until", "shards", "bytes", "totals", "tables"].map(|name| report[name].clone());
    assert!(told.iter().all(|value| !value.is_null()), "{report}");
    (told.into(), report["notes"].clone())
}

fn assert_same(embedded: &Path, clustered: &Path) {
    let (expected, found) = (files(embedded), files(clustered));
    let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert!(
        expected.keys().filter(|path| path.iter().any(|part| part == "shards")).count() > 8,
        "{:?}",
        names(&expected)
    );
    assert_eq!(names(&expected), names(&found));
    assert!(expected == found, "a file differs");
    assert_eq!(report(embedded).0, report(clustered).0);
}

#[test]
fn shards_of_a_cluster_are_those_of_an_embedded_build_byte_for_byte() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = sample(folder.path(), 2_000);
    let (embedded, clustered) = (folder.path().join("embedded"), folder.path().join("clustered"));
    succeeded(&build(&source, &embedded).output().expect("the program runs"));
    let (told, _) = report(&embedded);
    let orders =
        told.last().and_then(Value::as_array).and_then(|tables| tables.iter().find(|t| t["table"] == "orders"));
    assert!(orders.is_some_and(|orders| orders["duplicate"].as_u64() > Some(100)), "{orders:?}");
    let cluster = Cluster::start();
    succeeded(&cluster.build(&source, &clustered).output().expect("the program runs"));
    assert_same(&embedded, &clustered);
    assert_eq!(report(&clustered).1, report(&embedded).1, "nothing was lost, so nothing is told");
    for number in 0..2 {
        let made = std::fs::read_dir(cluster.work_dir(number)).expect("its folder").count();
        assert!(made > 0, "worker {number} has worked");
    }
    assert_eq!(std::fs::read_dir(cluster.shared()).expect("the shared folder").count(), 0, "nothing is left there");
}

#[test]
fn a_worker_that_is_killed_only_delays_the_build() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = sample(folder.path(), 2_000);
    let embedded = folder.path().join("embedded");
    succeeded(&build(&source, &embedded).output().expect("the program runs"));
    let mut cluster = Cluster::start();
    // While identities are joined; while members are placed; while facts are cut, when most tables are let go.
    for (number, table) in ["one_id_", "places", "touches_placed"].into_iter().enumerate() {
        let out = folder.path().join(format!("clustered-{number}"));
        let mut running = cluster.build(&source, &out).spawn().expect("the program runs");
        wait_for(&mut running, &cluster.shared(), table);
        cluster.workers.remove(0).kill();
        assert!(running.try_wait().expect("a process").is_none(), "the build was over before the worker was killed");
        succeeded(&running.wait_with_output().expect("the build ends"));
        assert_same(&embedded, &out);
        // The next one is killed beside a new one.
        cluster.add(2 + number);
    }
}

#[test]
fn a_scheduler_that_is_started_again_only_delays_the_build() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = sample(folder.path(), 2_000);
    let (embedded, out) = (folder.path().join("embedded"), folder.path().join("clustered"));
    succeeded(&build(&source, &embedded).output().expect("the program runs"));
    let mut cluster = Cluster::start();
    let mut running = cluster.build(&source, &out).spawn().expect("the program runs");
    wait_for(&mut running, &cluster.shared(), "orders_net");
    cluster.scheduler.kill();
    assert!(running.try_wait().expect("a process").is_none(), "the build was over before the scheduler was killed");
    sleep(Duration::from_secs(3));
    let (scheduler, address) = schedule(cluster.address.trim_start_matches("df://"));
    assert_eq!(address, cluster.address);
    cluster.scheduler = scheduler;
    succeeded(&running.wait_with_output().expect("the build ends"));
    assert_same(&embedded, &out);
    let notes = report(&out).1.to_string();
    assert!(notes.contains("run again"), "{notes}");
}

#[test]
fn a_scheduler_that_stays_away_ends_the_build_with_nothing_published() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = sample(folder.path(), 500);
    let out = folder.path().join("out");
    let mut cluster = Cluster::start();
    let mut running = cluster.build(&source, &out).spawn().expect("the program runs");
    wait_for(&mut running, &cluster.shared(), "one_id_");
    cluster.scheduler.kill();
    assert!(running.try_wait().expect("a process").is_none(), "the build was over before the scheduler was killed");
    let output = running.wait_with_output().expect("the build ends");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(&format!("no scheduler answers at {}", cluster.address)), "{told}");
    assert!(!out.exists(), "nothing is left");
    assert_eq!(std::fs::read_dir(cluster.shared()).expect("the shared folder").count(), 0, "nothing is left there");
}

/// Waits until a running build has begun a table whose name begins so.
fn wait_for(running: &mut Child, shared: &Path, table: &str) {
    let until = Instant::now() + Duration::from_secs(600);
    while Instant::now() < until {
        let builds = std::fs::read_dir(shared).expect("the shared folder").flatten();
        let mut tables = builds.flat_map(|build| std::fs::read_dir(build.path()).into_iter().flatten().flatten());
        if tables.any(|found| found.file_name().to_string_lossy().starts_with(table)) {
            return;
        }
        assert!(running.try_wait().expect("a process").is_none(), "the build is over and no table {table} was seen");
        sleep(Duration::from_millis(20));
    }
    panic!("no table {table} within ten minutes");
}

#[test]
fn a_cluster_that_is_not_there_is_told_in_one_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = sample(folder.path(), 100);
    let out = folder.path().join("out");
    // Nothing listens on a port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let address = format!("df://{}", free.expect("a port"));
    let output = build(&source, &out).args(["--engine", &address]).output().expect("the program runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(&format!("no scheduler answers at {address}")), "{told}");
    assert!(told.contains("wellspring cluster scheduler"), "{told}");
    assert!(!out.exists(), "nothing is left");
}
