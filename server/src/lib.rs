//! The `wellspring` program as a library: the commands, and the server that shows a snapshot.
//!
//! `commands/` holds one file for each subcommand. The server's parts, in the order a request meets them:
//! [`routes`] (the contents page), [`security`] (headers), [`pages`] and [`export`] (the only files that know `app`), [`ask`],
//! [`snapshot_files`], [`site`] (what Trunk built), [`rejection`] (every refusal).
//! Behind them stand [`state`], the [`edition`] being shown, and [`watch`], which swaps it.

mod ask;
mod cli;
mod commands;
mod edition;
mod export;
mod head;
mod inspect;
mod open;
mod pages;
mod parallel;
mod progress;
mod question;
mod rejection;
mod routes;
mod security;
mod serve;
mod site;
mod snapshot_files;
mod state;
mod watch;

pub use cli::run;
pub use serve::{ServeError, Settings, serve};
