//! Multipliers of bonuses that a tenant sets for titles of its own, and their end.
//! Nothing of the law is changed here, and no award that was given.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;
use entity::eligibility_rule::Confidence;
use entity::nominee::SubjectKind;
use entity::own_bonus_rate::{self, Column};
use entity::{award, award_type, bonus_rate};
use sea_orm::{ActiveEnum, ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};

use super::{BonusRate, OwnBonusRate};
use crate::access::{Act, Gate, Tx};
use crate::domain::ending::{self, Ends, Last, Span};
use crate::domain::{Ask, input, keyed};
use crate::error::{Code, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::reference;
use crate::scalar::{Date, NodeType};

/// Greatest multiplier: a hundred times the base salary.
const MOST: i32 = 1_000;

/// A tenant's own multiplier of bonuses, for a title of its own; only its last day changes.
#[Object]
impl OwnBonusRate {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The multiplier as it stands beside those of the law.
    async fn rate(&self) -> BonusRate {
        BonusRate::from(&*self.0)
    }
}

/// The same as those of the law are; the tenant has read its own regulation.
pub(super) fn as_of_law(row: &own_bonus_rate::Model) -> bonus_rate::Model {
    bonus_rate::Model {
        id: row.id,
        award_type_code: row.award_type_code.clone(),
        subject_kind: row.subject_kind,
        tenths: row.tenths,
        citation: row.citation.clone(),
        confidence: Confidence::Sourced,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
    }
}

/// Input of `bonusRateSet`.
#[derive(InputObject)]
pub(crate) struct BonusRateSetInput {
    /// Code of a title or honour of the tenant's own, with what stands before the colon.
    award_type_code: String,
    /// `INDIVIDUAL` or `COLLECTIVE`; a household gets 1.5 times what a person gets.
    subject_kind: SubjectKind,
    /// Tenths of the base salary, such as 15 for 1.5 times; 1 to 1,000.
    multiplier_tenths: i32,
    /// The document or regulation it rests on, at most 300 characters; one that names the number of a legal document
    /// is found with that document.
    citation: String,
    /// First day in force.
    valid_from: Date,
    /// Last day in force.
    valid_to: Option<Date>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `bonusRateEnd`.
#[derive(InputObject)]
pub(crate) struct BonusRateEndInput {
    /// The multiplier, one that the tenant has set.
    id: ID,
    /// Version last read: 1, until it was ended once.
    expected_version: i32,
    /// Last day in force, not before the first one.
    valid_to: Date,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(BonusRateSetPayload, rate: OwnBonusRate, "multiplier set");
payload!(BonusRateEndPayload, rate: OwnBonusRate, "multiplier ended");

/// Changes of a tenant's own multipliers of bonuses.
#[derive(Default)]
pub struct BonusRateMutation;

/// Changes of a tenant's own multipliers of bonuses.
#[Object]
impl BonusRateMutation {
    /// Sets what a title or honour of the tenant's own is worth: so many tenths of the base salary, from a day on. What
    /// was decided before stays as it was paid; the law's own titles are refused. Roles: standing officer.
    async fn bonus_rate_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The multiplier.")] input: BonusRateSetInput,
    ) -> async_graphql::Result<BonusRateSetPayload> {
        keyed!(ctx, input => BonusRateSetPayload: set)
    }

    /// Ends a multiplier that the tenant has set; another one may follow it. Refused (`DECIDED_SINCE`) where the title
    /// was given later. Roles: standing officer.
    async fn bonus_rate_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and the last day.")] input: BonusRateEndInput,
    ) -> async_graphql::Result<BonusRateEndPayload> {
        keyed!(ctx, input => BonusRateEndPayload: end)
    }
}

async fn set(gate: &Gate, input: BonusRateSetInput) -> Result<OwnBonusRate> {
    demand_own(gate, &input).await?;
    if !(1..=MOST).contains(&input.multiplier_tenths) {
        let fault = Fault::at(Code::OutOfRange, "input.multiplierTenths");
        return Err(fault.with("min", 1).with("max", MOST).into());
    }
    let citation = input::text(&input.citation, "input.citation", input::NAME)?;
    let valid_from = input::day(input.valid_from, "input.validFrom")?;
    let valid_to = input.valid_to.map(|day| input::day(day, "input.validTo")).transpose()?;
    input::period(Some(valid_from), valid_to, "input.validTo")?;
    let tx = gate.begin(Act::BonusRateSet).await?;
    let row = own_bonus_rate::Model {
        tenant_id: gate.actor()?.tenant,
        id: gate.new_id(),
        award_type_code: input.award_type_code,
        subject_kind: input.subject_kind,
        tenths: input.multiplier_tenths,
        citation,
        valid_from,
        valid_to,
        author_id: gate.actor()?.user,
        version: 1,
    };
    free(&tx, &row).await?;
    let row = tx.add::<own_bonus_rate::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(OwnBonusRate::from(row)).await
}

/// Refuses what is no title of the tenant's own, or none that such subjects can receive.
async fn demand_own(gate: &Gate, input: &BonusRateSetInput) -> Result<()> {
    use award_type::Column::{Code as TitleCode, TenantId};
    let code = &input.award_type_code;
    if reference::is_award(code) {
        let fault = Fault::at(Code::InvalidCombination, "input.awardTypeCode");
        return Err(fault.with("detail", "a title of the law's, not of a tenant's own").into());
    }
    let this = Condition::all().add(TenantId.is_not_null()).add(TitleCode.eq(code));
    let titles = gate.catalogue::<award_type::Entity>()?.filter(this).all().await?;
    if titles.is_empty() {
        let fault = Fault::at(Code::NotFound, "input.awardTypeCode").with("case", "AWARD_TYPE");
        return Err(fault.with("code", code).into());
    }
    if input.subject_kind == SubjectKind::Household {
        let fault = Fault::at(Code::InvalidCombination, "input.subjectKind");
        return Err(fault.with("detail", "INDIVIDUAL, COLLECTIVE").into());
    }
    let kinds: Vec<String> = served(input.subject_kind).iter().map(ActiveEnum::to_value).collect();
    let is_received = |title: &award_type::Model| {
        title.subject_kinds.split('|').any(|known| kinds.iter().any(|kind| kind == known))
    };
    if titles.iter().any(is_received) {
        return Ok(());
    }
    Err(Fault::at(Code::AwardNotApplicable, "input.subjectKind").into())
}

/// For whom a multiplier is the measure.
fn served(kind: SubjectKind) -> &'static [SubjectKind] {
    match kind {
        SubjectKind::Individual | SubjectKind::Household => {
            &[SubjectKind::Individual, SubjectKind::Household]
        }
        SubjectKind::Collective => &[SubjectKind::Collective],
    }
}

