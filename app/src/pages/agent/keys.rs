//! The keys of the portal, all in one dialog.

use leptos::prelude::*;

use crate::words::{Word, Words};

pub fn dialog(words: &Words) -> impl IntoView + use<'_> {
    let own = &words.agent;
    let keys: [(&[&str], &Word); 11] = [
        (&["j"], &own.key_next),
        (&["k"], &own.key_previous),
        (&["Enter"], &own.key_open),
        (&["r"], &own.reply),
        (&["n"], &own.note),
        (&["a"], &own.assign_me),
        (&["?", "?"], &own.key_answers),
        (&["Ctrl", "Enter"], &own.key_send),
        (&["/"], &own.find),
        (&["q"], &own.key_queue),
        (&["?"], &own.key_help),
    ];
    let rows: Vec<_> = keys
        .into_iter()
        .map(|(keys, what)| {
            let keys: Vec<_> = keys.iter().map(|key| view! { <kbd>{*key}</kbd>" " }).collect();
            view! { <div><dt>{keys}</dt><dd>{what.as_ref()}</dd></div> }
        })
        .collect();
    view! {
        <dialog class="portal-keys" id="keys" aria-labelledby="keys-title">
            <h2 id="keys-title">{own.keys.as_ref()}</h2>
            <dl>{rows}</dl>
            <form method="dialog"><button class="quiet" autofocus>{words.close.as_ref()}</button></form>
        </dialog>
    }
}
