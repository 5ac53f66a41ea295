//! Writes of quotas: set one, allow more than one says.
//! The ledger is written with the steps of submissions, not here.

use async_graphql::{Context, ID, InputObject, Object};
use entity::eligibility_rule::Severity;
use entity::nominee::SubjectKind;
use entity::quota::{self, Base, Rounding};
use entity::submission::CommendationType;
use entity::{award_type, quota_waiver, unit};
use sea_orm::{ActiveEnum, ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};

use super::{Quota, QuotaWaiver, rules};
use crate::access::{Act, Gate, Tx};
use crate::domain::unit::Unit;
use crate::domain::{Ask, award, input};
use crate::error::{Code, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::scalar::Date;

/// Most that a quota or a waiver can be.
const MOST: i32 = 100_000;

/// Input of `quotaCreate`: a number (`most`), or a share of a base (`base`, `sharePercent`).
#[derive(InputObject)]
pub(crate) struct QuotaCreateInput {
    /// Code of the title or form.
    award_type_code: String,
    /// For this kind of subject; absent: every one.
    subject_kind: Option<SubjectKind>,
    /// For proposals of this type of commendation, such as a thematic movement; absent: every one.
    commendation_type: Option<CommendationType>,
    /// For units of this kind; absent: every one.
    unit_kind: Option<unit::Kind>,
    /// What it is a part of.
    base: Base,
    /// Share of the base in percent, a whole number from 1 to 100 (20 is 20 %); absent with the base `COUNT`.
    share_percent: Option<i32>,
    /// How many each unit may propose in a year, 0 to 100,000; with the base `COUNT` only.
    most: Option<i32>,
    /// How the share becomes a number.
    #[graphql(default_with = "Rounding::Down")]
    rounding: Rounding,
    /// Whether more is refused, or only shown.
    #[graphql(default_with = "Severity::Block")]
    severity: Severity,
    /// The regulation it rests on, at most 300 characters.
    citation: String,
    /// First day in force.
    valid_from: Date,
    /// Last day in force.
    valid_to: Option<Date>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `quotaWaive`.
#[derive(InputObject)]
pub(crate) struct QuotaWaiveInput {
    /// The quota.
    quota_id: ID,
    /// The unit for which more is allowed.
    unit_id: ID,
    /// The year, 1948 to 2100.
    year: i32,
    /// How many more places than the quota says, 1 to 100,000.
    extra: i32,
    /// Why, at most 4,000 characters.
    reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(QuotaCreatePayload, quota: Quota, "quota set");
payload!(QuotaWaivePayload, waiver: QuotaWaiver, "waiver");

/// Changes of quotas.
#[derive(Default)]
pub struct QuotaMutation;

/// Changes of quotas.
#[Object]
impl QuotaMutation {
    /// Sets a quota of the tenant; `AWARD_NOT_APPLICABLE` for a kind of subject or a type of commendation for which the
    /// title or form is never given. Refused (`ALREADY_EXISTS`) where one of the same title, kinds, type, base and severity
    /// is in force on some of the same days: end that one first. Roles: standing officer.
    async fn quota_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quota.")] input: QuotaCreateInput,
    ) -> async_graphql::Result<QuotaCreatePayload> {
        let key = input.idempotency_key.clone();
        QuotaCreatePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(create(&gate, input))).await
            }
            .await,
        )
    }

    /// Allows a unit more than a quota says, for a year and with a reason; it stays written down. Roles: province
    /// chair, standing officer.
    async fn quota_waive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is allowed, and why.")] input: QuotaWaiveInput,
    ) -> async_graphql::Result<QuotaWaivePayload> {
        let key = input.idempotency_key.clone();
        QuotaWaivePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(waive(&gate, input))).await
            }
            .await,
        )
    }
}

fn within(number: i32, (least, most): (i32, i32), path: &str) -> Result<i32> {
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    Err(Fault::at(Code::OutOfRange, path).with("min", least).with("max", most).into())
}

