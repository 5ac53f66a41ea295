//! The audit log: who reads what of it, that nothing in it changes, and that it proves so.

pub(crate) mod export;
mod proof;
mod reading;
mod sealing;

use harness::stage::Case;

pub(crate) fn cases() -> Vec<Case> {
    [reading::cases(), proof::cases(), sealing::cases(), export::cases()].concat()
}
