//! A change that carries a key is made once: its answer is kept in the same transaction, and a repeated
//! request gets it again. No domain enters here: how a noun is kept is the noun's own.
//!
//! What is kept is the row as it was answered, not the bytes: the repeated request may ask for other fields, and
//! what hangs on the row is read as the caller may read it now, and nobody gets it who may no longer do the act at
//! all. A refusal is not kept, because nothing was done. Keys belong to a user in a tenant, and one stands for one request: another operation under it is another
//! input. Nobody else can see or meet them. Of two requests at once one commits; the other one is rolled back by the
//! unique key and gets its answer where they are equal.

use std::sync::atomic::AtomicU32;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{kept_answer, tenant};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value as Json;
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::database::Database;
use super::gate::{Gate, find};
use super::policy::Act;
use super::pool::Counted;
use super::sight::Sight;
use super::tx::{Tx, exec_insert};
use crate::error::{Code, Error, Fault, Result};

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// Longest key, in characters.
const LONGEST: usize = 100;

/// One request to make a change, as told apart from others by its key.
#[derive(Clone, Debug)]
pub struct Once {
    operation: String,
    key: String,
    fingerprint: String,
}

impl Once {
    /// A change of this operation under a key that the client made; the fingerprint is that of its input.
    pub fn new(operation: &str, key: &str, fingerprint: String) -> Result<Self> {
        let path = "input.idempotencyKey";
        if key.is_empty() {
            return Err(Fault::at(Code::Required, path).into());
        }
        if key.chars().count() > LONGEST {
            return Err(Fault::at(Code::TooLong, path).with("max", LONGEST).into());
        }
        if !key.chars().all(|letter| letter.is_ascii_graphic()) {
            let expected = "printable ASCII without spaces";
            return Err(Fault::at(Code::InvalidFormat, path).with("expected", expected).into());
        }
        Ok(Self { operation: operation.to_owned(), key: key.to_owned(), fingerprint })
    }

    fn condition(&self) -> Condition {
        Condition::all().add(kept_answer::Column::Key.eq(&self.key))
    }

    /// The act of the operation: it has the same name.
    fn act(&self) -> Option<Act> {
        let mut letters = self.operation.chars();
        let first = letters.next()?.to_ascii_uppercase();
        let name: String = std::iter::once(first).chain(letters).collect();
        Act::iter().find(|act| <&'static str>::from(*act) == name)
    }

    /// Whether this is the request that was answered.
    fn is_of(&self, row: &kept_answer::Model) -> bool {
        row.operation == self.operation && row.fingerprint == self.fingerprint
    }
}

/// What a change answers, so that it can be kept and given again.
pub trait Answer: Sized {
    /// The form in which it is kept.
    fn keep(&self) -> Result<Json>;
    /// Made again of the form in which it was kept.
    fn recall(kept: Json) -> Result<Self>;
}

impl<T: Answer> Answer for Vec<T> {
    fn keep(&self) -> Result<Json> {
        self.iter().map(T::keep).collect()
    }

    fn recall(kept: Json) -> Result<Self> {
        match kept {
            Json::Array(items) => items.into_iter().map(T::recall).collect(),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
                Err(Error::broken("a kept answer is no list"))
            }
        }
    }
}

/// An answer that is a row and nothing else.
#[macro_export]
macro_rules! answer {
    ($($noun:ty = $row:ty => $field:tt),* $(,)?) => {
        $(impl $crate::access::Answer for $noun {
            fn keep(&self) -> $crate::error::Result<serde_json::Value> {
                Ok(serde_json::to_value(&*self.$field)?)
            }

            fn recall(kept: serde_json::Value) -> $crate::error::Result<Self> {
                Ok(Self::from(serde_json::from_value::<$row>(kept)?))
            }
        })*
    };
}

