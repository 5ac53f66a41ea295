//! What becomes of a package: received, appraised, returned, decided; written down by either side.
//! Nothing enters a registry here.

use async_graphql::ID;
use entity::onward_event::{self, Kind};
use entity::onward_result::{self, Outcome};
use entity::{award_type, onward_package};
use sea_orm::{ColumnTrait, Condition};

use super::content::Listed;
use super::draft::package_id;
use super::inputs::{
    OnwardDecisionInput, OnwardPackageFollowInput, OnwardResultInput, OnwardResultRecordInput,
};
use super::rules::{self, OnwardState};
use super::send::{Decided, Happened, tell};
use super::{OnwardPackage, side};
use crate::access::{Act, Gate, Tx};
use crate::domain::award::said;
use crate::domain::{decision, input};
use crate::error::{Code, Error, Fault, Result};
use crate::reference;

/// A package and its events as they are when something happens to it.
pub(super) struct Package {
    pub(super) row: onward_package::Model,
    pub(super) events: Vec<onward_event::Model>,
}

impl Package {
    /// Reads it; refused when something happened since the caller read it. Both sides stand in line for it.
    pub(super) async fn read(tx: &Tx, id: &ID, expected: i32) -> Result<Self> {
        let id = package_id(id)?;
        let read = tx.one::<onward_package::Entity>(Act::OnwardPackageRead, id).await;
        let row = read.map_err(|fault| fault.at("input.id"))?;
        tx.stand_in_line("onward event", row.onward_id).await?;
        let of_it = Condition::all().add(onward_event::Column::OnwardId.eq(row.onward_id));
        let mut events = tx.all::<onward_event::Entity>(Act::OnwardPackageRead, of_it).await?;
        events.sort_by_key(|event| event.number);
        let version = events.last().map_or(0, |event| event.number);
        if version != expected {
            return Err(Error::conflict(version));
        }
        Ok(Self { row, events })
    }

    /// Refuses what cannot happen now; hands back the number of the event that it is.
    pub(super) fn demand(&self, gate: &Gate, kind: Kind) -> Result<i32> {
        let last = self.events.last().ok_or_else(|| Error::broken("a package never sent"))?;
        if last.package_id != self.row.id {
            // It was returned, and another one took its place.
            return Err(Fault::at(Code::FinalState, "input.id").into());
        }
        let state = OnwardState::after(Some(last.kind));
        match rules::obstacle(kind, state, side(gate, &self.row)?) {
            Some(fault) => Err(fault.into()),
            None => Ok(last.number.saturating_add(1)),
        }
    }
}

pub(super) async fn follow(gate: &Gate, input: OnwardPackageFollowInput) -> Result<OnwardPackage> {
    let kind = Kind::from(input.step);
    let reason = match kind {
        Kind::Returned => Some(input::reason(input.reason.as_deref().unwrap_or_default())?),
        Kind::Sent
        | Kind::Received
        | Kind::UnderAppraisal
        | Kind::Awarded
        | Kind::Refused
        | Kind::Registered => {
            input::optional_text(input.reason.as_deref(), "input.reason", input::TEXT)?
        }
    };
    let tx = gate.begin_because(Act::OnwardPackageFollow, reason.clone()).await?;
    let package = Package::read(&tx, &input.id, input.expected_version).await?;
    let number = package.demand(gate, kind)?;
    tell(&tx, &package.row, Happened::plain(kind, number, reason)).await?;
    tx.answer(OnwardPackage::from(package.row)).await
}

pub(super) async fn record(gate: &Gate, input: OnwardResultRecordInput) -> Result<OnwardPackage> {
    let is_refusal = input.results.iter().all(|result| result.outcome == Outcome::Refused);
    if input.decision.is_none() && !is_refusal {
        return Err(Fault::at(Code::Required, "input.decision").into());
    }
    let catalogue = gate.catalogue::<award_type::Entity>()?.all().await?;
    let tx = gate.begin(Act::OnwardResultRecord).await?;
    let package = Package::read(&tx, &input.id, input.expected_version).await?;
    let kind = if is_refusal { Kind::Refused } else { Kind::Awarded };
    let number = package.demand(gate, kind)?;
    let decided =
        input.decision.as_ref().map(|paper| decided(gate, paper, &package.row)).transpose()?;
    let listed = Listed::of(&package.row)?;
    let issuer = decided.as_ref().map_or(package.row.authority.as_str(), |it| it.issuer.as_str());
    let results = results(&listed, &input.results, (&catalogue, issuer))?;
    let decision = Happened { decision: decided, ..Happened::plain(kind, number, None) };
    let event = tell(&tx, &package.row, decision).await?;
    let rows = results.into_iter().map(|result| onward_result::Model {
        tenant_id: event.tenant_id,
        id: gate.new_id(),
        onward_id: event.onward_id,
        package_id: event.package_id,
        event_id: event.id,
        addressee_tenant_id: event.addressee_tenant_id,
        position: result.position,
        name: result.name,
        outcome: result.outcome,
        award_type_id: result.award.map(|award| award.id),
        reason: result.reason,
    });
    tx.add_many::<onward_result::Entity>(rows.collect()).await?;
    tx.answer(OnwardPackage::from(package.row)).await
}

