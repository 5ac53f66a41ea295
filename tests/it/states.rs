//! Who may do what in which state: every mutation that moves something on, asked by every role about one that is in
//! each of its states.

use std::collections::BTreeMap;
use std::iter::Peekable;

use entity::role_grant::Role;
use entity::submission::State;
use expect_test::expect_file;
use harness::cases;
use harness::client::Client;
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{Id, Province, World};
use serde_json::{Value, json};
use strum::IntoEnumIterator;

use crate::access::{ROLES, code, headings, table};
use crate::council::run;
use crate::fitting::Fitting;
use crate::schema;

pub(crate) fn cases() -> Vec<Case> {
    cases![each_mutation_in_each_state_answers_each_role; pure: all_that_has_states_is_asked]
}

/// What has states: its table, the part of an input that names it, and the mutations that look at its state.
const KINDS: [(&str, &str, &[&str]); 8] = [
    (
        "award",
        "id",
        &[
            "awardCorrect",
            "awardCancelPropose",
            "awardCancelConfirm",
            "awardRevokePropose",
            "awardRevokeConfirm",
            "awardRestorePropose",
            "awardRestoreConfirm",
            "awardReissue",
        ],
    ),
    ("ballot", "id", &["ballotCast", "ballotPaperCountEnter", "ballotClose", "ballotCloseConfirm"]),
    ("council_session", "id", &["sessionOpen", "sessionClose", "sessionCancel"]),
    ("council_session", "sessionId", &["agendaItemAdd", "sessionPaperAdd", "sessionTaskAdd"]),
    ("criteria_set", "id", &["criteriaSetUpdate", "criteriaSetLock"]),
    (
        "initiative_proposal",
        "id",
        &["initiativeProposalWithdraw", "initiativeProposalRecognise", "initiativeProposalRefuse"],
    ),
    (
        "onward_package",
        "id",
        &["onwardPackageFollow", "onwardResultRecord", "onwardResultRegister"],
    ),
    ("onward", "id", &["onwardSubmissionUpdate", "onwardSubmissionSend"]),
];

/// What is ended or closed: by whom, by which mutation, how it is then called, and the mutations asked about it then.
const ENDED: [(Role, &str, &str, &[&str]); 18] = [
    (Role::StandingOfficer, "awardTypeEnd", "ENDED", &["awardTypeEnd"]),
    (Role::StandingOfficer, "ballotRuleEnd", "ENDED", &["ballotRuleEnd"]),
    (Role::StandingOfficer, "clearanceAnswer", "ANSWERED", &["clearanceAnswer"]),
    (Role::StandingOfficer, "clusterMemberAccept", "ACCEPTED", &["clusterMemberAccept"]),
    (Role::StandingOfficer, "clusterMemberRemove", "REMOVED", &["clusterMemberRemove"]),
    (Role::StandingOfficer, "complaintStepAdd", "DISMISSED", &["complaintStepAdd"]),
    (Role::StandingOfficer, "disciplineClose", "CLOSED", &["disciplineClose"]),
    (Role::StandingOfficer, "eligibilityRuleEnd", "ENDED", &["eligibilityRuleEnd"]),
    (Role::StandingOfficer, "legalDocumentEnd", "ENDED", &["legalDocumentEnd"]),
    (Role::StandingOfficer, "noticeRuleEnd", "ENDED", &["noticeRuleEnd"]),
    (Role::StandingOfficer, "quotaEnd", "ENDED", &["quotaEnd"]),
    (
        Role::StandingOfficer,
        "sessionCancel",
        "CANCELLED",
        &["sessionCancel", "sessionOpen", "sessionClose"],
    ),
    (Role::StandingOfficer, "sessionTaskUpdate", "DONE", &["sessionTaskUpdate"]),
    (Role::TenantAdministrator, "councilSeatClose", "CLOSED", &["councilSeatClose"]),
    (Role::TenantAdministrator, "grantRevoke", "REVOKED", &["grantRevoke"]),
    (Role::TenantAdministrator, "seatHolderEnd", "ENDED", &["seatHolderEnd"]),
    (Role::TenantAdministrator, "unitClose", "CLOSED", &["unitClose", "unitUpdate"]),
    (
        Role::TenantAdministrator,
        "userDeactivate",
        "DEACTIVATED",
        &["userDeactivate", "userReactivate"],
    ),
];

