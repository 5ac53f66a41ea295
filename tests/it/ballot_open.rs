//! Votes by show of hands, which a regulation may ask for where the law does, and guests, who are heard and have none.

use entity::role_grant::Role;
use entity::{ballot_box, ballot_key, ballot_listed, ballot_register, open_vote};
use harness::cases;
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::World;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use serde_json::{Value, json};

use crate::assembly::{Assembly, cast, nominated, with};
use crate::ballot::{ballot, recount};
use crate::council::{anew, done, run};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_show_of_hands_stands_by_name,
        hands_and_secret_votes_are_never_of_one_ballot,
        a_guest_is_heard_and_counts_for_nothing,
    ]
}

const LABOURER: &str = "ADVANCED_LABOURER";
const FIGHTER: &str = "BASE_EMULATION_FIGHTER";

/// The regulation of the council: hands for everything that the law leaves to it.
pub(crate) fn by_hands(assembly: &Assembly) {
    let rule = json!({
        "councilId": assembly.council, "secrecy": "OPEN", "validFrom": "2024-02-01",
        "citation": "Quy chế hoạt động của Hội đồng, Điều 8",
    });
    let set = done(&assembly.secretary, ("ballotRuleSet", "rule"), &rule);
    assert_eq!(set["secrecy"], "OPEN", "{set}");
}

fn uuid(id: &Value) -> uuid::Uuid {
    api::scalar::decode(id.as_str().unwrap()).unwrap().1
}

/// Rows of box, key and list, of the register and of the open votes of a ballot.
fn rows(world: &World, of: &Value) -> [usize; 5] {
    let id = uuid(&of["id"]);
    let all = |column: sea_orm::sea_query::SimpleExpr| Condition::all().add(column);
    let ground = &world.ground;
    [
        ground.rows::<ballot_box::Entity>(all(ballot_box::Column::BallotId.eq(id))).unwrap().len(),
        ground.rows::<ballot_key::Entity>(all(ballot_key::Column::BallotId.eq(id))).unwrap().len(),
        ground
            .rows::<ballot_listed::Entity>(all(ballot_listed::Column::BallotId.eq(id)))
            .unwrap()
            .len(),
        ground
            .rows::<ballot_register::Entity>(all(ballot_register::Column::BallotId.eq(id)))
            .unwrap()
            .len(),
        ground.rows::<open_vote::Entity>(all(open_vote::Column::BallotId.eq(id))).unwrap().len(),
    ]
}

fn a_show_of_hands_stands_by_name(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, 7);
    by_hands(&assembly);
    a_secret_title_stays_secret(&server, &world, &assembly);
    let people = [("Lò Văn Một (mẫu)", LABOURER), ("Giàng Thị Hai (mẫu)", LABOURER)];
    assembly.sit_on(nominated(&server, &world, &people));
    assembly.attend(&["PRESENT"; 7]);

    let opened = assembly.open(&json!({}));

    assert_eq!(opened["secrecy"], "OPEN", "{opened}");
    let voters = assembly.clients(&server, 4);
    for (client, letters) in voters.iter().zip(["YY", "YN", "YA", "YY"]) {
        let answer = cast(client, &opened, letters).ok();
        assert_eq!(answer["ballotCast"], json!({ "receipt": null, "errors": [] }));
    }
    let _ = cast(&voters[0], &opened, "NN").refused("ALREADY_VOTED");
    let _ = cast(&assembly.member(&server, 6), &opened, "NN").refused("RECUSED");
    let closed = assembly.close(&server, &opened);

    let roll = closed["roll"].as_array().unwrap();
    let chosen: Vec<&Value> = roll.iter().map(|line| &line["choices"]).collect();
    let none = json!([]);
    let told =
        [json!(["YES", "YES"]), json!(["YES", "NO"]), json!(["YES", "ABSTAIN"]), chosen[0].clone()];
    assert_eq!(chosen, [&told[0], &told[1], &told[2], &told[3], &none, &none, &none]);
    let results = closed["results"].as_array().unwrap();
    let numbers = |row: &Value| ["yes", "no", "base", "needed"].map(|name| row[name].clone());
    assert_eq!(numbers(&results[0]), [4, 0, 7, 4].map(|number| json!(number)), "few are told");
    assert_eq!([&results[0]["outcome"], &results[1]["outcome"]], ["PASSED", "FAILED"]);
    let list = recount(&voters[0], &opened);
    assert_eq!(list["listed"], json!([]));
    let lines = list["lines"].as_array().unwrap();
    assert!(lines.len() == 2 && lines.iter().all(|line| line["agrees"] == true), "{list}");
    assert_eq!(rows(&world, &opened), [0, 0, 0, 4, 4], "no box, no key, no list");
    let minutes = assembly.read(&voters[0])["minutes"].clone();
    let said = minutes.as_str().unwrap();
    let name = roll[1]["name"].as_str().unwrap();
    assert!(
        said.contains("Biểu quyết công khai") && said.contains(&format!("Không đồng ý: {name}"))
    );
    let _ = cast(&assembly.member(&server, 4), &opened, "NN").refused("BALLOT_CLOSED");
    for stranger in [
        world.b.sign_in(&server, Role::CouncilSecretary),
        world.a.sign_in(&server, Role::CouncilMember),
        world.a.sign_in(&server, Role::UnitHead),
    ] {
        assert_eq!(ballot(&stranger, &opened["id"]), Value::Null);
    }
}

