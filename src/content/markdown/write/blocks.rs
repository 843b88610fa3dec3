//! Paragraphs, lists, quotes and callouts, tables, code blocks.

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Tag, TagEnd};

use super::{Gathering, Table, Writer};
use crate::content::Problem;

impl Writer<'_> {
    pub(super) fn start_block(&mut self, tag: Tag<'_>, at: usize) {
        match tag {
            Tag::Paragraph => {
                self.outline.begin_paragraph();
                self.html.push_str("<p>");
            }
            Tag::BlockQuote(None) => self.open("<blockquote>\n", "</blockquote>\n"),
            Tag::BlockQuote(Some(kind)) => self.callout(kind),
            Tag::List(None) => self.open("<ul>\n", "</ul>\n"),
            Tag::List(Some(1)) => self.open("<ol>\n", "</ol>\n"),
            Tag::List(Some(start)) => self.open(&format!("<ol start=\"{start}\">\n"), "</ol>\n"),
            Tag::Item => self.open("<li>", "</li>\n"),
            Tag::DefinitionList => self.open("<dl>\n", "</dl>\n"),
            Tag::DefinitionListTitle => self.open("<dt>", "</dt>\n"),
            Tag::DefinitionListDefinition => self.open("<dd>", "</dd>\n"),
            Tag::CodeBlock(kind) => {
                self.gathering.push(Gathering::Code { language: language(&kind), text: String::new(), at })
            }
            Tag::HtmlBlock => self.gathering.push(Gathering::Html { text: String::new(), at }),
            Tag::FootnoteDefinition(label) => {
                self.outside.push((std::mem::take(&mut self.html), label.into_string()));
            }
            Tag::Table(columns) => self.start_table(columns),
            Tag::TableHead => {
                self.table.head = true;
                self.table.column = 0;
                self.html.push_str("<thead><tr>");
            }
            Tag::TableRow => {
                self.table.column = 0;
                self.html.push_str("<tr>");
            }
            Tag::TableCell => self.start_cell(),
            _ => {}
        }
    }

    pub(super) fn end_block(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => {
                self.outline.end_paragraph();
                self.html.push_str("</p>\n");
            }
            TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition => self.close(),
            TagEnd::CodeBlock | TagEnd::HtmlBlock => self.end_gathering(),
            TagEnd::FootnoteDefinition => {
                if let Some((outside, label)) = self.outside.pop() {
                    let body = std::mem::replace(&mut self.html, outside);
                    self.footnotes.define(&label, body);
                }
            }
            TagEnd::Table => self.block("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.table.head = false;
                self.html.push_str("</tr></thead><tbody>\n");
            }
            TagEnd::TableRow => self.block("</tr>\n"),
            TagEnd::TableCell => {
                self.outline.gap();
                self.table.column += 1;
                self.html.push_str(if self.table.head { "</th>" } else { "</td>" });
            }
            _ => {}
        }
    }

    fn callout(&mut self, kind: BlockQuoteKind) {
        let labels = self.job.labels;
        let (class, title) = match kind {
            BlockQuoteKind::Note => ("note", labels.note),
            BlockQuoteKind::Tip => ("tip", labels.tip),
            BlockQuoteKind::Important => ("important", labels.important),
            BlockQuoteKind::Warning => ("warning", labels.warning),
            BlockQuoteKind::Caution => ("caution", labels.caution),
        };
        self.open(
            &format!(
                "<aside class=\"callout callout-{class}\" role=\"note\">\n<p class=\"callout-title\">{title}</p>\n"
            ),
            "</aside>\n",
        );
    }

    fn start_table(&mut self, columns: Vec<Alignment>) {
        self.tables += 1;
        self.table = Table { columns, ..Table::default() };
        let label = format!("{} {}", self.job.labels.table, self.tables);
        self.block(&format!("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"{label}\"><table>\n"));
    }

    fn start_cell(&mut self) {
        let class = match self.table.columns.get(self.table.column) {
            Some(Alignment::Left) => " class=\"align-start\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            Some(Alignment::Right) => " class=\"align-end\"",
            _ => "",
        };
        self.html.push_str(if self.table.head { "<th scope=\"col\"" } else { "<td" });
        self.html.push_str(class);
        self.html.push('>');
    }

    fn end_gathering(&mut self) {
        match self.gathering.pop() {
            Some(Gathering::Code { language, text, at }) => self.code_block(&language, &text, at),
            Some(Gathering::Html { text, at }) => self.raw_html(&text, at),
            Some(image @ Gathering::Image { .. }) => self.gathering.push(image),
            None => {}
        }
    }
}

impl Writer<'_> {
    fn code_block(&mut self, language: &str, text: &str, at: usize) {
        self.outline.gap();
        self.outline.text(text);
        self.outline.code_block(text);
        self.outline.gap();
        if !self.code.block(&mut self.html, language, text, self.raw) {
            let message = format!("There is no grammar for the language `{language}`; its code stays plain.");
            let cure = "Write `text` to say that this is meant.";
            let place = self.position(at);
            let problem = Problem::notice("unknown-language", &self.job.page.source, message, cure);
            self.problems.push(problem.at(place));
        }
    }
}

/// The first word behind the fence: of `json title="x"` and `json,ignore` it is `json`.
fn language(kind: &CodeBlockKind<'_>) -> String {
    let CodeBlockKind::Fenced(info) = kind else {
        return String::new();
    };
    let word = info.split([' ', ',', '{', '\t']).next().unwrap_or_default();
    word.to_ascii_lowercase()
}
