//! Pages as pure functions from data to HTML. The server calls these; whatever is HTTP stays with it.
//!
//! Every function gives a whole document, but [`results_fragment`] and [`forum_fragment`], which give what scripts put
//! in its place, and [`Admin`], a component, because its panels arrive one after the other.

mod admin;
mod agent;
mod article;
mod category;
mod chat;
mod chat_vendor;
mod contact;
mod document;
mod error;
mod feedback;
mod home;
mod login;
mod not_found;
mod one_form;
mod privacy;
mod questions;
mod request;
mod search;

pub use crate::components::head::THEME_SCRIPT;
pub use admin::{
    Admin, AdminArticles, AdminDelivery, AdminPrivacy, AdminTickets, ArticlePanels, DeliveryPanels, Panel, Panels,
    PrivacyPanels, TicketPanels,
};
pub use agent::{account, alerts, chats, moderation, question_queue, queue, ticket};
pub use article::article;
pub use category::category;
pub use chat::{chat, chat_bar, chat_message, chat_stand, chat_start};
pub use chat_vendor::chat_vendor;
pub use contact::{ask, contact, review};
pub use error::error;
pub use feedback::feedback;
pub use home::home;
pub use login::login;
pub use not_found::not_found;
pub use one_form::one_form;
pub use privacy::privacy;
pub use questions::{question, questions};
pub use request::{badge, request, requests};
pub use search::{forum_fragment, results_fragment, search};

use std::sync::Arc;

use hydration_context::SsrSharedContext;
use leptos::prelude::*;

/// Renders under an owner of its own: views need one while they are made, and nothing of it outlives the page.
/// The context tells an island's children, which stay plain HTML, from the island itself.
fn render<V: IntoView>(view: impl FnOnce() -> V) -> String {
    Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands()))).with(|| view().to_html())
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
