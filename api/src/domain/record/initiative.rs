//! Initiatives: recognised once, used once.
//! No eligibility enters here.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object};
use chrono::Datelike;
use entity::initiative::{self, Kind, Scope};
use entity::{award, award_type, initiative_author, subject, unit};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::Initiative;
use super::inputs::{InitiativeRecogniseInput, InitiativeUseCancelInput, InitiativeUseInput};
use super::mutation::award_code;
use crate::access::{Act, Gate, Tx};
use crate::domain::award::said;
use crate::domain::registry::Award;
use crate::domain::rule::counts_initiatives;
use crate::domain::subject::Subject;
use crate::domain::unit::Unit;
use crate::domain::{Ask, input};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::{input_id, input_ids};
use crate::scalar::{Date, NodeType};

/// Most authors of one initiative.
const AUTHORS: usize = 50;

/// A recognised initiative, accepted research or act of resourcefulness (sáng kiến, đề tài). It serves once as
/// a standard for an award. Read by those who read an author.
#[Object]
impl Initiative {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What kind of work it is.
    async fn kind(&self) -> Kind {
        self.0.kind
    }

    /// How far its effect was recognised (phạm vi ảnh hưởng).
    async fn scope(&self) -> Scope {
        self.0.scope
    }

    /// Who recognised it: council, number of the decision.
    async fn recognised_by(&self) -> &str {
        &self.0.recognised_by
    }

    /// When it was recognised.
    async fn recognised_on(&self) -> Date {
        Date(self.0.recognised_on)
    }

    /// Code of the title or form for which it was used; null: not used yet.
    async fn used_for(&self) -> Option<&str> {
        self.0.used_for.as_deref()
    }

    /// Year in which it was used; null: not used yet.
    async fn used_year(&self) -> Option<i32> {
        self.0.used_year
    }

