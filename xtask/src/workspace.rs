//! Where things lie.

use std::path::PathBuf;

/// The top of the repository.
pub fn root() -> PathBuf {
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().expect("xtask lies in the workspace").into()
}

/// A place for what is built; never in the repository.
pub fn target(name: &str) -> PathBuf {
    root().join("target").join(name)
}

/// What the program embeds; `build.rs` of the server looks for it here.
pub fn site() -> PathBuf {
    target("site")
}
