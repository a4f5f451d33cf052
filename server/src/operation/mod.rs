//! How a server is run, beside what it shows: its limits, the proxies before it, what it counts of itself.

mod limits;
mod memory;
mod metrics;
mod observe;
mod pressure;
mod proxies;
mod rates;
mod routes;
mod token;

pub use limits::Limits;
pub use proxies::{Network, Proxies};
pub use token::MetricsToken;

pub(crate) use metrics::Metrics;
pub(crate) use observe::{Refused, observe};
pub(crate) use pressure::{Seats, in_time, seated};
pub(crate) use proxies::seen_through;
pub(crate) use rates::{Rates, Wait};
pub(crate) use routes::{Readiness, router};

use std::time::Duration;

use crate::trust::Trust;

/// How a server is run.
#[derive(Clone, Debug, Default)]
pub struct Operation {
    /// What one request, one reader and all together may take.
    pub limits: Limits,
    /// What stands between the server and its readers.
    pub proxies: Proxies,
    /// Who may read `/metrics`; without one it is there only where nobody signs in, for this machine.
    pub metrics: Option<MetricsToken>,
    /// Whose snapshots are shown.
    pub trust: Trust,
    /// A snapshot built longer ago is said to be stale.
    pub stale_after: Option<Duration>,
}
