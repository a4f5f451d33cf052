//! Everything a region manager may fetch, unpacked and searched for what is another region's.

use std::io::{Cursor, Read};

use snapshot::Shard;

use crate::client::Reply;
use crate::gate::{Gate, Reader};
use crate::regions::{EAST, WEST};

const PAGES: [&str; 9] =
    ["/", "/funnel", "/cohorts", "/stores", "/stores/EAST-S1", "/ladder", "/members", "/channels", "/data"];

/// Every way to ask a page: languages, periods, splits, options of its own.
const QUERIES: [&str; 6] = [
    "",
    "?lang=en",
    "?lang=zh-CN&from=2025-02-01&to=2025-02-28&compare=previous",
    "?lang=en&region=%E5%8D%8E%E4%B8%9C&by=city",
    "?lang=en&by=store&sort=name&compare=none",
    "?lang=en&by=channel&from=x&to=%00&store=nobody",
];

#[test]
fn nothing_that_a_manager_may_fetch_names_another_region() {
    let gate = Gate::new();
    let east = gate.sign_in("east");
    let mut found = Objects::default();
    for page in PAGES {
        for query in QUERIES {
            found.add(&format!("{page}{query}"), &east.get(&format!("{page}{query}")), 200);
        }
    }
    for page in ["growth", "funnel", "cohorts", "stores", "stores/EAST-S1", "ladder", "members", "channels", "data"] {
        for query in ["", "?lang=en", "?lang=en&by=store&compare=none"] {
            for ending in ["csv", "xlsx"] {
                let path = format!("/export/{page}.{ending}{query}");
                found.add(&path, &east.get(&path), 200);
            }
        }
    }
    files(&east, &mut found);
    questions(&east, &mut found);
    for path in
        ["/account", "/account?lang=en", "/healthz", "/nothing", "/api/nothing", "/snapshot/nothing", "/export/x"]
    {
        let reply = east.get(path);
        found.add(path, &reply, reply.status);
    }
    assert!(found.count > 130, "{} objects", found.count);
    assert!(found.of_east > 50, "the marks of the reader's own region are found in {} objects", found.of_east);

    // The same search finds them where they are.
    let mut all = Objects { expect_west: true, ..Objects::default() };
    let boss = gate.sign_in("boss");
    for path in ["/stores?lang=en", "/export/stores.xlsx", "/snapshot/manifest.json"] {
        all.add(path, &boss.get(path), 200);
    }
    assert_eq!(all.of_west, 3, "an executive's pages, files and manifest name both");
}

/// The manifest and every shard, plain and compressed, opened as a browser opens them.
fn files(east: &Reader, found: &mut Objects) {
    let manifest = east.get("/snapshot/manifest.json");
    found.add("manifest", &manifest, 200);
    let manifest = snapshot::parse_manifest(&manifest.body).expect("the manifest is whole");
    for entry in &manifest.shards {
        let path = format!("/snapshot/shards/{}.arrow", entry.hash);
        let plain = east.get(&path);
        found.add(&path, &plain, 200);
        let packed = east.get_with(&path, &[("Accept-Encoding", "br")]);
        assert_eq!(packed.header("content-encoding"), "br");
        let mut unpacked = Vec::new();
        brotli_decompressor::Decompressor::new(packed.body.as_slice(), 4096).read_to_end(&mut unpacked).expect("whole");
        assert_eq!(unpacked, plain.body);
        let shard = Shard::open(&[&plain.body], &manifest, entry).expect("the shard is whole");
        let stores = manifest.dimensions.stores.len() as u16;
        assert!(shard.orders().store.iter().all(|store| *store < stores), "only stores that the manifest names");
    }
}

/// Answers to every ask, split by everything, and refusals.
fn questions(east: &Reader, found: &mut Objects) {
    let window = r#""window":{"from":"2025-01-01","to":"2025-02-28"}"#;
    let mut asks: Vec<String> =
        ["region", "city", "store", "format", "channel", "domain", "source_channel", "tier"].map(growth_by).to_vec();
    asks.extend(
        [
            r#"{"series":{"grain":"week"}}"#,
            r#"{"stores":{"by":"sales"}}"#,
            r#"{"cohorts":{}}"#,
            r#"{"ladder":{}}"#,
            r#"{"funnel":{"steps":[{"order":1},{"order":2}]}}"#,
            r#"{"rfm":{"as_of":"2025-02-28"}}"#,
            r#"{"overlap":{}}"#,
            r#"{"lifecycle":{}}"#,
        ]
        .map(str::to_owned),
    );
    for ask in asks {
        let reply = east.ask(&format!("{{{window},\"ask\":[{ask}]}}"));
        assert_eq!(reply.status, 200, "{ask}: {}", reply.text());
        found.add(&ask, &reply, 200);
    }
    for (wrong, status) in [
        ("", 400),
        ("{", 400),
        (r#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"ask":[]}"#, 422),
        (r#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"filter":{"stores":["x"]},"ask":[{"growth":{}}]}"#, 422),
        (r#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"filter":{"regions":["x"]},"ask":[{"growth":{}}]}"#, 422),
    ] {
        found.add(wrong, &east.ask(wrong), status);
    }
}

fn growth_by(dimension: &str) -> String {
    format!("{{\"growth\":{{\"by\":\"{dimension}\"}}}}")
}

/// What was looked through.
#[derive(Default)]
struct Objects {
    count: usize,
    of_east: usize,
    of_west: usize,
    expect_west: bool,
}

impl Objects {
    /// Looks through a reply: its headers, its body, and every file inside where that is a workbook.
    fn add(&mut self, what: &str, reply: &Reply, status: u16) {
        assert_eq!(reply.status, status, "{what}: {}", reply.whole());
        let mut text = reply.whole();
        if reply.body.starts_with(b"PK") {
            let mut book = zip::ZipArchive::new(Cursor::new(&reply.body)).expect("a workbook");
            for index in 0..book.len() {
                let mut file = book.by_index(index).expect("a file");
                file.read_to_string(&mut text).expect("text");
            }
        }
        // As JSON and URLs write them, too.
        let text = text.to_lowercase();
        let holds = |mark: &str| {
            let mark = mark.to_lowercase();
            let escaped: String = mark.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            let coded: String = mark.bytes().map(|byte| format!("%{byte:02x}")).collect();
            text.contains(&mark) || text.contains(&escaped) || text.contains(&coded)
        };
        self.count += 1;
        self.of_east += usize::from(EAST.all().into_iter().any(holds));
        self.of_west += usize::from(WEST.all().into_iter().any(holds));
        for mark in WEST.all().into_iter().filter(|_| !self.expect_west) {
            assert!(!holds(mark), "{what} names {mark}");
        }
    }
}
