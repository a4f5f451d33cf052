//! The two years the sample covers: seasons, weekends, festivals, campaigns, and the planted changes of traffic.
//!
//! Every table is made once. Traffic is kept as a running sum per region, so that a member's visits
//! are a plain Poisson process in "busy time": a day twice as busy is twice as long.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::places::{REGIONS, SOUTHWEST};

/// A day of the sample, counted from 2023-04-01.
pub(crate) type DayNumber = u32;

/// Days in the sample: 2023-04-01 to 2025-03-31.
pub(crate) const DAYS: DayNumber = 731;
/// 2024-12-01: the closing store's first day without facts.
pub(crate) const CLOSES: DayNumber = 610;
/// 2025-01-06: the doubled store's first day.
pub(crate) const DOUBLES: DayNumber = 646;
/// 2025-02-10: 华东's conversion falls.
pub(crate) const FALLS: DayNumber = 681;
/// 2025-03-01: the campaign of 西南 begins.
pub(crate) const LIFT_FROM: DayNumber = 700;
/// 2025-03-14: its last day.
pub(crate) const LIFT_TO: DayNumber = 713;

/// Share of what is left of 华东's conversion, counted from [`FALLS`] to the last day.
pub(crate) const EAST_LEFT: f64 = 0.75;
/// Share of those who come seldom whose orders are lost; they rarely buy twice, so frequency hardly moves.
pub(crate) const FALTERS_SELDOM: f64 = 0.38;
/// Share of those who come often whose orders are lost. Together a quarter of all buyers.
pub(crate) const FALTERS_OFTEN: f64 = 0.17;
/// Visits of 西南 during its campaign, against no campaign.
pub(crate) const LIFT_TRAFFIC: f64 = 1.7;
/// Orders a visit of 西南 during its campaign, against no campaign.
pub(crate) const LIFT_CONVERSION: f64 = 1.3;
/// Share of 华南's older members who first come at an even pace during the two years.
pub(crate) const SOUTH_SLEEPERS: f64 = 0.26;

/// Month shape of apparel traffic, January first, interpolated between mid-months.
const MONTHS: [f64; 12] = [1.10, 0.88, 0.92, 1.00, 1.02, 0.94, 0.84, 0.86, 1.04, 1.14, 1.18, 1.20];

/// Share of winter clothes by month.
const WINTER: [f64; 12] = [0.95, 0.55, 0.25, 0.08, 0.0, 0.0, 0.0, 0.05, 0.3, 0.65, 0.95, 1.0];

/// A named stretch of days when more people come and more of them buy.
pub(crate) struct Campaign {
    /// `campaign_id`.
    pub(crate) id: &'static str,
    /// Display name.
    pub(crate) name: &'static str,
    /// `platform`, `brand`, `festival` or `regional`.
    pub(crate) kind: &'static str,
    /// First and last day, `YYYY-MM-DD`.
    pub(crate) days: (&'static str, &'static str),
    /// Traffic, and orders a visit, on every day of it.
    lift: (f64, f64),
    /// Yuan spent on it at 200,000 members.
    pub(crate) cost: u32,
}

#[rustfmt::skip]
const fn campaign(
    id: &'static str, name: &'static str, kind: &'static str, days: (&'static str, &'static str),
    lift: (f64, f64), cost: u32,
) -> Campaign {
    Campaign { id, name, kind, days, lift, cost }
}

/// Index in [`CAMPAIGNS`] of the one that only 西南 has.
pub(crate) const SOUTHWEST_CAMPAIGN: u8 = 10;

#[rustfmt::skip]
pub(crate) const CAMPAIGNS: [Campaign; 11] = [
    campaign("C202306", "2023年618年中大促", "platform", ("2023-05-31", "2023-06-20"), (1.14, 1.20), 1_200_000),
    campaign("C202307", "2023澜序周年庆", "brand", ("2023-07-01", "2023-07-07"), (1.80, 1.30), 800_000),
    campaign("C202311", "2023年双11全球狂欢", "platform", ("2023-10-24", "2023-11-11"), (1.16, 1.22), 2_000_000),
    campaign("C202401", "2024年货节", "festival", ("2024-01-20", "2024-02-07"), (1.06, 1.06), 600_000),
    campaign("C202403", "2024三八焕新", "platform", ("2024-03-05", "2024-03-08"), (1.20, 1.15), 400_000),
    campaign("C202406", "2024年618年中大促", "platform", ("2024-05-20", "2024-06-20"), (1.12, 1.18), 1_400_000),
    campaign("C202407", "2024澜序周年庆", "brand", ("2024-07-01", "2024-07-07"), (1.80, 1.30), 900_000),
    campaign("C202411", "2024年双11全球狂欢", "platform", ("2024-10-14", "2024-11-11"), (1.14, 1.20), 2_400_000),
    campaign("C202501", "2025年货节", "festival", ("2025-01-08", "2025-01-26"), (1.06, 1.06), 650_000),
    campaign("C202503", "2025三八焕新", "platform", ("2025-03-05", "2025-03-08"), (1.20, 1.15), 450_000),
    campaign("C202503SW", "西南焕新季", "regional", ("2025-03-01", "2025-03-14"), (1.0, 1.0), 380_000),
];

