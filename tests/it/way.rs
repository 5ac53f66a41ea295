//! The way to mutations for which rows are not enough: a council that voted, gone over HTTP.
//! No case is here.

use entity::role_grant::Role;
use harness::client::Client;
use harness::server::Server;
use harness::world::{World, this_year};
use serde_json::{Value, json};

use crate::assembly::{Assembly, cast};
use crate::council::done;
use crate::{initiative, vote};

/// Who may do it now, and the input; none for a mutation that a world reaches by itself.
pub(crate) fn to(server: &Server, world: &World, mutation: &str) -> Option<(Client, Value)> {
    Some(match mutation {
        "ballotCloseConfirm" => counting(server, world),
        "ballotTieDecide" => tied(server, world),
        "initiativeProposalRecognise" => {
            heard((server, world), "Y", &json!({ "decision": "12/QĐ-UBND" }))
        }
        "initiativeProposalRefuse" => {
            heard((server, world), "N", &json!({ "reason": "Chưa đủ minh chứng" }))
        }
        "initiativeUseCancel" => used(server, world),
        "awardRevokePropose" => {
            let officer = world.a.sign_in(server, Role::StandingOfficer);
            let input = hero(&officer, world);
            (officer, input)
        }
        "awardRevokeConfirm" => stripped(server, world),
        _ => return None,
    })
}

/// What strips somebody of a state honorary title of older records: of that alone the law lets anybody be stripped.
fn hero(officer: &Client, world: &World) -> Value {
    let row = json!({
        "unitId": world.a.office, "subjectName": "Giàng A Mẫu", "subjectKind": "INDIVIDUAL",
        "awardType": "HERO_LABOUR", "countingFrom": 2018, "issuerName": "Chủ tịch nước",
        "decisionLabel": "77/QĐ-CTN", "decidedOn": "2019-02-01",
    });
    let import = done(officer, ("awardsImport", "import"), &json!({ "rows": [row] }));
    let id = &import["results"][0]["award"]["id"];
    json!({ "id": id, "expectedVersion": 1, "reason": "Bản án đã có hiệu lực" })
}

/// A proposal to strip somebody, which the chair is to confirm by the President's decision.
fn stripped(server: &Server, world: &World) -> (Client, Value) {
    let officer = world.a.sign_in(server, Role::StandingOfficer);
    let propose = hero(&officer, world);
    let _ = done(&officer, ("awardRevokePropose", "award"), &propose);
    let paper = json!({ "number": 900, "symbol": "QĐ-CTN", "decidedOn": crate::assembly::today() });
    let input = json!({
        "id": propose["id"], "expectedVersion": 2, "decision": paper, "issuer": "PRESIDENT",
    });
    (world.a.sign_in(server, Role::ProvinceChair), input)
}

/// An initiative that was marked as used by mistake.
fn used(server: &Server, world: &World) -> (Client, Value) {
    let officer = world.a.sign_in(server, Role::StandingOfficer);
    let (id, award) = (world.a.records.initiative, "PROVINCIAL_CERTIFICATE");
    let input =
        json!({ "id": id, "expectedVersion": 1, "awardTypeCode": award, "year": this_year() });
    let _ = done(&officer, ("initiativeUse", "initiative"), &input);
    let input = json!({ "id": id, "expectedVersion": 2, "reason": "Ghi nhầm sáng kiến" });
    (officer, input)
}

/// A ballot whose voting the secretary has ended; the chair is to confirm.
fn counting(server: &Server, world: &World) -> (Client, Value) {
    let assembly = Assembly::new(server, world, 6);
    assembly.attend(&["PRESENT"; 6]);
    let ballot = assembly.open(&json!({}));
    for client in assembly.clients(server, 5) {
        let _ = cast(&client, &ballot, "YY").ok();
    }
    let step = json!({ "id": ballot["id"], "expectedVersion": ballot["version"] });
    let waits = done(&assembly.secretary, ("ballotClose", "ballot"), &step);
    let step = json!({ "id": waits["id"], "expectedVersion": waits["version"] });
    (assembly.member(server, 0), step)
}

/// Two nominees with as many votes for one place.
fn tied(server: &Server, world: &World) -> (Client, Value) {
    let assembly = Assembly::new(server, world, 6);
    assembly.attend(&["PRESENT"; 6]);
    let item = vote::list(&assembly, 1);
    let closed = vote::voted(server, &assembly, (&item["id"], &json!({})), &["YY"; 5]);
    let asked = &closed["candidates"][0]["id"];
    let input = json!({ "id": asked, "isTaken": true, "reason": "Thành tích nổi trội hơn" });
    (assembly.member(server, 0), input)
}

/// A proposal on which the council of initiatives voted like this, every member the same.
fn heard((server, world): (&Server, &World), letter: &str, more: &Value) -> (Client, Value) {
    let office = world.a.sign_in(server, Role::UnitOfficer);
    let proposal = initiative::proposal(world.a.office, &[json!(world.a.subject)]);
    let made = initiative::propose(&office, &proposal);
    let council = initiative::hearing((server, world), (None, &[None; 5]), &[&made]);
    let _ = initiative::vote(server, &council, &[letter; 5]);
    // Putting it on the agenda was a change of its own.
    let step = json!({ "id": made["id"], "expectedVersion": 2 });
    (council.secretary, crate::assembly::with(step, more))
}
