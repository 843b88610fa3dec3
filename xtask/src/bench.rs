//! `cargo xtask bench`: the optimised program, measured.

use crate::{
    cargo::cargo,
    process,
    progress::Steps,
    site,
    tools::{node::Node, wasm::Choice},
};
use anyhow::Result;
use std::{ffi::OsString, process::Command};

/// Builds the program optimised as it is shipped, and measures it. Cargo builds it together with the benchmark and
/// tells the benchmark where it lies.
pub fn bench(choice: Choice, arguments: &[OsString]) -> Result<()> {
    let mut steps = Steps::default();
    let node = steps.step("Node and its packages", || Ok(Node::find()))?;
    site::build(&mut steps, choice, node.as_ref())?;
    steps.step("Program and benchmark", || process::run(benchmark().arg("--no-run")))?;
    steps.step("Measurements", || process::run(benchmark().arg("--").args(arguments)))
}

fn benchmark() -> Command {
    let mut command = cargo("bench");
    command.args(["--package", "signpost", "--bench", "bench"]);
    command
}