/// Single days of a rush, and how much traffic they have.
const RUSHES: [(&str, &str, f64); 14] = [
    ("2023-05-01", "2023-05-05", 1.35),
    ("2023-06-01", "2023-06-03", 1.35),
    ("2023-06-16", "2023-06-18", 1.45),
    ("2023-10-01", "2023-10-07", 1.35),
    ("2023-10-31", "2023-11-03", 1.45),
    ("2023-11-10", "2023-11-11", 1.90),
    ("2023-12-12", "2023-12-12", 1.30),
    ("2024-05-01", "2024-05-05", 1.35),
    ("2024-05-31", "2024-06-03", 1.35),
    ("2024-06-16", "2024-06-18", 1.45),
    ("2024-10-01", "2024-10-07", 1.35),
    ("2024-10-31", "2024-11-03", 1.45),
    ("2024-11-10", "2024-11-11", 1.90),
    ("2024-12-12", "2024-12-12", 1.30),
];

/// First days of lunar years near the sample.
const LUNAR_NEW_YEARS: [&str; 2] = ["2024-02-10", "2025-01-29"];

/// Everything that depends on the day alone.
pub(crate) struct Calendar {
    /// `YYYY-MM-DDT` of each day, and of some days after the last (returns look ahead before they are cut).
    pub(crate) prefix: Vec<String>,
    /// Per region, the traffic before each day; one entry more than there are days.
    busy: Vec<Vec<f64>>,
    /// Per day, orders a visit against an ordinary day.
    pub(crate) conversion: Vec<f64>,
    /// Per day, the campaign everywhere, if any.
    pub(crate) campaign: Vec<Option<u8>>,
    /// Per day, how much winter clothing is sold, 0 to 1.
    pub(crate) winter: Vec<f64>,
    /// Per day, whether marketplaces run their festivals.
    pub(crate) platform_day: Vec<bool>,
}

/// The date of a day number.
pub(crate) fn date_of(day: DayNumber) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2023, 4, 1).expect("a real date");
    first + Days::new(day.into())
}

fn day_of(text: &str) -> i64 {
    let date: NaiveDate = text.parse().expect("dates of the tables are real");
    (date - date_of(0)).num_days()
}

/// The days from `from` to `to` that lie inside the sample.
fn span(from: &str, to: &str) -> std::ops::Range<usize> {
    let held = |day: i64| day.clamp(0, i64::from(DAYS)) as usize;
    held(day_of(from))..held(day_of(to) + 1)
}

fn weekday_traffic(date: NaiveDate) -> f64 {
    match date.weekday() {
        Weekday::Mon => 0.82,
        Weekday::Tue => 0.80,
        Weekday::Wed => 0.83,
        Weekday::Thu => 0.87,
        Weekday::Fri => 1.05,
        Weekday::Sat => 1.36,
        Weekday::Sun => 1.27,
    }
}

/// A table of mid-month values, January first, read in between.
fn between_months(table: &[f64; 12], date: NaiveDate) -> f64 {
    let place = f64::from(date.month0()) + (f64::from(date.day()) - 15.5) / 30.5;
    let left = if place < 0.0 { 11 } else { place as usize };
    let share = if place < 0.0 { place + 1.0 } else { place - left as f64 };
    table[left] * (1.0 - share) + table[(left + 1) % 12] * share
}

