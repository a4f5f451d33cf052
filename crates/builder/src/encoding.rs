//! Text in, UTF-8 out: tells UTF-8 (with or without a byte order mark) from GB18030 and decodes as it reads.
//!
//! A file is read once to tell, without holding it; so a cut archive is found before its first row is used. A file that is mostly good UTF-8 with a few broken bytes
//! is refused rather than taken for GB18030, which would accept nearly any bytes and turn them into nonsense.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, DecoderResult, GB18030};

use crate::BuildError;

const CHUNK: usize = 1 << 18;
const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// How a text file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Gb18030,
}

/// Opens a file's bytes from their start, as often as it is asked.
pub(crate) type Open<'a> = &'a dyn Fn() -> io::Result<Box<dyn Read + Send>>;

/// Opens a text file as a stream of good UTF-8. What is declared is not guessed at, but still checked.
pub(crate) fn open(
    open: Open<'_>,
    declared: Option<Encoding>,
    name: &str,
) -> Result<(Encoding, Box<dyn Read + Send>), BuildError> {
    let unreadable = |e: io::Error| BuildError::unreadable(name, e);
    let encoding = tell(open, declared, name)?;
    let reader = decoded(encoding, open().map_err(unreadable)?).map_err(unreadable)?;
    Ok((encoding, reader))
}

/// Text without a byte order mark.
fn decoded(encoding: Encoding, mut bytes: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut start = [0u8; 3];
    let got = read_full(&mut bytes, &mut start)?;
    let kept = if got == 3 && start == BOM { Vec::new() } else { start[..got].to_vec() };
    let bytes = io::Cursor::new(kept).chain(bytes);
    Ok(match encoding {
        Encoding::Utf8 => Box::new(bytes),
        Encoding::Gb18030 => Box::new(Gb18030Reader::new(bytes)),
    })
}

fn tell(open: Open<'_>, declared: Option<Encoding>, name: &str) -> Result<Encoding, BuildError> {
    let unreadable = |e: io::Error| BuildError::unreadable(name, e);
    let wrong = |row, what: &str| BuildError::Encoding { file: name.to_owned(), row, what: what.to_owned() };
    if declared != Some(Encoding::Gb18030) {
        let survey = Utf8Survey::of(open().map_err(unreadable)?).map_err(unreadable)?;
        let Some(utf8) = survey else { return Ok(Encoding::Utf8) };
        if utf8.utf16 {
            return Err(wrong(1, "the file is UTF-16, which is not read"));
        }
        if declared == Some(Encoding::Utf8) {
            return Err(wrong(utf8.row, "the bytes here are not UTF-8, though the mapping file says so"));
        }
        if utf8.wide > 8 * utf8.broken {
            return Err(wrong(utf8.row, "a byte here is not valid UTF-8, though the rest of the file is"));
        }
    }
    match gb18030_fault(open().map_err(unreadable)?).map_err(unreadable)? {
        None => Ok(Encoding::Gb18030),
        Some(row) if declared.is_some() => {
            Err(wrong(row, "the bytes here are not GB18030, though the mapping file says so"))
        }
        Some(row) => Err(wrong(row, "the bytes here are neither UTF-8 nor GB18030")),
    }
}

/// What is known of a file that is not all UTF-8.
struct Utf8Survey {
    /// Line of the first broken byte.
    row: u64,
    /// Broken sequences.
    broken: u64,
    /// Good characters of three bytes or more, which text in another encoding hardly ever forms.
    wide: u64,
    utf16: bool,
}

