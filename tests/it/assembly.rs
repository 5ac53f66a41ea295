//! A council of a world that sits: its members, its session, its award list, and how they vote.
//! No case is here.

use entity::role_grant::Role;
use harness::client::{Answer, Client};
use harness::server::Server;
use harness::world::{Person, World};
use serde_json::{Value, json};

use crate::council::{anew, done, run};
use crate::operation;

/// A council made through the API, whose first seat is the chair's, with a session that sits.
pub(crate) struct Assembly {
    pub(crate) secretary: Client,
    pub(crate) members: Vec<Person>,
    /// The seats, in the order of the members.
    pub(crate) seats: Vec<Value>,
    pub(crate) council: Value,
    pub(crate) session: Value,
    /// The award list.
    pub(crate) item: Value,
    /// Its candidates, in order.
    pub(crate) candidates: Vec<Value>,
    /// The submission that names them.
    pub(crate) submission: Value,
}

/// How one member takes part: present, on paper, by a written opinion, or not.
pub(crate) fn presence(how: &str) -> Value {
    match how {
        "PAPER" => json!({ "presence": "PRESENT", "onPaper": true }),
        other => json!({ "presence": other }),
    }
}

/// The day in Vietnam: a decision is never older than the ballot it rests on.
pub(crate) fn today() -> String {
    api::access::today(harness::world::now()).to_string()
}

