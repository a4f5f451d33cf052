//! Who the members are: those of the table and those that orders, touches and identities name, each with a shard and a number in it.

use datafusion::prelude::SessionContext;
use snapshot::MAX_MEMBERS;

use crate::BuildError;
use crate::engine::{integers, keep, let_go};

/// From so many members on there are at least [`LEAST_SHARDS`], so that an interval can be given early.
const MANY_MEMBERS: u64 = 20_000;
const LEAST_SHARDS: u64 = 16;

/// How the members are spread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spread {
    pub(crate) members: u64,
    /// Members that the table of members does not have.
    pub(crate) derived: u64,
    pub(crate) shards: u32,
}

/// Makes `places` (member_id, shard, member): every member once, numbered within its shard in the order of ids.
///
/// `known` of them are in the table of members; `named` is a table that names more of them.
/// A shard holds `shard_members` on average at the most; the hash spreads them so that none passes the format's limit.
pub(crate) async fn place_members(
    context: &SessionContext,
    known: u64,
    shard_members: u32,
    named: Option<&str>,
) -> Result<Spread, BuildError> {
    let named = named.map(|table| format!("UNION SELECT member_id FROM {table}")).unwrap_or_default();
    keep(
        context,
        "ids",
        &format!(
            "SELECT member_id FROM members
             UNION SELECT member_id FROM orders_net WHERE member_id IS NOT NULL
             UNION SELECT member_id FROM touches_read {named}"
        ),
    )
    .await?;
    let [members] = integers(context, "SELECT count(*) FROM ids").await?;
    let members = members as u64;
    let mut shards = shard_count(members, shard_members);
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
        shards += 1;
    }
    keep(
        context,
        "places",
        &format!(
            "SELECT member_id, shard,
                    CAST(row_number() OVER (PARTITION BY shard ORDER BY member_id) - 1 AS INT UNSIGNED) AS member
             FROM (SELECT member_id, shard_of(member_id, {shards}) AS shard FROM ids)"
        ),
    )
    .await?;
    let_go(context, &["ids"])?;
    Ok(Spread { members, derived: members - known, shards })
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
}
