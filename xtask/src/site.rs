//! The files the program embeds, in `target/site`: styles, scripts, WebAssembly and what lies in `public/`,
//! each with compressed copies beside it, and `manifest.tsv` to find them by.

mod input;
mod output;

use crate::{
    progress::{self, Steps},
    tools::{
        node::Node,
        wasm::{Choice, Toolchain},
    },
    workspace,
};
use anyhow::Result;

pub use output::Entry;

/// Makes all the program embeds, as small as the tools at hand allow. What is up to date is left alone.
pub fn build(steps: &mut Steps, choice: Choice, node: Option<&Node>) -> Result<Vec<Entry>> {
    let toolchain = steps.step("Compiler for the browser code", || Toolchain::require(choice))?;
    let bundle = steps.step("Browser code", || crate::browser::build(&toolchain, node))?;
    steps.step("Styles, scripts and compressed copies", || {
        let mut files = input::public(&workspace::root().join("public"), node)?;
        for (name, source) in
            [("site.css", "style/main.css"), ("agent.css", "style/agent.css"), ("chat.css", "style/chat.css")]
        {
            let style = crate::style::build(&workspace::root().join(source))?;
            files.push(input::File::hashed(name, style));
        }
        files.push(input::File::hashed("islands.js", bundle.glue));
        files.push(input::File::hashed("islands.wasm", bundle.wasm));
        let entries = output::write(&workspace::site(), files)?;
        if node.is_none() {
            say_what_it_costs(&entries);
        }
        Ok(entries)
    })
}

/// What `wasm-opt` and `terser` took off the compressed downloads when this was measured with the search island:
/// 41,018 to 40,165 and 8,783 to 6,410 bytes.
const WASM_SAVED_PERCENT: usize = 2;
const SCRIPT_SAVED_PERCENT: usize = 27;

fn say_what_it_costs(entries: &[Entry]) {
    let weigh = |ending: &str| -> usize {
        entries.iter().filter(|entry| entry.logical.ends_with(ending)).map(|entry| entry.brotli).sum()
    };
    let (wasm, script) = (weigh(".wasm"), weigh(".js"));
    progress::say(format!(
        "without node, wasm-opt and terser are left out: readers load {wasm} bytes of WebAssembly and {script} of script \
         (brotli), about {} and {} more than they need to",
        wasm * WASM_SAVED_PERCENT / 100,
        script * SCRIPT_SAVED_PERCENT / 100
    ));
}
