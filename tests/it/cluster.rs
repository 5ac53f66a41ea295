//! Clusters: members of several tenants, places in a structure, heads and their people, criteria sets.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::people::PASSWORD;
use harness::stage::{Case, Stage};
use harness::world::{World, this_year};
use serde_json::{Value, json};

use crate::contest::{
    Contest, accept, add_member, appoint, create_cluster, create_set, criteria, lock, mutate,
    points, remove_member, text, update_set,
};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_cluster_is_created_by_the_council_office,
        an_invited_tenant_takes_its_seat_itself,
        a_seat_is_a_unit_or_an_invitation,
        a_unit_has_one_seat_in_a_structure_at_a_time,
        an_invitation_is_not_accepted_with_a_placed_unit,
        a_membership_ends_on_its_day,
        a_head_gives_its_people_rights_for_the_year,
        a_second_head_takes_the_place_of_the_first,
        a_deputy_drafts_and_verifies_but_does_not_lock,
        a_draft_changes_and_keeps_its_ids,
        a_tree_that_is_none_is_refused,
        a_locked_set_never_changes,
        a_set_is_copied_from_the_year_before,
        a_set_is_for_a_year_of_the_cluster,
    ]
}

fn made(stage: &Stage) -> (World, Client, String) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let id = cluster(&officer, &format!("first-{}", world.a.canary));
    (world, officer, id)
}

fn cluster(officer: &Client, code: &str) -> String {
    text(&create_cluster(officer, code).ok()["clusterCreate"]["cluster"]["id"])
}

fn sibling(officer: &Client, code: &str, structure: &str) -> String {
    let input = json!({
        "code": code, "name": "Cụm cùng cơ cấu", "kind": "BLOC", "structure": structure,
        "validFrom": "2024-01-01",
    });
    let field = ("clusterCreate", "ClusterCreateInput", "cluster { id } errors { code }");
    text(&mutate(officer, field, &input).ok()["clusterCreate"]["cluster"]["id"])
}

fn seat(cluster: &str, unit: impl ToString + Copy, from: &str) -> Value {
    json!({ "clusterId": cluster, "unitId": unit.to_string(), "validFrom": from })
}

fn member(answer: Answer, field: &str) -> Value {
    answer.ok()[field]["member"].clone()
}

fn names(client: &Client, cluster: &str, year: i32) -> Vec<String> {
    let query =
        "query($id: ID!, $year: Int!) { cluster(id: $id) { members(year: $year) { name } } }";
    let data = client.run(query, json!({ "id": cluster, "year": year })).ok();
    data["cluster"]["members"].as_array().unwrap().iter().map(|one| text(&one["name"])).collect()
}

fn a_cluster_is_created_by_the_council_office(stage: &Stage) {
    let (world, officer, id) = made(stage);
    let server = stage.server();
    let code = format!("first-{}", world.a.canary);

    let refused = create_cluster(&officer, &code).refused("ALREADY_EXISTS");
    assert_eq!(refused["clusterCreate"]["errors"][0]["path"], json!(["input", "code"]));
    create_cluster(&officer, "no good code").refused("INVALID_FORMAT");
    for role in [Role::ProvinceChair, Role::UnitOfficer, Role::Auditor, Role::ClusterCoordinator] {
        create_cluster(&world.a.sign_in(&server, role), "mine").refused("FORBIDDEN");
    }
    create_cluster(&world.b.sign_in(&server, Role::StandingOfficer), &code).ok();
    let query = "query($id: ID!) { cluster(id: $id) { code organiser { slug } years } }";
    let seen = officer.run(query, json!({ "id": id })).ok();
    assert_eq!(seen["cluster"]["organiser"]["slug"], *world.a.slug);
    let stranger = world.b.sign_in(&server, Role::StandingOfficer);
    assert_eq!(stranger.run(query, json!({ "id": id })).ok()["cluster"], Value::Null);
}

