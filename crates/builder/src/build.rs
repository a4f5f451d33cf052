//! The build from end to end: find → read and check → dedup → one id → refund → place → cut → reconcile → publish.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use datafusion::prelude::SessionContext;
use model::{Day, FORMAT_VERSION, Manifest, TableReport, Totals};
use snapshot::write::{Disk, LocalDisk, Publication};

use crate::cache::Cache;
use crate::check::Check;
use crate::cut::{Calendar, Cut, Sinks, cut};
use crate::dedup::dedup;
use crate::derive::{Asked, Spread, place_members};
use crate::encode::Over;
use crate::engine::{self, integers, let_go};
use crate::expect::Past;
use crate::facts::{MembersCheck, OrdersCheck, ReturnsCheck, TouchesCheck};
use crate::growing::{self, Before};
use crate::load::{Loaded, Loader, SharedCatalog, load, load_names};
use crate::names::{Catalog, NO_CODE};
use crate::night::{Judged, Night};
use crate::one_id::{IdentitiesCheck, Step, Told};
use crate::options::currency_digits;
use crate::output::Output;
use crate::parse::Currency;
use crate::plans::{self, load_plans};
use crate::quarantine::Quarantine;
use crate::refund::{Refunds, apply_refunds};
use crate::report::{Changes, SourceRead, quarantined, reasons};
use crate::scopes::Scopes;
use crate::source::{Source, find};
use crate::table::Table;
use crate::{BuildError, Nightly, Options, Progress, Report};

/// What nobody reads once refunds are taken off.
const ORDERS_AND_RETURNS: [&str; 7] =
    ["orders", "orders_read", "orders_twice", "one_id_orders", "returns", "returns_read", "returns_twice"];

/// Builds a snapshot from a source and publishes it.
///
/// Bad rows are set aside and counted. On an error nothing is published and the folder is as it was.
/// Needs a tokio runtime; with two threads or more, reading, counting and encoding overlap.
pub async fn build(options: &Options, progress: &dyn Progress) -> Result<Report, BuildError> {
    build_on(options, progress, Arc::new(LocalDisk)).await
}

/// The same, published on another disk: tests have one whose steps fail.
#[doc(hidden)]
pub async fn build_on(options: &Options, progress: &dyn Progress, disk: Arc<dyn Disk>) -> Result<Report, BuildError> {
    // Boxed here, so that callers need not compile the engine's futures once more.
    let work: Pin<Box<dyn Future<Output = Result<Report, BuildError>> + Send + '_>> =
        Box::pin(run(options, progress, disk));
    work.await
}

