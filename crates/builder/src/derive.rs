//! Who the members are: those of the table and those that orders, touches and identities name, each with a shard and a number in it.

use std::collections::HashSet;

use datafusion::prelude::SessionContext;
use snapshot::MAX_MEMBERS;

use crate::BuildError;
use crate::engine::{integers, keep, let_go};
use crate::growing::{self, Before, MEMBERS_BEFORE};

/// From so many members on there are at least [`LEAST_SHARDS`], so that an interval can be given early.
const MANY_MEMBERS: u64 = 20_000;
const LEAST_SHARDS: u64 = 16;

/// How the members are spread.
#[derive(Clone, Debug)]
pub(crate) struct Spread {
    pub(crate) members: u64,
    /// Members that the table of members does not have.
    pub(crate) derived: u64,
    pub(crate) shards: u32,
    /// Shards with members in the build before who are gone.
    pub(crate) left: HashSet<u32>,
}

/// What is known of the members before they are placed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    /// How many are in the table of members.
    pub(crate) known: u64,
    /// See [`crate::Options::shard_members`].
    pub(crate) shard_members: u32,
    /// A table that names all whom orders and touches name, and more.
    pub(crate) named: Option<&'a str>,
}

/// Makes `places` (member_id, shard, member): every member once, numbered within its shard: those of the build before as
/// they were, then in the order of ids. Where one is gone, those after it move up.
///
/// The build before keeps its number of shards as long as none is too full and not twice as many are there as needed.
/// Else a shard holds `shard_members` on average at the most; the hash spreads them so that none passes the format's limit.
pub(crate) async fn place_members(
    context: &SessionContext,
    asked: Asked<'_>,
    before: Option<&Before>,
) -> Result<Spread, BuildError> {
    let Asked { known, shard_members, named } = asked;
    let facts = "SELECT member_id FROM orders_net WHERE member_id IS NOT NULL UNION SELECT member_id FROM touches_read";
    let all = named.map_or_else(|| facts.to_owned(), |table| format!("SELECT member_id FROM {table}"));
    keep(context, "ids", &format!("SELECT member_id FROM members UNION {all}")).await?;
    let [members] = integers(context, "SELECT count(*) FROM ids").await?;
    let members = members as u64;
    let kept = before.map(Before::shards).filter(|&shards| still_fits(shards, members, shard_members));
    let mut shards = kept.unwrap_or_else(|| shard_count(members, shard_members));
    loop {
        let [fullest] = integers(
            context,
            &format!(
                "SELECT max(members) FROM (SELECT count(*) AS members FROM ids GROUP BY shard_of(member_id, {shards}))"
            ),
        )
        .await?;
        if fullest <= MAX_MEMBERS as i64 {
            break;
        }
        // Members who came since: room for those who will come.
        shards = if kept == Some(shards) {
            shard_count(members + members / 4, shard_members).max(shards + 1)
        } else {
            shards + 1
        };
    }
    let goes_on = match before {
        Some(before) if before.shards() == shards => before.register_members(context).await?,
        _ => false,
    };
    let (from, before) = if goes_on {
        // Who is new comes after everybody: the number is above every other.
        (format!("{MEMBERS_BEFORE} b RIGHT JOIN ids i ON b.member_id = i.member_id"), "coalesce(b.before, 65535)")
    } else {
        ("ids i".to_owned(), "0")
    };
    keep(
        context,
        "places",
        &format!(
            "SELECT member_id, shard,
                    CAST(row_number() OVER (PARTITION BY shard ORDER BY before, member_id) - 1 AS INT UNSIGNED) AS member
             FROM (SELECT i.member_id AS member_id, shard_of(i.member_id, {shards}) AS shard, {before} AS before
                   FROM {from})"
        ),
    )
    .await?;
    let left = if goes_on { growing::left(context, shards).await? } else { HashSet::new() };
    let_go(context, &["ids", MEMBERS_BEFORE])?;
    Ok(Spread { members, derived: members - known, shards, left })
}

/// Whether so many shards are still right for so many members.
fn still_fits(shards: u32, members: u64, shard_members: u32) -> bool {
    let least = if members >= MANY_MEMBERS { LEAST_SHARDS } else { 1 };
    u64::from(shards) >= least && shards <= shard_count(members, shard_members).saturating_mul(2)
}

/// How many shards so many members make.
pub(crate) fn shard_count(members: u64, shard_members: u32) -> u32 {
    let least = if members >= MANY_MEMBERS { LEAST_SHARDS } else { 1 };
    u32::try_from(members.div_ceil(u64::from(shard_members.max(1))).max(least)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_follow_the_number_of_members() {
        let counts = [0, 1, 15_000, 15_001, 19_999, 20_000, 200_000, 240_000, 240_001, 10_000_000];
        assert_eq!(counts.map(|members| shard_count(members, 15_000)), [1, 1, 1, 2, 2, 16, 16, 16, 17, 667]);
        assert_eq!([8_000, 20_000, 200_000].map(|members| shard_count(members, 8_000)), [1, 16, 25]);
    }

    #[test]
    fn shards_stay_as_many_as_they_are_while_that_is_sensible() {
        let fits = |shards, members| still_fits(shards, members, 15_000);
        assert!(fits(16, 200_000) && fits(16, 260_000) && fits(17, 240_000) && fits(2, 12_000));
        assert!(!fits(2, 20_000), "an interval needs more");
        assert!(!fits(67, 480_000) && !fits(33, 240_000), "most of them would be nearly empty");
    }
}
