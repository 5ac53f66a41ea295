//! The statements of the floor; both databases read them.
//! No row is read here.

use std::sync::LazyLock;

/// Rows of an inbox page; one more tells whether there is another page.
pub(super) const INBOX_PAGE: usize = 50;
/// Rows of a page of units.
pub(super) const UNIT_PAGE: usize = 100;

/// Criteria of the locked set, with the state of the comparison.
pub(super) const CRITERIA: &str = "
SELECT c.id, c.code, c.name, c.max_points, c.kind, k.state
FROM criteria_set s
JOIN criterion c ON c.cluster_id = s.cluster_id AND c.set_id = s.id
LEFT JOIN comparison k ON k.cluster_id = s.cluster_id AND k.year = s.year
WHERE s.cluster_id = $1 AND s.year = $2 AND s.state = 'LOCKED'
ORDER BY c.position, c.code";

/// Members of the year with the place of their unit the year before.
pub(super) const MEMBERS: &str = "
SELECT m.id, m.name, t.code, t.slug, r.rank
FROM cluster_member m
JOIN tenant t ON t.id = m.tenant_id
LEFT JOIN comparison_row r ON r.cluster_id = m.cluster_id AND r.unit_id = m.unit_id AND r.year = $2
WHERE m.cluster_id = $1 AND m.valid_from <= $3 AND (m.valid_to IS NULL OR m.valid_to >= $4)
ORDER BY m.position, m.id";

/// The same with the units of one tenant.
pub(super) const MEMBERS_WITH_UNIT: &str = "
SELECT m.id, m.name, t.code, t.slug, r.rank, u.id, u.name
FROM cluster_member m
JOIN tenant t ON t.id = m.tenant_id
LEFT JOIN comparison_row r ON r.cluster_id = m.cluster_id AND r.unit_id = m.unit_id AND r.year = $2
LEFT JOIN unit u ON u.tenant_id = m.tenant_id AND u.id = m.unit_id AND u.tenant_id = $5
WHERE m.cluster_id = $1 AND m.valid_from <= $3 AND (m.valid_to IS NULL OR m.valid_to >= $4)
ORDER BY m.position, m.id";

/// Scores of the locked set.
pub(super) const SCORES: &str = "
SELECT x.criterion_id, x.member_id, x.layer, x.value, x.reason
FROM criteria_set s
JOIN score x ON x.cluster_id = s.cluster_id AND x.set_id = s.id
WHERE s.cluster_id = $1 AND s.year = $2 AND s.state = 'LOCKED'";

/// Submissions that wait to be received, newest first, with their units.
pub(super) const INBOX: &str = "
SELECT s.id, s.number, s.title, s.state, s.created_at, s.sent_at, s.version, u.id, u.name
FROM submission s
JOIN unit u ON u.tenant_id = s.tenant_id AND u.id = s.unit_id
WHERE s.tenant_id = $1 AND s.state = 'SENT'
ORDER BY s.created_at DESC, s.id DESC
LIMIT 51";

/// How many nominees each of these submissions proposes for which title.
pub(super) static SUMMARIES: LazyLock<String> = LazyLock::new(|| {
    let places: Vec<String> = (2..INBOX_PAGE + 2).map(|place| format!("${place}")).collect();
    format!(
        "
SELECT n.submission_id, a.id, a.code, a.name, count(*)
FROM nominee n
JOIN award_type a ON a.id = n.award_type_id
WHERE n.tenant_id = $1 AND n.submission_id IN ({})
GROUP BY n.submission_id, a.id, a.code, a.name
ORDER BY a.id",
        places.join(", ")
    )
});

/// Awards that stand, of a unit and those below it, in five years: events and distinct subjects by title, kind of
/// subject and year.
pub(super) const STATISTICS: &str = "
SELECT t.code, w.subject_kind, w.counting_to_year, CAST(sum(w.events) AS bigint), count(DISTINCT w.subject_id)
FROM award w
JOIN unit_above a ON a.tenant_id = w.tenant_id AND a.unit_id = w.unit_id AND a.above_id = $2
JOIN award_type t ON t.id = w.award_type_id
WHERE w.tenant_id = $1 AND w.state = 'VALID' AND w.counting_from_year >= 2021 AND w.counting_to_year <= 2025
GROUP BY t.code, t.level, w.subject_kind, w.counting_to_year
ORDER BY CASE t.level WHEN 'STATE' THEN 1 WHEN 'MINISTRY_OR_PROVINCE' THEN 2 ELSE 3 END, t.code, w.subject_kind,
  w.counting_to_year";

