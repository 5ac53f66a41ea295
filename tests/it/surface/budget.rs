//! Budgets of points: what a request costs is told before and after, and who spent too much waits alone.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Call, Client};
use harness::server::{Options, Server};
use harness::socket::Socket;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use super::{CREATE, assert_refused, count, input};
use crate::operation;
use crate::pace::{percentile, timed};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        the_price_is_told_in_every_way,
        a_price_can_be_asked_for_without_running,
        who_spent_the_budget_waits,
        a_noisy_tenant_leaves_the_others_alone,
        strangers_share_the_budget_of_their_address,
        a_price_runs_nothing_where_events_are_taken,
        what_is_refused_at_the_door_is_paid_for,
    ]
}

/// A server on which one budget is small and the others are not.
fn with_rates(stage: &Stage, rates: &[(&str, u32)]) -> (Server, World) {
    let variables =
        rates.iter().map(|(name, rate)| (format!("THIDUA_{name}_RATE"), rate.to_string()));
    let server = stage.own_server(Options {
        demo: true,
        variables: variables.collect(),
        ..Options::default()
    });
    let world = World::on(&server);
    (server, world)
}

fn ask(client: &Client, query: &str, wish: &str) -> Answer {
    let body = json!({ "query": query }).to_string();
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/graphql-response+json"),
        ("graphql-cost", wish),
    ];
    client.post(body.as_bytes(), &headers)
}

/// A number of the `RateLimit` header: `"caller";r=4990;t=1, "tenant";r=…`.
fn number(answer: &Answer, header: &str, (name, key): (&str, &str)) -> u64 {
    let value = answer.header(header).unwrap_or_else(|| panic!("no {header}: {answer}"));
    let part = value.split(", ").find(|part| part.starts_with(&format!("\"{name}\"")));
    let found = part
        .and_then(|part| part.split(';').find_map(|pair| pair.strip_prefix(&format!("{key}="))));
    found.and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no {name} {key}: {value}"))
}

const PAGE: &str =
    "{ rateLimit { cost limit remaining restoreRate resetAt tenant { limit remaining } }
  units(first: 100) { totalCount nodes { id name parent { name } } } }";

fn the_price_is_told_in_every_way(stage: &Stage) {
    let (server, World { a, .. }) = with_rates(stage, &[("CALLER", 100), ("TENANT", 1_000)]);
    let officer = a.sign_in(&server, Role::StandingOfficer);

    let answer = ask(&officer, PAGE, "report");

    let cost: u64 = answer.header("graphql-cost").unwrap().parse().unwrap();
    assert!((200..300).contains(&cost), "a row, or a hundred fields, a point: {cost}");
    assert_eq!(number(&answer, "ratelimit-policy", ("caller", "q")), 10_000);
    assert_eq!(number(&answer, "ratelimit-policy", ("tenant", "q")), 100_000);
    let left = number(&answer, "ratelimit", ("caller", "r"));
    assert!((10_000 - cost..10_000).contains(&left), "{left} left after {cost}");
    assert!(number(&answer, "ratelimit", ("caller", "t")) >= 1);
    let told = answer.body["extensions"]["cost"].clone();
    assert_eq!((&told["requested"], &told["maximum"]), (&json!(cost), &json!(5_000)));
    let data = answer.ok();
    assert_eq!(data["rateLimit"]["cost"], json!(cost));
    assert_eq!(
        (&data["rateLimit"]["limit"], &data["rateLimit"]["restoreRate"]),
        (&json!(10_000), &json!(100))
    );
    assert!(data["rateLimit"]["remaining"].as_u64().unwrap() < 10_000, "{data}");
    assert_eq!(data["rateLimit"]["tenant"]["limit"], json!(100_000));
    assert!(
        ask(&officer, "{ __typename }", "").body.get("extensions").is_none(),
        "only who asks is told"
    );
}

