//! From a key to an answer: wait for a pause, ask, show the newest answer only.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::{TimeoutHandle, set_timeout_with_handle, window};
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Element, FocusEvent, KeyboardEvent, MouseEvent, Node, RequestInit, Response};

use super::choice::{step, without_terms};
use super::elements::Elements;
use super::recent;

/// A pause that says the reader may want an answer.
const PAUSE: Duration = Duration::from_millis(90);

#[derive(Clone, Default)]
pub struct Typing(Rc<State>);

#[derive(Default)]
struct State {
    /// Number of the newest question; the answer to an older one is thrown away.
    asked: Cell<u32>,
    pause: Cell<Option<TimeoutHandle>>,
    running: RefCell<Option<AbortController>>,
    chosen: Cell<Option<usize>>,
    /// The reader wants to see the list; an answer that comes after they closed or left it changes that no more.
    open: Cell<bool>,
}

impl Typing {
    /// The island woke: the reader may already have typed something.
    pub fn begin(&self) {
        let Some(elements) = Elements::find() else {
            return;
        };
        if elements.chooses() {
            elements.make_combobox();
            // Reaching for the field is what woke the island.
            self.entered();
        }
        if elements.input.value() != elements.input.default_value() {
            self.changed();
        } else if !elements.chooses() {
            recent::remember(&elements.input.value());
        }
    }

    /// Whoever types on is back in the field, not at a hit.
    pub fn changed(&self) {
        self.0.open.set(true);
        if self.0.chosen.take().is_some()
            && let Some(elements) = Elements::find()
        {
            elements.choose(None);
        }
        if let Some(pause) = self.0.pause.take() {
            pause.clear();
        }
        let typing = self.clone();
        self.0.pause.set(set_timeout_with_handle(move || typing.ask(), PAUSE).ok());
    }

    fn ask(&self) {
        let Some(elements) = Elements::find() else {
            return;
        };
        let asked = self.0.asked.get() + 1;
        self.0.asked.set(asked);
        if let Some(outdated) = self.0.running.take() {
            outdated.abort();
        }
        let Some((query, url)) = address(&elements) else {
            return;
        };
        elements.search.set_attribute("aria-busy", "true").ok();
        let typing = self.clone();
        let running = AbortController::new().ok();
        let signal = running.clone();
        self.0.running.replace(running);
        spawn_local(async move {
            let answer = fetch(&url, signal.as_ref()).await;
            if typing.0.asked.get() == asked {
                typing.settle(&elements, &query, answer.ok().as_deref());
            }
        });
    }

    fn settle(&self, elements: &Elements, query: &str, answer: Option<&str>) {
        elements.search.remove_attribute("aria-busy").ok();
        let Some(html) = answer else {
            let failed = elements.search.dataset().get("failed");
            return elements.status.set_text_content(failed.as_deref());
        };
        if !elements.chooses() {
            self.show(elements, html);
            keep_address(elements, query);
        } else if is_empty(elements) {
            self.propose(elements, html);
        } else {
            self.show(elements, html);
        }
    }

    /// Before anything is typed: what this reader searched for lately, and what many search for.
    fn propose(&self, elements: &Elements, popular: &str) {
        self.0.chosen.set(None);
        elements.found.set_inner_html(popular);
        let recent = recent::all();
        if !recent.is_empty() {
            elements.propose(&recent);
        }
        if elements.hits().is_empty() {
            elements.found.set_inner_html("");
        }
        elements.make_options();
        elements.choose(None);
        elements.show(self.0.open.get());
        elements.status.set_text_content(None);
    }

    /// The hit that the reader is at by now stays it, if the new list has it; else the reader is back in the field.
    fn show(&self, elements: &Elements, html: &str) {
        let at = if elements.chooses() { self.0.chosen.get() } else { elements.focused() };
        let opens = at.and_then(|place| elements.addresses().into_iter().nth(place));
        elements.found.set_inner_html(html);
        let same = |other: &String| opens.as_deref().is_some_and(|hit| without_terms(hit) == without_terms(other));
        let kept = elements.addresses().iter().position(same);
        if elements.chooses() {
            self.0.chosen.set(kept);
            elements.make_options();
            elements.choose(kept);
            elements.show(self.0.open.get());
        } else if at.is_some() {
            elements.focus(kept);
        }
        let count = elements.found.query_selector("[data-count]").ok().flatten();
        elements.status.set_text_content(count.and_then(|count| count.text_content()).as_deref());
    }

