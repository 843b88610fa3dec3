use super::Words;

pub const WORDS: Words = Words {
    language: "de",
    direction: "ltr",
    greeting: "Guten Tag,",
    opened: "Ihre Anfrage #{ticket} ist bei {site} angekommen. Wir antworten so bald wie möglich.",
    opened_action: "Anfrage ansehen oder ergänzen",
    replied: "{agent} hat auf Ihre Anfrage #{ticket} geantwortet:",
    replied_action: "Alles lesen und antworten",
    rating_subject: "Haben wir geholfen?",
    rating: "Ihre Anfrage #{ticket} bei {site} ist gelöst. Haben wir Ihnen geholfen?",
    rating_action: "Hilfe bewerten",
    sign_in_subject: "Anmelden bei {site}",
    sign_in: "Sie haben einen Link zum Anmelden bei {site} angefordert. Er gilt einmal, {minutes} Min. lang.",
    sign_in_action: "Anmelden",
    sign_in_not_you: "Wenn Sie ihn nicht angefordert haben, ignorieren Sie diese E-Mail. Ohne sie kann sich niemand anmelden.",
    private: "Geben Sie den Link nicht weiter: Wer ihn hat, kann Ihre Anfrage lesen und darauf antworten.",
    why: "Sie erhalten diese E-Mail, weil diese Adresse bei {site} angegeben wurde.",
};
