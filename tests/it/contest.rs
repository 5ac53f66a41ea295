//! A cluster of a world that its cases may write to, and what they say to the server about it.
//! No case is here.

use entity::role_grant::Role;
use harness::client::{Answer, Client};
use harness::people::PASSWORD;
use harness::server::Server;
use harness::world::{World, this_year};
use serde_json::{Value, json};

/// A comparison as the cases look at it.
const COMPARISON: &str = "
  state version inputsHash isReproducible publishedAt reason
  completeness { expected reported incompleteMembers { id } }
  criteria { code name }
  rows {
    rank previousRank rankChange total gapToNext isComplete isTied isOwn isAssigned missing
    member { id name tenant { code slug } unit { id name } }
    cells { criterion self peer verified final reason }
    subtotals { criterion points }
    tieBreaks { rule decided with { id } }
    drivers { criterion places points }
    scores { criterion layer version }
  }";
const SCORES: &str = "
  scores { id criterion layer value reason explanation evidenceUrl version changes { actorName before after reason } }
  errors { code message path ... on ConflictError { currentVersion } }";

/// A cluster made through the API: its seats are the two offices of the first province.
pub(crate) struct Contest {
    pub(crate) cluster: String,
    /// The members of the office and of the other office.
    pub(crate) seats: [String; 2],
    pub(crate) officer: Client,
    pub(crate) coordinator: Client,
    /// Who scores for the first and for the second seat.
    pub(crate) offices: [Client; 2],
}

/// The criteria of a contest: a group of two, of which the second asks for evidence, and one for peers.
pub(crate) fn criteria() -> Value {
    json!([
        { "code": "1", "name": "Nhóm 1", "max": "20", "kind": "GROUP" },
        { "code": "1.1", "parentCode": "1", "name": "Tiêu chí 1.1", "max": "10", "kind": "DIRECT" },
        { "code": "1.2", "parentCode": "1", "name": "Tiêu chí 1.2", "max": "10", "kind": "DIRECT", "evidence": "REQUIRED" },
        { "code": "2", "name": "Tiêu chí 2", "max": "10", "kind": "DIRECT", "scorer": "PEER" },
    ])
}

/// One score of direct points.
pub(crate) fn points(criterion: &str, value: &str) -> Value {
    json!({ "criterion": criterion, "value": value, "explanation": "Số liệu mẫu" })
}

impl Contest {
    /// A cluster with two members and a coordinator of this year; nothing is locked yet.
    pub(crate) fn bare(server: &Server, world: &World) -> Self {
        let officer = world.a.sign_in(server, Role::StandingOfficer);
        let cluster = create_cluster(&officer, &format!("contest-{}", world.a.canary)).ok();
        let cluster = text(&cluster["clusterCreate"]["cluster"]["id"]);
        let seat = |unit: String| {
            let input = json!({ "clusterId": cluster, "unitId": unit, "validFrom": "2024-01-01" });
            text(&add_member(&officer, &input).ok()["clusterMemberAdd"]["member"]["id"])
        };
        let seats = [seat(world.a.office.to_string()), seat(world.a.other_office.to_string())];
        let acting = world.a.person(Role::CouncilSecretary);
        let head = json!({
            "clusterId": cluster, "year": this_year(), "memberId": seats[0], "position": "HEAD",
            "actingUserIds": [acting.id],
        });
        appoint(&officer, &head).ok();
        let offices =
            [world.a.sign_in(server, Role::UnitOfficer), world.a.neighbour.sign_in(server)];
        let coordinator = server.client().sign_in(&world.a.slug, &acting.username, PASSWORD);
        Self { cluster, seats, officer, coordinator, offices }
    }

    /// The same with a locked set of this and of the last year.
    pub(crate) fn locked(server: &Server, world: &World) -> Self {
        let contest = Self::bare(server, world);
        for year in [this_year() - 1, this_year()] {
            contest.lock_set(year);
        }
        contest
    }

