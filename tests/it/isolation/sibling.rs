//! What people of one office write of another office of the same tenant: nothing, whatever of its things an input names.
//! Only what a tenant's roles reach is asked here; other tenants are in [`super::write`].

use std::collections::BTreeSet;

use api::access::Act;
use api::access::policy::{Reach, reach};
use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{Id, World, YEAR};
use serde_json::{Value, json};

use super::assert_none;
use super::write::{act, rows};
use crate::council::done;
use crate::fitting::Fitting;
use crate::{operation, schema};

pub(super) fn cases() -> Vec<Case> {
    cases![who_serves_one_office_writes_nothing_of_another]
}

/// Mutations of what everyone of a tenant reads: that it is there is no secret.
const READ_BY_ALL: [&str; 3] = ["awardTargetUpdate", "exemplarStepAdd", "movementUpdate"];

/// Mutations in which something of another office is not only named: a row would stand there.
const LANDS_THERE: [&str; 4] =
    ["awardsImport", "decisionIssue", "initiativeRecognise", "subjectUpdate"];

/// An input that names something of the office.
struct Attempt {
    field: String,
    input: Value,
    /// Whether the rest of it is the own office's.
    is_mixed: bool,
}

/// Someone of the other office.
struct Sibling {
    name: &'static str,
    role: Role,
    /// Whether another role reads the whole tenant.
    reads_all: bool,
    client: Client,
}

impl Sibling {
    fn all(world: &World, server: &Server) -> [Self; 3] {
        let place = (Role::UnitHead, world.a.other_office);
        let head = world.posted(&world.a, place, None);
        let wide = world.posted(&world.a, place, Some(Role::Auditor));
        let officer = world.a.neighbour.sign_in(server);
        let (name, role) = ("officer", Role::UnitOfficer);
        [
            Self { name, role, reads_all: false, client: officer },
            Self { name: "head", role: place.0, reads_all: false, client: head.sign_in(server) },
            Self {
                name: "auditor too",
                role: place.0,
                reads_all: true,
                client: wide.sign_in(server),
            },
        ]
    }

    /// Who reads everything may name it where no row of his comes to stand.
    fn tries(&self, attempt: &Attempt) -> bool {
        let lands = LANDS_THERE.contains(&attempt.field.as_str());
        !self.reads_all || !attempt.is_mixed || lands
    }

    /// What is wrong with the answer.
    fn fault(&self, attempt: &Attempt) -> Option<String> {
        let Attempt { field, input, .. } = attempt;
        let answer = self.client.run(operation::text(field), json!({ "input": input }));
        let codes: BTreeSet<String> =
            answer.top_codes().into_iter().chain(answer.payload_codes()).collect();
        let may = act(field).is_some_and(|act| reach(act, self.role) != Reach::Nothing);
        let is_shown = READ_BY_ALL.contains(&field.as_str());
        let expected: &[&str] = match (may, self.reads_all) {
            (false, _) => &["FORBIDDEN"],
            (true, true) => &["FORBIDDEN", "NOT_FOUND"],
            (true, false) if is_shown => &["FORBIDDEN"],
            (true, false) => &["NOT_FOUND"],
        };
        let is_right = codes.len() == 1 && codes.iter().all(|it| expected.contains(&it.as_str()));
        (!is_right).then(|| format!("{} {field} {input}: {codes:?}, {answer}", self.name))
    }
}

/// Whether unit roles are held to their units by an act.
fn is_of_units(act: Act) -> bool {
    [Role::UnitHead, Role::UnitOfficer].into_iter().any(|role| reach(act, role) == Reach::Unit)
}

/// Inputs that fit the office: as they are, and with the other office in the place of the unit where they name more.
fn attempts(fitting: &mut Fitting<'_>) -> Vec<Attempt> {
    let mutations = schema::mutations().into_iter();
    let mut attempts = Vec::new();
    for field in mutations.filter(|field| act(field).is_some_and(is_of_units)) {
        if let Some(state) = Fitting::state(&field) {
            fitting.submission = fitting.world.submission(fitting.province, state);
        }
        for input in fitting.inputs(&field) {
            let rest = mixed(fitting, &input);
            let rest = rest.map(|input| Attempt { field: field.clone(), input, is_mixed: true });
            attempts.push(Attempt { field: field.clone(), input, is_mixed: false });
            attempts.extend(rest);
        }
    }
    attempts
}

/// The same input of the other office; none where nothing of the office is left in it.
fn mixed(fitting: &Fitting<'_>, input: &Value) -> Option<Value> {
    let province = fitting.province;
    let mut mixed = input.clone();
    let place = ["/unitId", "/rows/0/unitId"].into_iter().find(|it| input.pointer(it).is_some())?;
    *mixed.pointer_mut(place)? = json!(province.other_office);
    let text = mixed.to_string();
    let left = [province.subject, fitting.submission.id];
    left.iter().any(|id| text.contains(&id.to_string())).then_some(mixed)
}

/// What people of the other office have, put together with what they have not.
fn beside(world: &World, server: &Server) -> Vec<Attempt> {
    let (a, officer) = (&world.a, world.a.neighbour.sign_in(server));
    let person = json!({ "kind": "INDIVIDUAL", "name": "Vàng Thị Mẫu", "unitId": a.other_office });
    let person = done(&officer, ("subjectCreate", "subject"), &person);
    let list = json!({ "unitId": a.other_office, "title": "Đề nghị khác", "year": YEAR + 1 });
    let list = done(&officer, ("submissionCreate", "submission"), &list);
    let nominee = |subject: Id| {
        json!({
            "kind": "INDIVIDUAL", "name": "Lò Thị Mẫu", "awardTypeId": world.award_type,
            "subjectId": subject,
        })
    };
    let entry = json!({
        "unitId": a.other_office, "year": YEAR, "direction": "IN", "purpose": "RECOVERY",
        "awardId": a.awards.revoked, "on": "2025-03-01",
    });
    let inputs = [
        ("subjectUpdate", json!({ "id": person["id"], "expectedVersion": 1, "unitId": a.office })),
        ("nomineeAdd", json!({ "submissionId": list["id"], "nominee": nominee(a.subject) })),
        ("fundEntryRecord", entry),
    ];
    let one =
        |(field, input): (&str, Value)| Attempt { field: field.to_owned(), input, is_mixed: true };
    inputs.into_iter().map(one).collect()
}

fn who_serves_one_office_writes_nothing_of_another(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut fitting = Fitting::new(&world, &world.a);
    let mut attempts = attempts(&mut fitting);
    attempts.extend(beside(&world, &server));
    let siblings = Sibling::all(&world, &server);
    assert!(
        LANDS_THERE.iter().all(|field| attempts.iter().any(|it| it.is_mixed && it.field == *field))
    );
    let before = rows(&world);

    let mut faults = Vec::new();
    for sibling in &siblings {
        let tried = attempts.iter().filter(|it| sibling.tries(it));
        faults.extend(tried.filter_map(|it| sibling.fault(it)));
    }

    assert_none(&faults);
    assert_eq!(rows(&world), before);
}
