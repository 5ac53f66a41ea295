//! What came of a check as it is shown: steps in the order of the rule, each with its words and facts.
//! Nothing is evaluated here.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::eligibility_rule::{self, Confidence, Part, Severity};
use entity::nominee::SubjectKind;
use entity::submission::CommendationType;
use serde::{Deserialize, Serialize};

use super::check::{Outcome, Rule, Ruling};
use super::confirm::{ConditionConfirmation, Confirmation};
use super::facts::Verdict;
use super::finding::{Distance, Finding, Used, UsedKind};
use super::tree::Node;
use super::words::{Names, Words};
use crate::domain::Ask;
use crate::error::Result;
use crate::reference;
use crate::scalar::{Date, NodeType, encode};
use crate::text::Language;

/// A rule of eligibility.
#[derive(Clone)]
pub struct EligibilityRule {
    row: Arc<eligibility_rule::Model>,
    is_own: bool,
}

impl EligibilityRule {
    pub(super) fn new(row: eligibility_rule::Model, is_own: bool) -> Self {
        Self { row: Arc::new(row), is_own }
    }

    pub(super) fn of(rule: &Rule) -> Self {
        Self::new(rule.row.clone(), rule.is_own)
    }

    pub(super) fn row(&self) -> &eligibility_rule::Model {
        &self.row
    }

    pub(super) fn is_of_tenant(&self) -> bool {
        self.is_own
    }
}

impl NodeType for EligibilityRule {
    const PREFIX: &'static str = "EligibilityRule";
}

pub(super) fn language(ctx: &Context<'_>) -> Language {
    ctx.data_opt::<Language>().copied().unwrap_or_default()
}

/// A rule of eligibility (tiêu chuẩn, điều kiện): a tree of conditions, dated and cited. Rules of the law are the
/// same for all tenants; a tenant adds stricter ones, and nobody removes one of the law.
#[Object]
impl EligibilityRule {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.row.id)
    }

    /// Code of the title or form it is about; null: every one.
    async fn award_type_code(&self) -> Option<&str> {
        self.row.award_type_code.as_deref()
    }

    /// The kind of subject it is about; null: every one.
    async fn subject_kind(&self) -> Option<SubjectKind> {
        self.row.subject_kind
    }

    /// The type of commendation it is about; null: every one.
    async fn commendation_type(&self) -> Option<CommendationType> {
        self.row.commendation_type
    }

    /// Whether it is one of several ways to qualify, or must hold beside the others.
    async fn part(&self) -> Part {
        self.row.part
    }

    /// Name, in the language of `Accept-Language` (vi or en).
    async fn name(&self, ctx: &Context<'_>) -> &str {
        match language(ctx) {
            Language::Vi => &self.row.name_vi,
            Language::En => &self.row.name_en,
        }
    }

    /// The tree of conditions, as JSON in the form that `EligibilityRuleCreateInput.tree` describes.
    async fn tree(&self) -> &str {
        &self.row.tree
    }

    /// The article it rests on.
    async fn citation(&self) -> &str {
        &self.row.citation
    }

    /// Whether it goes on after the end of a document of the state that it cites (áp dụng tiếp): on its own last day, or
    /// today. Which article took the place of the cited one is then not established.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn is_carried_over(&self, ctx: &Context<'_>) -> Result<bool> {
        let days = (self.row.valid_from, self.row.valid_to);
        Ok(reference::is_carried_over(&self.row.citation, days, ctx.gate()?.today()))
    }

    /// Whether it stands against a proposal, or only warns.
    async fn severity(&self) -> Severity {
        self.row.severity
    }

    /// How well the wording behind it is established; what is not `SOURCED` never blocks.
    async fn confidence(&self) -> Confidence {
        self.row.confidence
    }

    /// Whether the tenant added it.
    async fn is_own(&self) -> bool {
        self.is_own
    }

    /// First day in force.
    async fn valid_from(&self) -> Date {
        Date(self.row.valid_from)
    }

    /// Last day in force; null while it goes on.
    async fn valid_to(&self) -> Option<Date> {
        self.row.valid_to.map(Date)
    }
}

/// A fact that a condition rests on.
#[derive(Clone, SimpleObject, Deserialize, Serialize)]
pub(crate) struct EligibilityFact {
    /// What kind of fact.
    kind: UsedKind,
    /// Code of the award, rating, share, rank or title of the initiative.
    what: String,
    /// The year it counts for; null for a property of the subject.
    year: Option<i32>,
    /// Number of the decision or letter, or who recognised it; null where none is recorded, and for kinds that have
    /// none.
    reference: Option<String>,
    /// Opaque id of the record; null for what is no record of its own, such as a property of the subject.
    id: Option<ID>,
}

