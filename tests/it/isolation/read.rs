//! What a stranger reads: lists, conditions, orders, counts, single objects, nested ones, cursors.
//! Nothing is written here.

use entity::award;
use entity::role_grant::Role;
use entity::submission::State;
use harness::cases;
use harness::client::{Answer, Client};
use harness::stage::{Case, Stage};
use harness::world::{Id, World};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use serde_json::{Value, json};

use super::paths::{OF_CLUSTERS, PUBLIC, Target, of_cluster};
use super::sight::{self, Caller, Hidden, Side};
use super::{Question, Twins, WALL_1_OFF, assert_none, each, face, whole};
use crate::fitting::Fitting;
use crate::{operation, schema};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_stranger_reads_nothing_by_any_path,
        every_path_leads_those_who_may_to_something,
        a_cursor_of_another_province_leads_nowhere,
        a_certificate_shows_its_public_part_alone,
    ]
}

/// What a world lacks: drafts, invitations, a second submission, an award of a statutory form, and what few rows have.
fn fittings(world: &World) -> [Fitting<'_>; 2] {
    [&world.a, &world.b].map(|province| {
        let submission = world.submission(province, State::Draft);
        world.certificate(province);
        world.rare(province);
        world.presides(province);
        Fitting { submission, ..Fitting::new(world, province) }
    })
}

/// Questions about what belongs to a province.
fn questions<'a>(queries: &'a [String], world: &World, side: Side) -> Vec<Question<'a>> {
    let province = side.of(world);
    let target = Target { province, contest: &province.cluster };
    let of = |field: &'a String| {
        let paths = target.paths(field).into_iter();
        paths.map(|variables| Question { field: field.as_str(), variables })
    };
    queries.iter().flat_map(of).collect()
}

/// Questions about the crossing cluster.
fn crossing<'a>(queries: &'a [String], world: &World) -> Vec<Question<'a>> {
    let target = Target { province: &world.a, contest: &world.crossing };
    let paths = |field: &str| {
        // The province has been asked for.
        if field == "nodes" { of_cluster(&world.crossing) } else { target.paths(field) }
    };
    let of = |field: &'a String| {
        let paths = paths(field).into_iter();
        paths.map(|variables| Question { field: field.as_str(), variables })
    };
    let is_meant = |field: &&String| OF_CLUSTERS.contains(&field.as_str()) && *field != "node";
    queries.iter().filter(is_meant).flat_map(of).collect()
}

fn a_stranger_reads_nothing_by_any_path(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let fittings = fittings(&world);
    let callers = sight::callers(&world, &server);
    let queries = schema::queries();

    let faults = each(&callers, |caller| {
        let hidden = Hidden::from(caller, &world, &fittings);
        let mut asked = questions(&queries, &world, caller.side.other());
        // Of what is not there nothing more can be asked than whether it is; of the cluster something may be.
        asked.retain(|question| question.field != "nodes");
        asked.extend(crossing(&queries, &world));
        let mut twins = Twins::default();
        let of_one = |question| check(question, caller, (&hidden, &mut twins));
        let faults: Vec<String> = asked.iter().flat_map(of_one).collect();
        faults.into_iter().chain(shown(caller, &world, &hidden)).collect()
    });

    assert_none(&faults);
}

/// What every type has.
const EVERY_TYPE: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";

/// What is wrong with the answers about every id of the other province, many at a time.
fn shown(caller: &Caller, world: &World, hidden: &Hidden) -> Vec<String> {
    let province = caller.side.other().of(world);
    let ids = Target { province, contest: &province.cluster }.ids();
    let ask = |ids: &[Id]| {
        let answer = caller.client.run(EVERY_TYPE, json!({ "ids": ids }));
        let nothing = json!({ "nodes": vec![Value::Null; ids.len()] });
        let leaks = hidden.found_in(&whole(&answer), &json!(ids).to_string());
        let is_right = answer.status == 200 && answer.top_codes().is_empty() && leaks.is_empty();
        let is_right = is_right && answer.body["data"] == nothing;
        (!is_right).then(|| format!("{} asks for {}: {answer}", caller.name, json!(ids)))
    };
    ids.chunks(25).filter_map(ask).collect()
}