impl Utf8Survey {
    /// `None` where all is good.
    fn of(mut file: impl Read) -> io::Result<Option<Self>> {
        let mut buffer = vec![0u8; CHUNK];
        let (mut held, mut lines, mut first) = (0usize, 0u64, true);
        let mut survey = Self { row: 0, broken: 0, wide: 0, utf16: false };
        loop {
            let got = read_full(&mut file, &mut buffer[held..])?;
            let end = got < buffer.len() - held;
            let bytes = &buffer[..held + got];
            if std::mem::take(&mut first) {
                survey.utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
            }
            // A character may be cut by the chunk's end; its bytes are carried over.
            let mut used = bytes.len();
            let good = match std::str::from_utf8(bytes) {
                Ok(_) => bytes.len(),
                Err(e) => {
                    if e.error_len().is_none() && !end {
                        used = e.valid_up_to();
                    }
                    e.valid_up_to()
                }
            };
            if good < used {
                if survey.broken == 0 {
                    survey.row = lines + 1 + count_lines(&bytes[..good]);
                }
                if !end {
                    // Up to three last bytes may belong to the next chunk.
                    used = bytes.len() - (0..3).take_while(|back| bytes[bytes.len() - 1 - back] >= 0x80).count();
                }
                for chunk in bytes[..used].utf8_chunks() {
                    survey.broken += u64::from(!chunk.invalid().is_empty());
                    survey.wide += chunk.valid().chars().filter(|c| c.len_utf8() > 2).count() as u64;
                }
            } else {
                survey.wide += count(&bytes[..used], |b| b >= 0xE0);
            }
            lines += count_lines(&bytes[..used]);
            let kept = bytes.len() - used;
            buffer.copy_within(used..used + kept, 0);
            held = kept;
            if end {
                return Ok((survey.broken > 0).then_some(survey));
            }
        }
    }
}

/// The line of the first byte that is not GB18030.
fn gb18030_fault(mut file: impl Read) -> io::Result<Option<u64>> {
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let mut input = vec![0u8; CHUNK];
    let mut output = vec![0u8; CHUNK * 2];
    let mut lines = 0;
    loop {
        let got = read_full(&mut file, &mut input)?;
        let last = got < input.len();
        let mut from = 0;
        loop {
            let (result, read, _) = decoder.decode_to_utf8_without_replacement(&input[from..got], &mut output, last);
            lines += count_lines(&input[from..from + read]);
            from += read;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => return Ok(Some(lines + 1)),
            }
        }
        if last {
            return Ok(None);
        }
    }
}

/// Decodes GB18030 as it is read.
struct Gb18030Reader<R> {
    bytes: R,
    decoder: Decoder,
    input: Vec<u8>,
    output: Vec<u8>,
    /// Bytes of `output` not handed on yet.
    ready: std::ops::Range<usize>,
    done: bool,
}

impl<R: Read> Gb18030Reader<R> {
    fn new(bytes: R) -> Self {
        Self {
            bytes,
            decoder: GB18030.new_decoder_without_bom_handling(),
            input: vec![0; CHUNK],
            output: vec![0; CHUNK * 4],
            ready: 0..0,
            done: false,
        }
    }
}

impl<R: Read> Read for Gb18030Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() && !self.done {
            let got = read_full(&mut self.bytes, &mut self.input)?;
            self.done = got < self.input.len();
            let (result, _, written, _) = self.decoder.decode_to_utf8(&self.input[..got], &mut self.output, self.done);
            if result == CoderResult::OutputFull {
                return Err(io::Error::other("the text grew beyond its buffer"));
            }
            self.ready = 0..written;
        }
        let n = buffer.len().min(self.ready.len());
        buffer[..n].copy_from_slice(&self.output[self.ready.start..self.ready.start + n]);
        self.ready.start += n;
        Ok(n)
    }
}

fn read_full(mut file: impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}

fn count_lines(bytes: &[u8]) -> u64 {
    count(bytes, |b| b == b'\n')
}

/// How many bytes are so; as many are looked at in one step as the machine has room for, since the sums of so short
/// runs fit bytes.
fn count(bytes: &[u8], is: impl Fn(u8) -> bool) -> u64 {
    bytes.chunks(255).map(|run| u64::from(run.iter().map(|&b| u8::from(is(b))).sum::<u8>())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_counted_in_runs_of_any_length() {
        for length in [0, 1, 254, 255, 256, 510, 511, 10_007] {
            let bytes = vec![b'\n'; length];
            assert_eq!(count_lines(&bytes), length as u64);
            assert_eq!(count(&bytes, |b| b != b'\n'), 0);
        }
        let mixed: Vec<u8> = (0..=255).cycle().take(2_560).collect();
        assert_eq!((count_lines(&mixed), count(&mixed, |b| b >= 0xE0)), (10, 320));
    }
}
