//! IP networks as Terraform reads and prints them.
//!
//! Terraform kept the address parser of older Go releases: leading zeros are decimal, `::ffff:10.0.0.0` is printed as
//! an IPv4 address, and the longest run of zero groups is shortened even where others would not.

/// A network: its first address and the length of its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Network {
    /// The address as a number, host bits cleared.
    pub(super) address: u128,
    /// Bits of the prefix.
    pub(super) prefix: u32,
    /// IPv4 or IPv6.
    pub(super) family: Family,
}

/// Which internet protocol a network was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// 32 bits.
    V4,
    /// 128 bits.
    V6,
}

impl Family {
    /// Bits of an address.
    pub(super) fn bits(self) -> u32 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// The name in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        }
    }

    /// The highest address.
    pub(super) fn max(self) -> u128 {
        u128::MAX >> (128 - self.bits())
    }

    /// The mask of a prefix.
    pub(super) fn mask(self, prefix: u32) -> u128 {
        let host_bits = self.bits().saturating_sub(prefix);
        self.max() & u128::MAX.checked_shl(host_bits).unwrap_or(0)
    }

    /// An address as text.
    pub(super) fn address_text(self, address: u128) -> String {
        match self {
            Self::V4 => v4_text(address as u32),
            Self::V6 if is_mapped(address) => v4_text(address as u32),
            Self::V6 => v6_text(address),
        }
    }
}

impl Network {
    /// The network that `10.0.0.0/8` says; `None` if the text is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let (address, family) = match parse_v4(address) {
            Some(address) => (u128::from(address), Family::V4),
            None => (parse_v6(address)?, Family::V6),
        };
        let prefix = decimal(prefix).filter(|&prefix| prefix <= family.bits())?;
        Some(Self { address: address & family.mask(prefix), prefix, family })
    }

    /// Whether it is an IPv4 network, also one written as `::ffff:10.0.0.0/104`.
    pub(super) fn is_v4(self) -> bool {
        self.family == Family::V4 || is_mapped(self.address)
    }

    /// The highest address in it.
    pub(super) fn last(self) -> u128 {
        self.address | (self.family.max() & !self.family.mask(self.prefix))
    }

    /// Whether the address is in it.
    pub(super) fn contains(self, address: u128) -> bool {
        address & self.family.mask(self.prefix) == self.address
    }

    /// The network as text.
    pub(super) fn text(self) -> String {
        let mapped = self.family == Family::V6 && is_mapped(self.address);
        let prefix = if mapped { self.prefix.saturating_sub(96) } else { self.prefix };
        format!("{}/{prefix}", self.family.address_text(self.address))
    }
}

fn is_mapped(address: u128) -> bool {
    address >> 32 == 0xFFFF
}

fn v4_text(address: u32) -> String {
    let [a, b, c, d] = address.to_be_bytes();
    format!("{a}.{b}.{c}.{d}")
}

fn v6_text(address: u128) -> String {
    let groups: Vec<u16> = (0..8).map(|idx| (address >> (112 - 16 * idx)) as u16).collect();
    let hex = |groups: &[u16]| groups.iter().map(|group| format!("{group:x}")).collect::<Vec<_>>().join(":");
    let (start, length) = longest_zero_run(&groups);
    if length < 2 {
        return hex(&groups);
    }
    let (before, after) = (groups.get(..start).unwrap_or_default(), groups.get(start + length..).unwrap_or_default());
    format!("{}::{}", hex(before), hex(after))
}

/// Start and length of the first of the longest runs of zeros.
fn longest_zero_run(groups: &[u16]) -> (usize, usize) {
    let (mut best, mut current) = ((0, 0), (0, 0));
    for (idx, &group) in groups.iter().enumerate() {
        current = if group == 0 { (current.0, current.1 + 1) } else { (idx + 1, 0) };
        if current.1 > best.1 {
            best = current;
        }
    }
    best
}

/// Digits only, leading zeros allowed.
fn decimal(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // The parser that Terraform uses stops at eight digits.
    digits.then(|| text.parse().ok())?.filter(|&number| number < 0xFF_FFFF)
}

fn parse_v4(text: &str) -> Option<u32> {
    let mut octets = text.split('.');
    let mut address = 0;
    for _ in 0..4 {
        let octet = octets.next().and_then(decimal).filter(|&octet| octet <= 255)?;
        address = address << 8 | octet;
    }
    octets.next().is_none().then_some(address)
}

fn parse_v6(text: &str) -> Option<u128> {
    let Some((before, after)) = text.split_once("::") else {
        let groups = v6_groups(text)?;
        return (groups.len() == 8).then(|| join_groups(&groups, 0));
    };
    if after.contains("::") || before.contains('.') {
        return None;
    }
    let before = if before.is_empty() { Vec::new() } else { v6_groups(before)? };
    let after = if after.is_empty() { Vec::new() } else { v6_groups(after)? };
    // The `::` stands for at least one group.
    if before.len() + after.len() > 7 {
        return None;
    }
    let high = 8 - before.len() as u32;
    Some(join_groups(&before, 16 * high) | join_groups(&after, 0))
}

fn join_groups(groups: &[u16], shift: u32) -> u128 {
    let number = groups.iter().fold(0_u128, |number, &group| number << 16 | u128::from(group));
    number.checked_shl(shift).unwrap_or(0)
}

/// Groups of hexadecimal digits; the last may be an IPv4 address and counts as two.
fn v6_groups(text: &str) -> Option<Vec<u16>> {
    let mut groups = Vec::new();
    let mut parts = text.split(':').peekable();
    while let Some(part) = parts.next() {
        if groups.len() >= 8 {
            return None;
        }
        if parts.peek().is_none() && part.contains('.') {
            let address = parse_v4(part)?;
            groups.extend([(address >> 16) as u16, address as u16]);
            break;
        }
        let hex = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        groups.push(hex.then(|| u32::from_str_radix(part, 16).ok())?.and_then(|group| u16::try_from(group).ok())?);
    }
    Some(groups)
}
