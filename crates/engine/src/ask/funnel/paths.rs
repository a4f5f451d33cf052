//! How far each member came: one machine for each order of steps.
//!
//! Days are counted from the window's first, which is 1, so that 0 says "never". What is remembered of a chain is the
//! day of its entry and the day of its last event, packed into one word; of all chains to a step the one with the latest
//! days is enough: it came from the latest entry too, so a later event that could extend another can extend this one.
//! Memory is laid out step by step, so that a day's events of a step touch two dense arrays.

use model::FunnelAsk;

use super::events::Day;
use crate::kernel::{MASK, PerMember, per_member};

/// What became of the members of one shard.
pub(super) struct Walked {
    /// By step: one more than the days from the entry to the first time a member reached it; 0 for never.
    pub(super) taken: Vec<PerMember<u16>>,
    /// Day of the first entry.
    entered: PerMember<u16>,
    /// Where the first entry was: the lowest code of its day.
    pub(super) place: PerMember<u16>,
}

impl Walked {
    pub(super) fn new(steps: usize) -> Self {
        let taken = (0..steps).map(|_| per_member(0)).collect();
        Self { taken, entered: per_member(0), place: per_member(0) }
    }

    fn enter(&mut self, member: usize, day: u16, code: u16) {
        let (entered, place) = (&mut self.entered[member & MASK], &mut self.place[member & MASK]);
        if *entered == 0 {
            (*entered, *place) = (day, code);
        } else if *entered == day {
            *place = code.min(*place);
        }
    }
}

/// The days that a funnel gives its members.
pub(super) struct Limits {
    /// From the entry to any step.
    whole: u32,
    /// From the step before to each step.
    steps: Vec<u32>,
}

impl Limits {
    pub(super) fn new(ask: &FunnelAsk) -> Self {
        let steps = ask.steps.iter().map(|step| step.within_days.unwrap_or(u32::MAX)).collect();
        Self { whole: ask.within_days, steps }
    }

    /// The chain that the event of `step` on `day` makes of one to the step before; 0 for none.
    #[inline(always)]
    fn extend(&self, chain: u32, step: usize, day: u16) -> u32 {
        let (entry, last) = (chain >> 16, chain & 0xFFFF);
        let now = u32::from(day);
        let holds = (chain != 0) & (now - entry <= self.whole) & (now - last <= self.steps[step]);
        if holds { (chain & 0xFFFF_0000) | now } else { 0 }
    }
}

/// A machine that reads a shard's events day by day.
pub(super) trait Path {
    /// Reads a day's events; `entries` says whether the day lies in the window.
    fn day(&mut self, day: u16, events: &Day, entries: bool, walked: &mut Walked);
}

fn chain_of(day: u16) -> u32 {
    (u32::from(day) << 16) | u32::from(day)
}

/// One more than the days from a chain's entry to its last event.
fn length(chain: u32) -> u16 {
    ((chain & 0xFFFF) - (chain >> 16) + 1) as u16
}

/// Steps in order, anything between.
pub(super) struct InOrder {
    limits: Limits,
    /// By step: the latest chain to it.
    chains: Vec<PerMember<u32>>,
}

impl InOrder {
    pub(super) fn new(limits: Limits) -> Self {
        Self { chains: limits.steps.iter().map(|_| per_member(0)).collect(), limits }
    }
}

impl Path for InOrder {
    fn day(&mut self, day: u16, events: &Day, entries: bool, walked: &mut Walked) {
        if entries {
            for (member, code) in events.of(0) {
                self.chains[0][member & MASK] = chain_of(day);
                walked.taken[0][member & MASK] = 1;
                walked.enter(member, day, code);
            }
        }
        for step in 1..self.chains.len() {
            let (before, after) = self.chains.split_at_mut(step);
            let (before, chains, taken) = (&before[step - 1], &mut after[0], &mut walked.taken[step]);
            for (member, _) in events.of(step) {
                let chain = self.limits.extend(before[member & MASK], step, day);
                if chain != 0 {
                    chains[member & MASK] = chain;
                    let taken = &mut taken[member & MASK];
                    *taken = if *taken == 0 { length(chain) } else { *taken };
                }
            }
        }
    }
}

/// Steps in order, no event of another step between; repeats of a step in a row stand for one.
pub(super) struct Strict {
    limits: Limits,
    members: PerMember<Run>,
}

/// The run of equal steps that a member is in.
#[derive(Clone, Copy, Default)]
struct Run {
    /// One more than its step; 0 before the first event.
    step: u32,
    /// The latest chain that ends in the run.
    chain: u32,
    /// The latest chain that ends in the run before, where that was of the step before.
    before: u32,
}

impl Strict {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, members: per_member(Run::default()) }
    }
}

impl Path for Strict {
    fn day(&mut self, day: u16, events: &Day, entries: bool, walked: &mut Walked) {
        for step in 0..self.limits.steps.len() {
            for (member, code) in events.of(step) {
                let run = &mut self.members[member & MASK];
                if run.step != step as u32 + 1 {
                    let before = if run.step == step as u32 { run.chain } else { 0 };
                    *run = Run { step: step as u32 + 1, chain: 0, before };
                }
                let chain = match step {
                    0 if entries => {
                        walked.enter(member, day, code);
                        chain_of(day)
                    }
                    0 => 0,
                    _ => self.limits.extend(run.before, step, day),
                };
                if chain != 0 {
                    run.chain = chain;
                    let taken = &mut walked.taken[step][member & MASK];
                    *taken = if *taken == 0 { length(chain) } else { *taken };
                }
            }
        }
    }
}

/// Steps in any order: "step" k is having met k different ones.
pub(super) struct AnyOrder {
    limits: Limits,
    /// The last day of each step.
    last: PerMember<[u16; FunnelAsk::MAX_STEPS]>,
    /// The last day in the window with an event of any step.
    entry: PerMember<u16>,
    /// Different steps reached.
    reached: PerMember<u8>,
}

impl AnyOrder {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, last: per_member([0; FunnelAsk::MAX_STEPS]), entry: per_member(0), reached: per_member(0) }
    }

    /// Of the entries from which k steps were met, the latest is the k-th latest of the steps' last days, or the last
    /// day of the window that had an event, where that is earlier.
    fn settle(&mut self, member: usize, day: u16, walked: &mut Walked) {
        let (entry, reached) = (self.entry[member & MASK], &mut self.reached[member & MASK]);
        let steps = self.limits.steps.len();
        if entry == 0 || usize::from(*reached) == steps {
            return;
        }
        let mut last = self.last[member & MASK];
        last.sort_unstable_by(|a, b| b.cmp(a));
        for (step, &last) in last.iter().enumerate().take(steps).skip((*reached).into()) {
            let from = last.min(entry);
            if last == 0 || u32::from(day - from) > self.limits.whole {
                break;
            }
            walked.taken[step][member & MASK] = day - from + 1;
            *reached = step as u8 + 1;
        }
    }
}

impl Path for AnyOrder {
    fn day(&mut self, day: u16, events: &Day, entries: bool, walked: &mut Walked) {
        let steps = self.limits.steps.len();
        for step in 0..steps {
            for (member, code) in events.of(step) {
                self.last[member & MASK][step % FunnelAsk::MAX_STEPS] = day;
                if entries {
                    self.entry[member & MASK] = day;
                    walked.enter(member, day, code);
                }
            }
        }
        // All of a day's events happen at once: only now is it known which entry was the latest.
        for step in 0..steps {
            for (member, _) in events.of(step) {
                self.settle(member, day, walked);
            }
        }
    }
}
