//! A form's own number, made when it is shown and sealed. What is sent with it twice is taken once, and it tells how
//! long it took to fill the form in.

use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;
use uuid::Uuid;

pub fn give(key: &[u8; 32]) -> String {
    sealed(key, Uuid::now_v7())
}

/// The number, if it is ours and the form was open for `least`.
pub fn id(key: &[u8; 32], given: &str, least: SignedDuration, now: Timestamp) -> Option<Uuid> {
    let id: Uuid = given.split('.').next()?.parse().ok()?;
    let is_ours = bool::from(sealed(key, id).as_bytes().ct_eq(given.as_bytes()));
    let (seconds, nanoseconds) = id.get_timestamp().filter(|_| is_ours)?.to_unix();
    let begun = Timestamp::new(seconds.try_into().ok()?, nanoseconds.try_into().ok()?).ok()?;
    (now.duration_since(begun) >= least).then_some(id)
}

fn sealed(key: &[u8; 32], id: Uuid) -> String {
    let id = id.simple();
    let seal = blake3::keyed_hash(key, format!("question/{id}").as_bytes());
    format!("{id}.{}", &seal.to_hex()[..32])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_number_is_ours_and_knows_when_it_was_given() {
        let key = [7; 32];
        let given = give(&key);
        let open_for = |seconds: i64| {
            let begun = Timestamp::now();
            id(&key, &given, SignedDuration::from_secs(2), begun + SignedDuration::from_secs(seconds))
        };
        assert_eq!(open_for(0), None, "nobody fills in a form at once");
        let found = open_for(3).unwrap();
        assert!(given.starts_with(&found.simple().to_string()));
        let later = Timestamp::now() + SignedDuration::from_secs(60);
        let zero = SignedDuration::ZERO;
        for wrong in ["", ".", "x.y", &found.simple().to_string(), &give(&[8; 32]), &format!("{given}0")] {
            assert_eq!(id(&key, wrong, zero, later), None, "{wrong}");
        }
    }
}
