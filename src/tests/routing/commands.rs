//! `signpost routing`, as operators run it.

use serde_json::Value;

use super::*;
use crate::delivery::commands::{signpost, text};

const TESTS: &str = "\
- name: A refund goes to finance
  ticket: { subject: A refund, at: 2026-11-23 10:00 UTC, open: { ada@example.com: 3 } }
  expect: { class: billing, group: finance, agent: grace@example.com, first_reply: 2026-11-23 14:00 UTC }
";

fn folder(rules: &str, tests: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("signpost.toml"), format!("{SETTINGS}routing = \"routing.yml\"\n")).unwrap();
    std::fs::write(folder.path().join("routing.yml"), rules).unwrap();
    std::fs::write(folder.path().join("routing-tests.yml"), tests).unwrap();
    folder
}

#[tokio::test]
async fn rules_are_checked_with_their_tests() {
    let check = async |rules: &str, tests: &str, code: i32, expect: &str| {
        let folder = folder(rules, tests);
        let told = signpost(folder.path(), &["routing", "check"]).await;
        let said = text(&told.stdout);
        assert_eq!(told.status.code(), Some(code), "{said}{}", text(&told.stderr));
        assert!(said.contains(expect), "{said}");
    };
    check(RULES, TESTS, 0, "routing.yml: 0 problems, 1 tests").await;
    check(RULES, &TESTS.replace("14:00", "15:00"), 1, "routing-tests.yml:3:").await;
    check(&RULES.replace("group: finance", "group: money"), TESTS, 1, "There is no group `money`").await;
    check(&RULES.replace("webhook.crm", "webhook.nobody"), TESTS, 1, "There is no desk `webhook.nobody`").await;
    check(
        &RULES.replace("boss@example.com", "slack"),
        TESTS,
        1,
        "There is no channel `slack`. Take one of webhook.crm.",
    )
    .await;
    let alert = format!("{RULES}alerts: [{{ name: All, when: {{}}, notify: webhook.crm }}]\n");
    check(&alert, &TESTS.replace("class: billing,", "class: billing, alerts: All,"), 0, "0 problems").await;
    check(&alert, &TESTS.replace("class: billing,", "class: billing, alerts: VIP,"), 1, "alerts is All, not VIP.")
        .await;
    let folder = folder(&RULES.replace("class: billing }", "class: nothing }"), TESTS);
    let told = signpost(folder.path(), &["routing", "check", "--json"]).await;
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(told["problems"][0]["kind"], "unknown-class", "{told}");
    std::fs::write(folder.path().join("signpost.toml"), "").unwrap();
    let told = signpost(folder.path(), &["routing", "check"]).await;
    assert!(text(&told.stderr).contains("routing = \"routing.yml\"") && !told.status.success());
}

#[tokio::test]
async fn a_dry_run_says_what_would_become_of_a_ticket() {
    let folder = folder(RULES, TESTS);
    let run = async |words: &[&str]| {
        let told = signpost(folder.path(), &[&["routing", "dry-run"], words].concat()).await;
        assert!(told.status.success(), "{}", text(&told.stderr));
        text(&told.stdout)
    };
    let at = ["--at", "2026-11-23 10:00 UTC"];
    let told = run(&[&["--subject", "A refund"], at.as_slice()].concat()).await;
    assert!(told.contains("it says “refund”") && told.contains("first_reply  due Mon 2026-11-23 14:00"), "{told}");
    assert!(
        run(&["--topic", "billing/refunds", "--text", "Hello"])
            .await
            .contains("the article's topic is billing/refunds")
    );
    assert!(run(&["--test", "A refund goes to finance"]).await.contains("agent        grace@example.com"));
    let json: Value =
        serde_json::from_str(&run(&[&["--subject", "A refund", "--json"], at.as_slice()].concat()).await).unwrap();
    assert_eq!((&json["group"], &json["promises"][0]["target"]), (&"finance".into(), &"first_reply".into()));
    for wrong in [["--at", "tomorrow"], ["--form", "nothing"], ["--test", "nothing"]] {
        let told = signpost(folder.path(), &[&["routing", "dry-run"], wrong.as_slice()].concat()).await;
        assert!(!told.status.success() && !told.stderr.is_empty(), "{wrong:?}");
    }
}

#[tokio::test]
async fn a_ticket_that_is_there_is_tried_and_stays_as_it_is() {
    let (site, rules) = routed(RULES).await;
    std::fs::write(rules.path().join("signpost.toml"), settings(rules.path(), RULES)).unwrap();
    let ticket = open(&site, "A refund", "23 10:00").await;
    std::fs::write(rules.path().join("routing.yml"), RULES.replace("group: finance", "group: first-line")).unwrap();
    let data = site.data().to_str().unwrap();
    let told = signpost(rules.path(), &["routing", "dry-run", "--ticket", "1001", "--data", data]).await;
    let said = text(&told.stdout);
    assert!(said.contains("group        first-line") && said.contains("agent        grace@example.com"), "{said}");
    assert_eq!(again(&site, &ticket).await.group.as_deref(), Some("finance"));
    let none = signpost(rules.path(), &["routing", "dry-run", "--ticket", "9", "--data", data]).await;
    assert_eq!(none.status.code(), Some(1));
}

#[tokio::test]
async fn who_is_on_call_is_told() {
    let folder = folder(RULES, TESTS);
    let at = ["routing", "on-call", "--at", "2026-11-23 08:00 UTC"];
    let told = text(&signpost(folder.path(), &at).await.stdout);
    assert_eq!(told, "watch  grace@example.com until Mon 2026-11-23 09:00 UTC, then ada@example.com\n");
    let json = signpost(folder.path(), &[&at[..], &["--json"]].concat()).await;
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&json[0]["agent"], &json[0]["next"]), (&"grace@example.com".into(), &"ada@example.com".into()));
}
