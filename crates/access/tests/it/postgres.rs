//! A real PostgreSQL, started once for all tests in a temporary folder, and gone with them.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

use access::Database;
use sqlx::{AnyConnection, Connection};

/// Passwords are asked for even on loopback, so that the drivers' way of giving them is tried.
const PASSWORD: &str = "only-for-these-tests";

/// Makes the cluster, runs it until standard input ends (when the tests end, however they end), and removes it.
const SCRIPT: &str = r#"
set -e
cd "$1"
"$2/initdb" --pgdata=data --username=wellspring --pwfile=password --auth=scram-sha-256 --encoding=UTF8 --no-locale \
    --no-sync >log 2>&1
"$2/postgres" -D data -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off \
    -c max_connections=300 -c shared_buffers=16MB >>log 2>&1 </dev/null &
cat >/dev/null || true
kill -INT $! || true
wait
cd /
rm -rf "$1"
"#;

struct Cluster {
    port: u16,
    /// Its standard input is what keeps the server running.
    _script: Child,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

/// A new, empty database.
pub(crate) async fn new_database() -> Database {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    sqlx::any::install_default_drivers();
    let cluster = tokio::task::spawn_blocking(|| CLUSTER.get_or_init(start)).await.expect("PostgreSQL starts");
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    tell(cluster.port, format!("CREATE DATABASE {name}")).await;
    url(cluster.port, &name).parse().expect("a URL")
}

/// Takes a database away from all who are connected to it.
pub(crate) async fn take_away(name: &str) {
    let cluster = CLUSTER.get().expect("the database is of this cluster");
    tell(cluster.port, format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

async fn tell(port: u16, statement: String) {
    let mut connection = connect(port).await.expect("a connection");
    sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.expect("done");
    connection.close().await.expect("closes");
}

fn url(port: u16, name: &str) -> String {
    format!("postgres://wellspring:{PASSWORD}@127.0.0.1:{port}/{name}?sslmode=disable")
}

async fn connect(port: u16) -> sqlx::Result<AnyConnection> {
    AnyConnection::connect(&url(port, "postgres")).await
}

/// Starts it, on another port when someone took the first one meanwhile.
fn start() -> Cluster {
    let programs = programs();
    for _ in 0..3 {
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
        let folder = folder();
        let mut script = as_anyone_but_root()
            .args(["sh", "-c", SCRIPT, "sh"])
            .args([folder.as_path(), &programs])
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .spawn()
            .expect("a shell");
        if answers(port, &mut script) {
            return Cluster { port, _script: script };
        }
        eprintln!("{}", fs::read_to_string(folder.join("log")).unwrap_or_default());
    }
    panic!("PostgreSQL did not start; its log is above");
}

/// Whether the server answers before its script ends.
fn answers(port: u16, script: &mut Child) -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) && script.try_wait().expect("a child").is_none() {
        if let Ok(connection) = runtime.block_on(connect(port)) {
            runtime.block_on(connection.close()).expect("closes");
            return true;
        }
        thread::sleep(Duration::from_millis(50));
    }
    false
}

/// Where `initdb` and `postgres` are; the newest where there are several.
fn programs() -> PathBuf {
    let debian =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let version = |folder: &PathBuf| folder.iter().rev().nth(1)?.to_str()?.parse::<u32>().ok();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    folders.extend(debian);
    folders.retain(|folder| folder.join("initdb").exists() && folder.join("postgres").exists());
    folders.into_iter().max_by_key(version).expect(
        "PostgreSQL's initdb and postgres are neither under /usr/lib/postgresql/*/bin nor on PATH: \
         run `cargo xtask test`, which installs them, or `apt-get install postgresql`",
    )
}

/// A folder that the server's user owns.
fn folder() -> PathBuf {
    let folder = tempfile::Builder::new().prefix("wellspring-postgres-").tempdir().expect("a temporary folder").keep();
    fs::write(folder.join("password"), PASSWORD).expect("a file");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("permissions");
    if is_root() {
        run(Command::new("chown").arg("-R").arg(nobody()).arg(&folder));
    }
    folder
}

/// PostgreSQL refuses to run as root.
fn as_anyone_but_root() -> Command {
    if !is_root() {
        return Command::new("env");
    }
    let mut command = Command::new("setpriv");
    command.args([
        "--reuid",
        nobody(),
        "--regid",
        &run(Command::new("id").args(["-g", nobody()])),
        "--clear-groups",
        "env",
    ]);
    command
}

fn is_root() -> bool {
    run(Command::new("id").arg("-u")) == "0"
}

/// Debian's package makes a user for it.
fn nobody() -> &'static str {
    let has_own =
        fs::read_to_string("/etc/passwd").is_ok_and(|users| users.lines().any(|user| user.starts_with("postgres:")));
    if has_own && Path::new("/usr/lib/postgresql").exists() { "postgres" } else { "nobody" }
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("a program that every system has");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
