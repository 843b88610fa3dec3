//! Starting other programs, with errors that say what was tried.

use anyhow::{Context, Result, ensure};
use std::{
    ffi::OsStr,
    process::{Command, Stdio},
};

/// Runs `command` to its end with its output passed through.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("could not start `{}`", words(command)))?;
    ensure!(status.success(), "`{}` ended with {status}", words(command));
    Ok(())
}

/// What `command` wrote to standard output, without the white space around it.
pub fn output(command: &mut Command) -> Result<String> {
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("could not start `{}`", words(command)))?;
    ensure!(output.status.success(), "`{}` ended with {}", words(command), output.status);
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether `command` can be started and ends well; what it says is dropped.
pub fn works(command: &mut Command) -> bool {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Whether `program` is found and knows its version.
pub fn exists(program: impl AsRef<OsStr>) -> bool {
    works(Command::new(program).arg("--version"))
}

/// The command as one would type it.
fn words(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
