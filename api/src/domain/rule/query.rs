//! Reads of rules, dry runs of checks, and what must be proposed now.
//! No write enters here.

use async_graphql::{Context, ID, Object};
use chrono::NaiveDate;
use entity::award_type;
use entity::nominee::SubjectKind;
use entity::submission::CommendationType;
use sea_orm::ColumnTrait;

use super::answer::EligibilityCheck;
use super::chain::{self, Proposal, proposals};
use super::check::Rule;
use super::load;
use super::nouns::EligibilityRule;
use super::related::{Asked, check};
use crate::domain::award;
use crate::domain::subject::Subject;
use crate::domain::unit::Unit;
use crate::domain::{Ask, input};
use crate::error::{Code, Fault, Result};
use crate::filter::row_id;
use crate::scalar::Date;

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
    /// caller may not read the subject. A question that cannot be answered is a top-level error whose
    /// `extensions.errorCode` says why: `AWARD_UNKNOWN` for a code of no catalogue, `AWARD_NOT_APPLICABLE` for a
    /// title or form that cannot be given to this kind of subject, by this type of commendation or any more.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a question")]
    async fn eligibility_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The subject.")] subject_id: ID,
        #[graphql(desc = "Code of the title or form.")] award_type_code: String,
        #[graphql(desc = "Year of the proposal, 1948 to 2100.")] year: i32,
        #[graphql(desc = "Type of commendation; by merit when absent.")] commendation_type: Option<
            CommendationType,
        >,
        #[graphql(
            desc = "Day of the achievement, by which sudden ones and movements of a year are told apart."
        )]
        achieved_on: Option<Date>,
        #[graphql(desc = "The day the dossier is received; today when absent.")]
        received_on: Option<Date>,
        #[graphql(
            desc = "The day of the decision; today when absent. What was decided or recognised after it does not count."
        )]
        decided_on: Option<Date>,
    ) -> Result<Option<EligibilityCheck>> {
        let gate = ctx.gate()?;
        gate.actor()?;
        let today = gate.today();
        if !award::is_known(gate, &award_type_code).await? {
            let fault = Fault::at(Code::AwardUnknown, "awardTypeCode");
            return Err(fault.with("name", award_type_code).into());
        }
        let days = (received_on.map(|day| day.0), decided_on.map(|day| day.0));
        input::period(days.0, days.1, "decidedOn")?;
        let Some(subject) = row_id::<Subject>(&subject_id) else { return Ok(None) };
        let asked = Asked {
            subject,
            award: award_type_code,
            year: input::year(year, "year")?,
            commendation: commendation_type.unwrap_or(CommendationType::Merit),
            achieved_on: achieved_on.map(|day| day.0),
            received_on: received_on.map_or(today, |day| day.0),
            decided_on: decided_on.map_or(today, |day| day.0),
        };
        let found = check(gate, &[asked]).await?;
        let Some((asked, check)) = found.into_iter().next() else { return Ok(None) };
        let code = award_type::Column::Code.eq(&asked.award);
        let types = gate.catalogue::<award_type::Entity>()?.filter(code).all().await?;
        let what = (check.subject.subject_kind(), asked.commendation);
        demand_one(&types, what, asked.decided_on)?;
        Ok(Some(check))
    }

    /// Subjects at or below a unit whose earlier awards oblige or allow a proposal in a year, such as a second
    /// provincial title that leads to the national one, by name. Titles that nobody decides for this kind of tenant, such
    /// as those of a ministry for a province, are left out, and so is who fails the rest of the rule.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a question")]
    async fn must_propose_now(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "This unit and those below it.")] unit_id: ID,
        #[graphql(desc = "Year of the proposal, 1948 to 2100.")] year: i32,
        #[graphql(
            desc = "Those too whose earlier awards lead on and who fail the rest of the rule, such as for want of an initiative; no when absent."
        )]
        include_failed: Option<bool>,
    ) -> Result<Vec<Proposal>> {
        let gate = ctx.gate()?;
        let year = input::year(year, "year")?;
        let above = row_id::<Unit>(&unit_id).unwrap_or_default();
        let include_failed = include_failed.unwrap_or_default();
        proposals(gate, above, chain::Sought { year, include_failed }).await
    }
}

/// Refuses a title or form of which no wording can be given; the last wording says why. What the catalogue does not
/// reach back to is asked in its oldest wording.
fn demand_one(
    types: &[award_type::Model],
    what: (SubjectKind, CommendationType),
    decided_on: NaiveDate,
) -> Result<()> {
    let mut wordings: Vec<_> = types.iter().collect();
    wordings.sort_by_key(|row| row.valid_from);
    let mut said = Err(Fault::at(Code::AwardNotApplicable, "awardTypeCode").into());
    for row in wordings {
        let on = decided_on.max(row.valid_from);
        said = award::demand_applicable(row, what, (on, "awardTypeCode"));
        if said.is_ok() {
            break;
        }
    }
    said
}
