//! What a comparison shows: rows, cells, places.
//! No computing enters here; everything was put together before.

use std::collections::HashMap;

use async_graphql::{Context, Object, SimpleObject};
use entity::comparison::State;
use entity::score::Layer;
use entity::{criterion, peer_assignment};
use uuid::Uuid;

use super::load::{Head, Sheet};
use super::rules::{self, Input, Table, TieStep};
use super::sight::{Sight, mask, sight};
use super::{hash, load};
use crate::domain::Ask;
use crate::domain::cluster::{Cluster, ClusterMember};
use crate::domain::criterion::{CriteriaSet, Criterion};
use crate::domain::score::Score;
use crate::domain::tenant::Tenant;
use crate::error::Result;
use crate::scalar::{DateTime, Decimal};

/// The comparison of the members of a cluster in a year (so sánh, xếp hạng trong cụm, khối).
pub struct ClusterComparison {
    head: Head,
    criteria: Vec<criterion::Model>,
    rows: Vec<ComparisonRow>,
    completeness: ComparisonCompleteness,
    input: Option<Input>,
    year: i32,
    members: HashMap<Uuid, ClusterMember>,
    /// Whether the caller may know the hash of what is not published yet.
    knows_hash: bool,
}

/// How much has been reported.
#[derive(Clone, SimpleObject)]
pub(crate) struct ComparisonCompleteness {
    /// Scores expected: criteria times members.
    expected: i32,
    /// Scores given.
    reported: i32,
    /// Members that have not reported everything.
    incomplete_members: Vec<ClusterMember>,
}

/// The points of one member for one criterion; null is missing, zero is a score.
#[derive(Clone, SimpleObject)]
pub(crate) struct ComparisonCell {
    /// Code of the criterion.
    criterion: String,
    /// Points by the member's own report (tự chấm); null where it has reported nothing.
    #[graphql(name = "self")]
    own: Option<Decimal>,
    /// Mean of the points given by assigned members (chấm chéo); null where none of them has scored.
    peer: Option<Decimal>,
    /// Points by the coordinator's verification (thẩm định); null where there is none.
    verified: Option<Decimal>,
    /// The points that count: verified, else peer, else self; null where all three are missing.
    #[graphql(name = "final")]
    counted: Option<Decimal>,
    /// Why the coordinator's score differs or was changed; null where no reason was given, and in rows that are not open to
    /// the caller.
    reason: Option<String>,
}

/// The sum of a group of criteria.
#[derive(Clone, SimpleObject)]
pub(crate) struct ComparisonSubtotal {
    /// Code of the group.
    criterion: String,
    /// Sum of the points known below it; null when none is known.
    points: Option<Decimal>,
}

/// One tie rule that was applied.
#[derive(Clone, SimpleObject)]
pub(crate) struct ComparisonTieBreak {
    /// The rule: `CRITERION:<code>`, `PREVIOUS_RANK`, `BALLOT` or `SHARED`.
    rule: String,
    /// Members with the same total that it was applied to.
    with: Vec<ClusterMember>,
    /// Whether it separated this member from all of them.
    decided: bool,
}

/// A criterion that moved a member's rank.
#[derive(Clone, SimpleObject)]
pub(crate) struct ComparisonDriver {
    /// Code of the criterion.
    criterion: String,
    /// Places gained (positive) or lost against the median of the cluster in this criterion.
    places: i32,
    /// Points above (positive) or below the median.
    points: Decimal,
}

/// One member that scores another one (chấm chéo).
#[derive(Clone, SimpleObject)]
pub(crate) struct PeerAssignment {
    /// The member that scores.
    assessor: ClusterMember,
    /// The member that is scored.
    member: ClusterMember,
}

/// One member in the comparison.
#[derive(Clone, SimpleObject)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own for the reader")]
pub(crate) struct ComparisonRow {
    /// Place, 1 is first; equal places are shared. Null for a member that has not reported everything,
    /// and where the state does not show places to the caller yet.
    rank: Option<i32>,
    /// Place in the published comparison of the year before; null for a member that had none there.
    previous_rank: Option<i32>,
    /// Places won (positive) or lost (negative) since the year before; null where `rank` or `previousRank` is.
    rank_change: Option<i32>,
    /// Sum of the points that count; null for a member without any, and where the state does not show it to the
    /// caller yet.
    total: Option<Decimal>,
    /// Points to the next better place; null for the first, and where `rank` is.
    gap_to_next: Option<Decimal>,
    /// Whether every criterion has a score.
    is_complete: bool,
    /// Whether the place is shared because no tie rule separated the members.
    is_tied: bool,
    /// Whether the member is a unit of the caller, or all are open to the caller.
    is_own: bool,
    /// Whether a unit of the caller is assigned to score this member; `scores` then shows its self scores.
    is_assigned: bool,
    /// Codes of criteria without a score.
    missing: Vec<String>,
    /// The member.
    member: ClusterMember,
    /// Points by criterion, in the order of `criteria`; empty where the state does not show them yet.
    cells: Vec<ComparisonCell>,
    /// Sums of the groups.
    subtotals: Vec<ComparisonSubtotal>,
    /// Tie rules that were applied, in order.
    tie_breaks: Vec<ComparisonTieBreak>,
    /// Up to three criteria that moved the place most.
    drivers: Vec<ComparisonDriver>,
    /// The reports behind the points, with evidence and version: all of rows open to the caller, the self
    /// scores of rows assigned to it.
    scores: Vec<Score>,
}