fn an_invited_tenant_takes_its_seat_itself(stage: &Stage) {
    let (world, officer, id) = made(stage);
    let guest = world.b.sign_in(&stage.server(), Role::StandingOfficer);
    let own =
        member(add_member(&officer, &seat(&id, world.a.office, "2024-01-01")), "clusterMemberAdd");
    assert_eq!((&own["isAccepted"], &own["unit"]["id"]), (&json!(true), &json!(world.a.office)));

    let invitation = json!({
        "clusterId": id, "tenantId": world.b.id, "name": "Văn phòng được mời", "validFrom": "2025-01-01",
    });
    let invited = member(add_member(&officer, &invitation), "clusterMemberAdd");
    assert_eq!((&invited["isAccepted"], &invited["unit"]), (&json!(false), &Value::Null));
    assert_eq!(invited["name"], "Văn phòng được mời");
    add_member(&officer, &invitation).refused("ALREADY_EXISTS");
    let take = |unit: String| json!({ "memberId": invited["id"], "expectedVersion": invited["version"], "unitId": unit });
    accept(&officer, &take(world.a.other_office.to_string())).refused("FORBIDDEN");
    accept(&guest, &take(world.a.other_office.to_string())).refused("NOT_FOUND");
    let office = world.b.sign_in(&stage.server(), Role::UnitOfficer);
    accept(&office, &take(world.b.office.to_string())).refused("FORBIDDEN");

    let taken = member(accept(&guest, &take(world.b.office.to_string())), "clusterMemberAccept");
    assert_eq!(
        (&taken["isAccepted"], &taken["unit"]["id"]),
        (&json!(true), &json!(world.b.office))
    );
    assert!(text(&taken["name"]).contains(&world.b.canary), "the unit's own name: {taken}");
    accept(&guest, &take(world.b.office.to_string())).refused("MEMBER_ALREADY_ACCEPTED");
    let query = "query($id: ID!) { cluster(id: $id) { members(year: 2025) { tenant { slug } unit { id } } } }";
    let mine = officer.run(query, json!({ "id": id })).ok();
    assert_eq!(mine["cluster"]["members"][1]["tenant"]["slug"], *world.b.slug);
    assert_eq!(mine["cluster"]["members"][1]["unit"], Value::Null, "not the organiser's to read");
    let theirs = guest.run(query, json!({ "id": id })).ok();
    assert_eq!(theirs["cluster"]["members"][0]["unit"], Value::Null);
    assert_eq!(theirs["cluster"]["members"][1]["unit"]["id"], json!(world.b.office));
}

fn a_seat_is_a_unit_or_an_invitation(stage: &Stage) {
    let (world, officer, id) = made(stage);
    let mut both = seat(&id, world.a.office, "2024-01-01");
    both["tenantId"] = json!(world.b.id);

    add_member(&officer, &both).refused("INVALID_COMBINATION");
    let neither = json!({ "clusterId": id, "validFrom": "2024-01-01" });
    add_member(&officer, &neither).refused("INVALID_COMBINATION");
    let own =
        json!({ "clusterId": id, "tenantId": world.a.id, "name": "x", "validFrom": "2024-01-01" });
    add_member(&officer, &own).refused("INVALID_COMBINATION");
    add_member(&officer, &seat(&id, world.b.office, "2024-01-01")).refused("NOT_FOUND");
    add_member(&officer, &seat(&id, world.a.office, "2023-12-31")).refused("NOT_IN_FORCE");
    assert_eq!(names(&officer, &id, 2025), Vec::<String>::new());
}

fn a_unit_has_one_seat_in_a_structure_at_a_time(stage: &Stage) {
    let (world, officer, first) = made(stage);
    let structure = format!("first-{}", world.a.canary);
    let second = sibling(&officer, &format!("second-{}", world.a.canary), &structure);
    let other = cluster(&officer, &format!("other-{}", world.a.canary));
    let unit = world.a.office;
    let placed =
        member(add_member(&officer, &seat(&first, unit, "2024-01-01")), "clusterMemberAdd");

    for again in [&first, &second] {
        let refused =
            add_member(&officer, &seat(again, unit, "2025-07-01")).refused("MEMBER_ALREADY_PLACED");
        assert_eq!(refused["clusterMemberAdd"]["errors"][0]["path"], json!(["input", "unitId"]));
    }
    add_member(&officer, &seat(&other, unit, "2025-07-01")).ok();

    let end = json!({
        "memberId": placed["id"], "expectedVersion": placed["version"], "validTo": "2025-06-30",
        "reason": "Điều chỉnh cụm",
    });
    remove_member(&officer, &end).ok();
    add_member(&officer, &seat(&second, unit, "2025-06-30")).refused("MEMBER_ALREADY_PLACED");
    add_member(&officer, &seat(&second, unit, "2025-07-01")).ok();
}