fn decided(
    gate: &Gate,
    paper: &OnwardDecisionInput,
    package: &onward_package::Model,
) -> Result<Decided> {
    let at = |field: &str| format!("input.decision.{field}");
    let on = input::day(paper.decided_on, &at("decidedOn"))?;
    if on > gate.today() || on < package.letter_date {
        let fault = Fault::at(Code::OutOfRange, &at("decidedOn"));
        return Err(fault.with("min", package.letter_date).with("max", gate.today()).into());
    }
    if paper.number < 1 {
        let fault = Fault::at(Code::OutOfRange, &at("number"));
        return Err(fault.with("case", "LEAST").with("min", 1).into());
    }
    if paper.issuer.is_some_and(decision::is_own) {
        let fault = Fault::at(Code::InvalidCombination, &at("issuer"));
        return Err(fault.with("detail", "issuer").into());
    }
    let post = paper.signer_post.as_deref();
    let issuer: Option<&str> = paper.issuer.map(Into::into);
    Ok(Decided {
        number: paper.number,
        symbol: input::official(&paper.symbol, &at("symbol"))?,
        on,
        signer_post: input::optional_text(post, &at("signerPost"), input::NAME)?,
        issuer: issuer.unwrap_or(&package.authority).to_owned(),
        issuer_name: input::text(&paper.issuer_name, &at("issuerName"), input::NAME)?,
    })
}

struct Ruled<'a> {
    position: i32,
    name: String,
    outcome: Outcome,
    award: Option<&'a award_type::Model>,
    reason: Option<String>,
}

/// One result for everyone on the list, and for nobody else.
fn results<'a>(
    listed: &[Listed],
    inputs: &[OnwardResultInput],
    (catalogue, issuer): (&'a [award_type::Model], &str),
) -> Result<Vec<Ruled<'a>>> {
    if inputs.len() != listed.len() {
        let fault = Fault::at(Code::OutOfRange, "input.results");
        return Err(fault.with("case", "RESULTS").with("min", listed.len()).into());
    }
    let mut found: Vec<Ruled<'a>> = Vec::new();
    for (index, input) in inputs.iter().enumerate() {
        let at = |field: &str| format!("input.results.{index}.{field}");
        let line = listed.iter().find(|line| line.position == input.position);
        let line = line.ok_or_else(|| Error::not_found().at(&at("position")))?;
        if found.iter().any(|known| known.position == line.position) {
            return Err(input::twice(&at("position")).into());
        }
        let reason = input::optional_text(input.reason.as_deref(), &at("reason"), input::TEXT)?;
        if reason.is_none() && input.outcome != Outcome::Awarded {
            return Err(Fault::at(Code::ReasonRequired, &at("reason")).into());
        }
        let award = given(line, input, (catalogue, &at("awardTypeCode")))?;
        if let Some(award) = award
            && award.decided_by.split('|').all(|known| known != issuer)
        {
            let fault = Fault::at(Code::NotTheAuthority, &at("outcome"));
            return Err(fault.about(said(award)).into());
        }
        let (position, name, outcome) = (line.position, line.name.clone(), input.outcome);
        found.push(Ruled { position, name, outcome, award, reason });
    }
    Ok(found)
}

/// The title that was given: the one proposed, or a lower one by its code.
fn given<'a>(
    line: &Listed,
    input: &OnwardResultInput,
    (catalogue, path): (&'a [award_type::Model], &str),
) -> Result<Option<&'a award_type::Model>> {
    let code = match (input.outcome, input.award_type_code.as_deref()) {
        (Outcome::Refused, None) => return Ok(None),
        (Outcome::Awarded, None) => line.award_type.code.as_str(),
        (Outcome::LowerTitle, Some(code)) if code != line.award_type.code => code,
        (Outcome::Awarded | Outcome::Refused | Outcome::LowerTitle, _) => {
            let fault = Fault::at(Code::InvalidCombination, path);
            return Err(fault.with("detail", "outcome, awardTypeCode").into());
        }
    };
    // A code may stand in the catalogue several times, for one period after the other.
    let found = catalogue.iter().filter(|award| award.code == code).max_by_key(|it| it.valid_from);
    match found {
        Some(award)
            if input.outcome == Outcome::LowerTitle
                && !reference::is_lower(&award.code, &line.award_type.code) =>
        {
            let fault = Fault::at(Code::InvalidCombination, path);
            let detail = format!("{} / {}", line.award_type.code, award.code);
            Err(fault.with("detail", detail).into())
        }
        Some(award) => Ok(Some(award)),
        None => Err(Fault::at(Code::AwardUnknown, path).with("name", code).into()),
    }
}
