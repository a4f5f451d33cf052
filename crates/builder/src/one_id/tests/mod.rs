//! Joining by plans against joining by maps in memory, on generated graphs; and what must not change a member's name.

mod reference;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::Ordering;

use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use proptest::prelude::*;

use self::reference::{Bears, Seen};
use super::key::{self, Key};
use super::rules::Rules;
use crate::engine::CORES;
use crate::engine::joins::ALWAYS_SORT;
use crate::{Options, Report, Silent, build};

/// One row: its day, a channel and up to six keys, all by number.
#[derive(Clone, Debug)]
struct Line {
    day: Option<u16>,
    channel: u8,
    keys: [Option<u8>; 6],
}

/// Rows of `identities`, `orders` and `touches` that share values only with each other.
#[derive(Clone, Debug)]
struct Graph {
    identities: Vec<Line>,
    orders: Vec<Line>,
    touches: Vec<Line>,
}

const LETTERS: [&str; 6] = ["m", "a", "u", "o", "p", "f"];

fn line(often: [u32; 6]) -> impl Strategy<Value = Line> {
    let key = |of_ten: u32| prop_oneof![10 - of_ten => Just(None), of_ten => (0u8..4).prop_map(Some)];
    let keys = (key(often[0]), key(often[1]), key(often[2]), key(often[3]), key(often[4]), key(often[5]));
    let day = prop_oneof![1 => Just(None), 7 => (0u16..700).prop_map(Some)];
    (day, 0u8..3, keys).prop_map(|(day, channel, (m, a, u, o, p, f))| Line { day, channel, keys: [m, a, u, o, p, f] })
}

fn graph() -> impl Strategy<Value = Graph> {
    let lines = |often, most| proptest::collection::vec(line(often), 0..most);
    (lines([2, 9, 3, 2, 2, 6], 12), lines([2, 3, 2, 1, 4, 3], 6), lines([1, 4, 3, 2, 1, 3], 6)).prop_map(
        |(identities, orders, touches)| {
            let mut graph = Graph { identities, orders, touches };
            for line in &mut graph.identities {
                line.keys[1] = line.keys[1].or(Some(9));
            }
            // Days are different, so that no order of time is left to chance; facts have one.
            let mut next = 0;
            let all = graph.identities.iter_mut().chain(&mut graph.orders).chain(&mut graph.touches);
            for line in all {
                next += 1;
                line.day = line.day.map(|day| (day / 30) * 30 + next);
            }
            let facts = graph.orders.iter_mut().chain(&mut graph.touches);
            for line in facts {
                line.day = line.day.or(Some(next + 900));
                next += 1;
            }
            graph.touches.retain(|line| line.keys.iter().any(Option::is_some));
            graph
        },
    )
}

/// The cells of a line in one graph: day, channel, keys.
fn cells(graph: usize, line: &Line) -> [String; 8] {
    let day = line.day.map(|day| {
        let day = model::Day::from_ymd(2023, 1, 1).expect("a day").plus(i32::from(day));
        day.to_string()
    });
    let keys = std::array::from_fn::<_, 6, _>(|at| {
        line.keys[at].map(|n| format!("{}{graph}_{n}", LETTERS[at])).unwrap_or_default()
    });
    let [m, a, u, o, p, f] = keys;
    [day.unwrap_or_default(), format!("c{}", line.channel), m, a, u, o, p, f]
}

fn seen(graph: usize, line: &Line) -> Seen {
    let cells = cells(graph, line);
    let text = |at: usize| Some(cells[at + 2].as_str()).filter(|text| !text.is_empty());
    let keys = Key::ALL.map(|key| {
        text(key.index()).map(|text| if key == Key::External { key::account(&cells[1], text) } else { key.value(text) })
    });
    let channel = keys[Key::External.index()].map(|_| key::channel(&cells[1]));
    let first = model::Day::from_ymd(2023, 1, 1).expect("a day").epoch_days();
    (Bears { keys, channel }, line.day.map(|day| first + i32::from(day)))
}

/// A source folder, its snapshot and its audit.
struct Case {
    dir: tempfile::TempDir,
}

