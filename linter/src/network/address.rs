//! Exact sets of IP addresses.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use super::cidr::{Address, Cidr, v4_blocks, v6_blocks};
use super::interval::Intervals;

/// A set of IPv4 and IPv6 addresses. Equal sets are equal values, however they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressSet {
    /// The IPv4 part.
    pub v4: Intervals<u32>,
    /// The IPv6 part.
    pub v6: Intervals<u128>,
}

/// Ranges that are not routed on the public Internet, or that no stranger can send from.
const NOT_PUBLIC: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
    "::/3",
    "3fff::/20",
    "2001:db8::/32",
    "4000::/2",
    "8000::/1",
];

/// RFC 1918 and the unique local addresses of IPv6.
const PRIVATE: &[&str] = &["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

static PUBLIC: LazyLock<AddressSet> = LazyLock::new(|| AddressSet::of(NOT_PUBLIC).complement());
static PRIVATE_SET: LazyLock<AddressSet> = LazyLock::new(|| AddressSet::of(PRIVATE));

impl AddressSet {
    /// No address.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Every address of both versions.
    #[must_use]
    pub fn world() -> Self {
        Self { v4: Intervals::all(), v6: Intervals::all() }
    }

    /// `0.0.0.0/0`
    #[must_use]
    pub fn world_v4() -> Self {
        Self { v4: Intervals::all(), v6: Intervals::default() }
    }

    /// `::/0`
    #[must_use]
    pub fn world_v6() -> Self {
        Self { v4: Intervals::default(), v6: Intervals::all() }
    }

    /// The addresses strangers may have: not private, shared, local, documentation, multicast or reserved ones.
    #[must_use]
    pub fn public() -> &'static Self {
        &PUBLIC
    }

    /// RFC 1918 and unique local addresses.
    #[must_use]
    pub fn private() -> &'static Self {
        &PRIVATE_SET
    }

    /// The union of texts that [`FromStr`] reads; others are left out.
    #[must_use]
    pub fn of(texts: &[&str]) -> Self {
        texts.iter().filter_map(|text| text.parse().ok()).fold(Self::empty(), |set, part: Self| set.union(&part))
    }

    /// From `first` to `last`, both included; empty if the versions differ or `last` comes first.
    #[must_use]
    pub fn range(first: Address, last: Address) -> Self {
        match (first, last) {
            (Address::V4(first), Address::V4(last)) => {
                Self { v4: Intervals::range(first, last), v6: Intervals::default() }
            }
            (Address::V6(first), Address::V6(last)) => {
                Self { v4: Intervals::default(), v6: Intervals::range(first, last) }
            }
            (Address::V4(_), Address::V6(_)) | (Address::V6(_), Address::V4(_)) => Self::empty(),
        }
    }

    /// Whether no address is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// How many addresses are in it; saturates.
    #[must_use]
    pub fn count(&self) -> u128 {
        self.v4.count().saturating_add(self.v6.count())
    }

    /// Whether the address is in it.
    #[must_use]
    pub fn contains(&self, address: Address) -> bool {
        match address {
            Address::V4(address) => self.v4.contains(address),
            Address::V6(address) => self.v6.contains(address),
        }
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        self.v4.includes(&other.v4) && self.v6.includes(&other.v6)
    }

    /// Whether an address is in both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        !self.intersect(other).is_empty()
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { v4: self.v4.union(&other.v4), v6: self.v6.union(&other.v6) }
    }

    /// What is in both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self { v4: self.v4.intersect(&other.v4), v6: self.v6.intersect(&other.v6) }
    }

    /// What is in it but not in `other`.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        Self { v4: self.v4.subtract(&other.v4), v6: self.v6.subtract(&other.v6) }
    }

    /// What is not in it.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self { v4: self.v4.complement(), v6: self.v6.complement() }
    }

    /// The part that strangers on the Internet may have.
    #[must_use]
    pub fn public_part(&self) -> Self {
        self.intersect(Self::public())
    }

    /// Whether all public addresses of a version are in it.
    #[must_use]
    pub fn covers_internet(&self) -> bool {
        let public = Self::public();
        self.v4.includes(&public.v4) || self.v6.includes(&public.v6)
    }

    /// The fewest CIDR blocks that make it up, IPv4 first.
    #[must_use]
    pub fn blocks(&self) -> Vec<Cidr> {
        let mut blocks = v4_blocks(&self.v4);
        blocks.extend(v6_blocks(&self.v6));
        blocks
    }
}

