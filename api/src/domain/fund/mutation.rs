//! Writes of funds: money that comes in and goes out.
//! No arithmetic enters here: amounts of bonuses stand with the awards.

use async_graphql::{Context, ID, InputObject, Object};
use entity::fund_entry::{self, Direction, Purpose};
use entity::{award, award_act, decision, unit};
use sea_orm::{ActiveEnum, ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::{Fund, FundEntry, rules};
use crate::access::{Act, Gate, Tx};
use crate::domain::decision::{Decision, label};
use crate::domain::registry::Award;
use crate::domain::unit::Unit;
use crate::domain::{Ask, input, payload_under};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::scalar::Date;

/// Input of `fundEntryRecord`: with an amount, or with the decision or award whose bonuses say how much.
#[derive(InputObject)]
pub(crate) struct FundEntryRecordInput {
    /// The unit whose fund it is; for the bonuses of a decision the unit in whose register it stands.
    unit_id: ID,
    /// Year of the fund, 1948 to 2100.
    year: i32,
    /// In or out.
    direction: Direction,
    /// What it comes from, or goes to.
    purpose: Purpose,
    /// In đồng, as a whole number in text, 1 to 1,000,000,000,000,000; absent for bonuses, for what is recovered of
    /// them and for what is paid again.
    amount: Option<String>,
    /// The day it came or went.
    on: Date,
    /// With the purpose `BONUS`: the decision whose bonuses are paid, once.
    decision_id: Option<ID>,
    /// With the purpose `RECOVERY`: the cancelled or revoked award whose bonus came back. With `REPAYMENT`: the award that
    /// was given back, whose bonus is paid again after it had come back, or now after its decision was paid without it.
    /// Nothing comes back that is not out, and nothing is paid twice (`ALREADY_EXISTS`).
    award_id: Option<ID>,
    /// A remark, at most 4,000 characters.
    note: Option<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload_under!(
    FundEntryRecordPayload, entry: FundEntry, "entry recorded",
    fund: Fund, "fund as it is now"
);

/// Changes of funds.
#[derive(Default)]
pub struct FundMutation;

/// Changes of funds.
#[Object]
impl FundMutation {
    /// Records what came into the fund of a unit or went out of it: money of the budget, the bonuses of a decision,
    /// what was recovered of them. Nothing is paid that the fund of the year does not cover (`FUND_INSUFFICIENT`); what is left
    /// of another year comes in as an entry of its own. Roles: standing officer; unit head: of the own unit.
    async fn fund_entry_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entry.")] input: FundEntryRecordInput,
    ) -> async_graphql::Result<FundEntryRecordPayload> {
        let key = input.idempotency_key.clone();
        FundEntryRecordPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(write(&gate, input))).await
            }
            .await,
        )
    }
}

async fn write(gate: &Gate, input: FundEntryRecordInput) -> Result<FundEntry> {
    let unit_id = input_id::<Unit>(&input.unit_id, "input.unitId")?;
    let year = input::year(input.year, "input.year")?;
    let on_day = input::day(input.on, "input.on")?;
    rules::day((year, on_day), gate.today())?;
    let named = rules::Named {
        amount: input.amount.is_some(),
        decision: input.decision_id.is_some(),
        award: input.award_id.is_some(),
    };
    rules::demand(input.direction, input.purpose, named)?;
    let given = input.amount.as_deref().map(rules::amount).transpose()?;
    let note = input::optional_text(input.note.as_deref(), "input.note", input::TEXT)?;
    let read = |id: &ID| input_id::<Decision>(id, "input.decisionId");
    let decision_id = input.decision_id.as_ref().map(read).transpose()?;
    let read = |id: &ID| input_id::<Award>(id, "input.awardId");
    let award_id = input.award_id.as_ref().map(read).transpose()?;
    let tx = gate.begin(Act::FundEntryRecord).await?;
    let place = tx.one::<unit::Entity>(Act::FundEntryRecord, unit_id).await;
    let place = place.map_err(|fault| fault.at("input.unitId"))?;
    if input.direction == Direction::Out {
        // Who pays out of one fund stands in line: what is left is counted by one at a time.
        tx.stand_in_line("fund", place.id).await?;
    }
    let named = (decision_id, award_id);
    let amount = due(&tx, (input.purpose, given), named, &place).await?;
    if input.direction == Direction::Out {
        let left = left(&tx, &place, year).await?;
        rules::covered((year, left), (input.purpose, amount))?;
    }
    let row = fund_entry::Model {
        tenant_id: place.tenant_id,
        id: gate.new_id(),
        unit_id: place.id,
        year,
        direction: input.direction,
        purpose: input.purpose,
        amount,
        on_day,
        decision_id,
        award_id: award_id.filter(|_| input.purpose != Purpose::Repayment),
        repaid_award: award_id.filter(|_| input.purpose == Purpose::Repayment),
        note,
        author_id: gate.actor()?.user,
        author_name: gate.actor()?.name.clone(),
        at: gate.now(),
    };
    let row = tx.add::<fund_entry::Entity>(row.into_active_model().reset_all()).await;
    // Of the keys of an entry only that of the decision can be taken: a decision is paid once.
    let row = row.map_err(|fault| fault.at("input.decisionId"))?;
    tx.answer(FundEntry::from(row)).await
}

