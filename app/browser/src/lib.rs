//! The WebAssembly entry point. Naming `app` is what exports its islands.

use app as _;

#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