/// The comparison of the members of a cluster in a year (so sánh, xếp hạng trong cụm, khối). Coordinators
/// and the organising tenant see everything; a member sees its own scores, others' totals once the state is
/// provisional, and the whole table once it is published.
#[Object]
impl ClusterComparison {
    /// The cluster.
    async fn cluster(&self) -> Cluster {
        Cluster::from(self.head.cluster.clone())
    }

    /// The locked criteria set; null when there is none for that year.
    async fn criteria_set(&self) -> Option<CriteriaSet> {
        self.head.set.clone().map(CriteriaSet::from)
    }

    /// The criteria in the order of the tree, groups included.
    async fn criteria(&self) -> Vec<Criterion> {
        self.criteria.iter().cloned().map(Criterion::from).collect()
    }

    /// The members: ranked ones first, then those without a place.
    async fn rows(&self) -> &Vec<ComparisonRow> {
        &self.rows
    }

    /// How final it is.
    async fn state(&self) -> State {
        state(&self.head)
    }

    /// How much has been reported.
    async fn completeness(&self) -> &ComparisonCompleteness {
        &self.completeness
    }

    /// SHA-256 over everything the result depends on. Once published it is the stored one; before, it is
    /// shown to those who see every score, and null to members.
    async fn inputs_hash(&self) -> Option<String> {
        let stored = self.head.comparison.as_ref().and_then(|row| row.inputs_hash.clone());
        stored.or_else(|| self.input.as_ref().filter(|_| self.knows_hash).map(hash::inputs_hash))
    }

    /// Whether the stored hash equals the one computed now; null before publication.
    async fn is_reproducible(&self) -> Option<bool> {
        let stored = self.head.comparison.as_ref()?.inputs_hash.as_deref()?;
        Some(self.input.as_ref().map(hash::inputs_hash).as_deref() == Some(stored))
    }

    /// Who scores whom; members see the assignments of their own units.
    async fn peer_assignments(&self, ctx: &Context<'_>) -> Result<Vec<PeerAssignment>> {
        let rows = load::assignments(ctx.gate()?, self.head.cluster.id, self.year).await?;
        let pair = |row: peer_assignment::Model| {
            let assessor = self.members.get(&row.assessor_id)?.clone();
            let member = self.members.get(&row.member_id)?.clone();
            Some(PeerAssignment { assessor, member })
        };
        Ok(rows.into_iter().filter_map(pair).collect())
    }

    /// When it was published; null before.
    async fn published_at(&self) -> Option<DateTime> {
        self.head.comparison.as_ref()?.published_at.map(DateTime)
    }

    /// The reason given with the last change of state, such as why gaps were accepted; null where none was given.
    async fn reason(&self) -> Option<&str> {
        self.head.comparison.as_ref()?.reason.as_deref()
    }

    /// Counts changes of state; send it back as `expectedVersion`; 0 before the first.
    async fn version(&self) -> i32 {
        self.head.comparison.as_ref().map_or(0, |row| row.version)
    }
}

fn state(head: &Head) -> State {
    head.comparison.as_ref().map_or(State::Open, |row| row.state)
}

/// Puts a comparison together: computed over everything, shown as far as the caller sees.
pub(super) fn assemble(sheet: Sheet) -> Result<ClusterComparison> {
    let Sheet { head, criteria, seats, scores, year } = sheet;
    let sees_all = seats.iter().all(|seat| seat.is_open);
    let members =
        seats.iter().map(|seat| load::member(seat.member.id, seat.previous_rank)).collect();
    let ballot = head.comparison.as_ref().map_or("{}", |row| row.ballot.as_str());
    let input = match &head.set {
        Some(set) => Some(load::input(set, &criteria, members, (&scores, ballot))?),
        None => None,
    };
    let table = input.as_ref().map(rules::compare);
    let mut view = View {
        state: state(&head),
        sees_all,
        seats: seats.into_iter().map(|seat| (seat.member.id, seat)).collect(),
        codes: criteria.iter().map(|row| (row.id, row.code.clone())).collect(),
        scores: HashMap::new(),
    };
    for score in scores {
        view.scores.entry(score.member_id).or_default().push(score);
    }
    let completeness = view.completeness(table.as_ref());
    let mut rows = table.map(|table| table.rows).unwrap_or_default();
    if !sees_all && view.state == State::Open {
        // The order of the table would tell the places that are not shown yet.
        rows.sort_by_key(|row| view.place(row.member));
    }
    let rows = rows.into_iter().filter_map(|row| view.row(row)).collect();
    let knows_hash = sees_all || state(&head) == State::Published;
    let members = view.seats.keys().filter_map(|id| Some((*id, view.member(*id)?))).collect();
    Ok(ClusterComparison { head, criteria, rows, completeness, input, year, members, knows_hash })
}

