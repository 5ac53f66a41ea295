//! The points of every member for every criterion and group, and their totals.
//! No ranks, no async, no SQL, no roles, no GraphQL enter here.

use std::{cmp::Reverse, collections::HashMap};

use uuid::Uuid;

use super::rules::{Cell, Criterion, Entry, Input, Layer, Member, Subtotal};
use crate::{
    domain::criterion::{
        formula::{Formula, Lead, Rounding},
        rules::Measure,
    },
    scalar::Decimal,
};

/// The criteria in the order of the tree: by position, then code, then id on every level.
pub(super) struct Tree<'a> {
    pub(super) leaves: Vec<&'a Criterion>,
    groups: Vec<Group<'a>>,
}

struct Group<'a> {
    criterion: &'a Criterion,
    /// Places of the leaves below, in `leaves`.
    below: Vec<usize>,
}

impl<'a> Tree<'a> {
    pub(super) fn of(criteria: &'a [Criterion]) -> Self {
        let by_id: HashMap<Uuid, &Criterion> = criteria.iter().map(|one| (one.id, one)).collect();
        let mut paths: Vec<_> = criteria.iter().map(|one| path(one, &by_id)).collect();
        let name = |one: &&'a Criterion| (one.position, one.code.as_str(), one.id);
        paths.sort_by_cached_key(|path| path.iter().map(name).collect::<Vec<_>>());
        let (groups, leaves): (Vec<_>, Vec<_>) = paths
            .into_iter()
            .filter_map(|path| path.last().copied().map(|own| (own, path)))
            .partition(|(own, _)| own.kind.is_group());
        let group = |(criterion, _): (&'a Criterion, _)| {
            let is_below = |path: &[&Criterion]| path.iter().any(|one| one.id == criterion.id);
            let below = leaves.iter().enumerate().filter(|(_, (_, path))| is_below(path));
            Group { criterion, below: below.map(|(place, _)| place).collect() }
        };
        let groups = groups.into_iter().map(group).collect();
        Self { leaves: leaves.into_iter().map(|(own, _)| own).collect(), groups }
    }

    /// The criterion or group of a code.
    pub(super) fn find(&self, code: &str) -> Option<Uuid> {
        let groups = self.groups.iter().map(|group| group.criterion);
        self.leaves.iter().copied().chain(groups).find(|one| one.code == code).map(|one| one.id)
    }
}

/// From the top down to the criterion itself; a cycle, which no checked tree has, is cut.
fn path<'a>(own: &'a Criterion, by_id: &HashMap<Uuid, &'a Criterion>) -> Vec<&'a Criterion> {
    let mut path = vec![own];
    let mut above = own.parent;
    while let Some(parent) = above.and_then(|id| by_id.get(&id)) {
        if path.iter().any(|one| one.id == parent.id) {
            break;
        }
        path.push(parent);
        above = parent.parent;
    }
    path.reverse();
    path
}

/// One member before it has a rank.
pub(super) struct Scored<'a> {
    pub(super) member: &'a Member,
    pub(super) cells: Vec<Cell>,
    pub(super) subtotals: Vec<Subtotal>,
    pub(super) total: Option<Decimal>,
    pub(super) missing: Vec<String>,
}

impl Scored<'_> {
    /// The total that takes part in the ranking; none as long as anything is missing.
    pub(super) fn ranked_total(&self) -> Option<Decimal> {
        self.total.filter(|_| self.missing.is_empty())
    }

    /// The final points of a criterion, or the subtotal of a group.
    pub(super) fn points(&self, criterion: Uuid) -> Option<Decimal> {
        let cells = self.cells.iter().map(|cell| (cell.criterion, cell.final_points));
        let groups = self.subtotals.iter().map(|group| (group.criterion, group.points));
        cells.chain(groups).find(|(id, _)| *id == criterion)?.1
    }
}

/// Scores every member, in the order given.
pub(super) fn score<'a>(input: &'a Input, tree: &Tree<'a>) -> Vec<Scored<'a>> {
    let columns: Vec<Vec<Cell>> = sheet(input, tree)
        .iter()
        .zip(&tree.leaves)
        .map(|(reports, criterion)| column(criterion, reports, input.rounding))
        .collect();
    let cells = |place| columns.iter().filter_map(|column| column.get(place).copied()).collect();
    let members = input.members.iter().enumerate();
    members.map(|(place, member)| scored(member, cells(place), tree)).collect()
}

