//! The ways to an object: variables of every query that lead to the objects of one province and one cluster.
//! Nobody who asks enters here.

use entity::role_grant::Role;
use harness::world::{Contest, Id, Province, YEAR};
use serde_json::{Value, json};

use super::sight::{contest_ids, private_ids};

/// Rows of a list: as many as the price of the widest operation allows.
const PAGE: u32 = 20;

/// Where the paths lead.
#[derive(Clone, Copy)]
pub(super) struct Target<'w> {
    pub(super) province: &'w Province,
    pub(super) contest: &'w Contest,
}

/// Queries that lead to nothing by which an owner is known: the same for all tenants, or, `rateLimit` and
/// `signInSetting`, numbers of the caller's own; that the latter is another one in another tenant is asked in
/// `signin::factor`. What `awardPublic` shows of an award of any tenant is asked in [`super::read`].
pub(super) const PUBLIC: [&str; 13] = [
    // Numbers by field.
    "exemplarCoverage",
    "movementForm",
    "awardPublic",
    "signInProviders",
    "tenant",
    "tenants",
    "auditConsistency",
    "auditCheckpoint",
    "auditCheckpoints",
    "rateLimit",
    "signInSetting",
    // No submission of a world asks for anything that has a quota.
    "quotaPreview",
    "bonusPreview",
];

/// Queries that lead to a cluster.
pub(super) const OF_CLUSTERS: [&str; 6] =
    ["cluster", "clusters", "criteriaSet", "clusterComparison", "node", "nodes"];

