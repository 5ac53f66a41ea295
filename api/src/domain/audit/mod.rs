//! Audit entries: what was done, by whom.
//! Nothing is written here: entries come with the writes they tell of.

mod proof;

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, OneofObject, SimpleObject};
use entity::audit_event::{self, Column};
use entity::{account, unit};
use sea_orm::Condition;
use serde_json::Value as Json;
use uuid::Uuid;

use super::Ask;
use super::account::{Grant, User};
use super::unit::Unit;
use crate::access::{Act, Gate};
use crate::error::Result;
use crate::filter::{DateTimeFilter, IdFilter, TextFilter, combine, row_id};
use crate::page::{Direction, Key, List, OrderBy, PageArgs, PageRequest, fingerprint};
use crate::scalar::{DateTime, NodeType, decode, encode};

pub use proof::AuditProofQuery;

/// One change of one object, written in the same transaction as the change.
#[derive(Clone)]
pub struct AuditEvent(Arc<audit_event::Model>);

impl From<audit_event::Model> for AuditEvent {
    fn from(row: audit_event::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl NodeType for AuditEvent {
    const PREFIX: &'static str = "AuditEvent";
}

/// One field of an object before and after a change.
#[derive(SimpleObject)]
pub(crate) struct AuditChange {
    /// Name of the field as stored.
    field: String,
    /// Value before, as JSON text; null when the object was created.
    before: Option<String>,
    /// Value after, as JSON text; null when the object was removed.
    after: Option<String>,
}

/// One change of one object, written in the same transaction as the change. Read by auditors,
/// administrators and the chair of the tenant; heads and officers of a unit read what is about its objects and
/// those of the units below it; everyone reads what they did themselves.
#[Object]
impl AuditEvent {
    /// Opaque id; ids grow with time.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// When it was done.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Who did it; null when the caller may not read that user, or the system did it.
    async fn actor(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        let actor = self.0.actor_id?;
        async { Ok(ctx.gate()?.load::<account::Entity>(actor).await?.map(User::from)) }
            .await
            .transpose()
    }

    /// Name of the one who did it, as it was then.
    async fn actor_name(&self) -> &str {
        &self.0.actor_name
    }

    /// The role by which it was allowed; null when it was allowed to everyone, when a sign-in began or ended, and
    /// when the system did it.
    async fn role(&self) -> Option<&str> {
        self.0.role.as_deref()
    }

    /// Id of the grant by which it was allowed; null when it was allowed to everyone.
    async fn grant_id(&self) -> Option<ID> {
        self.0.grant_id.map(Grant::node_id)
    }

    /// The unit whose object it is; null when it is nobody's, or the caller may not read the unit.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        let unit = self.0.unit_id?;
        async { Ok(ctx.gate()?.load::<unit::Entity>(unit).await?.map(Unit::from)) }
            .await
            .transpose()
    }

    /// What was done: the name of the mutation with a capital first letter, such as `SubmissionApprove`. Sign-ins are
    /// `SignIn`, `SignOut` and `SessionReuse` (a used refresh token came back).
    async fn action(&self) -> &str {
        &self.0.act
    }

    /// Kind of the object, such as `submission`.
    async fn object_type(&self) -> &str {
        &self.0.object_type
    }

    /// Id of the object where its kind can be asked for by `node`; otherwise null.
    async fn object_id(&self) -> Option<ID> {
        object_prefix(&self.0.object_type).map(|prefix| ID(encode(prefix, self.0.object_id)))
    }

    /// The fields that changed.
    async fn changes(&self) -> Vec<AuditChange> {
        let Ok(Json::Object(fields)) = serde_json::from_str(&self.0.changes) else {
            return Vec::new();
        };
        fields.into_iter().map(|(field, pair)| change(field, &pair)).collect()
    }

    /// The reason given; null where none was asked for.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Id of the request, as in logs and in the header `x-request-id`.
    async fn request_id(&self) -> &str {
        &self.0.request_id
    }
}

fn change(field: String, pair: &Json) -> AuditChange {
    let part = |index: usize| pair.get(index).filter(|value| !value.is_null()).map(Json::to_string);
    AuditChange { field, before: part(0), after: part(1) }
}

fn object_prefix(table: &str) -> Option<&'static str> {
    match table {
        "unit" => Some("Unit"),
        "account" => Some("User"),
        "role_grant" => Some("Grant"),
        "cluster" => Some("Cluster"),
        "cluster_member" => Some("ClusterMember"),
        "cluster_head" => Some("ClusterHead"),
        "criteria_set" => Some("CriteriaSet"),
        "criterion" => Some("Criterion"),
        "subject" => Some("Subject"),
        "submission" => Some("Submission"),
        "nominee" => Some("Nominee"),
        "submission_document" => Some("Document"),
        "decision" => Some("Decision"),
        "award" => Some("Award"),
        _ => None,
    }
}

