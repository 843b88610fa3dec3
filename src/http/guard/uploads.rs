//! How many forms with files one address may send at once: each is held in memory until it is whole.

use std::net::IpAddr;
use std::sync::Arc;

use dashmap::DashMap;

#[derive(Debug, Default)]
pub struct Uploads(Arc<DashMap<IpAddr, usize>>);

/// Room for one; given back when dropped.
#[derive(Debug)]
pub struct Place {
    uploads: Arc<DashMap<IpAddr, usize>>,
    address: IpAddr,
}

impl Uploads {
    /// Nothing while the address sends `most` already.
    pub fn take(&self, address: IpAddr, most: usize) -> Option<Place> {
        let mut count = self.0.entry(address).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { uploads: self.0.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.uploads.remove_if_mut(&self.address, |_, count| {
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
        places.clear();
        assert!(uploads.0.is_empty(), "who sends nothing takes no room");
    }
}
