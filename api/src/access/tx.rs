//! A write: one transaction with its audit entries, in the scope of one act.
//! No domain enters here.

use std::collections::{BTreeSet, HashSet};
use std::slice::from_ref;
use std::sync::{Arc, Mutex};

use entity::cluster;
use entity::owned::{Line, Owned};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait,
    IntoActiveModel, ModelTrait, QueryFilter, QuerySelect, Statement, TryIntoModel, Value,
};
use serde::Serialize;
use uuid::Uuid;

use super::audit::{self, Change};
use super::gate::{Gate, find};
use super::loader::uuid;
use super::once::Once;
use super::policy::Act;
use super::pool::{Counted, Lease};
use super::pulse;
use super::revocation::{self, Revocation};
use super::sight::Sight;
use super::{Readable, policy};
use crate::error::{Error, Result};

/// A table whose rows can be added, saved and removed through the gate.
pub trait Stored:
    Owned<
        Model: IntoActiveModel<Self::ActiveModel> + Serialize + Sync,
        ActiveModel: ActiveModelTrait<Entity = Self> + TryIntoModel<Self::Model> + Send,
    >
{
}

impl<E> Stored for E
where
    E: Owned,
    E::Model: IntoActiveModel<E::ActiveModel> + Serialize + Sync,
    E::ActiveModel: ActiveModelTrait<Entity = E> + TryIntoModel<E::Model> + Send,
{
}

/// An open transaction in the scope of one act; dropped without [`Tx::commit`], nothing happened.
#[must_use = "nothing is written before commit"]
pub struct Tx {
    gate: Gate,
    pub(super) act: Act,
    pub(super) lease: Lease,
    changes: Mutex<Vec<Change>>,
    /// Owners and units whose rows were read in scope.
    entered: Mutex<HashSet<Uuid>>,
    /// Units and subjects in the scope of the act itself: those that were read in it.
    pub(super) reached: Mutex<HashSet<Uuid>>,
    /// Users whose rights were changed: what their tokens say is old when this commits.
    outdated: Mutex<BTreeSet<Uuid>>,
    ended: Mutex<Vec<Revocation>>,
    /// Councils about which something is written: whoever follows them hears of it.
    pub(super) stirred: Mutex<BTreeSet<Uuid>>,
    reason: Option<String>,
    /// The key under which the answer must be kept.
    pub(super) unanswered: Option<Arc<Once>>,
}

impl Gate {
    /// Opens the transaction of an act; refused before it begins when no grant reaches anything.
    pub async fn begin(&self, act: Act) -> Result<Tx> {
        self.begin_because(act, None).await
    }

    /// Like [`Gate::begin`], with the reason that goes into the audit entries.
    pub async fn begin_because(&self, act: Act, reason: Option<String>) -> Result<Tx> {
        let actor = self.actor()?;
        if !actor.may(act) {
            return Err(Error::forbidden());
        }
        // Whoever waits for a place to write holds none to read.
        self.inner().let_go();
        let lease = self.inner().database.writer(Sight::of(actor)).await?;
        Ok(Tx {
            gate: self.clone(),
            act,
            lease,
            changes: Mutex::default(),
            entered: Mutex::default(),
            reached: Mutex::default(),
            outdated: Mutex::default(),
            ended: Mutex::default(),
            stirred: Mutex::default(),
            reason,
            unanswered: self.once().cloned(),
        })
    }
}

