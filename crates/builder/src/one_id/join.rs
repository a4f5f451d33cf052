//! Joining by one key: who shares a value, which values count, what would be joined, and what of it is allowed.

use datafusion::prelude::SessionContext;
use model::{KeyReport, OneIdConflict};

use super::apart;
use super::components::contract;
use super::key::Key;
use super::periods;
use super::rules::{KeyRule, Rules};
use super::sightings::{UNDER, key_columns};
use super::tables::{count, forget, keep};
use crate::BuildError;
use crate::engine::{integers, name};

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
        // At first every sighting is a component by itself.
        let (sightings, group) = match self.stage {
            0 => ("CAST(1 AS BIGINT)", String::new()),
            _ => ("count(*)", format!("GROUP BY {column}, comp")),
        };
        let held = format!(
            "SELECT {column} AS value, comp, {sightings} AS sightings FROM {nodes} WHERE {column} IS NOT NULL {group}"
        );
        match self.stage {
            0 => name(context, "one_id_held", &held).await?,
            _ => keep(context, "one_id_held", &held).await?,
        }
        keep(
            context,
            "one_id_shared",
            "SELECT value, sum(sightings) AS sightings, count(*) AS comps FROM one_id_held
             GROUP BY value HAVING count(*) > 1",
        )
        .await?;
        let [shared, more] = integers(context, "SELECT count(*), sum(comps - 1) FROM one_id_shared").await?;
        let values = count(context, "one_id_held").await? - more as u64;
        let mut report = KeyReport { key: rule.key.name().to_owned(), values, ..KeyReport::default() };
        if shared > 0 {
            self.join_shared(rule, &mut report).await?;
        }
        forget(context, "one_id_held")?;
        forget(context, "one_id_shared")?;
        self.keys.push(report);
        Ok(())
    }

    /// Joins by those values that several components have.
    async fn join_shared(&mut self, rule: &KeyRule, report: &mut KeyReport) -> Result<(), BuildError> {
        let context = self.context;
        let marks = self.marks(rule);
        self.find_marks(rule, &marks).await?;
        self.find_over_shared(rule, &marks).await?;
        let [over, identities] = integers(context, "SELECT count(*), sum(sightings) FROM one_id_over").await?;
        (report.over_shared, report.over_shared_identities) = (over as u64, identities as u64);
        keep(
            context,
            "one_id_links",
            "SELECT h.value, h.comp, CAST(0 AS BIGINT) AS period
             FROM (SELECT s.value FROM one_id_over o RIGHT ANTI JOIN one_id_shared s ON s.value = o.value) s
             JOIN one_id_held h ON s.value = h.value",
        )
        .await?;
        if rule.rest_days.is_some() || rule.apart_days.is_some() {
            report.recycled = periods::cut(self, rule, &marks).await?;
        }
        self.rounds += self.connect().await?;
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

    /// Makes `one_id_marks` (comp, size, marks): sightings of every component that shares a value, and what tells it
    /// apart.
    async fn find_marks(&self, rule: &KeyRule, marks: &[Key]) -> Result<(), BuildError> {
        let (context, nodes) = (self.context, self.nodes());
        if self.stage == 0 {
            // Every sighting that has a value, without looking who shares it.
            let columns: String = marks.iter().map(|mark| format!(", {}", mark.column())).collect();
            let column = rule.key.column();
            let all =
                format!("SELECT comp, CAST(1 AS BIGINT) AS size{columns} FROM {nodes} WHERE {column} IS NOT NULL");
            return name(context, "one_id_marks", &all).await;
        }
        let columns: String = marks.iter().map(|mark| format!(", min(n.{0}) AS {0}", mark.column())).collect();
        keep(
            context,
            "one_id_meet",
            "SELECT h.comp FROM one_id_shared s JOIN one_id_held h ON s.value = h.value GROUP BY h.comp",
        )
        .await?;
        keep(
            context,
            "one_id_marks",
            &format!(
                "SELECT n.comp, count(*) AS size{columns} FROM one_id_meet c JOIN {nodes} n ON n.comp = c.comp
                 GROUP BY n.comp"
            ),
        )
        .await?;
        forget(context, "one_id_meet")
    }

    /// Makes `one_id_over` (value, sightings): values that are of too many people, or of too many identities.
    async fn find_over_shared(&self, rule: &KeyRule, marks: &[Key]) -> Result<(), BuildError> {
        let (context, nodes, column) = (self.context, self.nodes(), rule.key.column());
        let most = rule.max_people;
        // People are no more than components: most values need no closer look.
        let many = format!(
            "SELECT value, sightings FROM one_id_shared WHERE comps > {most} OR sightings > {}",
            rule.max_identities
        );
        keep(context, "one_id_many", &many).await?;
        // People are told apart by keys of which everybody has one: a member id, say, or an account of one channel.
        let mut over = vec![format!("SELECT value FROM one_id_many WHERE sightings > {}", rule.max_identities)];
        if !marks.is_empty() {
            keep(
                context,
                "one_id_many_held",
                "SELECT h.value, h.comp FROM one_id_many s JOIN one_id_held h ON h.value = s.value",
            )
            .await?;
            let people: Vec<_> = marks.iter().map(|mark| format!("count(m.{}) > {most}", mark.column())).collect();
            over.push(format!(
                "SELECT h.value FROM one_id_many_held h JOIN one_id_marks m ON m.comp = h.comp
                 GROUP BY h.value HAVING {}",
                people.join(" OR ")
            ));
        }
        if rule.key != Key::External && self.rules.of(Key::External).is_some_and(|rule| rule.one_each) {
            over.push(format!(
                "SELECT value FROM (
                     SELECT s.value, n.k_channel, n.comp FROM one_id_many s JOIN {nodes} n ON n.{column} = s.value
                     WHERE n.k_external_id IS NOT NULL GROUP BY s.value, n.k_channel, n.comp
                 ) GROUP BY value, k_channel HAVING count(*) > {most}"
            ));
        }
        // One after the other, so that memory has room for each.
        let names: Vec<_> = (0..over.len()).map(|reason| format!("one_id_over_{reason}")).collect();
        for (name, sql) in names.iter().zip(&over) {
            keep(context, name, sql).await?;
        }
        let all: Vec<_> = names.iter().map(|name| format!("SELECT value FROM {name}")).collect();
        keep(
            context,
            "one_id_over",
            &format!(
                "SELECT s.value, s.sightings FROM (SELECT value FROM ({}) GROUP BY value) o
                 JOIN one_id_many s ON s.value = o.value",
                all.join(" UNION ALL ")
            ),
        )
        .await?;
        names
            .iter()
            .map(String::as_str)
            .chain(["one_id_many", "one_id_many_held"])
            .try_for_each(|name| forget(context, name))
    }

    /// From `one_id_links` makes `one_id_reps` (comp, rep): every component that shares a value, and the one that it and
    /// whoever it is connected with are called after; that one left out. Gives the rounds it took.
    async fn connect(&self) -> Result<u32, BuildError> {
        let context = self.context;
        // Every value is a star around its smallest component.
        keep(
            context,
            "one_id_centres",
            "SELECT value, period, min(comp) AS centre FROM one_id_links GROUP BY value, period HAVING count(*) > 1",
        )
        .await?;
        let spokes = "SELECT l.comp, c.centre AS rep
                      FROM one_id_centres c JOIN one_id_links l ON l.value = c.value AND l.period = c.period
                      WHERE l.comp <> c.centre";
        let twice = "SELECT count(*) FROM (SELECT comp FROM one_id_links GROUP BY comp HAVING count(*) > 1)";
        let [twice] = integers(context, twice).await?;
        if twice == 0 {
            // Nobody is in two stars.
            keep(context, "one_id_reps", spokes).await?;
            forget(context, "one_id_centres")?;
            return Ok(u32::from(count(context, "one_id_reps").await? > 0));
        }
        let edges = format!(
            "WITH spokes AS ({spokes})
             SELECT comp AS v, rep AS w FROM spokes UNION ALL SELECT rep AS v, comp AS w FROM spokes"
        );
        keep(context, "one_id_edges", &edges).await?;
        forget(context, "one_id_centres")?;
        contract(context, "one_id_edges", "one_id_reps").await
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

    /// Makes the next table of sightings, where there is anything to tell: components go over to what they were joined
    /// to, values of too many are no keys any more.
    async fn relabel(&mut self, rule: &KeyRule) -> Result<(), BuildError> {
        let (context, nodes, column) = (self.context, self.nodes(), rule.key.column());
        let over = count(context, "one_id_over").await?;
        if over == 0 && count(context, "one_id_allowed").await? == 0 {
            // All stay what they are.
            return Ok(());
        }
        self.stage += 1;
        let by = rule.key.index() + 1;
        keep(
            context,
            "one_id_moved",
            "SELECT comp, rep FROM one_id_allowed UNION ALL SELECT rep AS comp, rep FROM one_id_allowed GROUP BY rep",
        )
        .await?;
        let joined = format!(
            "SELECT n.who, coalesce(g.rep, n.comp) AS comp, {}, n.k_channel, n.first, n.last,
                    CAST(CASE WHEN n.joined = 0 AND g.rep IS NOT NULL THEN {by} ELSE n.joined END AS TINYINT UNSIGNED) AS joined
             FROM one_id_moved g RIGHT JOIN {nodes} n ON n.comp = g.comp",
            key_columns("n.")
        );
        let sql = if over == 0 {
            joined
        } else {
            let key = format!("CASE WHEN o.value IS NULL THEN n.{column} END AS {column}");
            let keys = key_columns("n.").replace(&format!("n.{column}"), &key);
            format!(
                "SELECT n.who, n.comp, {keys}, n.k_channel, n.first, n.last, n.joined
                 FROM one_id_over o RIGHT JOIN ({joined}) n ON o.value = n.{column}"
            )
        };
        keep(context, &self.nodes(), &sql).await?;
        forget(context, "one_id_moved")?;
        forget(context, &nodes)?;
        UNDER.iter().try_for_each(|table| forget(context, table))
    }
}
