//! Workflow W9 whole, over HTTP: a session of a council of fifteen, from its agenda to the registry and above.
//! That nobody learns who voted what by any order is asked in [`crate::ballot_attack`].

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{Id, World};
use serde_json::{Value, json};

use crate::assembly::{Assembly, cast, nominated, today, with};
use crate::ballot::{ballot, recount};
use crate::ballot_open::{by_hands, guest};
use crate::council::{anew, done, run};
use crate::operation;
use crate::workflow::{decision, misspelt_then_cancelled, public, step};
use crate::{minutes, onward};

pub(crate) fn cases() -> Vec<Case> {
    cases![a_session_from_its_agenda_to_the_registry_and_above]
}

const FIGHTER: &str = "BASE_EMULATION_FIGHTER";
/// Members online in the room, on paper, absent, with a written opinion, and the one whose unit is on the list.
const ATTENDANCE: [&str; 16] = [
    "PRESENT", "PRESENT", "PRESENT", "PRESENT", "PRESENT", "PRESENT", "PRESENT", "PRESENT",
    "PAPER", "PAPER", "ABSENT", "ABSENT", "WRITTEN", "WRITTEN", "PRESENT", "PRESENT",
];
/// Those who vote online: eight in the room, two who have written.
const VOTERS: [usize; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 12, 13];
const TIED: usize = 14;

/// The council in its session.
struct Room<'w> {
    server: &'w Server,
    world: &'w World,
    assembly: Assembly,
    guest: Client,
    voters: Vec<Client>,
    officer: Client,
    auditor: Client,
    /// The list of the State level, and its nominee.
    state: (Value, Id),
}

fn a_session_from_its_agenda_to_the_registry_and_above(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.centralise(&world.b);
    let room = Room::planned(&server, &world);
    room.papers_and_invitations();
    room.below_the_quorum();
    room.rules_are_shown();
    let first = room.first_round();
    let second = room.second_round(&first);
    let lower = room.moved_to_a_lower_title(&second);
    room.state_level_by_hands();
    room.deferred_and_taken_up();
    room.frozen(&[&first, &second, &lower]);
    room.decided();
    room.sent_above();
}

impl<'w> Room<'w> {
    /// Step 1: the agenda with two lists.
    fn planned(server: &'w Server, world: &'w World) -> Self {
        let mut assembly = Assembly::new(server, world, 15);
        let invited = guest(&assembly, world);
        by_hands(&assembly);
        let names = ["Lò Văn Một (mẫu)", "Giàng Thị Hai (mẫu)", "Vàng A Ba (mẫu)"];
        assembly.submission = nominated(server, world, &names.map(|name| (name, FIGHTER)));
        let of = assembly.submission["nominees"].as_array().unwrap().iter();
        let nominees: Vec<&Value> = of.map(|row| &row["id"]).collect();
        let (_, state) = world.proposed(&world.a, "PM_CERTIFICATE", false);
        let plan = json!({
            "councilId": assembly.council, "year": 2026, "title": "Kỳ họp xét khen thưởng tháng 7",
            "plannedOn": "2026-07-01", "place": "Phòng họp số 1",
            "items": [
                { "kind": "REPORT", "title": "Báo cáo công tác chuẩn bị" },
                { "kind": "AWARD_LIST", "title": "Khen thưởng cấp Nhà nước", "nomineeIds": [state] },
                { "kind": "AWARD_LIST", "title": "Chiến sĩ thi đua cơ sở", "nomineeIds": nominees },
            ],
        });
        let session = done(&assembly.secretary, ("sessionPlan", "session"), &plan);
        let rows = session["items"][2]["candidates"].as_array().unwrap();
        assembly.candidates = rows.iter().map(|row| row["id"].clone()).collect();
        assembly.item = session["items"][2]["id"].clone();
        assembly.session = session["id"].clone();
        Self {
            voters: VOTERS.map(|place| assembly.member(server, place)).into(),
            guest: anew(server, &invited),
            officer: world.a.sign_in(server, Role::StandingOfficer),
            auditor: world.a.sign_in(server, Role::Auditor),
            state: (session["items"][1]["id"].clone(), state),
            server,
            world,
            assembly,
        }
    }

    fn secretary(&self) -> &Client {
        &self.assembly.secretary
    }