fn an_invitation_is_not_accepted_with_a_placed_unit(stage: &Stage) {
    let (world, officer, first) = made(stage);
    let guest = world.b.sign_in(&stage.server(), Role::StandingOfficer);
    let structure = format!("first-{}", world.a.canary);
    let second = sibling(&officer, &format!("second-{}", world.a.canary), &structure);
    let invited = [first, second].map(|id| {
        let input = json!({
            "clusterId": id, "tenantId": world.b.id, "name": "Khách", "validFrom": "2025-01-01",
        });
        member(add_member(&officer, &input), "clusterMemberAdd")
    });
    let take = |member: &Value, unit: String| {
        let input = json!({ "memberId": member["id"], "expectedVersion": 1, "unitId": unit });
        accept(&guest, &input)
    };

    take(&invited[0], world.b.office.to_string()).ok();
    take(&invited[1], world.b.office.to_string()).refused("MEMBER_ALREADY_PLACED");
    take(&invited[1], world.b.other_office.to_string()).ok();
}

fn a_membership_ends_on_its_day(stage: &Stage) {
    let (world, officer, id) = made(stage);
    let placed =
        member(add_member(&officer, &seat(&id, world.a.office, "2024-03-01")), "clusterMemberAdd");
    let end = |version: i32, day: &str, reason: &str| {
        let input = json!({
            "memberId": placed["id"], "expectedVersion": version, "validTo": day, "reason": reason,
        });
        remove_member(&officer, &input)
    };

    end(1, "2025-06-30", " ").refused("REASON_REQUIRED");
    end(1, "2024-02-29", "Sáp nhập").refused("PERIOD_REVERSED");
    end(7, "2025-06-30", "Sáp nhập").refused("CONFLICT");
    assert_eq!(
        member(end(1, "2025-06-30", "Sáp nhập"), "clusterMemberRemove")["validTo"],
        "2025-06-30"
    );
    end(2, "2025-12-31", "Kéo dài").refused("NOT_IN_FORCE");

    let counts = [2023, 2024, 2025, 2026].map(|year| names(&officer, &id, year).len());
    assert_eq!(counts, [0, 1, 1, 0], "the seat stays in history");
}

fn a_head_gives_its_people_rights_for_the_year(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let contest = Contest::locked(&server, &world);
    let year = this_year();
    contest.record(0, year, &json!([points("1.1", "5")])).ok();
    let secretary = world.a.person(Role::CouncilSecretary);
    let auditor = world.a.person(Role::Auditor);
    let verify = |client: &Client| {
        let input = json!({
            "clusterId": contest.cluster, "year": year, "memberId": contest.seats[0],
            "acceptSelfScores": true,
        });
        mutate(
            client,
            ("scoreVerify", "ScoreVerifyInput", "scores { value } errors { code }"),
            &input,
        )
    };

    let past = json!({
        "clusterId": contest.cluster, "year": year - 1, "memberId": contest.seats[0],
        "position": "HEAD", "actingUserIds": [auditor.id],
    });
    appoint(&contest.officer, &past).ok();
    let of_last_year = server.client().sign_in(&world.a.slug, &auditor.username, PASSWORD);
    verify(&of_last_year).refused("FORBIDDEN");
    verify(&contest.officer).refused("FORBIDDEN");
    verify(&contest.coordinator).ok();

    let query = "{ viewer { grants { role clusterId } } }";
    let viewer = contest.coordinator.run(query, json!({})).ok();
    let role = json!({ "role": "CLUSTER_COORDINATOR", "clusterId": contest.cluster });
    assert!(viewer["viewer"]["grants"].as_array().unwrap().contains(&role), "{viewer}");
    let administrator = world.a.sign_in(&server, Role::TenantAdministrator);
    let query =
        "query($id: ID!) { node(id: $id) { ... on User { grants { role validFrom validTo } } } }";
    let held = administrator.run(query, json!({ "id": secretary.id })).ok();
    let grants = held["node"]["grants"].as_array().unwrap();
    let dates = json!({
        "role": "CLUSTER_COORDINATOR", "validFrom": format!("{year}-01-01"), "validTo": format!("{year}-12-31"),
    });
    assert!(grants.contains(&dates), "{held}");
}

