//! The second factor of sign-in: enrolled by its user, demanded and reset by the tenant's administrator.
//! No code is compared here: the gate room does that.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::role_grant::{self, Role};
use entity::{account, sign_in_setting};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};

use super::mutation::{SessionTokens, peer, sessions};
use super::{User, rules};
use crate::access::{Act, Entry, Gate, Password, Tx};
use crate::domain::{Ask, input};
use crate::error::{self, Error, Result, UserError};
use crate::filter::input_id;
use crate::payload;
use crate::scalar::DateTime;

/// The question for the second factor, after a right password.
#[derive(SimpleObject)]
pub(crate) struct SecondFactorChallenge {
    /// Comes back in `signInConfirm`, with a code.
    token: String,
    /// Until when.
    expires_at: DateTime,
}

/// Outcome of the mutation: a session, or a challenge where there is a second factor, or the reasons why not.
#[derive(SimpleObject)]
pub(crate) struct SignInPayload {
    /// The session begun; null when there is a challenge or errors.
    session: Option<SessionTokens>,
    /// The question for the second factor; null for users without one, and when there are errors.
    challenge: Option<SecondFactorChallenge>,
    /// Why nothing was done; empty on success.
    errors: Vec<UserError>,
}

impl SignInPayload {
    pub(super) fn of(result: Result<Entry>) -> async_graphql::Result<Self> {
        let (entry, errors) = error::outcome(result)?;
        let (session, challenge) = match entry {
            Some(Entry::Session(session)) => (Some(session.into()), None),
            Some(Entry::Challenge { token, expires_at }) => {
                let expires_at = DateTime(expires_at);
                (None, Some(SecondFactorChallenge { token, expires_at }))
            }
            None => (None, None),
        };
        Ok(Self { session, challenge, errors })
    }
}

/// Input of `signInConfirm`.
#[derive(InputObject)]
pub(crate) struct SignInConfirmInput {
    /// The token of the challenge that `signIn` answered, within five minutes.
    challenge: String,
    /// The six digits that the authenticator shows, or a recovery code.
    code: String,
}

/// Input of `secondFactorEnrol`.
#[derive(InputObject)]
pub(crate) struct SecondFactorEnrolInput {
    /// The caller's password.
    current_password: String,
}

/// Input of `secondFactorConfirm`.
#[derive(InputObject)]
pub(crate) struct SecondFactorConfirmInput {
    /// The six digits that the authenticator shows.
    code: String,
}

/// Input of `secondFactorReset`.
#[derive(InputObject)]
pub(crate) struct SecondFactorResetInput {
    /// The user who lost his second factor; not the caller.
    user_id: ID,
    /// Why, at most 4,000 characters; goes into the audit entry.
    reason: String,
}

/// Input of `signInSettingUpdate`.
#[derive(InputObject)]
pub(crate) struct SignInSettingUpdateInput {
    /// Whether chairs, secretaries and administrators need a second factor.
    second_factor_required: bool,
    /// Version the caller read; 0 while nothing was ever set.
    expected_version: i32,
}

/// What an authenticator needs to know (khóa xác thực); shown once.
#[derive(SimpleObject)]
pub(crate) struct SecondFactorEnrolment {
    /// The secret in base 32, to be typed.
    secret: String,
    /// The same as an `otpauth://totp/…` address, to be shown as a picture (SHA1, 6 digits, 30 seconds).
    uri: String,
}

/// What a tenant demands of those who sign in (thiết lập đăng nhập).
#[derive(SimpleObject)]
pub(crate) struct SignInSetting {
    /// Whether chairs, secretaries and administrators need a second factor; without one their sessions have
    /// no right but to enrol it.
    second_factor_required: bool,
    /// Counts changes; send it back as `expectedVersion`. 0 while nothing was ever set.
    version: i32,
}

impl From<sign_in_setting::Model> for SignInSetting {
    fn from(row: sign_in_setting::Model) -> Self {
        Self { second_factor_required: row.second_factor_required, version: row.version }
    }
}

payload!(SignInConfirmPayload, session: SessionTokens, "session begun");
payload!(SecondFactorEnrolPayload, enrolment: SecondFactorEnrolment, "secret of the second factor");
payload!(SecondFactorConfirmPayload, recovery_codes: Vec<String>, "ten codes for who loses his authenticator, each for one sign-in; shown once");
payload!(SecondFactorResetPayload, user: User, "user without second factor");
payload!(SignInSettingUpdatePayload, setting: SignInSetting, "setting as it is now");

/// Questions about sign-in.
#[derive(Default)]
pub struct FactorQuery;

/// Questions about sign-in.
#[Object]
impl FactorQuery {
    /// What the current tenant demands of those who sign in; null for a caller who may not read it.
    async fn sign_in_setting(&self, ctx: &Context<'_>) -> Result<Option<SignInSetting>> {
        let gate = ctx.gate()?;
        if !gate.actor()?.may(Act::SignInSettingRead) {
            return Ok(None);
        }
        let rows = gate.rows::<sign_in_setting::Entity>(Act::SignInSettingRead)?;
        let row = rows.first().await?.map(SignInSetting::from);
        Ok(Some(row.unwrap_or(SignInSetting { second_factor_required: false, version: 0 })))
    }
}

/// Changes of second factors.
#[derive(Default)]
pub struct FactorMutation;

