//! A submission on its way through a province, as the README tells it, and what stands in its way.

use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::{cases, people};
use serde_json::{Value, json};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_submission_goes_from_the_office_to_the_chair,
        the_author_cannot_approve,
        a_stale_version_is_a_conflict_that_tells_the_version_now,
        an_empty_submission_is_not_sent,
        a_returned_submission_needs_its_reason,
        a_title_of_collectives_is_not_for_persons,
        every_step_leaves_its_audit_entry,
        an_omitted_field_stays_and_null_clears_it,
    ]
}

const STATE: &str = "submission { id state version reason nomineesCount } errors { code message path ... on ConflictError { currentVersion } }";

struct Province {
    office: Client,
    officer: Client,
    chair: Client,
    auditor: Client,
}

fn province(stage: &Stage) -> Province {
    let server = stage.server();
    let person = |name: &str| people::sign_in(&server, "lai_chau", &format!("lai_chau.{name}"));
    Province {
        office: person("office"),
        officer: person("officer"),
        chair: person("chair"),
        auditor: person("auditor"),
    }
}

fn award(client: &Client, code: &str) -> String {
    let query =
        "query($code: String!) { awardTypes(where: { code: { eq: $code } }) { nodes { id } } }";
    let data = client.run(query, json!({ "code": code })).ok();
    data["awardTypes"]["nodes"][0]["id"].as_str().unwrap().to_owned()
}

fn unit(client: &Client, code: &str) -> String {
    let query = "query($code: String!) { units(where: { code: { eq: $code } }) { nodes { id } } }";
    let data = client.run(query, json!({ "code": code })).ok();
    data["units"]["nodes"][0]["id"].as_str().unwrap().to_owned()
}

/// A draft of the delegation office with two nominees.
fn draft(office: &Client) -> Value {
    let input = json!({
        "unitId": unit(office, "vp-dbqh"),
        "title": "Đề nghị khen thưởng năm 2026",
        "year": 2026,
        "nominees": [
            { "kind": "INDIVIDUAL", "name": "Lò Văn Mẫu", "awardTypeId": award(office, "PROVINCIAL_EMULATION_FIGHTER") },
            { "kind": "COLLECTIVE", "name": "Phòng Tổng hợp", "awardTypeId": award(office, "EXCELLENT_LABOUR_COLLECTIVE") },
        ],
    });
    let query = format!(
        "mutation($input: SubmissionCreateInput!) {{ submissionCreate(input: $input) {{ {STATE} }} }}"
    );
    office.run(&query, json!({ "input": input })).ok()["submissionCreate"]["submission"].clone()
}

fn step(
    client: &Client,
    field: &str,
    submission: &Value,
    reason: Option<&str>,
) -> harness::client::Answer {
    let kind =
        if matches!(field, "submissionReturn" | "submissionReject") { "Reason" } else { "Step" };
    let query = format!(
        "mutation($input: Submission{kind}Input!) {{ {field}(input: $input) {{ {STATE} }} }}"
    );
    let mut input = json!({ "id": submission["id"], "expectedVersion": submission["version"] });
    if let Some(reason) = reason {
        input["reason"] = json!(reason);
    }
    client.run(&query, json!({ "input": input }))
}

fn take(client: &Client, field: &str, submission: &Value, reason: Option<&str>) -> Value {
    step(client, field, submission, reason).ok()[field]["submission"].clone()
}

fn a_submission_goes_from_the_office_to_the_chair(stage: &Stage) {
    let people = province(stage);

    let draft = draft(&people.office);
    assert_eq!(draft["nomineesCount"], 2);
    let sent = take(&people.office, "submissionSend", &draft, None);
    assert_eq!(sent["state"], "SENT");
    let returned = take(&people.officer, "submissionReturn", &sent, Some("Thiếu biên bản họp xét"));
    assert_eq!(
        (&returned["state"], &returned["reason"]),
        (&json!("RETURNED"), &json!("Thiếu biên bản họp xét"))
    );
    let again = take(&people.office, "submissionSend", &returned, None);
    let received = take(&people.officer, "submissionReceive", &again, None);
    let appraised = take(&people.officer, "submissionAppraise", &received, None);
    let approved = take(&people.chair, "submissionApprove", &appraised, None);

    assert_eq!(approved["state"], "APPROVED");
    step(&people.officer, "submissionReturn", &approved, Some("muộn")).refused("WRONG_STATE");
    // While nothing has answered it, the chair may take back what was approved.
    let rejected = take(&people.chair, "submissionReject", &approved, Some("nhầm danh sách"));
    assert_eq!(rejected["state"], "REJECTED");
    step(&people.chair, "submissionReject", &rejected, Some("muộn")).refused("WRONG_STATE");
}

fn the_author_cannot_approve(stage: &Stage) {
    let people = province(stage);
    let sent = take(&people.office, "submissionSend", &draft(&people.office), None);
    let received = take(&people.officer, "submissionReceive", &sent, None);
    let appraised = take(&people.officer, "submissionAppraise", &received, None);

    step(&people.office, "submissionApprove", &appraised, None).refused("FORBIDDEN");
    step(&people.officer, "submissionApprove", &appraised, None).refused("FORBIDDEN");

    let query = "query($id: ID!) { submission(id: $id) { state version allowedActions { action allowed reason } } }";
    let seen = people.office.run(query, json!({ "id": appraised["id"] })).ok();
    assert_eq!(seen["submission"]["state"], "APPRAISED");
    let actions = seen["submission"]["allowedActions"].as_array().unwrap();
    let approve = actions.iter().find(|action| action["action"] == "APPROVE").unwrap();
    assert_eq!((&approve["allowed"], &approve["reason"]), (&json!(false), &json!("FORBIDDEN")));
}

