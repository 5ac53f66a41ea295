//! Writes of subjects: enter, correct, move.
//! Nothing is deleted here: awards stay with whom they were given to.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use chrono::NaiveDate;
use entity::nominee::SubjectKind;
use entity::subject::{self, LeadershipClass, Sex, SizeClass};
use entity::{account, subject_membership, unit};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::Subject;
use crate::access::{Act, Gate, Tx, day_before};
use crate::domain::account::User;
use crate::domain::unit::Unit;
use crate::domain::{Ask, input};
use crate::error::{Code, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::scalar::Date;
use crate::text::search_form;

/// Input of `subjectCreate`.
#[derive(InputObject)]
pub(crate) struct SubjectCreateInput {
    /// A person, a collective or a household.
    kind: SubjectKind,
    /// Name, at most 300 characters.
    name: String,
    /// The unit it belongs to; for a collective that is a unit, that unit.
    unit_id: ID,
    /// Whether the collective is the whole of its unit; each unit has one such subject.
    #[graphql(default)]
    is_unit: bool,
    /// First day in the unit; today when absent.
    member_since: Option<Date>,
    /// Code within the tenant, such as a staff number. Letters, digits, point, hyphen, underscore; at most 60.
    code: Option<String>,
    /// Sex of a person.
    sex: Option<Sex>,
    /// Leadership class of a person.
    leadership_class: Option<LeadershipClass>,
    /// Whether a person works directly (người trực tiếp); not known when absent.
    direct_worker: Option<bool>,
    /// Whether a person leads or manages others; not known when absent.
    manager: Option<bool>,
    /// What a person does, at most 300 characters.
    occupation: Option<String>,
    /// How large a collective is.
    size_class: Option<SizeClass>,
    /// Whether a collective is among those for whom the flag of the ministry or province is meant.
    flag_eligible: Option<bool>,
    /// The day a collective was founded.
    founded_on: Option<Date>,
    /// Whether a collective is an enterprise (doanh nghiệp); when absent, of one that is the whole of its unit as the kind of
    /// the unit says, and not known of others.
    enterprise: Option<bool>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `subjectUpdate`; absent fields stay as they are.
#[derive(InputObject)]
pub(crate) struct SubjectUpdateInput {
    /// The subject.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// New name, at most 300 characters; null is refused (`REQUIRED`).
    name: MaybeUndefined<String>,
    /// New code, written like that of `subjectCreate`; null clears it.
    code: MaybeUndefined<String>,
    /// The unit to which it moves; its record moves with it; null is refused (`REQUIRED`).
    unit_id: MaybeUndefined<ID>,
    /// With `unitId`: first day in the new unit; today when absent.
    moved_on: Option<Date>,
    /// Sex of a person; null clears it.
    sex: MaybeUndefined<Sex>,
    /// Leadership class of a person; null clears it.
    leadership_class: MaybeUndefined<LeadershipClass>,
    /// Whether a person works directly; null: not known.
    direct_worker: MaybeUndefined<bool>,
    /// Whether a person leads or manages others; null: not known.
    manager: MaybeUndefined<bool>,
    /// What a person does, at most 300 characters; null clears it.
    occupation: MaybeUndefined<String>,
    /// How large a collective is; null clears it.
    size_class: MaybeUndefined<SizeClass>,
    /// Whether a collective is among those for whom the flag is meant; null: not known.
    flag_eligible: MaybeUndefined<bool>,
    /// The day a collective was founded; null clears it.
    founded_on: MaybeUndefined<Date>,
    /// Whether a collective is an enterprise; null: not known. Awards it has keep what it was when they were given.
    enterprise: MaybeUndefined<bool>,
    /// The user who is this person: he does not vote where he is the nominee or an author. Whom the caller may read;
    /// null clears it, save for the user himself.
    user_id: MaybeUndefined<ID>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(SubjectCreatePayload, subject: Subject, "subject entered");
payload!(SubjectUpdatePayload, subject: Subject, "subject as it is now");

/// Changes of subjects.
#[derive(Default)]
pub struct SubjectMutation;

/// Changes of subjects.
#[Object]
impl SubjectMutation {
    /// Enters a subject of a unit. Roles: unit head, unit officer, standing officer.
    async fn subject_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The subject to enter.")] input: SubjectCreateInput,
    ) -> async_graphql::Result<SubjectCreatePayload> {
        let key = input.idempotency_key.clone();
        SubjectCreatePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(create(&gate, input))).await
            }
            .await,
        )
    }

    /// Corrects a subject, or moves it to another unit. Roles: unit head, unit officer, standing officer; to
    /// move it both units must be within reach.
    async fn subject_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: SubjectUpdateInput,
    ) -> async_graphql::Result<SubjectUpdatePayload> {
        let key = input.idempotency_key.clone();
        SubjectUpdatePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(update(&gate, input))).await
            }
            .await,
        )
    }
}

