//! The sheet that one side fills in for one member: checked line by line, written all or nothing.
//! Who may fill it in is decided before.

use std::collections::HashMap;

use async_graphql::InputObject;
use chrono::Datelike;
use entity::score::{self, Layer};
use entity::{cluster_member, comparison, criteria_set, criterion, score_change};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::Score;
use super::rules::{self, Report};
use crate::access::Tx;
use crate::domain::criterion::rules::Measure;
use crate::domain::input;
use crate::error::{Code, Error, Fault, Result};
use crate::scalar::Decimal;

/// Most scores of one request.
const MOST: usize = 300;

/// One score to record. The kind of the criterion says what is scored and in which of `value`, `reference` and
/// `isMet` it stands: in exactly these, and no number is below 0 (`MEASURE_INVALID`).
///
/// - `GROUP`: nothing; it takes no score of its own (`CRITERION_INVALID`).
/// - `DIRECT`: the points, at most the maximum, in `value`.
/// - `QUANTITATIVE`: the quantity in `value`; with `withTarget: true` the own target in `reference`.
/// - `QUALITATIVE`: whether it is met, in `isMet`.
/// - `FIXED`: how many were counted, a whole number, in `value`.
/// - `BONUS_PENALTY`: the merits in `value` and the faults in `reference`, whole numbers.
/// - `RATIO`: what was done in `value`, at most what was to be done, in `reference`.
/// - `STEP`: what was done in `value` and what was to be done in `reference`; 0 of 0 where nothing was.
/// - `SAMPLE`: the hits, a whole number, in `value`; whether the precondition holds in `isMet`.
/// - `ALL_OR_NOTHING`: what was done in `value`, at most what was to be done, in `reference`.
#[derive(InputObject)]
pub(crate) struct ScoreInput {
    /// Code of the criterion.
    pub(super) criterion: String,
    /// The value; `ScoreInput` says for each kind what it is.
    pub(super) value: Option<Decimal>,
    /// What the value is held against; `ScoreInput` says for each kind what it is, and which kinds have none.
    pub(super) reference: Option<Decimal>,
    /// Whether it is met, for `QUALITATIVE`; whether the precondition holds, for `SAMPLE`; absent for other kinds.
    pub(super) is_met: Option<bool>,
    /// Link to evidence, `https://…` or `http://…`, at most 4,000 characters.
    pub(super) evidence_url: Option<String>,
    /// Explanation, at most 4,000 characters.
    pub(super) explanation: Option<String>,
    /// Why a score that stands is changed, or why a verified score differs from the self score; at most 4,000
    /// characters.
    pub(super) reason: Option<String>,
    /// Version the caller read; absent for the first record.
    pub(super) expected_version: Option<i32>,
}

/// The sheet that one side fills in for one member: what stands in it and against what it is checked.
pub(super) struct Sheet {
    pub(super) tx: Tx,
    set: criteria_set::Model,
    criteria: HashMap<String, criterion::Model>,
    member: Uuid,
    layer: Layer,
    assessor: Uuid,
    /// Scores of the member that stand, of every layer.
    standing: Vec<score::Model>,
}

impl Sheet {
    /// Reads what stands; refused before the set is locked, after publication, and outside the membership.
    pub(super) async fn read(
        tx: Tx,
        (member, year): (&cluster_member::Model, i32),
        (layer, assessor): (Layer, Uuid),
    ) -> Result<Self> {
        let cluster = member.cluster_id;
        input::year(year, "input.year")?;
        if !is_member_in(member, year) {
            return Err(Fault::at(Code::NotInForce, "input.memberId").into());
        }
        let of_year = Condition::all()
            .add(criteria_set::Column::Year.eq(year))
            .add(criteria_set::Column::State.eq(criteria_set::State::Locked));
        let sets = tx.all_of::<criteria_set::Entity>(cluster, of_year).await?;
        let set = sets.into_iter().next();
        let set =
            set.ok_or_else(|| Error::from(Fault::at(Code::CriteriaSetNotLocked, "input.year")))?;
        let published = Condition::all()
            .add(comparison::Column::Year.eq(year))
            .add(comparison::Column::State.eq(comparison::State::Published));
        if !tx.all_of::<comparison::Entity>(cluster, published).await?.is_empty() {
            return Err(Fault::at(Code::FinalState, "input.year").into());
        }
        let of_set = Condition::all().add(criterion::Column::SetId.eq(set.id));
        let criteria = tx.all_of::<criterion::Entity>(cluster, of_set).await?;
        let criteria = criteria.into_iter().map(|row| (row.code.clone(), row)).collect();
        let of_member = Condition::all()
            .add(score::Column::SetId.eq(set.id))
            .add(score::Column::MemberId.eq(member.id));
        let standing = tx.all_of::<score::Entity>(cluster, of_member).await?;
        Ok(Self { tx, set, criteria, member: member.id, layer, assessor, standing })
    }

    /// Writes the lines and commits.
    pub(super) async fn record(self, inputs: Vec<ScoreInput>) -> Result<Vec<Score>> {
        let scores = self.write(inputs).await?;
        self.tx.answer(scores).await
    }

    /// Writes the lines.
    pub(super) async fn write(&self, inputs: Vec<ScoreInput>) -> Result<Vec<Score>> {
        if inputs.len() > MOST {
            return Err(Fault::at(Code::OutOfRange, "input.scores")
                .with("case", "COUNT")
                .with("min", 0)
                .with("max", MOST)
                .into());
        }
        let mut scores = Vec::new();
        for (index, input) in inputs.into_iter().enumerate() {
            let path = format!("input.scores.{index}");
            scores.push(self.one(input, &path).await?);
        }
        Ok(scores)
    }

