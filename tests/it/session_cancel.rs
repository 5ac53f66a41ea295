//! A session that will not sit: who may say so, and what becomes of its number, its invitations and its agenda.

use entity::initiative_proposal;
use entity::role_grant::{self, Role};
use harness::cases;
use harness::stage::{Case, Stage};
use harness::world::World;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use serde_json::{Value, json};

use crate::assembly::{Assembly, nominated, with};
use crate::council::{done, run};
use crate::initiative;

pub(crate) fn cases() -> Vec<Case> {
    cases![a_session_is_cancelled_before_it_sits, what_was_on_its_agenda_waits_for_another]
}

fn plan(council: &Value, items: &Value) -> Value {
    json!({
        "councilId": council, "year": 2026, "title": "Kỳ họp bất thường", "plannedOn": "2026-12-01",
        "items": items,
    })
}

fn cancel(session: &Value) -> Value {
    json!({ "id": session["id"], "expectedVersion": 1, "reason": "Hoãn do bão lũ" })
}

#[expect(clippy::too_many_lines, reason = "one story from beginning to end")]
fn a_session_is_cancelled_before_it_sits(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 4);
    let secretary = &assembly.secretary;
    let planned = plan(&assembly.council, &json!([]));
    let session = done(secretary, ("sessionPlan", "session"), &planned);
    let text = "query($id: ID!) { councilSession(id: $id) { seats { id version } } }";
    let seats = secretary.run(text, json!({ "id": session["id"] })).ok();
    let seat = &seats["councilSession"]["seats"][1];
    let sent = json!({
        "id": seat["id"], "expectedVersion": seat["version"], "presence": "PRESENT",
        "substituteId": world.a.neighbour.id, "mandate": "Giấy ủy quyền số 7",
    });
    let _ = done(secretary, ("attendanceRecord", "seat"), &sent);
    let rights = || {
        let of_person = Condition::all()
            .add(role_grant::Column::UserId.eq(world.a.neighbour.id.uuid))
            .add(role_grant::Column::Role.eq(Role::CouncilMember))
            .add(role_grant::Column::RevokedAt.is_null());
        world.ground.rows::<role_grant::Entity>(of_person).unwrap().len()
    };
    assert_eq!(rights(), 1, "he is to stand in");
    let input = cancel(&session);

    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let _ = run(&office, "sessionCancel", &input).refused("FORBIDDEN");
    let stranger = world.b.sign_in(&server, Role::CouncilSecretary);
    let _ = run(&stranger, "sessionCancel", &input).refused("NOT_FOUND");
    let silent = with(input.clone(), &json!({ "reason": " " }));
    let _ = run(secretary, "sessionCancel", &silent).refused("REASON_REQUIRED");
    let sitting = json!({ "id": assembly.session, "expectedVersion": 2, "reason": "Hoãn" });
    let _ = run(secretary, "sessionCancel", &sitting).refused("WRONG_STATE");
    let gone = done(secretary, ("sessionCancel", "session"), &input);

    assert_eq!(
        (&gone["state"], &gone["cancelReason"]),
        (&json!("CANCELLED"), &json!("Hoãn do bão lũ"))
    );
    assert!(gone["cancelledAt"].is_string(), "{gone}");
    let seats = gone["seats"].as_array().unwrap();
    assert_eq!(seats.len(), 4, "{gone}");
    assert!(seats.iter().all(|seat| seat["invitation"] == "WITHDRAWN"), "{gone}");
    assert_eq!(rights(), 0, "he stands in for nobody");
    let step = json!({ "id": session["id"], "expectedVersion": 2 });
    let _ = run(secretary, "sessionOpen", &step).refused("WRONG_STATE");
    let again = with(step, &json!({ "reason": "Hoãn" }));
    let _ = run(secretary, "sessionCancel", &again).refused("WRONG_STATE");
    let item = json!({ "sessionId": session["id"], "item": { "kind": "REPORT", "title": "Khác" } });
    let _ = run(secretary, "agendaItemAdd", &item).refused("WRONG_STATE");
    let comes =
        json!({ "id": seats[0]["id"], "expectedVersion": seats[0]["version"], "comes": true });
    let member = assembly.member(&server, 0);
    let _ = run(&member, "invitationAnswer", &comes).refused("WRONG_STATE");
    let next = done(secretary, ("sessionPlan", "session"), &planned);
    let number = session["number"].as_i64().unwrap();
    assert_eq!(next["number"], number + 1, "its number stays used");
}

fn what_was_on_its_agenda_waits_for_another(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let planned = |council: &Value, item: &Value| {
        done(&secretary, ("sessionPlan", "session"), &plan(council, &json!([item])))
    };
    let list = nominated(&server, &world, &[("Lò Văn Một (mẫu)", "BASE_EMULATION_FIGHTER")]);
    let told = || {
        let text = "query($id: ID!) { submission(id: $id) { officeStatus } }";
        let read = office.run(text, json!({ "id": list["id"] })).ok();
        read["submission"]["officeStatus"].clone()
    };
    let (board, before) = (json!(world.a.board.id), told());
    let item = json!({
        "kind": "AWARD_LIST", "title": "Danh sách", "nomineeIds": [list["nominees"][0]["id"]],
    });

    let first = planned(&board, &item);
    assert_eq!(told(), "AT_COUNCIL");
    let _ = done(&secretary, ("sessionCancel", "session"), &cancel(&first));
    assert_eq!(told(), before, "before no council");
    let _ = planned(&board, &item);
    assert_eq!(told(), "AT_COUNCIL", "another session takes it");

    // An initiative is before the council as long as one of its sessions is to consider it.
    let made = initiative::proposal(world.a.office, &[json!(world.a.subject)]);
    let made = initiative::propose(&office, &made);
    let (_, id) = api::scalar::decode(made["id"].as_str().unwrap()).unwrap();
    let council = || {
        let this = Condition::all().add(initiative_proposal::Column::Id.eq(id));
        world.ground.rows::<initiative_proposal::Entity>(this).unwrap()[0].council_id
    };
    let inventors = json!(world.a.board.inventors);
    let item = json!({
        "kind": "INITIATIVE_LIST", "title": "Xét sáng kiến", "initiativeProposalIds": [made["id"]],
    });
    let (one, other) = (planned(&inventors, &item), planned(&inventors, &item));
    let _ = done(&secretary, ("sessionCancel", "session"), &cancel(&one));
    assert_eq!(council(), Some(world.a.board.inventors.uuid));
    let _ = done(&secretary, ("sessionCancel", "session"), &cancel(&other));
    assert_eq!(council(), None);
    let _ = planned(&inventors, &item);
    assert_eq!(council(), Some(world.a.board.inventors.uuid));
}