impl Tx {
    /// The gate this transaction belongs to.
    #[must_use]
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The raw connection of the transaction, for sub-queries of the access room only.
    pub(super) fn connection(&self) -> Counted<'_, &Lease> {
        let statements = &self.gate.request().statements;
        Counted { lease: &self.lease, statements, sees_clusters: false }
    }

    /// The connection for a statement on one table.
    pub(super) fn at<E: Owned>(&self) -> Counted<'_, &Lease> {
        Counted { sees_clusters: E::LINE == Line::Cluster, ..self.connection() }
    }

    /// One row in the scope of the act, held until the end; not found and not allowed are told apart
    /// only for a caller who may read the row anyway.
    pub async fn lock<E: Readable>(&self, id: Uuid) -> Result<E::Model> {
        let select = find::<E>().filter(E::id().eq(id));
        let condition = policy::condition::<E>(self.gate.actor()?, self.act, self.gate.today());
        if let Some(condition) = condition {
            let select = select.clone().filter(condition).lock_exclusive();
            if let Some(row) = select.one(&self.at::<E>()).await? {
                self.enter::<E>(&row)?;
                self.reach::<E>(&row)?;
                return Ok(row);
            }
        }
        let readable = select.filter(self.gate.scope::<E>(E::READ)?);
        match readable.one(&self.at::<E>()).await? {
            Some(_) => Err(Error::forbidden()),
            None => Err(Error::not_found()),
        }
    }

    /// Like [`Tx::lock`], and refused when the row has changed since the caller read it.
    pub async fn lock_version<E: Readable>(&self, id: Uuid, expected: i32) -> Result<E::Model> {
        let row = self.lock::<E>(id).await?;
        match current_version::<E>(&row) {
            Some(current) if current != expected => Err(Error::conflict(current)),
            Some(_) | None => Ok(row),
        }
    }

    /// Makes writers of the same thing stand in line until the end of the transaction; SQLite's do anyway.
    pub async fn stand_in_line(&self, what: &str, owner: Uuid) -> Result<()> {
        let backend = self.connection().get_database_backend();
        if backend != DbBackend::Postgres {
            return Ok(());
        }
        let sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
        let statement =
            Statement::from_sql_and_values(backend, sql, [format!("{what} {owner}").into()]);
        self.connection().execute_raw(statement).await?;
        Ok(())
    }

    /// Rows within a scope of another act, read inside the transaction.
    pub async fn all<E: Owned>(
        &self,
        act: Act,
        filter: sea_orm::Condition,
    ) -> Result<Vec<E::Model>> {
        let select = find::<E>().filter(self.gate.scope::<E>(act)?).filter(filter);
        let rows = select.all(&self.at::<E>()).await?;
        if act == self.act {
            rows.iter().try_for_each(|row| self.reach::<E>(row))?;
        }
        Ok(rows)
    }

    /// One row within the scope of another act; rows may be added beneath it afterwards.
    pub async fn one<E: Owned>(&self, act: Act, id: Uuid) -> Result<E::Model> {
        let select = find::<E>().filter(self.gate.scope::<E>(act)?).filter(E::id().eq(id));
        let row = select.one(&self.at::<E>()).await?.ok_or_else(Error::not_found)?;
        self.enter::<E>(&row)?;
        if act == self.act {
            self.reach::<E>(&row)?;
        }
        Ok(row)
    }

    /// Every row of an owner that was entered before, whatever the scope says of single rows:
    /// for checks that must see all of them.
    pub async fn all_of<E: Owned>(
        &self,
        owner: Uuid,
        filter: sea_orm::Condition,
    ) -> Result<Vec<E::Model>> {
        self.demand(owner)?;
        let select = find::<E>().filter(E::owner().eq(owner)).filter(filter);
        Ok(select.all(&self.at::<E>()).await?)
    }

    /// Adds a row; its owner is the caller's tenant or must have been entered before, and its unit and its subject must be
    /// within the reach of the act.
    pub async fn add<E: Stored>(&self, row: E::ActiveModel) -> Result<E::Model> {
        let row = self.insert::<E>(row).await?;
        self.record(Change::added::<E>(&row)?)?;
        Ok(row)
    }

    /// Adds a row that needs no audit entry of its own: a row derived from one that has it.
    pub async fn add_derived<E: Stored>(&self, row: E::ActiveModel) -> Result<E::Model> {
        self.insert::<E>(row).await
    }

    async fn insert<E: Stored>(&self, row: E::ActiveModel) -> Result<E::Model> {
        self.check_owner::<E>(&row)?;
        let model = row.clone().try_into_model()?;
        self.demand_reach::<E>(from_ref(&model)).await?;
        exec_insert::<E, _>(row, &self.at::<E>()).await?;
        if E::NAME == cluster::Entity::NAME
            && let Some(id) = uuid(&model.get(E::id()))
        {
            self.lease.enter_cluster(id).await?;
        }
        self.enter::<E>(&model)?;
        self.stir::<E>(&model);
        self.outdate_holder::<E>(&model)?;
        Ok(model)
    }

    pub(super) fn demand(&self, owner: Uuid) -> Result<()> {
        let is_own = self.gate.actor()?.tenant == owner;
        if is_own || self.lock_entered()?.contains(&owner) {
            return Ok(());
        }
        Err(Error::broken("an owner that was not entered"))
    }

    /// Saves the changed columns of a row that was locked, and counts its version up; it goes to no unit and no subject
    /// beyond the reach of the act.
    pub async fn save<E: Stored>(
        &self,
        before: &E::Model,
        mut row: E::ActiveModel,
    ) -> Result<E::Model> {
        let column = E::version().ok_or_else(|| Error::broken("a row that never changes"))?;
        let version = current_version::<E>(before).unwrap_or_default();
        row.set(column, Value::Int(Some(version + 1)));
        let after = row.clone().try_into_model()?;
        self.demand_move::<E>(before, &after).await?;
        let filter = sea_orm::Condition::all()
            .add(E::owner().eq(before.get(E::owner())))
            .add(E::id().eq(before.get(E::id())))
            .add(column.eq(version));
        let done = exec_update::<E, _>(row, filter, &self.at::<E>()).await?;
        if done != 1 {
            return Err(Error::conflict(version + 1));
        }
        self.stir::<E>(&after);
        self.record(Change::saved::<E>(before, &after)?)?;
        self.outdate_holder::<E>(&after)?;
        Ok(after)
    }

    /// Removes a row that was locked; only for parts of a draft.
    pub async fn remove<E: Stored>(&self, row: &E::Model) -> Result<()> {
        let filter = sea_orm::Condition::all()
            .add(E::owner().eq(row.get(E::owner())))
            .add(E::id().eq(row.get(E::id())));
        exec_delete::<E, _>(filter, &self.at::<E>()).await?;
        self.stir::<E>(row);
        self.record(Change::removed::<E>(row)?)?;
        self.outdate_holder::<E>(row)
    }

    pub(super) fn outdate_holder<E: Owned>(&self, row: &E::Model) -> Result<()> {
        match E::holder().and_then(|column| uuid(&row.get(column))) {
            Some(user) => self.outdate(user),
            None => Ok(()),
        }
    }

    /// Refuses from the commit on every token that a user of the current tenant holds now.
    pub fn outdate(&self, user: Uuid) -> Result<()> {
        lock(&self.outdated)?.insert(user);
        Ok(())
    }

    pub(super) fn ended(&self, revocations: Vec<Revocation>) -> Result<()> {
        lock(&self.ended)?.extend(revocations);
        Ok(())
    }

    /// The greatest value of a column among the rows of an owner; for numbering.
    pub async fn greatest<E: Owned>(
        &self,
        owner: Uuid,
        column: E::Column,
        filter: sea_orm::Condition,
    ) -> Result<i32> {
        self.demand(owner)?;
        let select = find::<E>()
            .select_only()
            .column_as(column.max(), "greatest")
            .filter(E::owner().eq(owner))
            .filter(filter);
        let found = select.into_tuple::<Option<i32>>().one(&self.at::<E>()).await?;
        Ok(found.flatten().unwrap_or_default())
    }

    /// Writes the audit entries and commits; hands back what the write made.
    pub async fn commit<T>(self, value: T) -> Result<T> {
        if self.unanswered.is_some() {
            return Err(Error::broken("an answer that is not kept"));
        }
        let changes = std::mem::take(&mut *lock(&self.changes)?);
        let connection = self.connection();
        let changes = audit::causes(self.gate.actor()?, self.act, changes, &connection).await?;
        let entries = audit::entries(&self.gate, self.act, self.reason.as_deref(), changes)?;
        audit::write(entries, &connection).await?;
        let now = self.gate.now();
        let mut revoked = std::mem::take(&mut *lock(&self.ended)?);
        let outdated = std::mem::take(&mut *lock(&self.outdated)?);
        let holders = (self.gate.actor()?.tenant, &outdated);
        revoked.extend(revocation::outdate(holders, now, &connection).await?);
        let stirred = std::mem::take(&mut *lock(&self.stirred)?);
        let beats = pulse::count(stirred, &connection).await?;
        self.lease.commit().await?;
        let database = &self.gate.inner().database;
        database.revocations().remember(&revoked, now);
        database.pulses().remember(&beats);
        Ok(value)
    }

    pub(super) fn note_added<E: Stored>(&self, row: &E::Model) -> Result<()> {
        self.record(Change::added::<E>(row)?)
    }

    pub(super) fn record(&self, change: Change) -> Result<()> {
        lock(&self.changes)?.push(change);
        Ok(())
    }

    pub(super) fn enter<E: Owned>(&self, row: &E::Model) -> Result<()> {
        let mut entered = self.lock_entered()?;
        entered.extend(uuid(&row.get(E::owner())));
        entered.extend(E::unit().and_then(|unit| uuid(&row.get(unit))));
        Ok(())
    }

    fn lock_entered(&self) -> Result<std::sync::MutexGuard<'_, HashSet<Uuid>>> {
        lock(&self.entered)
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> Result<std::sync::MutexGuard<'_, T>> {
    mutex.lock().map_err(|fault| Error::broken(&fault.to_string()))
}

pub(super) fn current_version<E: Owned>(row: &E::Model) -> Option<i32> {
    let value = row.get(E::version()?);
    if let Value::Int(version) = value { version } else { None }
}

pub(super) fn set_uuid(value: ActiveValue<Value>) -> Option<Uuid> {
    value.into_value().as_ref().and_then(uuid)
}

#[expect(clippy::disallowed_methods, reason = "the one place where rows are added")]
pub(super) async fn exec_insert<E, C>(row: E::ActiveModel, connection: &C) -> Result<()>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
    C: ConnectionTrait,
{
    E::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the one place where rows are changed")]
async fn exec_update<E, C>(
    row: E::ActiveModel,
    filter: sea_orm::Condition,
    connection: &C,
) -> Result<u64>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
    C: ConnectionTrait,
{
    Ok(E::update_many().set(row).filter(filter).exec(connection).await?.rows_affected)
}

#[expect(clippy::disallowed_methods, reason = "the one place where rows are removed")]
pub(super) async fn exec_delete<E: EntityTrait, C: ConnectionTrait>(
    filter: sea_orm::Condition,
    connection: &C,
) -> Result<u64> {
    Ok(E::delete_many().filter(filter).exec(connection).await?.rows_affected)
}