    /// Step 1: papers are added, members confirm, each for himself.
    fn papers_and_invitations(&self) {
        let paper = json!({
            "sessionId": self.assembly.session, "itemId": self.assembly.item, "title": "Tờ trình",
            "fileName": "to-trinh.pdf", "mediaType": "application/pdf", "sizeBytes": "2048",
            "sha256": "0123456789abcdef".repeat(4),
        });
        let _ = done(self.secretary(), ("sessionPaperAdd", "paper"), &paper);
        let seats = self.assembly.read(self.secretary())["seats"].as_array().unwrap().clone();
        assert_eq!(seats.len(), 16, "fifteen members and a guest");
        let answer = |place: usize, comes: bool| json!({ "id": seats[place]["id"], "expectedVersion": 1, "comes": comes });
        let _ = run(&self.voters[0], "invitationAnswer", &answer(1, true)).refused("FORBIDDEN");
        for place in 0..3 {
            let said =
                done(&self.voters[place], ("invitationAnswer", "seat"), &answer(place, true));
            assert_eq!(said["invitation"], "ACCEPTED");
        }
        let away = done(&self.voters[8], ("invitationAnswer", "seat"), &answer(12, false));
        assert_eq!(away["invitation"], "DECLINED");
        let _ = done(&self.guest, ("invitationAnswer", "seat"), &answer(15, true));
        let early = json!({ "itemId": self.assembly.item });
        let refused = run(self.secretary(), "ballotOpen", &early).refused("WRONG_STATE");
        let said = refused["ballotOpen"]["errors"][0]["message"].as_str().unwrap();
        assert!(said.contains("vì kỳ họp đang chuẩn bị"), "{said}");
    }

    /// Step 2: nine members and a guest are no quorum of fifteen; eleven are.
    fn below_the_quorum(&self) {
        let open = json!({ "id": self.assembly.session, "expectedVersion": 1 });
        let _ = done(self.secretary(), ("sessionOpen", "session"), &open);
        let mut few = ["PRESENT"; 16];
        few[9..15].fill("EXPECTED");
        self.assembly.attend(&few);
        let open = json!({ "itemId": self.assembly.item });
        let refused = run(self.secretary(), "ballotOpen", &open).refused("NO_QUORUM");
        let said = refused["ballotOpen"]["errors"][0]["message"].as_str().unwrap().to_owned();
        assert!(said.contains("thành viên dự họp: 9/15"), "{said}");
        self.assembly.attend(&ATTENDANCE);
        assert_eq!(self.assembly.read(self.secretary())["presentCount"], 11);
    }

    /// Step 3: threshold, base, citation, and who has a conflict of interest, before anything is opened.
    fn rules_are_shown(&self) {
        let asked = json!({ "itemId": self.assembly.item });
        let shown = self.secretary().run(operation::text("ballotPreview"), asked).ok();
        let shown = &shown["ballotPreview"];
        let numbers = ["members", "present", "quorum", "voting"].map(|name| shown[name].clone());
        assert_eq!(json!(numbers), json!([15, 11, 10, 12]), "{shown}");
        let conflicts = shown["conflicts"].as_array().unwrap();
        assert_eq!(conflicts.len(), 1, "{shown}");
        assert_eq!(conflicts[0]["seatId"], self.assembly.seats[TIED]);
        assert!(conflicts[0]["reason"].as_str().unwrap().contains("đơn vị của mình"), "{shown}");
        let need = &shown["candidates"][0];
        assert_eq!((&need["base"], &need["needed"]), (&json!(15), &json!(12)));
        assert!(need["citation"].as_str().unwrap().contains("98/2023"), "{shown}");
    }

    /// Opens a ballot before the cut-off of written opinions.
    fn open(&self, more: &Value) -> Value {
        let until = harness::world::now() + chrono::TimeDelta::hours(24);
        self.assembly.open(&with(json!({ "cutOffAt": until.to_rfc3339() }), more))
    }

    /// Everyone online votes: one text of letters each. Hands back the receipts.
    fn vote(&self, opened: &Value, letters: [&str; 10]) -> Vec<Value> {
        let votes = self.voters.iter().zip(letters);
        votes
            .map(|(client, it)| cast(client, opened, it).ok()["ballotCast"]["receipt"].clone())
            .collect()
    }

