//! A conversation at Intercom, read anew: what its webhooks bring holds the newest part alone.

use app::model::Status;
use serde_json::Value;

use super::{Intercom, id_of, said};
use crate::integrations::desk::{Changed, Comment, Line, Told};
use crate::integrations::{Errand, Failure, Receipt};
use crate::mail::plain;

impl Intercom {
    pub(super) async fn look(&self, line: &Line<'_>, errand: &mut Errand, changed: &Changed) -> Result<(), Failure> {
        let id = &changed.remote_id;
        let conversation = self.conversation(line, id).await?;
        let at = seconds(&conversation["updated_at"]).or_else(|| seconds(&conversation["created_at"]));
        let at = at.ok_or_else(|| Failure::refused("answered without the time of the conversation"))?;
        let parts = said(&conversation);
        // Much may happen within a second, and each time a part more is there.
        let at = at + i64::try_from(parts.len()).unwrap_or(i64::MAX).min(999);
        let comments = parts.iter().filter_map(comment).collect();
        errand.told = Some(Told { remote_id: id.clone(), status: status(&conversation["state"]), at, comments });
        errand.receipt.get_or_insert_with(|| Receipt { remote_id: Some(id.clone()), url: self.page(id) });
        Ok(())
    }
}

/// What an admin said; none where it came from the requester, and of what is no words.
fn comment(part: &Value) -> Option<Comment> {
    let public = match part["part_type"].as_str()? {
        "comment" | "open" | "close" => true,
        "note" | "note_and_reopen" => false,
        _ => return None,
    };
    let (author, html) = (&part["author"], part["body"].as_str()?);
    if author["type"] != "admin" {
        return None;
    }
    Some(Comment {
        remote_id: id_of(&part["id"])?,
        text: plain::text(html),
        public,
        name: author["name"].as_str().map(str::to_owned).filter(|name| !name.is_empty()),
        at: seconds(&part["created_at"])?,
    })
    .filter(|comment| !comment.text.is_empty())
}

/// A time in seconds since 1970, in milliseconds.
fn seconds(value: &Value) -> Option<i64> {
    value.as_i64()?.checked_mul(1000)
}

/// How a ticket stands whose conversation stands so; none for what it does not know.
pub fn status(state: &Value) -> Option<Status> {
    Some(match state.as_str()? {
        // One that is snoozed waits for an agent, or for a time: not for its requester.
        "open" | "snoozed" => Status::Open,
        // A word of its requester opens it again.
        "closed" => Status::Solved,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn what_an_admin_wrote_is_read_as_it_was_seen() {
        let check = |html: &str, expect: Option<&str>| {
            let part = json!({ "id": "1", "part_type": "comment", "body": html, "created_at": 1,
                "author": { "type": "admin", "name": "Sam" } });
            assert_eq!(comment(&part).map(|comment| comment.text).as_deref(), expect, "{html}");
        };
        check("<p>One</p><p>two<br>three</p>", Some("One\n\ntwo\nthree"));
        check(
            "<p>See <a href=\"https://a.example/?a=1&amp;b=2\">this</a>.</p>",
            Some("See this <https://a.example/?a=1&b=2>."),
        );
        check("&lt;b&gt; <script>alert('<p>')</script>", Some("<b>"));
        check("<p></p>", None);
    }
}
