//! What the caller can do with a submission now, and why not.
//! The workflow and the policy decide; nothing is decided here.

use async_graphql::SimpleObject;
use entity::ballot;
use entity::submission::{self, State};

use super::above::Answered;
use super::desk::{DecidedBy, SentBack, VotedOn};
use super::door::{Refusal, Refused};
use super::outlook::{Crowded, Hindered};
use super::related::Reached;
use super::rules::{self, Action, AnsweredBy, Facts, Need};
use super::take::stopped_by_the_law;
use super::unheard::{ForVote, Proposable, Unheard};
use super::{Submission, handling};
use crate::access::{Act, Coverage, Gate};
use crate::alike::Recipe;
use crate::error::{Code, Fault, Result};
use crate::text::Language;

/// Whether the caller can do one thing with a submission now.
#[derive(SimpleObject)]
pub(crate) struct AllowedAction {
    /// What could be done.
    action: Action,
    /// Whether it can be done now by the caller.
    allowed: bool,
    /// Why not; null when it is allowed.
    reason: Option<Code>,
    /// Why not, in the language of `Accept-Language`; null when it is allowed.
    message: Option<String>,
}

/// All that the list of actions depends on.
#[derive(Hash)]
pub(crate) struct Allowed {
    facts: Facts,
    /// Why the law stands against it, where it was asked.
    refusal: Option<Refusal>,
    /// What else would refuse an action that its edge allows.
    hindrances: Vec<(Action, Fault)>,
    /// Whether the caller's rights reach the submission, by edge of the workflow.
    reached: Vec<bool>,
    language: Language,
}

impl Allowed {
    /// Asks the policy once for each edge, and the database only where the policy alone cannot tell.
    pub(super) async fn of(
        submission: &Submission,
        nominees: usize,
        gate: &Gate,
        language: Language,
    ) -> Result<Self> {
        let covered: Vec<Coverage> = rules::WORKFLOW
            .iter()
            .map(|edge| gate.covers::<submission::Entity>(edge.act))
            .collect::<Result<_>>()?;
        let mut known = Vec::new();
        if covered.contains(&Coverage::Something) {
            known = gate.load_by(Reached(submission.0.id)).await?;
        }
        let is_reached = |(edge, coverage): (&rules::Edge, Coverage)| match coverage {
            Coverage::Nothing => false,
            Coverage::Everything => true,
            Coverage::Something => known.contains(&edge.act),
        };
        let mut reached: Vec<bool> = rules::WORKFLOW.iter().zip(covered).map(is_reached).collect();
        let row = submission.0.row();
        let mut is_waiting = handling::is_waiting(row);
        let decides = rules::WORKFLOW.iter().position(|edge| edge.action == Action::Decide);
        if let Some(decides) = decides.and_then(|place| reached.get_mut(place)) {
            (is_waiting, *decides) = Self::answers(row, *decides, gate).await?;
        }
        let voted_on = Self::voted_on(row, &reached, gate).await?;
        let refusal = Self::refusal(submission, &reached, gate).await?;
        let answered = Self::answered(submission, &reached, gate).await?;
        let facts = Facts {
            state: submission.0.state,
            is_author: submission.0.author_id == gate.actor()?.user,
            has_nominees: nominees > 0,
            is_waiting,
            answered,
            voted_on,
        };
        let mut hindrances = Vec::new();
        if refusal.is_none() {
            hindrances = Self::hindrances(submission, (facts, &reached), gate).await?;
        }
        Ok(Self { facts, refusal, hindrances, reached, language })
    }

    /// Asked only of the actions that nothing else refuses.
    async fn hindrances(
        submission: &Submission,
        (facts, reached): (Facts, &[bool]),
        gate: &Gate,
    ) -> Result<Vec<(Action, Fault)>> {
        let mut found = Vec::new();
        for (edge, is_reached) in rules::WORKFLOW.iter().zip(reached) {
            if *is_reached && rules::obstacle(edge, facts).is_none() {
                let fault = Self::hindrance(submission, edge.action, gate).await?;
                found.extend(fault.map(|fault| (edge.action, fault)));
            }
        }
        Ok(found)
    }

    /// What would refuse an action beside its edge and the law: votes and subjects that a decision lacks, quotas that have
    /// no place left for what is sent or given. Of a page of submissions it is only asked whether a council has still to
    /// vote: one list may name hundreds of people.
    async fn hindrance(
        submission: &Submission,
        action: Action,
        gate: &Gate,
    ) -> Result<Option<Fault>> {
        let row = submission.0.row();
        let is_of_page = submission.0.summary.get().is_some();
        let unvoted = || Fault::at(Code::VoteMissing, "input.id").with("case", "LIST");
        let proposes_only = !gate.actor()?.may(Act::DecisionIssue);
        match action {
            Action::Send if !is_of_page => gate.load_by(Crowded(row.id)).await,
            Action::Decide if !handling::is_waiting(row) => Ok(None),
            Action::Decide if proposes_only && gate.load_by(ForVote(row.id)).await? => {
                Ok(Some(unvoted()))
            }
            Action::Decide if is_of_page => Ok(gate.load_by(Unheard(row.id)).await?.then(unvoted)),
            Action::Decide => gate.load_by(Hindered(row.id)).await,
            Action::Update
            | Action::Send
            | Action::Recall
            | Action::Receive
            | Action::Return
            | Action::Appraise
            | Action::Approve
            | Action::Reject
            | Action::Vote => Ok(None),
        }
    }

