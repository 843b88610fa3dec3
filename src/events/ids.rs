//! Ids of rows: UUIDv7 (RFC 9562), each greater than the one before it, whatever the clock does.

use std::sync::Mutex;

use uuid::Uuid;

/// Makes ids. Take one while the writing connection is held, so that rows become visible in the order of their ids:
/// a sink's cursor would pass by a row that came later with a smaller one.
#[derive(Debug)]
pub struct Ids(Mutex<Uuid>);

impl Ids {
    /// Goes on behind `last`, which an earlier start may have made under a clock that was ahead.
    pub fn after(last: Option<&str>) -> Self {
        Self(Mutex::new(last.and_then(|last| last.parse().ok()).unwrap_or_default()))
    }

    pub fn next(&self) -> Uuid {
        let mut last = self.0.lock().expect("nothing panics while it is held");
        let fresh = Uuid::now_v7();
        *last = if fresh > *last { fresh } else { Uuid::from_u128(last.as_u128() + 1) };
        *last
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn ids_grow_even_when_the_clock_went_back() {
        let ahead = "fff00000-0000-7fff-bfff-ffffffffffff";
        let ids = Ids::after(Some(ahead));
        let (one, other) = (ids.next().to_string(), ids.next().to_string());
        assert!(one.as_str() > ahead && other > one);
        let ids = Ids::after(None);
        let made: Vec<_> = (0..1000).map(|_| ids.next()).collect();
        assert!(made.is_sorted_by(|one, other| one < other));
    }
}
