//! Signpost: a folder of Markdown becomes a fast, searchable help center.
//!
//! `content` reads the folder into a snapshot, `search` indexes it, `edition` joins both and swaps them
//! in whole, `http` shows them. See ARCHITECTURE.md for the map.

pub mod answers;
pub mod assets;
pub mod chat;
pub mod cli;
pub mod community;
pub mod config;
pub mod content;
pub mod delivery;
pub mod edition;
pub mod eval;
pub mod events;
pub mod feedback;
pub mod help;
pub mod http;
pub mod identity;
pub mod integrations;
mod kept;
pub mod mail;
mod mask;
pub mod owners;
pub mod passes;
pub mod privacy;
pub mod progress;
pub mod retention;
pub mod routing;
pub mod search;
pub mod searches;
pub mod site;
pub mod staff;
pub mod store;
pub mod tags;
pub mod telemetry;
pub mod tickets;
pub mod views;
pub mod webhooks;

pub use help::Help;
