//! Compares the members of a cluster by what was reported of them: points, totals, ranks.
//! No async, no SQL, no roles, no GraphQL enter here; the same input always gives the same table.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    fmt::{self, Display, Formatter},
    str::FromStr,
};

use strum::{Display as Text, EnumString, IntoStaticStr};
use uuid::Uuid;

use super::{
    cells::{self, Scored, Tree},
    drivers::Field,
    ranking::{self, Place},
};
use crate::{
    domain::criterion::{
        formula::Rounding,
        rules::{Kind, Measure},
    },
    scalar::Decimal,
};

/// Everything a comparison depends on; ids are unique within their list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The set of criteria in force.
    pub set: Uuid,
    /// The revision of that set.
    pub revision: i32,
    /// How points are rounded.
    pub rounding: Rounding,
    /// What parts members of equal total, in this order.
    pub tie_rules: Vec<TieRule>,
    /// The criteria, groups included, as one checked tree.
    pub criteria: Vec<Criterion>,
    /// The members of the cluster; their order is the last order of the rows.
    pub members: Vec<Member>,
    /// What was reported; entries of other criteria and members are not looked at.
    pub entries: Vec<Entry>,
    /// The order a ballot gave, by member; 1 comes first.
    pub ballot: BTreeMap<Uuid, i32>,
}

/// One criterion or group of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// Its id.
    pub id: Uuid,
    /// Its name within the set.
    pub code: String,
    /// The group it stands in; null at the top.
    pub parent: Option<Uuid>,
    /// Its place among those of the same parent.
    pub position: i32,
    /// The most points it gives.
    pub max: Decimal,
    /// How it turns measures into points.
    pub kind: Kind,
}

/// One member of the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: Uuid,
    /// Its rank in the period before; null where it had none.
    pub previous_rank: Option<u32>,
}

/// Who a measure comes from.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Text, EnumString, IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Layer {
    /// The member itself (tự chấm).
    Own,
    /// Another member (chấm chéo).
    Peer,
    /// Whoever verifies the scores of the cluster.
    Verified,
}

/// One measure of one member for one criterion.
///
/// A measure that fails its check counts as not reported. Of several own or verified entries, and
/// of several by one peer, the least counts: by assessor, then by measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The criterion measured.
    pub criterion: Uuid,
    /// The member measured.
    pub member: Uuid,
    /// Who the measure comes from.
    pub layer: Layer,
    /// Who entered it.
    pub assessor: Uuid,
    /// What was reported.
    pub measure: Measure,
}

/// One way of parting members of equal total; its text is `CRITERION:<code>`, `PREVIOUS_RANK`,
/// `BALLOT` or `SHARED`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TieRule {
    /// More points in the criterion or group of this code come first.
    Criterion(String),
    /// The better rank in the period before comes first, none comes last.
    PreviousRank,
    /// The ballot decides, once it has ordered all that are tied.
    Ballot,
    /// They share the place, and no later rule applies.
    Shared,
}

/// The text is not a tie rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TieRuleFault;

/// The cluster compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// One row a member: by rank, those without rank last; then by total, then as given.
    pub rows: Vec<Row>,
    /// How much has been reported.
    pub completeness: Completeness,
}

/// One member compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The member.
    pub member: Uuid,
    /// 1 is best and equal members share the better number; null until every criterion is known.
    pub rank: Option<u32>,
    /// Its rank in the period before.
    pub previous_rank: Option<u32>,
    /// Places gained since the period before, negative for places lost.
    pub rank_change: Option<i64>,
    /// Sum of the final points known so far; null where none is.
    pub total: Option<Decimal>,
    /// Points to the place above, zero where only a tie rule parts them; null for the first place.
    pub gap_to_next: Option<Decimal>,
    /// Whether every criterion has final points.
    pub is_complete: bool,
    /// Codes of the criteria without final points, in the order of the tree.
    pub missing: Vec<String>,
    /// Whether another member still has the same rank after all tie rules.
    pub is_tied: bool,
    /// The tie rules applied to the member, in order.
    pub tie_break: Vec<TieStep>,
    /// The criteria that moved its rank most, at most three; none without a rank.
    pub drivers: Vec<Driver>,
    /// Its points by criterion, in the order of the tree.
    pub cells: Vec<Cell>,
    /// Its points by group, in the order of the tree.
    pub subtotals: Vec<Subtotal>,
}

