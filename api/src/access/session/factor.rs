//! The second factor: codes of an authenticator (RFC 6238), each worth one sign-in, and recovery codes for who
//! lost it. No password is compared here.

use std::collections::BTreeSet;
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use entity::role_grant::Role;
use entity::{account as account_row, recovery_code, second_factor, sign_in_setting};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter,
};
use sha2::{Digest, Sha256};
use totp_rs::{Algorithm, Builder, Secret, Totp};
use uuid::Uuid;

use super::work::{Holder, Trial, Work, mark};
use super::{Session, Sessions, account, new_id};
use crate::access::audit::Change;
use crate::access::gate::{Request, find, today};
use crate::access::password::Password;
use crate::access::revocation;
use crate::access::session::throttle::Attempt;
use crate::access::tx::{Tx, exec_delete, exec_insert};
use crate::error::{Code, Error, Fault, Result};

/// The roles of which a tenant can demand a second factor.
pub(super) const ROLES: [Role; 3] =
    [Role::ProvinceChair, Role::CouncilSecretary, Role::TenantAdministrator];

/// Who shows in the list of an authenticator.
const ISSUER: &str = "Thi%20%C4%90ua";
/// Recovery codes that one gets.
const CODES: usize = 10;
/// Random bytes of a secret (RFC 4226 recommends 160 bits) and of a recovery code.
const BYTES: (usize, usize) = (20, 10);

/// What an authenticator needs to know; shown once.
pub struct Enrolment {
    /// The secret in base 32, to be typed.
    pub secret: String,
    /// The same as `otpauth://totp/…`, to be shown as a picture.
    pub uri: String,
}

type Factor = second_factor::Model;

