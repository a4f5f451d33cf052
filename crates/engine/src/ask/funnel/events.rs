//! The events of a shard that belong to steps, day by day.

use std::ops::Range;

use model::{FunnelAsk, FunnelBy, Step};
use snapshot::Rows;

use crate::job::{Columns, Reach};
use crate::kernel::{MASK, per_member};
use crate::plan::Frame;
use crate::view::View;

/// Stands for no step; the first number that no step has.
const NO_STEP: u8 = FunnelAsk::MAX_STEPS as u8;

/// What belongs to which step, and the days on which it counts.
pub(super) struct Events {
    /// Days of events: from the window's first to the last on which somebody may still be followed.
    pub(super) days: Range<usize>,
    /// The step of each touch kind.
    kinds: [u8; 256],
    has_touches: bool,
    orders: Orders,
    /// The step of joining.
    join: Option<u8>,
    /// Days since 1970 of the snapshot's first day.
    first_day: i32,
    place: Place,
}

/// Which orders belong to steps.
enum Orders {
    None,
    /// All of them to one step.
    Any(u8),
    /// The step of a member's n-th order; the last entry stands for all later ones.
    Nth(Vec<u8>),
}

/// What an event's code tells of where it was.
#[derive(Clone, Copy)]
enum Place {
    Nothing,
    Store,
    Channel,
}

/// The events of one day, step by step: the member in the lower half, the code of the place in the upper.
pub(super) struct Day {
    cells: Vec<u32>,
    stride: usize,
    lens: [usize; 16],
}

impl Day {
    /// The events of a step.
    pub(super) fn of(&self, step: usize) -> impl Iterator<Item = (usize, u16)> + '_ {
        let cells = &self.cells[step * self.stride..][..self.lens[step]];
        cells.iter().map(|&cell| (cell as usize & MASK, (cell >> 16) as u16))
    }

    /// Notes an event. Events of no step are written too, to a list that nobody reads: there is no branch to mispredict.
    #[inline(always)]
    fn push(&mut self, step: u8, member: u16, code: u16) {
        let step = usize::from(step) & 15;
        self.cells[step * self.stride + self.lens[step]] = u32::from(member) | (u32::from(code) << 16);
        self.lens[step] += 1;
    }
}

impl Events {
    pub(super) fn new(ask: &FunnelAsk, frame: &Frame<'_>) -> Self {
        let window = frame.question.window;
        let kinds = &frame.dimensions().touch_kinds;
        let step_of = |belongs: &dyn Fn(&Step) -> bool| ask.steps.iter().position(belongs).map(|step| step as u8);
        let mut steps = [NO_STEP; 256];
        for (slot, kind) in steps.iter_mut().zip(kinds) {
            *slot = step_of(&|step| step.touch.contains(kind)).unwrap_or(NO_STEP);
        }
        let last = ask.steps.iter().filter_map(|step| step.order).max();
        let orders = match last {
            None => Orders::None,
            Some(0) => Orders::Any(step_of(&|step| step.order.is_some()).unwrap_or(NO_STEP)),
            Some(last) => {
                Orders::Nth((0..=last + 1).map(|n| step_of(&|step| step.order == Some(n)).unwrap_or(NO_STEP)).collect())
            }
        };
        Self {
            days: frame.days(window.from(), window.to().plus(ask.within_days as i32)),
            kinds: steps,
            has_touches: ask.steps.iter().any(|step| !step.touch.is_empty()),
            orders,
            join: step_of(&|step| step.join.is_some()),
            first_day: frame.manifest.first_day.epoch_days(),
            place: match ask.by {
                None | Some(FunnelBy::SourceChannel) => Place::Nothing,
                Some(FunnelBy::Region) => Place::Store,
                Some(FunnelBy::Channel) => Place::Channel,
            },
        }
    }

    /// Numbering orders needs all that came before the window; touches do not.
    pub(super) fn reach(&self) -> Reach {
        Reach {
            orders: match self.orders {
                Orders::None => 0..0,
                Orders::Any(_) => self.days.clone(),
                Orders::Nth(_) => 0..self.days.end,
            },
            touches: if self.has_touches { self.days.clone() } else { 0..0 },
            columns: Columns { store: true, channel: true, kind: true },
            ..Reach::default()
        }
    }

