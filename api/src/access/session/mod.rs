//! Sign-in, the renewal of a session, and its end: the only queries without an actor.
//! No domain enters here; what a session may do is decided later, at the gate.

mod account;
mod external;
mod factor;
#[cfg(test)]
mod history;
mod refresh;
#[cfg(test)]
mod tests;
mod throttle;
mod work;
#[cfg(test)]
pub(crate) mod world;

use std::collections::HashSet;
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use entity::{account as account_row, tenant};
use uuid::Uuid;

use super::audit;
use super::database::Database;
use super::gate::{Request, today};
use super::oidc::Providers;
use super::password::{Hashing, Password};
use super::policy::Actor;
use super::pool::Counted;
use super::revocation;
use super::sealing::Sealing;
use super::sight::Sight;
use super::token::Keys;
use super::tx::Tx;
use crate::error::{Code, Error, Fault, Result};
use refresh::Verdict;
use work::{Holder, Standing, Trial, Work};

pub use factor::Enrolment;
pub(super) use refresh::new_id;
use throttle::Attempt;

/// Address of the caller as the hall knows it; none where there is no network.
#[derive(Clone, Copy, Debug, Default)]
pub struct Peer(pub Option<IpAddr>);

/// What someone signs in with.
#[derive(Debug)]
pub struct SignIn {
    /// Slug or present code of a tenant.
    pub tenant: String,
    /// Name of the account there.
    pub username: String,
    /// The password as typed.
    pub password: Password,
}

/// A session just begun or renewed.
pub struct Session {
    /// For the `Authorization` header, for a quarter of an hour.
    pub access_token: String,
    /// For one renewal.
    pub refresh_token: String,
    /// When the access token expires.
    pub expires_at: DateTime<Utc>,
    /// Whether it has no right until its user has enrolled a second factor.
    pub must_enrol: bool,
    /// Who signed in.
    pub actor: Actor,
}

/// What a right password leads to.
pub enum Entry {
    /// A session.
    Session(Session),
    /// The question for the second factor.
    Challenge {
        /// Comes back with the code.
        token: String,
        /// Until when.
        expires_at: DateTime<Utc>,
    },
}

/// What signs in, renews and ends sessions.
#[derive(Clone)]
pub struct Sessions {
    database: Database,
    keys: Keys,
    hashing: Hashing,
    sealing: Sealing,
    providers: Providers,
}

impl Sessions {
    /// The key of the server for secrets at rest.
    #[must_use]
    pub fn sealing(&self) -> &Sealing {
        &self.sealing
    }

    /// Sessions over a database, signed with these keys.
    #[must_use]
    pub fn new(database: Database, keys: Keys, (hashing, sealing): (Hashing, Sealing)) -> Self {
        Self { database, keys, hashing, sealing, providers: Providers::default() }
    }

    /// The keys, to read the tokens that come back.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The slow hash, for new passwords.
    #[must_use]
    pub fn hashing(&self) -> &Hashing {
        &self.hashing
    }

    /// Begins a session. Whatever is wrong, the answer is the same and takes one password hash.
    pub async fn sign_in(
        &self,
        input: SignIn,
        peer: Option<IpAddr>,
        request: &Request,
    ) -> Result<Entry> {
        let (tenant, username) = (account::name(&input.tenant), account::name(&input.username));
        let (found, row) = self.look_up(&tenant, &username, request).await?;
        let tenant_id = found.as_ref().map(|row| row.id);
        let tenant_key = tenant_id.map_or(tenant, |id| id.to_string());
        let trial = Trial { attempt: Attempt::new(&tenant_key, &username, peer), request };
        let is_right = self.compare(&input.password, row.as_ref(), &trial).await?;
        let row = row.filter(|row| row.is_active && is_right);
        let Some((tenant, account)) = found.zip(row) else {
            tracing::info!(request = request.id, "sign-in failed");
            return Err(Fault::at(Code::SignInFailed, "input").into());
        };
        self.begin_session(Holder { tenant, account }, &trial).await
    }

