//! The sealer: once a second one node takes the leaves that wait, gives them their places in the tree and
//! signs what the tree is then. Reads no entry: leaves belong to nobody.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use chrono::{DateTime, Utc};
use entity::{audit_checkpoint, audit_event, audit_node, audit_pending};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Statement,
};

use super::entry;
use super::note::{Checkpoint, Signed, Signer};
use super::tree::{self, Frontier, Hash, Place};
use crate::access::database::Database;
use crate::access::gate::find;
use crate::access::pool::Counted;
use crate::access::sight::Sight;
use crate::error::{Error, Result};

/// Leaves of one checkpoint at most.
const MOST: u64 = 5_000;
/// Rows of one statement; SQLite takes 32,766 values.
const BATCH: usize = 5_000;
/// Names the lock of the one sealer ("thiđua" in ASCII).
const LOCK: i64 = 0x0074_6869_6475_6102;

/// What seals the audit log; one of all nodes works at a time.
#[derive(Clone)]
pub struct Sealer {
    database: Database,
    signer: Arc<Signer>,
}

impl Sealer {
    /// A sealer of this database.
    #[must_use]
    pub fn new(database: Database, signer: Signer) -> Self {
        Self { database, signer: Arc::new(signer) }
    }

    /// Seals what waits, at most some thousand entries; tells how many. None when another node is at it.
    ///
    /// Leaves are taken off the queue by whoever sees them committed, so neither the order in which
    /// transactions end nor the ids of another server's transactions (after a restore) can lose one.
    pub async fn seal(&self, now: DateTime<Utc>) -> Result<usize> {
        let statements = AtomicU32::new(0);
        let waiting = find::<audit_pending::Entity>().limit(1);
        let lease = self.database.reader(Sight::default());
        let looking = Counted { lease: &lease, statements: &statements, sees_clusters: false };
        if waiting.one(&looking).await?.is_none() {
            return Ok(0);
        }
        drop(lease);
        let lease = self.database.writer(Sight::default()).await?;
        let transaction = Counted { lease: &lease, statements: &statements, sees_clusters: false };
        if !is_alone(&transaction).await? {
            return Ok(0);
        }
        let pending = find::<audit_pending::Entity>()
            .order_by_asc(audit_pending::Column::EventId)
            .limit(MOST)
            .all(&transaction)
            .await?;
        let sealed = pending.len();
        if sealed > 0 {
            self.append(pending, now, &transaction).await?;
        }
        lease.commit().await?;
        Ok(sealed)
    }

    async fn append(
        &self,
        pending: Vec<audit_pending::Model>,
        now: DateTime<Utc>,
        transaction: &impl ConnectionTrait,
    ) -> Result<()> {
        let size = newest(transaction).await?.map_or(0, |signed| signed.checkpoint.size);
        let mut tree = grown(size, transaction).await?;
        let mut nodes = Vec::new();
        for waiting in &pending {
            let leaf = sha256(&waiting.leaf)?;
            let mut event = Some(waiting.event_id);
            tree.push(leaf, |place, hash| {
                nodes.push(audit_node::ActiveModel {
                    level: Set(i32::try_from(place.level).unwrap_or(i32::MAX)),
                    place: Set(i64::try_from(place.index).unwrap_or(i64::MAX)),
                    hash: Set(hash.to_vec()),
                    event_id: Set(event.take()),
                });
            });
        }
        add(nodes, transaction).await?;
        let root = tree.root();
        let signed = self.signer.sign(Checkpoint { size: tree.size(), root, at: now });
        add(vec![row(&signed)?.into_active_model()], transaction).await?;
        forget(&pending, transaction).await
    }
}

/// Whether no other node seals; the lock ends with the transaction. SQLite has one writer anyway.
async fn is_alone(transaction: &impl ConnectionTrait) -> Result<bool> {
    let backend = transaction.get_database_backend();
    if backend != DbBackend::Postgres {
        return Ok(true);
    }
    let lock = Statement::from_string(backend, format!("SELECT pg_try_advisory_xact_lock({LOCK})"));
    let row = transaction.query_one_raw(lock).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
}

/// The tree as it stands at a size, from its kept subtrees.
async fn grown(size: u64, connection: &impl ConnectionTrait) -> Result<Frontier> {
    let places = tree::peaks(&(0..size));
    let hashes = hashes(&places, connection).await?;
    let peaks = places.iter().filter_map(|place| hashes.get(place).copied()).collect();
    Frontier::new(size, peaks).ok_or_else(|| Error::broken("the audit tree lacks a node"))
}

