//! Takes from a file what is meant, and gathers every fault on the way: what is wrong is told and passed over.

use std::fmt::Display;
use std::str::FromStr;

use app::model::{Priority, Status};

use super::node::{Name, Node, Value};
use crate::content::{Position, Problem, Severity};

pub(super) struct Reader {
    /// As problems name it.
    file: String,
    pub problems: Vec<Problem>,
}

/// What one map says.
pub(super) struct Fields<'n> {
    pub at: Position,
    entries: &'n [(Name, Node)],
}

impl<'n> Fields<'n> {
    pub fn get(&self, key: &str) -> Option<&'n Node> {
        self.entries.iter().find(|(name, _)| name.text == key).map(|(_, node)| node)
    }

    pub fn iter(&self) -> impl Iterator<Item = &'n (Name, Node)> + use<'n> {
        self.entries.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl Reader {
    pub fn new(file: &str) -> Self {
        Self { file: file.to_owned(), problems: Vec::new() }
    }

    pub fn fault(&mut self, kind: &str, at: impl Into<Option<Position>>, message: String, cure: impl Into<String>) {
        self.tell(Severity::Error, kind, at.into(), message, cure.into());
    }

    pub fn warn(&mut self, kind: &str, at: Position, message: String, cure: impl Into<String>) {
        self.tell(Severity::Warning, kind, Some(at), message, cure.into());
    }

    fn tell(&mut self, severity: Severity, kind: &str, position: Option<Position>, message: String, cure: String) {
        let (kind, file) = (kind.to_owned(), self.file.clone());
        self.problems.push(Problem { severity, kind, file, position, message, cure });
    }

    /// A fault of another file, which this one names.
    pub fn tell_of(&mut self, severity: Severity, file: &str, line: usize, message: String, cure: &str) {
        let position = Some(Position { line: u32::try_from(line).unwrap_or(u32::MAX), column: 1 });
        let (kind, file, cure) = ("bad-holidays".to_owned(), file.to_owned(), cure.to_owned());
        self.problems.push(Problem { severity, kind, file, position, message, cure });
    }

    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// A value that cannot be meant.
    pub fn refuse(&mut self, at: Position, what: &str, found: impl Display, cure: impl Into<String>) {
        self.fault("bad-value", at, format!("{what} is {found}."), cure);
    }

    /// The entries of a map whose keys are names of the operator's own.
    pub fn map<'n>(&mut self, node: &'n Node, what: &str) -> Fields<'n> {
        let entries = match &node.value {
            Value::Map(entries) => &entries[..],
            Value::Nothing => &[],
            other => {
                self.refuse(node.at, what, found(other), "Write it as lines of `name: …`.");
                &[]
            }
        };
        Fields { at: node.at, entries }
    }

    /// The fields of a thing, all of whose keys are known.
    pub fn fields<'n>(&mut self, node: &'n Node, what: &str, known: &[&str]) -> Fields<'n> {
        let fields = self.map(node, what);
        for (name, _) in fields.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            let cure = format!("Take one of {}.", known.join(", "));
            self.fault("unknown-key", name.at, format!("{what} knows no `{name}`."), cure);
        }
        fields
    }

    /// `None` is told: the key must be there.
    pub fn needed<'n>(&mut self, fields: &Fields<'n>, key: &str, what: &str, cure: &str) -> Option<&'n Node> {
        let node = fields.get(key);
        if node.is_none() {
            self.fault("missing-key", fields.at, format!("{what} says no `{key}`."), cure);
        }
        node
    }

    pub fn list<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Node] {
        match &node.value {
            Value::List(list) => list,
            Value::Nothing => &[],
            other => {
                self.refuse(node.at, what, found(other), "Write a list, each of it behind a `-`.");
                &[]
            }
        }
    }

    pub fn text(&mut self, node: &Node, what: &str) -> Option<Name> {
        match &node.value {
            Value::Text(text) if !text.trim().is_empty() => Some(Name { text: text.trim().to_owned(), at: node.at }),
            other => {
                self.refuse(node.at, what, found(other), "Write a text.");
                None
            }
        }
    }

    /// A text, or a list of texts.
    pub fn texts(&mut self, node: &Node, what: &str) -> Vec<Name> {
        match &node.value {
            Value::List(list) => list.iter().filter_map(|it| self.text(it, what)).collect(),
            Value::Nothing => Vec::new(),
            _ => self.text(node, what).into_iter().collect(),
        }
    }

    /// The texts of `key`, none where it is not said.
    pub fn texts_of(&mut self, fields: &Fields<'_>, key: &str) -> Vec<Name> {
        fields.get(key).map(|node| self.texts(node, &format!("`{key}`"))).unwrap_or_default()
    }

    pub fn text_of(&mut self, fields: &Fields<'_>, key: &str) -> Option<Name> {
        fields.get(key).and_then(|node| self.text(node, &format!("`{key}`")))
    }

    /// What `text` means to `T`, else a fault with `cure`.
    pub fn parsed<T: FromStr>(&mut self, node: &Node, what: &str, cure: &str) -> Option<T> {
        let name = self.text(node, what)?;
        let value = name.text.parse().ok();
        if value.is_none() {
            self.refuse(name.at, what, format_args!("`{name}`"), cure);
        }
        value
    }

    /// A whole number of at least 1.
    pub fn count(&mut self, node: &Node, what: &str) -> Option<u32> {
        let count: std::num::NonZeroU32 = self.parsed(node, what, "Write a whole number of at least 1.")?;
        Some(count.get())
    }

    pub fn is_true(&mut self, node: &Node, what: &str) -> Option<bool> {
        self.parsed(node, what, "Write `true` or `false`.")
    }

    pub fn priority(&mut self, name: &Name) -> Option<Priority> {
        self.one_of(name, "a priority", Priority::ALL, Priority::name)
    }

    pub fn status(&mut self, name: &Name) -> Option<Status> {
        self.one_of(name, "a status", Status::ALL, Status::name)
    }

    pub fn one_of<T: Copy>(
        &mut self,
        name: &Name,
        what: &str,
        all: &[T],
        called: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let known = all.iter().copied().find(|known| called(*known) == name.text);
        if known.is_none() {
            let names: Vec<_> = all.iter().map(|known| called(*known)).collect();
            let cure = format!("Take one of {}.", names.join(", "));
            self.fault("bad-value", name.at, format!("`{name}` is not {what}."), cure);
        }
        known
    }
}

fn found(value: &Value) -> String {
    match value {
        Value::Nothing => "empty".to_owned(),
        Value::Text(text) => format!("the text `{text}`"),
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "a map".to_owned(),
    }
}