/// The same in all.
pub(super) const STATISTICS_TOTAL: &str = "
SELECT CAST(coalesce(sum(w.events), 0) AS bigint), count(DISTINCT w.subject_id)
FROM award w
JOIN unit_above a ON a.tenant_id = w.tenant_id AND a.unit_id = w.unit_id AND a.above_id = $2
WHERE w.tenant_id = $1 AND w.state = 'VALID' AND w.counting_from_year >= 2021 AND w.counting_to_year <= 2025";

/// The people of a list in their order.
pub(super) const NOMINEES: &str = "
SELECT n.name, n.subject_id FROM nominee n
WHERE n.tenant_id = $1 AND n.submission_id = $2 ORDER BY n.position";

/// Their ratings of one year.
pub(super) const RATINGS: &str = "
SELECT y.subject_id, y.completion_rating
FROM nominee n
JOIN year_record y ON y.tenant_id = n.tenant_id AND y.subject_id = n.subject_id
WHERE n.tenant_id = $1 AND n.submission_id = $2 AND y.year = $3 AND y.completion_rating IS NOT NULL";

/// Their titles of one year that stand.
pub(super) const AWARDS: &str = "
SELECT w.subject_id, w.award_type_code
FROM nominee n
JOIN award w ON w.tenant_id = n.tenant_id AND w.subject_id = n.subject_id
WHERE n.tenant_id = $1 AND n.submission_id = $2 AND w.counting_to_year = $3 AND w.state = 'VALID'";

/// Which of them have an initiative of the year that was not used.
pub(super) const INITIATIVES: &str = "
SELECT a.subject_id
FROM nominee n
JOIN initiative_author a ON a.tenant_id = n.tenant_id AND a.subject_id = n.subject_id
JOIN initiative i ON i.tenant_id = a.tenant_id AND i.id = a.initiative_id
WHERE n.tenant_id = $1 AND n.submission_id = $2 AND i.recognised_on >= $3 AND i.used_for IS NULL";

/// Which of them have an open case.
pub(super) const CASES: &str = "
SELECT d.subject_id
FROM nominee n
JOIN discipline d ON d.tenant_id = n.tenant_id AND d.subject_id = n.subject_id
WHERE n.tenant_id = $1 AND n.submission_id = $2 AND d.stage = 'PENDING'";

/// A ballot that is about to be voted on.
pub(super) const BALLOT: &str =
    "SELECT council_id, state FROM ballot WHERE tenant_id = $1 AND id = $2";

/// The same, held until the end.
pub(super) const BALLOT_LOCKED: &str =
    "SELECT council_id, state FROM ballot WHERE tenant_id = $1 AND id = $2 FOR UPDATE";

/// How one member votes.
pub(super) const ROLL: &str =
    "SELECT mode FROM ballot_roll WHERE tenant_id = $1 AND ballot_id = $2 AND seat_id = $3";

/// Who has voted.
pub(super) const REGISTER: &str = "INSERT INTO ballot_register (tenant_id, ballot_id, seat_id, council_id) VALUES ($1, $2, $3, $4)";

/// What was chosen, by nobody.
pub(super) const BOX: &str =
    "INSERT INTO ballot_box (tenant_id, id, ballot_id, sealed) VALUES ($1, $2, $3, $4)";

/// Units at or below one, by name.
pub(super) const UNITS: &str = "
SELECT u.id, u.parent_id, u.code, u.name, u.kind
FROM unit_above a
JOIN unit u ON u.tenant_id = a.tenant_id AND u.id = a.unit_id
WHERE a.tenant_id = $1 AND a.above_id = $2
  AND u.valid_from <= $3 AND (u.valid_to IS NULL OR u.valid_to >= $3)
ORDER BY u.name, u.id
LIMIT 101";
