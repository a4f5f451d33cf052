//! Contracts on the feed: what a build expects of its source before it publishes, and what the builds before found.
//!
//! An expectation that is not met warns or stops. A stop leaves the snapshot that is shown; the next build that is
//! published tells of it.

mod control;
mod file;
mod measure;
mod past;

use std::path::{Path, PathBuf};

use datafusion::prelude::SessionContext;
use model::{Check, CheckKind, Day, Outcome};

use crate::BuildError;
use crate::expect::file::{Age, Control, Empty, Expectations, Rows, Then};
use crate::expect::measure::{ByDay, by_day};

pub(crate) use file::Facts;
pub(crate) use measure::newest;
pub(crate) use past::Past;

/// The days that a build knows of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Days {
    pub(crate) first: Day,
    pub(crate) last: Day,
    /// The day on which it is built, in the time zone of its business days.
    pub(crate) today: Day,
}

/// What a build found of its source.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) checks: Vec<Check>,
    /// Rows of the newest day, by table.
    pub(crate) rows: Vec<(String, u64)>,
    /// What was not as expected and is published with a warning, in words.
    pub(crate) warnings: Vec<String>,
    /// What stops the build, in words.
    pub(crate) stops: Vec<String>,
}

/// The expectations of a build, read before anything else: a mistake in them is told at once.
#[derive(Debug, Default)]
pub(crate) struct Contract {
    expectations: Expectations,
    /// What the files of its controls say.
    controls: Vec<Vec<control::Said>>,
    path: PathBuf,
}

impl Contract {
    /// Reads the file and the control files that it names; nothing is expected without one.
    pub(crate) fn read(path: Option<&Path>, digits: u8) -> Result<Self, BuildError> {
        let Some(path) = path else { return Ok(Self::default()) };
        let expectations = file::read(path)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut controls = Vec::new();
        for control in &expectations.control {
            controls.push(control::read(&folder.join(&control.file), digits)?);
            if control::minor(&control.amount_off, digits).is_none() {
                let what = format!("`amount_off = \"{}\"` is not an amount such as \"0.50\"", control.amount_off);
                return Err(BuildError::Expectations { file: path.display().to_string(), row: 1, what });
            }
        }
        Ok(Self { expectations, controls, path: path.to_owned() })
    }

    /// The error of a build that is stopped.
    pub(crate) fn stopped(&self, stops: &[String]) -> BuildError {
        BuildError::Unexpected { what: stops.join("; "), file: self.path.display().to_string() }
    }

    /// Holds the tables against what is expected of them.
    pub(crate) async fn judge(
        &self,
        context: &SessionContext,
        days: Days,
        digits: u8,
        past: &Past,
    ) -> Result<Findings, BuildError> {
        let (orders, touches) = (by_day(context, Facts::Orders).await?, by_day(context, Facts::Touches).await?);
        let of = |facts: Facts| if facts == Facts::Orders { &orders } else { &touches };
        let mut findings = Findings::default();
        for facts in [Facts::Orders, Facts::Touches] {
            let rows = of(facts).get(&days.last.epoch_days()).map_or(0, |(rows, _)| *rows);
            findings.rows.push((facts.name().to_owned(), rows as u64));
        }
        let Expectations { rows, empty, control, age } = &self.expectations;
        for expected in rows {
            findings.rows_of_the_day(expected, of(expected.table), days, past);
        }
        for expected in empty {
            let (all, without) = measure::empty(context, &expected.table, &expected.column).await?;
            findings.empty(expected, all, without);
        }
        for (expected, said) in control.iter().zip(&self.controls) {
            for facts in [Facts::Orders, Facts::Touches] {
                findings.control(expected, said, facts, of(facts), days.last, digits);
            }
        }
        for expected in age {
            findings.age(expected, of(expected.table), days);
        }
        Ok(findings)
    }
}

impl Findings {
    /// Takes a check in; `told` says what is wrong with it.
    fn add(&mut self, mut check: Check, then: Then, told: impl FnOnce(&Check) -> String) {
        let Some(found) = check.found else {
            check.outcome = Outcome::Unknown;
            return self.checks.push(check);
        };
        let fits = check.least.is_none_or(|least| found >= least) && check.most.is_none_or(|most| found <= most);
        check.outcome = match (fits, then) {
            (true, _) => Outcome::Passed,
            (false, Then::Warn) => {
                self.warnings.push(told(&check));
                Outcome::Warned
            }
            (false, Then::Stop) => {
                self.stops.push(told(&check));
                Outcome::Stopped
            }
        };
        self.checks.push(check);
    }

