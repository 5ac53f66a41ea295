//! A decision with its list: from approved submissions, or directly.
//! No ballot and no eligibility enters here: they came before.

use async_graphql::{Context, ID, InputObject, Object};
use entity::award_type::{self, Level};
use entity::submission::{self, CommendationType, State};
use entity::{decision, decision_submission, nominee, onward_nominee, subject, unit};
use sea_orm::{ActiveEnum, ColumnTrait, Condition};
use uuid::Uuid;

use super::authority::{self, AuthorityChoiceInput};
use super::law::weigh;
use super::vote::{self, Left, Voted};
use super::wish::{Wish, demand_proof, give, require};
use super::{Decision, PaperInput, Series, pending, places};
use crate::access::{Act, Gate, Tx};
use crate::domain::award::{AwardDecider, AwardType, said, subject_missing};
use crate::domain::rule::Law;
use crate::domain::subject::Subject;
use crate::domain::submission::{Submission, end_waiting};
use crate::domain::unit::Unit;
use crate::domain::{Ask, bonus, input, notice, quota, record, registry};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::{input_id, input_ids};
use crate::payload;
use crate::scalar::Date;

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
    /// First year of the achievements it counts, from 1948.
    counting_from: i32,
    /// Last year, not after that of the decision; the first one when absent.
    counting_to: Option<i32>,
    /// Type of commendation.
    #[graphql(default_with = "CommendationType::Merit")]
    commendation_type: CommendationType,
    /// How many years the movement lasted, where it is given in one: 1 to 100.
    movement_years: Option<i32>,
    /// Day of the achievement (ngày lập thành tích), within the years that are counted and not after the decision: sudden
    /// ones and movements of one year are told apart by it. Merit has none.
    achieved_on: Option<Date>,
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
    /// The issuer's name as it stands on the paper, at most 300 characters; when absent that of the authority of the
    /// State, or of the unit.
    issuer_name: Option<String>,
    /// Number, day and signature; the day is not before a ballot on which the decision rests was closed or, where there was
    /// none, before the submission was sent (`OUT_OF_RANGE`).
    paper: PaperInput,
    /// Approved submissions whose nominees it commends; each is answered by one decision. At most 50. Of the places that
    /// they reserved of quotas, those it gives are used up and the rest comes back; who is given a lower title than he
    /// was proposed for takes of the quota of that one (`QUOTA_EXCEEDED`). A nominee
    /// whom a council has voted on is commended only if the last ballot passed, for the title that passed; while a
    /// ballot on one is not closed, nothing is decided (`WRONG_STATE`), nor while the chair has not said who of equals is
    /// taken (`TIE_UNDECIDED`). Who was proposed to an authority above is left to
    /// it (`WRONG_STATE` where nobody else is on them). A title that asks for a ballot is given to nobody
    /// without one (`VOTE_MISSING`), one that asks for the opinion of the Party committee to nobody whom it has not
    /// agreed to (`PARTY_OPINION_MISSING`, `PARTY_OPINION_AGAINST`). Whoever the law stands against on the day of
    /// the decision, with what is recorded by now, is given nothing (`ELIGIBILITY_FAILED`); what nobody can say yet
    /// passes. A title of the State level is given to no nominee who is a name without a subject (`SUBJECT_MISSING`). An
    /// initiative on which an award rests has served with it.
    #[graphql(default)]
    submission_ids: Vec<ID>,
    /// Nominees of these submissions whom the last round has not passed, and whom the one who decides commends all the
    /// same, where the rule of their ballot leaves it to him (`AUTHORITY_DECIDES`), as only a regulation does where the law
    /// sets a least share of votes; the ballot and the reason stand among the grounds of the decision. At most 50.
    #[graphql(default)]
    authority_choices: Vec<AuthorityChoiceInput>,
    /// Awards beside those of submissions; at most 500 in all. They take of the quotas of the units of those who get
    /// them, as a submission does (`QUOTA_EXCEEDED`). Whom a submission on its way proposes for the same title and year is
    /// given it without a ballot by no authority elsewhere either, where the title asks for one (`VOTE_MISSING`).
    #[graphql(default)]
    awards: Vec<DecisionAwardInput>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(DecisionIssuePayload, decision: Decision, "decision issued");

/// Where the input names the submissions.
const SUBMITTED: &str = "input.submissionIds";

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

