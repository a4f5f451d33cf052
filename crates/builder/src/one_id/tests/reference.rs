//! Joining in the plainest way: maps in memory, one value after another. What the plans must agree with.

use std::collections::{BTreeMap, BTreeSet};

use crate::one_id::key::Key;
use crate::one_id::rules::{KeyRule, Rules};

/// What one row bears.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Bears {
    pub(crate) keys: [Option<u64>; 6],
    pub(crate) channel: Option<u32>,
}

/// A row of a table: what it bears and its day.
pub(crate) type Seen = (Bears, Option<i32>);

struct Node {
    bears: Bears,
    first: Option<i32>,
    last: Option<i32>,
    comp: usize,
}

/// What joining makes of some rows.
pub(crate) struct Joined {
    nodes: Vec<Node>,
    /// What the nodes bore before any value was ignored.
    bore: Vec<Bears>,
    singles: BTreeSet<Bears>,
    rules: Rules,
    pub(crate) over: BTreeMap<&'static str, u64>,
    pub(crate) recycled: BTreeMap<&'static str, u64>,
    pub(crate) joins: BTreeMap<&'static str, u64>,
    pub(crate) refused: BTreeMap<&'static str, u64>,
}

type Sightings = BTreeMap<Bears, (Option<i32>, Option<i32>)>;

fn add(to: &mut Sightings, bears: &Bears, first: Option<i32>, last: Option<i32>) {
    if bears.keys.iter().all(Option::is_none) {
        return;
    }
    let times = to.entry(bears.clone()).or_insert((None, None));
    times.0 = [times.0, first].into_iter().flatten().min();
    times.1 = times.1.max(last);
}

fn borne(bears: &Bears) -> usize {
    bears.keys.iter().flatten().count()
}

/// Joins rows of `identities` and `members`, and those of facts.
pub(crate) fn join(tables: &[Seen], facts: &[Seen], rules: &Rules) -> Joined {
    let (mut sure, mut by_facts) = (Sightings::new(), Sightings::new());
    for (bears, day) in tables {
        add(&mut sure, bears, *day, *day);
    }
    for (bears, day) in facts {
        add(&mut by_facts, bears, *day, *day);
    }
    for (bears, (first, last)) in by_facts.iter().filter(|(bears, _)| borne(bears) > 1) {
        add(&mut sure, bears, *first, *last);
    }
    let known: BTreeSet<u64> = sure.keys().flat_map(|bears| bears.keys.iter().flatten().copied()).collect();
    let mut singles = BTreeSet::new();
    for (bears, (first, last)) in by_facts.iter().filter(|(bears, _)| borne(bears) == 1) {
        if bears.keys.iter().flatten().any(|value| known.contains(value)) {
            singles.insert(bears.clone());
        } else {
            add(&mut sure, bears, *first, *last);
        }
    }
    let bore = sure.keys().cloned().collect();
    let nodes = sure.into_iter().enumerate();
    let nodes = nodes.map(|(comp, (bears, (first, last)))| Node { bears, first, last, comp }).collect();
    let mut joined = Joined {
        nodes,
        bore,
        singles,
        rules: rules.clone(),
        over: BTreeMap::new(),
        recycled: BTreeMap::new(),
        joins: BTreeMap::new(),
        refused: BTreeMap::new(),
    };
    for rule in &rules.keys {
        joined.by(rule);
    }
    joined
}

impl Joined {
    fn value(&self, node: usize, key: Key) -> Option<u64> {
        self.nodes[node].bears.keys[key.index()]
    }

    /// The smallest value of a key that a component has.
    fn mark(&self, comp: usize, key: Key) -> Option<u64> {
        let nodes = (0..self.nodes.len()).filter(|node| self.nodes[*node].comp == comp);
        nodes.filter_map(|node| self.value(node, key)).min()
    }

