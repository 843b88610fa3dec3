//! The vectors of the vendors and of the standard, with the clock of then.

use jiff::Timestamp;
use signpost::webhooks::{Refused, Taken};

use super::{Call, Desk, INTERCOM, ZENDESK};

const ZENDESK_BODY: &str =
    r#"{"type":"zen:event-type:ticket.status_changed","id":"evt-01","subject":"zen:ticket:41207"}"#;
const OWN_BODY: &str = r#"{"type":"article.published","timestamp":"2026-07-25T17:20:00Z","data":{"id":"art_1"}}"#;
const OWN_SECRET: &str = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
const OTHER_SECRET: &str = "whsec_ISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0A=";
const PUBLIC_KEY: &str = "whpk_ebVWLo/mVPlAeLES6KmLp5AfhTrmlb7X4OORC60ElmQ=";
const OWN: &str = "v1,kNA0XEv9R4NqNmkcpZYjhCG2UoHgONKoXRNaf/bTJxg=";
const OTHER: &str = "v1,SyjiwgWQTowacH68o3GwjKE5f5A+TdJ1q0YKG8Y6z44=";
const ASYMMETRIC: &str = "v1a,8PgmsW81UAvJQPetLZMOcxIBfT4c6qhiuOEVXp6ZsGSj0nGMn1tJBfvpUQ1BS36vMy/vjrWGs1/slVHBQ5ZoBg==";

fn of_zendesk(body: &str, signature: &str) -> Call {
    let stamp = "2026-07-25T10:00:00Z";
    let headers = vec![
        ("x-zendesk-webhook-signature", signature.to_owned()),
        ("X-ZENDESK-WEBHOOK-SIGNATURE-TIMESTAMP", stamp.to_owned()),
    ];
    Call { to: "zendesk", headers, body: body.to_owned(), at: stamp.parse().unwrap() }
}

fn of_standard(family: &str, signature: &str) -> Call {
    let names: [&str; 3] = match family {
        "svix" => ["svix-id", "svix-timestamp", "svix-signature"],
        _ => ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"],
    };
    let values = ["msg_2x9helpcenter0001", "1785000000", signature];
    let headers = names.into_iter().zip(values.map(str::to_owned)).collect();
    Call { to: "crm", headers, body: OWN_BODY.to_owned(), at: Timestamp::from_second(1_785_000_000).unwrap() }
}

fn settings_of_zendesk(secrets: &[&str], setup: bool) -> String {
    format!("[hooks.zendesk]\nsecrets = {secrets:?}\nsetup = {setup}")
}

async fn crm(secrets: &[&str]) -> Desk {
    Desk::open(&format!("[hooks.crm]\nkind = \"standard\"\nsecrets = {secrets:?}")).await
}

#[tokio::test]
async fn zendesks_own_is_taken_by_either_secret() {
    let call = of_zendesk(ZENDESK_BODY, "ISYXIpnYCDL9T6YLP0dzOz5HGh7L84IfceoHg5abZQk=");
    for secrets in [&[ZENDESK][..], &[ZENDESK, "another"], &["another", ZENDESK]] {
        let desk = Desk::open(&settings_of_zendesk(secrets, false)).await;
        assert_eq!(desk.take(&call).await.unwrap(), Taken::Stored);
        assert_eq!(desk.stored().await[0].event, "evt-01");
    }
    let desk = Desk::open(&settings_of_zendesk(&["another"], true)).await;
    desk.refuses(&call, 0, "none of the secrets").await;
}

#[tokio::test]
async fn zendesks_empty_body_signs_the_time_alone() {
    let desk = Desk::open(&settings_of_zendesk(&[ZENDESK], false)).await;
    let call = of_zendesk("", "GPlQTRe+/a4xWpZJrhVMsx8JsXOZskhJwjFuhmMtyP0=");
    assert_eq!(desk.take(&call).await.unwrap(), Taken::Stored);
}

#[tokio::test]
async fn zendesks_trial_is_taken_while_it_is_set_up_and_changes_nothing() {
    let call = of_zendesk(ZENDESK_BODY, "R7XNOXk7fsdfEw99CCB/dvMLIxMMvs2uNtqnswVmHFU=");
    for secrets in [&[][..], &[ZENDESK]] {
        let desk = Desk::open(&settings_of_zendesk(secrets, true)).await;
        assert_eq!(desk.take(&call).await.unwrap(), Taken::Trial);
        desk.refuses(&call, 301, "5 minutes ago").await;
        assert!(desk.stored().await.is_empty());
    }
    Desk::open(&settings_of_zendesk(&[ZENDESK], false)).await.refuses(&call, 0, "none of the secrets").await;
}

