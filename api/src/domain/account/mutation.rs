//! Writes of users, their roles and their sessions.
//! No password is compared or hashed here: the gate room does that.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::role_grant::{self, Role};
use entity::{account, cluster, council, unit};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::factor::SignInPayload;
use super::{ClusterId, CouncilId, Grant, User, rules};
use crate::access::{Act, Entry, Gate, Password, Peer, Session, Sessions, SignIn, Tx};
use crate::domain::unit::Unit;
use crate::domain::{Ask, input};
use crate::error::{Error, Result};
use crate::filter::input_id;
use crate::payload;
use crate::scalar::{Date, DateTime};
use crate::text::search_form;

/// Input of `signIn`.
#[derive(InputObject)]
pub(crate) struct SignInInput {
    /// Slug or present code of the tenant, such as `lai_chau` or `12`.
    tenant: String,
    /// Name of the account in that tenant.
    username: String,
    /// Password.
    password: String,
}

/// Input of `sessionRefresh`.
#[derive(InputObject)]
pub(crate) struct SessionRefreshInput {
    /// The refresh token that was issued last; it can be used once.
    refresh_token: String,
}

/// Input of `signOut`.
#[derive(InputObject)]
pub(crate) struct SignOutInput {
    /// Any refresh token of the session.
    refresh_token: String,
}

/// Input of `passwordChange`.
#[derive(InputObject)]
pub(crate) struct PasswordChangeInput {
    /// The password until now.
    current_password: String,
    /// The new password, 12 to 128 characters.
    new_password: String,
}

/// Input of `userCreate`.
#[derive(InputObject)]
pub(crate) struct UserCreateInput {
    /// Name for sign-in, 3 to 64 of a-z, 0-9, point, hyphen, underscore; unique in the tenant for ever.
    username: String,
    /// Name shown to others, at most 300 characters.
    display_name: String,
    /// First password, 12 to 128 characters. Nothing of it is kept with the key: a repeated request with another one
    /// is answered as before, and the first one stands.
    password: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `grantCreate`.
#[derive(InputObject)]
pub(crate) struct GrantCreateInput {
    /// Who is to hold the role; not the caller.
    user_id: ID,
    /// The role.
    role: Role,
    /// The unit of a unit role; absent for other roles.
    unit_id: Option<ID>,
    /// The cluster of a cluster role, organised by the current tenant; absent for other roles.
    cluster_id: Option<ID>,
    /// The council of a council role; absent for other roles. Holders of seats get it by `seatHolderAppoint`.
    council_id: Option<ID>,
    /// First day in force; today when absent.
    valid_from: Option<Date>,
    /// Last day in force; without end when absent.
    valid_to: Option<Date>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `grantRevoke`.
#[derive(InputObject)]
pub(crate) struct GrantRevokeInput {
    /// The grant.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// The session of a user who has signed in (phiên làm việc), just begun or renewed. What a council holds is a
/// `CouncilSession`.
#[derive(SimpleObject)]
#[graphql(name = "Session")]
pub(crate) struct SessionTokens {
    /// For the header `Authorization: Bearer …`, for 15 minutes.
    access_token: String,
    /// For one `sessionRefresh`, within 30 days.
    refresh_token: String,
    /// When the access token expires.
    expires_at: DateTime,
    /// Whether the session has no right until its user has enrolled a second factor
    /// (`secondFactorEnrol`, `secondFactorConfirm`), because his tenant demands it of his role.
    must_enrol: bool,
}

impl From<Session> for SessionTokens {
    fn from(session: Session) -> Self {
        Self {
            access_token: session.access_token,
            refresh_token: session.refresh_token,
            expires_at: DateTime(session.expires_at),
            must_enrol: session.must_enrol,
        }
    }
}

payload!(SessionRefreshPayload, session: SessionTokens, "session renewed");
payload!(SignOutPayload, signed_out: bool, "answer `true`, whether there was a session or not");
payload!(PasswordChangePayload, user: User, "user as it is now");
payload!(UserCreatePayload, user: User, "user created");
payload!(GrantCreatePayload, grant: Grant, "grant created");
payload!(GrantRevokePayload, grant: Grant, "grant as it is now");

/// Changes of users, roles and sessions.
#[derive(Default)]
pub struct AccountMutation;

/// Changes of users, roles and sessions.
#[Object]
impl AccountMutation {
    /// Begins a session, or asks for the second factor of a user who has one. Needs no sign-in. What was
    /// wrong is not told; after 10 failures the account waits, after 50 within 15 minutes the address does.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who signs in.")] input: SignInInput,
    ) -> async_graphql::Result<SignInPayload> {
        SignInPayload::of(sign_in(ctx, input).await)
    }

