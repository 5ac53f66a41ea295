//! The audit entry that each write leaves, in the same transaction.
//! No domain enters here: what changed is read off the rows themselves.

use entity::audit_event;
use entity::owned::{Line, Owned};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, ModelTrait};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::actor::Actor;
use super::gate::{Gate, Request};
use super::loader::uuid;
use super::policy::Act;
use crate::error::Result;

/// What happened to one row.
#[derive(Debug)]
pub(super) struct Change {
    table: &'static str,
    object: Uuid,
    cluster: Option<Uuid>,
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
        Self { table: "session", object: user, cluster: None, fields }
    }

    fn of<E: Owned>(row: &E::Model, fields: Map<String, Json>) -> Self {
        let owner = uuid(&row.get(E::owner()));
        Self {
            table: E::NAME,
            object: uuid(&row.get(E::id())).unwrap_or_default(),
            cluster: owner.filter(|_| E::LINE == Line::Cluster),
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

pub(super) fn entries(
    gate: &Gate,
    act: Act,
    reason: Option<&str>,
    changes: Vec<Change>,
) -> Result<Vec<audit_event::ActiveModel>> {
    let actor = gate.actor()?;
    let role = actor.role_for(act).map(|role| {
        use sea_orm::ActiveEnum;
        role.to_value()
    });
    let entry = |change: Change| audit_event::ActiveModel {
        tenant_id: Set(actor.tenant),
        id: Set(gate.new_id()),
        at: Set(gate.now()),
        actor_id: Set(Some(actor.user)),
        actor_name: Set(actor.name.clone()),
        role: Set(role.clone()),
        act: Set(act.name().to_owned()),
        object_type: Set(change.table.to_owned()),
        object_id: Set(change.object),
        cluster_id: Set(change.cluster),
        changes: Set(Json::Object(change.fields).to_string()),
        reason: Set(reason.map(str::to_owned)),
        request_id: Set(gate.request().id.clone()),
    };
    Ok(changes.into_iter().map(entry).collect())
}

/// The entry of a session that begins or ends: no act of the policy, and no gate yet.
#[expect(clippy::disallowed_methods, reason = "there is no gate yet that could make the id")]
pub(super) fn session_entry(
    actor: &Actor,
    act: &'static str,
    request: &Request,
) -> audit_event::ActiveModel {
    audit_event::ActiveModel {
        tenant_id: Set(actor.tenant),
        id: Set(Uuid::now_v7()),
        at: Set(request.now),
        actor_id: Set(Some(actor.user)),
        actor_name: Set(actor.name.clone()),
        role: Set(None),
        act: Set(act.to_owned()),
        object_type: Set("session".to_owned()),
        object_id: Set(actor.family),
        cluster_id: Set(None),
        changes: Set("{}".to_owned()),
        reason: Set(None),
        request_id: Set(request.id.clone()),
    }
}

#[expect(clippy::disallowed_methods, reason = "audit entries are added here and nowhere else")]
pub(super) async fn write<C: ConnectionTrait>(
    entries: Vec<audit_event::ActiveModel>,
    connection: &C,
) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    audit_event::Entity::insert_many(entries).exec_without_returning(connection).await?;
    Ok(())
}
