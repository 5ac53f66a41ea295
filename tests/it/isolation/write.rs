//! What a stranger changes: nothing, and it is not told whether there was anything to change.
//! No answer of a query is looked at here.

use std::collections::{BTreeMap, BTreeSet};

use api::access::Act;
use api::access::policy::{Reach, reach};
use entity::owned::{Line, Owned};
use entity::role_grant::Role;
use harness::cases;
use harness::stage::{Case, Stage};
use harness::world::World;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use serde_json::{Value, json};
use strum::IntoEnumIterator;

use super::sight::{self, Caller, Hidden, Side};
use super::{Question, Twins, assert_none, each};
use crate::fitting::Fitting;
use crate::{operation, schema};

pub(super) fn cases() -> Vec<Case> {
    cases![a_stranger_changes_nothing, a_name_taken_elsewhere_is_free]
}

/// Ids of another province that are refused, or compared, before they are looked up.
const NOT_LOOKED_UP: [(&str, usize, &str); 4] = [
    // Only members assigned to the caller's own are looked at.
    ("scorePeerRecord", 0, "/memberId"),
    // An open invitation is published to the cluster: its place is known, and forbidden.
    ("clusterMemberAccept", 0, "/memberId"),
    ("clusterMemberAccept", 0, ""),
    // The own member was accepted long ago.
    ("clusterMemberAccept", 1, "/unitId"),
];

/// The act of a mutation; none for those of sessions.
pub(super) fn act(field: &str) -> Option<Act> {
    Act::iter().find(|act| act.name() == operation::pascal(field))
}

/// One input with ids of another province in it.
struct Attempt {
    field: String,
    number: usize,
    /// The one id that is foreign; empty when all are.
    leaf: String,
    input: Value,
}

/// Inputs that fit the own province but for one id, and inputs that fit another.
fn attempts(field: &str, own: &Fitting<'_>, other: &Fitting<'_>) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    let pairs = own.inputs(field).into_iter().zip(other.inputs(field));
    for (number, (own, other)) in pairs.enumerate() {
        let leaves = leaves(&own, &other, "");
        let one = |leaf: &String| {
            let mut input = own.clone();
            *input.pointer_mut(leaf).unwrap() = other.pointer(leaf).unwrap().clone();
            Attempt { field: field.to_owned(), number, leaf: leaf.clone(), input }
        };
        attempts.extend(leaves.iter().map(one));
        if !leaves.is_empty() {
            let leaf = String::new();
            attempts.push(Attempt { field: field.to_owned(), number, leaf, input: other });
        }
    }
    attempts
}

/// Pointers to the ids that differ.
fn leaves(own: &Value, other: &Value, at: &str) -> Vec<String> {
    let below = |key: &str, own: &Value, other: &Value| leaves(own, other, &format!("{at}/{key}"));
    match (own, other) {
        (Value::Object(own), _) => {
            own.iter().flat_map(|(key, own)| below(key, own, &other[key])).collect()
        }
        (Value::Array(own), _) => {
            let items = own.iter().enumerate();
            items.flat_map(|(key, own)| below(&key.to_string(), own, &other[key])).collect()
        }
        (Value::String(own), Value::String(other)) if own != other => {
            api::scalar::decode(own).map(|_| at.to_owned()).into_iter().collect()
        }
        _ => vec![],
    }
}

type Reached = ((String, usize, String), String);

fn a_stranger_changes_nothing(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let fittings = [&world.a, &world.b].map(|province| Fitting::new(&world, province));
    let callers = sight::callers(&world, &server);
    let mutations = schema::mutations();
    let before = rows(&world);

    let found = each(&callers, |caller| {
        let hidden = Hidden::from(caller, &world, &fittings);
        let [a, b] = &fittings;
        let (own, other) = if caller.side == Side::A { (a, b) } else { (b, a) };
        let asked = mutations.iter().flat_map(|field| attempts(field, own, other));
        let mut twins = Twins::default();
        asked.filter_map(|attempt| try_one(attempt, caller, (&hidden, &mut twins))).collect()
    });

    let (faults, reached): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    assert_none(&faults.concat());
    assert_looked_up(&reached);
    assert_eq!(rows(&world), before);
}

