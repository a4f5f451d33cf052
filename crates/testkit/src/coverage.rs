//! Do the 95 % intervals hold? Many made retailers, each asked after a part of its shards and again after all.
//!
//! Every retailer's exact answer is known, so an interval either holds it or not. Members spend with a heavy tail,
//! differ in how often they come, and shop mostly at home, as real ones do.

use std::collections::BTreeMap;

use engine::{Plan, Scratch};
use model::{
    Answer, Ask, By, CohortsAsk, Day, Figure, FunnelAsk, Grain, GrowthAsk, LadderAsk, Question, Step, StoresAsk, Window,
};
use model::{Factors, Measure};

use crate::{Member, Order, Place, Touch, World};

/// How the retailers of a simulation are made.
#[derive(Clone, Copy, Debug)]
pub struct Simulation {
    /// Retailers.
    pub sets: u32,
    /// Members of each.
    pub members: usize,
    /// Shards of each.
    pub shards: usize,
}

/// Shards read before asking, of the simulation's.
pub const STOPS: [(usize, usize); 4] = [(1, 8), (1, 4), (1, 2), (3, 4)];

/// What became of one kind of figure at one stop.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coverage {
    /// Intervals given.
    pub given: u64,
    /// Of those, intervals that hold the exact value.
    pub held: u64,
    /// Figures for which too few members were read.
    pub too_few: u64,
    /// Sum over the intervals of half their width over the exact value.
    pub half_widths: f64,
}

impl Coverage {
    /// Share of intervals that hold.
    pub fn rate(&self) -> f64 {
        self.held as f64 / self.given.max(1) as f64
    }
}