async fn run(options: &Options, progress: &dyn Progress, disk: Arc<dyn Disk>) -> Result<Report, BuildError> {
    let started = Instant::now();
    let digits = currency_digits(&options.currency)?;
    let mut source = find(&options.source, options.mapping.as_deref(), &Currency::new(&options.currency))?;
    let night = Night::begin(options, digits, &source)?;
    let looking = Arc::new(Cache::open(options));
    let mut one_id = Step::new(&source, options, &looking)?;
    let mut output = Output::open(&options.out, disk)?;
    // After the output, so that it goes first where the build fails.
    let cache = looking;
    let quarantine = Quarantine::new(&options.out)?;
    source.spool_in(quarantine.work_dir());
    let context = engine::open(&options.engine, quarantine.work_dir(), options.memory).await?;
    let catalog: SharedCatalog = Arc::new(Mutex::new(Catalog::new(options.time_zone)));

    let loader = Loader { context: &context, catalog: &catalog, quarantine: &quarantine, cache: &cache, progress };
    let mut tables = Tables::new(options.max_bad);
    let reading = Instant::now();
    for table in Table::ALL {
        progress.step(table.name());
        let files = source.tables.remove(&table).unwrap_or_default();
        let derived = files.is_empty();
        let loaded = match (table, derived) {
            (Table::Stores | Table::Channels | Table::Campaigns | Table::Targets, true) => Loaded::nothing(table),
            (Table::Identities, _) if one_id.skips(table) => Loaded::nothing(table),
            (Table::Stores | Table::Channels, false) => load_names(&loader, table, &files)?,
            (Table::Campaigns | Table::Targets, false) => load_plans(&loader, table, &files, digits)?,
            _ => {
                let check: Box<dyn Check> = match table {
                    Table::Members => Box::new(MembersCheck::default()),
                    Table::Identities => Box::new(IdentitiesCheck::default()),
                    Table::Orders => Box::new(OrdersCheck::new(digits, one_id.borne(table))),
                    Table::Returns => Box::new(ReturnsCheck::new(digits)),
                    _ => Box::new(TouchesCheck::new(one_id.borne(table))),
                };
                load(&loader, table, files, check).await?
            }
        };
        tables.add(loaded, derived)?;
    }

    let read = SourceRead { seconds: reading.elapsed().as_secs_f64(), ..cache.read() };

    progress.step("join");
    for (table, id) in [("members", "member_id"), ("orders", "order_id"), ("returns", "return_id")] {
        let (kept, duplicate) = dedup(&context, table, id).await?;
        tables.count(table, kept, duplicate);
    }
    let mut members = tables.report("members").kept;
    if let Some(told) = one_id.run(&context, &quarantine).await? {
        members -= told.members_merged;
        tables.tell_joined(told)?;
    }
    one_id.audit(&context, options).await?;
    let refunds = apply_refunds(&context).await?;
    let mut before = Before::find(options);
    let asked = Asked { known: members, shard_members: options.shard_members, named: one_id.people() };
    let spread = place_members(&context, asked, before.as_ref()).await?;
    before = before.filter(|before| before.shards() == spread.shards);
    if let Some(before) = &mut before {
        before.note(spread.left.clone());
    }
    let calendar = calendar(&context, &tables).await?.after(before.as_ref());
    let numbers = growing::write_members(&context, quarantine.work_dir()).await?;
    tables.tell(&context, &refunds, &spread, &catalog).await?;
    let day = |days| Day::from_epoch_days(days).ok_or_else(|| BuildError::Engine("a day left the calendar".to_owned()));
    let (first_day, data_until) = (day(calendar.first)?, day(calendar.last)?);
    let Judged { record, found, warnings } = night.judge(&context, first_day, data_until).await?;
    let_go(&context, &ORDERS_AND_RETURNS)?;

    progress.step("cut");
    let [storeless, channelless] = integers(
        &context,
        &format!(
            "SELECT sum(CASE WHEN store = {NO_CODE} THEN 1 ELSE 0 END), sum(CASE WHEN channel = {NO_CODE} THEN 1 ELSE 0 END)
             FROM (SELECT store, channel FROM orders_net WHERE NOT gone UNION ALL SELECT store, channel FROM touches_read)"
        ),
    )
    .await?;
    let (dimensions, numbering, campaigns, targets) = {
        let mut catalog = catalog.lock().expect("no thread panics while it holds the catalog");
        let known = before.as_ref().map(Before::dimensions);
        let (dimensions, numbering) = catalog.finish(storeless > 0, channelless > 0, known);
        let (targets, beyond) = plans::targets(&catalog.targets, &dimensions, &numbering, calendar);
        tables.tell_targets(beyond);
        (dimensions, numbering, plans::campaigns(std::mem::take(&mut catalog.campaign_rows)), targets)
    };
    let mut scopes = if options.regions {
        Scopes::by_region(&output, &dimensions, options.shard_members, before.as_ref())?
    } else {
        Scopes::none()
    };
    let over = before.as_ref().map(|before| Over {
        before: Arc::clone(&before.whole),
        now: Arc::new(Manifest { first_day, data_until, dimensions: dimensions.clone(), ..Manifest::empty() }),
    });
    let sinks = Sinks { whole: output.publisher()?, over, scopes: &mut scopes };
    let cut = cut(&context, spread.shards, calendar, &numbering, sinks, progress).await?;
    reconcile(&tables, &refunds, &spread, &cut)?;
    let totals = totals(&refunds, &cut);
    let identified = cut.coverage.finish(&totals)?;
    scopes.finish(&totals).await?;

    progress.step("publish");
    let mut notes = source_notes(&source, &mut tables);
    notes.extend(engine::note(&context));
    notes.extend(warnings);
    let manifest = Manifest {
        format: FORMAT_VERSION,
        tenant: options.tenant.clone(),
        scope: "all".to_owned(),
        version: 0,
        built_at: String::new(),
        first_day,
        data_until,
        currency: options.currency.clone(),
        currency_digits: digits,
        dimensions,
        totals,
        shards: cut.shards.iter().map(|grown| grown.entry.clone()).collect(),
        tables: tables.reports,
        campaigns,
        targets,
        one_id: one_id.report(),
        identified,
        ..Manifest::empty()
    };
    drop(context);
    let changes = before.map(|before| Changes::new(&before.whole.manifest, &manifest, &cut.shards));
    let part_states = scopes.states();
    let parts = scopes.manifests(&manifest)?;
    let Nightly { keep, sign, .. } = options.nightly.clone();
    let (found, quarantine_folder) = (Some(found), quarantine.folder());
    let publication =
        Publication { parts, record, found, quarantine: quarantine_folder, keep, sign, ..Publication::of(manifest) };
    let (manifest, parts) = output.publish(publication)?;
    Past::tell(&options.out);
    if let Err(error) = growing::keep(options, numbers, &cut.shards, &part_states) {
        notes.push(format!("the next build cannot go on from this one and will write all shards whole: {error}"));
    }
    notes.extend(cache.finish());
    let rules = one_id.published()?;
    let report = Report {
        changes,
        source: read,
        ..Report::new(&manifest, &parts, notes, rules, started.elapsed().as_secs_f64())
    };
    if let Some(path) = &options.report {
        let json = serde_json::to_vec_pretty(&report).map_err(|e| BuildError::unwritable(path, e))?;
        std::fs::write(path, json).map_err(|e| BuildError::unwritable(path, e))?;
    }
    Ok(report)
}

