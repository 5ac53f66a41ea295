//! What would refuse a decision on a list, as far as ballots and subjects tell; the decision itself asks for more.
//! Nothing is read here, and no vote is counted.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use entity::award_type::Level;
use entity::{award_type, candidate, nominee};
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::authority;
use super::vote::{Voted, asks_for_vote, divided, vote_missing, voted};
use crate::domain::award::{AwardDecider, said as said_of, subject_missing};
use crate::domain::ballot::Said;
use crate::error::Fault;

/// What is known of a list that waits for its decision.
pub(in crate::domain) struct Foreseen<'a> {
    /// Those who are decided on here.
    pub(in crate::domain) nominees: Vec<nominee::Model>,
    pub(in crate::domain) candidates: &'a [candidate::Model],
    /// What ballots whose votes count have said of the candidates, oldest first.
    pub(in crate::domain) said: &'a [Said],
    pub(in crate::domain) awards: &'a HashMap<Uuid, Arc<award_type::Model>>,
}

impl Foreseen<'_> {
    /// Why no decision can be made on the list on a day; none where one can, where nobody is left to be decided on here, and
    /// where the one who asks may propose somebody to the authority above instead.
    pub(in crate::domain) fn obstacle(self, on: NaiveDate, may_propose: bool) -> Option<Fault> {
        if self.nominees.is_empty() || (may_propose && self.has_one_for_above()) {
            return None;
        }
        let at = |_: &nominee::Model| "input.submissionIds".to_owned();
        let left = match divided(self.nominees, self.candidates, self.said, &at) {
            Ok(left) => left,
            Err(fault) => return Some(fault),
        };
        if left.here.is_empty() {
            let can_choose = left.refused.iter().any(|row| row.left_to_authority.is_some());
            return (!can_choose).then(|| authority::nobody(&left.refused, &[]));
        }
        let awards = self.awards;
        let title = |row: &Voted| awards.get(&row.nominee.award_type_id);
        let nameless = left.here.iter().find_map(|row| unlinked(row, title(row)?));
        nameless.or_else(|| left.here.iter().find_map(|row| unvoted(row, title(row)?, on)))
    }

    /// Whether a ballot has passed on somebody for a title that an authority above decides.
    fn has_one_for_above(&self) -> bool {
        self.nominees.iter().any(|row| {
            let left = voted(row.clone(), self.candidates, self.said).ok();
            let passed = left.filter(|left| left.passed_as.is_some());
            let award = passed.and_then(|left| self.awards.get(&left.nominee.award_type_id));
            award.is_some_and(|award| is_of_state(award))
        })
    }
}

fn is_of_state(award: &award_type::Model) -> bool {
    let is_one = |known: &str| {
        let mut deciders = AwardDecider::iter().filter(|decider| decider.is_of_state());
        deciders.any(|decider| <&str>::from(decider) == known)
    };
    award.tenant_id.is_none() && award.decided_by.split('|').any(is_one)
}

fn unlinked(row: &Voted, award: &award_type::Model) -> Option<Fault> {
    let is_unlinked = row.nominee.subject_id.is_none() && award.level == Level::State;
    let fault = || subject_missing(&row.nominee.name, said_of(award), "input.submissionIds");
    is_unlinked.then(fault)
}

fn unvoted(row: &Voted, award: &award_type::Model, on: NaiveDate) -> Option<Fault> {
    let is_unvoted = row.passed_as.is_none() && asks_for_vote(&award.code, on);
    let fault = || vote_missing((&row.nominee.name, award), (on, "input.submissionIds"));
    is_unvoted.then(fault)
}

#[cfg(test)]
mod tests {
    use entity::ballot_result::Outcome;

    use super::*;
    use crate::domain::decision::sample;
    use crate::error::Code;
    use crate::reference;

    /// Why a list of one is not decided, by his title, whether he is linked, and what a ballot of a round said of him.
    fn why(code: &str, is_linked: bool, said: Option<(Outcome, i32)>) -> Option<Code> {
        let on = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
        let all = reference::award_types().unwrap();
        let award = all.iter().find(|row| row.code == code).unwrap().clone();
        let (id, of) = (award.id, (Uuid::from_u128(2), Uuid::from_u128(9)));
        let one = |(outcome, round)| Said::sample(of, outcome, round).for_award(code);
        let said: Vec<Said> = said.into_iter().map(one).collect();
        let foreseen = Foreseen {
            nominees: vec![sample::nominee(id, is_linked.then(|| Uuid::from_u128(5)))],
            candidates: &[sample::candidate(of.0, id)],
            said: &said,
            awards: &HashMap::from([(id, Arc::new(award))]),
        };
        foreseen.obstacle(on, true).map(|fault| fault.code)
    }

    #[test]
    fn a_list_is_decided_when_the_council_has_said_enough() {
        let fighter = "BASE_EMULATION_FIGHTER";
        assert_eq!(why(fighter, false, None), Some(Code::VoteMissing));
        assert_eq!(why(fighter, false, Some((Outcome::Passed, 1))), None);
        assert_eq!(why(fighter, false, Some((Outcome::Tied, 1))), Some(Code::TieUndecided));
        assert_eq!(why(fighter, false, Some((Outcome::Failed, 1))), Some(Code::VoteNotPassed));
        let missed = why(fighter, false, Some((Outcome::Failed, 2)));
        assert_eq!(
            missed,
            Some(Code::VoteNotPassed),
            "no regulation sets the share of the law aside"
        );
        let form = "PROVINCIAL_CERTIFICATE";
        assert_eq!(why(form, false, None), None, "no ballot is asked for");
        assert_eq!(why(form, false, Some((Outcome::Failed, 1))), Some(Code::VoteNotPassed));
        assert_eq!(why(form, false, Some((Outcome::Failed, 2))), None, "he may choose");
    }

    #[test]
    fn a_name_is_given_no_title_of_the_state() {
        let order = "ORDER_LABOUR_3";
        assert_eq!(why(order, false, None), Some(Code::SubjectMissing));
        assert_eq!(why(order, true, None), None);
        assert_eq!(why(order, false, Some((Outcome::Passed, 1))), None, "he may be proposed above");
    }
}
