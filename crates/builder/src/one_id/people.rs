//! What members are called: by their member id where they have one, else by what they were known by first.
//!
//! What a fact bears alone counts too: who was known by it before it was seen with anything else keeps that name.
//! So a name stays the same from build to build whatever is learned later: a value that comes later is not the first one.
//! It changes where it must: where a member id is learned, where two become one (the older name stays), where rows
//! from before the first one come in, or where the first value is ignored from now on.

use super::join::Joiner;
use super::key::Key;
use super::rules::Rules;
use super::sightings::{named_by, names_members_alone};
use super::tables::{columns, count, forget, keep};
use crate::BuildError;
use crate::engine::integers;

/// The strongest key of a sighting that is one of the rules' and not ignored: its place among [`Key::ALL`] plus 1, or 0.
pub(crate) fn strongest(rules: &Rules) -> String {
    let cases =
        rules.keys.iter().map(|rule| format!("WHEN {} IS NOT NULL THEN {} ", rule.key.column(), rule.key.index() + 1));
    format!("CAST(CASE {}ELSE 0 END AS TINYINT UNSIGNED)", cases.collect::<String>())
}

/// Its place in the rules, the strongest first.
fn rank(rules: &Rules) -> String {
    let cases = rules.keys.iter().enumerate();
    let cases: String =
        cases.map(|(at, rule)| format!("WHEN n.{} IS NOT NULL THEN {at} ", rule.key.column())).collect();
    format!("CASE {cases}END")
}

/// The same key's value.
fn strongest_value(rules: &Rules) -> String {
    let columns: Vec<_> = rules.keys.iter().map(|rule| rule.key.column()).collect();
    format!("coalesce({})", columns.join(", "))
}

/// Makes `one_id_people` (comp, member_id): every component that a key leads to, and what it is called.
pub(crate) async fn name_people(joiner: &Joiner<'_>) -> Result<u64, BuildError> {
    let (context, nodes, rules) = (joiner.context, joiner.nodes(), joiner.rules);
    find_member_ids(joiner).await?;
    let mut texts = Vec::new();
    for table in ["members", "identities", "orders", "touches_read"] {
        if names_members_alone(context, table).await? {
            texts.push(format!("SELECT member_id FROM {}", named_by(table)));
        } else if columns(context, table).await?.contains("member_id") {
            texts.push(format!("SELECT member_id FROM {table} WHERE member_id IS NOT NULL GROUP BY member_id"));
        }
    }
    keep(
        context,
        "one_id_member_ids",
        &format!(
            "SELECT one_id_member(member_id) AS member, member_id FROM ({}) GROUP BY member_id",
            texts.join(" UNION ALL ")
        ),
    )
    .await?;
    let value = strongest_value(rules);
    let rank = rank(rules);
    // Kept by themselves: else all that anybody is known by would be sorted, and not only what is of the nameless.
    keep(
        context,
        "one_id_nameless",
        &format!(
            "SELECT k.comp, k.value, k.first, k.rank
             FROM one_id_by_member m RIGHT ANTI JOIN (
                 SELECT n.comp, {value} AS value, n.first, {rank} AS rank FROM {nodes} n WHERE {value} IS NOT NULL
                 UNION ALL
                 SELECT low AS comp, who AS value, first, rank FROM one_id_holders WHERE low = high
             ) k ON k.comp = m.comp"
        ),
    )
    .await?;
    keep(
        context,
        "one_id_by_value",
        "SELECT comp, value, first FROM (
             SELECT comp, value, first,
                    row_number() OVER (PARTITION BY comp ORDER BY first NULLS FIRST, rank, value) AS place
             FROM one_id_nameless
         ) WHERE place = 1",
    )
    .await?;
    forget(context, "one_id_nameless")?;
    // Two may be known first by one value, which changed hands.
    keep(
        context,
        "one_id_people",
        "SELECT v.comp, m.member_id FROM one_id_by_member v JOIN one_id_member_ids m ON m.member = v.member
         UNION ALL
         SELECT comp, one_id_name(value, first, CAST(CASE WHEN place = 1 THEN 0 ELSE same END AS BIGINT)) AS member_id
         FROM (
             SELECT comp, value, first,
                    row_number() OVER (PARTITION BY value ORDER BY first NULLS FIRST, comp) AS place,
                    row_number() OVER (PARTITION BY value, first ORDER BY comp) AS same
             FROM one_id_by_value
         )",
    )
    .await?;
    let people = count(context, "one_id_people").await?;
    let [names] =
        integers(context, "SELECT count(*) FROM (SELECT member_id FROM one_id_people GROUP BY member_id)").await?;
    if names as u64 != people {
        return Err(BuildError::Unreconciled {
            what: "names of members".to_owned(),
            expected: people as i64,
            found: names,
        });
    }
    for table in ["one_id_by_member", "one_id_member_ids", "one_id_by_value"] {
        forget(context, table)?;
    }
    Ok(people)
}

