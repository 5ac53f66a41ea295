//! Rights taken back before their token expires: an outbox in the database, written in the transaction that
//! takes them back, and this node's memory of it, asked at every request. No token is read here.
//!
//! A token carries the version of its user's rights. A newer version refuses it, and so does the end of its
//! session: the client renews, and either gets the rights of that moment or nothing. The node that writes
//! remembers before it answers; every other node reads the outbox several times a second.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use entity::account;
use sea_orm::sea_query::{self, Expr, LockType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, Statement, Value,
};
use uuid::Uuid;

use super::gate::find;
use super::policy::Actor;
use crate::error::{Error, Result};

/// How long a node remembers: longer than any access token lives, whatever the clocks say.
const MEMORY: TimeDelta = TimeDelta::minutes(20);
/// Rows of one statement.
const FEW: usize = 500;
/// A node that has heard nothing for so long does not know who may still come in.
const DEAF: Duration = Duration::from_secs(5);

/// One right taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Revocation {
    /// Tokens of the user below this version.
    Below { user: Uuid, version: i32 },
    /// Tokens of one session of the user.
    Family { user: Uuid, family: Uuid },
}

/// What this node knows of rights taken back lately.
#[derive(Clone, Debug, Default)]
pub struct Revocations(Arc<RwLock<Memory>>);

#[derive(Debug, Default)]
struct Memory {
    below: HashMap<Uuid, (i32, DateTime<Utc>)>,
    families: HashMap<Uuid, DateTime<Utc>>,
    /// From where on the outbox may hold what was not there at the last look.
    position: i64,
    heard: Option<Instant>,
}

impl Memory {
    fn add(&mut self, revocation: Revocation, at: DateTime<Utc>) {
        match revocation {
            Revocation::Below { user, version } => {
                let known = self.below.entry(user).or_insert((version, at));
                *known = (known.0.max(version), known.1.max(at));
            }
            Revocation::Family { family, .. } => {
                self.families.insert(family, at);
            }
        }
    }

    fn forget(&mut self, now: DateTime<Utc>) {
        self.below.retain(|_, (_, at)| now - *at < MEMORY);
        self.families.retain(|_, at| now - *at < MEMORY);
    }
}

impl Revocations {
    /// Whether nothing of what an actor's token says was taken back.
    #[must_use]
    pub fn stands(&self, actor: &Actor) -> bool {
        let memory = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let is_newest =
            memory.below.get(&actor.user).is_none_or(|(least, _)| actor.authorisation >= *least);
        is_newest && !memory.families.contains_key(&actor.family)
    }

    /// Whether a session has ended lately.
    #[cfg(test)]
    pub(super) fn is_ended(&self, family: Uuid) -> bool {
        let memory = self.0.read().unwrap_or_else(PoisonError::into_inner);
        memory.families.contains_key(&family)
    }

    /// Whether the outbox was read a moment ago; a node that is deaf must let nobody in.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        let memory = self.0.read().unwrap_or_else(PoisonError::into_inner);
        memory.heard.is_some_and(|heard| heard.elapsed() < DEAF)
    }

    /// Remembers what this node itself has committed.
    pub(super) fn remember(&self, revocations: &[Revocation], now: DateTime<Utc>) {
        let mut memory = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for revocation in revocations {
            memory.add(*revocation, now);
        }
    }

    /// Reads what others have committed since the last look: one statement.
    pub async fn hear(&self, connection: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<()> {
        let begun = Instant::now();
        let position = self.0.read().unwrap_or_else(PoisonError::into_inner).position;
        let backend = connection.get_database_backend();
        let look = Statement::from_sql_and_values(backend, look(backend), [position.into()]);
        let rows = connection.query_all_raw(look).await?;
        let mut memory = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for row in &rows {
            memory.position = row.try_get("", "horizon")?;
            if let Some((revocation, at)) = read(row)? {
                memory.add(revocation, at);
            }
        }
        memory.forget(now);
        memory.heard = Some(begun);
        Ok(())
    }
}

fn read(row: &QueryResult) -> Result<Option<(Revocation, DateTime<Utc>)>> {
    let Some(user) = row.try_get::<Option<Uuid>>("", "user_id")? else { return Ok(None) };
    let family: Option<Uuid> = row.try_get("", "family_id")?;
    let version: Option<i32> = row.try_get("", "authorisation")?;
    let revocation = match (family, version) {
        (Some(family), _) => Revocation::Family { user, family },
        (None, Some(version)) => Revocation::Below { user, version },
        (None, None) => return Err(Error::broken("a revocation of nothing")),
    };
    Ok(Some((revocation, row.try_get("", "at")?)))
}

