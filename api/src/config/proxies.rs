//! The proxies that stand before the server and say for whom they speak: whoever else says so is not believed.
//! No header is read here.

use std::fmt;
use std::net::IpAddr;

use super::Faults;

/// Networks of proxies whose word about the address of a caller is taken; none by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<Network>);

/// The addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

impl Proxies {
    /// The networks of a list with commas; every one that is none is a fault.
    pub(super) fn settle(list: &str, faults: &mut Faults) -> Self {
        let words = list.split(',').map(str::trim).filter(|word| !word.is_empty());
        let mut networks = Vec::new();
        for word in words {
            match Network::read(word) {
                Some(network) if network.bits > 0 => networks.push(network),
                Some(_) => faults.add(format!(
                    "trusted-proxies: {word} is everybody, and anybody could say to be anyone"
                )),
                None => faults.add(format!(
                    "trusted-proxies: {word} is not like 10.0.0.7, 172.16.0.0/12 or fd00::/8"
                )),
            }
        }
        Self(networks)
    }

    /// Whether an address is that of such a proxy.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(address))
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Proxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.0.iter().map(Network::to_string).collect();
        f.write_str(&words.join(","))
    }
}

impl Network {
    /// `ADDRESS/BITS`, or an address alone.
    fn read(word: &str) -> Option<Self> {
        let (address, bits) = word.split_once('/').unzip();
        let written: IpAddr = address.unwrap_or(word).parse().ok()?;
        let most = length(written);
        let bits = match bits {
            Some(bits) => bits.parse::<u32>().ok().filter(|bits| *bits <= most)?,
            None => most,
        };
        // IPv4 in the clothes of IPv6 is IPv4: its first 96 bits are the clothes.
        let address = written.to_canonical();
        let bits = bits.checked_sub(most - length(address))?;
        Some(Self { address, bits })
    }

    /// Of an address in canonical form.
    fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.bits
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.bits
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

/// Bits of an address.
const fn length(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(list: &str) -> (Proxies, Faults) {
        let mut faults = Faults::default();
        (Proxies::settle(list, &mut faults), faults)
    }

    #[test]
    fn a_network_is_all_addresses_that_begin_like_it() {
        let (proxies, faults) =
            settled(" 10.1.0.0/16, 192.0.2.7 ,2001:db8:1::/48,,::ffff:198.51.100.0/120");
        assert_eq!(faults.lines(), [""; 0]);
        assert_eq!(proxies.to_string(), "10.1.0.0/16,192.0.2.7/32,2001:db8:1::/48,198.51.100.0/24");
        for inside in
            ["10.1.255.1", "::ffff:10.1.0.1", "192.0.2.7", "2001:db8:1:ffff::1", "198.51.100.200"]
        {
            assert!(proxies.contains(inside.parse().unwrap()), "{inside}");
        }
        for outside in
            ["10.2.0.0", "192.0.2.6", "2001:db8:2::", "198.51.101.1", "::1", "::10.1.0.1"]
        {
            assert!(!proxies.contains(outside.parse().unwrap()), "{outside}");
        }
        assert!(!settled("").0.contains("127.0.0.1".parse().unwrap()) && settled("").0.is_empty());
    }

    #[test]
    fn what_is_no_network_is_a_fault_and_so_is_everybody() {
        for word in [
            "proxy.internal",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "/8",
            "10.0.0/8",
            "::1/129",
            "::ffff:10.0.0.0/90",
            "0.0.0.0/0",
            "::/0",
        ] {
            let (proxies, faults) = settled(word);
            assert_eq!((proxies.is_empty(), faults.lines().len()), (true, 1), "{word}");
        }
    }
}
