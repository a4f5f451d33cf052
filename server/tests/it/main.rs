//! The server as a client meets it, over a real socket, and the commands as a shell meets them.

mod ask;
mod client;
mod commands;
mod files;
mod pages;
mod swap;
mod world;
