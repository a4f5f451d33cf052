//! The `wellspring` program as a library: the commands, and the server that shows a snapshot.
//!
//! `commands/` holds one file for each subcommand. The server's parts, in the order a request meets them:
//! [`routes`] (the contents page), [`security`] (headers), [`viewer`] (who asks, and which part is theirs), [`sign_in`] with
//! [`visit`], [`company`] and [`password`] (the door), [`admin`] (who manages the others), [`pages`] and [`export`] (with the door the
//! only files that know `app`), [`ask`], [`snapshot_files`], [`bearer`] (who comes with a portal's token) and [`embed`]
//! (the pages framed there), [`site`] (what Trunk built), [`rejection`] (every refusal). Around them [`connections`] and
//! [`operation`]: limits, proxies, counting; before drawing a page, [`kept`] is looked at.
//! Behind them stand [`state`], the [`door`], the [`parts`] with the [`edition`] of each being shown, [`trust`] (which may be), and [`watch`], which
//! swaps them.

mod admin;
mod ask;
mod bearer;
mod cli;
mod commands;
mod company;
mod connections;
mod cookies;
mod door;
mod edition;
mod embed;
mod export;
mod head;
mod inspect;
mod kept;
mod open;
mod operation;
mod origin;
mod pages;
mod parallel;
mod part;
mod parts;
mod password;
mod progress;
mod question;
mod rejection;
mod routes;
mod security;
mod serve;
mod sign_in;
mod site;
mod snapshot_files;
mod state;
mod trust;
mod viewer;
mod visit;
mod watch;

pub use cli::run;
pub use door::{Entry, SignIn};
pub use operation::{Limits, MetricsToken, Network, Operation, Proxies};
pub use serve::{ServeError, Settings, serve};
pub use trust::Trust;
