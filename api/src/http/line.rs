//! How many operations run at once, by class, and a short line before each; the rest are refused at once.
//! No deadlines: a place is kept until its operation has ended, also when nobody waits for it any more.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::door::Door;
use crate::config::Concurrency;

/// Longer than this nobody stands in line: an answer that late helps nobody.
const PATIENCE: Duration = Duration::from_secs(2);
/// Fewest places in a line.
const SHORTEST: u32 = 32;

/// What an operation competes with: readers never wait for writers, and nobody waits for passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    SignIn,
    Write,
    Read,
}

impl Class {
    pub(super) fn of(kind: OperationType, door: Door) -> Self {
        match (kind, door) {
            (OperationType::Mutation, Door::Open) => Self::SignIn,
            (OperationType::Mutation, Door::Introspection | Door::SignedIn) => Self::Write,
            (OperationType::Query | OperationType::Subscription, _) => Self::Read,
        }
    }
}

/// The three lines of a server.
pub struct Lines {
    sign_in: Line,
    write: Line,
    read: Line,
}

struct Line {
    running: Arc<Semaphore>,
    waiting: Semaphore,
}

/// There is no place of this class, and none came free in time.
#[derive(Debug)]
pub(super) struct Full(pub(super) Class);

impl Lines {
    /// Lines of which nobody stands in one.
    #[must_use]
    pub fn new(concurrency: Concurrency) -> Self {
        let Concurrency { reads, writes, sign_ins } = concurrency;
        Self { sign_in: Line::new(sign_ins), write: Line::new(writes), read: Line::new(reads) }
    }

    /// A place to run in, to be held as long as the operation runs.
    pub(super) async fn enter(&self, class: Class) -> Result<OwnedSemaphorePermit, Full> {
        let line = match class {
            Class::SignIn => &self.sign_in,
            Class::Write => &self.write,
            Class::Read => &self.read,
        };
        line.enter().await.ok_or(Full(class))
    }
}

impl Line {
    fn new(places: u32) -> Self {
        let waiting = places.saturating_mul(2).max(SHORTEST);
        let size = |number: u32| usize::try_from(number).unwrap_or(Semaphore::MAX_PERMITS);
        Self {
            running: Arc::new(Semaphore::new(size(places))),
            waiting: Semaphore::new(size(waiting)),
        }
    }

    async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.running).try_acquire_owned() {
            return Some(place);
        }
        let _waiting = self.waiting.try_acquire().ok()?;
        let place = Arc::clone(&self.running).acquire_owned();
        tokio::time::timeout(PATIENCE, place).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn stand(lines: Arc<Lines>) -> Result<(), Full> {
        lines.enter(Class::Read).await.map(drop)
    }

    #[tokio::test]
    async fn a_line_is_short_and_moves_on() {
        let lines = Arc::new(Lines::new(Concurrency { reads: 1, writes: 1, sign_ins: 1 }));
        let place = lines.enter(Class::Read).await.expect("is free");
        let waiting: Vec<_> =
            (0..SHORTEST).map(|_| tokio::spawn(stand(Arc::clone(&lines)))).collect();
        tokio::task::yield_now().await;

        assert!(lines.enter(Class::Read).await.is_err(), "the line is full");
        assert!(lines.enter(Class::Write).await.is_ok(), "writers have a line of their own");
        drop(place);

        for one in waiting {
            assert!(one.await.expect("ends").is_ok(), "whoever stood in line gets a place");
        }
        assert!(lines.enter(Class::Read).await.is_ok());
    }

    #[test]
    fn a_sign_in_is_a_class_of_its_own() {
        assert_eq!(Class::of(OperationType::Mutation, Door::Open), Class::SignIn);
        assert_eq!(Class::of(OperationType::Mutation, Door::SignedIn), Class::Write);
        assert_eq!(Class::of(OperationType::Query, Door::Open), Class::Read);
    }
}
