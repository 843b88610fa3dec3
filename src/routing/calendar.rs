//! When people work: a week of hours in a time zone, less holidays. Promises count open time alone.
//!
//! Hours are times of a wall clock. Where a clock jumps, they are read as RFC 5545 (section 3.3.5) and `jiff`'s
//! [`Compatible`](jiff::tz::Disambiguation::Compatible) have it: a time that the clock skips counts as it would by
//! the clock before the jump (02:30 becomes 03:30), a time that it shows twice is the first one. So a day that is open
//! from 00:00 to 24:00 has 23 or 25 open hours, and no instant counts twice.

mod holidays;
mod hours;
mod ics;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

pub use holidays::Holidays;
pub use hours::Week;

use super::node::Node;
use super::reader::Reader;

/// Days that are looked at for open time: whoever closes for ten years does not open again.
const HORIZON: i32 = 3653;
/// Days that are looked at in one go.
const STRIDE: i32 = 7;

/// Open time of one place.
#[derive(Debug, Clone)]
pub struct Calendar {
    pub name: String,
    pub zone: TimeZone,
    pub week: Week,
    /// Closed from midnight to midnight, whatever the week says.
    pub holidays: Holidays,
}

/// From one instant to another, that one not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Span {
    fn within(self, outer: Self) -> Option<Self> {
        let (from, to) = (self.from.max(outer.from), self.to.min(outer.to));
        (from < to).then_some(Self { from, to })
    }

    fn length(self) -> SignedDuration {
        self.from.duration_until(self.to)
    }
}

impl Calendar {
    /// The first instant at which so much open time has passed since `from`; for none, the first open instant from
    /// then on. Nothing where ten years have not so much.
    pub fn due(&self, from: Timestamp, open: SignedDuration) -> Option<Timestamp> {
        let mut left = open.max(SignedDuration::ZERO);
        for span in self.spans(from, HORIZON) {
            if left <= span.length() {
                return Some(span.from + left);
            }
            left -= span.length();
        }
        None
    }

    /// Open time from `from` to `to`; none where `to` is not later.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        // One for the rest of the first day, one for the last, one that a zone may have left out.
        let days = from.duration_until(to).as_hours() / 24 + 3;
        let spans = self.spans(from, i32::try_from(days).unwrap_or(i32::MAX));
        let inside = spans.map_while(|span| span.within(Span { from, to }));
        inside.fold(SignedDuration::ZERO, |sum, span| sum + span.length())
    }

    pub fn is_open(&self, at: Timestamp) -> bool {
        self.spans(at, 2).next().is_some_and(|span| span.from == at)
    }

    /// Open spans from `from` on, in order; none touches the next within one stride.
    fn spans(&self, from: Timestamp, days: i32) -> impl Iterator<Item = Span> {
        let first = self.zone.to_datetime(from).date();
        let strides = (0..days.max(0)).step_by(STRIDE as usize).map(move |day| first.saturating_add(day.days()));
        let ahead = Span { from, to: Timestamp::MAX };
        strides.flat_map(|date| self.stride(date)).filter_map(move |span| span.within(ahead))
    }

    /// What is open in the days from `first` on. Days on either side are looked at too: a clock that jumps near
    /// midnight carries hours into the next day.
    fn stride(&self, first: Date) -> Vec<Span> {
        let whole = Span { from: self.at(first, 0), to: self.at(first.saturating_add(STRIDE.days()), 0) };
        let days = (-1..=STRIDE).map(|day| first.saturating_add(day.days()));
        let mut spans: Vec<Span> = days.flat_map(|date| self.day(date)).collect();
        spans.sort_unstable();
        spans.dedup_by(|next, last| {
            let touches = next.from <= last.to;
            if touches {
                last.to = last.to.max(next.to);
            }
            touches
        });
        spans.into_iter().filter_map(|span| span.within(whole)).collect()
    }

    fn day(&self, date: Date) -> impl Iterator<Item = Span> {
        let hours = if self.holidays.contains(date) { &[] } else { self.week.of(date.weekday()) };
        hours.iter().filter_map(move |hours| {
            let span = Span { from: self.at(date, hours.from), to: self.at(date, hours.to) };
            (span.from < span.to).then_some(span)
        })
    }

    /// `minute` of the wall clock's day, from 0 to 1440.
    fn at(&self, date: Date, minute: i16) -> Timestamp {
        let date = date.saturating_add(i32::from(minute / 1440).days());
        let minute = minute % 1440;
        let (hour, minute) = (i8::try_from(minute / 60), i8::try_from(minute % 60));
        let time = date.at(hour.expect("a day has 24 hours"), minute.expect("an hour has 60 minutes"), 0, 0);
        // Fails where no time is any more: after the year 9999.
        self.zone.to_timestamp(time).unwrap_or(Timestamp::MAX)
    }

    /// `file` gives the text of a file of holidays by its name.
    pub(super) fn read(reader: &mut Reader, name: &str, node: &Node, file: &super::Files<'_>) -> Self {
        let what = format!("The calendar `{name}`");
        let fields = reader.fields(node, &what, &["time_zone", "hours", "holidays", "holiday_files"]);
        let zone = reader.needed(&fields, "time_zone", &what, "Write one, as `time_zone: Europe/Berlin`.");
        let zone = zone.and_then(|node| zone_of(reader, node)).unwrap_or(TimeZone::UTC);
        let hours = reader.needed(&fields, "hours", &what, "Write them, as `hours: { mon-fri: 09:00-17:00 }`.");
        let week = hours.map(|node| Week::read(reader, node, &what)).unwrap_or_default();
        let holidays = Holidays::read(reader, &fields, file);
        Self { name: name.to_owned(), zone, week, holidays }
    }
}

/// A time zone of the IANA database.
pub(super) fn zone_of(reader: &mut Reader, node: &Node) -> Option<TimeZone> {
    let name = reader.text(node, "`time_zone`")?;
    let zone = TimeZone::get(name.as_str()).ok();
    if zone.is_none() {
        let cure = "Take a name of the IANA database, as Europe/Berlin, America/New_York or UTC.";
        reader.fault("bad-value", name.at, format!("There is no time zone `{name}`."), cure);
    }
    zone
}