    fn by(&mut self, rule: &KeyRule) {
        let key = rule.key;
        let mut have: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for node in 0..self.nodes.len() {
            if let Some(value) = self.value(node, key) {
                have.entry(value).or_default().push(node);
            }
        }
        let comps = |nodes: &[usize], this: &Self| nodes.iter().map(|n| this.nodes[*n].comp).collect::<BTreeSet<_>>();
        have.retain(|_, nodes| comps(nodes, self).len() > 1);
        let marks: Vec<Key> = self.rules.keys.iter().filter(|r| r.one_each && r.key != key).map(|r| r.key).collect();
        let accounts = marks.contains(&Key::External);
        let marks: Vec<Key> = marks.into_iter().filter(|key| *key != Key::External).collect();
        let over: BTreeSet<u64> = have
            .iter()
            .filter(|(_, nodes)| {
                let most = rule.max_people as usize;
                let all = comps(nodes, self);
                let told_apart = marks
                    .iter()
                    .any(|mark| all.iter().filter(|comp| self.mark(**comp, *mark).is_some()).count() > most);
                let mut by_channel: BTreeMap<Option<u32>, BTreeSet<usize>> = BTreeMap::new();
                for node in nodes.iter().filter(|node| self.value(**node, Key::External).is_some()) {
                    by_channel.entry(self.nodes[*node].bears.channel).or_default().insert(self.nodes[*node].comp);
                }
                nodes.len() > rule.max_identities as usize
                    || told_apart
                    || accounts && by_channel.values().any(|comps| comps.len() > most)
            })
            .map(|(value, _)| *value)
            .collect();
        // Hubs: a value in a period, and who has it then.
        let mut hubs: Vec<BTreeSet<usize>> = Vec::new();
        let mut recycled = 0;
        for (_, nodes) in have.iter().filter(|(value, _)| !over.contains(value)) {
            match self.periods(rule, nodes, &marks, accounts) {
                None => hubs.push(comps(nodes, self)),
                Some(periods) => {
                    recycled += 1;
                    hubs.extend(periods);
                }
            }
        }
        let to = self.allowed(rule, &hubs, &marks);
        *self.over.entry(key.name()).or_default() += over.len() as u64;
        *self.recycled.entry(key.name()).or_default() += recycled;
        *self.joins.entry(key.name()).or_default() += to.len() as u64;
        for node in &mut self.nodes {
            node.comp = to.get(&node.comp).copied().unwrap_or(node.comp);
            if node.bears.keys[key.index()].is_some_and(|value| over.contains(&value)) {
                node.bears.keys[key.index()] = None;
            }
        }
    }

    /// The components that have a value, period by period; none where it does not change hands.
    fn periods(&self, rule: &KeyRule, nodes: &[usize], marks: &[Key], accounts: bool) -> Option<Vec<BTreeSet<usize>>> {
        let mut times: BTreeSet<(i32, usize, Option<u64>, Option<u32>)> = BTreeSet::new();
        for node in nodes.iter().map(|node| &self.nodes[*node]) {
            for day in [node.first, node.last].into_iter().flatten() {
                times.insert((day, node.comp, node.bears.keys[Key::External.index()], node.bears.channel));
            }
        }
        let times: Vec<_> = times.into_iter().collect();
        let pause = |at: usize| if at == 0 { 0 } else { times[at].0 - times[at - 1].0 };
        let mut pairs = BTreeSet::new();
        for high in 0..times.len() {
            for mark in marks {
                let have = |at: usize| self.mark(times[at].1, *mark);
                let before = (0..high).rev().find(|low| have(*low).is_some());
                if let Some(low) = before.filter(|low| have(high).is_some() && have(*low) != have(high)) {
                    if times[low].1 != times[high].1 {
                        pairs.insert((low, high));
                    }
                }
            }
            let same_channel = |low: &usize| times[*low].2.is_some() && times[*low].3 == times[high].3;
            if accounts && rule.key != Key::External && times[high].2.is_some() {
                if let Some(low) = (0..high).rev().find(same_channel) {
                    if times[low].2 != times[high].2 && times[low].1 != times[high].1 {
                        pairs.insert((low, high));
                    }
                }
            }
        }
        let rest = rule.rest_days.map_or(i64::MAX, i64::from);
        let long = |at: &usize| i64::from(pause(*at)) >= rest;
        let parted = |at: usize| pairs.iter().filter(|(low, high)| *low < at && at <= *high).count();
        let mut cuts: BTreeSet<usize> = pairs
            .iter()
            .filter_map(|(low, high)| {
                let places = (low + 1..=*high).filter(long);
                places.min_by_key(|at| (std::cmp::Reverse(parted(*at)), std::cmp::Reverse(pause(*at)), *at))
            })
            .collect();
        if let Some(apart) = rule.apart_days {
            cuts.extend((1..times.len()).filter(|at| i64::from(pause(*at)) >= i64::from(apart)));
        }
        if cuts.is_empty() {
            return None;
        }
        let mut periods = vec![BTreeSet::new()];
        for (at, (_, comp, _, _)) in times.iter().enumerate() {
            if cuts.contains(&at) {
                periods.push(BTreeSet::new());
            }
            periods.last_mut().expect("there is a first").insert(*comp);
        }
        Some(periods)
    }