/// How much comes or goes: what was given, or what the bonuses behind it say.
async fn due(
    tx: &Tx,
    (purpose, given): (Purpose, Option<i64>),
    (decision, award): (Option<Uuid>, Option<Uuid>),
    place: &unit::Model,
) -> Result<i64> {
    match (given, decision, award) {
        (Some(amount), _, _) => Ok(amount),
        (None, Some(id), _) => bonuses(tx, id, place).await,
        (None, None, Some(id)) if purpose == Purpose::Repayment => repaid(tx, id, place).await,
        (None, None, Some(id)) => recovered(tx, id, place).await,
        (None, None, None) => Err(Fault::at(Code::Required, "input.amount").into()),
    }
}

/// What is left of the fund of a unit in a year.
async fn left(tx: &Tx, place: &unit::Model, year: i32) -> Result<i64> {
    use fund_entry::Column;
    let of_fund = Condition::all().add(Column::UnitId.eq(place.id)).add(Column::Year.eq(year));
    let entries = tx.all_of::<fund_entry::Entity>(place.tenant_id, of_fund).await?;
    let entries = entries.iter().map(|entry| (entry.direction, entry.amount));
    let (income, spending) = rules::sums(entries);
    Ok(income.saturating_sub(spending))
}

/// The bonuses of the awards of a decision that stand. The one who decides pays; for an authority elsewhere the body
/// that proposed, in whose register the decision stands (Luật 06/2022/QH15, Điều 11).
async fn bonuses(tx: &Tx, id: Uuid, place: &unit::Model) -> Result<i64> {
    let decision = tx.one::<decision::Entity>(Act::DecisionRead, id).await;
    let decision = decision.map_err(|fault| fault.at("input.decisionId"))?;
    if decision.unit_id != place.id {
        let detail = "the fund is that of the unit in whose register the decision stands";
        let fault = Fault::at(Code::InvalidCombination, "input.unitId").with("detail", detail);
        return Err(fault.into());
    }
    // A decision that was paid is told so, however little is left.
    let before = Condition::all().add(fund_entry::Column::DecisionId.eq(id));
    if !tx.all_of::<fund_entry::Entity>(decision.tenant_id, before).await?.is_empty() {
        let fault = Fault::at(Code::AlreadyExists, "input.decisionId").with("case", "FUND_BONUS");
        return Err(fault.with("decision", label(decision.number, &decision.symbol)).into());
    }
    let given = Condition::all()
        .add(award::Column::DecisionId.eq(id))
        .add(award::Column::State.eq(award::State::Valid));
    let awards = tx.all_of::<award::Entity>(decision.tenant_id, given).await?;
    let paid = awards.iter().filter_map(|award| award.bonus_paid);
    known(paid.fold(0_i64, i64::saturating_add), "input.decisionId")
}

/// An award, and what this fund has to do with its bonus.
struct Account {
    award: award::Model,
    /// Whether the bonuses of its decision were paid out of this fund.
    is_decision_paid: bool,
    /// What came back of its bonus and was paid again.
    entries: Vec<fund_entry::Model>,
    /// What of its bonus is out, in đồng.
    outstanding: i64,
}