    /// Drafts and locks the criteria of a year.
    pub(crate) fn lock_set(&self, year: i32) {
        let input = json!({
            "clusterId": self.cluster, "year": year, "name": format!("Bảng chấm điểm {year}"),
            "tieRules": ["PREVIOUS_RANK", "BALLOT"], "criteria": criteria(),
        });
        let set = create_set(&self.officer, &input).ok();
        lock(&self.officer, &set["criteriaSetCreate"]["criteriaSet"]).ok();
    }

    /// Records scores of a seat by its own office.
    pub(crate) fn record(&self, seat: usize, year: i32, scores: &Value) -> Answer {
        let input = json!({
            "clusterId": self.cluster, "year": year, "memberId": self.seats[seat], "scores": scores,
        });
        mutate(&self.offices[seat], ("scoreSelfRecord", "ScoreSelfRecordInput", SCORES), &input)
    }

    /// Records scores that the office of one seat gives the other seat.
    pub(crate) fn record_peer(&self, assessor: usize, year: i32, scores: &Value) -> Answer {
        let input = json!({
            "clusterId": self.cluster, "year": year, "assessorMemberId": self.seats[assessor],
            "memberId": self.seats[1 - assessor], "scores": scores,
        });
        let office = &self.offices[assessor];
        mutate(office, ("scorePeerRecord", "ScorePeerRecordInput", SCORES), &input)
    }

    /// Lets one seat score the other one.
    pub(crate) fn assign(&self, assessor: usize, year: i32) -> Answer {
        let input = json!({
            "clusterId": self.cluster, "year": year, "assessorMemberId": self.seats[assessor],
            "memberIds": [self.seats[1 - assessor]],
        });
        let selection = "cluster { id }
            comparison { state peerAssignments { assessor { id } member { id } } } errors { code path }";
        mutate(&self.coordinator, ("scorePeerAssign", "ScorePeerAssignInput", selection), &input)
    }

    /// Verifies scores of a seat; `more` is added to the input.
    pub(crate) fn verify(&self, seat: usize, year: i32, more: &Value) -> Answer {
        let mut input = json!({
            "clusterId": self.cluster, "year": year, "memberId": self.seats[seat],
        });
        merge(&mut input, more);
        mutate(&self.coordinator, ("scoreVerify", "ScoreVerifyInput", SCORES), &input)
    }

    /// Gives a seat the same points in all three criteria, and verifies them.
    pub(crate) fn fill(&self, seat: usize, year: i32, value: &str) {
        let scores = json!([points("1.1", value), points("1.2", value), points("2", value)]);
        self.record(seat, year, &scores).ok();
        self.verify(seat, year, &json!({ "acceptSelfScores": true })).ok();
    }

    /// Changes the state of a comparison; `more` is added to the input.
    pub(crate) fn publish(&self, year: i32, state: &str, more: &Value) -> Answer {
        let version = self.comparison(&self.officer, year)["version"].clone();
        let mut input = json!({
            "clusterId": self.cluster, "year": year, "expectedVersion": version, "state": state,
        });
        merge(&mut input, more);
        let selection = format!("comparison {{ {COMPARISON} }} errors {{ code message path }}");
        let field = ("comparisonPublish", "ComparisonPublishInput", selection.as_str());
        mutate(&self.officer, field, &input)
    }

    /// The comparison as someone sees it.
    pub(crate) fn comparison(&self, client: &Client, year: i32) -> Value {
        compare(client, &self.cluster, year)
    }
}

/// The comparison of any cluster as someone sees it.
pub(crate) fn compare(client: &Client, cluster: &str, year: i32) -> Value {
    let query = format!(
        "query($cluster: ID!, $year: Int!) {{
          clusterComparison(clusterId: $cluster, year: $year) {{ {COMPARISON} }}
        }}"
    );
    let data = client.run(&query, json!({ "cluster": cluster, "year": year })).ok();
    data["clusterComparison"].clone()
}

