//! When something that failed is tried again. Pure: chance and time are given.

use std::time::Duration;

use super::Settings;

/// A vendor's wish is heeded up to here; then it is asked again, and may wish again.
pub const LONGEST_WISH: Duration = Duration::from_secs(3600);

/// How long to wait after the attempt number `attempts`, from 1; none when there is no further one.
///
/// The first few waits are short and random over their whole length (full jitter), so that many who failed together
/// do not come back together; those after them come from a fixed schedule, lengthened by up to a tenth. `chance` is in
/// 0 ≤ chance < 1. No wait is shorter than what the vendor asked for.
pub fn wait(settings: &Settings, attempts: u32, wish: Option<Duration>, chance: f64) -> Option<Duration> {
    let failed = attempts.saturating_sub(1);
    let wait = if failed < settings.retry_quick {
        let most = settings.retry_base_ms.saturating_mul(1 << failed.min(32)).min(settings.retry_cap_ms);
        milliseconds(most as f64 * chance)
    } else {
        let step = *settings.retry_later_ms.get(usize::try_from(failed - settings.retry_quick).ok()?)?;
        milliseconds(step as f64 * (1.0 + chance / 10.0))
    };
    Some(wait.max(wish.unwrap_or_default().min(LONGEST_WISH)))
}

fn milliseconds(count: f64) -> Duration {
    Duration::from_secs_f64(count / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(attempts: u32, wish: Option<u64>, chance: f64, expect: Option<u64>) {
        let wait = wait(&Settings::default(), attempts, wish.map(Duration::from_millis), chance);
        assert_eq!(wait, expect.map(Duration::from_millis), "attempt {attempts}, wish {wish:?}, chance {chance}");
    }

    #[test]
    fn the_first_waits_are_random_over_their_whole_length() {
        check(1, None, 0.0, Some(0));
        check(1, None, 0.5, Some(250));
        check(2, None, 0.5, Some(500));
        check(3, None, 0.5, Some(1000));
    }

    #[test]
    fn then_the_schedule_holds_until_its_end() {
        check(4, None, 0.0, Some(60_000));
        check(4, None, 0.5, Some(63_000));
        check(7, None, 0.0, Some(3_600_000));
        let last = 3 + Settings::default().retry_later_ms.len() as u32;
        check(last, None, 0.0, Some(43_200_000));
        check(last + 1, None, 0.0, None);
        let days = Settings::default().retry_later_ms.iter().sum::<u64>() as f64 / 86_400_000.0;
        assert!((2.0..2.2).contains(&days), "{days} days");
    }

    #[test]
    fn a_vendors_wish_is_the_least_and_an_hour_the_most() {
        check(1, Some(2000), 0.5, Some(2000));
        check(4, Some(2000), 0.0, Some(60_000));
        check(1, Some(7_200_000), 0.5, Some(3_600_000));
    }
}
