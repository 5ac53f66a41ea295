//! Writes of movements.
//! No form is counted here.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::movement::{self, Form, Level, Scope};
use entity::unit;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::{Movement, rules};
use crate::access::{Act, Gate};
use crate::domain::unit::Unit;
use crate::domain::{Ask, input, keyed};
use crate::error::Result;
use crate::filter::input_id;
use crate::payload;
use crate::scalar::Date;
use crate::text::search_form;

/// Input of `movementCreate`.
#[derive(InputObject)]
pub(crate) struct MovementCreateInput {
    /// The unit in whose register it stands.
    unit_id: ID,
    /// Name, at most 300 characters.
    name: String,
    /// Who launched it.
    #[graphql(default_with = "Level::Unknown")]
    level: Level,
    /// For whom it is held.
    #[graphql(default_with = "Scope::Unknown")]
    scope: Scope,
    /// How it is held.
    #[graphql(default_with = "Form::Unknown")]
    form: Form,
    /// The day it was launched.
    launched_on: Date,
    /// Its last day; absent where none is known.
    ends_on: Option<Date>,
    /// Number and day of the plan that launched it, at most 300 characters.
    plan: Option<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `movementUpdate`; absent fields stay as they are.
#[derive(InputObject)]
pub(crate) struct MovementUpdateInput {
    /// The movement.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Corrected name, at most 300 characters; null is refused (`REQUIRED`).
    name: MaybeUndefined<String>,
    /// Who launched it; null is refused (`REQUIRED`).
    level: MaybeUndefined<Level>,
    /// For whom it is held; null is refused (`REQUIRED`).
    scope: MaybeUndefined<Scope>,
    /// How it is held; null is refused (`REQUIRED`).
    form: MaybeUndefined<Form>,
    /// The day it was launched; null is refused (`REQUIRED`).
    launched_on: MaybeUndefined<Date>,
    /// Its last day; null where none is known.
    ends_on: MaybeUndefined<Date>,
    /// Number and day of the plan, at most 300 characters; null clears it.
    plan: MaybeUndefined<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(MovementCreatePayload, movement: Movement, "movement entered");
payload!(MovementUpdatePayload, movement: Movement, "movement as it is now");

/// Changes of movements.
#[derive(Default)]
pub struct MovementMutation;

/// Changes of movements.
#[Object]
impl MovementMutation {
    /// Enters a movement in the register of a unit. Roles: standing officer; unit head and unit officer: of the own
    /// unit.
    async fn movement_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The movement.")] input: MovementCreateInput,
    ) -> async_graphql::Result<MovementCreatePayload> {
        keyed!(ctx, input => MovementCreatePayload: create)
    }

    /// Corrects a movement, or sets its last day. Roles: those of `movementCreate`.
    async fn movement_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The correction.")] input: MovementUpdateInput,
    ) -> async_graphql::Result<MovementUpdatePayload> {
        keyed!(ctx, input => MovementUpdatePayload: update)
    }
}

async fn create(gate: &Gate, input: MovementCreateInput) -> Result<Movement> {
    let unit_id = input_id::<Unit>(&input.unit_id, "input.unitId")?;
    let name = input::text(&input.name, "input.name", input::NAME)?;
    let launched_on = input::day(input.launched_on, "input.launchedOn")?;
    let ends_on = input.ends_on.map(|day| input::day(day, "input.endsOn")).transpose()?;
    input::period(Some(launched_on), ends_on, "input.endsOn")?;
    let plan = input::optional_text(input.plan.as_deref(), "input.plan", input::NAME)?;
    let tx = gate.begin(Act::MovementCreate).await?;
    let place = tx.one::<unit::Entity>(Act::MovementCreate, unit_id).await;
    let place = place.map_err(|fault| fault.at("input.unitId"))?;
    let row = movement::Model {
        tenant_id: place.tenant_id,
        id: gate.new_id(),
        unit_id: place.id,
        name_search: search_form(&name),
        name,
        level: input.level,
        scope: input.scope,
        form: input.form,
        duration: rules::duration(launched_on, ends_on),
        launched_on,
        ends_on,
        plan,
        author_id: gate.actor()?.user,
        created_at: gate.now(),
        version: 1,
    };
    let row = tx.add::<movement::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(Movement::from(row)).await
}

async fn update(gate: &Gate, input: MovementUpdateInput) -> Result<Movement> {
    let id = input_id::<Movement>(&input.id, "input.id")?;
    let tx = gate.begin(Act::MovementUpdate).await?;
    let row = tx.lock_version::<movement::Entity>(id, input.expected_version).await?;
    let mut changed = row.clone().into_active_model();
    if let Some(name) = input::given(input.name, "input.name")? {
        let name = input::text(&name, "input.name", input::NAME)?;
        changed.name_search = Set(search_form(&name));
        changed.name = Set(name);
    }
    if let Some(level) = input::given(input.level, "input.level")? {
        changed.level = Set(level);
    }
    if let Some(scope) = input::given(input.scope, "input.scope")? {
        changed.scope = Set(scope);
    }
    if let Some(form) = input::given(input.form, "input.form")? {
        changed.form = Set(form);
    }
    let launched_on = match input::given(input.launched_on, "input.launchedOn")? {
        Some(day) => input::day(day, "input.launchedOn")?,
        None => row.launched_on,
    };
    let ends_on = match input.ends_on {
        MaybeUndefined::Undefined => row.ends_on,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(day) => Some(input::day(day, "input.endsOn")?),
    };
    input::period(Some(launched_on), ends_on, "input.endsOn")?;
    changed.launched_on = Set(launched_on);
    changed.ends_on = Set(ends_on);
    changed.duration = Set(rules::duration(launched_on, ends_on));
    match input.plan {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => changed.plan = Set(None),
        MaybeUndefined::Value(plan) => {
            changed.plan = Set(input::optional_text(Some(&plan), "input.plan", input::NAME)?);
        }
    }
    let row = tx.save::<movement::Entity>(&row, changed).await?;
    tx.answer(Movement::from(row)).await
}
