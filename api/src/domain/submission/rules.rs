//! The workflow of a submission as one table, and what each of its edges asks for.
//! No SQL, no roles and no clock enter here: the table names the act, the policy knows who may do it.

use async_graphql::Enum;
use entity::ballot;
use entity::submission::State;
use sea_orm::ActiveEnum;
use strum::{EnumIter, IntoStaticStr};

use crate::access::Act;
use crate::domain::ballot::ballot_is;
use crate::error::{Code, Fault};

/// What can be done with a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, EnumIter, IntoStaticStr)]
#[graphql(name = "SubmissionAction")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Action {
    /// Change it, its nominees or its documents (sửa).
    Update,
    /// Send it to the council office (gửi).
    Send,
    /// Take it back before it is received (thu hồi).
    Recall,
    /// Receive it (tiếp nhận).
    Receive,
    /// Return it to the unit with a reason (trả lại).
    Return,
    /// Record that it was appraised (thẩm định).
    Appraise,
    /// Approve it (phê duyệt).
    Approve,
    /// Reject it with a reason (từ chối); an approved one only while nothing has answered it and no authority above has
    /// anybody of it or has commended him, which gives its places of quotas back; none while a ballot on it is open.
    Reject,
    /// Put it to the vote of a council, or end the ballot on it that is open (đưa ra Hội đồng bỏ phiếu); never among
    /// `allowedActions`: what a ballot asks for says `ballotPreview`.
    Vote,
    /// Decide on who is on it with `decisionIssue`, or propose them to the authority above with `onwardSubmissionSend`
    /// (ban hành quyết định, trình cấp trên); not while a ballot on it is open, nor while a ballot, the decision of a chair
    /// on equal votes or a subject is missing without which nothing could be decided.
    Decide,
}

/// What an edge asks for beside its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// At least one nominee.
    Nominee,
    /// A reason.
    Reason,
    /// Another person than the author.
    OtherPerson,
    /// Neither a decision nor an authority above has answered it for good.
    Unanswered,
    /// It waits to be answered.
    Waiting,
    /// No ballot on anybody of it is open.
    Unvoted,
}

/// One edge of the workflow.
#[derive(Debug)]
pub(crate) struct Edge {
    /// What is done.
    pub(crate) action: Action,
    /// States in which it can be done.
    pub(crate) from: &'static [State],
    /// State afterwards; none when it stays.
    pub(crate) to: Option<State>,
    /// The act whose policy says who may do it.
    pub(crate) act: Act,
    /// What it asks for.
    pub(crate) needs: &'static [Need],
}

const EDITABLE: &[State] = &[State::Draft, State::Returned, State::Recalled];

/// The whole workflow. Luật 06/2022/QH15, Điều 83 and 84 give the path from the unit over the council
/// office to the one who decides; the two-person rule is ours.
pub(crate) const WORKFLOW: [Edge; 9] = [
    Edge {
        action: Action::Update,
        from: EDITABLE,
        to: None,
        act: Act::SubmissionUpdate,
        needs: &[],
    },
    Edge {
        action: Action::Send,
        from: EDITABLE,
        to: Some(State::Sent),
        act: Act::SubmissionSend,
        needs: &[Need::Nominee],
    },
    Edge {
        action: Action::Recall,
        from: &[State::Sent],
        to: Some(State::Recalled),
        act: Act::SubmissionRecall,
        needs: &[],
    },
    Edge {
        action: Action::Receive,
        from: &[State::Sent],
        to: Some(State::Received),
        act: Act::SubmissionReceive,
        needs: &[],
    },
    Edge {
        action: Action::Return,
        from: &[State::Sent, State::Received, State::Appraised],
        to: Some(State::Returned),
        act: Act::SubmissionReturn,
        needs: &[Need::Reason],
    },
    Edge {
        action: Action::Appraise,
        from: &[State::Received],
        to: Some(State::Appraised),
        act: Act::SubmissionAppraise,
        needs: &[],
    },
    Edge {
        action: Action::Approve,
        from: &[State::Appraised],
        to: Some(State::Approved),
        act: Act::SubmissionApprove,
        needs: &[Need::OtherPerson],
    },
    Edge {
        action: Action::Reject,
        from: &[State::Received, State::Appraised, State::Approved],
        to: Some(State::Rejected),
        act: Act::SubmissionReject,
        needs: &[Need::Reason, Need::Unanswered, Need::Unvoted, Need::OtherPerson],
    },
    Edge {
        action: Action::Decide,
        from: &[State::Approved],
        to: None,
        act: Act::DecisionIssue,
        needs: &[Need::Waiting, Need::Unvoted],
    },
];

