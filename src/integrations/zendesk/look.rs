//! A ticket at Zendesk, read anew.

use app::model::Status;
use serde_json::Value;

use super::Zendesk;
use crate::integrations::desk::{Changed, Comment, Line, PAGES, Told, time};
use crate::integrations::{Errand, Failure, Receipt};

impl Zendesk {
    pub(super) async fn look(&self, line: &Line<'_>, errand: &mut Errand, changed: &Changed) -> Result<(), Failure> {
        let id = &changed.remote_id;
        let ticket = line.ask(&self.show(id)?).await?["ticket"].take();
        let at = time(&ticket["updated_at"]).or_else(|| time(&ticket["created_at"]));
        let at = at.ok_or_else(|| Failure::refused("answered without the time of the ticket"))?;
        let comments = self.said(line, id, &ticket["requester_id"]).await?;
        errand.told = Some(Told { remote_id: id.clone(), status: status(&ticket["status"]), at, comments });
        errand.receipt.get_or_insert_with(|| Receipt { remote_id: Some(id.clone()), url: Some(self.page(id)) });
        Ok(())
    }

    /// What others than the requester said, but for the ticket's own text.
    async fn said(&self, line: &Line<'_>, id: &str, requester: &Value) -> Result<Vec<Comment>, Failure> {
        let (mut said, mut after) = (Vec::new(), None);
        for _ in 0..PAGES {
            let (comments, next) = self.page_of_comments(line, id, after.as_deref()).await?;
            said.extend(comments);
            after = match next {
                Some(next) => Some(next),
                None => break,
            };
        }
        let agents = said.iter().skip(1).filter(|comment| comment["author_id"] != *requester);
        Ok(agents.filter_map(comment).collect())
    }
}

fn comment(comment: &Value) -> Option<Comment> {
    Some(Comment {
        remote_id: comment["id"].as_i64()?.to_string(),
        text: comment["body"].as_str().filter(|text| !text.trim().is_empty())?.to_owned(),
        public: comment["public"] == Value::Bool(true),
        name: None,
        at: time(&comment["created_at"])?,
    })
}

/// How a ticket stands that stands so at Zendesk; none for what it does not know.
pub fn status(name: &Value) -> Option<Status> {
    Some(match name.as_str()?.to_lowercase().as_str() {
        "new" => Status::New,
        // On hold it waits for somebody else, and not for its requester.
        "open" | "hold" | "on-hold" => Status::Open,
        "pending" => Status::Pending,
        "solved" => Status::Solved,
        "closed" => Status::Closed,
        _ => return None,
    })
}
