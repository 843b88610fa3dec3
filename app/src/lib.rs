//! What a reader sees: pages as pure functions from data to HTML, and the words server and browser share.

pub mod components;
pub mod islands;
pub mod model;
pub mod pages;
pub mod words;
