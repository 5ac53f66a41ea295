//! A decision with its list: from approved submissions, or directly.
//! No ballot and no eligibility enters here: they came before.

use async_graphql::{Context, ID, InputObject, Object};
use entity::decision::{self, Kind, Source};
use entity::nominee::SubjectKind;
use entity::submission::{self, CommendationType, State};
use entity::{award, award_type, decision_submission, nominee, subject, unit};
use sea_orm::{ActiveEnum, ColumnTrait, Condition};
use uuid::Uuid;

use super::vote::left_by_vote;
use super::{Decision, Paper, PaperInput, Series, label};
use crate::access::{Act, Gate, Tx};
use crate::domain::award::{AwardDecider, AwardType, is_applicable};
use crate::domain::subject::Subject;
use crate::domain::submission::Submission;
use crate::domain::unit::Unit;
use crate::domain::{Ask, bonus, input, registry};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::text::search_form;

/// Most awards of one decision.
const AWARDS: usize = 500;
/// Most submissions of one decision.
const SUBMISSIONS: usize = 50;

/// One award of a decision.
#[derive(InputObject)]
pub(crate) struct DecisionAwardInput {
    /// The one who gets it.
    subject_id: ID,
    /// The title or form, as the law words it on the day of the decision.
    award_type_id: ID,
    /// First year of the achievements it counts.
    counting_from: i32,
    /// Last year; the first one when absent.
    counting_to: Option<i32>,
    /// Type of commendation.
    #[graphql(default_with = "CommendationType::Merit")]
    commendation_type: CommendationType,
    /// How many years the movement lasted, where it is given in one.
    movement_years: Option<i32>,
    /// Field of activity, at most 60 characters.
    field: Option<String>,
}

/// Input of `decisionIssue`.
#[derive(InputObject)]
pub(crate) struct DecisionIssueInput {
    /// The unit whose head decides; for a decision of an authority elsewhere, the root of the tenant.
    unit_id: ID,
    /// Who decides; the head of the unit when absent.
    issuer: Option<AwardDecider>,
    /// The issuer's name as it stands on the paper; the name of the unit when absent.
    issuer_name: Option<String>,
    /// Number, day and signature.
    paper: PaperInput,
    /// Approved submissions whose nominees it commends; each is answered by one decision. At most 50. A nominee
    /// whom a council has voted on is commended only if the last ballot passed, for the title that passed; while a
    /// ballot on one is not closed, nothing is decided (`WRONG_STATE`).
    #[graphql(default)]
    submission_ids: Vec<ID>,
    /// Awards beside those of submissions; at most 500 in all.
    #[graphql(default)]
    awards: Vec<DecisionAwardInput>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(DecisionIssuePayload, decision: Decision, "decision issued");

/// Changes of decisions.
#[derive(Default)]
pub struct DecisionMutation;

/// Changes of decisions.
#[Object]
impl DecisionMutation {
    /// Issues a decision of commendation with its list: the awards are in the registry from then on (ban hành quyết
    /// định). A decision of the President, the Prime Minister or the Government is recorded with its own number.
    /// Roles: chair, standing officer, central officer; unit head: of the own unit.
    async fn decision_issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision.")] input: DecisionIssueInput,
    ) -> async_graphql::Result<DecisionIssuePayload> {
        let key = input.idempotency_key.clone();
        DecisionIssuePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(issue(&gate, input))).await
            }
            .await,
        )
    }
}

/// What is given to whom.
struct Wish {
    subject: subject::Model,
    award_type: award_type::Model,
    name: String,
    counting: (i32, i32),
    commendation_type: CommendationType,
    movement_years: Option<i32>,
    field: Option<String>,
    path: String,
}

