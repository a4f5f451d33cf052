//! Views in other people's portals: the portals' keys, and the tokens signed with them.
//!
//! A token says exactly what is shown: one scope, some views, which filters hold and which are free. It is a JWT with a
//! `kid`, signed with the algorithm of that key and no other, and lives an hour at most. The key bounds what its tokens
//! may ask for; revoking it ends all of them within seconds.

mod claims;
mod grant;
mod header;
mod key;
mod keys;
mod object;
mod origin;
mod provider;
mod refusal;
mod seal;

pub use claims::{CLOCK_SKEW_SECS, FILTER_FIELDS, Filters, Locale, TOKEN_MAX_SECS, Theme};
pub use grant::{Grant, TOKEN_MAX_BYTES};
pub use key::{Algorithm, NewKey, NewMaterial, PortalKey, PortalSecret};
pub use keys::Keys;
pub use refusal::Refusal;
