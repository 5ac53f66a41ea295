//! What a unique key of the database stands for, in the words of a fault.
//! No query enters here: the databases tell which key stands in the way.

/// Where the words speak of what no key tells.
const STORED: &str = "STORED";

/// Keys that a request can run into, by name as PostgreSQL tells them and by columns as SQLite does, and the case of the
/// words about each.
const KEYS: [(&str, &str, &str); 20] = [
    ("account_tenant_id_username_key", "account.tenant_id, account.username", "USERNAME"),
    (
        "external_identity_issuer_subject_key",
        "external_identity.tenant_id, external_identity.issuer, external_identity.subject",
        "IDENTITY",
    ),
    ("unit_tenant_id_code_key", "unit.tenant_id, unit.code", "UNIT_CODE"),
    (
        "unit_lineage_pkey",
        "unit_lineage.tenant_id, unit_lineage.predecessor_id, unit_lineage.successor_id",
        "LINEAGE",
    ),
    ("cluster_organiser_id_code_key", "cluster.organiser_id, cluster.code", "CLUSTER_CODE"),
    (
        "criteria_set_cluster_id_year_locked_key",
        "criteria_set.cluster_id, criteria_set.year",
        "CRITERIA_SET",
    ),
    ("subject_tenant_id_code_key", "subject.tenant_id, subject.code", "SUBJECT_CODE"),
    ("subject_tenant_id_unit_id_key", "subject.tenant_id, subject.unit_id", "SUBJECT_UNIT"),
    ("subject_user_id_key", "subject.tenant_id, subject.user_id", "SUBJECT_USER"),
    (
        "initiative_author_subject_id_key",
        "initiative_author.tenant_id, initiative_author.initiative_id, initiative_author.subject_id",
        "TWICE",
    ),
    ("own_document_number_key", "own_document.tenant_id, own_document.number", "DOCUMENT"),
    (
        "candidate_item_key",
        "candidate.tenant_id, candidate.item_id, candidate.nominee_id, candidate.award_type_id",
        "CANDIDATE",
    ),
    (
        "candidate_proposal_id_key",
        "candidate.tenant_id, candidate.proposal_id, candidate.item_id",
        "CANDIDATE",
    ),
    (
        "declared_tie_seat_key",
        "declared_tie.tenant_id, declared_tie.item_id, declared_tie.seat_id",
        "DECLARED_TIE",
    ),
    (
        "tie_decision_candidate_key",
        "tie_decision.tenant_id, tie_decision.ballot_candidate_id",
        "TIE_DECISION",
    ),
    (
        "decision_number_key",
        "decision.tenant_id, decision.issuer_key, decision.symbol, decision.year, decision.number",
        "DECISION_NUMBER",
    ),
    (
        "decision_submission_pkey",
        "decision_submission.tenant_id, decision_submission.submission_id",
        "DECIDED",
    ),
    ("fund_entry_decision_id_key", "fund_entry.tenant_id, fund_entry.decision_id", "FUND_PAID"),
    (
        "award_target_what_key",
        "award_target.tenant_id, award_target.unit_id, award_target.year, award_target.what",
        "TARGET",
    ),
    (
        "exemplar_step_spread_to_id_key",
        "exemplar_step.tenant_id, exemplar_step.exemplar_id, exemplar_step.spread_to_id",
        "SPREAD",
    ),
];

/// The case of the words for a violation as the database tells it: PostgreSQL by the name of the key within quotation marks
/// of its language, SQLite by the columns at the end.
pub(super) fn case(told: &str) -> &'static str {
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let names = |key: &str| told.split(|letter| !is_of_name(letter)).any(|word| word == key);
    let columns = told.rsplit(": ").next().unwrap_or_default();
    let found = KEYS.iter().find(|(key, of, _)| *of == columns || names(key));
    found.map_or(STORED, |(_, _, case)| case)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Code, Fault};
    use crate::text::Language;

    #[test]
    fn both_databases_tell_the_same_key() {
        let of_postgres =
            "duplicate key value violates unique constraint \"unit_tenant_id_code_key\"";
        assert_eq!(case(of_postgres), "UNIT_CODE");
        assert_eq!(case("trùng khóa «unit_tenant_id_code_key»"), "UNIT_CODE");
        assert_eq!(case("UNIQUE constraint failed: unit.tenant_id, unit.code"), "UNIT_CODE");
        assert_eq!(case("UNIQUE constraint failed: other_unit.tenant_id, unit.code"), STORED);
        assert_eq!(case("violates \"unit_tenant_id_code_key_of_old\""), STORED);
        assert_eq!(case("UNIQUE constraint failed: score.cluster_id"), STORED);
    }

    #[test]
    fn every_key_has_words_of_its_own_that_are_whole() {
        let said = |case: &str, language| {
            Fault::at(Code::AlreadyExists, "input.field").with("case", case).message(language)
        };
        for language in [Language::Vi, Language::En] {
            let plain = Fault::at(Code::AlreadyExists, "input.field").message(language);
            for (_, _, case) in KEYS.iter().chain(&[("", "", STORED)]) {
                let said = said(case, language);
                assert!(said != plain && !said.contains('{'), "{case}: {said}");
            }
        }
    }
}
