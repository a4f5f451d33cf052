//! One person's identities over channels, written as channels are first used, and what facts say instead of a member.
//!
//! All draws come from a stream of its own for each person, so that facts are the same whatever is asked of identities.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, DayNumber};
use crate::channels::CHANNELS;
use crate::dice::Dice;
use crate::ledger::{member_id, put_time};
use crate::output::{Folder, Table};
use crate::stores::Stores;
use crate::{Options, SampleError};

mod keys;
mod known;

use keys::{Moment, Number, Phone, Sharing};
use known::{Kind, program};

/// Streams of identities, above those of members and below those of keys.
const STREAM: u64 = 1 << 36;
/// Identities of a person at most; whoever uses more channels is unknown in the others.
const MOST: usize = 6;
/// Share of phone numbers that were mistyped, and so are nobody's.
const TYPED_WRONG: f64 = 0.001;
/// Share of missing keys that an export spells out.
const SPELLED: f64 = 0.001;
/// How some systems write that there is nothing.
const NOTHING: [&str; 6] = ["NULL", "null", "N/A", "\\N", "-", "无"];
/// Share of those met at a till with a shared tablet for whom its number is typed.
const TABLET: f64 = 0.3;
/// Of identities that no key leads to their person, share for which the service desk finds the person after all.
const FOUND: f64 = 0.985;
/// Share of facts that bear a key which is known of nobody.
const STRANGE: f64 = 0.02;
/// Days within which a number is surely still the same person's.
const SURE_DAYS: Moment = 365;
/// An over-shared number has so many identities at least, to be counted as one.
const MANY: u32 = 12;

/// What was planted among the identities, as in `truths.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityTruths {
    /// Rows of `identities.csv`; each has one in `truth_identities.csv`.
    pub identities: u64,
    /// Of them, those that name their member.
    pub with_member_id: u64,
    /// Of them, those that no key leads to their person: nobody could join them.
    pub unlinkable: u64,
    /// Phone numbers of companies and shop tablets, with a dozen identities or more.
    pub over_shared_phones: u64,
    /// Identities with one of those.
    pub over_shared_identities: u64,
    /// Phone numbers that two people are seen with, one after the other.
    pub recycled_phones: u64,
    /// Identities that have the payment account of somebody else in the family.
    pub family_payments: u64,
    /// Phone numbers that were mistyped.
    pub typed_wrong: u64,
    /// Missing keys that are spelled out, such as `NULL`.
    pub spelled_nothing: u64,
    /// Orders that bear keys instead of their member; `truth_orders.csv` says whose they are.
    pub orders_by_keys: u64,
    /// Of them, those with a payment account and nothing else.
    pub orders_by_payment: u64,
    /// Touches that bear keys instead of their member.
    pub touches_by_keys: u64,
}

/// Keys that a fact bears instead of its member, as the file has them; empty where there is none.
pub(crate) type Borne = [String; 5];

/// The columns of [`Borne`] in `orders.csv` and `touches.csv`.
pub(crate) const BORNE: [&str; 5] = ["external_id", "phone_hash", "union_id", "open_id", "payment_id"];

/// One identity of the person at hand.
#[derive(Clone, Copy)]
struct Account {
    channel: u8,
    external: u64,
    open: Option<u64>,
}

/// The person at hand.
struct Person {
    index: u32,
    home: u16,
    phone: Phone,
    union: u64,
    payment: u64,
    family: bool,
    accounts: Vec<Account>,
    /// Numbers that lead to the person, and when they last did.
    phones: Vec<(u64, Moment)>,
    union_leads: bool,
    payment_leads: bool,
    dice: Dice,
}

/// The files about identities, and the person whose life is being written.
pub(crate) struct Identities<'a> {
    table: Table,
    truth: Table,
    /// Whose the orders are that bear keys; only where there are such.
    orders: Option<Table>,
    sharing: Sharing<'a>,
    calendar: &'a Calendar,
    seed: u64,
    /// Share of facts that bear keys instead of their member.
    share: f64,
    person: Option<Person>,
    counts: IdentityTruths,
    /// Identities by shared number.
    shared: HashMap<u64, u32>,
    /// First holders who were seen with the number that they gave up.
    passed_on: HashSet<u32>,
    row: [String; 8],
    borne: Borne,
}