/// New clothes are bought before the new year; around its eve the shops are empty.
fn lunar_traffic(day: i64) -> f64 {
    let from_eve = LUNAR_NEW_YEARS.iter().map(|text| day - day_of(text));
    from_eve
        .map(|offset| match offset {
            -24..=-4 => 1.0 + 0.55 * (1.0 - (offset + 10).abs() as f64 / 15.0).max(0.0),
            -3..=-2 => 0.85,
            -1..=0 => 0.35,
            1..=2 => 0.60,
            3..=6 => 0.90,
            7..=16 => 0.84,
            _ => 1.0,
        })
        .product()
}

impl Calendar {
    pub(crate) fn new() -> Self {
        let days = DAYS as usize;
        let mut traffic = Vec::with_capacity(days);
        for day in 0..DAYS {
            let date = date_of(day);
            traffic.push(weekday_traffic(date) * between_months(&MONTHS, date) * lunar_traffic(day.into()));
        }
        let mut conversion = vec![1.0; days];
        let mut campaign = vec![None; days];
        let mut platform_day = vec![false; days];
        for (index, c) in (0u8..).zip(&CAMPAIGNS) {
            for day in span(c.days.0, c.days.1) {
                traffic[day] *= c.lift.0;
                conversion[day] *= c.lift.1;
                if index != SOUTHWEST_CAMPAIGN {
                    campaign[day] = Some(index);
                }
                platform_day[day] |= c.kind == "platform";
            }
        }
        for (from, to, factor) in RUSHES {
            for day in span(from, to) {
                traffic[day] *= factor;
            }
        }
        let mean = traffic.iter().sum::<f64>() / days as f64;
        let busy = (0..REGIONS.len())
            .map(|region| {
                let mut sum = 0.0;
                let mut sums = vec![0.0];
                for (day, traffic) in (0..DAYS).zip(&traffic) {
                    sum += traffic / mean * regional_traffic(region, day);
                    sums.push(sum);
                }
                sums
            })
            .collect();
        Self {
            prefix: (0..DAYS + 100).map(|day| format!("{}T", date_of(day))).collect(),
            busy,
            conversion,
            campaign,
            winter: (0..DAYS).map(|day| between_months(&WINTER, date_of(day))).collect(),
            platform_day,
        }
    }

    /// Busy time before a day in a region.
    pub(crate) fn busy_before(&self, region: usize, day: DayNumber) -> f64 {
        self.busy[region][day as usize]
    }

    /// The day in which a moment of busy time lies; `None` after the last.
    pub(crate) fn day_at(&self, region: usize, moment: f64) -> Option<DayNumber> {
        let next = self.busy[region].partition_point(|before| *before <= moment);
        (next <= DAYS as usize).then(|| next as DayNumber - 1)
    }
}

/// What the planted campaign does to a region's traffic, and the slow drift every region has.
fn regional_traffic(region: usize, day: DayNumber) -> f64 {
    let years = f64::from(day) / 731.0;
    let growth = 1.0 + DRIFT[region] * years;
    let lifted = region == SOUTHWEST && (LIFT_FROM..=LIFT_TO).contains(&day);
    growth * if lifted { LIFT_TRAFFIC } else { 1.0 }
}

/// Change of traffic over the two years, by region, beside what is planted.
const DRIFT: [f64; 8] = [-0.10, -0.10, -0.04, -0.02, -0.14, 0.0, -0.06, -0.03];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planted_days_are_the_days_they_say() {
        for (day, text) in [
            (CLOSES, "2024-12-01"),
            (DOUBLES, "2025-01-06"),
            (FALLS, "2025-02-10"),
            (LIFT_FROM, "2025-03-01"),
            (LIFT_TO, "2025-03-14"),
            (DAYS - 1, "2025-03-31"),
        ] {
            assert_eq!(date_of(day).to_string(), text);
        }
        assert_eq!(CAMPAIGNS[usize::from(SOUTHWEST_CAMPAIGN)].id, "C202503SW");
    }

    #[test]
    fn busy_time_leads_back_to_its_day() {
        let calendar = Calendar::new();
        for region in 0..REGIONS.len() {
            for day in 0..DAYS {
                let start = calendar.busy_before(region, day);
                assert_eq!(calendar.day_at(region, start), Some(day));
            }
            assert_eq!(calendar.day_at(region, calendar.busy_before(region, DAYS)), None);
        }
    }

    #[test]
    fn months_join_without_a_jump() {
        let date = |d| NaiveDate::parse_from_str(d, "%Y-%m-%d").unwrap();
        assert!(
            (between_months(&MONTHS, date("2024-12-31")) - between_months(&MONTHS, date("2025-01-01"))).abs() < 0.01
        );
    }
}