/// One condition of a rule with what came of it.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct EligibilityStep {
    index: i32,
    parent: Option<i32>,
    depth: i32,
    pub(super) verdict: Verdict,
    pub(super) vi: String,
    pub(super) en: String,
    facts: Vec<EligibilityFact>,
    /// None too where it was kept before there were keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) condition_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) confirmation: Option<Box<Confirmation>>,
}

impl EligibilityStep {
    /// The step as it is kept, for readers who may not read whom its first one could: without names of members.
    pub(super) fn kept(&self) -> Self {
        let is_kept = |fact: &&EligibilityFact| fact.kind != UsedKind::Member;
        let facts = self.facts.iter().filter(is_kept).cloned().collect();
        Self { facts, ..self.clone() }
    }

    /// The decisions of the awards it rests on.
    pub(super) fn decisions(&self) -> impl Iterator<Item = &str> {
        let awards = self.facts.iter().filter(|fact| fact.kind == UsedKind::Award);
        awards.filter_map(|fact| fact.reference.as_deref())
    }
}

/// One condition of a rule with what came of it. The steps of a rule are its tree, each part behind what it is a
/// part of.
#[Object]
impl EligibilityStep {
    /// Place among the steps of the rule, from 0.
    async fn index(&self) -> i32 {
        self.index
    }

    /// Place of the condition that this one is a part of; null for the first.
    async fn parent(&self) -> Option<i32> {
        self.parent
    }

    /// How deep in the tree, from 0.
    async fn depth(&self) -> i32 {
        self.depth
    }

    /// How it stands.
    async fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// What is asked for and what was found, in the language of `Accept-Language` (vi or en).
    async fn message(&self, ctx: &Context<'_>) -> &str {
        match language(ctx) {
            Language::Vi => &self.vi,
            Language::En => &self.en,
        }
    }

    /// The facts it rests on.
    async fn facts(&self) -> &[EligibilityFact] {
        &self.facts
    }

    /// Key by which `conditionConfirm` names it, where a person alone can confirm it; null where it is computed.
    async fn condition_key(&self) -> Option<&str> {
        self.condition_key.as_deref()
    }

    /// The last word of a person on it; null while nobody has said anything.
    async fn confirmation(&self) -> Option<ConditionConfirmation> {
        self.confirmation.as_deref().map(ConditionConfirmation::from)
    }
}

/// What came of one rule.
#[derive(Clone, SimpleObject)]
pub(crate) struct EligibilityOutcome {
    /// The rule.
    pub(super) rule: EligibilityRule,
    /// How it stands.
    pub(super) verdict: Verdict,
    /// Its conditions in the order of the tree.
    pub(super) steps: Vec<EligibilityStep>,
    /// How far it is from being met; nothing where it was not evaluated just now.
    #[graphql(skip)]
    pub(super) distance: Distance,
}

/// What came of every rule, as it is shown.
pub(super) fn outcomes(ruling: &Ruling<'_>, names: &Names) -> Vec<EligibilityOutcome> {
    ruling.outcomes.iter().map(|outcome| shown(outcome, names)).collect()
}

fn shown(outcome: &Outcome<'_>, names: &Names) -> EligibilityOutcome {
    let mut steps = Vec::new();
    put(&outcome.finding, (None, 0), names, &mut steps);
    EligibilityOutcome {
        rule: EligibilityRule::of(outcome.rule),
        verdict: outcome.finding.verdict,
        steps,
        distance: outcome.finding.distance(),
    }
}

fn put(
    finding: &Finding<'_>,
    (parent, depth): (Option<i32>, i32),
    names: &Names,
    steps: &mut Vec<EligibilityStep>,
) {
    let index = i32::try_from(steps.len()).unwrap_or(i32::MAX);
    let words = |language| Words { names, language }.finding(finding);
    steps.push(EligibilityStep {
        index,
        parent,
        depth,
        verdict: finding.verdict,
        vi: words(Language::Vi),
        en: words(Language::En),
        facts: finding.used.iter().map(fact).collect(),
        condition_key: if let Node::Manual(it) = finding.node {
            Some(it.key.clone())
        } else {
            None
        },
        confirmation: finding.confirmed.as_deref().cloned().map(Box::new),
    });
    for part in &finding.parts {
        put(part, (Some(index), depth + 1), names, steps);
    }
}

fn fact(used: &Used) -> EligibilityFact {
    let prefix = match used.kind {
        UsedKind::Award => "Award",
        UsedKind::YearRecord => "YearRecord",
        UsedKind::Discipline => "Discipline",
        UsedKind::Initiative => "Initiative",
        UsedKind::Clearance => "Clearance",
        UsedKind::Notice => "Notice",
        UsedKind::Subject | UsedKind::MemberCount | UsedKind::Member => "Subject",
        UsedKind::Comparison => "Cluster",
    };
    EligibilityFact {
        kind: used.kind,
        what: used.what.clone(),
        year: used.year,
        reference: used.reference.clone(),
        id: used.id.map(|id| ID(encode(prefix, id))),
    }
}
