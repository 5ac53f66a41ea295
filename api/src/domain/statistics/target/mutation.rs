//! Writes of targets: set one, correct or withdraw it.
//! No result is counted here.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::award_target::{self, Basis, Comparator, Measure};
use entity::award_type::Level;
use entity::nominee::SubjectKind;
use entity::{cluster, unit};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveEnum, ActiveModelTrait, IntoActiveModel};

use super::AwardTarget;
use crate::access::{Act, Gate};
use crate::domain::award;
use crate::domain::cluster::Cluster;
use crate::domain::unit::Unit;
use crate::domain::{Ask, input, keyed};
use crate::error::{Code, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::reference;
use crate::scalar::{Date, Decimal};

/// Most titles or forms of one target.
const CODES: usize = 50;
/// Most that a target or the base of one can be.
const MOST: i64 = 10_000_000;

/// Input of `awardTargetCreate`.
#[derive(InputObject)]
pub(crate) struct AwardTargetCreateInput {
    /// The unit to which it is set, with those below it; the root of the tenant for a target of a cluster.
    unit_id: ID,
    /// The cluster or bloc to whose members of this tenant it is set.
    cluster_id: Option<ID>,
    /// The year, 1948 to 2100.
    year: i32,
    /// What it measures.
    measure: Measure,
    /// By which year awards belong to it.
    #[graphql(default_with = "Basis::Counting")]
    basis: Basis,
    /// Only these titles or forms, by code, at most 50; for "this title or a higher one" each of them. Every one when
    /// absent.
    #[graphql(default)]
    award_type_codes: Vec<String>,
    /// Only titles and forms of this level.
    level: Option<Level>,
    /// Only awards to this kind of subject.
    subject_kind: Option<SubjectKind>,
    /// On which side of the target the result should lie.
    #[graphql(default_with = "Comparator::AtLeast")]
    comparator: Comparator,
    /// The target: a whole number of awards, 0 to 10,000,000, for `AWARDS`; percent, 0 to 100 (20 is 20 %), for
    /// shares.
    value: Decimal,
    /// For `SUBJECT_SHARE`, and only there: of how many persons or collectives the share is taken, 1 to 10,000,000.
    base: Option<i32>,
    /// The plan or decision that sets it, such as its number; at most 300 characters.
    source: String,
    /// The day of that plan or decision.
    source_on: Date,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `awardTargetUpdate`; absent fields stay as they are.
#[derive(InputObject)]
pub(crate) struct AwardTargetUpdateInput {
    /// The target.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// New target, within the bounds of `awardTargetCreate`; null is refused (`REQUIRED`).
    value: MaybeUndefined<Decimal>,
    /// New base, for `SUBJECT_SHARE`; null is refused (`REQUIRED`).
    base: MaybeUndefined<i32>,
    /// The plan or decision that changes it, at most 300 characters; null is refused (`REQUIRED`).
    source: MaybeUndefined<String>,
    /// The day of that plan or decision; null is refused (`REQUIRED`).
    source_on: MaybeUndefined<Date>,
    /// True withdraws it from today on, false sets it again; null is refused (`REQUIRED`).
    is_withdrawn: MaybeUndefined<bool>,
    /// Why, at most 4,000 characters.
    reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(AwardTargetCreatePayload, target: AwardTarget, "target set");
payload!(AwardTargetUpdatePayload, target: AwardTarget, "target as it is now");

/// Changes of targets.
#[derive(Default)]
pub struct TargetMutation;

/// Changes of targets.
#[Object]
impl TargetMutation {
    /// Sets a yearly target of awards (giao chỉ tiêu); one for each thing that is measured. Roles: standing officer;
    /// unit head: for the own unit.
    async fn award_target_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The target.")] input: AwardTargetCreateInput,
    ) -> async_graphql::Result<AwardTargetCreatePayload> {
        keyed!(ctx, input => AwardTargetCreatePayload: create)
    }

    /// Corrects or withdraws a target; what it was stays in the audit trail. Roles: those of `awardTargetCreate`.
    async fn award_target_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The correction.")] input: AwardTargetUpdateInput,
    ) -> async_graphql::Result<AwardTargetUpdatePayload> {
        keyed!(ctx, input => AwardTargetUpdatePayload: update)
    }
}

/// A target in the units of the column.
fn value(measure: Measure, value: Decimal) -> Result<i64> {
    let most = if measure == Measure::Awards { MOST } else { 100 };
    let is_right = (0..=most.saturating_mul(Decimal::SCALE)).contains(&value.units());
    if !is_right {
        return Err(Fault::at(Code::OutOfRange, "input.value")
            .with("min", 0)
            .with("max", most)
            .into());
    }
    if measure == Measure::Awards && value.units() % Decimal::SCALE != 0 {
        let fault = Fault::at(Code::InvalidFormat, "input.value");
        return Err(fault.with("expected", "a whole number").into());
    }
    Ok(value.units())
}

fn base(measure: Measure, base: Option<i32>) -> Result<Option<i32>> {
    if (measure == Measure::SubjectShare) != base.is_some() {
        let fault = Fault::at(Code::InvalidCombination, "input.base");
        return Err(fault.with("detail", "measure SUBJECT_SHARE: base; otherwise none").into());
    }
    if base.is_some_and(|base| !(1..=MOST).contains(&i64::from(base))) {
        return Err(Fault::at(Code::OutOfRange, "input.base")
            .with("min", 1)
            .with("max", MOST)
            .into());
    }
    Ok(base)
}

async fn codes(gate: &Gate, given: Vec<String>) -> Result<String> {
    if given.len() > CODES {
        let fault = Fault::at(Code::OutOfRange, "input.awardTypeCodes");
        return Err(fault.with("case", "COUNT").with("min", 0).with("max", CODES).into());
    }
    let own = award::own_codes(gate).await?;
    let is_known = |code: &String| reference::is_award(code) || own.contains(code);
    if let Some((index, code)) = given.iter().enumerate().find(|(_, code)| !is_known(code)) {
        let fault = Fault::at(Code::NotFound, &format!("input.awardTypeCodes.{index}"));
        return Err(fault.with("case", "AWARD_TYPE").with("code", code).into());
    }
    let mut given = given;
    given.sort();
    given.dedup();
    Ok(given.join(" "))
}

async fn create(gate: &Gate, input: AwardTargetCreateInput) -> Result<AwardTarget> {
    let unit_id = input_id::<Unit>(&input.unit_id, "input.unitId")?;
    let read = |id: &ID| input_id::<Cluster>(id, "input.clusterId");
    let cluster_id = input.cluster_id.as_ref().map(read).transpose()?;
    let source = input::text(&input.source, "input.source", input::NAME)?;
    let award_type_codes = codes(gate, input.award_type_codes).await?;
    let tx = gate.begin(Act::AwardTargetCreate).await?;
    let place = tx.one::<unit::Entity>(Act::AwardTargetCreate, unit_id).await;
    let place = place.map_err(|fault| fault.at("input.unitId"))?;
    if let Some(id) = cluster_id {
        let cluster = tx.one::<cluster::Entity>(Act::ClusterRead, id).await;
        cluster.map_err(|fault| fault.at("input.clusterId"))?;
        if place.parent_id.is_some() {
            let fault = Fault::at(Code::InvalidCombination, "input.unitId");
            return Err(fault.with("detail", "clusterId: the root of the tenant").into());
        }
    }
    let what = serde_json::json!([
        input.measure.to_value(),
        input.basis.to_value(),
        cluster_id,
        award_type_codes,
        input.level.map(|it| it.to_value()),
        input.subject_kind.map(|it| it.to_value()),
    ]);
    let row = award_target::Model {
        tenant_id: place.tenant_id,
        id: gate.new_id(),
        unit_id: place.id,
        cluster_id,
        year: input::year(input.year, "input.year")?,
        measure: input.measure,
        basis: input.basis,
        award_type_codes,
        level: input.level,
        subject_kind: input.subject_kind,
        comparator: input.comparator,
        value: value(input.measure, input.value)?,
        base: base(input.measure, input.base)?,
        source,
        source_on: input::day(input.source_on, "input.sourceOn")?,
        what: what.to_string(),
        withdrawn_on: None,
        author_id: gate.actor()?.user,
        created_at: gate.now(),
        version: 1,
    };
    let row = tx.add::<award_target::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(AwardTarget::from(row)).await
}

async fn update(gate: &Gate, input: AwardTargetUpdateInput) -> Result<AwardTarget> {
    let id = input_id::<AwardTarget>(&input.id, "input.id")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::AwardTargetUpdate, Some(reason)).await?;
    let row = tx.lock_version::<award_target::Entity>(id, input.expected_version).await?;
    let mut changed = row.clone().into_active_model();
    if let Some(new) = input::given(input.value, "input.value")? {
        changed.value = Set(value(row.measure, new)?);
    }
    if let Some(new) = input::given(input.base, "input.base")? {
        changed.base = Set(base(row.measure, Some(new))?);
    }
    if let Some(source) = input::given(input.source, "input.source")? {
        changed.source = Set(input::text(&source, "input.source", input::NAME)?);
    }
    if let Some(day) = input::given(input.source_on, "input.sourceOn")? {
        changed.source_on = Set(input::day(day, "input.sourceOn")?);
    }
    if let Some(is_withdrawn) = input::given(input.is_withdrawn, "input.isWithdrawn")? {
        changed.withdrawn_on = Set(is_withdrawn.then(|| gate.today()));
    }
    let row = tx.save::<award_target::Entity>(&row, changed).await?;
    tx.answer(AwardTarget::from(row)).await
}
