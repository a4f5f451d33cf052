//! Identities in, members out: each file of `one_id/` holds a small source, rules where it has some, and what must come
//! of it. `WELLSPRING_RENEW=1` writes what came of it instead, to be read before it is believed.

use std::fmt::Write as _;
use std::path::Path;

use builder::{Report, Silent};
use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::DataType;
use datafusion::prelude::{ParquetReadOptions, SessionContext};

use crate::support::{Case, case};

/// The parts of a case: `--- name` begins one.
fn parts(text: &str) -> Vec<(&str, &str)> {
    let mut parts = Vec::new();
    for part in text.split("\n--- ").skip(1) {
        let (name, body) = part.split_once('\n').unwrap_or((part, ""));
        parts.push((name.trim(), body.trim_end_matches('\n')));
    }
    parts
}

/// A Parquet file as lines of text.
fn lines(path: &Path) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let batches = runtime.block_on(async {
        let context = SessionContext::new();
        let frame = context.read_parquet(path.to_str().expect("a plain path"), ParquetReadOptions::default()).await;
        frame.expect("a Parquet file").collect().await.expect("its rows")
    });
    let mut text = String::new();
    for batch in &batches {
        let columns: Vec<_> = batch
            .columns()
            .iter()
            .map(|column| datafusion::arrow::compute::cast(column, &DataType::Utf8).expect("text"))
            .collect();
        for row in 0..batch.num_rows() {
            let cells = columns.iter().map(|column| column.as_string::<i32>().iter().nth(row).flatten().unwrap_or("-"));
            let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join(" "));
        }
    }
    text.trim_end().to_owned()
}

/// What the report says of joining.
fn told(report: &Report) -> String {
    let Some(one_id) = &report.one_id else { return "no identities".to_owned() };
    let mut text = format!("{} identities, {} members", one_id.identities, one_id.members);
    for key in &one_id.keys {
        let counts = [key.joins, key.over_shared, key.recycled, key.orders, key.touches];
        if counts != [0; 5] {
            let [joins, over, recycled, orders, touches] = counts;
            let _ = write!(
                text,
                "\n{}: {joins} joins, {over} over-shared, {recycled} recycled, {orders} orders, {touches} touches",
                key.key
            );
        }
    }
    for conflict in &one_id.conflicts {
        let _ = write!(text, "\nrefused {}: {}", conflict.reason, conflict.pairs);
    }
    if one_id.orders_without + one_id.touches_without > 0 {
        let _ = write!(text, "\nwithout: {} orders, {} touches", one_id.orders_without, one_id.touches_without);
    }
    text
}

fn built(text: &str) -> (Case, Report) {
    let source: Vec<_> = parts(text).into_iter().filter(|(name, _)| name.ends_with(".csv")).collect();
    let case = case(&source).with(|options| {
        let folder = options.out.parent().expect("a folder").to_owned();
        options.audit = Some(folder.join("audit"));
        if let Some((_, rules)) = parts(text).iter().find(|(name, _)| *name == "rules.toml") {
            std::fs::write(folder.join("rules.toml"), rules).expect("a file");
            options.one_id_rules = Some(folder.join("rules.toml"));
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let report = runtime.block_on(builder::build(&case.options, &Silent)).unwrap_or_else(|e| panic!("{e}\n{text}"));
    (case, report)
}

#[test]
fn sources_give_the_members_that_their_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/build/one_id");
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).expect("the cases").flatten().map(|entry| entry.path()).collect();
    files.sort();
    assert!(files.len() >= 6, "cases are there");
    let renew = std::env::var_os("WELLSPRING_RENEW").is_some();
    let mut wrong = String::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a case");
        let (case, report) = built(&text);
        let audit = case.options.audit.as_ref().expect("it is asked for");
        let mut is = text.clone();
        for (name, expected) in parts(&text) {
            let found = match name {
                "identities" | "orders" | "touches" => lines(&audit.join(format!("{name}.parquet"))),
                "report" => told(&report),
                "set aside" => case.quarantine("touches").join("\n"),
                _ => continue,
            };
            if found != expected {
                let _ = writeln!(wrong, "{}, {name}:\n{found}\nexpected:\n{expected}\n", file.display());
                let end = if expected.is_empty() { "\n" } else { "" };
                is = is.replacen(&format!("\n--- {name}\n{expected}"), &format!("\n--- {name}\n{found}{end}"), 1);
            }
        }
        if renew && is != text {
            std::fs::write(&file, is).expect("the case, renewed");
        }
        for table in &report.tables {
            let bad: u64 = table.quarantined.iter().map(|q| q.rows).sum();
            assert_eq!(table.rows_read, table.kept + table.duplicate + bad, "{} {}", file.display(), table.table);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
