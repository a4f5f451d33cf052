//! The funnel, entry by entry and chain by chain.

use model::{Filter, FunnelAsk, FunnelBy, StepOrder, Window};

use crate::world::World;

/// One member's way through a funnel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// By step: days from the entry to the first time it was reached; none where it never was.
    pub days: Vec<Option<i64>>,
    /// The id of the region or channel that the split puts the member into; empty where unknown or without a split.
    pub group: String,
}

/// Something that belongs to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Event {
    day: i64,
    step: usize,
    /// Lowest first: the store's and the channel's number, a large one for unknown.
    store: u32,
    channel: u32,
}

const UNKNOWN: u32 = 1_000_000;

/// The ways of all members who entered.
pub fn funnel(world: &World, window: Window, filter: &Filter, ask: &FunnelAsk) -> Vec<Way> {
    let facts = world.selected(filter);
    let inside = |event: &Event| window.contains(world.first_day.plus(event.day as i32));
    let mut ways = Vec::new();
    for member in 0..world.members.len() {
        let mut events = Vec::new();
        for (step, wanted) in ask.steps.iter().enumerate() {
            for touch in facts.touches.iter().filter(|touch| touch.member == member) {
                if wanted.touch.contains(&World::kind_name(touch.kind)) {
                    let (store, channel) = (touch.store.into(), touch.channel.into());
                    events.push(Event { day: touch.day.into(), step, store, channel });
                }
            }
            let mut orders: Vec<_> = facts.orders.iter().filter(|order| order.member == Some(member)).collect();
            orders.sort_by_key(|order| order.day);
            for (before, order) in orders.into_iter().enumerate() {
                if wanted.order.is_some_and(|n| n == 0 || n as usize == before + 1) {
                    let (store, channel) = (order.store.into(), order.channel.into());
                    events.push(Event { day: order.day.into(), step, store, channel });
                }
            }
            if wanted.join.is_some() && facts.members[member] {
                events.extend(joining(world, filter, member, step));
            }
        }
        events.sort();
        let entry = |event: &&Event| inside(event) && (event.step == 0 || ask.order == StepOrder::Any);
        let entries: Vec<Event> = events.iter().filter(entry).copied().collect();
        if let Some(first) = entries.first() {
            let place = entries.iter().filter(|entry| entry.day == first.day);
            let days = (0..ask.steps.len()).map(|step| first_reach(ask, &events, &entries, step)).collect();
            ways.push(Way { days, group: group(world, ask, member, place) });
        }
    }
    ways
}

fn joining(world: &World, filter: &Filter, member: usize, step: usize) -> Option<Event> {
    let names_stores = [&filter.regions, &filter.cities, &filter.stores, &filter.formats].iter().any(|n| !n.is_empty());
    let member = world.members[member];
    let day = member.joined.filter(|day| (0..i32::from(world.days)).contains(day))?;
    if names_stores && !member.home.is_some_and(|home| world.keeps_store(filter, home)) {
        return None;
    }
    let (store, channel) = (member.home.map_or(UNKNOWN, u32::from), member.source.map_or(UNKNOWN, u32::from));
    Some(Event { day: day.into(), step, store, channel })
}

fn group<'a>(world: &World, ask: &FunnelAsk, member: usize, place: impl Iterator<Item = &'a Event> + Clone) -> String {
    let channel = |code: u32| if code == UNKNOWN { String::new() } else { World::channel_id(code as u8) };
    match ask.by {
        None => String::new(),
        Some(FunnelBy::SourceChannel) => channel(world.members[member].source.map_or(UNKNOWN, u32::from)),
        Some(FunnelBy::Channel) => channel(place.map(|event| event.channel).min().unwrap_or(UNKNOWN)),
        Some(FunnelBy::Region) => {
            let store = place.map(|event| event.store).min().unwrap_or(UNKNOWN);
            world.stores.get(store as usize).map_or(String::new(), |place| World::region_id(place.region))
        }
    }
}

/// The earliest day on which the step is reached from any entry, less the latest entry from which it is on that day.
fn first_reach(ask: &FunnelAsk, events: &[Event], entries: &[Event], step: usize) -> Option<i64> {
    let mut reached: Vec<(i64, i64)> = Vec::new();
    for entry in entries {
        let days = match ask.order {
            StepOrder::Any => different_steps(ask, events, entry, step + 1),
            StepOrder::InOrder | StepOrder::Strict => chains(ask, events, entry, step),
        };
        reached.extend(days.into_iter().map(|day| (day, entry.day)));
    }
    let first = reached.iter().map(|&(day, _)| day).min()?;
    reached.iter().filter(|&&(day, _)| day == first).map(|&(day, entry)| day - entry).min()
}

/// The days of the step's events that some chain from this entry ends in.
fn chains(ask: &FunnelAsk, events: &[Event], entry: &Event, step: usize) -> Vec<i64> {
    // Equal events are interchangeable, except that a strict chain may have to leave from the last of them.
    let mut ends: Vec<usize> = (0..events.len()).filter(|&at| events[at] == *entry).collect();
    for next in 1..=step {
        let follows = |from: usize, to: usize| {
            let days = events[to].day - events[from].day;
            let between = &events[from + 1..to];
            let repeats = between.iter().take_while(|event| event.step == next - 1).count();
            from < to
                && events[to].day - entry.day <= i64::from(ask.within_days)
                && ask.steps[next].within_days.is_none_or(|within| days <= i64::from(within))
                && (ask.order == StepOrder::InOrder || between[repeats..].iter().all(|event| event.step == next))
        };
        let of_step = (0..events.len()).filter(|&to| events[to].step == next);
        ends = of_step.filter(|&to| ends.iter().any(|&from| from < to && follows(from, to))).collect();
    }
    ends.into_iter().map(|end| events[end].day).collect()
}

/// The day on which so many different steps were met since the entry, its whole day included.
fn different_steps(ask: &FunnelAsk, events: &[Event], entry: &Event, count: usize) -> Vec<i64> {
    let last = entry.day + i64::from(ask.within_days);
    let met = |step: usize| {
        let mine = events.iter().filter(|event| event.step == step && (entry.day..=last).contains(&event.day));
        mine.map(|event| event.day).min()
    };
    let mut first: Vec<i64> = (0..ask.steps.len()).filter_map(met).collect();
    first.sort_unstable();
    first.get(count - 1).copied().into_iter().collect()
}
