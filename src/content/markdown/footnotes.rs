//! Footnotes: numbered where they are first named, listed at the end.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::super::labels::Labels;
use super::escape::escape;

#[derive(Default)]
pub struct Footnotes {
    /// Label → number, and how often it was named.
    named: HashMap<String, (usize, usize)>,
    order: Vec<String>,
    bodies: HashMap<String, String>,
}

impl Footnotes {
    pub fn reference(&mut self, out: &mut String, label: &str) {
        let number = self.number(label);
        let (_, times) = self.named.entry(label.to_owned()).or_default();
        *times += 1;
        let times = if *times == 1 { String::new() } else { format!("-{times}") };
        out.push_str("<sup class=\"footnote\">");
        let link = write!(out, "<a id=\"fnref:{number}{times}\" href=\"#fn:{number}\">{number}</a></sup>");
        link.expect("a string takes everything");
    }

    pub fn define(&mut self, label: &str, html: String) {
        self.number(label);
        self.bodies.insert(label.to_owned(), html);
    }

    fn number(&mut self, label: &str) -> usize {
        if let Some((number, _)) = self.named.get(label) {
            return *number;
        }
        self.order.push(label.to_owned());
        self.named.insert(label.to_owned(), (self.order.len(), 0));
        self.order.len()
    }

    /// The ids links may name.
    pub fn anchors(&self) -> impl Iterator<Item = String> {
        (1..=self.order.len()).flat_map(|number| [format!("fn:{number}"), format!("fnref:{number}")])
    }

    pub fn list(&self, out: &mut String, labels: &Labels) {
        if self.order.is_empty() {
            return;
        }
        out.push_str("<section class=\"footnotes\" aria-label=\"");
        escape(out, labels.footnotes);
        out.push_str("\"><ol>\n");
        for (index, label) in self.order.iter().enumerate() {
            let number = index + 1;
            let body = self.bodies.get(label).map_or("", String::as_str);
            let back = match self.named.get(label) {
                Some((_, times)) if *times > 0 => {
                    format!(
                        "<a class=\"footnote-back\" href=\"#fnref:{number}\" aria-label=\"{} {number}\">↩</a>",
                        labels.back
                    )
                }
                _ => String::new(),
            };
            let item = writeln!(out, "<li id=\"fn:{number}\">{body}{back}</li>");
            item.expect("a string takes everything");
        }
        out.push_str("</ol></section>\n");
    }
}
