//! What operators try with a desk.

use signpost::integrations::desk::Deed;

use super::{Desk, answered, each};
use crate::contract::vendors::SECRET;
use crate::delivery::commands::{signpost, text};

#[tokio::test]
async fn a_desk_can_be_looked_at_and_tried() {
    for kind in each() {
        let desk = Desk::of(kind).await;
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("signpost.toml"), desk.kind.settings(&desk.vendor.url)).unwrap();
        let name = desk.kind.name();
        let run = async |arguments: &[&str]| {
            signpost(folder.path(), &[&["connector", "test", name], arguments].concat()).await
        };
        let shown = run(&[]).await;
        assert!(shown.status.success(), "{}", text(&shown.stderr));
        let shown = text(&shown.stdout);
        let (secret, auth) = (SECRET, "authorization: ****");
        assert!(shown.matches("POST ").count() >= 1 && shown.contains(auth) && !shown.contains(secret), "{shown}");
        assert_eq!(desk.asked().len(), 0);

        let sent = run(&["--send"]).await;
        assert!(sent.status.success(), "{}", text(&sent.stderr));
        assert!(text(&sent.stderr).contains(&format!("see {}", desk.vendor.url)), "{}", text(&sent.stderr));
        assert_eq!((desk.kind.made().len(), desk.kind.said().len()), (1, 2));
        let answer = serde_json::to_string(&Deed::Answered(Box::new(answered("1", "More")))).unwrap();
        std::fs::write(folder.path().join("answer.json"), answer).unwrap();
        let shown = text(&run(&["--with", "answer.json"]).await.stdout);
        assert!(shown.contains("/tickets/ID") || shown.contains("/conversations/ID"), "{shown}");
        std::fs::write(folder.path().join("alert.json"), r#"{"type": "delivery.held", "text": "x"}"#).unwrap();
        let refused = run(&["--with", "alert.json"]).await;
        assert!(text(&refused.stderr).contains("what happened to a ticket"), "{}", text(&refused.stderr));
    }
}

#[tokio::test]
async fn a_desk_that_is_only_named_is_refused_at_start() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.md"), "# Help").unwrap();
    std::fs::write(folder.path().join("signpost.toml"), "[[tickets.desks]]\ndesk = \"zendesk\"").unwrap();
    let refused =
        signpost(folder.path(), &["serve", "--content", ".", "--data", "data", "--listen", "127.0.0.1:0"]).await;
    let said = text(&refused.stderr);
    assert!(
        !refused.status.success() && said.contains("tickets to zendesk") && said.contains("[desks.zendesk]"),
        "{said}"
    );
}
