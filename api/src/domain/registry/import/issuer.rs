//! Who gave an award of older records, by name and as a tenant of that time.
//! What nobody has written down is taken from the title and from who decides it; where that leaves it open, the words of
//! the title stand for it.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::award_type::Level;
use entity::tenant::Kind;
use entity::{award_type, tenant, unit};
use uuid::Uuid;

use super::authority::own_authority;
use super::giver::Given;
use super::names::{Title, in_words};
use super::plan::Known;
use super::row::AwardRow;
use super::tenants::{Said, Tenants};
use crate::domain::award::{AwardDecider, deciders, said};
use crate::domain::input;
use crate::error::{Code, Fault, Result};
use crate::text::{Language, phrase};

/// Who gave it, by name and as a tenant where it was one, and what is odd about that.
pub(super) struct Issuer {
    pub(super) name: String,
    pub(super) tenant: Option<Uuid>,
    pub(super) odd: Vec<Fault>,
}

/// What a row tells of who gave it.
pub(super) struct Clue<'a> {
    pub(super) known: &'a Known,
    pub(super) row: &'a AwardRow,
    pub(super) path: &'a str,
    pub(super) title: &'a Title<'a>,
    pub(super) unit: &'a unit::Model,
    /// The first day on which it may have been decided.
    pub(super) since: NaiveDate,
    /// The last one: that of the decision where it is known.
    pub(super) on: NaiveDate,
}

/// A place of a row that may tell the tenant.
#[derive(Clone, Copy)]
struct Told<'a> {
    field: &'static str,
    text: &'a str,
    /// The field is for nothing but the tenant.
    is_meant: bool,
}

impl Told<'_> {
    fn is_code(self) -> bool {
        self.field == "issuerTenantCode"
    }

    fn said(self, tenants: &Tenants, on: NaiveDate) -> Said<'_> {
        if self.is_code() {
            return tenants.of_code(self.text, on).map_or(Said::Unknown, Said::Tenant);
        }
        let said = tenants.said(self.text, on);
        if self.is_meant && said.tenant().is_none() { Said::Unknown } else { said }
    }
}

impl<'a> Clue<'a> {
    /// What the register does not reach back to stays as it is written down, and is a warning.
    pub(super) fn issuer(&self) -> Result<Issuer> {
        let tenants = self.known.names.tenants();
        let told = self.told();
        let known = told.iter().find_map(|it| Some((*it, it.said(tenants, self.on).tenant()?)));
        let mut odd = self.strangers(&told);
        let tenant = match known {
            Some((by, tenant)) => {
                // Who gave it is known: what the record has beside that need not be a tenant.
                odd.retain(|fault| {
                    fault.path.last().is_some_and(|it| it.starts_with("issuerTenant"))
                });
                odd.extend(self.no_unit(&told, tenant));
                odd.extend(self.ambiguous(by, tenant));
                odd.extend(told.iter().find_map(|it| self.contradiction((by, tenant), *it)));
                Some(tenant)
            }
            None if !odd.is_empty() || told.iter().any(|it| self.is_body(*it)) => None,
            None => {
                let (own, fault) = self.usual(&told);
                odd.extend(fault);
                own
            }
        };
        odd.extend(self.misplaced());
        let name = self.name(&told, tenant)?;
        Ok(Issuer { name, tenant: tenant.map(|row| row.id), odd })
    }

