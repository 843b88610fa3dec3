//! Pages of agents.

mod account;

pub use account::account;
