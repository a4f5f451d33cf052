//! A bucket of a server that speaks S3 as a source.
//!
//! Credentials and endpoint come from the environment, which a test may not change for the tests beside it: each of
//! these runs this program once more for itself alone.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use builder::{Location, Options};
use datafusion::arrow::array::{ArrayRef, Int64Array, StringArray};
use servers::s3;

use crate::formats::parquet_bytes;
use crate::support::{Case, case};

const MARK: &str = "WELLSPRING_TEST_S3";

/// Whether this is the process with the environment; else makes it, and it must succeed.
fn alone(test: &str, environment: &[(&str, &str)]) -> bool {
    if std::env::var_os(MARK).is_some() {
        return true;
    }
    let endpoint = s3::endpoint();
    let mut again = Command::new(std::env::current_exe().expect("this program"));
    again.args(["--exact", &format!("bucket::{test}"), "--nocapture"]).env(MARK, &endpoint);
    again.env("AWS_ENDPOINT", &endpoint).env("AWS_REGION", "us-east-1").envs(environment.iter().copied());
    let output = again.output().expect("this program");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    false
}

const KEYS: [(&str, &str); 3] =
    [("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "tell-nobody"), ("AWS_ALLOW_HTTP", "true")];

fn at(address: &str) -> Case {
    let location: Location = address.parse().expect("an address");
    case(&[]).with(|options| *options = Options::new(location, options.out.clone()))
}

#[test]
fn csv_and_parquet_in_a_bucket_are_read_like_files() {
    // The bucket is made by the first process and named to the second, so that one server serves both.
    let bucket = std::env::var("WELLSPRING_TEST_BUCKET").unwrap_or_else(|_| s3::new_bucket());
    if std::env::var_os(MARK).is_none() {
        let orders = "订单号,ordered_at,amount,member_id,store_id\na,2024-01-01,1.50,m,S1\nb,2024-01-02,?,m,S1\n";
        s3::put(&bucket, "nightly/orders/dt=2024-01-01/part 0.csv.gz", &crate::steps::gzip(orders.as_bytes()));
        let many: String = (0..40_000).map(|n| format!("n{n},2024-01-03,0.01,m{n},S1\n")).collect();
        s3::put(
            &bucket,
            "nightly/orders/dt=2024-01-02/part-0.csv",
            format!("订单号,ordered_at,amount,member_id,store_id\n{many}").as_bytes(),
        );
        let touches = parquet_bytes(vec![
            ("at", Arc::new(StringArray::from(vec!["2024-01-01"; 3])) as ArrayRef),
            ("kind", Arc::new(StringArray::from(vec!["visit", "share", "visit"]))),
            ("member_id", Arc::new(StringArray::from(vec!["m", "m", "n"]))),
            ("unwanted", std::sync::Arc::new(Int64Array::from(vec![1, 2, 3]))),
        ]);
        s3::put(&bucket, "nightly/touches.parquet", &touches);
        s3::put(&bucket, "nightly/mapping.toml", "[orders]\ncolumns.order_id = \"订单号\"".as_bytes());
        s3::put(&bucket, "nightly/readme.txt", b"hello");
        s3::put(&bucket, "nightly2/orders.csv", b"not ours");
    }
    let environment = [KEYS[0], KEYS[1], KEYS[2], ("WELLSPRING_TEST_BUCKET", &bucket)];
    if !alone("csv_and_parquet_in_a_bucket_are_read_like_files", &environment) {
        return;
    }
    let case = at(&format!("s3://{bucket}/nightly/"));
    let built = case.built();
    assert_eq!(built.manifest.totals.orders, 40_001);
    assert_eq!(built.manifest.totals.sales, 150 + 40_000);
    assert_eq!((built.manifest.totals.touches, built.table("touches").rows_read), (3, 3));
    assert_eq!(case.quarantine("orders"), ["orders/dt=2024-01-01/part 0.csv.gz,3,amount,?,bad_amount"]);
    assert_eq!(built.report.notes, ["readme.txt is no table of the source contract and was not read"]);
    let left = std::fs::read_dir(case.out()).expect("the snapshot").flatten().map(|entry| entry.file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with(".building")).collect();
    assert!(left.is_empty(), "what was fetched is left in the output: {left:?}");
    let inspection = builder::inspect(&builder::InspectOptions {
        source: case.options.source.clone(),
        mapping: None,
        currency: "CNY".to_owned(),
        full: false,
    })
    .expect("a sound bucket");
    let tables: Vec<_> = inspection.places.iter().map(|place| (place.name.as_str(), place.table.as_deref())).collect();
    assert_eq!(tables, [("orders", Some("orders")), ("touches.parquet", Some("touches"))]);
}

/// Stands before a server and counts how often an object below `path` is fetched; gives its endpoint.
fn counting(server: &str, path: String) -> String {
    let server = server.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let fetched = Arc::new(AtomicU64::new(0));
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let (server, path, fetched) = (server.clone(), path.clone(), Arc::clone(&fetched));
            std::thread::spawn(move || -> std::io::Result<()> {
                let mut upstream = TcpStream::connect(server)?;
                let (mut answers, mut back) = (upstream.try_clone()?, client.try_clone()?);
                std::thread::spawn(move || std::io::copy(&mut answers, &mut back));
                let mut buffer = vec![0; 1 << 16];
                loop {
                    let count = client.read(&mut buffer)?;
                    let request = String::from_utf8_lossy(&buffer[..count]);
                    if count == 0 || request.starts_with("HOW MANY") {
                        client.write_all(fetched.load(Ordering::Relaxed).to_string().as_bytes())?;
                        upstream.shutdown(std::net::Shutdown::Both)?;
                        return client.shutdown(std::net::Shutdown::Both);
                    }
                    fetched.fetch_add(request.matches(&format!("GET {path}")).count() as u64, Ordering::Relaxed);
                    upstream.write_all(&buffer[..count])?;
                }
            });
        }
    });
    endpoint
}

