//! From the names under which older records carry titles, tenants and dates to what they mean.
//! No row of a client is judged here.

use std::collections::{HashMap, HashSet};

use anyhow::Context;
use chrono::NaiveDate;
use entity::{award_type, tenant, tenant_code};
use serde::Deserialize;
use uuid::Uuid;

use crate::reference;
use crate::text::search_form;

const ALIASES: &str = include_str!("../../../../data/award/alias.csv");

#[derive(Deserialize)]
struct Alias {
    alias: String,
    award_type_code: String,
}

/// The catalogue by every name that is known, and the register of tenants.
pub(crate) struct Names {
    codes: HashMap<String, Vec<String>>,
    /// Names behind which that of the authority follows, the longest first.
    beginnings: Vec<(String, String)>,
    types: Vec<award_type::Model>,
    tenants: Vec<tenant::Model>,
    tenant_codes: Vec<tenant_code::Model>,
}

impl Names {
    pub(crate) fn new(
        types: Vec<award_type::Model>,
        tenants: Vec<tenant::Model>,
        tenant_codes: Vec<tenant_code::Model>,
    ) -> anyhow::Result<Self> {
        let mut codes: HashMap<String, Vec<String>> = HashMap::new();
        let mut learn = |name: &str, code: &str| {
            let known = codes.entry(plain(name)).or_default();
            if !name.is_empty() && !known.iter().any(|it| it == code) {
                known.push(code.to_owned());
            }
        };
        let (law, own): (Vec<_>, Vec<_>) = types.iter().partition(|row| row.tenant_id.is_none());
        for row in law {
            for name in [&row.code, &row.abbreviation, &row.name] {
                learn(name, &row.code);
            }
            row.recorded_names.split('|').for_each(|name| learn(name, &row.code));
        }
        let mut beginnings = Vec::new();
        for row in reference::csv::<Alias>(ALIASES).context("alias.csv")? {
            match row.alias.strip_suffix('…') {
                Some(name) => beginnings.push((format!("{} ", plain(name)), row.award_type_code)),
                None => learn(&row.alias, &row.award_type_code),
            }
        }
        beginnings.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        // A name of the law stays the law's, whatever a tenant calls its own.
        let of_law: HashSet<String> = codes.keys().cloned().collect();
        for row in own {
            let names = [&row.code, &row.abbreviation, &row.name].into_iter().map(String::as_str);
            let names = names.chain(row.recorded_names.split('|')).map(plain);
            let free: HashSet<_> =
                names.filter(|name| !name.is_empty() && !of_law.contains(name)).collect();
            for name in free {
                codes.entry(name).or_default().push(row.code.clone());
            }
        }
        // Wordings of one title have one code.
        for known in codes.values_mut() {
            known.dedup();
        }
        Ok(Self { codes, beginnings, types, tenants, tenant_codes })
    }

    /// The title or form of a code or a name, in the wording of a day; the oldest wording known for days before.
    pub(super) fn award_type(&self, name: &str, on: NaiveDate) -> Option<&award_type::Model> {
        let name = plain(name);
        let code = match self.codes.get(&name).map(Vec::as_slice) {
            Some([code]) => code,
            Some(_) => return None,
            None => &self.beginnings.iter().find(|(begins, _)| name.starts_with(begins))?.1,
        };
        let of_code = || self.types.iter().filter(|row| row.code == *code);
        let in_force = |row: &&award_type::Model| {
            row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last)
        };
        of_code().find(in_force).or_else(|| of_code().min_by_key(|row| row.valid_from))
    }

    /// The tenant that had a code on a day: a bare code means nothing without one.
    pub(super) fn tenant_of_code(&self, code: &str, on: NaiveDate) -> Option<&tenant::Model> {
        let mut held = self.tenant_codes.iter().filter(|row| {
            row.code == code && row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last)
        });
        let first = held.next()?;
        held.all(|other| other.tenant_id == first.tenant_id).then_some(())?;
        self.tenant(first.tenant_id)
    }

    /// The tenant of a name on a day: a merger may have given the name to another one.
    pub(super) fn tenant_of_name(&self, name: &str, on: NaiveDate) -> Option<&tenant::Model> {
        let wanted = bare(name);
        self.tenants.iter().find(|row| in_force(row, on) && bare(&row.name) == wanted)
    }

    /// A tenant, where it was there on a day.
    pub(super) fn tenant_on(&self, id: Uuid, on: NaiveDate) -> Option<&tenant::Model> {
        self.tenant(id).filter(|row| in_force(row, on))
    }

    fn tenant(&self, id: Uuid) -> Option<&tenant::Model> {
        self.tenants.iter().find(|row| row.id == id)
    }
}

fn in_force(row: &tenant::Model, on: NaiveDate) -> bool {
    row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last)
}

