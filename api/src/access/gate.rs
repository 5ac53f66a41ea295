//! The gate: one per request; every read and write of a domain goes through it, in scope.
//! No domain enters here.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_graphql::dataloader::DataLoader;
use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::owned::{Line, Owned, Shared};
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, ModelTrait, PaginatorTrait,
    QueryFilter, QuerySelect, QueryTrait, RelationDef, Select,
};
use uuid::Uuid;

use super::database::Database;
use super::loader::Loader;
use super::once::Once;
use super::policy::{Act, Actor, Coverage};
use super::pool::{Counted, Lease};
use super::sight::Sight;
use super::{Readable, policy};
use crate::error::{Error, Result};
use crate::page::{self, Page, PageRequest};
use crate::text::Language;

/// What one request brings: who asks, when, in which language, under which id.
#[derive(Debug)]
pub struct Request {
    /// Who asks; none before sign-in.
    pub actor: Option<Arc<Actor>>,
    /// The one time of the whole request.
    pub now: DateTime<Utc>,
    /// Language of messages.
    pub language: Language,
    /// Goes into logs, errors and audit entries.
    pub id: String,
    /// Statements sent so far.
    pub statements: AtomicU32,
    /// Seconds after which a caller who was throttled may come again; 0: he was not.
    pub wait: AtomicU32,
}

impl Request {
    /// Remembers how long a throttled caller has to wait, for the answer's header.
    pub(super) fn note_wait(&self, fault: &Error) {
        let Error::Fault(fault) = fault else { return };
        let named = fault.parameters.iter().find(|(name, _)| *name == "seconds");
        if let Some(seconds) = named.and_then(|(_, seconds)| seconds.parse().ok()) {
            self.wait.fetch_max(seconds, Ordering::Relaxed);
        }
    }
}

/// One request's way to the data.
#[derive(Clone)]
pub struct Gate(Arc<Inner>, Option<Arc<Once>>);

pub(super) struct Inner {
    pub(super) database: Database,
    pub(super) request: Arc<Request>,
    /// The connection on which the request reads; the gate of its loader shares it.
    reader: Arc<Mutex<Option<Arc<Lease>>>>,
    loader: std::sync::OnceLock<DataLoader<Loader>>,
}

impl Inner {
    fn reader(&self) -> Result<Arc<Lease>> {
        let mut reader = self.reader.lock().map_err(|fault| Error::broken(&fault.to_string()))?;
        let open = || {
            let sight = self.request.actor.as_deref().map(Sight::of).unwrap_or_default();
            Arc::new(self.database.reader(sight))
        };
        Ok(Arc::clone(reader.get_or_insert_with(open)))
    }

    /// Gives the connection for reading back; what is read later sees what was written meanwhile.
    pub(super) fn let_go(&self) {
        if let Ok(mut reader) = self.reader.lock() {
            *reader = None;
        }
    }
}

impl Gate {
    /// A gate for one request.
    #[must_use]
    pub fn new(database: Database, request: Arc<Request>) -> Self {
        Self::sharing(database, request, Arc::default())
    }

    fn sharing(
        database: Database,
        request: Arc<Request>,
        reader: Arc<Mutex<Option<Arc<Lease>>>>,
    ) -> Self {
        let loader = std::sync::OnceLock::new();
        Self(Arc::new(Inner { database, request, reader, loader }), None)
    }

    /// The same gate for a change that is made once.
    #[must_use]
    pub fn once_as(&self, once: Once) -> Self {
        Self(Arc::clone(&self.0), Some(Arc::new(once)))
    }

    pub(super) fn once(&self) -> Option<&Arc<Once>> {
        self.1.as_ref()
    }

    /// Who asks, or the refusal that sends the caller to sign in.
    pub fn actor(&self) -> Result<&Arc<Actor>> {
        self.0.request.actor.as_ref().ok_or(Error::Unauthenticated)
    }