/// What may be new, and where to begin next time.
///
/// PostgreSQL: a row's position is its transaction, and every transaction below the horizon had ended when the
/// look was taken, so what commits later stands at the horizon or above, in whatever order. SQLite: writers
/// stand in line, so positions grow as they are committed. A row seen twice changes nothing.
fn look(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Postgres {
        "SELECT h.horizon, r.user_id, r.family_id, r.authorisation, r.at
         FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon) h
         LEFT JOIN revocation r ON r.position >= $1"
    } else {
        "SELECT h.horizon, r.user_id, r.family_id, r.authorisation, r.at
         FROM (SELECT coalesce(max(position), 0) AS horizon FROM revocation) h
         LEFT JOIN revocation r ON r.position >= ?"
    }
}

/// Writes rows of the outbox, in one statement.
async fn write<C: ConnectionTrait>(
    revocations: &[Revocation],
    now: DateTime<Utc>,
    connection: &C,
) -> Result<()> {
    if revocations.is_empty() {
        return Ok(());
    }
    let backend = connection.get_database_backend();
    let mut values: Vec<Value> = vec![now.into()];
    let position = if backend == DbBackend::Postgres {
        "pg_current_xact_id()::text::bigint"
    } else {
        // The time keeps positions growing after old rows were removed.
        values.push(now.timestamp_millis().into());
        "(SELECT max(coalesce(max(position), 0) + 1, $2) FROM revocation)"
    };
    let mut rows = Vec::with_capacity(revocations.len());
    for revocation in revocations {
        let (user, family, version) = match *revocation {
            Revocation::Below { user, version } => (user, None, Some(version)),
            Revocation::Family { user, family } => (user, Some(family), None),
        };
        let [id, whose, of, below] = [1, 2, 3, 4].map(|place| values.len() + place);
        rows.push(format!("(${id}, {position}, $1, ${whose}, ${of}, ${below})"));
        let new = super::session::new_id();
        values.extend([Value::from(new), user.into(), family.into(), version.into()]);
    }
    let sql = format!(
        "INSERT INTO revocation (id, position, at, user_id, family_id, authorisation) VALUES {}",
        rows.join(", ")
    );
    connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}

/// Counts up the versions of users' rights: tokens that carry an older one are refused. As many statements for many
/// users as for one.
#[expect(clippy::disallowed_methods, reason = "the version is no column that a domain writes")]
pub(super) async fn outdate<C: ConnectionTrait>(
    (tenant, users): (Uuid, &BTreeSet<Uuid>),
    now: DateTime<Utc>,
    connection: &C,
) -> Result<Vec<Revocation>> {
    use account::Column::{Authorisation, Id, TenantId};
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let these = Condition::all().add(TenantId.eq(tenant)).add(Id.is_in(users.iter().copied()));
    // Held in the order of ids: two writers never wait for each other. What names an account goes on meanwhile.
    let held = find::<account::Entity>().filter(these.clone()).select_only();
    let held = held.column(Id).column(Authorisation).order_by_asc(Id).lock(LockType::NoKeyUpdate);
    let held = held.into_tuple::<(Uuid, i32)>().all(connection).await?;
    if held.len() != users.len() {
        return Err(Error::broken("rights of nobody"));
    }
    let next = sea_query::ExprTrait::add(Expr::col(Authorisation), 1);
    let update = account::Entity::update_many().col_expr(Authorisation, next);
    update.filter(these).exec(connection).await?;
    let below = |(user, version): (Uuid, i32)| Revocation::Below {
        user,
        version: version.saturating_add(1),
    };
    let revocations: Vec<Revocation> = held.into_iter().map(below).collect();
    for part in revocations.chunks(FEW) {
        write(part, now, connection).await?;
    }
    Ok(revocations)
}

/// Ends sessions of a user: their access tokens are refused too.
pub(super) async fn end<C: ConnectionTrait>(
    user: Uuid,
    families: HashSet<Uuid>,
    now: DateTime<Utc>,
    connection: &C,
) -> Result<Vec<Revocation>> {
    let ended = families.into_iter().map(|family| Revocation::Family { user, family });
    let ended: Vec<Revocation> = ended.collect();
    write(&ended, now, connection).await?;
    Ok(ended)
}

/// Removes rows that no token outlives.
#[expect(clippy::disallowed_methods, reason = "the outbox belongs to nobody")]
pub(super) async fn sweep<C: ConnectionTrait>(now: DateTime<Utc>, connection: &C) -> Result<u64> {
    use entity::revocation::{Column, Entity};
    let old = Column::At.lt(now - MEMORY * 2);
    Ok(Entity::delete_many().filter(old).exec(connection).await?.rows_affected)
}
