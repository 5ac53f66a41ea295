//! The whole log, written out to be checked elsewhere: entries in their places, checkpoints, those that wait.
//! For the operator alone: no caller of the API comes here.

use std::collections::HashMap;
use std::io::Write;
use std::sync::atomic::AtomicU32;

use entity::{audit_checkpoint, audit_event, audit_node};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::check;
use super::entry;
use super::note::Signed;
use super::seal::{newest, sha256, signed};
use crate::access::database::Database;
use crate::access::gate::find;
use crate::access::once::tenants;
use crate::access::pool::{Counted, Lease};
use crate::access::sight::Sight;
use crate::error::{Error, Result};

/// Entries that are read at once.
const WINDOW: u64 = 5_000;
/// A checkpoint is written after at least so many entries, and at the end.
const APART: i64 = 1_000;

/// The newest checkpoint; none before the first entry was sealed.
pub async fn newest_checkpoint(database: &Database) -> Result<Option<Signed>> {
    newest(&View::of_nobody(database).connection()).await
}

/// Writes the log as lines of JSON; tells how many entries it holds.
pub async fn export(database: &Database, out: &mut impl Write) -> Result<u64> {
    let export = Export { database, tenants: tenants(database).await? };
    let size = newest_checkpoint(database).await?.map_or(0, |signed| signed.checkpoint.size);
    line(out, &check::head(&keys(database).await?)?)?;
    let mut points = Points { database, next: None, last: 0, size };
    points.advance().await?;
    let mut position = 0;
    while position < size {
        let end = Ord::min(size, position + WINDOW);
        for text in export.window(position..end).await? {
            line(out, &text)?;
            position += 1;
            if let Some(point) = points.due(position).await? {
                line(out, &check::point(&point)?)?;
            }
        }
        if position != end {
            return Err(Error::broken("the audit tree lacks a leaf"));
        }
    }
    for text in export.unsealed().await? {
        line(out, &check::unsealed(&text))?;
    }
    out.flush().map_err(anyhow::Error::from)?;
    Ok(size)
}

fn line(out: &mut impl Write, text: &str) -> Result<()> {
    Ok(writeln!(out, "{text}").map_err(anyhow::Error::from)?)
}

/// A connection that sees the rows of one tenant, or those of nobody; lent for one statement.
struct View {
    lease: Lease,
    statements: AtomicU32,
}

impl View {
    fn of_nobody(database: &Database) -> Self {
        Self { lease: database.reader(Sight::default()), statements: AtomicU32::new(0) }
    }

    async fn of_tenant(database: &Database, tenant: Uuid) -> Result<Self> {
        let view = Self::of_nobody(database);
        view.lease.enter(tenant).await?;
        Ok(view)
    }

    fn connection(&self) -> Counted<'_, &Lease> {
        Counted { lease: &self.lease, statements: &self.statements, sees_clusters: false }
    }
}

/// Every key that ever signed.
async fn keys(database: &Database) -> Result<Vec<[u8; 32]>> {
    let keys = find::<audit_checkpoint::Entity>()
        .select_only()
        .column(audit_checkpoint::Column::PublicKey)
        .distinct()
        .into_tuple::<Vec<u8>>()
        .all(&View::of_nobody(database).connection())
        .await?;
    keys.iter().map(|key| sha256(key)).collect()
}

struct Export<'a> {
    database: &'a Database,
    tenants: Vec<Uuid>,
}

impl Export<'_> {
    /// The lines of some positions, in order. Entries are read tenant by tenant, never across.
    async fn window(&self, positions: std::ops::Range<u64>) -> Result<Vec<String>> {
        use audit_node::Column;
        let bound = |position: u64| i64::try_from(position).unwrap_or(i64::MAX);
        let leaves = find::<audit_node::Entity>()
            .filter(Column::Level.eq(0))
            .filter(Column::Place.gte(bound(positions.start)))
            .filter(Column::Place.lt(bound(positions.end)))
            .order_by_asc(Column::Place)
            .all(&View::of_nobody(self.database).connection())
            .await?;
        let mut texts: HashMap<Uuid, Option<String>> =
            leaves.iter().filter_map(|leaf| Some((leaf.event_id?, None))).collect();
        for tenant in &self.tenants {
            self.read(*tenant, &mut texts).await?;
        }
        let text = |(position, leaf): (u64, &audit_node::Model)| {
            let text = leaf.event_id.and_then(|event| texts.get(&event)?.as_deref());
            Ok(check::entry(position, &sha256(&leaf.hash)?, text))
        };
        positions.zip(&leaves).map(text).collect()
    }

    /// Fills in the entries of one tenant. Ids grow with time, so they lie close together.
    async fn read(&self, tenant: Uuid, texts: &mut HashMap<Uuid, Option<String>>) -> Result<()> {
        use audit_event::Column;
        let Some((least, most)) = texts.keys().min().copied().zip(texts.keys().max().copied())
        else {
            return Ok(());
        };
        let view = View::of_tenant(self.database, tenant).await?;
        let rows = find::<audit_event::Entity>()
            .filter(Column::TenantId.eq(tenant))
            .filter(Column::Id.between(least, most))
            .all(&view.connection())
            .await?;
        for row in rows {
            if let Some(text) = texts.get_mut(&row.id) {
                *text = Some(entry::text(&row));
            }
        }
        Ok(())
    }

    /// The texts of entries that have no place in the tree.
    #[expect(clippy::disallowed_methods, reason = "leaves belong to nobody")]
    async fn unsealed(&self) -> Result<Vec<String>> {
        let leaf = Query::select()
            .expr(Expr::val(1))
            .from(audit_node::Entity)
            .and_where(
                Expr::col((audit_node::Entity, audit_node::Column::EventId))
                    .equals((audit_event::Entity, audit_event::Column::Id)),
            )
            .to_owned();
        let mut texts = Vec::new();
        for tenant in &self.tenants {
            let view = View::of_tenant(self.database, *tenant).await?;
            let rows = find::<audit_event::Entity>()
                .filter(audit_event::Column::TenantId.eq(*tenant))
                .filter(Expr::not_exists(leaf.clone()))
                .order_by_asc(audit_event::Column::Id)
                .all(&view.connection())
                .await?;
            texts.extend(rows.iter().map(entry::text));
        }
        Ok(texts)
    }
}

/// The checkpoints to be written: some distance apart, and the last one.
struct Points<'a> {
    database: &'a Database,
    next: Option<Signed>,
    last: i64,
    size: u64,
}

impl Points<'_> {
    /// The checkpoint of this size, if it is to be written.
    async fn due(&mut self, size: u64) -> Result<Option<Signed>> {
        if self.next.as_ref().is_none_or(|next| next.checkpoint.size != size) {
            return Ok(None);
        }
        let due = self.next.take();
        self.last = i64::try_from(size).unwrap_or(i64::MAX);
        self.advance().await?;
        Ok(due)
    }

    async fn advance(&mut self) -> Result<()> {
        use audit_checkpoint::Column;
        let most = i64::try_from(self.size).unwrap_or(i64::MAX);
        let least = Ord::min(self.last.saturating_add(APART), most);
        let next = find::<audit_checkpoint::Entity>()
            .filter(Column::Size.gt(self.last))
            .filter(Column::Size.gte(least))
            .filter(Column::Size.lte(most))
            .order_by_asc(Column::Size)
            .one(&View::of_nobody(self.database).connection())
            .await?;
        self.next = next.map(signed).transpose()?;
        Ok(())
    }
}
