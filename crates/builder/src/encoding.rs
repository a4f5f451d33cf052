//! Text in, UTF-8 out: tells UTF-8 (with or without a byte order mark) from GB18030 and decodes as it reads.
//!
//! A file is read once to tell, without holding it. A file that is mostly good UTF-8 with a few broken bytes
//! is refused rather than taken for GB18030, which would accept nearly any bytes and turn them into nonsense.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

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

/// Opens a text file as a stream of good UTF-8.
pub(crate) fn open(path: &Path, name: &str) -> Result<(Encoding, Box<dyn Read + Send>), BuildError> {
    let unreadable = |e: io::Error| BuildError::unreadable(name, e);
    let mut file = File::open(path).map_err(unreadable)?;
    let encoding = tell(&mut file, name)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let mut start = [0u8; 3];
    let got = read_full(&mut file, &mut start).map_err(unreadable)?;
    let skip = if got == 3 && start == BOM { 3 } else { 0 };
    file.seek(SeekFrom::Start(skip)).map_err(unreadable)?;
    let reader: Box<dyn Read + Send> = match encoding {
        Encoding::Utf8 => Box::new(file),
        Encoding::Gb18030 => Box::new(Gb18030Reader::new(file)),
    };
    Ok((encoding, reader))
}

fn tell(file: &mut File, name: &str) -> Result<Encoding, BuildError> {
    let wrong = |row, what: &str| BuildError::Encoding { file: name.to_owned(), row, what: what.to_owned() };
    let Some(utf8) = Utf8Survey::of(&mut *file).map_err(|e| BuildError::unreadable(name, e))? else {
        return Ok(Encoding::Utf8);
    };
    if utf8.utf16 {
        return Err(wrong(1, "the file is UTF-16, which is not read"));
    }
    if utf8.wide > 8 * utf8.broken {
        return Err(wrong(utf8.row, "a byte here is not valid UTF-8, though the rest of the file is"));
    }
    file.seek(SeekFrom::Start(0)).map_err(|e| BuildError::unreadable(name, e))?;
    match gb18030_fault(file).map_err(|e| BuildError::unreadable(name, e))? {
        None => Ok(Encoding::Gb18030),
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
                survey.wide += bytes[..used].iter().filter(|b| **b >= 0xE0).count() as u64;
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
struct Gb18030Reader {
    file: BufReader<File>,
    decoder: Decoder,
    input: Vec<u8>,
    output: Vec<u8>,
    /// Bytes of `output` not handed on yet.
    ready: std::ops::Range<usize>,
    done: bool,
}

impl Gb18030Reader {
    fn new(file: File) -> Self {
        Self {
            file: BufReader::new(file),
            decoder: GB18030.new_decoder_without_bom_handling(),
            input: vec![0; CHUNK],
            output: vec![0; CHUNK * 4],
            ready: 0..0,
            done: false,
        }
    }
}

impl Read for Gb18030Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() && !self.done {
            let got = read_full(&mut self.file, &mut self.input)?;
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
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}
