//! The elements of the page's one search box, and how a list of links becomes the options of a field
//! (<https://www.w3.org/WAI/ARIA/apg/patterns/combobox/>).

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, UrlSearchParams};

pub struct Elements {
    pub search: HtmlElement,
    pub form: HtmlFormElement,
    pub input: HtmlInputElement,
    /// Where results are shown.
    pub found: HtmlElement,
    /// What is said aloud.
    pub status: HtmlElement,
}

impl Elements {
    /// `None` on a page without a search box, which has no island either.
    pub fn find() -> Option<Self> {
        let search: HtmlElement = one(".search")?;
        Some(Self {
            search,
            form: one(".search-form")?,
            input: one("#q")?,
            found: one("[data-found]")?,
            status: one("[data-status]")?,
        })
    }

    /// The hits are options of the field; else they are the page.
    pub fn chooses(&self) -> bool {
        self.search.dataset().get("behaviour").as_deref() == Some("choose")
    }

    /// The form as a query string: what would be sent without this island.
    pub fn query_string(&self) -> Option<String> {
        let form = FormData::new_with_form(&self.form).ok()?;
        let fields = UrlSearchParams::new_with_str_sequence_sequence(&form).ok()?;
        Some(fields.to_string().into())
    }

    pub fn hits(&self) -> Vec<HtmlElement> {
        all(&self.found, ".hits a")
    }

    pub fn addresses(&self) -> Vec<String> {
        self.hits().iter().map(|hit| hit.get_attribute("href").unwrap_or_default()).collect()
    }

    /// Puts earlier searches on top of what is proposed before anything is typed, and a way to forget them below.
    pub fn propose(&self, recent: &[String]) -> Option<()> {
        let data = self.search.dataset();
        let list = one(".hits").or_else(|| {
            let list = created("ol", "hits")?;
            list.set_id("hits");
            set(&list, &[("aria-label", &data.get("recent")?)]);
            self.found.append_child(&list).ok()?;
            Some(list)
        })?;
        let title = created("li", "query-title")?;
        title.set_text_content(data.get("recent").as_deref());
        let first = list.first_child();
        list.insert_before(&title, first.as_ref()).ok()?;
        for link in all::<HtmlElement>(&list, ".query a")
            .iter()
            .filter(|link| recent.contains(&link.text_content().unwrap_or_default()))
        {
            link.closest(".query").ok()??.remove();
        }
        for query in recent {
            let (item, link) = (created("li", "query recent")?, created("a", "")?);
            let fields = UrlSearchParams::new().ok()?;
            fields.append("q", query);
            set(&link, &[("href", &format!("{}?{}", self.form.action(), String::from(fields.to_string())))]);
            link.set_text_content(Some(query));
            item.append_child(&link).ok()?;
            list.insert_before(&item, first.as_ref()).ok()?;
        }
        let (line, button) = (created("p", "forget")?, created("button", "")?);
        // Safari gives the focus to a button that is pressed only if it says where in the order of Tab it is; without,
        // the list would close under the mouse.
        set(&button, &[("type", "button"), ("tabindex", "0")]);
        button.set_text_content(data.get("forget").as_deref());
        line.append_child(&button).ok()?;
        self.found.append_child(&line).ok()?;
        Some(())
    }

    /// Before anything is typed.
    pub fn make_combobox(&self) {
        set(
            &self.input,
            &[
                ("role", "combobox"),
                ("aria-autocomplete", "list"),
                ("aria-haspopup", "listbox"),
                ("aria-expanded", "false"),
            ],
        );
    }

    /// Of the list of links that was swapped in.
    pub fn make_options(&self) {
        let Ok(Some(list)) = self.found.query_selector(".hits") else {
            return;
        };
        set(&list, &[("role", "listbox")]);
        set(&self.input, &[("aria-controls", list.id().as_str())]);
        for item in all(&list, "li") {
            set(&item, &[("role", "presentation")]);
        }
        for sections in all(&list, "ul") {
            set(&sections, &[("role", "group")]);
        }
        for title in all(&list, ".query-title") {
            set(&title, &[("aria-hidden", "true")]);
        }
        for (place, hit) in self.hits().iter().enumerate() {
            hit.set_id(&option_id(place));
            set(hit, &[("role", "option"), ("aria-selected", "false"), ("tabindex", "-1")]);
        }
    }

    pub fn show(&self, shown: bool) {
        self.found.set_hidden(!shown);
        let expanded = shown && !self.hits().is_empty();
        set(&self.input, &[("aria-expanded", if expanded { "true" } else { "false" })]);
    }

    /// Marks the chosen option; the focus stays in the field.
    pub fn choose(&self, chosen: Option<usize>) {
        for (place, hit) in self.hits().iter().enumerate() {
            let selected = chosen == Some(place);
            set(hit, &[("aria-selected", if selected { "true" } else { "false" })]);
            if selected {
                hit.scroll_into_view_with_bool(false);
            }
        }
        set(&self.input, &[("aria-activedescendant", &chosen.map(option_id).unwrap_or_default())]);
    }

    /// Moves the focus to a hit, or back to the field.
    pub fn focus(&self, chosen: Option<usize>) {
        let hits = self.hits();
        let target = chosen.and_then(|place| hits.get(place)).unwrap_or(&self.input);
        target.focus().ok();
    }

    pub fn is_focused(&self) -> bool {
        document().active_element().is_some_and(|focused| self.input.is_same_node(Some(&focused)))
    }

    /// The hit that has the focus.
    pub fn focused(&self) -> Option<usize> {
        let focused = document().active_element()?;
        self.hits().iter().position(|hit| hit.is_same_node(Some(&focused)))
    }
}

fn option_id(place: usize) -> String {
    format!("option-{place}")
}

fn created(tag: &str, class: &str) -> Option<HtmlElement> {
    let element: HtmlElement = document().create_element(tag).ok()?.dyn_into().ok()?;
    element.set_class_name(class);
    Some(element)
}

fn one<T: JsCast>(selector: &str) -> Option<T> {
    document().query_selector(selector).ok()??.dyn_into().ok()
}

fn all<T: JsCast>(within: &Element, selector: &str) -> Vec<T> {
    let Ok(found) = within.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length()).filter_map(|place| found.get(place)?.dyn_into().ok()).collect()
}

/// Setting an attribute fails only for a name that is none.
fn set(element: &Element, attributes: &[(&str, &str)]) {
    for (name, value) in attributes {
        element.set_attribute(name, value).ok();
    }
}