/// Mutations that look at the state of a submission, which is made anew for each.
fn of_submissions() -> Vec<String> {
    let all = schema::mutations().into_iter();
    all.filter(|field| {
        Fitting::state(field).is_some() && !["sessionPlan", "agendaItemAdd"].contains(&&**field)
    })
    .collect()
}

/// Most things of one kind.
const PLACES: usize = 4;

/// One thing in each state in which a world has one.
fn in_states(fitting: &Fitting<'_>, table: &str) -> Vec<(&'static str, Id)> {
    let province = fitting.province;
    let Province { board, awards, onward, proposals, .. } = province;
    match table {
        "award" => vec![
            ("VALID", awards.valid),
            ("VALID, to be cancelled", awards.cancelling),
            ("VALID, to be revoked", awards.revoking),
            ("REVOKED, to be restored", awards.revoked),
        ],
        "ballot" => vec![
            ("OPEN", board.ballots[0]),
            ("COUNTING", board.ballots[2]),
            ("CLOSED", board.ballots[1]),
        ],
        "council_session" => {
            vec![("PLANNED", board.planned), ("OPEN", board.sitting), ("CLOSED", board.idle)]
        }
        "criteria_set" => vec![("DRAFT", fitting.draft), ("LOCKED", province.cluster.set)],
        "initiative_proposal" => vec![("PROPOSED", proposals[0]), ("RECOGNISED", proposals[1])],
        "onward" => vec![("DRAFT", onward.drafts[0]), ("SENT", onward.sent)],
        "onward_package" => vec![
            ("SENT", onward.packages[0]),
            ("RECEIVED", onward.packages[1]),
            ("DECIDED", onward.packages[2]),
        ],
        other => panic!("{other} has no states here"),
    }
}

/// A version as it is now.
fn version(world: &World, table: &str, id: Id) -> i32 {
    let key = if world.ground.is_postgres() {
        format!("'{}'", id.uuid)
    } else {
        format!("X'{}'", id.uuid.simple())
    };
    let sql = match table {
        "onward_package" => format!(
            "SELECT CAST(count(*) AS integer) AS version FROM onward_event WHERE package_id = {key}"
        ),
        table => format!("SELECT version FROM {table} WHERE id = {key}"),
    };
    world.ground.query(&sql).unwrap()[0].try_get("", "version").unwrap()
}

/// A world in which one session has come to its end.
fn world(server: &Server) -> World {
    let world = World::on(server);
    let secretary = world.a.sign_in(server, Role::CouncilSecretary);
    let idle = json!({ "id": world.a.board.idle, "expectedVersion": 1 });
    run(&secretary, "sessionClose", &idle).ok();
    world
}

/// Answers by mutation and state, each of one role after the other.
type Lines = BTreeMap<(String, String), Vec<String>>;

struct Asked<'s> {
    server: &'s Server,
    role: Option<Role>,
    lines: Lines,
}

