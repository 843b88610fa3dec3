//! What a reader allows, and what the reader did in the last half hour.

use super::{Purpose, Site};
use crate::words::fill;

#[derive(Debug, Clone)]
pub struct PrivacyPage {
    pub purposes: Vec<PurposeRow>,
    /// The name of the signal the browser sends against tracking.
    pub signal: Option<&'static str>,
    /// Oldest first.
    pub trail: Vec<TrailRow>,
}

#[derive(Debug, Clone)]
pub struct PurposeRow {
    pub purpose: Purpose,
    /// May be chosen here.
    pub offered: bool,
    pub granted: bool,
}

/// A step of the reader's trail.
#[derive(Debug, Clone)]
pub struct TrailRow {
    pub id: String,
    pub minutes_ago: usize,
    /// In the reader's language.
    pub text: String,
}

impl TrailRow {
    pub fn when(&self, site: &Site) -> String {
        site.ago(self.minutes_ago)
    }
}

impl Site {
    /// How long ago it was, as a reader says it.
    pub fn ago(&self, minutes: usize) -> String {
        match minutes {
            0 => self.words.just_now.to_string(),
            minutes => fill(&self.words.minutes_ago, &[("minutes", &self.words.number(minutes))]),
        }
    }
}
