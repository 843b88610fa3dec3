//! `cargo xtask test`: every check there is, the quickest first.

use crate::{
    budgets,
    cargo::{self, cargo},
    kill, process,
    progress::{Steps, say},
    site,
    tools::{
        chromium,
        node::Node,
        rust,
        wasm::{Choice, Toolchain},
    },
};
use anyhow::Result;
use std::path::Path;

/// What is compiled together: the same features each time, so that nothing is compiled twice.
const GROUPS: [&[&str]; 2] = [&["--package", "signpost", "--package", "app"], &["--package", "xtask"]];
const NO_WARNINGS: [&str; 3] = ["--", "--deny", "warnings"];

/// Stops at the first step that fails.
pub fn test(choice: Choice) -> Result<()> {
    let mut steps = Steps::default();
    steps.step("Format and lint tools", rust::require_fmt_and_clippy)?;
    steps.step("Format", || process::run(cargo("fmt").args(["--all", "--check"])))?;
    let node = steps.step("Node and its packages", Node::require)?;
    let browser = steps.step("Chromium", chromium::require)?;
    let files = site::build(&mut steps, choice, Some(&node))?;
    steps.step("Byte budgets", || budgets::check(&files))?;
    steps.step("Lints of the browser code", || lint_browser(choice))?;
    steps.step("Lints", || in_groups("clippy", &["--all-targets"], &NO_WARNINGS))?;
    steps.step("Lints of the kill test", || process::run(cargo("clippy").args(kill::TARGET).args(NO_WARNINGS)))?;
    steps.step("Program and tests", || in_groups("build", &["--bins", "--tests"], &[]))?;
    steps.step("Unit and integration tests", || in_groups("test", &[], &[]))?;
    steps.step("Kill test", || process::run(kill::test().args(["--", "--rounds", "5"])))?;
    let program = cargo::built("dev")?;
    steps.step("Browser journeys", || journeys(&node, &browser, &program))?;
    steps.summary();
    Ok(())
}

fn in_groups(subcommand: &str, flags: &[&str], rest: &[&str]) -> Result<()> {
    for packages in GROUPS {
        process::run(cargo(subcommand).args(packages).args(flags).args(rest))?;
    }
    Ok(())
}

/// Debian's compiler comes without clippy; there the same code is linted as if it ran on this machine.
fn lint_browser(choice: Choice) -> Result<()> {
    let mut clippy = match Toolchain::require(choice)? {
        own @ Toolchain::Own => own.cargo("clippy"),
        Toolchain::Debian { .. } => {
            say("clippy cannot compile for WebAssembly here, so the browser code is linted for this machine");
            cargo("clippy")
        }
    };
    process::run(clippy.args(["--package", "browser", "--profile", "wasm"]).args(NO_WARNINGS))
}

fn journeys(node: &Node, browser: &Path, program: &Path) -> Result<()> {
    let mut playwright = node.script("@playwright/test/cli.js");
    playwright.arg("test").current_dir(node.packages());
    process::run(playwright.env("CHROMIUM", browser).env("SIGNPOST_BIN", program))
}