    /// The one time of the request, in milliseconds.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.request.now
    }

    /// Today in Vietnam.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        today(self.now())
    }

    /// A new id, greater than those before it.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where ids are made")]
    pub fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }

    /// What the request brought.
    #[must_use]
    pub fn request(&self) -> &Request {
        &self.0.request
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.0
    }

    /// The rows of `E` that the caller may touch by this act: empty when nothing is reached.
    pub fn rows<E: Owned>(&self, act: Act) -> Result<Rows<'_, E>> {
        let condition = self.scope::<E>(act)?;
        let sees_clusters = E::LINE == Line::Cluster;
        Ok(Rows { gate: self, select: find::<E>().filter(condition), id: E::id(), sees_clusters })
    }

    /// The whole of a table that nobody owns, for everyone who is signed in; of the titles that tenants added, their own.
    pub fn catalogue<E: Shared>(&self) -> Result<Rows<'_, E>> {
        let select = match policy::common::<E>(self.actor()?, Act::AwardTypeRead) {
            Some(condition) => find::<E>().filter(condition),
            None => find::<E>(),
        };
        Ok(Rows { gate: self, select, id: E::id(), sees_clusters: false })
    }

    /// The condition behind [`Gate::rows`], to be asked as a column of another scoped query.
    pub fn scope<E: Owned>(&self, act: Act) -> Result<Condition> {
        let none = || Condition::all().add(Expr::val(1).eq(0));
        Ok(policy::condition::<E>(self.actor()?, act, self.today()).unwrap_or_else(none))
    }

    /// How much of what the caller may read of `E` is reached by an act.
    pub fn covers<E: Readable>(&self, act: Act) -> Result<Coverage> {
        Ok(self.actor()?.coverage(act, E::READ))
    }

    /// Rows whose column names a unit at or below another, at most so many steps down.
    pub fn within(
        &self,
        column: impl ColumnTrait,
        above: Uuid,
        depth: Option<i32>,
    ) -> Result<Condition> {
        let tree = policy::within(self.actor()?.tenant, above, depth);
        Ok(Condition::all().add(column.in_subquery(tree)))
    }

    /// One row by its id as the caller may read it; batched with the others of the same level.
    pub async fn load<E: Readable>(&self, id: Uuid) -> Result<Option<E::Model>>
    where
        E::Model: Sync,
    {
        self.actor()?;
        self.loader().load_one(super::loader::Key::<E>::new(id)).await.map_err(Error::shared)
    }

    /// One row of a shared table by its id, at most a minute old; batched with the others of the same level.
    pub async fn look_up<E: Shared>(&self, id: Uuid) -> Result<Option<Arc<E::Model>>>
    where
        E::Model: Sync,
    {
        self.actor()?;
        self.loader().load_one(super::loader::Entry::<E>::new(id)).await.map_err(Error::shared)
    }

    /// Rows grouped by what they belong to; batched with the others of the same level.
    pub async fn load_by<K>(
        &self,
        key: K,
    ) -> Result<<Loader as async_graphql::dataloader::Loader<K>>::Value>
    where
        K: Send + Sync + std::hash::Hash + Eq + Clone + 'static,
        Loader: async_graphql::dataloader::Loader<K, Error = Arc<Error>>,
        <Loader as async_graphql::dataloader::Loader<K>>::Value: Default,
    {
        self.actor()?;
        let found = self.loader().load_one(key).await.map_err(Error::shared)?;
        Ok(found.unwrap_or_default())
    }

    fn loader(&self) -> &DataLoader<Loader> {
        self.0.loader.get_or_init(|| {
            let (request, reader) = (Arc::clone(&self.0.request), Arc::clone(&self.0.reader));
            let gate = Self::sharing(self.0.database.clone(), request, reader);
            DataLoader::new(Loader(gate), tokio::spawn).delay(std::time::Duration::ZERO)
        })
    }

    pub(super) fn connection(&self, sees_clusters: bool) -> Result<Counted<'_, Arc<Lease>>> {
        let (lease, statements) = (self.0.reader()?, &self.0.request.statements);
        Ok(Counted { lease, statements, sees_clusters })
    }
}

