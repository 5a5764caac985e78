//! Sets of (service, address) pairs: what a filter lets through to or from the other side.

use super::address::AddressSet;
use super::service::ServiceSet;

/// A set of pairs. Kept as parts with disjoint services and different addresses, in order, so equal sets are equal values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    parts: Vec<(ServiceSet, AddressSet)>,
}

impl Traffic {
    /// No traffic.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// All of the services with all of the addresses.
    #[must_use]
    pub fn of(services: ServiceSet, addresses: AddressSet) -> Self {
        if services.is_empty() || addresses.is_empty() {
            return Self::empty();
        }
        Self { parts: vec![(services, addresses)] }
    }

    /// The parts: services, and the addresses that all of them go with.
    #[must_use]
    pub fn parts(&self) -> &[(ServiceSet, AddressSet)] {
        &self.parts
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// All services in it.
    #[must_use]
    pub fn services(&self) -> ServiceSet {
        self.parts.iter().fold(ServiceSet::empty(), |sum, (services, _)| sum.union(services))
    }

    /// All addresses in it.
    #[must_use]
    pub fn addresses(&self) -> AddressSet {
        self.parts.iter().fold(AddressSet::empty(), |sum, (_, addresses)| sum.union(addresses))
    }

    /// The part of it with these services and addresses.
    #[must_use]
    pub fn within(&self, services: &ServiceSet, addresses: &AddressSet) -> Self {
        let parts = self.parts.iter().map(|(own, with)| (own.intersect(services), with.intersect(addresses)));
        Self::canonical(parts.collect())
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        other.parts.iter().fold(self.clone(), |sum, (services, addresses)| sum.with(services, addresses))
    }

    /// It and all of the services with all of the addresses.
    #[must_use]
    pub fn with(&self, services: &ServiceSet, addresses: &AddressSet) -> Self {
        if services.is_empty() || addresses.is_empty() {
            return self.clone();
        }
        let mut rest = services.clone();
        let mut parts = Vec::with_capacity(self.parts.len() + 2);
        for (own, with) in &self.parts {
            let both = own.intersect(&rest);
            rest = rest.subtract(&both);
            parts.push((own.subtract(&both), with.clone()));
            parts.push((both, with.union(addresses)));
        }
        parts.push((rest, addresses.clone()));
        Self::canonical(parts)
    }

    /// It but not the services with the addresses.
    #[must_use]
    pub fn without(&self, services: &ServiceSet, addresses: &AddressSet) -> Self {
        let mut parts = Vec::with_capacity(self.parts.len() + 1);
        for (own, with) in &self.parts {
            let both = own.intersect(services);
            parts.push((own.subtract(&both), with.clone()));
            parts.push((both, with.subtract(addresses)));
        }
        Self::canonical(parts)
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        let rest =
            self.parts.iter().fold(other.clone(), |rest, (services, addresses)| rest.without(services, addresses));
        rest.is_empty()
    }

    fn canonical(mut parts: Vec<(ServiceSet, AddressSet)>) -> Self {
        parts.retain(|(services, addresses)| !services.is_empty() && !addresses.is_empty());
        parts.sort_unstable_by(|left, right| left.1.cmp(&right.1));
        let mut merged: Vec<(ServiceSet, AddressSet)> = Vec::with_capacity(parts.len());
        for (services, addresses) in parts {
            match merged.last_mut() {
                Some((sum, same)) if *same == addresses => *sum = sum.union(&services),
                _ => merged.push((services, addresses)),
            }
        }
        merged.sort_unstable();
        Self { parts: merged }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::cidr::Address;
    use super::super::service::protocol::TCP;
    use super::*;

    type Rectangle = ((u8, u8), (u8, u8), bool);

    fn sets(rectangle: &Rectangle) -> (ServiceSet, AddressSet) {
        let (ports, hosts, _) = rectangle;
        let services = ServiceSet::ports(TCP, u16::from(ports.0 % 16), u16::from(ports.1 % 16));
        (services, AddressSet::range(Address::V4(u32::from(hosts.0 % 16)), Address::V4(u32::from(hosts.1 % 16))))
    }

    fn build(rectangles: &[Rectangle]) -> Traffic {
        rectangles.iter().fold(Traffic::empty(), |sum, rectangle| {
            let (services, addresses) = sets(rectangle);
            if rectangle.2 { sum.with(&services, &addresses) } else { sum.without(&services, &addresses) }
        })
    }

    fn has(traffic: &Traffic, port: u16, host: u32) -> bool {
        traffic.parts().iter().any(|(s, a)| s.contains(TCP, port) && a.contains(Address::V4(host)))
    }

    proptest! {
        #[test]
        fn members_follow_the_last_rectangle(rectangles in vec(any::<Rectangle>(), 0..8)) {
            let traffic = build(&rectangles);
            for port in 0..16 {
                for host in 0..16 {
                    let last = rectangles.iter().rev().find(|rectangle| {
                        let (services, addresses) = sets(rectangle);
                        services.contains(TCP, port) && addresses.contains(Address::V4(host))
                    });
                    prop_assert_eq!(has(&traffic, port, host), last.is_some_and(|rectangle| rectangle.2));
                }
            }
        }

        #[test]
        fn equal_sets_are_equal_values(left in vec(any::<Rectangle>(), 0..6), right in vec(any::<Rectangle>(), 0..6)) {
            let (a, b) = (build(&left), build(&right));
            prop_assert_eq!(a.union(&b), b.union(&a));
            prop_assert!(a.union(&b).includes(&a));
            prop_assert_eq!(a.includes(&b) && b.includes(&a), a == b);
        }
    }
}
