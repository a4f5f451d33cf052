//! Tables of a PostgreSQL database, all read in one transaction that changes nothing and sees one moment.
//!
//! Every value comes as the text that PostgreSQL writes for it, so that no number ever becomes a float: `numeric` with
//! all its digits, instants in UTC with their offset, dates with the year first. Rows stream; what is in memory is a few
//! batches. Nothing here says the password: not a message, not a log.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::array::StringBuilder;
use futures::TryStreamExt;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, Error, Executor, Row, SqlSafeStr, Statement, TypeInfo};
use tokio::sync::{Mutex, mpsc};

use super::remote::{Remote, one_line};
use super::{Form, Group, Place, Source, SourceFile};
use crate::BuildError;
use crate::location::DatabaseAddress;
use crate::mapping::{Entry, Mapping};
use crate::parse::Currency;
use crate::read::{BATCH_ROWS, Frame, Opened};
use crate::table::{LATER, Table};

/// A server that does not answer for so long is not there.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the session is told first. Scans begin at a table's start and run one by one, so that rows come in the same
/// order every night.
const BEGIN: &str = "SET datestyle TO 'ISO, YMD'; SET timezone TO 'UTC'; SET synchronize_seqscans TO off; \
     SET max_parallel_workers_per_gather TO 0; SET statement_timeout TO 0; SET idle_in_transaction_session_timeout TO 0; \
     BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A connection within its transaction.
pub(crate) struct Database {
    address: DatabaseAddress,
    remote: Arc<Remote>,
    connection: Arc<Mutex<PgConnection>>,
}

/// A table, a view or a query.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    database: Arc<Database>,
    /// What stands after `FROM`.
    from: String,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.address)
    }
}

impl Database {
    pub(super) fn open(address: &DatabaseAddress, remote: Arc<Remote>) -> Result<Arc<Self>, BuildError> {
        let options = PgConnectOptions::from_url(address.url())
            .map_err(|error| unreachable(address, &error))?
            .application_name("wellspring")
            .disable_statement_logging();
        let connecting = async move {
            let mut connection = PgConnection::connect_with(&options).await?;
            connection.execute(BEGIN).await?;
            Ok::<_, Error>(connection)
        };
        let connected = remote.wait(async move { tokio::time::timeout(PATIENCE, connecting).await })?;
        let connection = match connected {
            Ok(connection) => connection.map_err(|error| unreachable(address, &error))?,
            Err(_) => {
                let reason = format!("the server does not answer within {} seconds", PATIENCE.as_secs());
                return Err(BuildError::Unreachable { place: address.to_string(), reason });
            }
        };
        Ok(Arc::new(Self { address: address.clone(), remote, connection: Arc::new(Mutex::new(connection)) }))
    }

    /// Names of all tables and views that are not the server's own, by schema.
    fn names(&self) -> Result<BTreeMap<String, Vec<String>>, BuildError> {
        const NAMES: &str = "SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND NOT c.relispartition
               AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
             ORDER BY 1, 2";
        let connection = Arc::clone(&self.connection);
        let rows =
            self.remote.wait(async move { sqlx::query(NAMES).fetch_all(&mut *connection.lock().await).await })?;
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in rows.map_err(|error| unreachable(&self.address, &error))? {
            let pair = row.try_get(0).and_then(|schema| Ok((schema, row.try_get(1)?)));
            let (schema, name): (String, String) = pair.map_err(|error| unreachable(&self.address, &error))?;
            names.entry(schema).or_default().push(name);
        }
        Ok(names)
    }
}