impl Loaded {
    fn nothing(table: Table) -> Self {
        let report = TableReport { table: table.name().to_owned(), ..TableReport::default() };
        Self { report, example: None }
    }
}

/// The reports of the tables so far.
struct Tables {
    reports: Vec<TableReport>,
    max_bad: Option<u64>,
    example: Option<String>,
}

impl Tables {
    fn new(max_bad: Option<u64>) -> Self {
        Self { reports: Vec::new(), max_bad, example: None }
    }

    /// Adds a table; an error where the bad rows are more than allowed.
    fn add(&mut self, loaded: Loaded, missing: bool) -> Result<(), BuildError> {
        let mut report = loaded.report;
        report.derived = missing && ["stores", "channels", "members"].contains(&report.table.as_str());
        self.example = self.example.take().or(loaded.example);
        self.reports.push(report);
        self.few_are_bad()
    }

    fn few_are_bad(&self) -> Result<(), BuildError> {
        let bad = self.reports.iter().map(quarantined).sum();
        match self.max_bad {
            Some(max) if bad > max => Err(BuildError::TooManyBad { bad, max, reasons: self.reasons() }),
            _ => Ok(()),
        }
    }

    fn reasons(&self) -> String {
        match &self.example {
            Some(example) => format!("{}; the first is {example}", reasons(&self.reports)),
            None => reasons(&self.reports),
        }
    }

    fn report(&self, table: &str) -> &TableReport {
        let found = self.reports.iter().find(|report| report.table == table);
        found.expect("every table has a report before any is asked for")
    }

    fn edit(&mut self, table: &str) -> &mut TableReport {
        let found = self.reports.iter_mut().find(|report| report.table == table);
        found.expect("every table has a report before any is edited")
    }

    fn count(&mut self, table: &str, kept: u64, duplicate: u64) {
        let report = self.edit(table);
        (report.kept, report.duplicate) = (kept, duplicate);
    }

    /// Takes in what joining identities did to the tables.
    fn tell_joined(&mut self, told: Told) -> Result<(), BuildError> {
        self.count("identities", told.identities.0, told.identities.1);
        self.edit("touches").quarantined.extend(told.touches);
        self.example = self.example.take().or(told.example);
        if told.members_merged > 0 {
            let merged = told.members_merged;
            self.edit("members").notes.push(format!("{merged} rows are of members who have another row, by the rules"));
        }
        self.few_are_bad()
    }

    /// Notes targets that nothing can be compared with.
    fn tell_targets(&mut self, beyond: u64) {
        if beyond > 0 {
            self.edit("targets").notes.push(format!("{beyond} targets are of months without facts and are not shown"));
        }
    }

