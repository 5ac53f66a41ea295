//! What a correction may make of an award.
//! Nothing is written here.

use async_graphql::MaybeUndefined;
use chrono::Datelike;
use entity::nominee::SubjectKind;
use entity::subject::LeadershipClass;
use entity::{award, award_type, subject};
use sea_orm::{ColumnTrait, Condition};

use crate::access::{Gate, Tx};
use crate::domain::award::is_applicable;
use crate::domain::rule::is_same_achievement;
use crate::error::{Code, Fault, Result};
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
    if before.commendation_type == after.commendation_type {
        return Ok(());
    }
    let award_type = gate.look_up::<award_type::Entity>(before.award_type_id).await?;
    let on = before.decided_on.unwrap_or_else(|| gate.today());
    let is_right = award_type
        .is_some_and(|it| is_applicable(&it, after.subject_kind, after.commendation_type, on));
    if is_right {
        return Ok(());
    }
    Err(Fault::at(Code::AwardNotApplicable, "input.commendationType").into())
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
    award.direct_worker = is_person.then_some(subject.direct_worker);
    award.manager = is_person.then_some(subject.manager);
    Ok(())
}

/// Refuses a correction that would give somebody the same twice for one achievement.
pub(super) async fn once(tx: &Tx, before: &award::Model, after: &award::Model) -> Result<()> {
    use award::Column;
    let key = |it: &award::Model| {
        let years = (it.counting_from_year, it.counting_to_year);
        (it.subject_id, years, it.commendation_type, it.achieved_on)
    };
    let Some(subject) = after.subject_id.filter(|_| key(before) != key(after)) else {
        return Ok(());
    };
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
    if others.iter().any(is_same) {
        return Err(Fault::at(Code::AlreadyExists, "input.subjectId").into());
    }
    Ok(())
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
