//! From a grammar's scopes to our few classes.

use std::sync::LazyLock;

use syntect::parsing::{Scope, ScopeStack, ScopeStackOp};

/// Scope prefixes, the more exact first, and the class that `style/` colours.
const CLASSES: [(&str, &str); 40] = [
    ("comment", "c"),
    ("punctuation.definition.comment", "c"),
    ("string", "s"),
    ("punctuation.definition.string", "s"),
    ("constant.character.escape", "e"),
    ("constant.numeric", "n"),
    ("constant.language", "n"),
    ("constant.other.color", "n"),
    ("constant", "n"),
    ("entity.name.function", "f"),
    ("support.function", "f"),
    ("variable.function", "f"),
    ("meta.function-call.arguments", ""),
    ("entity.name.tag", "t"),
    ("entity.name.type", "t"),
    ("entity.name.class", "t"),
    ("entity.name.struct", "t"),
    ("entity.name.enum", "t"),
    ("entity.name.namespace", "t"),
    ("entity.name.section", "t"),
    ("entity.name.label", "t"),
    ("support.type.property-name", "p"),
    ("meta.mapping.key", "p"),
    ("entity.other.attribute-name", "p"),
    ("entity.name.key", "p"),
    ("variable.other.member", "p"),
    ("support.type", "t"),
    ("support.class", "t"),
    ("storage.type", "k"),
    ("storage.modifier", "k"),
    ("storage", "k"),
    ("keyword.operator", "o"),
    ("keyword", "k"),
    ("variable.language", "k"),
    ("variable.parameter", "v"),
    ("variable.other.readwrite", "v"),
    ("punctuation.definition.variable", "v"),
    ("variable.other", "v"),
    ("markup.inserted", "i"),
    ("markup.deleted", "d"),
];

static PREFIXES: LazyLock<Vec<(Scope, &str)>> = LazyLock::new(|| {
    CLASSES
        .iter()
        .map(|(scope, class)| (Scope::new(scope).expect("short scope names"), *class))
        .collect()
});

fn class_of(scope: Scope) -> Option<&'static str> {
    PREFIXES
        .iter()
        .find(|(prefix, _)| prefix.is_prefix_of(scope))
        .map(|(_, class)| *class)
}

/// Writes text, opening and closing spans only where the class changes.
pub struct Painter<'a> {
    out: &'a mut String,
    open: &'static str,
}

impl<'a> Painter<'a> {
    pub fn new(out: &'a mut String) -> Self {
        Self { out, open: "" }
    }

    pub fn plain(out: &'a mut String, text: &str) {
        Self::new(out).write("", text);
    }

    pub fn line(&mut self, line: &str, ops: &[(usize, ScopeStackOp)], stack: &mut ScopeStack) {
        let mut from = 0;
        for (at, op) in ops {
            self.write(class(stack), &line[from..*at]);
            from = *at;
            if stack.apply(op).is_err() {
                break;
            }
        }
        self.write(class(stack), &line[from..]);
    }

    pub fn end(&mut self) {
        if !self.open.is_empty() {
            self.out.push_str("</span>");
        }
    }

    fn write(&mut self, class: &'static str, text: &str) {
        if text.is_empty() {
            return;
        }
        // White space has no colour.
        let class = if text.trim().is_empty() {
            self.open
        } else {
            class
        };
        if class != self.open {
            self.end();
            if !class.is_empty() {
                self.out.push_str("<span class=\"");
                self.out.push_str(class);
                self.out.push_str("\">");
            }
            self.open = class;
        }
        super::super::markdown::escape(self.out, text);
    }
}

/// The innermost scope that means something to us.
fn class(stack: &ScopeStack) -> &'static str {
    stack
        .as_slice()
        .iter()
        .rev()
        .find_map(|scope| class_of(*scope))
        .unwrap_or("")
}
