//! The program: reads the command, runs it, ends with 0 (good), 1 (found something wrong) or 2 (wrong usage).

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;
use signpost::cli::Cli;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match signpost::cli::run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("signpost: {error:#}");
            ExitCode::from(1)
        }
    }
}
