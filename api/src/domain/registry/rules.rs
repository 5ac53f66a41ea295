//! What may become of an award, and how what it is follows from its acts.
//! No SQL, no roles and no clock enter here.

use entity::award::{self, State};
use entity::award_act;
use entity::decision::Kind;
use serde_json::{Map, Value as Json};

use crate::error::{Code, Fault, Result};

/// The state after an act; none when the act is not possible.
pub(super) const fn next(kind: Kind, state: State) -> Option<State> {
    match (kind, state) {
        (Kind::Correct | Kind::Reissue, State::Valid)
        | (Kind::Restore, State::Cancelled | State::Revoked) => Some(State::Valid),
        (Kind::Cancel, State::Valid) => Some(State::Cancelled),
        (Kind::Revoke, State::Valid) => Some(State::Revoked),
        (Kind::Award | Kind::Restore, State::Valid)
        | (
            Kind::Award | Kind::Correct | Kind::Cancel | Kind::Revoke | Kind::Reissue,
            State::Cancelled | State::Revoked,
        ) => None,
    }
}

/// Refuses an act that is not possible in a state.
pub(super) fn demand(kind: Kind, state: State) -> Result<State, Fault> {
    use sea_orm::ActiveEnum;
    let refused = || Fault::at(Code::WrongState, "input.id").with("state", state.to_value());
    next(kind, state).ok_or_else(refused)
}

/// What an award is, but for the counter of its changes.
pub fn facts(award: &award::Model) -> Result<Map<String, Json>> {
    match serde_json::to_value(award)? {
        Json::Object(mut facts) => {
            facts.remove("version");
            Ok(facts)
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            Ok(Map::new())
        }
    }
}

/// What an act changes: everything for the first one.
pub(crate) fn changes(before: Option<&award::Model>, after: &award::Model) -> Result<String> {
    let mut new = facts(after)?;
    if let Some(before) = before {
        let old = facts(before)?;
        new.retain(|name, value| old.get(name) != Some(value));
    }
    Ok(Json::Object(new).to_string())
}

/// What an award is after its acts, in their order.
pub fn replay(acts: &[award_act::Model]) -> Result<Map<String, Json>> {
    let mut facts = Map::new();
    for act in acts {
        facts.extend(serde_json::from_str::<Map<String, Json>>(&act.changes)?);
    }
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn every_act_in_every_state() {
        let mut possible = Vec::new();
        for kind in Kind::iter() {
            for state in State::iter() {
                possible
                    .extend(next(kind, state).map(|after| format!("{kind:?} {state:?} {after:?}")));
            }
        }
        assert_eq!(
            possible,
            [
                "Correct Valid Valid",
                "Cancel Valid Cancelled",
                "Revoke Valid Revoked",
                "Restore Cancelled Valid",
                "Restore Revoked Valid",
                "Reissue Valid Valid",
            ]
        );
    }
}