    /// Fills in what is known after the joins: sums, derived tables, notes.
    async fn tell(
        &mut self,
        context: &SessionContext,
        refunds: &Refunds,
        spread: &Spread,
        catalog: &SharedCatalog,
    ) -> Result<(), BuildError> {
        let [touches] = integers(context, "SELECT count(*) FROM touches_read").await?;
        let [returned] = integers(context, "SELECT sum(amount) FROM returns").await?;
        self.count("touches", touches as u64, 0);
        self.edit("orders").kept_amount = refunds.amount;
        self.edit("returns").kept_amount = returned;
        if refunds.over_refunded > 0 {
            self.edit("orders").notes.push(format!(
                "{} orders were refunded more than was paid, {} minor units more in all; they count as fully refunded",
                refunds.over_refunded, refunds.over_amount
            ));
        }
        if spread.derived > 0 {
            let identities = self.report("identities").rows_read > 0;
            let from = if identities { "orders, touches and identities" } else { "orders and touches" };
            let derived = spread.derived;
            self.edit("members")
                .notes
                .push(format!("{derived} members come from {from} only; nothing else is known of them"));
        }
        let catalog = catalog.lock().expect("no thread panics while it holds the catalog");
        for (table, names) in [("stores", &catalog.stores), ("channels", &catalog.channels)] {
            let report = self.edit(table);
            if report.derived {
                report.notes.push(format!(
                    "{} {table} come from the other tables; their names and groups are not known",
                    names.ids.len()
                ));
            }
        }
        Ok(())
    }
}

async fn calendar(context: &SessionContext, tables: &Tables) -> Result<Calendar, BuildError> {
    let [facts, first, last] = integers(
        context,
        "SELECT count(*), min(day), max(day)
         FROM (SELECT day FROM orders_net WHERE NOT gone UNION ALL SELECT day FROM touches_read)",
    )
    .await?;
    if facts == 0 {
        return Err(BuildError::NoFacts { reasons: tables.reasons() });
    }
    Ok(Calendar { first: first as i32, last: last as i32 })
}

fn totals(refunds: &Refunds, cut: &Cut) -> Totals {
    Totals {
        members: cut.members,
        orders: cut.orders,
        anonymous_orders: cut.anonymous,
        touches: cut.touches,
        sales: cut.member_sales + cut.anonymous_sales,
        anonymous_sales: cut.anonymous_sales,
        refunded: refunds.refunded,
        orders_fully_refunded: refunds.fully_refunded,
        returns_unattached: refunds.unattached,
        returns_unattached_amount: refunds.unattached_amount,
    }
}

/// Every row and every minor unit of the source is accounted for, or nothing is published.
fn reconcile(tables: &Tables, refunds: &Refunds, spread: &Spread, cut: &Cut) -> Result<(), BuildError> {
    let same = |what: &str, expected: i64, found: i64| {
        if expected == found {
            return Ok(());
        }
        Err(BuildError::Unreconciled { what: what.to_owned(), expected, found })
    };
    for table in &tables.reports {
        let accounted = table.kept + table.duplicate + quarantined(table);
        same(&format!("rows of {}", table.table), table.rows_read as i64, accounted as i64)?;
    }
    let orders = tables.report("orders").kept - refunds.fully_refunded;
    same("orders read", tables.report("orders").kept as i64, refunds.orders as i64)?;
    same("orders", orders as i64, (cut.orders + cut.anonymous) as i64)?;
    same("sales", refunds.amount - refunds.refunded, cut.member_sales + cut.anonymous_sales)?;
    same("members", spread.members as i64, cut.members as i64)?;
    same("touches", tables.report("touches").kept as i64, cut.touches as i64)
}

/// Notes on what was not read. Tables that a later version reads stand among the tables; tables that are not there do not.
fn source_notes(source: &Source, tables: &mut Tables) -> Vec<String> {
    tables.reports.retain(|report| report.derived || report.rows_read > 0 || !report.notes.is_empty());
    for later in &source.later {
        tables.reports.push(TableReport {
            table: (*later).to_owned(),
            notes: vec!["this table is read by a later version and was left aside".to_owned()],
            ..TableReport::default()
        });
    }
    source.notes.clone()
}
