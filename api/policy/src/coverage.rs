//! How much of what one act reaches is reached by another, and to which units an act is held, as the table alone tells.
//! No row enters here.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::act::{Act, Reach, reach};
use crate::actor::{Actor, Grant};

/// How much of what one act reaches is reached by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// Nothing.
    Nothing,
    /// Some of it; each row must be asked for.
    Something,
    /// All of it.
    Everything,
}

impl Actor {
    /// How much of what the caller may read by `read` is reached by `act`, as far as the table alone can tell.
    #[must_use]
    pub fn coverage(&self, act: Act, read: Act) -> Coverage {
        if !self.may(act) {
            return Coverage::Nothing;
        }
        let reaches = |act: Act| self.grants.iter().map(move |grant| reach(act, grant.role));
        let is_whole = reaches(act).any(|reach| reach == Reach::Tenant);
        let is_same = reaches(read).zip(reaches(act)).all(|(r, a)| r == Reach::Nothing || r == a);
        if is_whole || is_same { Coverage::Everything } else { Coverage::Something }
    }

    /// The units that the roles name to which an act is held, with what lies below them; none where a role reaches the
    /// whole tenant, or none reaches a unit.
    #[must_use]
    pub fn held_to(&self, act: Act) -> Option<BTreeSet<Uuid>> {
        let placed = || self.grants.iter().filter(|grant| grant.is_placed());
        let is_whole =
            |grant: &Grant| matches!(reach(act, grant.role), Reach::Tenant | Reach::Addressed);
        if placed().any(is_whole) {
            return None;
        }
        let is_held = |grant: &&Grant| {
            matches!(reach(act, grant.role), Reach::Unit | Reach::OwnUnit | Reach::Line)
        };
        let units: BTreeSet<Uuid> =
            placed().filter(is_held).filter_map(|grant| grant.unit).collect();
        (!units.is_empty()).then_some(units)
    }
}
