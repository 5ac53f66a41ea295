//! Writes of clusters: create, correct, close; and the list of what can be done to members and heads.
//! No structure changes here: units would be placed twice; a new division is made of new clusters.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use chrono::{Datelike, NaiveDate};
use entity::cluster::{self, Kind};
use entity::{cluster_head, cluster_member};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};

use super::head::{self, ClusterHeadAppointInput};
use super::member::{
    self, ClusterMemberAcceptInput, ClusterMemberAddInput, ClusterMemberRemoveInput,
};
use super::{Cluster, ClusterHead, ClusterMember};
use crate::access::{Act, Gate, Tx};
use crate::domain::{Ask, input};
use crate::error::{Code, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::scalar::Date;

/// Input of `clusterCreate`.
#[derive(InputObject)]
pub(crate) struct ClusterCreateInput {
    /// Code, unique among the clusters of the current tenant for ever. Letters, digits, point, hyphen,
    /// underscore; at most 60.
    code: String,
    /// Name in Vietnamese, at most 300 characters.
    name: String,
    /// How its members are chosen.
    kind: Kind,
    /// Code of the division it is part of, such as `ca-quang-tri`; written like `code`. It never changes.
    structure: String,
    /// First day in force.
    valid_from: Date,
    /// Last day in force; it goes on when absent.
    valid_to: Option<Date>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `clusterUpdate`; absent fields stay as they are.
#[derive(InputObject)]
pub(crate) struct ClusterUpdateInput {
    /// The cluster.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Corrected code; written like that of `clusterCreate`; null is refused (`REQUIRED`).
    code: MaybeUndefined<String>,
    /// New name, at most 300 characters; null is refused (`REQUIRED`).
    name: MaybeUndefined<String>,
    /// Corrected kind; null is refused (`REQUIRED`).
    kind: MaybeUndefined<Kind>,
    /// Last day in force; memberships that would go on longer end with it. Null opens the cluster again,
    /// but not the memberships.
    valid_to: MaybeUndefined<Date>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(ClusterCreatePayload, cluster: Cluster, "cluster created");
payload!(ClusterUpdatePayload, cluster: Cluster, "cluster as it is now");
payload!(ClusterMemberAddPayload, member: ClusterMember, "member added");
payload!(ClusterMemberAcceptPayload, member: ClusterMember, "member as it is now");
payload!(ClusterMemberRemovePayload, member: ClusterMember, "member as it is now");
payload!(ClusterHeadAppointPayload, head: ClusterHead, "head or deputy appointed");

/// Changes of clusters.
#[derive(Default)]
pub struct ClusterMutation;

/// Changes of clusters.
#[Object]
impl ClusterMutation {
    /// Creates a cluster or bloc (cụm, khối) organised by the current tenant. Roles: central officer,
    /// council secretary, standing officer.
    async fn cluster_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cluster to create.")] input: ClusterCreateInput,
    ) -> async_graphql::Result<ClusterCreatePayload> {
        let key = input.idempotency_key.clone();
        ClusterCreatePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(create(&gate, input))).await
            }
            .await,
        )
    }

    /// Corrects or closes a cluster. It cannot be closed while a head or deputy is appointed for a later
    /// year (`MEMBER_IN_USE`). Roles: central officer, council secretary, standing officer of the
    /// organiser.
    async fn cluster_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: ClusterUpdateInput,
    ) -> async_graphql::Result<ClusterUpdatePayload> {
        let key = input.idempotency_key.clone();
        ClusterUpdatePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(update(&gate, input))).await
            }
            .await,
        )
    }

    /// Adds a member: a unit of the current tenant, or an invitation to another tenant, which then links a
    /// unit of its own by `clusterMemberAccept`. A unit is never in two clusters of one organiser and
    /// structure at a time (`MEMBER_ALREADY_PLACED`). Roles: central officer, council secretary, standing
    /// officer of the organiser.
    async fn cluster_member_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The member to add.")] input: ClusterMemberAddInput,
    ) -> async_graphql::Result<ClusterMemberAddPayload> {
        let key = input.idempotency_key.clone();
        ClusterMemberAddPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(member::add(&gate, input))).await
            }
            .await,
        )
    }

    /// Accepts an invitation: the invited tenant links one of its units and publishes that unit's name to
    /// the cluster. Roles: central officer, council secretary, standing officer of the invited tenant.
    async fn cluster_member_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The seat to take.")] input: ClusterMemberAcceptInput,
    ) -> async_graphql::Result<ClusterMemberAcceptPayload> {
        let key = input.idempotency_key.clone();
        ClusterMemberAcceptPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(member::accept(&gate, input))).await
            }
            .await,
        )
    }

    /// Ends a membership on a day; the member and its scores stay in history. Refused while the member
    /// heads the cluster after that day (`MEMBER_IN_USE`); deputy positions of later years end with it.
    /// Roles: central officer, council secretary, standing officer of the organiser.
    async fn cluster_member_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The membership to end.")] input: ClusterMemberRemoveInput,
    ) -> async_graphql::Result<ClusterMemberRemovePayload> {
        let key = input.idempotency_key.clone();
        ClusterMemberRemovePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(member::remove(&gate, input))).await
            }
            .await,
        )
    }

    /// Appoints a member head (one a year) or deputy (several) of the cluster for a year, and gives the
    /// acting users of the organiser's tenant the role `CLUSTER_COORDINATOR` or `CLUSTER_DEPUTY` there from
    /// 1 January to 31 December. Roles: central officer, council secretary, standing officer of the
    /// organiser.
    async fn cluster_head_appoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The appointment.")] input: ClusterHeadAppointInput,
    ) -> async_graphql::Result<ClusterHeadAppointPayload> {
        let key = input.idempotency_key.clone();
        ClusterHeadAppointPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(head::appoint(&gate, input))).await
            }
            .await,
        )
    }
}

