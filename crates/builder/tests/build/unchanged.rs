//! Files that are still as the build before read them are not read again, and what is published is what a build that
//! reads everything publishes, byte for byte.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use builder::{Options, Report, Silent};
use serde_json::Value;

use crate::support::{Case, case, tree};

const STORES: &str = "store_id,region,time_zone\nA,East,\nB,West,Asia/Tokyo\n";
const ORDERS: &str = "order_id,ordered_at,amount,member_id,store_id,channel_id,campaign_id\n";
const TOUCHES: &str = "at,kind,member_id,store_id,channel_id\n";

/// Eight files of large tables, clean and dirty, of several forms.
fn feed() -> Case {
    let case = case(&[
        ("stores.csv", STORES),
        (
            "members/1.csv",
            "member_id,joined_at,home_store,source_channel,tier\nm1,2024-01-01,A,wx,gold\n\
             m2,2024-01-02T15:30:00Z,B,tmall,\nm3,?,A,wx,silver\n",
        ),
        ("members/2.csv", "member_id,joined_at,home_store,tier,brand\nm4,2024-01-05,A,silver,x\nm1,2024-01-03,A,,y\n"),
        ("returns/1.csv", "return_id,returned_at,amount,order_id\nr1,2024-03-04,2.00,o1\nr2,2024-03-04,?,o2\n"),
    ]);
    case.file(
        "orders/2024-03-01.csv",
        format!("{ORDERS}o1,2024-03-01 10:00,10.00,m1,A,wx,spring\no2,2024-03-01 11:00,20.00,,A,tmall,\n").as_bytes(),
    );
    case.file(
        "orders/2024-03-02.csv",
        format!(
            "{ORDERS}o3,2024-03-02T15:30:00Z,30.00,m2,B,douyin,\no4,2024-03-02,1e3,m1,A,wx,\n\
             o5,2024-03-02,50.00,m9,C,wx,autumn\nshort,row\no6,2024-03-02,60.00,m3,,,\no1,2024-03-02,11.00,m1,A,wx,spring\n"
        )
        .as_bytes(),
    );
    let (chinese, ..) =
        encoding_rs::GB18030.encode("order_id,ordered_at,amount,member_id,store_id,channel_id\no7,05/03/2024,70.00,会员七,A,门店\no8,25/03/2024,80.00,m1,A,门店\n");
    case.file("orders/2024-03-05.csv", &chinese);
    case.file(
        "touches/1.csv",
        format!("{TOUCHES}2024-03-01T15:30:00Z,visit,m1,B,wx\n2024-03-02 09:00,share,m5,A,tmall\n").as_bytes(),
    );
    case.file(
        "touches/2.csv.gz",
        &crate::steps::gzip(
            format!("{TOUCHES}2024-03-03 09:00,add_friend,m2,,wx\n2024-03-03 10:00,visit,m1,,\n").as_bytes(),
        ),
    );
    case.with(believing)
}

/// Whatever its size and however new: a file that is the same is not read again.
fn believing(options: &mut Options) {
    (options.settled, options.least_kept) = (Duration::ZERO, 0);
    (options.shard_members, options.regions) = (100, true);
}

/// A case, and the folder of a build that reads everything every night.
struct Twins {
    case: Case,
    other: PathBuf,
}

impl Twins {
    fn new(case: Case) -> Self {
        Self { other: case.out().with_file_name("other"), case }
    }

    /// Builds both; they must be the same. Gives files read and unchanged.
    fn night(&self, what: &str) -> (u64, u64) {
        let report = self.case.build().unwrap_or_else(|error| panic!("{what}: {error}"));
        let expected = run(&self.options_of_the_other()).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(published(self.case.out()), published(&self.other), "{what}");
        assert_eq!(told(&report), told(&expected), "{what}");
        assert_eq!(expected.source.files_unchanged, 0, "{what}");
        let files = report.source.files_read + report.source.files_unchanged;
        assert_eq!(files, expected.source.files_read, "{what}");
        assert_eq!(report.source.bytes_read + report.source.bytes_unchanged, expected.source.bytes_read, "{what}");
        (report.source.files_read, report.source.files_unchanged)
    }