/// What is wrong with the answer, and its code; none when the caller may not do this at all and was told so
/// before.
fn try_one(
    attempt: Attempt,
    caller: &Caller,
    (hidden, twins): (&Hidden, &mut Twins),
) -> Option<(Vec<String>, Reached)> {
    let act = act(&attempt.field)?;
    let may = reach(act, caller.role) != Reach::Nothing;
    if !may && !attempt.leaf.is_empty() {
        return None;
    }
    let variables = json!({ "input": attempt.input });
    let question = Question { field: &attempt.field, variables };
    let is_foreign = hidden.twin(&question.variables).is_some();
    let (answer, mut faults) = question.faults(caller, hidden, twins);
    let codes: BTreeSet<String> =
        answer.top_codes().into_iter().chain(answer.payload_codes()).collect();
    let code = codes.into_iter().collect::<Vec<_>>().join(" ");
    let place = (attempt.field.as_str(), attempt.number, attempt.leaf.as_str());
    let is_looked_up = is_foreign && place.2.is_empty() && !NOT_LOOKED_UP.contains(&place);
    let is_right = match (may, is_looked_up) {
        (false, _) => code == "FORBIDDEN",
        (true, true) => code == "NOT_FOUND",
        (true, false) => !code.is_empty(),
    };
    if !is_right {
        faults.push(question.fault(caller, &format!("{code:?}: {answer}")));
    }
    Some((faults, ((attempt.field, attempt.number, attempt.leaf), code)))
}

/// Every id of every input was foreign for someone who may do that, and not found.
fn assert_looked_up(reached: &[Reached]) {
    let mut codes: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
    for ((field, number, leaf), code) in reached {
        codes.entry((field.as_str(), *number, leaf.as_str())).or_default().insert(code);
    }
    codes.retain(|place, codes| !codes.contains("NOT_FOUND") && !NOT_LOOKED_UP.contains(place));
    assert!(codes.is_empty(), "never not found: {codes:?}");
}

/// Every row of both provinces and of their three clusters.
#[expect(clippy::too_many_lines, reason = "one line a table")]
pub(super) fn rows(world: &World) -> BTreeMap<&'static str, BTreeSet<String>> {
    macro_rules! rows {
        ($($table:ident),* $(,)?) => {
            [$(of::<entity::$table::Entity>(world)),*].into_iter().collect()
        };
    }
    rows![
        account,
        audit_event,
        agenda_item,
        ballot,
        ballot_box,
        ballot_candidate,
        ballot_key,
        ballot_listed,
        ballot_register,
        ballot_result,
        ballot_roll,
        candidate,
        council_session,
        declared_tie,
        open_vote,
        session_minutes,
        paper_count,
        tie_decision,
        session_paper,
        session_seat,
        session_task,
        ballot_rule,
        award,
        award_act,
        award_cell,
        award_proposal,
        award_subject,
        award_target,
        movement,
        notice,
        notice_rule,
        complaint,
        complaint_step,
        exemplar,
        exemplar_step,
        decision,
        decision_gap,
        decision_submission,
        cluster,
        cluster_head,
        cluster_member,
        comparison,
        comparison_row,
        council,
        council_seat,
        criteria_set,
        criterion,
        external_identity,
        kept_answer,
        nominee,
        onward,
        onward_event,
        onward_nominee,
        onward_package,
        onward_result,
        peer_assignment,
        recovery_code,
        role_grant,
        score,
        score_change,
        seat_holder,
        second_factor,
        sign_in_setting,
        clearance,
        condition_confirmation,
        discipline,
        initiative,
        initiative_author,
        initiative_proposal,
        initiative_proposer,
        award_type,
        own_bonus_rate,
        own_document,
        own_rule,
        quota,
        quota_basis,
        quota_entry,
        quota_waiver,
        fund_entry,
        appraisal,
        appraisal_finding,
        year_record,
        subject,
        subject_membership,
        submission,
        submission_document,
        submission_transition,
        unit,
        unit_above,
        unit_lineage,
    ]
}

fn of<E: Owned>(world: &World) -> (&'static str, BTreeSet<String>) {
    let World { a, b, crossing, .. } = world;
    let owners = match E::LINE {
        Line::Tenant => vec![a.id.uuid, b.id.uuid],
        Line::Cluster => vec![a.cluster.id.uuid, b.cluster.id.uuid, crossing.id.uuid],
    };
    let theirs = Condition::all().add(E::owner().is_in(owners));
    let rows = world.ground.rows::<E>(theirs).unwrap();
    (E::NAME, rows.iter().map(|row| format!("{row:?}")).collect())
}

/// Names are unique in a tenant or under an organiser: whether another has one already is not told.
fn a_name_taken_elsewhere_is_free(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let fitting = Fitting::new(&world, &world.a);
    let other = &world.b;
    let short = &other.office.uuid.simple().to_string()[24..];
    let code = format!("own-{}", other.cluster.canary);
    let taken = [
        ("userCreate", json!({ "username": other.person(Role::UnitOfficer).username })),
        ("unitCreate", json!({ "code": format!("{}-{short}", other.canary) })),
        ("clusterCreate", json!({ "code": code, "structure": code })),
    ];

    for (field, names) in taken {
        let mut input = fitting.inputs(field).remove(0);
        for (name, value) in names.as_object().unwrap() {
            input[name] = value.clone();
        }
        let role = if field == "clusterCreate" {
            Role::StandingOfficer
        } else {
            Role::TenantAdministrator
        };
        let client = world.a.sign_in(&server, role);
        let _ = client.run(operation::text(field), json!({ "input": input })).ok();
    }
}
