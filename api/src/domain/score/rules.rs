//! What may be reported, by whom, and when a change needs its reason.
//! No SQL, no roles and no clock enter here.

use entity::criterion::{self, Evidence, Scorer};
use entity::score::{self, Layer};

use crate::domain::criterion::rules::{Kind, Measure};
use crate::error::{Code, Fault};
use crate::scalar::Decimal;

/// One score to record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) measure: Measure,
    pub(super) evidence_url: Option<String>,
    pub(super) explanation: Option<String>,
    pub(super) reason: Option<String>,
}

/// Checks one report against its criterion.
pub(super) fn check(
    criterion: &criterion::Model,
    layer: Layer,
    report: &Report,
) -> Result<(), Fault> {
    let kind = Kind::read(&criterion.kind, &criterion.parameters)
        .map_err(|_fault| invalid(criterion, "unreadable"))?;
    if kind.is_group() {
        return Err(invalid(criterion, "a group takes no score of its own"));
    }
    if criterion.scorer == Scorer::Coordinator && layer != Layer::Verified {
        return Err(invalid(criterion, "only the coordinator scores it"));
    }
    let max = Decimal::from_units(criterion.max_points);
    report.measure.check(&kind, max).map_err(|fault| {
        Fault::at(Code::MeasureInvalid, "")
            .with("detail", format!("{} {}", criterion.code, fault.code()))
    })?;
    let has_evidence = report.evidence_url.is_some() || report.explanation.is_some();
    if layer == Layer::Own && criterion.evidence == Evidence::Required && !has_evidence {
        return Err(Fault::at(Code::EvidenceRequired, ""));
    }
    Ok(())
}

fn invalid(criterion: &criterion::Model, detail: &str) -> Fault {
    Fault::at(Code::CriterionInvalid, "").with("criterion", &criterion.code).with("detail", detail)
}

/// Whether a report says the same as the score that stands.
pub(super) fn is_same(row: &score::Model, report: &Report) -> bool {
    measure(row) == report.measure
        && row.evidence_url == report.evidence_url
        && row.explanation == report.explanation
}

/// A change of a score that stands needs its reason; so does a verified score that differs from the self score.
pub(super) fn check_reason(
    before: Option<&score::Model>,
    own: Option<&score::Model>,
    report: &Report,
) -> Result<(), Fault> {
    let changes = before.is_some_and(|row| !is_same(row, report));
    let differs = own.is_some_and(|row| measure(row) != report.measure);
    if (changes || differs) && report.reason.is_none() {
        return Err(Fault::at(Code::ReasonRequired, "reason"));
    }
    Ok(())
}

/// What a score reports.
pub(in crate::domain) fn measure(row: &score::Model) -> Measure {
    Measure {
        value: row.value.map(Decimal::from_units),
        reference: row.reference.map(Decimal::from_units),
        met: row.is_met,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn criterion(kind: &str, parameters: &str) -> criterion::Model {
        criterion::Model {
            cluster_id: Uuid::nil(),
            id: Uuid::nil(),
            set_id: Uuid::nil(),
            parent_id: None,
            code: "1.1".to_owned(),
            name: "Tiêu chí".to_owned(),
            position: 1,
            max_points: 100_000,
            kind: kind.to_owned(),
            parameters: parameters.to_owned(),
            unit: None,
            data_source: None,
            evidence: Evidence::Optional,
            scorer: Scorer::SelfScore,
            due_on: None,
        }
    }

    fn direct(points: i64) -> Report {
        let value = Some(Decimal::from_units(points * 10_000));
        Report { measure: Measure { value, ..Measure::default() }, ..Report::default() }
    }

    fn row(points: i64) -> score::Model {
        score::Model {
            cluster_id: Uuid::nil(),
            id: Uuid::nil(),
            set_id: Uuid::nil(),
            criterion_id: Uuid::nil(),
            member_id: Uuid::nil(),
            layer: Layer::Own,
            assessor_id: Uuid::nil(),
            value: Some(points * 10_000),
            reference: None,
            is_met: None,
            evidence_url: None,
            explanation: None,
            reason: None,
            recorded_by: Uuid::nil(),
            recorded_at: chrono::DateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    #[test]
    fn zero_is_a_score_and_more_than_the_maximum_is_not() {
        assert_eq!(check(&criterion("DIRECT", "{}"), Layer::Own, &direct(0)), Ok(()));
        let fault = check(&criterion("DIRECT", "{}"), Layer::Own, &direct(11)).unwrap_err();
        assert_eq!(fault.code, Code::MeasureInvalid);
    }

    #[test]
    fn a_group_takes_no_score() {
        let fault = check(&criterion("GROUP", "{}"), Layer::Own, &direct(1)).unwrap_err();
        assert_eq!(fault.code, Code::CriterionInvalid);
    }

    #[test]
    fn evidence_is_asked_for_where_the_criterion_demands_it() {
        let demanding =
            criterion::Model { evidence: Evidence::Required, ..criterion("DIRECT", "{}") };
        let fault = check(&demanding, Layer::Own, &direct(1)).unwrap_err();
        assert_eq!(fault.code, Code::EvidenceRequired);
        let explained = Report { explanation: Some("vì".to_owned()), ..direct(1) };
        assert_eq!(check(&demanding, Layer::Own, &explained), Ok(()));
        assert_eq!(check(&demanding, Layer::Verified, &direct(1)), Ok(()));
    }

    #[test]
    fn only_the_coordinator_scores_what_is_his() {
        let his = criterion::Model { scorer: Scorer::Coordinator, ..criterion("DIRECT", "{}") };
        assert!(check(&his, Layer::Own, &direct(1)).is_err());
        assert!(check(&his, Layer::Peer, &direct(1)).is_err());
        assert_eq!(check(&his, Layer::Verified, &direct(1)), Ok(()));
    }

    #[test]
    fn a_change_needs_its_reason() {
        assert_eq!(check_reason(None, None, &direct(1)), Ok(()));
        assert_eq!(check_reason(Some(&row(1)), None, &direct(1)), Ok(()));
        let fault = check_reason(Some(&row(1)), None, &direct(2)).unwrap_err();
        assert_eq!(fault.code, Code::ReasonRequired);
        let reasoned = Report { reason: Some("sai số liệu".to_owned()), ..direct(2) };
        assert_eq!(check_reason(Some(&row(1)), None, &reasoned), Ok(()));
        assert!(check_reason(None, Some(&row(1)), &direct(2)).is_err());
    }
}