    fn options_of_the_other(&self) -> Options {
        Options { out: self.other.clone(), read_all: true, ..self.case.options.clone() }
    }
}

fn run(options: &Options) -> Result<Report, builder::BuildError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(builder::build(options, &Silent))
}

/// What may become of a file that was kept.
type Damage = (&'static str, fn(&Path));

/// Everything in a snapshot's folder that is not the time or made of it.
fn published(out: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for (path, bytes) in tree(out) {
        let path = path.strip_prefix(out).expect("it is within").to_owned();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.starts_with("state/rows") || name == "record.json" {
            continue;
        }
        let content = if name == "manifest.json" {
            let mut manifest: Value = serde_json::from_slice(&bytes).expect("a manifest");
            for of_the_time in ["built_at", "record", "blake3"] {
                manifest.as_object_mut().expect("a manifest").remove(of_the_time);
            }
            manifest.to_string()
        } else {
            blake3::hash(&bytes).to_hex().to_string()
        };
        files.push((path, content));
    }
    assert!(files.iter().any(|(path, _)| path.starts_with("shards")), "there are shards");
    files
}

/// A report without times and without how much was read.
fn told(report: &Report) -> Value {
    let mut told = serde_json::to_value(report).expect("a report");
    for name in ["seconds", "source"] {
        told.as_object_mut().expect("a report").remove(name);
    }
    told
}

/// The files of what is kept.
fn kept(case: &Case) -> Vec<PathBuf> {
    let folder = case.out().join("state/rows");
    let mut files: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
}

#[test]
fn nights_publish_what_builds_publish_that_read_everything() {
    let twins = Twins::new(feed());
    let case = &twins.case;
    assert_eq!(twins.night("the first"), (9, 0));
    assert_eq!(twins.night("nothing new"), (1, 8));
    assert_eq!(kept(case).len(), 16);

    // It comes before all others, with names that come before theirs.
    let early = format!("{ORDERS}e1,2024-02-28 10:00,1.00,m1,A,a-channel,z-campaign\nbad,?,1,m1,A,never,never\n");
    case.file("orders/2024-02-28.csv", early.as_bytes());
    assert_eq!(twins.night("a file more"), (2, 8));
    let first = fs::read_to_string(case.source().join("orders/2024-03-01.csv")).expect("it is there");
    case.file("orders/2024-03-01.csv", first.replace("10.00", "19.00").as_bytes());
    assert_eq!(twins.night("an edit of the same length"), (2, 8));
    fs::remove_file(case.source().join("orders/2024-02-28.csv")).expect("it is there");
    assert_eq!(twins.night("a file less"), (1, 8));
    assert_eq!(kept(case).len(), 16, "what no file needs is removed");
    let (from, to) = (case.source().join("orders/2024-03-01.csv"), case.source().join("orders/2024-03-09.csv"));
    fs::rename(from, to).expect("it is there");
    assert_eq!(twins.night("a file renamed"), (2, 7));

    // Only files with bad rows may be judged otherwise by a list that grew.
    case.file("stores.csv", format!("{STORES}C,West,\n").as_bytes());
    assert_eq!(twins.night("a store more"), (3, 6));
    assert!(
        !case.quarantine("orders").iter().any(|row| row.contains("unknown_store")),
        "the row of store C is good now"
    );
    case.file("stores.csv", "store_id,region,time_zone\nB,West,Asia/Tokyo\nnew,East,\nC,West,\nA,East,\n".as_bytes());
    assert_eq!(twins.night("stores in another order"), (3, 6));
    case.file("stores.csv", "store_id,region,time_zone\nB,West,\nC,West,\nA,East,\n".as_bytes());
    assert_eq!(twins.night("a store in another zone"), (4, 5));
    case.file("stores.csv", STORES.as_bytes());
    assert_eq!(twins.night("a store less, and the zone of before"), (4, 5));

    case.file("mapping.toml", b"[orders]\nvalues.channel_id = { wx = \"weixin\" }\n");
    assert_eq!(twins.night("a mapping"), (4, 5));
    case.file("mapping.toml", b"[orders]\nvalues.channel_id = { wx = \"we-chat\" }\n");
    assert_eq!(twins.night("another mapping"), (4, 5));
    let keys = "order_id,ordered_at,amount,member_id,store_id,channel_id,union_id\nk,2024-03-10 10:00,5.00,,A,wx,u1\n";
    case.file("orders/2024-03-10.csv", keys.as_bytes());
    assert_eq!(twins.night("a column of keys that none had before"), (5, 5));
    assert_eq!(twins.night("and again"), (1, 9));
    case.file(
        "channels.csv",
        "channel_id,name\nweixin,微信\nwe-chat,微信\ntmall,天猫\nwx,微信\n门店,门店\n".as_bytes(),
    );
    assert_eq!(twins.night("a list of channels"), (10, 1));
    assert!(case.quarantine("orders").iter().any(|row| row.contains("unknown_channel")), "douyin is none of them");
}

#[test]
fn what_a_build_is_told_counts_as_well_as_the_files() {
    let mut twins = Twins::new(feed());
    assert_eq!(twins.night("the first"), (9, 0));
    twins.case.options.time_zone = chrono_tz::Tz::America__New_York;
    assert_eq!(twins.night("another zone"), (9, 0));
    twins.case.options.currency = "JPY".to_owned();
    assert_eq!(twins.night("another currency"), (9, 0));
    twins.case.options.tenant = "Another".to_owned();
    assert_eq!(twins.night("another tenant"), (1, 8));
    // Another folder with the same names, lengths and times.
    let copy = twins.case.source().with_file_name("copy");
    for (path, bytes) in tree(twins.case.source()) {
        let to = copy.join(path.strip_prefix(twins.case.source()).expect("it is within"));
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        if path.is_file() {
            fs::write(&to, bytes).expect("a file");
        }
    }
    twins.case.options.source = copy.into();
    assert_eq!(twins.night("another source"), (9, 0));
    assert_eq!(kept(&twins.case).len(), 16);
}

#[test]
fn whatever_became_of_what_is_kept_the_rows_are_those_of_the_source() {
    let twins = Twins::new(feed());
    twins.night("the first");
    let damages: [Damage; 6] = [
        ("emptied", |path| fs::write(path, b"").expect("a file")),
        ("cut", |path| {
            let bytes = fs::read(path).expect("a file");
            fs::write(path, &bytes[..bytes.len() - 1]).expect("a file");
        }),
        ("a bit turned", |path| {
            let mut bytes = fs::read(path).expect("a file");
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(path, bytes).expect("a file");
        }),
        ("of another file", |path| {
            let folder = path.parent().expect("a folder");
            let alike = |other: &PathBuf| other.extension() == path.extension() && other != path;
            let other = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).find(alike);
            fs::copy(other.expect("there are several"), path).expect("a file");
        }),
        ("a folder", |path| {
            fs::remove_file(path).expect("a file");
            fs::create_dir(path).expect("a folder");
        }),
        ("gone", |path| fs::remove_file(path).expect("a file")),
    ];
    // A header and a file of rows by turns.
    for (number, (what, damage)) in damages.into_iter().cycle().take(12).enumerate() {
        let files = kept(&twins.case);
        assert_eq!(files.len(), 16, "{what}");
        let at = (number * 5 + number / 6) % files.len();
        damage(&files[at]);
        assert_eq!(twins.night(what), (2, 7), "{what}: {}", files[at].display());
        assert_eq!(twins.night("and again"), (1, 8), "{what}");
    }
}

