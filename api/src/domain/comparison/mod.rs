//! The comparison of the members of a cluster in a year.
//! Nothing of a tenant's own rows enters here: only what belongs to the cluster.

mod cells;
mod drivers;
pub mod hash;
mod load;
mod mutation;
mod nouns;
mod query;
mod ranking;
pub mod rules;
mod sight;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use mutation::ComparisonMutation;
pub use nouns::ClusterComparison;
pub use query::ComparisonQuery;
pub(super) use query::of;
