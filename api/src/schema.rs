//! The schema: its three roots, and what its lists are called.
//! Nothing is resolved here.

use async_graphql::SchemaBuilder;
use async_graphql::connection::PageInfo;

use crate::domain::{self, Mutation, Query, Subscription};
use crate::page::{List, PAGE_INFO};

/// The schema of the API.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// What a schema is made with; what its resolvers need is added by whoever runs it.
pub(crate) fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    // The library leaves the type of a connection without a description.
    macro_rules! describe {
        ($builder:expr, $($node:ty => $what:literal),* $(,)?) => {
            $builder$(.override_output_type_description::<List<$node>>(concat!(
                "A page of ", $what, " with their number."
            )))*
        };
    }
    describe!(
        Schema::build(Query::default(), Mutation::default(), Subscription::default()),
        domain::account::User => "users",
        domain::audit::AuditEvent => "audit entries",
        domain::quota::QuotaEntry => "entries of the ledger of a quota",
        domain::award::AwardType => "award types",
        domain::cluster::Cluster => "clusters",
        domain::decision::Decision => "decisions",
        domain::statistics::AwardTarget => "targets of awards",
        domain::movement::Movement => "movements",
        domain::exemplar::Exemplar => "exemplars",
        domain::initiative::InitiativeProposal => "proposals to recognise initiatives",
        domain::onward::OnwardSubmission => "proposals to authorities above",
        domain::onward::OnwardPackage => "packages",
        domain::registry::Award => "awards",
        domain::subject::Subject => "subjects",
        domain::council::Council => "councils",
        domain::meeting::CouncilSession => "sessions of councils",
        domain::submission::Submission => "submissions",
        domain::tenant::Tenant => "tenants",
        domain::unit::Unit => "units",
    )
    .override_output_type_description::<PageInfo>(PAGE_INFO)
}

/// The schema as text, as it is checked in and served at `/schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    builder().finish().sdl()
}