#[test]
fn read_all_reads_all_and_keeps_it_anew() {
    let mut twins = Twins::new(feed());
    twins.night("the first");
    let before: Vec<_> = kept(&twins.case).iter().map(|path| fs::read(path).expect("a file")).collect();
    for path in kept(&twins.case) {
        fs::write(path, b"nonsense").expect("a file");
    }
    twins.case.options.read_all = true;
    assert_eq!(twins.night("all"), (9, 0));
    let after: Vec<_> = kept(&twins.case).iter().map(|path| fs::read(path).expect("a file")).collect();
    assert!(before == after, "the same rows are kept as the same bytes");
    twins.case.options.read_all = false;
    assert_eq!(twins.night("nothing new"), (1, 8));
    // Nor does `--full` read, which is about shards.
    twins.case.options.full = true;
    assert_eq!(twins.night("full"), (1, 8));
    let report = twins.case.build().expect("a sound source");
    assert!(report.to_string().contains("read 1 files, "), "{report}");
    assert!(report.to_string().contains("; 8 files, "), "{report}");
}

#[test]
fn a_file_that_was_written_just_now_or_is_small_is_read_again() {
    let case = feed().with(|options| options.settled = Options::new(PathBuf::new(), PathBuf::new()).settled);
    case.build().expect("a sound source");
    assert!(!case.out().join("state/rows").exists());
    assert_eq!(case.build().expect("a sound source").source.files_unchanged, 0);
    let case = feed().with(|options| options.least_kept = 150);
    case.build().expect("a sound source");
    let large: u64 =
        tree(case.source()).iter().filter(|(path, bytes)| bytes.len() >= 150 && !path.ends_with("stores.csv")).count()
            as u64;
    assert!((1..8).contains(&large), "{large}");
    assert_eq!(case.build().expect("a sound source").source.files_unchanged, large);
}

