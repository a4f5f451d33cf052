//! Real servers for tests: PostgreSQL, and one that speaks S3. Each is started once for all tests of a process, in a
//! temporary folder, on a port of its own, and is gone with the process, however that ends.
//!
//! `cargo xtask test` installs what is missing; a test that finds no server fails and says so, it does not skip.

pub mod postgres;
pub mod s3;

use std::net::TcpListener;
use std::process::Command;

/// A port that nobody uses now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}

/// What a program prints.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
