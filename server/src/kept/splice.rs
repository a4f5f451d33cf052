//! A gzip file with holes: pieces are compressed once, and what stands between them is put in later, as it is.
//!
//! Deflate is a row of blocks, and a block may be stored uncompressed. Each piece is compressed by itself and flushed to
//! a whole byte, so no block refers to bytes of another piece; a hole becomes a stored block between two of them. The
//! checksum of the whole follows from the pieces' own.

use std::io::{self, Write};

use crc32fast::Hasher;
use flate2::Compression;
use flate2::write::DeflateEncoder;

/// No name, no time, of an unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
/// A stored block of nothing that is the last one.
const END: [u8; 5] = [1, 0, 0, 0xff, 0xff];
/// The most that a stored block can hold.
const STORED_MAX: usize = 0xffff;
/// Paid once a minute.
const LEVEL: Compression = Compression::new(6);

/// What goes into a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hole {
    /// The response's nonce.
    Nonce,
    /// The reader's name in markup.
    ReaderAsHtml,
    /// The reader's name in JSON.
    ReaderAsJson,
}

/// Pieces, and the hole after each but the last.
#[derive(Debug)]
pub(super) struct Spliced {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
struct Piece {
    deflated: Vec<u8>,
    checksum: Hasher,
    hole: Option<Hole>,
}

impl Spliced {
    /// Compresses what stands between the holes, each given by its place, its length, and what goes there.
    ///
    /// # Errors
    /// When a hole lies outside or within another, or compressing fails; bugs of ours.
    pub(super) fn new(plain: &[u8], holes: &[(usize, usize, Hole)]) -> io::Result<Self> {
        let mut pieces = Vec::with_capacity(holes.len() + 1);
        let mut at = 0;
        for (begin, length, hole) in holes {
            let piece = plain.get(at..*begin).ok_or_else(|| io::Error::other("two holes overlap"))?;
            pieces.push(Piece::new(piece, Some(*hole))?);
            at = begin + length;
        }
        let rest = plain.get(at..).ok_or_else(|| io::Error::other("a hole lies outside"))?;
        pieces.push(Piece::new(rest, None)?);
        Ok(Self { pieces })
    }

    /// Bytes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        self.pieces.iter().map(|piece| piece.deflated.len() + size_of::<Piece>()).sum()
    }

    /// The whole with its holes filled.
    pub(super) fn gzip<'a>(&self, fill: impl Fn(Hole) -> &'a str) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes() + 1_024);
        out.extend_from_slice(&HEADER);
        let (mut checksum, mut length) = (Hasher::new(), 0_u64);
        for piece in &self.pieces {
            out.extend_from_slice(&piece.deflated);
            checksum.combine(&piece.checksum);
            length += piece.checksum.total_len();
            for stored in piece.hole.map_or("", &fill).as_bytes().chunks(STORED_MAX) {
                let size = u16::try_from(stored.len()).unwrap_or(u16::MAX);
                out.push(0);
                out.extend_from_slice(&size.to_le_bytes());
                out.extend_from_slice(&(!size).to_le_bytes());
                out.extend_from_slice(stored);
                checksum.update(stored);
                length += u64::from(size);
            }
        }
        out.extend_from_slice(&END);
        out.extend_from_slice(&checksum.finalize().to_le_bytes());
        // Modulo 2³², as the format has it.
        out.extend_from_slice(&length.to_le_bytes()[..4]);
        out
    }
}

impl Piece {
    fn new(plain: &[u8], hole: Option<Hole>) -> io::Result<Self> {
        let mut encoder = DeflateEncoder::new(Vec::new(), LEVEL);
        encoder.write_all(plain)?;
        // To a whole byte, and without an end.
        encoder.flush()?;
        let mut deflated = std::mem::take(encoder.get_mut());
        deflated.shrink_to_fit();
        let mut checksum = Hasher::new();
        checksum.update(plain);
        Ok(Self { deflated, checksum, hole })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn unpacked(packed: &[u8]) -> String {
        let mut text = String::new();
        let mut decoder = flate2::bufread::GzDecoder::new(packed);
        decoder.read_to_string(&mut text).expect("a whole gzip file");
        assert!(decoder.into_inner().is_empty(), "nothing stands after it");
        text
    }

    #[test]
    fn holes_of_any_size_and_place_are_filled() {
        let long = "名".repeat(50_000);
        let body = (0..9_000).map(|n| format!("{n},")).collect::<String>();
        for (before, between, after) in [("", "", ""), ("a", "", "b"), (&body, "x", &body), ("", &body, "")] {
            let plain = format!("{before}@{between}##{after}");
            let second = before.len() + 1 + between.len();
            let holes = [(before.len(), 1, Hole::Nonce), (second, 2, Hole::ReaderAsHtml)];
            let spliced = Spliced::new(plain.as_bytes(), &holes).expect("it compresses");
            for (nonce, name) in [("", ""), ("n0nce", "li"), (&long, "x"), ("x", &long)] {
                let packed = spliced.gzip(|hole| if hole == Hole::Nonce { nonce } else { name });
                assert!(unpacked(&packed) == format!("{before}{nonce}{between}{name}{after}"), "{}", nonce.len());
            }
        }
    }

    #[test]
    fn impossible_holes_are_refused() {
        for holes in [[(0, 4, Hole::Nonce), (2, 1, Hole::Nonce)], [(0, 1, Hole::Nonce), (5, 9, Hole::Nonce)]] {
            assert!(Spliced::new(b"0123456789", &holes).is_err(), "{holes:?}");
        }
    }
}
