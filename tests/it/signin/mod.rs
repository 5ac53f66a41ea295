//! Sign-in under attack and under change: what is taken back ends at once on every node, and nothing is guessed.

mod factor;
mod forged;
mod guess;
mod keys;
mod oidc;
mod person;
mod revocation;
mod storm;

use harness::stage::Case;

pub(crate) fn cases() -> Vec<Case> {
    [
        revocation::cases(),
        forged::cases(),
        guess::cases(),
        keys::cases(),
        factor::cases(),
        oidc::cases(),
        storm::cases(),
    ]
    .concat()
}