/// Whether a title or form of the law is known by a name, a code or an abbreviation, then or now.
pub(in crate::domain) fn is_name_of_law(name: &str) -> anyhow::Result<bool> {
    let law = Names::new(reference::award_types()?, Vec::new(), Vec::new())?;
    let name = plain(name);
    let is_begun = law.beginnings.iter().any(|(begins, _)| name.starts_with(begins));
    Ok(!name.is_empty() && (is_begun || law.codes.contains_key(&name)))
}

/// A name without accents, capitals and signs, with one spelling of "sĩ".
fn plain(name: &str) -> String {
    let form: String = search_form(name)
        .chars()
        .map(|letter| if letter.is_alphanumeric() || letter == '_' { letter } else { ' ' })
        .collect();
    let words = form.split_whitespace().map(|word| if word == "sy" { "si" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// The name of a province without the word that says what it is.
fn bare(name: &str) -> String {
    let name = plain(name);
    let rest = ["tinh ", "thanh pho ", "tp "].iter().find_map(|word| name.strip_prefix(word));
    rest.map_or_else(|| name.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::new(
            reference::award_types().unwrap(),
            reference::tenant_rows().unwrap(),
            reference::tenant_code_rows().unwrap(),
        )
        .unwrap()
    }

    fn day(year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, 12, 31).unwrap()
    }

    #[test]
    fn older_names_and_spellings_are_known() {
        let names = names();
        for (name, code) in [
            ("Chiến sỹ thi đua cấp tỉnh", "PROVINCIAL_EMULATION_FIGHTER"),
            ("chiến sĩ thi đua cấp tỉnh", "PROVINCIAL_EMULATION_FIGHTER"),
            ("“Chiến sỹ thi đua toàn quốc”", "NATIONAL_EMULATION_FIGHTER"),
            ("Cờ thi đua của Thủ tướng Chính phủ", "GOVERNMENT_EMULATION_FLAG"),
            ("Huân chương lao động các hạng", "ORDER_LABOUR_UNSPECIFIED"),
            ("Bằng khen Thủ tướng", "PM_CERTIFICATE"),
            ("CSTD_TINH", "PROVINCIAL_EMULATION_FIGHTER"),
            ("ADVANCED_LABOURER", "ADVANCED_LABOURER"),
            ("Lao động tiên tiến", "ADVANCED_LABOURER"),
            ("CSTĐ cấp tỉnh", "PROVINCIAL_EMULATION_FIGHTER"),
            ("Chiến sĩ thi đua ngành", "MINISTERIAL_EMULATION_FIGHTER"),
            ("BK UBND tỉnh", "PROVINCIAL_CERTIFICATE"),
            ("Bằng khen của UBND tỉnh Lai Châu", "PROVINCIAL_CERTIFICATE"),
            ("Cờ thi đua của Bộ Nội vụ", "MINISTERIAL_EMULATION_FLAG"),
            ("Huân chương Lao động hạng 3", "ORDER_LABOUR_3"),
            ("Huân chương Lao động hạng III", "ORDER_LABOUR_3"),
            ("HCLĐ hạng Ba", "ORDER_LABOUR_3"),
            ("Giấy khen của Chủ tịch UBND huyện Phong Thổ", "LETTER_DISTRICT"),
            ("Bằng khen của Thủ tướng Chính phủ", "PM_CERTIFICATE"),
        ] {
            let found = names.award_type(name, day(2018)).map(|row| row.code.as_str());
            assert_eq!(found, Some(code), "{name}");
        }
        assert!(names.award_type("Công dân Thủ đô ưu tú", day(2018)).is_none());
    }

    #[test]
    fn a_code_and_a_name_mean_another_province_before_the_merger() {
        let names = names();
        let slug = |found: Option<&tenant::Model>| found.map(|row| row.slug.clone());
        assert_eq!(slug(names.tenant_of_code("02", day(2018))).as_deref(), Some("ha_giang"));
        assert_eq!(slug(names.tenant_of_name("Hà Giang", day(2018))).as_deref(), Some("ha_giang"));
        assert_eq!(names.tenant_of_name("Hà Giang", day(2025)), None);
        let then = slug(names.tenant_of_code("15", day(2018)));
        assert_eq!(then.as_deref(), Some("yen_bai"));
        let now = slug(names.tenant_of_code("15", day(2025)));
        assert_eq!(now.as_deref(), Some("lao_cai"));
        assert_ne!(slug(names.tenant_of_name("tỉnh Lào Cai", day(2018))), now);
    }

    #[test]
    fn every_alias_names_a_title() {
        let codes: Vec<String> =
            reference::award_types().unwrap().into_iter().map(|row| row.code).collect();
        for row in reference::csv::<Alias>(ALIASES).unwrap() {
            assert!(codes.contains(&row.award_type_code), "{}", row.award_type_code);
        }
    }
}
