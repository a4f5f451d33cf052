//! Joining by one key: who shares a value, which values count, what would be joined, and what of it is allowed.

use datafusion::prelude::SessionContext;
use model::{KeyReport, OneIdConflict};

use super::apart;
use super::components::contract;
use super::key::Key;
use super::periods;
use super::rules::{KeyRule, Rules};
use super::sightings::key_columns;
use super::tables::{count, forget, keep};
use crate::BuildError;
use crate::engine::integers;

/// Sightings while keys join them, the strongest first.
pub(crate) struct Joiner<'a> {
    pub(crate) context: &'a SessionContext,
    pub(crate) rules: &'a Rules,
    /// Keys joined by so far; the table of sightings is named by it.
    pub(crate) stage: usize,
    pub(crate) rounds: u32,
    pub(crate) keys: Vec<KeyReport>,
    pub(crate) conflicts: Vec<OneIdConflict>,
}

impl<'a> Joiner<'a> {
    pub(crate) fn new(context: &'a SessionContext, rules: &'a Rules) -> Self {
        Self { context, rules, stage: 0, rounds: 0, keys: Vec::new(), conflicts: Vec::new() }
    }

    /// The table of sightings as it is now.
    pub(crate) fn nodes(&self) -> String {
        format!("one_id_nodes_{}", self.stage)
    }

    /// Keys of which a person has one, besides accounts and the key at hand: they tell people apart.
    pub(crate) fn marks(&self, rule: &KeyRule) -> Vec<Key> {
        let marks = self.rules.keys.iter().filter(|mark| mark.one_each && mark.key != rule.key);
        marks.map(|mark| mark.key).filter(|key| *key != Key::External).collect()
    }

    /// Joins by one key.
    pub(crate) async fn join(&mut self, rule: &KeyRule) -> Result<(), BuildError> {
        let (context, nodes, column) = (self.context, self.nodes(), rule.key.column());
        keep(
            context,
            "one_id_held",
            &format!(
                "SELECT {column} AS value, comp, count(*) AS sightings FROM {nodes} WHERE {column} IS NOT NULL
                 GROUP BY {column}, comp"
            ),
        )
        .await?;
        let mut report = KeyReport { key: rule.key.name().to_owned(), ..KeyReport::default() };
        let [values] = integers(context, "SELECT count(*) FROM (SELECT value FROM one_id_held GROUP BY value)").await?;
        report.values = values as u64;
        keep(
            context,
            "one_id_shared",
            "SELECT value, sum(sightings) AS sightings FROM one_id_held GROUP BY value HAVING count(*) > 1",
        )
        .await?;
        if count(context, "one_id_shared").await? > 0 {
            self.join_shared(rule, &mut report).await?;
        }
        forget(context, "one_id_held")?;
        forget(context, "one_id_shared")?;
        self.keys.push(report);
        Ok(())
    }

