//! Finds the columns of a shard inside an Arrow IPC file, without the `arrow` crates (170 kB in a browser bundle).
//!
//! Reads the footer through the published flatbuffers definitions and walks the schema next to the record batch's
//! buffers. Every offset is checked against the file before it is returned. Only what our shards use is understood:
//! one record batch, no compression, no nulls, integers, dates and bits, and lists of structs of them.

use std::ops::Range;

use planus::ReadAsRoot;
use polars_arrow_format::ipc::{FieldRef, FooterRef, MessageHeaderRef, MessageRef, RecordBatchRef, TypeRef};

const MAGIC: &[u8] = b"ARROW1";

/// What one value of a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A bit; the first of eight is the byte's least.
    Bit,
    /// A little-endian integer, or a date in days.
    Int {
        /// 1, 2, 4 or 8.
        bytes: usize,
        signed: bool,
    },
}

/// One flat column: where its values lie in the file and what one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Exactly the bytes of the file that hold the table's `len` values.
    pub(crate) bytes: Range<usize>,
}

/// One list-of-structs column: a row of it is a slice of each child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    /// `rows + 1` little-endian `i32` offsets.
    pub(crate) offsets: Range<usize>,
    /// Length of every child.
    pub(crate) len: usize,
    pub(crate) columns: Vec<Column>,
}

/// The layout of a shard file.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// Rows of the record batch.
    pub(crate) rows: usize,
    /// The list columns.
    pub(crate) tables: Vec<Table>,
    /// The columns with one value a row.
    pub(crate) flat: Vec<Column>,
}

/// Finds the layout; the error says what is wrong, for a message.
pub(crate) fn layout(file: &[u8]) -> Result<Layout, &'static str> {
    let footer = footer(file)?;
    let bad = |_| "its footer is damaged";
    let batches = footer.record_batches().map_err(bad)?.ok_or("it has no record batch")?;
    if batches.len() != 1 {
        return Err("it has not exactly one record batch");
    }
    let block = batches.get(0).ok_or("it has no record batch")?;
    let offset = usize::try_from(block.offset()).map_err(|_| "its record batch lies outside")?;
    let metadata = usize::try_from(block.meta_data_length()).map_err(|_| "its record batch lies outside")?;
    let body_length = usize::try_from(block.body_length()).map_err(|_| "its record batch lies outside")?;
    let body_start = offset.checked_add(metadata).ok_or("its record batch lies outside")?;
    let body_end = body_start.checked_add(body_length).ok_or("its record batch lies outside")?;
    if body_end > file.len() || metadata < 8 {
        return Err("its record batch lies outside");
    }
    // A continuation marker and a length stand before the message.
    let message = MessageRef::read_as_root(&file[offset + 8..body_start]).map_err(|_| "its message is damaged")?;
    let Ok(Some(MessageHeaderRef::RecordBatch(batch))) = message.header() else {
        return Err("its message is no record batch");
    };
    let schema = footer.schema().map_err(bad)?.ok_or("it has no schema")?;
    let fields = schema.fields().map_err(bad)?.ok_or("it has no schema")?;
    let mut walk = Walk::new(batch, body_start..body_end)?;
    let mut layout = Layout { rows: walk.rows, tables: Vec::new(), flat: Vec::new() };
    for field in fields {
        let field = field.map_err(bad)?;
        let rows = layout.rows;
        match walk.top_level(field, rows, file)? {
            Top::Table(table) => layout.tables.push(table),
            Top::Flat(column) => layout.flat.push(column),
        }
    }
    Ok(layout)
}

/// A column of the record batch.
enum Top {
    Table(Table),
    Flat(Column),
}

fn footer(file: &[u8]) -> Result<FooterRef<'_>, &'static str> {
    let framed = file.starts_with(MAGIC) && file.ends_with(MAGIC) && file.len() >= 32;
    if !framed {
        return Err("it is not an Arrow IPC file");
    }
    let length_at = file.len() - MAGIC.len() - 4;
    let length = u32::from_le_bytes([file[length_at], file[length_at + 1], file[length_at + 2], file[length_at + 3]]);
    let start = length_at.checked_sub(length as usize).ok_or("its footer lies outside")?;
    FooterRef::read_as_root(&file[start..length_at]).map_err(|_| "its footer is damaged")
}

/// Walks nodes and buffers in schema order.
struct Walk<'a> {
    batch: RecordBatchRef<'a>,
    body: Range<usize>,
    rows: usize,
    node: usize,
    buffer: usize,
}