/// Whether an account signs in with a second factor.
pub(super) async fn is_enrolled<C: ConnectionTrait>(
    row: &account_row::Model,
    connection: &C,
) -> Result<bool> {
    Ok(of(row, connection).await?.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// Whether a tenant demands a second factor of [`ROLES`].
pub(super) async fn is_required<C: ConnectionTrait>(tenant: Uuid, connection: &C) -> Result<bool> {
    use sign_in_setting::Column::{SecondFactorRequired, TenantId};
    let demanded = Condition::all().add(TenantId.eq(tenant)).add(SecondFactorRequired.eq(true));
    Ok(find::<sign_in_setting::Entity>().filter(demanded).count(connection).await? > 0)
}

async fn of<C: ConnectionTrait>(
    row: &account_row::Model,
    connection: &C,
) -> Result<Option<Factor>> {
    Ok(find::<second_factor::Entity>().filter(factor_of(row)).one(connection).await?)
}

fn factor_of(row: &account_row::Model) -> Condition {
    use second_factor::Column::{TenantId, UserId};
    Condition::all().add(TenantId.eq(row.tenant_id)).add(UserId.eq(row.id))
}

fn codes_of(row: &account_row::Model) -> Condition {
    use recovery_code::Column::{TenantId, UserId};
    Condition::all().add(TenantId.eq(row.tenant_id)).add(UserId.eq(row.id))
}

async fn forget<C: ConnectionTrait>(row: &account_row::Model, connection: &C) -> Result<u64> {
    exec_delete::<recovery_code::Entity, _>(codes_of(row), connection).await?;
    exec_delete::<second_factor::Entity, _>(factor_of(row), connection).await
}

/// Where a secret is sealed: it opens for no other account.
fn place(row: &account_row::Model) -> String {
    format!("second-factor {} {}", row.tenant_id, row.id)
}

fn totp(secret: &[u8]) -> Result<Totp> {
    let builder = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(Secret::new(secret.into()));
    builder.build().map_err(|fault| Error::broken(&fault.to_string()))
}

fn random(bytes: usize) -> Result<Vec<u8>> {
    let mut made = vec![0; bytes];
    getrandom::fill(&mut made).map_err(|fault| Error::broken(&fault.to_string()))?;
    Ok(made)
}

/// A recovery code: sixteen letters and digits, in fours.
fn recovery() -> Result<String> {
    let text = Secret::new(random(BYTES.1)?.into()).to_base32();
    let letters: Vec<char> = text.chars().collect();
    let parts: Vec<String> = letters.chunks(4).map(|part| part.iter().collect()).collect();
    Ok(parts.join("-").to_lowercase())
}

/// What is stored of a recovery code; eighty random bits need no slow hash.
fn recovery_hash(typed: &str) -> String {
    let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    hex::encode(Sha256::digest(plain.to_ascii_lowercase()))
}

impl Sessions {
    /// The second step of a sign-in: the challenge of the first one, and a code.
    pub async fn sign_in_confirm(
        &self,
        (challenge, code): (&str, &str),
        peer: Option<IpAddr>,
        request: &Request,
    ) -> Result<Session> {
        let ended = || Error::from(Fault::at(Code::SessionExpired, "input.challenge"));
        let who = self.keys().read_challenge(challenge, request.now).ok_or_else(ended)?;
        let trial = trial((who.tenant, who.user), peer, request);
        trial.count(self).await?;
        let work = self.work(request).await?;
        work.enter(who.tenant).await?;
        let connection = work.connection();
        let tenant = account::tenant_by_id(who.tenant, today(request.now), &connection).await?;
        let row = account::lock((who.tenant, who.user), &connection).await?;
        let row = row.filter(|row| row.is_active && mark(row) == who.mark);
        let (tenant, account) = tenant.zip(row).ok_or_else(ended)?;
        let holder = Holder { tenant, account };
        if !self.use_code(&holder.account, code, &work).await? {
            return Err(Fault::at(Code::SecondFactorFailed, "input.code").into());
        }
        trial.attempt.was_right(&connection).await?;
        let session = self.open_session(&holder, &work).await?;
        work.commit().await?;
        Ok(session)
    }

    /// Makes the secret of a second factor, which counts once a code of it was confirmed.
    pub async fn enrol(
        &self,
        password: &Password,
        peer: Option<IpAddr>,
        request: &Request,
    ) -> Result<Enrolment> {
        let known = self.confirm(password, peer, request).await?;
        let actor = request.actor.as_ref().ok_or(Error::Unauthenticated)?;
        let work = self.work(request).await?;
        work.enter(actor.tenant).await?;
        let connection = work.connection();
        let row = account::lock((actor.tenant, actor.user), &connection).await?;
        let row = row.filter(|row| row.is_active && row.password_hash == known);
        let row = row.ok_or(Error::Unauthenticated)?;
        if is_enrolled(&row, &connection).await? {
            return Err(Fault::at(Code::WrongState, "input").with("state", "ENROLLED").into());
        }
        forget(&row, &connection).await?;
        let secret = random(BYTES.0)?;
        let factor = Factor {
            tenant_id: row.tenant_id,
            user_id: row.id,
            secret: self.sealing.seal(&secret, &place(&row))?,
            last_step: 0,
            created_at: request.now,
            confirmed_at: None,
        };
        let factor = factor.into_active_model().reset_all();
        exec_insert::<second_factor::Entity, _>(factor, &connection).await?;
        work.audit(actor, "SecondFactorEnrol").await?;
        work.commit().await?;
        let secret = totp(&secret)?.secret().to_base32();
        let name = format!("{}@{}", row.username, actor.tenant_slug);
        let uri = format!("otpauth://totp/{ISSUER}:{name}?secret={secret}&issuer={ISSUER}");
        Ok(Enrolment { secret, uri })
    }

    /// Turns the second factor on by its first code; hands back the recovery codes. The caller's tokens end:
    /// the renewed session has the rights that waited for this.
    pub async fn confirm_enrolment(
        &self,
        code: &str,
        peer: Option<IpAddr>,
        request: &Request,
    ) -> Result<Vec<String>> {
        let actor = request.actor.as_ref().ok_or(Error::Unauthenticated)?;
        let trial = trial((actor.tenant, actor.user), peer, request);
        trial.count(self).await?;
        let mut work = self.work(request).await?;
        work.enter(actor.tenant).await?;
        let row = account::lock((actor.tenant, actor.user), &work.connection()).await?;
        let row = row.filter(|row| row.is_active).ok_or(Error::Unauthenticated)?;
        let factor = of(&row, &work.connection()).await?;
        let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_none()) else {
            return Err(Fault::at(Code::WrongState, "input").with("state", "NOT_ENROLLED").into());
        };
        let Some(step) = self.step(&row, &factor, (code, request.now))? else {
            return Err(Fault::at(Code::SecondFactorFailed, "input.code").into());
        };
        let on = second_factor::ActiveModel {
            last_step: Set(step),
            confirmed_at: Set(Some(request.now)),
            ..Default::default()
        };
        update::<second_factor::Entity, _>(on, factor_of(&row), &work.connection()).await?;
        let codes = add_codes(&row, &work.connection()).await?;
        trial.attempt.was_right(&work.connection()).await?;
        let holder = (row.tenant_id, &BTreeSet::from([row.id]));
        work.revoked = revocation::outdate(holder, request.now, &work.connection()).await?;
        work.audit(actor, "SecondFactorConfirm").await?;
        work.commit().await?;
        Ok(codes)
    }

    /// Whether a code is right, of the authenticator or for recovery; then it is used up.
    async fn use_code(
        &self,
        row: &account_row::Model,
        code: &str,
        work: &Work<'_>,
    ) -> Result<bool> {
        use recovery_code::Column::{CodeHash, UsedAt};
        let connection = work.connection();
        let Some(factor) = of(row, &connection).await? else { return Ok(false) };
        if let Some(step) = self.step(row, &factor, (code, work.request.now))? {
            let used = second_factor::ActiveModel { last_step: Set(step), ..Default::default() };
            update::<second_factor::Entity, _>(used, factor_of(row), &connection).await?;
            return Ok(true);
        }
        let unused = codes_of(row).add(CodeHash.eq(recovery_hash(code))).add(UsedAt.is_null());
        let used = recovery_code::ActiveModel {
            used_at: Set(Some(work.request.now)),
            ..Default::default()
        };
        Ok(update::<recovery_code::Entity, _>(used, unused, &connection).await? == 1)
    }

    /// The step of a right code that is newer than the last one used.
    fn step(
        &self,
        row: &account_row::Model,
        factor: &Factor,
        (code, now): (&str, DateTime<Utc>),
    ) -> Result<Option<i64>> {
        let secret = self.sealing.open(&factor.secret, &place(row))?;
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let step = totp(&secret)?.check(code.trim(), seconds);
        let step = step.and_then(|step| i64::try_from(step).ok());
        Ok(step.filter(|step| *step > factor.last_step))
    }
}

/// Codes are throttled apart from passwords: who knows the password does not guess more codes by signing in.
fn trial((tenant, user): (Uuid, Uuid), peer: Option<IpAddr>, request: &Request) -> Trial<'_> {
    let attempt = Attempt::new(&tenant.to_string(), &format!("{user}/code"), peer);
    Trial { attempt, request }
}

