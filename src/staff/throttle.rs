//! Keeps guessing slow: a few attempts a minute for each address, and for each account.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::identity::Network;

/// Attempts a minute with the admin token, by address.
const WITH_TOKEN: NonZeroU32 = NonZeroU32::new(5).expect("five is not zero");
/// Attempts a minute with an account, by address: a whole office may share one.
const BY_ADDRESS: NonZeroU32 = NonZeroU32::new(20).expect("twenty is not zero");
/// Attempts a minute for one account, from wherever.
const BY_ACCOUNT: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");

/// Links an hour that an address is sent, whoever asks for them: nobody's mailbox is filled by strangers.
const LINKS: NonZeroU32 = NonZeroU32::new(3).expect("three is not zero");

/// What has its share of attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Account {
    /// Browsers that never signed in with it.
    Strange([u8; 16]),
    /// Those that did: strangers who guess do not lock the owner out.
    Known([u8; 16]),
}

pub struct Throttle {
    with_token: DefaultKeyedRateLimiter<Network>,
    by_address: DefaultKeyedRateLimiter<Network>,
    by_account: DefaultKeyedRateLimiter<Account>,
    links: DefaultKeyedRateLimiter<[u8; 16]>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            with_token: RateLimiter::keyed(Quota::per_minute(WITH_TOKEN)),
            by_address: RateLimiter::keyed(Quota::per_minute(BY_ADDRESS)),
            by_account: RateLimiter::keyed(Quota::per_minute(BY_ACCOUNT)),
            links: RateLimiter::keyed(Quota::per_hour(LINKS)),
        }
    }
}

impl Throttle {
    /// Counts an attempt with the admin token; false when the address has had its share for now.
    pub fn allow(&self, address: IpAddr) -> bool {
        self.with_token.check_key(&address.into()).is_ok()
    }

    /// Counts an attempt with an account, which there may or may not be, from a browser that signed in with it before
    /// or did not; false when the address or the account had its share.
    pub(super) fn allow_account(&self, address: IpAddr, email: &str, known: bool) -> bool {
        let account = if known { Account::Known(key(email)) } else { Account::Strange(key(email)) };
        self.by_address.check_key(&address.into()).is_ok() && self.by_account.check_key(&account).is_ok()
    }

    /// Counts a change of password by whoever is signed in; false when the account had its share.
    pub fn allow_change(&self, account: &str) -> bool {
        self.by_account.check_key(&Account::Known(key(account))).is_ok()
    }

    /// Counts a wish for a link; false when who asks had a share of attempts.
    pub fn allow_link(&self, address: IpAddr) -> bool {
        self.by_address.check_key(&address.into()).is_ok()
    }

    /// Counts a link to this mailbox; false when it had its share.
    pub fn allow_link_to(&self, email: &str) -> bool {
        self.links.check_key(&key(email)).is_ok()
    }

    /// Forgets what was quiet for a while.
    pub fn forget(&self) {
        self.with_token.retain_recent();
        self.by_address.retain_recent();
        self.by_account.retain_recent();
        self.links.retain_recent();
    }
}

/// Of one length, however long the text that a guesser sends.
fn key(text: &str) -> [u8; 16] {
    let mut key = [0; 16];
    blake3::Hasher::new().update(text.as_bytes()).finalize_xof().fill(&mut key);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_slow_and_does_not_hinder_others() {
        let throttle = Throttle::default();
        let (one, other) = ([127, 0, 0, 1].into(), [127, 0, 0, 2].into());
        assert!((0..5).all(|_| throttle.allow(one)));
        assert!(!throttle.allow(one));
        assert!(throttle.allow(other));
        let at_home = |last| IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, last]);
        assert!((0..5).all(|last| throttle.allow(at_home(last))));
        assert!(!throttle.allow(at_home(5)), "one home has many addresses");
    }

    #[test]
    fn nobodys_mailbox_is_filled() {
        let throttle = Throttle::default();
        assert!((0..3).all(|_| throttle.allow_link_to("ada@customer.example")));
        assert!(!throttle.allow_link_to("ada@customer.example"));
        assert!(throttle.allow_link_to("bo@customer.example"));
        assert!((0..20).all(|_| throttle.allow_link([127, 0, 0, 1].into())));
        assert!(!throttle.allow_link([127, 0, 0, 1].into()));
    }

    #[test]
    fn guessing_at_an_account_from_everywhere_does_not_lock_its_owner_out() {
        let throttle = Throttle::default();
        let from = |last: u8| IpAddr::from([192, 0, 2, last]);
        assert!((0..10).all(|last| throttle.allow_account(from(last), "ada@example.com", false)));
        assert!(!throttle.allow_account(from(10), "ada@example.com", false));
        assert!(throttle.allow_account(from(11), "ada@example.com", true), "a known browser has a share of its own");
        assert!(throttle.allow_account(from(12), "eve@example.com", false));
    }
}
