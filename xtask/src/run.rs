//! `cargo xtask run`: build everything, then become the server.

use crate::{
    cargo,
    progress::{self, Steps},
    site,
    tools::{node::Node, wasm::Choice},
    workspace,
};
use anyhow::{Context, Result};
use std::{env, ffi::OsString, process::Command};

/// What the help center is called, as the program reads it from the environment.
const NAME: &str = "SIGNPOST__SITE__NAME";

/// Serves our own manual, or what `arguments` name. Returns only when the server could not start or has ended.
pub fn run(choice: Choice, release: bool, arguments: &[OsString]) -> Result<()> {
    let mut steps = Steps::default();
    let node = steps.step("Node", || Ok(Node::find()))?;
    site::build(&mut steps, choice, node.as_ref())?;
    let profile = if release { "release" } else { "dev" };
    let program = steps.step("Program", || cargo::program(profile))?;
    let mut serve = Command::new(&program);
    serve.arg("serve");
    if !names_content(arguments) {
        serve.arg("--content").arg(workspace::root().join("content"));
        if env::var_os(NAME).is_none() {
            serve.env(NAME, "Signpost");
        }
    }
    progress::say("starting the server; Ctrl-C stops it");
    become_server(serve.args(arguments)).with_context(|| format!("could not start {}", program.display()))
}

fn names_content(arguments: &[OsString]) -> bool {
    arguments.iter().any(|argument| {
        let argument = argument.to_string_lossy();
        argument == "--content" || argument.starts_with("--content=")
    })
}

/// Takes this process's place, so that signals reach the server itself.
#[cfg(unix)]
fn become_server(serve: &mut Command) -> std::io::Result<()> {
    use std::os::unix::process::CommandExt;
    Err(serve.exec())
}

#[cfg(not(unix))]
fn become_server(serve: &mut Command) -> std::io::Result<()> {
    serve.status().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str], expect: bool) {
        let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
        assert_eq!(names_content(&arguments), expect);
    }

    #[test]
    fn our_manual_is_served_unless_another_folder_is_named() {
        check(&[], false);
        check(&["--listen", "127.0.0.1:9000"], false);
        check(&["--content", "docs"], true);
        check(&["--content=docs"], true);
    }
}
