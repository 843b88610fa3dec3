//! A ticket at Freshdesk, read anew: its webhooks tell little, and anybody who has their secret could have sent them.

use app::model::Status;
use serde_json::Value;

use super::{Freshdesk, PAGE, list};
use crate::integrations::desk::{Changed, Comment, Line, PAGES, Told, html, time};
use crate::integrations::{Errand, Failure, Receipt};

impl Freshdesk {
    pub(super) async fn look(&self, line: &Line<'_>, errand: &mut Errand, changed: &Changed) -> Result<(), Failure> {
        let id = &changed.remote_id;
        let ticket = line.ask(&self.show(id)?).await?;
        let at = time(&ticket["updated_at"]).or_else(|| time(&ticket["created_at"]));
        let at = at.ok_or_else(|| Failure::refused("answered without the time of the ticket"))?;
        let mut comments = Vec::new();
        for page in 1..=PAGES {
            let said = list(line.ask(&self.conversations(id, page)?).await?)?;
            comments.extend(said.iter().filter_map(comment));
            if said.len() < PAGE {
                break;
            }
        }
        errand.told = Some(Told { remote_id: id.clone(), status: status(&ticket["status"]), at, comments });
        errand.receipt.get_or_insert_with(|| Receipt { remote_id: Some(id.clone()), url: Some(self.page(id)) });
        Ok(())
    }
}

/// What an agent said; none where it came from the requester.
fn comment(said: &Value) -> Option<Comment> {
    if said["incoming"] == Value::Bool(true) {
        return None;
    }
    let text = said["body_text"].as_str().map(str::trim).filter(|text| !text.is_empty())?;
    Some(Comment {
        remote_id: said["id"].as_i64()?.to_string(),
        text: html::with_links(text, said["body"].as_str().unwrap_or_default()),
        public: said["private"] == Value::Bool(false),
        name: None,
        at: time(&said["created_at"])?,
    })
}

/// How a ticket stands that stands so at Freshdesk, by number or by name; none for what an account added.
pub fn status(value: &Value) -> Option<Status> {
    let name = value.as_i64().map(|number| number.to_string()).or_else(|| value.as_str().map(str::to_owned))?;
    Some(match name.trim().to_lowercase().as_str() {
        "open" | "2" => Status::Open,
        "pending" | "3" => Status::Pending,
        "resolved" | "4" => Status::Solved,
        "closed" | "5" => Status::Closed,
        _ => return None,
    })
}