impl<'a> Identities<'a> {
    pub(crate) fn new(
        folder: &mut Folder,
        options: &Options,
        calendar: &'a Calendar,
        stores: &'a Stores,
    ) -> Result<Self, SampleError> {
        let share = f64::from(options.identities_only) / 100.0;
        Ok(Self {
            table: folder.table(
                "identities.csv",
                &[
                    "channel_id",
                    "external_id",
                    "member_id",
                    "phone_hash",
                    "union_id",
                    "open_id",
                    "payment_id",
                    "seen_at",
                ],
            )?,
            truth: folder.table("truth_identities.csv", &["channel_id", "external_id", "person"])?,
            orders: (share > 0.0).then(|| folder.table("truth_orders.csv", &["order_id", "person"])).transpose()?,
            sharing: Sharing::new(options.seed, options.members, options.recycled_phones / 100.0, calendar, stores),
            calendar,
            seed: options.seed,
            share,
            person: None,
            counts: IdentityTruths::default(),
            shared: HashMap::new(),
            passed_on: HashSet::new(),
            row: Default::default(),
            borne: Borne::default(),
        })
    }

    /// Whether facts may bear keys instead of their member.
    pub(crate) fn borne(&self) -> bool {
        self.share > 0.0
    }

    /// Begins a person's life with the identity it joined by.
    pub(crate) fn begin(
        &mut self,
        index: u32,
        home: u16,
        source: u8,
        joined: (Moment, &str),
    ) -> Result<(), SampleError> {
        let keys = self.sharing.keys(index);
        let (payment, family) = self.sharing.payment(index);
        self.person = Some(Person {
            index,
            home,
            phone: self.sharing.phone(index),
            union: keys.union,
            payment,
            family,
            accounts: Vec::with_capacity(MOST),
            phones: Vec::new(),
            union_leads: false,
            payment_leads: false,
            dice: Dice::new(self.seed, STREAM + u64::from(index)),
        });
        self.row[7].clear();
        self.row[7].push_str(joined.1);
        self.account(source, joined.0).map(|_| ())
    }

    /// The person at hand uses a channel; the keys that this fact bears, where it names no member.
    pub(crate) fn meet(
        &mut self,
        channel: u8,
        (day, second): (DayNumber, u32),
        order: Option<&str>,
    ) -> Result<Option<&Borne>, SampleError> {
        put_time(&mut self.row[7], self.calendar, day, second);
        let account = self.account(channel, day.into())?;
        let share = self.share;
        let person = self.person.as_mut().expect("a life has begun");
        let bears = Kind::of(channel).bears();
        // Drawn first, so that a larger share keeps what a smaller one has.
        let lost = person.dice.unit();
        let (with_phone, with_payment) = (person.dice.below(100) < bears.phone, person.dice.below(100) < bears.payment);
        let strange = person.dice.chance(STRANGE);
        let number = person.phone.on(day.into());
        let known_phone = strange || person.phones.iter().any(|(value, _)| *value == number.value);
        let phone = (with_phone && known_phone).then_some(number.value);
        let payment = (order.is_some() && with_payment && (strange || person.payment_leads)).then_some(person.payment);
        let external = account.filter(|_| bears.external).map(|a| a.external);
        let open = account.filter(|_| bears.open).and_then(|a| a.open);
        let union = (bears.union && person.union_leads).then_some(person.union);
        let any = [phone, payment, external, open, union].iter().any(Option::is_some);
        if lost >= share * bears.often || !any {
            return Ok(None);
        }
        let [external_text, phone_text, union_text, open_text, payment_text] = &mut self.borne;
        put_key(external_text, "x", external);
        put_phone(phone_text, phone);
        put_key(union_text, "u", union);
        put_key(open_text, "o", open);
        put_key(payment_text, "p", payment);
        match (order, &mut self.orders) {
            (Some(order), Some(orders)) => {
                member_id(&mut self.row[2], person.index);
                orders.row([order, &self.row[2]])?;
                self.counts.orders_by_keys += 1;
                let alone = [external, phone, union, open].iter().all(Option::is_none);
                self.counts.orders_by_payment += u64::from(alone);
            }
            _ => self.counts.touches_by_keys += 1,
        }
        Ok(Some(&self.borne))
    }

