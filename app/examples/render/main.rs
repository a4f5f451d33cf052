//! Writes pages as files, to look at without a server and without JavaScript:
//!
//! ```sh
//! cargo run -p app --features ssr --example render -- OUT_FOLDER
//! ```
//!
//! draws Growth, Data, Channels, and Stores of a retailer with 4,000 of them from made-up numbers. With a built `wellspring` and a snapshot it draws every page from true
//! numbers, each in Chinese and English, and whatever address follows the folder:
//!
//! ```sh
//! export WELLSPRING_BIN=target/release/wellspring WELLSPRING_SNAPSHOT=target/xtask/sample
//! cargo run -p app --features ssr --example render -- OUT_FOLDER
//! cargo run -p app --features ssr --example render -- OUT_FOLDER '/cohorts?grain=week&lang=en&theme=dark'
//! chromium --headless --window-size=1360,1600 --screenshot=page.png OUT_FOLDER/cohorts-zh.html
//! ```
//!
//! `WELLSPRING_DOUBT=5` draws every figure as an estimate of ± 5 %. An address given becomes `1.html`, `2.html` …; the files hold their style, so they need nothing else.

mod joined;
mod made_up;
mod many;
mod true_numbers;

use std::error::Error;
use std::path::{Path, PathBuf};

use app::{PageRequest, boot, prepare, render_document};
use model::{Answers, Manifest};

/// The paths of the pages, and the names of their files; a store's is added where the snapshot has one.
const PAGES: [(&str, &str); 8] = [
    ("growth", "/"),
    ("funnel", "/funnel"),
    ("cohorts", "/cohorts"),
    ("stores", "/stores"),
    ("ladder", "/ladder"),
    ("members", "/members"),
    ("channels", "/channels"),
    ("data", "/data"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let out = PathBuf::from(words.next().unwrap_or_else(|| ".".to_owned()));
    std::fs::create_dir_all(&out)?;
    let addresses: Vec<String> = words.collect();
    match true_numbers::Teller::from_env()? {
        Some(teller) => from_snapshot(&out, &addresses, &teller),
        None => from_made_up(&out),
    }
}

fn from_snapshot(out: &Path, addresses: &[String], teller: &true_numbers::Teller) -> Result<(), Box<dyn Error>> {
    let mut wanted: Vec<(String, String)> =
        addresses.iter().enumerate().map(|(i, address)| ((i + 1).to_string(), address.clone())).collect();
    if wanted.is_empty() {
        let store = teller.manifest.dimensions.stores.iter().find(|s| !s.id.is_empty());
        let store = store.map(|s| ("store", format!("/stores/{}", s.id)));
        let pages = PAGES.map(|(name, path)| (name, path.to_owned())).into_iter().chain(store);
        let langs = |(name, path): (&str, String)| {
            ["zh", "en"].map(|lang| (format!("{name}-{lang}"), format!("{path}?lang={lang}")))
        };
        wanted = pages.flat_map(langs).collect();
    }
    for (name, address) in wanted {
        let (path, query) = address.split_once('?').unwrap_or((&address, ""));
        write(out, &name, path, query, &teller.manifest, |question| teller.answer(question))?;
    }
    Ok(())
}

fn from_made_up(out: &Path) -> Result<(), Box<dyn Error>> {
    let manifest = made_up::manifest()?;
    let pages = [
        ("zh", "/", "", true),
        ("en", "/", "lang=en&measure=conversion", true),
        ("dark", "/", "theme=dark", true),
        ("none", "/", "compare=none&lang=en&from=2025-03-25&to=2025-03-31", true),
        ("noted", "/", "store=Nowhere&grain=hour&region=华东", true),
        ("failed", "/", "", false),
        ("data", "/data", "", true),
    ];
    for (name, path, query, works) in pages {
        let failed = || Err("shard 3 of 16 is damaged".to_owned());
        write(
            out,
            name,
            path,
            query,
            &manifest,
            |question| {
                if works { Ok(made_up::answers(question)) } else { failed() }
            },
        )?;
    }
    let joined = joined::manifest(manifest.clone())?;
    for (name, path, query) in [
        ("joined-data", "/data", ""),
        ("joined-data-en", "/data", "lang=en"),
        ("joined-data-dark", "/data", "theme=dark"),
        ("joined-channels", "/channels", ""),
        ("joined-channels-en", "/channels", "lang=en&known=orders&rows=all&tier=x&region=华东"),
        ("joined-channels-dark", "/channels", "theme=dark"),
    ] {
        write(out, name, path, query, &joined, |question| Ok(made_up::answers(question)))?;
    }
    let manifest = many::manifest(manifest);
    for (name, query) in [("many", ""), ("many-all", "rows=all&by=conversion")] {
        write(out, name, "/stores", query, &manifest, |question| Ok(many::answers(question)))?;
    }
    Ok(())
}

fn write(
    out: &Path,
    name: &str,
    path: &str,
    query: &str,
    manifest: &Manifest,
    answer: impl Fn(&model::Question) -> Result<Answers, String>,
) -> Result<(), Box<dyn Error>> {
    let request =
        PageRequest { path: path.into(), query: query.into(), now_unix_secs: 1_743_473_400, ..PageRequest::default() };
    let prepared = prepare(&request, manifest);
    let answers = answer(&prepared.question);
    let beside = prepared.beside.iter().map(answer).collect();
    let html = render_document(boot(prepared, manifest, answers, beside), &head(), "n0nce");
    std::fs::write(out.join(format!("{name}.html")), html)?;
    Ok(())
}

/// The style sheets in one element.
fn head() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("style");
    // Those that the site has, in its order.
    let site = std::fs::read_to_string(root.join("../index.html")).unwrap_or_default();
    let sheets = site.split("href=\"style/").skip(1).filter_map(|rest| rest.split('"').next());
    let css: String = sheets.map(|name| std::fs::read_to_string(root.join(name)).unwrap_or_default()).collect();
    format!("<style>{css}</style>")
}