/// Where the law has a secret vote, no regulation opens it, and the database takes no name beside a choice.
fn a_secret_title_stays_secret(server: &Server, world: &World, assembly: &Assembly) {
    let open = json!({
        "councilId": assembly.council, "awardCode": FIGHTER, "secrecy": "OPEN",
        "citation": "Quy chế", "validFrom": "2024-02-01",
    });
    let _ = run(&assembly.secretary, "ballotRuleSet", &open).refused("RULE_BELOW_FLOOR");
    assembly.attend(&["PRESENT"; 7]);
    let opened = assembly.open(&json!({}));
    assert_eq!(opened["secrecy"], "SECRET", "{opened}");
    let answer = cast(&assembly.member(server, 0), &opened, "YY").ok();
    assert_eq!(answer["ballotCast"]["receipt"].as_str().map(str::len), Some(32));
    assert_eq!(rows(world, &opened), [1, 2, 0, 1, 0]);
    let id = uuid(&opened["id"]);
    let id =
        if world.ground.is_postgres() { format!("'{id}'") } else { format!("X'{}'", id.simple()) };
    for secrecy in ["OPEN", "SECRET"] {
        let sql = format!(
            "INSERT INTO open_vote (tenant_id, ballot_id, seat_id, council_id, secrecy, choices) \
             SELECT tenant_id, ballot_id, seat_id, council_id, '{secrecy}', 'YY' \
             FROM ballot_roll WHERE ballot_id = {id}"
        );
        let refused = world.ground.query(&sql).unwrap_err().to_string().to_lowercase();
        assert!(refused.contains("foreign key") || refused.contains("check"), "{refused}");
    }
    let closed = assembly.close(server, &opened);
    let roll = closed["roll"].as_array().unwrap();
    assert!(!roll.is_empty() && roll.iter().all(|line| line["choices"] == json!([])), "{closed}");
}

fn hands_and_secret_votes_are_never_of_one_ballot(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, 4);
    let mixed = [("Lò Văn Một (mẫu)", FIGHTER), ("Giàng Thị Hai (mẫu)", LABOURER)];
    by_hands(&assembly);
    assembly.sit_on(nominated(&server, &world, &mixed));
    assembly.attend(&["PRESENT"; 4]);

    let all = json!({ "itemId": assembly.item });
    // Nothing is reconsidered yet.
    let why = with(all.clone(), &json!({ "reason": "Có tài liệu mới" }));
    let refused = run(&assembly.secretary, "ballotOpen", &why).refused("INVALID_COMBINATION");
    let error = &refused["ballotOpen"]["errors"][0];
    assert_eq!(error["path"], json!(["input", "reason"]), "{error}");
    let refused = run(&assembly.secretary, "ballotOpen", &all).refused("INVALID_COMBINATION");

    let said = refused["ballotOpen"]["errors"][0]["message"].as_str().unwrap();
    assert!(said.contains("mở cuộc bỏ phiếu riêng"), "{said}");
    let alone = with(all, &json!({ "candidateIds": [assembly.candidates[1]] }));
    let _ = run(&assembly.secretary, "ballotOpen", &alone).ok();
}

