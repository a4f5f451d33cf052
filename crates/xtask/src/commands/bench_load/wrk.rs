//! wrk: what is asked of it, and what it prints.

use super::server::Server;
use crate::{project::Project, shell};
use anyhow::{Context, Result};

/// A load.
#[derive(Debug)]
pub(super) struct Load {
    /// For the table.
    pub(super) what: &'static str,
    /// The address, unless a script chooses.
    pub(super) path: &'static str,
    /// In `end2end/bench`.
    pub(super) script: Option<&'static str>,
    /// At once.
    pub(super) connections: u32,
    /// How long.
    pub(super) seconds: u32,
}

/// What wrk saw.
#[derive(Debug, PartialEq)]
pub(super) struct Measured {
    /// Answers.
    pub(super) requests: f64,
    /// Answers a second.
    pub(super) a_second: f64,
    /// Half of the answers were there after so many milliseconds.
    pub(super) median_ms: f64,
    /// 99 of 100 were.
    pub(super) p99_ms: f64,
    /// Bytes of all answers.
    pub(super) bytes: f64,
    /// Answers that were no success, and connections that broke or timed out.
    pub(super) failed: f64,
}

/// Loads the server.
pub(super) fn run(project: &Project, server: &Server, load: &Load) -> Result<Measured> {
    let mut wrk = project.command("wrk");
    wrk.args(["--threads", "1", "--latency", "--timeout", "10s"]);
    wrk.args(["--connections", &load.connections.to_string(), "--duration", &format!("{}s", load.seconds)]);
    wrk.args(["--header", "Accept-Encoding: gzip, br", "--header", &format!("Cookie: {}", server.cookie())]);
    if let Some(script) = load.script {
        wrk.arg("--script").arg(project.end2end().join("bench").join(script));
    }
    let printed = shell::capture(wrk.arg(format!("{}{}", server.url(), load.path)))?;
    parse(&printed).with_context(|| format!("wrk printed something else than expected:\n{printed}"))
}

fn parse(printed: &str) -> Option<Measured> {
    let after = |begin: &str| printed.lines().find_map(|line| line.trim().strip_prefix(begin));
    let total = printed.lines().find(|line| line.contains(" requests in "))?;
    let (requests, rest) = total.trim().split_once(" requests in ")?;
    let bytes = rest.split(", ").nth(1)?.strip_suffix(" read")?;
    let failed: f64 = after("Non-2xx or 3xx responses:").map_or(Some(0.0), |count| count.trim().parse().ok())?;
    // `Socket errors: connect 0, read 0, write 0, timeout 0`
    let broken: f64 = after("Socket errors:").map_or(Some(0.0), |errors| {
        errors.split(',').map(|error| error.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    })?;
    Some(Measured {
        requests: requests.parse().ok()?,
        a_second: after("Requests/sec:")?.trim().parse().ok()?,
        median_ms: milliseconds(after("50%")?.trim())?,
        p99_ms: milliseconds(after("99%")?.trim())?,
        bytes: size(bytes)?,
        failed: failed + broken,
    })
}

/// `512.00us`, `12.30ms`, `1.02s`.
fn milliseconds(text: &str) -> Option<f64> {
    let split = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(split);
    let factor = match unit {
        "us" => 0.001,
        "ms" => 1.0,
        "s" => 1_000.0,
        "m" => 60_000.0,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * factor)
}

/// `1.20GB`; wrk's units are powers of 1024.
fn size(text: &str) -> Option<f64> {
    let units = [("GB", 30), ("MB", 20), ("KB", 10), ("B", 0)];
    let (number, power) = units.iter().find_map(|(unit, power)| Some((text.strip_suffix(unit)?, *power)))?;
    Some(number.parse::<f64>().ok()? * f64::from(1 << power))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "Running 5s test @ http://127.0.0.1:3000/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     5.11ms    1.02ms  20.11ms   80.11%
    Req/Sec     6.22k   301.11     7.01k    70.00%
  Latency Distribution
     50%  900.00us
     75%    5.51ms
     90%    6.11ms
     99%    1.02s
  31000 requests in 5.01s, 1.50GB read
  Socket errors: connect 1, read 2, write 0, timeout 3
  Non-2xx or 3xx responses: 40
Requests/sec:   6187.62
Transfer/sec:    306.59MB
";

    #[test]
    fn what_wrk_prints_is_read() {
        let measured = parse(PRINTED).expect("all is there");
        let bytes = 1.5 * f64::from(1 << 30);
        let expected =
            Measured { requests: 31_000.0, a_second: 6_187.62, median_ms: 0.9, p99_ms: 1_020.0, bytes, failed: 46.0 };
        assert_eq!(measured, expected);
        assert_eq!(parse(&PRINTED.replace("Non-2xx or 3xx responses: 40\n", "")).map(|m| m.failed), Some(6.0));
        assert_eq!(parse("wrk: unable to connect"), None);
    }
}