    /// What someone counts of the two ballots on paper.
    fn count(client: &Client, opened: &Value, (votes, more): (&[[i32; 3]], Value)) -> Answer {
        let asked = opened["candidates"].as_array().unwrap().iter().zip(votes);
        let votes: Vec<Value> = asked
            .map(|(row, [yes, no, abstain])| {
                json!({ "candidateId": row["id"], "yes": yes, "no": no, "abstain": abstain })
            })
            .collect();
        let count = json!({
            "id": opened["id"], "issued": 2, "returned": 2, "missing": 0, "valid": 2, "invalid": 0,
            "votes": votes,
        });
        run(client, "ballotPaperCountEnter", &with(count, &more))
    }

    /// Two people count the paper, and two close.
    fn close(&self, opened: &Value, votes: &[[i32; 3]]) -> Value {
        let waits = self.assembly.end(opened);
        for client in [self.secretary(), &self.officer] {
            let _ = Self::count(client, opened, (votes, json!({}))).ok();
        }
        self.assembly.confirm(self.server, &waits)
    }

    /// Steps 4 and 5: 12 of all 15 pass, 11 do not.
    fn first_round(&self) -> Value {
        let opened = self.open(&json!({}));
        let numbers = ["members", "recused", "voting", "cast"].map(|name| opened[name].clone());
        assert_eq!(json!(numbers), json!([15, 1, 12, 0]), "{opened}");
        assert!(!opened["roll"].to_string().contains("Tư pháp"), "no guest on the roll");
        // Who is recorded as gone after the opening stays on the roll.
        self.assembly.attend(&["ABSENT"]);
        let mut letters = ["YYY"; 10];
        letters[7] = "YAN";
        let receipts = self.vote(&opened, letters);
        self.refused_while_open(&opened);
        let votes = [[2, 0, 0], [2, 0, 0], [1, 1, 0]];
        let early = Self::count(self.secretary(), &opened, (&votes, json!({})));
        let _ = early.refused("WRONG_STATE");
        let closed = self.closed_by_two(&opened, &votes);
        let results = closed["results"].as_array().unwrap();
        let numbers =
            |row: &Value| ["yes", "no", "abstain", "base", "needed"].map(|name| row[name].clone());
        assert_eq!(json!(numbers(&results[0])), json!([12, 0, 0, 15, 12]), "{closed}");
        assert_eq!(json!(numbers(&results[1])), json!([11, 0, 1, 15, 12]));
        assert_eq!(json!(numbers(&results[2])), json!([10, 2, 0, 15, 12]));
        let outcomes: Vec<&Value> = results.iter().map(|row| &row["outcome"]).collect();
        assert_eq!(outcomes, ["PASSED", "FAILED", "FAILED"]);
        let _ = cast(&self.voters[0], &opened, "NNN").refused("BALLOT_CLOSED");
        // Each finds his receipt, and the auditor counts again; nobody learns whose is whose.
        let list = recount(&self.auditor, &opened);
        let listed = list["listed"].as_array().unwrap();
        let mut found =
            receipts.iter().filter(|one| listed.iter().any(|row| row["receipt"] == **one));
        assert!(listed.len() == 10 && found.by_ref().count() == 10, "{list}");
        let seen = ballot(&self.auditor, &opened["id"]);
        let roll = seen["roll"].as_array().unwrap();
        assert!(!roll.is_empty() && roll.iter().all(|line| line["choices"] == json!([])), "{seen}");
        closed
    }

    /// Step 4, and the checks: a double vote, one with a tie, those away, on paper, invited, and another province.
    fn refused_while_open(&self, opened: &Value) {
        let _ = cast(&self.voters[0], opened, "NNN").refused("ALREADY_VOTED");
        let _ = cast(&self.assembly.member(self.server, TIED), opened, "NNN").refused("RECUSED");
        for place in [8, 10] {
            let member = self.assembly.member(self.server, place);
            let _ = cast(&member, opened, "NNN").refused("NOT_ON_ROLL");
        }
        let _ = cast(&self.guest, opened, "NNN").refused("NOT_ON_ROLL");
        assert_eq!(
            ballot(&self.guest, &opened["id"])["results"],
            json!([]),
            "nothing before the end"
        );
        assert_eq!(recount(&self.auditor, opened), Value::Null);
        let again = json!({ "itemId": self.assembly.item });
        let refused = run(self.secretary(), "ballotOpen", &again).refused("WRONG_STATE");
        let said = refused["ballotOpen"]["errors"][0]["message"].as_str().unwrap();
        assert!(said.contains("vì cuộc bỏ phiếu đang mở"), "the ballot is, not the item: {said}");
        let stranger = self.world.b.sign_in(self.server, Role::CouncilSecretary);
        let step = json!({ "id": opened["id"], "expectedVersion": 1 });
        let _ = run(&stranger, "ballotClose", &step).refused("NOT_FOUND");
        assert_eq!(ballot(&stranger, &opened["id"]), Value::Null);
    }

