//! Islands: the few places where state must come from Rust. They wrap what already works without them.

mod search;

pub use search::SearchIsland;
