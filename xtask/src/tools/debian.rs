//! Packages of the operating system: installed as root on Debian, elsewhere only named.

use crate::{process, progress};
use anyhow::{Result, bail};
use std::{path::Path, process::Command};

/// How the package managers we know are asked for packages.
const MANAGERS: [(&str, &str); 5] = [
    ("apt-get", "sudo apt-get install -y"),
    ("dnf", "sudo dnf install -y"),
    ("pacman", "sudo pacman -S --needed"),
    ("apk", "sudo apk add"),
    ("brew", "brew install"),
];

/// Whether this is Debian or made from it.
pub fn is_here() -> bool {
    Path::new("/etc/debian_version").exists() && process::exists("apt-get")
}

/// Installs `packages` as root on Debian. Anywhere else an error says why they are needed and which command installs them.
pub fn install(packages: &[&str], why: &str) -> Result<()> {
    if !is_here() || !is_root() {
        bail!("{why}\ninstall it, then start this command again:\n\n    {}\n", advice(packages));
    }
    progress::say(format!("installing {} with apt-get", packages.join(", ")));
    process::run(apt_get().args(["update", "--quiet=2"]))?;
    process::run(apt_get().args(["install", "--yes", "--quiet=2", "--no-install-recommends"]).args(packages))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

fn advice(packages: &[&str]) -> String {
    let known = MANAGERS.iter().find(|(program, _)| process::exists(program));
    let (_, install) = known.unwrap_or(&MANAGERS[0]);
    format!("{install} {}", packages.join(" "))
}