async fn create(gate: &Gate, input: SubjectCreateInput) -> Result<Subject> {
    let unit_id = input_id::<Unit>(&input.unit_id, "input.unitId")?;
    let since = input.member_since.map(|day| input::day(day, "input.memberSince")).transpose()?;
    since.map_or(Ok(()), |day| input::past(day, gate.today(), "input.memberSince"))?;
    let name = input::text(&input.name, "input.name", input::NAME)?;
    let code = input.code.as_deref().map(|code| input::code(code, "input.code")).transpose()?;
    let founded = input.founded_on.map(|day| input::day(day, "input.foundedOn")).transpose()?;
    founded.map_or(Ok(()), |day| input::past(day, gate.today(), "input.foundedOn"))?;
    let occupation =
        input::optional_text(input.occupation.as_deref(), "input.occupation", input::NAME)?;
    let tx = gate.begin(Act::SubjectCreate).await?;
    let place = open_unit(&tx, unit_id, gate.today()).await?;
    let by_unit = input.is_unit.then_some(place.kind == unit::Kind::Enterprise);
    let row = subject::Model {
        tenant_id: place.tenant_id,
        id: gate.new_id(),
        kind: input.kind,
        code,
        name_search: search_form(&name),
        name,
        unit_id: place.id,
        is_unit: input.is_unit,
        sex: input.sex,
        leadership_class: input.leadership_class,
        direct_worker: input.direct_worker,
        manager: input.manager,
        occupation,
        size_class: input.size_class,
        flag_eligible: input.flag_eligible,
        founded_on: founded,
        created_at: gate.now(),
        version: 1,
        user_id: None,
        enterprise: input.enterprise.or(by_unit),
    };
    fits(&row)?;
    let path = if row.is_unit { "input.unitId" } else { "input.code" };
    let row = tx.add::<subject::Entity>(all_set(row)).await.map_err(|e| e.at(path))?;
    join(&tx, &row, since.unwrap_or_else(|| gate.today())).await?;
    tx.answer(Subject::from(row)).await
}

/// Every column as it is to be written.
fn all_set(row: subject::Model) -> subject::ActiveModel {
    row.into_active_model().reset_all()
}

/// A unit within the reach of the act, in force on a day.
async fn open_unit(tx: &Tx, id: Uuid, day: NaiveDate) -> Result<unit::Model> {
    let path = "input.unitId";
    let row = tx.lock::<unit::Entity>(id).await.map_err(|e| e.at(path))?;
    if row.valid_from <= day && row.valid_to.is_none_or(|last| last >= day) {
        return Ok(row);
    }
    Err(Fault::at(Code::NotInForce, path).into())
}

async fn join(tx: &Tx, of: &subject::Model, from: NaiveDate) -> Result<()> {
    let row = subject_membership::ActiveModel {
        tenant_id: Set(of.tenant_id),
        id: Set(tx.gate().new_id()),
        subject_id: Set(of.id),
        unit_id: Set(of.unit_id),
        valid_from: Set(from),
        valid_to: Set(None),
        version: Set(1),
    };
    tx.add::<subject_membership::Entity>(row).await.map(drop)
}

/// Refuses what a subject of the kind cannot have.
fn fits(row: &subject::Model) -> Result<()> {
    let is_person = row.kind == SubjectKind::Individual;
    let is_collective = row.kind == SubjectKind::Collective;
    let of_person = row.sex.is_some()
        || row.leadership_class.is_some()
        || row.direct_worker.is_some()
        || row.manager.is_some()
        || row.occupation.is_some()
        || row.user_id.is_some();
    let of_collective = row.is_unit
        || row.size_class.is_some()
        || row.flag_eligible.is_some()
        || row.founded_on.is_some()
        || row.enterprise.is_some();
    if (of_person && !is_person) || (of_collective && !is_collective) {
        let detail = "sex, leadershipClass, directWorker, manager, occupation, userId: INDIVIDUAL; isUnit, sizeClass, flagEligible, foundedOn, enterprise: COLLECTIVE";
        return Err(Fault::at(Code::InvalidCombination, "input").with("detail", detail).into());
    }
    Ok(())
}

