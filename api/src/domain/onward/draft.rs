//! A proposal to an authority above before it is sent.
//! Nothing is frozen here.

use async_graphql::ID;
use chrono::Datelike;
use entity::onward_event::{self, Kind};
use entity::tenant::{self, Kind as TenantKind};
use entity::{award_type, onward, onward_nominee};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::inputs::{OnwardSubmissionCreateInput, OnwardSubmissionUpdateInput};
use super::lines::{For, Line, NAMED, ids, lines, listed};
use super::rules::{self, OnwardState, Side};
use super::{OnwardPackage, OnwardSubmission};
use crate::access::{Act, Gate, Tx};
use crate::domain::tenant::Tenant;
use crate::domain::{decision, input};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;

pub(super) async fn create(
    gate: &Gate,
    input: OnwardSubmissionCreateInput,
) -> Result<OnwardSubmission> {
    let title = input::text(&input.title, "input.title", input::NAME)?;
    let note = input::optional_text(input.note.as_deref(), "input.note", input::TEXT)?;
    let wanted = ids(&input.nominee_ids)?;
    if decision::is_own(input.authority) {
        let fault = Fault::at(Code::InvalidCombination, "input.authority");
        return Err(fault.with("detail", <&str>::from(input.authority)).into());
    }
    let name = input.addressee_name.as_deref();
    let (addressee, name) = addressee(gate, input.addressee_id.as_ref(), name).await?;
    let catalogue = gate.catalogue::<award_type::Entity>()?.all().await?;
    let tx = gate.begin(Act::OnwardSubmissionCreate).await?;
    let tenant = gate.actor()?.tenant;
    // Nobody is proposed twice at one time, and numbers go on.
    tx.stand_in_line("onward", tenant).await?;
    let authority: &str = input.authority.into();
    let of = For { authority, onward: None, path: NAMED };
    let lines = lines(&tx, &wanted, &catalogue, of).await?;
    let year = gate.today().year();
    let of_year = Condition::all().add(onward::Column::Year.eq(year));
    let last = tx.greatest::<onward::Entity>(tenant, onward::Column::Number, of_year).await?;
    let row = onward::Model {
        tenant_id: tenant,
        id: gate.new_id(),
        number: last + 1,
        year,
        title,
        authority: authority.to_owned(),
        addressee_tenant_id: addressee,
        addressee_name: name,
        note,
        author_id: gate.actor()?.user,
        packages: 0,
        created_at: gate.now(),
        version: 1,
    };
    let row = tx.add::<onward::Entity>(row.into_active_model().reset_all()).await?;
    list(&tx, &row, &lines).await?;
    tx.answer(OnwardSubmission::from(row)).await
}

/// To whom it goes: a tenant of the register that is the Central council's office, or someone by name.
async fn addressee(
    gate: &Gate,
    id: Option<&ID>,
    name: Option<&str>,
) -> Result<(Option<Uuid>, String)> {
    let path = "input.addresseeName";
    let name = input::optional_text(name, path, input::NAME)?;
    let Some(id) = id else {
        let name = name.ok_or_else(|| Error::from(Fault::at(Code::Required, path)))?;
        return Ok((None, name));
    };
    let path = "input.addresseeId";
    let id = input_id::<Tenant>(id, path)?;
    let row = gate.catalogue::<tenant::Entity>()?.filter(tenant::Column::Id.eq(id)).first().await?;
    let row = row.ok_or_else(|| Error::not_found().at(path))?;
    if row.kind != TenantKind::Central || row.id == gate.actor()?.tenant {
        let fault = Fault::at(Code::InvalidCombination, path);
        return Err(fault.with("detail", "addresseeId, CENTRAL").into());
    }
    let today = gate.today();
    if row.valid_from > today || row.valid_to.is_some_and(|last| last < today) {
        return Err(Fault::at(Code::NotInForce, path).into());
    }
    // The package would go to one and name another.
    if name.is_some_and(|name| name != row.name) {
        let fault = Fault::at(Code::InvalidCombination, "input.addresseeName");
        return Err(fault.with("detail", "addresseeId, addresseeName").into());
    }
    Ok((Some(row.id), row.name))
}

async fn list(tx: &Tx, onward: &onward::Model, lines: &[Line]) -> Result<()> {
    let row = |(position, line): (i32, &Line)| onward_nominee::Model {
        tenant_id: onward.tenant_id,
        id: tx.gate().new_id(),
        onward_id: onward.id,
        nominee_id: line.nominee.id,
        submission_id: line.submission.id,
        position,
        award_type_id: line.award.id,
    };
    tx.add_many::<onward_nominee::Entity>((1..).zip(lines).map(row).collect()).await
}

pub(super) async fn update(
    gate: &Gate,
    input: OnwardSubmissionUpdateInput,
) -> Result<OnwardSubmission> {
    let id = input_id::<OnwardSubmission>(&input.id, "input.id")?;
    let title = input::optional_text(input.title.as_deref(), "input.title", input::NAME)?;
    let note = input::optional_text(input.note.as_deref(), "input.note", input::TEXT)?;
    let wanted = input.nominee_ids.as_deref().map(ids).transpose()?;
    let catalogue = gate.catalogue::<award_type::Entity>()?.all().await?;
    let tx = gate.begin(Act::OnwardSubmissionUpdate).await?;
    tx.stand_in_line("onward", gate.actor()?.tenant).await?;
    let row = tx.lock_version::<onward::Entity>(id, input.expected_version).await?;
    still_ours(&tx, &row).await?;
    if let Some(wanted) = wanted {
        let of = For { authority: &row.authority, onward: Some(row.id), path: NAMED };
        let lines = lines(&tx, &wanted, &catalogue, of).await?;
        for old in listed(&tx, &row).await? {
            tx.remove::<onward_nominee::Entity>(&old).await?;
        }
        list(&tx, &row, &lines).await?;
    }
    let mut changed = row.clone();
    changed.title = title.unwrap_or(changed.title);
    changed.note = note.or(changed.note);
    let changed = changed.into_active_model().reset_all();
    let row = tx.save::<onward::Entity>(&row, changed).await?;
    tx.answer(OnwardSubmission::from(row)).await
}

/// The events of a proposal, refused where it is on its way; whoever sends or changes it stands in line before.
pub(super) async fn still_ours(tx: &Tx, row: &onward::Model) -> Result<Vec<onward_event::Model>> {
    tx.stand_in_line("onward event", row.id).await?;
    let of_it = Condition::all().add(onward_event::Column::OnwardId.eq(row.id));
    let mut events = tx.all_of::<onward_event::Entity>(row.tenant_id, of_it).await?;
    events.sort_by_key(|event| event.number);
    let state = OnwardState::after(events.last().map(|event| event.kind));
    let side = Side::Sender { is_outside: row.addressee_tenant_id.is_none() };
    match rules::obstacle(Kind::Sent, state, side) {
        Some(fault) => Err(fault.into()),
        None => Ok(events),
    }
}

/// The id of a package.
pub(super) fn package_id(id: &ID) -> Result<Uuid> {
    input_id::<OnwardPackage>(id, "input.id")
}
