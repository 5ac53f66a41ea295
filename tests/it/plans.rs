//! Plans under row-level security: the hot operations on many rows of one tenant and few of another, each plan as
//! PostgreSQL logged it (`auto_explain`) for the server's own statement, in the role of requests and generic.
//! No answer is looked at here, and no time.

use std::collections::BTreeSet;
use std::time::Duration;

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::server::{Options, Server};
use harness::stage::{Case, Stage};
use harness::wait;
use harness::world::{Id, Province, World, YEAR};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) fn cases() -> Vec<Case> {
    cases![postgres: hot_operations_use_their_indexes]
}

/// Submissions, and as many audit entries; two million in a full run.
const ROWS: &str = "TEST_PLAN_ROWS";
/// A table with more rows must not be read from end to end.
const LARGE: i64 = 5_000;
/// Rows that an index may lead to in vain, for each row that is wanted.
const IN_VAIN: f64 = 10.0;

/// What is looked at, who asks, and the document.
type Hot = (&'static str, Role, String);

fn hot_operations_use_their_indexes(stage: &Stage) {
    let options = Options { demo: true, durable: true, ..Options::default() };
    let mut server = stage.own_server(options);
    if server.cluster().is_none() {
        return eprintln!(
            "plans were not looked at: they are read from the log of a PostgreSQL of our own"
        );
    }
    let world = World::on(&server);
    let wide = world.table(20, 30);
    fill(&world, harness::size(ROWS, 200_000));
    log_plans(&world);
    server.restart().unwrap();
    let large = large(&world);

    let mut faults = Vec::new();
    for province in [&world.a, &world.b] {
        for (name, role, text) in hot(&server, &world, province, wide) {
            let client = province.sign_in(&server, role);
            let plans = plans(&server, &client, &text);
            assert!(!plans.is_empty(), "{name}: no plan in the log");
            let found = looked_at(&plans, &large);
            let count = plans.len();
            eprintln!("{name} ({role:?}): {count} statements, indexes: {:?}", found.indexes);
            let place = format!("{name} of {}", province.slug);
            faults.extend(found.faults.into_iter().map(|fault| format!("{place}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

const PAGE: &str = "{ pageInfo { hasNextPage startCursor } nodes { id } }";

/// A page of a list.
fn list(list: &str, with: &str) -> String {
    format!("{{ {list}(first: 50{with}) {PAGE} }}")
}

fn by_sent(direction: &str) -> String {
    list("submissions", &format!(", orderBy: [{{ sentAt: {{ direction: {direction} }} }}]"))
}

/// The hot operations of a province.
fn hot(server: &Server, world: &World, province: &Province, wide: Id) -> Vec<Hot> {
    let all = province.sign_in(server, Role::StandingOfficer);
    let end = format!("{{ submissions(last: 100) {PAGE} }}");
    let end = all.run(&end, json!({})).ok()["submissions"]["pageInfo"]["startCursor"].clone();
    let full = "{ submissions(first: 50) { nodes { id title state unit { id name } nomineesCount \
        awardTypes { id name } allowedActions { action allowed } } } }";
    let full = full.to_owned();
    let table = format!(
        "{{ clusterComparison(clusterId: \"{wide}\", year: {YEAR}) {{ rows {{ total cells {{ final }} }} }} }}"
    );
    vec![
        ("comparison", Role::StandingOfficer, table),
        ("inbox", Role::StandingOfficer, list("submissions", "")),
        ("inbox with what belongs to it", Role::StandingOfficer, full),
        (
            "inbox of a state",
            Role::StandingOfficer,
            list("submissions", ", where: { state: { eq: RETURNED } }"),
        ),
        ("inbox of an office", Role::UnitOfficer, list("submissions", "")),
        ("deep page", Role::StandingOfficer, list("submissions", &format!(", after: {end}"))),
        ("first sent", Role::StandingOfficer, by_sent("ASC")),
        ("last sent", Role::StandingOfficer, by_sent("DESC")),
    ]
    .into_iter()
    .chain(points(world, province))
    .chain(by_their_day())
    .collect()
}

/// Awards by the day of their decision. What waits for somebody is not among these: PostgreSQL still goes through the
/// nominees of a tenant for it.
fn by_their_day() -> Vec<Hot> {
    let by_day = |direction: &str| {
        list("awards", &format!(", orderBy: [{{ decidedOn: {{ direction: {direction} }} }}]"))
    };
    vec![
        ("first awards", Role::StandingOfficer, by_day("ASC")),
        ("last awards", Role::StandingOfficer, by_day("DESC")),
    ]
}

/// Single objects, and lists of other kinds.
fn points(world: &World, province: &Province) -> Vec<Hot> {
    let Province { root, submission, .. } = province;
    let award = world.award_type;
    vec![
        (
            "point read",
            Role::UnitHead,
            format!("{{ submission(id: \"{}\") {{ id title }} }}", submission.id),
        ),
        (
            "points at once",
            Role::UnitHead,
            format!("{{ nodes(ids: [\"{}\", \"{award}\"]) {{ id }} }}", submission.id),
        ),
        (
            "units below one",
            Role::CentralOfficer,
            list("units", &format!(", withinUnit: \"{root}\"")),
        ),
        ("audit page", Role::Auditor, list("auditEvents", "")),
        ("users", Role::TenantAdministrator, list("users", "")),
    ]
}

/// Nine tenths of the rows are A's, the rest B's.
fn fill(world: &World, rows: usize) {
    for (province, share) in [(&world.a, rows * 9 / 10), (&world.b, rows / 10)] {
        let Province { id, root, office, audit_event, cluster, .. } = province;
        let (tenant, root, office) = (id.uuid, root.uuid, office.uuid);
        let author = province.person(Role::UnitOfficer).id.uuid;
        let few = share / 10;
        copy(world, ("unit", office), few, "'code', 'x' || g || s.code");
        submissions(world, province, share);
        ballots(world, province, few);
        awards(world, province, few);
        copy(
            world,
            ("audit_event", audit_event.uuid),
            share,
            "'at', s.at - g * interval '1 second'",
        );
        copy(world, ("account", author), few, "'username', 'x' || g || s.username");
        copy(
            world,
            ("score", cluster.seats[0].own_score.uuid),
            share,
            "'layer', 'PEER', 'assessor_id', md5('assessor' || g || s.id)::uuid",
        );
        let pairs = format!(
            "INSERT INTO unit_above (tenant_id, above_id, unit_id, depth)
            SELECT u.tenant_id, a.above_id, u.id, a.depth FROM unit u,
                LATERAL (VALUES (u.id, 0), ('{root}'::uuid, 1)) AS a (above_id, depth)
            WHERE u.tenant_id = '{tenant}' AND u.code LIKE 'x%'"
        );
        run(world, &pairs);
    }
    run(world, "ANALYZE");
}

/// So many submissions, each with a nominee. The newest hundredth waits for its office and the oldest one for a decision; all
/// others were refused.
fn submissions(world: &World, province: &Province, share: usize) {
    let Province { id, office, submission, .. } = province;
    let (tenant, office, few) = (id.uuid, office.uuid, share / 10);
    let (newest, older) = (share / 100, share - share / 100);
    let chair = province.person(Role::ProvinceChair).id.uuid;
    // A tenth is of one office, the rest of many.
    let unit = format!(
        "CASE WHEN g % 10 = 0 THEN s.unit_id ELSE md5(1 + g % {few} || '{office}')::uuid END"
    );
    copy(
        world,
        ("submission", submission.id.uuid),
        share,
        &format!(
            "'number', 1000000 + g, 'created_at', s.created_at - g * interval '1 second', 'unit_id', {unit},
            'state', CASE WHEN g <= {newest} THEN s.state WHEN g > {older} THEN 'APPROVED' ELSE 'REJECTED' END,
            'decided_by', CASE WHEN g > {newest} THEN '{chair}'::uuid END,
            'waiting_since', CASE WHEN g <= {newest} OR g > {older} THEN s.waiting_since END,
            'due_on', CASE WHEN g > {older} THEN date '2026-01-05' ELSE s.due_on END"
        ),
    );
    // The one row is taken out first: read again for each submission, the growing table would be read each time.
    let nominees = format!(
        "WITH one AS MATERIALIZED (SELECT to_jsonb(n) AS n FROM nominee n WHERE n.id = '{}')
        INSERT INTO nominee SELECT r.* FROM one, submission s, LATERAL
            jsonb_populate_record(null::nominee, one.n || jsonb_build_object(
                'id', md5('nominee' || s.id)::uuid, 'submission_id', s.id, 'unit_id', s.unit_id)) r
        WHERE s.tenant_id = '{tenant}' AND s.number > 1000000",
        submission.nominees[0].uuid
    );
    run(world, &nominees);
}

/// So many closed ballots, each on the nominee of a submission.
fn ballots(world: &World, province: &Province, count: usize) {
    let Province { board, submission, .. } = province;
    let (ballot, candidate) = (board.ballots[1].uuid, board.candidates[1].uuid);
    let submission = submission.id.uuid;
    copy(world, ("ballot", ballot), count, "'opened_at', s.opened_at - g * interval '1 second'");
    let nominee = format!("md5('nominee' || md5(g || '{submission}')::uuid)::uuid");
    copy(world, ("candidate", candidate), count, &format!("'nominee_id', {nominee}"));
    let named = format!(
        "'ballot_id', md5(g || '{ballot}')::uuid, 'candidate_id', md5(g || '{candidate}')::uuid"
    );
    copy(world, ("ballot_candidate", board.asked[1].uuid), count, &named);
}

/// So many awards; of one in ten the day is not known.
fn awards(world: &World, province: &Province, count: usize) {
    let other = "'public_code', 'P' || g, 'created_at', s.created_at - g * interval '1 second',
        'decided_on', CASE WHEN g % 10 > 0 THEN s.decided_on - g % 3000 END";
    copy(world, ("award", province.awards.valid.uuid), count, other);
}

/// So many copies of a row, each with an id of its own and with these other values.
fn copy(world: &World, (table, id): (&str, Uuid), count: usize, other: &str) {
    let sql = format!(
        "WITH s AS MATERIALIZED (SELECT * FROM {table} WHERE id = '{id}'),
            one AS MATERIALIZED (SELECT to_jsonb(s) AS s FROM s)
        INSERT INTO {table} SELECT r.* FROM s, one, generate_series(1, {count}) g, LATERAL
            jsonb_populate_record(null::{table},
                one.s || jsonb_build_object('id', md5(g || s.id::text)::uuid, {other})) r"
    );
    run(world, &sql);
}

/// Runs a statement that may take its time; the copies of rows that hold together need no referential check, whose
/// plans would be those of the empty tables.
fn run(world: &World, sql: &str) {
    let patient =
        format!("SET statement_timeout = 0; SET session_replication_role = replica; {sql}");
    let done = wait(world.ground.pool().execute_unprepared(&patient));
    assert!(done.is_ok(), "{sql}: {done:?}");
}

/// From now on every new connection logs the plan of each statement, without the values at hand.
fn log_plans(world: &World) {
    for setting in [
        "session_preload_libraries = 'auto_explain'",
        "auto_explain.log_min_duration = 0",
        "auto_explain.log_format = 'json'",
        "auto_explain.log_analyze = on",
        "auto_explain.log_timing = off",
        "plan_cache_mode = 'force_generic_plan'",
    ] {
        let sql = format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {}', current_database()); END $$",
            setting.replace('\'', "''")
        );
        let _ = world.ground.query(&sql).unwrap_or_else(|fault| panic!("{setting}: {fault}"));
    }
}

/// Tables with many rows.
fn large(world: &World) -> Vec<String> {
    let sql = format!(
        "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND reltuples > {LARGE}
            AND relnamespace = current_schema()::regnamespace"
    );
    let rows = world.ground.query(&sql).unwrap();
    let large: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    for table in [
        "submission",
        "nominee",
        "audit_event",
        "account",
        "unit",
        "unit_above",
        "score",
        "ballot",
        "candidate",
        "ballot_candidate",
        "award",
    ] {
        assert!(large.iter().any(|known| known == table), "{table} is small: {large:?}");
    }
    large
}

/// The plans of the statements that an operation took.
fn plans(server: &Server, client: &Client, text: &str) -> Vec<Value> {
    let cluster = server.cluster().unwrap();
    let mark = cluster.log().len();
    let _ = client.run(text, json!({})).ok();
    // A plan is logged when its statement is let go of: at the end of the transaction, after the answer.
    std::thread::sleep(Duration::from_millis(300));
    let log = cluster.log();
    let plans = log[mark..].split("plan:\n").skip(1).filter_map(|rest| {
        let lines = rest.lines().take_while(|line| line.starts_with('\t'));
        serde_json::from_str::<Value>(&lines.collect::<Vec<_>>().join("\n")).ok()
    });
    // What a client of ours asked, and not what the server does by itself meanwhile.
    plans.filter(|plan| !plan["Query Text"].to_string().contains("audit_pending")).collect()
}

/// What was seen in plans.
#[derive(Default)]
struct Found {
    indexes: BTreeSet<String>,
    faults: Vec<String>,
}

fn looked_at(plans: &[Value], large: &[String]) -> Found {
    let mut found = Found::default();
    for plan in plans {
        let known = found.faults.len();
        look(&plan["Plan"], large, &mut found);
        for fault in &mut found.faults[known..] {
            *fault = format!("{fault}: {}", plan["Query Text"]);
        }
    }
    found
}

/// Looks at a node of a plan and at those below.
fn look(node: &Value, large: &[String], found: &mut Found) {
    let table = node["Relation Name"].as_str().unwrap_or_default();
    let kind = node["Node Type"].as_str().unwrap_or_default();
    if large.iter().any(|known| known == table) {
        let number = |name: &str| node[name].as_f64().unwrap_or_default();
        let (wanted, in_vain) = (number("Actual Rows"), number("Rows Removed by Filter"));
        if kind == "Seq Scan" {
            found.faults.push(format!("reads {table} from end to end"));
        }
        if in_vain > IN_VAIN * wanted.max(10.0) {
            found.faults.push(format!("reads {in_vain} rows of {table} in vain for {wanted}"));
        }
    }
    found.indexes.extend(node["Index Name"].as_str().map(str::to_owned));
    for below in node["Plans"].as_array().into_iter().flatten() {
        look(below, large, found);
    }
}
