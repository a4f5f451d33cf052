//! What a key would join and must not: members with two member ids, pairs that are never to be joined, and members
//! with more identities than anybody has.
//!
//! A group that holds several who must stay apart is not joined as a whole. Each of them keeps its own, and the
//! others go to the one that fewest steps lead to; whoever is as near to one as to another goes to neither.

use super::join::Joiner;
use super::key::Key;
use super::rules::KeyRule;
use super::tables::{count, forget, keep};
use crate::BuildError;
use crate::engine::{integers, name};

/// Steps after which nobody is near any more.
const MOST_STEPS: u32 = 40;

/// From `one_id_reps` makes `one_id_allowed` (comp, rep): what is joined in the end. Gives the joins refused, by reason.
pub(crate) async fn keep_apart(
    joiner: &Joiner<'_>,
    rule: &KeyRule,
    marks: &[Key],
) -> Result<Vec<(&'static str, u64)>, BuildError> {
    let context = joiner.context;
    let mut refused = Vec::new();
    keep(
        context,
        "one_id_all_groups",
        "SELECT comp, rep FROM one_id_reps UNION ALL SELECT rep AS comp, rep FROM one_id_reps GROUP BY rep",
    )
    .await?;
    let most = joiner.rules.max_identities;
    let swollen = match joiner.stage {
        // Every component is one sighting.
        0 => format!("SELECT rep, count(*) - 1 AS joins FROM one_id_all_groups GROUP BY rep HAVING count(*) > {most}"),
        _ => format!(
            "SELECT g.rep, count(*) - 1 AS joins FROM one_id_all_groups g JOIN one_id_marks m ON m.comp = g.comp
             GROUP BY g.rep HAVING sum(m.size) > {most}"
        ),
    };
    keep(context, "one_id_swollen", &swollen).await?;
    let [swollen] = integers(context, "SELECT sum(joins) FROM one_id_swollen").await?;
    refused.push(("too_many_identities", swollen as u64));
    // What is refused for one reason is not counted under another.
    if swollen == 0 {
        name(context, "one_id_groups", "SELECT comp, rep FROM one_id_all_groups").await?;
    } else {
        let others = "SELECT g.comp, g.rep FROM one_id_swollen s RIGHT ANTI JOIN one_id_all_groups g ON s.rep = g.rep";
        keep(context, "one_id_groups", others).await?;
    }
    find_anchors(joiner, rule, marks, &mut refused).await?;
    keep(context, "one_id_split", "SELECT rep FROM one_id_anchors GROUP BY rep").await?;
    let split = count(context, "one_id_split").await? > 0;
    let owned = if split {
        let (steps, between) = spread(joiner).await?;
        refused.push(("between_two", between));
        (0..=steps)
            .map(|step| format!("SELECT comp, owner AS rep FROM one_id_owned_{step} WHERE comp <> owner"))
            .collect()
    } else {
        Vec::new()
    };
    keep(context, "one_id_kept", "SELECT rep FROM one_id_split UNION ALL SELECT rep FROM one_id_swollen").await?;
    if split || swollen > 0 {
        let whole = "SELECT r.comp, r.rep FROM one_id_kept k RIGHT ANTI JOIN one_id_reps r ON r.rep = k.rep".to_owned();
        let allowed: Vec<String> = std::iter::once(whole).chain(owned.iter().cloned()).collect();
        keep(context, "one_id_allowed", &allowed.join(" UNION ALL ")).await?;
    } else {
        name(context, "one_id_allowed", "SELECT comp, rep FROM one_id_reps").await?;
    }
    for step in 0..owned.len() {
        forget(context, &format!("one_id_owned_{step}"))?;
    }
    ["one_id_groups", "one_id_all_groups", "one_id_swollen", "one_id_anchors", "one_id_split", "one_id_kept"]
        .iter()
        .try_for_each(|table| forget(context, table))?;
    Ok(refused)
}

/// Makes `one_id_anchors` (rep, comp): those who must stay apart, in groups that hold several such.
async fn find_anchors(
    joiner: &Joiner<'_>,
    rule: &KeyRule,
    marks: &[Key],
    refused: &mut Vec<(&'static str, u64)>,
) -> Result<(), BuildError> {
    let context = joiner.context;
    let none = "SELECT rep, comp FROM one_id_groups WHERE false";
    let member = Key::Member.column();
    // Where the key itself is the member id, or overrides it, two of them are no reason.
    let by_member = marks.contains(&Key::Member) && !rule.overrides;
    let members = if by_member {
        format!(
            "SELECT g.rep, g.comp, m.{member} AS member FROM one_id_groups g JOIN one_id_marks m ON m.comp = g.comp
             WHERE m.{member} IS NOT NULL"
        )
    } else {
        format!("SELECT rep, comp, comp AS member FROM ({none})")
    };
    keep(context, "one_id_with_member", &members).await?;
    keep(
        context,
        "one_id_two_members",
        "SELECT rep, count(*) - 1 AS joins FROM (SELECT rep, member FROM one_id_with_member GROUP BY rep, member)
         GROUP BY rep HAVING count(*) > 1",
    )
    .await?;
    let [two] = integers(context, "SELECT sum(joins) FROM one_id_two_members").await?;
    refused.push(("two_member_ids", two as u64));
    let never = find_never(joiner).await?;
    refused.push(("never_join", never));
    keep(
        context,
        "one_id_anchors",
        "SELECT rep, comp FROM (
             SELECT m.rep, m.comp
             FROM (SELECT rep FROM one_id_two_members UNION ALL SELECT rep FROM one_id_never_ends) c
             JOIN one_id_with_member m ON m.rep = c.rep
             UNION ALL SELECT rep, comp FROM one_id_never_ends
         ) GROUP BY rep, comp",
    )
    .await?;
    for table in ["one_id_with_member", "one_id_two_members", "one_id_never_ends"] {
        forget(context, table)?;
    }
    Ok(())
}