impl Case {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a temporary folder") }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    fn file(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.path("source")).expect("a folder");
        std::fs::write(self.path("source").join(name), text).expect("a file");
    }

    /// Writes graphs as tables; `order` turns each table's rows.
    fn graphs(&self, graphs: &[Graph], order: usize) {
        let header = "channel_id,member_id,external_id,union_id,open_id,payment_id,phone_hash";
        let rows = |of: fn(&Graph) -> &[Line], row: &mut dyn FnMut(usize, usize, &[String; 8]) -> String| {
            let mut rows: Vec<String> = Vec::new();
            for (index, graph) in graphs.iter().enumerate() {
                for (at, line) in of(graph).iter().enumerate() {
                    rows.push(row(index, at, &cells(index, line)));
                }
            }
            let turn = if rows.is_empty() { 0 } else { order * 7 % rows.len() };
            rows.rotate_left(turn);
            if order % 2 == 1 {
                rows.reverse();
            }
            rows.concat()
        };
        let keys = |cells: &[String; 8]| cells[1..].join(",");
        let identities = rows(|graph| &graph.identities, &mut |_, _, cells| format!("{},{}\n", keys(cells), cells[0]));
        self.file("identities.csv", &format!("{header},seen_at\n{identities}"));
        let orders = rows(|graph| &graph.orders, &mut |graph, at, cells| {
            format!("g{graph}o{at},{},1.00,{}\n", cells[0], keys(cells))
        });
        self.file("orders.csv", &format!("order_id,ordered_at,amount,{header}\nlast,2026-01-01,1.00,,,,,,,\n{orders}"));
        let touches = rows(|graph| &graph.touches, &mut |graph, at, cells| {
            format!("g{graph}t{at},{},{}\n", cells[0], keys(cells))
        });
        self.file("touches.csv", &format!("kind,at,{header}\n{touches}"));
    }

    fn build(&self, change: impl FnOnce(&mut Options)) -> Report {
        let mut options = Options::new(self.path("source"), self.path("out"));
        options.audit = Some(self.path("audit"));
        change(&mut options);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
        runtime.block_on(build(&options, &Silent)).unwrap_or_else(|e| panic!("the build should succeed: {e}"))
    }

    /// Rows of a file of the audit as text.
    fn audit(&self, file: &str) -> Vec<Vec<String>> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(parquet(&self.path("audit").join(file)))
    }
}

async fn parquet(path: &Path) -> Vec<Vec<String>> {
    let context = SessionContext::new();
    let frame = context.read_parquet(path.to_str().expect("a plain path"), ParquetReadOptions::default()).await;
    let batches = frame.expect("a Parquet file").collect().await.expect("its rows");
    batches.iter().flat_map(texts).collect()
}

fn texts(batch: &RecordBatch) -> Vec<Vec<String>> {
    let columns: Vec<_> = batch
        .columns()
        .iter()
        .map(|column| datafusion::arrow::compute::cast(column, &datafusion::arrow::datatypes::DataType::Utf8))
        .collect::<Result<_, _>>()
        .expect("anything can be text");
    let cell = |column: &datafusion::arrow::array::ArrayRef, row: usize| {
        let texts = column.as_string::<i32>();
        texts.iter().nth(row).flatten().unwrap_or("-").to_owned()
    };
    (0..batch.num_rows()).map(|row| columns.iter().map(|column| cell(column, row)).collect()).collect()
}

/// Who got which member, and by which key: accounts and orders. Rows of one account may lie with several.
type Got = BTreeMap<String, BTreeSet<(String, String)>>;

fn got(case: &Case) -> Got {
    let mut got = Got::new();
    for row in case.audit("identities.parquet") {
        got.entry(format!("{} {}", row[0], row[1])).or_default().insert((row[2].clone(), row[3].clone()));
    }
    for row in case.audit("orders.parquet") {
        got.entry(row[0].clone()).or_default().insert((row[2].clone(), row[3].clone()));
    }
    got
}

