//! What a reader sees: pages as pure functions from data to HTML, and the words server and browser share.

pub mod model;
pub mod words;
