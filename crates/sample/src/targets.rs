//! Sales targets by month: of every store, and their sums as those of its region and of the whole.

use std::collections::BTreeMap;

use chrono::Datelike;

use crate::SampleError;
use crate::calendar::{DAYS, DayNumber, date_of};
use crate::dice::Dice;
use crate::output::{Folder, Table};
use crate::places::REGIONS;
use crate::stores::Stores;

/// Targets are whole hundreds of yuan.
const STEP: i64 = 10_000;

/// A target is between so many and so many thousandths of what the month then sold.
const AMBITION: (u32, u32) = (930, 1_120);

/// What every store sold in every month, fen before refunds.
pub(crate) struct Monthly {
    /// The month of each day, counted from the first.
    month_of: Vec<usize>,
    /// `YYYY-MM` of each month.
    names: Vec<String>,
    sales: Vec<i64>,
}

impl Monthly {
    pub(crate) fn new(stores: &Stores) -> Self {
        let mut names: Vec<String> = Vec::new();
        let month_of = (0..DAYS).map(|day| {
            let date = date_of(day);
            let name = format!("{:04}-{:02}", date.year(), date.month());
            if names.last() != Some(&name) {
                names.push(name);
            }
            names.len() - 1
        });
        let month_of = month_of.collect();
        let sales = vec![0; names.len() * stores.list.len()];
        Self { month_of, names, sales }
    }

    /// Counts an order.
    pub(crate) fn add(&mut self, store: u16, day: DayNumber, fen: i64) {
        let month = self.month_of[day as usize];
        self.sales[usize::from(store) * self.names.len() + month] += fen;
    }

    /// Writes `targets.csv`. A month in which a store sold nothing has no target: it is closed then.
    pub(crate) fn write(&self, folder: &mut Folder, stores: &Stores, dice: &mut Dice) -> Result<Table, SampleError> {
        let months = self.names.len();
        let target = |sales: &i64| match *sales {
            ..=0 => 0,
            sales => (sales * i64::from(dice.between(AMBITION.0, AMBITION.1)) / 1_000 / STEP).max(1) * STEP,
        };
        let of_stores: Vec<i64> = self.sales.iter().map(target).collect();
        let mut of_regions: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        for (store, amounts) in stores.list.iter().zip(of_stores.chunks(months)) {
            for (month, amount) in amounts.iter().enumerate() {
                *of_regions.entry((store.region, month)).or_default() += amount;
            }
        }
        let mut whole = vec![0; months];
        for ((_, month), amount) in &of_regions {
            whole[*month] += amount;
        }
        let mut table = folder.table("targets.csv", &["month", "amount", "region", "store_id"])?;
        let mut row = |month: usize, fen: i64, region: &str, store: &str| match fen {
            0 => Ok(()),
            _ => table.row([&self.names[month], &format!("{}.00", fen / 100), region, store]),
        };
        for (month, amount) in whole.iter().enumerate() {
            row(month, *amount, "", "")?;
        }
        for ((region, month), amount) in &of_regions {
            row(*month, *amount, REGIONS[*region].name, "")?;
        }
        for (store, amounts) in stores.list.iter().zip(of_stores.chunks(months)) {
            for (month, amount) in amounts.iter().enumerate() {
                row(month, *amount, "", &store.id)?;
            }
        }
        Ok(table)
    }
}
