//! Which tenant is meant by a code or a name that stands in older records, at that time.
//! Only the public register of tenants is read here.

use std::cmp::Reverse;
use std::collections::HashSet;

use anyhow::Context;
use chrono::NaiveDate;
use entity::tenant::Kind;
use entity::{tenant, tenant_code};
use serde::Deserialize;
use uuid::Uuid;

use super::beginning::PLACES;
use super::fold::Fold;
use crate::reference;

const ALIASES: &str = include_str!("../../../../data/tenant/alias.csv");
const PREFIXES: &str = include_str!("../../../../data/tenant/prefix.csv");
const FORMER: &str = include_str!("../../../../data/tenant/former_place.csv");
const OUTSIDE: &str = include_str!("../../../../data/tenant/outside.csv");
const PARTS: &str = include_str!("../../../../data/tenant/part.csv");

/// Another name of a tenant, at a time.
#[derive(Deserialize)]
struct Alias {
    #[serde(rename = "alias")]
    other: String,
    name: String,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
}

impl Alias {
    fn is_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|first| first <= day)
            && self.valid_to.is_none_or(|last| day <= last)
    }
}

#[derive(Deserialize)]
struct Prefix {
    prefix: String,
    kind: Option<String>,
}

/// A province that was gone before the register begins.
#[derive(Deserialize)]
struct Former {
    name: String,
}

/// How names begin of bodies that have the name of a place and are not of it.
#[derive(Deserialize)]
struct Outside {
    begins: String,
}

/// Words before the name of a part that only tenants of one kind have.
#[derive(Deserialize)]
struct Part {
    words: String,
    kind: String,
}

/// What a text says of who gave an award.
#[derive(Clone, Copy)]
pub(super) enum Said<'a> {
    /// It names no tenant.
    Nothing,
    /// It names one that the register does not know at that time.
    Unknown,
    /// It names this one.
    Tenant(&'a tenant::Model),
}

impl<'a> Said<'a> {
    pub(super) fn tenant(self) -> Option<&'a tenant::Model> {
        match self {
            Self::Tenant(row) => Some(row),
            Self::Nothing | Self::Unknown => None,
        }
    }

    pub(super) fn is_unknown(self) -> bool {
        matches!(self, Self::Unknown)
    }
}

/// The register of tenants by what older records call them.
pub(super) struct Tenants {
    fold: Fold,
    /// Tenants with their names in one spelling.
    rows: Vec<(String, tenant::Model)>,
    codes: Vec<tenant_code::Model>,
    aliases: Vec<Alias>,
    /// Words before a name, and the kind of tenant they tell; the longest first.
    prefixes: Vec<(String, Option<Kind>)>,
    former: HashSet<String>,
    outside: Vec<String>,
    parts: Vec<(String, Kind)>,
}

impl Tenants {
    pub(super) fn new(
        rows: Vec<tenant::Model>,
        codes: Vec<tenant_code::Model>,
        fold: Fold,
    ) -> anyhow::Result<Self> {
        let mut aliases: Vec<Alias> = reference::csv(ALIASES).context("tenant/alias.csv")?;
        for row in &mut aliases {
            row.other = fold.plain(&row.other);
            row.name = fold.plain(&row.name);
        }
        let mut prefixes = Vec::new();
        for row in reference::csv::<Prefix>(PREFIXES).context("prefix.csv")? {
            let kind = row.kind.as_deref().map(reference::value::<Kind>).transpose()?;
            prefixes.push((fold.plain(&row.prefix), kind));
        }
        prefixes.sort_by_key(|(prefix, _)| Reverse(prefix.len()));
        let former = reference::csv::<Former>(FORMER).context("former_place.csv")?;
        let former = former.iter().map(|row| fold.plain(&row.name)).collect();
        let outside = reference::csv::<Outside>(OUTSIDE).context("outside.csv")?;
        let outside = outside.iter().map(|row| fold.plain(&row.begins)).collect();
        let mut parts = Vec::new();
        for row in reference::csv::<Part>(PARTS).context("part.csv")? {
            parts.push((fold.plain(&row.words), reference::value::<Kind>(&row.kind)?));
        }
        let rows = rows.into_iter().map(|row| (fold.plain(&row.name), row)).collect();
        Ok(Self { fold, rows, codes, aliases, prefixes, former, outside, parts })
    }