/// The row of a member.
pub(crate) fn row<'v>(comparison: &'v Value, member: &str) -> &'v Value {
    let rows = comparison["rows"].as_array().unwrap();
    let found = rows.iter().find(|row| row["member"]["id"] == *member);
    found.unwrap_or_else(|| panic!("no row of {member}: {comparison}"))
}

/// The cell of a criterion.
pub(crate) fn cell<'v>(row: &'v Value, criterion: &str) -> &'v Value {
    let cells = row["cells"].as_array().unwrap();
    let found = cells.iter().find(|cell| cell["criterion"] == *criterion);
    found.unwrap_or_else(|| panic!("no cell {criterion}: {row}"))
}

/// Creates a cluster whose structure is its code, from 2024 on.
pub(crate) fn create_cluster(officer: &Client, code: &str) -> Answer {
    let input = json!({
        "code": code, "name": format!("Cụm {code}"), "kind": "CLUSTER", "structure": code,
        "validFrom": "2024-01-01",
    });
    let selection = "cluster { id version code structure } errors { code path }";
    mutate(officer, ("clusterCreate", "ClusterCreateInput", selection), &input)
}

/// What is seen of a member after a change.
const MEMBER: &str = "member { id name version isAccepted position validFrom validTo tenant { slug } unit { id } } errors { code message path }";

/// Adds a member or invites one.
pub(crate) fn add_member(officer: &Client, input: &Value) -> Answer {
    mutate(officer, ("clusterMemberAdd", "ClusterMemberAddInput", MEMBER), input)
}

/// Accepts an invitation.
pub(crate) fn accept(officer: &Client, input: &Value) -> Answer {
    mutate(officer, ("clusterMemberAccept", "ClusterMemberAcceptInput", MEMBER), input)
}

/// Ends a membership.
pub(crate) fn remove_member(officer: &Client, input: &Value) -> Answer {
    mutate(officer, ("clusterMemberRemove", "ClusterMemberRemoveInput", MEMBER), input)
}

/// Appoints a head or deputy.
pub(crate) fn appoint(officer: &Client, input: &Value) -> Answer {
    let selection = "head { id year position endedAt member { id } } errors { code path }";
    mutate(officer, ("clusterHeadAppoint", "ClusterHeadAppointInput", selection), input)
}

/// What is seen of a criteria set after a change.
const SET: &str = "criteriaSet { id version revision state total tieRules decimals criteria { id code max parent { code } } } errors { code message path }";

/// Drafts a criteria set.
pub(crate) fn create_set(client: &Client, input: &Value) -> Answer {
    mutate(client, ("criteriaSetCreate", "CriteriaSetCreateInput", SET), input)
}

/// Changes a draft; `more` is added to the input.
pub(crate) fn update_set(client: &Client, set: &Value, more: &Value) -> Answer {
    let mut input = json!({ "id": set["id"], "expectedVersion": set["version"] });
    merge(&mut input, more);
    mutate(client, ("criteriaSetUpdate", "CriteriaSetUpdateInput", SET), &input)
}

/// Locks a set.
pub(crate) fn lock(client: &Client, set: &Value) -> Answer {
    let input = json!({ "id": set["id"], "expectedVersion": set["version"] });
    mutate(client, ("criteriaSetLock", "CriteriaSetLockInput", SET), &input)
}

/// Runs a mutation of one field: its name, the type of its input, what is asked of its payload.
pub(crate) fn mutate(
    client: &Client,
    (field, kind, selection): (&str, &str, &str),
    input: &Value,
) -> Answer {
    let query = format!("mutation($input: {kind}!) {{ {field}(input: $input) {{ {selection} }} }}");
    client.run(&query, json!({ "input": input }))
}

/// A text of an answer.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn merge(input: &mut Value, more: &Value) {
    for (key, value) in more.as_object().unwrap() {
        input[key] = value.clone();
    }
}