/// The day in Vietnam (UTC+7, no summer time) at a moment.
#[must_use]
pub fn today(now: DateTime<Utc>) -> NaiveDate {
    let shifted = now + chrono::TimeDelta::hours(7);
    shifted.date_naive()
}

/// The day before another.
#[must_use]
pub fn day_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(day)
}

#[expect(clippy::disallowed_methods, reason = "the gate is where reads begin")]
pub(super) fn find<E: EntityTrait>() -> Select<E> {
    E::find()
}

/// Rows in scope, to be narrowed and read.
pub struct Rows<'g, E: EntityTrait> {
    gate: &'g Gate,
    select: Select<E>,
    id: E::Column,
    sees_clusters: bool,
}

impl<'g, E: EntityTrait> Rows<'g, E> {
    fn connection(&self) -> Result<Counted<'g, Arc<Lease>>> {
        self.gate.connection(self.sees_clusters)
    }

    /// Narrows to the rows that meet a condition.
    #[must_use]
    pub fn filter(mut self, condition: impl sea_orm::sea_query::IntoCondition) -> Self {
        self.select = self.select.filter(condition);
        self
    }

    /// Reshapes the scoped query: joins, columns, order. The scope stays.
    #[must_use]
    pub fn shape(mut self, shape: impl FnOnce(Select<E>) -> Select<E>) -> Self {
        self.select = shape(self.select);
        self
    }

    /// The scoped query as a sub-query of another one: one column of its rows. The scope stays.
    #[must_use]
    pub fn column(self, column: E::Column) -> SelectStatement {
        self.select.select_only().column(column).into_query()
    }

    /// One row by id, or none when there is none in scope.
    pub async fn one(self, id: Uuid) -> Result<Option<E::Model>> {
        let connection = self.connection()?;
        Ok(self.select.filter(self.id.eq(id)).one(&connection).await?)
    }

    /// The first row in the order given.
    pub async fn first(self) -> Result<Option<E::Model>> {
        let connection = self.connection()?;
        Ok(self.select.one(&connection).await?)
    }

    /// Every row; only for sets that are small by their nature.
    pub async fn all(self) -> Result<Vec<E::Model>> {
        let connection = self.connection()?;
        Ok(self.select.all(&connection).await?)
    }

    /// Every row, read as another shape.
    pub async fn all_as<M: FromQueryResult>(self) -> Result<Vec<M>> {
        let connection = self.connection()?;
        Ok(self.select.into_model::<M>().all(&connection).await?)
    }

    /// The first row, read as another shape.
    pub async fn first_as<M: FromQueryResult>(self) -> Result<Option<M>> {
        let connection = self.connection()?;
        Ok(self.select.into_model::<M>().one(&connection).await?)
    }

    /// How many rows there are.
    pub async fn count(self) -> Result<u64>
    where
        E::Model: Sync,
    {
        let connection = self.connection()?;
        Ok(self.select.select_only().column(self.id).count(&connection).await?)
    }

    /// One page in keyset order, with the total when it is asked for.
    pub async fn page(self, request: PageRequest<E>) -> Result<Page<E::Model>>
    where
        E::Model: ModelTrait<Entity = E> + Sync,
    {
        let connection = self.connection()?;
        page::read(self.select, self.id, request, &connection).await
    }

    /// The same, each row with the row of another table that its column names, if the caller may read that.
    pub async fn page_beside<F: Readable>(
        self,
        named: E::Column,
        request: PageRequest<E>,
    ) -> Result<Page<(E::Model, Option<F::Model>)>>
    where
        E::Model: ModelTrait<Entity = E> + Sync,
        F::Model: Sync,
    {
        let sees_clusters = self.sees_clusters || F::LINE == Line::Cluster;
        let connection = self.gate.connection(sees_clusters)?;
        let scope = self.gate.scope::<F>(F::READ)?;
        let beside: RelationDef = E::belongs_to(F::default()).from(named).to(F::id()).into();
        let beside = beside.on_condition(move |_, _| scope.clone());
        let select = self.select.join(JoinType::LeftJoin, beside);
        page::read_beside((select, F::default()), self.id, request, &connection).await
    }
}