/// Finds every table of the contract in the database.
pub(super) fn find(database: &Arc<Database>, mapping: &Mapping, currency: &Currency) -> Result<Source, BuildError> {
    let schemas = database.names()?;
    let own = database.address.schema().to_owned();
    let nothing = Vec::new();
    let tables = schemas.get(&own).unwrap_or(&nothing);
    if tables.is_empty() && !mapping.has_queries() {
        return Err(no_table(database, &schemas));
    }
    let mut source = Source::default();
    let mut taken = Vec::new();
    for table in Table::ALL {
        let mut files = Vec::new();
        for entry in mapping.entries(table, currency) {
            let entry = Arc::new(entry);
            if let Some(query) = &entry.query {
                let query = query.trim().trim_end_matches(';');
                files.push(file(database, format!("query of {}", table.name()), format!("(\n{query}\n)"), &entry));
                continue;
            }
            let contract = [table.name().to_owned()];
            for name in if entry.from.is_empty() { &contract[..] } else { &entry.from[..] } {
                match look_up(&schemas, &own, name) {
                    Some((schema, found)) => {
                        taken.push((schema.to_owned(), found.to_owned()));
                        let from = format!("{}.{}", quoted(schema), quoted(found));
                        files.push(file(database, format!("{schema}.{found}"), from, &entry));
                    }
                    None if entry.from.is_empty() => {}
                    None => {
                        return Err(entry.wrong(format!("there is no table `{name}`; {own} has {}", tables.join(", "))));
                    }
                }
            }
        }
        if !files.is_empty() {
            source.tables.insert(table, files);
        }
    }
    let rest: Vec<&str> =
        tables.iter().filter(|name| !taken.contains(&(own.clone(), (*name).clone()))).map(String::as_str).collect();
    source.later.extend(LATER.into_iter().filter(|later| rest.contains(later)));
    let others: Vec<&str> = rest.into_iter().filter(|name| !LATER.contains(name)).collect();
    if !others.is_empty() {
        source
            .notes
            .push(format!("tables that are none of the source contract and were not read: {}", others.join(", ")));
    }
    Ok(source)
}

/// Every table of the schema, for looking.
pub(super) fn groups(database: &Arc<Database>) -> Result<Vec<Group>, BuildError> {
    let schemas = database.names()?;
    let own = database.address.schema();
    let Some(tables) = schemas.get(own) else { return Err(no_table(database, &schemas)) };
    let entry = Arc::new(Entry::default());
    let groups = tables.iter().map(|table| {
        let from = format!("{}.{}", quoted(own), quoted(table));
        Group { name: table.clone(), files: vec![file(database, format!("{own}.{table}"), from, &entry)] }
    });
    Ok(groups.collect())
}

fn no_table(database: &Database, schemas: &BTreeMap<String, Vec<String>>) -> BuildError {
    let known: Vec<&str> = schemas.keys().map(String::as_str).collect();
    let known = match known.len() {
        0 => "no schema has any".to_owned(),
        _ => format!("schemas with tables are {}", known.join(", ")),
    };
    let (schema, user) = (database.address.schema(), user(&database.address));
    let reason = format!("the schema `{schema}` has no table; {known}; check ?schema= and what {user} may see");
    BuildError::Unreachable { place: database.address.to_string(), reason }
}

/// A table by its name, or by `schema.name`; exactly as it is written, else without regard to case.
fn look_up<'a>(schemas: &'a BTreeMap<String, Vec<String>>, own: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let within = |schema: &str, name: &str| {
        let (schema, tables) = schemas.get_key_value(schema)?;
        let exact = tables.iter().find(|table| *table == name);
        let found = exact.or_else(|| tables.iter().find(|table| table.to_lowercase() == name.to_lowercase()))?;
        Some((schema.as_str(), found.as_str()))
    };
    within(own, name).or_else(|| name.split_once('.').and_then(|(schema, name)| within(schema, name)))
}

fn file(database: &Arc<Database>, name: String, from: String, entry: &Arc<Entry>) -> SourceFile {
    SourceFile {
        name,
        place: Place::Rows(Rows { database: Arc::clone(database), from }),
        form: Form::Rows,
        partition: Vec::new(),
        entry: Arc::clone(entry),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A table whose columns are known.
pub(crate) struct OpenRows<'a> {
    file: &'a SourceFile,
    rows: &'a Rows,
    header: Vec<String>,
    /// Whether a column is `money`, which PostgreSQL writes as its locale has it.
    is_money: Vec<bool>,
    /// Rows to read at the most.
    limit: Option<u64>,
}

impl<'a> OpenRows<'a> {
    pub(crate) fn open(file: &'a SourceFile, rows: &'a Rows) -> Result<Self, BuildError> {
        let connection = Arc::clone(&rows.database.connection);
        let sql = AssertSqlSafe(format!("SELECT * FROM {} AS source", rows.from)).into_sql_str();
        let described = rows.database.remote.wait(async move {
            let mut connection = connection.lock().await;
            let statement = connection.prepare(sql).await?;
            let columns = statement.columns().iter();
            Ok::<_, Error>(
                columns
                    .map(|column| (column.name().to_owned(), column.type_info().name() == "MONEY"))
                    .collect::<Vec<_>>(),
            )
        })?;
        let columns = described.map_err(|error| unreadable(file, &error))?;
        let (header, is_money) = columns.into_iter().unzip();
        Ok(Self { file, rows, header, is_money, limit: None })
    }

    /// Only so many rows of it.
    pub(crate) fn head(self, rows: u64) -> Self {
        Self { limit: Some(rows), ..self }
    }

    /// One column as text.
    fn text(&self, column: usize) -> String {
        let cast = if self.is_money[column] { "::numeric::text" } else { "::text" };
        format!("source.{}{cast}", quoted(&self.header[column]))
    }
}

impl Opened for OpenRows<'_> {
    fn header(&self) -> &[String] {
        &self.header
    }

    fn note(&self) -> Option<String> {
        None
    }

    fn rows(
        self: Box<Self>,
        columns: &[usize],
        sink: &mut dyn FnMut(Frame) -> Result<ControlFlow<()>, BuildError>,
    ) -> Result<(), BuildError> {
        // A table of constants still has its rows.
        let texts: Vec<String> = columns.iter().map(|column| self.text(*column)).collect();
        let list = if texts.is_empty() { "NULL".to_owned() } else { texts.join(", ") };
        let limit = self.limit.map_or_else(String::new, |limit| format!(" LIMIT {limit}"));
        let sql = format!("SELECT {list} FROM {} AS source{limit}", self.rows.from);
        let database = &self.rows.database;
        let (sender, mut receiver) = mpsc::channel(4);
        database.remote.begin(stream(Arc::clone(&database.connection), sql, columns.len(), sender));
        loop {
            let (back, next) = database.remote.wait(async move {
                let next = receiver.recv().await;
                (receiver, next)
            })?;
            receiver = back;
            match next {
                None => return Ok(()),
                Some(Err(error)) => return Err(unreadable(self.file, &error)),
                Some(Ok(frame)) => {
                    if sink(frame)?.is_break() {
                        return Ok(());
                    }
                }
            }
        }
    }
}

