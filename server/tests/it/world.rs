//! A tiny snapshot, a tiny site, and a server that shows them on a free port.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use model::{Channel, Day, Dimensions, FORMAT_VERSION, Manifest, Region, Store, Totals};
use snapshot::signature::SigningKey;
use snapshot::write::{Anonymous, Members, Orders, Publication, Publisher, ShardData, Touches};
use snapshot::{NONE_U8, NONE_U16, SnapshotError, UNKNOWN_DAY};
use tempfile::TempDir;
use tokio::sync::oneshot;
use wellspring::{Entry, Operation, Settings, serve};

/// Members in each of the two shards.
const MEMBERS: u16 = 40;
const DAYS: u32 = 59;

pub(crate) const INDEX: &str = "<!DOCTYPE html><html><head><title>Trunk</title>\
    <link rel=\"stylesheet\" href=\"/style-0123456789abcdef.css\"/>\
    <link rel=\"modulepreload\" href=\"/app-0123456789abcdef.js\">\
    <script type=\"module\">import init from '/app-0123456789abcdef.js'; init();</script>\
    </head><body></body></html>";

/// Publishes a snapshot of 80 members and 90 orders, each order of `amount` minor units.
pub(crate) fn publish(folder: &Path, amount: i64) -> Manifest {
    let publisher = publisher(folder);
    let shards = [shard(amount), shard(amount + 1)];
    let shards = shards.iter().map(|s| publisher.add(s).expect("the shard is valid")).collect();
    publisher.publish(manifest(shards, amount)).expect("the manifest is valid")
}

/// The same, signed.
pub(crate) fn publish_signed(folder: &Path, amount: i64, key: &Arc<SigningKey>) -> Manifest {
    let publisher = publisher(folder);
    let shards = [shard(amount), shard(amount + 1)];
    let shards = shards.iter().map(|s| publisher.add(s).expect("the shard is valid")).collect();
    let publication = Publication { sign: Some(Arc::clone(key)), ..Publication::of(manifest(shards, amount)) };
    publisher.publish_all(publication).expect("the manifest is valid").0
}

/// Another test may be starting a program just now: until that runs, it holds a copy of every open lock.
pub(crate) fn publisher(folder: &Path) -> Publisher {
    let begun = Instant::now();
    loop {
        match Publisher::new(folder) {
            Err(SnapshotError::Locked { .. }) if begun.elapsed() < Duration::from_secs(10) => {
                std::thread::sleep(Duration::from_millis(5));
            }
            made => return made.expect("the folder is free"),
        }
    }
}

fn manifest(shards: Vec<model::ShardEntry>, amount: i64) -> Manifest {
    let store = |id: &str, region| Store {
        id: id.to_owned(),
        name: format!("{id} 店"),
        region,
        city: String::new(),
        format: String::new(),
    };
    let channel = Channel { id: "C1".to_owned(), name: "小程序".to_owned(), kind: String::new(), domain: None };
    let region = |id: &str| Region { id: id.to_owned() };
    let members = i64::from(MEMBERS);
    Manifest {
        format: FORMAT_VERSION,
        tenant: "Tiny".to_owned(),
        scope: "all".to_owned(),
        version: 0,
        built_at: String::new(),
        first_day: Day::parse("2025-01-01").expect("a day"),
        data_until: Day::parse("2025-02-28").expect("a day"),
        currency: "CNY".to_owned(),
        currency_digits: 2,
        dimensions: Dimensions {
            regions: vec![region("华东"), region("华南")],
            stores: vec![store("S001", 0), store("S002", 1)],
            channels: vec![channel],
            touch_kinds: vec!["visit".to_owned()],
            campaigns: Vec::new(),
            tiers: Vec::new(),
        },
        shards,
        totals: Totals {
            members: 2 * members as u64,
            orders: 2 * members as u64,
            anonymous_orders: 10,
            touches: 2 * members as u64,
            sales: (members + 5) * (2 * amount + 1),
            anonymous_sales: 5 * (2 * amount + 1),
            ..Totals::default()
        },
        tables: Vec::new(),
        campaigns: Vec::new(),
        targets: None,
        ..Manifest::empty()
    }
}

