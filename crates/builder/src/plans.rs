//! What the retailer planned: campaigns with their days, and sales targets by month. Both are few and go straight into
//! the catalog; of rows with one id, or one scope and month, the last counts.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use model::{Campaign, Day, Dimensions, Targets};

use crate::BuildError;
use crate::check::{Check, Fault, Row, bad, in_column};
use crate::cut::Calendar;
use crate::load::{Loaded, Loader, last_of_each, loaded};
use crate::names::{Catalog, Numbering};
use crate::parse::{self, Reason};
use crate::source::SourceFile;
use crate::table::Table;

/// The largest target of a month, in minor units: 10 billion of a currency with two digits. All of a year's of 65,000
/// stores still sum to less than 2^63.
const LARGEST_TARGET: i64 = 1_000_000_000_000;

/// Whose target it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// The whole retailer's.
    Whole,
    /// A region's, by name.
    Region(String),
    /// A store's, by its code.
    Store(u16),
}

/// Targets in minor units by scope and month; months are counted from year 0.
pub(crate) type TargetRows = BTreeMap<(Scope, i32), i64>;

/// Reads campaigns or targets into the catalog.
pub(crate) fn load_plans(
    loader: &Loader<'_>,
    table: Table,
    files: &[SourceFile],
    digits: u8,
) -> Result<Loaded, BuildError> {
    let mut catalog = loader.catalog.lock().expect("no thread panics while it holds the catalog");
    let mut bad_rows = loader.quarantine.table(table.name());
    let mut campaigns = CampaignsCheck::default();
    let mut targets = TargetsCheck::new(digits, &catalog);
    let check: &mut dyn Check = if table == Table::Campaigns { &mut campaigns } else { &mut targets };
    let seen = loader.scan(table, files, &mut catalog, &mut bad_rows, check)?;
    loader.progress.advance(seen.rows);
    let mut loaded = loaded(table, seen, bad_rows)?;
    let good = if table == Table::Campaigns {
        let good = campaigns.0.len();
        catalog.campaign_rows = last_of_each(campaigns.0, |row| row.id.clone());
        loaded.report.kept = catalog.campaign_rows.len() as u64;
        good as u64
    } else {
        catalog.targets = targets.rows;
        loaded.report.kept = catalog.targets.len() as u64;
        loaded.report.kept_amount = catalog.targets.values().fold(0, |sum, amount| amount.saturating_add(sum));
        targets.good
    };
    loaded.report.duplicate = good - loaded.report.kept;
    Ok(loaded)
}

/// campaign_id, starts_on, ends_on, name, kind
#[derive(Default)]
struct CampaignsCheck(Vec<Campaign>);

impl Check for CampaignsCheck {
    fn row(&mut self, row: Row<'_>, catalog: &mut Catalog) -> Result<(), Fault> {
        let id = row.id(0)?.to_owned();
        let day = |column: usize| {
            let moment = row.moment(column, catalog.time_zone)?;
            Day::from_epoch_days(moment.day).ok_or(bad(column, Reason::DayOutOfRange))
        };
        let (first_day, last_day) = (day(1)?, day(2)?);
        if last_day < first_day {
            return Err(bad(2, Reason::EndsBeforeStart));
        }
        self.0.push(Campaign {
            name: row.optional(3).unwrap_or(&id).to_owned(),
            kind: row.cell(4).to_lowercase(),
            first_day,
            last_day,
            id,
        });
        Ok(())
    }

    fn take(&mut self) -> Result<RecordBatch, BuildError> {
        Ok(RecordBatch::new_empty(self.schema()))
    }

    fn schema(&self) -> SchemaRef {
        Arc::new(Schema::empty())
    }
}

/// month, amount, store_id, region
struct TargetsCheck {
    digits: u8,
    /// The regions that stores lie in.
    regions: BTreeSet<String>,
    rows: TargetRows,
    good: u64,
}

impl TargetsCheck {
    fn new(digits: u8, catalog: &Catalog) -> Self {
        let regions = catalog.store_rows.iter().map(|row| row.region.clone()).filter(|region| !region.is_empty());
        Self { digits, regions: regions.collect(), rows: TargetRows::new(), good: 0 }
    }
}