/// Changes of second factors.
#[Object]
impl FactorMutation {
    /// The second step of a sign-in. Needs no access token. A code is worth one sign-in; after 10 wrong codes
    /// the account waits.
    async fn sign_in_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The challenge and a code.")] input: SignInConfirmInput,
    ) -> async_graphql::Result<SignInConfirmPayload> {
        SignInConfirmPayload::of(confirm(ctx, input).await)
    }

    /// Makes the secret of the caller's second factor, which counts once `secondFactorConfirm` has shown a code
    /// of it. Everyone, for himself.
    async fn second_factor_enrol(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The caller's password.")] input: SecondFactorEnrolInput,
    ) -> async_graphql::Result<SecondFactorEnrolPayload> {
        SecondFactorEnrolPayload::of(enrol(ctx, input).await)
    }

    /// Turns the caller's second factor on. His access tokens are refused from then on: renew the session.
    /// Everyone, for himself.
    async fn second_factor_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first code.")] input: SecondFactorConfirmInput,
    ) -> async_graphql::Result<SecondFactorConfirmPayload> {
        SecondFactorConfirmPayload::of(confirm_enrolment(ctx, input).await)
    }

    /// Takes the second factor of a user away who lost it, and ends his sessions. Role: tenant administrator,
    /// not for himself.
    async fn second_factor_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose second factor, and why.")] input: SecondFactorResetInput,
    ) -> async_graphql::Result<SecondFactorResetPayload> {
        SecondFactorResetPayload::of(async { reset(ctx.gate()?, input).await }.await)
    }

    /// Sets what the current tenant demands of those who sign in. When the second factor becomes required, the
    /// access tokens of chairs, secretaries and administrators are refused within a second; without a second
    /// factor their renewed sessions have no right but to enrol one. Role: tenant administrator.
    async fn sign_in_setting_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to demand.")] input: SignInSettingUpdateInput,
    ) -> async_graphql::Result<SignInSettingUpdatePayload> {
        SignInSettingUpdatePayload::of(async { update(ctx.gate()?, &input).await }.await)
    }
}

async fn confirm(ctx: &Context<'_>, input: SignInConfirmInput) -> Result<SessionTokens> {
    let shown = (input.challenge.as_str(), input.code.as_str());
    let session = sessions(ctx)?.sign_in_confirm(shown, peer(ctx), ctx.gate()?.request()).await?;
    Ok(session.into())
}

async fn enrol(ctx: &Context<'_>, input: SecondFactorEnrolInput) -> Result<SecondFactorEnrolment> {
    let password = Password::typed(&input.current_password);
    let made = sessions(ctx)?.enrol(&password, peer(ctx), ctx.gate()?.request()).await?;
    Ok(SecondFactorEnrolment { secret: made.secret, uri: made.uri })
}

async fn confirm_enrolment(
    ctx: &Context<'_>,
    input: SecondFactorConfirmInput,
) -> Result<Vec<String>> {
    let request = ctx.gate()?.request();
    sessions(ctx)?.confirm_enrolment(&input.code, peer(ctx), request).await
}

async fn reset(gate: &Gate, input: SecondFactorResetInput) -> Result<User> {
    let id = input_id::<User>(&input.user_id, "input.userId")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::SecondFactorReset, Some(reason)).await?;
    let row = tx.lock::<account::Entity>(id).await.map_err(|e| e.at("input.userId"))?;
    rules::not_oneself(gate.actor()?.user, row.id).map_err(|e| e.at("input.userId"))?;
    tx.reset_second_factor(&row).await?;
    tx.commit(User::from(row)).await
}

async fn update(gate: &Gate, input: &SignInSettingUpdateInput) -> Result<SignInSetting> {
    let tenant = gate.actor()?.tenant;
    let tx = gate.begin(Act::SignInSettingUpdate).await?;
    let known = Condition::all().add(sign_in_setting::Column::TenantId.eq(tenant));
    let known = tx.all::<sign_in_setting::Entity>(Act::SignInSettingUpdate, known).await?;
    let row = if known.is_empty() {
        if input.expected_version != 0 {
            return Err(Error::conflict(0));
        }
        let row = sign_in_setting::ActiveModel {
            tenant_id: Set(tenant),
            second_factor_required: Set(input.second_factor_required),
            version: Set(1),
        };
        tx.add::<sign_in_setting::Entity>(row).await?
    } else {
        let row =
            tx.lock_version::<sign_in_setting::Entity>(tenant, input.expected_version).await?;
        let mut changed = row.clone().into_active_model();
        changed.second_factor_required = Set(input.second_factor_required);
        tx.save::<sign_in_setting::Entity>(&row, changed).await?
    };
    if row.second_factor_required {
        outdate_holders(&tx).await?;
    }
    tx.commit(SignInSetting::from(row)).await
}

/// Whoever has a role of which a second factor is demanded gets his rights anew.
async fn outdate_holders(tx: &Tx) -> Result<()> {
    use role_grant::Column;
    let demanded = [Role::ProvinceChair, Role::CouncilSecretary, Role::TenantAdministrator];
    let held = Condition::all().add(Column::Role.is_in(demanded)).add(Column::RevokedAt.is_null());
    for grant in tx.all::<role_grant::Entity>(Act::SignInSettingUpdate, held).await? {
        tx.outdate(grant.user_id)?;
    }
    Ok(())
}
