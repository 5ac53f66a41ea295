//! Writes of units: create, correct, close.
//! No history is rewritten here: a renaming or a merger closes one unit and creates another.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use chrono::NaiveDate;
use entity::unit::{self, Kind};
use entity::{unit_above, unit_lineage};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::Unit;
use crate::access::{Act, Gate, Tx, day_before};
use crate::domain::{Ask, input};
use crate::error::{Code, Fault, Result};
use crate::filter::{input_id, input_ids};
use crate::payload;
use crate::scalar::Date;
use crate::text::search_form;

/// Input of `unitCreate`.
#[derive(InputObject)]
pub(crate) struct UnitCreateInput {
    /// The unit directly above.
    parent_id: ID,
    /// Code within the tenant; unique there for ever. Letters, digits, point, hyphen, underscore; at most 60.
    code: String,
    /// Name in Vietnamese, at most 300 characters.
    name: String,
    /// What kind of unit it is.
    kind: Kind,
    /// First day in force.
    valid_from: Date,
    /// Units that this one continues; they are closed the day before, unless closed already.
    #[graphql(default)]
    predecessor_ids: Vec<ID>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `unitUpdate`: a correction; absent fields stay as they are.
#[derive(InputObject)]
pub(crate) struct UnitUpdateInput {
    /// The unit.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Corrected name, at most 300 characters; null is refused (`REQUIRED`).
    name: MaybeUndefined<String>,
    /// Corrected code, written like that of `unitCreate`; null is refused (`REQUIRED`).
    code: MaybeUndefined<String>,
    /// Corrected kind; null is refused (`REQUIRED`).
    kind: MaybeUndefined<Kind>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `unitClose`.
#[derive(InputObject)]
pub(crate) struct UnitCloseInput {
    /// The unit.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Last day in force.
    valid_to: Date,
    /// Units that continue it.
    #[graphql(default)]
    successor_ids: Vec<ID>,
    /// Why it is closed, such as the decision's number; at most 4,000 characters.
    reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(UnitCreatePayload, unit: Unit, "unit created");
payload!(UnitUpdatePayload, unit: Unit, "unit as it is now");
payload!(UnitClosePayload, unit: Unit, "unit as it is now");

/// Changes of units.
#[derive(Default)]
pub struct UnitMutation;

/// Changes of units.
#[Object]
impl UnitMutation {
    /// Creates a unit below another. Roles: standing officer, tenant administrator.
    async fn unit_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit to create.")] input: UnitCreateInput,
    ) -> async_graphql::Result<UnitCreatePayload> {
        let key = input.idempotency_key.clone();
        UnitCreatePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(create(&gate, input))).await
            }
            .await,
        )
    }

    /// Corrects a unit's name, code or kind. A renaming by decision is not a correction: close the unit
    /// and create its successor. Roles: standing officer, tenant administrator.
    async fn unit_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The correction.")] input: UnitUpdateInput,
    ) -> async_graphql::Result<UnitUpdatePayload> {
        let key = input.idempotency_key.clone();
        UnitUpdatePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(update(&gate, input))).await
            }
            .await,
        )
    }

    /// Closes a unit on a day and names its successors; it stays in history. Roles: standing officer,
    /// tenant administrator.
    async fn unit_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to close.")] input: UnitCloseInput,
    ) -> async_graphql::Result<UnitClosePayload> {
        let key = input.idempotency_key.clone();
        UnitClosePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(close(&gate, input))).await
            }
            .await,
        )
    }
}

async fn create(gate: &Gate, input: UnitCreateInput) -> Result<Unit> {
    let parent_id = input_id::<Unit>(&input.parent_id, "input.parentId")?;
    let valid_from = input::day(input.valid_from, "input.validFrom")?;
    let name = input::text(&input.name, "input.name", input::NAME)?;
    let code = input::code(&input.code, "input.code")?;
    let tx = gate.begin(Act::UnitCreate).await?;
    let parent = tx.lock::<unit::Entity>(parent_id).await.map_err(|e| e.at("input.parentId"))?;
    require_open(&parent, valid_from, "input.parentId")?;
    let row = unit::ActiveModel {
        tenant_id: Set(parent.tenant_id),
        id: Set(gate.new_id()),
        parent_id: Set(Some(parent.id)),
        code: Set(code),
        name_search: Set(search_form(&name)),
        name: Set(name),
        kind: Set(input.kind),
        valid_from: Set(valid_from),
        valid_to: Set(None),
        version: Set(1),
    };
    let row = tx.add::<unit::Entity>(row).await.map_err(|e| e.at("input.code"))?;
    place(&tx, &row, parent.id).await?;
    let predecessors = named(&input.predecessor_ids, "input.predecessorIds")?;
    for (index, id) in predecessors.into_iter().enumerate() {
        let path = format!("input.predecessorIds.{index}");
        let before = tx.lock::<unit::Entity>(id).await.map_err(|e| e.at(&path))?;
        link(&tx, &before, &row, valid_from).await.map_err(|e| e.at(&path))?;
        if before.valid_to.is_none() {
            end(&tx, &before, (day_before(valid_from), &path)).await?;
        }
    }
    tx.answer(Unit::from(row)).await
}