/// Conditions on audit entries; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct AuditEventWhere {
    /// All of these hold.
    and: Option<Vec<AuditEventWhere>>,
    /// One of these holds.
    or: Option<Vec<AuditEventWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<AuditEventWhere>>,
    /// By the one who did it.
    actor_id: Option<IdFilter>,
    /// About this object, whatever its kind.
    object_id: Option<ID>,
    /// By the unit whose object it is, exactly; for a unit and all below it use `withinUnit`.
    unit_id: Option<IdFilter>,
    /// By kind of object, such as `submission`.
    object_type: Option<TextFilter>,
    /// By what was done, such as `SubmissionApprove`.
    action: Option<TextFilter>,
    /// By the id of the request.
    request_id: Option<TextFilter>,
    /// By when it was done.
    at: Option<DateTimeFilter>,
}

impl AuditEventWhere {
    fn condition(self) -> Result<Condition> {
        use sea_orm::ColumnTrait;
        let mut all = combine(self.and, self.or, self.not, Self::condition)?;
        if let Some(filter) = self.actor_id {
            all = all.add(filter.on::<User>(Column::ActorId)?);
        }
        if let Some(filter) = self.unit_id {
            all = all.add(filter.on::<Unit>(Column::UnitId)?);
        }
        if let Some(filter) = self.at {
            all = all.add(filter.on(Column::At)?);
        }
        if let Some(id) = self.object_id {
            let id = decode(&id).map_or(Uuid::nil(), |(_, id)| id);
            all = all.add(Column::ObjectId.eq(id));
        }
        let texts = [
            (self.object_type, Column::ObjectType),
            (self.action, Column::Act),
            (self.request_id, Column::RequestId),
        ];
        for (filter, column) in texts {
            if let Some(filter) = filter {
                all = all.add(filter.on(column)?);
            }
        }
        Ok(all)
    }
}

/// One key of the order of audit entries.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum AuditEventOrder {
    /// By time.
    At(OrderBy),
}

impl AuditEventOrder {
    fn key(&self) -> Key<audit_event::Entity> {
        match self {
            Self::At(order) => Key { column: Column::At, direction: order.direction },
        }
    }
}

/// Questions about the audit trail.
#[derive(Default)]
pub struct AuditQuery;

/// Questions about the audit trail.
#[Object]
impl AuditQuery {
    /// Audit entries of the current tenant. Roles: auditor, tenant administrator, chair; unit head, unit officer:
    /// those about their unit's objects; everyone: what they did themselves.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn audit_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<AuditEventWhere>,
        #[graphql(desc = "Order; newest first when absent.")] order_by: Option<
            Vec<AuditEventOrder>,
        >,
        #[graphql(desc = "Of objects of this unit and those below it.")] within_unit: Option<ID>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<AuditEvent>> {
        let conditions = fingerprint("auditEvents", &(&r#where, &order_by, &within_unit));
        let newest = || vec![AuditEventOrder::At(OrderBy { direction: Direction::Desc })];
        let keys =
            order_by.unwrap_or_else(newest).iter().take(3).map(AuditEventOrder::key).collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let gate = ctx.gate()?;
        let mut rows = gate.rows::<audit_event::Entity>(Act::AuditRead)?;
        rows = rows.filter(r#where.unwrap_or_default().condition()?);
        if let Some(above) = within_unit {
            let above = row_id::<Unit>(&above).unwrap_or_default();
            rows = rows.filter(gate.within(Column::UnitId, above, None)?);
        }
        Ok(rows.page(request).await?.list(AuditEvent::from))
    }
}

pub(super) async fn node(gate: &Gate, id: &ID) -> Result<Option<AuditEvent>> {
    let Some(id) = row_id::<AuditEvent>(id) else { return Ok(None) };
    Ok(gate.load::<audit_event::Entity>(id).await?.map(AuditEvent::from))
}