/// Makes `one_id_never_ends` (rep, comp): both sides of pairs that would meet. Gives how many pairs would.
async fn find_never(joiner: &Joiner<'_>) -> Result<u64, BuildError> {
    let (context, nodes) = (joiner.context, joiner.nodes());
    let none = "SELECT rep, comp FROM one_id_groups WHERE false";
    if joiner.rules.never_join.is_empty() {
        keep(context, "one_id_never_ends", none).await?;
        return Ok(0);
    }
    let has = Key::ALL.map(|key| {
        format!("SELECT p.pair, p.side, n.comp FROM one_id_never p JOIN {nodes} n ON n.{} = p.value", key.column())
    });
    keep(
        context,
        "one_id_never_sides",
        &format!(
            "SELECT s.pair, s.side, g.rep, g.comp FROM ({}) s JOIN one_id_groups g ON g.comp = s.comp
             GROUP BY s.pair, s.side, g.rep, g.comp",
            has.join(" UNION ALL ")
        ),
    )
    .await?;
    keep(
        context,
        "one_id_never_met",
        "SELECT a.rep, a.pair, a.comp AS one, b.comp AS other
         FROM one_id_never_sides a JOIN one_id_never_sides b ON a.pair = b.pair AND a.rep = b.rep
         WHERE a.side = 0 AND b.side = 1 AND a.comp <> b.comp",
    )
    .await?;
    let pairs = "SELECT count(*) FROM (SELECT pair, rep FROM one_id_never_met GROUP BY pair, rep)";
    let [pairs] = integers(context, pairs).await?;
    keep(
        context,
        "one_id_never_ends",
        "SELECT rep, comp FROM (SELECT rep, one AS comp FROM one_id_never_met UNION ALL
                                SELECT rep, other AS comp FROM one_id_never_met)
         GROUP BY rep, comp",
    )
    .await?;
    forget(context, "one_id_never_sides")?;
    forget(context, "one_id_never_met")?;
    Ok(pairs as u64)
}

/// From those who stay apart outwards, step by step over shared values: makes `one_id_owned_0` … (comp, owner), where
/// the owner is none for who is as near to one as to another. Gives the last step, and how many were between two.
async fn spread(joiner: &Joiner<'_>) -> Result<(u32, u64), BuildError> {
    let context = joiner.context;
    keep(
        context,
        "one_id_ways",
        "SELECT l.value, l.period, l.comp
         FROM (SELECT g.comp FROM one_id_split s JOIN one_id_groups g ON g.rep = s.rep) g
         JOIN one_id_links l ON l.comp = g.comp",
    )
    .await?;
    keep(context, "one_id_owned_0", "SELECT comp, comp AS owner FROM one_id_anchors").await?;
    let mut step = 0;
    let mut between = 0;
    while step < MOST_STEPS {
        let known: Vec<_> = (0..=step).map(|step| format!("SELECT comp FROM one_id_owned_{step}")).collect();
        let next = format!("one_id_owned_{}", step + 1);
        keep(
            context,
            &next,
            &format!(
                "SELECT comp, CASE WHEN low = high THEN low END AS owner FROM (
                     SELECT r.comp, min(r.owner) AS low, max(r.owner) AS high FROM (
                         SELECT b.comp, o.owner
                         FROM one_id_owned_{step} o
                         JOIN one_id_ways a ON a.comp = o.comp
                         JOIN one_id_ways b ON b.value = a.value AND b.period = a.period
                         WHERE o.owner IS NOT NULL
                         GROUP BY b.comp, o.owner
                     ) r LEFT ANTI JOIN ({}) k ON r.comp = k.comp
                     GROUP BY r.comp
                 )",
                known.join(" UNION ALL ")
            ),
        )
        .await?;
        let [reached, undecided] =
            integers(context, &format!("SELECT count(*), sum(CASE WHEN owner IS NULL THEN 1 ELSE 0 END) FROM {next}"))
                .await?;
        between += undecided as u64;
        step += 1;
        if reached == 0 {
            break;
        }
    }
    forget(context, "one_id_ways")?;
    Ok((step, between))
}