#[tokio::test]
async fn intercoms_is_taken_by_either_secret_once() {
    let body = r#"{"type":"notification_event","topic":"conversation.user.created","id":"notif_01"}"#;
    let signature = "sha1=dd3c1cc919d0b8f3aba24458e828586fd686721e";
    let headers = vec![("X-Hub-Signature", signature.to_owned())];
    let call = Call { to: "intercom", headers, body: body.to_owned(), at: Timestamp::UNIX_EPOCH };
    let open = async |secrets: &[&str]| Desk::open(&format!("[hooks.intercom]\nsecrets = {secrets:?}")).await;
    for secrets in [&[INTERCOM][..], &["another", INTERCOM]] {
        let desk = open(secrets).await;
        assert_eq!(desk.take(&call).await.unwrap(), Taken::Stored);
        // No time is signed, so only its id tells that it came before.
        assert_eq!(desk.take_late(&call, 24 * 3600).await.unwrap(), Taken::Known);
        assert_eq!(desk.stored().await[0].event, "notif_01");
    }
    open(&["another"]).await.refuses(&call, 0, "none of the secrets").await;
    let upper = vec![("X-Hub-Signature", signature.to_uppercase().replace("SHA1", "sha1"))];
    open(&[INTERCOM]).await.refuses(&Call { headers: upper, ..call }, 0, "none of the secrets").await;
}

#[tokio::test]
async fn intercoms_trial_is_answered_and_changes_nothing() {
    let desk = Desk::open(&format!("[hooks.intercom]\nsecrets = [{INTERCOM:?}]")).await;
    let call = super::intercom(r#"{"type":"notification_event","topic":"ping","id":null}"#, Timestamp::now());
    assert_eq!(desk.take(&call).await.unwrap(), Taken::Trial);
    assert!(desk.stored().await.is_empty());
    let forged = Call { headers: vec![("X-Hub-Signature", "sha1=".to_owned())], ..call };
    assert!(matches!(desk.take(&forged).await, Err(Refused::Unproved(_))));
}

#[tokio::test]
async fn the_published_vector_of_standard_webhooks_is_taken() {
    let desk = crm(&["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"]).await;
    let values = [
        ("webhook-id", "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk"),
        ("webhook-timestamp", "1649367553"),
        ("webhook-signature", "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="),
    ];
    let headers = values.map(|(name, value)| (name, value.to_owned())).to_vec();
    let body = r#"{"email":"test@example.com","username":"test_user"}"#.to_owned();
    let call = Call { to: "crm", headers, body, at: Timestamp::from_second(1_649_367_553).unwrap() };
    assert_eq!(desk.take(&call).await.unwrap(), Taken::Stored);
}

#[tokio::test]
async fn one_signature_of_a_list_is_enough_by_either_names_of_headers() {
    let both = format!("{OWN} {OTHER}");
    let many = format!("v9,AAAA v1,AAAA {ASYMMETRIC} {OTHER}");
    for family in ["webhook", "svix"] {
        let check = async |secrets: &[&str], signature: &str, expect: Option<&str>| {
            let taken = crm(secrets).await.take(&of_standard(family, signature)).await;
            match expect {
                None => assert_eq!(taken.unwrap(), Taken::Stored, "{secrets:?} {signature}"),
                Some(_) => assert!(matches!(taken, Err(Refused::Unproved(_))), "{secrets:?} {signature}"),
            }
        };
        check(&[OWN_SECRET], OWN, None).await;
        check(&[OTHER_SECRET, OWN_SECRET], OWN, None).await;
        check(&[OWN_SECRET], &both, None).await;
        check(&[OTHER_SECRET], &both, None).await;
        check(&[OTHER_SECRET], &many, None).await;
        check(&[PUBLIC_KEY], &many, None).await;
        check(&[PUBLIC_KEY], ASYMMETRIC, None).await;
        check(&[OTHER_SECRET], OWN, Some("refused")).await;
        check(&[PUBLIC_KEY], &both, Some("refused")).await;
        check(&[OWN_SECRET], ASYMMETRIC, Some("refused")).await;
        check(&[OWN_SECRET], &OWN.replace("v1,", "v2,"), Some("refused")).await;
        check(&[OWN_SECRET], "", Some("refused")).await;
    }
}

#[tokio::test]
async fn a_family_of_headers_is_taken_whole() {
    let desk = crm(&[OWN_SECRET]).await;
    let mut call = of_standard("svix", OWN);
    call.headers[0].0 = "webhook-id";
    desk.refuses(&call, 0, "svix-id is missing").await;
}

#[tokio::test]
async fn an_id_cannot_be_read_in_two_ways() {
    let desk = crm(&[OWN_SECRET]).await;
    let call = super::standard("msg.1", "{}", Timestamp::from_second(1_785_000_000).unwrap());
    desk.refuses(&call, 0, "a dot").await;
}