/// The points of one member for one criterion; null is "not reported", never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The criterion.
    pub criterion: Uuid,
    /// By the member's own measure, against the own measures of the others.
    pub self_points: Option<Decimal>,
    /// Mean of the peers' points, each peer's measure standing in for the member's.
    pub peer_points: Option<Decimal>,
    /// By the verified measure, against the others' verified or else own measures.
    pub verified_points: Option<Decimal>,
    /// What counts: the verified points, else the peers' mean, else the points of the member's own
    /// measure against the others' verified or else own measures.
    pub final_points: Option<Decimal>,
}

/// The points of one member for one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subtotal {
    /// The group.
    pub criterion: Uuid,
    /// Sum of the final points known below the group; null where none is.
    pub points: Option<Decimal>,
}

/// One tie rule as it was applied to one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TieStep {
    /// The rule.
    pub rule: TieRule,
    /// The members it was tied with before the rule, by id.
    pub with: Vec<Uuid>,
    /// Whether the rule gave the member a place of its own.
    pub decided: bool,
}

/// What one criterion did to the rank of one member.
///
/// Its points are replaced by the median of the ranked members, and the totals above are counted
/// anew (tie rules aside). The drivers of a member are the criteria that differ from the median,
/// those first that change the rank most, then those that change the total most, then by code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Driver {
    /// The criterion.
    pub criterion: Uuid,
    /// Its code.
    pub code: String,
    /// Places gained by not being at the median, negative for places lost.
    pub places: i64,
    /// Points above the median, negative below it.
    pub points: Decimal,
}

/// How much of what is expected has been reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completeness {
    /// Members times criteria, groups aside.
    pub expected: usize,
    /// How many of these have final points.
    pub reported: usize,
    /// The members with points missing, by id.
    pub members_incomplete: Vec<Uuid>,
}

/// Compares all members of a cluster.
#[must_use]
pub fn compare(input: &Input) -> Table {
    let tree = Tree::of(&input.criteria);
    let scored = cells::score(input, &tree);
    let mut places = ranking::places(&scored, &tree, input);
    let field = Field::of(&scored, &tree, input.rounding);
    let completeness = completeness(&scored);
    let row = |one: Scored<'_>| {
        let place = places.remove(&one.member.id);
        let drivers = field.drivers(&one);
        row(one, place, drivers)
    };
    let mut rows: Vec<Row> = scored.into_iter().map(row).collect();
    rows.sort_by_key(|row| (row.rank.is_none(), row.rank, Reverse(row.total)));
    Table { rows, completeness }
}

fn row(one: Scored<'_>, place: Option<Place>, drivers: Vec<Driver>) -> Row {
    let place = place.unwrap_or_default();
    let previous_rank = one.member.previous_rank;
    let change = |(before, now)| i64::from(before) - i64::from(now);
    Row {
        member: one.member.id,
        rank: place.rank,
        previous_rank,
        rank_change: previous_rank.zip(place.rank).map(change),
        total: one.total,
        gap_to_next: place.gap_to_next,
        is_complete: one.missing.is_empty(),
        missing: one.missing,
        is_tied: place.is_tied,
        tie_break: place.tie_break,
        drivers,
        cells: one.cells,
        subtotals: one.subtotals,
    }
}

fn completeness(scored: &[Scored<'_>]) -> Completeness {
    let late = scored.iter().filter(|one| !one.missing.is_empty());
    let mut members_incomplete: Vec<Uuid> = late.map(|one| one.member.id).collect();
    members_incomplete.sort_unstable();
    let expected: usize = scored.iter().map(|one| one.cells.len()).sum();
    let missing: usize = scored.iter().map(|one| one.missing.len()).sum();
    Completeness { expected, reported: expected - missing, members_incomplete }
}

impl Display for TieRule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Criterion(code) => write!(f, "CRITERION:{code}"),
            Self::PreviousRank => f.write_str("PREVIOUS_RANK"),
            Self::Ballot => f.write_str("BALLOT"),
            Self::Shared => f.write_str("SHARED"),
        }
    }
}

impl FromStr for TieRule {
    type Err = TieRuleFault;

    fn from_str(text: &str) -> Result<Self, TieRuleFault> {
        match text {
            "PREVIOUS_RANK" => Ok(Self::PreviousRank),
            "BALLOT" => Ok(Self::Ballot),
            "SHARED" => Ok(Self::Shared),
            other => match other.strip_prefix("CRITERION:") {
                Some(code) if !code.trim().is_empty() => Ok(Self::Criterion(code.to_owned())),
                Some(_) | None => Err(TieRuleFault),
            },
        }
    }
}

impl Display for TieRuleFault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("not CRITERION:<code>, PREVIOUS_RANK, BALLOT or SHARED")
    }
}

impl std::error::Error for TieRuleFault {}
