//! Tasks that a session gives, and what became of them.
//! Nothing of a ballot enters here.

use async_graphql::{Context, ID, InputObject, Object};
use entity::council_session;
use entity::session_task::{self, State};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};

use super::{CouncilSession, SessionTask};
use crate::access::{Act, Gate, today};
use crate::domain::{Ask, input, keyed};
use crate::error::Result;
use crate::filter::input_id;
use crate::payload;
use crate::scalar::Date;

/// Input of `sessionTaskAdd`.
#[derive(InputObject)]
pub(crate) struct SessionTaskAddInput {
    /// The session.
    session_id: ID,
    /// What is to be done, at most 4,000 characters.
    task: String,
    /// Who has to do it, at most 300 characters.
    owner: String,
    /// Until when; not before the day of the session.
    due_on: Option<Date>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `sessionTaskUpdate`.
#[derive(InputObject)]
pub(crate) struct SessionTaskUpdateInput {
    /// The task.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Where it stands now.
    state: State,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(SessionTaskAddPayload, task: SessionTask, "task given");
payload!(SessionTaskUpdatePayload, task: SessionTask, "task as it is now");

/// Tasks of sessions.
#[derive(Default)]
pub struct TaskMutation;

/// Tasks of sessions.
#[Object]
impl TaskMutation {
    /// Gives a task after the conclusions of a session. Roles: chair, council secretary, standing officer.
    async fn session_task_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The task.")] input: SessionTaskAddInput,
    ) -> async_graphql::Result<SessionTaskAddPayload> {
        keyed!(ctx, input => SessionTaskAddPayload: add)
    }

    /// Records where a task stands. Roles: those of `sessionTaskAdd`.
    async fn session_task_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The task and its state.")] input: SessionTaskUpdateInput,
    ) -> async_graphql::Result<SessionTaskUpdatePayload> {
        keyed!(ctx, input => SessionTaskUpdatePayload: update)
    }
}

async fn add(gate: &Gate, input: SessionTaskAddInput) -> Result<SessionTask> {
    let session = input_id::<CouncilSession>(&input.session_id, "input.sessionId")?;
    let tx = gate.begin(Act::SessionTaskAdd).await?;
    let session = tx.lock::<council_session::Entity>(session).await;
    let session = session.map_err(|e| e.at("input.sessionId"))?;
    let due_on = input.due_on.map(|day| input::day(day, "input.dueOn")).transpose()?;
    if let Some(day) = due_on {
        // It may be opened before the day planned, and later.
        let held = session.opened_at.map_or(session.planned_on, today);
        input::not_before(day, held.min(session.planned_on), "input.dueOn")?;
    }
    let of_session = Condition::all().add(session_task::Column::SessionId.eq(session.id));
    let column = session_task::Column::Position;
    let last = tx.greatest::<session_task::Entity>(session.tenant_id, column, of_session).await?;
    let row = session_task::ActiveModel {
        tenant_id: Set(session.tenant_id),
        id: Set(gate.new_id()),
        council_id: Set(session.council_id),
        session_id: Set(session.id),
        position: Set(last + 1),
        task: Set(input::text(&input.task, "input.task", input::TEXT)?),
        owner: Set(input::text(&input.owner, "input.owner", input::NAME)?),
        due_on: Set(due_on),
        state: Set(State::Open),
        version: Set(1),
    };
    let row = tx.add::<session_task::Entity>(row).await?;
    tx.answer(SessionTask::from(row)).await
}

async fn update(gate: &Gate, input: SessionTaskUpdateInput) -> Result<SessionTask> {
    let id = input_id::<SessionTask>(&input.id, "input.id")?;
    let tx = gate.begin(Act::SessionTaskUpdate).await?;
    let row = tx.lock_version::<session_task::Entity>(id, input.expected_version).await?;
    let mut changed = row.clone().into_active_model();
    changed.state = Set(input.state);
    let row = tx.save::<session_task::Entity>(&row, changed).await?;
    tx.answer(SessionTask::from(row)).await
}
