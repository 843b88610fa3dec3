//! The questions of a form, and a draft made of their answers.

use std::collections::BTreeMap;

use app::model::{FieldKind, FieldRow};
use app::words::{Words, fill};
use jiff::Timestamp;

use super::Place;
use crate::http::asked::Asked;
use crate::http::{frame, pairs};
use crate::tickets::{Draft, Fault, Faults, Field, Form, Kind};
use app::model::event::within;

/// Where a reader whom the host signed in is written to.
pub fn email_of(asked: &Asked) -> Option<&str> {
    asked.viewer.subject().and_then(|subject| subject.email.as_deref())
}

/// Makes rows of a form, each with what is wrong with its value.
pub fn row<'a>(
    words: &'a Words,
    faults: &'a Faults,
) -> impl Fn(&str, &str, FieldKind, &str, bool) -> FieldRow + use<'a> {
    |name, label, kind, value, required| FieldRow {
        name: name.to_owned(),
        label: label.to_owned(),
        help: None,
        kind,
        value: value.to_owned(),
        required,
        autocomplete: None,
        fault: faults.get(name).map(|fault| told(words, *fault)),
    }
}

pub fn rows(place: &Place<'_>, form: &Form, draft: &Draft, faults: &Faults) -> Vec<FieldRow> {
    let site = frame::site(place.help, &place.locale);
    let words = &site.words;
    let row = row(words, faults);
    let mut rows = vec![row("subject", &words.field_subject, FieldKind::Line, &draft.subject, true)];
    rows.push(row("text", &words.field_text, FieldKind::Text, &draft.text, true));
    rows.extend(form.fields.iter().map(|field| FieldRow {
        help: field.help.as_ref().map(|help| place.text(help).to_owned()),
        ..row(&field.name, place.text(&field.label), kind(field), value(draft, field), field.required)
    }));
    let subject = place.asked.viewer.subject();
    if subject.is_none_or(|subject| subject.name.is_none()) {
        let name = row("name", &words.field_name, FieldKind::Line, &draft.name, false);
        rows.push(FieldRow { autocomplete: Some("name"), ..name });
    }
    if email_of(place.asked).is_none() {
        let help = Some(words.field_email_help.to_string());
        let email = row("email", &words.field_email, FieldKind::Email, &draft.email, true);
        rows.push(FieldRow { autocomplete: Some("email"), help, ..email });
    }
    rows
}

fn kind(field: &Field) -> FieldKind {
    match field.kind {
        Kind::Line => FieldKind::Line,
        Kind::Text => FieldKind::Text,
        Kind::Choice => FieldKind::Choice(field.options.clone()),
        Kind::Tick => FieldKind::Tick,
    }
}

fn value<'d>(draft: &'d Draft, field: &Field) -> &'d str {
    draft.fields.get(&field.name).map_or("", String::as_str)
}

/// What is wrong, as its reader is told.
fn told(words: &Words, fault: Fault) -> String {
    match fault {
        Fault::Missing => words.fault_missing.to_string(),
        Fault::TooLong(longest) => fill(&words.fault_too_long, &[("longest", &words.number(longest))]),
        Fault::NoEmail => words.fault_email.to_string(),
        Fault::NoOption => words.fault_option.to_string(),
    }
}

/// What was written, as it came.
pub fn draft(name: &str, form: &Form, pairs: &[(String, String)], now: Timestamp) -> Draft {
    let value = |name: &str| pairs::value(pairs, name).map(|value| value.replace("\r\n", "\n"));
    let text = |name: &str| value(name).unwrap_or_default();
    let told = |name: &str, longest| {
        value(name).filter(|value| !value.is_empty()).map(|value| within(&value, longest).to_owned())
    };
    let fields: BTreeMap<_, _> =
        form.fields.iter().filter_map(|field| Some((field.name.clone(), value(&field.name)?))).collect();
    Draft {
        form: name.to_owned(),
        subject: text("subject"),
        text: text("text"),
        name: text("name"),
        email: text("email"),
        fields,
        page: told("page", 300).filter(|page| page.starts_with('/')),
        release: told("release", 64),
        network: told("network", 200),
        follows: told("follows", 64),
        begun_at: now.as_millisecond(),
    }
}
