//! Reference data: the register of tenants, the catalogue of titles and the law, the same in every installation.
//! No demo and no row that users write enters here.

#![expect(
    clippy::disallowed_methods,
    reason = "the loader keeps shared tables in step with the files of this version, beneath the gate"
)]

mod award;
mod ballot;
mod bonus;
mod fund;
mod ground;
mod handling;
mod initiative;
mod ladder;
mod notice;
mod opinion;
mod revocation;
mod rule;
mod tenant;

use anyhow::Context;
use entity::reference_data;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub use award::award_type_id;
pub(crate) use award::in_force as awards_in_force;
pub(crate) use award::models as award_types;
pub(crate) use award::{
    is_equal as is_equal_award, is_of_state, is_one as is_one_award, mark as award_mark,
    name as award_name,
};
pub(crate) use ballot::{
    LawRule, ballot_rule, ballot_rules, ballot_rules_from, every_ballot_rule, initiative_rule,
};
#[cfg(test)]
pub(crate) use bonus::{rates, salaries};
pub(crate) use fund::organising_share;
pub(crate) use ground::cancel_ground;
pub(crate) use handling::{due_on, handling};
pub(crate) use initiative::{Level, initiative_scope};
pub(crate) use ladder::is_lower;
pub(crate) use notice::{LawNotice, every_notice, notices};
pub(crate) use opinion::party_rule;
pub(crate) use revocation::revocation;
#[cfg(test)]
pub(crate) use rule::rules;
pub(crate) use rule::{is_award, is_carried_over, one_achievement, transitions};
pub use tenant::{Tenant, tenant_id, tenants};
pub(crate) use tenant::{code_rows as tenant_code_rows, rows as tenant_rows};

/// Changes when the way files become rows changes, so that every database is loaded anew.
const LAYOUT: &str = "1";
const NAME: &str = "tenant, award_type";

/// Whether the database holds the reference data of this version; one statement.
pub async fn is_current(connection: &impl ConnectionTrait) -> anyhow::Result<bool> {
    let held = reference_data::Entity::find_by_id(NAME).one(connection).await?;
    Ok(held.is_some_and(|held| held.hash == hash()))
}

/// Loads or updates the reference data by natural key; hands back whether anything was to be done.
pub async fn load(connection: &impl ConnectionTrait) -> anyhow::Result<bool> {
    if is_current(connection).await? {
        return Ok(false);
    }
    tenant::load(connection).await.context("tenants")?;
    award::load(connection).await.context("award catalogue")?;
    rule::load(connection).await.context("rules of eligibility")?;
    bonus::load(connection).await.context("bonuses")?;
    let row = reference_data::ActiveModel { name: Set(NAME.to_owned()), hash: Set(hash()) };
    let renewed = OnConflict::column(reference_data::Column::Name)
        .update_column(reference_data::Column::Hash)
        .to_owned();
    reference_data::Entity::insert(row)
        .on_conflict(renewed)
        .exec_without_returning(connection)
        .await?;
    Ok(true)
}

fn hash() -> String {
    let files = tenant::FILES.iter().chain(award::FILES).chain(rule::FILES).chain(bonus::FILES);
    let text = files.fold(Sha256::new_with_prefix(LAYOUT), Sha256::chain_update);
    hex::encode(text.finalize())
}

/// The id of a thing that is known by name: the same wherever it is loaded.
#[must_use]
pub fn named_id(name: &str) -> Uuid {
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(Sha256::digest(name)) {
        *byte = from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The rows of a CSV file.
pub(crate) fn csv<T: DeserializeOwned>(text: &str) -> anyhow::Result<Vec<T>> {
    let rows = csv::Reader::from_reader(text.as_bytes()).into_deserialize();
    rows.collect::<Result<_, _>>().context("a data file")
}

/// The value of an enum of a table by the name it is stored under.
pub(crate) fn value<E: sea_orm::ActiveEnum<Value = String>>(name: &str) -> anyhow::Result<E> {
    E::try_from_value(&name.to_owned())
        .with_context(|| format!("{name} is none of {}", E::values().join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_depends_on_the_name_alone() {
        let id = tenant_id("QD19_2025", "12");

        assert_eq!(id.get_version_num(), 8);
        assert_eq!(id, named_id("tenant:QD19_2025:12"));
        assert_eq!(id.to_string(), "0fa57d6c-1410-81f7-bd71-c11b8a480676");
    }

    #[test]
    fn every_row_of_the_files_is_read() {
        let present =
            |kind: &str| tenants().unwrap().iter().filter(|t| t.code_scheme == kind).count();

        assert_eq!((present("QD19_2025"), present("QD124_2004")), (34, 52));
        assert_eq!(award::rows().unwrap().len(), award::FILES[0].lines().count() - 1);
        assert_eq!(tenant::codes().unwrap().len(), 91 + 11);
        assert_eq!(tenant::lineage().unwrap().len(), 52);
    }
}
