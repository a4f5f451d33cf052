//! Where joining stands in a build: what is read for it, when it runs, and what it leaves behind.

use std::collections::BTreeMap;

use datafusion::prelude::SessionContext;
use model::{OneId, QuarantineCount};

use super::{Audit, Borne, Joined, Rules, borne, dedup_identities, finish, join, touches_without};
use crate::cache::Cache;
use crate::engine::FILE_ROWS;
use crate::parse::Reason;
use crate::quarantine::Quarantine;
use crate::source::{Source, SourceFile};
use crate::table::Table;
use crate::{BuildError, Options};

/// Joining as part of one build.
pub(crate) struct Step {
    rules: Rules,
    /// Whether the source has identities at all.
    active: bool,
    borne: BTreeMap<Table, Option<Borne>>,
    /// Names of the files of touches, by which the audit and the quarantine name rows.
    touches: Vec<String>,
    joined: Option<Joined>,
    audit: Option<Audit>,
}

/// What the tables' reports must know of joining.
pub(crate) struct Told {
    /// Rows of `identities`: kept, duplicate.
    pub(crate) identities: (u64, u64),
    /// Touches that found no member, set aside.
    pub(crate) touches: Vec<QuarantineCount>,
    /// The first of them in words.
    pub(crate) example: Option<String>,
    /// Rows of `members` that became one with another.
    pub(crate) members_merged: u64,
}

impl Step {
    pub(crate) fn new(source: &Source, options: &Options, cache: &Cache) -> Result<Self, BuildError> {
        let files = |table| source.tables.get(&table).map(Vec::as_slice).unwrap_or_default();
        let of = |table| Ok((table, borne(table, files(table), cache)?));
        let borne =
            [Table::Orders, Table::Touches].map(of).into_iter().collect::<Result<BTreeMap<_, _>, BuildError>>()?;
        let active = !files(Table::Identities).is_empty() || borne.values().any(Option::is_some);
        let touches = files(Table::Touches).iter().map(|file: &SourceFile| file.name.clone()).collect();
        let rules = Rules::load(options.one_id_rules.as_deref())?;
        Ok(Self { rules, active, borne, touches, joined: None, audit: None })
    }

    /// Whether a table is read for joining alone, and not at all where there is nothing to join.
    pub(crate) fn skips(&self, table: Table) -> bool {
        table == Table::Identities && !self.active
    }

    /// The keys that rows of a table bear.
    pub(crate) fn borne(&mut self, table: Table) -> Option<Borne> {
        self.borne.remove(&table).flatten()
    }

    /// Joins, and sets aside what is nobody's; nothing where there is nothing to join.
    pub(crate) async fn run(
        &mut self,
        context: &SessionContext,
        quarantine: &Quarantine,
    ) -> Result<Option<Told>, BuildError> {
        if !self.active {
            return Ok(None);
        }
        let identities = dedup_identities(context).await?;
        let joined = join(context, &self.rules).await?;
        let mut bad = quarantine.table(Table::Touches.name());
        if joined.report.touches_without > 0 {
            for seq in touches_without(context).await? {
                let file = self.touches.get((seq / FILE_ROWS) as usize).map_or("touches", String::as_str);
                bad.add(file, seq % FILE_ROWS, "member_id", "", Reason::SharedIdentity)?;
            }
        }
        let (touches, example) = bad.finish()?;
        let members_merged = joined.members_merged;
        self.joined = Some(joined);
        Ok(Some(Told { identities, touches, example, members_merged }))
    }

    /// The table that names members beside those of facts.
    pub(crate) fn people(&self) -> Option<&'static str> {
        self.active.then_some("one_id_people")
    }

    /// Writes the audit where one is wanted; then what only it needs is let go.
    pub(crate) async fn audit(&mut self, context: &SessionContext, options: &Options) -> Result<(), BuildError> {
        if let Some(folder) = &options.audit {
            self.audit = Some(Audit::write(context, self.joined.as_ref(), folder, &self.touches).await?);
        }
        match &self.joined {
            Some(joined) => finish(context, joined),
            None => Ok(()),
        }
    }

    /// The report for the manifest.
    pub(crate) fn report(&self) -> Option<OneId> {
        self.joined.as_ref().map(|joined| joined.report.clone())
    }

    /// The snapshot is published: the audit takes its names. Gives the rules that were used.
    pub(crate) fn published(self) -> Result<Option<String>, BuildError> {
        if let Some(audit) = self.audit {
            audit.finish()?;
        }
        Ok(self.active.then_some(self.rules.text))
    }
}
