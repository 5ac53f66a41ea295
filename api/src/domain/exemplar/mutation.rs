//! Writes of exemplars: one that was found, and the next step of one.
//! Nothing that was written is changed here.

use async_graphql::{Context, ID, InputObject, Object};
use entity::exemplar::{self, Kind};
use entity::exemplar_step::{self, Column, Stage};
use entity::{award, movement, subject, unit};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::rules::{self, Named};
use super::{Exemplar, ExemplarStep};
use crate::access::{Act, Gate, Tx};
use crate::domain::movement::Movement;
use crate::domain::registry::Award;
use crate::domain::subject::Subject;
use crate::domain::unit::Unit;
use crate::domain::{Ask, input, keyed, payload_under};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::scalar::Date;
use crate::text::search_form;

/// Input of `exemplarCreate`.
#[derive(InputObject)]
pub(crate) struct ExemplarCreateInput {
    /// The unit where it was found.
    unit_id: ID,
    /// What kind of exemplar.
    kind: Kind,
    /// What it is about, at most 300 characters.
    title: String,
    /// The story, at most 4,000 characters.
    story: Option<String>,
    /// Field of activity, at most 60 characters.
    field: Option<String>,
    /// The one it is about.
    subject_id: Option<ID>,
    /// The award it was commended with.
    award_id: Option<ID>,
    /// The movement in which it was found.
    movement_id: Option<ID>,
    /// The day it was found; not in the future.
    discovered_on: Date,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `exemplarStepAdd`.
#[derive(InputObject)]
pub(crate) struct ExemplarStepAddInput {
    /// The exemplar.
    exemplar_id: ID,
    /// How many steps the caller read; refused where there are more by now.
    expected_steps: i32,
    /// The stage that is reached.
    stage: Stage,
    /// The day it was done; not before the last step, and not in the future.
    on: Date,
    /// Who takes care of it; for `COACHED`, at most 300 characters.
    owner: Option<String>,
    /// By which plan; for `COACHED`, at most 4,000 characters.
    plan: Option<String>,
    /// The unit that takes it over; for `SPREAD`, each unit once.
    spread_to_id: Option<ID>,
    /// A remark, such as what was learned; at most 4,000 characters.
    note: Option<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(ExemplarCreatePayload, exemplar: Exemplar, "exemplar entered");
payload_under!(
    ExemplarStepAddPayload, step: ExemplarStep, "step recorded",
    exemplar: Exemplar, "exemplar as it is now"
);

/// Changes of exemplars.
#[derive(Default)]
pub struct ExemplarMutation;

/// Changes of exemplars.
#[Object]
impl ExemplarMutation {
    /// Enters an exemplar that was found (phát hiện điển hình). Roles: standing officer; unit head and unit officer:
    /// of the own unit.
    async fn exemplar_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The exemplar.")] input: ExemplarCreateInput,
    ) -> async_graphql::Result<ExemplarCreatePayload> {
        keyed!(ctx, input => ExemplarCreatePayload: create)
    }

    /// Records the next step of an exemplar: coached, reviewed, spread (bồi dưỡng, tổng kết, nhân rộng). Roles: those
    /// of `exemplarCreate`.
    async fn exemplar_step_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The step.")] input: ExemplarStepAddInput,
    ) -> async_graphql::Result<ExemplarStepAddPayload> {
        keyed!(ctx, input => ExemplarStepAddPayload: step)
    }
}

async fn create(gate: &Gate, input: ExemplarCreateInput) -> Result<Exemplar> {
    let unit_id = input_id::<Unit>(&input.unit_id, "input.unitId")?;
    let title = input::text(&input.title, "input.title", input::NAME)?;
    let story = input::optional_text(input.story.as_deref(), "input.story", input::TEXT)?;
    let field = input::optional_text(input.field.as_deref(), "input.field", input::CODE)?;
    let discovered_on = past(gate, input.discovered_on, "input.discoveredOn")?;
    let tx = gate.begin(Act::ExemplarCreate).await?;
    let place = tx.one::<unit::Entity>(Act::ExemplarCreate, unit_id).await;
    let place = place.map_err(|fault| fault.at("input.unitId"))?;
    let row = exemplar::Model {
        tenant_id: place.tenant_id,
        id: gate.new_id(),
        unit_id: place.id,
        kind: input.kind,
        title_search: search_form(&title),
        title,
        story,
        field,
        subject_id: subject_of(&tx, input.subject_id).await?,
        award_id: award_of(&tx, input.award_id).await?,
        movement_id: movement_of(&tx, input.movement_id).await?,
        discovered_on,
        author_id: gate.actor()?.user,
        created_at: gate.now(),
    };
    let row = tx.add::<exemplar::Entity>(row.into_active_model().reset_all()).await?;
    let found = first(gate, &row, (1, Stage::Discovered))?;
    let found = exemplar_step::Model { on_day: discovered_on, ..found };
    tx.add_derived::<exemplar_step::Entity>(found.into_active_model().reset_all()).await?;
    tx.answer(Exemplar::from(row)).await
}