    /// Joins by those values that several components have.
    async fn join_shared(&mut self, rule: &KeyRule, report: &mut KeyReport) -> Result<(), BuildError> {
        let (context, nodes) = (self.context, self.nodes());
        let marks = self.marks(rule);
        let columns: String = marks.iter().map(|mark| format!(", min(n.{0}) AS {0}", mark.column())).collect();
        keep(
            context,
            "one_id_marks",
            &format!(
                "SELECT n.comp, count(*) AS size{columns}
                 FROM (SELECT h.comp FROM one_id_shared s JOIN one_id_held h ON s.value = h.value GROUP BY h.comp) c
                 JOIN {nodes} n ON n.comp = c.comp
                 GROUP BY n.comp"
            ),
        )
        .await?;
        self.find_over_shared(rule, &marks).await?;
        let [over, identities] = integers(context, "SELECT count(*), sum(sightings) FROM one_id_over").await?;
        (report.over_shared, report.over_shared_identities) = (over as u64, identities as u64);
        keep(
            context,
            "one_id_links",
            "SELECT h.value, h.comp, CAST(0 AS BIGINT) AS period
             FROM (SELECT s.value FROM one_id_shared s LEFT ANTI JOIN one_id_over o ON s.value = o.value) s
             JOIN one_id_held h ON s.value = h.value",
        )
        .await?;
        if rule.rest_days.is_some() || rule.apart_days.is_some() {
            report.recycled = periods::cut(self, rule, &marks).await?;
        }
        // Every value is a star around its smallest component.
        keep(
            context,
            "one_id_edges",
            "WITH spokes AS (
                 SELECT l.comp, c.centre
                 FROM (SELECT value, period, min(comp) AS centre FROM one_id_links
                       GROUP BY value, period HAVING count(*) > 1) c
                 JOIN one_id_links l ON l.value = c.value AND l.period = c.period
                 WHERE l.comp <> c.centre
             )
             SELECT v, w FROM (SELECT comp AS v, centre AS w FROM spokes UNION ALL SELECT centre AS v, comp AS w FROM spokes)
             GROUP BY v, w",
        )
        .await?;
        self.rounds += contract(context, "one_id_edges", "one_id_reps").await?;
        let refused = apart::keep_apart(self, rule, &marks).await?;
        for (reason, pairs) in refused {
            self.refuse(reason, pairs);
        }
        report.joins = count(context, "one_id_allowed").await?;
        self.relabel(rule).await?;
        for table in ["one_id_marks", "one_id_over", "one_id_links", "one_id_reps", "one_id_allowed"] {
            forget(context, table)?;
        }
        Ok(())
    }

    /// Makes `one_id_over` (value, sightings): values that are of too many people, or of too many identities.
    async fn find_over_shared(&self, rule: &KeyRule, marks: &[Key]) -> Result<(), BuildError> {
        let (context, nodes, column) = (self.context, self.nodes(), rule.key.column());
        let most = rule.max_people;
        // People are told apart by keys of which everybody has one: a member id, say, or an account of one channel.
        let mut people = vec![format!("s.sightings > {}", rule.max_identities)];
        people.extend(marks.iter().map(|mark| format!("m.{} > {most}", mark.column())));
        let by_mark: String = marks.iter().map(|mark| format!(", count(m.{0}) AS {0}", mark.column())).collect();
        let accounts = rule.key != Key::External && self.rules.of(Key::External).is_some_and(|rule| rule.one_each);
        let mut joins = format!(
            "JOIN (SELECT h.value{by_mark} FROM one_id_marks m JOIN one_id_held h ON h.comp = m.comp GROUP BY h.value) m
             ON m.value = s.value"
        );
        if accounts {
            joins.push_str(&format!(
                " LEFT JOIN (
                     SELECT value, max(people) AS accounts FROM (
                         SELECT value, k_channel, count(*) AS people FROM (
                             SELECT s.value, n.k_channel, n.comp FROM one_id_shared s JOIN {nodes} n ON n.{column} = s.value
                             WHERE n.k_external_id IS NOT NULL GROUP BY s.value, n.k_channel, n.comp
                         ) GROUP BY value, k_channel
                     ) GROUP BY value
                 ) a ON a.value = s.value"
            ));
            people.push(format!("a.accounts > {most}"));
        }
        let many = people.join(" OR ");
        let sql = format!("SELECT s.value, s.sightings FROM one_id_shared s {joins} WHERE {many}");
        keep(context, "one_id_over", &sql).await
    }

    /// Notes joins that were refused.
    fn refuse(&mut self, reason: &str, pairs: u64) {
        if pairs == 0 {
            return;
        }
        match self.conflicts.iter_mut().find(|conflict| conflict.reason == reason) {
            Some(conflict) => conflict.pairs += pairs,
            None => self.conflicts.push(OneIdConflict { reason: reason.to_owned(), pairs }),
        }
    }

    /// Makes the next table of sightings: components go over to what they were joined to, values of too many are
    /// no keys any more.
    async fn relabel(&mut self, rule: &KeyRule) -> Result<(), BuildError> {
        let (context, nodes, column) = (self.context, self.nodes(), rule.key.column());
        self.stage += 1;
        let over = count(context, "one_id_over").await? > 0;
        let key = if over { format!("CASE WHEN o.value IS NULL THEN n.{column} END") } else { format!("n.{column}") };
        let keys = key_columns("n.").replace(&format!("n.{column}"), &format!("{key} AS {column}"));
        let join_over = if over { format!("LEFT JOIN one_id_over o ON n.{column} = o.value") } else { String::new() };
        let by = rule.key.index() + 1;
        let sql = format!(
            "SELECT n.who, coalesce(g.rep, n.comp) AS comp, {keys}, n.k_channel, n.first, n.last,
                    CAST(CASE WHEN n.joined = 0 AND g.rep IS NOT NULL THEN {by} ELSE n.joined END AS TINYINT UNSIGNED) AS joined
             FROM (SELECT comp, rep FROM one_id_allowed UNION ALL SELECT rep AS comp, rep FROM one_id_allowed GROUP BY rep) g
             RIGHT JOIN {nodes} n ON n.comp = g.comp {join_over}"
        );
        keep(context, &self.nodes(), &sql).await?;
        forget(context, &nodes)
    }
}
