//! Runs the text files in `tests/steps`: files of a source in, what became of their rows out.
//!
//! ```text
//! case what is shown
//! file orders.csv [gzip | zstd | gb18030 | bom | cut]...
//! order_id,ordered_at,amount
//! a,2024-01-01,1
//! ----
//! option currency JPY
//! see orders
//! 2024-01-01 0 - - - 1
//!
//! ```
//!
//! `see` shows `orders`, `anonymous`, `touches`, `members`, `stores`, `rows` (read, kept, duplicate and quarantined by
//! table), `quarantine TABLE`, `notes` or `error`, up to the next empty line. `WELLSPRING_STEPS=write` writes what is
//! seen into the files, to be reviewed like code.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::support::{Case, case};

#[test]
fn every_step_file_shows_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/steps");
    let mut paths: Vec<_> = fs::read_dir(folder).expect("the step files").flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let (mut seen, mut wrong) = (0, Vec::new());
    for path in paths {
        let text = fs::read_to_string(&path).expect("a text file");
        let (written, looks) = run(&text, &path.display().to_string(), &mut wrong);
        seen += looks;
        if std::env::var_os("WELLSPRING_STEPS").is_some() {
            fs::write(&path, written).expect("the tree can be written");
        }
    }
    assert!(seen > 45, "only {seen} looks: were the step files found?");
    assert!(wrong.is_empty(), "{} of {seen} looks differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Runs one file; gives it back with what was seen, and the number of looks.
fn run(text: &str, path: &str, wrong: &mut Vec<String>) -> (String, usize) {
    let mut lines = text.lines().enumerate();
    let (mut written, mut looks) = (String::new(), 0);
    let mut source = case(&[]);
    while let Some((number, line)) = lines.next() {
        written += line;
        written.push('\n');
        let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
        match command {
            "" | "#" => {}
            "case" => source = case(&[]),
            "option" => source = with_option(source, rest),
            "file" => {
                let body: Vec<&str> = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "----").collect();
                written += &body.iter().map(|line| format!("{line}\n")).collect::<String>();
                written += "----\n";
                put(&source, rest, &body.iter().map(|line| format!("{line}\n")).collect::<String>());
            }
            "see" => {
                let expected: Vec<&str> =
                    lines.by_ref().map(|(_, line)| line).take_while(|line| !line.is_empty()).collect();
                let found = look(&source, rest);
                written += &found.iter().map(|line| format!("{line}\n")).collect::<String>();
                written.push('\n');
                looks += 1;
                if expected != found {
                    wrong.push(format!(
                        "{path}, line {}: {line}\n  expected:\n    {}\n  found:\n    {}",
                        number + 1,
                        expected.join("\n    "),
                        found.join("\n    ")
                    ));
                }
            }
            other => panic!("{path}, line {}: `{other}` is no command", number + 1),
        }
    }
    (written, looks)
}

fn with_option(source: Case, option: &str) -> Case {
    let (name, value) = option.split_once(' ').expect("an option has a value");
    source.with(|options| match name {
        "currency" => options.currency = value.to_owned(),
        "time_zone" => options.time_zone = value.parse().expect("a zone"),
        _ => panic!("`{name}` is no option"),
    })
}

/// Writes a file in the forms asked for, the first of them first.
fn put(source: &Case, what: &str, text: &str) {
    let mut words = what.split(' ');
    let name = words.next().expect("a file has a name");
    let mut bytes = text.as_bytes().to_vec();
    for form in words {
        bytes = match form {
            "gzip" => gzip(&bytes),
            "zstd" => zstd::encode_all(&bytes[..], 3).expect("memory"),
            "gb18030" => encoding_rs::GB18030.encode(text).0.into_owned(),
            "bom" => [b"\xEF\xBB\xBF", &bytes[..]].concat(),
            "cut" => bytes[..bytes.len() - 9].to_vec(),
            other => panic!("`{other}` is no form of a file"),
        };
    }
    source.file(name, &bytes);
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn look(source: &Case, what: &str) -> Vec<String> {
    if what == "error" {
        return vec![source.error()];
    }
    let built = source.built();
    for table in built.manifest.tables.iter().filter(|table| !table.derived) {
        let quarantined: u64 = table.quarantined.iter().map(|count| count.rows).sum();
        assert_eq!(table.rows_read, table.kept + table.duplicate + quarantined, "{}", table.table);
    }
    match what {
        "orders" => built.orders(),
        "anonymous" => built.anonymous(),
        "touches" => built.touches(),
        "members" => built.members(),
        "stores" => {
            let regions = &built.manifest.dimensions.regions;
            let stores = built.manifest.dimensions.stores.iter();
            stores.map(|s| format!("{} {} {} {}", s.id, s.name, regions[usize::from(s.region)].id, s.format)).collect()
        }
        "rows" => {
            let tables = built.manifest.tables.iter().filter(|table| !table.derived);
            let lines = tables.map(|table| {
                let bad = table.quarantined.iter().map(|count| format!(" {} {}", count.rows, count.reason));
                let counts = [table.rows_read, table.kept, table.duplicate].map(|count| count.to_string()).join(" ");
                format!("{} {counts}{}", table.table, bad.collect::<Vec<_>>().join(""))
            });
            lines.collect()
        }
        "notes" => {
            let tables = built.manifest.tables.iter().flat_map(|table| table.notes.iter());
            tables
                .chain(&built.report.notes)
                .filter(|note| !note.contains("come from the other tables"))
                .cloned()
                .collect()
        }
        _ => {
            let table = what.strip_prefix("quarantine ").unwrap_or_else(|| panic!("`see {what}` shows nothing"));
            source.quarantine(table)
        }
    }
}