    pub fn key(&self, event: &KeyboardEvent) {
        let Some(elements) = Elements::find().filter(|_| !event.is_composing()) else {
            return;
        };
        let handled = match event.key().as_str() {
            "ArrowDown" => self.arrow(&elements, true),
            "ArrowUp" => self.arrow(&elements, false),
            "Enter" => self.open(&elements),
            "Escape" => self.escape(&elements),
            _ => false,
        };
        if handled {
            event.prevent_default();
        }
    }

    fn arrow(&self, elements: &Elements, forward: bool) -> bool {
        let hits = elements.hits().len();
        if elements.chooses() {
            self.open_list(elements, true);
            self.0.chosen.set(step(self.0.chosen.get(), hits, forward));
            elements.choose(self.0.chosen.get());
        } else {
            elements.focus(step(elements.focused(), hits, forward));
        }
        hits > 0
    }

    /// Without a chosen hit the form is sent, as ever.
    fn open(&self, elements: &Elements) -> bool {
        let chosen = self.0.chosen.get().and_then(|place| elements.hits().into_iter().nth(place));
        chosen.as_ref().inspect(|hit| hit.click()).is_some()
    }

    /// Closes the list, not the text; with the list closed the key does what it always did.
    fn escape(&self, elements: &Elements) -> bool {
        let open = elements.chooses() && !elements.found.hidden() && !elements.hits().is_empty();
        let in_dialog = elements.search.closest("dialog").is_ok_and(|dialog| dialog.is_some());
        if open && !in_dialog {
            self.0.chosen.set(None);
            elements.choose(None);
            self.open_list(elements, false);
        }
        open && !in_dialog
    }

    /// The field, that is: a list that is made anew while the mouse is held down in it takes the click away.
    pub fn entered(&self) {
        let Some(elements) = Elements::find().filter(|elements| elements.chooses() && elements.is_focused()) else {
            return;
        };
        if is_empty(&elements) {
            self.0.open.set(true);
            self.ask();
        } else {
            self.open_list(&elements, true);
        }
    }

    /// Whoever opens a hit found what the words were for.
    pub fn clicked(&self, event: &MouseEvent) {
        let (Some(elements), Some(at)) =
            (Elements::find(), event.target().and_then(|at| at.dyn_into::<Element>().ok()))
        else {
            return;
        };
        let is_in = |selector| at.closest(selector).is_ok_and(|found| found.is_some());
        if is_in(".forget") {
            recent::forget();
            elements.input.focus().ok();
            self.ask();
        } else if is_in(".hits a") {
            recent::remember(&elements.input.value());
        }
    }

    pub fn left(&self, event: &FocusEvent) {
        let Some(elements) = Elements::find().filter(Elements::chooses) else {
            return;
        };
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        if !elements.search.contains(to.as_ref()) {
            self.open_list(&elements, false);
        }
    }

    fn open_list(&self, elements: &Elements, open: bool) {
        self.0.open.set(open);
        elements.show(open);
    }
}

fn is_empty(elements: &Elements) -> bool {
    elements.input.value().trim().is_empty()
}

/// The form's query string, and where the fragment for it is.
fn address(elements: &Elements) -> Option<(String, String)> {
    let query = elements.query_string()?;
    let typing = if elements.chooses() { "typing=1&" } else { "" };
    let url = format!("{}?{typing}{query}", elements.search.dataset().get("resultsUrl")?);
    Some((query, url))
}

/// The address bar shows what is shown, so that it can be shared and returned to.
fn keep_address(elements: &Elements, query: &str) {
    let url = format!("{}?{query}", elements.form.action());
    let history = window().history();
    history.and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&url))).ok();
}

async fn fetch(url: &str, running: Option<&AbortController>) -> Result<String, JsValue> {
    let options = RequestInit::new();
    options.set_signal(running.map(AbortController::signal).as_ref());
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(url, &options)).await?.dyn_into()?;
    if !response.ok() {
        return Err(JsValue::from(response.status()));
    }
    let text = JsFuture::from(response.text()?).await?;
    text.as_string().ok_or(text)
}