/// Coverage by kind of figure and stop (index into [`STOPS`]).
pub type Table = BTreeMap<(&'static str, usize), Coverage>;

/// Runs the simulation; the same settings give the same table.
pub fn simulate(simulation: &Simulation) -> Table {
    let mut table = Table::new();
    for set in 0..simulation.sets {
        one_set(simulation, u64::from(set), &mut table);
    }
    table
}

fn one_set(simulation: &Simulation, seed: u64, table: &mut Table) {
    let snapshot = retailer(simulation.members, seed).snapshot(simulation.shards);
    let plan = Plan::new(&question(), &snapshot.manifest).expect("the question is valid");
    let mut scratch = Scratch::default();
    let mut partial = plan.empty();
    let mut early = Vec::new();
    for (index, shard) in snapshot.shards.iter().enumerate() {
        plan.count(shard, index, &mut scratch, &mut partial);
        for (stop, (part, of)) in STOPS.into_iter().enumerate() {
            if (index + 1) * of == simulation.shards * part {
                early.push((stop, figures(&plan.finish(&partial).answers)));
            }
        }
    }
    let exact = figures(&plan.finish(&partial).answers);
    for (stop, estimates) in early {
        for (estimate, exact) in estimates.iter().zip(&exact) {
            let cell = table.entry((estimate.kind, stop)).or_default();
            if estimate.too_few {
                cell.too_few += 1;
                continue;
            }
            cell.given += 1;
            // Ends are exclusive of rounding in the last bit.
            let slack = 1e-9 * exact.value.abs();
            cell.held += u64::from(estimate.low - slack <= exact.value && exact.value <= estimate.high + slack);
            if exact.value != 0.0 {
                cell.half_widths += (estimate.high - estimate.low) / 2.0 / exact.value.abs();
            }
        }
    }
}

struct Estimate {
    kind: &'static str,
    value: f64,
    low: f64,
    high: f64,
    too_few: bool,
}

fn figures(answers: &[Answer]) -> Vec<Estimate> {
    let mut all = Vec::new();
    let mut add = |kind, value: Option<f64>, low: Option<f64>, high: Option<f64>, too_few: bool| {
        let or_nothing = |number: Option<f64>| number.unwrap_or(f64::NAN);
        // A ratio over nothing has no interval to judge.
        let too_few = too_few || value.is_none();
        all.push(Estimate { kind, value: or_nothing(value), low: or_nothing(low), high: or_nothing(high), too_few });
    };
    let mut count = |kind, f: &Figure<i64>| {
        add(kind, Some(f.value as f64), Some(f.low as f64), Some(f.high as f64), f.too_few);
    };
    for answer in answers {
        match answer {
            Answer::Growth(growth) => {
                whole_counts(&growth.window, &mut count);
                let parts = growth.contributions.expect("a comparison was asked");
                for part in [parts.users, parts.conversion, parts.frequency, parts.aov] {
                    count("contributions", &part);
                }
                for group in &growth.groups {
                    count("sales by region", &group.window.sales);
                    count("users by region", &group.window.users);
                    let parts = group.contributions.expect("a comparison was asked");
                    for part in [parts.users, parts.conversion, parts.frequency, parts.aov] {
                        count("contributions by region", &part);
                    }
                }
            }
            Answer::Stores(rows) => {
                // Ranks move; rows are matched by store.
                let mut rows: Vec<_> = rows.iter().collect();
                rows.sort_by(|a, b| a.store.cmp(&b.store));
                for row in rows {
                    count("sales by store", &row.window.sales.expect("asked"));
                    count("buyers by store", &row.window.buyers.expect("asked"));
                }
            }
            Answer::Cohorts(cohorts) => {
                for cohort in &cohorts.cohorts {
                    count("cohort sizes", &cohort.size);
                    cohort.active.iter().for_each(|f| count("cohort cells", f));
                    cohort.sales.iter().for_each(|f| count("cohort sales", f));
                }
            }
            Answer::Ladder(rungs) => {
                for rung in rungs {
                    count("rungs", &rung.members);
                    count("money at stake", &rung.at_stake);
                }
            }
            Answer::Funnel(funnel) => funnel.steps.iter().for_each(|step| count("funnel steps", &step.members)),
            _ => {}
        }
    }
    let mut ratio = |kind, f: &Figure<Option<f64>>| add(kind, f.value, f.low, f.high, f.too_few);
    for answer in answers {
        match answer {
            Answer::Growth(growth) => {
                let f = &growth.window;
                for (kind, figure) in [
                    ("conversion", &f.conversion),
                    ("frequency", &f.frequency),
                    ("aov", &f.aov),
                    ("repurchase rate", &f.repurchase_rate),
                ] {
                    ratio(kind, figure);
                }
            }
            Answer::Cohorts(cohorts) => {
                for cohort in &cohorts.cohorts {
                    cohort.rate.iter().skip(1).for_each(|f| ratio("cohort rates", f));
                }
            }
            Answer::Ladder(rungs) => rungs.iter().for_each(|rung| ratio("median days", &rung.median_days_to_next)),
            Answer::Funnel(funnel) => {
                funnel.steps.iter().skip(1).for_each(|step| ratio("funnel rates", &step.rate_from_first));
            }
            _ => {}
        }
    }
    all
}

fn whole_counts(f: &Factors, count: &mut impl FnMut(&'static str, &Figure<i64>)) {
    count("users", &f.users);
    count("buyers", &f.buyers);
    count("orders", &f.orders);
    count("sales", &f.sales);
    count("new buyers", &f.new_buyers);
    count("repeat buyers", &f.repeat_buyers);
    count("anonymous sales", &f.anonymous_sales);
}

/// Days of a made retailer.
const DAYS: u16 = 180;
const STORES: u16 = 12;
const REGIONS: u16 = 4;

fn question() -> Question {
    let first = first_day();
    let window = |from: i32, to: i32| Window::new(first.plus(from), first.plus(to)).expect("it runs forwards");
    let measures = vec![Measure::Sales, Measure::Orders, Measure::Buyers];
    let touch = |kind: u8| Step { touch: vec![World::kind_name(kind)], ..Step::default() };
    let steps = vec![touch(0), touch(1), Step { order: Some(0), ..Step::default() }];
    Question {
        window: window(120, 179),
        compare: Some(window(60, 119)),
        filter: model::Filter::default(),
        ask: vec![
            Ask::Growth(GrowthAsk { by: Some(By::Region), top: None }),
            Ask::Stores(StoresAsk { by: Measure::Sales, limit: None, measures }),
            Ask::Cohorts(CohortsAsk {
                grain: Grain::Month,
                anchor: model::Anchor::FirstOrder,
                mode: model::Retention::Exact,
                periods: 6,
            }),
            Ask::Ladder(LadderAsk { rungs: 4 }),
            Ask::Funnel(FunnelAsk { steps, order: model::StepOrder::InOrder, within_days: 30, by: None }),
        ],
    }
}

fn first_day() -> Day {
    Day::from_ymd(2024, 1, 1).expect("a real day")
}

/// A retailer whose members spend with a heavy tail.
fn retailer(members: usize, seed: u64) -> World {
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut world = World {
        first_day: first_day(),
        days: DAYS,
        stores: (0..STORES).map(|s| Place { region: s % REGIONS, city: 1, format: 1 }).collect(),
        regions: REGIONS,
        channels: vec![None, None],
        kinds: 2,
        tiers: 0,
        campaigns: 0,
        members: Vec::with_capacity(members),
        orders: Vec::new(),
        touches: Vec::new(),
    };
    for member in 0..members {
        let home = (dice.f64() * dice.f64() * f64::from(STORES)) as u16;
        world.members.push(Member { home: Some(home), source: Some(dice.u8(0..2)), tier: None, joined: None });
        // How often a member comes, and what one order is worth, both log-normal.
        let eager = log_normal(&mut dice, 0.9);
        let spend = 20_000.0 * log_normal(&mut dice, 0.8);
        let mut day = dice.f64() * 90.0;
        loop {
            day += -f64::ln(1.0 - dice.f64()) * 40.0 / eager;
            if day >= f64::from(DAYS) {
                break;
            }
            let store = if dice.u8(0..10) < 8 { home } else { dice.u16(0..STORES) };
            let (day, channel) = (day as u16, dice.u8(0..2));
            let mut touch = |kind| {
                world.touches.push(Touch { day, member, store, channel, kind, campaign: None });
            };
            touch(0);
            if dice.u8(0..10) < 6 {
                touch(1);
            }
            if dice.u8(0..10) < 4 {
                let amount = (spend * log_normal(&mut dice, 0.6)) as i64;
                let whose = (dice.u8(0..10) > 0).then_some(member);
                world.orders.push(Order { day, member: whose, store, channel, amount, campaign: None });
            }
        }
    }
    world
}

/// A log-normal number of median 1.
fn log_normal(dice: &mut fastrand::Rng, sigma: f64) -> f64 {
    // Box & Muller 1958.
    let normal = (-2.0 * f64::ln(1.0 - dice.f64())).sqrt() * (std::f64::consts::TAU * dice.f64()).cos();
    (sigma * normal).exp()
}