fn check(
    question: &Question<'_>,
    caller: &Caller,
    (hidden, twins): (&Hidden, &mut Twins),
) -> Vec<String> {
    let (answer, mut faults) = question.faults(caller, hidden, twins);
    // Without the scope a row shows whose cluster the wall hides: a masked fault, which says nothing.
    let is_known = |code: &String| *WALL_1_OFF && code == "INTERNAL_SERVER_ERROR";
    if answer.status != 200 || !answer.top_codes().iter().all(is_known) {
        faults.push(question.fault(caller, &answer.to_string()));
    }
    faults.extend(miscounted(question.field, &answer).map(|what| question.fault(caller, &what)));
    faults
}

/// A list that is whole and says another number than it has.
fn miscounted(field: &str, answer: &Answer) -> Option<String> {
    let list = &answer.body["data"][field];
    let (total, nodes) = (list["totalCount"].as_u64()?, list["nodes"].as_array()?);
    let page = &list["pageInfo"];
    let is_whole = page["hasNextPage"] == false && page["hasPreviousPage"] == false;
    let is_right = u64::try_from(nodes.len()).is_ok_and(|length| length == total);
    (is_whole && !is_right).then(|| format!("{} nodes, counted as {total}", nodes.len()))
}

/// The paths of the case above are no dead ends: someone of the province itself reads something by each.
fn every_path_leads_those_who_may_to_something(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let _more = fittings(&world);
    let callers = sight::callers(&world, &server);
    let queries = schema::queries();

    for side in [Side::A, Side::B] {
        let insiders: Vec<&Caller> = callers.iter().filter(|caller| caller.side == side).collect();
        let mut own = Hidden::default();
        own.province(side.of(&world));
        let asked = questions(&queries, &world, side);
        let lost: Vec<_> =
            LINKS.iter().filter(|link| !is_reached(link, &asked, &insiders)).collect();
        assert!(lost.is_empty(), "nobody of {side:?} reads anything behind {lost:?}");
        let dead: Vec<String> = asked
            .iter()
            .filter(|question| !PUBLIC.contains(&question.field))
            .filter(|question| !insiders.iter().any(|caller| leads(question, caller, &own)))
            .map(|question| format!("{} {}", question.field, question.variables))
            .collect();
        assert!(dead.is_empty(), "nobody of {side:?} reads anything by {dead:?}");
    }
}

/// Links that few rows have: the query, and the fields below it. Where no row had one, strangers would be kept from
/// nothing.
const LINKS: [(&str, &[&str]); 6] = [
    ("award", &["submission"]),
    ("exemplar", &["award"]),
    ("exemplar", &["movement"]),
    ("initiativeProposal", &["initiative"]),
    ("subject", &["initiatives", "award"]),
    ("submission", &["nominees", "award"]),
];

