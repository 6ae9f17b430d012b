//! The binary: everything is in the library, so that tests reach it.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    masthead::cli::run()
}