/// Refuses days for which another multiplier stands.
async fn free(tx: &Tx, row: &own_bonus_rate::Model) -> Result<()> {
    tx.stand_in_line("bonus_rate", row.tenant_id).await?;
    let same = Condition::all()
        .add(Column::AwardTypeCode.eq(&row.award_type_code))
        .add(Column::SubjectKind.eq(row.subject_kind));
    let others = tx.all_of::<own_bonus_rate::Entity>(row.tenant_id, same).await?;
    let is_before = |one: Option<NaiveDate>, other: NaiveDate| one.is_some_and(|day| day < other);
    let is_apart = |other: &own_bonus_rate::Model| {
        is_before(other.valid_to, row.valid_from) || is_before(row.valid_to, other.valid_from)
    };
    let Some(other) = others.iter().find(|other| !is_apart(other)) else { return Ok(()) };
    Err(Fault::at(Code::AlreadyExists, "input.validFrom")
        .with("case", "BONUS_RATE")
        .with("from", other.valid_from)
        .with("until", input::until(other.valid_to))
        .into())
}

async fn end(gate: &Gate, input: BonusRateEndInput) -> Result<OwnBonusRate> {
    let id = input_id::<OwnBonusRate>(&input.id, "input.id")?;
    let last = Last::of(input.valid_to, "input.validTo")?;
    let tx = gate.begin(Act::BonusRateEnd).await?;
    let row = last.end::<own_bonus_rate::Entity>(&tx, (id, input.expected_version)).await?;
    tx.answer(OwnBonusRate::from(row)).await
}

impl Ends for own_bonus_rate::Entity {
    const LAST: Column = Column::ValidTo;

    fn span(row: &own_bonus_rate::Model) -> Span {
        (Some(row.valid_from), row.valid_to)
    }

    async fn is_used(tx: &Tx, row: &own_bonus_rate::Model, after: NaiveDate) -> Result<bool> {
        let which = Condition::all()
            .add(award::Column::AwardTypeCode.eq(&row.award_type_code))
            .add(award::Column::SubjectKind.is_in(served(row.subject_kind).iter().copied()));
        ending::was_awarded(tx, which, (row.id, after)).await
    }
}
