//! `signpost init`: lays out a new help center, small and complete, to be made one's own.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::Args;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder to lay it out in; made where absent
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// Path in the new help center, and text.
const FILES: [(&str, &str); 13] = [
    ("signpost.toml", include_str!("init/signpost.toml")),
    (".gitignore", include_str!("init/gitignore")),
    ("index.md", include_str!("init/index.md")),
    ("getting-started/index.md", include_str!("init/getting-started/index.md")),
    ("getting-started/create-your-account.md", include_str!("init/getting-started/create-your-account.md")),
    ("getting-started/invite-your-team.md", include_str!("init/getting-started/invite-your-team.md")),
    ("your-account/index.md", include_str!("init/your-account/index.md")),
    ("your-account/change-your-password.md", include_str!("init/your-account/change-your-password.md")),
    ("billing/index.md", include_str!("init/billing/index.md")),
    ("billing/questions.md", include_str!("init/billing/questions.md")),
    ("synonyms.yml", include_str!("init/synonyms.yml")),
    ("pins.yml", include_str!("init/pins.yml")),
    ("search-tests.yml", include_str!("init/search-tests.yml")),
];

/// # Errors
/// A folder that already holds one of the files, or cannot be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    lay_out(&arguments.dir)?;
    println!("Made a help center in {}:", arguments.dir.display());
    FILES.iter().for_each(|(path, _)| println!("  {path}"));
    println!("\nNext, look at it, and let it tell you what is wrong:");
    println!("  {}signpost serve", enter(&arguments.dir));
    println!("  signpost check");
    Ok(ExitCode::SUCCESS)
}

/// Writes all files, or none when one of them would take another's place.
fn lay_out(dir: &Path) -> Result<()> {
    let exists = |path: &&str| dir.join(path).symlink_metadata().is_ok();
    let taken: Vec<&str> = FILES.iter().map(|(path, _)| *path).filter(exists).collect();
    ensure!(
        taken.is_empty(),
        "cannot lay out a help center in {}: it already has {}; nothing was written. \
         Name another folder, or move these files away",
        dir.display(),
        taken.join(", ")
    );
    FILES.iter().try_for_each(|(path, text)| {
        let file = dir.join(path);
        write_new(&file, text).with_context(|| format!("cannot write {}", file.display()))
    })
}

/// Never replaces a file, even one that came since [`lay_out`] looked.
fn write_new(file: &Path, text: &str) -> io::Result<()> {
    file.parent().map_or(Ok(()), fs::create_dir_all)?;
    File::create_new(file)?.write_all(text.as_bytes())
}

/// The command before the command: settings are read from the folder one is in.
fn enter(dir: &Path) -> String {
    match dir.to_string_lossy() {
        here if here.trim_end_matches('/') == "." => String::new(),
        spaced if spaced.contains(char::is_whitespace) => format!("cd \"{spaced}\" && "),
        plain => format!("cd {plain} && "),
    }
}

#[cfg(test)]
mod tests;
