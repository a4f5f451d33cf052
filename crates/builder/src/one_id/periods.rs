//! Values that change hands: a recycled phone number is one person's, then nobody's for a while, then another's.
//!
//! A pause alone says little: most people are not seen for months. So a value is cut only where those who have it
//! contradict each other, that is, have different values of a key of which everybody has one (two member ids, two union ids, two
//! accounts of one channel). The cut is at the longest pause between the two, and only if it has `rest_days`:
//! operators let a number rest before they give it out again. Whoever is seen before the cut belongs to the one,
//! whoever is seen after it to the other; what has no day belongs to neither by this key.

use super::join::Joiner;
use super::key::Key;
use super::rules::KeyRule;
use super::tables::{count, forget, keep};
use crate::BuildError;
use crate::engine::integers;

/// Gives the rows of `one_id_links` periods; says how many values were cut.
pub(crate) async fn cut(joiner: &Joiner<'_>, rule: &KeyRule, marks: &[Key]) -> Result<u64, BuildError> {
    let (context, nodes, column) = (joiner.context, joiner.nodes(), rule.key.column());
    let rest = rule.rest_days.unwrap_or(u32::MAX);
    let apart = rule.apart_days.unwrap_or(u32::MAX);
    let keys = |prefix: &str| -> String { marks.iter().map(|mark| format!(", {prefix}{}", mark.column())).collect() };
    let accounts = rule.key != Key::External && joiner.rules.of(Key::External).is_some_and(|rule| rule.one_each);
    find_doubtful(joiner, column, marks, accounts).await?;
    // A pause may cut any value where the rules say so, else only one about which there is a contradiction: those are few.
    let values = if rule.apart_days.is_some() { "one_id_links" } else { "one_id_doubtful" };
    // When who had each value, in order of time; days are those of the sightings, first and last.
    keep(
        context,
        "one_id_times",
        &format!(
            "WITH seen AS (
                 SELECT n.{column} AS value, n.comp, n.k_external_id, n.k_channel, n.first, n.last
                 FROM (SELECT value FROM {values} GROUP BY value) l JOIN {nodes} n ON n.{column} = l.value
                 WHERE n.first IS NOT NULL
             ), days AS (
                 SELECT value, comp, k_external_id, k_channel, day FROM (
                     SELECT value, comp, k_external_id, k_channel, first AS day FROM seen
                     UNION ALL SELECT value, comp, k_external_id, k_channel, last AS day FROM seen
                 ) GROUP BY value, comp, k_external_id, k_channel, day
             )
             SELECT value, comp, k_external_id, k_channel,
                    row_number() OVER (PARTITION BY value ORDER BY day, comp, k_external_id) AS place,
                    day - lag(day) OVER (PARTITION BY value ORDER BY day, comp, k_external_id) AS pause
             FROM days"
        ),
    )
    .await?;
    // Only values with a pause that is long enough go on.
    keep(
        context,
        "one_id_pauses",
        &format!("SELECT value, place, pause FROM one_id_times WHERE pause >= {}", rest.min(apart)),
    )
    .await?;
    if count(context, "one_id_pauses").await? == 0 {
        for table in ["one_id_doubtful", "one_id_times", "one_id_pauses"] {
            forget(context, table)?;
        }
        return Ok(0);
    }
    keep(
        context,
        "one_id_marked",
        &format!(
            "SELECT t.value, t.comp, t.k_external_id, t.k_channel, t.place{}
             FROM (SELECT p.value, t.comp, t.k_external_id, t.k_channel, t.place
                   FROM (SELECT p.value FROM one_id_pauses p JOIN one_id_doubtful d ON d.value = p.value GROUP BY p.value) p
                   JOIN one_id_times t ON t.value = p.value) t
             JOIN one_id_marks m ON m.comp = t.comp",
            keys("m.")
        ),
    )
    .await?;
    // Neighbours in time, of those who have a key, contradict each other.
    let mut between: Vec<String> = marks
        .iter()
        .map(|mark| contradictions(mark.column(), "value", &format!("{} IS NOT NULL", mark.column())))
        .collect();
    if accounts {
        between.push(contradictions("k_external_id", "value, k_channel", "k_external_id IS NOT NULL"));
    }
    let between = match between.join(" UNION ALL ") {
        none if none.is_empty() => {
            "SELECT value, place AS low, place AS high FROM one_id_marked WHERE false".to_owned()
        }
        some => some,
    };
    keep(
        context,
        "one_id_cuts",
        &format!(
            "WITH pairs AS (SELECT value, low, high FROM ({between}) GROUP BY value, low, high),
             choices AS (
                 SELECT b.value, b.low, b.high, p.place, p.pause,
                        count(*) OVER (PARTITION BY b.value, p.place) AS parted
                 FROM pairs b JOIN one_id_pauses p ON p.value = b.value AND p.place > b.low AND p.place <= b.high
                 WHERE p.pause >= {rest}
             ), chosen AS (
                 SELECT value, place,
                        row_number() OVER (PARTITION BY value, low, high ORDER BY parted DESC, pause DESC, place) AS choice
                 FROM choices
             )
             SELECT value, place FROM (
                 SELECT value, place FROM chosen WHERE choice = 1
                 UNION ALL SELECT value, place FROM one_id_pauses WHERE pause >= {apart}
             ) GROUP BY value, place"
        ),
    )
    .await?;
    let [recycled] = integers(context, "SELECT count(*) FROM (SELECT value FROM one_id_cuts GROUP BY value)").await?;
    if recycled > 0 {
        keep(
            context,
            "one_id_links_cut",
            "WITH changing AS (SELECT value FROM one_id_cuts GROUP BY value),
             periods AS (
                 SELECT t.value, t.comp,
                        sum(CASE WHEN c.place IS NULL THEN 0 ELSE 1 END) OVER (PARTITION BY t.value ORDER BY t.place) AS period
                 FROM (SELECT t.value, t.comp, t.place FROM changing v JOIN one_id_times t ON t.value = v.value) t
                 LEFT JOIN one_id_cuts c ON c.value = t.value AND c.place = t.place
             )
             SELECT value, comp, period FROM periods GROUP BY value, comp, period
             UNION ALL
             SELECT l.value, l.comp, l.period FROM changing v RIGHT ANTI JOIN one_id_links l ON l.value = v.value",
        )
        .await?;
        forget(context, "one_id_links")?;
        keep(context, "one_id_links", "SELECT value, comp, CAST(period AS BIGINT) AS period FROM one_id_links_cut")
            .await?;
        forget(context, "one_id_links_cut")?;
    }
    for table in ["one_id_doubtful", "one_id_times", "one_id_pauses", "one_id_marked", "one_id_cuts"] {
        forget(context, table)?;
    }
    Ok(recycled as u64)
}

