//! What a dry run prints.

use super::table::ticket;
use super::*;

#[test]
fn a_dry_run_says_which_line_did_what() {
    let rules = rules();
    let tickets = [
        (
            "enterprise",
            "plan=enterprise form=bug ?severity=Minor ?impact=Everybody from=eve@board.example",
            "SAML fails // with an error",
        ),
        ("money", "locale=de @emil=5 @fay=away", "Rechnung und Erstattung"),
        ("security", "locale=fr", "Une fuite de données"),
        ("nothing", "plan=free", "Hello"),
    ];
    for (name, who, words) in tickets {
        let (facts, staffing) = ticket("2026-12-23T17:00[Europe/Berlin]", who, words);
        let routed = route(&rules, &facts, None, &staffing, facts.opened_at);
        insta::assert_snapshot!(name, routed.to_string());
    }
}

#[test]
fn without_a_file_the_class_is_told_and_nothing_else() {
    let (facts, staffing) = ticket("2026-12-23T17:00[Europe/Berlin]", "-", "Please refund my payment");
    let routed = route(&Rules::usual(), &facts, None, &staffing, facts.opened_at);
    insta::assert_snapshot!(routed.to_string());
    assert_eq!((routed.class.as_str(), routed.group, routed.agent), ("billing", None, None));
    assert!(routed.promises.is_empty() && routed.steps.is_empty());
}

#[test]
fn the_usual_classes_know_five_languages() {
    let check = |locale: &str, words: &str, expect: &str| {
        let (facts, staffing) = ticket("2026-12-23T17:00[Europe/Berlin]", &format!("locale={locale}"), words);
        assert_eq!(route(&Rules::usual(), &facts, None, &staffing, facts.opened_at).class, expect, "{words}");
    };
    check("en", "The page is not working", "technical");
    check("de", "Die App ist abgestürzt", "technical");
    check("fr", "J'ai oublié mon mot de passe", "technical");
    check("es", "La aplicación no funciona", "technical");
    check("ar", "نسيت كلمة المرور", "technical");
    check("en", "Where are my invoices?", "billing");
    check("de", "Der Betrag wurde doppelt abgebucht", "billing");
    check("fr", "Je n'ai pas reçu ma facture", "billing");
    check("es", "Quiero un reembolso", "billing");
    check("ar", "أريد استرداد المبلغ", "billing");
    check("en", "Please add dark colours", "feature");
    check("de", "Ein Vorschlag", "feature");
    check("fr", "Une suggestion", "feature");
    check("es", "Una sugerencia", "feature");
    check("ar", "لدي اقتراح", "feature");
    check("en", "Hello", "general");
}

#[test]
fn what_was_decided_is_machine_readable() {
    let (facts, staffing) = ticket("2026-12-23T17:00[Europe/Berlin]", "plan=enterprise", "SSO");
    let json = serde_json::to_value(route(&rules(), &facts, None, &staffing, facts.opened_at)).unwrap();
    assert_eq!(json["priority"], "high");
    assert_eq!(json["promises"][0]["target"], "first_reply");
    assert_eq!(json["promises"][0]["within"], "PT1H");
    assert_eq!(json["why"][0]["because"], "it says “sso”");
}