/// Adds fields to an input.
pub(crate) fn with(mut input: Value, more: &Value) -> Value {
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

impl Assembly {
    /// A council of so many members; the unit of the last one is that of the nominees.
    pub(crate) fn new(server: &Server, world: &World, members: usize) -> Self {
        let secretary = world.a.sign_in(server, Role::CouncilSecretary);
        // A province has one council at a time: that of the world ends.
        let end = json!({ "id": world.a.board.id, "expectedVersion": 1, "validTo": "2024-01-31" });
        let _ = done(&secretary, ("councilUpdate", "council"), &end);
        let new = json!({ "kind": "PROVINCE", "name": "Hội đồng tỉnh", "validFrom": "2024-02-01" });
        let council = done(&secretary, ("councilCreate", "council"), &new)["id"].clone();
        let members = world.people(&world.a, members);
        let mut seats = Vec::new();
        for (place, person) in members.iter().enumerate() {
            let role = if place == 0 { "CHAIR" } else { "MEMBER" };
            let unit = (place + 1 == members.len()).then_some(world.a.office);
            let seat = json!({
                "councilId": council, "postTitle": format!("Giám đốc {place}"), "role": role,
                "organisation": format!("Sở {place}"), "unitId": unit, "validFrom": "2024-02-01",
            });
            let seat = done(&secretary, ("councilSeatCreate", "seat"), &seat)["id"].clone();
            let holder = json!({ "seatId": seat, "userId": person.id, "validFrom": "2024-02-01" });
            let _ = done(&secretary, ("seatHolderAppoint", "holder"), &holder);
            seats.push(seat);
        }
        let empty = Value::Null;
        let mut assembly = Self {
            secretary,
            members,
            seats,
            council,
            session: empty.clone(),
            item: empty.clone(),
            candidates: vec![],
            submission: empty,
        };
        assembly.convene(server, world);
        assembly
    }

    /// Another session with the same nominees.
    pub(crate) fn convene(&mut self, server: &Server, world: &World) {
        self.sit_on(submission(server, world));
    }

    /// A session with the nominees of a submission.
    pub(crate) fn sit_on(&mut self, submission: Value) {
        self.begin(submission, "MEETING");
    }

    /// The members are asked in writing about the nominees of a submission.
    pub(crate) fn ask_in_writing(&mut self, submission: Value) {
        self.begin(submission, "CONSULTATION");
    }

    fn begin(&mut self, submission: Value, form: &str) {
        self.submission = submission;
        let nominees = self.submission["nominees"].as_array().unwrap().iter();
        let nominees: Vec<&Value> = nominees.map(|row| &row["id"]).collect();
        let plan = json!({
            "councilId": self.council, "year": 2026, "title": "Kỳ họp xét khen thưởng",
            "plannedOn": "2026-07-01", "place": "Phòng họp số 1", "form": form,
            "items": [
                { "kind": "REPORT", "title": "Báo cáo công tác chuẩn bị" },
                { "kind": "AWARD_LIST", "title": "Chiến sĩ thi đua cơ sở",
                  "nomineeIds": nominees },
            ],
        });
        let session = done(&self.secretary, ("sessionPlan", "session"), &plan);
        let list = &session["items"][1];
        self.item = list["id"].clone();
        let rows = list["candidates"].as_array().unwrap();
        self.candidates = rows.iter().map(|row| row["id"].clone()).collect();
        let open = json!({ "id": session["id"], "expectedVersion": 1 });
        self.session = done(&self.secretary, ("sessionOpen", "session"), &open)["id"].clone();
    }

    /// The session as it is read now.
    pub(crate) fn read(&self, client: &Client) -> Value {
        let read = client.run(operation::text("councilSession"), json!({ "id": self.session }));
        read.ok()["councilSession"].clone()
    }

    /// Records how each member takes part, in the order of the seats.
    pub(crate) fn attend(&self, how: &[&str]) {
        let invited = self.read(&self.secretary)["seats"].as_array().unwrap().clone();
        for (seat, how) in invited.iter().zip(how) {
            let input = json!({ "id": seat["id"], "expectedVersion": seat["version"] });
            let input = with(input, &presence(how));
            let _ = done(&self.secretary, ("attendanceRecord", "seat"), &input);
        }
    }

    /// Opens a ballot on the candidates of the list.
    pub(crate) fn open(&self, more: &Value) -> Value {
        let input = with(json!({ "itemId": self.item }), more);
        done(&self.secretary, ("ballotOpen", "ballot"), &input)
    }

    /// A session of a member, begun now.
    pub(crate) fn member(&self, server: &Server, place: usize) -> Client {
        anew(server, &self.members[place])
    }

    /// Sessions of the members, begun now.
    pub(crate) fn clients(&self, server: &Server, places: usize) -> Vec<Client> {
        (0..places).map(|place| self.member(server, place)).collect()
    }

    /// The secretary ends the voting, the chair confirms.
    pub(crate) fn close(&self, server: &Server, ballot: &Value) -> Value {
        self.confirm(server, &self.end(ballot))
    }

    /// The secretary ends the voting; the paper is counted next.
    pub(crate) fn end(&self, ballot: &Value) -> Value {
        let step = json!({ "id": ballot["id"], "expectedVersion": ballot["version"] });
        done(&self.secretary, ("ballotClose", "ballot"), &step)
    }

    /// The chair confirms what has ended.
    pub(crate) fn confirm(&self, server: &Server, waits: &Value) -> Value {
        let step = json!({ "id": waits["id"], "expectedVersion": waits["version"] });
        done(&self.member(server, 0), ("ballotCloseConfirm", "ballot"), &step)
    }
}

/// Casts a vote: one letter for each nominee on the ballot.
pub(crate) fn cast(client: &Client, ballot: &Value, letters: &str) -> Answer {
    run(client, "ballotCast", &vote(ballot, letters))
}

/// The input of a vote.
pub(crate) fn vote(ballot: &Value, letters: &str) -> Value {
    let word = |letter| match letter {
        'Y' => "YES",
        'N' => "NO",
        _ => "ABSTAIN",
    };
    let asked = ballot["candidates"].as_array().unwrap().iter().zip(letters.chars());
    let choices: Vec<_> = asked
        .map(|(row, letter)| json!({ "candidateId": row["id"], "choice": word(letter) }))
        .collect();
    json!({ "id": ballot["id"], "choices": choices })
}

/// An appraised submission of the office with two nominees for the title that asks for 80 percent.
fn submission(server: &Server, world: &World) -> Value {
    let code = "BASE_EMULATION_FIGHTER";
    nominated(server, world, &[("Lò Văn Một (mẫu)", code), ("Giàng Thị Hai (mẫu)", code)])
}

/// An appraised submission of the office with nominees, each for the title of a code.
pub(crate) fn nominated(server: &Server, world: &World, nominees: &[(&str, &str)]) -> Value {
    let office = world.a.sign_in(server, Role::UnitOfficer);
    let nominee = |(name, code): &(&str, &str)| {
        let award =
            "query($code: String!) { awardTypes(where: { code: { eq: $code } }) { nodes { id } } }";
        let award = office.run(award, json!({ "code": code })).ok();
        let award = &award["awardTypes"]["nodes"][0]["id"];
        json!({ "kind": "INDIVIDUAL", "name": name, "awardTypeId": award })
    };
    let input = json!({
        "unitId": world.a.office, "title": "Đề nghị khen thưởng", "year": 2026,
        "nominees": nominees.iter().map(nominee).collect::<Vec<_>>(),
    });
    let create = "mutation($input: SubmissionCreateInput!) {
      submissionCreate(input: $input) { submission { id version nominees { id } } errors { code path } } }";
    let made = office.run(create, json!({ "input": input })).ok();
    let made = made["submissionCreate"]["submission"].clone();
    let officer = world.a.sign_in(server, Role::StandingOfficer);
    let mut now = made.clone();
    let path = [
        (&office, "submissionSend"),
        (&officer, "submissionReceive"),
        (&officer, "submissionAppraise"),
    ];
    for (client, mutation) in path {
        let input = json!({ "id": now["id"], "expectedVersion": now["version"] });
        now = done(client, (mutation, "submission"), &input);
    }
    with(made, &json!({ "version": now["version"], "state": now["state"] }))
}