/// Sends the rows of a query, batch by batch, until nobody takes them.
async fn stream(
    connection: Arc<Mutex<PgConnection>>,
    sql: String,
    columns: usize,
    sender: mpsc::Sender<Result<Frame, Error>>,
) {
    let mut connection = connection.lock().await;
    let mut rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch(&mut *connection);
    let mut number = 0;
    loop {
        let mut builders: Vec<StringBuilder> = (0..columns).map(|_| StringBuilder::new()).collect();
        let mut numbers = Vec::with_capacity(BATCH_ROWS);
        let mut error = None;
        while numbers.len() < BATCH_ROWS {
            let row = match rows.try_next().await {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(failed) => {
                    error = Some(failed);
                    break;
                }
            };
            number += 1;
            numbers.push(number);
            for (column, builder) in builders.iter_mut().enumerate() {
                match row.try_get::<Option<&str>, _>(column) {
                    Ok(text) => builder.append_option(text),
                    Err(failed) => {
                        error.get_or_insert(failed);
                        builder.append_null();
                    }
                }
            }
        }
        let is_last = numbers.len() < BATCH_ROWS;
        let columns = builders.iter_mut().map(StringBuilder::finish).collect();
        let frame = match error {
            Some(error) => Err(error),
            None => Ok(Frame { rows: numbers, columns, ragged: Vec::new() }),
        };
        if sender.send(frame).await.is_err() || is_last {
            return;
        }
    }
}

fn user(address: &DatabaseAddress) -> String {
    match address.url().username() {
        "" => "the user".to_owned(),
        user => format!("`{user}`"),
    }
}

fn unreachable(address: &DatabaseAddress, error: &Error) -> BuildError {
    BuildError::Unreachable { place: address.to_string(), reason: told(error) }
}

fn unreadable(file: &SourceFile, error: &Error) -> BuildError {
    BuildError::Unreachable { place: file.name.clone(), reason: told(error) }
}

/// What went wrong and what to look at.
fn told(error: &Error) -> String {
    match error {
        Error::Database(error) => {
            let what = one_line(error.message());
            match error.code().as_deref() {
                Some("28P01" | "28000") => {
                    format!("{what}; check the user, and the password in PGPASSWORD, ~/.pgpass or the address")
                }
                Some("3D000") => format!("{what}; check the database's name at the end of the address"),
                Some("42501") => format!("{what}; grant the user SELECT on it"),
                Some("57P01" | "57P02" | "57P03") => format!("the connection was lost ({what}); build again"),
                _ => what,
            }
        }
        Error::Io(error) => {
            format!(
                "the server cannot be reached or the connection was lost ({}); check host and port",
                one_line(&error.to_string())
            )
        }
        Error::Tls(error) => {
            format!("no encrypted connection ({}); check sslmode and sslrootcert", one_line(&error.to_string()))
        }
        other => one_line(&other.to_string()),
    }
}
