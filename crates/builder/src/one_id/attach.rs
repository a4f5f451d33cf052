//! Orders and touches find their members by whatever they bear, the strongest key first.
//!
//! What a fact bears was mostly seen together, so its member is that sighting's. One key alone is its holder's; where it
//! has several, since it changed hands or they must stay apart, it is whoever's who was seen with it nearest in time.

use datafusion::prelude::SessionContext;

use super::join::Joiner;
use super::key::Key;
use super::people::strongest;
use super::sightings::{named_by, names_members_alone, who};
use super::tables::{columns, count, forget, keep};
use crate::BuildError;
use crate::engine::{integers, name};

/// Facts by the key that they found their member by; first those that found none.
pub(crate) struct Attached {
    pub(crate) orders: [u64; 7],
    pub(crate) touches: [u64; 7],
    /// Orders that bear a key and found none.
    pub(crate) orders_without: u64,
}

/// The columns of facts that later steps know.
const ORDERS: &str = "order_id, day, minute, store, channel, campaign, amount, refunded, seq";
const TOUCHES: &str = "day, minute, store, channel, kind, campaign, seq";

/// Puts members into `orders` and `touches_read`, which are then as if the source had named them; beside them stand
/// `one_id_orders` and `one_id_touches`, which also say by which key, and keep touches that found no member.
pub(crate) async fn attach(joiner: &Joiner<'_>) -> Result<Attached, BuildError> {
    let context = joiner.context;
    let several = find(joiner).await?;
    put(context, "orders", "one_id_orders", ORDERS, several).await?;
    put(context, "touches_read", "one_id_touches", TOUCHES, several).await?;
    for table in ["one_id_found", "one_id_found_days", &named_by("orders"), &named_by("touches_read")] {
        forget(context, table)?;
    }
    for table in ["orders", "orders_read", "orders_twice", "touches_read"] {
        forget(context, table)?;
    }
    name(context, "orders", &format!("SELECT member_id, {ORDERS} FROM one_id_orders")).await?;
    name(
        context,
        "touches_read",
        &format!("SELECT member_id, {TOUCHES} FROM one_id_touches WHERE member_id IS NOT NULL"),
    )
    .await?;
    let [orders_without] =
        integers(context, "SELECT count(*) FROM one_id_orders WHERE bears AND member_id IS NULL").await?;
    Ok(Attached {
        orders: by_key(context, "one_id_orders").await?,
        touches: by_key(context, "one_id_touches").await?,
        orders_without: orders_without as u64,
    })
}

/// Everybody who holds a value of a key that counts, and when.
fn holders(joiner: &Joiner<'_>) -> String {
    let nodes = joiner.nodes();
    let holders = joiner.rules.keys.iter().enumerate().map(|(rank, rule)| {
        let (column, by) = (rule.key.column(), rule.key.index() + 1);
        format!(
            "SELECT {column} AS value, comp, first, last, {by} AS by_key, {rank} AS rank
             FROM {nodes} WHERE {column} IS NOT NULL"
        )
    });
    holders.collect::<Vec<_>>().join(" UNION ALL ")
}

/// Makes `one_id_holders` (who, first, low, high, by_key, rank): who holds what facts bear alone, the first and the
/// last of them.
pub(crate) async fn find_holders(joiner: &Joiner<'_>) -> Result<(), BuildError> {
    keep(
        joiner.context,
        "one_id_holders",
        &format!(
            "SELECT s.who, min(s.first) AS first, min(h.comp) AS low, max(h.comp) AS high, min(h.by_key) AS by_key,
                    min(h.rank) AS rank
             FROM one_id_singles s JOIN ({}) h ON h.value = s.who GROUP BY s.who",
            holders(joiner)
        ),
    )
    .await
}

