//! For whom a Party committee gives its opinion, by tenant, title and date: rows of a file with their citations.
//! No opinion enters here.

use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

const RULES: &str = include_str!("../../data/opinion/party_opinion.toml");

/// A row of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartyRule {
    /// Codes of the titles it is about; none: of everyone about whom the committee was asked.
    awards: Vec<String>,
    /// Whose regulation it is; none: it holds for every tenant.
    tenant: Option<Place>,
    pub(crate) citation: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

/// A tenant by its code in the register.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    scheme: String,
    code: String,
}

impl PartyRule {
    fn is_of(&self, tenant: Uuid) -> bool {
        let is_it = |it: &Place| super::tenant_id(&it.scheme, &it.code) == tenant;
        self.tenant.as_ref().is_none_or(is_it)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<PartyRule>,
}

fn rules() -> &'static [PartyRule] {
    static RULES_READ: std::sync::OnceLock<Vec<PartyRule>> = std::sync::OnceLock::new();
    RULES_READ.get_or_init(|| toml::from_str::<File>(RULES).map_or_else(|_| Vec::new(), |f| f.rule))
}

/// The row by which a tenant asks for an opinion on a day: that of the title, or, where the committee was asked about the one who
/// is to get it, that of everyone.
pub(crate) fn party_rule(
    tenant: Uuid,
    award: &str,
    was_asked: bool,
    on: NaiveDate,
) -> Option<&'static PartyRule> {
    let stands = |row: &&PartyRule| {
        row.is_of(tenant) && row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last)
    };
    let of_title = |row: &&PartyRule| row.awards.iter().any(|code| code == award);
    let of_all = |row: &&PartyRule| was_asked && row.awards.is_empty();
    let mut now = rules().iter().filter(stands);
    now.clone().find(of_title).or_else(|| now.find(of_all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_names_titles_of_the_catalogue() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();

        assert_eq!(rules().len(), 2);
        let named = rules().iter().flat_map(|row| &row.awards);
        for award in named {
            assert!(crate::reference::is_award(award), "{award} is not in the catalogue");
        }
        let register = crate::reference::tenants().unwrap();
        for row in rules() {
            assert_eq!(register.iter().filter(|it| row.is_of(it.id())).count(), 1, "one tenant");
        }
        let own = crate::reference::tenant_id("QD19_2025", "24");
        let now = day(2026, 7, 1);
        assert!(party_rule(own, "HERO_LABOUR", false, now).is_some());
        assert!(party_rule(own, "HERO_LABOUR", false, day(2025, 12, 14)).is_none());
        assert!(party_rule(own, "PROVINCIAL_CERTIFICATE", false, now).is_none());
        assert!(party_rule(own, "PROVINCIAL_CERTIFICATE", true, now).is_some());
        let other = crate::reference::tenant_id("QD19_2025", "15");
        assert!(party_rule(other, "HERO_LABOUR", true, now).is_none(), "not its regulation");
    }
}
