//! A question of a form, with its label, its help and what is wrong with the answer.

use leptos::prelude::*;

use crate::model::{FieldKind, FieldRow, Site};

pub fn field<'a>(site: &'a Site, row: &'a FieldRow) -> impl IntoView + use<'a> {
    let id = format!("field-{}", row.name);
    let optional = (!row.required && row.kind != FieldKind::Tick)
        .then(|| view! { " " <span class="optional">{site.words.field_optional.as_ref()}</span> });
    let label = view! { <label for=id.clone()>{row.label.as_str()}{optional}</label> };
    let help = row.help.as_deref().map(|help| view! { <p class="field-help" id=format!("{id}-help")>{help}</p> });
    let fault = row.fault.as_deref().map(|fault| view! { <p class="refusal" id=format!("{id}-fault")>{fault}</p> });
    let input = input(site, row, &id);
    match row.kind {
        FieldKind::Tick => view! { <div class="field tick">{input}<div>{label}{help}{fault}</div></div> }.into_any(),
        _ => view! { <div class="field">{label}{help}{fault}{input}</div> }.into_any(),
    }
}

fn input<'a>(site: &'a Site, row: &'a FieldRow, id: &str) -> AnyView {
    let (id, name, value) = (id.to_owned(), row.name.clone(), row.value.clone());
    let described = described(row, &id);
    let invalid = row.fault.is_some().then_some("true");
    let required = row.required;
    match &row.kind {
        FieldKind::Line | FieldKind::Email => {
            let kind = if row.kind == FieldKind::Email { "email" } else { "text" };
            view! {
                <input type=kind id=id name=name value=value required=required autocomplete=row.autocomplete
                    aria-describedby=described aria-invalid=invalid/>
            }
            .into_any()
        }
        FieldKind::Text => view! {
            <textarea id=id name=name rows="7" required=required aria-describedby=described aria-invalid=invalid>
                {in_textarea(&value)}
            </textarea>
        }
        .into_any(),
        FieldKind::Choice(options) => {
            let option = |option: &String| view! { <option selected=*option == value>{option.clone()}</option> };
            let options: Vec<_> = options.iter().map(option).collect();
            view! {
                <select id=id name=name required=required aria-describedby=described aria-invalid=invalid>
                    <option value="">{site.words.choose.clone()}</option>
                    {options}
                </select>
            }
            .into_any()
        }
        FieldKind::Tick => view! {
            <input type="checkbox" id=id name=name value="yes" checked=!value.is_empty() required=required
                aria-describedby=described aria-invalid=invalid/>
        }
        .into_any(),
    }
}

/// `text` as it has to stand in a `<textarea>`, whose content Leptos writes as it is: a browser reads references to
/// characters there, ends it at its tag, and drops a line break at the beginning.
pub fn in_textarea(text: &str) -> String {
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;"))
}

/// Ids of what explains the field.
fn described(row: &FieldRow, id: &str) -> Option<String> {
    let parts = [(row.help.is_some(), "help"), (row.fault.is_some(), "fault")];
    let ids: Vec<_> = parts.into_iter().filter(|(is, _)| *is).map(|(_, part)| format!("{id}-{part}")).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}
