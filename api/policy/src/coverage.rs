//! How much of what one act reaches is reached by another, as the table alone tells.
//! No row enters here.

use crate::act::{Act, Reach, reach};
use crate::actor::Actor;

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
}