    /// Nothing is counted before two have counted the paper and agree, nor by one person alone.
    fn closed_by_two(&self, opened: &Value, votes: &[[i32; 3]]) -> Value {
        let step = |version: i32| json!({ "id": opened["id"], "expectedVersion": version });
        let chair = self.assembly.member(self.server, 0);
        let confirm = || run(&chair, "ballotCloseConfirm", &step(2));
        let _ = done(self.secretary(), ("ballotClose", "ballot"), &step(1));
        let _ = confirm().refused("COUNTS_DO_NOT_RECONCILE");
        for more in [json!({ "missing": 1 }), json!({ "issued": 3 }), json!({ "invalid": 1 })] {
            let _ = Self::count(self.secretary(), opened, (votes, more))
                .refused("COUNTS_DO_NOT_RECONCILE");
        }
        let _ = Self::count(self.secretary(), opened, (votes, json!({}))).ok();
        let _ = confirm().refused("COUNTS_DO_NOT_RECONCILE");
        let other: Vec<[i32; 3]> = votes.iter().map(|_| [0, 2, 0]).collect();
        let _ = Self::count(&self.officer, opened, (&other, json!({}))).ok();
        let _ = confirm().refused("COUNTS_DO_NOT_RECONCILE");
        let _ = Self::count(&self.officer, opened, (votes, json!({}))).ok();
        let member = self.assembly.member(self.server, 1);
        let _ = run(&member, "ballotCloseConfirm", &step(2)).refused("FORBIDDEN");
        confirm().ok()["ballotCloseConfirm"]["ballot"].clone()
    }

    /// Steps 5 and 6: a motion opens a new ballot; where the rule shrinks the base, 12 of 14 pass and 11 do not.
    fn second_round(&self, first: &Value) -> Value {
        let shrinks = json!({
            "councilId": self.assembly.council, "awardCode": FIGHTER, "recusal": "SHRINKS_BASE",
            "citation": "Quy chế Hội đồng, Điều 9", "validFrom": "2024-02-01",
        });
        let _ = done(self.secretary(), ("ballotRuleSet", "rule"), &shrinks);
        self.assembly.attend(&["PRESENT"]);
        let failed = &self.assembly.candidates[1..];
        let motion = json!({
            "candidateIds": failed, "reconsidersId": first["id"], "reason": "Có tài liệu mới",
        });
        let without = json!({ "itemId": self.assembly.item, "candidateIds": failed });
        let _ = run(self.secretary(), "ballotOpen", &without).refused("REQUIRED");
        let opened = self.open(&motion);
        let mut letters = ["YY"; 10];
        letters[7] = "YN";
        let _ = self.vote(&opened, letters);
        let closed = self.close(&opened, &[[2, 0, 0], [2, 0, 0]]);
        assert_eq!((&closed["round"], &closed["reconsidersId"]), (&json!(2), &first["id"]));
        let results = closed["results"].as_array().unwrap();
        let numbers = |row: &Value| ["yes", "base", "needed"].map(|name| row[name].clone());
        assert_eq!(json!(numbers(&results[0])), json!([12, 14, 12]), "{closed}");
        assert_eq!(json!(numbers(&results[1])), json!([11, 14, 12]));
        assert_eq!([&results[0]["outcome"], &results[1]["outcome"]], ["PASSED", "FAILED"]);
        let old = ballot(self.secretary(), &first["id"]);
        assert_eq!(old["results"], first["results"], "the old one stays");
        let third = json!({
            "itemId": self.assembly.item, "candidateIds": [self.assembly.candidates[2]],
            "reconsidersId": closed["id"], "reason": "Lần nữa",
        });
        let _ = run(self.secretary(), "ballotOpen", &third).refused("ROUNDS_EXHAUSTED");
        closed
    }

