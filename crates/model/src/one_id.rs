//! What joining identities found, and how much of the retailer's trade is of known members.

use serde::{Deserialize, Serialize};

use crate::Day;

/// The OneID report of a build: how identities became members.
///
/// An identity is what was seen together: a row of `identities`, a row of `members`, or the keys of an order or touch.
/// Every identity has exactly one member. A source without identities has no such report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneId {
    /// Different identities: of `identities` and `members`, and those that orders and touches add.
    pub identities: u64,
    /// Members that they became.
    pub members: u64,
    /// What each key did, the strongest first.
    pub keys: Vec<KeyReport>,
    /// What was not joined although a key said so, by reason.
    pub conflicts: Vec<OneIdConflict>,
    /// Members by how many identities they have: 1, 2, 3 … 10 or more.
    pub members_by_identities: Vec<u64>,
    /// Orders that carry an identity and yet no member: all they carry is shared by too many.
    #[serde(default)]
    pub orders_without: u64,
    /// Touches likewise; they are set aside, since a touch is somebody's.
    #[serde(default)]
    pub touches_without: u64,
    /// Rounds that joining took, all keys together.
    #[serde(default)]
    pub rounds: u32,
    /// The rules that were used, 16 hex digits of their hash; the rules themselves stand in the build's report.
    pub rules: String,
}

/// What one key did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyReport {
    /// `member_id`, `external_id` (with its channel), `union_id`, `open_id`, `payment_id` or `phone_hash`.
    pub key: String,
    /// Different values of it.
    pub values: u64,
    /// Times that it brought two groups of identities together which no stronger key had joined.
    pub joins: u64,
    /// Values ignored since more identities share them than the rules allow: shop tablets, company phones.
    pub over_shared: u64,
    /// Identities that have such a value, before joining by this key.
    pub over_shared_identities: u64,
    /// Values that belong to several people at several times and were kept apart by the time bounds.
    pub recycled: u64,
    /// Orders that found their member by this key: the strongest they carry that is not ignored.
    pub orders: u64,
    /// Touches that found their member by this key.
    pub touches: u64,
}

/// What was not joined although a key said so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneIdConflict {
    /// A short stable code: `two_member_ids`, `never_join`, `between_two` (as near to one member as to another),
    /// `too_many_identities` (the member would have had more than the rules allow).
    pub reason: String,
    /// Joins that were refused: how many more members there are than there would be without this reason.
    pub pairs: u64,
}

/// The identified share of orders and sales by channel and month: anyone can see what the members' numbers stand on.
///
/// Lists by month have `months` entries each; amounts are net, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identified {
    /// The first day of the first month.
    pub from: Day,
    /// Months, without a gap.
    pub months: u32,
    /// One for each channel with an order, in the order of channels.
    pub channels: Vec<ChannelIdentified>,
}

/// One channel's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelIdentified {
    /// Index into [`crate::Dimensions::channels`].
    pub channel: u16,
    /// All orders.
    pub orders: Vec<u64>,
    /// Orders of members.
    pub identified_orders: Vec<u64>,
    /// All sales.
    pub sales: Vec<i64>,
    /// Sales to members.
    pub identified_sales: Vec<i64>,
}