impl<'a> Walk<'a> {
    fn new(batch: RecordBatchRef<'a>, body: Range<usize>) -> Result<Self, &'static str> {
        if !matches!(batch.compression(), Ok(None)) {
            return Err("its buffers are compressed");
        }
        let rows = batch.length().ok().and_then(|n| usize::try_from(n).ok()).ok_or("its length is negative")?;
        Ok(Self { batch, body, rows, node: 0, buffer: 0 })
    }

    /// The next array's length; nulls are refused.
    fn next_node(&mut self) -> Result<usize, &'static str> {
        let nodes = self.batch.nodes().ok().flatten().ok_or("its arrays are missing")?;
        let node = nodes.get(self.node).ok_or("its arrays are missing")?;
        self.node += 1;
        if node.null_count() != 0 {
            return Err("it has nulls");
        }
        usize::try_from(node.length()).map_err(|_| "an array's length is negative")
    }

    /// The next buffer, of `bytes` bytes at least, held to that length.
    fn next_buffer(&mut self, bytes: usize) -> Result<Range<usize>, &'static str> {
        let buffers = self.batch.buffers().ok().flatten().ok_or("its buffers are missing")?;
        let buffer = buffers.get(self.buffer).ok_or("its buffers are missing")?;
        self.buffer += 1;
        let outside = "a buffer lies outside";
        let offset = usize::try_from(buffer.offset()).map_err(|_| outside)?;
        let length = usize::try_from(buffer.length()).map_err(|_| outside)?;
        let start = self.body.start.checked_add(offset).ok_or(outside)?;
        let end = start.checked_add(bytes).ok_or(outside)?;
        if length < bytes || end > self.body.end {
            return Err(outside);
        }
        Ok(start..end)
    }

    fn top_level(&mut self, field: FieldRef<'a>, rows: usize, file: &[u8]) -> Result<Top, &'static str> {
        let kind = field.type_().ok().flatten().ok_or("a field has no type")?;
        if !matches!(kind, TypeRef::List(_)) {
            return Ok(Top::Flat(self.flat(field, rows)?));
        }
        if self.next_node()? != rows {
            return Err("a list has another length than the batch");
        }
        self.next_buffer(0)?;
        let offsets = self.next_buffer(rows.checked_add(1).and_then(|n| n.checked_mul(4)).ok_or("too many rows")?)?;
        let last = &file[offsets.end - 4..offsets.end];
        let last = i32::from_le_bytes([last[0], last[1], last[2], last[3]]);
        let len = usize::try_from(last).map_err(|_| "a list's offset is negative")?;
        let children = field.children().ok().flatten().ok_or("a list has no child")?;
        let item = children.iter().next().and_then(Result::ok).ok_or("a list has no child")?;
        if !matches!(item.type_(), Ok(Some(TypeRef::Struct(_)))) {
            return Err("a list holds no structs");
        }
        if self.next_node()? != len {
            return Err("a list's offsets do not end at its length");
        }
        self.next_buffer(0)?;
        let mut columns = Vec::new();
        for child in item.children().ok().flatten().ok_or("a struct has no fields")? {
            columns.push(self.flat(child.map_err(|_| "a field is damaged")?, len)?);
        }
        Ok(Top::Table(Table { name: name(field)?, offsets, len, columns }))
    }

    fn flat(&mut self, field: FieldRef<'a>, len: usize) -> Result<Column, &'static str> {
        let kind = match field.type_().ok().flatten().ok_or("a field has no type")? {
            TypeRef::Int(int) => {
                let bytes = match int.bit_width().map_err(|_| "a field's type is damaged")? {
                    8 => 1,
                    16 => 2,
                    32 => 4,
                    64 => 8,
                    _ => return Err("an integer's width is unknown"),
                };
                Kind::Int { bytes, signed: int.is_signed().unwrap_or(false) }
            }
            TypeRef::Date(_) => Kind::Int { bytes: 4, signed: true },
            TypeRef::Bool(_) => Kind::Bit,
            _ => return Err("a column holds neither integers nor bits"),
        };
        if self.next_node()? != len {
            return Err("columns of one table differ in length");
        }
        self.next_buffer(0)?;
        let bytes = match kind {
            Kind::Bit => len.div_ceil(8),
            Kind::Int { bytes, .. } => len.checked_mul(bytes).ok_or("a column is too long")?,
        };
        Ok(Column { name: name(field)?, kind, bytes: self.next_buffer(bytes)? })
    }
}

fn name(field: FieldRef<'_>) -> Result<String, &'static str> {
    field.name().ok().flatten().map(str::to_owned).ok_or("a field has no name")
}