    /// The tenant and the account of two names; nothing is held afterwards.
    async fn look_up(
        &self,
        tenant: &str,
        username: &str,
        request: &Request,
    ) -> Result<(Option<tenant::Model>, Option<account_row::Model>)> {
        let lease = self.database.reader(Sight::default());
        let statements = &request.statements;
        let connection = Counted { lease: &lease, statements, sees_clusters: false };
        let tenant = account::tenant(tenant, today(request.now), &connection).await?;
        let id = tenant.as_ref().map(|row| row.id).unwrap_or_default();
        lease.enter(id).await?;
        let account = account::by_username(id, username, &connection).await?;
        Ok((tenant, account))
    }

    /// The stored hash that the caller's own password meets; guesses count as sign-ins do.
    pub async fn confirm(
        &self,
        password: &Password,
        peer: Option<IpAddr>,
        request: &Request,
    ) -> Result<String> {
        let actor = request.actor.as_ref().ok_or(Error::Unauthenticated)?;
        let lease = self.database.reader(Sight::of(actor));
        let statements = &request.statements;
        let connection = Counted { lease: &lease, statements, sees_clusters: false };
        let row = account::by_id(actor.tenant, actor.user, &connection).await?;
        drop(lease);
        let row = row.ok_or(Error::Unauthenticated)?;
        let attempt = Attempt::new(&actor.tenant.to_string(), &row.username, peer);
        let trial = Trial { attempt, request };
        if !self.compare(password, Some(&row), &trial).await? {
            tracing::info!(request = request.id, "password not confirmed");
            return Err(Fault::at(Code::SignInFailed, "input.currentPassword").into());
        }
        trial.was_right(self).await?;
        Ok(row.password_hash)
    }

    /// Counts the attempt, then compares: concurrent guesses cannot outrun the counter, and no
    /// transaction is open while the hash runs.
    async fn compare(
        &self,
        password: &Password,
        row: Option<&account_row::Model>,
        trial: &Trial<'_>,
    ) -> Result<bool> {
        let before = trial.count(self).await?;
        let stored = row.map_or(self.hashing.dummy(), |row| row.password_hash.as_str());
        let compared = self.hashing.verify(password, stored).await;
        if let Err(fault) = &compared {
            trial.request.note_wait(fault);
            trial.was_not_compared(&before, self).await?;
        }
        compared
    }

    async fn begin_session(&self, holder: Holder, trial: &Trial<'_>) -> Result<Entry> {
        let work = self.work(trial.request).await?;
        work.enter(holder.tenant.id).await?;
        trial.attempt.was_right(&work.connection()).await?;
        let holder = holder.again(&work).await?;
        let entry = self.enter(&holder, &work).await?;
        work.commit().await?;
        Ok(entry)
    }

    /// A session, or the question for the second factor when the account has one.
    async fn enter(&self, holder: &Holder, work: &Work<'_>) -> Result<Entry> {
        if factor::is_enrolled(&holder.account, &work.connection()).await? {
            let (token, expires_at) = self.keys.challenge(holder.challenged(), work.request.now)?;
            return Ok(Entry::Challenge { token, expires_at });
        }
        Ok(Entry::Session(self.open_session(holder, work).await?))
    }

    async fn open_session(&self, holder: &Holder, work: &Work<'_>) -> Result<Session> {
        let standing = holder.actor(new_id(), work).await?;
        let (session, _) = self.issue(standing, work).await?;
        work.audit(&session.actor, "SignIn").await?;
        Ok(session)
    }

    /// Renews a session: one use of a refresh token for the next one, with the grants of today.
    pub async fn refresh(&self, token: &str, request: &Request) -> Result<Session> {
        let ended = || Error::from(Fault::at(Code::SessionExpired, "input.refreshToken"));
        let hash = refresh::hash(token);
        let work = self.work(request).await?;
        let Some((account, used)) = work.hold(&hash).await? else { return Err(ended()) };
        let connection = work.connection();
        let found = account::tenant_by_id(used.tenant_id, today(request.now), &connection).await?;
        let Some(tenant) = found.filter(|_| account.is_active) else { return Err(ended()) };
        let standing = Holder { tenant, account }.actor(used.family_id, &work).await?;
        match refresh::judge(&used, request.now, &connection).await? {
            Verdict::Rotate(superseded) => {
                let (session, successor) = self.issue(standing, &work).await?;
                refresh::rotate(&used, successor, superseded, request.now, &connection).await?;
                work.commit().await?;
                Ok(session)
            }
            Verdict::Reused => {
                self.end_family(work, &standing.actor, "SessionReuse").await?;
                Err(ended())
            }
            Verdict::Ended => Err(ended()),
        }
    }

