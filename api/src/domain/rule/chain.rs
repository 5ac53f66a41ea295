//! What must be proposed now: subjects whose earlier awards lead to another one.
//! No write enters here.

use std::collections::BTreeSet;

use async_graphql::SimpleObject;
use entity::nominee::SubjectKind;
use entity::submission::CommendationType;
use entity::{award, award_type, subject, tenant};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryOrder, QuerySelect, RelationDef};
use uuid::Uuid;

use super::check::{Rule, rule_on};
use super::facts::{Facts, Question, Verdict};
use super::finding::{Finding, UsedKind};
use super::kind::Kind;
use super::load;
use super::note::Note;
use super::tree::Node;
use crate::access::{Act, Gate};
use crate::domain::award::is_decided_for;
use crate::domain::subject::Subject;
use crate::error::{Error, Result};

/// Subjects whose facts are read together.
const BATCH: u64 = 500;

/// A subject whose earlier awards lead to another one: a hint, computed anew for each question. What was really
/// proposed is a `Submission`, an `OnwardSubmission` or an `InitiativeProposal`; a proposal to cancel an award is an
/// `AwardProposal`.
#[derive(Clone, SimpleObject)]
pub(crate) struct Proposal {
    /// The subject.
    subject: Subject,
    /// Code of the title or form that follows.
    award_type_code: String,
    /// Whether the proposal must follow, not only may; an older decree said so, and today's wording is not
    /// established.
    is_obliged: bool,
    /// How the whole rule stands.
    verdict: Verdict,
    /// The article it rests on.
    citation: String,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub(super) struct Sought {
    pub(super) year: i32,
    /// Those too whose rule fails all the same.
    pub(super) include_failed: bool,
}

/// Subjects at or below a unit whose earlier awards lead to a title that somebody decides for this kind of tenant, by
/// name. Only those who hold a title that leads on are looked at, some hundreds at a time.
pub(super) async fn proposals(gate: &Gate, above: Uuid, sought: Sought) -> Result<Vec<Proposal>> {
    let rules = load::rules(gate).await?;
    let leading = leading(gate, &rules).await?;
    let mut titles = BTreeSet::new();
    for rule in &leading {
        leading_titles(&rule.tree, &mut titles);
    }
    let mut found: Vec<(subject::Model, Proposal)> = Vec::new();
    let mut last = None;
    loop {
        let batch = holders(gate, (above, &titles), last).await?;
        let facts = load::facts(gate, &batch).await?;
        last = batch.last().map(|row| row.id);
        let is_whole = u64::try_from(batch.len()).is_ok_and(|count| count == BATCH);
        for row in batch {
            let Some(facts) = facts.get(&row.id) else { continue };
            found.extend(of(gate, (&rules, &leading), (&row, facts), sought));
        }
        if !is_whole {
            break;
        }
    }
    found.sort_by(|(one, _), (other, _)| (&one.name, one.id).cmp(&(&other.name, other.id)));
    Ok(found.into_iter().map(|(_, proposal)| proposal).collect())
}

/// The rules of the law about titles that somebody decides for this kind of tenant.
pub(super) async fn leading<'r>(gate: &Gate, rules: &'r [Rule]) -> Result<Vec<&'r Rule>> {
    let own = gate.look_up::<tenant::Entity>(gate.actor()?.tenant).await?;
    let kind = own.ok_or_else(|| Error::broken("a caller without tenant"))?.kind;
    let catalogue = gate.catalogue::<award_type::Entity>()?.all().await?;
    let leads = |rule: &&Rule| {
        let of = |row: &&award_type::Model| {
            Some(&row.code) == rule.row.award_type_code.as_ref()
                && row.valid_to.is_none_or(|last| last >= gate.today())
        };
        let mut wordings = catalogue.iter().filter(of);
        !rule.is_own && wordings.any(|row| is_decided_for(row, kind))
    };
    Ok(rules.iter().filter(leads).collect())
}

/// Titles of which one must be held before a rule can lead anywhere.
pub(super) fn leading_titles<'r>(node: &'r Node, titles: &mut BTreeSet<&'r str>) {
    match node.kind() {
        Kind::Titles(own, _) => titles.extend(own.iter().map(String::as_str)),
        Kind::All(parts) | Kind::Any(parts) => {
            for part in parts {
                leading_titles(part, titles);
            }
        }
        Kind::Not(_) | Kind::Other => {}
    }
}

