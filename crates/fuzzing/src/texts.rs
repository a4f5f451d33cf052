//! The readers of JSON: manifests and questions, by `serde_json` and by the worker's own reader.

use engine::{Plan, Scratch};
use model::Question;
use snapshot::{content_hash, parse_manifest, snapshot_id};
use worker::share::Share;

use crate::Heap;
use crate::base::{BASE, MANIFEST, QUESTION};

/// The shortest item of a list, `{},`, becomes a funnel's step of tens of bytes, and a list that grows is there twice.
const HEAP: Heap = Heap { times: 80, plus: 16 << 10 };

/// The bytes before a manifest's second field: an opening, 64 digits, a closing.
const PREFIX: usize = 77;

/// A manifest's file with its checksum made true.
fn sealed(rest: &[u8]) -> Vec<u8> {
    [br#"{"blake3":""#, content_hash(rest).as_bytes(), br#"","#, rest].concat()
}

/// What follows the checksum. Both readers must agree on what they accept.
pub(crate) fn manifest(rest: &[u8]) {
    let file = sealed(rest);
    let parsed = HEAP.allow(file.len(), || parse_manifest(&file));
    let share = HEAP.allow(file.len(), || Share::new(&file));
    if let Ok(manifest) = parsed {
        let share = share.expect("the worker reads what the server reads");
        assert_eq!(share.snapshot(), snapshot_id(&manifest));
        assert_eq!(share.data_until(), manifest.data_until.to_string());
        // Questions are asked of whatever was accepted.
        let base = &BASE.question;
        let everything = Question { filter: model::Filter::default(), ..base.clone() };
        if let Ok(plan) = Plan::new(&everything, &manifest) {
            plan.finish(&plan.empty());
        }
    }
    // And as it came, checksum and all.
    let _ = HEAP.allow(rest.len(), || parse_manifest(rest).is_ok());
}

/// The fixture's.
pub(crate) fn manifest_seed() -> Vec<u8> {
    MANIFEST[PREFIX..].to_vec()
}

/// A question: read, checked, planned, counted.
pub(crate) fn question(text: &[u8]) {
    let base = &*BASE;
    let Ok(question) = HEAP.allow(text.len(), || serde_json::from_slice::<Question>(text)) else { return };
    let Ok(plan) = Plan::new(&question, &base.manifest) else { return };
    let (mut partial, mut scratch) = (plan.empty(), Scratch::default());
    for (index, shard) in base.shards.iter().enumerate() {
        plan.count(shard, index, &mut scratch, &mut partial);
        // After two of three shards these are estimates.
        let answers = plan.finish(&partial);
        assert_eq!(answers.answers.len(), question.ask.len());
    }
    let again = serde_json::to_vec(&question).expect("a question is JSON");
    assert_eq!(serde_json::from_slice::<Question>(&again).expect("its own text is read"), question);
}

/// All nine asks.
pub(crate) fn question_seed() -> Vec<u8> {
    QUESTION.as_bytes().to_vec()
}

/// The worker's own reader accepts a question exactly where `serde_json` does.
pub(crate) fn json(text: &[u8]) {
    let base = &*BASE;
    let Ok(text) = std::str::from_utf8(text) else { return };
    let mut share = Share::new(MANIFEST).expect("the fixture's manifest reads");
    let ours = HEAP_OF_PLAN.allow(text.len(), || share.ask(text));
    let planned = serde_json::from_str::<Question>(text).map(|question| Plan::new(&question, &base.manifest));
    match planned {
        Ok(Ok(_)) => assert_eq!(ours, Ok(()), "the worker refuses a question that is valid"),
        Ok(Err(error)) => assert_eq!(ours, Err(error.to_string()), "the worker says what the server says"),
        Err(_) => assert!(ours.is_err_and(|what| what.starts_with("the question: ")), "serde_json refuses it"),
    }
}

/// Asking also plans: 32 asks of 1,200 periods or 120 × 1,200 cells may each take some megabytes of counters.
const HEAP_OF_PLAN: Heap = Heap { times: 80, plus: 64 << 20 };