/// Makes `one_id_by_member` (comp, member): the member id, as a number, that a component is called by, where it is by one;
/// and `one_id_borne_ids` (comp, member), all that its sightings bear.
async fn find_member_ids(joiner: &Joiner<'_>) -> Result<(), BuildError> {
    let (context, nodes, member) = (joiner.context, joiner.nodes(), Key::Member.column());
    if joiner.rules.of(Key::Member).is_none() {
        return keep(context, "one_id_by_member", &format!("SELECT comp, {member} AS member FROM {nodes} WHERE false"))
            .await;
    }
    keep(
        context,
        "one_id_borne_ids",
        &format!(
            "SELECT comp, {member} AS member, min(first) AS first, max(CASE WHEN who = {member} THEN 1 ELSE 0 END) AS alone
             FROM {nodes} WHERE {member} IS NOT NULL GROUP BY comp, {member}"
        ),
    )
    .await?;
    let of_one = "SELECT count(*) FROM (SELECT 1 FROM one_id_borne_ids GROUP BY member HAVING count(*) > 1
                                        UNION ALL SELECT 1 FROM one_id_borne_ids GROUP BY comp HAVING count(*) > 1)";
    let [several] = integers(context, of_one).await?;
    // Where members were joined across their ids, the one who is there the longest gives the name. Where those who bear
    // one id must not be joined, it is the name of whom it was seen alone with, or else seen with first.
    let chosen = if several == 0 {
        "SELECT comp, member FROM one_id_borne_ids"
    } else {
        "SELECT comp, member FROM (
             SELECT comp, member, row_number() OVER (PARTITION BY comp ORDER BY first NULLS FIRST, member) AS place FROM (
                 SELECT comp, member, first,
                        row_number() OVER (PARTITION BY member ORDER BY alone DESC, first NULLS FIRST, comp) AS holder
                 FROM one_id_borne_ids
             ) WHERE holder = 1
         ) WHERE place = 1"
    };
    keep(context, "one_id_by_member", chosen).await
}

/// Members by how many identities they have, 1 to 10 and more: accounts and member ids; one who has neither has one.
pub(crate) async fn histogram(joiner: &Joiner<'_>) -> Result<(u64, Vec<u64>), BuildError> {
    let (context, nodes) = (joiner.context, joiner.nodes());
    let (member, account) = (Key::Member.column(), Key::External.column());
    let members = match joiner.rules.of(Key::Member) {
        Some(_) => "SELECT comp FROM one_id_borne_ids".to_owned(),
        None => format!("SELECT comp FROM {nodes} WHERE {member} IS NOT NULL GROUP BY comp, {member}"),
    };
    keep(
        context,
        "one_id_sizes",
        &format!(
            "SELECT p.comp, coalesce(i.identities, 1) AS identities
             FROM one_id_people p LEFT JOIN (
                 SELECT comp, count(*) AS identities FROM (
                     {members}
                     UNION ALL
                     SELECT comp FROM {nodes} WHERE {account} IS NOT NULL GROUP BY comp, {account}
                 ) GROUP BY comp
             ) i ON i.comp = p.comp"
        ),
    )
    .await?;
    let sizes: Vec<String> = (1..=10)
        .map(|size| {
            format!("sum(CASE WHEN identities {} {size} THEN 1 ELSE 0 END)", if size == 10 { ">=" } else { "=" })
        })
        .collect();
    let sql = format!("SELECT sum(identities), {} FROM one_id_sizes", sizes.join(", "));
    let [all, members @ ..]: [i64; 11] = integers(context, &sql).await?;
    forget(context, "one_id_sizes")?;
    forget(context, "one_id_borne_ids")?;
    Ok((all as u64, members.iter().map(|members| *members as u64).collect()))
}
