//! What a correction may make of an award.
//! Nothing is written here.

use async_graphql::MaybeUndefined;
use chrono::{Datelike, NaiveDate};
use entity::decision::{self, Source};
use entity::nominee::SubjectKind;
use entity::subject::LeadershipClass;
use entity::submission::CommendationType;
use entity::{award, award_type, decision_submission, onward_event, subject};
use sea_orm::{ColumnTrait, Condition};

use crate::access::{Gate, Tx};
use crate::domain::award::is_applicable;
use crate::domain::decision::{Series, achieved_within};
use crate::domain::rule::{is_same_achievement, is_told_by_day};
use crate::error::{Code, Fault, Result};
use crate::reference::is_award;
use crate::text::search_form;

/// A correction corrects something, and leaves an award that can be given.
pub(super) async fn corrected(
    gate: &Gate,
    before: &award::Model,
    after: &award::Model,
) -> Result<()> {
    if before == after {
        let fault = Fault::at(Code::InvalidCombination, "input");
        return Err(fault.with("detail", "nothing is corrected").into());
    }
    let last = before.decided_on.unwrap_or_else(|| gate.today()).year();
    if after.counting_to_year > last.max(before.counting_to_year) {
        let fault = Fault::at(Code::OutOfRange, "input.countingTo");
        let first = after.counting_from_year.min(last);
        return Err(fault.with("min", first).with("max", last).into());
    }
    let on = before.decided_on.unwrap_or_else(|| gate.today());
    dated((before, after), on)?;
    if before.commendation_type == after.commendation_type {
        return Ok(());
    }
    let award_type = gate.look_up::<award_type::Entity>(before.award_type_id).await?;
    // An award of a day before the wording under which it was written down is asked in that wording.
    let is_right = award_type.is_some_and(|it| {
        let on = on.max(it.valid_from);
        is_applicable(&it, after.subject_kind, after.commendation_type, on)
    });
    if is_right {
        return Ok(());
    }
    Err(Fault::at(Code::AwardNotApplicable, "input.commendationType").into())
}

/// The day of what was decided here stays within the years that it counts, and before its decision, whichever of them is
/// corrected.
fn dated((before, after): (&award::Model, &award::Model), decided_on: NaiveDate) -> Result<()> {
    let years = |it: &award::Model| (it.counting_from_year, it.counting_to_year);
    let is_other_day = before.achieved_on != after.achieved_on;
    let is_asked =
        before.source == Source::Decision && (is_other_day || years(before) != years(after));
    let Some(day) = after.achieved_on.filter(|_| is_asked) else { return Ok(()) };
    if after.commendation_type == CommendationType::Merit {
        let fault = Fault::at(Code::InvalidCombination, "input.achievedOn");
        return Err(fault.with("detail", "achievedOn, commendationType").into());
    }
    let (first, last) = achieved_within(years(after), decided_on);
    // A list that was sent may count another year than that of the day: within that year it may be told more exactly.
    let is_more_exact = years(before) == years(after)
        && before.achieved_on.is_some_and(|told| told.year() == day.year())
        && day <= decided_on;
    if (first..=last).contains(&day) || is_more_exact {
        return Ok(());
    }
    let fault = if is_other_day {
        Fault::at(Code::OutOfRange, "input.achievedOn").with("min", first).with("max", last)
    } else {
        let year = day.year();
        Fault::at(Code::OutOfRange, "input.countingFrom").with("min", year).with("max", year)
    };
    Err(fault.into())
}

/// Refuses a correction that gives what was decided here to somebody else, or for merit instead of a sudden achievement or
/// a movement: that would be a new award which nobody decided. What was taken over may be put right.
pub(super) async fn settled(tx: &Tx, before: &award::Model, after: &award::Model) -> Result<()> {
    let is_by_day = |it: &award::Model| is_told_by_day(it.commendation_type);
    let changed = if before.subject_id.is_some() && before.subject_id != after.subject_id {
        "input.subjectId"
    } else if is_by_day(before) != is_by_day(after) {
        "input.commendationType"
    } else {
        return Ok(());
    };
    if is_decided_here(tx, before).await? {
        return Err(Fault::at(Code::SettledByDecision, changed).into());
    }
    Ok(())
}

/// Whether it was decided here, or elsewhere on a list of ours; what an authority elsewhere has decided without us is written
/// down as it is.
async fn is_decided_here(tx: &Tx, award: &award::Model) -> Result<bool> {
    let Some(id) = award.decision_id.filter(|_| award.source == Source::Decision) else {
        return Ok(false);
    };
    let this = Condition::all().add(decision::Column::Id.eq(id));
    let giver = tx.all_of::<decision::Entity>(award.tenant_id, this).await?.pop();
    if Series::behind(award, giver.as_ref()).is_own() {
        return Ok(true);
    }
    let answered = Condition::all().add(decision_submission::Column::DecisionId.eq(id));
    let answered = tx.all_of::<decision_submission::Entity>(award.tenant_id, answered).await?;
    let sent = Condition::all().add(onward_event::Column::DecisionId.eq(id));
    let sent = tx.all_of::<onward_event::Entity>(award.tenant_id, sent).await?;
    Ok(!answered.is_empty() || !sent.is_empty())
}