    /// The tenant that had a code on a day: a bare code means nothing without one.
    pub(super) fn of_code(&self, code: &str, on: NaiveDate) -> Option<&tenant::Model> {
        let mut held = self.codes.iter().filter(|row| {
            row.code == code && row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last)
        });
        let first = held.next()?;
        held.all(|other| other.tenant_id == first.tenant_id).then_some(())?;
        self.of_id(first.tenant_id)
    }

    /// The kinds of the tenants that have or had a code.
    pub(super) fn kinds_of_code(&self, code: &str) -> impl Iterator<Item = Kind> {
        let held = self.codes.iter().filter(move |row| row.code == code);
        held.filter_map(move |row| Some(self.of_id(row.tenant_id)?.kind))
    }

    /// The tenant that a text names on a day: a merger may have given the name to another one.
    pub(super) fn said(&self, text: &str, on: NaiveDate) -> Said<'_> {
        let name = self.fold.plain(text);
        if let Some(row) = self.of_name(&name, None, on) {
            return Said::Tenant(row);
        }
        if self.outside.iter().any(|begins| begins_with(&name, begins)) {
            return Said::Nothing;
        }
        let begun = self.prefixes.iter().find_map(|(prefix, kind)| {
            let rest = name.strip_prefix(prefix.as_str())?.strip_prefix(' ')?;
            Some((rest, *kind))
        });
        let named = begun.and_then(|(rest, kind)| self.of_name(rest, kind, on));
        if let Some(row) = named.or_else(|| self.within(&name, on)) {
            return Said::Tenant(row);
        }
        let is_only_words = self.prefixes.iter().any(|(prefix, _)| *prefix == name);
        if begun.is_some() && !is_only_words { Said::Unknown } else { Said::Nothing }
    }

    /// A tenant, where it was there on a day.
    pub(super) fn on(&self, id: Uuid, day: NaiveDate) -> Option<&tenant::Model> {
        self.of_id(id).filter(|row| in_force(row, day))
    }

    pub(super) fn of_id(&self, id: Uuid) -> Option<&tenant::Model> {
        self.rows.iter().map(|(_, row)| row).find(|row| row.id == id)
    }

    /// Whether a text names a part of a tenant, such as an urban district, that tenants of a kind do not have.
    pub(super) fn is_part_elsewhere(&self, text: &str, kind: Kind) -> bool {
        let name = self.fold.plain(text);
        self.parts.iter().any(|(words, of)| *of != kind && begins_with(&name, words))
    }

    /// Whether a text says no more than the rank of tenants of a kind.
    pub(super) fn is_rank(&self, text: &str, kind: Kind) -> bool {
        let name = self.fold.plain(text);
        self.prefixes.iter().any(|(prefix, of)| *prefix == name && *of == Some(kind))
    }

    /// Whether a name in one spelling is that of a tenant of these kinds, whenever, be it before the register begins.
    pub(super) fn is_place(&self, name: &str, kinds: &[Kind]) -> bool {
        if kinds.contains(&Kind::Province) && self.former.contains(name) {
            return true;
        }
        let also = self.aliases.iter().find(|row| row.other == name);
        let name = also.map_or(name, |row| row.name.as_str());
        self.rows.iter().any(|(known, row)| known == name && kinds.contains(&row.kind))
    }

    /// Whether a text is or ends with the name of a province or a city run by the centre, whenever: behind the words that
    /// tell it or, of one that is gone, behind any.
    pub(super) fn is_province_named(&self, text: &str) -> bool {
        let name = self.fold.plain(text);
        let is_told = |(prefix, kind): &(String, Option<Kind>)| {
            let rest = name.split_once(&format!(" {prefix} ")).map(|(_, rest)| rest);
            let rest = rest.or_else(|| name.strip_prefix(prefix.as_str())?.strip_prefix(' '));
            rest.is_some_and(|rest| match kind {
                None => self.is_place(rest, &PLACES),
                Some(kind) => PLACES.contains(kind) && self.is_place(rest, &[*kind]),
            })
        };
        let ends = |former: &String| name.ends_with(&format!(" {former}"));
        self.is_place(&name, &PLACES)
            || self.prefixes.iter().any(is_told)
            || self.former.iter().any(ends)
    }

    /// The one tenant of a name in one spelling.
    fn of_name(&self, name: &str, kind: Option<Kind>, on: NaiveDate) -> Option<&tenant::Model> {
        let also = self.aliases.iter().find(|row| row.other == name && row.is_on(on));
        let name = also.map_or(name, |row| row.name.as_str());
        let is_meant =
            |row: &tenant::Model| in_force(row, on) && kind.is_none_or(|kind| row.kind == kind);
        let mut found = self.rows.iter().filter(|(known, row)| known == name && is_meant(row));
        let (_, first) = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// The tenant that stands at the end of a text, such as the province of a department.
    fn within(&self, name: &str, on: NaiveDate) -> Option<&tenant::Model> {
        self.prefixes.iter().find_map(|(prefix, kind)| {
            let (_, rest) = name.split_once(&format!(" {prefix} "))?;
            self.of_name(rest, *kind, on)
        })
    }
}

