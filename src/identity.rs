//! Who is asking. A [`Viewer`] is proved, not told: it comes from a token a host signed, from the
//! command line, or is anonymous. It has no public constructor and cannot be read from outside bytes.

use std::collections::BTreeSet;
use std::sync::Arc;

/// Names of the groups of readers something is meant for; empty means everybody.
pub type Audience = BTreeSet<String>;

/// Whoever reads. Every read of the site takes one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Viewer {
    audiences: Arc<Audience>,
}

impl Viewer {
    /// May this viewer see something that is meant for `audience`?
    pub fn may_see(&self, audience: &Audience) -> bool {
        audience.is_empty() || !audience.is_disjoint(&self.audiences)
    }

    /// Groups the viewer belongs to; the key under which what was rendered for it may be cached.
    pub fn audiences(&self) -> &Audience {
        &self.audiences
    }

    /// Nobody we know: sees what is public.
    pub fn is_anonymous(&self) -> bool {
        self.audiences.is_empty()
    }
}

/// The viewer of a request without proof.
pub fn anonymous() -> Viewer {
    Viewer { audiences: Arc::default() }
}

/// The viewer an operator names on the command line (`--audience staff`).
pub fn from_command_line(audiences: &[String]) -> Viewer {
    Viewer { audiences: Arc::new(audiences.iter().cloned().collect()) }
}
