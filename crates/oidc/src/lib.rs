//! Signing in by the company's own provider of accounts: OpenID Connect's authorization code flow with PKCE.
//!
//! The protocol and the verification of tokens are the crate `openidconnect`'s. Here is what it leaves open: how the
//! provider is reached ([`http`]), when what it says of itself is asked for again ([`Provider`]), which algorithms may
//! sign, and which claim names a person ([`NameClaim`]).
//!
//! A provider that is down delays and breaks nothing but signing in by it: it is asked when somebody wants to.

mod config;
mod finish;
mod http;
mod provider;

pub use config::{Config, ConfigError, NameClaim};
pub use provider::{Account, Answer, Fault, Flow, Provider};
