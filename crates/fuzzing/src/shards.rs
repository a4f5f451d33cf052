//! The shard reader: bytes whose length and hash are true, so that everything behind the checksum is reached.

use engine::{Plan, Scratch};
use model::{ShardEntry, Tail};
use snapshot::{Shard, content_hash};

use crate::Heap;
use crate::base::{BASE, FILES, TAILED, TAILED_BASE};

/// Columns are unpacked, at most fourfold; the constant is for a layout's names and lists, and for messages.
const HEAP: Heap = Heap { times: 4, plus: 16 << 10 };

/// What a tail changes is there twice for a moment, and its rows may come one by one.
const TAIL_HEAP: Heap = Heap { times: 12, plus: 16 << 10 };

/// The first byte says whose place the rest takes.
pub(crate) fn any(input: &[u8]) {
    let Some((&which, file)) = input.split_first() else { return };
    open(which, file);
}

/// A whole shard.
pub(crate) fn any_seed() -> Vec<u8> {
    [&[0], FILES[0]].concat()
}

/// A shard with up to 64 edits: after the first byte each seven bytes are a place, what to do there, and a number.
pub(crate) fn edited(input: &[u8]) {
    let Some((&which, edits)) = input.split_first() else { return };
    let mut file = FILES[usize::from(which) % FILES.len()].to_vec();
    for &[low, high, what, ref value @ ..] in edits.as_chunks::<7>().0.iter().take(64) {
        edit(&mut file, usize::from(u16::from_le_bytes([low, high])), what, *value);
    }
    open(which, &file);
}

fn edit(file: &mut Vec<u8>, place: usize, what: u8, value: [u8; 4]) {
    // From the end as well as from the beginning: the footer is there.
    let at = if what & 0x80 == 0 { place } else { file.len().saturating_sub(place) };
    let Some(rest) = file.get_mut(at..) else { return };
    match what & 7 {
        0 => rest.iter_mut().take(1).for_each(|byte| *byte ^= value[0]),
        1 => rest.iter_mut().zip(value).for_each(|(byte, value)| *byte = value),
        2 => rest.iter_mut().take(value[1].into()).for_each(|byte| *byte = value[0]),
        3 => rest.iter_mut().take(1).for_each(|byte| *byte = byte.wrapping_add(value[0])),
        4 => file.truncate(at),
        5 => drop(file.drain(at..file.len().min(at + usize::from(value[0])))),
        6 => drop(file.splice(at..at, value)),
        _ => rest.chunks_exact_mut(8).take(1).for_each(|eight| eight[..4].copy_from_slice(&value)),
    }
}

/// A shard with its last footer's length and one value changed.
pub(crate) fn edited_seed() -> Vec<u8> {
    vec![1, 10, 0, 0x83, 8, 0, 0, 0, 0x40, 6, 0, 1, 0, 0, 0]
}

/// A tail with up to 64 edits, as [`edited`] has them; it is applied to its own base.
pub(crate) fn tail(input: &[u8]) {
    let Some((&which, edits)) = input.split_first() else { return };
    let which = usize::from(which) % TAILED.len();
    let [base, tail] = TAILED[which];
    let mut tail = tail.to_vec();
    for &[low, high, what, ref value @ ..] in edits.as_chunks::<7>().0.iter().take(64) {
        edit(&mut tail, usize::from(u16::from_le_bytes([low, high])), what, *value);
    }
    let manifest = &*TAILED_BASE;
    let mut entry = manifest.shards[which].clone();
    entry.tails = vec![Tail { hash: content_hash(&tail), bytes: tail.len() as u64, wire_bytes: 0 }];
    let length = base.len() + tail.len();
    let Ok(shard) = TAIL_HEAP.allow(length, || Shard::open(&[base, &tail], manifest, &entry)) else { return };
    count(which, &shard);
}

/// A tail with its last footer's length and one value changed.
pub(crate) fn tail_seed() -> Vec<u8> {
    edited_seed()
}

/// Opens it as one of the base's shards and, where that succeeds, counts all nine asks.
fn open(which: u8, file: &[u8]) {
    let base = &*BASE;
    let which = usize::from(which) % base.shards.len();
    let entry =
        ShardEntry { bytes: file.len() as u64, hash: content_hash(file), ..base.manifest.shards[which].clone() };
    let Ok(shard) = HEAP.allow(file.len(), || Shard::open(&[file], &base.manifest, &entry)) else { return };
    count(which, &shard);
}

/// Counts all nine asks on the base with this shard in the place of its own.
fn count(which: usize, shard: &Shard) {
    let base = &*BASE;
    let plan = Plan::new(&base.question, &base.manifest).expect("the question is valid");
    let mut partial = plan.empty();
    for (index, sound) in base.shards.iter().enumerate() {
        let shard = if index == which { shard } else { sound };
        plan.count(shard, index, &mut Scratch::default(), &mut partial);
    }
    let answers = plan.finish(&partial);
    assert!(answers.coverage.exact, "all shards were counted");
}
