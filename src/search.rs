//! Search: one function behind page, fragment, API and command line.

mod query;

pub use query::Query;
