//! Any object by its id.
//! No rule enters here: each kind is read under its own act.
#![expect(
    missing_docs,
    reason = "the derive of the interface writes methods without documentation"
)]

use async_graphql::{Context, ID, Interface, Object};

use super::account::{Grant, User};
use super::audit::AuditEvent;
use super::award::AwardType;
use super::ballot::Ballot;
use super::cluster::{Cluster, ClusterHead, ClusterMember};
use super::council::Council;
use super::criterion::{CriteriaSet, Criterion};
use super::decision::Decision;
use super::exemplar::Exemplar;
use super::initiative::InitiativeProposal;
use super::meeting::CouncilSession;
use super::movement::Movement;
use super::onward::{OnwardPackage, OnwardSubmission};
use super::registry::Award;
use super::subject::Subject;
use super::submission::{Document, Nominee, Submission};
use super::tenant::Tenant;
use super::unit::Unit;
use super::{
    Ask, account, audit, award, ballot, cluster, council, criterion, decision, exemplar,
    initiative, meeting, movement, onward, registry, subject, submission, tenant, unit,
};
use crate::access::Gate;
use crate::error::{Code, Fault, Result};
use crate::scalar::{NodeType, decode};

/// Most ids of one `nodes`.
const MOST: usize = 100;

/// An object that `node` finds by its id. Other types have ids too and do not implement this: such an object is read
/// where it belongs, as a `Score` in its comparison.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque id: the name of the type and a code."))]
pub enum Node {
    /// A tenant.
    Tenant(Tenant),
    /// A unit.
    Unit(Unit),
    /// A user.
    User(User),
    /// A grant of a role.
    Grant(Grant),
    /// A cluster or bloc.
    Cluster(Cluster),
    /// A member of a cluster.
    ClusterMember(ClusterMember),
    /// A head or deputy of a cluster.
    ClusterHead(ClusterHead),
    /// A criteria set.
    CriteriaSet(CriteriaSet),
    /// A criterion.
    Criterion(Criterion),
    /// A title or form of commendation.
    AwardType(AwardType),
    /// A subject of commendation.
    Subject(Subject),
    /// A council.
    Council(Council),
    /// A session of a council.
    CouncilSession(CouncilSession),
    /// A ballot of a council.
    Ballot(Ballot),
    /// A submission.
    Submission(Submission),
    /// A nominee.
    Nominee(Nominee),
    /// A document of a submission.
    Document(Document),
    /// A proposal to an authority above.
    OnwardSubmission(OnwardSubmission),
    /// A package as it was sent to an authority above.
    OnwardPackage(OnwardPackage),
    /// A decision of commendation.
    Decision(Decision),
    /// An award.
    Award(Award),
    /// An emulation movement.
    Movement(Movement),
    /// An exemplar.
    Exemplar(Exemplar),
    /// A proposal to recognise an initiative.
    InitiativeProposal(InitiativeProposal),
    /// An audit entry.
    AuditEvent(AuditEvent),
}

/// Questions for any object.
#[derive(Default)]
pub(super) struct NodeQuery;

/// Questions for any object.
#[Object]
impl NodeQuery {
    /// One object by its id, of a type that implements `Node`; null when there is none, for an id of any other type,
    /// and when the caller may not read it.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of an object whose type implements `Node`.")] id: ID,
    ) -> Option<Result<Node>> {
        async { one(ctx.gate()?, &id).await }.await.transpose()
    }

    /// Objects by their ids, of types that implement `Node`, in the same order; null where there is none, for an id
    /// of any other type, and where the caller may not read it.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Ids of objects whose types implement `Node`, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > MOST {
            let fault = Fault::at(Code::OutOfRange, "ids").with("case", "COUNT");
            return Err(fault.with("min", 0).with("max", MOST).into());
        }
        let gate = ctx.gate()?;
        futures_util::future::try_join_all(ids.iter().map(|id| one(gate, id))).await
    }
}

async fn one(gate: &Gate, id: &ID) -> Result<Option<Node>> {
    gate.actor()?;
    let Some((prefix, _)) = decode(id) else { return Ok(None) };
    Ok(match prefix {
        Tenant::PREFIX => tenant::node(gate, id).await?.map(Node::Tenant),
        Unit::PREFIX => unit::node(gate, id).await?.map(Node::Unit),
        User::PREFIX => account::user(gate, id).await?.map(Node::User),
        Grant::PREFIX => account::grant(gate, id).await?.map(Node::Grant),
        Cluster::PREFIX => cluster::node(gate, id).await?.map(Node::Cluster),
        ClusterMember::PREFIX => cluster::member(gate, id).await?.map(Node::ClusterMember),
        ClusterHead::PREFIX => cluster::head(gate, id).await?.map(Node::ClusterHead),
        CriteriaSet::PREFIX => criterion::set(gate, id).await?.map(Node::CriteriaSet),
        Criterion::PREFIX => criterion::node(gate, id).await?.map(Node::Criterion),
        AwardType::PREFIX => award::node(gate, id).await?.map(Node::AwardType),
        Subject::PREFIX => subject::node(gate, id).await?.map(Node::Subject),
        Council::PREFIX => council::node(gate, id).await?.map(Node::Council),
        CouncilSession::PREFIX => meeting::node(gate, id).await?.map(Node::CouncilSession),
        Ballot::PREFIX => ballot::node(gate, id).await?.map(Node::Ballot),
        Submission::PREFIX => submission::node(gate, id).await?.map(Node::Submission),
        Nominee::PREFIX => submission::nominee(gate, id).await?.map(Node::Nominee),
        Document::PREFIX => submission::document(gate, id).await?.map(Node::Document),
        OnwardSubmission::PREFIX => onward::node(gate, id).await?.map(Node::OnwardSubmission),
        OnwardPackage::PREFIX => onward::package(gate, id).await?.map(Node::OnwardPackage),
        Decision::PREFIX => decision::node(gate, id).await?.map(Node::Decision),
        Award::PREFIX => registry::node(gate, id).await?.map(Node::Award),
        Movement::PREFIX => movement::node(gate, id).await?.map(Node::Movement),
        Exemplar::PREFIX => exemplar::node(gate, id).await?.map(Node::Exemplar),
        InitiativeProposal::PREFIX => {
            initiative::node(gate, id).await?.map(Node::InitiativeProposal)
        }
        AuditEvent::PREFIX => audit::node(gate, id).await?.map(Node::AuditEvent),
        _ => None,
    })
}
