//! Numbers of which quotas are shares, recorded for a unit and a year: its staff, its departments, those who took part in
//! movements.
//! No quota is reckoned here.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use entity::nominee::SubjectKind;
use entity::quota::Base;
use entity::quota_basis::{self, Column};
use entity::unit;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel, QueryOrder};

use super::base::is_number;
use crate::access::{Act, Gate};
use crate::domain::unit::{self as unit_room, Unit};
use crate::domain::{Ask, input, keyed};
use crate::error::{Code, Fault, Result};
use crate::filter::{input_id, row_id};
use crate::payload;
use crate::scalar::{DateTime, NodeType};

/// Greatest number that can be recorded.
const MOST: i32 = 1_000_000;

/// A number of which quotas are shares.
#[derive(Clone)]
pub(crate) struct QuotaBasis(Arc<quota_basis::Model>);

crate::answer!(QuotaBasis = quota_basis::Model => 0);

impl From<quota_basis::Model> for QuotaBasis {
    fn from(row: quota_basis::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl NodeType for QuotaBasis {
    const PREFIX: &'static str = "QuotaBasis";
}

/// A number of which quotas are shares, as recorded for a unit and a year; written once, the last one counts.
#[Object]
impl QuotaBasis {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The unit; null when the caller may not read it.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit_room::one(ctx, self.0.unit_id).await.transpose()
    }

    /// The year.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// What was counted.
    async fn base(&self) -> Base {
        self.0.base
    }

    /// Of those who took part, the kind that was counted; null: every one.
    async fn subject_kind(&self) -> Option<SubjectKind> {
        self.0.subject_kind
    }

    /// The number.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// Where it is written.
    async fn source(&self) -> &str {
        &self.0.source
    }

    /// Name of the one who recorded it, as it was then.
    async fn author_name(&self) -> &str {
        &self.0.author_name
    }

    /// When it was recorded.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

/// Input of `quotaBasisRecord`.
#[derive(InputObject)]
pub(crate) struct QuotaBasisRecordInput {
    /// The unit.
    unit_id: ID,
    /// The year, 1948 to 2100.
    year: i32,
    /// What was counted: `STAFF`, `DEPARTMENTS` or `PARTICIPANTS`.
    base: Base,
    /// With `PARTICIPANTS`: the kind that was counted, as quotas name it; absent: every one.
    subject_kind: Option<SubjectKind>,
    /// The number, 0 to 1,000,000.
    number: i32,
    /// Where it is written, such as the decision that assigns the staff; at most 300 characters.
    source: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(QuotaBasisRecordPayload, basis: QuotaBasis, "number recorded");

/// Questions about the numbers of which quotas are shares.
#[derive(Default)]
pub struct BasisQuery;

/// Questions about the numbers of which quotas are shares.
#[Object]
impl BasisQuery {
    /// The numbers that were recorded for a unit and a year, oldest first; at most 100. Empty for a caller who may not
    /// read quotas.
    async fn quota_bases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit.")] unit_id: ID,
        #[graphql(desc = "The year, 1948 to 2100.")] year: i32,
    ) -> Result<Vec<QuotaBasis>> {
        use sea_orm::QuerySelect;
        let year = input::year(year, "year")?;
        let unit = row_id::<Unit>(&unit_id).unwrap_or_default();
        let rows = ctx.gate()?.rows::<quota_basis::Entity>(Act::QuotaRead)?;
        let rows = rows
            .filter(Condition::all().add(Column::UnitId.eq(unit)).add(Column::Year.eq(year)))
            .shape(|select| select.order_by_asc(Column::At).order_by_asc(Column::Id).limit(100))
            .all()
            .await?;
        Ok(rows.into_iter().map(QuotaBasis::from).collect())
    }
}

/// Changes of the numbers of which quotas are shares.
#[derive(Default)]
pub struct BasisMutation;

/// Changes of the numbers of which quotas are shares.
#[Object]
impl BasisMutation {
    /// Records how large the staff of a unit is (biên chế), how many departments it has (phòng, ban), or how many took
    /// part directly in its movements (tham gia phong trào), for a year; what was recorded before stays written down.
    /// Roles: standing officer.
    async fn quota_basis_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number.")] input: QuotaBasisRecordInput,
    ) -> async_graphql::Result<QuotaBasisRecordPayload> {
        keyed!(ctx, input => QuotaBasisRecordPayload: record)
    }
}

async fn record(gate: &Gate, input: QuotaBasisRecordInput) -> Result<QuotaBasis> {
    let unit_id = input_id::<Unit>(&input.unit_id, "input.unitId")?;
    let year = input::year(input.year, "input.year")?;
    if !is_number(input.base) {
        let fault = Fault::at(Code::InvalidCombination, "input.base");
        return Err(fault.with("detail", "STAFF, DEPARTMENTS, PARTICIPANTS").into());
    }
    if input.subject_kind.is_some() && input.base != Base::Participants {
        let fault = Fault::at(Code::InvalidCombination, "input.subjectKind");
        return Err(fault.with("detail", "PARTICIPANTS").into());
    }
    if !(0..=MOST).contains(&input.number) {
        let fault = Fault::at(Code::OutOfRange, "input.number");
        return Err(fault.with("min", 0).with("max", MOST).into());
    }
    let source = input::text(&input.source, "input.source", input::NAME)?;
    let tx = gate.begin(Act::QuotaBasisRecord).await?;
    let place = tx.one::<unit::Entity>(Act::UnitRead, unit_id).await;
    let place = place.map_err(|fault| fault.at("input.unitId"))?;
    let row = quota_basis::Model {
        tenant_id: place.tenant_id,
        id: gate.new_id(),
        unit_id: place.id,
        year,
        base: input.base,
        subject_kind: input.subject_kind,
        number: input.number,
        source,
        author_id: gate.actor()?.user,
        author_name: gate.actor()?.name.clone(),
        at: gate.now(),
    };
    let row = tx.add::<quota_basis::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(QuotaBasis::from(row)).await
}