fn a_second_head_takes_the_place_of_the_first(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let contest = Contest::locked(&server, &world);
    let year = this_year();
    let successor = world.a.person(Role::Auditor);
    let mut second = json!({
        "clusterId": contest.cluster, "year": year, "memberId": contest.seats[1], "position": "HEAD",
        "actingUserIds": [successor.id],
    });

    appoint(&contest.officer, &second).refused("HEAD_ALREADY_APPOINTED");
    let mut twice = second.clone();
    twice["memberId"] = json!(contest.seats[0]);
    twice["position"] = json!("DEPUTY");
    appoint(&contest.officer, &twice).refused("HEAD_ALREADY_APPOINTED");
    let head = json!({
        "memberId": contest.seats[0], "expectedVersion": 1, "validTo": format!("{year}-01-31"),
        "reason": "Rời cụm",
    });
    remove_member(&contest.officer, &head).refused("MEMBER_IN_USE");
    second["replace"] = json!(true);
    appoint(&contest.officer, &second).ok();

    let query = "query($id: ID!, $year: Int!) { cluster(id: $id) { heads(year: $year) { position member { id } } } }";
    let heads = contest.officer.run(query, json!({ "id": contest.cluster, "year": year })).ok();
    let expected = json!([{ "position": "HEAD", "member": { "id": contest.seats[1] } }]);
    assert_eq!(heads["cluster"]["heads"], expected);
    let secretary = world.a.person(Role::CouncilSecretary);
    let [former, present] = [secretary, successor]
        .map(|person| server.client().sign_in(&world.a.slug, &person.username, PASSWORD));
    let assign = |client: &Client| {
        let input = json!({
            "clusterId": contest.cluster, "year": year, "assessorMemberId": contest.seats[0],
            "memberIds": [contest.seats[1]],
        });
        let field = ("scorePeerAssign", "ScorePeerAssignInput", "cluster { id } errors { code }");
        mutate(client, field, &input)
    };
    assign(&former).refused("FORBIDDEN");
    assign(&present).ok();
    remove_member(&contest.officer, &head).ok();
}

fn a_deputy_drafts_and_verifies_but_does_not_lock(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let contest = Contest::bare(&server, &world);
    let year = this_year();
    let person = world.a.person(Role::Auditor);
    let deputy = json!({
        "clusterId": contest.cluster, "year": year, "memberId": contest.seats[1],
        "position": "DEPUTY", "actingUserIds": [person.id],
    });
    appoint(&contest.officer, &deputy).ok();
    let client = server.client().sign_in(&world.a.slug, &person.username, PASSWORD);

    let set = draft(&client, &contest.cluster, &json!({ "criteria": criteria() }));
    lock(&client, &set).refused("FORBIDDEN");
    lock(&contest.coordinator, &set).ok();
    contest.record(0, year, &json!([points("1.1", "5")])).ok();
    let publish = json!({ "clusterId": contest.cluster, "year": year, "expectedVersion": 0, "state": "PROVISIONAL" });
    let field =
        ("comparisonPublish", "ComparisonPublishInput", "comparison { state } errors { code }");
    mutate(&client, field, &publish).refused("FORBIDDEN");
    mutate(&contest.coordinator, field, &publish).ok();
}

fn try_draft(client: &Client, cluster: &str, more: &Value) -> Answer {
    let mut input = json!({ "clusterId": cluster, "year": this_year(), "name": "Bảng chấm điểm" });
    for (key, value) in more.as_object().unwrap() {
        input[key] = value.clone();
    }
    create_set(client, &input)
}

fn draft(client: &Client, cluster: &str, more: &Value) -> Value {
    try_draft(client, cluster, more).ok()["criteriaSetCreate"]["criteriaSet"].clone()
}

fn ids(set: &Value) -> Vec<(String, String)> {
    let criteria = set["criteria"].as_array().unwrap();
    criteria.iter().map(|one| (text(&one["code"]), text(&one["id"]))).collect()
}

fn a_draft_changes_and_keeps_its_ids(stage: &Stage) {
    let (_world, officer, id) = made(stage);
    let set = draft(&officer, &id, &json!({ "criteria": criteria() }));
    assert_eq!(
        (&set["state"], &set["total"], &set["revision"]),
        (&json!("DRAFT"), &json!("30"), &json!(1))
    );
    let mut smaller = criteria();
    smaller.as_array_mut().unwrap().remove(2);
    smaller[0]["max"] = json!("10");

    let more = json!({ "criteria": smaller, "tieRules": ["CRITERION:2", "SHARED"], "decimals": 1 });
    let data = update_set(&officer, &set, &more).ok();
    let changed = data["criteriaSetUpdate"]["criteriaSet"].clone();

    assert_eq!((&changed["total"], &changed["decimals"]), (&json!("20"), &json!(1)));
    assert_eq!(changed["tieRules"], json!(["CRITERION:2", "SHARED"]));
    let before = ids(&set);
    assert_eq!(ids(&changed).len(), 3);
    assert!(ids(&changed).iter().all(|one| before.contains(one)), "{changed}");
    assert_eq!(changed["criteria"][1]["parent"]["code"], "1");
    update_set(&officer, &set, &json!({ "name": "Muộn" })).refused("CONFLICT");
    for (rules, code) in
        [(json!(["COIN"]), "INVALID_FORMAT"), (json!(["SHARED", "BALLOT"]), "INVALID_COMBINATION")]
    {
        update_set(&officer, &changed, &json!({ "tieRules": rules })).refused(code);
    }
}