/// Whether a name in one spelling begins with whole words.
fn begins_with(name: &str, words: &str) -> bool {
    name.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

fn in_force(row: &tenant::Model, on: NaiveDate) -> bool {
    row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenants() -> Tenants {
        Tenants::new(
            reference::tenant_rows().unwrap(),
            reference::tenant_code_rows().unwrap(),
            Fold::read().unwrap(),
        )
        .unwrap()
    }

    fn day(year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, 12, 31).unwrap()
    }

    /// The short name of the tenant that a text names.
    fn slug(text: &str, year: i32) -> Option<String> {
        tenants().said(text, day(year)).tenant().map(|row| row.slug.clone())
    }

    #[test]
    fn a_code_and_a_name_mean_another_province_before_the_merger() {
        let tenants = tenants();
        let of_code =
            |code: &str, year: i32| tenants.of_code(code, day(year)).unwrap().slug.clone();
        assert_eq!(of_code("02", 2018), "ha_giang");
        assert_eq!(of_code("15", 2018), "yen_bai");
        assert_eq!(of_code("15", 2025), "lao_cai");
        assert_eq!(slug("Hà Giang", 2018).as_deref(), Some("ha_giang"));
        assert_eq!(slug("Hà Giang", 2025), None);
        assert_eq!(slug("tỉnh Lào Cai", 2018).as_deref(), Some("lao_cai_2004"));
        assert_eq!(slug("tỉnh Lào Cai", 2025).as_deref(), Some("lao_cai"));
    }

    #[test]
    fn a_tenant_is_found_behind_the_words_before_it() {
        for (text, known) in [
            ("UBND tỉnh Hà Giang", "ha_giang"),
            ("Chủ tịch Ủy ban nhân dân tỉnh Hà Giang", "ha_giang"),
            ("UBND tỉnh Hà Tĩnh", "ha_tinh"),
            ("Sở Nội vụ tỉnh Hà Tĩnh", "ha_tinh"),
            ("Văn phòng HĐND tỉnh Lai Châu", "lai_chau"),
            ("Thừa Thiên - Huế", "hue"),
            ("UBND tỉnh Thừa Thiên Huế", "hue"),
            ("TP HCM", "ho_chi_minh_2004"),
            ("TP. Hồ Chí Minh", "ho_chi_minh_2004"),
            ("TP.HCM", "ho_chi_minh_2004"),
            ("Đắc Lắc", "dak_lak_2004"),
            ("Hoà Bình", "hoa_binh"),
            ("UBND thành phố Đà Nẵng", "da_nang_2004"),
        ] {
            assert_eq!(slug(text, 2018).as_deref(), Some(known), "{text}");
        }
        assert_eq!(slug("Thừa Thiên Huế", 2025), None, "its name has changed");
        let spring = NaiveDate::from_ymd_opt(2025, 2, 28).unwrap();
        let hue = tenants();
        let hue = hue.said("Thừa Thiên Huế", spring).tenant().map(|row| row.slug.as_str());
        assert_eq!(hue, Some("hue"), "papers carry the old name for some time");
        assert_eq!(slug("Bộ trưởng Bộ Nội vụ", 2025).as_deref(), Some("bo_noi_vu"));
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        let tenants = tenants();
        for text in ["UBND tỉnh Vân Nam", "UBND thành phố Lai Châu", "Bộ Nội vụ", "UBND xã Bản Bo"]
        {
            let said = tenants.said(text, day(2018));
            assert!(said.is_unknown() && said.tenant().is_none(), "{text}");
        }
        for text in
            ["Chủ tịch UBND tỉnh", "Sở Nội vụ", "ngành Giáo dục", "ĐHQG TP.HCM", "Quân khu 2", ""]
        {
            let said = tenants.said(text, day(2018));
            assert!(!said.is_unknown() && said.tenant().is_none(), "{text}");
        }
    }

    #[test]
    fn a_province_is_named_whenever_it_was_there() {
        let tenants = tenants();
        for text in [
            "Hà Tây",
            "UBND tỉnh Hà Tây",
            "Sở Y tế tỉnh Hà Tây",
            "Sở Y tế Hà Tây",
            "Hà Giang",
            "Sở Y tế tỉnh Hà Giang",
            "UBND thành phố Hà Nội",
        ] {
            assert!(tenants.is_province_named(text), "{text}");
        }
        for text in ["Tỉnh ủy", "Sở Y tế", "UBND thành phố Lai Châu", "UBND xã Hà Tây Mẫu", ""]
        {
            assert!(!tenants.is_province_named(text), "{text}");
        }
        let early = NaiveDate::from_ymd_opt(2007, 6, 30).unwrap();
        for text in ["UBND tỉnh Hà Tây", "Hà Tây", "Sở Y tế Hà Tây"] {
            assert!(tenants.said(text, early).tenant().is_none(), "{text} is no other province");
        }
    }

    #[test]
    fn every_alias_names_a_tenant() {
        let tenants = tenants();
        for alias in &tenants.aliases {
            assert!(tenants.rows.iter().any(|(name, _)| *name == alias.name), "{}", alias.name);
        }
    }

    #[test]
    fn ranks_and_parts_are_those_of_a_kind() {
        let tenants = tenants();
        assert!(tenants.is_rank("TP", Kind::City) && !tenants.is_rank("TP", Kind::Province));
        assert!(!tenants.is_rank("thành phố Huế", Kind::City));
        assert!(tenants.is_part_elsewhere("Chủ tịch UBND quận Mẫu", Kind::Province));
        assert!(!tenants.is_part_elsewhere("UBND quận Mẫu", Kind::City));
        assert!(!tenants.is_part_elsewhere("Quân khu 2", Kind::Province));
        assert!(tenants.is_place("ha tay", &[Kind::Province]));
        assert!(!tenants.is_place("ha tay", &[Kind::City]));
    }
}
