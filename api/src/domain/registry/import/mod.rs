//! Older records taken over in bulk: each row answers for itself.
//! What a row means is read in `plan`; here it is loaded, written and answered.

mod answer;
mod authority;
mod beginning;
mod fold;
mod form;
mod giver;
mod issuer;
mod law;
mod local;
mod names;
pub(crate) mod plan;
mod reading;
mod row;
mod tail;
mod tenants;
#[cfg(test)]
mod tests;
mod twin;
mod wording;

use std::collections::HashSet;

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use entity::unit::Kind;
use entity::{
    award, award_type, decision, subject, subject_membership, tenant, tenant_code, unit, unit_above,
};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use crate::access::{Act, Gate, Tx};
use crate::domain::Ask;
use crate::domain::decision::symbol_key;
use crate::domain::rule::Law;
use crate::error::{Code, Error, Fault, Result, UserError, outcome};
use answer::{AwardRowResult, AwardsImport};
pub(crate) use names::Names;
pub(in crate::domain) use names::is_name_of_law;
use plan::{Known, Maker, Plan};
pub(crate) use row::AwardRow;

/// The units after whose places letters are called.
const LOCAL: [Kind; 4] = [Kind::District, Kind::Commune, Kind::Ward, Kind::SpecialZone];

/// Most rows of one import.
const ROWS: usize = 500;

/// What happens to the other rows when some cannot be taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Enum)]
pub(crate) enum AwardErrorPolicy {
    /// Nothing is written unless every row can be taken.
    #[default]
    AllOrNothing,
    /// Rows that can be taken are written; the others are left out.
    SkipFailed,
}

/// Input of `awardsImport`.
#[derive(InputObject)]
pub(crate) struct AwardsImportInput {
    /// The rows, at most 500.
    rows: Vec<AwardRow>,
    /// What happens to the other rows when some cannot be taken.
    #[graphql(default)]
    error_policy: AwardErrorPolicy,
    /// Only look: nothing is written.
    #[graphql(default)]
    dry_run: bool,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Outcome of `awardsImport`.
#[derive(SimpleObject)]
pub(crate) struct AwardsImportPayload {
    /// What became of every row; null when the import as a whole was refused.
    import: Option<AwardsImport>,
    /// Why nothing was done: with `ALL_OR_NOTHING` the errors of all rows that cannot be taken.
    errors: Vec<UserError>,
}

impl AwardsImportPayload {
    fn of(result: Result<AwardsImport>) -> async_graphql::Result<Self> {
        let (import, mut errors) = outcome(result)?;
        let refused = import.iter().flat_map(|import| import.refused.iter().cloned());
        errors.extend(refused.map(UserError::from));
        Ok(Self { import, errors })
    }
}

/// Older records.
#[derive(Default)]
pub struct ImportMutation;

/// Older records.
#[Object]
impl ImportMutation {
    /// Takes over awards of older records, one transaction for all; every row tells what became of it. Titles are
    /// found by code or any older name, provinces by the code or name they had at that time. Who gave an award is read
    /// from the fields of the issuer, else from the name of the title. Where neither tells, a title of units was given by
    /// the next unit, at or above that of the subject, which decides it, and one of the province or ministry by the
    /// tenant itself, as they were on that day; where there was none, the words of the title stand for the issuer, with a
    /// warning. So do the words for a district or commune that is no unit of the tenant, and for a province that was not
    /// there on that day. A form without a title, such as "Giấy khen", is read with the fields of the issuer
    /// where all of them tell one title. No rule of
    /// eligibility blocks a row: what looks odd is a warning, such as an issuer that does not give the title, and so is
    /// what the law stands against. A row that is there
    /// already, with its decision, is not taken again; without a decision it is taken with a warning that names the award
    /// that is there. Roles: standing officer, central officer; unit head,
    /// unit officer: of the own unit and those below it.
    async fn awards_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rows.")] input: AwardsImportInput,
    ) -> async_graphql::Result<AwardsImportPayload> {
        let key = input.idempotency_key.clone();
        AwardsImportPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(import(&gate, input))).await
            }
            .await,
        )
    }
}

async fn import(gate: &Gate, input: AwardsImportInput) -> Result<AwardsImport> {
    if input.rows.is_empty() || input.rows.len() > ROWS {
        let fault = Fault::at(Code::OutOfRange, "input.rows");
        return Err(fault.with("case", "COUNT").with("min", 1).with("max", ROWS).into());
    }
    let catalogue = gate.catalogue::<award_type::Entity>()?.all().await?;
    let law = Law::read(gate).await?;
    let names = Names::new(
        catalogue.clone(),
        gate.catalogue::<tenant::Entity>()?.all().await?,
        gate.catalogue::<tenant_code::Entity>()?.all().await?,
    )?;
    let tx = gate.begin(Act::AwardsImport).await?;
    let known = known(&tx, &input.rows, names).await?;
    let mut plan = Plan::default();
    let mut results = Vec::new();
    let mut refused = Vec::new();
    for (index, row) in input.rows.iter().enumerate() {
        let (result, fault) = one(&mut plan, &known, (row, index), gate)?;
        results.push(result);
        refused.extend(fault);
    }
    law::warn(&tx, law, (&catalogue, &known, &plan), &mut results).await?;
    if input.error_policy == AwardErrorPolicy::SkipFailed {
        refused.clear();
    }
    if input.dry_run || !refused.is_empty() {
        results.iter_mut().for_each(AwardRowResult::leave);
        // Nothing was done: there is nothing to keep for a repeated request.
        return Ok(AwardsImport::new(results, refused));
    }
    tx.add_many::<subject::Entity>(plan.subjects).await?;
    tx.add_many_derived::<subject_membership::Entity>(plan.memberships).await?;
    tx.add_many::<decision::Entity>(plan.decisions).await?;
    super::give(&tx, plan.awards).await?;
    tx.answer(AwardsImport::new(results, refused)).await
}

