//! The decision behind an act on an award: who gave it, decides what becomes of it (Luật 06/2022/QH15, Điều 93).
//! No award is changed here.

use chrono::NaiveDate;
use entity::award_type::{self, Level};
use entity::decision::{self, Kind};
use entity::{award, award_act};
use sea_orm::{ColumnTrait, Condition};

use crate::access::Tx;
use crate::domain::award::{AwardDecider, deciders, said};
use crate::domain::decision::{PaperInput, Series, is_own};
use crate::error::{Code, Fault, Result};
use crate::reference;

/// What is said of the decision.
pub(super) struct Said {
    pub(super) paper: PaperInput,
    pub(super) kind: Kind,
    /// Who decided; none: the one that gave the award.
    pub(super) issuer: Option<AwardDecider>,
}

impl Said {
    /// A decision of the one that gave the award.
    pub(super) fn plain(paper: PaperInput, kind: Kind) -> Self {
        Self { paper, kind, issuer: None }
    }
}

/// Writes the decision behind an act, in the register of the one that gave the award.
pub(super) async fn decide(tx: &Tx, award: &award::Model, said: Said) -> Result<decision::Model> {
    let paper = said.paper.check(tx.gate().today(), "input.decision")?;
    let first = match said.kind {
        Kind::Cancel | Kind::Revoke | Kind::Restore => last_decided(tx, award).await?,
        // What was written down wrong may have been put right by an older paper.
        Kind::Award | Kind::Correct | Kind::Reissue => None,
    };
    if let Some(first) = first.max(award.decided_on).filter(|first| paper.decided_on < *first) {
        // What becomes of an award is decided after it was given, and after what became of it before.
        let fault = Fault::at(Code::OutOfRange, "input.decision.decidedOn");
        return Err(fault.with("min", first).with("max", tx.gate().today()).into());
    }
    let giver = match award.decision_id {
        Some(id) => {
            let this = Condition::all().add(decision::Column::Id.eq(id));
            tx.all_of::<decision::Entity>(award.tenant_id, this).await?.pop()
        }
        None => None,
    };
    let mut series = Series::behind(award, giver.as_ref());
    match said.kind {
        Kind::Cancel | Kind::Revoke | Kind::Restore => {
            if let Some(authority) = authority(tx, award, (&series, said.issuer)).await? {
                series.issuer = Some(authority);
                series.demand_foreign(tx, &paper).await?;
            }
        }
        // What was recorded is put right where it is recorded.
        Kind::Award | Kind::Correct | Kind::Reissue => {}
    }
    series.issue(tx, paper, said.kind).await
}

/// The last day on which something was decided of an award.
async fn last_decided(tx: &Tx, award: &award::Model) -> Result<Option<NaiveDate>> {
    let of_it = Condition::all().add(award_act::Column::AwardId.eq(award.id));
    let acts = tx.all_of::<award_act::Entity>(award.tenant_id, of_it).await?;
    let behind = acts.iter().filter_map(|act| act.decision_id);
    let these = Condition::all().add(decision::Column::Id.is_in(behind));
    let decisions = tx.all_of::<decision::Entity>(award.tenant_id, these).await?;
    Ok(decisions.iter().map(|row| row.decided_on).max())
}

/// The authority elsewhere that decides what becomes of an award; none where it was given here. It must be named: what
/// is recorded then is its decision, and nobody takes away here what it gave.
async fn authority(
    tx: &Tx,
    award: &award::Model,
    (series, named): (&Series, Option<AwardDecider>),
) -> Result<Option<AwardDecider>> {
    let title = tx.gate().look_up::<award_type::Entity>(award.award_type_id).await?;
    let may: Vec<AwardDecider> = match (series.issuer, &title) {
        (Some(known), _) => vec![known],
        (None, Some(title)) => deciders(title),
        (None, None) => Vec::new(),
    };
    let is_of_state = title.as_ref().is_some_and(|title| title.level == Level::State);
    let is_elsewhere = if may.is_empty() { is_of_state } else { !may.iter().copied().any(is_own) };
    let is_right = match named {
        Some(named) => may.contains(&named) || (may.is_empty() && !is_own(named)),
        None => !is_elsewhere,
    };
    if !is_right {
        let fault = Fault::at(Code::NotTheAuthority, "input.issuer");
        return Err(fault.with("award", &award.name_as_recorded).into());
    }
    Ok(named.filter(|_| is_elsewhere))
}

/// Refuses to strip the holder of what nobody is stripped of; the law of today says of what (the rule is data, with its
/// citation). Such an award is cancelled.
pub(super) async fn revocable(tx: &Tx, award: &award::Model, kind: Kind) -> Result<()> {
    if kind != Kind::Revoke {
        return Ok(());
    }
    let title = tx.gate().look_up::<award_type::Entity>(award.award_type_id).await?;
    let law = reference::revocation(tx.gate().today());
    let is_named =
        |title: &award_type::Model| law.is_some_and(|law| law.families.contains(&title.family));
    let title = title.as_deref();
    if title.is_some_and(is_named) {
        return Ok(());
    }
    let fault = Fault::at(Code::NotRevocable, "input.id");
    let fault = fault.with("citation", law.map_or("", |law| law.citation.as_str()));
    let fault = match title {
        Some(title) => fault.about(said(title)),
        None => fault.with("award", &award.name_as_recorded),
    };
    Err(fault.into())
}