#[test]
fn a_build_that_fails_leaves_what_was_kept_before() {
    let case = feed();
    // Orders are read before returns.
    case.file("returns/2.csv", b"return_id,amount\n");
    assert!(case.error().contains("returned_at"), "and nothing is left of a first build");
    fs::remove_file(case.source().join("returns/2.csv")).expect("it is there");
    let twins = Twins::new(case);
    assert_eq!(twins.night("the first"), (9, 0));
    twins.case.file("orders/2024-03-03.csv", format!("{ORDERS}n1,2024-03-03 10:00,1.00,m1,A,wx,\n").as_bytes());
    twins.case.file("returns/2.csv", b"return_id,amount\n");
    assert!(twins.case.error().contains("returned_at"));
    fs::remove_file(twins.case.source().join("returns/2.csv")).expect("it is there");
    // What a build that was killed left.
    let left = twins.case.out().join("state/rows/.new-x");
    fs::create_dir(&left).expect("a folder");
    fs::write(left.join("y.parquet"), b"half").expect("a file");
    let long_ago = SystemTime::now() - Duration::from_secs(4_000);
    fs::File::open(&left).and_then(|folder| folder.set_modified(long_ago)).expect("a time");
    assert_eq!(twins.night("as if nothing had been"), (2, 8));
    assert_eq!(kept(&twins.case).len(), 18);
}

#[test]
fn a_name_too_many_is_told_as_if_all_was_read() {
    let twins = Twins::new(feed());
    twins.night("the first");
    let many: String = (0..251).map(|n| format!("x{n},2024-02-01 10:00,1.00,m1,A,channel-{n},\n")).collect();
    twins.case.file("orders/2024-02-01.csv", format!("{ORDERS}{many}").as_bytes());
    let error = twins.case.error();
    let expected = run(&twins.options_of_the_other()).expect_err("too many channels").to_string();
    assert_eq!(error, expected);
}

#[test]
fn what_cannot_be_kept_is_a_note_and_no_fault() {
    let case = feed();
    fs::create_dir_all(case.out().join("state")).expect("a folder");
    fs::write(case.out().join("state/rows"), b"in the way").expect("a file");
    let built = case.built();
    let note = built.report.notes.iter().find(|note| note.starts_with("rows of files could not be kept"));
    assert!(note.is_some(), "{:?}", built.report.notes);
    assert_eq!(case.build().expect("a sound source").source.files_unchanged, 0);
    fs::remove_file(case.out().join("state/rows")).expect("it is there");
    let twins = Twins::new(case);
    run(&twins.options_of_the_other()).expect("a sound source");
    run(&twins.options_of_the_other()).expect("a sound source");
    assert_eq!(twins.night("and without it"), (9, 0));
    assert_eq!(twins.night("nothing new"), (1, 8));
}
