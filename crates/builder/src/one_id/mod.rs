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
use crate::engine::{sort_to_join, stream};
use crate::held::Room;
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

/// Makes `identities` from `identities_read`: a row that says the same on the same day as another is there once.
/// Gives (kept, duplicate).
async fn dedup_identities(context: &SessionContext) -> Result<(u64, u64), BuildError> {
    let keys = Key::ALL.map(|key| format!("min({0}) AS {0}", key.column())).join(", ");
    keep(
        context,
        "identities",
        &format!(
            "SELECT min(channel_id) AS channel_id, min(external_id) AS external_id, min(member_id) AS member_id, who, day,
                    min(k_channel) AS k_channel, max(seq) AS seq, {keys}
             FROM identities_read GROUP BY who, day"
        ),
    )
    .await?;
    let (read, kept) = (count(context, "identities_read").await?, count(context, "identities").await?);
    forget(context, "identities_read")?;
    Ok((kept, read - kept))
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
    let sightings = count(context, "one_id_nodes_0").await?;
    let held = context.copied_config().get_extension::<Room>().map_or(usize::MAX, |room| room.bytes) as u64;
    sort_to_join(context, sightings.saturating_mul(JOIN_BYTES) > held || always_sorts());
    let joined = joined(context, rules).await;
    sort_to_join(context, false);
    joined
}

/// Tests have few rows, and join as if there were many.
#[cfg(test)]
static ALWAYS_SORT: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);

#[cfg(test)]
fn always_sorts() -> bool {
    ALWAYS_SORT.load(std::sync::atomic::Ordering::Relaxed)
}

#[cfg(not(test))]
fn always_sorts() -> bool {
    false
}

/// Bytes that a sighting takes where a join holds it in memory.
const JOIN_BYTES: u64 = 128;

async fn joined(context: &SessionContext, rules: &Rules) -> Result<Joined, BuildError> {
    let mut joiner = Joiner::new(context, rules);
    for rule in &rules.keys {
        joiner.join(rule).await?;
    }
    attach::find_holders(&joiner).await?;
    let members = people::name_people(&joiner).await?;
    let members_merged = merge_members(&joiner).await?;
    let attached = attach::attach(&joiner).await?;
    let (identities, members_by_identities) = people::histogram(context, &joiner.nodes()).await?;
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
    if !joiner.rules.keys.iter().any(|rule| rule.overrides) {
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
    crate::engine::name(context, "members", "SELECT * FROM one_id_members").await?;
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
    forget(context, &joined.nodes)?;
    forget(context, "identities")
}