/// Adds the pairs of the closure: the unit itself, and every unit above it.
async fn place(tx: &Tx, row: &unit::Model, parent: Uuid) -> Result<()> {
    let of_parent = Condition::all().add(unit_above::Column::UnitId.eq(parent));
    let above = tx.all::<unit_above::Entity>(Act::UnitRead, of_parent).await?;
    let itself = (row.id, 0);
    let pairs = above.iter().map(|pair| (pair.above_id, pair.depth + 1)).chain([itself]);
    let pair = |(above_id, depth)| unit_above::Model {
        tenant_id: row.tenant_id,
        above_id,
        unit_id: row.id,
        depth,
    };
    tx.add_many_derived::<unit_above::Entity>(pairs.map(pair).collect()).await
}

async fn link(tx: &Tx, before: &unit::Model, after: &unit::Model, on: NaiveDate) -> Result<()> {
    if before.id == after.id {
        return Err(Fault::at(Code::InvalidCombination, "").with("detail", "successor").into());
    }
    let line = unit_lineage::ActiveModel {
        tenant_id: Set(after.tenant_id),
        predecessor_id: Set(before.id),
        successor_id: Set(after.id),
        effective_on: Set(on),
    };
    tx.add::<unit_lineage::Entity>(line).await?;
    Ok(())
}

/// The units that a list names, each once.
fn named(ids: &[ID], path: &str) -> Result<Vec<Uuid>> {
    let ids = input_ids::<Unit>(ids, path)?;
    input::each_once(&ids, path)?;
    Ok(ids)
}

async fn end(
    tx: &Tx,
    row: &unit::Model,
    (last_day, path): (NaiveDate, &str),
) -> Result<unit::Model> {
    input::period(Some(row.valid_from), Some(last_day), path)?;
    let mut closed = row.clone().into_active_model();
    closed.valid_to = Set(Some(last_day));
    tx.save::<unit::Entity>(row, closed).await
}

fn require_open(row: &unit::Model, day: NaiveDate, path: &str) -> Result<()> {
    if row.valid_from <= day && row.valid_to.is_none_or(|last| last >= day) {
        return Ok(());
    }
    Err(Fault::at(Code::NotInForce, path).into())
}

async fn update(gate: &Gate, input: UnitUpdateInput) -> Result<Unit> {
    let id = input_id::<Unit>(&input.id, "input.id")?;
    let tx = gate.begin(Act::UnitUpdate).await?;
    let row = tx.lock_version::<unit::Entity>(id, input.expected_version).await?;
    let mut changed = row.clone().into_active_model();
    if let Some(name) = input::given(input.name, "input.name")? {
        let name = input::text(&name, "input.name", input::NAME)?;
        changed.name_search = Set(search_form(&name));
        changed.name = Set(name);
    }
    if let Some(code) = input::given(input.code, "input.code")? {
        changed.code = Set(input::code(&code, "input.code")?);
    }
    if let Some(kind) = input::given(input.kind, "input.kind")? {
        changed.kind = Set(kind);
    }
    let row = tx.save::<unit::Entity>(&row, changed).await.map_err(|e| e.at("input.code"))?;
    tx.answer(Unit::from(row)).await
}

async fn close(gate: &Gate, input: UnitCloseInput) -> Result<Unit> {
    let id = input_id::<Unit>(&input.id, "input.id")?;
    let valid_to = input::day(input.valid_to, "input.validTo")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::UnitClose, Some(reason)).await?;
    let row = tx.lock_version::<unit::Entity>(id, input.expected_version).await?;
    require_open(&row, valid_to, "input.validTo")?;
    let open_below = Condition::all().add(unit::Column::ParentId.eq(row.id)).add(
        Condition::any()
            .add(unit::Column::ValidTo.is_null())
            .add(unit::Column::ValidTo.gt(valid_to)),
    );
    let below = tx.all::<unit::Entity>(Act::UnitRead, open_below).await?.len();
    if below > 0 {
        return Err(Fault::at(Code::UnitHasChildren, "input.id").with("count", below).into());
    }
    let first_day = valid_to.succ_opt().unwrap_or(valid_to);
    let successors = named(&input.successor_ids, "input.successorIds")?;
    for (index, id) in successors.into_iter().enumerate() {
        let path = format!("input.successorIds.{index}");
        let after = tx.lock::<unit::Entity>(id).await.map_err(|e| e.at(&path))?;
        link(&tx, &row, &after, first_day).await.map_err(|e| e.at(&path))?;
    }
    let row = end(&tx, &row, (valid_to, "input.validTo")).await?;
    tx.answer(Unit::from(row)).await
}
