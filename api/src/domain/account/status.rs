//! Whether a user may sign in, and the end of all sessions of a user.
//! No password and no token enters here.

use async_graphql::{Context, ID, InputObject, Object};
use entity::account;
use sea_orm::ActiveValue::Set;
use sea_orm::IntoActiveModel;

use super::{User, rules};
use crate::access::{Act, Gate};
use crate::domain::{Ask, input};
use crate::error::Result;
use crate::filter::input_id;
use crate::payload;

/// Input of `userDeactivate`.
#[derive(InputObject)]
pub(crate) struct UserDeactivateInput {
    /// The user; not the caller.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Why, at most 4,000 characters; goes into the audit entry.
    reason: String,
}

/// Input of `userReactivate`.
#[derive(InputObject)]
pub(crate) struct UserReactivateInput {
    /// The user.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Why, at most 4,000 characters; goes into the audit entry.
    reason: String,
}

/// Input of `sessionsRevoke`.
#[derive(InputObject)]
pub(crate) struct SessionsRevokeInput {
    /// The user whose sessions end.
    user_id: ID,
}

payload!(UserDeactivatePayload, user: User, "user as it is now");
payload!(UserReactivatePayload, user: User, "user as it is now");
payload!(SessionsRevokePayload, user: User, "user whose sessions have ended");

/// Changes of who may sign in.
#[derive(Default)]
pub struct StatusMutation;

/// Changes of who may sign in.
#[Object]
impl StatusMutation {
    /// Closes an account: the user cannot sign in, and all his sessions end within a second. Grants stay.
    /// Role: tenant administrator, not for himself.
    async fn user_deactivate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose account to close, and why.")] input: UserDeactivateInput,
    ) -> async_graphql::Result<UserDeactivatePayload> {
        let change = Change { id: &input.id, version: input.expected_version, is_active: false };
        let done = async { change.apply(ctx.gate()?, &input.reason).await };
        UserDeactivatePayload::of(done.await)
    }

    /// Opens a closed account again; ended sessions stay ended. Role: tenant administrator.
    async fn user_reactivate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose account to open, and why.")] input: UserReactivateInput,
    ) -> async_graphql::Result<UserReactivatePayload> {
        let change = Change { id: &input.id, version: input.expected_version, is_active: true };
        let done = async { change.apply(ctx.gate()?, &input.reason).await };
        UserReactivatePayload::of(done.await)
    }

    /// Ends all sessions of a user within a second; he may sign in again. Role: tenant administrator.
    async fn sessions_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose sessions to end.")] input: SessionsRevokeInput,
    ) -> async_graphql::Result<SessionsRevokePayload> {
        SessionsRevokePayload::of(async { sessions_revoke(ctx.gate()?, &input).await }.await)
    }
}

/// An account to be closed or opened.
struct Change<'i> {
    id: &'i ID,
    version: i32,
    is_active: bool,
}

impl Change<'_> {
    async fn apply(&self, gate: &Gate, reason: &str) -> Result<User> {
        let act = if self.is_active { Act::UserReactivate } else { Act::UserDeactivate };
        let id = input_id::<User>(self.id, "input.id")?;
        let reason = input::reason(reason)?;
        let tx = gate.begin_because(act, Some(reason)).await?;
        let row = tx.lock_version::<account::Entity>(id, self.version).await?;
        rules::not_oneself(gate.actor()?.user, row.id)?;
        rules::standing(&row, self.is_active)?;
        let mut changed = row.clone().into_active_model();
        changed.is_active = Set(self.is_active);
        let row = tx.save::<account::Entity>(&row, changed).await?;
        tx.end_sessions(&row).await?;
        tx.commit(User::from(row)).await
    }
}

async fn sessions_revoke(gate: &Gate, input: &SessionsRevokeInput) -> Result<User> {
    let id = input_id::<User>(&input.user_id, "input.userId")?;
    let tx = gate.begin(Act::SessionsRevoke).await?;
    let row = tx.lock::<account::Entity>(id).await.map_err(|e| e.at("input.userId"))?;
    tx.end_sessions(&row).await?;
    tx.commit(User::from(row)).await
}
