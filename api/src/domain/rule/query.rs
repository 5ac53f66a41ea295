//! Reads of rules, dry runs of checks, and what must be proposed now.
//! No write enters here.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::nominee::SubjectKind;
use entity::subject;
use entity::submission::CommendationType;
use sea_orm::{QueryOrder, QuerySelect};

use super::check::{Rule, rule_on};
use super::facts::{Question, Verdict};
use super::finding::Finding;
use super::load::{self, Bench};
use super::nouns::{EligibilityCheck, EligibilityRule};
use super::related::{Asked, check};
use super::tree::Node;
use crate::access::{Act, Gate};
use crate::domain::subject::Subject;
use crate::domain::unit::Unit;
use crate::domain::{Ask, input};
use crate::error::Result;
use crate::filter::row_id;
use crate::scalar::Date;

/// Most subjects whose chains are looked at in one request.
const MOST: u64 = 500;

/// A subject whose earlier awards lead to another one.
#[derive(SimpleObject)]
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

/// Questions about the law.
#[derive(Default)]
pub struct RuleQuery;

/// Questions about the law.
#[Object]
impl RuleQuery {
    /// Rules of eligibility in force on a day: of the law, and those that the current tenant added; by title
    /// and code.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a question")]
    async fn eligibility_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "About this title or form, and about every one; all when absent.")]
        award_type_code: Option<String>,
        #[graphql(desc = "About this kind of subject; all when absent.")] subject_kind: Option<
            SubjectKind,
        >,
        #[graphql(desc = "In force on this day; today when absent.")] as_of: Option<Date>,
    ) -> Result<Vec<EligibilityRule>> {
        let gate = ctx.gate()?;
        let day = as_of.map_or_else(|| gate.today(), |day| day.0);
        let is_asked = |rule: &Rule| {
            let row = &rule.row;
            let award = award_type_code.as_ref();
            award.is_none_or(|code| row.award_type_code.as_ref().is_none_or(|it| it == code))
                && subject_kind.is_none_or(|kind| row.subject_kind.is_none_or(|it| it == kind))
                && row.valid_from <= day
                && row.valid_to.is_none_or(|last| last >= day)
        };
        let rules = load::rules(gate).await?;
        Ok(rules.iter().filter(|rule| is_asked(rule)).map(EligibilityRule::of).collect())
    }

    /// Whether a subject meets the law for a title or form, and why: a dry run, nothing is proposed. Null when the
    /// caller may not read the subject.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a question")]
    async fn eligibility_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The subject.")] subject_id: ID,
        #[graphql(desc = "Code of the title or form.")] award_type_code: String,
        #[graphql(desc = "Year of the proposal.")] year: i32,
        #[graphql(desc = "Type of commendation; by merit when absent.")] commendation_type: Option<
            CommendationType,
        >,
        #[graphql(desc = "The day the dossier is received; today when absent.")]
        received_on: Option<Date>,
        #[graphql(desc = "The day of the decision; today when absent.")] decided_on: Option<Date>,
    ) -> Result<Option<EligibilityCheck>> {
        let gate = ctx.gate()?;
        gate.actor()?;
        let today = gate.today();
        let Some(subject) = row_id::<Subject>(&subject_id) else { return Ok(None) };
        let asked = Asked {
            subject,
            award: award_type_code,
            year: input::year(year, "year")?,
            commendation: commendation_type.unwrap_or(CommendationType::Merit),
            received_on: received_on.map_or(today, |day| day.0),
            decided_on: decided_on.map_or(today, |day| day.0),
        };
        let found = check(gate, &[asked]).await?;
        Ok(found.into_iter().next().map(|(_, check)| check))
    }

    /// Subjects at or below a unit whose earlier awards oblige or allow a proposal in a year, such as a second
    /// provincial title that leads to the national one; at most the first 500 subjects by name are looked at.
    async fn must_propose_now(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "This unit and those below it.")] unit_id: ID,
        #[graphql(desc = "Year of the proposal.")] year: i32,
    ) -> Result<Vec<Proposal>> {
        let gate = ctx.gate()?;
        let year = input::year(year, "year")?;
        let above = row_id::<Unit>(&unit_id).unwrap_or_default();
        let rows = gate.rows::<subject::Entity>(Act::SubjectRead)?;
        let rows = rows.filter(gate.within(subject::Column::UnitId, above, None)?);
        let rows = rows.shape(|select| {
            use subject::Column;
            select.order_by_asc(Column::Name).order_by_asc(Column::Id).limit(MOST)
        });
        proposals(gate, rows.all().await?, year).await
    }
}

async fn proposals(gate: &Gate, subjects: Vec<subject::Model>, year: i32) -> Result<Vec<Proposal>> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let bench = Bench::read(gate, &subjects).await?;
    let commendation = CommendationType::Merit;
    let mut found = Vec::new();
    for row in subjects {
        let Some(facts) = bench.facts.get(&row.id) else { continue };
        for rule in bench.rules.iter().filter(|rule| leads_on(rule, row.kind)) {
            let Some(award) = rule.row.award_type_code.clone() else { continue };
            let question = Question { award, year, commendation, day: gate.today() };
            let has_it = facts.awards.iter().any(|it| it.code == question.award && it.year == year);
            let one = std::slice::from_ref(rule);
            let ruling = rule_on(one, (row.kind, facts), &question, gate.today());
            let Some(outcome) = ruling.outcomes.first() else { continue };
            if has_it || chain(&outcome.finding) != Some(Verdict::Passed) {
                continue;
            }
            found.push(Proposal {
                subject: row.clone().into(),
                award_type_code: question.award,
                is_obliged: rule.row.obliges,
                verdict: outcome.finding.verdict,
                citation: rule.row.citation.clone(),
            });
        }
    }
    Ok(found)
}

fn leads_on(rule: &Rule, kind: SubjectKind) -> bool {
    !rule.is_own && rule.row.subject_kind == Some(kind)
}

/// How the part of a finding stands that is about earlier awards; none where there is no such part.
fn chain(finding: &Finding<'_>) -> Option<Verdict> {
    let parts = || finding.parts.iter().filter_map(chain);
    match finding.node {
        Node::Held(_) => Some(finding.verdict),
        Node::After(_) => Some(Verdict::all(
            [Verdict::of(!finding.used.is_empty())]
                .into_iter()
                .chain(finding.parts.iter().filter_map(dated)),
        )),
        Node::All(_) | Node::Within(_) => parts().min(),
        Node::Any(_) => parts().max(),
        Node::Not(_)
        | Node::Rating(_)
        | Node::Initiative(_)
        | Node::Share(_)
        | Node::AllMembers(_)
        | Node::AnyMember(_)
        | Node::NoMember(_)
        | Node::Rank(_)
        | Node::AgeOfUnit(_)
        | Node::FlagEligible(_)
        | Node::NotManager
        | Node::Opinion(_)
        | Node::Manual(_)
        | Node::NoOpenCase
        | Node::NoAdverseOpinion
        | Node::InExistence
        | Node::NotYetAwarded => None,
    }
}

/// Below an award that was given before, the years count too.
fn dated(finding: &Finding<'_>) -> Option<Verdict> {
    if let Node::Rating(_) = finding.node { Some(finding.verdict) } else { chain(finding) }
}