fn one(
    plan: &mut Plan,
    known: &Known,
    (row, index): (&AwardRow, usize),
    gate: &Gate,
) -> Result<(AwardRowResult, Option<Fault>)> {
    let mut id = || gate.new_id();
    let mut code = || gate.new_code();
    let mut maker = Maker {
        user: gate.actor()?.user,
        now: gate.now(),
        today: gate.today(),
        id: &mut id,
        code: &mut code,
    };
    let path = format!("input.rows.{index}");
    match plan.take(known, (row, &path), &mut maker) {
        Ok(warnings) => {
            let award = plan.awards.last().cloned();
            Ok((AwardRowResult::taken(index, award, &warnings), None))
        }
        Err(Error::Fault(fault)) => Ok((AwardRowResult::failed(index, &fault), Some(*fault))),
        Err(fault @ (Error::Unauthenticated | Error::Broken(_))) => Err(fault),
    }
}

/// What the rows may name, as far as the caller reaches.
async fn known(tx: &Tx, rows: &[AwardRow], names: Names) -> Result<Known> {
    let tenant = tx.gate().actor()?.tenant;
    let ids: Vec<Uuid> = rows.iter().filter_map(AwardRow::unit).collect();
    let codes: HashSet<&str> = rows.iter().filter_map(|row| row.unit_code.as_deref()).collect();
    let units = Condition::any()
        .add(unit::Column::Id.is_in(ids))
        .add(unit::Column::Code.is_in(codes.into_iter().map(str::trim)));
    let units = tx.all::<unit::Entity>(Act::AwardsImport, units).await?;
    let above = above(tx, tenant, &units).await?;
    let subjects = tx.all::<subject::Entity>(Act::AwardsImport, AwardRow::subjects(rows, &units));
    let subjects = subjects.await?;
    let root = Condition::all().add(unit::Column::ParentId.is_null());
    let root = tx.all_of::<unit::Entity>(tenant, root).await?.pop();
    let root = root.ok_or_else(|| Error::broken("a tenant without root"))?;
    let places = Condition::all().add(unit::Column::Kind.is_in(LOCAL));
    let places = tx.all_of::<unit::Entity>(tenant, places).await?;
    let key = |row: &AwardRow| Some(symbol_key(plan::parted(&row.label()?).1));
    let keys: HashSet<String> = rows.iter().filter_map(key).collect();
    let decisions = Condition::all().add(decision::Column::SymbolKey.is_in(keys));
    let decisions = tx.all_of::<decision::Entity>(tenant, decisions).await?;
    let awards = Condition::all()
        .add(award::Column::SubjectId.is_in(subjects.iter().map(|row| row.id)))
        .add(award::Column::State.eq(award::State::Valid));
    let mut awards = tx.all_of::<award::Entity>(tenant, awards).await?;
    awards.extend(tx.all_of::<award::Entity>(tenant, numbers(rows, &units)).await?);
    Ok(Known { tenant, root: root.id, units, above, places, subjects, decisions, awards, names })
}

/// The units above those of the rows, one of which may have given what they carry.
async fn above(tx: &Tx, tenant: Uuid, units: &[unit::Model]) -> Result<Vec<unit::Model>> {
    use unit_above::Column::{Depth, UnitId};
    let ids = units.iter().map(|row| row.id);
    let pairs = Condition::all().add(UnitId.is_in(ids)).add(Depth.gt(0));
    let pairs = tx.all_of::<unit_above::Entity>(tenant, pairs).await?;
    let ids: HashSet<Uuid> = pairs.into_iter().map(|pair| pair.above_id).collect();
    let above = Condition::all().add(unit::Column::Id.is_in(ids));
    tx.all_of::<unit::Entity>(tenant, above).await
}

/// Awards without names that rows may give once more.
fn numbers(rows: &[AwardRow], units: &[unit::Model]) -> Condition {
    use award::Column::{CountingFromYear, State, SubjectId, UnitId};
    let years: HashSet<i32> = rows.iter().map(|row| row.counting_from).collect();
    Condition::all()
        .add(UnitId.is_in(units.iter().map(|row| row.id)))
        .add(SubjectId.is_null())
        .add(CountingFromYear.is_in(years))
        .add(State.eq(award::State::Valid))
}
