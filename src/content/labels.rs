//! The few words that stand inside prose: callout titles, and names for those who listen instead of look.

/// One static value a language.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Labels {
    pub note: &'static str,
    pub tip: &'static str,
    pub important: &'static str,
    pub warning: &'static str,
    pub caution: &'static str,
    /// Followed by the heading.
    pub section: &'static str,
    /// Followed by a number.
    pub table: &'static str,
    pub footnotes: &'static str,
    pub back: &'static str,
    pub done: &'static str,
    pub open: &'static str,
}

const ENGLISH: Labels = Labels {
    note: "Note",
    tip: "Tip",
    important: "Important",
    warning: "Warning",
    caution: "Caution",
    section: "Link to this section:",
    table: "Table",
    footnotes: "Footnotes",
    back: "Back to the text",
    done: "Done",
    open: "To do",
};

const GERMAN: Labels = Labels {
    note: "Hinweis",
    tip: "Tipp",
    important: "Wichtig",
    warning: "Warnung",
    caution: "Vorsicht",
    section: "Link zu diesem Abschnitt:",
    table: "Tabelle",
    footnotes: "Fußnoten",
    back: "Zurück zum Text",
    done: "Erledigt",
    open: "Offen",
};

const FRENCH: Labels = Labels {
    note: "Remarque",
    tip: "Conseil",
    important: "Important",
    warning: "Avertissement",
    caution: "Attention",
    section: "Lien vers cette section :",
    table: "Tableau",
    footnotes: "Notes",
    back: "Retour au texte",
    done: "Fait",
    open: "À faire",
};

const SPANISH: Labels = Labels {
    note: "Nota",
    tip: "Consejo",
    important: "Importante",
    warning: "Advertencia",
    caution: "Precaución",
    section: "Enlace a esta sección:",
    table: "Tabla",
    footnotes: "Notas",
    back: "Volver al texto",
    done: "Hecho",
    open: "Pendiente",
};

const ARABIC: Labels = Labels {
    note: "ملاحظة",
    tip: "نصيحة",
    important: "مهم",
    warning: "تحذير",
    caution: "تنبيه",
    section: "رابط إلى هذا القسم:",
    table: "جدول",
    footnotes: "الحواشي",
    back: "العودة إلى النص",
    done: "تم",
    open: "لم يتم بعد",
};

/// English where we do not know the language.
pub(super) fn labels(locale: &str) -> &'static Labels {
    match locale.split('-').next() {
        Some("de") => &GERMAN,
        Some("fr") => &FRENCH,
        Some("es") => &SPANISH,
        Some("ar") => &ARABIC,
        _ => &ENGLISH,
    }
}