impl Gate {
    /// Makes the change, or gives the answer of the one before with the same key.
    pub async fn answer<T: Answer>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let Some(once) = self.once() else { return work.await };
        let actor = self.actor()?;
        if once.act().is_some_and(|act| !actor.may(act)) {
            return Err(Error::forbidden());
        }
        if let Some(kept) = self.recall(once).await? {
            return T::recall(kept);
        }
        match work.await {
            Ok(answer) => Ok(answer),
            // Refused because the same request was faster: by the unique key, or by what it had changed.
            Err(fault) => match self.recall(once).await? {
                Some(kept) => T::recall(kept),
                None => Err(fault),
            },
        }
    }

    /// What was kept under the key; refused when it was another request.
    async fn recall(&self, once: &Once) -> Result<Option<Json>> {
        let kept = self.rows::<kept_answer::Entity>(Act::AnswerRead)?;
        let fresh = kept_answer::Column::At.gt(self.now() - KEPT);
        let Some(row) = kept.filter(once.condition().add(fresh)).all().await?.pop() else {
            return Ok(None);
        };
        if !once.is_of(&row) {
            return Err(Fault::at(Code::IdempotencyConflict, "input.idempotencyKey").into());
        }
        Ok(Some(serde_json::from_str(&row.answer)?))
    }
}

impl Tx {
    /// Commits, and keeps the answer where the request has a key.
    pub async fn answer<T: Answer>(mut self, value: T) -> Result<T> {
        if let Some(once) = self.unanswered.take() {
            self.keep(&once, &value.keep()?).await?;
        }
        self.commit(value).await
    }

    #[expect(clippy::disallowed_methods, reason = "answers are kept here and nowhere else")]
    async fn keep(&self, once: &Once, answer: &Json) -> Result<()> {
        use kept_answer::Column;
        let (gate, connection) = (self.gate(), self.connection());
        let actor = gate.actor()?;
        let own = once
            .condition()
            .add(Column::TenantId.eq(actor.tenant))
            .add(Column::UserId.eq(actor.user))
            .add(Column::At.lte(gate.now() - KEPT));
        kept_answer::Entity::delete_many().filter(own).exec(&connection).await?;
        let row = kept_answer::ActiveModel {
            tenant_id: Set(actor.tenant),
            id: Set(gate.new_id()),
            user_id: Set(actor.user),
            operation: Set(once.operation.clone()),
            key: Set(once.key.clone()),
            fingerprint: Set(once.fingerprint.clone()),
            answer: Set(answer.to_string()),
            at: Set(gate.now()),
        };
        exec_insert::<kept_answer::Entity, _>(row, &connection).await
    }
}

/// Removes answers that are a day old: tenant by tenant, each in a transaction that sees that tenant alone.
#[expect(clippy::disallowed_methods, reason = "a job that serves no caller")]
pub async fn sweep(database: &Database, now: DateTime<Utc>) -> Result<u64> {
    use kept_answer::Column;
    let statements = AtomicU32::new(0);
    let mut removed = 0;
    for tenant in tenants(database).await? {
        let lease = database.writer(Sight::default()).await?;
        lease.enter(tenant).await?;
        let connection = Counted { lease: &lease, statements: &statements, sees_clusters: false };
        let old = Condition::all().add(Column::TenantId.eq(tenant)).add(Column::At.lte(now - KEPT));
        let done = kept_answer::Entity::delete_many().filter(old).exec(&connection).await?;
        removed += done.rows_affected;
        lease.commit().await?;
    }
    Ok(removed)
}

/// Every tenant there is or was; for jobs that go through them one by one.
pub(super) async fn tenants(database: &Database) -> Result<Vec<Uuid>> {
    let statements = AtomicU32::new(0);
    let lease = database.reader(Sight::default());
    let connection = Counted { lease: &lease, statements: &statements, sees_clusters: false };
    let rows = find::<tenant::Entity>().order_by_asc(tenant::Column::Id).all(&connection).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_has_the_act_of_its_name() {
        let act = |operation: &str| Once::new(operation, "key", String::new()).unwrap().act();
        assert_eq!(act("submissionSend"), Some(Act::SubmissionSend));
        assert_eq!(act("awardCancelPropose"), Some(Act::AwardCancelPropose));
        assert_eq!(act("nothing"), None);
    }
}
