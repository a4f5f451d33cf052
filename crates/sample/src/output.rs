//! The folder a sample is written into: part files first, renamed when all are whole.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::SampleError;

/// Written last, so that a folder with it holds a whole sample.
pub(crate) const TRUTHS: &str = "truths.json";
/// There while a sample is being written; marks the folder as ours if that is cut short.
const MARK: &str = ".sample.part";

/// A folder being filled.
pub(crate) struct Folder {
    path: PathBuf,
    parts: Vec<&'static str>,
}

impl Folder {
    /// Opens a new, empty or earlier sample's folder; any other is refused.
    pub(crate) fn open(path: &Path) -> Result<Self, SampleError> {
        let fail = |source| SampleError::Io { path: path.to_owned(), source };
        fs::create_dir_all(path).map_err(fail)?;
        let empty = fs::read_dir(path).map_err(fail)?.next().is_none();
        if !empty && !path.join(MARK).exists() && !holds_a_sample(path) {
            return Err(SampleError::ForeignFolder { path: path.to_owned() });
        }
        let folder = Self { path: path.to_owned(), parts: Vec::new() };
        folder.write(MARK, b"")?;
        Ok(folder)
    }

    /// A CSV file with this header.
    pub(crate) fn table(&mut self, name: &'static str, header: &[&str]) -> Result<Table, SampleError> {
        let part = self.part(name);
        let file = File::create(&part).map_err(|source| SampleError::Io { path: part.clone(), source })?;
        self.parts.push(name);
        let mut table =
            Table { name, part, rows: 0, writer: csv::WriterBuilder::new().buffer_capacity(1 << 18).from_writer(file) };
        table.writer.write_record(header).map_err(|error| table.failed(error))?;
        Ok(table)
    }

    /// A small file, written in one go.
    pub(crate) fn text(&mut self, name: &'static str, text: &str) -> Result<(), SampleError> {
        self.write(&format!(".{name}.part"), text.as_bytes())?;
        self.parts.push(name);
        Ok(())
    }

    /// Gives every part its final name, [`TRUTHS`] last.
    pub(crate) fn publish(self) -> Result<u64, SampleError> {
        let io = |path: PathBuf| move |source| SampleError::Io { path, source };
        let truths = self.path.join(TRUTHS);
        if truths.exists() {
            fs::remove_file(&truths).map_err(io(truths.clone()))?;
        }
        let mut bytes = 0;
        for name in &self.parts {
            let (part, path) = (self.part(name), self.path.join(name));
            bytes += fs::metadata(&part).map_err(io(part.clone()))?.len();
            fs::rename(&part, &path).map_err(io(path))?;
        }
        let mark = self.path.join(MARK);
        fs::remove_file(&mark).map_err(io(mark.clone()))?;
        Ok(bytes)
    }

    fn part(&self, name: &str) -> PathBuf {
        self.path.join(format!(".{name}.part"))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), SampleError> {
        let path = self.path.join(name);
        let written = File::create(&path).and_then(|file| {
            let mut file = BufWriter::new(file);
            file.write_all(bytes)?;
            file.flush()
        });
        written.map_err(|source| SampleError::Io { path, source })
    }
}

/// Whether the folder's truths file is one of ours.
fn holds_a_sample(path: &Path) -> bool {
    let text = fs::read(path.join(TRUTHS)).unwrap_or_default();
    serde_json::from_slice::<serde_json::Value>(&text).is_ok_and(|truths| truths["made_by"] == crate::MADE_BY)
}

/// A CSV file being written.
pub(crate) struct Table {
    /// Its final name.
    pub(crate) name: &'static str,
    /// Rows after the header.
    pub(crate) rows: u64,
    part: PathBuf,
    writer: csv::Writer<File>,
}

impl Table {
    /// Adds a row.
    pub(crate) fn row<const N: usize>(&mut self, fields: [&str; N]) -> Result<(), SampleError> {
        self.cells(fields)
    }

    /// Adds a row of as many fields as the header has.
    pub(crate) fn cells<'f>(&mut self, fields: impl IntoIterator<Item = &'f str>) -> Result<(), SampleError> {
        self.rows += 1;
        let written = self.writer.write_record(fields);
        written.map_err(|error| self.failed(error))
    }

    /// Writes what is buffered and hands back the number of rows.
    pub(crate) fn finish(mut self) -> Result<(&'static str, u64), SampleError> {
        let path = self.part.clone();
        self.writer.flush().map_err(|source| SampleError::Io { path, source })?;
        Ok((self.name, self.rows))
    }

    fn failed(&self, error: csv::Error) -> SampleError {
        let source = match error.into_kind() {
            csv::ErrorKind::Io(source) => source,
            other => std::io::Error::other(format!("{other:?}")),
        };
        SampleError::Io { path: self.part.clone(), source }
    }
}