/// The hashes of kept subtrees, in one statement.
pub(super) async fn hashes(
    places: &[Place],
    connection: &impl ConnectionTrait,
) -> Result<HashMap<Place, Hash>> {
    use audit_node::Column;
    if places.is_empty() {
        return Ok(HashMap::new());
    }
    let mut any = Condition::any();
    for place in places {
        let itself = Condition::all()
            .add(Column::Level.eq(i32::try_from(place.level).unwrap_or(i32::MAX)))
            .add(Column::Place.eq(i64::try_from(place.index).unwrap_or(i64::MAX)));
        any = any.add(itself);
    }
    let mut hashes = HashMap::new();
    for row in find::<audit_node::Entity>().filter(any).all(connection).await? {
        let level = u32::try_from(row.level).unwrap_or(u32::MAX);
        let index = u64::try_from(row.place).unwrap_or(u64::MAX);
        hashes.insert(Place { level, index }, sha256(&row.hash)?);
    }
    Ok(hashes)
}

/// The newest checkpoint.
pub(super) async fn newest(connection: &impl ConnectionTrait) -> Result<Option<Signed>> {
    let newest = find::<audit_checkpoint::Entity>()
        .order_by_desc(audit_checkpoint::Column::Size)
        .one(connection)
        .await?;
    newest.map(signed).transpose()
}

pub(super) fn sha256(bytes: &[u8]) -> Result<Hash> {
    bytes.try_into().map_err(|fault| Error::broken(&format!("not a SHA-256: {fault}")))
}

pub(super) fn signed(row: audit_checkpoint::Model) -> Result<Signed> {
    let broken = |_: Vec<u8>| Error::broken("not a key or not a signature");
    Ok(Signed {
        checkpoint: Checkpoint {
            size: u64::try_from(row.size).unwrap_or_default(),
            root: sha256(&row.root)?,
            at: row.at,
        },
        public_key: row.public_key.try_into().map_err(broken)?,
        signature: row.signature.try_into().map_err(broken)?,
    })
}

fn row(signed: &Signed) -> Result<audit_checkpoint::Model> {
    let size = i64::try_from(signed.checkpoint.size);
    Ok(audit_checkpoint::Model {
        size: size.map_err(|fault| Error::broken(&fault.to_string()))?,
        root: signed.checkpoint.root.to_vec(),
        at: signed.checkpoint.at,
        public_key: signed.public_key.to_vec(),
        signature: signed.signature.to_vec(),
    })
}

#[expect(clippy::disallowed_methods, reason = "leaves, nodes and checkpoints belong to nobody")]
async fn add<A>(rows: Vec<A>, connection: &impl ConnectionTrait) -> Result<()>
where
    A: sea_orm::ActiveModelTrait,
{
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let batch: Vec<A> = rows.by_ref().take(BATCH).collect();
        A::Entity::insert_many(batch).exec_without_returning(connection).await?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the queue belongs to nobody")]
async fn forget(sealed: &[audit_pending::Model], connection: &impl ConnectionTrait) -> Result<()> {
    let ids = sealed.iter().map(|waiting| waiting.event_id);
    let of_them = audit_pending::Column::EventId.is_in(ids);
    audit_pending::Entity::delete_many().filter(of_them).exec(connection).await?;
    Ok(())
}

/// Puts entries on the queue that were written before there was one; for a migration.
#[expect(clippy::disallowed_methods, reason = "a migration serves no caller")]
pub async fn adopt(connection: &impl ConnectionTrait) -> Result<usize> {
    let known = |column: audit_node::Column| {
        Query::select().column(column).from(audit_node::Entity).to_owned()
    };
    let waiting = Query::select()
        .column(audit_pending::Column::EventId)
        .from(audit_pending::Entity)
        .to_owned();
    let sealed = known(audit_node::Column::EventId)
        .and_where(Expr::col(audit_node::Column::Level).eq(0))
        .to_owned();
    let strangers = Condition::all()
        .add(audit_event::Column::Id.not_in_subquery(waiting))
        .add(audit_event::Column::Id.not_in_subquery(sealed));
    let rows = find::<audit_event::Entity>().filter(strangers).all(connection).await?;
    let count = rows.len();
    let leaves = rows.iter().map(|row| entry::leaf(row).into_active_model()).collect();
    add::<audit_pending::ActiveModel>(leaves, connection).await?;
    Ok(count)
}
