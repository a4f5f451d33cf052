//! Full-width text (全角) to plain ASCII, and digits off the front of bytes.

use std::borrow::Cow;

/// The text with full-width digits, letters and marks as their ASCII twins; nothing is copied where all is ASCII.
pub(crate) fn narrow(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(narrow_char).collect())
}

fn narrow_char(c: char) -> char {
    match c {
        // The block of full-width forms lies in the order of ASCII.
        '\u{FF01}'..='\u{FF5E}' => char::from((c as u32 - 0xFEE0) as u8),
        '\u{3000}' | '\u{00A0}' => ' ',
        '\u{2212}' => '-',
        '\u{FFE5}' => '¥',
        '\u{FFE1}' => '£',
        '\u{FFE6}' => '₩',
        other => other,
    }
}

/// Takes between `least` and `most` digits.
pub(super) fn number(rest: &mut &[u8], least: usize, most: usize) -> Option<u32> {
    let count = rest.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
    if count < least {
        return None;
    }
    let (digits, tail) = rest.split_at(count);
    *rest = tail;
    Some(digits.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
}

/// Takes one byte if it is this one.
pub(super) fn byte(rest: &mut &[u8], wanted: u8) -> Option<()> {
    match rest {
        [first, tail @ ..] if *first == wanted => {
            *rest = tail;
            Some(())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_text_becomes_ascii_and_other_text_stays() {
        assert_eq!(narrow("１２３．５０，－＋／：\u{3000}￥"), "123.50,-+/: ¥");
        assert_eq!(narrow("上海 一 ② ½"), "上海 一 ② ½");
        assert!(matches!(narrow("12.50"), Cow::Borrowed(_)));
    }
}
