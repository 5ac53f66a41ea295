//! Who recognises how far the effect of an initiative reaches: rows of a file with their citations.
//! No council of a tenant enters here.

use chrono::NaiveDate;
use entity::initiative::Scope;
use serde::Deserialize;

const SCOPES: &str = include_str!("../../data/initiative/scope.toml");

/// Whose council it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Level {
    /// That of a unit, or of the tenant.
    Unit,
    /// That of the tenant.
    Tenant,
}

/// A row of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LawScope {
    pub(crate) scope: Scope,
    pub(crate) level: Level,
    pub(crate) citation: String,
    pub(crate) valid_from: NaiveDate,
    pub(crate) valid_to: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    scope: Vec<LawScope>,
}

/// The row of a scope on a day.
pub(crate) fn initiative_scope(scope: Scope, on: NaiveDate) -> Option<&'static LawScope> {
    static READ: std::sync::OnceLock<Vec<LawScope>> = std::sync::OnceLock::new();
    let read = || toml::from_str::<File>(SCOPES).map_or_else(|_| Vec::new(), |file| file.scope);
    let stands =
        move |row: &&LawScope| row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last);
    READ.get_or_init(read).iter().filter(stands).find(|row| row.scope == scope)
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn the_file_is_read_and_names_every_scope() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let level = |scope| initiative_scope(scope, day).unwrap().level;

        assert!(Scope::iter().all(|scope| initiative_scope(scope, day).is_some()));
        assert_eq!([level(Scope::Base), level(Scope::Nation)], [Level::Unit, Level::Tenant]);
    }
}