    async fn one(&self, input: ScoreInput, path: &str) -> Result<Score> {
        let criterion = self
            .criteria
            .get(input.criterion.trim())
            .ok_or_else(|| Error::not_found().at(&format!("{path}.criterion")))?;
        let report = Report {
            measure: Measure { value: input.value, reference: input.reference, met: input.is_met },
            evidence_url: input::link(
                input.evidence_url.as_deref(),
                &format!("{path}.evidenceUrl"),
            )?,
            explanation: optional(input.explanation.as_deref(), path, "explanation")?,
            reason: optional(input.reason.as_deref(), path, "reason")?,
        };
        let within = |fault: Fault| {
            let field = fault.path.join(".");
            Error::from(fault).at(&format!("{path}.{field}"))
        };
        rules::check(criterion, self.layer, &report).map_err(within)?;
        let before = self.standing(criterion.id, self.layer, self.assessor);
        let own = self.standing(criterion.id, Layer::Own, self.member);
        let own = own.filter(|_| self.layer == Layer::Verified);
        rules::check_reason(before, own, &report).map_err(within)?;
        match (before.map(|row| row.version), input.expected_version) {
            (Some(current), expected) if expected != Some(current) => {
                Err(Error::conflict(current).at(&format!("{path}.expectedVersion")))
            }
            (None, Some(_)) => Err(Error::conflict(0).at(&format!("{path}.expectedVersion"))),
            (Some(_) | None, _) => self.put(criterion, before, report).await,
        }
    }

    fn standing(&self, criterion: Uuid, layer: Layer, assessor: Uuid) -> Option<&score::Model> {
        self.standing.iter().find(|row| {
            row.criterion_id == criterion && row.layer == layer && row.assessor_id == assessor
        })
    }

    async fn put(
        &self,
        criterion: &criterion::Model,
        before: Option<&score::Model>,
        report: Report,
    ) -> Result<Score> {
        let row = match before {
            Some(before) if rules::is_same(before, &report) => before.clone(),
            Some(before) => self.change(before, report).await?,
            None => self.add(criterion, report).await?,
        };
        Ok(Score::new(row, criterion.code.clone()))
    }

    async fn add(&self, criterion: &criterion::Model, report: Report) -> Result<score::Model> {
        let gate = self.tx.gate();
        let row = score::ActiveModel {
            cluster_id: Set(criterion.cluster_id),
            id: Set(gate.new_id()),
            set_id: Set(self.set.id),
            criterion_id: Set(criterion.id),
            member_id: Set(self.member),
            layer: Set(self.layer),
            assessor_id: Set(self.assessor),
            value: Set(report.measure.value.map(Decimal::units)),
            reference: Set(report.measure.reference.map(Decimal::units)),
            is_met: Set(report.measure.met),
            evidence_url: Set(report.evidence_url),
            explanation: Set(report.explanation),
            reason: Set(report.reason),
            recorded_by: Set(gate.actor()?.user),
            recorded_at: Set(gate.now()),
            version: Set(1),
        };
        self.tx.add::<score::Entity>(row).await
    }

    async fn change(&self, before: &score::Model, report: Report) -> Result<score::Model> {
        let gate = self.tx.gate();
        let mut row = before.clone().into_active_model();
        row.value = Set(report.measure.value.map(Decimal::units));
        row.reference = Set(report.measure.reference.map(Decimal::units));
        row.is_met = Set(report.measure.met);
        row.evidence_url = Set(report.evidence_url);
        row.explanation = Set(report.explanation);
        row.reason = Set(report.reason.clone());
        row.recorded_by = Set(gate.actor()?.user);
        row.recorded_at = Set(gate.now());
        let after = self.tx.save::<score::Entity>(before, row).await?;
        let change = score_change::ActiveModel {
            cluster_id: Set(after.cluster_id),
            id: Set(gate.new_id()),
            score_id: Set(after.id),
            member_id: Set(after.member_id),
            at: Set(gate.now()),
            actor_name: Set(gate.actor()?.name.clone()),
            actor_tenant_id: Set(Some(gate.actor()?.tenant)),
            before: Set(told(before)),
            after: Set(told(&after)),
            reason: Set(report.reason.unwrap_or_default()),
        };
        self.tx.add_derived::<score_change::Entity>(change).await?;
        Ok(after)
    }

    /// Verifies each self score that is neither listed nor verified yet.
    pub(super) async fn accept(&self, listed: &[String]) -> Result<Vec<Score>> {
        let mut accepted = Vec::new();
        for criterion in self.criteria.values() {
            let is_listed = listed.iter().any(|code| code.trim() == criterion.code);
            let verified = self.standing(criterion.id, Layer::Verified, self.assessor);
            let own = self.standing(criterion.id, Layer::Own, self.member);
            let Some(own) = own.filter(|_| !is_listed && verified.is_none()) else { continue };
            let report = Report { measure: rules::measure(own), ..Report::default() };
            accepted.push(Score::new(self.add(criterion, report).await?, criterion.code.clone()));
        }
        Ok(accepted)
    }
}

/// Whether a member was in force on some day of a year.
pub(super) fn is_member_in(member: &cluster_member::Model, year: i32) -> bool {
    member.valid_from.year() <= year && member.valid_to.is_none_or(|last| last.year() >= year)
}

fn optional(value: Option<&str>, path: &str, field: &str) -> Result<Option<String>> {
    input::optional_text(value, &format!("{path}.{field}"), input::TEXT)
}

/// A score as the history keeps it.
fn told(row: &score::Model) -> String {
    let decimal = |units: Option<i64>| units.map(|units| Decimal::from_units(units).to_string());
    json!({
        "value": decimal(row.value),
        "reference": decimal(row.reference),
        "isMet": row.is_met,
        "evidenceUrl": row.evidence_url,
        "explanation": row.explanation,
    })
    .to_string()
}