/// Whether one of these people reads something behind a link.
fn is_reached(
    (field, link): &(&str, &[&str]),
    asked: &[Question<'_>],
    insiders: &[&Caller],
) -> bool {
    let mut ways = asked.iter().filter(|question| question.field == *field);
    ways.any(|question| {
        insiders.iter().any(|caller| has(&question.ask(caller).body["data"][*field], link))
    })
}

fn has(value: &Value, link: &[&str]) -> bool {
    if let Value::Array(items) = value {
        return items.iter().any(|item| has(item, link));
    }
    match link {
        [] => !value.is_null(),
        [first, rest @ ..] => has(&value[*first], rest),
    }
}

/// Whether the answer has words of the province, or numbers that are not those about things that do not exist.
fn leads(question: &Question<'_>, caller: &Caller, own: &Hidden) -> bool {
    let answer = question.ask(caller);
    if !own.found_in(&whole(&answer), &question.variables.to_string()).is_empty() {
        return true;
    }
    let Some((variables, pairs)) = own.twin(&question.variables) else { return false };
    let (given, made): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    let twin = Question { field: question.field, variables }.ask(caller);
    answer.top_codes().is_empty() && face(&answer, &given) != face(&twin, &made)
}

/// What anyone may read of an award whose code they have: what stands on the certificate, and whether it stands.
const ON_A_CERTIFICATE: [&str; 10] = [
    "code",
    "subjectName",
    "subjectKind",
    "awardName",
    "countingFrom",
    "countingTo",
    "issuerName",
    "decisionLabel",
    "decidedOn",
    "state",
];

/// The public part of an award is the same for a stranger, for those who may read the award, and without sign-in;
/// it names no row by its id, and a code of nothing is told like any other.
fn a_certificate_shows_its_public_part_alone(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let this = Condition::all().add(award::Column::Id.eq(world.b.awards.valid.uuid));
    let row = world.ground.rows::<award::Entity>(this).unwrap().remove(0);
    let code = row.public_code.clone().unwrap();
    let ask = |client: &Client, code: &str| {
        client.run(operation::text("awardPublic"), json!({ "code": code })).ok()["awardPublic"]
            .clone()
    };
    let stranger = world.a.sign_in(&server, Role::UnitOfficer);
    let owner = world.b.sign_in(&server, Role::StandingOfficer);

    let shown = ask(&stranger, &code);
    let fields: Vec<&String> = shown.as_object().unwrap().keys().collect();
    let mut known = ON_A_CERTIFICATE.to_vec();
    known.sort_unstable();
    assert_eq!(fields, known, "what is public of an award is decided, not found");
    assert_eq!(shown["subjectName"], row.subject_name_as_recorded);
    assert_eq!(shown["issuerName"], row.issuer_name);
    assert_eq!(shown["awardName"], row.name_as_recorded);
    assert_eq!(shown["decisionLabel"], json!(row.decision_label));
    assert_eq!((&shown["code"], &shown["state"]), (&json!(code), &json!("VALID")));
    assert_eq!(ask(&owner, &code), shown);
    assert_eq!(ask(&server.client(), &code), shown);
    // Beside names and labels nothing of the province stands in it.
    let mut hidden = Hidden::default();
    hidden.province(&world.b);
    let mut rest = shown.clone();
    for name in ["subjectName", "awardName", "issuerName", "decisionLabel"] {
        rest[name] = json!(null);
    }
    assert_eq!(hidden.found_in(&rest.to_string(), &code), Vec::<String>::new());
    for wrong in ["0".repeat(code.len()), code[..8].to_owned(), String::new()] {
        assert_eq!(ask(&stranger, &wrong), json!(null), "{wrong}");
    }
}

/// The lists that give cursors.
const LISTS: [&str; 15] = [
    "onwardSubmissions",
    "onwardPackages",
    "users",
    "units",
    "clusters",
    "councils",
    "subjects",
    "submissions",
    "awards",
    "awardTargets",
    "movements",
    "exemplars",
    "initiativeProposals",
    "decisions",
    "auditEvents",
];

fn a_cursor_of_another_province_leads_nowhere(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let fittings = fittings(&world);
    let callers = sight::callers(&world, &server);
    let known: Vec<_> =
        [Side::A, Side::B].into_iter().flat_map(|it| cursors(it, &callers)).collect();
    assert_eq!(known.len(), 2 * LISTS.len());

    let faults = each(&callers, |caller| {
        let hidden = Hidden::from(caller, &world, &fittings);
        let mut faults = Vec::new();
        for (_, field, cursor) in known.iter().filter(|(side, ..)| *side != caller.side) {
            for variables in [json!({ "after": cursor }), json!({ "before": cursor, "last": 20 })] {
                faults.extend(misled(caller, &Question { field, variables }, &hidden));
            }
        }
        faults
    });

    assert_none(&faults);
}

/// What is wrong with the answer to a foreign cursor.
fn misled(caller: &Caller, question: &Question<'_>, hidden: &Hidden) -> Option<String> {
    let answer = question.ask(caller);
    let leaks = hidden.found_in(&whole(&answer), "");
    let is_wrong = !leaks.is_empty() || answer.status != 200;
    is_wrong.then(|| question.fault(caller, &format!("reads {leaks:?} in {answer}")))
}

/// The last cursor of each list that someone of a province reads.
fn cursors(side: Side, callers: &[Caller]) -> Vec<(Side, &'static str, String)> {
    let one = |caller: &Caller, field: &'static str| {
        let answer = Question { field, variables: json!({}) }.ask(caller).ok();
        Some(answer[field]["pageInfo"]["endCursor"].as_str()?.to_owned())
    };
    let first = |field: &'static str| {
        let mut insiders = callers.iter().filter(|caller| caller.side == side);
        Some((side, field, insiders.find_map(|caller| one(caller, field))?))
    };
    LISTS.into_iter().filter_map(first).collect()
}
