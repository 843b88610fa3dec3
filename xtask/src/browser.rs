//! The browser code: `app/browser` as WebAssembly, and the JavaScript that starts it.

use crate::{
    process, progress, script,
    tools::{node::Node, wasm::Toolchain},
    workspace,
};
use anyhow::{Context, Result, ensure};
use std::{fs, path::Path};
use wasm_bindgen_cli_support::Bindgen;

const PROFILE: &str = "wasm";

/// The two files a browser loads.
pub struct Bundle {
    pub wasm: Vec<u8>,
    pub glue: Vec<u8>,
}

/// Compiles, binds and shrinks the browser code. Without node it is bound only.
pub fn build(toolchain: &Toolchain, node: Option<&Node>) -> Result<Bundle> {
    let compiled = compile(toolchain)?;
    let made_from = fingerprint(&compiled, node);
    let folder = workspace::target("browser-bundle");
    let stamp = folder.join("made-from");
    if !fs::read_to_string(&stamp).is_ok_and(|stamp| stamp == made_from) {
        progress::say("binding and shrinking the WebAssembly");
        bind(compiled, &folder)?;
        optimise(&folder.join("browser_bg.wasm"), node)?;
        fs::write(stamp, made_from)?;
    }
    let read = |name| fs::read(folder.join(name)).with_context(|| format!("could not read {name}"));
    let glue = script::minify(node, &read("browser.js")?, script::Kind::Module)?;
    Ok(Bundle { wasm: read("browser_bg.wasm")?, glue })
}

fn compile(toolchain: &Toolchain) -> Result<Vec<u8>> {
    process::run(toolchain.cargo("build").args(["--package", "browser", "--profile", PROFILE]))?;
    let compiled = toolchain.artefact(PROFILE, "browser.wasm");
    fs::read(&compiled).with_context(|| format!("could not read {}", compiled.display()))
}

/// Changes with everything the bundle is made from.
fn fingerprint(compiled: &[u8], node: Option<&Node>) -> String {
    let tools = node.map_or("no node", Node::fingerprint);
    format!("{} {tools}", blake3::hash(compiled).to_hex())
}

fn bind(compiled: Vec<u8>, folder: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes("browser", compiled).web(true)?.typescript(false);
    // The loader names the hashed address; nobody reads names or producers.
    bindgen.omit_default_module_path(true).remove_name_section(true).remove_producers_section(true);
    let mut output = bindgen.generate_output().context("wasm-bindgen refused the compiled browser code")?;
    let inline = output.snippets().iter().filter(|(_, snippets)| !snippets.is_empty()).map(|(name, _)| name);
    let files: Vec<_> = inline.chain(output.local_modules().keys()).collect();
    ensure!(files.is_empty(), "`app` brings JavaScript files of its own, and the loader serves none: {files:?}");
    output.emit(folder)
}

fn optimise(wasm: &Path, node: Option<&Node>) -> Result<()> {
    let Some(node) = node else { return Ok(()) };
    process::run(node.script("binaryen/bin/wasm-opt").arg("-Oz").arg(wasm).arg("-o").arg(wasm))
}
