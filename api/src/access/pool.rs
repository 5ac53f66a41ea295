//! Connections lent to requests: one for all that a request reads, one for each of its writes.
//! A connection comes back only from outside a transaction; one whose statement was cut off is closed.
//!
//! Ours and not the driver's pool, because that one pings at every return, and hands on a connection whose
//! `BEGIN` was cut off. No table enters here.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement,
};
use tokio::sync::{Mutex, MutexGuard, OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use super::link::{Link, Opening};
use super::sight::{Sight, one_more};

/// How long a request waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Connections of one database.
#[derive(Clone)]
pub(super) struct Pool(Arc<Inner>);

struct Inner {
    opening: Opening,
    idle: std::sync::Mutex<Vec<Link>>,
    readers: Arc<Semaphore>,
    writers: Arc<Semaphore>,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Pool")
    }
}

impl Pool {
    /// A pool that opens its connections when they are needed. SQLite has one writer; PostgreSQL's
    /// writers are a third, in places of their own, so that readers and writers never wait in a circle.
    pub(super) fn new(opening: Opening, connections: u32) -> Self {
        let all = usize::try_from(connections).unwrap_or(usize::MAX).clamp(2, 1_000);
        let writers = if opening.backend() == DbBackend::Postgres { (all / 3).max(1) } else { 1 };
        Self(Arc::new(Inner {
            idle: std::sync::Mutex::default(),
            readers: Arc::new(Semaphore::new(all - writers)),
            writers: Arc::new(Semaphore::new(writers)),
            opening,
        }))
    }

    pub(super) fn backend(&self) -> DbBackend {
        self.0.opening.backend()
    }

    /// A loan for reading: nothing is taken before the first statement.
    pub(super) fn reader(&self, sight: Sight) -> Lease {
        Lease {
            pool: self.clone(),
            for_writing: false,
            state: Mutex::new(State { sight, ..State::default() }),
        }
    }

    /// A loan with an open transaction that may write.
    pub(super) async fn writer(&self, sight: Sight) -> Result<Lease, DbErr> {
        let state = State { sight, ..State::default() };
        let lease = Lease { pool: self.clone(), for_writing: true, state: Mutex::new(state) };
        lease.begin(&mut *lease.state.lock().await).await?;
        Ok(lease)
    }

    fn take_idle(&self) -> Option<Link> {
        self.0.idle.lock().ok()?.pop()
    }

    fn put_back(&self, link: Link) {
        if let Ok(mut idle) = self.0.idle.lock() {
            idle.push(link);
        }
    }

    /// Closes what is idle; what is lent is closed by its borrower.
    pub(super) fn close(&self) {
        self.0.readers.close();
        self.0.writers.close();
        if let Ok(mut idle) = self.0.idle.lock() {
            idle.clear();
        }
    }
}

/// A connection lent to one request; what was not committed is rolled back when it comes home.
pub(super) struct Lease {
    pool: Pool,
    for_writing: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    link: Option<Link>,
    place: Option<OwnedSemaphorePermit>,
    sight: Sight,
    /// Inside a transaction.
    is_open: bool,
    /// A statement is under way; still true when the next one comes, it was cut off.
    is_running: bool,
}

impl Lease {
    /// Commits what was written; the connection goes home.
    pub(super) async fn commit(self) -> Result<(), DbErr> {
        let mut state = self.state.lock().await;
        let link = state.start()?;
        let done = link.run("COMMIT").await;
        state.is_running = false;
        state.is_open = done.is_err();
        done.map(drop)
    }

    /// Asks the database for nothing.
    pub(super) async fn ping(&self) -> Result<(), DbErr> {
        let mut state = self.ready(false).await?;
        let result = state.start()?.run("SELECT 1").await;
        state.done(result, self.for_writing).map(drop)
    }

    /// Lets the transaction see the rows of a tenant, once it is known.
    pub(super) async fn enter(&self, tenant: Uuid) -> Result<(), DbErr> {
        self.widen(|sight| sight.enter(tenant)).await
    }

    /// Lets the transaction see a cluster that it has just made.
    pub(super) async fn enter_cluster(&self, cluster: Uuid) -> Result<(), DbErr> {
        self.widen(|_| Some(one_more(cluster))).await
    }

    /// Lets the transaction see the refresh token that was brought, by its hash.
    pub(super) async fn enter_token(&self, hash: &str) -> Result<(), DbErr> {
        self.widen(|sight| Some(sight.enter_token(hash))).await
    }

    /// Lets the transaction see the award whose public code was brought.
    pub(super) async fn enter_code(&self, code: &str) -> Result<(), DbErr> {
        self.widen(|sight| Some(sight.enter_code(code))).await
    }

    async fn widen(&self, change: impl FnOnce(&mut Sight) -> Option<String>) -> Result<(), DbErr> {
        let mut state = self.state.lock().await;
        let sql = change(&mut state.sight);
        let Some(sql) = sql.filter(|_| state.is_open && self.has_sight()) else { return Ok(()) };
        let done = state.start()?.run(&sql).await;
        state.is_running = false;
        done.map(drop)
    }