/// Where the plans and the maps differ.
fn differences(case: &Case, graphs: &[Graph], rules: &Rules, report: &Report) -> Vec<String> {
    let all = |of: fn(&Graph) -> &[Line]| -> Vec<Seen> {
        let lines = graphs.iter().enumerate();
        lines.flat_map(|(at, graph)| of(graph).iter().map(move |line| seen(at, line))).collect()
    };
    let (identities, orders, touches) = (all(|g| &g.identities), all(|g| &g.orders), all(|g| &g.touches));
    let facts: Vec<Seen> = orders.iter().chain(&touches).cloned().collect();
    let expected = reference::join(&identities, &facts, rules);
    let mut found: Vec<(String, BTreeSet<usize>)> = Vec::new();
    // Identities are in the audit by account, rows that say the same once; each row's keys are told apart by its place.
    let by_order: BTreeMap<String, String> =
        case.audit("orders.parquet").into_iter().map(|row| (row[0].clone(), row[2].clone())).collect();
    for (at, graph) in graphs.iter().enumerate() {
        for (row, line) in graph.orders.iter().enumerate() {
            found.push((by_order[&format!("g{at}o{row}")].clone(), expected.member_of(&seen(at, line))));
        }
    }
    // Lines are as the files have them, the header being 1; what a file is turned to is the caller's.
    let by_touch: BTreeMap<String, String> =
        case.audit("touches.parquet").into_iter().map(|row| (row[1].clone(), row[3].clone())).collect();
    let touch_lines = std::fs::read_to_string(case.path("source").join("touches.csv")).expect("the file");
    for (number, text) in touch_lines.lines().enumerate().skip(1) {
        let name = text.split(',').next().expect("a kind");
        let (graph, at) = name[1..].split_once('t').expect("a name");
        let (graph, at): (usize, usize) = (graph.parse().expect("a number"), at.parse().expect("a number"));
        let member = by_touch[&(number + 1).to_string()].clone();
        found.push((member, expected.member_of(&seen(graph, &graphs[graph].touches[at]))));
    }
    let mut by_account: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for row in case.audit("identities.parquet") {
        by_account.entry((row[0].clone(), row[1].clone())).or_default().insert(row[2].clone());
    }
    let mut accounts: BTreeMap<(String, String), BTreeSet<usize>> = BTreeMap::new();
    for (at, graph) in graphs.iter().enumerate() {
        for line in &graph.identities {
            let cells = cells(at, line);
            let of = accounts.entry((cells[1].clone(), cells[3].clone())).or_default();
            of.extend(expected.node_of(&seen(at, line)));
        }
    }
    let mut wrong = Vec::new();
    for (account, members) in &by_account {
        let known: BTreeSet<&String> = members.iter().filter(|member| *member != "-").collect();
        if known.len() != accounts[account].len() {
            wrong.push(format!("{account:?} got {members:?}, expected {:?}", accounts[account]));
        }
        if let (1, 1) = (known.len(), accounts[account].len()) {
            found.push(((*known.first().expect("it is one")).clone(), accounts[account].clone()));
        }
    }
    // A name for each component and a component for each name.
    let (mut names, mut comps) = (BTreeMap::new(), BTreeMap::new());
    for (name, may) in found.iter().filter(|(_, may)| may.len() == 1) {
        let comp = *may.first().expect("it is one");
        if names.entry(name.clone()).or_insert(comp) != &comp || comps.entry(comp).or_insert(name.clone()) != name {
            wrong.push(format!("{name} is {comp}, which is {:?}; {:?}", comps.get(&comp), names.get(name)));
        }
    }
    for (name, may) in &found {
        let right = if may.is_empty() {
            name == "-"
        } else {
            may.iter().any(|comp| comps.get(comp).is_none_or(|known| known == name)) && name != "-"
        };
        if !right {
            wrong.push(format!("{name} should be one of {may:?}"));
        }
    }
    let one_id = report.one_id.as_ref().expect("a report on identities");
    for key in &one_id.keys {
        let name = key.key.as_str();
        let expected = [&expected.over, &expected.recycled, &expected.joins].map(|of| of.get(name).copied());
        let found = [key.over_shared, key.recycled, key.joins];
        if expected.map(Option::unwrap_or_default) != found {
            wrong.push(format!("{name}: over-shared, recycled, joins are {found:?}, expected {expected:?}"));
        }
    }
    let refused: BTreeMap<&str, u64> = one_id.conflicts.iter().map(|c| (c.reason.as_str(), c.pairs)).collect();
    let expected: BTreeMap<&str, u64> = expected.refused.into_iter().filter(|(_, pairs)| *pairs > 0).collect();
    if refused != expected {
        wrong.push(format!("refused {refused:?}, expected {expected:?}"));
    }
    wrong
}

