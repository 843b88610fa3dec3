//! The time that figures are of, as the address says it: `?days=30`.

use app::model::PeriodLink;
use app::words::Words;
use jiff::{SignedDuration, Timestamp};

/// Days that may be chosen; anything else in an address is the second of them.
const CHOICES: [u16; 3] = [7, 30, 90];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period(u16);

impl Period {
    pub fn of(days: &str) -> Self {
        let known = days.parse().ok().filter(|days| CHOICES.contains(days));
        Self(known.unwrap_or(CHOICES[1]))
    }

    pub fn days(self) -> u16 {
        self.0
    }

    pub fn since(self, now: Timestamp) -> Timestamp {
        now - SignedDuration::from_hours(24 * i64::from(self.0))
    }

    /// A link to each, by the address it is under.
    pub fn links(self, words: &Words, url: impl Fn(Self) -> String) -> Vec<PeriodLink> {
        let link = |days: u16| PeriodLink {
            label: words.count(&words.agent.days, usize::from(days)),
            url: url(Self(days)),
            current: days == self.0,
        };
        CHOICES.map(link).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_choice_is_a_month() {
        let check = |days: &str, expect: u16| assert_eq!(Period::of(days), Period(expect), "{days:?}");
        check("7", 7);
        check("90", 90);
        check("", 30);
        check("-1", 30);
        check("100000", 30);
    }
}
