//! The rows of one shard as a builder hands them over, and the rules they keep.

use crate::{MAX_MEMBERS, MOST_SUM, NONE_U16, SnapshotError};

/// The rows of one shard, before coding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShardData {
    /// The calendar's first day, days since 1970-01-01; day 0 of the facts.
    pub first_day: i32,
    /// Days of the calendar, at most 65,534.
    pub days: u32,
    /// Members, numbered by position.
    pub members: Members,
    /// Orders of members, sorted by (day, member, time).
    pub orders: Orders,
    /// Orders without a member, sorted by (day, time).
    pub anonymous: Anonymous,
    /// Touches, sorted by (day, member, time).
    pub touches: Touches,
}

/// Attributes of members; all columns have one length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// Index into the manifest's stores, or [`NONE_U16`].
    pub home_store: Vec<u16>,
    /// Index into the manifest's channels, or [`crate::NONE_U8`].
    pub source_channel: Vec<u8>,
    /// Index into the manifest's tiers, or [`crate::NONE_U8`].
    pub tier: Vec<u8>,
    /// Days since 1970-01-01, or [`crate::UNKNOWN_DAY`].
    pub joined_day: Vec<i32>,
}

/// Orders of members; all columns have one length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Orders {
    /// Days since the calendar's first day.
    pub day: Vec<u16>,
    /// Local member number.
    pub member: Vec<u16>,
    /// Index into the manifest's stores.
    pub store: Vec<u16>,
    /// Index into the manifest's channels.
    pub channel: Vec<u8>,
    /// Net paid, minor units, never negative.
    pub amount: Vec<i64>,
    /// Index into the manifest's campaigns, or [`NONE_U16`].
    pub campaign: Vec<u16>,
}

/// Orders without a member; all columns have one length. The columns mean what they mean in [`Orders`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anonymous {
    /// See [`Orders::day`].
    pub day: Vec<u16>,
    /// See [`Orders::store`].
    pub store: Vec<u16>,
    /// See [`Orders::channel`].
    pub channel: Vec<u8>,
    /// See [`Orders::amount`].
    pub amount: Vec<i64>,
    /// See [`Orders::campaign`].
    pub campaign: Vec<u16>,
}

/// Touches; all columns have one length. Columns shared with [`Orders`] mean the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touches {
    /// See [`Orders::day`].
    pub day: Vec<u16>,
    /// See [`Orders::member`].
    pub member: Vec<u16>,
    /// See [`Orders::store`].
    pub store: Vec<u16>,
    /// See [`Orders::channel`].
    pub channel: Vec<u8>,
    /// Index into the manifest's touch kinds.
    pub kind: Vec<u8>,
    /// See [`Orders::campaign`].
    pub campaign: Vec<u16>,
}

impl ShardData {
    /// Checks the rules of the format that need no manifest.
    pub(super) fn check(&self) -> Result<(), SnapshotError> {
        let rule = |holds: bool, what: &str| {
            if holds { Ok(()) } else { Err(SnapshotError::Rows { what: what.to_owned() }) }
        };
        let members = self.members.home_store.len();
        let Self { orders: o, anonymous: a, touches: t, members: m, .. } = self;
        rule(members <= MAX_MEMBERS, "more than 16,384 members")?;
        rule((1..NONE_U16.into()).contains(&self.days), "a calendar of no day or of more than 65,534")?;
        let same = |len: usize, lens: &[usize]| lens.iter().all(|&l| l == len);
        rule(
            same(members, &[m.source_channel.len(), m.tier.len(), m.joined_day.len()])
                && same(
                    o.day.len(),
                    &[o.member.len(), o.store.len(), o.channel.len(), o.amount.len(), o.campaign.len()],
                )
                && same(a.day.len(), &[a.store.len(), a.channel.len(), a.amount.len(), a.campaign.len()])
                && same(t.day.len(), &[t.member.len(), t.store.len(), t.channel.len(), t.kind.len(), t.campaign.len()]),
            "columns of different lengths",
        )?;
        let sorted = |day: &[u16], member: &[u16]| {
            day.iter().zip(member).is_sorted() && day.iter().all(|&d| u32::from(d) < self.days)
        };
        rule(sorted(&o.day, &o.member) && sorted(&t.day, &t.member), "facts out of order")?;
        rule(a.day.is_sorted() && a.day.iter().all(|&d| u32::from(d) < self.days), "anonymous orders out of order")?;
        rule(o.member.iter().chain(&t.member).all(|&n| usize::from(n) < members), "a fact of no member")?;
        rule(o.amount.iter().chain(&a.amount).all(|&amount| amount >= 0), "a negative amount")?;
        let sum = |amounts: &[i64]| amounts.iter().fold(0i64, |sum, &amount| sum.saturating_add(amount));
        rule(
            sum(&o.amount) <= MOST_SUM && sum(&a.amount) <= MOST_SUM,
            "amounts that sum to more than 70 trillion minor units; check the source's amounts",
        )?;
        let stores = o.store.iter().chain(&a.store).chain(&t.store);
        rule(stores.copied().all(|s| s < 65_000), "a store number above the format's 65,000")?;
        let channels = o.channel.iter().chain(&a.channel).chain(&t.channel);
        rule(channels.copied().all(|c| c < 254), "a channel number above the format's 254")
    }
}