fn a_tree_that_is_none_is_refused(stage: &Stage) {
    let (_world, officer, id) = made(stage);
    let change = |place: usize, field: &str, value: Value| {
        let mut tree = criteria();
        tree[place][field] = value;
        json!({ "criteria": tree })
    };
    let faults = [
        (0, change(0, "max", json!("21"))),
        (2, change(2, "code", json!("1.1"))),
        (1, change(1, "parentCode", json!("9"))),
        (1, change(1, "parentCode", json!("2"))),
    ];

    for (place, tree) in faults {
        let refused = try_draft(&officer, &id, &tree).refused("CRITERION_INVALID");
        let path = &refused["criteriaSetCreate"]["errors"][0]["path"];
        assert_eq!(path[1], "criteria", "{tree}: {refused}");
        assert!(path[2].is_string(), "place {place}: {refused}");
    }
    let parameters = change(1, "parameters", json!({ "bonus": "1" }));
    try_draft(&officer, &id, &parameters).refused("CRITERION_INVALID");
    let query = "query($id: ID!) { cluster(id: $id) { years } }";
    let years = officer.run(query, json!({ "id": id })).ok();
    assert_eq!(years["cluster"]["years"], json!([]), "nothing was drafted");
}

fn a_locked_set_never_changes(stage: &Stage) {
    let (_world, officer, id) = made(stage);
    let empty = draft(&officer, &id, &json!({}));
    lock(&officer, &empty).refused("CRITERION_INVALID");
    let lost =
        draft(&officer, &id, &json!({ "criteria": criteria(), "tieRules": ["CRITERION:9"] }));
    lock(&officer, &lost).refused("CRITERION_INVALID");
    let set = draft(&officer, &id, &json!({ "criteria": criteria() }));
    lock(&officer, &json!({ "id": set["id"], "version": 9 })).refused("CONFLICT");

    let data = lock(&officer, &set).ok();
    let locked = &data["criteriaSetLock"]["criteriaSet"];
    assert_eq!((&locked["state"], &locked["revision"]), (&json!("LOCKED"), &json!(3)));

    update_set(&officer, locked, &json!({ "name": "Muộn" })).refused("CRITERIA_SET_LOCKED");
    lock(&officer, locked).refused("CRITERIA_SET_LOCKED");
    let next = draft(&officer, &id, &json!({ "criteria": criteria() }));
    lock(&officer, &next).refused("ALREADY_EXISTS");
    let query =
        "query($id: ID!, $year: Int!) { criteriaSet(clusterId: $id, year: $year) { id state } }";
    let current = officer.run(query, json!({ "id": id, "year": this_year() })).ok();
    assert_eq!(current["criteriaSet"]["id"], set["id"], "the locked one counts");
}

fn a_set_is_copied_from_the_year_before(stage: &Stage) {
    let (_world, officer, id) = made(stage);
    let more =
        json!({ "criteria": criteria(), "decimals": 3, "tieRules": ["CRITERION:1", "BALLOT"] });
    let set = draft(&officer, &id, &more);

    let copy = json!({ "copyFromId": set["id"], "year": this_year() + 1 });
    let copied = draft(&officer, &id, &copy);

    assert_eq!((&copied["decimals"], &copied["tieRules"]), (&json!(3), &set["tieRules"]));
    let codes = |set: &Value| ids(set).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert_eq!(codes(&copied), codes(&set));
    assert!(ids(&copied).iter().all(|one| !ids(&set).contains(one)), "rows of its own");
    let both = json!({ "copyFromId": set["id"], "criteria": criteria() });
    try_draft(&officer, &id, &both).refused("INVALID_COMBINATION");
}

fn a_set_is_for_a_year_of_the_cluster(stage: &Stage) {
    let (world, officer, id) = made(stage);

    try_draft(&officer, &id, &json!({ "year": 2023 })).refused("NOT_IN_FORCE");
    try_draft(&officer, &id, &json!({ "year": 1900 })).refused("OUT_OF_RANGE");
    let stranger = world.b.sign_in(&stage.server(), Role::StandingOfficer);
    try_draft(&stranger, &id, &json!({})).refused("NOT_FOUND");
}
