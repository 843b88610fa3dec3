//! Times as agents read them: how long something waits, when it is due.

use app::model::agent::{Clock, ClockState};
use app::words::{Words, fill};
use jiff::Timestamp;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// So many milliseconds, in the greatest unit that fits at least twice, days from the second on.
pub fn span(words: &Words, milliseconds: i64) -> String {
    let count = |unit: i64| usize::try_from(milliseconds / unit).unwrap_or(0);
    let filled = |text: &str, unit: i64| fill(text, &[("count", &words.number(count(unit)))]);
    match milliseconds {
        ..MINUTE => words.agent.moments.to_string(),
        MINUTE..HOUR => filled(&words.agent.minutes, MINUTE),
        _ if milliseconds < 2 * DAY => filled(&words.agent.hours, HOUR),
        _ => words.count(&words.agent.days, count(DAY)),
    }
}

/// `3 h ago`; of milliseconds since 1970.
pub fn ago(words: &Words, at: i64, now: Timestamp) -> String {
    match now.as_millisecond() - at {
        ..MINUTE => words.just_now.to_string(),
        passed => fill(&words.agent.ago, &[("time", &span(words, passed))]),
    }
}

/// What was promised, as it stands now.
pub fn due(words: &Words, due_at: Option<i64>, now: Timestamp) -> Option<Clock> {
    let left = due_at? - now.as_millisecond();
    let (text, state) = match left {
        ..0 => (&words.agent.overdue, ClockState::Overdue),
        0..HOUR => (&words.agent.due_in, ClockState::Soon),
        _ => (&words.agent.due_in, ClockState::Fine),
    };
    Some(Clock { text: fill(text, &[("time", &span(words, left.abs()))]), state })
}

/// RFC 3339, to the second; of milliseconds since 1970.
pub fn exact(at: i64) -> String {
    let time = Timestamp::from_millisecond(at).unwrap_or_default();
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_its_greatest_unit() {
        let check = |milliseconds: i64, expect: &str| assert_eq!(span(Words::english(), milliseconds), expect);
        check(30_000, "a moment");
        check(5 * MINUTE, "5 min");
        check(26 * HOUR, "26 h");
        check(49 * HOUR, "2 days");
    }

    #[test]
    fn what_is_due_is_said_in_words() {
        let now = Timestamp::from_millisecond(10 * DAY).unwrap_or_default();
        let check = |due_at: i64, text: &str, state: ClockState| {
            assert_eq!(due(Words::english(), Some(due_at), now), Some(Clock { text: text.to_owned(), state }));
        };
        check(10 * DAY - 3 * HOUR, "Overdue by 3 h", ClockState::Overdue);
        check(10 * DAY + 20 * MINUTE, "Due in 20 min", ClockState::Soon);
        check(10 * DAY + 3 * HOUR, "Due in 3 h", ClockState::Fine);
        assert_eq!(due(Words::english(), None, now), None);
    }
}