    /// Whether an approved submission waits to be answered, and whether the caller can: by a decision on one of its
    /// titles, by proposing somebody above or, where an authority above has sent it back, by sending it there again.
    async fn answers(
        row: &submission::Model,
        is_reached: bool,
        gate: &Gate,
    ) -> Result<(bool, bool)> {
        if row.state != State::Approved {
            return Ok((handling::is_waiting(row), is_reached));
        }
        let may_send = gate.actor()?.may(Act::OnwardSubmissionSend);
        if handling::is_waiting(row) {
            let is_able = is_reached && gate.load_by(DecidedBy(row.id)).await?.by_caller;
            let proposes = !is_able && may_send && gate.load_by(Proposable(row.id)).await?;
            return Ok((true, is_able || proposes));
        }
        let is_back = may_send && gate.load_by(SentBack(row.id)).await?.is_some();
        Ok((is_back, is_reached || is_back))
    }

    /// Asks for a ballot only where the caller could take a step that one stops.
    async fn voted_on(
        row: &submission::Model,
        reached: &[bool],
        gate: &Gate,
    ) -> Result<Option<ballot::State>> {
        let is_stopped = |(edge, is_reached): (&rules::Edge, &bool)| {
            *is_reached && edge.needs.contains(&Need::Unvoted) && edge.from.contains(&row.state)
        };
        if rules::WORKFLOW.iter().zip(reached).any(is_stopped) {
            return gate.load_by(VotedOn(row.id)).await;
        }
        Ok(None)
    }

    /// What an authority above made of one that waits no more is asked of one submission alone, not of a page of them. One
    /// that waits may have a nominee above all the same, which matters to who could reject it.
    async fn answered(
        submission: &Submission,
        reached: &[bool],
        gate: &Gate,
    ) -> Result<Option<AnsweredBy>> {
        let row = submission.0.row();
        if row.state != State::Approved {
            return Ok(None);
        }
        if handling::is_waiting(row) {
            let is_stopped = |(edge, is_reached): (&rules::Edge, &bool)| {
                *is_reached && edge.needs.contains(&Need::Unanswered)
            };
            if !rules::WORKFLOW.iter().zip(reached).any(is_stopped) {
                return Ok(None);
            }
        } else if submission.0.summary.get().is_some() {
            return Ok(Some(AnsweredBy::Either));
        }
        gate.load_by(Answered(row.id)).await
    }

    /// Asks the law only where the caller could take a step that it stops, and not of a page of submissions.
    async fn refusal(
        submission: &Submission,
        reached: &[bool],
        gate: &Gate,
    ) -> Result<Option<Refusal>> {
        let step = rules::WORKFLOW.iter().zip(reached).find_map(|(edge, is_reached)| {
            let is_open = *is_reached && edge.from.contains(&submission.0.state);
            stopped_by_the_law(edge.action).filter(|_| is_open)
        });
        match step {
            Some(step) if submission.0.summary.get().is_none() => {
                gate.load_by(Refused(submission.0.id, step)).await
            }
            Some(_) | None => Ok(None),
        }
    }
}

impl Recipe for Allowed {
    type Made = Vec<AllowedAction>;

    fn make(&self) -> Vec<AllowedAction> {
        let edges = rules::WORKFLOW.iter().zip(&self.reached);
        edges
            .map(|(edge, is_reached)| {
                let refusal = self.refusal.as_ref();
                let refusal = refusal.filter(|_| stopped_by_the_law(edge.action).is_some());
                let mut hindrances = self.hindrances.iter();
                let hindrance = hindrances.find(|(action, _)| *action == edge.action);
                let fault = if *is_reached {
                    rules::obstacle(edge, self.facts)
                        .or_else(|| refusal.map(Refusal::fault))
                        .or_else(|| hindrance.map(|(_, fault)| fault.clone()))
                } else {
                    Some(Fault::at(Code::Forbidden, "input.id"))
                };
                AllowedAction {
                    action: edge.action,
                    allowed: fault.is_none(),
                    reason: fault.as_ref().map(|fault| fault.code),
                    message: fault.map(|fault| fault.message(self.language)),
                }
            })
            .collect()
    }
}