fn a_stale_version_is_a_conflict_that_tells_the_version_now(stage: &Stage) {
    let people = province(stage);
    let draft = draft(&people.office);
    let sent = take(&people.office, "submissionSend", &draft, None);

    let refused = step(&people.officer, "submissionReceive", &draft, None).refused("CONFLICT");

    let error = &refused["submissionReceive"]["errors"][0];
    assert_eq!(error["currentVersion"], sent["version"]);
    assert_eq!(error["path"], json!(["input", "expectedVersion"]));
}

fn an_empty_submission_is_not_sent(stage: &Stage) {
    let office = province(stage).office;
    let input = json!({ "unitId": unit(&office, "vp-dbqh"), "title": "Rỗng", "year": 2026 });
    let query = format!(
        "mutation($input: SubmissionCreateInput!) {{ submissionCreate(input: $input) {{ {STATE} }} }}"
    );
    let empty =
        office.run(&query, json!({ "input": input })).ok()["submissionCreate"]["submission"]
            .clone();

    step(&office, "submissionSend", &empty, None).refused("NO_NOMINEE");
}

fn a_returned_submission_needs_its_reason(stage: &Stage) {
    let people = province(stage);
    let sent = take(&people.office, "submissionSend", &draft(&people.office), None);

    step(&people.officer, "submissionReturn", &sent, Some("  ")).refused("REASON_REQUIRED");
}

fn a_title_of_collectives_is_not_for_persons(stage: &Stage) {
    let office = province(stage).office;
    let draft = draft(&office);
    let nominee = json!({
        "kind": "INDIVIDUAL",
        "name": "Vàng Thị Mẫu",
        "awardTypeId": award(&office, "EXCELLENT_LABOUR_COLLECTIVE"),
    });
    let query = "mutation($input: NomineeAddInput!) { nomineeAdd(input: $input) { nominee { id } errors { code path } } }";
    let input = json!({ "submissionId": draft["id"], "nominee": nominee });

    let refused = office.run(query, json!({ "input": input })).refused("AWARD_NOT_APPLICABLE");

    assert_eq!(
        refused["nomineeAdd"]["errors"][0]["path"],
        json!(["input", "nominee", "awardTypeId"])
    );
}

fn every_step_leaves_its_audit_entry(stage: &Stage) {
    let people = province(stage);
    let sent = take(&people.office, "submissionSend", &draft(&people.office), None);
    take(&people.officer, "submissionReturn", &sent, Some("Thiếu văn bản"));

    let query = "query($id: ID!) { auditEvents(where: { objectId: $id }) { totalCount nodes { action role reason changes { field before after } } } }";
    let data = people.auditor.run(query, json!({ "id": sent["id"] })).ok();

    let nodes = data["auditEvents"]["nodes"].as_array().unwrap();
    let actions: Vec<_> = nodes.iter().map(|node| node["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["SubmissionReturn", "SubmissionSend", "SubmissionCreate"]);
    assert_eq!(nodes[0]["reason"], "Thiếu văn bản");
    assert_eq!(nodes[0]["role"], "STANDING_OFFICER");
    let changes = nodes[0]["changes"].as_array().unwrap();
    assert!(
        changes
            .iter()
            .any(|change| change["field"] == "state" && change["after"] == "\"RETURNED\"")
    );
}

/// The four forms of a partial update: literal and variable, null and omitted (GraphQL, 3.10 and 6.1.2).
fn an_omitted_field_stays_and_null_clears_it(stage: &Stage) {
    let office = province(stage).office;
    let draft = draft(&office);
    let set = "mutation($id: ID!, $v: Int!) { submissionUpdate(input: { id: $id, expectedVersion: $v, note: \"Ghi chú\" }) { submission { version note } errors { code } } }";
    let variable = "mutation($id: ID!, $v: Int!, $note: String) { submissionUpdate(input: { id: $id, expectedVersion: $v, note: $note }) { submission { version note } errors { code } } }";
    let literal_null = "mutation($id: ID!, $v: Int!) { submissionUpdate(input: { id: $id, expectedVersion: $v, note: null }) { submission { version note } errors { code } } }";
    let literal_omitted = "mutation($id: ID!, $v: Int!) { submissionUpdate(input: { id: $id, expectedVersion: $v }) { submission { version note } errors { code } } }";
    let mut version = draft["version"].clone();
    let mut update = |query: &str, mut variables: Value| {
        variables["id"] = draft["id"].clone();
        variables["v"] = version.clone();
        let after = office.run(query, variables).ok()["submissionUpdate"]["submission"].clone();
        version = after["version"].clone();
        after["note"].clone()
    };

    assert_eq!(update(set, json!({})), "Ghi chú");
    assert_eq!(update(literal_omitted, json!({})), "Ghi chú");
    assert_eq!(update(variable, json!({})), "Ghi chú");
    assert_eq!(update(variable, json!({ "note": null })), Value::Null);
    assert_eq!(update(set, json!({})), "Ghi chú");
    assert_eq!(update(literal_null, json!({})), Value::Null);
}