    /// Calls `each` with every day that has events, in time order.
    ///
    /// One pass over a day's rows deals them to steps by a table that stays in the first cache; what belongs to no step,
    /// most touches, is never looked at again.
    pub(super) fn for_each_day(&self, view: &View<'_>, mut each: impl FnMut(usize, &Day)) {
        let joins = self.joins(view);
        let mut joins = &joins[..];
        let rows_of = |rows: &Rows<'_>, day: usize| rows.range(day..day + 1).len();
        let most = self.days.clone().map(|day| rows_of(&view.touches, day) + rows_of(&view.orders, day)).max();
        let stride = most.unwrap_or(0) + joins.len() + 1;
        let lists = usize::from(NO_STEP) + 1;
        let mut events = Day { cells: vec![0; lists * stride], stride, lens: [0; 16] };
        let mut orders_before = per_member(0u16);
        if let Orders::Nth(_) = self.orders {
            for &member in &view.orders.member[view.orders.range(0..self.days.start)] {
                let count = &mut orders_before[usize::from(member) & MASK];
                *count = count.saturating_add(1);
            }
        }
        for day in self.days.clone() {
            events.lens = [0; 16];
            if self.has_touches {
                let rows = view.touches.range(day..day + 1);
                let (kinds, start) = (view.touches.kind, rows.start);
                self.deal(&view.touches, rows, &mut events, |i, _| self.kinds[usize::from(kinds.get(start + i))]);
            }
            let rows = view.orders.range(day..day + 1);
            match &self.orders {
                Orders::None => {}
                Orders::Any(step) => self.deal(&view.orders, rows, &mut events, |_, _| *step),
                Orders::Nth(steps) => self.deal(&view.orders, rows, &mut events, |_, member| {
                    let count = &mut orders_before[usize::from(member) & MASK];
                    *count = count.saturating_add(1);
                    steps[usize::from(*count).min(steps.len() - 1)]
                }),
            }
            while let Some((&(joined, member), rest)) = joins.split_first()
                && joined as usize == day
            {
                events.push(self.join.unwrap_or(NO_STEP), member, self.home_of(view, member.into()));
                joins = rest;
            }
            if events.lens[..usize::from(NO_STEP)].iter().any(|&len| len != 0) {
                each(day, &events);
            }
        }
    }

    #[inline(always)]
    fn deal(&self, rows: &Rows<'_>, range: Range<usize>, events: &mut Day, step: impl FnMut(usize, u16) -> u8) {
        let (stores, channels) = (&rows.store[range.clone()], &rows.channel[range.clone()]);
        let members = &rows.member[range];
        match self.place {
            Place::Nothing => deal_with(members, events, step, |_| 0),
            Place::Store => deal_with(members, events, step, |i| stores[i]),
            Place::Channel => deal_with(members, events, step, |i| channels[i].into()),
        }
    }

    /// Day and member of each joining that counts, in time order.
    fn joins(&self, view: &View<'_>) -> Vec<(u32, u16)> {
        let joined = view.shard.joined_day().iter().zip(view.shard.home_store()).enumerate();
        let mut joins: Vec<(u32, u16)> = joined
            .filter_map(|(member, (&joined, &home))| {
                let day = joined.checked_sub(self.first_day)?;
                let here = view.all_stores || view.stores.get(usize::from(home)).is_some_and(|&keep| keep != 0);
                let day = u32::try_from(day).ok().filter(|&day| self.days.contains(&(day as usize)))?;
                (self.join.is_some() && here && view.keeps(member)).then_some((day, member as u16))
            })
            .collect();
        joins.sort_unstable();
        joins
    }

    /// The code of the place where a member joins.
    fn home_of(&self, view: &View<'_>, member: usize) -> u16 {
        match self.place {
            Place::Nothing => 0,
            Place::Store => view.shard.home_store()[member],
            Place::Channel => view.shard.source_channel()[member].into(),
        }
    }
}

#[inline(always)]
fn deal_with(members: &[u16], events: &mut Day, mut step: impl FnMut(usize, u16) -> u8, code: impl Fn(usize) -> u16) {
    for (i, &member) in members.iter().enumerate() {
        events.push(step(i, member), member, code(i));
    }
}
