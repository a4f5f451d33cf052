//! Who got which member, and by which key: Parquet files for the operator, never part of a snapshot.
//!
//! They are written beside their names and take them when the snapshot is published.

use std::fs::File;
use std::path::{Path, PathBuf};

use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::prelude::SessionContext;
use futures::StreamExt;

use super::Joined;
use super::key::Key;
use crate::BuildError;
use crate::engine::{FILE_ROWS, name, stream};

/// The files while the build runs; those that are not kept are removed.
pub(crate) struct Audit {
    folder: PathBuf,
    files: Vec<&'static str>,
}

impl Audit {
    /// Writes who got which member. `touches` names the files of the table, in their order.
    pub(crate) async fn write(
        context: &SessionContext,
        joined: Option<&Joined>,
        folder: &Path,
        touches: &[String],
    ) -> Result<Self, BuildError> {
        std::fs::create_dir_all(folder).map_err(|e| BuildError::unwritable(folder, e))?;
        let mut audit = Self { folder: folder.to_owned(), files: Vec::new() };
        let cases: String =
            Key::ALL.iter().map(|key| format!("WHEN {} THEN '{}' ", key.index() + 1, key.name())).collect();
        let by = |column: &str| format!("CASE {column} {cases}ELSE 'none' END AS by_key");
        match joined {
            Some(joined) => {
                let identities = format!(
                    "SELECT i.channel_id, i.external_id, p.member_id AS member, {} FROM (
                         SELECT n.who, n.joined, p.member_id FROM one_id_people p RIGHT JOIN {} n ON p.comp = n.comp
                     ) p JOIN identities i ON i.who = p.who
                     ORDER BY i.channel_id, i.external_id, i.seq",
                    by("p.joined"),
                    joined.nodes
                );
                audit.file(context, "identities.parquet", &identities).await?;
            }
            // Without identities, a fact's member is the one it names.
            None => {
                let by = "CASE WHEN member_id IS NULL THEN 0 ELSE 1 END AS by_key";
                for (table, named) in [("one_id_orders", "orders"), ("one_id_touches", "touches_read")] {
                    name(context, table, &format!("SELECT *, {by} FROM {named}")).await?;
                }
            }
        }
        let orders = format!(
            "SELECT order_id, CAST(day AS DATE) AS day, member_id AS member, {} FROM one_id_orders ORDER BY order_id",
            by("by_key")
        );
        audit.file(context, "orders.parquet", &orders).await?;
        let files: String = touches
            .iter()
            .enumerate()
            .map(|(index, name)| format!("WHEN {index} THEN '{}' ", name.replace('\'', "''")))
            .collect();
        let files = if files.is_empty() { "''".to_owned() } else { format!("CASE seq / {FILE_ROWS} {files}END") };
        let touches = format!(
            "SELECT {files} AS file, CAST(seq % {FILE_ROWS} AS BIGINT) AS row, CAST(day AS DATE) AS day, member_id AS member, {}
             FROM one_id_touches ORDER BY seq",
            by("by_key")
        );
        audit.file(context, "touches.parquet", &touches).await?;
        Ok(audit)
    }

    async fn file(&mut self, context: &SessionContext, file_name: &'static str, sql: &str) -> Result<(), BuildError> {
        let path = self.unfinished(file_name);
        let unwritable = |e: &dyn std::fmt::Display| BuildError::unwritable(&path, e);
        let mut rows = stream(context, sql).await?;
        let file = File::create(&path).map_err(|e| unwritable(&e))?;
        self.files.push(file_name);
        let properties = WriterProperties::builder().set_compression(Compression::LZ4_RAW).build();
        let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).map_err(|e| unwritable(&e))?;
        while let Some(batch) = rows.next().await {
            writer.write(&batch?).map_err(|e| unwritable(&e))?;
        }
        writer.close().map_err(|e| unwritable(&e))?;
        Ok(())
    }

    /// Gives the files their names.
    pub(crate) fn finish(mut self) -> Result<(), BuildError> {
        for name in std::mem::take(&mut self.files) {
            let (from, to) = (self.unfinished(name), self.folder.join(name));
            std::fs::rename(&from, &to).map_err(|e| BuildError::unwritable(&to, e))?;
        }
        Ok(())
    }

    fn unfinished(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.part"))
    }
}

impl Drop for Audit {
    fn drop(&mut self) {
        for name in &self.files {
            // Nothing to tell: the build's own error is.
            let _ = std::fs::remove_file(self.unfinished(name));
        }
    }
}
