//! What the caller can do with a submission now, and why not.
//! The workflow and the policy decide; nothing is decided here.

use async_graphql::SimpleObject;
use entity::submission::{self, State};

use super::above::Answered;
use super::door::{Refusal, Refused};
use super::related::Reached;
use super::rules::{self, Action, AnsweredBy, Facts};
use super::take::stopped_by_the_law;
use super::{Submission, handling};
use crate::access::{Coverage, Gate};
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
        let reached: Vec<bool> = rules::WORKFLOW.iter().zip(covered).map(is_reached).collect();
        let refusal = Self::refusal(submission, &reached, gate).await?;
        let answered = Self::answered(submission, gate).await?;
        Ok(Self {
            facts: Facts {
                state: submission.0.state,
                is_author: submission.0.author_id == gate.actor()?.user,
                has_nominees: nominees > 0,
                is_waiting: handling::is_waiting(submission.0.row()),
                answered,
            },
            refusal,
            reached,
            language,
        })
    }

    /// What an authority above made of it is asked of one submission alone, not of a page of them.
    async fn answered(submission: &Submission, gate: &Gate) -> Result<Option<AnsweredBy>> {
        let row = submission.0.row();
        if row.state != State::Approved || handling::is_waiting(row) {
            return Ok(None);
        }
        if submission.0.summary.get().is_some() {
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
                let fault = if *is_reached {
                    rules::obstacle(edge, self.facts).or_else(|| refusal.map(Refusal::fault))
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