/// Makes `one_id_found` (who, member_id, by) of all that facts bear and, of keys that several hold, `one_id_found_days` (who, day, member_id, by).
/// Says whether there are such.
async fn find(joiner: &Joiner<'_>) -> Result<bool, BuildError> {
    let (context, nodes, rules) = (joiner.context, joiner.nodes(), joiner.rules);
    let strongest = strongest(rules);
    let holders = holders(joiner);
    keep(context, "one_id_seen", "SELECT b.who FROM one_id_singles s RIGHT ANTI JOIN one_id_bear b ON s.who = b.who")
        .await?;
    keep(
        context,
        "one_id_found",
        &format!(
            "SELECT n.who, p.member_id, n.by_key
             FROM one_id_people p JOIN (
                 SELECT n.who, n.comp, {strongest} AS by_key
                 FROM one_id_seen b JOIN {nodes} n ON n.who = b.who
             ) n ON n.comp = p.comp
             WHERE n.by_key > 0
             UNION ALL
             SELECT h.who, p.member_id, CAST(h.by_key AS TINYINT UNSIGNED) AS by_key
             FROM one_id_holders h JOIN one_id_people p ON p.comp = h.low WHERE h.low = h.high"
        ),
    )
    .await?;
    keep(context, "one_id_several", "SELECT who, by_key FROM one_id_holders WHERE low <> high").await?;
    forget(context, "one_id_holders")?;
    forget(context, "one_id_bear")?;
    forget(context, "one_id_seen")?;
    let several = count(context, "one_id_several").await? > 0;
    let of_facts = |table: &str, who: &str| format!("SELECT who, day FROM (SELECT {who} AS who, day FROM {table})");
    let (orders, touches) = (columns(context, "orders").await?, columns(context, "touches_read").await?);
    let facts = format!("{} UNION ALL {}", of_facts("orders", who(&orders)), of_facts("touches_read", who(&touches)));
    let nearest = if several {
        format!(
            "WITH facts AS (
                 SELECT s.who, f.day FROM one_id_several s JOIN ({facts}) f ON f.who = s.who GROUP BY s.who, f.day
             ), seen AS (
                 SELECT s.who, s.by_key, h.comp, h.first, h.last FROM one_id_several s JOIN ({holders}) h ON h.value = s.who
             ), near AS (
                 SELECT f.who, f.day, s.comp, s.by_key,
                        row_number() OVER (
                            PARTITION BY f.who, f.day
                            ORDER BY CASE WHEN f.day < s.first THEN s.first - f.day
                                          WHEN f.day > s.last THEN f.day - s.last
                                          WHEN s.first IS NULL THEN 1000000 ELSE 0 END,
                                     s.last - s.first NULLS LAST, s.comp
                        ) AS place
                 FROM facts f JOIN seen s ON s.who = f.who
             )
             SELECT n.who, n.day, p.member_id, CAST(n.by_key AS TINYINT UNSIGNED) AS by_key
             FROM near n JOIN one_id_people p ON p.comp = n.comp WHERE n.place = 1"
        )
    } else {
        "SELECT who, CAST(0 AS INT) AS day, member_id, by_key FROM one_id_found WHERE false".to_owned()
    };
    keep(context, "one_id_found_days", &nearest).await?;
    forget(context, "one_id_several")?;
    Ok(several)
}

/// Makes `to` from a table of facts: its columns, the member, the key that led there and whether it bears any.
async fn put(context: &SessionContext, table: &str, to: &str, kept: &str, several: bool) -> Result<(), BuildError> {
    if !several && names_members_alone(context, table).await? {
        return put_named(context, table, to, kept).await;
    }
    let who = who(&columns(context, table).await?);
    let facts = format!("SELECT {who} AS whose, {kept} FROM {table}");
    let of = |prefix: &str| -> String { kept.split(", ").map(|column| format!(", {prefix}.{column}")).collect() };
    let sql = if several {
        format!(
            "SELECT coalesce(d.member_id, t.member_id) AS member_id,
                    CASE WHEN d.by_key IS NULL THEN t.by_key ELSE d.by_key END AS by_key, t.bears{}
             FROM one_id_found_days d RIGHT JOIN (
                 SELECT f.member_id, coalesce(f.by_key, CAST(0 AS TINYINT UNSIGNED)) AS by_key, t.whose,
                        t.whose IS NOT NULL AS bears{}
                 FROM one_id_found f RIGHT JOIN ({facts}) t ON f.who = t.whose
             ) t ON d.who = t.whose AND d.day = t.day",
            of("t"),
            of("t")
        )
    } else {
        format!(
            "SELECT f.member_id, coalesce(f.by_key, CAST(0 AS TINYINT UNSIGNED)) AS by_key, t.whose IS NOT NULL AS bears{}
             FROM one_id_found f RIGHT JOIN ({facts}) t ON f.who = t.whose",
            of("t")
        )
    };
    keep(context, to, &sql).await
}

/// The same for facts that name their members: all but few keep what is written there.
async fn put_named(context: &SessionContext, table: &str, to: &str, kept: &str) -> Result<(), BuildError> {
    let member = Key::Member.index() + 1;
    keep(
        context,
        "one_id_other",
        &format!(
            "SELECT t.member_id AS whose, f.member_id, coalesce(f.by_key, CAST(0 AS TINYINT UNSIGNED)) AS by_key
             FROM one_id_found f RIGHT JOIN (
                 SELECT member_id, one_id_member(member_id) AS who FROM {}
             ) t ON f.who = t.who
             WHERE f.member_id IS NULL OR f.member_id <> t.member_id OR f.by_key <> {member}",
            named_by(table)
        ),
    )
    .await?;
    let columns: String = kept.split(", ").map(|column| format!(", t.{column}")).collect();
    keep(
        context,
        to,
        &format!(
            "SELECT CASE WHEN o.whose IS NULL THEN t.member_id ELSE o.member_id END AS member_id,
                    CAST(CASE WHEN t.member_id IS NULL THEN 0 WHEN o.whose IS NULL THEN {member} ELSE o.by_key END
                         AS TINYINT UNSIGNED) AS by_key,
                    t.member_id IS NOT NULL AS bears{columns}
             FROM one_id_other o RIGHT JOIN {table} t ON o.whose = t.member_id"
        ),
    )
    .await?;
    forget(context, "one_id_other")
}

async fn by_key(context: &SessionContext, table: &str) -> Result<[u64; 7], BuildError> {
    let sums: Vec<String> = (0..7).map(|by| format!("sum(CASE WHEN by_key = {by} THEN 1 ELSE 0 END)")).collect();
    let counts: [i64; 7] = integers(context, &format!("SELECT {} FROM {table}", sums.join(", "))).await?;
    Ok(counts.map(|count| count as u64))
}
