//! The register of tenants: who they are, the codes they had and have, who continues whom.
//! No unit enters here.

#![expect(
    clippy::disallowed_methods,
    reason = "the loader keeps shared tables in step with the files of this version, beneath the gate"
)]

use anyhow::Context;
use chrono::NaiveDate;
use entity::{tenant, tenant_code, tenant_lineage};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde::Deserialize;
use uuid::Uuid;

const TENANTS: &str = include_str!("../../data/tenant/tenant.csv");
const LINEAGE: &str = include_str!("../../data/tenant/lineage.csv");
const FORMER_CODES: &str = include_str!("../../data/tenant/former_code.csv");

/// The texts behind the rows.
pub(super) const FILES: &[&str] = &[TENANTS, LINEAGE, FORMER_CODES];

/// The scheme of codes since the merger, and its first day (Quyết định 19/2025/QĐ-TTg).
const PRESENT_SCHEME: &str = "QD19_2025";
const PRESENT_SINCE: Option<NaiveDate> = NaiveDate::from_ymd_opt(2025, 7, 1);

/// A row of the register.
#[derive(Clone, Debug, Deserialize)]
pub struct Tenant {
    /// Code within its scheme.
    pub code: String,
    /// Scheme of the code.
    pub code_scheme: String,
    /// Name in addresses and sign-in.
    pub slug: String,
    /// Name in Vietnamese.
    pub name: String,
    kind: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; none: still there.
    pub valid_to: Option<NaiveDate>,
}

#[derive(Debug, Deserialize)]
struct Lineage {
    predecessor_scheme: String,
    predecessor_code: String,
    successor_scheme: String,
    successor_code: String,
    effective_on: NaiveDate,
    citation: String,
}

#[derive(Debug, Deserialize)]
struct FormerCode {
    scheme: String,
    code: String,
    tenant_scheme: String,
    tenant_code: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

/// The id of a tenant, the same in every installation.
#[must_use]
pub fn tenant_id(scheme: &str, code: &str) -> Uuid {
    super::named_id(&format!("tenant:{scheme}:{code}"))
}

/// The register as it stands in the file.
pub fn tenants() -> anyhow::Result<Vec<Tenant>> {
    super::csv(TENANTS)
}

impl Tenant {
    /// The id of the tenant.
    #[must_use]
    pub fn id(&self) -> Uuid {
        tenant_id(&self.code_scheme, &self.code)
    }

    fn row(&self) -> anyhow::Result<tenant::ActiveModel> {
        Ok(tenant::ActiveModel {
            id: Set(self.id()),
            code: Set(self.code.clone()),
            code_scheme: Set(self.code_scheme.clone()),
            slug: Set(self.slug.clone()),
            name: Set(self.name.clone()),
            kind: Set(super::value(&self.kind)?),
            valid_from: Set(self.valid_from),
            valid_to: Set(self.valid_to),
        })
    }

    /// The code under which the register holds the tenant; a code is not older than its scheme.
    fn own_code(&self) -> tenant_code::ActiveModel {
        let is_present = self.code_scheme == PRESENT_SCHEME;
        let since = PRESENT_SINCE.filter(|_| is_present).unwrap_or(self.valid_from);
        tenant_code::ActiveModel {
            scheme: Set(self.code_scheme.clone()),
            code: Set(self.code.clone()),
            tenant_id: Set(self.id()),
            valid_from: Set(since.max(self.valid_from)),
            valid_to: Set(self.valid_to),
        }
    }
}

pub(super) fn codes() -> anyhow::Result<Vec<tenant_code::ActiveModel>> {
    let former = |row: FormerCode| tenant_code::ActiveModel {
        tenant_id: Set(tenant_id(&row.tenant_scheme, &row.tenant_code)),
        scheme: Set(row.scheme),
        code: Set(row.code),
        valid_from: Set(row.valid_from),
        valid_to: Set(row.valid_to),
    };
    let own = tenants()?.into_iter().map(|tenant| tenant.own_code());
    Ok(own.chain(super::csv(FORMER_CODES)?.into_iter().map(former)).collect())
}

/// The register as rows of its table.
pub(crate) fn rows() -> anyhow::Result<Vec<tenant::Model>> {
    use sea_orm::TryIntoModel;
    tenants()?.iter().map(|row| Ok(row.row()?.try_into_model()?)).collect()
}

/// Every code that a tenant has or had, as rows of their table.
pub(crate) fn code_rows() -> anyhow::Result<Vec<tenant_code::Model>> {
    use sea_orm::TryIntoModel;
    codes()?.into_iter().map(|row| Ok(row.try_into_model()?)).collect()
}

pub(super) fn lineage() -> anyhow::Result<Vec<tenant_lineage::ActiveModel>> {
    let row = |row: Lineage| tenant_lineage::ActiveModel {
        predecessor_id: Set(tenant_id(&row.predecessor_scheme, &row.predecessor_code)),
        successor_id: Set(tenant_id(&row.successor_scheme, &row.successor_code)),
        effective_on: Set(row.effective_on),
        citation: Set(row.citation),
    };
    Ok(super::csv(LINEAGE)?.into_iter().map(row).collect())
}

pub(super) async fn load(connection: &impl ConnectionTrait) -> anyhow::Result<()> {
    let rows: Vec<_> = tenants()?.iter().map(Tenant::row).collect::<Result<_, _>>()?;
    let renewed = {
        use tenant::Column::{Kind, Name, Slug, ValidFrom, ValidTo};
        let changing = [Slug, Name, Kind, ValidFrom, ValidTo];
        OnConflict::column(tenant::Column::Id).update_columns(changing).to_owned()
    };
    tenant::Entity::insert_many(rows)
        .on_conflict(renewed)
        .exec_without_returning(connection)
        .await?;
    let renewed = {
        use tenant_code::Column::{Code, Scheme, TenantId, ValidFrom, ValidTo};
        OnConflict::columns([Scheme, Code])
            .update_columns([TenantId, ValidFrom, ValidTo])
            .to_owned()
    };
    let insert = tenant_code::Entity::insert_many(codes()?).on_conflict(renewed);
    insert.exec_without_returning(connection).await.context("codes")?;
    let renewed = {
        use tenant_lineage::Column::{Citation, EffectiveOn, PredecessorId, SuccessorId};
        OnConflict::columns([PredecessorId, SuccessorId])
            .update_columns([EffectiveOn, Citation])
            .to_owned()
    };
    let insert = tenant_lineage::Entity::insert_many(lineage()?).on_conflict(renewed);
    insert.exec_without_returning(connection).await.context("lineage")?;
    Ok(())
}