/// Rules that differ in every way that rules can.
fn rules() -> impl Strategy<Value = String> {
    let key = |name: &'static str| {
        (1u32..5, 3u32..9, any::<bool>(), proptest::option::of(20u32..200), proptest::option::of(200u32..600)).prop_map(
            move |(people, identities, one_each, rest, apart)| {
                let mut text =
                    format!("[[key]]\nname = '{name}'\nmax_people = {people}\nmax_identities = {identities}\n");
                let _ = writeln!(text, "one_each = {one_each}");
                if let Some(rest) = rest {
                    let _ = writeln!(text, "rest_days = {rest}");
                }
                if let Some(apart) = apart {
                    let _ = writeln!(text, "apart_days = {apart}");
                }
                text
            },
        )
    };
    let keys = ["union_id", "open_id", "payment_id", "phone_hash"].map(key);
    let [union, open, payment, phone] = keys;
    let strong = "[[key]]\nname = 'member_id'\none_each = true\n[[key]]\nname = 'external_id'\none_each = true\n";
    (union, open, payment, phone, any::<bool>(), 6u32..30, any::<bool>()).prop_map(
        move |(union, open, payment, phone, phone_first, most, never)| {
            let never = if never {
                let pairs: Vec<_> = (0..40)
                    .map(|g| {
                        format!(
                            "['phone_hash:f{g}_0', 'union_id:u{g}_1'], ['member_id:m{g}_0', 'external_id:c1:a{g}_1']"
                        )
                    })
                    .collect();
                format!("never_join = [{}]\n", pairs.join(", "))
            } else {
                String::new()
            };
            let weak = if phone_first { [phone, union, open, payment] } else { [union, open, payment, phone] };
            format!("max_identities = {most}\n{never}{strong}{}", weak.concat())
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 200, ..ProptestConfig::default() })]

    /// Six sources of forty graphs each, every source by other rules, in another order of rows and with other memory.
    #[test]
    fn plans_join_as_maps_in_memory_do(
        graphs in proptest::collection::vec(graph(), 40),
        rules in prop_oneof![1 => Just(super::rules::DEFAULTS.to_owned()), 5 => rules()],
        order in 0usize..9,
        little in any::<bool>(),
        sorts in any::<bool>(),
    ) {
        ALWAYS_SORT.store(sorts, Ordering::Relaxed);
        let case = Case::new();
        case.graphs(&graphs, order);
        let path = case.path("rules.toml");
        std::fs::write(&path, &rules).expect("a file");
        let report = case.build(|options| {
            options.one_id_rules = Some(path.clone());
            if little {
                options.memory = 256 << 20;
            }
        });
        let rules = Rules::load(Some(&path)).expect("sound rules");
        let wrong = differences(&case, &graphs, &rules, &report);
        prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// Rows that a later build has besides: everything new of them is new to all, and later.
fn later(graphs: &[Graph]) -> Vec<Graph> {
    let mut later = graphs.to_vec();
    for (at, graph) in later.iter_mut().enumerate() {
        let known: Vec<Line> = graph.identities.clone();
        let day = |n: usize| Some(3_000 + n as u16);
        for (n, line) in known.iter().enumerate() {
            // An account that is there already is seen with a payment account that is new.
            let account = [None, line.keys[1], None, None, Some(50 + n as u8), None];
            graph.identities.push(Line { day: day(2 * n), channel: line.channel, keys: account });
            // A new account has a phone number that is there already.
            let phone = [None, Some(100 + n as u8), None, None, None, line.keys[5].or(Some(60 + n as u8))];
            graph.identities.push(Line { day: day(2 * n + 1), channel: 10 + n as u8, keys: phone });
        }
        if at % 3 == 0 {
            let order = Line { day: day(at), channel: 1, keys: [None, None, None, None, Some(200), Some(201)] };
            graph.orders.push(order);
        }
    }
    later
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, max_shrink_iters: 60, ..ProptestConfig::default() })]

    /// Who gains an identity keeps the name; who gains none has it anyway. New people come beside them.
    #[test]
    fn rows_that_come_later_rename_nobody(graphs in proptest::collection::vec(graph(), 40), order in 0usize..9) {
        let mut graphs = graphs;
        for (n, line) in graphs.iter_mut().flat_map(|graph| &mut graph.identities).enumerate() {
            // An undated row counts as the earliest, so that one which comes later may give the name.
            line.day = line.day.or(Some(n as u16 % 600));
        }
        let (before, after) = (Case::new(), Case::new());
        before.graphs(&graphs, 0);
        before.build(|_| {});
        let mut later = later(&graphs);
        later.extend(graphs.iter().take(5).cloned());
        after.graphs(&later, order);
        after.build(|_| {});
        let (before, after) = (got(&before), got(&after));
        for (what, members) in &before {
            let now: BTreeSet<&String> = after[what].iter().map(|(member, _)| member).collect();
            prop_assert!(members.iter().all(|(member, _)| now.contains(member)), "{what}: {members:?}, now {now:?}");
        }
    }

    #[test]
    fn the_order_of_rows_memory_and_cores_change_nothing(
        graphs in proptest::collection::vec(graph(), 40),
        order in 1usize..9,
        cores in prop_oneof![Just(1usize), Just(3), Just(8)],
        memory in prop_oneof![Just(256u64 << 20), Just(1 << 30)],
    ) {
        let (one, other) = (Case::new(), Case::new());
        one.graphs(&graphs, 0);
        one.build(|_| {});
        other.graphs(&graphs, order);
        CORES.set(Some(cores));
        other.build(|options| options.memory = memory);
        CORES.set(None);
        prop_assert_eq!(got(&one), got(&other));
    }
}
