//! The real program, killed while it builds: what was there before is shown, whole, and the next build is clean.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// `cargo xtask bench --kills` does it a thousand times.
const KILLS: u64 = 15;

struct Nights {
    root: TempDir,
}

impl Nights {
    /// Two regions, a few members, rows that are set aside; `night` days of it.
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(root.path().join("source")).expect("a folder");
        Self { root }
    }

    fn source(&self, night: u64) {
        let put = |name: &str, text: String| {
            fs::write(self.root.path().join("source").join(name), text).expect("a file in a temporary folder");
        };
        put("stores.csv", "store_id,region\nA,华东\nB,西南\n".to_owned());
        let mut orders = "order_id,ordered_at,amount,member_id,store_id\nbad,?,1,m1,A\n".to_owned();
        for day in 1..=night.min(28) {
            for member in 0..40 {
                let store = if member % 2 == 0 { "A" } else { "B" };
                orders += &format!("o{day}-{member},2024-02-{day:02} 10:00,{},m{member},{store}\n", day + member);
            }
        }
        put("orders.csv", orders);
    }

    fn out(&self) -> PathBuf {
        self.root.path().join("out")
    }

    fn build(&self) -> Command {
        let mut build = Command::new(env!("CARGO_BIN_EXE_wellspring"));
        build.args(["build", "--scopes", "all,regions", "--keep", "1"]);
        build.arg("--source").arg(self.root.path().join("source")).arg("--out").arg(self.out());
        build.stdout(Stdio::null()).stderr(Stdio::piped());
        build
    }

    fn built(&self) {
        let output = self.build().output().expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn version(&self) -> u64 {
        snapshot::files::load_manifest(&self.out()).expect("a snapshot").0.version
    }

    fn checks(&self) {
        let mut check = Command::new(env!("CARGO_BIN_EXE_wellspring"));
        let output = check.arg("check").arg("--snapshot").arg(self.out()).output().expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Every path, numbers of versions left out.
fn paths(folder: &Path) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(of) = folders.pop() {
        for entry in fs::read_dir(&of).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            }
            let path = entry.path();
            let words = path.strip_prefix(folder).expect("it is inside").iter().map(|word| word.to_string_lossy());
            let words = words.map(|word| if word.parse::<u64>().is_ok() { "n".to_owned() } else { word.into_owned() });
            paths.insert(words.collect::<Vec<_>>().join("/"));
        }
    }
    paths
}

#[test]
fn a_build_that_is_killed_leaves_the_snapshot_and_the_next_one_is_clean() {
    let nights = Nights::new();
    nights.source(9);
    nights.built();
    let begun = Instant::now();
    nights.source(10);
    nights.built();
    let takes = begun.elapsed();
    let mut random = fastrand::Rng::with_seed(618);
    let mut before = nights.version();
    for kill in 0..KILLS {
        nights.source(11 + kill);
        let mut child = nights.build().spawn().expect("the program runs");
        // Half of them while it publishes.
        let share = if kill % 2 == 0 { random.f64() * 1.1 } else { 0.75 + random.f64() * 0.3 };
        std::thread::sleep(takes.mul_f64(share));
        let _ = child.kill();
        child.wait().expect("it ends");
        let after = nights.version();
        assert!(after >= before, "{before} before, {after} after");
        nights.checks();
        before = after;
    }
    // As if nothing had happened: what another folder has after the last two builds.
    let same = Nights::new();
    for night in [27, 28] {
        nights.source(night);
        nights.built();
        same.source(night);
        same.built();
    }
    assert!(nights.version() >= before + 2);
    assert_eq!(paths(&nights.out()), paths(&same.out()));
}

#[test]
fn of_two_builds_at_once_one_wins_and_the_other_says_so() {
    let nights = Nights::new();
    nights.source(28);
    nights.built();
    let children: Vec<_> = (0..4).map(|_| nights.build().spawn().expect("the program runs")).collect();
    let outputs: Vec<_> = children.into_iter().map(|child| child.wait_with_output().expect("it ends")).collect();
    let won = outputs.iter().filter(|output| output.status.success()).count() as u64;
    assert!(won >= 1);
    for lost in outputs.iter().filter(|output| !output.status.success()) {
        let told = String::from_utf8_lossy(&lost.stderr);
        assert!(lost.status.code() == Some(1) && told.contains("another build is writing into"), "{told}");
    }
    assert_eq!(nights.version(), 1 + won, "each that won published once");
    nights.checks();
}

/// The largest file that the program may write stands for a disk that is full.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_snapshot() {
    let nights = Nights::new();
    nights.source(9);
    nights.built();
    let before = (nights.version(), paths(&nights.out()));
    nights.source(28);
    for kib in [0, 1, 2] {
        let build = nights.build();
        let mut limited = Command::new("sh");
        // Beyond the limit the program is told so by an error, as on a full disk, if it leaves the signal aside.
        limited.args(["-c", &format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" \"$@\"")]);
        limited.arg(build.get_program()).args(build.get_args());
        let output = limited.output().expect("the program runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{kib} KiB: {told}");
        assert_eq!(told.lines().count(), 1, "{told}");
        assert_eq!((nights.version(), paths(&nights.out())), before, "{kib} KiB: {told}");
        nights.checks();
    }
    nights.built();
    assert_eq!(nights.version(), before.0 + 1);
}

#[test]
fn a_server_that_watches_shows_no_broken_snapshot_between_builds() {
    let nights = Nights::new();
    nights.source(9);
    nights.built();
    let begun = Instant::now();
    for night in 10..13 {
        nights.source(night);
        let mut child = nights.build().spawn().expect("the program runs");
        // Whoever reads at any moment reads one version, whole.
        while child.try_wait().expect("it can be asked").is_none() && begun.elapsed() < Duration::from_secs(60) {
            let (whole, _) = snapshot::files::load_manifest(&nights.out()).expect("there is always one");
            let record = snapshot::versions::load_record(&nights.out(), &whole).expect("the record of this one");
            assert_eq!(record.parts.len(), 2);
            for part in &record.parts {
                snapshot::files::load_part(&nights.out(), whole.version, part).expect("the parts of this one");
            }
        }
    }
}
