//! The `wellspring` program: reads its arguments, runs one command, tells the shell how it went.

use std::process::ExitCode;

fn main() -> ExitCode {
    wellspring::run()
}
