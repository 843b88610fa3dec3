//! `/privacy/letters/{secret}`: an owner of articles wants no more digests. A program of mail may say so with one click (RFC 8058).

use std::sync::Arc;

use app::model::OneForm;
use app::words::fill;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;

use super::error::Error;
use super::{frame, respond};
use crate::{Help, owners};

pub async fn page(
    State(help): State<Arc<Help>>,
    Path(secret): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let (address, left) = owners::of_secret(&help.store, &secret).await?.ok_or(Error::NotFound)?;
    let site = frame::site(&help, &help.config.content.default_locale);
    let words = &site.words;
    let text = if left { &words.leave_done } else { &words.leave_text };
    let page = OneForm {
        text: fill(text, &[("email", &address)]),
        action_url: (!left).then(|| help.address.href(&format!("/privacy/letters/{secret}"))),
        button: words.leave_button.to_string(),
        ..OneForm::default()
    };
    let title = words.leave.to_string();
    Ok(respond::send_once(app::pages::one_form(&frame::plain(site, title), &page), &headers))
}

pub async fn leave(
    State(help): State<Arc<Help>>,
    Path(secret): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if !owners::leave(&help.store, &secret, Timestamp::now()).await? {
        return Err(Error::NotFound);
    }
    page(State(help), Path(secret), headers).await
}
