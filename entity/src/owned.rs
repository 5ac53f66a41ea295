//! Whose rows a table holds: the one statement from which the gate builds every scope.

use sea_orm::EntityTrait;

/// The line on which a table's owner stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Rows belong to one tenant; the owner column is `tenant_id`.
    Tenant,
    /// Rows belong to one cluster, which may cross tenants; the owner column is `cluster_id`.
    Cluster,
}

/// A table whose rows belong to exactly one tenant or one cluster.
pub trait Owned: EntityTrait {
    /// Table name as it appears in audit entries.
    const NAME: &'static str;
    /// The line of the owner.
    const LINE: Line;
    /// The column that names the owner; first in the primary key.
    fn owner() -> Self::Column;
    /// The column that identifies a row within its owner.
    fn id() -> Self::Column;
    /// The unit a row is about; only on the tenant line.
    fn unit() -> Option<Self::Column> {
        None
    }
    /// The subject a row is about: the row is in scope where the subject is, whatever unit it was written in.
    fn subject() -> Option<Self::Column> {
        None
    }
    /// The cluster member a row is about; only on the cluster line.
    fn member() -> Option<Self::Column> {
        None
    }
    /// The council a row is about; only on the tenant line.
    fn council() -> Option<Self::Column> {
        None
    }
    /// The other tenant that the row was sent to and that reads it too; only on the tenant line.
    fn addressee() -> Option<Self::Column> {
        None
    }
    /// The user who wrote the row.
    fn author() -> Option<Self::Column> {
        None
    }
    /// The user whose rights the row gives or takes: a write outdates the tokens he holds.
    fn holder() -> Option<Self::Column> {
        None
    }
    /// The counter that optimistic concurrency compares; absent for rows that never change.
    fn version() -> Option<Self::Column> {
        None
    }
}

/// A table that nobody owns: everyone who is signed in reads it whole, save what a tenant adds for itself.
pub trait Shared: EntityTrait {
    /// Table name as it appears in audit entries.
    const NAME: &'static str;
    /// The column that identifies a row.
    fn id() -> Self::Column;
    /// The tenant that added a row, which nobody else sees; rows without one are everyone's.
    fn maker() -> Option<Self::Column> {
        None
    }
}
