//! `cargo xtask kill`: the program, killed under load, must keep what it promised.

use crate::{cargo::cargo, process, progress::Steps, site, tools::node::Node, tools::wasm::Choice};
use anyhow::Result;
use std::{ffi::OsString, process::Command};

/// Builds the program, and kills it as often as `arguments` say.
pub fn kill(choice: Choice, arguments: &[OsString]) -> Result<()> {
    let mut steps = Steps::default();
    let node = steps.step("Node and its packages", || Ok(Node::find()))?;
    site::build(&mut steps, choice, node.as_ref())?;
    steps.step("Program and test", || process::run(test().arg("--no-run")))?;
    steps.step("Kill test", || process::run(test().arg("--").args(arguments)))
}

/// What `--all-targets` leaves out: a target that plain `cargo test` does not run.
pub const TARGET: [&str; 4] = ["--package", "signpost", "--test", "kill"];

/// Cargo builds the program together with the test and tells the test where it lies.
pub fn test() -> Command {
    let mut command = cargo("test");
    command.args(TARGET);
    command
}