    /// Ends the session of a refresh token; says nothing about whether there was one.
    pub async fn sign_out(&self, token: &str, request: &Request) -> Result<()> {
        let hash = refresh::hash(token);
        let work = self.work(request).await?;
        let Some((row, used)) = work.hold(&hash).await? else { return Ok(()) };
        let actor = Actor {
            user: row.id,
            name: row.display_name,
            tenant: row.tenant_id,
            tenant_slug: String::new(),
            family: used.family_id,
            authorisation: row.authorisation,
            grants: Vec::new(),
        };
        self.end_family(work, &actor, "SignOut").await
    }

    /// Forgets what no longer matters: counters a day old, tokens that expired; for a job that runs hourly.
    pub async fn sweep(&self, request: &Request) -> Result<u64> {
        let work = self.work(request).await?;
        let counters = throttle::sweep(request.now, &work.connection()).await?;
        let tokens = refresh::sweep(request.now, &work.connection()).await?;
        let revocations = revocation::sweep(request.now, &work.connection()).await?;
        work.commit().await?;
        Ok(counters + tokens + revocations)
    }

    async fn end_family(&self, mut work: Work<'_>, actor: &Actor, act: &'static str) -> Result<()> {
        let family = refresh::Family::This(actor.family);
        let ended =
            refresh::revoke(actor.user, family, work.request.now, &work.connection()).await?;
        if ended > 0 {
            tracing::info!(request = work.request.id, act, "session ended");
            let families = HashSet::from([actor.family]);
            let now = work.request.now;
            work.revoked = revocation::end(actor.user, families, now, &work.connection()).await?;
            work.audit(actor, act).await?;
        }
        work.commit().await
    }

    /// Signs an access token and stores a new refresh token of the actor's family.
    async fn issue(
        &self,
        Standing { actor, must_enrol }: Standing,
        work: &Work<'_>,
    ) -> Result<(Session, Uuid)> {
        let now = work.request.now;
        let (access_token, expires_at) = self.keys.sign(&actor, now)?;
        let (refresh_token, row) = refresh::new(&actor, now)?;
        let id = row.id;
        refresh::add(row, &work.connection()).await?;
        Ok((Session { access_token, refresh_token, expires_at, must_enrol, actor }, id))
    }

    async fn work<'r>(&'r self, request: &'r Request) -> Result<Work<'r>> {
        let lease = self.database.writer(Sight::default()).await?;
        let revocations = self.database.revocations();
        Ok(Work { lease, request, revocations, revoked: Vec::new() })
    }
}

impl Tx {
    /// Ends every session of the caller but the present one; tells how many tokens that were.
    pub async fn end_other_sessions(&self) -> Result<u64> {
        let (user, others) = {
            let actor = self.gate().actor()?;
            (actor.user, refresh::Family::AllBut(actor.family))
        };
        let (now, connection) = (self.gate().now(), self.connection());
        let lately = refresh::lately(user, others, now, &connection).await?;
        self.ended(revocation::end(user, lately, now, &connection).await?)?;
        refresh::revoke(user, others, now, &connection).await
    }

    /// Ends every session of a user whose account was locked in this transaction; tells how many tokens that
    /// were.
    pub async fn end_sessions(&self, user: &account_row::Model) -> Result<u64> {
        self.outdate(user.id)?;
        let (now, all) = (self.gate().now(), refresh::Family::All);
        let ended = refresh::revoke(user.id, all, now, &self.connection()).await?;
        self.record(audit::Change::sessions(user.id, ended))?;
        Ok(ended)
    }
}
