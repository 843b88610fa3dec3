//! Build and test automation: `cargo xtask run | test | dist | bench | kill | distill`.
//!
//! Every command but `distill` first makes what the program embeds: `browser` compiles the islands, `style` the
//! CSS, `site` gives both their final names and compressed copies. `tools` installs what is missing.

mod bench;
mod browser;
mod budgets;
mod cargo;
mod compress;
mod dist;
mod distill;
mod kill;
mod probe;
mod process;
mod progress;
mod run;
mod script;
mod site;
mod style;
mod test;
mod tools;
mod workspace;

use clap::{Parser, Subcommand};
use std::{ffi::OsString, process::ExitCode};

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Which toolchain compiles the browser code
    #[arg(long, global = true, value_enum, default_value_t)]
    toolchain: tools::wasm::Choice,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and serve our own manual, or any folder: `cargo xtask run -- --content DIR`
    Run {
        /// Optimise the program; it takes longer to build
        #[arg(long)]
        release: bool,
        /// What to hand to `signpost serve`
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
    /// Run every check there is: format, lints, tests, byte budgets, browser journeys
    Test,
    /// Leave one program that needs no other file at `target/dist/signpost`, and prove it
    Dist,
    /// Measure the optimised program and print a table; searches alone: `cargo xtask bench search --pages 26000`
    Bench {
        /// What to hand to the benchmark
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Kill the program under load again and again, and check that nothing it acknowledged is lost or doubled
    Kill {
        /// What to hand to the test: `--rounds 50`, `--seed 7`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Make the word vectors that search embeds anew, from the package that carries the model
    Distill,
}

fn main() -> ExitCode {
    let Arguments { command, toolchain } = Arguments::parse();
    let outcome = match command {
        Command::Run { release, arguments } => run::run(toolchain, release, &arguments),
        Command::Test => test::test(toolchain),
        Command::Dist => dist::dist(toolchain),
        Command::Bench { arguments } => bench::bench(toolchain, &arguments),
        Command::Kill { arguments } => kill::kill(toolchain, &arguments),
        Command::Distill => distill::distill(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
