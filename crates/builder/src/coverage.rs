//! How much of the trade is of known members, by channel and month: counted from the very rows that shards hold.

use model::{ChannelIdentified, Day, Identified, Totals};
use snapshot::write::ShardData;

use crate::BuildError;

/// Sums by month so far; channels as the rows number them.
#[derive(Default)]
pub(crate) struct Coverage {
    /// The month of each day of the calendar, from the first.
    months: Vec<u16>,
    first: Option<Day>,
    channels: Vec<Sums>,
}

#[derive(Clone)]
struct Sums {
    orders: Vec<u64>,
    identified_orders: Vec<u64>,
    sales: Vec<i64>,
    identified_sales: Vec<i64>,
}

impl Coverage {
    /// Counts the orders of a shard.
    pub(crate) fn add(&mut self, data: &ShardData) {
        if self.first.is_none() {
            self.begin(data.first_day, data.days);
        }
        let orders = &data.orders;
        for ((day, channel), amount) in orders.day.iter().zip(&orders.channel).zip(&orders.amount) {
            let (sums, month) = self.of(*channel, *day);
            sums.orders[month] += 1;
            sums.identified_orders[month] += 1;
            sums.sales[month] += amount;
            sums.identified_sales[month] += amount;
        }
        let orders = &data.anonymous;
        for ((day, channel), amount) in orders.day.iter().zip(&orders.channel).zip(&orders.amount) {
            let (sums, month) = self.of(*channel, *day);
            sums.orders[month] += 1;
            sums.sales[month] += amount;
        }
    }

    fn begin(&mut self, first_day: i32, days: u32) {
        self.first = Day::from_epoch_days(first_day);
        let month = |day: u32| Day::from_epoch_days(first_day + day as i32).map_or(0, month_of);
        let first = month(0);
        self.months = (0..days).map(|day| (month(day) - first) as u16).collect();
    }

    fn of(&mut self, channel: u8, day: u16) -> (&mut Sums, usize) {
        let months = self.months.last().map_or(0, |last| usize::from(*last) + 1);
        if self.channels.len() <= usize::from(channel) {
            let zeros = Sums {
                orders: vec![0; months],
                identified_orders: vec![0; months],
                sales: vec![0; months],
                identified_sales: vec![0; months],
            };
            self.channels.resize(usize::from(channel) + 1, zeros);
        }
        let month = usize::from(self.months[usize::from(day)]);
        (&mut self.channels[usize::from(channel)], month)
    }

    /// The sums, which must be those of the snapshot; nothing where there is no order.
    pub(crate) fn finish(self, totals: &Totals) -> Result<Option<Identified>, BuildError> {
        let sum = |of: fn(&Sums) -> i64| self.channels.iter().map(of).sum::<i64>();
        let found = [
            (
                "orders by channel and month",
                (totals.orders + totals.anonymous_orders) as i64,
                sum(|s| total(&s.orders)),
            ),
            ("identified orders by channel and month", totals.orders as i64, sum(|s| total(&s.identified_orders))),
            ("sales by channel and month", totals.sales, sum(|s| s.sales.iter().sum())),
            (
                "identified sales by channel and month",
                totals.sales - totals.anonymous_sales,
                sum(|s| s.identified_sales.iter().sum()),
            ),
        ];
        for (what, expected, found) in found {
            if expected != found {
                return Err(BuildError::Unreconciled { what: what.to_owned(), expected, found });
            }
        }
        let Some(from) = self.first.and_then(|day| Day::from_ymd(day.year(), day.month(), 1)) else { return Ok(None) };
        let months = self.months.last().map_or(0, |last| u32::from(*last) + 1);
        let channels = (0u16..).zip(self.channels).filter(|(_, sums)| sums.orders.iter().any(|orders| *orders > 0));
        let channels: Vec<_> = channels
            .map(|(channel, sums)| ChannelIdentified {
                channel,
                orders: sums.orders,
                identified_orders: sums.identified_orders,
                sales: sums.sales,
                identified_sales: sums.identified_sales,
            })
            .collect();
        Ok((!channels.is_empty()).then_some(Identified { from, months, channels }))
    }
}

fn total(counts: &[u64]) -> i64 {
    counts.iter().sum::<u64>() as i64
}

/// Months since the year 0.
fn month_of(day: Day) -> i32 {
    day.year() * 12 + day.month() as i32 - 1
}