/// The next subjects that hold one of these titles, in whatever unit it was given: who may read a subject reads them.
async fn holders(
    gate: &Gate,
    (above, titles): (Uuid, &BTreeSet<&str>),
    last: Option<Uuid>,
) -> Result<Vec<subject::Model>> {
    use subject::Column;
    let given: RelationDef = subject::Entity::belongs_to(award::Entity)
        .from((Column::TenantId, Column::Id))
        .to((award::Column::TenantId, award::Column::SubjectId))
        .into();
    let mut rows = gate.rows::<subject::Entity>(Act::SubjectRead)?;
    rows = rows.filter(gate.within(Column::UnitId, above, None)?);
    if let Some(last) = last {
        rows = rows.filter(Column::Id.gt(last));
    }
    rows = rows.filter(award::Column::State.eq(award::State::Valid));
    rows = rows.filter(award::Column::AwardTypeCode.is_in(titles.iter().copied()));
    let rows = rows.shape(|select| {
        select.join(JoinType::InnerJoin, given).distinct().order_by_asc(Column::Id).limit(BATCH)
    });
    rows.all().await
}

/// What the awards of one subject lead to.
pub(super) fn of(
    gate: &Gate,
    (rules, leading): (&[Rule], &[&Rule]),
    (row, facts): (&subject::Model, &Facts),
    Sought { year, include_failed }: Sought,
) -> Vec<(subject::Model, Proposal)> {
    let commendation = CommendationType::Merit;
    let one = |rule: &&Rule| {
        let award = rule.row.award_type_code.clone()?;
        let (day, decided) = (gate.today(), gate.today());
        let question = Question { award, year, commendation, achieved_on: None, day, decided };
        let has_it = facts.awards.iter().any(|it| it.code == question.award && it.year == year);
        let this = std::slice::from_ref(*rule);
        let ruling = rule_on(this, (row.kind, facts), &question, gate.today());
        let outcome = ruling.outcomes.first()?;
        let is_left = include_failed || outcome.finding.verdict != Verdict::Failed;
        if has_it || !is_left || chain(&outcome.finding, year) != Some(Verdict::Passed) {
            return None;
        }
        // What stands against any proposal, the province's own rules too, stands against this one.
        if rule_on(rules, (row.kind, facts), &question, gate.today()).is_barred() {
            return None;
        }
        let proposal = Proposal {
            subject: row.clone().into(),
            award_type_code: question.award,
            is_obliged: rule.row.obliges,
            verdict: outcome.finding.verdict,
            citation: rule.row.citation.clone(),
        };
        Some((row.clone(), proposal))
    };
    leading.iter().filter(|rule| leads_on(rule, row.kind)).filter_map(one).collect()
}

fn leads_on(rule: &Rule, kind: SubjectKind) -> bool {
    rule.row.subject_kind == Some(kind)
}

/// How the part of a finding stands that is about earlier awards; none where there is no such part.
fn chain(finding: &Finding<'_>, year: i32) -> Option<Verdict> {
    let parts = || finding.parts.iter().filter_map(|part| chain(part, year));
    match finding.node.kind() {
        Kind::Titles(..) => titled(finding, year),
        Kind::All(_) => parts().min(),
        Kind::Any(_) => parts().max(),
        Kind::Not(_) | Kind::Other => None,
    }
}

/// How a condition on earlier awards stands; none where no title stands for its years.
fn titled(finding: &Finding<'_>, year: i32) -> Option<Verdict> {
    if let Node::After(_) = finding.node {
        // Without the award nothing below was looked at.
        if finding.used.is_empty() {
            return Some(Verdict::Failed);
        }
        let is_open = finding.rests_before || finding.note == Some(Note::NoClass);
        return Some(Verdict::all(
            [Verdict::Passed]
                .into_iter()
                .chain(is_open.then_some(Verdict::Unknown))
                .chain(finding.parts.iter().filter_map(|part| dated(part, year))),
        ));
    }
    let Node::Rating(_) = finding.node else { return Some(finding.verdict) };
    let has_title = finding.used.iter().any(|used| used.kind == UsedKind::Award);
    if has_title { rated(finding, year) } else { None }
}

/// Below an award that was given before, the years count too.
fn dated(finding: &Finding<'_>, year: i32) -> Option<Verdict> {
    if let Node::Rating(_) = finding.node { rated(finding, year) } else { chain(finding, year) }
}

/// Where only the year of the proposal is not rated yet, the years before it lead on.
fn rated(finding: &Finding<'_>, year: i32) -> Option<Verdict> {
    let Node::Rating(rating) = finding.node else { return None };
    let is_open = finding.verdict == Verdict::Unknown
        && finding.used.iter().all(|used| used.year != Some(year))
        && finding.found.is_some_and(|found| i64::from(rating.years) <= i64::from(found) + 1);
    Some(if is_open { Verdict::Passed } else { finding.verdict })
}