impl Target<'_> {
    /// Variables for a query that ask for everything of the target that it can.
    #[expect(clippy::too_many_lines, reason = "one line a query")]
    pub(super) fn paths(&self, query: &str) -> Vec<Value> {
        let Self { province, contest } = self;
        match query {
            "viewer" | "rateLimit" | "signInSetting" | "ballotsAwaitingMe" | "ballotsToConfirm" => {
                vec![json!({})]
            }
            "tenant" => vec![json!({ "code": province.slug }), json!({ "slug": province.slug })],
            "tenants" => list(&["code", "slug"], vec![json!({ "slug": { "eq": province.slug } })]),
            "awardTypes" => ["ASC", "DESC"].map(|direction| {
                let order = json!([{ "code": { "direction": direction } }, { "name": {} }]);
                json!({ "where": { "origin": { "eq": "LOCAL" } }, "orderBy": order, "last": PAGE })
            }).to_vec(),
            "users" => self.users(),
            "unit" => self.units_alone(),
            "units" => self.units(),
            "cluster" => vec![json!({ "id": contest.id, "year": YEAR })],
            "clusters" => self.clusters(),
            "criteriaSet" => {
                vec![json!({ "id": contest.set }), json!({ "clusterId": contest.id, "year": YEAR })]
            }
            "clusterComparison" => vec![json!({ "clusterId": contest.id, "year": YEAR })],
            "subject" => vec![json!({ "id": province.subject })],
            "subjects" => self.subjects(),
            "eligibilityRules" => vec![
                json!({}),
                json!({ "awardTypeCode": "COMMEMORATIVE_MEDAL", "subjectKind": "INDIVIDUAL", "asOf": "2025-01-01" }),
            ],
            "eligibilityCheck" => ["COMMEMORATIVE_MEDAL", "BASE_EMULATION_FIGHTER"]
                .map(|code| json!({ "subjectId": province.subject, "awardTypeCode": code, "year": YEAR }))
                .to_vec(),
            "quotas" | "noticeRules" | "bonusRates" => vec![json!({}), json!({ "asOf": "2025-01-01" })],
            "quotaLedger" => {
                let whole = json!({ "quotaId": province.quota, "first": PAGE });
                let of_unit =
                    json!({ "quotaId": province.quota, "unitId": province.office, "year": YEAR, "last": PAGE });
                vec![whole, of_unit]
            }
            "quotaUse" => vec![json!({
                "quotaId": province.quota, "unitId": province.office, "year": YEAR,
            })],
            "quotaPreview" | "notices" => vec![json!({ "submissionId": province.submission.id })],
            "bonusPreview" => vec![json!({
                "subjectKind": "INDIVIDUAL", "decidedOn": "2026-01-01",
                "awards": [{
                    "awardTypeCode": "ADVANCED_LABOURER", "countingFromYear": YEAR, "countingToYear": YEAR,
                }],
            })],
            "fund" | "quotaBases" => {
                vec![json!({ "unitId": province.office, "year": YEAR })]
            }
            "legalDocuments" => vec![json!({}), json!({ "inForceOn": "2025-01-01" })],
            "council" => vec![json!({ "id": province.board.id })],
            "councils" => self.councils(),
            "councilSession" => {
                [province.board.sitting, province.board.closed].map(|id| json!({ "id": id })).to_vec()
            }
            "councilSessions" => {
                vec![json!({ "councilId": province.board.id, "year": YEAR })]
            }
            "allCouncilSessions" => self.sessions(),
            "ballot" | "ballotRecount" => vec![json!({ "id": province.board.ballots[1] })],
            "ballotPreview" => vec![json!({ "itemId": province.board.item })],
            "ballotRules" => vec![json!({ "councilId": province.board.id })],
            "award" => {
                [province.awards.valid, province.given.award].map(|id| json!({ "id": id })).to_vec()
            }
            "awards" => self.awards(),
            "awardPublic" => vec![json!({ "code": "0000-0000-0000" })],
            "signInProviders" => vec![json!({ "tenant": province.slug })],
            "awardStatistics" => self.statistics(),
            "awardForm" => {
                vec![json!({ "form": "FORM_0603", "year": YEAR, "withinUnit": province.root })]
            }
            "onwardSubmission" => vec![json!({ "id": province.onward.sent })],
            "onwardPackage" => vec![json!({ "id": province.onward.packages[0] })],
            "onwardSubmissions" => self.proposed_above(),
            "onwardPackages" => {
                let mut wheres = by_id(province.onward.packages[0]);
                wheres.push(json!({ "sentAt": { "gte": "2000-01-01T00:00:00Z" } }));
                list(&["sentAt", "letterDate"], wheres)
            }
            "awardTargets" => self.targets(),
            "movement" => vec![json!({ "id": province.movement })],
            "movements" => self.movements(),
            "movementForm" => {
                vec![json!({ "year": YEAR, "basis": "HELD", "withinUnit": province.root })]
            }
            "exemplar" => vec![json!({ "id": province.exemplar })],
            "exemplars" => self.exemplars(),
            "initiativeProposal" => {
                province.proposals.map(|id| json!({ "id": id })).to_vec()
            }
            "initiativeProposals" => self.proposals(),
            "exemplarCoverage" => vec![json!({}), json!({ "withinUnit": province.root })],
            "decision" => vec![json!({ "id": province.decision })],
            "decisions" => self.decisions(),
            "decisionGaps" => vec![json!({ "unitId": province.root, "year": YEAR })],
            // The award that leads to another one is of the year before that which was revoked.
            "mustProposeNow" => vec![json!({ "unitId": province.root, "year": YEAR - 1 })],
            "submission" => [province.submission.id, province.given.submission]
                .map(|id| json!({ "id": id }))
                .to_vec(),
            "submissions" => self.submissions(),
            "auditEvents" => self.audit_events(),
            "auditProof" => vec![json!({ "eventId": province.audit_event })],
            "auditConsistency" => vec![json!({ "from": 1, "to": 1 })],
            "auditCheckpoint" => vec![json!({}), json!({ "size": 1 })],
            "auditCheckpoints" => vec![json!({ "first": 3 }), json!({ "first": 3, "below": 2 })],
            "node" => self.one_of_each().into_iter().map(|id| json!({ "id": id })).collect(),
            "nodes" => together(&self.one_of_each()),
            _ => panic!("no path through {query}: write one here"),
        }
    }

    /// Every id of the target that `node` reads.
    pub(super) fn ids(&self) -> Vec<Id> {
        let of_cluster = contest_ids(self.contest);
        private_ids(self.province).into_iter().chain(of_cluster).map(|(_, id)| id).collect()
    }

    /// One id of each type.
    fn one_of_each(&self) -> Vec<Id> {
        one_of_each(self.ids())
    }

    fn users(&self) -> Vec<Value> {
        let person = self.province.person(Role::UnitOfficer);
        let canary = &self.province.canary;
        let name = format!("unit_officer {canary} (mẫu)");
        let mut wheres = by_id(person.id);
        wheres.extend([
            json!({ "username": { "eq": person.username } }),
            json!({ "username": { "notIn": [person.username] } }),
            json!({ "displayName": { "eq": name } }),
            json!({ "displayName": { "contains": canary } }),
            json!({ "displayName": { "startsWith": &name[..name.len() - 8] } }),
        ]);
        list(&["username", "displayName", "createdAt"], wheres)
    }

    fn units_alone(&self) -> Vec<Value> {
        let Province { root, office, division, other_office, .. } = self.province;
        [root, office, division, other_office].map(|id| json!({ "id": id })).to_vec()
    }

    fn units(&self) -> Vec<Value> {
        let Province { root, office, canary, .. } = self.province;
        let short = &office.uuid.simple().to_string()[24..];
        let name = format!("Đơn vị {short} {canary}");
        let mut wheres = by_id(*office);
        wheres.extend([
            json!({ "parentId": { "eq": root } }),
            json!({ "code": { "eq": format!("{canary}-{short}") } }),
            json!({ "name": { "eq": name } }),
            json!({ "name": { "contains": canary } }),
            json!({ "name": { "startsWith": name } }),
        ]);
        let mut paths = list(&["name", "code", "validFrom"], wheres);
        paths.extend([
            json!({ "withinUnit": root }),
            json!({ "withinUnit": root, "depth": 1 }),
            json!({ "withinUnit": office, "asOf": "2025-06-30", "orderBy": [{ "code": {} }] }),
        ]);
        paths
    }

    fn clusters(&self) -> Vec<Value> {
        let Contest { id, canary, .. } = self.contest;
        let name = format!("Cụm {canary}");
        let mut wheres = by_id(*id);
        wheres.extend([
            json!({ "name": { "eq": name } }),
            json!({ "organiserId": { "eq": self.province.id } }),
        ]);
        let codes = ["own", "crossing"].map(|kind| format!("{kind}-{canary}"));
        wheres.push(json!({ "code": { "in": codes } }));
        wheres.push(json!({ "structure": { "in": codes } }));
        let mut paths = list(&["code", "name"], wheres);
        for path in &mut paths {
            path["year"] = json!(YEAR);
        }
        paths
    }

    fn subjects(&self) -> Vec<Value> {
        let Province { root, office, canary, subject, .. } = self.province;
        let mut wheres = by_id(*subject);
        wheres.extend([
            json!({ "unitId": { "eq": office } }),
            json!({ "code": { "eq": format!("NV-{canary}") } }),
            json!({ "name": { "contains": canary } }),
            json!({ "kind": { "eq": "INDIVIDUAL" }, "leadershipClass": { "eq": "DIRECT_WORKER" } }),
        ]);
        let mut paths = list(&["name", "createdAt"], wheres);
        paths.push(json!({ "withinUnit": root }));
        paths
    }

    fn councils(&self) -> Vec<Value> {
        let Province { canary, board, .. } = self.province;
        let mut wheres = by_id(board.id);
        wheres.extend([
            json!({ "name": { "eq": format!("Hội đồng {canary}") } }),
            json!({ "name": { "contains": canary } }),
            json!({ "kind": { "eq": "PROVINCE" } }),
            json!({ "unitId": { "isNull": true } }),
        ]);
        list(&["name", "validFrom"], wheres)
    }

    fn proposed_above(&self) -> Vec<Value> {
        let mut wheres = by_id(self.province.onward.sent);
        wheres.extend([
            json!({ "year": { "gte": 1900 }, "createdAt": { "gte": "2000-01-01T00:00:00Z" } }),
            json!({ "state": { "eq": "DRAFT" } }),
            json!({ "state": { "neq": "DRAFT" } }),
        ]);
        list(&["createdAt", "year", "number"], wheres)
    }

    fn sessions(&self) -> Vec<Value> {
        let board = &self.province.board;
        let mut wheres = by_id(board.sitting);
        wheres.extend([
            json!({ "councilId": { "eq": board.id } }),
            json!({ "year": { "lte": YEAR }, "form": { "eq": "MEETING" } }),
            json!({ "state": { "eq": "CLOSED" } }),
        ]);
        list(&["plannedOn", "year", "number"], wheres)
    }

    fn statistics(&self) -> Vec<Value> {
        let Province { root, office, .. } = self.province;
        let by = json!(["UNIT", "SUBJECT_KIND", "YEAR"]);
        let of = |more: &Value| json!({ "where": more, "groupBy": by });
        let (top, restated) = (json!({ "withinUnit": root }), json!({ "mode": "RESTATED" }));
        vec![
            of(&top),
            of(&json!({ "withinUnit": office })),
            json!({ "where": top, "groupBy": by, "asOf": restated }),
            json!({ "where": top, "groupBy": ["CLUSTER", "UNIT"] }),
            json!({
                "where": { "withinUnit": root, "decidedOnFrom": format!("{}-02-02", YEAR - 1), "decidedTo": YEAR },
                "groupBy": ["MONTH", "UNIT"],
            }),
            json!({
                "where": top, "groupBy": by,
                "asOf": { "mode": "AS_IT_WAS", "date": format!("{YEAR}-07-31") },
            }),
        ]
    }

    fn targets(&self) -> Vec<Value> {
        let Province { root, office, target, .. } = self.province;
        let mut wheres = by_id(*target);
        wheres.extend([
            json!({ "unitId": { "eq": office } }),
            json!({ "year": { "eq": YEAR }, "measure": { "eq": "AWARDS" } }),
            json!({ "withdrawnOn": { "isNull": true } }),
        ]);
        let mut paths = list(&["year", "createdAt"], wheres);
        paths.push(json!({ "withinUnit": root }));
        paths
    }

    fn movements(&self) -> Vec<Value> {
        let Province { root, office, canary, movement, .. } = self.province;
        let mut wheres = by_id(*movement);
        wheres.extend([
            json!({ "unitId": { "eq": office } }),
            json!({ "name": { "contains": canary } }),
            json!({ "name": { "eq": format!("Phong trào {canary}") } }),
            json!({ "level": { "eq": "UNIT" }, "duration": { "eq": "UNKNOWN" } }),
        ]);
        let mut paths = list(&["launchedOn", "name"], wheres);
        paths.push(json!({ "withinUnit": root }));
        paths
    }

    fn exemplars(&self) -> Vec<Value> {
        let Province { root, office, canary, exemplar, subject, movement, .. } = self.province;
        let mut wheres = by_id(*exemplar);
        wheres.extend([
            json!({ "unitId": { "eq": office } }),
            json!({ "subjectId": { "eq": subject }, "movementId": { "in": [movement] } }),
            json!({ "title": { "contains": canary } }),
            json!({ "kind": { "eq": "PERSON" }, "field": { "eq": canary } }),
        ]);
        let mut paths = list(&["discoveredOn", "title"], wheres);
        paths.push(json!({ "withinUnit": root }));
        paths
    }

    fn proposals(&self) -> Vec<Value> {
        let Province { root, office, canary, board, proposals, .. } = self.province;
        let mut wheres = by_id(proposals[1]);
        wheres.extend([
            json!({ "unitId": { "eq": office } }),
            json!({ "councilId": { "in": [board.id] }, "state": { "eq": "RECOGNISED" } }),
            json!({ "title": { "contains": canary } }),
            json!({ "kind": { "eq": "INITIATIVE" }, "scope": { "eq": "BASE" } }),
        ]);
        let mut paths = list(&["proposedOn", "title"], wheres);
        paths.push(json!({ "withinUnit": root }));
        paths
    }

    fn decisions(&self) -> Vec<Value> {
        let Province { root, decision, .. } = self.province;
        let wheres =
            vec![json!({ "id": { "eq": decision } }), json!({ "id": { "in": [decision] } })];
        let mut paths = list(&["decidedOn", "createdAt"], wheres);
        paths.push(json!({ "withinUnit": root }));
        paths.push(json!({ "where": { "unitId": { "eq": root } } }));
        paths
    }

    fn awards(&self) -> Vec<Value> {
        let Province { root, office, canary, subject, awards, decision, .. } = self.province;
        let mut wheres = by_id(awards.valid);
        wheres.extend([
            json!({ "unitId": { "eq": office } }),
            json!({ "subjectId": { "eq": subject } }),
            json!({ "decisionId": { "in": [decision] } }),
            json!({ "issuerTenantId": { "eq": self.province.id } }),
            json!({ "subjectName": { "eq": format!("Lò Văn Mẫu {canary}") } }),
            json!({ "subjectName": { "contains": canary } }),
        ]);
        wheres.extend([
            json!({ "level": { "notIn": [] }, "family": { "notIn": [] }, "hasOpenProposal": true }),
            json!({ "hasOpenProposal": false }),
        ]);
        let orders = ["createdAt", "decidedOn", "countingTo", "subjectName"];
        let mut paths = list(&orders, wheres);
        paths.push(json!({ "withinUnit": root }));
        paths
    }

    fn submissions(&self) -> Vec<Value> {
        let Province { root, office, canary, submission, .. } = self.province;
        let author = self.province.person(Role::UnitOfficer).id;
        let mut wheres = by_id(submission.id);
        wheres.extend([
            json!({ "unitId": { "eq": office } }),
            json!({ "authorId": { "in": [author] } }),
            json!({ "title": { "eq": format!("Đề nghị khen thưởng {canary}") } }),
            json!({ "title": { "contains": canary } }),
            json!({ "not": { "title": { "eq": canary } } }),
        ]);
        let told =
            ["PREPARING", "SENT", "BEING_APPRAISED", "AT_COUNCIL", "AWAITING_DECISION", "DECIDED"];
        wheres.extend([
            json!({ "dueOn": { "isNull": true } }),
            json!({ "sentAt": { "gte": "2000-01-01T00:00:00Z" } }),
            json!({ "officeStatus": { "in": told } }),
            json!({ "nomineeName": { "contains": canary } }),
            json!({ "subjectId": self.province.subject }),
            json!({ "not": { "awardTypeCode": { "eq": canary } } }),
        ]);
        let mut paths = list(&["createdAt", "sentAt", "year", "number", "title", "dueOn"], wheres);
        paths.push(json!({ "withinUnit": root }));
        paths.push(json!({ "waitingForMe": true }));
        paths
    }

    fn audit_events(&self) -> Vec<Value> {
        let Province { canary, submission, office, root, .. } = self.province;
        let actor = self.province.person(Role::UnitOfficer).id;
        let wheres = vec![
            json!({ "actorId": { "eq": actor } }),
            json!({ "actorId": { "notIn": [actor] } }),
            json!({ "objectId": submission.id }),
            json!({ "unitId": { "eq": office } }),
            json!({ "requestId": { "eq": format!("request-{canary}") } }),
            json!({ "objectType": { "eq": "submission" }, "action": { "eq": "SubmissionCreate" } }),
            json!({ "at": { "gte": "2000-01-01T00:00:00Z" } }),
        ];
        let mut paths = list(&["at"], wheres);
        paths.push(json!({ "withinUnit": root }));
        paths
    }
}