impl Check for TargetsCheck {
    fn row(&mut self, row: Row<'_>, catalog: &mut Catalog) -> Result<(), Fault> {
        let month = in_column(0, parse::month(row.cell(0)))?;
        let amount = row.amount_up_to(1, self.digits, LARGEST_TARGET)?;
        if amount < 0 {
            return Err(bad(1, Reason::NegativeAmount));
        }
        let store = match row.optional(2) {
            None => None,
            // No fact and no row of the stores names it, so that its target could never be compared with anything.
            Some(id) => Some(catalog.stores.find(id).ok_or(bad(2, Reason::UnknownStore))?),
        };
        let region = row.optional(3);
        if region.is_some_and(|region| !self.regions.contains(region)) {
            return Err(bad(3, Reason::UnknownRegion));
        }
        let scope = match (store, region) {
            (None, None) => Scope::Whole,
            (None, Some(region)) => Scope::Region(region.to_owned()),
            (Some(store), region) => {
                let own = catalog.store_rows.get(usize::from(store)).map(|row| row.region.as_str());
                if region.is_some() && region != own {
                    return Err(bad(3, Reason::UnknownRegion));
                }
                Scope::Store(store)
            }
        };
        self.rows.insert((scope, month), amount);
        self.good += 1;
        Ok(())
    }

    fn take(&mut self) -> Result<RecordBatch, BuildError> {
        Ok(RecordBatch::new_empty(self.schema()))
    }

    fn schema(&self) -> SchemaRef {
        Arc::new(Schema::empty())
    }
}

/// Campaigns by their first days.
pub(crate) fn campaigns(mut rows: Vec<Campaign>) -> Vec<Campaign> {
    rows.sort_by(|a, b| (a.first_day, a.last_day, &a.id).cmp(&(b.first_day, b.last_day, &b.id)));
    rows
}

/// The targets as the manifest has them: those of months that have facts, since no others are ever compared with
/// anything; and how many rows are of other months.
pub(crate) fn targets(
    rows: &TargetRows,
    dimensions: &Dimensions,
    numbering: &Numbering,
    calendar: Calendar,
) -> (Option<Targets>, u64) {
    let month_of = |day: i32| Day::from_epoch_days(day).map_or(0, |day| day.year() * 12 + day.month() as i32 - 1);
    let days = month_of(calendar.first)..=month_of(calendar.last);
    let inside = || rows.iter().filter(|((_, month), _)| days.contains(month));
    let months = || inside().map(|((_, month), _)| *month);
    let beyond = (rows.len() - inside().count()) as u64;
    let (Some(first), Some(last)) = (months().min(), months().max()) else {
        return (None, beyond);
    };
    let unit = inside().fold(0, |unit, (_, amount)| common(unit, *amount)).max(1);
    let count = (last - first + 1) as usize;
    let regions: HashMap<&str, u16> = dimensions.regions.iter().map(|r| r.id.as_str()).zip(0..).collect();
    let (mut whole, mut by_region, mut by_store) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for ((scope, month), amount) in inside() {
        let empty = || vec![None; count];
        let list = match scope {
            Scope::Whole => {
                whole.resize(count, None);
                &mut whole
            }
            Scope::Region(name) => match regions.get(name.as_str()) {
                Some(region) => by_region.entry(*region).or_insert_with(empty),
                None => continue,
            },
            Scope::Store(code) => by_store.entry(numbering.stores.of(*code)).or_insert_with(empty),
        };
        list[(month - first) as usize] = Some(amount / unit);
    }
    let Some(from) = Day::from_ymd(first.div_euclid(12), first.rem_euclid(12) as u32 + 1, 1) else {
        return (None, beyond);
    };
    let targets = Targets {
        from,
        months: count as u32,
        unit,
        whole,
        regions: by_region.keys().copied().collect(),
        region_amounts: by_region.into_values().flatten().collect(),
        stores: by_store.keys().copied().collect(),
        store_amounts: by_store.into_values().flatten().collect(),
    };
    (Some(targets), beyond)
}

/// The greatest common divisor.
fn common(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { common(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_divides_every_amount() {
        assert_eq!([0, 1_200, 0, 900, 3_000].into_iter().fold(0, common), 300);
        assert_eq!([0, 0].into_iter().fold(0, common), 0);
    }
}
