//! Reads JSON into whatever derives `Deserialize`.

use std::fmt;

use serde::Deserialize;
use serde::de::{
    self, DeserializeSeed, EnumAccess, Expected, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};

/// Reads a whole text; an error says what was expected and after how many bytes.
pub(crate) fn from_slice<'a, T: Deserialize<'a>>(text: &'a [u8]) -> Result<T, String> {
    let mut reader = Reader { text, at: 0 };
    let read = T::deserialize(&mut reader).and_then(|value| match reader.peek() {
        None => Ok(value),
        Some(_) => Err(fault("something follows its end")),
    });
    read.map_err(|Fault(what)| format!("{what}, at byte {}", reader.at))
}

/// What is wrong with a text.
#[derive(Debug)]
pub(crate) struct Fault(String);

#[cold]
#[inline(never)]
fn fault(what: &str) -> Fault {
    Fault(what.to_owned())
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self(what.to_string())
    }

    // The found value is not written out: writing any value takes the code for writing floats along.
    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self(format!("expected {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self(format!("expected {expected}"))
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// The next byte that is no space.
    fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                &byte => return Some(byte),
            }
        }
        None
    }

    fn eat(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: u8) -> Result<(), Fault> {
        if self.eat(wanted) { Ok(()) } else { Err(Fault(format!("expected `{}`", char::from(wanted)))) }
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.peek().is_some() && self.text[self.at..].starts_with(word.as_bytes());
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// An integer with its sign, below 2^63 in size.
    fn integer(&mut self) -> Result<(bool, u64), Fault> {
        let negative = self.eat(b'-');
        let begin = self.at;
        let mut value = 0u64;
        while let Some(digit) = self.text.get(self.at).filter(|byte| byte.is_ascii_digit()) {
            let longer = value.checked_mul(10).and_then(|v| v.checked_add(u64::from(digit - b'0')));
            value = longer.ok_or_else(|| fault("a number is too large"))?;
            self.at += 1;
        }
        match self.text.get(self.at) {
            _ if self.at == begin => Err(fault("expected a value")),
            Some(b'.' | b'e' | b'E') => Err(fault("expected a whole number")),
            _ if self.text[begin] == b'0' && self.at > begin + 1 => Err(fault("a number begins with 0")),
            _ => Ok((negative, value)),
        }
    }

    /// Up to the quote that ends a string, which has begun; escapes stay as they are.
    fn raw_string(&mut self) -> Result<&'a [u8], Fault> {
        let begin = self.at;
        loop {
            match self.text.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(0x20..) => self.at += 1,
                Some(_) => return Err(fault("a string has a control character")),
                None => return Err(fault("a string does not end")),
            }
        }
        self.at += 1;
        Ok(&self.text[begin..self.at - 1])
    }

    fn string(&mut self) -> Result<String, Fault> {
        if !self.eat(b'"') {
            return Err(fault("expected a string"));
        }
        let raw = std::str::from_utf8(self.raw_string()?).map_err(|_| fault("a string is not UTF-8"))?;
        let mut out = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.bytes().position(|byte| byte == b'\\') {
            out.push_str(&rest[..at]);
            let (escaped, used) = unescape(&rest.as_bytes()[at + 1..]).ok_or_else(|| fault("an escape is unknown"))?;
            out.push(escaped);
            rest = &rest[at + 1 + used..];
        }
        out.push_str(rest);
        Ok(out)
    }

    /// Passes over a value of any depth without recursion.
    fn skip(&mut self) -> Result<(), Fault> {
        let mut depth = 0usize;
        loop {
            match self.peek().ok_or_else(|| fault("the text ends too early"))? {
                b'"' => {
                    self.at += 1;
                    self.raw_string()?;
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1).ok_or_else(|| fault("expected a value"))?;
                    self.at += 1;
                }
                b',' | b':' if depth > 0 => self.at += 1,
                b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E' => {
                    let scalar = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
                    self.at += self.text[self.at..].iter().take_while(|byte| scalar(byte)).count();
                }
                _ => return Err(fault("expected a value")),
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }
}

/// The character that an escape stands for, and how many bytes it takes after the backslash.
fn unescape(escape: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = escape.get(at..at + 4)?;
        digits.iter().try_fold(0u32, |value, &digit| Some(value * 16 + char::from(digit).to_digit(16)?))
    };
    let simple = match escape.first()? {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'u' => {
            let high = unit(1)?;
            if !(0xD800..0xDC00).contains(&high) {
                return Some((char::from_u32(high)?, 5));
            }
            let low = unit(7).filter(|low| escape[5..7] == *b"\\u" && (0xDC00..0xE000).contains(low))?;
            return Some((char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00))?, 11));
        }
        &byte @ (b'"' | b'\\' | b'/') => char::from(byte),
        _ => return None,
    };
    Some((simple, 1))
}