fn one_of_each(mut ids: Vec<Id>) -> Vec<Id> {
    ids.sort_by_key(|id| id.prefix);
    ids.dedup_by_key(|id| id.prefix);
    ids
}

/// As many at a time as the price of one request allows, where everything is asked that each has.
fn together(ids: &[Id]) -> Vec<Value> {
    ids.chunks(2).map(|ids| json!({ "ids": ids })).collect()
}

/// What `nodes` leads to of a cluster alone.
pub(super) fn of_cluster(contest: &Contest) -> Vec<Value> {
    together(&one_of_each(contest_ids(contest).into_iter().map(|(_, id)| id).collect()))
}

/// A list from both ends, with each condition, and in each order.
fn list(orders: &[&str], wheres: Vec<Value>) -> Vec<Value> {
    let by = |key: &str| Value::from_iter([(key.to_owned(), json!({ "direction": "DESC" }))]);
    let every: Vec<Value> = orders.iter().take(3).map(|key| by(key)).collect();
    let mut paths = vec![json!({ "first": PAGE }), json!({ "last": PAGE, "orderBy": every })];
    let ordered = wheres.into_iter().zip(orders.iter().cycle());
    paths.extend(
        ordered.map(|(condition, key)| json!({ "where": condition, "orderBy": [by(key)] })),
    );
    paths
}

/// Conditions on the id of one object, for it and against it.
fn by_id(id: Id) -> Vec<Value> {
    vec![
        json!({ "id": { "eq": id } }),
        json!({ "id": { "neq": id } }),
        json!({ "or": [{ "id": { "eq": id } }, { "id": { "in": [id] } }] }),
    ]
}
