//! Calling the cargo that started us.

use crate::{process, workspace};
use anyhow::Result;
use std::{path::PathBuf, process::Command};

/// A cargo command at the top of the workspace.
pub fn cargo(subcommand: &str) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(workspace::root()).arg(subcommand);
    command
}

/// Builds the program in `profile` (`dev` or `release`) and says where it lies.
pub fn program(profile: &str) -> Result<PathBuf> {
    process::run(cargo("build").args(["--package", "signpost", "--bin", "signpost", "--profile", profile]))?;
    built(profile)
}

/// Where cargo leaves the program: beside `xtask`, wherever the target directory is.
pub fn built(profile: &str) -> Result<PathBuf> {
    let xtask = std::env::current_exe()?;
    let target = xtask.ancestors().nth(2).expect("cargo runs TARGET/debug/xtask");
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(target.join(folder).join(format!("signpost{}", std::env::consts::EXE_SUFFIX)))
}
