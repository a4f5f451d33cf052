//! One page's conversation: a snapshot that arrives, and the question that waits for it.

use std::cell::RefCell;
use std::rc::Rc;

use engine::Plan;
use model::{FromWorker, Manifest, Question, ToWorker};
use snapshot::{Shard, parse_manifest, snapshot_id};
use wasm_bindgen_futures::spawn_local;

use crate::host;

/// Fetches under way at once: enough to hide latency, few enough for a phone's memory.
const PARALLEL_FETCHES: usize = 4;

/// What the worker knows.
#[derive(Default)]
pub(crate) struct Session {
    snapshot: Option<Snapshot>,
    /// The newest question, until it is answered.
    waiting: Option<(u32, Question)>,
}

struct Snapshot {
    manifest: Manifest,
    shards: Vec<Shard>,
    /// Index of the next shard to fetch.
    next: usize,
}

impl Snapshot {
    fn is_complete(&self) -> bool {
        self.shards.len() == self.manifest.shards.len()
    }
}

type Shared = Rc<RefCell<Session>>;

impl Session {
    /// Takes one message of the page.
    pub(crate) fn receive(session: &Shared, message: ToWorker) {
        match message {
            ToWorker::Open { manifest_url } => spawn_local(open(session.clone(), manifest_url)),
            ToWorker::Ask { id, question } => {
                session.borrow_mut().waiting = Some((id, question));
                // A reader who types fast sends several: the last one that waits is answered.
                let session = session.clone();
                host::after_messages(move || session.borrow_mut().answer());
            }
        }
    }

    /// Answers the waiting question if every shard is here.
    fn answer(&mut self) {
        let Some(snapshot) = self.snapshot.as_ref().filter(|s| s.is_complete()) else {
            return;
        };
        let Some((id, question)) = self.waiting.take() else {
            return;
        };
        let start = host::now_millis();
        host::post(&match Plan::new(&question, &snapshot.manifest) {
            Ok(plan) => {
                let mut total = plan.empty();
                for shard in &snapshot.shards {
                    total.merge(plan.partial(shard));
                }
                let answers = plan.finish(&total);
                FromWorker::Answer { id, answers, millis: host::now_millis() - start }
            }
            Err(error) => FromWorker::Failed { id: Some(id), message: error.to_string() },
        });
    }
}

async fn open(session: Shared, manifest_url: String) {
    let manifest = match read_manifest(&manifest_url).await {
        Ok(manifest) => manifest,
        Err(message) => return host::post(&FromWorker::Failed { id: None, message }),
    };
    let shards = manifest.shards.len();
    host::post(&FromWorker::Opened { snapshot: snapshot_id(&manifest), shards: shards as u32 });
    session.borrow_mut().snapshot = Some(Snapshot { manifest, shards: Vec::with_capacity(shards), next: 0 });
    session.borrow_mut().answer();
    for _ in 0..PARALLEL_FETCHES.min(shards) {
        spawn_local(fetch_shards(session.clone(), manifest_url.clone()));
    }
}

async fn read_manifest(url: &str) -> Result<Manifest, String> {
    parse_manifest(&host::fetch(url).await?).map_err(|e| e.to_string())
}

/// Takes one shard after the other until none is left.
async fn fetch_shards(session: Shared, manifest_url: String) {
    let folder = manifest_url.rsplit_once('/').map_or("", |(folder, _)| folder);
    loop {
        let index = {
            let mut session = session.borrow_mut();
            let Some(snapshot) = session.snapshot.as_mut() else {
                return;
            };
            let index = snapshot.next;
            snapshot.next += 1;
            if index >= snapshot.manifest.shards.len() {
                return;
            }
            index
        };
        let hash = session.borrow().snapshot.as_ref().map(|s| s.manifest.shards[index].hash.clone());
        let Some(hash) = hash else { return };
        let bytes = host::fetch(&format!("{folder}/shards/{hash}.arrow")).await;
        let mut session = session.borrow_mut();
        let Some(snapshot) = session.snapshot.as_mut() else {
            return;
        };
        let opened = bytes.and_then(|bytes| {
            Shard::open(&bytes, &snapshot.manifest, &snapshot.manifest.shards[index]).map_err(|e| e.to_string())
        });
        match opened {
            Ok(shard) => snapshot.shards.push(shard),
            Err(message) => {
                session.snapshot = None;
                return host::post(&FromWorker::Failed { id: None, message });
            }
        }
        host::post(&FromWorker::Loaded {
            read: snapshot.shards.len() as u32,
            shards: snapshot.manifest.shards.len() as u32,
        });
        session.answer();
    }
}
