//! What the head of a call tells: who cannot be its sender is refused before its body is read, so that nobody has us hold
//! what they could not have sent.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;

use super::bounces::Bounces;
use super::mail::Mail;
use super::secret::Secret;
use super::{Hooks, Refused, Sender, Way};

/// Bytes of the largest body that the sender `name` may send; [`super::receive`] proves the whole of it.
///
/// # Errors
/// Nobody of this name, a secret that comes in a header and is not there, a body that says it is larger.
pub fn admit(hooks: &Hooks, name: &str, headers: &HeaderMap) -> Result<usize, Refused> {
    let sender = hooks.sender(name)?;
    let admitted = sender.admit(headers);
    admitted.inspect_err(|refused| hooks.figures.count_answer(name, refused.answer()))
}

impl Sender {
    fn admit(&self, headers: &HeaderMap) -> Result<usize, Refused> {
        if let Some(secret) = self.way.secret() {
            secret.prove(headers)?;
        }
        let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        let largest = self.largest();
        if length.is_some_and(|length| length > largest) { Err(Refused::TooLarge) } else { Ok(largest) }
    }
}

impl Way {
    /// What stands in a header of each call, of those who sign nothing.
    fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Freshdesk(secret)
            | Self::Bounces(Bounces::Postmark(secret))
            | Self::Mail(Mail::Postmark(secret) | Mail::Sendgrid(secret)) => Some(secret),
            _ => None,
        }
    }
}