/// Names another subject as the one who has the award, by its name and as it is at this time.
pub(super) fn attach(award: &mut award::Model, subject: &subject::Model) -> Result<()> {
    if subject.kind != award.subject_kind || award.events != 1 {
        return Err(Fault::at(Code::AwardNotApplicable, "input.subjectId").into());
    }
    award.subject_id = Some(subject.id);
    award.subject_name_as_recorded.clone_from(&subject.name);
    award.name_search = search_form(&subject.name);
    award.unit_id = subject.unit_id;
    award.sex = subject.sex;
    award.leadership_class = subject.leadership_class;
    award.enterprise = subject.enterprise;
    let is_person = subject.kind == SubjectKind::Individual;
    award.direct_worker = subject.direct_worker.filter(|_| is_person);
    award.manager = subject.manager.filter(|_| is_person);
    Ok(())
}

/// Refuses a correction that would give somebody the same twice for one achievement.
pub(super) async fn once(tx: &Tx, before: &award::Model, after: &award::Model) -> Result<()> {
    let key = |it: &award::Model| {
        let years = (it.counting_from_year, it.counting_to_year);
        (it.subject_id, years, it.commendation_type, it.achieved_on)
    };
    if key(before) == key(after) {
        return Ok(());
    }
    alone(tx, after, "input.subjectId").await
}

/// Refuses an award beside another that stands for the same achievement of the same subject.
pub(super) async fn alone(tx: &Tx, after: &award::Model, path: &str) -> Result<()> {
    use award::Column;
    let Some(subject) = after.subject_id else { return Ok(()) };
    let others = Condition::all()
        .add(Column::SubjectId.eq(subject))
        .add(Column::AwardTypeCode.eq(&after.award_type_code))
        .add(Column::CommendationType.eq(after.commendation_type))
        .add(Column::State.eq(award::State::Valid))
        .add(Column::Id.ne(after.id));
    let others = tx.all_of::<award::Entity>(after.tenant_id, others).await?;
    let is_same = |it: &award::Model| {
        it.counting_from_year <= after.counting_to_year
            && after.counting_from_year <= it.counting_to_year
            && is_same_achievement(after.commendation_type, (it.achieved_on, after.achieved_on))
    };
    let Some(found) = others.iter().find(|it| is_same(it)) else { return Ok(()) };
    let (code, name) = (&found.award_type_code, &found.name_as_recorded);
    let title = if is_award(code) { code } else { name };
    Err(known(found, ((title, title), &found.subject_name_as_recorded), path).into())
}

/// What tells that an award is in the registry: its title, whose it is, for which years, and by which decision.
pub(super) fn known(
    found: &award::Model,
    (title, holder): ((&str, &str), &str),
    path: &str,
) -> Fault {
    let (from, to) = (found.counting_from_year, found.counting_to_year);
    let years = if from == to { from.to_string() } else { format!("{from}-{to}") };
    let day = found.decided_on.map(|day| day.to_string());
    let decision: Vec<String> = found.decision_label.clone().into_iter().chain(day).collect();
    let decision = if decision.is_empty() { "NONE".to_owned() } else { decision.join(", ") };
    Fault::at(Code::AlreadyExists, path)
        .with("case", "AWARD")
        .about(title)
        .with("years", years)
        .with("nominee", holder)
        .with("decision", decision)
}

/// What the statutory forms ask of the one who has it, as it was at that time.
pub(super) fn classed(
    award: &mut award::Model,
    class: MaybeUndefined<LeadershipClass>,
    enterprise: MaybeUndefined<bool>,
) -> Result<()> {
    let is_of = |kind: SubjectKind| award.subject_kind == kind;
    for (is_given, is_right, field) in [
        (!class.is_undefined(), is_of(SubjectKind::Individual), "leadershipClass"),
        (!enterprise.is_undefined(), is_of(SubjectKind::Collective), "enterprise"),
    ] {
        if is_given && !is_right {
            let fault = Fault::at(Code::InvalidCombination, &format!("input.{field}"));
            return Err(fault.with("detail", format!("{field}, subjectKind")).into());
        }
    }
    if !class.is_undefined() {
        award.leadership_class = class.take();
    }
    if !enterprise.is_undefined() {
        award.enterprise = enterprise.take();
    }
    Ok(())
}
