//! What the commands need beside Rust and a C compiler, and how it gets here.

pub mod chromium;
mod debian;
pub mod node;
pub mod rust;
pub mod wasm;