impl Asked<'_> {
    fn client(&self, province: &Province) -> Client {
        match self.role {
            Some(role) => province.sign_in(self.server, role),
            None => province.neighbour.sign_in(self.server),
        }
    }

    fn tell(&mut self, (field, state): (&str, &str), code: String) {
        self.lines.entry((field.to_owned(), state.to_owned())).or_default().push(code);
    }

    fn submissions(&mut self, fields: &[String]) {
        let world = World::on(self.server);
        let client = self.client(&world.a);
        let mut fitting = Fitting::new(&world, &world.a);
        for field in fields {
            for state in State::iter() {
                fitting.submission = world.submission(&world.a, state);
                let input = fitting.inputs(field).pop().unwrap();
                let code = code(&run(&client, field, &input));
                self.tell((field, &format!("{state:?}").to_uppercase()), code);
            }
        }
    }

    /// Asks about what somebody has ended before, all in one world: an ended thing seldom moves.
    fn ended(&mut self) {
        let world = World::on(self.server);
        let client = self.client(&world.a);
        let fitting = Fitting::new(&world, &world.a);
        // Whoever asks is not whom it is about.
        let about =
            if self.role == Some(Role::Auditor) { Role::CouncilMember } else { Role::Auditor };
        let about = world.a.person(about);
        for (doer, act, state, fields) in ENDED {
            let mut input = fitting.inputs(act).remove(0);
            match act {
                "grantRevoke" => input["id"] = json!(about.grant),
                "userDeactivate" => input["id"] = json!(about.id),
                _ => {}
            }
            run(&world.a.sign_in(self.server, doer), act, &input).ok();
            for field in fields {
                let next = again(fitting.inputs(field).remove(0), &input);
                self.tell((field, state), code(&run(&client, field, &next)));
            }
        }
    }

    fn things(&mut self) {
        let mut left = asked().flat_map(|it| (0..PLACES).map(move |place| (it, place))).peekable();
        while left.peek().is_some() {
            self.in_one_world(&mut left);
        }
    }

    /// Asks until something is next that was changed: it is asked about in another world.
    fn in_one_world(&mut self, left: &mut Peekable<impl Iterator<Item = (Asking, usize)>>) {
        let world = world(self.server);
        let client = self.client(&world.a);
        let mut fitting = Fitting::new(&world, &world.a);
        fitting.submission = world.submission(&world.a, State::Appraised);
        let mut changed = Vec::new();
        let is_new = |(it, place): &(Asking, usize), changed: &[Id]| {
            let thing = in_states(&fitting, it.0).get(*place).copied();
            thing.is_none_or(|(_, id)| !changed.contains(&id))
        };
        while let Some((it, place)) = left.next_if(|next| is_new(next, &changed)) {
            let Some((state, id)) = in_states(&fitting, it.0).get(place).copied() else { continue };
            let code = ask(&client, &fitting, it, id);
            changed.extend((code == "ok").then_some(id));
            self.tell((it.2, state), code);
        }
    }
}

/// A table, the part of an input that names one of its rows, and a mutation.
type Asking = (&'static str, &'static str, &'static str);

fn asked() -> impl Iterator<Item = Asking> {
    KINDS
        .into_iter()
        .flat_map(|(table, key, fields)| fields.iter().map(move |it| (table, key, *it)))
}

/// An input about what another one has changed just now.
fn again(mut next: Value, last: &Value) -> Value {
    for key in ["id", "complaintId"].into_iter().filter(|key| !last[key].is_null()) {
        next[key] = last[key].clone();
    }
    if let Some(version) = last["expectedVersion"].as_i64() {
        next["expectedVersion"] = json!(version + 1);
    }
    next
}

/// What the mutation answers about the thing.
fn ask(client: &Client, fitting: &Fitting<'_>, (table, key, field): Asking, id: Id) -> String {
    let mut input = fitting.inputs(field).remove(0);
    input[key] = json!(id);
    if input.get("expectedVersion").is_some() {
        input["expectedVersion"] = json!(version(fitting.world, table, id));
    }
    code(&run(client, field, &input))
}

fn each_mutation_in_each_state_answers_each_role(stage: &Stage) {
    let server = stage.server();
    let fields = of_submissions();
    let mut asked = Asked { server: &server, role: None, lines: Lines::new() };
    for role in ROLES.into_iter().map(Some).chain([None]) {
        asked.role = role;
        asked.submissions(&fields);
        asked.things();
        asked.ended();
    }
    let mut lines = vec![headings("", &["Other office"])];
    lines[0].insert(1, "state".to_owned());
    for ((field, state), codes) in asked.lines {
        lines.push([field, state].into_iter().chain(codes).collect());
    }

    expect_file!["snapshots/states.txt"].assert_eq(&table(&lines));
}

fn all_that_has_states_is_asked(_: &Stage) {
    let mutations = schema::mutations();
    for (_, _, field) in asked() {
        assert!(mutations.contains(&field.to_owned()), "{field} is no mutation");
    }
    for field in ENDED.into_iter().flat_map(|(.., fields)| fields) {
        assert!(mutations.contains(&(*field).to_owned()), "{field} is no mutation");
    }
    assert!(of_submissions().len() > 10, "mutations of submissions say which state they need");
}
