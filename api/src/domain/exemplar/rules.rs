//! In which order the stages of an exemplar come.
//! No row enters here.

use entity::exemplar_step::Stage;
use sea_orm::ActiveEnum;

use crate::error::{Code, Fault};

/// What a step names beside its stage.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) owner: bool,
    pub(super) plan: bool,
    pub(super) unit: bool,
}

/// Refuses a step that does not follow the last one, or does not say what its stage asks for. Coaching can change
/// hands, and a story is spread to one unit after another.
pub(super) fn follows(last: Stage, next: Stage, named: Named) -> Result<(), Fault> {
    let is_next = match next {
        Stage::Discovered => false,
        Stage::Coached => matches!(last, Stage::Discovered | Stage::Coached),
        Stage::Reviewed => last == Stage::Coached,
        Stage::Spread => matches!(last, Stage::Reviewed | Stage::Spread),
    };
    if !is_next {
        return Err(Fault::at(Code::WrongState, "input.stage").with("state", last.to_value()));
    }
    let is_coached = next == Stage::Coached;
    let is_right = named.owner == is_coached
        && named.plan == is_coached
        && named.unit == (next == Stage::Spread);
    if is_right {
        return Ok(());
    }
    let detail = "COACHED: owner, plan; SPREAD: spreadToId; the others: none of them";
    Err(Fault::at(Code::InvalidCombination, "input.stage").with("detail", detail))
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn four_stages_in_their_order() {
        let named = |next| Named {
            owner: next == Stage::Coached,
            plan: next == Stage::Coached,
            unit: next == Stage::Spread,
        };
        let pairs = Stage::iter().flat_map(|last| Stage::iter().map(move |next| (last, next)));
        let right = pairs.filter(|(last, next)| follows(*last, *next, named(*next)).is_ok());
        let right: Vec<_> = right.map(|(last, next)| format!("{last:?} {next:?}")).collect();
        assert_eq!(
            right,
            [
                "Discovered Coached",
                "Coached Coached",
                "Coached Reviewed",
                "Reviewed Spread",
                "Spread Spread",
            ]
        );
    }

    #[test]
    fn a_stage_says_what_it_asks_for() {
        let code = |next, owner, plan, unit| {
            let last = if next == Stage::Spread { Stage::Reviewed } else { Stage::Coached };
            follows(last, next, Named { owner, plan, unit }).err().map(|fault| fault.code)
        };
        let wrong = Some(Code::InvalidCombination);
        assert_eq!(code(Stage::Coached, true, false, false), wrong);
        assert_eq!(code(Stage::Coached, true, true, true), wrong);
        assert_eq!(code(Stage::Reviewed, true, true, false), wrong);
        assert_eq!(code(Stage::Spread, false, false, false), wrong);
        assert_eq!(code(Stage::Spread, false, false, true), None);
    }
}