    /// The award that rests on it; null where no decision has given one on it, such as where somebody marked it as used,
    /// and for a caller who may not read the award.
    async fn award(&self, ctx: &Context<'_>) -> Option<Result<Award>> {
        let found = ctx.gate().ok()?.load::<award::Entity>(self.0.award_id?).await;
        found.map(|row| row.map(Award::from)).transpose()
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

pub(super) async fn recognise(gate: &Gate, input: InitiativeRecogniseInput) -> Result<Initiative> {
    let unit_id = input_id::<Unit>(&input.unit_id, "input.unitId")?;
    let title = input::text(&input.title, "input.title", input::TEXT)?;
    let by = input::text(&input.recognised_by, "input.recognisedBy", input::NAME)?;
    let on = input::day(input.recognised_on, "input.recognisedOn")?;
    input::past(on, gate.today(), "input.recognisedOn")?;
    let authors = authors(&input.author_ids)?;
    let tx = gate.begin(Act::InitiativeRecognise).await?;
    let place = tx.lock::<unit::Entity>(unit_id).await.map_err(|e| e.at("input.unitId"))?;
    let row = initiative::Model {
        tenant_id: place.tenant_id,
        id: gate.new_id(),
        unit_id: place.id,
        title,
        kind: input.kind,
        scope: input.scope,
        recognised_by: by,
        recognised_on: on,
        used_for: None,
        used_year: None,
        award_id: None,
        version: 1,
    };
    let row = tx.add::<initiative::Entity>(row.into_active_model().reset_all()).await?;
    attribute(&tx, &row, &authors).await?;
    tx.answer(Initiative::from(row)).await
}

fn authors(ids: &[ID]) -> Result<Vec<(Uuid, String)>> {
    let path = "input.authorIds";
    if ids.is_empty() {
        return Err(Fault::at(Code::Required, path).into());
    }
    if ids.len() > AUTHORS {
        let fault = Fault::at(Code::OutOfRange, path).with("case", "COUNT");
        return Err(fault.with("min", 1).with("max", AUTHORS).into());
    }
    let ids = input_ids::<Subject>(ids, path)?;
    input::each_once(&ids, path)?;
    let placed = |(index, id): (usize, Uuid)| (id, format!("{path}.{index}"));
    Ok(ids.into_iter().enumerate().map(placed).collect())
}

/// Names the authors, each a person within reach: a record of an author is his.
async fn attribute(tx: &Tx, of: &initiative::Model, authors: &[(Uuid, String)]) -> Result<()> {
    let these = Condition::all().add(subject::Column::Id.is_in(authors.iter().map(|it| it.0)));
    let found = tx.all::<subject::Entity>(Act::InitiativeRecognise, these).await?;
    let mut named: Vec<initiative_author::Model> = Vec::with_capacity(authors.len());
    for (id, path) in authors {
        let author = found.iter().find(|row| row.id == *id);
        let author = author.ok_or_else(|| Error::not_found().at(path))?;
        named.push(initiative_author::Model {
            tenant_id: of.tenant_id,
            id: tx.gate().new_id(),
            initiative_id: of.id,
            subject_id: author.id,
            unit_id: of.unit_id,
        });
    }
    tx.add_many::<initiative_author::Entity>(named).await
}

/// What an initiative has served for.
pub(in crate::domain) struct Use {
    /// Code of the title or form.
    pub(in crate::domain) code: String,
    pub(in crate::domain) year: i32,
    pub(in crate::domain) award: Uuid,
}

impl Use {
    /// Whether an initiative serves for it from now on: one that is free, or that somebody has marked for it.
    fn takes(&self, row: &initiative::Model) -> bool {
        match (&row.used_for, row.used_year) {
            (Some(code), Some(year)) => {
                row.award_id.is_none() && (code, year) == (&self.code, self.year)
            }
            (Some(_) | None, _) => true,
        }
    }
}

/// By initiative: what it has served for.
pub(in crate::domain) type Uses = HashMap<Uuid, Use>;

/// Initiatives on which awards rest that are given now have served for them; those that served before stay as they are.
pub(in crate::domain) async fn spend(tx: &Tx, uses: &Uses) -> Result<()> {
    if uses.is_empty() {
        return Ok(());
    }
    let tenant = tx.gate().actor()?.tenant;
    let these = Condition::all().add(initiative::Column::Id.is_in(uses.keys().copied()));
    let mut rows = tx.all_of::<initiative::Entity>(tenant, these).await?;
    // In the order of ids: two writers never wait for each other.
    rows.sort_by_key(|row| row.id);
    let spent = rows.into_iter().filter_map(|row| {
        let of = uses.get(&row.id).filter(|of| of.takes(&row))?;
        let after = initiative::Model {
            used_for: Some(of.code.clone()),
            used_year: Some(of.year),
            award_id: Some(of.award),
            ..row.clone()
        };
        Some((row, after))
    });
    tx.save_many::<initiative::Entity>(spent.collect()).await
}

/// A title or form for which initiatives count.
async fn standard(gate: &Gate, code: &str) -> Result<String> {
    let code = award_code(gate, code).await?;
    if counts_initiatives(gate, &code).await? {
        return Ok(code);
    }
    let fault = Fault::at(Code::InvalidCombination, "input.awardTypeCode");
    Err(fault.with("detail", "no rule counts initiatives for it").into())
}

/// Uses an initiative as a standard for an award; once.
pub(super) async fn use_once(gate: &Gate, input: InitiativeUseInput) -> Result<Initiative> {
    let id = input_id::<Initiative>(&input.id, "input.id")?;
    let code = standard(gate, &input.award_type_code).await?;
    let year = input::year(input.year, "input.year")?;
    let tx = gate.begin(Act::InitiativeUse).await?;
    let row = tx.lock_version::<initiative::Entity>(id, input.expected_version).await?;
    if let (Some(used), Some(year)) = (&row.used_for, row.used_year) {
        return Err(used_already(&tx, (used, year)).await?.into());
    }
    // Work of a year is often recognised in the first months of the next one.
    let first = row.recognised_on.year().saturating_sub(1);
    let year = input::year_since(year, first, "input.year")?;
    let mut used = row.clone().into_active_model();
    used.used_for = Set(Some(code));
    used.used_year = Set(Some(year));
    let row = tx.save::<initiative::Entity>(&row, used).await?;
    tx.answer(Initiative::from(row)).await
}

/// Takes back that an initiative has served, where no award rests on it.
pub(super) async fn free(gate: &Gate, input: InitiativeUseCancelInput) -> Result<Initiative> {
    let id = input_id::<Initiative>(&input.id, "input.id")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::InitiativeUseCancel, Some(reason)).await?;
    let row = tx.lock_version::<initiative::Entity>(id, input.expected_version).await?;
    let wrong = |state: &str| Fault::at(Code::WrongState, "input.id").with("state", state);
    let (Some(code), Some(year)) = (&row.used_for, row.used_year) else {
        return Err(wrong("NOT_USED").into());
    };
    if is_behind_award(&tx, &row, (code, year)).await? {
        return Err(wrong("BEHIND_AWARD").into());
    }
    let mut freed = row.clone().into_active_model();
    freed.used_for = Set(None);
    freed.used_year = Set(None);
    freed.award_id = Set(None);
    let row = tx.save::<initiative::Entity>(&row, freed).await?;
    tx.answer(Initiative::from(row)).await
}

/// Whether the award stands that rests on an initiative, or another one of an author for which it has served: several
/// authors may be given the same on it, and what somebody has marked as used names no award.
async fn is_behind_award(
    tx: &Tx,
    of: &initiative::Model,
    (code, year): (&str, i32),
) -> Result<bool> {
    use award::Column;
    let authors = Condition::all().add(initiative_author::Column::InitiativeId.eq(of.id));
    let authors = tx.all_of::<initiative_author::Entity>(of.tenant_id, authors).await?;
    let of_authors = Condition::all()
        .add(Column::SubjectId.is_in(authors.iter().map(|row| row.subject_id)))
        .add(Column::AwardTypeCode.eq(code))
        .add(Column::CountingToYear.eq(year));
    // Who has it, and for which year, may have been corrected since.
    let mut either = Condition::any().add(of_authors);
    if let Some(id) = of.award_id {
        either = either.add(Column::Id.eq(id));
    }
    let these = Condition::all().add(either).add(Column::State.eq(award::State::Valid));
    Ok(!tx.all_of::<award::Entity>(of.tenant_id, these).await?.is_empty())
}

/// The refusal of what has served; only then the tenant's own titles are read, for the name.
async fn used_already(tx: &Tx, (code, year): (&str, i32)) -> Result<Fault> {
    let of_code = Condition::all().add(award_type::Column::Code.eq(code));
    let own = tx.all_of::<award_type::Entity>(tx.gate().actor()?.tenant, of_code).await?;
    let last = own.iter().max_by_key(|row| row.valid_from);
    let fault = Fault::at(Code::InitiativeUsed, "input.id");
    Ok(fault.about(last.map_or((code, code), said)).with("year", year))
}
