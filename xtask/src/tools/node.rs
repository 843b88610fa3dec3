//! Node and the npm packages of `end2end/`: Playwright, axe, and `wasm-opt` and `terser` for smaller downloads.

use super::debian;
use crate::{process, progress, workspace};
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The oldest release all packages in `end2end/package.json` run on.
const OLDEST: u32 = 18;

/// A node of a release we can use, with the npm packages in place.
pub struct Node {
    packages: PathBuf,
    fingerprint: String,
}

impl Node {
    /// Node if there is one and the packages can be had; says what is missing otherwise.
    pub fn find() -> Option<Self> {
        let found = match release() {
            Some(release) if release >= OLDEST => install_packages(),
            Some(release) => Err(too_old(release)),
            None => Err(anyhow::anyhow!("there is no node here")),
        };
        found.map_err(|error| progress::say(format!("going on without node: {error:#}"))).ok()
    }

    /// Node, installed where that is possible.
    pub fn require() -> Result<Self> {
        if release().is_none() || !process::exists("npm") {
            debian::install(
                &["nodejs", "npm"],
                "browser tests and small downloads need node and npm, which were not found",
            )?;
        }
        match release() {
            Some(release) if release >= OLDEST => install_packages(),
            Some(release) => Err(too_old(release)),
            None => bail!("node was installed, but `node --version` does not run"),
        }
    }

    /// Changes with the versions of the packages.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The folder of `package.json`.
    pub fn packages(&self) -> &Path {
        &self.packages
    }

    /// A command that runs `script`, a path inside `node_modules`.
    pub fn script(&self, script: &str) -> Command {
        let mut command = Command::new("node");
        command.arg(self.packages.join("node_modules").join(script));
        command
    }
}

/// The major version of node, if there is one.
fn release() -> Option<u32> {
    let version = process::exists("node").then(|| process::output(Command::new("node").arg("--version")))?;
    version.ok()?.strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn too_old(release: u32) -> anyhow::Error {
    anyhow::anyhow!("node {release} is too old, {OLDEST} or newer is needed: https://nodejs.org/en/download")
}

/// Installs exactly what the lock file names, unless that was done before.
fn install_packages() -> Result<Node> {
    let packages = workspace::root().join("end2end");
    let lock = fs::read(packages.join("package-lock.json")).context("could not read end2end/package-lock.json")?;
    let wanted = blake3::hash(&lock).to_hex();
    let stamp = packages.join("node_modules/.xtask");
    if !fs::read(&stamp).is_ok_and(|installed| installed == wanted.as_bytes()) {
        progress::say("installing the npm packages of end2end/");
        ensure!(process::exists("npm"), "node is here, but npm is not");
        let mut install = Command::new("npm");
        install.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
        // The journeys run in the system's Chromium.
        install.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").current_dir(&packages);
        process::run(&mut install)?;
        fs::write(&stamp, wanted.as_bytes())?;
    }
    Ok(Node { packages, fingerprint: wanted.to_string() })
}
