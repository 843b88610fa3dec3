//! Proof of work: before a ticket is sent, the reader's browser looks for a number, which takes it a moment and a machine
//! that sends thousands a day. No third party is asked, and nobody who has no script is shut out: what comes without the
//! number is held until an agent looked at it.
//!
//! The challenge is sealed for one draft, which becomes one ticket, or for one chat: so a number is good once, and nothing
//! need be kept.

use std::net::IpAddr;

use app::model::Work;
use dashmap::DashMap;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::Place;
use crate::http::frame;
use crate::identity::Network;

/// How long a challenge is good for: longer than anybody trims a dossier.
const LIFE: SignedDuration = SignedDuration::from_hours(4);
/// Challenges an address is given in an hour before they become harder.
const FREE: u32 = 8;
/// Bits they become harder by, at most: a hundred times as much work and more.
const HARDER: u32 = 8;

/// How many challenges each network was given within the hour.
#[derive(Debug, Default)]
pub struct Given(DashMap<Network, (i64, u32)>);

impl Given {
    /// Bits to add for one more: work grows as fast as the number of challenges does.
    fn one_more(&self, address: IpAddr, now: Timestamp) -> u32 {
        let mut given = self.0.entry(address.into()).or_default();
        let hour = hour(now);
        *given = if given.0 == hour { (hour, given.1.saturating_add(1)) } else { (hour, 1) };
        (given.1.saturating_sub(1) / FREE + 1).ilog2().min(HARDER)
    }

    pub fn forget(&self, now: Timestamp) {
        self.0.retain(|_, (of, _)| *of == hour(now));
    }
}

fn hour(now: Timestamp) -> i64 {
    now.as_second().div_euclid(3600)
}

/// What the browser has to do before it sends this draft; nothing where the settings ask for nothing, or the host
/// vouches for the reader.
pub fn asked(place: &Place<'_>, draft: &str, address: IpAddr, now: Timestamp) -> Option<Work> {
    let bits = bits(place)? + place.help.limits.challenges.one_more(address, now);
    let challenge = challenge(&place.help.seal, draft, bits, (now + LIFE).as_second());
    Some(Work { challenge, bits, script_url: frame::asset(place.help, "work.js") })
}

fn bits(place: &Place<'_>) -> Option<u32> {
    let bits = place.help.config.tickets.spam.work;
    (bits > 0 && place.asked.viewer.subject().is_none()).then_some(bits)
}

/// Did the browser do it, or was nothing asked? `challenge` and `number` are what it sent.
pub fn is_done(place: &Place<'_>, draft: &str, challenge: &str, number: &str, now: Timestamp) -> bool {
    bits(place).is_none() || is_solved(&place.help.seal, draft, challenge, number, now)
}

/// `expires` in seconds since 1970.
fn challenge(key: &[u8; 32], draft: &str, bits: u32, expires: i64) -> String {
    let said = format!("{expires}.{bits}");
    let seal = blake3::keyed_hash(key, format!("work/{draft}/{said}").as_bytes());
    format!("{said}.{}", &seal.to_hex()[..32])
}

fn is_solved(key: &[u8; 32], draft: &str, given: &str, number: &str, now: Timestamp) -> bool {
    let Some((expires, bits)) = said(given) else { return false };
    let is_ours = bool::from(challenge(key, draft, bits, expires).as_bytes().ct_eq(given.as_bytes()));
    let is_number = !number.is_empty() && number.len() <= 16 && number.bytes().all(|it| it.is_ascii_digit());
    is_ours && now.as_second() <= expires && is_number && zeros(&format!("{given}.{number}")) >= bits
}

fn said(challenge: &str) -> Option<(i64, u32)> {
    let mut parts = challenge.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Zero bits at the beginning of its SHA-256, among the first 32.
fn zeros(text: &str) -> u32 {
    let hash = Sha256::digest(text);
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]).leading_zeros()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const KEY: [u8; 32] = [7; 32];
    const DRAFT: &str = "0123456789abcdef0123456789abcdef";
    const BITS: u32 = 12;

    fn number_for(challenge: &str) -> String {
        (0..)
            .map(|number: u32| number.to_string())
            .find(|number| zeros(&format!("{challenge}.{number}")) >= BITS)
            .unwrap()
    }

    #[test]
    fn only_work_done_for_this_draft_and_in_time_counts() {
        let given = challenge(&KEY, DRAFT, BITS, 1000);
        let number = number_for(&given);
        let now = Timestamp::from_second(1000).unwrap();
        assert!(is_solved(&KEY, DRAFT, &given, &number, now));
        let check = |draft: &str, given: &str, number: &str, second: i64| {
            let now = Timestamp::from_second(second).unwrap();
            assert!(!is_solved(&KEY, draft, given, number, now), "{draft} {given} {number} {second}");
        };
        check(DRAFT, &given, &number, 1001);
        check("fedcba9876543210fedcba9876543210", &given, &number, 1000);
        check(
            DRAFT,
            &challenge(&[8; 32], DRAFT, BITS, 1000),
            &number_for(&challenge(&[8; 32], DRAFT, BITS, 1000)),
            1000,
        );
        for wrong in ["", "x", "-1", "12345678901234567"] {
            check(DRAFT, &given, wrong, 1000);
        }
        for nothing in ["", ".", "1000", "1000.12", "1000.12."] {
            check(DRAFT, nothing, &number, 1000);
        }
    }

    #[test]
    fn no_byte_of_it_can_be_changed() {
        let given = challenge(&KEY, DRAFT, BITS, 1000);
        let number = number_for(&given);
        let now = Timestamp::from_second(1000).unwrap();
        for (at, letter) in (0..given.len()).flat_map(|at| (0x20..0x7f).map(move |letter| (at, letter))) {
            let mut changed = given.clone().into_bytes();
            if std::mem::replace(&mut changed[at], letter) == letter {
                continue;
            }
            let changed = String::from_utf8(changed).unwrap();
            // Done for the changed one as well: the seal is what refuses it.
            let again = number_for(&changed);
            assert!(!is_solved(&KEY, DRAFT, &changed, &again, now), "{changed}");
            assert!(!is_solved(&KEY, DRAFT, &changed, &number, now), "{changed}");
        }
        for (at, digit) in (0..number.len()).flat_map(|at| (b'0'..=b'9').map(move |digit| (at, digit))) {
            let mut changed = number.clone().into_bytes();
            changed[at] = digit;
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(is_solved(&KEY, DRAFT, &given, &changed, now), changed == number, "{changed}");
        }
    }

    #[test]
    fn who_asks_for_many_has_more_to_do() {
        let (given, address) = (Given::default(), IpAddr::from([127, 0, 0, 1]));
        let at = |second| Timestamp::from_second(second).unwrap();
        let harder: Vec<_> = (0..64).map(|_| given.one_more(address, at(10))).collect();
        assert_eq!((harder[0], harder[7], harder[8], harder[23], harder[24], harder[63]), (0, 0, 1, 1, 2, 3));
        assert_eq!(given.one_more(IpAddr::from([127, 0, 0, 2]), at(10)), 0, "nobody else suffers");
        given.forget(at(3500));
        assert_eq!(given.one_more(address, at(3599)), 3);
        assert_eq!(given.one_more(address, at(3600)), 0, "an hour later");
        given.forget(at(7200));
        assert!(given.0.is_empty());
    }
}
