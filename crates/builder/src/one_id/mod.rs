//! One member: identities of many systems joined over strong keys, and the facts that carry them.
//!
//! Everything here is a plan over tables, so that it goes through files where memory has no room, and runs wherever
//! plans run. docs/ONEID.md says what joins and what does not; [`rules`] reads what the operator says of it.
//! A source without identities has none of these steps.

mod apart;
mod attach;
mod audit;
mod borne;
mod check;
mod components;
mod functions;
mod join;
mod key;
mod people;
mod periods;
mod present;
mod rules;
mod score;
mod sightings;
mod step;
mod tables;
#[cfg(test)]
mod tests;

use datafusion::prelude::SessionContext;
use futures::StreamExt;
use model::{KeyReport, OneId};

use crate::BuildError;
use crate::engine::{integers, name, stream};
use join::Joiner;
use tables::{count, forget, keep};

use audit::Audit;
use key::Key;
use present::borne;
use rules::Rules;

pub(crate) use borne::Borne;
pub(crate) use check::IdentitiesCheck;
pub(crate) use functions::functions;
pub(crate) use key::cell;
pub use score::{Score, score};
pub(crate) use step::{Step, Told};

/// What joining made of a source.
struct Joined {
    report: OneId,
    /// Rows of `members` that became one with another.
    members_merged: u64,
    /// The table of sightings, for the audit.
    nodes: String,
}

/// What several rows of `identities` say (who), on whatever days.
const AGAIN: &str = "identities_again";

/// Makes `identities` from `identities_read`: a row that says the same on the same day as another is there once; and
/// [`AGAIN`]. Gives (kept, duplicate).
async fn dedup_identities(context: &SessionContext) -> Result<(u64, u64), BuildError> {
    keep(context, AGAIN, "SELECT who FROM identities_read GROUP BY who HAVING count(*) > 1").await?;
    keep(
        context,
        "identities_twice",
        &format!(
            "SELECT r.who, coalesce(r.day, -2147483648) AS on_day, max(r.seq) AS last, count(*) AS rows
             FROM {AGAIN} a JOIN identities_read r ON r.who = a.who
             GROUP BY r.who, coalesce(r.day, -2147483648) HAVING count(*) > 1"
        ),
    )
    .await?;
    let read = count(context, "identities_read").await?;
    let [duplicate] = integers(context, "SELECT sum(rows - 1) FROM identities_twice").await?;
    if duplicate == 0 {
        name(context, "identities", "SELECT * FROM identities_read").await?;
    } else {
        keep(
            context,
            "identities",
            "SELECT r.* FROM identities_twice t
             RIGHT JOIN (SELECT *, coalesce(day, -2147483648) AS on_day FROM identities_read) r
             ON r.who = t.who AND r.on_day = t.on_day
             WHERE t.last IS NULL OR r.seq = t.last",
        )
        .await?;
        forget(context, "identities_read")?;
    }
    forget(context, "identities_twice")?;
    Ok((read - duplicate as u64, duplicate as u64))
}

/// Joins the identities of `identities`, `members`, `orders` and `touches_read`; then orders and touches have the
/// members that they belong to, and `one_id_people` (member_id) names all members.
async fn join(context: &SessionContext, rules: &Rules) -> Result<Joined, BuildError> {
    let mut pairs = String::from("SELECT 0 AS pair, 0 AS side, CAST(0 AS BIGINT UNSIGNED) AS value WHERE false");
    for (pair, sides) in rules.never_join.iter().enumerate() {
        for (side, value) in sides.iter().enumerate() {
            pairs.push_str(&format!(" UNION ALL SELECT {pair}, {side}, CAST({value} AS BIGINT UNSIGNED)"));
        }
    }
    keep(context, "one_id_never", &pairs).await?;
    sightings::sightings(context).await?;
    joined(context, rules).await
}

async fn joined(context: &SessionContext, rules: &Rules) -> Result<Joined, BuildError> {
    let mut joiner = Joiner::new(context, rules);
    for rule in &rules.keys {
        joiner.join(rule).await?;
    }
    attach::find_holders(&joiner).await?;
    let members = people::name_people(&joiner).await?;
    let members_merged = merge_members(&joiner).await?;
    let attached = attach::attach(&joiner).await?;
    let (identities, members_by_identities) = people::histogram(&joiner).await?;
    forget(context, "one_id_never")?;
    forget(context, "one_id_singles")?;
    let keys: Vec<KeyReport> = std::mem::take(&mut joiner.keys)
        .into_iter()
        .map(|report| {
            let by = Key::named(&report.key).map_or(0, |key| key.index() + 1);
            KeyReport { orders: attached.orders[by], touches: attached.touches[by], ..report }
        })
        .collect();
    let report = OneId {
        identities,
        members,
        keys,
        conflicts: std::mem::take(&mut joiner.conflicts),
        members_by_identities,
        orders_without: attached.orders_without,
        touches_without: attached.touches[0],
        rounds: joiner.rounds,
        rules: rules.hash(),
    };
    Ok(Joined { report, members_merged, nodes: joiner.nodes() })
}

/// Where rules join members across their ids, `members` has one row for each: that of the id which names it.
async fn merge_members(joiner: &Joiner<'_>) -> Result<u64, BuildError> {
    let context = joiner.context;
    let before = count(context, "members").await?;
    // Before anything is joined, the sightings are still read from `members` as it is.
    if joiner.stage == 0 || !joiner.rules.keys.iter().any(|rule| rule.overrides) {
        return Ok(0);
    }
    keep(
        context,
        "one_id_members",
        &format!(
            "SELECT member_id, home_store, source_channel, tier, joined_day, seq FROM (
                 SELECT w.member_id, m.home_store, m.source_channel, m.tier, m.joined_day, m.seq,
                        row_number() OVER (
                            PARTITION BY w.member_id
                            ORDER BY CASE WHEN m.member_id = w.member_id THEN 0 ELSE 1 END, m.joined_day, m.member_id
                        ) AS place
                 FROM (SELECT n.who, p.member_id FROM one_id_people p JOIN {} n ON n.comp = p.comp) w
                 JOIN members m ON w.who = one_id_member(m.member_id)
             ) WHERE place = 1",
            joiner.nodes()
        ),
    )
    .await?;
    for table in ["members", "members_read", "members_twice"] {
        forget(context, table)?;
    }
    name(context, "members", "SELECT * FROM one_id_members").await?;
    Ok(before - count(context, "members").await?)
}

/// Touches that found no member, in the order of the source: `seq` of each.
async fn touches_without(context: &SessionContext) -> Result<Vec<u64>, BuildError> {
    let mut batches = stream(context, "SELECT seq FROM one_id_touches WHERE member_id IS NULL ORDER BY seq").await?;
    let mut rows = Vec::new();
    while let Some(batch) = batches.next().await {
        rows.extend_from_slice(crate::engine::column::<datafusion::arrow::datatypes::UInt64Type>(&batch?, "seq")?);
    }
    Ok(rows)
}

/// Lets go what no later step needs.
fn finish(context: &SessionContext, joined: &Joined) -> Result<(), BuildError> {
    [&joined.nodes, "identities", "identities_read"].iter().try_for_each(|table| forget(context, table))?;
    sightings::UNDER.iter().try_for_each(|table| forget(context, table))
}
