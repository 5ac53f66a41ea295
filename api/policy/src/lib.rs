//! Who may do what, and to which rows: the table of acts and roles, and the conditions of SQL that follow from it.
//! No query is run here and no state is known. A crate of its own, so that every mutation of it is tested in seconds.

mod act;
mod actor;
mod coverage;
mod scope;
#[cfg(test)]
mod tests;

pub use act::{Act, ROLES, Reach, is_for_oneself, reach};
pub use actor::{Actor, Grant, Place, place};
pub use coverage::Coverage;
#[cfg(all(feature = "wall-1-switch", debug_assertions))]
pub use scope::switch_off_scope;
pub use scope::{common, condition, within};
