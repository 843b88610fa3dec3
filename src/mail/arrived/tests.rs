#![allow(clippy::unwrap_used)]

use super::*;

const HEAD: &str = "From: Ada Example <Ada@Customer.example>\nTo: reply+1001-0a1b@in.acme.example\nSubject: Re: Export\n\
                    Message-ID: <1@customer.example>\n";

fn read(message: &str) -> Arrived {
    Arrived::read(message.replace('\n', "\r\n").as_bytes(), &Envelope::default()).unwrap()
}

#[test]
fn a_mail_says_who_wrote_what_to_whom() {
    let mail = read(&format!(
        "Delivered-To: bo@acme.example\n{HEAD}Cc: Sam <sam@acme.example>\nIn-Reply-To: <a@acme.example>\n\
         References: <ticket-1001-0a1b@acme.example>\n <a@acme.example>\n\nIt works.\n\nAda\n"
    ));
    assert_eq!((mail.from.as_str(), mail.name.as_deref()), ("ada@customer.example", Some("Ada Example")));
    assert_eq!(mail.to, ["bo@acme.example", "reply+1001-0a1b@in.acme.example", "sam@acme.example"]);
    assert_eq!((mail.id.as_deref(), mail.subject.as_str()), (Some("1@customer.example"), "Re: Export"));
    assert_eq!(mail.answers, ["a@acme.example", "ticket-1001-0a1b@acme.example", "a@acme.example"]);
    assert_eq!((mail.text.as_str(), &mail.nature), ("It works.\n\nAda", &Nature::Written));
    let kept: Arrived = serde_json::from_str(&serde_json::to_string(&mail).unwrap()).unwrap();
    assert_eq!(kept, mail);
}

#[test]
fn text_is_found_in_whatever_form_it_comes() {
    let check = |rest: &str, expect: &str| assert_eq!(read(&format!("{HEAD}{rest}")).text, expect, "{rest}");
    check(
        "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nGr=FC=DFe",
        "Grüße",
    );
    check("Content-Type: text/plain; charset=windows-1256\nContent-Transfer-Encoding: base64\n\n48fK", "مات");
    check("Content-Type: text/html; charset=utf-8\n\n<p>It <b>works</b>.</p><p>Ada</p>", "It works.\n\nAda");
    let both = "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n{text}\n--b\n\
                Content-Type: text/html\n\n<div>From <i>HTML</i></div>\n--b--\n";
    check(&both.replace("{text}", "From text"), "From text");
    check(&both.replace("{text}", ""), "From HTML");
    check("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n--b--\n", "");
}

#[test]
fn files_come_along_and_decorations_are_known() {
    let mail = read(&format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the log.\n--b\n\
         Content-Type: text/plain; name=log.txt\nContent-Disposition: attachment; filename*=utf-8''l%C3%B6g.txt\n\nline\n--b\n\
         Content-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline; filename=logo.png\n\
         Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b\nContent-Type: application/pgp-signature\n\nproof\n--b\n\
         Content-Type: message/rfc822\n\nSubject: Old mail\n\nOld text\n--b--\n"
    ));
    let names: Vec<_> = mail.files.iter().map(|file| (file.name.as_str(), file.inline)).collect();
    assert_eq!(names, [("lög.txt", false), ("logo.png", true), ("Old mail.eml", false)]);
    assert_eq!(mail.files[1].bytes, b"\x89PNG\r\n\x1a\n");
    assert_eq!(mail.text, "See the log.");
}

#[test]
fn what_a_machine_wrote_is_known_by_its_head() {
    let check = |head: &str, expect: &str| match read(&format!("{head}\n{HEAD}\nI am away.")).nature {
        Nature::Automatic(sign) => assert_eq!(sign, expect, "{head}"),
        other => assert_eq!(expect, "", "{head}: {other:?}"),
    };
    check("Auto-Submitted: auto-replied", "Auto-Submitted: auto-replied");
    check("Auto-Submitted: auto-generated; x=y", "Auto-Submitted: auto-generated; x=y");
    check("auto-submitted: No", "");
    check("Precedence: Bulk", "Precedence: bulk");
    check("Precedence: first-class", "");
    check("X-Autoreply: yes", "X-Autoreply: yes");
    check("X-Auto-Response-Suppress: All", "X-Auto-Response-Suppress: All");
    check("List-Id: <news.example>", "List-Id: <news.example>");
    check("List-Unsubscribe: <https://news.example>\nList-Post: NO", "List-Unsubscribe: <https://news.example>");
    check("Precedence: list", "Precedence: list");
    check("Auto-Submitted: auto-replied\nList-Post: <mailto:a@b.example>", "Auto-Submitted: auto-replied");
    check("X-HC-Message-Id: 019a\nAuto-Submitted: auto-generated", "Auto-Submitted: auto-generated");
    check("Return-Path: <>", "Return-Path: <>");
    check("Return-Path: <ada@customer.example>", "");
    check("X-Mailer: Outlook", "");
    let from = |address: &str| Arrived::of_lines(&format!("From: {address}"), &Envelope::default()).unwrap().nature;
    assert_eq!(from("MAILER-DAEMON@mx.example"), Nature::Automatic("From: mailer-daemon@mx.example".to_owned()));
    let envelope = Envelope { sender: Some(String::new()), ..Envelope::default() };
    let null = Arrived::of_lines(HEAD, &envelope).unwrap().nature;
    assert_eq!(null, Nature::Automatic("Return-Path: <>".to_owned()));
    let own = read(&format!("X-HC-Message-Id: 019a\n{HEAD}\nHello"));
    assert_eq!((own.nature, own.trace.as_deref()), (Nature::Written, Some("019a")));
}

