//! The crate as the server meets it, the same tests against SQLite and against a real PostgreSQL.

mod audit;
mod company;
mod keys;
mod mint;
mod people;
mod postgres;
mod refused;
mod refused_claims;
mod sessions;
mod store;
mod token_bytes;
mod tokens;
mod world;