    /// Only PostgreSQL hides rows; SQLite's one wall is the scope.
    fn has_sight(&self) -> bool {
        self.pool.backend() == DbBackend::Postgres
    }

    /// The connection, in its transaction, with the sight that the statement needs.
    async fn ready(&self, sees_clusters: bool) -> Result<MutexGuard<'_, State>, DbErr> {
        let mut state = self.state.lock().await;
        if state.is_running && !self.for_writing {
            // A sibling field failed and this request's last statement was cut off: begin anew.
            *state = State { sight: state.sight.clone().anew(), ..State::default() };
        }
        if state.link.is_none() {
            if self.for_writing {
                return Err(broken());
            }
            self.begin(&mut state).await?;
        }
        let widened = if sees_clusters { state.sight.enter_clusters() } else { None };
        if let Some(sql) = widened.filter(|_| self.has_sight()) {
            let done = state.start()?.run(&sql).await;
            state.is_running = false;
            done?;
        }
        Ok(state)
    }

    async fn begin(&self, state: &mut State) -> Result<(), DbErr> {
        let places = if self.for_writing { &self.pool.0.writers } else { &self.pool.0.readers };
        let place = tokio::time::timeout(PATIENCE, Arc::clone(places).acquire_owned()).await;
        let place = place.map_err(|_late| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?;
        let closed = |_closed| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed);
        state.place = Some(place.map_err(closed)?);
        let sql = self.opening_words(&state.sight);
        if let Some(link) = self.pool.take_idle() {
            if state.try_begin(link, sql.as_deref()).await.is_ok() {
                return Ok(());
            }
            // The server went away meanwhile, and with it every connection that waited here.
            while self.pool.take_idle().is_some() {}
        }
        let link = self.pool.0.opening.open().await?;
        state.try_begin(link, sql.as_deref()).await
    }

    fn opening_words(&self, sight: &Sight) -> Option<String> {
        match (self.has_sight(), self.for_writing) {
            (true, false) => Some(format!("BEGIN READ ONLY; {}", sight.words())),
            (true, true) => Some(format!("BEGIN; {}", sight.words())),
            (false, true) => Some("BEGIN IMMEDIATE".to_owned()),
            (false, false) => None,
        }
    }
}

impl State {
    /// Marks a statement as under way.
    fn start(&mut self) -> Result<&mut Link, DbErr> {
        if self.is_running {
            return Err(broken());
        }
        self.is_running = true;
        self.link.as_mut().ok_or_else(broken)
    }

    async fn try_begin(&mut self, link: Link, sql: Option<&str>) -> Result<(), DbErr> {
        let link = self.link.insert(link);
        if let Some(sql) = sql {
            self.is_running = true;
            let begun = link.run(sql).await;
            self.is_running = false;
            if let Err(fault) = begun {
                self.link = None;
                return Err(fault);
            }
            self.is_open = true;
        }
        Ok(())
    }

    /// Ends a statement. A reader's connection is given up after a fault: its transaction is lost.
    fn done<T>(&mut self, result: Result<T, DbErr>, for_writing: bool) -> Result<T, DbErr> {
        self.is_running = false;
        if result.is_err() && !for_writing {
            let sight = std::mem::take(&mut self.sight);
            *self = Self { sight: sight.anew(), ..Self::default() };
        }
        result
    }
}

fn broken() -> DbErr {
    DbErr::Custom("the connection was cut off within its transaction".to_owned())
}

impl Drop for Lease {
    fn drop(&mut self) {
        let state = std::mem::take(self.state.get_mut());
        let Some(mut link) = state.link.filter(|_| !state.is_running) else { return };
        let (pool, place) = (self.pool.clone(), state.place);
        if !state.is_open {
            return pool.put_back(link);
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            if link.run("ROLLBACK").await.is_ok() {
                pool.put_back(link);
            }
            drop(place);
        });
    }
}

/// A lease at work: it counts its statements, and knows whether they need the sight of clusters.
pub(super) struct Counted<'a, L> {
    pub(super) lease: L,
    pub(super) statements: &'a std::sync::atomic::AtomicU32,
    pub(super) sees_clusters: bool,
}

impl<L: std::ops::Deref<Target = Lease>> Counted<'_, L> {
    async fn ready(&self) -> Result<MutexGuard<'_, State>, DbErr> {
        self.statements.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.lease.ready(self.sees_clusters).await
    }
}

#[async_trait::async_trait]
impl<L> ConnectionTrait for Counted<'_, L>
where
    L: std::ops::Deref<Target = Lease> + Send + Sync,
{
    fn get_database_backend(&self) -> DbBackend {
        self.lease.pool.backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let mut state = self.ready().await?;
        let result = state.start()?.execute(statement).await;
        state.done(result, self.lease.for_writing)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let mut state = self.ready().await?;
        let result = state.start()?.run(sql).await;
        state.done(result, self.lease.for_writing)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let mut state = self.ready().await?;
        let result = state.start()?.one(statement).await;
        state.done(result, self.lease.for_writing)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut state = self.ready().await?;
        let result = state.start()?.all(statement).await;
        state.done(result, self.lease.for_writing)
    }
}