/// Refuses a quota of which nothing could ever be taken: of no title, or of one for others.
async fn demand_title(gate: &Gate, input: &QuotaCreateInput) -> Result<()> {
    let code = &input.award_type_code;
    let types = gate.catalogue::<award_type::Entity>()?;
    let types = types.filter(award_type::Column::Code.eq(code)).all().await?;
    if types.is_empty() {
        return Err(Fault::at(Code::AwardUnknown, "input.awardTypeCode").with("name", code).into());
    }
    let is_in = |list: &str, word: &str| list.split('|').any(|known| known == word);
    let is_for_none = |kind: SubjectKind| !types.iter().any(|row| award::is_for(row, kind));
    if input.subject_kind.is_some_and(is_for_none) {
        return Err(Fault::at(Code::AwardNotApplicable, "input.subjectKind").into());
    }
    let by = input.commendation_type.map(|by| by.to_value());
    if by.is_some_and(|by| !types.iter().any(|row| is_in(&row.commendation_types, &by))) {
        return Err(Fault::at(Code::AwardNotApplicable, "input.commendationType").into());
    }
    Ok(())
}

async fn create(gate: &Gate, input: QuotaCreateInput) -> Result<Quota> {
    demand_title(gate, &input).await?;
    let is_number = input.base == Base::Count;
    if is_number != input.most.is_some() || is_number == input.share_percent.is_some() {
        let fault = Fault::at(Code::InvalidCombination, "input.base");
        return Err(fault.with("detail", "base COUNT: most; otherwise sharePercent").into());
    }
    let percent = |it| within(it, (1, 100), "input.sharePercent");
    let share_percent = input.share_percent.map(percent).transpose()?;
    let most = input.most.map(|it| within(it, (0, MOST), "input.most")).transpose()?;
    let valid_from = input::day(input.valid_from, "input.validFrom")?;
    let valid_to = input.valid_to.map(|day| input::day(day, "input.validTo")).transpose()?;
    input::period(Some(valid_from), valid_to, "input.validTo")?;
    let tx = gate.begin(Act::QuotaCreate).await?;
    let row = quota::Model {
        tenant_id: gate.actor()?.tenant,
        id: gate.new_id(),
        award_type_code: input.award_type_code,
        subject_kind: input.subject_kind,
        commendation_type: input.commendation_type,
        unit_kind: input.unit_kind,
        base: input.base,
        share_percent,
        most,
        rounding: input.rounding,
        severity: input.severity,
        citation: input::text(&input.citation, "input.citation", input::NAME)?,
        valid_from,
        valid_to,
        author_id: gate.actor()?.user,
        version: 1,
    };
    free(&tx, &row).await?;
    let row = tx.add::<quota::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(Quota::from(row)).await
}

/// Refuses a second quota beside one that says of the same proposals how many there may be. Those who set one stand in
/// line: two at once would not see each other.
async fn free(tx: &Tx, row: &quota::Model) -> Result<()> {
    tx.stand_in_line("quota.scope", row.tenant_id).await?;
    let same = Condition::all().add(quota::Column::AwardTypeCode.eq(row.award_type_code.as_str()));
    let others = tx.all_of::<quota::Entity>(row.tenant_id, same).await?;
    let Some(other) = others.iter().find(|other| rules::collide(other, row)) else {
        return Ok(());
    };
    Err(Fault::at(Code::AlreadyExists, "input.validFrom")
        .with("case", "QUOTA")
        .with("award", &other.award_type_code)
        .with("from", other.valid_from)
        .with("until", input::until(other.valid_to))
        .into())
}

async fn waive(gate: &Gate, input: QuotaWaiveInput) -> Result<QuotaWaiver> {
    let quota_id = input_id::<Quota>(&input.quota_id, "input.quotaId")?;
    let unit_id = input_id::<Unit>(&input.unit_id, "input.unitId")?;
    let year = input::year(input.year, "input.year")?;
    let extra = within(input.extra, (1, MOST), "input.extra")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::QuotaWaive, Some(reason.clone())).await?;
    let of = tx.one::<quota::Entity>(Act::QuotaRead, quota_id).await;
    let of = of.map_err(|e| e.at("input.quotaId"))?;
    let place = tx.one::<unit::Entity>(Act::UnitRead, unit_id).await;
    let place = place.map_err(|e| e.at("input.unitId"))?;
    let row = quota_waiver::Model {
        tenant_id: of.tenant_id,
        id: gate.new_id(),
        quota_id: of.id,
        unit_id: place.id,
        year,
        extra,
        reason,
        author_id: gate.actor()?.user,
        author_name: gate.actor()?.name.clone(),
        at: gate.now(),
    };
    let row = tx.add::<quota_waiver::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(QuotaWaiver::from(row)).await
}