async fn issue(gate: &Gate, input: DecisionIssueInput) -> Result<Decision> {
    let unit_id = input_id::<Unit>(&input.unit_id, "input.unitId")?;
    let mut paper = input.paper.check(gate.today(), "input.paper")?;
    let name = input::optional_text(input.issuer_name.as_deref(), "input.issuerName", input::NAME)?;
    few(input.submission_ids.len(), SUBMISSIONS, SUBMITTED)?;
    few(input.awards.len(), AWARDS, "input.awards")?;
    let catalogue = gate.catalogue::<award_type::Entity>()?.all().await?;
    let tariff = bonus::Tariff::read(gate, paper.decided_on).await?;
    let law = Law::read(gate).await?;
    let tx = gate.begin(Act::DecisionIssue).await?;
    quota::stand_by(&tx).await?;
    let unit = tx.one::<unit::Entity>(Act::DecisionIssue, unit_id).await;
    let unit = unit.map_err(|fault| fault.at("input.unitId"))?;
    let series = Series::of(&unit, input.issuer, name)?;
    let mut wishes = direct(&tx, &catalogue, &input.awards).await?;
    let submissions = answered(&tx, &input.submission_ids).await?;
    notice::demand(&tx, &catalogue, (submissions.as_slice(), paper.decided_on)).await?;
    let nominees = nominees(&tx, &submissions).await?;
    let at = |row: &nominee::Model| listed(&submissions, row.submission_id);
    let Left { here: mut left, refused } = vote::sort(&tx, nominees.clone(), &at).await?;
    let (chosen, grounds) = authority::chosen(&refused, &input.authority_choices)?;
    left.extend(chosen);
    authority::after_votes(&left, &submissions, paper.decided_on)?;
    paper.rest_on(grounds);
    let answered = places::answered(places::codes(&catalogue), (&nominees, &left));
    wishes.extend(proposed(&tx, &catalogue, (&submissions, left)).await?);
    let worded = |wish: Wish| wish.worded(&catalogue, paper.decided_on);
    let wishes: Vec<Wish> = wishes.into_iter().map(worded).collect();
    few(wishes.len(), AWARDS, "input.awards")?;
    if wishes.is_empty() {
        return Err(authority::nobody(&refused, &submissions).into());
    }
    demand_proof(&tx, &wishes, (&series, &paper)).await?;
    pending::demand_votes(&tx, &wishes, (&catalogue, paper.decided_on)).await?;
    let weighed = weigh(&tx, law, &catalogue, (&wishes, &paper)).await?;
    require(&wishes, (&series, &paper))?;
    weighed.demand(&wishes, |wish| wish.is_ours(&series))?;
    let direct = places::unproposed(&wishes, &series);
    let row = give(&tx, (&series, paper, None), wishes, (&catalogue, &tariff)).await?;
    record::spend(&tx, &weighed.uses).await?;
    answer(&tx, &row, &submissions).await?;
    let (submissions, is_own) = (submissions.as_slice(), series.is_own());
    let decided = quota::Decided { submissions, answered, direct, is_own };
    quota::decide(&tx, &row, (decided, &quota::Rulebook::of(&catalogue))).await?;
    tx.answer(Decision::from(row)).await
}

/// The submissions are answered.
async fn answer(tx: &Tx, row: &decision::Model, submissions: &[submission::Model]) -> Result<()> {
    let pair = |submission: &submission::Model| decision_submission::Model {
        tenant_id: row.tenant_id,
        submission_id: submission.id,
        decision_id: row.id,
        unit_id: submission.unit_id,
    };
    let pairs = submissions.iter().map(pair).collect();
    let added = tx.add_many::<decision_submission::Entity>(pairs).await;
    added.map_err(|fault| fault.at(SUBMITTED))?;
    end_waiting(tx, submissions.iter()).await
}

fn few(count: usize, most: usize, path: &str) -> Result<()> {
    if count <= most {
        return Ok(());
    }
    let fault = Fault::at(Code::OutOfRange, path).with("case", "COUNT");
    Err(fault.with("min", 0).with("max", most).into())
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
        let achieved_on = wish.achieved_on.map(|day| input::day(day, &at(index, "achievedOn")));
        wishes.push(Wish {
            id: tx.gate().new_id(),
            name: subject.name.clone(),
            subject,
            award_type,
            counting: (from, to),
            commendation_type: wish.commendation_type,
            movement_years: wish.movement_years,
            achieved_on: achieved_on.transpose()?,
            field: input::optional_text(field, &at(index, "field"), input::CODE)?,
            is_voted: false,
            is_proposed: false,
            nominee: None,
            received_on: None,
            path: format!("input.awards.{index}"),
        });
    }
    Ok(wishes)
}

