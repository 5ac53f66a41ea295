//! Users of a tenant, the roles they hold there, and their sessions.
//! No role is decided here: the gate's policy says what a role may do.

mod external;
mod factor;
mod mutation;
mod query;
mod related;
mod rules;
mod status;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::role_grant::{self, Role};
use entity::{account, tenant};
use strum::IntoEnumIterator;

use super::Ask;
use super::tenant::Tenant;
use super::unit::{self, Unit};
use crate::access::{Act, Actor};
use crate::error::{Error, Result};
use crate::scalar::{Date, DateTime, NodeType};

pub use external::{ExternalMutation, ExternalQuery};
pub use factor::{FactorMutation, FactorQuery};
pub use mutation::AccountMutation;
pub use query::AccountQuery;
pub(super) use query::{grant, user};
pub use status::StatusMutation;

/// A user of a tenant (tài khoản). A person who works for two tenants has two.
#[derive(Clone)]
pub struct User(Arc<account::Model>);

impl From<account::Model> for User {
    fn from(row: account::Model) -> Self {
        Self(Arc::new(row))
    }
}

// The hash of the password is no part of what is kept.
crate::answer!(User = account::Model => 0);

impl NodeType for User {
    const PREFIX: &'static str = "User";
}

/// A user of a tenant (tài khoản). A person who works for two tenants has two. Read by roles of the
/// tenant; everyone reads himself.
#[Object]
impl User {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Name for sign-in; unique in the tenant, in small letters.
    async fn username(&self) -> &str {
        &self.0.username
    }

    /// Name shown to others.
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }

    /// Whether the user can sign in.
    async fn is_active(&self) -> bool {
        self.0.is_active
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Roles of the user, past ones too, oldest first.
    async fn grants(&self, ctx: &Context<'_>) -> Result<Vec<Grant>> {
        ctx.gate()?.load_by(related::GrantsOf(self.0.id)).await
    }
}

/// A role that a user holds in his tenant, dated and revocable (phân quyền).
#[derive(Clone)]
pub struct Grant(Arc<role_grant::Model>);

crate::answer!(Grant = role_grant::Model => 0);

impl From<role_grant::Model> for Grant {
    fn from(row: role_grant::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl NodeType for Grant {
    const PREFIX: &'static str = "Grant";
}

/// The ids of councils, which another room reads.
struct CouncilId;

impl NodeType for CouncilId {
    const PREFIX: &'static str = "Council";
}

/// The ids of clusters, which another room reads.
struct ClusterId;

impl NodeType for ClusterId {
    const PREFIX: &'static str = "Cluster";
}

/// A role that a user holds in his tenant, dated and revocable (phân quyền). When it is given or revoked,
/// access tokens of the user are refused within a second: renew the session for the new rights.
#[Object]
impl Grant {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Who holds the role; null for a caller who may not read him.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        related::user(ctx, self.0.user_id).await.transpose()
    }

    /// The role.
    async fn role(&self) -> Role {
        self.0.role
    }

    /// The unit of a unit role; null for other roles, and for a caller who may not read it.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit::one(ctx, self.0.unit_id?).await.transpose()
    }

    /// The cluster of a cluster role; null for other roles.
    async fn cluster_id(&self) -> Option<ID> {
        self.0.cluster_id.map(ClusterId::node_id)
    }

    /// The council of a seat; null for other roles.
    async fn council_id(&self) -> Option<ID> {
        self.0.council_id.map(CouncilId::node_id)
    }

    /// First day in force.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// Last day in force; null while it goes on.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// When it was revoked; null while it stands.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Who is signed in, as the access token says it (người đang đăng nhập).
pub struct Viewer(Arc<Actor>);

/// Who is signed in, as the access token says it (người đang đăng nhập).
#[Object]
impl Viewer {
    /// Name shown to others.
    async fn display_name(&self) -> &str {
        &self.0.name
    }

    /// The account; null for a user without any role.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        related::user(ctx, self.0.user).await.transpose()
    }

    /// The current tenant: rights are those held here and nowhere else.
    async fn tenant(&self, ctx: &Context<'_>) -> Result<Tenant> {
        let found = ctx.gate()?.look_up::<tenant::Entity>(self.0.tenant).await?;
        found.map(Tenant::from).ok_or_else(|| Error::broken("a token without tenant"))
    }

    /// Roles in force when the access token was issued.
    async fn grants(&self) -> Vec<HeldGrant> {
        self.0.grants.iter().cloned().map(HeldGrant).collect()
    }

    /// Names of the acts that reach anything: that of a mutation with a capital first letter, such as
    /// `SubmissionSend`, or that of a kind of object with `Read` behind it, such as `SubmissionRead`. They say what a
    /// menu can offer; whether one object can be changed is decided when it is tried.
    async fn permissions(&self) -> Vec<&'static str> {
        Act::iter().filter(|act| self.0.may(*act)).map(Act::name).collect()
    }
}

/// A role in force in the present session.
pub struct HeldGrant(crate::access::Grant);

/// A role in force in the present session.
#[Object]
impl HeldGrant {
    /// The role.
    async fn role(&self) -> Role {
        self.0.role
    }

    /// The unit of a unit role; null for other roles.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit::one(ctx, self.0.unit?).await.transpose()
    }

    /// The cluster of a cluster role; null for other roles.
    async fn cluster_id(&self) -> Option<ID> {
        self.0.cluster.map(ClusterId::node_id)
    }

    /// The council of a seat; null for other roles.
    async fn council_id(&self) -> Option<ID> {
        self.0.council.map(CouncilId::node_id)
    }
}