    /// Who has failed twice is voted on for a lower title, as his own act, by the rule of that title.
    fn moved_to_a_lower_title(&self, second: &Value) -> Value {
        let award =
            "{ awardTypes(where: { code: { eq: \"ADVANCED_LABOURER\" } }) { nodes { id } } }";
        let award = self.secretary().run(award, json!({})).ok();
        let down = |place: usize| {
            json!({
                "id": self.assembly.candidates[place], "reason": "Chưa đủ phiếu",
                "awardTypeId": award["awardTypes"]["nodes"][0]["id"],
            })
        };
        let _ = run(self.secretary(), "candidateDowngrade", &down(0)).refused("WRONG_STATE");
        let lower = done(self.secretary(), ("candidateDowngrade", "candidate"), &down(2));
        assert_eq!(lower["downgradedFromId"], self.assembly.candidates[2]);
        let opened = self.open(&json!({ "candidateIds": [lower["id"]] }));
        assert_eq!((&opened["round"], &opened["secrecy"]), (&json!(1), &json!("OPEN")), "{opened}");
        let _ = self.vote(&opened, ["Y"; 10]);
        let closed = self.close(&opened, &[[2, 0, 0]]);
        assert_eq!(closed["results"][0]["outcome"], "PASSED", "{second} then {closed}");
        closed
    }

    /// The list of the State level: what no row of the law names is voted on by hands where the regulation says so.
    fn state_level_by_hands(&self) {
        let opened = self.open(&json!({ "itemId": self.state.0 }));
        assert_eq!(
            (&opened["secrecy"], &opened["recused"]),
            (&json!("OPEN"), &json!(1)),
            "{opened}"
        );
        let receipts = self.vote(&opened, ["Y"; 10]);
        assert!(receipts.iter().all(Value::is_null));
        let closed = self.close(&opened, &[[1, 1, 0]]);
        let result = &closed["results"][0];
        let numbers = ["yes", "base", "needed"].map(|name| result[name].clone());
        assert_eq!(json!(numbers), json!([11, 15, 8]), "{closed}");
        let roll = closed["roll"].as_array().unwrap();
        let named = roll.iter().filter(|line| line["choices"] == json!(["YES"])).count();
        assert_eq!(named, 10, "by name; the two on paper are not: {closed}");
    }

    /// Step 6: the chair puts an item off and takes it up again; what is concluded stays so.
    fn deferred_and_taken_up(&self) {
        let chair = self.world.a.sign_in(self.server, Role::ProvinceChair);
        let items = self.assembly.read(&chair)["items"].as_array().unwrap().clone();
        let conclude = |place: usize, version: i32, outcome: &str| {
            let input = json!({
                "id": items[place]["id"], "expectedVersion": version, "outcome": outcome,
                "conclusion": "Giao cơ quan thường trực hoàn thiện",
            });
            run(&chair, "agendaItemConclude", &input)
        };
        let _ = conclude(0, 1, "DEFERRED").ok();
        let _ = conclude(0, 2, "NOTED").ok();
        let _ = conclude(0, 3, "ADOPTED").refused("WRONG_STATE");
        let _ = conclude(1, 1, "ADOPTED").ok();
        let _ = conclude(2, 1, "ADOPTED").ok();
        let task = json!({
            "sessionId": self.assembly.session, "task": "Trình quyết định", "owner": "Sở Nội vụ",
            "dueOn": "2026-07-15",
        });
        let _ = done(&chair, ("sessionTaskAdd", "task"), &task);
    }

    /// Step 7: the minutes with everything, frozen and signed for by two posts.
    fn frozen(&self, ballots: &[&Value]) {
        assert!(ballots.iter().all(|one| one["state"] == "CLOSED"));
        let end = json!({ "id": self.assembly.session, "expectedVersion": 2 });
        let _ = done(self.secretary(), ("sessionClose", "session"), &end);
        let session = self.assembly.read(&self.auditor);
        let said = session["minutes"].as_str().unwrap();
        for words in [
            "Thành viên dự họp: 11/15; vắng mặt có ý kiến bằng văn bản: 2.",
            "Khách mời (không biểu quyết):",
            "Đạt: 12/15 phiếu đồng ý, cần ít nhất 12; không đồng ý 0, ý kiến khác 0, không hợp lệ 0",
            "Không đạt: 11/15 phiếu đồng ý, cần ít nhất 12; không đồng ý 0, ý kiến khác 1",
            "Đạt: 12/14 phiếu đồng ý",
            "Không đạt: 11/14 phiếu đồng ý",
            "Bỏ phiếu kín vòng 2",
            "Bỏ phiếu lại: Có tài liệu mới",
            "Biểu quyết công khai vòng 1",
            "Phiếu giấy: phát ra 2, thu về 2, không thu về 0, hợp lệ 2, không hợp lệ 0.",
            "Căn cứ: Từ 8/10 trở lên (Quy chế Hội đồng, Điều 9)",
            "đơn vị của mình",
            "Kết quả: thông qua",
            "Nhiệm vụ: Trình quyết định",
        ] {
            assert!(said.contains(words), "{words} in {said}");
        }
        let version = &session["minutesVersions"][0];
        assert_eq!(version["sha256"], minutes::hash(&session["minutes"]));
        assert!(version["chairPost"].as_str().unwrap().contains("Giám đốc 0"), "{version}");
        let late = json!({ "itemId": self.assembly.item });
        let _ = run(self.secretary(), "ballotOpen", &late).refused("WRONG_STATE");
    }

