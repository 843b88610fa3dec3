//! Every route of the site on one screen, and the layers around them.

mod address;
mod admin;
mod agent;
mod asked;
mod attachments;
mod chat;
mod contact;
mod error;
mod events;
mod feedback;
mod files;
mod fill;
mod frame;
mod go;
mod guard;
mod health;
mod hooks;
mod letters;
mod listen;
mod locale;
mod machines;
mod pairs;
mod parts;
mod privacy;
mod questions;
mod ranges;
mod reading;
mod requests;
mod respond;
mod search;
mod session;
mod sitemap;
mod streamed;
mod structured;
mod visit;
mod warm;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{MethodRouter, get, post};
use serde::Deserialize;

use crate::Help;

pub use events::Limits;
pub use guard::Policy;
pub use listen::{Listening, bind, serve};
pub use warm::keep_warm;

/// `[server]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Address readers' requests come to.
    pub listen: String,
    /// Address for operators: `/metrics` and the details of `/readyz`. Keep it off the network.
    pub ops_listen: String,
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Largest body of a request, in bytes.
    pub max_body: usize,
    /// Connections held at once; more wait to be accepted.
    pub max_connections: usize,
    /// Seconds a client has to send its request's head, and an idle connection is kept.
    pub header_seconds: u64,
    /// Seconds an answer may take before the reader is told to try again.
    pub request_seconds: u64,
    /// Seconds that a form with files, or any body above `max_body`, may take to arrive; within each `request_seconds`
    /// some of it must.
    pub upload_seconds: u64,
    /// How many of these one address (of IPv6 a /64) may send at once: they are held in memory, and an office shares an
    /// address.
    pub uploads_per_address: usize,
    /// Seconds that requests under way are given when the program stops.
    pub stop_seconds: u64,
    /// Keep each thread that answers on a processor of its own (Linux): for a machine that is the program's alone.
    pub pin_threads: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            ops_listen: "127.0.0.1:8081".to_owned(),
            trusted_proxies: Vec::new(),
            max_body: 64 * 1024,
            max_connections: 4096,
            header_seconds: 15,
            request_seconds: 10,
            upload_seconds: 600,
            uploads_per_address: 8,
            stop_seconds: 10,
            pin_threads: false,
        }
    }
}

/// The site as readers, hosts and staff reach it.
pub fn site(help: Arc<Help>) -> Router {
    let routes = Router::new()
        .route("/search", get(search::page))
        .route("/search/results", get(search::fragment))
        .route("/{locale}/search", get(search::page))
        .route("/{locale}/search/results", get(search::fragment))
        .route("/search/forum", get(search::forum))
        .route("/{locale}/search/forum", get(search::forum))
        .route("/api/v1/search", get(search::api))
        .route("/api/v1/events", post(events::collect))
        .route("/api/v1/events/schema", get(events::schema))
        .route("/privacy", get(privacy::page).post(privacy::choose))
        .route("/privacy/trail", post(privacy::strike))
        .route("/privacy/banner.css", get(privacy::banner))
        .route("/privacy/tags.js", get(privacy::tags))
        .route("/{locale}/privacy", get(privacy::page).post(privacy::choose))
        .route("/{locale}/privacy/trail", post(privacy::strike))
        .route("/feedback/{id}", get(feedback::page).post(feedback::vote))
        .merge(contact(&help))
        .merge(chat())
        .route("/questions/{article}", get(questions::page).post(questions::send))
        .route("/{locale}/questions/{article}", get(questions::page).post(questions::send))
        .route("/questions/{article}/{question}", get(questions::page).post(questions::send))
        .route("/{locale}/questions/{article}/{question}", get(questions::page).post(questions::send))
        .route("/go/{token}", get(go::go))
        .route("/a/{id}", get(reading::lasting))
        .route("/session", post(session::open).delete(session::close))
        .route("/session/close", post(session::close))
        .route("/agent", get(agent::queue::page))
        .route("/agent/events", get(agent::live::events))
        .route("/agent/tickets/{number}", with_files(&help, get(agent::ticket::page).post(agent::answer::answer)))
        .route("/agent/tickets/{number}/standing", post(agent::standing::change))
        .route("/agent/tickets/{number}/merge", post(agent::standing::merge))
        .route("/agent/tickets/{number}/unmerge", post(agent::standing::unmerge))
        .route("/agent/tickets/{number}/retry", post(agent::undelivered::retry))
        .route("/agent/tickets/{number}/mail", post(agent::mail::allow))
        .route("/agent/tickets/{number}/mute", post(agent::alerts::mute_ticket))
        .route("/agent/tickets/{number}/stub.md", get(agent::standing::stub))
        .route("/agent/attachments/{id}", get(agent::attachments::file))
        .route("/agent/alerts", get(agent::alerts::page).post(agent::alerts::steer))
        .route("/agent/chats", get(agent::chats::page))
        .route("/agent/chats/events", get(agent::chats::events))
        .route("/agent/chats/here", post(agent::chats::here))
        .route("/agent/chats/{chat}", get(agent::chats::page).post(agent::chats::deed))
        .route("/agent/chats/{chat}/typing", post(agent::chats::typing))
        .route("/agent/questions", get(agent::questions::list))
        .route("/agent/questions/{id}", get(agent::questions::page).post(agent::questions::decide))
        .route("/agent/questions/{id}/stub.md", get(agent::questions::stub))
        .route("/agent/login", get(agent::login::form).post(agent::login::sign_in))
        .route("/agent/logout", post(agent::login::sign_out))
        .route("/agent/account/away", post(agent::account::set_away))
        .route("/agent/welcome/{secret}", get(agent::welcome::form).post(agent::welcome::choose))
        .route("/privacy/letters/{secret}", get(letters::page).post(letters::leave))
        .route("/agent/account", get(agent::account::page).post(agent::account::save))
        .route("/agent/account/password", post(agent::account::change_password))
        .route("/agent/account/sessions", post(agent::account::end_sessions))
        .route("/admin", get(admin::page))
        .route("/admin/delivery", get(admin::delivery::page).post(admin::delivery::steer))
        .route("/admin/tickets", get(admin::tickets::page))
        .route("/admin/articles", get(admin::articles::page))
        .route("/admin/privacy", get(admin::privacy::page))
        .route("/admin/login", get(admin::login_form).post(admin::login))
        .route("/admin/logout", post(agent::login::sign_out))
        .route("/hooks/{provider}", post(hooks::take).head(hooks::is_there))
        .route("/assets/{name}", get(files::asset))
        .route("/favicon.svg", get(files::favicon))
        .route("/favicon.ico", get(files::favicon))
        .route("/sitemap.xml", get(sitemap::whole))
        .route("/robots.txt", get(machines::robots))
        .route("/feed.xml", get(machines::feed))
        .route("/{locale}/feed.xml", get(machines::feed))
        .route("/llms.txt", get(machines::llms))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .fallback(sitemap::part_or_content)
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(DefaultBodyLimit::max(help.config.server.max_body))
        .with_state(help.clone());
    guard::around(help, routes)
}