/// Makes `one_id_doubtful` (value): values whose holders contradict each other, at whatever time they had them.
async fn find_doubtful(joiner: &Joiner<'_>, column: &str, marks: &[Key], accounts: bool) -> Result<(), BuildError> {
    let (context, nodes) = (joiner.context, joiner.nodes());
    let mut doubtful = vec!["SELECT value FROM one_id_links WHERE false".to_owned()];
    if !marks.is_empty() {
        let differ: Vec<_> = marks.iter().map(|mark| format!("min(m.{0}) <> max(m.{0})", mark.column())).collect();
        doubtful.push(format!(
            "SELECT l.value FROM one_id_marks m JOIN one_id_links l ON l.comp = m.comp GROUP BY l.value HAVING {}",
            differ.join(" OR ")
        ));
    }
    if accounts {
        doubtful.push(format!(
            "SELECT n.{column} AS value
             FROM (SELECT value FROM one_id_links GROUP BY value) l JOIN {nodes} n ON n.{column} = l.value
             WHERE n.k_external_id IS NOT NULL
             GROUP BY n.{column}, n.k_channel HAVING min(n.k_external_id) <> max(n.k_external_id)"
        ));
    }
    keep(context, "one_id_doubtful", &format!("SELECT value FROM ({}) GROUP BY value", doubtful.join(" UNION ALL ")))
        .await
}

/// Places between which somebody else came to have a value: those who have a key, next to each other in time,
/// have two values of it and are not one yet.
fn contradictions(column: &str, of_one: &str, have: &str) -> String {
    format!(
        "SELECT value, low, high FROM (
             SELECT value, place AS high, comp, {column} AS mine,
                    lag(place) OVER (PARTITION BY {of_one} ORDER BY place) AS low,
                    lag(comp) OVER (PARTITION BY {of_one} ORDER BY place) AS comp_before,
                    lag({column}) OVER (PARTITION BY {of_one} ORDER BY place) AS theirs
             FROM one_id_marked WHERE {have}
         ) WHERE theirs <> mine AND comp_before <> comp"
    )
}