/// A step of today that says nothing but its stage.
fn first(
    gate: &Gate,
    of: &exemplar::Model,
    (sequence, stage): (i32, Stage),
) -> Result<exemplar_step::Model> {
    let actor = gate.actor()?;
    Ok(exemplar_step::Model {
        tenant_id: of.tenant_id,
        id: gate.new_id(),
        exemplar_id: of.id,
        unit_id: of.unit_id,
        field: of.field.clone(),
        sequence,
        stage,
        on_day: gate.today(),
        owner: None,
        plan: None,
        note: None,
        spread_to_id: None,
        actor_id: actor.user,
        actor_name: actor.name.clone(),
        at: gate.now(),
    })
}

fn past(gate: &Gate, day: Date, path: &str) -> Result<chrono::NaiveDate> {
    let day = input::day(day, path)?;
    if day > gate.today() {
        let fault = Fault::at(Code::OutOfRange, path).with("min", "1948-01-01");
        return Err(fault.with("max", gate.today()).into());
    }
    Ok(day)
}

async fn subject_of(tx: &Tx, id: Option<ID>) -> Result<Option<Uuid>> {
    let Some(id) = id else { return Ok(None) };
    let id = input_id::<Subject>(&id, "input.subjectId")?;
    let row = tx.one::<subject::Entity>(Act::SubjectRead, id).await;
    Ok(Some(row.map_err(|fault| fault.at("input.subjectId"))?.id))
}

async fn award_of(tx: &Tx, id: Option<ID>) -> Result<Option<Uuid>> {
    let Some(id) = id else { return Ok(None) };
    let id = input_id::<Award>(&id, "input.awardId")?;
    let row = tx.one::<award::Entity>(Act::AwardRead, id).await;
    Ok(Some(row.map_err(|fault| fault.at("input.awardId"))?.id))
}

async fn movement_of(tx: &Tx, id: Option<ID>) -> Result<Option<Uuid>> {
    let Some(id) = id else { return Ok(None) };
    let id = input_id::<Movement>(&id, "input.movementId")?;
    let row = tx.one::<movement::Entity>(Act::MovementRead, id).await;
    Ok(Some(row.map_err(|fault| fault.at("input.movementId"))?.id))
}

async fn step(gate: &Gate, input: ExemplarStepAddInput) -> Result<ExemplarStep> {
    let id = input_id::<Exemplar>(&input.exemplar_id, "input.exemplarId")?;
    let owner = input::optional_text(input.owner.as_deref(), "input.owner", input::NAME)?;
    let plan = input::optional_text(input.plan.as_deref(), "input.plan", input::TEXT)?;
    let note = input::optional_text(input.note.as_deref(), "input.note", input::TEXT)?;
    let read = |id: &ID| input_id::<Unit>(id, "input.spreadToId");
    let unit_id = input.spread_to_id.as_ref().map(read).transpose()?;
    let on_day = past(gate, input.on, "input.on")?;
    let tx = gate.begin(Act::ExemplarStepAdd).await?;
    let of = reached(&tx, id).await?;
    let spread_to_id = taker(&tx, unit_id).await?;
    tx.stand_in_line("steps of an exemplar", of.id).await?;
    let steps = Condition::all().add(Column::ExemplarId.eq(of.id));
    let steps = tx.all_of::<exemplar_step::Entity>(of.tenant_id, steps).await?;
    let last = steps.iter().max_by_key(|step| step.sequence);
    let last = last.ok_or_else(|| Error::broken("an exemplar without steps"))?;
    if last.sequence != input.expected_steps {
        return Err(Error::conflict(last.sequence).at("input.expectedSteps"));
    }
    let named = Named { owner: owner.is_some(), plan: plan.is_some(), unit: unit_id.is_some() };
    rules::follows(last.stage, input.stage, named)?;
    input::period(Some(last.on_day), Some(on_day), "input.on")?;
    let row = exemplar_step::Model {
        on_day,
        owner,
        plan,
        note,
        spread_to_id,
        ..first(gate, &of, (last.sequence + 1, input.stage))?
    };
    let row = tx.add::<exemplar_step::Entity>(row.into_active_model().reset_all()).await;
    let row = row.map_err(|fault| fault.at("input.spreadToId"))?;
    tx.answer(ExemplarStep::from(row)).await
}

/// The exemplar, as one that the caller may go on with: everyone of the tenant reads it.
async fn reached(tx: &Tx, id: Uuid) -> Result<exemplar::Model> {
    match tx.one::<exemplar::Entity>(Act::ExemplarStepAdd, id).await {
        Ok(of) => Ok(of),
        Err(fault) => {
            let seen = tx.one::<exemplar::Entity>(Act::ExemplarRead, id).await;
            Err(seen.map_or(fault.at("input.exemplarId"), |_| Error::forbidden()))
        }
    }
}

/// The unit that takes a story over.
async fn taker(tx: &Tx, id: Option<Uuid>) -> Result<Option<Uuid>> {
    let Some(id) = id else { return Ok(None) };
    let unit = tx.one::<unit::Entity>(Act::UnitRead, id).await;
    Ok(Some(unit.map_err(|fault| fault.at("input.spreadToId"))?.id))
}
