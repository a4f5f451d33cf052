//! The server as a client meets it, over a real socket, and the commands as a shell meets them; what is built from
//! the sample and from public data. One binary: linking DataFusion costs minutes.

mod ask;
mod client;
mod commands;
mod files;
mod pages;
#[cfg(feature = "build")]
mod public_data;
#[cfg(feature = "build")]
mod sample_data;
mod swap;
mod world;
