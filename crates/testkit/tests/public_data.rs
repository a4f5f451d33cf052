//! Two public data sets against answers that others computed (`../shared/data/*/expected`, made with pandas and DuckDB).
//!
//! Every order row is an order, of a member, at one made-up store: the sets have no stores, touches or joining days.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use model::{Answer, Ask, CohortsAsk, Day, Filter, Grain, LadderAsk, LifecycleAsk, RfmAnswer, RfmAsk, Window};
use serde_json::Value;
use testkit::{Member, Order, Place, Snapshot, World};

struct DataSet {
    name: &'static str,
    folder: PathBuf,
    world: World,
    snapshot: Snapshot,
    first: Day,
    last: Day,
}

fn minor(text: &str) -> i64 {
    let (units, cents) = text.split_once('.').unwrap_or((text, ""));
    let cents = format!("{cents:0<2}");
    assert_eq!(cents.len(), 2, "{text} has more than two decimals");
    units.parse::<i64>().expect("an amount") * 100 + cents.parse::<i64>().expect("an amount")
}

fn minor_of(value: &Value) -> i64 {
    (value.as_f64().expect("an amount") * 100.0).round() as i64
}

impl DataSet {
    fn read(name: &'static str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
        let orders = folder.join("orders.csv");
        let text = std::fs::read_to_string(&orders).unwrap_or_else(|error| {
            panic!("{}: {error}; put the shared data beside the project, see its README", orders.display())
        });
        let mut rows: Vec<[&str; 4]> = text
            .lines()
            .skip(1)
            .map(|line| line.split(',').collect::<Vec<_>>().try_into().expect("four columns"))
            .collect();
        // Orders of one day are numbered by time, then by row.
        rows.sort_by_key(|row| row[2]);
        let day = |row: &[&str; 4]| Day::parse(&row[2][..10]).expect("a day");
        let (first, last) = (day(&rows[0]), day(&rows[rows.len() - 1]));
        let mut members: BTreeMap<&str, usize> = BTreeMap::new();
        let orders = rows.iter().map(|row| {
            let next = members.len();
            Order {
                day: (day(row).epoch_days() - first.epoch_days()) as u16,
                member: Some(*members.entry(row[1]).or_insert(next)),
                store: 0,
                channel: 0,
                amount: minor(row[3]),
                campaign: None,
            }
        });
        let orders = orders.collect();
        let world = World {
            first_day: first,
            days: (last.epoch_days() - first.epoch_days() + 1) as u16,
            stores: vec![Place { region: 0, city: 0, format: 0 }],
            regions: 1,
            channels: vec![None],
            kinds: 1,
            tiers: 0,
            campaigns: 0,
            members: vec![Member::default(); members.len()],
            orders,
            touches: vec![],
        };
        Self { name, folder, snapshot: world.snapshot(7), world, first, last }
    }

    fn expected(&self, topic: &str) -> Value {
        let file = self.folder.join("expected").join(topic).with_extension("json");
        let text = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        serde_json::from_slice(&text).expect("the answers are JSON")
    }

    fn ask(&self, from: Day, to: Day, ask: Ask) -> Answer {
        self.snapshot.ask(Window::new(from, to).expect("it runs forwards"), &Filter::default(), ask)
    }
}

fn count(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no count"))
}

fn close(ours: Option<f64>, theirs: f64, what: &str) {
    let ours = ours.unwrap_or_else(|| panic!("{what}: null"));
    // They round to six decimals.
    assert!((ours - theirs).abs() < 1e-6, "{what}: {ours}, they say {theirs}");
}

