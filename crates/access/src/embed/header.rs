//! The token's first part: which key and which algorithm, and nothing else.

use super::Algorithm;
use super::object::Object;
use super::refusal::{Refusal, quoted};

/// Characters that a `kid` may have.
const KID_MAX: usize = 64;

/// What an honest header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) kid: String,
    pub(super) algorithm: Algorithm,
}

impl Header {
    /// Reads the decoded header. A field that could bring a key, an address or an extension along is refused by name.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let form = |why: String| Refusal::Header { why };
        let object = Object::parse(bytes).map_err(|error| form(error.to_string()))?;
        if let Some(name) = object.repeated {
            return Err(form(format!("{:?} is there twice", quoted(&name))));
        }
        let (mut kid, mut algorithm, mut typ) = (None, None, None);
        for (name, value) in object.fields {
            let place = match &*name {
                "alg" => &mut algorithm,
                "kid" => &mut kid,
                "typ" => &mut typ,
                _ => return Err(Refusal::HeaderField { name: quoted(&name) }),
            };
            let text = serde_json::from_str::<String>(value.get());
            *place = Some(text.map_err(|_| form(format!("{name:?} is not a text")))?);
        }
        if let Some(typ) = typ.filter(|typ| !typ.eq_ignore_ascii_case("JWT")) {
            return Err(Refusal::Type { typ: quoted(&typ) });
        }
        let named = algorithm.unwrap_or_default();
        let algorithm = Algorithm::from_word(&named).ok_or_else(|| Refusal::Algorithm { named: quoted(&named) })?;
        let kid = kid.ok_or(Refusal::KidMissing)?;
        if !is_kid(&kid) {
            return Err(Refusal::KidForm { kid: quoted(&kid) });
        }
        Ok(Self { kid, algorithm })
    }
}

/// Whether a text could name a key: such as stand in a file name, an address and a statement without harm.
pub(super) fn is_kid(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=KID_MAX).contains(&text.len()) && text.bytes().all(allowed)
}