async fn create(gate: &Gate, input: ClusterCreateInput) -> Result<Cluster> {
    let valid_from = input::day(input.valid_from, "input.validFrom")?;
    let valid_to = input.valid_to.map(|day| input::day(day, "input.validTo")).transpose()?;
    input::period(Some(valid_from), valid_to, "input.validTo")?;
    let row = cluster::ActiveModel {
        id: Set(gate.new_id()),
        organiser_id: Set(gate.actor()?.tenant),
        code: Set(input::code(&input.code, "input.code")?),
        name: Set(input::text(&input.name, "input.name", input::NAME)?),
        kind: Set(input.kind),
        structure: Set(input::code(&input.structure, "input.structure")?),
        valid_from: Set(valid_from),
        valid_to: Set(valid_to),
        version: Set(1),
    };
    let tx = gate.begin(Act::ClusterCreate).await?;
    let row = tx.add::<cluster::Entity>(row).await.map_err(|e| e.at("input.code"))?;
    tx.answer(Cluster::from(row)).await
}

async fn update(gate: &Gate, input: ClusterUpdateInput) -> Result<Cluster> {
    let id = input_id::<Cluster>(&input.id, "input.id")?;
    let tx = gate.begin(Act::ClusterUpdate).await?;
    let row = tx.lock_version::<cluster::Entity>(id, input.expected_version).await?;
    let mut changed = row.clone().into_active_model();
    if let Some(code) = input::given(input.code, "input.code")? {
        changed.code = Set(input::code(&code, "input.code")?);
    }
    if let Some(name) = input::given(input.name, "input.name")? {
        changed.name = Set(input::text(&name, "input.name", input::NAME)?);
    }
    if let Some(kind) = input::given(input.kind, "input.kind")? {
        changed.kind = Set(kind);
    }
    match input.valid_to {
        MaybeUndefined::Value(day) => {
            let last = input::day(day, "input.validTo")?;
            end_seats(&tx, &row, last).await?;
            changed.valid_to = Set(Some(last));
        }
        MaybeUndefined::Null => changed.valid_to = Set(None),
        MaybeUndefined::Undefined => {}
    }
    let row = tx.save::<cluster::Entity>(&row, changed).await.map_err(|e| e.at("input.code"))?;
    tx.answer(Cluster::from(row)).await
}

/// Ends what would outlive the cluster, so that no membership ever does.
async fn end_seats(tx: &Tx, row: &cluster::Model, last: NaiveDate) -> Result<()> {
    use cluster_member::Column::ValidTo;
    input::period(Some(row.valid_from), Some(last), "input.validTo")?;
    let later_heads = Condition::all()
        .add(cluster_head::Column::EndedAt.is_null())
        .add(cluster_head::Column::Year.gt(last.year()));
    if !tx.all_of::<cluster_head::Entity>(row.id, later_heads).await?.is_empty() {
        return Err(Fault::at(Code::MemberInUse, "input.validTo").into());
    }
    let outliving = Condition::any().add(ValidTo.is_null()).add(ValidTo.gt(last));
    for seat in tx.all_of::<cluster_member::Entity>(row.id, Condition::all().add(outliving)).await?
    {
        member::end(tx, &seat, last).await?;
    }
    Ok(())
}
