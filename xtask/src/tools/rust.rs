//! The parts of a Rust toolchain a minimal installation leaves out.

use crate::{cargo::cargo, process, progress};
use anyhow::{Context, Result};
use std::process::Command;

/// Makes sure that `cargo fmt` and `cargo clippy` run.
pub fn require_fmt_and_clippy() -> Result<()> {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !process::works(cargo(subcommand).arg("--version")) {
            progress::say(format!("installing {component} with rustup"));
            process::run(Command::new("rustup").args(["component", "add", component]))
                .with_context(|| format!("`cargo {subcommand}` is missing: add {component} to your Rust toolchain"))?;
        }
    }
    Ok(())
}
