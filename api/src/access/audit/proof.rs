//! Proofs over the sealed log: that an entry is in it, and that it only grew. Each reads as many nodes as the
//! tree is high, however large the log is.

use std::ops::Range;

use entity::{audit_checkpoint, audit_event, audit_node};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::entry;
use super::note::Signed;
use super::seal::{hashes, newest, signed};
use super::tree::{self, Hash};
use crate::access::gate::{Gate, find};
use crate::error::{Code, Error, Fault, Result};

/// That an entry is in the log.
pub struct Inclusion {
    /// The entry as it is sealed.
    pub text: String,
    /// Its place in the tree and the proof; none while it waits for its seal.
    pub seal: Option<Seal>,
}

/// Where an entry stands, and what leads from it to a signed root.
pub struct Seal {
    /// Number of entries before it.
    pub position: u64,
    /// Hashes of the neighbouring subtrees, from the leaf upwards.
    pub path: Vec<Hash>,
    /// The checkpoint whose root they lead to.
    pub checkpoint: Signed,
}

impl Gate {
    /// The proof of an entry that the caller may read; none when there is no such entry.
    pub async fn audit_inclusion(&self, event: Uuid) -> Result<Option<Inclusion>> {
        let Some(row) = self.load::<audit_event::Entity>(event).await? else { return Ok(None) };
        let connection = self.connection(false)?;
        let leaf = find::<audit_node::Entity>()
            .filter(audit_node::Column::EventId.eq(event))
            .one(&connection)
            .await?;
        let text = entry::text(&row);
        let Some(leaf) = leaf else { return Ok(Some(Inclusion { text, seal: None })) };
        let newest = newest(&connection).await?;
        let checkpoint = newest.ok_or_else(|| Error::broken("a leaf without checkpoint"))?;
        let position = u64::try_from(leaf.place).unwrap_or_default();
        let path = self.subtrees(&tree::inclusion(position, checkpoint.checkpoint.size)).await?;
        Ok(Some(Inclusion { text, seal: Some(Seal { position, path, checkpoint }) }))
    }

    /// The hashes that prove that the log of one size grew out of that of another.
    pub async fn audit_consistency(&self, from: i64, to: i64) -> Result<Vec<Hash>> {
        self.actor()?;
        let newest = newest(&self.connection(false)?).await?;
        let most = newest.map_or(0, |signed| signed.checkpoint.size);
        let inside = |name: &str, size: i64, least: u64| {
            let size = u64::try_from(size).ok().filter(|size| (least..=most).contains(size));
            let fault = || Fault::at(Code::OutOfRange, name).with("min", least).with("max", most);
            size.ok_or_else(|| Error::from(fault()))
        };
        let from = inside("from", from, 1)?;
        let to = inside("to", to, from)?;
        self.subtrees(&tree::consistency(from, to)).await
    }

    /// The checkpoint of exactly this size; the newest one when none is given.
    pub async fn audit_checkpoint(&self, size: Option<i64>) -> Result<Option<Signed>> {
        self.actor()?;
        let mut select =
            find::<audit_checkpoint::Entity>().order_by_desc(audit_checkpoint::Column::Size);
        if let Some(size) = size {
            select = select.filter(audit_checkpoint::Column::Size.eq(size));
        }
        select.one(&self.connection(false)?).await?.map(signed).transpose()
    }

    /// The newest checkpoints below a size.
    pub async fn audit_checkpoints(&self, below: Option<i64>, count: u64) -> Result<Vec<Signed>> {
        self.actor()?;
        let mut select =
            find::<audit_checkpoint::Entity>().order_by_desc(audit_checkpoint::Column::Size);
        if let Some(size) = below {
            select = select.filter(audit_checkpoint::Column::Size.lt(size));
        }
        let rows = select.limit(count).all(&self.connection(false)?).await?;
        rows.into_iter().map(signed).collect()
    }

    /// The hash of each of these subtrees, in one statement.
    async fn subtrees(&self, subtrees: &[Range<u64>]) -> Result<Vec<Hash>> {
        let places: Vec<_> = subtrees.iter().flat_map(tree::peaks).collect();
        let known = hashes(&places, &self.connection(false)?).await?;
        let whole = |leaves: &Range<u64>| {
            let kept = tree::peaks(leaves).into_iter().map(|place| known.get(&place).copied());
            let kept: Vec<Hash> = kept.collect::<Option<_>>()?;
            tree::fold(&kept)
        };
        let broken = || Error::broken("the audit tree lacks a node");
        subtrees.iter().map(|leaves| whole(leaves).ok_or_else(broken)).collect()
    }
}
