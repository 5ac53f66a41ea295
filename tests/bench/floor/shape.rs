//! What the floor answers: cells, totals and ranks, actions of a workflow, in the shape of the GraphQL answer.
//! No SQL is run here.

use std::cmp::Reverse;
use std::collections::HashMap;

use api::scalar::{Decimal, encode};
use chrono::SecondsFormat;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::driver::{Group, Member, Page, Part, Score, Sheet, Submission, Unit};
use super::sql;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Comparison {
    cluster_comparison: Table,
}

#[derive(Serialize)]
struct Table {
    state: String,
    criteria: Vec<Criterion>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Criterion {
    code: String,
    name: String,
    max: Decimal,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    rank: usize,
    previous_rank: Option<i32>,
    rank_change: Option<i32>,
    total: Decimal,
    member: Seat,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Seat {
    id: String,
    name: String,
    tenant: Tenant,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<Named>,
}

#[derive(Serialize)]
struct Tenant {
    code: String,
    slug: String,
}

#[derive(Serialize)]
struct Named {
    id: String,
    name: String,
}

impl Named {
    fn unit((id, name): (Uuid, String)) -> Self {
        Self { id: encode("Unit", id), name }
    }
}

#[derive(Clone, Default, Serialize)]
struct Cell {
    criterion: String,
    #[serde(rename = "self")]
    own: Option<Decimal>,
    peer: Option<Decimal>,
    verified: Option<Decimal>,
    #[serde(rename = "final")]
    counted: Option<Decimal>,
    reason: Option<String>,
}

impl Cell {
    /// Every criterion of the data set takes points as they are, from one assessor a layer.
    fn put(&mut self, score: Score) {
        let points = score.value.map(Decimal::from_units);
        match score.layer.as_str() {
            "OWN" => self.own = points,
            "PEER" => self.peer = points,
            _ => {
                self.verified = points;
                self.reason = score.reason;
            }
        }
        self.counted = self.verified.or(self.peer).or(self.own);
    }
}

pub(super) fn comparison(sheet: Sheet) -> Comparison {
    let Sheet { state, criteria, members, scores } = sheet;
    let leaves = criteria.iter().filter(|row| row.kind != "GROUP");
    let blank: Vec<Cell> =
        leaves.clone().map(|row| Cell { criterion: row.code.clone(), ..Cell::default() }).collect();
    let columns: HashMap<Uuid, usize> = leaves.map(|row| row.id).zip(0..).collect();
    let places: HashMap<Uuid, usize> = members.iter().map(|member| member.id).zip(0..).collect();
    let mut cells = vec![blank; members.len()];
    for score in scores {
        let place = places.get(&score.member).zip(columns.get(&score.criterion));
        if let Some((row, column)) = place {
            cells[*row][*column].put(score);
        }
    }
    let mut rows: Vec<Row> = members.into_iter().zip(cells).map(row).collect();
    rows.sort_by_key(|row| Reverse(row.total));
    for place in 0..rows.len() {
        let is_tied = place > 0 && rows[place - 1].total == rows[place].total;
        let rank = if is_tied { rows[place - 1].rank } else { place + 1 };
        let row = &mut rows[place];
        row.rank = rank;
        row.rank_change = row.previous_rank.zip(i32::try_from(rank).ok()).map(|(was, is)| was - is);
    }
    let criterion = |row: super::driver::Criterion| Criterion {
        code: row.code,
        name: row.name,
        max: Decimal::from_units(row.max),
    };
    let criteria = criteria.into_iter().map(criterion).collect();
    let state = state.unwrap_or_else(|| "OPEN".to_owned());
    Comparison { cluster_comparison: Table { state, criteria, rows } }
}

fn row((member, cells): (Member, Vec<Cell>)) -> Row {
    let Member { id, name, code, slug, previous_rank, unit } = member;
    let total = Decimal::sum(cells.iter().filter_map(|cell| cell.counted));
    let tenant = Tenant { code, slug };
    let unit = unit.map(Named::unit);
    Row {
        rank: 0,
        previous_rank,
        rank_change: None,
        total: total.unwrap_or(Decimal::ZERO),
        member: Seat { id: encode("ClusterMember", id), name, tenant, unit },
        cells,
    }
}

#[derive(Serialize)]
pub(super) struct Inbox {
    submissions: List<Proposal>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List<T> {
    nodes: Vec<T>,
    page_info: PageInfo,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Proposal {
    id: String,
    number: i32,
    title: String,
    state: String,
    created_at: String,
    sent_at: Option<String>,
    version: i32,
    unit: Named,
    nominees_count: i64,
    award_types: Vec<Award>,
    allowed_actions: Vec<Action>,
}

#[derive(Serialize)]
struct Award {
    id: String,
    code: String,
    name: String,
}

#[derive(Serialize)]
struct Action {
    #[serde(rename = "action")]
    name: &'static str,
    allowed: bool,
    reason: Option<&'static str>,
}

/// Whether an officer of the standing agency may ever do it, and in which states it can be done.
const WORKFLOW: [(&str, bool, &[&str]); 9] = [
    ("UPDATE", false, &["DRAFT", "RETURNED", "RECALLED"]),
    ("SEND", false, &["DRAFT", "RETURNED", "RECALLED"]),
    ("RECALL", false, &["SENT"]),
    ("RECEIVE", true, &["SENT"]),
    ("RETURN", true, &["SENT", "RECEIVED", "APPRAISED"]),
    ("APPRAISE", true, &["RECEIVED"]),
    ("APPROVE", false, &["APPRAISED"]),
    ("REJECT", false, &["RECEIVED", "APPRAISED", "APPROVED"]),
    // What is approved there is answered.
    ("DECIDE", true, &[]),
];

fn actions(state: &str) -> Vec<Action> {
    let action = |(name, may, states): &(&'static str, bool, &[&str])| {
        let reason = match (may, states.contains(&state)) {
            (true, true) => None,
            (true, false) => Some("WRONG_STATE"),
            (false, _) => Some("FORBIDDEN"),
        };
        Action { name, allowed: reason.is_none(), reason }
    };
    WORKFLOW.iter().map(action).collect()
}

pub(super) fn inbox(page: Page) -> Inbox {
    let Page { submissions, parts, has_next } = page;
    let mut summaries: HashMap<Uuid, Vec<Part>> = HashMap::new();
    for part in parts {
        summaries.entry(part.submission).or_default().push(part);
    }
    let end_cursor = submissions.last().map(|row| format!("{}.{}", row.created_at, row.id));
    let proposal = |row: Submission| {
        let summary = summaries.remove(&row.id).unwrap_or_default();
        proposal(row, summary)
    };
    let nodes = submissions.into_iter().map(proposal).collect();
    Inbox {
        submissions: List { nodes, page_info: PageInfo { has_next_page: has_next, end_cursor } },
    }
}

fn proposal(row: Submission, summary: Vec<Part>) -> Proposal {
    let moment =
        |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    Proposal {
        id: encode("Submission", row.id),
        number: row.number,
        title: row.title,
        allowed_actions: actions(&row.state),
        state: row.state,
        created_at: moment(row.created_at),
        sent_at: row.sent_at.map(moment),
        version: row.version,
        unit: Named::unit(row.unit),
        nominees_count: summary.iter().map(|part| part.count).sum(),
        award_types: summary.into_iter().map(award).collect(),
    }
}

fn award(part: Part) -> Award {
    let (id, code, name) = part.award;
    Award { id: encode("AwardType", id), code, name }
}

#[derive(Serialize)]
pub(super) struct Units {
    units: List<Office>,
}

#[derive(Serialize)]
struct Office {
    id: String,
    code: String,
    name: String,
    kind: String,
    parent: Option<Value>,
}

pub(super) fn units(mut rows: Vec<Unit>) -> Units {
    let has_next_page = rows.len() > sql::UNIT_PAGE;
    rows.truncate(sql::UNIT_PAGE);
    let end_cursor = rows.last().map(|row| format!("{}.{}", row.name, row.id));
    let office = |row: Unit| Office {
        id: encode("Unit", row.id),
        code: row.code,
        name: row.name,
        kind: row.kind,
        parent: row.parent.map(|id| json!({ "id": encode("Unit", id) })),
    };
    let nodes = rows.into_iter().map(office).collect();
    Units { units: List { nodes, page_info: PageInfo { has_next_page, end_cursor } } }
}

/// Awards that stand, counted, as GraphQL answers it.
pub(super) fn statistics((groups, events, subjects): (Vec<Group>, i64, i64)) -> Value {
    let group = |it: Group| {
        let Group { code, kind, year, events, subjects } = it;
        let key = json!({ "awardType": { "code": code }, "subjectKind": kind, "year": year });
        json!({ "key": key, "events": events, "subjects": subjects })
    };
    let groups: Vec<Value> = groups.into_iter().map(group).collect();
    json!({ "awardStatistics": { "events": events, "subjects": subjects, "groups": groups } })
}
