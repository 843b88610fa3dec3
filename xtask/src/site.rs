//! The files the program embeds, in `target/site`: styles, scripts, WebAssembly and what lies in `public/`,
//! each with compressed copies beside it, and `manifest.tsv` to find them by.

mod input;
mod output;

use crate::{
    progress::Steps,
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
        let style = crate::style::build(&workspace::root().join("style/main.css"))?;
        files.push(input::File::hashed("site.css", style));
        files.push(input::File::hashed("islands.js", bundle.glue));
        files.push(input::File::hashed("islands.wasm", bundle.wasm));
        output::write(&workspace::site(), files)
    })
}