    /// The person's identity in a channel, written when it is first met; none beyond [`MOST`].
    fn account(&mut self, channel: u8, moment: Moment) -> Result<Option<Account>, SampleError> {
        let person = self.person.as_mut().expect("a life has begun");
        if let Some(account) = person.accounts.iter().find(|a| a.channel == channel) {
            return Ok(Some(*account));
        }
        if person.accounts.len() == MOST {
            return Ok(None);
        }
        let kind = Kind::of(channel);
        let known = kind.known();
        let first = person.accounts.is_empty();
        let dice = &mut person.dice;
        let mut has = |of_hundred: u32| dice.below(100) < of_hundred;
        let mut member = has(known.member) || first;
        let with_phone = has(known.phone) || first;
        let (with_union, with_payment) = (has(known.union), has(known.payment));
        let number = person.phone.on(moment);
        let given = given(&self.sharing, person, kind, first).unwrap_or(number);
        let wrong = with_phone && given.own && person.dice.chance(TYPED_WRONG);
        let mut phone = with_phone.then_some(if wrong {
            Number { value: person.dice.token(), own: false, recycled: None }
        } else {
            given
        });
        let union = with_union.then_some(person.union);
        let payment = with_payment.then_some(person.payment);
        let leads = |number: &Number, within: Moment| {
            let same = |(value, at): &(u64, Moment)| *value == number.value && moment - at <= within;
            number.own && person.phones.iter().any(same)
        };
        let by_union = union.is_some() && person.union_leads;
        let mut linked = member
            || by_union
            || payment.is_some() && person.payment_leads
            || phone.is_some_and(|number| leads(&number, Moment::MAX));
        if self.share == 0.0 {
            // Then every identity is its member's beyond doubt, so that members are the same with and without them.
            let doubtful = phone.is_some_and(|p| !p.own || p.recycled.is_some()) || payment.is_some() && person.family;
            let sure = by_union || phone.is_some_and(|number| leads(&number, SURE_DAYS));
            member |= doubtful || !sure;
            linked = true;
        } else if !linked && person.dice.chance(FOUND) {
            if leads(&number, Moment::MAX) {
                phone = Some(number);
            } else {
                member = true;
            }
            linked = true;
        }
        let account = Account {
            channel,
            external: person.dice.token() >> 4,
            open: program(channel).map(|name| {
                let same = person.accounts.iter().find(|a| program(a.channel) == Some(name));
                same.and_then(|a| a.open).unwrap_or_else(|| person.dice.token() >> 4)
            }),
        };
        person.accounts.push(account);
        if linked {
            person.union_leads |= union.is_some();
            person.payment_leads |= payment.is_some() && !person.family;
            person.phones.extend(phone.filter(|p| p.own).map(|p| (p.value, moment)));
        } else {
            self.counts.unlinkable += 1;
        }
        let [channel_text, external, member_text, phone_text, union_text, open, payment_text, _] = &mut self.row;
        channel_text.clear();
        channel_text.push_str(CHANNELS[usize::from(channel)].id);
        put_key(external, "x", Some(account.external));
        member_text.clear();
        if member {
            member_id(member_text, person.index);
        }
        put_phone(phone_text, phone.map(|p| p.value));
        put_key(union_text, "u", union);
        put_key(open, "o", account.open);
        put_key(payment_text, "p", payment);
        let spells = self.share > 0.0 || member;
        for cell in [phone_text, union_text, payment_text] {
            if cell.is_empty() && person.dice.chance(SPELLED) && spells {
                cell.push_str(person.dice.pick(&NOTHING));
                self.counts.spelled_nothing += 1;
            }
        }
        self.counts.identities += 1;
        self.counts.with_member_id += u64::from(member);
        self.counts.typed_wrong += u64::from(wrong && phone.is_some_and(|p| !p.own));
        self.counts.family_payments += u64::from(payment.is_some() && person.family);
        let index = person.index;
        if let Some(number) = phone {
            self.count(number, index, wrong);
        }
        let row = self.row.each_ref().map(String::as_str);
        self.table.row(row)?;
        let mut whose = String::new();
        member_id(&mut whose, index);
        self.truth.row([row[0], row[1], &whose])?;
        Ok(Some(account))
    }

    fn count(&mut self, number: Number, person: u32, wrong: bool) {
        if !number.own && !wrong {
            *self.shared.entry(number.value).or_default() += 1;
        }
        match number.recycled {
            Some(first) if first == person => {
                self.passed_on.insert(first);
            }
            Some(first) => self.counts.recycled_phones += u64::from(self.passed_on.remove(&first)),
            None => {}
        }
    }

    /// The files, and what was planted in them.
    pub(crate) fn close(mut self) -> (Vec<Table>, IdentityTruths) {
        let many = self.shared.values().filter(|identities| **identities >= MANY);
        self.counts.over_shared_phones = many.clone().count() as u64;
        self.counts.over_shared_identities = many.map(|identities| u64::from(*identities)).sum();
        (self.orders.into_iter().chain([self.table, self.truth]).collect(), self.counts)
    }
}

/// The number that somebody gives instead of the own one: the employer's when joining, or what is typed at the till.
fn given(sharing: &Sharing, person: &mut Person, kind: Kind, first: bool) -> Option<Number> {
    let hurry = person.dice.chance(TABLET);
    let company = sharing.company(person.index, &mut person.dice).filter(|_| first);
    company.or_else(|| sharing.tablet(person.index, person.home).filter(|_| hurry && kind == Kind::Till))
}

fn put_key(text: &mut String, letter: &str, key: Option<u64>) {
    text.clear();
    if let Some(key) = key {
        write!(text, "{letter}{key:015x}").expect("writing to a string cannot fail");
    }
}

fn put_phone(text: &mut String, key: Option<u64>) {
    text.clear();
    if let Some(key) = key {
        write!(text, "{key:016x}").expect("writing to a string cannot fail");
    }
}