    /// Steps 8 and 9: decision, registry, bonus, the public check; a correction, then a cancellation.
    fn decided(&self) {
        let (server, world) = (self.server, self.world);
        let chair = world.a.sign_in(server, Role::ProvinceChair);
        let head = world.a.sign_in(server, Role::UnitHead);
        let approved = step(&chair, "submissionApprove", &self.assembly.submission);
        let issued = done(&head, ("decisionIssue", "decision"), &decision(world, &approved));
        let awards = issued["awards"].as_array().unwrap();
        assert_eq!(awards.len(), 3, "two fighters and one for the lower title: {issued}");
        let read = |award: &Value| {
            head.run(operation::text("award"), json!({ "id": award["id"] })).ok()["award"].clone()
        };
        let titles: Vec<Value> =
            awards.iter().map(|one| read(one)["awardType"]["code"].clone()).collect();
        let fighters = titles.iter().filter(|code| **code == FIGHTER).count();
        assert!(fighters == 2 && titles.contains(&json!("ADVANCED_LABOURER")), "{titles:?}");
        let first = awards.iter().find(|one| one["subjectName"] == "Lò Văn Một (mẫu)").unwrap();
        let page = read(first)["certificate"].as_str().unwrap().to_owned();
        assert!(page.contains(issued["label"].as_str().unwrap()), "{page}");
        let entry = json!({
            "unitId": world.a.office, "year": 2026, "direction": "OUT", "purpose": "BONUS",
            "decisionId": issued["id"], "on": today(),
        });
        let budget = json!({
            "unitId": world.a.office, "year": 2026, "direction": "IN", "purpose": "ALLOCATION",
            "amount": "50000000", "on": today(),
        });
        let _ = done(&self.officer, ("fundEntryRecord", "entry"), &budget);
        let _ = done(&self.officer, ("fundEntryRecord", "entry"), &entry);
        run(&self.officer, "fundEntryRecord", &entry).refused("ALREADY_EXISTS");
        let shown = public(&server.client(), &first["publicCode"]);
        assert_eq!(shown["decisionLabel"], issued["label"]);
        misspelt_then_cancelled(server, world, first);
    }

    /// Step 8 for the State level: the letter, the package with these minutes, what becomes of it, and the result.
    fn sent_above(&self) {
        let (server, world) = (self.server, self.world);
        let secretary = self.secretary();
        let central = world.b.sign_in(server, Role::CentralOfficer);
        let asked = onward::ask(world, secretary);
        onward::answer(secretary, &asked, false);
        let proposed = onward::proposal(world, secretary, self.state.1);
        let sent = onward::send(secretary, &proposed, "7/TTr-UBND").ok();
        let package = sent["onwardSubmissionSend"]["onwardPackage"].clone();
        let content: Value = serde_json::from_str(package["content"].as_str().unwrap()).unwrap();
        let frozen = self.assembly.read(secretary)["minutes"].clone();
        assert_eq!(content["minutes"][0]["text"], frozen, "the frozen minutes go up");
        let received = onward::followed(&central, &package, "RECEIVE");
        let appraised = onward::followed(&central, &received, "APPRAISE");
        let registered = onward::registered(&(secretary, &central), &appraised);
        let decision = &registered["events"].as_array().unwrap().last().unwrap()["decision"];
        let award = onward::read(secretary, "award", &decision["awards"][0]["id"]);
        assert_eq!(award["awardType"]["code"], "PM_CERTIFICATE", "{registered}");
        crate::registry::assert_replayed(world);
    }
}