async fn add_codes<C: ConnectionTrait>(
    row: &account_row::Model,
    connection: &C,
) -> Result<Vec<String>> {
    let mut codes = Vec::new();
    for _ in 0..CODES {
        let code = recovery()?;
        let stored = recovery_code::Model {
            tenant_id: row.tenant_id,
            id: new_id(),
            user_id: row.id,
            code_hash: recovery_hash(&code),
            used_at: None,
        };
        let stored = stored.into_active_model().reset_all();
        exec_insert::<recovery_code::Entity, _>(stored, connection).await?;
        codes.push(code);
    }
    Ok(codes)
}

#[expect(clippy::disallowed_methods, reason = "a factor changes by what its holder shows")]
async fn update<E, C>(row: E::ActiveModel, which: Condition, connection: &C) -> Result<u64>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
    C: ConnectionTrait,
{
    Ok(E::update_many().set(row).filter(which).exec(connection).await?.rows_affected)
}

impl Tx {
    /// Takes the second factor of a user away, whose account was locked in this transaction, and ends all his
    /// sessions; tells whether there was one.
    pub async fn reset_second_factor(&self, user: &account_row::Model) -> Result<bool> {
        let removed = forget(user, &self.connection()).await? > 0;
        self.record(Change::second_factor(user.id, removed))?;
        self.end_sessions(user).await?;
        Ok(removed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_standard() {
        let totp = totp(b"12345678901234567890").unwrap();
        // RFC 6238, appendix B, the last six digits.
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp.check(code, time), Some(time / 30), "{time}");
            assert_eq!(totp.check(code, time + 90), None, "{time}");
        }
    }

    #[test]
    fn a_recovery_code_is_typed_in_any_way() {
        let code = recovery().unwrap();
        assert_eq!(code.len(), 19, "{code}");
        let typed = format!(" {} ", code.replace('-', " ").to_uppercase());
        assert_eq!(recovery_hash(&typed), recovery_hash(&code));
        assert_ne!(recovery_hash(&recovery().unwrap()), recovery_hash(&code));
    }
}
