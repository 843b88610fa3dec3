//! `cargo xtask bench`: the optimised program, measured.

use crate::{
    cargo::{self, cargo},
    process,
    progress::Steps,
    site,
    tools::{node::Node, wasm::Choice},
};
use anyhow::Result;
use std::ffi::OsString;

/// Builds the program as it is shipped and hands `arguments` to the benchmark, which finds it in `SIGNPOST_BIN`.
pub fn bench(choice: Choice, arguments: &[OsString]) -> Result<()> {
    let mut steps = Steps::default();
    let node = steps.step("Node and its packages", || Ok(Node::find()))?;
    site::build(&mut steps, choice, node.as_ref())?;
    let program = steps.step("Program", || cargo::program("release"))?;
    steps.step("Measurements", || {
        let mut bench = cargo("bench");
        bench.args(["--package", "signpost", "--bench", "bench", "--"]).args(arguments);
        process::run(bench.env("SIGNPOST_BIN", &program))
    })
}
