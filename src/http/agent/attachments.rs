//! Files that came with messages, for agents: to keep, and pictures also to look at.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::Agent;
use crate::Help;
use crate::http::attachments::{self, Use};
use crate::http::error::Error;

pub async fn file(
    State(help): State<Arc<Help>>,
    _: Agent,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let (row, stored) = help.tickets.attachment(&id).await?.ok_or(Error::NotFound)?;
    let what_for = if query.as_deref() == Some("show") { Use::Look } else { Use::Save };
    attachments::given(&help, &row, stored, what_for).await
}
