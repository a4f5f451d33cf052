//! The server as a client meets it, over a real socket, and the commands as a shell meets them; what is built from
//! the sample and from public data. One binary: linking DataFusion costs minutes.

mod admin;
mod ask;
mod client;
mod commands;
mod company;
mod csrf;
mod embedded;
mod files;
mod gate;
mod headers;
mod hostile;
#[cfg(feature = "build")]
mod kills;
mod limits;
mod logs;
mod operation;
mod pages;
mod people;
mod portal;
mod provider;
#[cfg(feature = "build")]
mod public_data;
mod regions;
#[cfg(feature = "build")]
mod sample_data;
mod scopes;
mod secrets_of_regions;
mod sign_in;
mod signed;
mod swap;
mod views;
mod world;
