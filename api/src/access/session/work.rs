//! What sign-in works with before there is an actor: an account, an attempt that was counted, a transaction.
//! No secret is compared here.

use entity::{account as row, refresh_token, tenant};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::throttle::{Attempt, Before};
use super::{Sessions, account, factor, refresh};
use crate::access::audit;
use crate::access::gate::{Request, today};
use crate::access::policy::{Actor, Grant};
use crate::access::pool::{Counted, Lease};
use crate::access::revocation::{Revocation, Revocations};
use crate::access::token::Challenged;
use crate::error::{Code, Fault, Result};

/// An account and the tenant it signs in to.
pub(super) struct Holder {
    pub(super) tenant: tenant::Model,
    pub(super) account: row::Model,
}

/// Who one is in a session, and whether all rights wait for a second factor.
pub(super) struct Standing {
    pub(super) actor: Actor,
    pub(super) must_enrol: bool,
}

impl Holder {
    /// The account as it is now, held until the end: while its password was compared it may have been closed
    /// or have got another password, and whoever changes it next finds the session that begins here.
    pub(super) async fn again(self, work: &Work<'_>) -> Result<Self> {
        let held = (self.tenant.id, self.account.id);
        let account = account::lock(held, &work.connection()).await?;
        let is_same =
            |row: &row::Model| row.is_active && row.password_hash == self.account.password_hash;
        let account = account.filter(is_same);
        let account = account.ok_or_else(|| Fault::at(Code::SignInFailed, "input"))?;
        Ok(Self { account, ..self })
    }

    /// Who the holder is in a session, with the grants of today; with none where a second factor is missing.
    pub(super) async fn actor(&self, family: Uuid, work: &Work<'_>) -> Result<Standing> {
        let connection = work.connection();
        let today = today(work.request.now);
        let mut grants = account::grants_in_force(&self.account, today, &connection).await?;
        let must_enrol = grants.iter().any(demands_factor)
            && factor::is_required(self.tenant.id, &connection).await?
            && !factor::is_enrolled(&self.account, &connection).await?;
        if must_enrol {
            grants.clear();
        }
        let actor = Actor {
            user: self.account.id,
            name: self.account.display_name.clone(),
            tenant: self.tenant.id,
            tenant_slug: self.tenant.slug.clone(),
            family,
            authorisation: self.account.authorisation,
            grants,
        };
        Ok(Standing { actor, must_enrol })
    }

    pub(super) fn challenged(&self) -> Challenged {
        let mark = mark(&self.account);
        Challenged { tenant: self.tenant.id, user: self.account.id, mark }
    }
}

/// The roles for which a tenant can demand a second factor.
fn demands_factor(grant: &Grant) -> bool {
    factor::ROLES.contains(&grant.role)
}

/// What an account is like: another password or other rights make it another.
pub(super) fn mark(account: &row::Model) -> String {
    let state = format!("{}:{}", account.authorisation, account.password_hash);
    hex::encode(Sha256::digest(state).get(..16).unwrap_or_default())
}

/// One comparison of a secret, counted before it is made.
pub(super) struct Trial<'r> {
    pub(super) attempt: Attempt,
    pub(super) request: &'r Request,
}

impl Trial<'_> {
    /// Counts the attempt in a transaction of its own: whatever comes after, it was made.
    pub(super) async fn count(&self, sessions: &Sessions) -> Result<Before> {
        let work = sessions.work(self.request).await?;
        let counted = self.attempt.count(self.request.now, &work.connection()).await;
        let before = counted.inspect_err(|fault| self.request.note_wait(fault))?;
        work.commit().await?;
        Ok(before)
    }

    /// What was tried is right, whatever becomes of the rest.
    pub(super) async fn was_right(&self, sessions: &Sessions) -> Result<()> {
        let work = sessions.work(self.request).await?;
        self.attempt.was_right(&work.connection()).await?;
        work.commit().await
    }

    /// What was tried was never compared.
    pub(super) async fn was_not_compared(
        &self,
        before: &Before,
        sessions: &Sessions,
    ) -> Result<()> {
        let work = sessions.work(self.request).await?;
        let counted = (before, self.request.now);
        self.attempt.was_not_compared(counted, &work.connection()).await?;
        work.commit().await
    }
}

/// A transaction before there is an actor.
pub(super) struct Work<'r> {
    pub(super) lease: Lease,
    pub(super) request: &'r Request,
    pub(super) revocations: &'r Revocations,
    pub(super) revoked: Vec<Revocation>,
}

impl Work<'_> {
    pub(super) fn connection(&self) -> Counted<'_, &Lease> {
        let statements = &self.request.statements;
        Counted { lease: &self.lease, statements, sees_clusters: false }
    }

    /// From here on, rows of this tenant are seen.
    pub(super) async fn enter(&self, tenant: Uuid) -> Result<()> {
        Ok(self.lease.enter(tenant).await?)
    }

    /// The account of a refresh token, held until the end, and the token as it is then.
    pub(super) async fn hold(
        &self,
        hash: &str,
    ) -> Result<Option<(row::Model, refresh_token::Model)>> {
        let connection = self.connection();
        self.lease.enter_token(hash).await?;
        let Some(brought) = refresh::find(hash, &connection).await? else { return Ok(None) };
        self.enter(brought.tenant_id).await?;
        let Some(account) =
            account::lock((brought.tenant_id, brought.user_id), &connection).await?
        else {
            return Ok(None);
        };
        Ok(refresh::find(hash, &connection).await?.map(|token| (account, token)))
    }

    pub(super) async fn audit(&self, actor: &Actor, act: &'static str) -> Result<()> {
        audit::write(vec![audit::session_entry(actor, act, self.request)?], &self.connection())
            .await
    }

    pub(super) async fn commit(self) -> Result<()> {
        self.lease.commit().await?;
        self.revocations.remember(&self.revoked, self.request.now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use entity::role_grant::Role;

    use super::*;

    #[test]
    fn chairs_secretaries_and_administrators_can_be_asked_for_more() {
        let asked = |role| {
            demands_factor(&Grant { id: None, role, unit: None, cluster: None, council: None })
        };
        assert!(asked(Role::ProvinceChair) && asked(Role::CouncilSecretary));
        assert!(asked(Role::TenantAdministrator) && !asked(Role::UnitOfficer));
    }
}