/// Gives a council a seat for a guest, and hands back who takes it.
pub(crate) fn guest(assembly: &Assembly, world: &World) -> harness::world::Person {
    let person = world.people(&world.a, 1).remove(0);
    let seat = json!({
        "councilId": assembly.council, "postTitle": "Phó Giám đốc Sở Tư pháp", "role": "GUEST",
        "organisation": "Sở Tư pháp", "validFrom": "2024-02-01",
    });
    let seat = done(&assembly.secretary, ("councilSeatCreate", "seat"), &seat);
    assert_eq!((&seat["role"], &seat["votes"]), (&json!("GUEST"), &json!(false)), "{seat}");
    let holder = json!({ "seatId": seat["id"], "userId": person.id, "validFrom": "2024-02-01" });
    let _ = done(&assembly.secretary, ("seatHolderAppoint", "holder"), &holder);
    person
}

fn a_guest_is_heard_and_counts_for_nothing(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, 6);
    let person = guest(&assembly, &world);
    assembly.convene(&server, &world);
    let open = json!({ "itemId": assembly.item });
    let few = ["PRESENT", "PRESENT", "PRESENT", "ABSENT", "ABSENT", "ABSENT", "PRESENT"];

    assembly.attend(&few);
    let refused = run(&assembly.secretary, "ballotOpen", &open).refused("NO_QUORUM");

    let said = refused["ballotOpen"]["errors"][0]["message"].as_str().unwrap();
    assert!(said.contains("3/6"), "{said}");
    let session = assembly.read(&assembly.secretary);
    let seat = session["seats"][6].clone();
    assert_eq!((&seat["role"], &seat["votes"]), (&json!("GUEST"), &json!(false)), "{session}");
    assert_eq!(session["presentCount"], 3);
    for wrong in [
        json!({ "presence": "WRITTEN" }),
        json!({ "presence": "PRESENT", "onPaper": true }),
        json!({ "presence": "PRESENT", "substituteId": world.a.neighbour.id, "mandate": "Số 1" }),
    ] {
        let input = json!({ "id": seat["id"], "expectedVersion": seat["version"] });
        let input = with(input, &wrong);
        let _ = run(&assembly.secretary, "attendanceRecord", &input).refused("INVALID_COMBINATION");
    }
    assembly.attend(&["PRESENT", "PRESENT", "PRESENT", "PAPER", "PRESENT", "PRESENT"]);
    let opened = assembly.open(&json!({}));
    assert_eq!((&opened["members"], opened["roll"].as_array().unwrap().len()), (&json!(6), 6));
    let client = anew(&server, &person);
    assert_eq!(assembly.read(&client)["state"], "OPEN", "he is invited");
    let _ = cast(&client, &opened, "YY").refused("NOT_ON_ROLL");
    let votes: Vec<Value> = opened["candidates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| json!({ "candidateId": row["id"], "yes": 1, "no": 0, "abstain": 0 }))
        .collect();
    let count = json!({
        "id": opened["id"], "issued": 1, "returned": 1, "missing": 0, "valid": 1, "invalid": 0,
        "votes": votes,
    });
    let _ = run(&client, "ballotPaperCountEnter", &count).refused("FORBIDDEN");
    let minutes = assembly.read(&assembly.secretary)["minutes"].clone();
    let said = minutes.as_str().unwrap();
    assert!(
        said.contains("dự họp: 6/6") && said.contains("Khách mời (không biểu quyết):"),
        "{said}"
    );
}
