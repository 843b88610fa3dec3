//! `cargo xtask dist`: one program that needs no other file, and the proof of it.

use crate::{
    budgets, cargo,
    probe::Server,
    process,
    progress::{self, Steps},
    site,
    tools::{node::Node, wasm::Choice},
    workspace,
};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Leaves the program at `target/dist/signpost` and tries it where nothing else is.
pub fn dist(choice: Choice) -> Result<()> {
    let mut steps = Steps::default();
    let node = steps.step("Node and its packages", Node::require)?;
    let files = site::build(&mut steps, choice, Some(&node))?;
    steps.step("Byte budgets", || budgets::check(&files))?;
    let built = steps.step("Program", || cargo::program("release"))?;
    let program = steps.step("Copy", || place(&built))?;
    steps.step("Proof that it stands alone", || prove(&program))?;
    steps.summary();
    println!("{} ({})", program.display(), progress::size(fs::metadata(&program)?.len()));
    Ok(())
}

fn place(built: &Path) -> Result<PathBuf> {
    let folder = workspace::target("dist");
    fs::create_dir_all(&folder)?;
    let program = folder.join(built.file_name().expect("a program has a name"));
    fs::copy(built, &program).with_context(|| format!("could not copy {}", built.display()))?;
    Ok(program)
}

/// Alone in an empty folder the program serves the manual, lays out a help center, and serves that.
fn prove(program: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let alone = folder.path().join(program.file_name().expect("a program has a name"));
    fs::copy(program, &alone)?;
    ask(&Server::start(&alone, folder.path(), &[])?)?;
    process::run(Command::new(&alone).args(["init", "help"]).env_clear().current_dir(&folder))?;
    ask(&Server::start(&alone, folder.path(), &["--content", "help"])?)
}

fn ask(server: &Server) -> Result<()> {
    server.get("/readyz")?;
    let home = server.get("/")?;
    ensure!(home.contains("<html"), "/ answered without a page");
    Ok(())
}
