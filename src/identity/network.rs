//! Where somebody asks from, as far as limits go by it.

use std::net::{IpAddr, Ipv6Addr};

/// What one household or firm has of addresses: of IPv6 a /64, within which anybody may take any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_household_is_one_network() {
        let check = |one: &str, other: &str, same: bool| {
            let of = |text: &str| Network::from(text.parse::<IpAddr>().unwrap());
            assert_eq!(of(one) == of(other), same, "{one} and {other}");
        };
        check("2001:db8::1", "2001:db8::ffff:1", true);
        check("2001:db8::1", "2001:db8:0:1::1", false);
        check("192.0.2.1", "192.0.2.2", false);
        check("::ffff:192.0.2.1", "192.0.2.1", true);
    }
}