/// The submissions, approved and not answered yet; the key of the table keeps it so.
async fn answered(tx: &Tx, ids: &[ID]) -> Result<Vec<submission::Model>> {
    let ids = input_ids::<Submission>(ids, SUBMITTED)?;
    input::each_once(&ids, SUBMITTED)?;
    let held = tx.lock_all::<submission::Entity>(&ids).await?;
    let mut found = Vec::new();
    for (index, id) in ids.into_iter().enumerate() {
        let path = format!("{SUBMITTED}.{index}");
        let row = match held.iter().find(|row| row.id == id) {
            Some(row) => row.clone(),
            None => tx.lock::<submission::Entity>(id).await.map_err(|fault| fault.at(&path))?,
        };
        if row.state != State::Approved {
            let fault = Fault::at(Code::WrongState, &path).with("state", row.state.to_value());
            return Err(fault.into());
        }
        found.push(row);
    }
    let Some(tenant) = found.first().map(|row| row.tenant_id) else { return Ok(found) };
    let before = decision_submission::Column::SubmissionId.is_in(found.iter().map(|row| row.id));
    let before = Condition::all().add(before);
    match tx.all_of::<decision_submission::Entity>(tenant, before).await?.first() {
        Some(one) => {
            let path = listed(&found, one.submission_id);
            Err(Fault::at(Code::WrongState, &path).with("state", "DECIDED").into())
        }
        None => Ok(found),
    }
}

/// Where a submission stands in the input.
fn listed(submissions: &[submission::Model], one: Uuid) -> String {
    let ids: Vec<Uuid> = submissions.iter().map(|row| row.id).collect();
    input::place(&ids, one, SUBMITTED)
}

/// Those whom the submissions propose and who are decided on here.
async fn nominees(tx: &Tx, submissions: &[submission::Model]) -> Result<Vec<nominee::Model>> {
    let tenant = tx.gate().actor()?.tenant;
    let of_these = Condition::all()
        .add(nominee::Column::SubmissionId.is_in(submissions.iter().map(|row| row.id)));
    let nominees = tx.all_of::<nominee::Entity>(tenant, of_these).await?;
    decided_here(tx, nominees).await
}

/// What the submissions propose; a nominee who is not known as a subject yet becomes one.
async fn proposed(
    tx: &Tx,
    catalogue: &[award_type::Model],
    (submissions, mut left): (&[submission::Model], Vec<Voted>),
) -> Result<Vec<Wish>> {
    let tenant = tx.gate().actor()?.tenant;
    left.sort_by_key(|row| (row.nominee.submission_id, row.nominee.position));
    let known = left.iter().filter_map(|row| row.nominee.subject_id);
    let known = Condition::all().add(subject::Column::Id.is_in(known));
    let known = tx.all_of::<subject::Entity>(tenant, known).await?;
    let unknown = left.iter().map(|row| &row.nominee).filter(|row| row.subject_id.is_none());
    let made = registry::subjects_of(tx, &unknown.collect::<Vec<_>>()).await?;
    let mut wishes = Vec::new();
    for Voted { nominee, passed_as, .. } in left {
        let Some(of) = submissions.iter().find(|row| row.id == nominee.submission_id) else {
            continue;
        };
        let path = listed(submissions, of.id);
        let award_type = catalogue.iter().find(|row| row.id == nominee.award_type_id).cloned();
        let award_type = award_type.ok_or_else(|| Error::broken("a nominee without award type"))?;
        let subject = match nominee.subject_id {
            Some(id) => known.iter().find(|row| row.id == id),
            // A title of the State rests on a record, and a name has none.
            None if award_type.level == Level::State => {
                return Err(subject_missing(&nominee.name, said(&award_type), &path).into());
            }
            None => made.get(&nominee.id),
        };
        let subject = subject.cloned().ok_or_else(|| Error::broken("a nominee without subject"))?;
        let wish = Wish::of(&nominee, of, (subject, award_type), (tx.gate().new_id(), &path));
        wishes.push(Wish { is_voted: passed_as.is_some(), ..wish });
    }
    Ok(wishes)
}

/// The nominees without those who were proposed to an authority above: that one decides on them.
async fn decided_here(tx: &Tx, nominees: Vec<nominee::Model>) -> Result<Vec<nominee::Model>> {
    let tenant = tx.gate().actor()?.tenant;
    let ids = nominees.iter().map(|row| row.id);
    let of_these = Condition::all().add(onward_nominee::Column::NomineeId.is_in(ids));
    let onward = tx.all_of::<onward_nominee::Entity>(tenant, of_these).await?;
    let is_here = |row: &nominee::Model| onward.iter().all(|it| it.nominee_id != row.id);
    Ok(nominees.into_iter().filter(is_here).collect())
}