async fn issue(gate: &Gate, input: DecisionIssueInput) -> Result<Decision> {
    let unit_id = input_id::<Unit>(&input.unit_id, "input.unitId")?;
    let paper = input.paper.check(gate.today(), "input.paper")?;
    let name = input::optional_text(input.issuer_name.as_deref(), "input.issuerName", input::NAME)?;
    few(input.submission_ids.len(), SUBMISSIONS, "input.submissionIds")?;
    few(input.awards.len(), AWARDS, "input.awards")?;
    let catalogue = gate.catalogue::<award_type::Entity>()?.all().await?;
    let tariff = bonus::Tariff::read(gate, paper.decided_on).await?;
    let tx = gate.begin(Act::DecisionIssue).await?;
    let unit = tx.one::<unit::Entity>(Act::DecisionIssue, unit_id).await;
    let unit = unit.map_err(|fault| fault.at("input.unitId"))?;
    let series = Series::of(&unit, input.issuer, name)?;
    let mut wishes = direct(&tx, &catalogue, &input.awards).await?;
    let submissions = answered(&tx, &input.submission_ids).await?;
    wishes.extend(proposed(&tx, &catalogue, &submissions).await?);
    few(wishes.len(), AWARDS, "input.awards")?;
    if wishes.is_empty() {
        return Err(Fault::at(Code::NoNominee, "input.awards").into());
    }
    for wish in &wishes {
        check(wish, &series, &paper)?;
    }
    require_open_units(&tx, &wishes, &paper).await?;
    let row = series.issue(&tx, paper, Kind::Award).await?;
    for submission in &submissions {
        let pair = decision_submission::Model {
            tenant_id: row.tenant_id,
            submission_id: submission.id,
            decision_id: row.id,
            unit_id: submission.unit_id,
        };
        let added = tx.add_many::<decision_submission::Entity>(vec![pair]).await;
        added.map_err(|fault| fault.at("input.submissionIds"))?;
    }
    let awards = wishes.into_iter().map(|wish| wish.award(gate, &row));
    let mut awards = awards.collect::<Result<Vec<_>>>()?;
    tariff.price(&mut awards, &catalogue);
    registry::give(&tx, awards).await?;
    tx.answer(Decision::from(row)).await
}

fn few(count: usize, most: usize, path: &str) -> Result<()> {
    if count <= most {
        return Ok(());
    }
    Err(Fault::at(Code::OutOfRange, path).with("min", 0).with("max", most).into())
}

async fn direct(
    tx: &Tx,
    catalogue: &[award_type::Model],
    inputs: &[DecisionAwardInput],
) -> Result<Vec<Wish>> {
    let at = |index: usize, field: &str| format!("input.awards.{index}.{field}");
    let read = |(index, wish): (usize, &DecisionAwardInput)| {
        input_id::<Subject>(&wish.subject_id, &at(index, "subjectId"))
    };
    let ids: Vec<Uuid> = inputs.iter().enumerate().map(read).collect::<Result<_>>()?;
    let these = Condition::all().add(subject::Column::Id.is_in(ids.clone()));
    let subjects = tx.all::<subject::Entity>(Act::DecisionIssue, these).await?;
    let mut wishes = Vec::new();
    for ((index, wish), id) in inputs.iter().enumerate().zip(ids) {
        let subject = subjects.iter().find(|row| row.id == id).cloned();
        let subject = subject.ok_or_else(|| Error::not_found().at(&at(index, "subjectId")))?;
        let award_type = input_id::<AwardType>(&wish.award_type_id, &at(index, "awardTypeId"))?;
        let award_type = catalogue.iter().find(|row| row.id == award_type).cloned();
        let award_type =
            award_type.ok_or_else(|| Error::not_found().at(&at(index, "awardTypeId")))?;
        let from = input::year(wish.counting_from, &at(index, "countingFrom"))?;
        let to = input::year(wish.counting_to.unwrap_or(from), &at(index, "countingTo"))?;
        if to < from {
            return Err(Fault::at(Code::PeriodReversed, &at(index, "countingTo")).into());
        }
        let field = wish.field.as_deref();
        wishes.push(Wish {
            name: subject.name.clone(),
            subject,
            award_type,
            counting: (from, to),
            commendation_type: wish.commendation_type,
            movement_years: wish.movement_years,
            field: input::optional_text(field, &at(index, "field"), input::CODE)?,
            path: format!("input.awards.{index}"),
        });
    }
    Ok(wishes)
}

/// The submissions, approved and not answered yet; the key of the table keeps it so.
async fn answered(tx: &Tx, ids: &[ID]) -> Result<Vec<submission::Model>> {
    let mut found = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let path = format!("input.submissionIds.{index}");
        let id = input_id::<Submission>(id, &path)?;
        let row = tx.lock::<submission::Entity>(id).await.map_err(|fault| fault.at(&path))?;
        if row.state != State::Approved {
            let fault = Fault::at(Code::WrongState, &path).with("state", row.state.to_value());
            return Err(fault.into());
        }
        found.push(row);
    }
    Ok(found)
}

