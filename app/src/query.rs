//! Query strings: `a=1&b=%E5%8D%8E` to pairs and back. Broken escapes are kept as they stand.

/// The pairs of a query string, decoded, in order; a leading `?` is ignored.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .trim_start_matches('?')
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// A query string under construction.
#[derive(Default)]
pub(crate) struct Writer(String);

impl Writer {
    /// Adds one pair.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        self.0.push(if self.0.is_empty() { '?' } else { '&' });
        self.0.push_str(name);
        self.0.push('=');
        encode_into(&mut self.0, value);
    }

    /// `?a=1&b=2`, or nothing where nothing was added.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// A text as one segment of a path.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    encode_into(&mut out, text);
    out
}

/// A segment of a path as text; unlike in a query, `+` is a plus.
pub(crate) fn decode_path(text: &str) -> String {
    decode(&text.replace('+', "%2B"))
}

fn encode_into(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push('%');
            out.push(HEX[usize::from(byte >> 4)] as char);
            out.push(HEX[usize::from(byte & 15)] as char);
        }
    }
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |i: usize| bytes.get(i).and_then(|b| (*b as char).to_digit(16));
        match (bytes[at], hex(at + 1), hex(at + 2)) {
            (b'+', ..) => out.push(b' '),
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 2;
            }
            (byte, ..) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_survives_the_trip() {
        let mut writer = Writer::default();
        writer.add("region", "华东 & <b>+%");
        let text = writer.finish();
        assert_eq!(text, "?region=%E5%8D%8E%E4%B8%9C%20%26%20%3Cb%3E%2B%25");
        assert_eq!(pairs(&text), [("region".to_owned(), "华东 & <b>+%".to_owned())]);
    }

    #[test]
    fn broken_escapes_stay() {
        assert_eq!(
            pairs("a=%&b=%zz&c=%E5&&d"),
            [("a", "%"), ("b", "%zz"), ("c", "\u{fffd}"), ("d", "")].map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
    }
}
