//! The pulse of councils: how every node hears that something about one has changed, and who waits for it here.
//!
//! A write counts its councils on, in its own transaction. The node that writes tells those who follow at once;
//! every other node asks several times a second for the topics that somebody follows there. A count says that
//! something was written: neither what, nor who, nor when, so it cannot tell one voter from another.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use entity::owned::Owned;
use entity::pulse::{Column, Entity};
use sea_orm::{ColumnTrait, ConnectionTrait, ModelTrait, QueryFilter, Statement};
use tokio::sync::watch;
use uuid::Uuid;

use super::gate::{Gate, find};
use super::loader::uuid;
use super::tx::Tx;
use crate::error::{Error, Result};

/// The topics that are followed on this node, and the last count that was heard of each.
#[derive(Clone, Debug, Default)]
pub struct Pulses(Arc<Mutex<HashMap<Uuid, watch::Sender<i64>>>>);

/// What one operation waits for before it is run again.
#[derive(Clone, Debug, Default)]
pub struct Following(Arc<Mutex<Option<Followed>>>);

/// A topic, and what tells of changes since it was followed.
type Followed = (Uuid, watch::Receiver<i64>);

impl Pulses {
    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, watch::Sender<i64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn follow(&self, topic: Uuid) -> watch::Receiver<i64> {
        self.lock().entry(topic).or_insert_with(|| watch::channel(0).0).subscribe()
    }

    /// Tells those who follow what was counted.
    pub(super) fn remember(&self, beats: &[(Uuid, i64)]) {
        let known = self.lock();
        for (topic, beat) in beats {
            let Some(sender) = known.get(topic) else { continue };
            sender.send_if_modified(|last| {
                let is_newer = *beat > *last;
                *last = (*last).max(*beat);
                is_newer
            });
        }
    }

    /// Asks for what others have counted of the topics that are followed here: one statement, or none.
    pub async fn hear(&self, connection: &impl ConnectionTrait) -> Result<()> {
        let topics: Vec<Uuid> = {
            let mut known = self.lock();
            known.retain(|_, sender| sender.receiver_count() > 0);
            known.keys().copied().collect()
        };
        if topics.is_empty() {
            return Ok(());
        }
        let rows = find::<Entity>().filter(Column::Topic.is_in(topics)).all(connection).await?;
        let beats: Vec<(Uuid, i64)> = rows.into_iter().map(|row| (row.topic, row.beat)).collect();
        self.remember(&beats);
        Ok(())
    }
}

impl Following {
    fn lock(&self) -> MutexGuard<'_, Option<Followed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Follows a topic from now on; says whether it was not followed before: what was read until now may be old.
    #[must_use]
    pub fn start(&self, gate: &Gate, topic: Uuid) -> bool {
        let mut followed = self.lock();
        let is_new = followed.as_ref().is_none_or(|(known, _)| *known != topic);
        if is_new {
            *followed = Some((topic, gate.inner().database.pulses().follow(topic)));
        }
        is_new
    }

    /// What tells of changes since the topic was followed; none where nothing is followed.
    #[must_use]
    pub fn changes(&self) -> Option<watch::Receiver<i64>> {
        self.lock().as_ref().map(|(_, changes)| changes.clone())
    }
}

impl Tx {
    /// Takes note of the council that a row is about.
    pub(super) fn stir<E: Owned>(&self, row: &E::Model) {
        let council = E::council().and_then(|column| uuid(&row.get(column)));
        self.stirred.lock().unwrap_or_else(PoisonError::into_inner).extend(council);
    }
}

/// Counts topics on, in the order of their ids: two writers never wait for each other.
pub(super) async fn count<C: ConnectionTrait>(
    topics: BTreeSet<Uuid>,
    connection: &C,
) -> Result<Vec<(Uuid, i64)>> {
    let backend = connection.get_database_backend();
    let mut beats = Vec::with_capacity(topics.len());
    for topic in topics {
        let sql = "INSERT INTO pulse (topic, beat) VALUES ($1, 1)
            ON CONFLICT (topic) DO UPDATE SET beat = pulse.beat + 1 RETURNING beat";
        let statement = Statement::from_sql_and_values(backend, sql, [topic.into()]);
        let row = connection.query_one_raw(statement).await?;
        let row = row.ok_or_else(|| Error::broken("a count that gave no answer"))?;
        beats.push((topic, row.try_get("", "beat")?));
    }
    Ok(beats)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_told_once_and_never_backwards() {
        let (pulses, topic) = (Pulses::default(), Uuid::nil());
        let mut changes = pulses.follow(topic);
        pulses.remember(&[(topic, 2)]);
        assert!(changes.has_changed().expect("the topic is kept"));
        changes.mark_unchanged();
        pulses.remember(&[(topic, 2), (topic, 1)]);
        assert!(!changes.has_changed().expect("the topic is kept"));
        pulses.remember(&[(topic, 3)]);
        assert!(changes.has_changed().expect("the topic is kept"));
    }
}
