//! When people answer: by hours of the settings, or by a calendar of the rules and its holidays.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use tempfile::TempDir;

use super::FILES;
use crate::events::Browser;
use crate::site::{self, Site};

const CLOSED: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261228\r\n\
                      DTEND;VALUE=DATE:20261230\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/// A chat that goes by a calendar of Berlin, open every day but for these holidays and those of a file.
async fn with_calendar(hours: &str, holidays: &str) -> (Site, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("routing.yml");
    let rules = format!(
        "calendars:\n  office:\n    time_zone: Europe/Berlin\n    hours: {{ mon-sun: \"{hours}\" }}\n    \
         holidays: [{holidays}]\n    holiday_files: [closed.ics]\n"
    );
    std::fs::write(&file, rules).unwrap();
    std::fs::write(folder.path().join("closed.ics"), CLOSED).unwrap();
    let settings = format!("[chat]\nopen = true\ncalendar = \"office\"\n[tickets]\nrouting = {file:?}\n");
    (site::serve_with(&settings, FILES).await, folder)
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Somebody is there: do people answer, and if not, when again?
fn check(site: &Site, at: &str, opens: Option<&str>) {
    let (chats, now) = (&site.help.chats, time(at));
    chats.live().agent_is_here("ada", now);
    let found = chats.opens(now).map(|opens| opens.timestamp());
    assert_eq!((chats.has_people(now), found), (opens.is_none(), opens.map(time)), "{at}");
}

#[tokio::test]
async fn outside_the_hours_and_without_anybody_nobody_answers() {
    let site = site::serve_with("[chat]\nopen = true\nhours = { mon = \"09:00-17:00\" }\n", FILES).await;
    check(&site, "2026-11-23T10:00:00Z", None);
    assert!(site.help.chats.has_people(time("2026-11-23T10:00:30Z")));
    assert!(!site.help.chats.has_people(time("2026-11-23T10:00:31Z")), "there was no sign of life");
    check(&site, "2026-11-23T17:00:00Z", Some("2026-11-30T09:00:00Z"));
    check(&site, "2026-11-24T10:00:00Z", Some("2026-11-30T09:00:00Z"));
}

#[tokio::test]
async fn holidays_close_the_chat() {
    let (site, _folder) = with_calendar("09:00-17:00", "12-25, 2026-12-26..2026-12-27").await;
    check(&site, "2026-12-24T10:00:00Z", None);
    check(&site, "2026-12-24T16:00:00Z", Some("2026-12-30T08:00:00Z"));
    for closed in ["2026-12-25T10:00:00Z", "2026-12-27T10:00:00Z", "2026-12-28T10:00:00Z", "2026-12-29T23:30:00Z"] {
        check(&site, closed, Some("2026-12-30T08:00:00Z"));
    }
    check(&site, "2026-12-30T08:00:00Z", None);
}

#[tokio::test]
async fn the_clock_on_the_wall_counts_when_clocks_change() {
    let (site, _folder) = with_calendar("09:00-17:00", "12-25").await;
    // 2026-10-25 has 25 hours in Berlin, 2027-03-28 has 23.
    check(&site, "2026-10-24T07:00:00Z", None);
    check(&site, "2026-10-25T07:30:00Z", Some("2026-10-25T08:00:00Z"));
    check(&site, "2026-10-25T15:59:59Z", None);
    check(&site, "2027-03-27T07:30:00Z", Some("2027-03-27T08:00:00Z"));
    check(&site, "2027-03-28T07:00:00Z", None);
    check(&site, "2027-03-28T15:00:00Z", Some("2027-03-29T07:00:00Z"));
}

#[tokio::test]
async fn a_closed_chat_says_when_people_are_there_again() {
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let today = berlin.to_datetime(Timestamp::now()).date();
    let last = today.checked_add(2.days()).unwrap();
    let (site, _folder) = with_calendar("10:30-17:00", &format!("2026-01-01..{last}")).await;
    site.help.chats.live().agent_is_here("ada", Timestamp::now());
    let page = Browser::of(&site).page("/chat").await;
    assert!(page.contains("Nobody is there right now."), "{page}");
    assert!(page.contains("People are here again from ") && page.contains(", 10:30 (Europe/Berlin)."), "{page}");
}
