//! What a row holds, for who knows its id.

use anyhow::{Context, Result};
use serde_json::Value;

use super::Body;
use crate::store::Store;

/// The deed of this id, as long as its row is kept.
///
/// # Errors
/// A database that cannot be read, a body that nobody can read.
pub async fn deed(store: &Store, channel: &str, id: &str) -> Result<Option<Value>> {
    let body: Option<String> = sqlx::query_scalar("select body from outbox where channel = $1 and id = $2")
        .bind(channel)
        .bind(id)
        .fetch_optional(store.readers())
        .await?;
    let body = body.map(|body| serde_json::from_str(&body)).transpose();
    let body = body.with_context(|| format!("the row {id} of the outbox cannot be read"))?;
    Ok(body.and_then(|body| if let Body::Deed(deed) = body { Some(deed) } else { None }))
}