/// Same cohorts, counts and sales. Their weighted rate counts the file's last month even where it is cut short; ours
/// leaves it out: so it is compared with the ratio of their counts over the months that are complete, and with their
/// rate itself where all are.
fn retention(data: &DataSet) {
    let expected = data.expected("retention");
    let ask = Ask::Cohorts(CohortsAsk {
        grain: Grain::Month,
        anchor: Default::default(),
        mode: Default::default(),
        periods: 24,
    });
    let Answer::Cohorts(answer) = data.ask(data.first, data.last, ask) else { panic!("cohorts were asked") };
    let theirs: BTreeMap<&str, &Value> = expected["cohorts"]
        .as_array()
        .expect("cohorts")
        .iter()
        .map(|cohort| (cohort["cohort"].as_str().expect("a month"), cohort))
        .collect();
    let last_month_is_whole = data.last.plus(1).day_of_month() == 1;
    let mut sums = vec![(0, 0); answer.cohorts.len()];
    let mut compared = 0;
    for (at, cohort) in answer.cohorts.iter().enumerate() {
        let what = format!("{} {}", data.name, cohort.period);
        let Some(theirs) = theirs.get(cohort.period.as_str()) else {
            assert_eq!(cohort.size.value, 0, "{what}: they have no such cohort");
            continue;
        };
        compared += 1;
        assert_eq!(cohort.size.value, count(&theirs["size"]), "{what}");
        let active: Vec<i64> = theirs["active"].as_array().expect("counts").iter().map(count).collect();
        let sales: Vec<i64> = theirs["sales"].as_array().expect("amounts").iter().map(minor_of).collect();
        assert_eq!(cohort.active.iter().map(|figure| figure.value).collect::<Vec<_>>(), active, "{what}");
        assert_eq!(cohort.sales.iter().map(|figure| figure.value).collect::<Vec<_>>(), sales, "{what}");
        let complete = answer.cohorts.len() - at - usize::from(!last_month_is_whole);
        assert_eq!(cohort.immature_from as usize, complete, "{what}");
        for (k, sum) in sums.iter_mut().enumerate().take(complete) {
            *sum = (sum.0 + active[k], sum.1 + count(&theirs["size"]));
        }
    }
    assert_eq!(compared, theirs.len(), "{}: cohorts", data.name);
    for (k, &(active, size)) in sums.iter().enumerate() {
        let what = format!("{} month {k}", data.name);
        if size > 0 {
            close(answer.weighted[k].value, active as f64 / size as f64, &what);
        } else {
            assert_eq!(answer.weighted[k].value, None, "{what}");
        }
        if last_month_is_whole {
            close(answer.weighted[k].value, expected["weighted_rate"][k].as_f64().expect("a rate"), &what);
        }
    }
}

/// Their step n is our rung n; their gap and mean amount of step n + 1 are our days to next and next value of rung n.
fn ladder(data: &DataSet) {
    let expected = data.expected("ladder");
    let Answer::Ladder(rungs) = data.ask(data.first, data.last, Ask::Ladder(LadderAsk { rungs: 8 })) else {
        panic!("a ladder was asked")
    };
    let steps = expected["order_rows"]["steps"].as_array().expect("steps");
    assert_eq!(steps.len(), 8, "{}", data.name);
    for (rung, step) in rungs.iter().zip(steps) {
        let what = format!("{} rung {}", data.name, rung.n);
        assert_eq!(rung.members.value, count(&step["members"]), "{what}");
        if let Some(next) = steps.get(rung.n as usize) {
            assert_eq!(rung.next.value, count(&next["members"]), "{what}");
            assert_eq!(rung.median_days_to_next.value, next["gap_days_median"].as_f64(), "{what}");
            let mean = rung.next_value.value.map(|value| value / 100.0);
            close(mean, next["mean_amount"].as_f64().expect("an amount"), &what);
            assert_eq!(rung.exactly.value, count(&expected["order_rows"]["exactly"][rung.n.to_string()]), "{what}");
            // Nobody returns on fewer days than the curve says: it counts those watched for a short time too.
            for (days, within) in next["within"].as_object().expect("counts") {
                let at = rung.curve.days.iter().position(|day| day.to_string() == *days).expect("a listed day");
                let share = count(within) as f64 / rung.members.value as f64;
                assert!(rung.curve.returned[at].value.expect("followed so long") >= share - 1e-12, "{what} by {days}");
            }
        }
    }
}

/// Their recency bands on one day are our stocks at its end, with thresholds at the bands' edges.
fn lifecycle(data: &DataSet) {
    let expected = data.expected("lifecycle");
    let snapshots = expected["snapshots"].as_array().expect("snapshots");
    assert_eq!(snapshots.len(), 3, "{}", data.name);
    for snapshot in snapshots {
        let as_of = Day::parse(snapshot["as_of"].as_str().expect("a day")).expect("a day");
        let band = |name: &str| count(&snapshot["recency_days"][name]);
        let bands = [band("0-30"), band("31-60"), band("61-90"), band("91-180"), band("181-365"), band("366+")];
        let edges = [30, 60, 90, 180, 365];
        for (at, pair) in edges.windows(2).enumerate() {
            let ask = LifecycleAsk { grain: Grain::Day, active_days: pair[0], dormant_days: pair[1] };
            let Answer::Lifecycle(rows) = data.ask(as_of, as_of, Ask::Lifecycle(ask)) else {
                panic!("a lifecycle was asked")
            };
            let closing = rows[0].closing;
            let ours = [closing.active, closing.dormant, closing.lost].map(|figure| figure.value);
            let theirs = [bands[..=at].iter().sum::<i64>(), bands[at + 1], bands[at + 2..].iter().sum()];
            assert_eq!(ours, theirs, "{} {as_of} {pair:?}", data.name);
        }
    }
}