    /// Renews a session with the grants of today. Needs no access token. A refresh token is used once;
    /// the one used last may come back as long as its successor was not used, any other ends the session.
    async fn session_refresh(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to renew.")] input: SessionRefreshInput,
    ) -> async_graphql::Result<SessionRefreshPayload> {
        SessionRefreshPayload::of(refresh(ctx, input).await)
    }

    /// Ends a session: its refresh tokens are worth nothing, its access tokens are refused within a second.
    /// Needs no access token.
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to end.")] input: SignOutInput,
    ) -> async_graphql::Result<SignOutPayload> {
        SignOutPayload::of(sign_out(ctx, input).await)
    }

    /// Changes the caller's own password and ends the caller's other sessions within a second. Every role.
    async fn password_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Both passwords.")] input: PasswordChangeInput,
    ) -> async_graphql::Result<PasswordChangePayload> {
        PasswordChangePayload::of(password_change(ctx, input).await)
    }

    /// Creates a user of the current tenant, without any role. Role: tenant administrator.
    async fn user_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user to create.")] input: UserCreateInput,
    ) -> async_graphql::Result<UserCreatePayload> {
        let key = input.idempotency_key.clone();
        UserCreatePayload::of(
            async {
                let (gate, sessions) = (ctx.once(key.as_deref())?, sessions(ctx)?);
                demand(&gate, Act::UserCreate)?;
                gate.answer(Box::pin(user_create(&gate, sessions, input))).await
            }
            .await,
        )
    }

    /// Gives a user a role; nobody gives one to himself. The user's access tokens are refused within a
    /// second: the renewed session has the role. Role: tenant administrator.
    async fn grant_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The role and who is to hold it.")] input: GrantCreateInput,
    ) -> async_graphql::Result<GrantCreatePayload> {
        let key = input.idempotency_key.clone();
        GrantCreatePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(grant_create(&gate, input))).await
            }
            .await,
        )
    }

    /// Takes a role back, once; it stays in history. The user's access tokens are refused within a second. Role:
    /// tenant administrator.
    async fn grant_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to revoke.")] input: GrantRevokeInput,
    ) -> async_graphql::Result<GrantRevokePayload> {
        let key = input.idempotency_key.clone();
        GrantRevokePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(grant_revoke(&gate, input))).await
            }
            .await,
        )
    }
}

pub(super) fn sessions<'c>(ctx: &Context<'c>) -> Result<&'c Sessions> {
    ctx.data::<Sessions>().map_err(|fault| Error::broken(&fault.message))
}

pub(super) fn peer(ctx: &Context<'_>) -> Option<std::net::IpAddr> {
    ctx.data_opt::<Peer>().and_then(|peer| peer.0)
}

async fn sign_in(ctx: &Context<'_>, input: SignInInput) -> Result<Entry> {
    let password = Password::typed(&input.password);
    let input = SignIn { tenant: input.tenant, username: input.username, password };
    sessions(ctx)?.sign_in(input, peer(ctx), ctx.gate()?.request()).await
}

async fn refresh(ctx: &Context<'_>, input: SessionRefreshInput) -> Result<SessionTokens> {
    let session = sessions(ctx)?.refresh(&input.refresh_token, ctx.gate()?.request()).await?;
    Ok(session.into())
}

async fn sign_out(ctx: &Context<'_>, input: SignOutInput) -> Result<bool> {
    sessions(ctx)?.sign_out(&input.refresh_token, ctx.gate()?.request()).await?;
    Ok(true)
}

async fn password_change(ctx: &Context<'_>, input: PasswordChangeInput) -> Result<User> {
    let (gate, sessions) = (ctx.gate()?, sessions(ctx)?);
    demand(gate, Act::PasswordChange)?;
    let current = Password::typed(&input.current_password);
    let new = Password::chosen(&input.new_password, "input.newPassword")?;
    let known = sessions.confirm(&current, peer(ctx), gate.request()).await?;
    if new == current {
        return Err(Password::rejected("input.newPassword"));
    }
    let hash = sessions.hashing().hash(&new).await?;
    let tx = gate.begin(Act::PasswordChange).await?;
    let row = tx.lock::<account::Entity>(gate.actor()?.user).await?;
    if row.password_hash != known {
        return Err(Error::conflict(row.version).at("input.currentPassword"));
    }
    let mut changed = row.clone().into_active_model();
    changed.password_hash = Set(hash);
    let row = tx.save::<account::Entity>(&row, changed).await?;
    tx.end_other_sessions().await?;
    tx.commit(User::from(row)).await
}