/// The edge of an action.
pub(crate) fn edge(action: Action) -> Option<&'static Edge> {
    WORKFLOW.iter().find(|edge| edge.action == action)
}

/// What takes a submission on to the one who decides, in the order of the path.
const ONWARD: [Action; 5] =
    [Action::Send, Action::Receive, Action::Appraise, Action::Approve, Action::Decide];

/// The edges that take a submission on.
pub(crate) fn onward() -> impl Iterator<Item = &'static Edge> {
    WORKFLOW.iter().filter(|edge| ONWARD.contains(&edge.action))
}

/// The edge for which a submission waits in a state; none once it is rejected. What was approved waits until it is
/// answered.
pub(crate) fn next(state: State) -> Option<&'static Edge> {
    onward().find(|edge| edge.from.contains(&state))
}

/// What the rules need to know of a submission and of the one who acts.
#[derive(Clone, Copy, Debug, Hash)]
pub(crate) struct Facts {
    /// State now.
    pub(crate) state: State,
    /// Whether the one who acts wrote it.
    pub(crate) is_author: bool,
    /// Whether it names anybody.
    pub(crate) has_nominees: bool,
    /// Whether it waits for its next step.
    pub(crate) is_waiting: bool,
    /// What has answered it for good.
    pub(crate) answered: Option<AnsweredBy>,
    /// The state of a ballot on somebody of it, where one is not closed.
    pub(crate) voted_on: Option<ballot::State>,
}

/// What has answered a submission for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum AnsweredBy {
    /// A decision.
    Decision,
    /// An authority above, which has it or has commended somebody of it.
    Above,
    /// One of them: which is not asked of a page of submissions.
    Either,
}

/// Why an edge cannot be taken; none when it can. The reason is asked for when the act is done.
pub(crate) fn obstacle(edge: &Edge, facts: Facts) -> Option<Fault> {
    if !edge.from.contains(&facts.state) {
        return Some(in_state(&facts.state.to_value()));
    }
    edge.needs.iter().find_map(|need| match need {
        Need::Nominee if !facts.has_nominees => Some(Fault::at(Code::NoNominee, "input.id")),
        Need::OtherPerson if facts.is_author => Some(Fault::at(Code::SelfApproval, "input.id")),
        Need::Unanswered if facts.answered.is_some() => Some(answered(facts.answered)),
        Need::Waiting if !facts.is_waiting => Some(answered(facts.answered)),
        Need::Unvoted => facts.voted_on.map(|state| ballot_is(state, "input.id")),
        Need::Nominee | Need::OtherPerson | Need::Reason | Need::Unanswered | Need::Waiting => None,
    })
}

/// What was sent to an authority above is not decided yet; what that one refused waits here neither.
fn answered(by: Option<AnsweredBy>) -> Fault {
    let state = match by {
        Some(AnsweredBy::Decision) => "DECIDED",
        Some(AnsweredBy::Above) => "SENT_ONWARD",
        Some(AnsweredBy::Either) | None => "ANSWERED",
    };
    in_state(state)
}