fn a_price_can_be_asked_for_without_running(stage: &Stage) {
    let (server, World { a, .. }) = with_rates(stage, &[("CALLER", 100)]);
    let officer = a.sign_in(&server, Role::StandingOfficer);
    let write = |wish: &str| {
        let query = CREATE.replace("($input: UnitCreateInput!)", "");
        let input = input(&a.office.to_string(), "priced");
        let literal = format!(
            "{{parentId: {}, code: {}, name: {}, kind: DEPARTMENT, validFrom: \"2025-01-01\"}}",
            input["parentId"], input["code"], input["name"]
        );
        ask(&officer, &query.replace("$input", &literal), wish)
    };
    let codes = ["priced".to_owned()];

    let priced = write("validate");
    let page = ask(&officer, PAGE, "validate");

    assert_eq!((priced.status, &priced.body["data"]), (200, &Value::Null), "{priced}");
    assert!(priced.body["extensions"]["cost"]["requested"].as_u64().unwrap() >= 11, "{priced}");
    assert_eq!(count(&officer, &codes), 0, "nothing was carried out");
    assert!(
        number(&page, "ratelimit", ("caller", "r")) > 9_800,
        "a price costs a point or two: {page}"
    );
    let run = ask(&officer, PAGE, "report");
    assert_eq!(
        run.body["extensions"]["cost"]["requested"],
        page.body["extensions"]["cost"]["requested"]
    );
    assert_refused(
        &ask(&officer, "{ units(first: 9999) { nodes { id } } }", "validate"),
        "COST_LIMIT_EXCEEDED",
        "",
    );
    assert_refused(&ask(&server.client(), PAGE, "validate"), "UNAUTHENTICATED", "");
    let written = write("");
    assert!(written.payload_codes().is_empty(), "{written}");
    assert_eq!(count(&officer, &codes), 1, "the same mutation without the header");
}

/// Asks until the budget is spent: 10,000 points, some thousand at a time.
fn spend(client: &Client) -> Answer {
    let dear = "{ units(first: 100) { nodes { id ancestors { name } } } }";
    let answers = (0..200).map(|_| client.run(dear, json!({})));
    let mut answers = answers.skip_while(|answer| answer.status == 200);
    answers.next().unwrap_or_else(|| panic!("the budget is never spent"))
}

#[track_caller]
fn assert_waits(answer: &Answer) -> u64 {
    assert_eq!(answer.status, 429, "{answer}");
    assert_refused(answer, "RATE_LIMITED", "");
    let seconds =
        answer.header("retry-after").and_then(|text| text.parse().ok()).unwrap_or_default();
    assert!(seconds >= 1, "{answer}");
    seconds
}

fn who_spent_the_budget_waits(stage: &Stage) {
    let (server, World { a, .. }) = with_rates(stage, &[("CALLER", 100)]);
    let officer = a.sign_in(&server, Role::StandingOfficer);
    let colleague = a.sign_in(&server, Role::Auditor);

    let refused = spend(&officer);

    let seconds = assert_waits(&refused);
    colleague.run(PAGE, json!({})).ok();
    // A client of `application/json` only is told by the status too.
    let plain = json!({ "query": "{ units(first: 100) { nodes { id ancestors { name } } } }" });
    let plain = officer.post(plain.to_string().as_bytes(), &[("content-type", "application/json")]);
    assert!(plain.status == 429 || seconds <= 2, "{plain}");
    std::thread::sleep(std::time::Duration::from_secs(seconds.min(60)));
    officer.run("{ viewer { displayName } }", json!({})).ok();
}

/// One tenant asks far more than its budget; not one request of another is refused.
fn a_noisy_tenant_leaves_the_others_alone(stage: &Stage) {
    let (server, World { a, b, .. }) = with_rates(stage, &[("TENANT", 100)]);
    let noisy = [Role::StandingOfficer, Role::Auditor, Role::ProvinceChair]
        .map(|role| a.sign_in(&server, role));
    let quiet = b.sign_in(&server, Role::StandingOfficer);
    assert_waits(&spend(&noisy[0]));
    let dear = "{ units(first: 100) { nodes { id ancestors { name } } } }";

    let read = || {
        let text = "{ viewer { displayName } units(first: 5) { totalCount } }";
        let (answer, time) = timed(|| quiet.run(text, json!({})));
        let _ = answer.ok();
        time
    };
    let before: Vec<_> = (0..100).map(|_| read()).collect();

    std::thread::scope(|scope| {
        let loud: Vec<_> = noisy
            .iter()
            .map(|client| {
                scope.spawn(|| (0..100).map(|_| client.run(dear, json!({}))).collect::<Vec<_>>())
            })
            .collect();
        let meanwhile: Vec<_> = (0..100).map(|_| read()).collect();
        let answers: Vec<_> = loud.into_iter().flat_map(|it| it.join().unwrap()).collect();
        let waiting = answers.iter().filter(|answer| answer.status == 429).count();
        assert!(waiting > 100, "{waiting} of {} were told to wait", answers.len());
        assert!(answers.iter().all(|answer| [200, 429].contains(&answer.status)));
        eprintln!(
            "{:?}: a noisy tenant had {waiting} of {} refused; reads of another, p50 and p99: {:?} before, {:?} meanwhile",
            stage.backend,
            answers.len(),
            [50, 99].map(|percent| percentile(&before, percent)),
            [50, 99].map(|percent| percentile(&meanwhile, percent)),
        );
    });
}