#[test]
fn what_people_write_to_a_list_is_theirs() {
    // As Google Groups and Mailman hand it on.
    const GROUP: &str = "Precedence: list\nList-ID: <support.acme.example>\n\
                         List-Post: <https://groups.example/support/post>, <mailto:support@acme.example>\n\
                         List-Unsubscribe: <mailto:leave@acme.example>";
    let ada = "ada@customer.example";
    let check = |head: &str, from: &str, name: Option<&str>| {
        let mail = read(&format!("{GROUP}\n{head}\nSubject: Export\n\nIt fails."));
        assert_eq!(mail.nature, Nature::Listed("<support.acme.example>".to_owned()), "{head}");
        assert_eq!((mail.from.as_str(), mail.name.as_deref()), (from, name), "{head}");
        assert_eq!(mail.from_list, from == ada && head.contains("via Support"), "{head}");
    };
    check("From: Ada <ada@customer.example>", ada, Some("Ada"));
    check("From: Ada <ada@customer.example>\nReply-To: support@acme.example", ada, Some("Ada"));
    let munged = "From: 'Ada' via Support <support@acme.example>";
    check(&format!("{munged}\nX-Original-From: Ada <Ada@Customer.example>"), ada, Some("Ada"));
    check(&format!("{munged}\nReply-To: support@acme.example, ada@customer.example"), ada, None);
    check(munged, "support@acme.example", Some("'Ada' via Support"));
    let plain = read("From: eve@evil.example\nX-Original-From: ada@customer.example\n\nHello");
    assert_eq!((plain.from.as_str(), plain.nature), ("eve@evil.example", Nature::Written));
}

#[test]
fn a_report_says_whom_a_mail_did_not_reach() {
    let report = |action: &str, returned: &str| {
        read(&format!(
            "From: Mail Delivery System <MAILER-DAEMON@mx.example>\nTo: help@acme.example\nSubject: Undelivered\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n--b\n\
             Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n\
             Final-Recipient: rfc822; Ada@customer.example\nAction: {action}\nStatus: 5.1.1\n\
             Diagnostic-Code: smtp; 550 5.1.1 user\n unknown\n--b\n{returned}\n--b--\n"
        ))
        .nature
    };
    let expect = |about: &[&str]| {
        Nature::Bounced(Bounce {
            recipient: "ada@customer.example".to_owned(),
            status: "5.1.1".to_owned(),
            reason: "550 5.1.1 user unknown".to_owned(),
            about: about.iter().map(|&it| it.to_owned()).collect(),
        })
    };
    let head = "Message-ID: <019a@acme.example>\nX-HC-Message-Id: 019a\nSubject: Hello\n";
    let whole = format!("Content-Type: message/rfc822\n\n{head}\nHello");
    assert_eq!(report("failed", &whole), expect(&["019a", "019a@acme.example"]));
    let only_head = format!("Content-Type: text/rfc822-headers\n\n{head}");
    assert_eq!(report("failed", &only_head), expect(&["019a", "019a@acme.example"]));
    assert_eq!(report("failed", "\nNothing"), expect(&[]));
    assert!(matches!(report("delayed", &whole), Nature::Automatic(_)));
}

#[test]
fn only_an_address_that_nobody_has_is_written_off() {
    let check = |status: &str, reason: &str, expect: bool| {
        let (status, reason) = (status.to_owned(), reason.to_owned());
        let bounce = Bounce { recipient: String::new(), status, reason, about: Vec::new() };
        assert_eq!(bounce.is_lasting(), expect, "{bounce:?}");
    };
    check("5.1.1", "550 5.1.1 user unknown", true);
    check("5.1.10", "556 5.1.10 recipient address has null MX", true);
    check("5.2.1 (mailbox disabled)", "", true);
    check("5.2.2", "552 5.2.2 mailbox full", false);
    check("5.3.4", "552 5.3.4 message too big", false);
    check("5.7.1", "550 5.7.1 our filter does not like it", false);
    check("5.1.8", "553 5.1.8 sender's domain does not exist", false);
    check("4.2.2", "452 4.2.2 5.1.1", false);
    // As Exim reports.
    check("5.0.0", "550 5.1.1 no such user", true);
    check("5.0.0", "550-5.1.1 no such user", true);
    check("5.0.0", "550 no such user", false);
    check("", "", false);
}

#[test]
fn what_is_no_mail_is_told() {
    let check = |bytes: &[u8], expect: NoMail| assert_eq!(Arrived::read(bytes, &Envelope::default()), Err(expect));
    check(b"", NoMail::Headless);
    check(b"Subject: Hello\r\n\r\nHello", NoMail::Nobody);
    check(b"From: nobody\r\n\r\nHello", NoMail::Nobody);
    assert!(read(&format!("X-Spam-Flag: YES\n{HEAD}\nBuy")).spam);
    let name = read(&HEAD.replace("Ada Example", "=?utf-8?q?Ad=C3=A4=0D=0ABcc:?=")).name;
    assert!(!name.unwrap().contains(['\r', '\n']));
}

proptest::proptest! {
    #[test]
    fn whatever_comes_is_read_or_told(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        let mail = [HEAD.as_bytes(), &bytes].concat();
        if let Ok(mail) = Arrived::read(&mail, &Envelope::default()) {
            proptest::prop_assert!(mail.from.contains('@'));
            super::super::quoted::fresh(&mail.text);
        }
    }
}
