//! Sign-in by an external provider: the account is the one to which its verified issuer and subject were
//! linked, never one of the same name or address. No token of a provider is read here.

use std::net::IpAddr;

use entity::{account as account_row, external_identity};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

use super::throttle::Attempt;
use super::work::{Holder, Trial};
use super::{Entry, Sessions, account, new_id};
use crate::access::audit::Change;
use crate::access::gate::{Request, find, today};
use crate::access::oidc::{Arrival, Departure, Identity, Offer, Providers, Unverified};
use crate::access::password::Password;
use crate::access::pool::Counted;
use crate::access::sight::Sight;
use crate::access::tx::{Tx, exec_delete, exec_insert};
use crate::error::{Code, Error, Fault, Result};

async fn linked<C: ConnectionTrait>(
    tenant: Uuid,
    identity: &Identity,
    connection: &C,
) -> Result<Option<external_identity::Model>> {
    use external_identity::Column::{Issuer, Subject, TenantId};
    let verified = Condition::all()
        .add(TenantId.eq(tenant))
        .add(Issuer.eq(&identity.issuer))
        .add(Subject.eq(&identity.subject));
    Ok(find::<external_identity::Entity>().filter(verified).one(connection).await?)
}

impl Sessions {
    /// The same with external providers.
    #[must_use]
    pub fn with_providers(self, providers: Providers) -> Self {
        Self { providers, ..self }
    }

    /// Sends a user to a provider of a tenant, named by slug or present code.
    pub async fn depart(
        &self,
        (tenant, provider, redirect): (&str, &str, &str),
        request: &Request,
    ) -> Result<Departure> {
        let slug = self.slug(tenant, request).await?;
        self.providers.depart((&slug, provider, redirect), &self.sealing, request.now).await
    }

    /// The external providers of a tenant, named by slug or present code; none of one that nobody knows.
    pub async fn offered(&self, tenant: &str, request: &Request) -> Result<Vec<Offer>> {
        Ok(self.providers.offered(&self.slug(tenant, request).await?))
    }

    /// The slug of a tenant, named by slug or present code; empty for one that nobody knows.
    async fn slug(&self, tenant: &str, request: &Request) -> Result<String> {
        let today = today(request.now);
        let name = account::name(tenant);
        let lease = self.database.reader(Sight::default());
        let statements = &request.statements;
        let connection = Counted { lease: &lease, statements, sees_clusters: false };
        let found = account::tenant(&name, today, &connection).await?;
        Ok(found.map(|row| row.slug).unwrap_or_default())
    }

    /// Whom the provider has verified. Whatever it refuses counts against the address like a wrong password: each
    /// time it had to be asked. That it does not answer is nobody's fault here.
    async fn verified(
        &self,
        arrival: &Arrival,
        peer: Option<IpAddr>,
        request: &Request,
    ) -> Result<Identity> {
        let attempt = Providers::admit(arrival, &self.sealing, request.now)?;
        let trial = Trial { attempt: Attempt::of_address(peer), request };
        let before = trial.count(self).await?;
        match self.providers.verify(attempt, (&arrival.code, request.now)).await {
            Ok(identity) => {
                trial.was_right(self).await?;
                Ok(identity)
            }
            Err(Unverified::Wrong(fault)) => Err(fault),
            Err(Unverified::Unanswered(fault)) => {
                request.note_wait(&fault);
                trial.was_not_compared(&before, self).await?;
                Err(fault)
            }
        }
    }

    /// Begins a session of the account to which a verified identity is linked.
    pub async fn sign_in_externally(
        &self,
        arrival: &Arrival,
        peer: Option<IpAddr>,
        request: &Request,
    ) -> Result<Entry> {
        let identity = self.verified(arrival, peer, request).await?;
        let failed = || Error::from(Fault::at(Code::SignInFailed, "input"));
        let work = self.work(request).await?;
        let connection = work.connection();
        let tenant = account::tenant(&identity.tenant, today(request.now), &connection).await?;
        let tenant = tenant.ok_or_else(failed)?;
        work.enter(tenant.id).await?;
        let Some(link) = linked(tenant.id, &identity, &connection).await? else {
            return Err(Fault::at(Code::IdentityNotLinked, "input").into());
        };
        let account = account::lock((tenant.id, link.user_id), &connection).await?;
        let account = account.filter(|row| row.is_active).ok_or_else(failed)?;
        let entry = self.enter(&Holder { tenant, account }, &work).await?;
        work.commit().await?;
        Ok(entry)
    }

    /// Links a verified identity to the caller's own account, once his password was confirmed: whoever only
    /// holds his token gets no second way in.
    pub async fn link_identity(
        &self,
        arrival: &Arrival,
        (password, peer): (&Password, Option<IpAddr>),
        request: &Request,
    ) -> Result<account_row::Model> {
        let actor = request.actor.as_ref().ok_or(Error::Unauthenticated)?;
        let known = self.confirm(password, peer, request).await?;
        let identity = self.verified(arrival, peer, request).await?;
        if identity.tenant != actor.tenant_slug {
            return Err(Fault::at(Code::ExternalSignInFailed, "input").into());
        }
        let work = self.work(request).await?;
        work.enter(actor.tenant).await?;
        let connection = work.connection();
        let row = account::lock((actor.tenant, actor.user), &connection).await?;
        let row = row.filter(|row| row.is_active && row.password_hash == known);
        let row = row.ok_or(Error::Unauthenticated)?;
        let link = external_identity::Model {
            tenant_id: row.tenant_id,
            id: new_id(),
            user_id: row.id,
            issuer: identity.issuer,
            subject: identity.subject,
            created_at: request.now,
        };
        let link = link.into_active_model().reset_all();
        exec_insert::<external_identity::Entity, _>(link, &connection).await?;
        work.audit(actor, "IdentityLink").await?;
        work.commit().await?;
        Ok(row)
    }
}

impl Tx {
    /// Unlinks every external identity of a user whose account was locked in this transaction, and ends all
    /// his sessions; tells how many identities there were.
    pub async fn unlink_identities(&self, user: &account_row::Model) -> Result<u64> {
        use external_identity::Column::{TenantId, UserId};
        let of_user = Condition::all().add(TenantId.eq(user.tenant_id)).add(UserId.eq(user.id));
        let gone = exec_delete::<external_identity::Entity, _>(of_user, &self.connection()).await?;
        self.record(Change::identities(user.id, gone))?;
        self.end_sessions(user).await?;
        Ok(gone)
    }
}
