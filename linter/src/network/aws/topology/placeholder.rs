//! Subnets in which nothing is declared: any host there, behind no filter of its own.

use super::super::super::address::AddressSet;
use super::super::super::bounds::Bounds;
use super::super::super::build::Builder;
use super::super::super::model::{Face, FaceKind, Label, Multiplicity, Serves, Site};
use super::World;

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    for (key, subnet) in &world.subnets {
        let way_in = world.vpcs.get(&subnet.vpc).and_then(|vpc| vpc.way_in);
        let face = |addresses: AddressSet, entry| Face { addresses, exists: Bounds::YES, doubts: [].into(), entry };
        let four = &subnet.four.region.addresses;
        // Where the range is not known, whoever asks about any host in it gets an answer that may hold for none.
        let known =
            |bounds: &Bounds<AddressSet>| if bounds.must.is_empty() { bounds.may.clone() } else { bounds.must.clone() };
        let mut faces = vec![(FaceKind::Private, face(known(four), None))];
        if let Some(six) = &subnet.six {
            faces.push((FaceKind::Six, face(known(&six.region.addresses), way_in)));
        }
        let multiplicity = if subnet.four.region.is_known() { Multiplicity::Many } else { Multiplicity::One };
        builder.topology.add_site(Site {
            label: Label { text: "any host in it".into(), ..subnet.label.clone() },
            multiplicity,
            faces,
            groups: Vec::new(),
            open_groups: None,
            ranges: vec![key.clone(), subnet.vpc.clone()],
            segment: Some(key.clone()),
            network: Some(subnet.vpc.clone()),
            start: subnet.entry,
            door: builder.arrival,
            home: subnet.home,
            exists: Bounds::YES,
            doubts: [].into(),
            forwards: Vec::new(),
            serves: Some(Serves::Placeholder),
        });
    }
}
