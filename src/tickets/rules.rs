//! `routing.yml` and the files of holidays beside it, read at start.

use std::collections::BTreeSet;
use std::io::{Error, ErrorKind};
use std::path::{Component, Path};

use anyhow::{Context, Result, bail};
use tracing::warn;

use super::Settings;
use crate::content::{Problem, Severity};
use crate::routing::{Kind, Known, Rules};

/// What tickets are routed by.
#[derive(Debug)]
pub struct Routing {
    pub rules: Rules,
    /// The hash of all its files: other files, other plans. Without a file there is none, and rules say what a ticket is
    /// about, and nothing else.
    pub fingerprint: Option<String>,
}

impl Default for Routing {
    fn default() -> Self {
        Self { rules: Rules::usual(), fingerprint: None }
    }
}

impl Routing {
    /// What the settings name. Warnings are logged.
    ///
    /// # Errors
    /// A file that is named and cannot be read, or rules that cannot be used: every problem, each with its cure.
    pub fn open(settings: &Settings) -> Result<Self> {
        let Some(file) = &settings.routing else { return Ok(Self::default()) };
        let mut problems = Vec::new();
        let read = Self::read(file, &mut problems)?;
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
        let errors: String = errors.map(|problem| format!("\n{problem}")).collect();
        problems.iter().filter(|it| it.severity != Severity::Error).for_each(|problem| warn!("{problem}"));
        match read {
            Some(routing) => Ok(routing),
            None => bail!("tickets.routing names rules that cannot be used:{errors}"),
        }
    }

    /// The rules of a file, and all that is wrong with it; nothing where they cannot be used.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn read(file: &Path, problems: &mut Vec<Problem>) -> Result<Option<Self>> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}, which tickets.routing names", file.display()))?;
        let hash = std::cell::RefCell::new(blake3::Hasher::new());
        hash.borrow_mut().update(text.as_bytes());
        let beside = |name: &str| {
            let text = read_beside(file, name)?;
            hash.borrow_mut().update(&[0]).update(text.as_bytes());
            Ok(text)
        };
        let rules = Rules::read(&file.display().to_string(), &text, &beside, problems);
        let fingerprint = Some(hash.into_inner().finalize().to_hex()[..32].to_owned());
        Ok(rules.map(|rules| Self { rules, fingerprint }))
    }
}

/// A file of the same folder, and of no other.
fn read_beside(file: &Path, name: &str) -> std::io::Result<String> {
    let mut parts = Path::new(name).components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(_)), None) => {
            std::fs::read_to_string(file.parent().unwrap_or(Path::new("")).join(name))
        }
        _ => Err(Error::new(ErrorKind::InvalidInput, "it is no file of the same folder")),
    }
}

/// What rules may name of the settings: forms, and the questions they ask.
pub fn known(settings: &Settings) -> Known {
    let forms = settings.forms();
    let fields = forms.iter().flat_map(|(_, form)| &form.fields).map(|field| field.name.clone());
    let fields: BTreeSet<_> = fields.collect();
    let forms = forms.iter().map(|(name, _)| (*name).to_owned()).collect();
    Known::from([(Kind::Form, forms), (Kind::Field, fields)])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const RULES: &str =
        "calendars: { day: { time_zone: UTC, hours: { mon-fri: 09:00-17:00 }, holiday_files: [it.ics] } }\n";

    #[test]
    fn files_of_the_same_folder_are_read_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("routing.yml");
        let check = |name: &str, good: bool| {
            std::fs::write(&file, RULES.replace("it.ics", name)).unwrap();
            let mut problems = Vec::new();
            let read = Routing::read(&file, &mut problems).unwrap();
            assert_eq!(read.is_some(), good, "{name}: {problems:?}");
            read.and_then(|routing| routing.fingerprint)
        };
        check("it.ics", false);
        std::fs::write(folder.path().join("it.ics"), "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n").unwrap();
        let first = check("it.ics", true);
        check("../it.ics", false);
        check("/etc/hostname", false);
        let more = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261224\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        std::fs::write(folder.path().join("it.ics"), more).unwrap();
        assert_ne!(check("it.ics", true), first, "other holidays are other rules");
    }

    #[test]
    fn rules_that_cannot_be_used_are_told_all_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("routing.yml");
        let open = || Routing::open(&Settings { routing: Some(file.clone()), ..Settings::default() });
        assert!(format!("{:#}", open().unwrap_err()).contains("which tickets.routing names"));
        std::fs::write(&file, "rules:\n  - { group: nobody }\n  - { class: nothing }\n").unwrap();
        let told = format!("{:#}", open().unwrap_err());
        assert!(told.contains("yml:2:") && told.contains("yml:3:"), "{told}");
    }
}
