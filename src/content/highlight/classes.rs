//! From a grammar's scopes to our few classes.

use std::sync::LazyLock;

use syntect::parsing::{Scope, ScopeStack, ScopeStackOp};

/// Scope prefixes, the more exact first, and the class that `style/` colours.
const CLASSES: [(&str, &str); 39] = [
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

/// The key of a mapping, which grammars call a string as well.
const KEY: &str = "meta.mapping.key";

struct Known {
    prefixes: Vec<(Scope, &'static str)>,
    key: Scope,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let scope = |name| Scope::new(name).expect("short scope names");
    Known { prefixes: CLASSES.iter().map(|(name, class)| (scope(name), *class)).collect(), key: scope(KEY) }
});

/// Writes text, opening and closing spans only where the class changes.
pub struct Painter<'a> {
    out: &'a mut String,
    open: &'static str,
    scopes: ScopeStack,
    /// Beside each open scope, what it makes of the text in it.
    classes: Vec<&'static str>,
    /// Scopes met before: a block of code has few.
    met: Vec<(Scope, Option<&'static str>)>,
}

impl<'a> Painter<'a> {
    pub fn new(out: &'a mut String) -> Self {
        Self { out, open: "", scopes: ScopeStack::new(), classes: Vec::new(), met: Vec::new() }
    }

    pub fn line(&mut self, line: &str, ops: &[(usize, ScopeStackOp)]) {
        let mut from = 0;
        for (at, op) in ops {
            self.write(&line[from..*at]);
            from = *at;
            self.apply(op);
        }
        self.write(&line[from..]);
    }

    fn apply(&mut self, op: &ScopeStackOp) {
        match op {
            ScopeStackOp::Push(scope) => self.push(*scope),
            ScopeStackOp::Pop(count) => self.classes.truncate(self.classes.len().saturating_sub(*count)),
            // Rare: let the stack work it out, and begin again from what it holds.
            ScopeStackOp::Clear(_) | ScopeStackOp::Restore | ScopeStackOp::Noop => {}
        }
        if self.scopes.apply(op).is_ok() && self.classes.len() != self.scopes.len() {
            self.classes.clear();
            self.scopes.as_slice().to_vec().into_iter().for_each(|scope| self.push(scope));
        }
    }

    fn push(&mut self, scope: Scope) {
        let above = self.classes.last().copied().unwrap_or("");
        let class = match self.class_of(scope) {
            Some("s") if above == "p" => "p",
            Some(class) => class,
            None => above,
        };
        self.classes.push(class);
    }

    fn class_of(&mut self, scope: Scope) -> Option<&'static str> {
        if let Some((_, class)) = self.met.iter().find(|(met, _)| *met == scope) {
            return *class;
        }
        let known = if KNOWN.key.is_prefix_of(scope) { Some("p") } else { None };
        let class = known
            .or_else(|| KNOWN.prefixes.iter().find(|(prefix, _)| prefix.is_prefix_of(scope)).map(|(_, class)| *class));
        self.met.push((scope, class));
        class
    }

    pub fn end(&mut self) {
        if !self.open.is_empty() {
            self.out.push_str("</span>");
        }
    }

    fn write(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        // White space has no colour.
        let wanted = self.classes.last().copied().unwrap_or("");
        let class = if text.trim().is_empty() { self.open } else { wanted };
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