/// What the rows are made from.
struct View {
    state: State,
    sees_all: bool,
    seats: HashMap<Uuid, load::Seat>,
    codes: HashMap<Uuid, String>,
    scores: HashMap<Uuid, Vec<entity::score::Model>>,
}

impl View {
    fn member(&self, id: Uuid) -> Option<ClusterMember> {
        let seat = self.seats.get(&id)?;
        let tenant = Tenant::from(seat.tenant.clone());
        Some(ClusterMember::with_tenant(seat.member.clone(), tenant))
    }

    fn place(&self, id: Uuid) -> Option<(i32, Uuid)> {
        self.seats.get(&id).map(|seat| (seat.member.position, id))
    }

    fn code(&self, id: Uuid) -> String {
        self.codes.get(&id).cloned().unwrap_or_default()
    }

    fn completeness(&self, table: Option<&Table>) -> ComparisonCompleteness {
        let Some(table) = table else {
            return ComparisonCompleteness {
                expected: 0,
                reported: 0,
                incomplete_members: Vec::new(),
            };
        };
        let small = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        let incomplete = table.completeness.members_incomplete.iter();
        ComparisonCompleteness {
            expected: small(table.completeness.expected),
            reported: small(table.completeness.reported),
            incomplete_members: incomplete.filter_map(|id| self.member(*id)).collect(),
        }
    }

    fn row(&mut self, row: rules::Row) -> Option<ComparisonRow> {
        let seat = self.seats.get(&row.member)?;
        let (is_open, is_assigned) = (seat.is_open, seat.is_assigned);
        let sight = sight(is_open, self.sees_all, self.state);
        let row = mask(row, sight);
        let small = |rank: Option<u32>| rank.and_then(|rank| i32::try_from(rank).ok());
        Some(ComparisonRow {
            rank: small(row.rank),
            previous_rank: small(row.previous_rank),
            rank_change: row.rank_change.and_then(|change| i32::try_from(change).ok()),
            total: row.total,
            gap_to_next: row.gap_to_next,
            is_complete: row.is_complete,
            is_tied: row.is_tied,
            is_own: is_open,
            is_assigned,
            member: self.member(row.member)?,
            cells: self.cells(&row, sight),
            subtotals: self.subtotals(&row),
            tie_breaks: row.tie_break.iter().map(|step| self.tie_break(step)).collect(),
            drivers: row.drivers.iter().map(driver).collect(),
            scores: self.reports(row.member, sight, is_assigned),
            missing: row.missing,
        })
    }

    fn cells(&self, row: &rules::Row, sight: Sight) -> Vec<ComparisonCell> {
        let scores = self.scores.get(&row.member).filter(|_| sight.reports);
        let verified = |criterion| {
            scores?
                .iter()
                .find(|score| score.criterion_id == criterion && score.layer == Layer::Verified)
        };
        let cell = |cell: &rules::Cell| ComparisonCell {
            criterion: self.code(cell.criterion),
            own: cell.self_points,
            peer: cell.peer_points,
            verified: cell.verified_points,
            counted: cell.final_points,
            reason: verified(cell.criterion).and_then(|score| score.reason.clone()),
        };
        row.cells.iter().map(cell).collect()
    }

    fn subtotals(&self, row: &rules::Row) -> Vec<ComparisonSubtotal> {
        let subtotal = |sum: &rules::Subtotal| ComparisonSubtotal {
            criterion: self.code(sum.criterion),
            points: sum.points,
        };
        row.subtotals.iter().map(subtotal).collect()
    }

    fn tie_break(&self, step: &TieStep) -> ComparisonTieBreak {
        ComparisonTieBreak {
            rule: step.rule.to_string(),
            with: step.with.iter().filter_map(|id| self.member(*id)).collect(),
            decided: step.decided,
        }
    }

    /// The reports a caller may read: all of an open row; of an assigned one the self scores, and what the
    /// caller's own members gave.
    fn reports(&mut self, member: Uuid, sight: Sight, is_assigned: bool) -> Vec<Score> {
        let scores = self.scores.remove(&member).unwrap_or_default();
        let is_mine = |assessor: Uuid| self.seats.get(&assessor).is_some_and(|seat| seat.is_open);
        let is_shown = |score: &entity::score::Model| match score.layer {
            Layer::Own => is_assigned,
            Layer::Peer => is_assigned && is_mine(score.assessor_id),
            Layer::Verified => false,
        };
        let shown = scores.into_iter().filter(|score| sight.reports || is_shown(score));
        shown
            .map(|score| (self.code(score.criterion_id), score))
            .map(|(code, score)| Score::new(score, code))
            .collect()
    }
}

fn driver(driver: &rules::Driver) -> ComparisonDriver {
    ComparisonDriver {
        criterion: driver.code.clone(),
        places: i32::try_from(driver.places).unwrap_or_default(),
        points: driver.points,
    }
}