fn scored<'a>(member: &'a Member, cells: Vec<Cell>, tree: &Tree<'_>) -> Scored<'a> {
    let subtotal = |group: &Group<'_>| {
        let below = group.below.iter().filter_map(|place| cells.get(*place));
        Subtotal { criterion: group.criterion.id, points: known(below) }
    };
    let missing = tree.leaves.iter().zip(&cells).filter(|(_, cell)| cell.final_points.is_none());
    Scored {
        member,
        subtotals: tree.groups.iter().map(subtotal).collect(),
        total: known(&cells),
        missing: missing.map(|(criterion, _)| criterion.code.clone()).collect(),
        cells,
    }
}

/// The sum of what is known; nothing where nothing is.
fn known<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> Option<Decimal> {
    let mut points = cells.into_iter().filter_map(|cell| cell.final_points).peekable();
    points.peek()?;
    Decimal::sum(points)
}

/// What was reported of one member for one criterion, by assessor.
#[derive(Default, Clone)]
struct Reports {
    own: Option<(Uuid, Measure)>,
    peers: Vec<(Uuid, Measure)>,
    verified: Option<(Uuid, Measure)>,
}

impl Reports {
    fn add(&mut self, entry: &Entry) {
        let report = (entry.assessor, entry.measure);
        let least =
            |known: Option<(Uuid, Measure)>| Some(known.map_or(report, |one| one.min(report)));
        match entry.layer {
            Layer::Own => self.own = least(self.own),
            Layer::Peer => self.peers.push(report),
            Layer::Verified => self.verified = least(self.verified),
        }
    }

    fn own(&self) -> Option<Measure> {
        self.own.map(|(_, measure)| measure)
    }

    fn verified(&self) -> Option<Measure> {
        self.verified.map(|(_, measure)| measure)
    }

    fn effective(&self) -> Option<Measure> {
        self.verified().or(self.own())
    }

    /// One measure a peer.
    fn peers(&self) -> Vec<Measure> {
        let mut peers = self.peers.clone();
        peers.sort_unstable();
        peers.dedup_by_key(|(assessor, _)| *assessor);
        peers.into_iter().map(|(_, measure)| measure).collect()
    }
}

/// The valid entries by leaf, then by member.
fn sheet(input: &Input, tree: &Tree<'_>) -> Vec<Vec<Reports>> {
    let mut sheet = vec![vec![Reports::default(); input.members.len()]; tree.leaves.len()];
    let leaves = tree.leaves.iter().enumerate();
    let leaves: HashMap<Uuid, _> = leaves.map(|(place, leaf)| (leaf.id, (place, *leaf))).collect();
    let members = input.members.iter().enumerate();
    let members: HashMap<Uuid, usize> = members.map(|(place, one)| (one.id, place)).collect();
    for entry in &input.entries {
        let Some((leaf, criterion)) = leaves.get(&entry.criterion) else { continue };
        let Some(member) = members.get(&entry.member) else { continue };
        let is_valid = entry.measure.check(&criterion.kind, criterion.max).is_ok();
        let reports = sheet.get_mut(*leaf).and_then(|column| column.get_mut(*member));
        if let Some(reports) = reports.filter(|_| is_valid) {
            reports.add(entry);
        }
    }
    sheet
}

/// The two best of a column, so that each member can be held against the others.
struct Best(Vec<(usize, Lead)>);

impl Best {
    fn of(formula: &Formula<'_>, measures: impl Iterator<Item = Option<Measure>>) -> Self {
        let leads = measures.enumerate();
        let leads = leads.filter_map(|(place, one)| Some((place, formula.lead(&one?)?)));
        let mut leads: Vec<(usize, Lead)> = leads.collect();
        leads.sort_unstable_by_key(|(_, lead)| Reverse(*lead));
        leads.truncate(2);
        Self(leads)
    }

    fn without(&self, member: usize) -> Option<Lead> {
        self.0.iter().find(|(place, _)| *place != member).map(|(_, lead)| *lead)
    }
}

fn column(criterion: &Criterion, reports: &[Reports], rounding: Rounding) -> Vec<Cell> {
    let formula = Formula { kind: &criterion.kind, max: criterion.max, rounding };
    let best_own = Best::of(&formula, reports.iter().map(Reports::own));
    let best = Best::of(&formula, reports.iter().map(Reports::effective));
    let cell = |(place, reports): (usize, &Reports)| {
        let own = reports.own();
        let points = |measure: Measure| formula.points_against(&measure, best.without(place));
        let peers: Vec<Decimal> = reports.peers().into_iter().filter_map(points).collect();
        let peer_points = rounding.mean(&peers);
        let verified_points = reports.verified().and_then(points);
        Cell {
            criterion: criterion.id,
            self_points: own.and_then(|own| formula.points_against(&own, best_own.without(place))),
            peer_points,
            verified_points,
            final_points: verified_points.or(peer_points).or_else(|| own.and_then(points)),
        }
    };
    reports.iter().enumerate().map(cell).collect()
}
