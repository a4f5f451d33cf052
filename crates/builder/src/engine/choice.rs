//! Where a build's plans run: in this process, or on a cluster.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Parts that a cluster works on at a time where nothing else is asked.
pub const PARTS: usize = 16;

/// The port of a scheduler where none is named.
const PORT: u16 = 50_050;

/// Where a build's plans run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// In this process.
    #[default]
    Embedded,
    /// On a cluster; needs a program with the feature `cluster`.
    Cluster {
        /// The scheduler.
        scheduler: SchedulerAddress,
        /// A folder that the scheduler and all workers have under the same path; the output folder where none is named.
        shared: Option<PathBuf>,
        /// How many parts of a table are worked on at a time, over all workers.
        parts: usize,
    },
}

/// Where a cluster's scheduler listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchedulerAddress {
    /// Name or address of the machine.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl fmt::Display for SchedulerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "df://{}:{}", self.host, self.port)
    }
}

impl FromStr for SchedulerAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is no address of a scheduler; write df://host:port, such as df://127.0.0.1:{PORT}");
        let url = url::Url::parse(text).ok().filter(|url| url.scheme() == "df").ok_or_else(wrong)?;
        let plain = url.username().is_empty()
            && url.password().is_none()
            && ["", "/"].contains(&url.path())
            && url.query().is_none()
            && url.fragment().is_none();
        let host = url.host_str().filter(|host| plain && !host.is_empty()).ok_or_else(wrong)?;
        Ok(Self { host: host.to_owned(), port: url.port().unwrap_or(PORT) })
    }
}

impl FromStr for Engine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "embedded" => Ok(Self::Embedded),
            _ if text.starts_with("df:") => Ok(Self::Cluster { scheduler: text.parse()?, shared: None, parts: PARTS }),
            _ => Err(format!("`{text}` is no engine; write `embedded`, or df://host:port of a cluster's scheduler")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_is_embedded_or_the_address_of_a_scheduler() {
        assert_eq!("embedded".parse(), Ok(Engine::Embedded));
        for (text, host, port) in [
            ("df://127.0.0.1:4000", "127.0.0.1", 4_000),
            ("df://scheduler.intern", "scheduler.intern", PORT),
            ("df://[::1]:7/", "[::1]", 7),
        ] {
            let Ok(Engine::Cluster { scheduler, shared: None, parts: PARTS }) = text.parse() else {
                panic!("{text} is an engine");
            };
            assert_eq!((scheduler.host.as_str(), scheduler.port), (host, port), "{text}");
        }
        let wrong =
            ["", "Embedded", "df:", "df://", "df://:4000", "df://h:99999", "http://h:1", "df://u:p@h:1", "df://h/x"];
        for text in wrong {
            assert!(text.parse::<Engine>().is_err(), "{text}");
        }
    }
}
