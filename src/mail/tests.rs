#![allow(clippy::unwrap_used)]

use jiff::civil::date;

use super::words;
use super::*;

const TICKET: &str = "41207";
const SUBJECT: &str = "Export <b>fails</b>\r\nBcc: all@example.com";
const LINK: &str = "https://help.example.com/requests/k3y?a=1&b=\"2\"";
const TEXT: &str =
    "Please <script>alert(1)</script> open {{ settings }}.\nThen export again.\n\n\n.\nBest & kind regards";

/// All there are, each with all that it may say.
fn letters(look: impl Fn(&'static str, &Letter)) {
    let (ticket, subject, link, by_mail) = (TICKET, SUBJECT, LINK, true);
    look("ticket_opened", &Letter::TicketOpened { ticket, link, by_mail });
    look("reply", &Letter::Reply { ticket, subject, agent: "Ada\n<i>Example</i>", text: TEXT, link, by_mail });
    look("rating", &Letter::Rating { ticket, subject, link });
    look("sign_in_link", &Letter::SignInLink { link, minutes: 15 });
    let name = "Ada\n<i>Example</i>";
    look("question_answered", &Letter::QuestionAnswered { title: SUBJECT, name, text: TEXT, link });
    look("invitation", &Letter::Invitation { link, days: 7 });
    let figure = |text: &str, link: Option<&str>, count, against| Figure {
        text: text.to_owned(),
        link: link.map(str::to_owned),
        count,
        against,
    };
    let votes = [figure("Export <b>invoices</b>", Some(LINK), 12, 3), figure("Import contacts", Some(LINK), 4, 0)];
    let asked = [figure("Export <b>invoices</b>", Some(LINK), 2, 0)];
    let unanswered = [figure("how to <script> refund", None, 9, 0), figure("invoice as csv", None, 5, 0)];
    let (votes, asked, unanswered) = (&votes[..], &asked[..], &unanswered[..]);
    look("digest", &Letter::Digest(Digest { votes, asked, unanswered, link, leave: LINK }));
    let article = Due { title: "Export <b>invoices</b>".to_owned(), link: LINK.to_owned(), by: date(2026, 11, 20) };
    look("review_due", &Letter::ReviewDue { articles: &[article] });
    look("routed", &Letter::Notice { notice: Notice::Routed { ticket, subject }, link });
    look("due", &Letter::Notice { notice: due(What::FirstReply, false), link });
    look("late", &Letter::Notice { notice: due(What::Solution, true), link });
    look("on_call", &Letter::Notice { notice: ON_CALL, link });
    look("alert", &Letter::Notice { notice: Notice::Alert { alert: "Angry <b>requester</b>", ticket, subject }, link });
    look("burst", &Letter::Notice { notice: BURST, link });
}

fn due(what: What, is_late: bool) -> Notice<'static> {
    Notice::Due { ticket: TICKET, subject: SUBJECT, what, at: "2026-12-28 10:30 (Europe/Berlin)", is_late }
}

const ON_CALL: Notice<'static> = Notice::OnCall {
    rotation: "night-watch",
    agent: "hana@example.com",
    before: "ivan@example.com",
    until: "2026-12-28 09:00 (Europe/Berlin)",
};

fn written(letter: &Letter, locale: &str) -> Mail {
    letter::mail(letter, "Acme <Help>", Reader { address: "ada@customer.example", locale })
}

const BURST: Notice<'static> = Notice::Burst {
    alert: "Many at once",
    count: 12,
    within: "1h",
    common: Common::Search,
    name: "export <b>fails</b>\r\nBcc: all@example.com",
    tickets: "#41207, #41206, #41203, #41202, #41200",
};

#[test]
fn a_channel_is_told_in_a_few_lines() {
    let check = |locale: &str, notice: Notice, expect: &[&str]| {
        let told = told(&notice, LINK, "Acme\nHelp", locale);
        assert_eq!(told.lines().collect::<Vec<_>>(), [expect, &[LINK]].concat());
    };
    let mute = "You can mute alerts on the page of the request.";
    check(
        "en",
        Notice::Routed { ticket: "1001", subject: "Export\nfails" },
        &[
            "New: [#1001] Export fails",
            "Request #1001 has reached Acme Help. The rules for requests ask you to look at it.",
            mute,
        ],
    );
    let alert = "Angry requester";
    check(
        "de",
        Notice::Alert { alert, ticket: "1001", subject: "Export" },
        &[
            "Angry requester: [#1001] Export",
            "Anfrage #1001 bei Acme Help löst den Alarm „Angry requester“ aus.",
            "Auf der Seite der Anfrage können Sie Alarme stummschalten.",
        ],
    );
    let on_call =
        "hana@example.com is on call for night-watch until 2026-12-28 09:00 (Europe/Berlin), after ivan@example.com.";
    check("en", ON_CALL, &["On call: night-watch", on_call]);
}

#[test]
fn letters_are_as_they_were_seen() {
    letters(|name, letter| {
        for locale in words::ALL.map(|words| words.language) {
            let Mail { subject, text, html, thread, automatic, .. } = written(letter, locale);
            let html = html.unwrap();
            let shown = format!("{subject}\nthread {thread:?}, automatic {automatic}\n\n{text}\n\n{html}");
            insta::assert_snapshot!(format!("{name}_{locale}"), shown.trim_end());
        }
    });
}

#[test]
fn what_others_wrote_stays_text_in_every_language() {
    for words in words::ALL {
        letters(|name, letter| {
            let mail = written(letter, words.language);
            let html = mail.html.unwrap();
            assert!(!mail.subject.contains(['\r', '\n']), "{name}: {}", mail.subject);
            for expect in ["<script", "<b>", "<i>", "<Help>", "a=1&b"] {
                assert!(!html.contains(expect), "{name} in {}: {html}", words.language);
            }
            assert!(mail.text.contains(LINK), "{name}: {}", mail.text);
            for part in [&mail.subject, &mail.text, &html] {
                let is_place = |rest: &str| rest.starts_with(|it: char| it.is_ascii_lowercase()) && !rest.contains(' ');
                let mut places = part.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
                assert!(!places.any(|(rest, _)| is_place(rest)), "{name} in {}: {part}", words.language);
            }
            assert!(!html.contains("http://") && !html.contains("<img"), "nothing is fetched: {html}");
        });
    }
}

#[test]
fn a_language_without_letters_gets_english_ones() {
    let check = |locale: &str, expect: &str| assert_eq!(words::of(locale).language, expect, "{locale}");
    check("de-AT", "de");
    check("AR", "ar");
    check("pt", "en");
    check("", "en");
}

#[test]
fn an_address_is_told_from_what_is_none() {
    let check = |text: &str, expect: bool| assert_eq!(is_address(text), expect, "{text:?}");
    check("ada@customer.example", true);
    check("ada+tag@customer.example", true);
    check("ada@customer.example\r\nBcc: all@example.com", false);
    check("Ada <ada@customer.example>", false);
    check("ada", false);
    check("ada@customer.example, eve@evil.example", false);
}
