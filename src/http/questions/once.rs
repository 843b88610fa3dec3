//! A form's own number, made when it is shown and sealed. What is sent with it twice is taken once, and it tells how
//! long it took to fill the form in.

use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;
use uuid::Uuid;

pub fn give(key: &[u8; 32]) -> String {
    sealed(key, Uuid::now_v7())
}

/// The number, if it is ours.
pub fn id(key: &[u8; 32], given: &str) -> Option<Uuid> {
    let id: Uuid = given.split('.').next()?.parse().ok()?;
    bool::from(sealed(key, id).as_bytes().ct_eq(given.as_bytes())).then_some(id)
}

/// For how long the form with this number has been open.
pub fn open_for(id: Uuid, now: Timestamp) -> Option<SignedDuration> {
    let (seconds, nanoseconds) = id.get_timestamp()?.to_unix();
    let begun = Timestamp::new(seconds.try_into().ok()?, nanoseconds.try_into().ok()?).ok()?;
    Some(now.duration_since(begun))
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
        let found = id(&key, &given).unwrap();
        assert!(given.starts_with(&found.simple().to_string()));
        let open = open_for(found, Timestamp::now() + SignedDuration::from_secs(60)).unwrap();
        assert!((60..70).contains(&open.as_secs()), "{open}");
        for wrong in ["", ".", "x.y", &found.simple().to_string(), &give(&[8; 32]), &format!("{given}0")] {
            assert_eq!(id(&key, wrong), None, "{wrong}");
        }
    }
}
