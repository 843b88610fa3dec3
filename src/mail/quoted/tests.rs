//! Answers as mail programs make them.

use super::fresh;

fn check(mail: &str, expect: &str) {
    assert_eq!(fresh(mail), expect, "{mail}");
    assert_eq!(fresh(&mail.replace('\n', "\r\n")), expect, "with the line ends of mails: {mail}");
}

const OLD: &str = "> Hello,\n>\n> press Export twice.\n> Best regards\n> Sam";

#[test]
fn above_the_quote_in_every_language() {
    let leads = [
        // Gmail
        "On Sat, Jul 25, 2026 at 5:20 PM Acme Help <help@acme.example> wrote:",
        "On Sat, Jul 25, 2026 at 5:20 PM Acme Help with a long name <\nhelp@acme.example> wrote:",
        "Am Sa., 25. Juli 2026 um 17:20 Uhr schrieb Acme Help <help@acme.example>:",
        "Am Sa., 25. Juli 2026 um 17:20\u{202f}Uhr schrieb Acme Help <\nhelp@acme.example>:",
        "Le sam. 25 juil. 2026 à 17:20, Acme Help <help@acme.example> a écrit :",
        "Le sam. 25 juil. 2026 à 17:20, Acme Help <help@acme.example> a\nécrit\u{a0}:",
        "El sáb, 25 jul 2026 a las 17:20, Acme Help (<help@acme.example>) escribió:",
        "في السبت، 25 يوليو 2026 في 5:20 م تمت كتابة ما يلي بواسطة Acme Help \u{200f}<help@acme.example>:",
        "\u{202b}في السبت، 25 يوليو 2026 في 5:20 م تمت كتابة ما يلي بواسطة \u{202a}Acme Help\u{202c}\u{200f} <\u{202a}help@acme.example\u{202c}>:\u{202c}",
        // Apple Mail
        "On 25 Jul 2026, at 17:20, Acme Help <help@acme.example> wrote:",
        "> On 25 Jul 2026, at 17:20, Acme Help <help@acme.example> wrote:\n>",
        "Am 25.07.2026 um 17:20 schrieb Acme Help <help@acme.example>:",
        "Le 25 juil. 2026 à 17:20, Acme Help <help@acme.example> a écrit :",
        "El 25 jul 2026, a las 17:20, Acme Help <help@acme.example> escribió:",
        "في ٢٥‏/٠٧‏/٢٠٢٦، الساعة ٥:٢٠ م، كتب Acme Help <help@acme.example>:",
        // Thunderbird
        "On 25/07/2026 17:20, Acme Help wrote:",
        "Am 25.07.26 um 17:20 schrieb Acme Help:",
        "Le 25/07/2026 à 17:20, Acme Help a écrit :",
        "El 25/7/26 a las 17:20, Acme Help escribió:",
        // Others
        "Acme Help <help@acme.example> wrote:",
        "Acme Help wrote on 25.07.2026 17:20:",
        "Acme Help <help@acme.example> schrieb am Sa., 25. Juli 2026, 17:20:",
        "On Saturday, July 25, 2026 at 05:20:00 PM GMT+2, Acme Help <help@acme.example> wrote:",
        "Il giorno sab 25 lug 2026 alle ore 17:20 Acme Help <help@acme.example> ha scritto:",
        "Op za 25 jul 2026 om 17:20 schreef Acme Help <help@acme.example>:",
        "Em sáb., 25 de jul. de 2026 às 17:20, Acme Help <help@acme.example> escreveu:",
    ];
    for lead in leads {
        check(&format!("It works.\n\nThank you!\n\n{lead}\n\n{OLD}\n"), "It works.\n\nThank you!");
        check(&format!("{lead}\n{OLD}\n\nIt works.\n"), "It works.");
    }
    // Marked by nothing but the line before it.
    check("Works.\n\nOn 25 Jul 2026, at 17:20, Sam <help@acme.example> wrote:\n\nHello,\npress it twice.", "Works.");
}

