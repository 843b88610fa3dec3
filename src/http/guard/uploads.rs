//! How many large bodies one network may send at once: each is held in memory until it is whole.

use std::net::IpAddr;
use std::sync::Arc;

use dashmap::DashMap;

use crate::identity::Network;

#[derive(Debug, Default)]
pub struct Uploads(Arc<DashMap<Network, usize>>);

/// Room for one; given back when dropped.
#[derive(Debug)]
pub struct Place {
    uploads: Arc<DashMap<Network, usize>>,
    network: Network,
}

impl Uploads {
    /// Nothing while the address sends `most` already.
    pub fn take(&self, address: IpAddr, most: usize) -> Option<Place> {
        let network = address.into();
        let mut count = self.0.entry(network).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { uploads: self.0.clone(), network })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.uploads.remove_if_mut(&self.network, |_, count| {
            *count -= 1;
            *count == 0
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_places() {
        let (uploads, [one, other]) = (Uploads::default(), [1, 2].map(|last| IpAddr::from([127, 0, 0, last])));
        let take = |address| uploads.take(address, 8);
        let mut places: Vec<_> = (0..8).map(|_| take(one)).collect();
        assert!(places.iter().all(Option::is_some) && take(one).is_none());
        assert!(take(other).is_some());
        places.pop();
        assert!(take(one).is_some());
        let at_home = |last| take(IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, last]));
        places.extend((0..8).map(at_home));
        assert!(places.iter().all(Option::is_some) && at_home(8).is_none(), "one home has many addresses");
        places.clear();
        assert!(uploads.0.is_empty(), "who sends nothing takes no room");
    }
}