/// The ways to a person; what is sent there may carry files.
fn contact(help: &Help) -> Router<Arc<Help>> {
    let draft = || with_files(help, get(contact::review).post(contact::send));
    let request = || with_files(help, get(requests::page).post(requests::deed));
    Router::new()
        .route("/contact", get(contact::page))
        .route("/{locale}/contact", get(contact::page))
        .route("/contact/{form}", get(contact::form).post(contact::write))
        .route("/{locale}/contact/{form}", get(contact::form).post(contact::write))
        .route("/contact/draft/{secret}", draft())
        .route("/{locale}/contact/draft/{secret}", draft())
        .route("/contact/draft/{secret}/open", get(contact::open))
        .route("/{locale}/contact/draft/{secret}/open", get(contact::open))
        .route("/requests", get(requests::list).post(requests::link::ask))
        .route("/{locale}/requests", get(requests::list).post(requests::link::ask))
        .route("/requests/in/{secret}", get(requests::link::door).post(requests::link::enter))
        .route("/{locale}/requests/in/{secret}", get(requests::link::door).post(requests::link::enter))
        .route("/requests/{secret}", request())
        .route("/{locale}/requests/{secret}", request())
        .route("/requests/{secret}/files/{id}", get(requests::file))
        .route("/{locale}/requests/{secret}/files/{id}", get(requests::file))
}

/// Talking with a person as one types.
fn chat() -> Router<Arc<Help>> {
    Router::new()
        .route("/chat", get(chat::page).post(chat::deed))
        .route("/{locale}/chat", get(chat::page).post(chat::deed))
        .route("/chat/stream", get(chat::stream))
        .route("/{locale}/chat/stream", get(chat::stream))
        .route("/chat/messages", post(chat::messages))
        .route("/{locale}/chat/messages", post(chat::messages))
        .route("/chat/typing", post(chat::typing))
        .route("/{locale}/chat/typing", post(chat::typing))
        .route("/chat/identity", post(chat::identity))
        .route("/{locale}/chat/identity", post(chat::identity))
        .route("/chat/bar", get(chat::bar))
        .route("/{locale}/chat/bar", get(chat::bar))
}

/// A form that may bring files.
fn with_files(help: &Help, form: MethodRouter<Arc<Help>>) -> MethodRouter<Arc<Help>> {
    let limits = &help.config.tickets.attachments;
    form.layer(DefaultBodyLimit::max(help.config.server.max_body + limits.files * limits.bytes))
}

/// What operators reach, on an address of its own.
pub fn operations(help: Arc<Help>) -> Router {
    Router::new()
        .route("/metrics", get(health::metrics))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready_in_detail))
        .with_state(help)
}
