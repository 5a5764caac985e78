//! Reading and writing addresses, CIDR blocks and ranges as people and Terraform write them.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::interval::Intervals;

/// One CIDR block; host bits are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cidr {
    /// IPv4: network address and prefix length up to 32.
    V4(u32, u8),
    /// IPv6: network address and prefix length up to 128.
    V6(u128, u8),
}

impl Cidr {
    /// An IPv4 block; host bits are dropped, `None` if the prefix is longer than 32.
    #[must_use]
    pub fn v4(address: u32, prefix: u8) -> Option<Self> {
        let hosts = 32u32.checked_sub(u32::from(prefix))?;
        let mask = u32::MAX.checked_shl(hosts).unwrap_or(0);
        Some(Self::V4(address & mask, prefix))
    }

    /// An IPv6 block; host bits are dropped, `None` if the prefix is longer than 128.
    #[must_use]
    pub fn v6(address: u128, prefix: u8) -> Option<Self> {
        let hosts = 128u32.checked_sub(u32::from(prefix))?;
        let mask = u128::MAX.checked_shl(hosts).unwrap_or(0);
        Some(Self::V6(address & mask, prefix))
    }

    /// Reads `10.0.0.0/8`, `010.0.0.0/8`, `2001:db8::/32`, or a single address. Host bits are dropped, as clouds do.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(parse_number(prefix, 128)?)),
            None => (text, None),
        };
        match Address::parse(address)? {
            Address::V4(address) => Self::v4(address, prefix.unwrap_or(32)),
            Address::V6(address) => Self::v6(address, prefix.unwrap_or(128)),
        }
    }

    /// Length of the prefix.
    #[must_use]
    pub fn prefix(self) -> u8 {
        match self {
            Self::V4(_, prefix) | Self::V6(_, prefix) => prefix,
        }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::V4(address, prefix) => write!(f, "{}/{prefix}", Ipv4Addr::from(address)),
            Self::V6(address, prefix) => write!(f, "{}/{prefix}", Ipv6Addr::from(address)),
        }
    }
}

/// One address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// IPv4.
    V4(u32),
    /// IPv6.
    V6(u128),
}

impl Address {
    /// Reads an address. Octets may have leading zeros and are decimal all the same, as in Terraform.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.contains(':') {
            return text.parse::<Ipv6Addr>().ok().map(|address| Self::V6(address.to_bits()));
        }
        let mut address = 0u32;
        let mut octets = 0;
        for octet in text.split('.') {
            address = address.checked_mul(256)? | u32::from(parse_number(octet, 255)?);
            octets += 1;
            if octets == 4 && text.split('.').count() == 4 {
                return Some(Self::V4(address));
            }
        }
        None
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::V4(address) => Ipv4Addr::from(address).fmt(f),
            Self::V6(address) => Ipv6Addr::from(address).fmt(f),
        }
    }
}

/// The fewest IPv4 blocks that make up a set.
#[must_use]
pub fn v4_blocks(set: &Intervals<u32>) -> Vec<Cidr> {
    let mut blocks = Vec::new();
    for &(first, last) in set.ranges() {
        let mut next = Some(first);
        while let Some(start) = next.filter(|start| *start <= last) {
            let room = u64::from(last) - u64::from(start) + 1;
            let bits = start.trailing_zeros().min(room.ilog2());
            blocks.push(Cidr::V4(start, 32u8.saturating_sub(bits as u8)));
            next = u64::from(start).checked_add(1 << bits).and_then(|next| u32::try_from(next).ok());
        }
    }
    blocks
}

/// The fewest IPv6 blocks that make up a set.
#[must_use]
pub fn v6_blocks(set: &Intervals<u128>) -> Vec<Cidr> {
    let mut blocks = Vec::new();
    for &(first, last) in set.ranges() {
        let mut next = Some(first);
        while let Some(start) = next.filter(|start| *start <= last) {
            let room = (last - start).checked_add(1);
            let bits = start.trailing_zeros().min(room.map_or(128, u128::ilog2));
            blocks.push(Cidr::V6(start, 128u8.saturating_sub(bits as u8)));
            next = 1u128.checked_shl(bits).and_then(|size| start.checked_add(size));
        }
    }
    blocks
}

/// A decimal number of one to three digits, at most `greatest`.
fn parse_number(digits: &str, greatest: u8) -> Option<u8> {
    let plain = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse::<u16>().ok().filter(|_| plain).and_then(|number| u8::try_from(number).ok()).filter(|n| *n <= greatest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_as_terraform_reads_it() {
        for (text, expected) in [
            ("0.0.0.0/0", Some("0.0.0.0/0")),
            ("10.1.2.3/8", Some("10.0.0.0/8")),
            ("010.000.0.09/32", Some("10.0.0.9/32")),
            ("192.0.2.1", Some("192.0.2.1/32")),
            ("::/0", Some("::/0")),
            ("2001:DB8::1/32", Some("2001:db8::/32")),
            ("fe80::1", Some("fe80::1/128")),
            ("10.0.0.0/33", None),
            ("10.0.0/8", None),
            ("10.0.0.0.0/8", None),
            ("256.0.0.0/8", None),
            ("10.0.0.0/", None),
            ("10.0.0.0/+8", None),
            (" 10.0.0.0/8", None),
            ("10.0.0.0/8/8", None),
            ("", None),
            ("*", None),
            ("10..0.0/8", None),
            ("::/129", None),
        ] {
            assert_eq!(Cidr::parse(text).map(|cidr| cidr.to_string()).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_set_is_written_in_the_fewest_blocks() {
        let write = |set: &Intervals<u32>| v4_blocks(set).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(write(&Intervals::all()), ["0.0.0.0/0"]);
        assert_eq!(write(&Intervals::range(1, 6)), ["0.0.0.1/32", "0.0.0.2/31", "0.0.0.4/31", "0.0.0.6/32"]);
        assert_eq!(write(&Intervals::range(u32::MAX, u32::MAX)), ["255.255.255.255/32"]);
        assert_eq!(v6_blocks(&Intervals::all()), [Cidr::V6(0, 0)]);
        assert_eq!(v6_blocks(&Intervals::range(1, 1)), [Cidr::V6(1, 128)]);
        assert_eq!(v6_blocks(&Intervals::range(0, u128::MAX - 1)).len(), 128);
    }
}