impl Account {
    /// That of an award; whoever writes another entry about it waits until the end of the transaction.
    async fn read(tx: &Tx, id: Uuid, place: &unit::Model) -> Result<Self> {
        use fund_entry::Column;
        tx.stand_in_line("fund_entry.award", id).await?;
        let award = tx.one::<award::Entity>(Act::AwardRead, id).await;
        let award = award.map_err(|fault| fault.at("input.awardId"))?;
        let payment = Condition::all()
            .add(Column::UnitId.eq(place.id))
            .add(Column::DecisionId.eq(award.decision_id));
        let payment = tx.all_of::<fund_entry::Entity>(award.tenant_id, payment).await?.pop();
        let of_it = Condition::any().add(Column::AwardId.eq(id)).add(Column::RepaidAward.eq(id));
        let entries = tx.all_of::<fund_entry::Entity>(award.tenant_id, of_it).await?;
        let of_it = Condition::all().add(award_act::Column::AwardId.eq(id));
        let acts = tx.all_of::<award_act::Entity>(award.tenant_id, of_it).await?;
        let stood = payment.as_ref().is_some_and(|payment| rules::was_valid(&acts, payment.at));
        let first = award.bonus_paid.filter(|_| stood).unwrap_or_default();
        let later = entries.iter().map(|entry| (entry.direction, entry.amount));
        Ok(Self {
            is_decision_paid: payment.is_some(),
            outstanding: rules::outstanding(first, later),
            award,
            entries,
        })
    }

    fn demand_state(&self, is_right: bool) -> Result<()> {
        if is_right {
            return Ok(());
        }
        let fault = Fault::at(Code::WrongState, "input.awardId");
        Err(fault.with("state", self.award.state.to_value()).into())
    }

    /// Why nothing is written: it was done already, or there is nothing to do.
    fn refused(&self, purpose: Purpose, detail: &str) -> Error {
        if self.entries.iter().any(|entry| entry.purpose == purpose) {
            let case =
                if purpose == Purpose::Recovery { "FUND_RECOVERY" } else { "FUND_REPAYMENT" };
            let fault = Fault::at(Code::AlreadyExists, "input.awardId").with("case", case);
            return fault.with("nominee", &self.award.subject_name_as_recorded).into();
        }
        Fault::at(Code::InvalidCombination, "input.awardId").with("detail", detail).into()
    }
}

/// The bonus of an award that does not stand any more, as long as it is out of the fund that paid it.
async fn recovered(tx: &Tx, id: Uuid, place: &unit::Model) -> Result<i64> {
    let account = Account::read(tx, id, place).await?;
    account.demand_state(account.award.state != award::State::Valid)?;
    let bonus = account.award.bonus_paid.unwrap_or_default();
    known(bonus, "input.awardId")?;
    if account.outstanding > 0 {
        return Ok(account.outstanding);
    }
    Err(account.refused(Purpose::Recovery, "its bonus was never paid from this fund"))
}

/// The bonus of an award that stands again: after it was recovered into this fund, or after its decision was paid without
/// it.
async fn repaid(tx: &Tx, id: Uuid, place: &unit::Model) -> Result<i64> {
    let account = Account::read(tx, id, place).await?;
    account.demand_state(account.award.state == award::State::Valid)?;
    if !account.is_decision_paid {
        let detail = "the bonuses of its decision were not paid from this fund yet";
        let fault = Fault::at(Code::InvalidCombination, "input.awardId").with("detail", detail);
        return Err(fault.into());
    }
    let bonus = known(account.award.bonus_paid.unwrap_or_default(), "input.awardId")?;
    if account.outstanding <= 0 {
        return Ok(bonus);
    }
    Err(account.refused(Purpose::Repayment, "its bonus was never recovered into this fund"))
}

fn known(amount: i64, path: &str) -> Result<i64> {
    if amount > 0 {
        return Ok(amount);
    }
    let fault = Fault::at(Code::InvalidCombination, path);
    Err(fault.with("detail", "no bonus belongs to it").into())
}
