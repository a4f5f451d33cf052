//! A server with sign-in, someone signed in, and what it takes of the machine.

use crate::{project::Project, shell};
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs::{self, File},
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The kernel counts processor time in hundredths of a second on every Linux of today.
const TICKS_A_SECOND: f64 = 100.0;
const PASSWORD: &str = "only for the bench of views";
const PAGES: [&str; 8] = ["/", "/funnel", "/cohorts", "/stores", "/ladder", "/members", "/channels", "/data"];

/// A running server; dropped, it ends.
pub(super) struct Server {
    child: Child,
    addr: SocketAddr,
    cookie: String,
    token: String,
}

impl Server {
    /// Starts it on a fresh database, and signs an executive in.
    pub(super) fn start(project: &Project, snapshot: &Path) -> Result<Self> {
        let folder = project.target().join("xtask/load");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let (secret, token) = (random()?, random()?);
        fs::write(folder.join("secret"), &secret)?;
        fs::write(folder.join("token"), &token)?;
        let wellspring = || {
            let mut command = project.wellspring();
            command.env("WELLSPRING_DB", folder.join("wellspring.db"));
            command.env("WELLSPRING_SECRET_FILE", folder.join("secret"));
            command
        };
        add_user(&mut wellspring())?;
        let addr = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let child = wellspring()
            .args(["serve", "--max-connections-each", "4096", "--addr", &addr.to_string(), "--snapshot"])
            .arg(snapshot)
            .arg("--site")
            .arg(project.dist())
            .arg("--metrics-token-file")
            .arg(folder.join("token"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(folder.join("serve.log"))?)
            .spawn()
            .context("cannot start the server")?;
        let mut server = Self { child, addr, cookie: String::new(), token };
        let begun = Instant::now();
        while !server.get("/readyz").is_ok_and(|answer| answer.starts_with("HTTP/1.0 200")) {
            if begun.elapsed() > Duration::from_secs(30) || server.child.try_wait()?.is_some() {
                bail!("the server does not serve: see {}", folder.join("serve.log").display());
            }
            thread::sleep(Duration::from_millis(10));
        }
        server.cookie = server.sign_in()?;
        Ok(server)
    }

    /// Where it listens.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Of who is signed in.
    pub(super) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Has every page drawn once.
    pub(super) fn warm(&self) -> Result<()> {
        for (page, lang) in PAGES.iter().flat_map(|page| [(page, "en"), (page, "zh-CN")]) {
            let answer = self.get(&format!("{page}?lang={lang}"))?;
            ensure!(answer.starts_with("HTTP/1.0 200"), "{page}: {}", answer.lines().next().unwrap_or_default());
        }
        Ok(())
    }

    /// Processor time so far, of all threads.
    pub(super) fn cpu_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // After the name, which may hold spaces: field 3 comes first, `utime` and `stime` are fields 14 and 15.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |at: usize| fields.get(at - 3).and_then(|field| field.parse::<f64>().ok());
        let ticks = ticks(14).zip(ticks(15)).with_context(|| format!("/proc/…/stat is strange: {stat}"))?;
        Ok((ticks.0 + ticks.1) / TICKS_A_SECOND)
    }

    /// Megabytes in memory now, and at most.
    pub(super) fn memory(&self) -> Result<(f64, f64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let mark = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().trim_end_matches(" kB").parse::<f64>().ok().map(|kilobytes| kilobytes / 1_000.0)
        };
        mark("VmRSS:").zip(mark("VmHWM:")).context("the kernel does not say what memory is in use")
    }

    /// A counter of its metrics.
    pub(super) fn counted(&self, name: &str) -> Result<f64> {
        let request =
            format!("GET /metrics HTTP/1.0\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n", self.addr, self.token);
        let metrics = self.exchange(&request)?;
        let value = metrics.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        value.with_context(|| format!("the metrics have no {name}"))
    }

    fn get(&self, path: &str) -> Result<String> {
        self.exchange(&format!(
            "GET {path} HTTP/1.0\r\nHost: {}\r\nAccept-Encoding: identity\r\nCookie: {}\r\n\r\n",
            self.addr, self.cookie
        ))
    }

    fn sign_in(&self) -> Result<String> {
        let form = self.get("/sign-in")?;
        let value = |begin: &str, end: char| form.split_once(begin).and_then(|(_, rest)| rest.split(end).next());
        let (cookie, token) =
            value("set-cookie: ", ';').zip(value("name=\"form\" value=\"", '"')).context("no form")?;
        let body = format!("form={token}&name=load&password={}", PASSWORD.replace(' ', "+"));
        let answer = self.exchange(&format!(
            "POST /sign-in HTTP/1.0\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {1}\r\n\r\n{body}",
            self.addr,
            body.len()
        ))?;
        let set = answer.lines().filter_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
        let session = set.into_iter().find(|pair| pair.starts_with("__Host-wellspring=") && pair.len() > 30);
        session.map(str::to_owned).with_context(|| format!("nobody could sign in: {answer}"))
    }

    fn exchange(&self, request: &str) -> Result<String> {
        let mut stream = TcpStream::connect_timeout(&self.addr, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which the bench has then noticed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn add_user(wellspring: &mut Command) -> Result<()> {
    let add = ["user", "add", "load", "--role", "executive", "--password-stdin"];
    let mut child = wellspring.args(add).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    child.stdin.take().context("a piped child has an input")?.write_all(PASSWORD.as_bytes())?;
    ensure!(child.wait()?.success(), "no user could be added");
    Ok(())
}

/// Random text, for a secret that lives as long as the bench.
fn random() -> Result<String> {
    shell::capture(Command::new("openssl").args(["rand", "-hex", "32"])).context("openssl makes the bench's secrets")
}
