//! The approval that a list of the office passes on its way to the decision.
//! No case is here.

use entity::role_grant::Role;
use harness::client::Client;
use harness::server::Server;
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::quota::{run, step};

/// Those who take a list of the office to its decision.
pub(crate) struct Desks {
    pub(crate) office: Client,
    pub(crate) officer: Client,
    pub(crate) chair: Client,
    pub(crate) head: Client,
}

impl Desks {
    pub(crate) fn new(server: &Server, world: &World) -> Self {
        let sign_in = |role| world.a.sign_in(server, role);
        Self {
            office: sign_in(Role::UnitOfficer),
            officer: sign_in(Role::StandingOfficer),
            chair: sign_in(Role::ProvinceChair),
            head: sign_in(Role::UnitHead),
        }
    }

    /// A draft of the office with these nominees.
    pub(crate) fn draw(&self, world: &World, nominees: &[Value]) -> Value {
        let input = json!({
            "unitId": world.a.office, "title": "Danh sách", "year": YEAR, "nominees": nominees,
        });
        run(&self.office, "submissionCreate", &input).ok()["submissionCreate"]["submission"].clone()
    }

    /// From the sending of a draft to its approval; it is at version 5 then.
    pub(crate) fn pass(&self, list: &Value) {
        step(&self.office, "submissionSend", list, 1).ok();
        self.approve(list);
    }

    /// From what was sent to its approval.
    pub(crate) fn approve(&self, list: &Value) {
        step(&self.officer, "submissionReceive", list, 2).ok();
        step(&self.officer, "submissionAppraise", list, 3).ok();
        step(&self.chair, "submissionApprove", list, 4).ok();
    }
}