fn strangers_share_the_budget_of_their_address(stage: &Stage) {
    let (server, World { a, .. }) = with_rates(stage, &[("ADDRESS", 100)]);
    let officer = a.sign_in(&server, Role::StandingOfficer);
    let wrong = Call {
        method: "POST",
        path: "/graphql",
        headers: &[("content-type", "application/json")],
        body: b"{\"query\":\"{ nope\"}",
    };

    // A document that has to be refused costs eleven points, so that refusals are no free work.
    let stranger = server.client();
    let mut answers = (0..3_000).map(|_| stranger.request(&wrong));
    let refused = answers.find(|answer| answer.status != 200).unwrap();

    assert_waits(&refused);
    officer.run("{ viewer { displayName } }", json!({})).ok();
}

fn a_price_runs_nothing_where_events_are_taken(stage: &Stage) {
    let (server, World { a, .. }) = with_rates(stage, &[("CALLER", 1_000)]);
    let officer = a.sign_in(&server, Role::StandingOfficer);
    let price = |query: &str, variables: Value, accept: &str| {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let headers = [
            ("content-type", "application/json"),
            ("accept", accept),
            ("graphql-cost", "validate"),
        ];
        let answer = officer.post(body.as_bytes(), &headers);
        assert_eq!(
            (answer.status, &answer.body["data"]),
            (200, &Value::Null),
            "{accept}: {answer}"
        );
        answer.body["extensions"]["cost"]["requested"].as_u64().unwrap()
    };

    for accept in ["text/event-stream", "application/json, text/event-stream"] {
        let input = input(&a.office.to_string(), "evented");
        assert!(price(CREATE, json!({ "input": input }), accept) >= 11);
        let session = json!({ "sessionId": a.board.sitting });
        assert!(price(operation::text("sessionLive"), session, accept) >= 1);
    }
    assert_eq!(count(&officer, &["evented".to_owned()]), 0, "nothing was carried out");

    let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
    let refused = Socket::try_open(&server, &[protocol, ("graphql-cost", "validate")]).err();
    let (status, body) = refused.unwrap();
    let code = &body["errors"][0]["extensions"]["code"];
    assert_eq!((status, code), (400, &json!("BAD_REQUEST")), "a connection runs what it is sent");
}

/// A bad token, an answer that cannot be given and a wrong method are found out, and that is work.
fn what_is_refused_at_the_door_is_paid_for(stage: &Stage) {
    let (server, _world) = with_rates(stage, &[("ADDRESS", 100)]);
    let stranger = server.client();
    let nonsense = stranger.with_token("nonsense");
    let call = |method, accept| Call {
        method,
        path: "/graphql",
        headers: if accept { &[("accept", "text/html")] } else { &[] },
        body: b"",
    };
    for (client, call, status) in [
        (&nonsense, call("GET", false), 401),
        (&stranger, call("GET", true), 406),
        (&stranger, call("PUT", false), 405),
    ] {
        // A point flows back in ten milliseconds, so one of some answers shows that it was paid.
        let left = (0..20).map(|_| {
            let answer = client.request(&call);
            assert_eq!(answer.status, status, "{answer}");
            number(&answer, "ratelimit", ("address", "r"))
        });
        assert!(left.min().unwrap() < 10_000, "{status} is free");
    }
}
