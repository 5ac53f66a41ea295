//! A proposal is sent: who is on it is looked at once more, everything is frozen, the package is on its way.
//! What stands in the package is put together in `content`.

use entity::onward_event::{self, Kind};
use entity::{award_type, onward, onward_nominee, onward_package};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use sha2::{Digest, Sha256};

use super::content::{Dossier, Letter};
use super::draft::still_ours;
use super::inputs::OnwardSubmissionSendInput;
use super::law::{demand_lawful, demand_subjects};
use super::lines::{For, Line, demand_day, lines, listed, packages, spent};
use super::{OnwardPackage, OnwardSubmission};
use crate::access::{Act, Gate, Tx};
use crate::domain::award::said;
use crate::domain::input;
use crate::domain::notice;
use crate::domain::record::{self, Proposed};
use crate::domain::rule::Law;
use crate::domain::submission::end_waiting;
use crate::error::{Code, Fault, Result};
use crate::filter::input_id;

pub(super) async fn send(gate: &Gate, input: OnwardSubmissionSendInput) -> Result<OnwardPackage> {
    let id = input_id::<OnwardSubmission>(&input.id, "input.id")?;
    let number = input::official(&input.letter_number, "input.letterNumber")?;
    let date = input::day(input.letter_date, "input.letterDate")?;
    if date > gate.today() {
        let fault = Fault::at(Code::OutOfRange, "input.letterDate");
        return Err(fault.with("min", "1948-01-01").with("max", gate.today()).into());
    }
    let catalogue = gate.catalogue::<award_type::Entity>()?.all().await?;
    let law = Law::read(gate).await?;
    let ids = nominees(gate, id).await?;
    let dossier = Dossier::read(gate, &ids).await?;
    let tx = gate.begin(Act::OnwardSubmissionSend).await?;
    tx.stand_in_line("onward", gate.actor()?.tenant).await?;
    let row = tx.lock_version::<onward::Entity>(id, input.expected_version).await?;
    let events = still_ours(&tx, &row).await?;
    let listed = listed(&tx, &row).await?;
    let ids: Vec<_> = listed.iter().map(|line| line.nominee_id).collect();
    let of = For { authority: &row.authority, onward: Some(row.id), path: "input.id" };
    let lines = lines(&tx, &ids, &catalogue, of).await?;
    let packages = packages(&tx, &row).await?;
    demand_day(&tx, date, (&lines, &packages))?;
    demand_subjects(&lines)?;
    let proposed: Vec<Proposed<'_>> = lines.iter().map(Line::proposed).collect();
    let posted: Vec<_> =
        lines.iter().map(|line| (line.submission.id, line.award.code.as_str())).collect();
    notice::demand_of(&tx, &posted, (date, &|_| "input.id".to_owned())).await?;
    let on = gate.today();
    let opinions =
        record::demand_party_opinion(&tx, &proposed, (on, &|_| "input.id".to_owned())).await?;
    demand_lawful(&tx, law, &catalogue, &lines).await?;
    let package = packages.last().map_or(1, |last| last.number.saturating_add(1));
    let letter = Letter { number, date, package };
    let text = dossier.compose(&row, &letter, (&lines, &opinions))?;
    let package = frozen(gate, &row, letter, text);
    let added = package.clone().into_active_model().reset_all();
    tx.add_derived::<onward_package::Entity>(added).await?;
    let number = events.last().map_or(1, |last| last.number.saturating_add(1));
    tell(&tx, &package, Happened::plain(Kind::Sent, number, None)).await?;
    let spent = spent(&tx, &lines).await?;
    end_waiting(&tx, spent.iter()).await?;
    let mut changed = row.clone();
    changed.packages = package.number;
    let changed = changed.into_active_model().reset_all();
    tx.save::<onward::Entity>(&row, changed).await?;
    tx.answer(OnwardPackage::from(package)).await
}

fn frozen(gate: &Gate, row: &onward::Model, letter: Letter, text: String) -> onward_package::Model {
    onward_package::Model {
        tenant_id: row.tenant_id,
        id: gate.new_id(),
        onward_id: row.id,
        number: letter.package,
        addressee_tenant_id: row.addressee_tenant_id,
        addressee_name: row.addressee_name.clone(),
        authority: row.authority.clone(),
        title: row.title.clone(),
        letter_number: letter.number,
        letter_date: letter.date,
        sha256: hex::encode(Sha256::digest(&text)),
        content: text,
        sent_at: gate.now(),
    }
}

/// The nominees of a proposal as the caller reads them: what is frozen of them is read before the transaction, which
/// waits for no second connection.
async fn nominees(gate: &Gate, onward: uuid::Uuid) -> Result<Vec<uuid::Uuid>> {
    let rows = gate.rows::<onward_nominee::Entity>(Act::OnwardSubmissionRead)?;
    let rows = rows.filter(onward_nominee::Column::OnwardId.eq(onward)).all().await?;
    Ok(rows.into_iter().map(|row| row.nominee_id).collect())
}

impl Line {
    fn proposed(&self) -> Proposed<'_> {
        Proposed {
            tenant: self.nominee.tenant_id,
            subject: self.nominee.subject_id,
            name: &self.nominee.name,
            award: &self.award.code,
            said: said(&self.award),
            year: self.submission.year,
        }
    }
}

/// What happened, to be written down.
pub(super) struct Happened {
    pub(super) kind: Kind,
    pub(super) number: i32,
    pub(super) reason: Option<String>,
    pub(super) decision: Option<Decided>,
    pub(super) decision_id: Option<uuid::Uuid>,
}

/// The decision of the authority.
pub(super) struct Decided {
    pub(super) number: i32,
    pub(super) symbol: String,
    pub(super) on: chrono::NaiveDate,
    pub(super) signer_post: Option<String>,
    pub(super) issuer: String,
    pub(super) issuer_name: String,
}

impl Happened {
    pub(super) fn plain(kind: Kind, number: i32, reason: Option<String>) -> Self {
        Self { kind, number, reason, decision: None, decision_id: None }
    }
}

/// Writes down what became of a package.
pub(super) async fn tell(
    tx: &Tx,
    package: &onward_package::Model,
    happened: Happened,
) -> Result<onward_event::Model> {
    let actor = tx.gate().actor()?;
    let decided = happened.decision;
    let row = onward_event::Model {
        tenant_id: package.tenant_id,
        id: tx.gate().new_id(),
        onward_id: package.onward_id,
        package_id: package.id,
        number: happened.number,
        addressee_tenant_id: package.addressee_tenant_id,
        kind: happened.kind,
        reason: happened.reason,
        by_tenant_id: actor.tenant,
        actor_name: actor.name.clone(),
        decision_number: decided.as_ref().map(|it| it.number),
        decision_symbol: decided.as_ref().map(|it| it.symbol.clone()),
        decided_on: decided.as_ref().map(|it| it.on),
        signer_post: decided.as_ref().and_then(|it| it.signer_post.clone()),
        issuer: decided.as_ref().map(|it| it.issuer.clone()),
        issuer_name: decided.map(|it| it.issuer_name),
        decision_id: happened.decision_id,
        at: tx.gate().now(),
    };
    tx.add::<onward_event::Entity>(row.into_active_model().reset_all()).await
}
