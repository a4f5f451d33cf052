//! Keeps the rows of one file while they are read: beside the reading, which does not wait for it.

use std::path::PathBuf;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;

use super::header::{Bad, Header, Judged};
use super::rows::{Used, Written, list_of, write};
use crate::names::Catalog;
use crate::parse::Reason;
use crate::read::Found;

/// A file with more bad rows than this is read every night.
const MOST_BAD: usize = 100_000;
/// Batches that wait to be written at the most.
const WAITING: usize = 4;

/// What is to be kept of a file that is being read.
pub(crate) struct Writing {
    pub(super) name: String,
    pub(super) key: String,
    pub(super) path: PathBuf,
    /// None once the writer has stopped.
    sender: Option<SyncSender<RecordBatch>>,
    writer: JoinHandle<std::io::Result<Written>>,
    bad: Vec<Bad>,
    too_many_bad: bool,
    rows: u64,
}

impl Writing {
    pub(super) fn begin(name: String, key: String, path: PathBuf, schema: &SchemaRef) -> Self {
        let (sender, receiver) = sync_channel::<RecordBatch>(WAITING);
        let (to, schema) = (path.clone(), SchemaRef::clone(schema));
        let writer = std::thread::spawn(move || write(&to, &schema, receiver.into_iter()));
        Self { name, key, path, sender: Some(sender), writer, bad: Vec::new(), too_many_bad: false, rows: 0 }
    }

    /// Takes good rows, and how many were read for them.
    pub(crate) fn add(&mut self, batch: &RecordBatch, rows: u64) {
        self.rows += rows;
        if batch.num_rows() > 0 && self.sender.as_ref().is_some_and(|sender| sender.send(batch.clone()).is_err()) {
            // It says why when it is asked for its end.
            self.sender = None;
        }
    }

    /// Takes a row that was set aside.
    pub(crate) fn set_aside(&mut self, row: u64, column: &str, value: &str, reason: Reason) {
        if self.bad.len() >= MOST_BAD {
            self.too_many_bad = true;
            return;
        }
        self.bad.push(Bad { row, column: column.to_owned(), value: value.to_owned(), reason });
    }

    /// Ends the file of rows and gives the header to it, or a fault; none where it is only not worth it.
    pub(super) fn end(self, found: Found, judged: &Judged, catalog: &mut Catalog) -> Result<Header, Option<String>> {
        drop(self.sender);
        let written = match self.writer.join() {
            Ok(Ok(written)) => written,
            Ok(Err(error)) => return Err(Some(error.to_string())),
            Err(_) => return Err(Some("the thread that writes them stopped".to_owned())),
        };
        if self.too_many_bad {
            return Err(None);
        }
        let mut used = Vec::new();
        for (column, codes) in written.codes {
            let Some(names) = list_of(catalog, &column) else { return Err(None) };
            let ids = codes.iter().map(|&code| names.ids.get(usize::from(code)).cloned());
            let Some(ids) = ids.collect::<Option<Vec<String>>>() else { return Err(None) };
            let are_stores = matches!(column.as_str(), "store" | "home_store") && names.is_closed();
            let zones = ids.iter().zip(&codes).filter(|_| are_stores).map(|(id, &code)| (id, catalog.zone(code)));
            let others = zones.filter(|(_, zone)| *zone != catalog.time_zone);
            let zones = others.map(|(id, zone)| (id.clone(), zone.name().to_owned())).collect();
            used.push(Used { column, ids, zones });
        }
        let (bad, rows_read) = (self.bad, self.rows);
        Ok(Header { key: self.key, found, judged: judged.clone(), rows_read, bad, used, rows: written.hash })
    }
}
