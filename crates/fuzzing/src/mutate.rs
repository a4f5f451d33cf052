//! A simple mutator for runs without cargo-fuzz: it knows nothing of what an input reaches.

use fastrand::Rng;

/// Values on which readers of lengths and offsets stumble.
const NUMBERS: [u32; 10] = [0, 1, 7, 8, 0x7F, 0xFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];
/// Pieces on which readers of text stumble.
const WORDS: [&str; 16] = [
    "{}",
    "[]",
    "null",
    "true",
    "\"",
    "\\u0000",
    "\\ud800",
    "-1",
    "0",
    "4294967296",
    "99999999999999999999",
    "1e9",
    "9999-12-31",
    "0000-01-01",
    ",",
    ":",
];

/// One of the inputs, changed in a few places.
pub fn mutate(rng: &mut Rng, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut input = rng.choice(corpus).cloned().unwrap_or_default();
    for _ in 0..rng.usize(1..=4) {
        change(rng, &mut input, corpus);
    }
    input
}

fn change(rng: &mut Rng, input: &mut Vec<u8>, corpus: &[Vec<u8>]) {
    let at = rng.usize(0..=input.len());
    let until = (at + rng.usize(0..=24)).min(input.len());
    match rng.u8(0..10) {
        0 => input[at..].iter_mut().take(1).for_each(|byte| *byte ^= 1 << rng.u8(0..8)),
        1 => input[at..].iter_mut().take(1).for_each(|byte| *byte = rng.u8(..)),
        2 => input[at..].iter_mut().take(1).for_each(|byte| *byte = byte.wrapping_add(rng.u8(..=2)).wrapping_sub(1)),
        3 => drop(input.drain(at..until)),
        4 => {
            let piece = input[at..until].to_vec();
            let place = rng.usize(0..=input.len());
            drop(input.splice(place..place, piece));
        }
        5 => {
            let number = rng.choice(NUMBERS).unwrap_or_default().to_le_bytes();
            input[at..].iter_mut().zip(number).for_each(|(byte, value)| *byte = value);
        }
        6 => {
            let word = rng.choice(WORDS).unwrap_or_default().as_bytes();
            drop(input.splice(at..until, word.iter().copied()));
        }
        7 => input[at..].iter_mut().take(1).for_each(|byte| *byte = rng.u8(b'0'..=b'9')),
        8 => {
            let other = rng.choice(corpus).map(Vec::as_slice).unwrap_or_default();
            let from = rng.usize(0..=other.len());
            let to = (from + rng.usize(0..=64)).min(other.len());
            drop(input.splice(at..until, other[from..to].iter().copied()));
        }
        _ => input.truncate(rng.usize(at..=input.len())),
    }
}
