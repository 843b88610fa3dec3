//! A compiler for WebAssembly: the toolchain in use with its target added, or Debian's.

use super::debian;
use crate::{cargo::cargo, process, progress, workspace};
use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];

/// What the command line asks for.
#[derive(Clone, Copy, Default, PartialEq, ValueEnum)]
pub enum Choice {
    /// The toolchain in use, or Debian's where the target cannot be added
    #[default]
    Auto,
    /// The toolchain in use, with the target added by rustup
    Rustup,
    /// Debian's `rustc-web`, which builds the standard library from source
    Debian,
}

/// What there is.
pub enum Toolchain {
    /// The toolchain in use knows the target.
    Own,
    /// Debian's compiler, with the linker of the toolchain in use.
    Debian { linker: PathBuf },
}

impl Toolchain {
    /// Finds or installs what `choice` asks for.
    pub fn require(choice: Choice) -> Result<Self> {
        if choice == Choice::Debian {
            return Self::debian();
        }
        if has_target() || add_target() {
            return Ok(Self::Own);
        }
        if choice == Choice::Auto && debian::is_here() {
            progress::say("rustup cannot add the WebAssembly target, so Debian's compiler is used");
            return Self::debian();
        }
        bail!("the WebAssembly target is missing: `rustup target add {TARGET}` must succeed once");
    }

    fn debian() -> Result<Self> {
        if !has_debian_packages() {
            debian::install(
                &DEBIAN_PACKAGES,
                "the browser code needs a compiler for WebAssembly, and rustup cannot fetch one",
            )?;
        }
        ensure!(
            has_debian_packages(),
            "{} are installed, but /usr/bin/rustc or its source is not found",
            DEBIAN_PACKAGES.join(", ")
        );
        Ok(Self::Debian { linker: linker()? })
    }

    /// A cargo command for this target, such as `build`.
    pub fn cargo(&self, subcommand: &str) -> Command {
        let mut command = match self {
            Self::Own => cargo(subcommand),
            Self::Debian { linker } => debian_cargo(subcommand, linker),
        };
        command.args(["--target", TARGET, "--target-dir"]).arg(self.target_dir());
        command
    }

    /// Each compiler has a target directory of its own: they cannot read each other's libraries.
    pub fn target_dir(&self) -> PathBuf {
        workspace::target(match self {
            Self::Own => "browser",
            Self::Debian { .. } => "browser-debian",
        })
    }

    /// Where a library of the workspace ends up when built in `profile`.
    pub fn artefact(&self, profile: &str, name: &str) -> PathBuf {
        self.target_dir().join(TARGET).join(profile).join(name)
    }
}

/// Debian ships the target's standard library as source only; building it needs what is nightly elsewhere.
fn debian_cargo(subcommand: &str, linker: &Path) -> Command {
    let mut command = Command::new("/usr/bin/cargo");
    command.current_dir(workspace::root()).args([subcommand, "-Zbuild-std=std,panic_abort"]);
    command.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    command.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
    command
}

fn has_target() -> bool {
    let libraries = process::output(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    libraries.is_ok_and(|folder| Path::new(&folder).is_dir())
}

fn add_target() -> bool {
    progress::say(format!("installing the target {TARGET} with rustup"));
    let added = process::run(Command::new("rustup").args(["target", "add", TARGET]));
    added.is_ok() && has_target()
}

fn has_debian_packages() -> bool {
    let sysroot = process::output(Command::new("/usr/bin/rustc").args(["--print", "sysroot"]));
    process::exists("/usr/bin/cargo")
        && sysroot.is_ok_and(|sysroot| Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.toml").exists())
}

/// `rust-lld` of the toolchain in use; Debian's compiler comes without one.
fn linker() -> Result<PathBuf> {
    let sysroot = process::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let hosts = Path::new(&sysroot).join("lib/rustlib");
    let found = fs::read_dir(&hosts).with_context(|| format!("could not list {}", hosts.display()))?;
    found
        .flatten()
        .map(|host| host.path().join("bin/rust-lld"))
        .find(|linker| linker.exists())
        .with_context(|| format!("no rust-lld below {}: install Rust with https://rustup.rs", hosts.display()))
}
