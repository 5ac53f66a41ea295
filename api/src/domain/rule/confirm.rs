//! What only a person can confirm: how such a condition is known within its rule, and the last word on it.
//! No write enters here.

use std::sync::Arc;

use async_graphql::{ID, Object};
use chrono::{DateTime as Time, NaiveDate, Utc};
use entity::condition_confirmation::{self, Said};
use entity::eligibility_rule;
use entity::role_grant::Role;
use entity::submission::CommendationType;
use sea_orm::ColumnTrait;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::answer::EligibilityCheck;
use super::evaluate::Scene;
use super::facts::{Question, Verdict};
use super::finding::{Finding, leaf};
use super::guard::is_told_by_day;
use super::nouns::EligibilityStep;
use super::tree::Node;
use crate::access::{Act, Answer, Gate};
use crate::error::Result;
use crate::scalar::{DateTime, encode};

/// See [`Node::Manual`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manual {
    pub(crate) vi: String,
    pub(crate) en: String,
    /// By what an answer finds it; empty until the rule is known.
    #[serde(skip)]
    pub(super) key: String,
}

/// The key of a condition: the same as long as its rule has the same code and it the same words, so that an answer is
/// never taken for one to other words.
#[must_use]
pub fn condition_key(rule: &str, (vi, en): (&str, &str)) -> String {
    hex::encode(Sha256::digest([rule, vi, en].join("\0")))
}

/// A tree whose conditions for people know of which rule they are.
pub(super) fn keyed(mut tree: Node, rule: &str) -> Node {
    mark(&mut tree, rule);
    tree
}

fn mark(node: &mut Node, rule: &str) {
    if let Node::Manual(it) = node {
        it.key = condition_key(rule, (&it.vi, &it.en));
    }
    node.parts_mut().iter_mut().for_each(|part| mark(part, rule));
}

/// What a person said of a condition, as rules look at it and as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Confirmation {
    pub(super) id: ID,
    pub(super) key: String,
    /// Code of the title or form that was proposed, the year, and by which type.
    pub(super) award: String,
    pub(super) year: i32,
    pub(super) commendation: CommendationType,
    pub(super) achieved_on: Option<NaiveDate>,
    pub(super) said: Said,
    pub(super) reason: String,
    /// Title and hash of the document that shows it.
    pub(super) document: Option<(String, String)>,
    pub(super) by: String,
    pub(super) role: Role,
    pub(super) at: Time<Utc>,
}

impl From<condition_confirmation::Model> for Confirmation {
    fn from(row: condition_confirmation::Model) -> Self {
        Self {
            id: ID(encode("ConditionConfirmation", row.id)),
            key: row.condition_key,
            award: row.award_type_code,
            year: row.year,
            commendation: row.commendation_type,
            achieved_on: row.achieved_on,
            said: row.answer,
            reason: row.reason,
            document: row.document_title.zip(row.document_hash),
            by: row.actor_name,
            role: row.actor_role,
            at: row.at,
        }
    }
}

impl Confirmation {
    /// What was said of one achievement of a year is not said of another.
    fn is_about(&self, key: &str, question: &Question) -> bool {
        let is_of_day =
            !is_told_by_day(self.commendation) || self.achieved_on == question.achieved_on;
        self.key == key
            && self.award == question.award
            && self.year == question.year
            && self.commendation == question.commendation
            && is_of_day
    }

    /// Ids grow: of two words of one moment the one that came later counts.
    fn order(&self) -> (Time<Utc>, &str) {
        (self.at, &self.id.0)
    }
}

impl Scene<'_> {
    /// What nobody has said anything about stays open.
    pub(super) fn manual<'r>(&self, node: &'r Node, asked: &Manual) -> Finding<'r> {
        let all = self.facts.confirmations.iter();
        let about = all.filter(|it| it.is_about(&asked.key, self.question));
        let last = about.max_by(|one, other| one.order().cmp(&other.order()));
        let verdict = last.map_or(Verdict::Unknown, |it| Verdict::of(it.said == Said::Holds));
        Finding { confirmed: last.cloned(), ..leaf(node, verdict, vec![]) }
    }
}

/// What was said of subjects that the caller may read.
pub(super) async fn confirmation_rows(
    gate: &Gate,
    of: &[Uuid],
) -> Result<Vec<condition_confirmation::Model>> {
    use condition_confirmation::{Column, Entity};
    let rows = gate.rows::<Entity>(Act::SubjectRead)?;
    rows.filter(Column::SubjectId.is_in(of.iter().copied())).all().await
}

/// A condition that only a person can confirm, as a check names it.
pub(in crate::domain) struct ManualCondition<'c> {
    pub(in crate::domain) rule: &'c eligibility_rule::Model,
    pub(in crate::domain) words_vi: &'c str,
    pub(in crate::domain) words_en: &'c str,
}

impl EligibilityCheck {
    /// The condition of a key; none where no rule that applies asks for it.
    pub(in crate::domain) fn manual(&self, key: &str) -> Option<ManualCondition<'_>> {
        self.outcomes.iter().find_map(|outcome| {
            let is_it = |step: &&EligibilityStep| step.condition_key.as_deref() == Some(key);
            let step = outcome.steps.iter().find(is_it)?;
            let rule = outcome.rule.row();
            Some(ManualCondition { rule, words_vi: &step.vi, words_en: &step.en })
        })
    }
}

impl EligibilityStep {
    /// Whether it fails because a person said so.
    pub(super) fn is_denied(&self) -> bool {
        let is_no = |it: &Confirmation| it.said == Said::DoesNotHold;
        self.verdict == Verdict::Failed && self.confirmation.as_deref().is_some_and(is_no)
    }
}

/// What a person said of a condition that nothing recorded answers.
#[derive(Clone)]
pub(crate) struct ConditionConfirmation(Arc<Confirmation>);

impl From<condition_confirmation::Model> for ConditionConfirmation {
    fn from(row: condition_confirmation::Model) -> Self {
        Self(Arc::new(row.into()))
    }
}

impl From<&Confirmation> for ConditionConfirmation {
    fn from(said: &Confirmation) -> Self {
        Self(Arc::new(said.clone()))
    }
}

impl Answer for ConditionConfirmation {
    fn keep(&self) -> Result<Json> {
        Ok(serde_json::to_value(&*self.0)?)
    }

    fn recall(kept: Json) -> Result<Self> {
        Ok(Self(Arc::new(serde_json::from_value(kept)?)))
    }
}

/// What a person said of a condition that nothing recorded answers (xác nhận điều kiện): about one subject, title or
/// form and year. Written once; of several the last counts. Read by those who read the subject.
#[Object]
impl ConditionConfirmation {
    /// Opaque id.
    async fn id(&self) -> ID {
        self.0.id.clone()
    }

    /// Key of the condition.
    async fn condition_key(&self) -> &str {
        &self.0.key
    }

    /// What was said.
    async fn answer(&self) -> Said {
        self.0.said
    }

    /// On what it rests.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Title of the document of the submission that shows it, as it was then; null where none was named.
    async fn document_title(&self) -> Option<&str> {
        self.0.document.as_ref().map(|(title, _)| title.as_str())
    }

    /// SHA-256 of the content of that document, 64 hexadecimal digits.
    async fn document_hash(&self) -> Option<&str> {
        self.0.document.as_ref().map(|(_, hash)| hash.as_str())
    }

    /// Name of the one who said it, as it was then.
    async fn actor_name(&self) -> &str {
        &self.0.by
    }

    /// The role by which it was said.
    async fn actor_role(&self) -> Role {
        self.0.role
    }

    /// When it was said.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}
