//! The site as its readers meet it: real router, real listener, real SQLite, real files.

#![allow(clippy::unwrap_used)]

mod addresses;
mod admin;
mod agent;
mod audiences;
mod budgets;
mod chat;
mod community;
mod contract;
mod corpus;
mod delivery;
mod edits;
mod errors;
mod events;
mod feedback;
mod files;
mod form;
mod fuzzed;
mod hooks;
mod kill;
mod letters;
mod machines;
mod mail;
mod privacy;
mod program;
mod reading;
mod routing;
mod search;
mod serving;
mod sessions;
mod site;
mod staff;
mod tickets;
mod tidiness;