#[test]
fn above_a_whole_mail_as_outlook_appends_it() {
    let heads = [
        "From: Acme Help <help@acme.example>\nSent: Saturday, July 25, 2026 5:20 PM\nTo: Ada\nSubject: [#1001] Export",
        "________________________________\nFrom: Acme Help <help@acme.example>\nSent: 25 July 2026\nTo: Ada\nSubject: Re",
        "-----Original Message-----\nFrom: Acme Help\nSent: 25 July 2026\nTo: Ada\nSubject: Re",
        "*From:* Acme Help <help@acme.example>\n*Date:* Saturday, 25 July 2026\n*To:* Ada <ada@customer.example>\n*Subject:* Re",
        "Von: Acme Help <help@acme.example>\nGesendet: Samstag, 25. Juli 2026 17:20\nAn: Ada\nBetreff: [#1001] Export",
        "Von: Acme Help <help@acme.example>\nDatum: Samstag, 25. Juli 2026 um 17:20\nAn: Ada\nBetreff: [#1001] Export",
        "-----Ursprüngliche Nachricht-----\nVon: Acme Help",
        "De : Acme Help <help@acme.example>\nEnvoyé : samedi 25 juillet 2026 17:20\nÀ : Ada\nObjet : [#1001] Export",
        "-----Message d’origine-----\nDe : Acme Help",
        "De: Acme Help <help@acme.example>\nEnviado: sábado, 25 de julio de 2026 17:20\nPara: Ada\nAsunto: [#1001] Export",
        "-----Mensaje original-----\nDe: Acme Help",
        "من: Acme Help <help@acme.example>\nتم الإرسال: السبت، 25 يوليو 2026\nإلى: Ada\nالموضوع: [#1001] Export",
        "-----الرسالة الأصلية-----\nمن: Acme Help",
    ];
    for head in heads {
        check(&format!("It works.\n\nAda\n\n{head}\n\nHello,\n\npress Export twice."), "It works.\n\nAda");
    }
}

#[test]
fn signatures_go() {
    check("It works.\n\n-- \nAda Example\nCustomer Ltd", "It works.");
    check(&format!("It works.\n\n-- \nAda\n\nOn 25/07/2026 17:20, Sam wrote:\n{OLD}"), "It works.");
    check(&format!("On 25/07/2026 17:20, Sam wrote:\n{OLD}\n\nIt works.\n-- \nAda"), "It works.");
    for line in [
        "Sent from my iPhone",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Von meinem iPhone gesendet",
        "Gesendet von Outlook für Android",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "أُرسلت من الـ iPhone",
    ] {
        check(
            &format!("It works.\n\n{line}\n\nOn 25 Jul 2026, at 17:20, Sam <s@acme.example> wrote:\n\n{OLD}"),
            "It works.",
        );
        check(&format!("It works.\n\n{line}"), "It works.");
    }
    let long = format!("One\n--\n{}", "another paragraph\n".repeat(20));
    check(&long, long.trim());
}

#[test]
fn what_people_write_stays() {
    for own in [
        "It works.",
        "On the other hand my colleague wrote: it fails.\nWhat now?",
        "On Monday I wrote:\nplease help",
        "Von meinem Rechner aus geht es nicht.",
        "Outlook für Mac startet nicht.",
        "Le bouton ne marche pas.",
        "Steps:\n\n-- one\n-- two\n\nFrom: the menu\nClick it.",
        "The error was\n> cannot open file\nand then it stopped.",
        "FYI\n\n---------- Forwarded message ---------\nFrom: Bo <bo@customer.example>\nDate: Sat, Jul 25, 2026\nSubject: Bill\nTo: Ada\n\nPlease pay.",
    ] {
        check(own, own);
    }
}

#[test]
fn answers_between_the_lines_keep_what_they_answer() {
    check(
        "Hi Sam,\n\nOn 25/07/2026 17:20, Sam wrote:\n> Hello,\n> Which version?\n\n1.2\n\n> Which browser?\n\nFirefox\n\n> Best\n> Sam",
        "Hi Sam,\n\n> Hello,\n> Which version?\n\n1.2\n\n> Which browser?\n\nFirefox",
    );
    check("On 25/07/2026 17:20, Sam wrote:\n> Which version?\n\n1.2\n\n> Best\n> Sam", "> Which version?\n\n1.2");
}

#[test]
fn it_never_ends_up_empty() {
    for whole in [
        OLD.to_owned(),
        format!("On 25/07/2026 17:20, Sam wrote:\n{OLD}"),
        "-- \nAda".to_owned(),
        "Sent from my iPhone".to_owned(),
    ] {
        check(&whole, whole.trim());
    }
    check(" \n\n", "");
}
