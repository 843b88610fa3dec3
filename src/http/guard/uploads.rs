//! How many forms with files one address may send at once: each is held in memory until it is whole.

use std::net::IpAddr;
use std::sync::Arc;

use dashmap::DashMap;

/// An office behind one address shares them.
const MOST: usize = 8;

#[derive(Debug, Default)]
pub struct Uploads(Arc<DashMap<IpAddr, usize>>);

/// Room for one; given back when dropped.
#[derive(Debug)]
pub struct Place {
    uploads: Arc<DashMap<IpAddr, usize>>,
    address: IpAddr,
}

impl Uploads {
    /// Nothing while the address sends as many as it may.
    pub fn take(&self, address: IpAddr) -> Option<Place> {
        let mut count = self.0.entry(address).or_default();
        if *count == MOST {
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
        let mut places: Vec<_> = (0..MOST).map(|_| uploads.take(one)).collect();
        assert!(places.iter().all(Option::is_some) && uploads.take(one).is_none());
        assert!(uploads.take(other).is_some());
        places.pop();
        assert!(uploads.take(one).is_some());
        places.clear();
        assert!(uploads.0.is_empty(), "who sends nothing takes no room");
    }
}