macro_rules! integers {
    ($($method:ident $wide:ident),*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.$wide(visitor)
        }
    )*};
}

impl<'de> de::Deserializer<'de> for &mut Reader<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.peek() {
            Some(b'"') => self.deserialize_string(visitor),
            Some(b'{') => self.deserialize_map(visitor),
            Some(b'[') => self.deserialize_seq(visitor),
            Some(b't' | b'f') => self.deserialize_bool(visitor),
            Some(b'n') => self.deserialize_unit(visitor),
            _ => self.deserialize_i64(visitor),
        }
    }

    // What a type says it expects is read by code for that alone, which keeps each type's reader small.

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let mut items = Items::begin(self, b'{', "expected an object")?;
        let value = visitor.visit_map(&mut items)?;
        items.close(b'}')?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_map(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let mut items = Items::begin(self, b'[', "expected a list")?;
        let value = visitor.visit_seq(&mut items)?;
        items.close(b']')?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_string(self.string()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_str(&self.string()?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_str(&self.string()?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let value = self.word("true");
        if value || self.word("false") { visitor.visit_bool(value) } else { Err(fault("expected true or false")) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.word("null") { visitor.visit_unit() } else { Err(fault("expected null")) }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.integer()? {
            (false, value) => visitor.visit_u64(value),
            (true, _) => Err(fault("expected a whole number of 0 or more")),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.integer()? {
            (false, value) => visitor.visit_u64(value),
            // There is a fraction of that name, but no whole number.
            (true, 0) => Err(fault("expected a whole number")),
            (true, value) => {
                let value = 0i64.checked_sub_unsigned(value).ok_or_else(|| fault("a number is too large"))?;
                visitor.visit_i64(value)
            }
        }
    }

    integers!(
        deserialize_i8 deserialize_i64, deserialize_i16 deserialize_i64, deserialize_i32 deserialize_i64,
        deserialize_u8 deserialize_u64, deserialize_u16 deserialize_u64, deserialize_u32 deserialize_u64
    );

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.word("null") { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let object = self.eat(b'{');
        let value = visitor.visit_enum(Variant { reader: self, object })?;
        if object {
            self.expect(b'}')?;
        }
        Ok(value)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.skip()?;
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit_struct
    }
}

/// The inside of an object or list.
struct Items<'r, 'a> {
    reader: &'r mut Reader<'a>,
    first: bool,
    ended: bool,
}

impl<'r, 'a> Items<'r, 'a> {
    fn begin(reader: &'r mut Reader<'a>, begin: u8, otherwise: &str) -> Result<Self, Fault> {
        let found = reader.eat(begin);
        if found { Ok(Self { reader, first: true, ended: false }) } else { Err(fault(otherwise)) }
    }

    /// Whether another item follows; else the end has been read.
    fn more(&mut self, end: u8) -> Result<bool, Fault> {
        if self.ended || self.reader.eat(end) {
            self.ended = true;
            return Ok(false);
        }
        if !std::mem::take(&mut self.first) {
            self.reader.expect(b',')?;
        }
        Ok(true)
    }

    /// Reads the end, if whoever took the items knew their number and did not look for it.
    fn close(self, end: u8) -> Result<(), Fault> {
        if self.ended { Ok(()) } else { self.reader.expect(end) }
    }
}

impl<'de> MapAccess<'de> for Items<'_, 'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        if !self.more(b'}')? {
            return Ok(None);
        }
        if self.reader.peek() != Some(b'"') {
            return Err(fault("expected a field's name"));
        }
        let key = seed.deserialize(&mut *self.reader)?;
        self.reader.expect(b':')?;
        Ok(Some(key))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        seed.deserialize(&mut *self.reader)
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        if self.more(b']')? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }
}

/// An enum's variant: `"name"`, or `{"name": value}`.
struct Variant<'r, 'a> {
    reader: &'r mut Reader<'a>,
    object: bool,
}

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Fault> {
        let name = seed.deserialize(&mut *self.reader)?;
        if self.object {
            self.reader.expect(b':')?;
        }
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        if !self.object || self.reader.word("null") { Ok(()) } else { Err(fault("expected a name alone")) }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        if self.object { seed.deserialize(self.reader) } else { Err(fault("expected an object with one field")) }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        de::Deserializer::deserialize_seq(self.reader, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        de::Deserializer::deserialize_map(self.reader, visitor)
    }
}
