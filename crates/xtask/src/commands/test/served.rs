//! The product as its users meet it: a snapshot of a small sample retailer, served on a free port.

use crate::{commands::demo::Retailer, project::Project};
use anyhow::{Context, Result, bail};
use std::{
    fs::File,
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The retailer that the checks look at: small enough to build in seconds, large enough to have every case.
pub(crate) fn retailer(project: &Project) -> Retailer {
    Retailer { members: 20_000, stores: 60, folder: project.target().join("xtask"), name: "sample", identities_only: 0 }
}

/// A running server; dropped, it ends.
pub(crate) struct Served {
    child: Child,
    addr: SocketAddr,
}

impl Served {
    /// Serves the checks' retailer.
    pub(crate) fn start(project: &Project) -> Result<Self> {
        Self::start_with(project, &retailer(project).snapshot())
    }

    /// Starts `wellspring serve` and waits until it is healthy. Its log goes to a file.
    pub(crate) fn start_with(project: &Project, snapshot: &Path) -> Result<Self> {
        let addr = free_port()?;
        let log = project.target().join("xtask/serve.log");
        let child = project
            .wellspring()
            .args(["serve", "--open", "--snapshot"])
            .arg(snapshot)
            .arg("--site")
            .arg(project.dist())
            .args(["--addr", &addr.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log)?)
            .spawn()
            .context("cannot start the server")?;
        let mut served = Self { child, addr };
        let begun = Instant::now();
        while !served.healthy() {
            if let Some(status) = served.child.try_wait()? {
                bail!("the server ended with {status}: see {}", log.display());
            }
            if begun.elapsed() > Duration::from_secs(30) {
                bail!("the server is not healthy after 30 s: see {}", log.display());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(served)
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Tells a check where everything is.
    pub(crate) fn tell(&self, project: &Project, command: &mut Command) {
        let retailer = retailer(project);
        command
            .env("WELLSPRING_URL", self.url())
            .env("WELLSPRING_SOURCE", retailer.source())
            .env("WELLSPRING_SNAPSHOT", retailer.snapshot())
            .env("WELLSPRING_BIN", project.wellspring().get_program())
            .env("WELLSPRING_PYTHON", project.python());
    }

    fn healthy(&self) -> bool {
        let ask = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect_timeout(&self.addr, Duration::from_secs(1))?;
            stream.set_read_timeout(Some(Duration::from_secs(2)))?;
            stream.write_all(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        };
        ask().is_ok_and(|answer| answer.lines().next().is_some_and(|line| line.contains(" 200")))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself, which the checks have then noticed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