/// What the submissions propose; a nominee who is not known as a subject yet becomes one.
async fn proposed(
    tx: &Tx,
    catalogue: &[award_type::Model],
    submissions: &[submission::Model],
) -> Result<Vec<Wish>> {
    let tenant = tx.gate().actor()?.tenant;
    let of_these = Condition::all()
        .add(nominee::Column::SubmissionId.is_in(submissions.iter().map(|row| row.id)));
    let nominees = tx.all_of::<nominee::Entity>(tenant, of_these).await?;
    let mut nominees = left_by_vote(tx, nominees).await?;
    nominees.sort_by_key(|row| (row.submission_id, row.position));
    let known = nominees.iter().filter_map(|row| row.subject_id);
    let known = Condition::all().add(subject::Column::Id.is_in(known));
    let known = tx.all_of::<subject::Entity>(tenant, known).await?;
    let mut wishes = Vec::new();
    for nominee in nominees {
        let Some(of) = submissions.iter().find(|row| row.id == nominee.submission_id) else {
            continue;
        };
        let award_type = catalogue.iter().find(|row| row.id == nominee.award_type_id).cloned();
        let award_type = award_type.ok_or_else(|| Error::broken("a nominee without award type"))?;
        let subject = match nominee.subject_id {
            Some(id) => known.iter().find(|row| row.id == id).cloned(),
            None => Some(registry::subject_of(tx, &nominee).await?),
        };
        let subject = subject.ok_or_else(|| Error::broken("a nominee without subject"))?;
        wishes.push(Wish {
            subject: subject::Model { unit_id: nominee.unit_id, ..subject },
            award_type,
            name: nominee.name,
            counting: (of.year, of.year),
            commendation_type: of.commendation_type,
            movement_years: None,
            field: None,
            path: "input.submissionIds".to_owned(),
        });
    }
    Ok(wishes)
}

/// Whether the title can be given to this kind of subject, on this day, by this authority.
fn check(wish: &Wish, series: &Series, paper: &Paper) -> Result<()> {
    let Wish { award_type, subject, commendation_type, path, .. } = wish;
    let is_right = is_applicable(award_type, subject.kind, *commendation_type, paper.decided_on);
    if !is_right {
        return Err(Fault::at(Code::AwardNotApplicable, path).into());
    }
    let decider: Option<&str> = series.issuer.map(Into::into);
    if award_type.decided_by.split('|').all(|known| Some(known) != decider) {
        return Err(Fault::at(Code::NotTheAuthority, path).with("award", &award_type.name).into());
    }
    Ok(())
}

/// Nothing is given to a unit that was dissolved before the decision, nor to its people as such.
async fn require_open_units(tx: &Tx, wishes: &[Wish], paper: &Paper) -> Result<()> {
    let tenant = tx.gate().actor()?.tenant;
    let ids = wishes.iter().map(|wish| wish.subject.unit_id);
    let these = Condition::all().add(unit::Column::Id.is_in(ids));
    let units = tx.all_of::<unit::Entity>(tenant, these).await?;
    let is_open = |id: Uuid| {
        units.iter().any(|unit| {
            let is_over = unit.valid_to.is_some_and(|last| last < paper.decided_on);
            unit.id == id && unit.valid_from <= paper.decided_on && !is_over
        })
    };
    match wishes.iter().find(|wish| !is_open(wish.subject.unit_id)) {
        Some(wish) => Err(Fault::at(Code::NotInForce, &wish.path).into()),
        None => Ok(()),
    }
}

impl Wish {
    fn award(self, gate: &Gate, decision: &decision::Model) -> Result<award::Model> {
        let Self { subject, award_type, .. } = self;
        let is_person = subject.kind == SubjectKind::Individual;
        Ok(award::Model {
            tenant_id: decision.tenant_id,
            id: gate.new_id(),
            unit_id: subject.unit_id,
            subject_id: Some(subject.id),
            subject_kind: subject.kind,
            name_search: search_form(&self.name),
            subject_name_as_recorded: self.name,
            sex: subject.sex,
            leadership_class: subject.leadership_class,
            direct_worker: is_person.then_some(subject.direct_worker),
            manager: is_person.then_some(subject.manager),
            award_type_id: award_type.id,
            award_type_code: award_type.code,
            name_as_recorded: award_type.name,
            counting_from_year: self.counting.0,
            counting_to_year: self.counting.1,
            commendation_type: self.commendation_type,
            movement_years: self.movement_years,
            field: self.field,
            issuer_name: decision.issuer_name.clone(),
            issuer_tenant_id: decision.issuer_tenant_id,
            decision_id: Some(decision.id),
            decision_label: Some(label(decision.number, &decision.symbol)),
            decided_on: Some(decision.decided_on),
            bonus_raw: None,
            bonus_paid: None,
            source: Source::Decision,
            events: 1,
            public_code: Some(gate.new_code()?),
            state: award::State::Valid,
            created_at: gate.now(),
            version: 1,
        })
    }
}
