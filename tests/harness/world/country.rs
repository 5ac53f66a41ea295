//! A country around a world: a third province, ten offices in each, a second cluster that crosses, and people of
//! every role whose grants are over. What a world has already is not changed.

use anyhow::Result;
use entity::role_grant::Role;
use entity::unit::Kind;
use sea_orm::Iterable;

use super::duty::Duty;
use super::{Builder, Contest, Id, Lapse, Person, Province, World};

/// Offices of a province beside the two that every province of a world has.
const MORE_OFFICES: usize = 8;

/// Three provinces, thirty offices, a cluster of each province and two that cross.
pub struct Country {
    /// The first two provinces and the cluster that A organises for A and B.
    pub world: World,
    /// The third province.
    pub c: Province,
    /// A cluster that B organises for B and C; nobody of A has to do with it.
    pub second: Contest,
    /// The coordinator of [`Country::second`], of B.
    pub second_coordinator: Person,
    /// The deputy of [`Country::second`], of C.
    pub second_deputy: Person,
    more: [More; 3],
}

/// What a province of a country has beside that of a world.
struct More {
    offices: Vec<Id>,
    lapsed: Vec<Person>,
}

impl Country {
    /// Builds a country around a world.
    #[must_use]
    pub fn around(world: World) -> Self {
        let (c, second, second_coordinator, second_deputy, more) = world.build(async |builder| {
            let c = builder.province("c").await?;
            let second = builder.contest(&world.b, "second", &[&world.b, &c]).await?;
            let coordinator = Duty::coordinator(&second);
            let coordinator = builder.person(&world.b, "second_coordinator", coordinator).await?;
            let deputy = builder.person(&c, "second_deputy", Duty::deputy(&second)).await?;
            let more = [
                builder.more(&world.a).await?,
                builder.more(&world.b).await?,
                builder.more(&c).await?,
            ];
            Ok((c, second, coordinator, deputy, more))
        });
        Self { world, c, second, second_coordinator, second_deputy, more }
    }

    /// The three provinces.
    #[must_use]
    pub fn provinces(&self) -> [&Province; 3] {
        [&self.world.a, &self.world.b, &self.c]
    }

    /// Offices of a province that a world does not have.
    #[must_use]
    pub fn offices(&self, province: usize) -> &[Id] {
        &self.more[province].offices
    }

    /// People of a province of whom each held one role, which has expired or was revoked: of every role two.
    #[must_use]
    pub fn lapsed(&self, province: usize) -> &[Person] {
        &self.more[province].lapsed
    }

    /// Clusters that cross, and the provinces that sit there.
    #[must_use]
    pub fn crossings(&self) -> [(&Contest, [usize; 2]); 2] {
        [(&self.world.crossing, [0, 1]), (&self.second, [1, 2])]
    }

    /// Those who lead the clusters that cross, and their provinces.
    #[must_use]
    pub fn leaders(&self) -> [(&Person, usize); 4] {
        let World { crossing_coordinator, crossing_deputy, .. } = &self.world;
        [
            (crossing_coordinator, 0),
            (crossing_deputy, 1),
            (&self.second_coordinator, 1),
            (&self.second_deputy, 2),
        ]
    }
}

impl Builder {
    async fn more(&self, province: &Province) -> Result<More> {
        let mut more = More { offices: Vec::new(), lapsed: Vec::new() };
        for _ in 0..MORE_OFFICES {
            let office = Id::new("Unit");
            self.unit(province, Kind::Office, &[office, province.root]).await?;
            more.offices.push(office);
        }
        for role in Role::iter() {
            for lapse in [Lapse::Expired, Lapse::Revoked] {
                let duty = Duty::usual(role, province).over(lapse);
                let name = format!("{lapse:?}_{role:?}").to_lowercase();
                more.lapsed.push(self.person(province, &name, duty).await?);
            }
        }
        Ok(more)
    }
}
