//! Districts and communes by what older records call them, and whether they are units of the own tenant: one of the same
//! name as another's is told apart by nobody. Who asks hands in the units that were there on the day.

use std::cmp::Reverse;

use anyhow::Context;
use entity::unit::{self, Kind};
use serde::Deserialize;

use super::fold::Fold;
use crate::reference;

const WORDS: &str = include_str!("../../../../data/tenant/local.csv");

#[derive(Deserialize)]
struct Row {
    words: String,
    kinds: String,
}

/// Words before the name of a place below a tenant.
struct Words {
    words: String,
    /// The kinds of units that such a place may be.
    kinds: Vec<Kind>,
}

impl Words {
    fn of(row: &Row, fold: &Fold) -> anyhow::Result<Self> {
        let kinds: anyhow::Result<Vec<Kind>> =
            row.kinds.split('|').map(reference::value::<Kind>).collect();
        Ok(Self { words: fold.plain(&row.words), kinds: kinds.context("local.csv")? })
    }
}

/// Districts and communes by the words before their names.
pub(super) struct Locals {
    fold: Fold,
    /// The longest words first.
    rows: Vec<Words>,
}

impl Locals {
    pub(super) fn read(fold: &Fold) -> anyhow::Result<Self> {
        let rows = reference::csv::<Row>(WORDS).context("local.csv")?;
        let rows: anyhow::Result<Vec<Words>> =
            rows.iter().map(|row| Words::of(row, fold)).collect();
        let mut rows = rows?;
        rows.sort_by_key(|row| Reverse(row.words.len()));
        Ok(Self { fold: fold.clone(), rows })
    }

    /// Whether a text names a district or a commune that is none of these units, nor a city called as the tenant is; the
    /// tenant may stand behind it.
    pub(super) fn is_elsewhere(
        &self,
        text: &str,
        (tenant, units): (&str, &[&unit::Model]),
    ) -> bool {
        let text = self.fold.plain(text);
        let tenant = self.fold.plain(tenant);
        let is_own = |text: &str| self.is_own(text, (&tenant, units));
        let behind = [format!(" tinh {tenant}"), format!(" thanh pho {tenant}")];
        let before = behind.iter().find_map(|words| text.strip_suffix(words.as_str()));
        self.named(&text).is_some()
            && !is_own(&text)
            && !before.is_some_and(|before| is_own(&self.fold.plain(before)))
    }

    /// Whether a text in one spelling names a place of the tenant.
    fn is_own(&self, text: &str, (tenant, units): (&str, &[&unit::Model])) -> bool {
        let Some((kinds, name)) = self.named(text) else { return false };
        let is_own = |kinds: &[Kind], name: &str| {
            let is_city = kinds.contains(&Kind::District) && name == tenant;
            is_city || units.iter().any(|unit| kinds.contains(&unit.kind) && self.is_of(unit, name))
        };
        let (name, district) = self.parted(name);
        is_own(kinds, name) || district.is_some_and(|name| is_own(&[Kind::District], name))
    }

    /// The kinds and the name of the place that a text in one spelling begins with.
    fn named<'t>(&self, text: &'t str) -> Option<(&[Kind], &'t str)> {
        self.rows.iter().find_map(|row| {
            let name = text.strip_prefix(row.words.as_str())?.strip_prefix(' ')?;
            Some((row.kinds.as_slice(), name))
        })
    }

    /// The name of a place, and that of the district behind it.
    fn parted<'t>(&self, name: &'t str) -> (&'t str, Option<&'t str>) {
        let districts = self.rows.iter().filter(|row| row.kinds == [Kind::District]);
        let found = districts.filter_map(|row| name.split_once(&format!(" {} ", row.words)));
        let first = found.min_by_key(|(before, _)| before.len());
        first.map_or((name, None), |(before, district)| (before, Some(district)))
    }

    /// Whether a unit has a name, with or without the words before it.
    fn is_of(&self, unit: &unit::Model, name: &str) -> bool {
        let known = self.fold.plain(&unit.name);
        known == name || self.named(&known).is_some_and(|(_, known)| known == name)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::*;

    fn unit(name: &str, kind: Kind) -> unit::Model {
        unit::Model {
            tenant_id: Uuid::nil(),
            id: Uuid::nil(),
            parent_id: None,
            code: String::new(),
            name: name.to_owned(),
            name_search: String::new(),
            kind,
            valid_from: NaiveDate::default(),
            valid_to: None,
            version: 1,
        }
    }

    #[test]
    fn a_place_below_is_own_where_a_unit_has_its_name() {
        let locals = Locals::read(&Fold::read().unwrap()).unwrap();
        let units = [
            unit("UBND huyện Tam Đường", Kind::District),
            unit("Xã Bản Mẫu", Kind::Commune),
            unit("Phòng Tân Mẫu", Kind::Division),
            unit("Phường Đoàn Mẫu", Kind::Ward),
        ];
        let units: Vec<&unit::Model> = units.iter().collect();
        let is_elsewhere = |text: &str| locals.is_elsewhere(text, ("Lai Châu", units.as_slice()));
        for text in [
            "UBND huyện Sa Pa",
            "huyện Sa Pa",
            "Chủ tịch UBND xã Tả Mẫu",
            "UBND xã Tân Mẫu",
            "UBND thành phố Sơn La",
            "UBND xã Tả Mẫu, huyện Sa Pa",
            "UBND xã Tam Đường",
            "UBND xã Tả Mẫu, tỉnh Lai Châu",
            "phường Tả Mẫu",
        ] {
            assert!(is_elsewhere(text), "{text}");
        }
        for text in [
            "Chủ tịch UBND huyện Tam Đường",
            "huyện Tam Đường",
            "UBND xã Bản Mẫu",
            "UBND xã Tả Mẫu, huyện Tam Đường",
            "Chủ tịch UBND phường Bản Mẫu",
            "UBND phường Đoàn Mẫu",
            "phường Đoàn Mẫu",
            "UBND xã Bản Mẫu, tỉnh Lai Châu",
            "UBND xã Tả Mẫu, huyện Tam Đường, tỉnh Lai Châu",
            "UBND thành phố Lai Châu",
            "UBND huyện",
            "UBND xã",
            "Sở Nội vụ",
            "Quân khu 2",
            "",
        ] {
            assert!(!is_elsewhere(text), "{text}");
        }
    }
}