    /// Everything that may tell the tenant, the surest first.
    fn told(&self) -> Vec<Told<'a>> {
        let is_of_state = self.title.award_type.level == Level::State;
        self.places().into_iter().filter(|it| it.is_meant || !is_of_state).collect()
    }

    /// Everything that is written down of who gave it.
    fn places(&self) -> Vec<Told<'a>> {
        let (row, title): (&'a AwardRow, &'a Title<'a>) = (self.row, self.title);
        let places = [
            ("issuerTenantCode", row.issuer_tenant_code.as_deref(), true),
            ("issuerTenantName", row.issuer_tenant_name.as_deref(), true),
            ("issuerName", row.issuer_name.as_deref(), false),
            ("awardType", title.issuer.as_deref().filter(|it| !self.is_own_rank(it)), false),
        ];
        let told = places.into_iter().filter_map(|(field, text, is_meant)| {
            let text = text.map(str::trim).filter(|text| !text.is_empty())?;
            Some(Told { field, text, is_meant })
        });
        told.collect()
    }

    /// Whether a place names a central body that is no tenant.
    fn is_body(&self, told: Told<'a>) -> bool {
        let names = &self.known.names;
        !told.is_meant && names.authorities().is_body(&names.plain(told.text))
    }

    /// The authority that a place of the row names; none where it tells no one rank.
    fn authority(&self, told: Told<'a>) -> Option<AwardDecider> {
        let names = &self.known.names;
        let is_of_unit = self.is_of_unit();
        // Units give such titles: the tenant tells where they are, not who they are.
        if is_of_unit && told.is_meant {
            return None;
        }
        let names_ministry = names.authorities().is_ministry(&names.plain(told.text));
        if self.is_body(told) || (!told.is_code() && names_ministry) {
            return Some(AwardDecider::Minister);
        }
        if !told.is_code()
            && let Some(known) = names.authorities().find(&names.plain(told.text))
        {
            return known.decider;
        }
        if is_of_unit {
            return None;
        }
        own_authority(told.said(names.tenants(), self.on).tenant()?.kind)
    }

    /// The warning that who is written down as the issuer does not give this title. Those of a tenant are given by whom
    /// it says.
    fn misplaced(&self) -> Option<Fault> {
        let award_type = self.title.award_type;
        if award_type.tenant_id.is_some() {
            return None;
        }
        let deciders = deciders(award_type);
        let is_other = |it: &Told<'a>| {
            it.field != "awardType"
                && (self.known.is_division(it.text)
                    || self.authority(*it).is_some_and(|named| !deciders.contains(&named)))
        };
        let other = self.places().into_iter().find(is_other)?;
        let named: Vec<&str> = deciders.iter().map(|it| (*it).into()).collect();
        let fault = self.fault(Code::InvalidCombination, other.field).with("case", "AUTHORITY");
        let fault = fault.about(said(award_type)).with("authority", named.join(" / "));
        Some(fault.with("name", other.text))
    }

    /// The warnings that nothing is known of somebody: one for each, in however many places of the row it stands.
    fn strangers(&self, told: &[Told<'a>]) -> Vec<Fault> {
        let mut named = HashSet::new();
        let stranger = |it: &Told<'a>| {
            let fault = self.unknown(*it)?;
            named.insert(self.known.names.plain(it.text)).then_some(fault)
        };
        told.iter().filter_map(stranger).collect()
    }

    /// The warning that a place names somebody of whom nothing is known; within a tenant there are many more than the
    /// register holds.
    fn unknown(&self, told: Told<'a>) -> Option<Fault> {
        if self.is_body(told) {
            return None;
        }
        let of = told.said(self.known.names.tenants(), self.on);
        let is_open = match self.title.award_type.level {
            Level::Base => told.is_meant || self.is_in_a_place_elsewhere(told, of),
            Level::State => told.is_meant,
            // The title itself says who it is, or somebody else than the own tenant has written it down.
            Level::MinistryOrProvince => {
                let is_named = told.field == "awardType" || of.is_unknown();
                told.is_meant || is_named || !self.is_own() || self.is_province(told)
            }
        };
        let is_unknown = of.tenant().is_none() && is_open;
        is_unknown.then(|| self.fault(Code::TenantUnknown, told.field).with("name", told.text))
    }

    /// The warning that a code or a name meant somebody else earlier in the time that comes into question.
    fn ambiguous(&self, told: Told<'a>, taken: &tenant::Model) -> Option<Fault> {
        let before = told.said(self.known.names.tenants(), self.since).tenant()?;
        let last = before.valid_to.filter(|_| before.id != taken.id)?;
        let fault = self.fault(Code::TenantUnknown, told.field).with("case", "AMBIGUOUS");
        let fault = fault.with("first", &before.name).with("first_code", &before.code);
        let fault = fault.with("second", &taken.name).with("second_code", &taken.code);
        Some(fault.with("last", last).with("name", told.text))
    }

    /// The warning that two places of the row name two tenants.
    fn contradiction(
        &self,
        (by, taken): (Told<'a>, &tenant::Model),
        other: Told<'a>,
    ) -> Option<Fault> {
        let second = other.said(self.known.names.tenants(), self.on).tenant()?;
        if second.id == taken.id {
            return None;
        }
        let fault = self.fault(Code::InvalidCombination, other.field).with("case", "ISSUER");
        let fault = fault.with("first", &taken.name).with("second", &second.name);
        Some(fault.with("one", by.text).with("other", other.text))
    }

    /// The own tenant, where nobody but it and those below it gives the title; none, and a warning, where others do, and
    /// where none of them was there.
    fn usual(&self, told: &[Told<'a>]) -> (Option<&'a tenant::Model>, Option<Fault>) {
        let known: &'a Known = self.known;
        let own = known.names.tenants().on(known.tenant, self.on);
        let is_known = match self.title.award_type.level {
            Level::State => return (None, None),
            Level::Base if !told.is_empty() => {
                return (own.filter(|row| !self.is_elsewhere(told, row.kind)), None);
            }
            Level::Base => self.title.award_type.tenant_id.is_some() || self.giver().is_some(),
            Level::MinistryOrProvince => self.is_own() && own.is_some(),
        };
        if is_known {
            return (own, None);
        }
        let fault = self.fault(Code::TenantUnknown, "awardType").with("case", "ISSUER");
        (None, Some(fault.about(said(self.title.award_type))))
    }

    /// Whether units give the title.
    fn is_of_unit(&self) -> bool {
        self.title.award_type.level == Level::Base
    }

    /// The unit that gave a title of units, as far as the law tells.
    fn giver(&self) -> Option<&'a unit::Model> {
        let award_type = self.title.award_type;
        let given =
            Given { award_type, written: &self.row.award_type, days: (self.since, self.on) };
        given.by(self.known, self.unit)
    }

    /// Whether who is written down is an authority above units, and not that of the own tenant.
    fn is_elsewhere(&self, told: &[Told<'a>], own: Kind) -> bool {
        let heads = [AwardDecider::Minister, AwardDecider::ProvinceChair];
        told.iter()
            .filter_map(|it| self.authority(*it))
            .any(|it| it.is_of_state() || (heads.contains(&it) && own_authority(own) != Some(it)))
    }

    /// Whether the authority of a title is that of the own tenant.
    fn is_own(&self) -> bool {
        self.own_kind().is_some_and(|kind| gives(self.title.award_type, kind))
    }

    fn own_kind(&self) -> Option<Kind> {
        Some(self.known.names.tenants().of_id(self.known.tenant)?.kind)
    }

    /// Whether the words for who gave it say only that it is of the rank of the own tenant.
    fn is_own_rank(&self, text: &str) -> bool {
        let tenants = self.known.names.tenants();
        self.own_kind().is_some_and(|kind| tenants.is_rank(text, kind))
    }

    /// Whether a place is named that is none of the own tenant: a province that was not there, or a district or commune
    /// that it has not.
    fn is_in_a_place_elsewhere(&self, told: Told<'a>, of: Said<'_>) -> bool {
        let by_chair = self.authority(told) == Some(AwardDecider::ProvinceChair);
        (of.is_unknown() && by_chair)
            || self.is_province(told)
            || self.is_in_a_part_elsewhere(told)
            || self.is_local_elsewhere(told)
    }

    /// Whether a place of the row names a district or commune that was none of the own tenant.
    fn is_local_elsewhere(&self, told: Told<'a>) -> bool {
        self.known.is_local_elsewhere(told.text, self.on)
    }

    /// The warning that the row names the own tenant and in it a district or commune that was no unit of it.
    fn no_unit(&self, told: &[Told<'a>], tenant: &tenant::Model) -> Option<Fault> {
        let is_own = self.is_of_unit() && tenant.id == self.known.tenant;
        let is_odd = |it: &&Told<'a>| !it.is_meant && self.is_local_elsewhere(**it);
        let odd = told.iter().find(is_odd).filter(|_| is_own)?;
        Some(self.fault(Code::TenantUnknown, odd.field).with("name", odd.text))
    }

    /// Whether a place of the row names a province, be it of another time.
    fn is_province(&self, told: Told<'a>) -> bool {
        !told.is_code() && self.known.names.tenants().is_province_named(told.text)
    }

    /// Whether the title names a part of a tenant that the own one cannot have.
    fn is_in_a_part_elsewhere(&self, told: Told<'a>) -> bool {
        let tenants = self.known.names.tenants();
        let is_part = |kind| tenants.is_part_elsewhere(told.text, kind);
        told.field == "awardType" && self.own_kind().is_some_and(is_part)
    }

    /// The name: as it is recorded, as the title has it, or that of the tenant or unit which gives it; where nobody knows,
    /// the words of the title. A code is no name.
    fn name(&self, told: &[Told<'a>], tenant: Option<&tenant::Model>) -> Result<String> {
        let at = format!("{}.issuerName", self.path);
        let tenants = self.known.names.tenants();
        let is_open = |it: &&Told<'a>| {
            it.is_meant && !it.is_code() && it.said(tenants, self.on).tenant().is_none()
        };
        let open = told.iter().rfind(is_open);
        let written = self.row.issuer_name.as_deref();
        let written = written.or(open.filter(|_| tenant.is_none()).map(|it| it.text));
        if let Some(given) = input::optional_text(written, &at, input::NAME)? {
            return Ok(given);
        }
        let in_title = told.iter().find(|it| it.field == "awardType").filter(|it| {
            let named = it.said(tenants, self.on).tenant();
            named.is_none_or(|named| tenant.is_some_and(|tenant| tenant.id == named.id))
        });
        if self.title.award_type.level == Level::State {
            return Ok(self.of_state());
        }
        let giver =
            || self.giver().filter(|_| self.is_within(told, tenant)).map(|row| row.name.clone());
        let of_unit = || self.is_of_unit().then(giver).flatten();
        let known = in_title.map(|it| it.text.to_owned()).or_else(of_unit);
        known.or_else(|| tenant.map(|row| row.name.clone())).map_or_else(|| self.words(), Ok)
    }

    /// Whether a tenant is the own one, or nobody has told another.
    fn is_within(&self, told: &[Told<'a>], tenant: Option<&tenant::Model>) -> bool {
        match tenant {
            Some(row) => row.id == self.known.tenant,
            None => !told.iter().any(|it| it.is_meant),
        }
    }

    /// The authority of the State that gives the title.
    fn of_state(&self) -> String {
        let deciders = deciders(self.title.award_type);
        let first = deciders.first().copied().unwrap_or(AwardDecider::President);
        phrase("authority", first.into(), Language::Vi)
    }

    /// The words of the row for the title; for a code or an abbreviation its name.
    fn words(&self) -> Result<String> {
        let path = format!("{}.awardType", self.path);
        let written = input::text(&self.row.award_type, &path, input::NAME)?;
        Ok(in_words(self.title.award_type, written))
    }

    fn fault(&self, code: Code, field: &str) -> Fault {
        Fault::at(code, &format!("{}.{field}", self.path))
    }
}

/// Whether a tenant of a kind gives a title itself, and no body that is no tenant may have given it as well.
fn gives(award_type: &award_type::Model, kind: Kind) -> bool {
    let own = own_authority(kind);
    let elsewhere = [AwardDecider::Organisation, AwardDecider::StandingCommittee];
    let deciders = deciders(award_type);
    let is_elsewhere = deciders.iter().any(|it| elsewhere.contains(it));
    let is_given = own.is_some_and(|own| deciders.contains(&own)) && !is_elsewhere;
    is_given || award_type.tenant_id.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    #[test]
    fn a_tenant_gives_what_its_authority_gives() {
        let types = reference::award_types().unwrap();
        let given =
            |code: &str, kind| gives(types.iter().find(|row| row.code == code).unwrap(), kind);
        assert!(given("PROVINCIAL_CERTIFICATE", Kind::Province));
        assert!(given("EXCELLENT_LABOUR_COLLECTIVE", Kind::City));
        assert!(given("EXCELLENT_LABOUR_COLLECTIVE", Kind::Ministry));
        assert!(given("MINISTERIAL_CERTIFICATE", Kind::Ministry));
        for code in ["MINISTERIAL_CERTIFICATE", "MINISTERIAL_EMULATION_FLAG", "COMMEMORATIVE_MEDAL"]
        {
            assert!(!given(code, Kind::Province), "{code}");
        }
        assert!(!given("PROVINCIAL_CERTIFICATE", Kind::Ministry));
        assert!(!given("PROVINCIAL_CERTIFICATE", Kind::Central));
    }
}
