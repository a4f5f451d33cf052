//! A real PostgreSQL, started once for all tests in a temporary folder, and gone with them.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::{free_port, run};

/// Passwords are asked for even on loopback, so that the drivers' way of giving them is tried.
pub const PASSWORD: &str = "only-for-these-tests";

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

/// The address of a new, empty database, with its password.
pub fn new_database() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    tell("postgres", &format!("CREATE DATABASE {name}"));
    let port = port();
    format!("postgres://wellspring:{PASSWORD}@127.0.0.1:{port}/{name}?sslmode=disable")
}

/// Takes a database away from all who are connected to it.
pub fn take_away(name: &str) {
    tell("postgres", &format!("DROP DATABASE {name} WITH (FORCE)"));
}

/// Where the server listens; starts it where nobody has.
pub fn port() -> u16 {
    CLUSTER.get_or_init(start).port
}

/// Runs statements in a database; gives back what they print, a row a line, its values separated by `|`.
pub fn tell(database: &str, statements: &str) -> String {
    let port = port().to_string();
    let mut psql = Command::new(programs().join("psql"));
    psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]);
    psql.args(["--host=127.0.0.1", "--username=wellspring", "--port", &port, "--dbname", database]);
    psql.args(["--command", statements]).env("PGPASSWORD", PASSWORD).env("PGCLIENTENCODING", "UTF8");
    run(&mut psql)
}

/// Starts it, on another port when someone took the first one meanwhile.
fn start() -> Cluster {
    let programs = programs();
    for _ in 0..3 {
        let port = free_port();
        let folder = folder();
        let mut script = as_anyone_but_root()
            .args(["sh", "-c", SCRIPT, "sh"])
            .args([folder.as_path(), &programs])
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .spawn()
            .expect("a shell");
        if answers(port, &programs, &mut script) {
            return Cluster { port, _script: script };
        }
        eprintln!("{}", fs::read_to_string(folder.join("log")).unwrap_or_default());
    }
    panic!("PostgreSQL did not start; its log is above");
}

/// Whether the server answers before its script ends.
fn answers(port: u16, programs: &Path, script: &mut Child) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) && script.try_wait().expect("a child").is_none() {
        let mut asked = Command::new(programs.join("pg_isready"));
        asked.args(["--quiet", "--host=127.0.0.1", "--port", &port.to_string()]);
        if asked.status().is_ok_and(|status| status.success()) {
            return true;
        }
        thread::sleep(Duration::from_millis(50));
    }
    false
}

/// Where PostgreSQL's programs are; the newest where there are several.
fn programs() -> PathBuf {
    const NEEDED: [&str; 4] = ["initdb", "postgres", "psql", "pg_isready"];
    let debian =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let version = |folder: &PathBuf| folder.iter().rev().nth(1)?.to_str()?.parse::<u32>().ok();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    folders.extend(debian);
    folders.retain(|folder| NEEDED.iter().all(|program| folder.join(program).exists()));
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
