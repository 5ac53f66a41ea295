//! Provinces: their units, their officers.
//! No cluster and no submission is made here.

use std::collections::HashMap;

use anyhow::{Context, Result};
use api::text::search_form;
use entity::role_grant::Role;
use entity::{account, role_grant, unit, unit_above};
use uuid::Uuid;

use super::writer::Writer;
use super::{Maker, OFFICER, Place, TARGETS, day, moment, share};

/// A province as the other rooms need it.
pub(super) struct Province {
    pub(super) tenant: Uuid,
    pub(super) slug: String,
    /// Units that compete and submit, with their names.
    pub(super) offices: Vec<(Uuid, String)>,
    /// Those units, each with itself and the units above it.
    pub(super) lines: HashMap<Uuid, Vec<Uuid>>,
    /// Who writes submissions.
    pub(super) author: Uuid,
    /// Who decides on them.
    pub(super) chair: Uuid,
}

/// A user to be made.
pub(super) struct Person<'a> {
    pub(super) tenant: Uuid,
    pub(super) username: &'a str,
    pub(super) role: Role,
    pub(super) unit: Option<Uuid>,
    pub(super) cluster: Option<Uuid>,
}

/// Rows of one province.
#[derive(Default)]
struct Rows {
    units: Vec<unit::Model>,
    pairs: Vec<unit_above::Model>,
}

impl Rows {
    /// A unit below others; `line` begins with the one directly above and ends with the root.
    fn add(&mut self, tenant_id: Uuid, id: Uuid, (kind, name, line): (unit::Kind, &str, &[Uuid])) {
        self.units.push(unit::Model {
            tenant_id,
            id,
            parent_id: line.first().copied(),
            code: format!("u{}", self.units.len()),
            name: name.to_owned(),
            name_search: search_form(name),
            kind,
            valid_from: day(2025, 7, 1),
            valid_to: None,
            version: 1,
        });
        for (depth, above_id) in (0..).zip(std::iter::once(&id).chain(line)) {
            self.pairs.push(unit_above::Model {
                tenant_id,
                above_id: *above_id,
                unit_id: id,
                depth,
            });
        }
    }
}

impl Maker {
    pub(super) fn territory(&mut self, writer: &mut Writer<'_>) -> Result<()> {
        let tenants = api::reference::tenants()?;
        let present = tenants.iter().filter(|tenant| tenant.code_scheme == "QD19_2025");
        for (place, tenant) in present.take(self.size.provinces).enumerate() {
            self.province(writer, place, (tenant.id(), &tenant.slug))?;
        }
        writer.say("provinces, communes, offices");
        Ok(())
    }

    fn province(
        &mut self,
        writer: &mut Writer<'_>,
        place: usize,
        (tenant, slug): (Uuid, &str),
    ) -> Result<()> {
        let mut rows = Rows::default();
        let root = self.new_id();
        rows.add(tenant, root, (unit::Kind::Province, &format!("Tỉnh {slug}"), &[]));
        let mut communes = Vec::new();
        for number in 0..share(self.size.communes, self.size.provinces, place) {
            let id = self.new_id();
            let name = format!("Uỷ ban nhân dân xã số {number} tỉnh {slug}");
            rows.add(tenant, id, (unit::Kind::Commune, &name, &[root]));
            communes.push(id);
        }
        let (mut offices, mut lines) = (Vec::new(), HashMap::new());
        for number in 0..share(self.size.offices, self.size.provinces, place) {
            let id = self.new_id();
            let name = format!("Văn phòng số {number} tỉnh {slug}");
            let commune = *self.random.pick(&communes);
            let below_commune = self.random.chance(70);
            let line: &[Uuid] = if below_commune { &[commune, root] } else { &[root] };
            rows.add(tenant, id, (unit::Kind::Office, &name, line));
            lines.insert(id, [&[id], line].concat());
            offices.push((id, name));
        }
        let office = offices.first().context("a province without offices")?.0;
        writer.add(rows.units)?;
        writer.add(rows.pairs)?;
        let whole = |username, role| Person { tenant, username, role, unit: None, cluster: None };
        self.person(writer, &whole(OFFICER, Role::StandingOfficer))?;
        let chair = self.person(writer, &whole("bench.chair", Role::ProvinceChair))?;
        let author = Person { unit: Some(office), ..whole("bench.office", Role::UnitOfficer) };
        let author = self.person(writer, &author)?;
        if self.targets.provinces.len() < TARGETS {
            let username = OFFICER.to_owned();
            self.targets.provinces.push(Place {
                id: root,
                tenant,
                slug: slug.to_owned(),
                username,
            });
        }
        self.provinces.push(Province {
            tenant,
            slug: slug.to_owned(),
            offices,
            lines,
            author,
            chair,
        });
        Ok(())
    }

    /// A user with one role; hands back the user.
    pub(super) fn person(&mut self, writer: &mut Writer<'_>, person: &Person<'_>) -> Result<Uuid> {
        let user = self.new_id();
        let display_name = format!("{} (mẫu)", person.username);
        writer.add(vec![account::Model {
            tenant_id: person.tenant,
            id: user,
            username: person.username.to_owned(),
            name_search: search_form(&display_name),
            display_name,
            password_hash: self.password_hash.clone(),
            is_active: true,
            authorisation: 1,
            created_at: moment(2025, 0),
            version: 1,
        }])?;
        writer.add(vec![role_grant::Model {
            tenant_id: person.tenant,
            id: self.new_id(),
            user_id: user,
            role: person.role,
            unit_id: person.unit,
            cluster_id: person.cluster,
            council_id: None,
            valid_from: day(2025, 1, 1),
            valid_to: None,
            granted_by: None,
            revoked_at: None,
            version: 1,
        }])?;
        Ok(user)
    }

    pub(super) fn new_id(&mut self) -> Uuid {
        self.random.id(moment(2025, 0))
    }
}
