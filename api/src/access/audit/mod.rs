//! The audit entry that each write leaves, in the same transaction, and how entries are sealed and proved.
//! No domain enters here: what changed is read off the rows themselves.

mod cause;
mod check;
mod entry;
mod export;
pub mod note;
mod proof;
mod seal;
pub mod tree;

use entity::owned::{Line, Owned};
use entity::{audit_event, audit_pending};
use sea_orm::{ActiveEnum, ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::gate::{Gate, Request};
use super::loader::uuid;
use super::policy::Act;
use super::policy::Actor;
use crate::error::Result;
use cause::Cause;

pub(super) use cause::causes;
pub use check::{Report, Trust, check};
pub use entry::leaf;
pub use export::{export, newest_checkpoint};
pub use seal::{Sealer, adopt};

/// What happened to one row.
#[derive(Debug)]
pub(super) struct Change {
    table: &'static str,
    object: Uuid,
    cluster: Option<Uuid>,
    council: Option<Uuid>,
    unit: Option<Uuid>,
    member: Option<Uuid>,
    fields: Map<String, Json>,
}

impl Change {
    pub(super) fn added<E: Owned>(row: &E::Model) -> Result<Self>
    where
        E::Model: Serialize,
    {
        let fields = object(row)?.into_iter().map(|(key, new)| (key, json!([null, new]))).collect();
        Ok(Self::of::<E>(row, fields))
    }

    pub(super) fn saved<E: Owned>(before: &E::Model, after: &E::Model) -> Result<Self>
    where
        E::Model: Serialize,
    {
        let mut old = object(before)?;
        let fields = object(after)?
            .into_iter()
            .map(|(key, new)| (key.clone(), old.remove(&key).unwrap_or_default(), new))
            .filter(|(_, old, new)| old != new)
            .map(|(key, old, new)| (key, json!([old, new])))
            .collect();
        Ok(Self::of::<E>(after, fields))
    }

    pub(super) fn removed<E: Owned>(row: &E::Model) -> Result<Self>
    where
        E::Model: Serialize,
    {
        let fields = object(row)?.into_iter().map(|(key, old)| (key, json!([old, null]))).collect();
        Ok(Self::of::<E>(row, fields))
    }

    /// Every session of a user has ended, and with them so many refresh tokens.
    pub(super) fn sessions(user: Uuid, tokens: u64) -> Self {
        let fields = Map::from_iter([("tokens".to_owned(), json!([tokens, 0]))]);
        Self {
            table: "session",
            object: user,
            cluster: None,
            council: None,
            unit: None,
            member: None,
            fields,
        }
    }

    /// So many external identities of a user were unlinked.
    pub(super) fn identities(user: Uuid, gone: u64) -> Self {
        let fields = Map::from_iter([("identities".to_owned(), json!([gone, 0]))]);
        Self {
            table: "external_identity",
            object: user,
            cluster: None,
            council: None,
            unit: None,
            member: None,
            fields,
        }
    }

    /// The second factor of a user was taken away, if there was one.
    pub(super) fn second_factor(user: Uuid, was_there: bool) -> Self {
        let fields = Map::from_iter([("enrolled".to_owned(), json!([was_there, false]))]);
        Self {
            table: "second_factor",
            object: user,
            cluster: None,
            council: None,
            unit: None,
            member: None,
            fields,
        }
    }

    fn of<E: Owned>(row: &E::Model, fields: Map<String, Json>) -> Self {
        let owner = uuid(&row.get(E::owner()));
        Self {
            table: E::NAME,
            object: uuid(&row.get(E::id())).unwrap_or_default(),
            cluster: owner.filter(|_| E::LINE == Line::Cluster),
            council: E::council().and_then(|council| uuid(&row.get(council))),
            unit: E::unit().and_then(|unit| uuid(&row.get(unit))),
            member: E::member().and_then(|member| uuid(&row.get(member))),
            fields,
        }
    }
}

fn object<M: Serialize>(row: &M) -> Result<Map<String, Json>> {
    match serde_json::to_value(row)? {
        Json::Object(fields) => Ok(fields),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            Ok(Map::new())
        }
    }
}

/// The entries of what one act changed.
pub(super) fn entries(
    gate: &Gate,
    act: Act,
    reason: Option<&str>,
    changes: Vec<(Change, Cause)>,
) -> Result<Vec<audit_event::Model>> {
    let actor = gate.actor()?;
    let entry = |(change, cause): (Change, Cause)| {
        let grant = cause.grant.and_then(|place| actor.grants.get(place));
        Ok(audit_event::Model {
            tenant_id: actor.tenant,
            id: gate.new_id(),
            at: gate.now(),
            actor_id: Some(actor.user),
            actor_name: actor.name.clone(),
            role: grant.map(|grant| grant.role.to_value()),
            act: act.name().to_owned(),
            object_type: change.table.to_owned(),
            object_id: change.object,
            cluster_id: change.cluster,
            changes: Json::Object(change.fields).to_string(),
            reason: reason.map(str::to_owned),
            request_id: gate.request().id.clone(),
            grant_id: grant.and_then(|grant| grant.id),
            unit_id: cause.unit,
            salt: Some(salt()?),
        })
    };
    changes.into_iter().map(entry).collect()
}

/// The entry of a session that begins or ends: no act of the policy, and no gate yet.
#[expect(clippy::disallowed_methods, reason = "there is no gate yet that could make the id")]
pub(super) fn session_entry(
    actor: &Actor,
    act: &'static str,
    request: &Request,
) -> Result<audit_event::Model> {
    Ok(audit_event::Model {
        tenant_id: actor.tenant,
        id: Uuid::now_v7(),
        at: request.now,
        actor_id: Some(actor.user),
        actor_name: actor.name.clone(),
        role: None,
        act: act.to_owned(),
        object_type: "session".to_owned(),
        object_id: actor.family,
        cluster_id: None,
        changes: "{}".to_owned(),
        reason: None,
        request_id: request.id.clone(),
        grant_id: None,
        unit_id: None,
        salt: Some(salt()?),
    })
}

/// What makes the leaf of an entry impossible to guess.
pub fn salt() -> Result<Uuid> {
    super::token::key::random_id()
}

/// Entries of one statement: 16 values each, and SQLite takes 32,766.
const BATCH: usize = 1_500;

/// Writes entries and their leaves for the sealer.
#[expect(clippy::disallowed_methods, reason = "audit entries are added here and nowhere else")]
pub async fn write<C: ConnectionTrait>(
    entries: Vec<audit_event::Model>,
    connection: &C,
) -> Result<()> {
    let mut entries = entries.into_iter().peekable();
    while entries.peek().is_some() {
        let batch: Vec<_> = entries.by_ref().take(BATCH).collect();
        let leaves: Vec<_> = batch.iter().map(|row| leaf(row).into_active_model()).collect();
        let batch = batch.into_iter().map(IntoActiveModel::into_active_model);
        audit_event::Entity::insert_many(batch).exec_without_returning(connection).await?;
        audit_pending::Entity::insert_many(leaves).exec_without_returning(connection).await?;
    }
    Ok(())
}