fn in_state(state: &str) -> Fault {
    Fault::at(Code::WrongState, "input.id").with("state", state)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;
    use expect_test::expect_file;
    use sea_orm::Iterable;

    fn facts(state: State, nominees: usize) -> Facts {
        let has_nominees = nominees > 0;
        Facts {
            state,
            is_author: false,
            has_nominees,
            is_waiting: true,
            answered: None,
            voted_on: None,
        }
    }

    #[test]
    fn every_action_has_one_edge_but_that_of_a_council() {
        assert!(edge(Action::Vote).is_none());
        for action in Action::iter().filter(|action| *action != Action::Vote) {
            assert_eq!(
                WORKFLOW.iter().filter(|edge| edge.action == action).count(),
                1,
                "{action:?}"
            );
        }
    }

    #[test]
    fn the_whole_table_is_as_reviewed() {
        let mut table = String::new();
        for state in State::iter() {
            for edge in &WORKFLOW {
                let action: &str = edge.action.into();
                let outcome = match obstacle(edge, facts(state, 1)) {
                    None => edge.to.map_or("(stays)".to_owned(), |to| to.to_value()),
                    Some(fault) => fault.code.name().to_owned(),
                };
                writeln!(table, "{:<10} {action:<9} {outcome}", state.to_value()).unwrap();
            }
        }
        expect_file!["./workflow.txt"].assert_eq(&table);
    }

    #[test]
    fn a_submission_waits_for_one_step_until_it_is_answered() {
        for state in State::iter() {
            let count = onward().filter(|edge| edge.from.contains(&state)).count();
            assert_eq!(count, usize::from(state != State::Rejected), "{state:?}");
        }
        assert_eq!(next(State::Returned).map(|edge| edge.action), Some(Action::Send));
    }

    #[test]
    fn an_empty_submission_cannot_be_sent() {
        let edge = edge(Action::Send).unwrap();
        assert_eq!(obstacle(edge, facts(State::Draft, 0)).map(|f| f.code), Some(Code::NoNominee));
        assert_eq!(obstacle(edge, facts(State::Draft, 1)), None);
    }

    #[test]
    fn what_is_answered_is_neither_rejected_nor_decided_again() {
        let approved = facts(State::Approved, 1);
        let answered =
            Facts { answered: Some(AnsweredBy::Decision), is_waiting: false, ..approved };
        let refused = Facts { is_waiting: false, ..approved };
        for action in [Action::Reject, Action::Decide] {
            let edge = edge(action).unwrap();
            assert_eq!(obstacle(edge, answered).map(|f| f.code), Some(Code::WrongState));
            assert_eq!(obstacle(edge, approved), None);
            assert_eq!(obstacle(edge, refused).is_some(), action == Action::Decide);
        }
    }

    #[test]
    fn what_is_above_in_part_is_decided_and_not_rejected() {
        let in_part = Facts { answered: Some(AnsweredBy::Above), ..facts(State::Approved, 1) };
        let stops = |action| obstacle(edge(action).unwrap(), in_part).map(|fault| fault.code);
        assert_eq!(stops(Action::Reject), Some(Code::WrongState));
        assert_eq!(stops(Action::Decide), None);
    }

    #[test]
    fn what_is_voted_on_is_neither_rejected_nor_decided() {
        for state in [ballot::State::Open, ballot::State::Counting] {
            let voted_on = Facts { voted_on: Some(state), ..facts(State::Approved, 1) };
            for action in [Action::Reject, Action::Decide] {
                let fault = obstacle(edge(action).unwrap(), voted_on).unwrap();
                assert_eq!(fault.code, Code::WrongState);
                let whose = [("case", "BALLOT".to_owned()), ("state", state.to_value())];
                assert_eq!(fault.parameters, whose);
            }
        }
    }

    #[test]
    fn what_was_sent_onward_is_not_called_decided() {
        use crate::text::Language;
        for (by, said, unsaid) in [
            (AnsweredBy::Above, "đã trình cấp trên", "đã có quyết định"),
            (AnsweredBy::Decision, "đã có quyết định", "đã trình cấp trên"),
        ] {
            let facts =
                Facts { answered: Some(by), is_waiting: false, ..facts(State::Approved, 1) };
            for action in [Action::Reject, Action::Decide] {
                let fault = obstacle(edge(action).unwrap(), facts).unwrap();
                let message = fault.message(Language::Vi);
                assert!(message.contains(said) && !message.contains(unsaid), "{message}");
            }
        }
    }

    #[test]
    fn the_author_decides_nothing() {
        let own = Facts { is_author: true, ..facts(State::Appraised, 1) };
        for action in [Action::Approve, Action::Reject] {
            let edge = edge(action).unwrap();
            assert_eq!(obstacle(edge, own).map(|f| f.code), Some(Code::SelfApproval));
            assert_eq!(obstacle(edge, facts(State::Appraised, 1)), None);
        }
    }
}