fn shard(amount: i64) -> ShardData {
    let n = usize::from(MEMBERS);
    // Members shop in turn, so that rows are sorted by day and member.
    let day: Vec<u16> = (0..MEMBERS).map(|m| m + 1).collect();
    let store: Vec<u16> = (0..MEMBERS).map(|m| m % 2).collect();
    let member: Vec<u16> = (0..MEMBERS).collect();
    ShardData {
        first_day: Day::parse("2025-01-01").expect("a day").epoch_days(),
        days: DAYS,
        members: Members {
            home_store: vec![NONE_U16; n],
            source_channel: vec![NONE_U8; n],
            tier: vec![NONE_U8; n],
            joined_day: vec![UNKNOWN_DAY; n],
        },
        orders: Orders {
            day: day.clone(),
            member: member.clone(),
            store: store.clone(),
            channel: vec![0; n],
            amount: vec![amount; n],
            campaign: vec![NONE_U16; n],
        },
        anonymous: Anonymous {
            day: vec![3; 5],
            store: vec![0; 5],
            channel: vec![0; 5],
            amount: vec![amount; 5],
            campaign: vec![NONE_U16; 5],
        },
        touches: Touches { day, member, store, channel: vec![0; n], kind: vec![0; n], campaign: vec![NONE_U16; n] },
    }
}

/// A site as Trunk leaves it.
pub(crate) fn build_site(folder: &Path) {
    let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).expect("the site is writable");
    write("index.html", INDEX.as_bytes());
    write("app-0123456789abcdef.js", b"export default () => {};");
    write("app-0123456789abcdef.js.br", b"pretend brotli");
    write("app-0123456789abcdef_bg.wasm", b"\0asm\x01\0\0\0");
    write("style-0123456789abcdef.css", b"body{}");
    write("wellspring.js", b"export const open = () => {};");
    write("wellspring.d.ts", b"export const open: () => void;");
    write("wellspring-simd_bg.wasm", b"\0asm\x01\0\0\0");
    write("wellspring-worker.js", b"import './wellspring-simd.js';");
    write("service-worker.js", b"self.onfetch = null;");
    write("manifest.en.webmanifest", b"{}");
    write("favicon.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>");
    write(".hidden", b"secret");
    fs::create_dir(folder.join("fonts")).expect("the site is writable");
}

/// Folders of one test; gone when it ends.
pub(crate) struct World {
    root: TempDir,
}

impl World {
    /// A published snapshot and a built site.
    pub(crate) fn new() -> Self {
        let world = Self { root: tempfile::tempdir().expect("a temporary folder") };
        fs::create_dir(world.site()).expect("a folder");
        build_site(&world.site());
        publish(&world.snapshot(), 10_000);
        fs::create_dir(world.snapshot().join("quarantine")).expect("a folder");
        fs::write(world.snapshot().join("quarantine/orders.csv"), "secret rows").expect("a file");
        fs::write(world.root.path().join("secret.txt"), "secret").expect("a file");
        world
    }

    pub(crate) fn snapshot(&self) -> PathBuf {
        self.root.path().join("snapshot")
    }

    pub(crate) fn site(&self) -> PathBuf {
        self.root.path().join("dist")
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// The shard's file of this place in the manifest.
    pub(crate) fn shard(&self, place: usize) -> PathBuf {
        let bytes = fs::read(self.snapshot().join("manifest.json")).expect("there is a manifest");
        let manifest = snapshot::parse_manifest(&bytes).expect("the manifest is whole");
        self.snapshot().join("shards").join(format!("{}.arrow", manifest.shards[place].hash))
    }

    /// Shows it until the value is dropped.
    pub(crate) fn serve(&self) -> Served {
        self.serve_as(Operation::default())
    }

    /// The same, run in another way.
    pub(crate) fn serve_as(&self, operation: Operation) -> Served {
        Served::start(Settings {
            snapshot: self.snapshot(),
            site: self.site(),
            entry: Entry::Open,
            watch_every: Duration::from_millis(20),
            patience: Duration::from_secs(2),
            operation,
        })
    }
}

/// A running server.
pub(crate) struct Served {
    pub(crate) addr: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    pub(crate) fn start(settings: Settings) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, ready) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                let addr = listener.local_addr().expect("an address");
                let told = move |_: &str| tell.send(addr).expect("the test waits");
                let stop = async move {
                    let _ = stopped.await;
                };
                serve(settings, listener, told, stop).await.expect("the server stops in order");
            });
        });
        let addr = ready.recv_timeout(Duration::from_secs(20)).expect("the server is ready");
        Self { addr, stop: Some(stop), thread: Some(thread) }
    }

    /// Tells it to stop and waits until it has; how long that took.
    pub(crate) fn stop(&mut self) -> Duration {
        let begun = Instant::now();
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the server panicked");
        }
        begun.elapsed()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Looks until it holds; a server needs a moment to see a change.
pub(crate) fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(20), "never happened: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
