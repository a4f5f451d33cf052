//! Is there a cluster? A question to its scheduler before a build begins, so that what is missing is told in words.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::BuildError;
use crate::engine::SchedulerAddress;

/// How long a build waits for the first worker.
const WORKERS_WITHIN: Duration = Duration::from_secs(60);
/// How long a scheduler may be away while a build runs.
const BACK_WITHIN: Duration = Duration::from_secs(60);
/// How long the scheduler may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Waits until the scheduler says that it has a worker; there must be a scheduler now.
pub(super) async fn wait_for_workers(scheduler: &SchedulerAddress) -> Result<(), BuildError> {
    wait(scheduler, Duration::ZERO).await
}

/// The same of a scheduler that answered before: it may be about to be started again.
pub(super) async fn wait_until_back(scheduler: &SchedulerAddress) -> Result<(), BuildError> {
    wait(scheduler, BACK_WITHIN).await
}

async fn wait(scheduler: &SchedulerAddress, away: Duration) -> Result<(), BuildError> {
    let missing = |reason: String| BuildError::NoScheduler { scheduler: scheduler.to_string(), reason };
    let began = Instant::now();
    loop {
        let asked = scheduler.clone();
        let ready = tokio::task::spawn_blocking(move || is_ready(&asked)).await;
        match ready.map_err(|e| missing(e.to_string()))? {
            Ok(true) => return Ok(()),
            Ok(false) if began.elapsed() >= WORKERS_WITHIN => {
                let seconds = WORKERS_WITHIN.as_secs();
                return Err(BuildError::NoWorkers { scheduler: scheduler.to_string(), seconds });
            }
            Err(error) if began.elapsed() >= away => return Err(missing(error.to_string())),
            Ok(false) | Err(_) => sleep(Duration::from_millis(500)).await,
        }
    }
}

/// Asks the scheduler's probe, which it answers on the port of everything else.
fn is_ready(scheduler: &SchedulerAddress) -> io::Result<bool> {
    let host = format!("{}:{}", scheduler.host, scheduler.port);
    let mut last = io::Error::other("the name leads to no address");
    for addr in host.to_socket_addrs()? {
        match TcpStream::connect_timeout(&addr, PATIENCE) {
            Ok(socket) => return ask(socket, &host),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn ask(mut socket: TcpStream, host: &str) -> io::Result<bool> {
    socket.set_read_timeout(Some(PATIENCE))?;
    write!(socket, "GET /readyz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 12];
    socket.read_exact(&mut head)?;
    match &head[9..] {
        b"200" => Ok(true),
        b"503" => Ok(false),
        _ => Err(io::Error::other("what answers there is no scheduler")),
    }
}
