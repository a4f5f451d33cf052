//! Compressed text: gzip and zstd, unpacked as it is read.

use std::io::{self, BufReader, Read};

use flate2::read::MultiGzDecoder;

/// How a CSV file is packed, by the end of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

impl Packing {
    /// The text in a stream of bytes.
    pub(crate) fn unpack(self, packed: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::Plain => packed,
            // Several archives in a row are one text, as `gzip` has it.
            Self::Gzip => Box::new(Told(MultiGzDecoder::new(BufReader::with_capacity(1 << 17, packed)))),
            Self::Zstd => Box::new(Told(zstd::stream::read::Decoder::new(packed)?)),
        })
    }
}

/// Says in plain words what is wrong with an archive.
struct Told<R>(R);

impl<R: Read> Read for Told<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            io::ErrorKind::UnexpectedEof => {
                io::Error::new(error.kind(), "the archive is cut short, it ends in the middle; copy it again")
            }
            kind => io::Error::new(kind, format!("the archive is damaged ({error}); copy it again")),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const TEXT: &[u8] = b"order_id,ordered_at,amount\n";

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).expect("memory");
        encoder.finish().expect("memory")
    }

    fn unpacked(packing: Packing, packed: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        packing.unpack(Box::new(io::Cursor::new(packed)))?.read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn archives_are_unpacked_several_in_a_row_too() {
        assert_eq!(unpacked(Packing::Gzip, gzip(TEXT)).expect("sound"), TEXT);
        assert_eq!(unpacked(Packing::Gzip, [gzip(TEXT), gzip(TEXT)].concat()).expect("sound"), [TEXT, TEXT].concat());
        let packed = zstd::encode_all(TEXT, 3).expect("memory");
        assert_eq!(unpacked(Packing::Zstd, [packed.clone(), packed].concat()).expect("sound"), [TEXT, TEXT].concat());
    }

    #[test]
    fn an_archive_cut_anywhere_is_an_error() {
        let text: Vec<u8> = (0..2_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        for (packing, packed) in
            [(Packing::Gzip, gzip(&text)), (Packing::Zstd, zstd::encode_all(&text[..], 3).expect("memory"))]
        {
            for length in (1..packed.len()).step_by(97).chain([packed.len() - 1]) {
                let error = unpacked(packing, packed[..length].to_vec()).expect_err("cut").to_string();
                assert!(error.contains("cut short"), "{packing:?} {length}: {error}");
            }
            let mut damaged = packed;
            damaged[0] ^= 0xFF;
            let error = unpacked(packing, damaged).expect_err("damaged").to_string();
            assert!(error.contains("damaged"), "{packing:?}: {error}");
        }
    }
}