    fn rows_of_the_day(&mut self, expected: &Rows, by_day: &ByDay, days: Days, past: &Past) {
        let table = expected.table.name();
        let mut before = past.same_weekdays(table, days.last, expected.weeks);
        if before.is_empty() {
            let weeks = (1..=expected.weeks as i32).map(|week| days.last.plus(-7 * week));
            let there = weeks.filter(|day| *day >= days.first);
            before = there.map(|day| by_day.get(&day.epoch_days()).map_or(0, |(rows, _)| *rows)).collect();
        }
        let found = by_day.get(&days.last.epoch_days()).map_or(0, |(rows, _)| *rows);
        let share = |share: Option<f64>, median: i64| share.map(|share| (share * median as f64).round() as i64);
        let median = median(&mut before);
        let check = Check {
            found: median.map(|_| found),
            least: median.and_then(|median| share(expected.least, median)),
            most: median.and_then(|median| share(expected.most, median)),
            ..check(CheckKind::Rows, table, "")
        };
        self.add(check, expected.then, |check| {
            let median = median.unwrap_or_default();
            let (day, weeks) = (days.last, before.len());
            match check.least.filter(|least| found < *least) {
                Some(least) => format!(
                    "{table} has {found} rows on {day}, {least} at least were expected (median of {weeks} such weekdays: {median})"
                ),
                None => format!(
                    "{table} has {found} rows on {day}, {} at most were expected (median of {weeks} such weekdays: {median})",
                    check.most.unwrap_or_default()
                ),
            }
        });
    }

    fn empty(&mut self, expected: &Empty, all: i64, without: i64) {
        let millionths = |share: f64| (share * 1e6).round() as i64;
        let found = (all > 0).then(|| millionths(without as f64 / all as f64));
        let check = Check {
            found,
            most: Some(millionths(expected.most)),
            ..check(CheckKind::Empty, &expected.table, &expected.column)
        };
        self.add(check, expected.then, |_| {
            let Empty { table, column, most, .. } = expected;
            let share = 100.0 * without as f64 / all as f64;
            format!("{share:.2} % of the rows of {table} have no {column}, {:.2} % at most were expected", 100.0 * most)
        });
    }

    fn control(
        &mut self,
        expected: &Control,
        said: &[control::Said],
        facts: Facts,
        found: &ByDay,
        until: Day,
        digits: u8,
    ) {
        let table = facts.name();
        if !said.iter().any(|said| said.table == table && said.day <= until) {
            return;
        }
        let off = control::compare(said, table, until, found);
        let name = expected.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let first = off.first.map(|first| format!(", first: {first}")).unwrap_or_default();
        let rows_off = i64::try_from(expected.rows_off).unwrap_or(i64::MAX);
        let check_of = |kind, found, most| Check { found: Some(found), most: Some(most), ..check(kind, table, "") };
        self.add(check_of(CheckKind::ControlRows, off.rows, rows_off), expected.then, |check| {
            format!("{table} differs from {name} by {} rows{first}", check.found.unwrap_or_default())
        });
        if let Some(amount) = off.amount.filter(|_| facts == Facts::Orders) {
            let most = control::minor(&expected.amount_off, digits).unwrap_or_default();
            self.add(check_of(CheckKind::ControlAmount, amount, most), expected.then, |check| {
                let units = check.found.unwrap_or_default() as f64 / 10f64.powi(digits.into());
                format!("{table} differs from {name} by {units:.*} in amount{first}", usize::from(digits))
            });
        }
    }

    fn age(&mut self, expected: &Age, by_day: &ByDay, days: Days) {
        let newest = by_day.last_key_value().map(|(day, _)| *day);
        let found = newest.map(|day| i64::from(days.today.epoch_days() - day));
        let table = expected.table.name();
        let check = Check { found, most: Some(expected.most.into()), ..check(CheckKind::Age, table, "") };
        self.add(check, expected.then, |check| {
            let Check { found, most, .. } = check;
            let (found, most) = (found.unwrap_or_default(), most.unwrap_or_default());
            format!("the newest row of {table} is {found} days old, {most} at most were expected")
        });
    }
}

fn check(kind: CheckKind, table: &str, column: &str) -> Check {
    let (table, column) = (table.to_owned(), column.to_owned());
    Check { kind, table, column, found: None, least: None, most: None, outcome: Outcome::Unknown }
}

/// The middle one; of an even number the mean of both, rounded down.
fn median(values: &mut [i64]) -> Option<i64> {
    values.sort_unstable();
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[middle]),
        _ => Some(i64::midpoint(values[middle - 1], values[middle])),
    }
}
