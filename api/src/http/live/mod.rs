//! Answers that go on: operations over a WebSocket, and subscriptions as server-sent events.
//!
//! A subscription is a question that is asked again: each event is a whole run of the operation, with a gate of
//! its own, so that rights, scope and price are those of that moment, and nothing is held in between. What is
//! told is kept as a hash, and told again only when it is another. `operation` runs and waits, `party` says how
//! long its caller may stay, `outlet` writes; `socket` with `message`, and `events`, are the two transports.
//!
//! No domain and no SQL: what is followed is said by the schema.

pub(super) mod events;
mod message;
mod operation;
mod outlet;
mod party;
pub(super) mod socket;

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use uuid::Uuid;

use super::budget::network;
use super::fault::{CROWDED, Fault};
use crate::config;

/// Connections that are kept open on this node, and the word that ends them all.
pub struct Live {
    limits: config::Live,
    users: Counts<Uuid>,
    addresses: Counts<Option<IpAddr>>,
    stopping: watch::Sender<bool>,
}

impl Live {
    /// No connection is open.
    #[must_use]
    pub fn new(limits: config::Live) -> Self {
        let (users, addresses) = (Counts::default(), Counts::default());
        Self { limits, users, addresses, stopping: watch::Sender::new(false) }
    }

    /// Ends every connection: the server goes away.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Waits until the server goes away.
    async fn stopped(&self) {
        // The sender is our own: it cannot be gone.
        drop(self.stopping.subscribe().wait_for(|is_stopping| *is_stopping).await);
    }

    /// A place among the connections of an address.
    fn arrive(&self, peer: Option<IpAddr>) -> Result<Place<Option<IpAddr>>, Fault> {
        let place = self.addresses.take(peer.map(network), self.limits.of_address);
        place.ok_or_else(|| Fault::of(&CROWDED))
    }

    /// A place among the connections of a user.
    fn enter(&self, user: Uuid) -> Result<Place<Uuid>, Fault> {
        self.users.take(user, self.limits.of_user).ok_or_else(|| Fault::of(&CROWDED))
    }
}

/// How many places are taken, by whom.
struct Counts<K>(Arc<Mutex<HashMap<K, u32>>>);

impl<K> Default for Counts<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Copy + Eq + Hash> Counts<K> {
    fn lock(&self) -> MutexGuard<'_, HashMap<K, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, key: K, most: u32) -> Option<Place<K>> {
        let mut taken = self.lock();
        let count = taken.entry(key).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { counts: Self(Arc::clone(&self.0)), key })
    }
}

/// A place that is taken until this is dropped.
struct Place<K: Copy + Eq + Hash> {
    counts: Counts<K>,
    key: K,
}

impl<K: Copy + Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.counts.lock();
        let left = taken.get(&self.key).copied().unwrap_or_default().saturating_sub(1);
        if left == 0 {
            taken.remove(&self.key);
        } else {
            taken.insert(self.key, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_when_it_is_left() {
        let counts = Counts::default();
        let one = counts.take(1, 2);
        let other = counts.take(1, 2);
        assert!(one.is_some() && other.is_some());
        assert!(counts.take(1, 2).is_none() && counts.take(2, 2).is_some());
        drop(one);
        assert!(counts.take(1, 2).is_some());
        drop(other);
        assert!(counts.lock().is_empty(), "nothing is kept of those who have gone");
    }
}
