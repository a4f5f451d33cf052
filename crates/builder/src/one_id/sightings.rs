//! What was seen together: the vertices that joining begins with.
//!
//! A sighting is a row of `identities`, a row of `members`, or the keys that an order or touch bears. Facts that bear the
//! same keys are one sighting with a first and a last day. A fact that bears one key alone, which others are
//! known by, teaches nothing: it is no sighting and finds its member later, by its day where that matters.

use datafusion::prelude::SessionContext;

use super::AGAIN;
use super::key::Key;
use super::tables::{columns, count, forget, keep};
use crate::BuildError;
use crate::engine::name;
use crate::facts::UNKNOWN_DAY;

/// Every key's column, in one list.
pub(crate) fn key_columns(prefix: &str) -> String {
    Key::ALL.map(|key| format!("{prefix}{}", key.column())).join(", ")
}

/// How many keys a row has.
const KEYS_BORNE: &str =
    "(CASE WHEN k_member_id IS NULL THEN 0 ELSE 1 END + CASE WHEN k_external_id IS NULL THEN 0 ELSE 1 END
    + CASE WHEN k_union_id IS NULL THEN 0 ELSE 1 END + CASE WHEN k_open_id IS NULL THEN 0 ELSE 1 END
    + CASE WHEN k_payment_id IS NULL THEN 0 ELSE 1 END + CASE WHEN k_phone_hash IS NULL THEN 0 ELSE 1 END)";

/// The tables of facts.
const FACTS: [&str; 2] = ["orders", "touches_read"];

/// Tables that `one_id_nodes_0` rests on and nothing else does.
pub(crate) const UNDER: [&str; 4] = ["one_id_sure", "one_id_rest", "one_id_grouped", "one_id_again"];

/// So few sightings are told from all others, whenever those are read, in less than it takes to write all anew.
const FEW: u64 = 1 << 20;

/// The members that a table of facts names, each once: (member_id, first, last).
pub(crate) fn named_by(table: &str) -> String {
    format!("one_id_named_by_{table}")
}

/// Whether a table of facts bears no key but the member's: then members are found by their ids as they are written.
pub(crate) async fn names_members_alone(context: &SessionContext, table: &str) -> Result<bool, BuildError> {
    Ok(FACTS.contains(&table) && !columns(context, table).await?.contains("who"))
}

/// Makes `one_id_nodes_0` (who, comp, keys, k_channel, first, last, joined), every sighting once and in a component of
/// its own; `one_id_bear` (who): what facts bear; `one_id_singles` (who, first): what they bear alone and others are
/// known by; and [`named_by`] of the facts that need it.
pub(crate) async fn sightings(context: &SessionContext) -> Result<(), BuildError> {
    let grouped = |from: &str| {
        let keys = Key::ALL.map(|key| format!("min({0}) AS {0}", key.column())).join(", ");
        format!(
            "SELECT who, {keys}, min(k_channel) AS k_channel, min(first) AS first, max(last) AS last
             FROM ({from}) WHERE who IS NOT NULL GROUP BY who"
        )
    };
    for table in FACTS {
        if names_members_alone(context, table).await? {
            let named = format!(
                "SELECT member_id, min(day) AS first, max(day) AS last FROM {table}
                 WHERE member_id IS NOT NULL GROUP BY member_id"
            );
            keep(context, &named_by(table), &named).await?;
        }
    }
    let facts = format!("{} UNION ALL {}", read(context, FACTS[0]).await?, read(context, FACTS[1]).await?);
    keep(context, "one_id_borne", &grouped(&facts)).await?;
    keep(context, "one_id_bear", "SELECT who FROM one_id_borne").await?;
    make_sure(context, &grouped).await?;
    let known = Key::ALL.map(|key| format!("SELECT {0} AS value FROM one_id_sure WHERE {0} IS NOT NULL", key.column()));
    let known = known.join(" UNION ALL ");
    let alone = |columns: &str| format!("SELECT {columns} FROM one_id_borne WHERE {KEYS_BORNE} = 1");
    keep(
        context,
        "one_id_singles",
        &format!("SELECT s.* FROM ({}) s LEFT SEMI JOIN ({known}) k ON s.who = k.value", alone("who, first")),
    )
    .await?;
    keep(
        context,
        "one_id_rest",
        &format!("SELECT s.* FROM one_id_singles k RIGHT ANTI JOIN ({}) s ON s.who = k.who", alone("*")),
    )
    .await?;
    forget(context, "one_id_borne")?;
    name(
        context,
        "one_id_nodes_0",
        &format!(
            "SELECT who, who AS comp, {}, k_channel, first, last, CAST(0 AS TINYINT UNSIGNED) AS joined
             FROM (SELECT * FROM one_id_sure UNION ALL SELECT * FROM one_id_rest)",
            key_columns("")
        ),
    )
    .await
}

/// Makes `one_id_sure`: what tables say of people, and what facts bear of several keys, every sighting once.
async fn make_sure(context: &SessionContext, grouped: &impl Fn(&str) -> String) -> Result<(), BuildError> {
    let borne = format!("SELECT * FROM one_id_borne WHERE {KEYS_BORNE} > 1");
    // Nearly all are there once; the others alone are grouped.
    keep(
        context,
        "one_id_again",
        &format!("SELECT who FROM (SELECT who FROM {AGAIN} UNION ALL SELECT who FROM ({borne})) GROUP BY who"),
    )
    .await?;
    forget(context, AGAIN)?;
    let identities = read(context, "identities").await?;
    keep(
        context,
        "one_id_grouped",
        &grouped(&format!("SELECT i.* FROM one_id_again a JOIN ({identities}) i ON i.who = a.who UNION ALL {borne}")),
    )
    .await?;
    // A member's own row bears one key, which no other does alone.
    let all = format!(
        "SELECT * FROM one_id_grouped
         UNION ALL SELECT i.* FROM one_id_again a RIGHT ANTI JOIN ({identities}) i ON i.who = a.who
         UNION ALL {}",
        read(context, "members").await?
    );
    if count(context, "one_id_again").await? <= FEW {
        name(context, "one_id_sure", &all).await
    } else {
        keep(context, "one_id_sure", &all).await
    }
}

/// A table's rows as sightings; columns that it does not have are empty.
async fn read(context: &SessionContext, table: &str) -> Result<String, BuildError> {
    let alone = names_members_alone(context, table).await?;
    let has = columns(context, table).await?;
    let keys = Key::ALL.map(|key| {
        let column = key.column();
        if has.contains(column) {
            column.to_owned()
        } else if key == Key::Member {
            format!("one_id_member(member_id) AS {column}")
        } else {
            format!("CAST(NULL AS BIGINT UNSIGNED) AS {column}")
        }
    });
    let who = who(&has);
    let channel = if has.contains("k_channel") { "k_channel" } else { "CAST(NULL AS INT UNSIGNED) AS k_channel" };
    let joined = format!("CASE WHEN joined_day = {UNKNOWN_DAY} THEN NULL ELSE joined_day END");
    let (first, last) = match table {
        "members" => (joined.as_str(), joined.as_str()),
        _ if alone => ("first", "last"),
        _ => ("day", "day"),
    };
    let from = if alone { named_by(table) } else { table.to_owned() };
    Ok(format!("SELECT {who} AS who, {}, {channel}, {first} AS first, {last} AS last FROM {from}", keys.join(", ")))
}

/// What a row of a table bears, as one number.
pub(crate) fn who(columns: &std::collections::BTreeSet<String>) -> &'static str {
    if columns.contains("who") { "who" } else { "one_id_member(member_id)" }
}