/// Their recency is days since the last order, ours the day itself, so their cuts are ours in the mirror. A member who
/// stands on a cut of recency scores below it here, as everywhere ("cuts strictly below"), but above it there (6 minus
/// their score of days): such members are moved by hand. Frequency and money are the same.
fn rfm(data: &DataSet) {
    let expected = data.expected("rfm");
    let as_of = Day::parse(expected["as_of"].as_str().expect("a day")).expect("a day");
    let Answer::Rfm(answer) = data.ask(data.first, data.last, Ask::Rfm(RfmAsk { as_of, since: None })) else {
        panic!("RFM was asked")
    };
    assert_eq!(answer.members.value, count(&expected["members"]), "{}", data.name);
    let sales = answer.cells.iter().map(|cell| cell.sales.value).sum::<i64>();
    assert_eq!(sales, minor_of(&expected["totals"]["monetary"]), "{}", data.name);
    let percentile = &expected["percentile"];
    let fifths = |name: &str, unit: f64| {
        [0, 1, 2, 3].map(|at| (percentile["cut_points"][name][at].as_f64().expect("a cut") * unit * 5.0).round() as i64)
    };
    let days = i64::from(as_of.epoch_days() - data.first.epoch_days());
    let [a, b, c, d] = fifths("r", 1.0);
    assert_eq!(answer.cuts.recency, [d, c, b, a].map(|cut| 5 * days - cut), "{}", data.name);
    assert_eq!(answer.cuts.frequency, fifths("f", 1.0), "{}", data.name);
    assert_eq!(answer.cuts.monetary, fifths("m", 100.0), "{}", data.name);
    for (name, of) in [("F", 1), ("M", 2)] {
        for score in 1..=5u8 {
            let ours = answer.cells.iter().filter(|cell| [cell.recency, cell.frequency, cell.monetary][of] == score);
            let ours = ours.map(|cell| cell.members.value).sum::<i64>();
            assert_eq!(ours, count(&percentile[name][score.to_string()]), "{} {name}{score}", data.name);
        }
    }
    let mut ours: BTreeMap<String, i64> = BTreeMap::new();
    for cell in &answer.cells {
        *ours.entry(format!("{}{}{}", cell.recency, cell.frequency, cell.monetary)).or_default() += cell.members.value;
    }
    for (from, to) in on_a_cut(data, &answer) {
        *ours.entry(from).or_default() -= 1;
        *ours.entry(to).or_default() += 1;
    }
    ours.retain(|_, members| *members != 0);
    let theirs = percentile["cells"].as_object().expect("cells");
    let theirs: BTreeMap<String, i64> = theirs.iter().map(|(cell, members)| (cell.clone(), count(members))).collect();
    assert_eq!(ours, theirs, "{}", data.name);
}

/// For each member whose last day is on a cut, its cell here and its cell there.
fn on_a_cut(data: &DataSet, answer: &RfmAnswer) -> Vec<(String, String)> {
    let mut members = vec![(0i64, 0i64, 0i64); data.world.members.len()];
    for order in &data.world.orders {
        let member = &mut members[order.member.expect("all orders have one")];
        *member = (member.0.max(order.day.into()), member.1 + 1, member.2 + order.amount);
    }
    let below = |cuts: &[i64; 4], value: i64| cuts.iter().filter(|&&cut| cut < 5 * value).count();
    let cells = members.iter().filter(|member| answer.cuts.recency.contains(&(5 * member.0))).map(|member| {
        let rest =
            format!("{}{}", 1 + below(&answer.cuts.frequency, member.1), 1 + below(&answer.cuts.monetary, member.2));
        let on = answer.cuts.recency.iter().filter(|&&cut| cut == 5 * member.0).count();
        let recency = 1 + below(&answer.cuts.recency, member.0);
        (format!("{recency}{rest}"), format!("{}{rest}", recency + on))
    });
    cells.collect()
}

#[test]
fn the_cdnow_sample_gives_the_answers_of_others() {
    let data = DataSet::read("cdnow_sample");
    assert_eq!((data.world.members.len(), data.world.orders.len()), (2357, 6919));
    retention(&data);
    ladder(&data);
    lifecycle(&data);
    rfm(&data);
}

#[test]
fn online_retail_gives_the_answers_of_others() {
    let data = DataSet::read("online_retail");
    assert_eq!(data.world.orders.len(), 18_536);
    retention(&data);
    ladder(&data);
    lifecycle(&data);
    rfm(&data);
}