async fn update(gate: &Gate, input: SubjectUpdateInput) -> Result<Subject> {
    let id = input_id::<Subject>(&input.id, "input.id")?;
    let target = input::given(input.unit_id.clone(), "input.unitId")?;
    let target = target.map(|id| input_id::<Unit>(&id, "input.unitId")).transpose()?;
    let moved_on = input.moved_on.map(|day| input::day(day, "input.movedOn")).transpose()?;
    let tx = gate.begin(Act::SubjectUpdate).await?;
    let row = tx.lock_version::<subject::Entity>(id, input.expected_version).await?;
    let mut changed = row.clone();
    changed.user_id = user_of(&tx, &row, &input.user_id).await?;
    amend(&mut changed, input)?;
    if let Some(day) = changed.founded_on.filter(|_| changed.founded_on != row.founded_on) {
        input::past(day, gate.today(), "input.foundedOn")?;
    }
    if let Some(unit) = target {
        changed.unit_id = open_unit(&tx, unit, gate.today()).await?.id;
    }
    fits(&changed)?;
    let moves = changed.unit_id != row.unit_id;
    let names_user = changed.user_id != row.user_id;
    let path = if moves && row.is_unit { "input.unitId" } else { "input.code" };
    let path = if names_user { "input.userId" } else { path };
    let row = tx.save::<subject::Entity>(&row, all_set(changed)).await.map_err(|e| e.at(path))?;
    if moves {
        leave(&tx, &row, moved_on.unwrap_or_else(|| gate.today())).await?;
    }
    tx.answer(Subject::from(row)).await
}

/// The user who is the person. Nobody takes the name off himself, nor off a user whom he may not read.
async fn user_of(tx: &Tx, row: &subject::Model, wish: &MaybeUndefined<ID>) -> Result<Option<Uuid>> {
    let path = "input.userId";
    let wish = match wish {
        MaybeUndefined::Undefined => return Ok(row.user_id),
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(id) => Some(input_id::<User>(id, path)?),
    };
    if wish == row.user_id {
        return Ok(wish);
    }
    if row.user_id == Some(tx.gate().actor()?.user) {
        return Err(Fault::at(Code::Forbidden, path).into());
    }
    for id in [row.user_id, wish].into_iter().flatten() {
        tx.one::<account::Entity>(Act::UserRead, id).await.map_err(|e| e.at(path))?;
    }
    Ok(wish)
}

/// The row with what the input changes of it.
fn amend(row: &mut subject::Model, input: SubjectUpdateInput) -> Result<()> {
    if let Some(name) = input::given(input.name, "input.name")? {
        row.name = input::text(&name, "input.name", input::NAME)?;
        row.name_search = search_form(&row.name);
    }
    if !input.code.is_undefined() {
        let code = input.code.take().filter(|code| !code.trim().is_empty());
        row.code = code.map(|code| input::code(&code, "input.code")).transpose()?;
    }
    if !input.occupation.is_undefined() {
        let text = input.occupation.take();
        row.occupation = input::optional_text(text.as_deref(), "input.occupation", input::NAME)?;
    }
    if !input.founded_on.is_undefined() {
        let day = input.founded_on.take();
        row.founded_on = day.map(|day| input::day(day, "input.foundedOn")).transpose()?;
    }
    if !input.flag_eligible.is_undefined() {
        row.flag_eligible = input.flag_eligible.take();
    }
    if !input.enterprise.is_undefined() {
        row.enterprise = input.enterprise.take();
    }
    if !input.direct_worker.is_undefined() {
        row.direct_worker = input.direct_worker.take();
    }
    if !input.manager.is_undefined() {
        row.manager = input.manager.take();
    }
    if !input.sex.is_undefined() {
        row.sex = input.sex.take();
    }
    if !input.leadership_class.is_undefined() {
        row.leadership_class = input.leadership_class.take();
    }
    if !input.size_class.is_undefined() {
        row.size_class = input.size_class.take();
    }
    Ok(())
}

/// Ends the membership that is open and begins the one in the unit the subject belongs to now.
async fn leave(tx: &Tx, of: &subject::Model, on: NaiveDate) -> Result<()> {
    use subject_membership::{Column, Entity};
    let open = Condition::all().add(Column::SubjectId.eq(of.id)).add(Column::ValidTo.is_null());
    for row in tx.all_of::<Entity>(of.tenant_id, open).await? {
        let last = day_before(on);
        input::period(Some(row.valid_from), Some(last), "input.movedOn")?;
        let mut ended = row.clone().into_active_model();
        ended.valid_to = Set(Some(last));
        tx.save::<Entity>(&row, ended).await?;
    }
    join(tx, of, on).await
}
