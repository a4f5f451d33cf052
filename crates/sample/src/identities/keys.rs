//! Keys of people, as pure functions of the seed: two people can share one without being made together.

use crate::calendar::Calendar;
use crate::dice::Dice;
use crate::people::{joined, joined_before};
use crate::stores::Stores;

/// Streams of keys and of who shares them lie far above those of members.
const KEYS: u64 = 1 << 40;
const RECYCLES: u64 = 2 << 40;
const FAMILIES: u64 = 3 << 40;
const COMPANIES: u64 = 4 << 40;
const TABLETS: u64 = 5 << 40;

/// Members whose employers lie together.
const COMPANY_SPAN: u32 = 4_000;
/// Share of members who gave their employer's phone number when they joined.
const AT_WORK: f64 = 0.03;
/// Members of every store, on average, who may meet one tablet before it is replaced.
const TABLET_SPAN: u32 = 200;
/// Share of stores where the tablet's own number is typed for those who are in a hurry.
const TABLET_STORES: f64 = 0.2;
/// Guides that a store with a tablet has at least: it is no small one.
const TABLET_GUIDES: u8 = 4;
/// Share of couples of neighbouring members of whom the second pays by the first's account.
const FAMILY: f64 = 0.012;
/// Days that an operator lets a number rest, at least and at most.
const REST_DAYS: (u32, u32) = (90, 390);

/// A day of the sample, below 0 before it.
pub(crate) type Moment = i64;

/// What a person can be known by.
pub(crate) struct Keys {
    pub(crate) phone: u64,
    /// The number after the first was given up.
    pub(crate) next_phone: u64,
    pub(crate) union: u64,
    pub(crate) payment: u64,
}

/// A person's phone number, and from which day on it has another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Phone {
    first: Number,
    then: Option<(Moment, Number)>,
}

impl Phone {
    pub(crate) fn on(&self, moment: Moment) -> Number {
        self.then.filter(|(from, _)| moment >= *from).map_or(self.first, |(_, number)| number)
    }
}

/// Who shares which keys with whom.
pub(crate) struct Sharing<'a> {
    seed: u64,
    members: u32,
    /// Share of members whose number was somebody else's before.
    recycled: f64,
    calendar: &'a Calendar,
    stores: &'a Stores,
}

/// A phone number at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) value: u64,
    /// Whether it is one person's at the same time.
    pub(crate) own: bool,
    /// Where it changes hands: its first holder.
    pub(crate) recycled: Option<u32>,
}

impl<'a> Sharing<'a> {
    pub(crate) fn new(seed: u64, members: u32, recycled: f64, calendar: &'a Calendar, stores: &'a Stores) -> Self {
        Self { seed, members, recycled, calendar, stores }
    }

    /// A person's own keys.
    pub(crate) fn keys(&self, person: u32) -> Keys {
        let mut dice = Dice::new(self.seed, KEYS + u64::from(person));
        let short = |dice: &mut Dice| dice.token() >> 4;
        Keys { phone: dice.token(), next_phone: dice.token(), union: short(&mut dice), payment: short(&mut dice) }
    }

    /// A person's numbers. The first holder gives one up some months before the second joins with it.
    pub(crate) fn phone(&self, person: u32) -> Phone {
        let number = |value, recycled| Number { value, own: true, recycled };
        if let Some(first) = self.first_holder(person) {
            return Phone { first: number(self.keys(first).phone, Some(first)), then: None };
        }
        let keys = self.keys(person);
        match self.second_holder(person).and_then(|second| self.given_up(second)) {
            Some(day) => {
                Phone { first: number(keys.phone, Some(person)), then: Some((day, number(keys.next_phone, None))) }
            }
            None => Phone { first: number(keys.phone, None), then: None },
        }
    }

    /// Whose number it was; those who joined before the sample pass theirs on to those who join in it.
    fn first_holder(&self, second: u32) -> Option<u32> {
        let before = joined_before(self.members);
        let late = second.checked_sub(before)?;
        let share = self.recycled * f64::from(self.members) / f64::from(self.members - before);
        let recycles = Dice::new(self.seed, RECYCLES + u64::from(second)).chance(share);
        recycles.then(|| (u64::from(late) * u64::from(before) / u64::from(self.members - before)) as u32)
    }

    /// Who has a person's number afterwards.
    fn second_holder(&self, first: u32) -> Option<u32> {
        let before = joined_before(self.members);
        if first >= before {
            return None;
        }
        let late = (u64::from(first) * u64::from(self.members - before)).div_ceil(u64::from(before)) as u32;
        let second = before + late;
        (second < self.members && self.first_holder(second) == Some(first)).then_some(second)
    }

    /// The day from which the first holder has another number.
    fn given_up(&self, second: u32) -> Option<Moment> {
        let mut dice = Dice::new(self.seed, RECYCLES + u64::from(second));
        dice.unit();
        let rest = dice.between(REST_DAYS.0, REST_DAYS.1);
        Some(Moment::from(joined(self.calendar, self.members, second)?) - Moment::from(rest))
    }

    /// The employer's number that a person gave when joining; a hundred others gave it too.
    pub(crate) fn company(&self, person: u32, dice: &mut Dice) -> Option<Number> {
        let number = || Dice::new(self.seed, COMPANIES + u64::from(person / COMPANY_SPAN)).token();
        dice.chance(AT_WORK).then(|| Number { value: number(), own: false, recycled: None })
    }

    /// The number of the tablet in a person's shop, where that is typed for customers.
    pub(crate) fn tablet(&self, person: u32, store: u16) -> Option<Number> {
        let batch = person / (TABLET_SPAN * self.stores.list.len() as u32);
        let habit = Dice::new(self.seed, TABLETS + u64::from(store)).chance(TABLET_STORES);
        let large = self.stores.list[usize::from(store)].guides >= TABLET_GUIDES;
        let number = || Dice::new(self.seed, TABLETS + (u64::from(batch + 1) << 16) + u64::from(store)).token();
        (habit && large).then(|| Number { value: number(), own: false, recycled: None })
    }

    /// The payment account a person pays by, and whether it is somebody else's.
    pub(crate) fn payment(&self, person: u32) -> (u64, bool) {
        let family = person % 2 == 1 && Dice::new(self.seed, FAMILIES + u64::from(person / 2)).chance(FAMILY);
        (self.keys(if family { person - 1 } else { person }).payment, family)
    }
}
