//! An audit entry as it is sealed: one text, the same wherever it is read, and its leaf in the tree.
//! No query enters here.

use chrono::{DateTime, SecondsFormat, Utc};
use entity::{audit_event, audit_pending};
use serde::Serialize;
use uuid::Uuid;

use super::tree;

/// What is sealed of an entry, in this order and nothing else.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sealed<'a> {
    id: Uuid,
    tenant_id: Uuid,
    at: String,
    actor_id: Option<Uuid>,
    actor_name: &'a str,
    role: Option<&'a str>,
    grant_id: Option<Uuid>,
    act: &'a str,
    object_type: &'a str,
    object_id: Uuid,
    unit_id: Option<Uuid>,
    cluster_id: Option<Uuid>,
    changes: &'a str,
    reason: Option<&'a str>,
    request_id: &'a str,
    salt: Option<Uuid>,
}

/// A time as it is sealed.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The text of an entry: JSON without spaces.
#[must_use]
pub(super) fn text(row: &audit_event::Model) -> String {
    let sealed = Sealed {
        id: row.id,
        tenant_id: row.tenant_id,
        at: time(row.at),
        actor_id: row.actor_id,
        actor_name: &row.actor_name,
        role: row.role.as_deref(),
        grant_id: row.grant_id,
        act: &row.act,
        object_type: &row.object_type,
        object_id: row.object_id,
        unit_id: row.unit_id,
        cluster_id: row.cluster_id,
        changes: &row.changes,
        reason: row.reason.as_deref(),
        request_id: &row.request_id,
        salt: row.salt,
    };
    // Only maps without text keys and writers that fail make this fail: there are none here.
    serde_json::to_string(&sealed).unwrap_or_default()
}

/// What waits for the sealer once an entry is written.
#[must_use]
pub fn leaf(row: &audit_event::Model) -> audit_pending::Model {
    let hash = tree::leaf(text(row).as_bytes());
    audit_pending::Model { event_id: row.id, leaf: hash.to_vec() }
}
