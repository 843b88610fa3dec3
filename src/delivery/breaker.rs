//! The circuit breaker: a vendor that fails again and again is left alone for a while, then asked once. Pure: time is
//! given. What must outlive the program is in [`State`]; the calls of the last minute need not.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use super::Settings;

/// What is kept of it in the database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct State {
    /// Failures one after another.
    pub failures: u32,
    /// How often it opened one after another.
    pub opened: u32,
    /// Milliseconds since 1970; it is open before.
    pub until: i64,
}

/// Calls of the last minute: when, and did they succeed.
#[derive(Debug, Default)]
pub struct Breaker(VecDeque<(Timestamp, bool)>);

const WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// Fewer calls say nothing about their share of failures.
const ENOUGH: usize = 20;

impl Breaker {
    /// A call succeeded: whatever failed before is forgiven, but its share of the last minute.
    pub fn succeeded(&mut self, now: Timestamp) -> State {
        self.note(now, true);
        State::default()
    }

    /// A call failed in a way that may pass. After it was open, one such call opens it again.
    pub fn failed(&mut self, state: State, settings: &Settings, now: Timestamp) -> State {
        self.note(now, false);
        let failures = state.failures + 1;
        let was_probe = state.opened > 0;
        if !was_probe && failures < settings.breaker_failures && !self.fails_mostly() {
            return State { failures, ..state };
        }
        self.0.clear();
        let open = settings.breaker_open_ms.saturating_mul(1 << state.opened.min(32)).min(settings.breaker_cap_ms);
        let until = now.as_millisecond().saturating_add_unsigned(open);
        State { failures, opened: state.opened + 1, until }
    }

    fn note(&mut self, now: Timestamp, succeeded: bool) {
        while self.0.front().is_some_and(|(at, _)| *at <= now - WINDOW) {
            self.0.pop_front();
        }
        self.0.push_back((now, succeeded));
    }

    fn fails_mostly(&self) -> bool {
        let failed = self.0.iter().filter(|(_, succeeded)| !succeeded).count();
        self.0.len() >= ENOUGH && failed * 2 >= self.0.len()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// Calls one a second, `x` failed and `.` succeeded; seconds it is open for after the last.
    fn check(calls: &str, expect: i64) {
        let (mut breaker, mut state) = (Breaker::default(), State::default());
        for (call, second) in calls.chars().zip(0..) {
            state = match call {
                '.' => breaker.succeeded(at(second)),
                _ => breaker.failed(state, &Settings::default(), at(second)),
            };
        }
        let last = calls.len() as i64 - 1;
        assert_eq!((state.until / 1000 - last).max(0), expect, "{calls}");
    }

    #[test]
    fn it_opens_after_five_failures_in_a_row() {
        check("xxxx", 0);
        check("xxxx.xxxx", 0);
        check("xxxxx", 30);
    }

    #[test]
    fn it_opens_when_half_of_many_calls_fail() {
        check(".x.x.x.x.x.x.x.x.x.", 0);
        check(".x.x.x.x.x.x.x.x.x.x", 30);
        check("...x...x...x...x...x...x", 0);
    }

    #[test]
    fn a_probe_that_fails_opens_it_for_twice_as_long() {
        check("xxxxxx", 60);
        check("xxxxxxx", 120);
        check(&"x".repeat(20), 600);
        check("xxxxxx.", 0);
        check("xxxxxx.xxxx", 0);
    }

    #[test]
    fn calls_of_long_ago_do_not_count() {
        let (mut breaker, mut state) = (Breaker::default(), State::default());
        for call in 0..40 {
            state = breaker.succeeded(at(call * 10));
            state = breaker.failed(state, &Settings::default(), at(call * 10 + 5));
        }
        assert_eq!(state.until, 0, "no minute had twenty calls");
    }
}