async fn user_create(gate: &Gate, sessions: &Sessions, input: UserCreateInput) -> Result<User> {
    let username = rules::username(&input.username)?;
    let display_name = input::text(&input.display_name, "input.displayName", input::NAME)?;
    let password = Password::chosen(&input.password, "input.password")?;
    let hash = sessions.hashing().hash(&password).await?;
    let tx = gate.begin(Act::UserCreate).await?;
    let row = account::ActiveModel {
        tenant_id: Set(gate.actor()?.tenant),
        id: Set(gate.new_id()),
        username: Set(username),
        name_search: Set(search_form(&display_name)),
        display_name: Set(display_name),
        password_hash: Set(hash),
        is_active: Set(true),
        authorisation: Set(1),
        created_at: Set(gate.now()),
        version: Set(1),
    };
    let row = tx.add::<account::Entity>(row).await.map_err(|e| e.at("input.username"))?;
    tx.answer(User::from(row)).await
}

/// Refuses before the slow hash what the transaction would refuse after it.
fn demand(gate: &Gate, act: Act) -> Result<()> {
    if gate.actor()?.may(act) { Ok(()) } else { Err(Error::forbidden()) }
}

async fn grant_create(gate: &Gate, input: GrantCreateInput) -> Result<Grant> {
    let actor = gate.actor()?;
    let row = role_grant::Model {
        tenant_id: actor.tenant,
        id: gate.new_id(),
        user_id: input_id::<User>(&input.user_id, "input.userId")?,
        role: input.role,
        unit_id: input.unit_id.map(|id| input_id::<Unit>(&id, "input.unitId")).transpose()?,
        cluster_id: input
            .cluster_id
            .map(|id| input_id::<ClusterId>(&id, "input.clusterId"))
            .transpose()?,
        council_id: input
            .council_id
            .map(|id| input_id::<CouncilId>(&id, "input.councilId"))
            .transpose()?,
        valid_from: input
            .valid_from
            .map_or(Ok(gate.today()), |day| input::day(day, "input.validFrom"))?,
        valid_to: input.valid_to.map(|day| input::day(day, "input.validTo")).transpose()?,
        granted_by: Some(actor.user),
        revoked_at: None,
        version: 1,
    };
    input::period(Some(row.valid_from), row.valid_to, "input.validTo")?;
    let tx = gate.begin(Act::GrantCreate).await?;
    let user = tx.lock::<account::Entity>(row.user_id).await.map_err(|e| e.at("input.userId"))?;
    rules::not_to_oneself(actor.user, user.id)?;
    check_place(&tx, &row).await?;
    rules::beside(&standing(&tx, user.id).await?, &row)?;
    let row = tx.add::<role_grant::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(Grant::from(row)).await
}

async fn check_place(tx: &Tx, row: &role_grant::Model) -> Result<()> {
    rules::fits(row)?;
    if let Some(id) = row.unit_id {
        let unit = tx.one::<unit::Entity>(Act::GrantCreate, id).await;
        rules::unit_in_force(&unit.map_err(|e| e.at("input.unitId"))?, row.valid_from)?;
    }
    if let Some(id) = row.cluster_id {
        let cluster = tx.one::<cluster::Entity>(Act::ClusterRead, id).await;
        let cluster = cluster.map_err(|e| e.at("input.clusterId"))?;
        rules::cluster_of(&cluster, row.tenant_id, row.valid_from)?;
    }
    if let Some(id) = row.council_id {
        let council = tx.one::<council::Entity>(Act::CouncilRead, id).await;
        rules::council_in_force(&council.map_err(|e| e.at("input.councilId"))?, row.valid_from)?;
    }
    Ok(())
}

async fn standing(tx: &Tx, user: Uuid) -> Result<Vec<role_grant::Model>> {
    use role_grant::Column;
    let of_user = Condition::all().add(Column::UserId.eq(user)).add(Column::RevokedAt.is_null());
    tx.all::<role_grant::Entity>(Act::GrantCreate, of_user).await
}

async fn grant_revoke(gate: &Gate, input: GrantRevokeInput) -> Result<Grant> {
    let id = input_id::<Grant>(&input.id, "input.id")?;
    let tx = gate.begin(Act::GrantRevoke).await?;
    let row = tx.lock_version::<role_grant::Entity>(id, input.expected_version).await?;
    let mut changed = row.clone().into_active_model();
    changed.revoked_at = Set(Some(rules::revoke(&row, gate.now())?));
    let row = tx.save::<role_grant::Entity>(&row, changed).await?;
    tx.answer(Grant::from(row)).await
}