    /// Where components go: all of a group to one, unless some of it must stay apart.
    fn allowed(&mut self, rule: &KeyRule, hubs: &[BTreeSet<usize>], marks: &[Key]) -> BTreeMap<usize, usize> {
        let mut groups: Vec<BTreeSet<usize>> = Vec::new();
        for hub in hubs {
            let (touched, rest): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| !group.is_disjoint(hub));
            groups = rest;
            groups.push(touched.into_iter().flatten().chain(hub.iter().copied()).collect());
        }
        let mut to = BTreeMap::new();
        for group in groups.into_iter().filter(|group| group.len() > 1) {
            let size = self.nodes.iter().filter(|node| group.contains(&node.comp)).count();
            let mut note = |reason, pairs| *self.refused.entry(reason).or_default() += pairs;
            if size > self.rules.max_identities as usize {
                note("too_many_identities", group.len() as u64 - 1);
                continue;
            }
            let by_member = marks.contains(&Key::Member) && !rule.overrides;
            let mut members = BTreeMap::new();
            let mut never = BTreeSet::new();
            for comp in &group {
                let own: Vec<&Node> = self.nodes.iter().filter(|node| node.comp == *comp).collect();
                if let Some(member) = own.iter().filter_map(|n| n.bears.keys[0]).min().filter(|_| by_member) {
                    members.insert(*comp, member);
                }
                for pair in &self.rules.never_join {
                    for side in 0..2 {
                        if own.iter().any(|node| node.bears.keys.contains(&Some(pair[side]))) {
                            never.insert((*pair, side, *comp));
                        }
                    }
                }
            }
            let different: BTreeSet<u64> = members.values().copied().collect();
            let mut ends = BTreeSet::new();
            let mut met = BTreeSet::new();
            for (pair, side, comp) in &never {
                for (other_pair, other_side, other) in &never {
                    if pair == other_pair && side != other_side && comp != other {
                        ends.extend([*comp, *other]);
                        met.insert(*pair);
                    }
                }
            }
            if different.len() > 1 {
                note("two_member_ids", different.len() as u64 - 1);
            }
            if !met.is_empty() {
                note("never_join", met.len() as u64);
            }
            if different.len() < 2 && ends.is_empty() {
                let first = *group.first().expect("a group has members");
                to.extend(group.iter().skip(1).map(|comp| (*comp, first)));
                continue;
            }
            let anchors = members.keys().copied().chain(ends);
            let mut owner: BTreeMap<usize, Option<usize>> = anchors.map(|comp| (comp, Some(comp))).collect();
            loop {
                let mut near: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
                for hub in hubs.iter().filter(|hub| !hub.is_disjoint(&group)) {
                    let owners: Vec<usize> = hub.iter().filter_map(|comp| owner.get(comp).copied().flatten()).collect();
                    for comp in hub.iter().filter(|comp| !owner.contains_key(comp)) {
                        near.entry(*comp).or_default().extend(&owners);
                    }
                }
                near.retain(|_, owners| !owners.is_empty());
                if near.is_empty() {
                    break;
                }
                for (comp, owners) in near {
                    let between = owners.len() > 1;
                    note("between_two", u64::from(between));
                    owner.insert(comp, owners.first().copied().filter(|_| !between));
                }
            }
            let moved =
                owner.iter().filter_map(|(comp, owner)| owner.filter(|owner| owner != comp).map(|o| (*comp, o)));
            to.extend(moved);
        }
        to
    }

    /// Members that a row may belong to: one, unless several were seen with its only key equally near in time; nobody
    /// where it bears nothing that counts.
    pub(crate) fn member_of(&self, (bears, day): &Seen) -> BTreeSet<usize> {
        if !self.singles.contains(bears) {
            return self.node_of(&(bears.clone(), *day)).into_iter().collect();
        }
        let mut holders: BTreeMap<(i32, i32), BTreeSet<usize>> = BTreeMap::new();
        for rule in &self.rules.keys {
            let value = bears.keys[rule.key.index()];
            for node in self.nodes.iter().filter(|n| value.is_some() && n.bears.keys[rule.key.index()] == value) {
                let near = match (day, node.first, node.last) {
                    (Some(day), Some(first), Some(last)) => ((first - day).max(day - last).max(0), last - first),
                    _ => (1_000_000, i32::MAX),
                };
                holders.entry(near).or_default().insert(node.comp);
            }
        }
        holders.into_values().next().unwrap_or_default()
    }

    /// The member of what was seen together.
    pub(crate) fn node_of(&self, (bears, _): &Seen) -> Option<usize> {
        let node = self.nodes.iter().zip(&self.bore).find(|(_, bore)| *bore == bears).map(|(node, _)| node);
        node.filter(|node| self.counts(node)).map(|node| node.comp)
    }

    fn counts(&self, node: &Node) -> bool {
        self.rules.keys.iter().any(|rule| node.bears.keys[rule.key.index()].is_some())
    }
}