impl From<Cidr> for AddressSet {
    fn from(cidr: Cidr) -> Self {
        match cidr {
            Cidr::V4(first, prefix) => {
                let hosts = u32::MAX.checked_shr(u32::from(prefix)).unwrap_or(0);
                Self { v4: Intervals::range(first, first | hosts), v6: Intervals::default() }
            }
            Cidr::V6(first, prefix) => {
                let hosts = u128::MAX.checked_shr(u32::from(prefix)).unwrap_or(0);
                Self { v4: Intervals::default(), v6: Intervals::range(first, first | hosts) }
            }
        }
    }
}

/// Text that names no addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnAddress(
    /// The text.
    pub String,
);

impl fmt::Display for NotAnAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no IP address, CIDR block such as 10.0.0.0/8, or range such as 10.0.0.1-10.0.0.9", self.0)
    }
}

impl FromStr for AddressSet {
    type Err = NotAnAddress;

    /// An address, a CIDR block, or a range `first-last`.
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let range = text.split_once('-').and_then(|(first, last)| {
            let (first, last) = (Address::parse(first.trim())?, Address::parse(last.trim())?);
            Some(Self::range(first, last)).filter(|set| !set.is_empty())
        });
        range.or_else(|| Cidr::parse(text).map(Self::from)).ok_or_else(|| NotAnAddress(text.to_owned()))
    }
}

impl fmt::Display for AddressSet {
    /// CIDR blocks, at most four; the rest as a number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 4;
        let blocks = self.blocks();
        if blocks.is_empty() {
            return f.write_str("no address");
        }
        for (idx, block) in blocks.iter().take(SHOWN).enumerate() {
            write!(f, "{}{block}", if idx == 0 { "" } else { ", " })?;
        }
        match blocks.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            rest => write!(f, " and {rest} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn set(text: &str) -> AddressSet {
        text.split_whitespace().fold(AddressSet::empty(), |sum, text| sum.union(&text.parse().unwrap()))
    }

    #[test]
    fn two_halves_are_the_world() {
        assert_eq!(set("128.0.0.0/1 0.0.0.0/1"), AddressSet::world_v4());
        assert_eq!(set("::/1 8000::/1"), AddressSet::world_v6());
        assert!(set("0.0.0.0/1 128.0.0.0/1").covers_internet());
        assert!(!set("0.0.0.0/1").covers_internet());
        assert!(AddressSet::world().subtract(AddressSet::private()).covers_internet());
    }

    #[test]
    fn private_space_has_no_public_part() {
        for text in [
            "10.0.0.0/8",
            "192.168.1.1",
            "100.64.0.0/10",
            "169.254.169.254",
            "fd00::/8",
            "fe80::/10",
            "ff02::1",
            "224.0.0.1",
        ] {
            assert!(set(text).public_part().is_empty(), "{text}");
        }
        for text in ["8.8.8.8", "172.0.0.0/8", "2600::/12", "2001:4860::8888", "11.0.0.0/8"] {
            assert!(!set(text).public_part().is_empty(), "{text}");
        }
    }

    #[test]
    fn sets_are_shown_in_few_blocks() {
        assert_eq!(set("10.0.0.0/9 10.128.0.0/9 ::/0").to_string(), "10.0.0.0/8, ::/0");
        assert_eq!(set("1.0.0.1-1.0.0.2").to_string(), "1.0.0.1/32, 1.0.0.2/32");
        assert_eq!(AddressSet::world_v4().subtract(&set("10.0.0.0/8")).blocks().len(), 8);
        assert_eq!(AddressSet::empty().to_string(), "no address");
    }

    proptest! {
        #[test]
        fn splitting_a_block_keeps_the_set(address in any::<u32>(), prefix in 0u8..32) {
            let whole = Cidr::v4(address, prefix).unwrap();
            let Cidr::V4(first, _) = whole else { return Ok(()) };
            let lower = AddressSet::from(Cidr::v4(first, prefix + 1).unwrap());
            let upper = AddressSet::from(Cidr::v4(first | (1 << (31 - prefix)), prefix + 1).unwrap());
            prop_assert_eq!(lower.union(&upper), AddressSet::from(whole));
            prop_assert!(lower.intersect(&upper).is_empty());
        }

        #[test]
        fn blocks_make_up_the_set_again(ranges in proptest::collection::vec(any::<(u32, u32, u128, u128)>(), 0..6)) {
            let set = AddressSet {
                v4: ranges.iter().map(|range| (range.0, range.1)).collect(),
                v6: ranges.iter().map(|range| (range.2, range.3)).collect(),
            };
            let again = set.blocks().into_iter().fold(AddressSet::empty(), |sum, cidr| sum.union(&cidr.into()));
            prop_assert_eq!(&again, &set);
            let written = set.blocks().iter().fold(AddressSet::empty(), |sum, cidr| sum.union(&cidr.to_string().parse().unwrap()));
            prop_assert_eq!(written, set);
        }
    }
}
