//! Puts the site and our manual into the program: lists of `include_bytes!` that `src/assets.rs` includes.

use std::{
    env,
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=SIGNPOST_SITE");
    let site = env::var_os("SIGNPOST_SITE").map_or_else(|| here.join("target/site"), PathBuf::from);
    fs::write(out.join("site.rs"), site_list(&site)?)?;
    fs::write(out.join("manual.rs"), manual_list(&here.join("content"))?)
}

/// What `cargo xtask` left in `site`; nothing where it has not been run yet.
fn site_list(site: &Path) -> io::Result<String> {
    // A folder that exists can be watched; one that does not would mean building anew each time.
    fs::create_dir_all(site)?;
    println!("cargo::rerun-if-changed={}", site.display());
    let mut list = String::from("&[\n");
    for line in read_manifest(site)?.lines() {
        let [logical, served, content_type] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(io::Error::other(format!("{}: not three columns: {line}", site.display())));
        };
        let copy = |ending| optional(&site.join(format!("{served}.{ending}")));
        let (bytes, brotli, gzip) = (include(&site.join(served)), copy("br"), copy("gz"));
        let fields = format!("name: {served:?}, logical: {logical:?}, content_type: {content_type:?}");
        writeln!(list, "Asset {{ {fields}, bytes: {bytes}, brotli: {brotli}, gzip: {gzip} }},")
            .expect("a string takes all");
    }
    Ok(list + "]")
}

fn read_manifest(site: &Path) -> io::Result<String> {
    let manifest = site.join("manifest.tsv");
    if manifest.exists() { fs::read_to_string(manifest) } else { Ok(String::new()) }
}

fn manual_list(content: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    if content.is_dir() {
        println!("cargo::rerun-if-changed={}", content.display());
        collect(content, "", &mut files)?;
    }
    files.sort();
    let mut list = String::from("&[\n");
    for (name, path) in files {
        writeln!(list, "({name:?}, {}),", include(&path)).expect("a string takes all");
    }
    Ok(list + "]")
}

/// All files below `folder` with their path inside it, hidden ones left out.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(name) = name.filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let inside = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{inside}/"), files)?;
        } else {
            files.push((inside, path));
        }
    }
    Ok(())
}

fn include(path: &Path) -> String {
    format!("include_bytes!({path:?})")
}

fn optional(path: &Path) -> String {
    if path.exists() { format!("Some({})", include(path)) } else { String::from("None") }
}
