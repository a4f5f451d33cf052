//! One night's build as its operators see it: how fresh the source is, whether it is as expected, what is remembered.

use std::path::PathBuf;
use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use datafusion::prelude::SessionContext;
use model::{Day, Freshness, Outcome, PastBuild, Record, TableFreshness};

use crate::expect::{Contract, Days, Facts, Findings, Past, newest};
use crate::source::Source;
use crate::table::Table;
use crate::{BuildError, Options};

/// What is known before anything is read.
pub(crate) struct Night {
    started: DateTime<Utc>,
    contract: Contract,
    /// When the newest file of each table of facts was written.
    written: Vec<(Facts, String)>,
    accept: bool,
    zone: Tz,
    digits: u8,
    out: PathBuf,
}

/// What there is to tell once the tables are read.
pub(crate) struct Judged {
    /// But for the parts.
    pub(crate) record: Record,
    /// Of this build.
    pub(crate) found: PastBuild,
    /// Expectations that were not met, in words.
    pub(crate) warnings: Vec<String>,
}

impl Night {
    /// Reads what is expected of the source.
    pub(crate) fn begin(options: &Options, digits: u8, source: &Source) -> Result<Self, BuildError> {
        let contract = Contract::read(options.nightly.expect.as_deref(), digits)?;
        let of = |table: Table| source.tables.get(&table).into_iter().flatten();
        let written = [(Facts::Orders, Table::Orders), (Facts::Touches, Table::Touches)].map(|(facts, table)| {
            let times = of(table).filter_map(|file| std::fs::metadata(&file.path).ok()?.modified().ok());
            (facts, times.max().map(rfc3339).unwrap_or_default())
        });
        Ok(Self {
            started: Utc::now(),
            contract,
            written: written.into(),
            accept: options.nightly.accept_feed,
            zone: options.time_zone,
            digits,
            out: options.out.clone(),
        })
    }

    /// Holds the tables against what is expected of them; an error where that stops the build.
    pub(crate) async fn judge(self, context: &SessionContext, first: Day, last: Day) -> Result<Judged, BuildError> {
        let today = self.started.with_timezone(&self.zone).date_naive().to_string();
        let today = Day::parse(&today).map_err(|e| BuildError::Engine(format!("the clock says {today}: {e}")))?;
        let past = Past::read(&self.out);
        let mut findings = self.contract.judge(context, Days { first, last, today }, self.digits, &past).await?;
        if !findings.stops.is_empty() && !self.accept {
            past.stop(found(&findings, &self.started, last))?;
            return Err(self.contract.stopped(&findings.stops));
        }
        // Accepted by whoever runs it, this once.
        let stops = std::mem::take(&mut findings.stops);
        findings.warnings.extend(stops);
        for check in findings.checks.iter_mut().filter(|check| check.outcome == Outcome::Stopped) {
            check.outcome = Outcome::Warned;
        }
        let mut freshness = Freshness { started_at: seconds(&self.started), tables: Vec::new() };
        for (facts, written_at) in &self.written {
            let Some((day, minute)) = newest(context, *facts).await? else { continue };
            let day = Day::from_epoch_days(day).map(|day| day.to_string()).unwrap_or_default();
            freshness.tables.push(TableFreshness {
                table: facts.name().to_owned(),
                newest: format!("{day} {:02}:{:02}", minute / 60, minute % 60),
                written_at: written_at.clone(),
            });
        }
        let found = found(&findings, &self.started, last);
        let record = Record { freshness, checks: findings.checks, history: past.into_history(), ..Record::default() };
        Ok(Judged { record, found, warnings: findings.warnings })
    }
}

/// What a build found, as the builds after it will know it.
fn found(findings: &Findings, at: &DateTime<Utc>, data_until: Day) -> PastBuild {
    PastBuild {
        version: 0,
        built_at: seconds(at),
        data_until,
        rows: findings.rows.clone(),
        checks: findings.checks.iter().map(|check| (check.id(), check.found, check.outcome)).collect(),
        withdrawn: false,
    }
}

fn rfc3339(time: SystemTime) -> String {
    seconds(&DateTime::<Utc>::from(time))
}

fn seconds(time: &DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
