//! What a reader sees: pages as pure functions from data to HTML, and the words server and browser share.

// Views are deeply nested types.
#![recursion_limit = "256"]

pub mod components;
pub mod islands;
pub mod model;
pub mod pages;
pub mod words;
