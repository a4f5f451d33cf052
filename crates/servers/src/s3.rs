//! A server that speaks S3: `moto_server`, from Python's registry, started once for all tests.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::free_port;

struct Server {
    port: u16,
    /// Its standard input is what keeps the server running.
    _script: Child,
}

static SERVER: OnceLock<Server> = OnceLock::new();

/// Runs the server until standard input ends, which is when the tests end, however they end.
const SCRIPT: &str = r#"
"$1" -H 127.0.0.1 -p "$2" >/dev/null 2>&1 </dev/null &
cat >/dev/null || true
kill $! || true
"#;

/// Where it listens, such as `http://127.0.0.1:5000`; starts it where nobody has.
pub fn endpoint() -> String {
    format!("http://127.0.0.1:{}", SERVER.get_or_init(start).port)
}

/// The name of a new, empty bucket.
pub fn new_bucket() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("bucket-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    ask("PUT", &format!("/{name}"), b"");
    name
}

/// Puts an object into a bucket.
pub fn put(bucket: &str, name: &str, bytes: &[u8]) {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~/".contains(&b);
    let escaped: String =
        name.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect();
    ask("PUT", &format!("/{bucket}/{escaped}"), bytes);
}

/// One request without a client: tests need no more than this.
fn ask(method: &str, path: &str, body: &[u8]) {
    let port = SERVER.get_or_init(start).port;
    let answer = answer(port, method, path, body).expect("the S3 server answers");
    assert!(answer.starts_with("HTTP/1.1 200"), "{method} {path}: {answer}");
}

fn answer(port: u16, method: &str, path: &str, body: &[u8]) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let length = body.len();
    // The server does not check signatures, but takes the service from one.
    let authorization =
        "AWS4-HMAC-SHA256 Credential=test/20240101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {authorization}\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn start() -> Server {
    let program = program();
    for _ in 0..3 {
        let port = free_port();
        let mut script = Command::new("sh")
            .args(["-c", SCRIPT, "sh"])
            .arg(&program)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .spawn()
            .expect("a shell");
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(60) && script.try_wait().expect("a child").is_none() {
            if answer(port, "GET", "/", b"").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")) {
                return Server { port, _script: script };
            }
            thread::sleep(Duration::from_millis(100));
        }
    }
    panic!("{} did not start", program.display());
}

/// From the project's own Python, else from PATH.
fn program() -> PathBuf {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let caches =
        std::env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from).or_else(home);
    let own = caches.map(|caches| caches.join("wellspring/py/bin/moto_server"));
    let on_path = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .map(|folder| folder.join("moto_server"))
        .collect::<Vec<_>>();
    own.into_iter().chain(on_path).find(|program| program.exists()).expect(
        "moto_server is neither in the project's Python nor on PATH: run `cargo xtask test`, which installs it, \
         or `pip install 'moto[s3,server]'`",
    )
}
