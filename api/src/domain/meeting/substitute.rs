//! Who stands in for a member of a session, and the right that he has for it.
//! No vote enters here.

use std::collections::HashSet;

use async_graphql::ID;
use chrono::{Days, NaiveDate};
use entity::council_session::{self, Form};
use entity::role_grant::{self, Role};
use entity::session_seat::{self, Presence};
use entity::{account, seat_holder};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use crate::access::{Act, Tx};
use crate::domain::account::User;
use crate::domain::council::stands;
use crate::error::{Code, Fault, Result};
use crate::filter::input_id;

/// How many days after the planned one the right goes on where nobody meets.
const WRITING: u64 = 30;

/// Nobody stands in for one who takes no part, and who is away has no ballot of paper.
pub(super) fn fits((presence, on_paper, is_represented): (Presence, bool, bool)) -> Result<()> {
    let is_wrong = match presence {
        Presence::Absent => on_paper || is_represented,
        Presence::Written => on_paper,
        Presence::Expected | Presence::Present => false,
    };
    if !is_wrong {
        return Ok(());
    }
    let fault = Fault::at(Code::InvalidCombination, "input.presence");
    Err(fault.with("detail", "presence, onPaper, substituteId").into())
}

/// Who stands in: no member himself, and not the one who records it. He may sit in the council today.
pub(super) async fn named(
    tx: &Tx,
    (session, seat): (&council_session::Model, Uuid),
    id: &ID,
) -> Result<account::Model> {
    let (path, actor, today) = ("input.substituteId", tx.gate().actor()?, tx.gate().today());
    let id = input_id::<User>(id, path)?;
    let user = tx.one::<account::Entity>(Act::UserRead, id).await.map_err(|e| e.at(path))?;
    let own = Condition::all()
        .add(seat_holder::Column::CouncilId.eq(session.council_id))
        .add(seat_holder::Column::UserId.eq(user.id));
    let held = tx.all::<seat_holder::Entity>(Act::CouncilRead, own).await?;
    if held.iter().any(|row| stands(row.valid_from, row.valid_to, today)) {
        return Err(Fault::at(Code::SeatAlreadyHeld, path).into());
    }
    if user.id == actor.user {
        return Err(Fault::at(Code::Forbidden, path).into());
    }
    // Two are recorded at once: one user has one vote.
    tx.stand_in_line("substitutes", session.id).await?;
    let elsewhere = Condition::all()
        .add(session_seat::Column::SessionId.eq(session.id))
        .add(session_seat::Column::SubstituteId.eq(user.id))
        .add(session_seat::Column::SeatId.ne(seat));
    if !tx.all::<session_seat::Entity>(Act::CouncilSessionRead, elsewhere).await?.is_empty() {
        return Err(Fault::at(Code::SeatAlreadyHeld, path).into());
    }
    Ok(user)
}

/// Ends the right of who stood in before, and gives it to who does now; who still does keeps his.
pub(super) async fn hand_over(
    tx: &Tx,
    session: &council_session::Model,
    (before, now): (Option<Uuid>, Option<Uuid>),
) -> Result<()> {
    if let Some(user) = before
        && let Some(right) = right(tx, session, user).await?
    {
        if before == now {
            return Ok(());
        }
        let mut ended = right.clone().into_active_model();
        ended.revoked_at = Set(Some(tx.gate().now()));
        tx.save::<role_grant::Entity>(&right, ended).await?;
    }
    match now {
        Some(user) => give(tx, session, user).await,
        None => Ok(()),
    }
}

/// A session that is closed needs nobody to stand in after this day.
pub(super) async fn go(tx: &Tx, session: &council_session::Model) -> Result<()> {
    let today = tx.gate().today();
    let sent = Condition::all()
        .add(session_seat::Column::SessionId.eq(session.id))
        .add(session_seat::Column::SubstituteId.is_not_null());
    let sent = tx.all::<session_seat::Entity>(Act::CouncilSessionRead, sent).await?;
    let users: Vec<Uuid> = sent.into_iter().filter_map(|row| row.substitute_id).collect();
    let rights = rights(tx, session, &users).await?;
    let ended = |row: role_grant::Model| {
        let ended = role_grant::Model { valid_to: Some(today), ..row.clone() };
        (row, ended)
    };
    let later = rights.into_iter().filter(|row| row.valid_to > Some(today));
    tx.save_many::<role_grant::Entity>(later.map(ended).collect()).await
}

async fn give(tx: &Tx, session: &council_session::Model, user: Uuid) -> Result<()> {
    let today = tx.gate().today();
    let right = role_grant::Model {
        tenant_id: session.tenant_id,
        id: tx.gate().new_id(),
        user_id: user,
        role: Role::CouncilMember,
        unit_id: None,
        cluster_id: None,
        council_id: Some(session.council_id),
        valid_from: today,
        valid_to: Some(last_day(session, today)),
        granted_by: Some(tx.gate().actor()?.user),
        revoked_at: None,
        version: 1,
    };
    tx.add::<role_grant::Entity>(right.into_active_model().reset_all()).await?;
    Ok(())
}

/// The last day of a right that is given on a day: the planned one at least.
fn last_day(session: &council_session::Model, given_on: NaiveDate) -> NaiveDate {
    let planned = session.planned_on;
    let last = match session.form {
        Form::Meeting => planned,
        Form::Consultation => planned.checked_add_days(Days::new(WRITING)).unwrap_or(planned),
    };
    last.max(given_on)
}

/// The right that someone has for this session.
async fn right(
    tx: &Tx,
    session: &council_session::Model,
    user: Uuid,
) -> Result<Option<role_grant::Model>> {
    Ok(rights(tx, session, &[user]).await?.pop())
}

/// The rights that some have for this session, one each, known by their days; that of a seat of one's own is none.
async fn rights(
    tx: &Tx,
    session: &council_session::Model,
    users: &[Uuid],
) -> Result<Vec<role_grant::Model>> {
    use role_grant::Column;
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let of_users = Condition::all()
        .add(Column::UserId.is_in(users.iter().copied()))
        .add(Column::Role.eq(Role::CouncilMember))
        .add(Column::CouncilId.eq(session.council_id))
        .add(Column::RevokedAt.is_null())
        .add(Column::ValidTo.gte(tx.gate().today()));
    let rights = tx.all_of::<role_grant::Entity>(session.tenant_id, of_users).await?;
    let of_seats = seat_holder::Column::GrantId.is_in(rights.iter().map(|row| row.id));
    let of_seats = Condition::all().add(of_seats);
    let held = tx.all_of::<seat_holder::Entity>(session.tenant_id, of_seats).await?;
    let is_of_session = |row: &role_grant::Model| {
        row.valid_to == Some(last_day(session, row.valid_from))
            && held.iter().all(|holder| holder.grant_id != row.id)
    };
    let mut seen = HashSet::new();
    let of_session = rights.into_iter().filter(is_of_session);
    Ok(of_session.filter(|row| seen.insert(row.user_id)).collect())
}
