//! Chains of refresh tokens: each is used once; only the one just before may come back, and only
//! while its successor was never used, because its answer may have been lost. No right enters here.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use entity::refresh_token::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::access::gate::find as select;
use crate::access::policy::Actor;
use crate::access::tx::exec_insert;
use crate::error::{Error, Result};

/// How long a refresh token can be used.
const LIFETIME: TimeDelta = TimeDelta::days(30);
/// What every refresh token begins with, so that a leaked one is recognised.
const PREFIX: &str = "rt_";

/// What a refresh token that came in is worth.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The next one; the successor that was issued before, if any, is revoked.
    Rotate(Option<Uuid>),
    /// Two hold the chain: it ends.
    Reused,
    /// Nothing: it has expired.
    Ended,
}

/// Which chains of a user.
#[derive(Clone, Copy)]
pub(super) enum Family {
    This(Uuid),
    AllBut(Uuid),
    All,
}

impl Family {
    fn condition(self, user: Uuid) -> Condition {
        let of_user = Condition::all().add(Column::UserId.eq(user));
        match self {
            Self::This(id) => of_user.add(Column::FamilyId.eq(id)),
            Self::AllBut(id) => of_user.add(Column::FamilyId.ne(id)),
            Self::All => of_user,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "there is no gate yet that could make the id")]
pub(in crate::access) fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// A new token of the actor's family, and the row that knows its hash.
pub(super) fn new(actor: &Actor, now: DateTime<Utc>) -> Result<(String, Model)> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|fault| Error::broken(&fault.to_string()))?;
    let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret));
    let row = Model {
        user_id: actor.user,
        id: new_id(),
        tenant_id: actor.tenant,
        family_id: actor.family,
        token_hash: hash(&token),
        created_at: now,
        expires_at: now + LIFETIME,
        used_at: None,
        successor_id: None,
        revoked_at: None,
    };
    Ok((token, row))
}

/// What is stored of a token.
pub(super) fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

pub(super) async fn find<C: ConnectionTrait>(hash: &str, connection: &C) -> Result<Option<Model>> {
    Ok(select::<Entity>().filter(Column::TokenHash.eq(hash)).one(connection).await?)
}

pub(super) async fn add<C: ConnectionTrait>(row: Model, connection: &C) -> Result<()> {
    exec_insert::<Entity, _>(row.into_active_model().reset_all(), connection).await
}

/// What the token is worth now; its successor is read only when it was used before.
pub(super) async fn judge<C: ConnectionTrait>(
    token: &Model,
    now: DateTime<Utc>,
    connection: &C,
) -> Result<Verdict> {
    let successor = match token.successor_id {
        Some(id) => {
            let itself =
                Condition::all().add(Column::UserId.eq(token.user_id)).add(Column::Id.eq(id));
            select::<Entity>().filter(itself).one(connection).await?
        }
        None => None,
    };
    Ok(verdict(token, successor.as_ref(), now))
}

fn verdict(token: &Model, successor: Option<&Model>, now: DateTime<Utc>) -> Verdict {
    if now >= token.expires_at {
        return Verdict::Ended;
    }
    // A revoked token was replaced when its predecessor came back: whoever brings it is the second holder.
    if token.revoked_at.is_some() {
        return Verdict::Reused;
    }
    if token.used_at.is_none() {
        return Verdict::Rotate(None);
    }
    match successor {
        Some(next) if next.used_at.is_none() && next.revoked_at.is_none() => {
            Verdict::Rotate(Some(next.id))
        }
        Some(_) | None => Verdict::Reused,
    }
}

/// Marks the token used for its successor, and revokes the one it had before.
#[expect(
    clippy::disallowed_methods,
    reason = "the token itself is the right to it; there is no actor yet"
)]
#[expect(clippy::too_many_arguments, reason = "the three tokens of one step")]
pub(super) async fn rotate<C: ConnectionTrait>(
    token: &Model,
    successor: Uuid,
    superseded: Option<Uuid>,
    now: DateTime<Utc>,
    connection: &C,
) -> Result<()> {
    let of_user =
        |id: Uuid| Condition::all().add(Column::UserId.eq(token.user_id)).add(Column::Id.eq(id));
    let used = ActiveModel {
        used_at: Set(Some(token.used_at.unwrap_or(now))),
        successor_id: Set(Some(successor)),
        ..Default::default()
    };
    Entity::update_many().set(used).filter(of_user(token.id)).exec(connection).await?;
    if let Some(superseded) = superseded {
        let update = Entity::update_many().col_expr(Column::RevokedAt, Expr::value(now));
        update.filter(of_user(superseded)).exec(connection).await?;
    }
    Ok(())
}

/// The chains of a user that began or were renewed within the life of an access token.
pub(super) async fn lately<C: ConnectionTrait>(
    user: Uuid,
    family: Family,
    now: DateTime<Utc>,
    connection: &C,
) -> Result<HashSet<Uuid>> {
    let live = family.condition(user).add(Column::RevokedAt.is_null());
    let lately = live.add(Column::CreatedAt.gt(now - TimeDelta::hours(1)));
    let select = select::<Entity>().filter(lately).select_only().column(Column::FamilyId);
    let families: Vec<Uuid> = select.distinct().into_tuple().all(connection).await?;
    Ok(families.into_iter().collect())
}

/// Revokes whole chains of a user; tells how many tokens were not revoked before.
#[expect(clippy::disallowed_methods, reason = "sessions end here and nowhere else")]
pub(super) async fn revoke<C: ConnectionTrait>(
    user: Uuid,
    family: Family,
    now: DateTime<Utc>,
    connection: &C,
) -> Result<u64> {
    let live = family.condition(user).add(Column::RevokedAt.is_null());
    let update = Entity::update_many().col_expr(Column::RevokedAt, Expr::value(now));
    Ok(update.filter(live).exec(connection).await?.rows_affected)
}

/// Removes tokens that expired a day ago.
#[expect(clippy::disallowed_methods, reason = "tokens that are worth nothing belong to nobody")]
pub(super) async fn sweep<C: ConnectionTrait>(now: DateTime<Utc>, connection: &C) -> Result<u64> {
    let old = Column::ExpiresAt.lt(now - TimeDelta::days(1));
    Ok(Entity::delete_many().filter(old).exec(connection).await?.rows_affected)
}