fn how_many(endpoint: &str) -> u64 {
    let mut asked = TcpStream::connect(endpoint.trim_start_matches("http://")).expect("it listens");
    asked.write_all(b"HOW MANY").expect("it reads");
    let mut text = String::new();
    asked.read_to_string(&mut text).expect("it answers");
    text.parse().expect("a number")
}

#[test]
fn an_object_that_is_still_the_same_is_not_fetched_again() {
    let bucket = std::env::var("WELLSPRING_TEST_BUCKET").unwrap_or_else(|_| s3::new_bucket());
    let counted = std::env::var("AWS_ENDPOINT").ok().filter(|_| std::env::var_os(MARK).is_some());
    let counted = counted.unwrap_or_else(|| {
        let many: String = (0..9_000).map(|n| format!("n{n},2024-01-03,0.01,m{n},S1\n")).collect();
        let orders = format!("order_id,ordered_at,amount,member_id,store_id\nbad,?,1,m1,S1\n{many}");
        s3::put(&bucket, "nightly/orders/dt=2024-01-02/part-0.csv", orders.as_bytes());
        let touches = "at,kind,member_id\n2024-01-01,visit,m1\n";
        s3::put(&bucket, "nightly/touches.csv.gz", &crate::steps::gzip(touches.as_bytes()));
        counting(&s3::endpoint(), format!("/{bucket}/nightly/"))
    });
    let environment = [KEYS[0], KEYS[1], KEYS[2], ("WELLSPRING_TEST_BUCKET", &bucket), ("AWS_ENDPOINT", &counted)];
    if !alone("an_object_that_is_still_the_same_is_not_fetched_again", &environment) {
        return;
    }
    let case = at(&format!("s3://{bucket}/nightly"));
    let first = case.built();
    let fetched = how_many(&counted);
    assert!(fetched >= 2, "{fetched}");
    assert_eq!((first.report.source.files_read, first.report.source.files_unchanged), (2, 0));
    let again = case.built();
    assert_eq!(how_many(&counted), fetched, "nothing was fetched");
    assert_eq!((again.report.source.files_read, again.report.source.files_unchanged), (0, 2));
    assert_eq!(again.report.source.bytes_unchanged, first.report.source.bytes_read);
    assert_eq!((again.orders(), again.manifest.tables), (first.orders(), first.manifest.tables));
    assert_eq!(case.quarantine("orders"), ["orders/dt=2024-01-02/part-0.csv,2,ordered_at,?,bad_time"]);
}

#[test]
fn a_missing_bucket_is_one_line_and_so_is_an_empty_prefix() {
    if !alone("a_missing_bucket_is_one_line_and_so_is_an_empty_prefix", &KEYS) {
        return;
    }
    let error = at("s3://no-such-bucket/x").error();
    assert!(error.starts_with("cannot read from s3://no-such-bucket/x: there is no such bucket"), "{error}");
    assert!(!error.contains("tell-nobody"), "{error}");
}

#[test]
fn plain_http_is_spoken_only_where_it_is_asked_for() {
    if !alone("plain_http_is_spoken_only_where_it_is_asked_for", &KEYS[..2]) {
        return;
    }
    let error = at("s3://some-bucket").error();
    assert!(error.contains("AWS_ALLOW_HTTP=true"), "{error}");
}
