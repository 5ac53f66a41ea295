//! Inputs of mutations that fit: each would do its work for someone who may do it, on objects of one province.
//! No one enters here who sends them.

use entity::submission::State;
use entity::{award, cluster_member, criteria_set, criterion};
use harness::world::{Contest, Id, Province, Submission, World, YEAR};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use serde_json::{Value, json};

/// Objects of one province to be written to.
pub(crate) struct Fitting<'w> {
    pub(crate) world: &'w World,
    pub(crate) province: &'w Province,
    /// A draft of a criteria set in the cluster of the province, for the year after [`YEAR`].
    pub(crate) draft: Id,
    /// An invitation of the province to the crossing cluster.
    pub(crate) invitation: Id,
    /// The submission that is written to.
    pub(crate) submission: Submission,
}

impl<'w> Fitting<'w> {
    /// Adds to a world what it lacks: a draft, and an open invitation.
    pub(crate) fn new(world: &'w World, province: &'w Province) -> Self {
        let draft = draft(world, &province.cluster);
        let invitation = invitation(world, province);
        Self { world, province, draft, invitation, submission: province.submission.clone() }
    }

    /// The state in which a submission must be for this mutation; none when it is about no submission.
    pub(crate) fn state(mutation: &str) -> Option<State> {
        Some(match mutation {
            "submissionUpdate" | "submissionSend" | "nomineeAdd" | "nomineeUpdate"
            | "nomineeRemove" | "documentAdd" | "documentRemove" => State::Draft,
            "submissionRecall" | "submissionReceive" | "submissionReturn" => State::Sent,
            "submissionAppraise" => State::Received,
            "submissionApprove" | "submissionReject" | "sessionPlan" | "agendaItemAdd" => {
                State::Appraised
            }
            "decisionIssue" => State::Approved,
            _ => return None,
        })
    }

    /// Inputs of a mutation, the plainest first; none for those that end or begin a session.
    pub(crate) fn inputs(&self, mutation: &str) -> Vec<Value> {
        let found = self
            .of_accounts(mutation)
            .or_else(|| self.of_units(mutation))
            .or_else(|| self.of_clusters(mutation))
            .or_else(|| self.of_criteria(mutation))
            .or_else(|| self.of_scores(mutation))
            .or_else(|| self.of_plans(mutation))
            .or_else(|| self.of_notices(mutation))
            .or_else(|| self.of_subjects(mutation))
            .or_else(|| self.of_registry(mutation))
            .or_else(|| self.of_submissions(mutation))
            .or_else(|| crate::onward::fitting(self, mutation))
            .or_else(|| crate::own_bonus::fitting(self, mutation))
            .or_else(|| crate::initiative::fitting(self, mutation))
            .or_else(|| crate::council::fitting(self, mutation));
        found.unwrap_or_else(|| panic!("no input fits {mutation}: write one here"))
    }

    fn of_accounts(&self, mutation: &str) -> Option<Vec<Value>> {
        let Province { neighbour, division, cluster, .. } = self.province;
        Some(match mutation {
            "signIn"
            | "signInConfirm"
            | "sessionRefresh"
            | "signOut"
            | "secondFactorEnrol"
            | "secondFactorConfirm"
            | "externalSignInStart"
            | "externalSignIn"
            | "identityLink" => {
                vec![]
            }
            "passwordChange" => vec![json!({
                "currentPassword": harness::people::PASSWORD, "newPassword": "một mật khẩu mới dài",
            })],
            "userCreate" => vec![json!({
                "username": "nguoi.moi", "displayName": "Người mới (mẫu)",
                "password": "một mật khẩu mới dài",
            })],
            // The version of one who was deactivated before.
            "userDeactivate" | "userReactivate" => {
                let version = if mutation == "userDeactivate" { 1 } else { 2 };
                vec![json!({
                    "id": neighbour.id, "expectedVersion": version, "reason": "Nghỉ phép dài ngày",
                })]
            }
            "secondFactorReset" | "identityUnlink" => {
                vec![json!({ "userId": neighbour.id, "reason": "Mất điện thoại" })]
            }
            "signInSettingUpdate" => {
                vec![json!({ "secondFactorRequired": false, "expectedVersion": 0 })]
            }
            "sessionsRevoke" => vec![json!({ "userId": neighbour.id })],
            "grantCreate" => vec![
                json!({ "userId": neighbour.id, "role": "UNIT_HEAD", "unitId": division }),
                json!({ "userId": neighbour.id, "role": "CLUSTER_DEPUTY", "clusterId": cluster.id }),
                json!({ "userId": neighbour.id, "role": "COUNCIL_MEMBER", "councilId": self.province.board.id }),
            ],
            "grantRevoke" => vec![json!({ "id": neighbour.grant, "expectedVersion": 1 })],
            _ => return None,
        })
    }

    fn of_units(&self, mutation: &str) -> Option<Vec<Value>> {
        let Province { office, division, other_office, .. } = self.province;
        let new = |more: &Value| {
            let new = json!({
                "parentId": office, "code": "moi", "name": "Phòng mới", "kind": "DIVISION",
                "validFrom": "2026-01-01",
            });
            with(new, more)
        };
        let close = |more: &Value| {
            let close = json!({
                "id": division, "expectedVersion": 1, "validTo": "2026-12-31", "reason": "Sáp nhập",
            });
            with(close, more)
        };
        Some(match mutation {
            "unitCreate" => vec![new(&json!({})), new(&json!({ "predecessorIds": [division] }))],
            "unitUpdate" => {
                vec![json!({ "id": other_office, "expectedVersion": 1, "name": "Tên sửa" })]
            }
            "unitClose" => {
                vec![close(&json!({})), close(&json!({ "successorIds": [other_office] }))]
            }
            _ => return None,
        })
    }

    fn of_clusters(&self, mutation: &str) -> Option<Vec<Value>> {
        let Province { root, division, cluster, neighbour, .. } = self.province;
        let (first, last) = (&cluster.seats[0], &cluster.seats[1]);
        Some(match mutation {
            "clusterCreate" => vec![json!({
                "code": "moi", "name": "Cụm mới", "kind": "CLUSTER", "structure": "moi",
                "validFrom": "2026-01-01",
            })],
            "clusterUpdate" => {
                vec![json!({ "id": cluster.id, "expectedVersion": 1, "name": "Tên sửa" })]
            }
            "clusterMemberAdd" => vec![json!({
                "clusterId": cluster.id, "unitId": division, "validFrom": "2026-01-01",
            })],
            "clusterMemberAccept" => [self.invitation, last.id]
                .map(|member| json!({ "memberId": member, "expectedVersion": 1, "unitId": root }))
                .to_vec(),
            "clusterMemberRemove" => vec![json!({
                "memberId": last.id, "expectedVersion": 1, "validTo": "2026-12-31",
                "reason": "Chuyển cụm",
            })],
            "clusterHeadAppoint" => vec![json!({
                "clusterId": cluster.id, "year": YEAR + 1, "memberId": first.id,
                "position": "DEPUTY", "actingUserIds": [neighbour.id],
            })],
            _ => return None,
        })
    }

    fn of_criteria(&self, mutation: &str) -> Option<Vec<Value>> {
        let cluster = &self.province.cluster;
        let new = |more: &Value| {
            let new = json!({ "clusterId": cluster.id, "year": YEAR + 1, "name": "Bảng mới" });
            with(new, more)
        };
        let draft = json!({ "id": self.draft, "expectedVersion": 1 });
        Some(match mutation {
            "criteriaSetCreate" => vec![
                new(&json!({ "criteria": [
                    { "code": "1", "name": "Tiêu chí", "max": "10", "kind": "DIRECT" },
                ] })),
                new(&json!({ "copyFromId": cluster.set })),
            ],
            "criteriaSetUpdate" => vec![with(draft, &json!({ "name": "Tên sửa" }))],
            "criteriaSetLock" => vec![with(draft, &json!({ "expectedVersion": version(self) }))],
            _ => return None,
        })
    }

    fn of_scores(&self, mutation: &str) -> Option<Vec<Value>> {
        let cluster = &self.province.cluster;
        let (first, last) = (&cluster.seats[0], &cluster.seats[1]);
        let of = |more: &Value| with(json!({ "clusterId": cluster.id, "year": YEAR }), more);
        let score = |place: usize, version: Option<i32>| {
            json!([{
                "criterion": format!("{place}-{}", cluster.canary), "value": "4",
                "reason": "Chấm lại", "expectedVersion": version,
            }])
        };
        let publish =
            |more: &Value| with(of(&json!({ "expectedVersion": 1, "state": "PROVISIONAL" })), more);
        Some(match mutation {
            "scoreSelfRecord" => {
                vec![of(&json!({ "memberId": first.id, "scores": score(1, Some(1)) }))]
            }
            "scorePeerRecord" => vec![of(&json!({
                "assessorMemberId": first.id, "memberId": last.id, "scores": score(2, None),
            }))],
            "scoreVerify" => vec![of(&json!({ "memberId": first.id, "scores": score(3, None) }))],
            "scorePeerAssign" => {
                vec![of(&json!({ "assessorMemberId": first.id, "memberIds": [last.id] }))]
            }
            "comparisonPublish" => {
                vec![publish(&json!({})), publish(&json!({ "ballot": [last.id, first.id] }))]
            }
            _ => return None,
        })
    }

    fn of_plans(&self, mutation: &str) -> Option<Vec<Value>> {
        let Province { root, office, target, movement, cluster, .. } = self.province;
        let Province { exemplar, subject, awards, .. } = self.province;
        let plan = json!({
            "unitId": office, "year": YEAR, "measure": "AD_HOC_SHARE", "value": "30",
            "source": "Kế hoạch 12/KH-UBND", "sourceOn": "2025-01-10",
        });
        Some(match mutation {
            "awardTargetCreate" => {
                vec![plan.clone(), with(plan, &json!({ "unitId": root, "clusterId": cluster.id }))]
            }
            "awardTargetUpdate" => vec![json!({
                "id": target, "expectedVersion": 1, "value": "4", "reason": "Kế hoạch sửa đổi",
            })],
            "movementCreate" => vec![json!({
                "unitId": office, "name": "Phong trào mới", "launchedOn": "2026-01-01",
            })],
            "exemplarCreate" => vec![json!({
                "unitId": office, "kind": "GOOD_DEED", "title": "Người tốt", "subjectId": subject,
                "awardId": awards.valid, "movementId": movement, "discoveredOn": "2025-03-01",
            })],
            "exemplarStepAdd" => vec![
                json!({
                    "exemplarId": exemplar, "expectedSteps": 2, "stage": "REVIEWED", "on": "2025-03-01",
                }),
                json!({
                    "exemplarId": exemplar, "expectedSteps": 2, "stage": "SPREAD", "on": "2025-03-01",
                    "spreadToId": office,
                }),
            ],
            "movementUpdate" => {
                vec![json!({ "id": movement, "expectedVersion": 1, "endsOn": "2026-12-31" })]
            }
            _ => return None,
        })
    }

    fn of_notices(&self, mutation: &str) -> Option<Vec<Value>> {
        let Province { submission, notice, complaint, .. } = self.province;
        Some(match mutation {
            "noticeRuleSet" => {
                vec![json!({ "days": 5, "citation": "Quy chế", "validFrom": "2090-01-01" })]
            }
            "noticeRuleEnd" => vec![end(self.province.notice_rule, "validTo")],
            "noticeOpen" => vec![json!({
                "submissionId": submission.id, "place": "Bảng tin",
                "openedOn": crate::assembly::today(), "lastOn": crate::assembly::today(),
            })],
            "complaintFile" => vec![json!({
                "noticeId": notice, "complainant": "Bà Mẫu", "content": "Không đúng",
                "filedOn": "2025-01-02",
            })],
            "complaintStepAdd" => {
                vec![
                    json!({ "complaintId": complaint, "kind": "DISMISSED", "words": "Không có cơ sở" }),
                ]
            }
            _ => return None,
        })
    }

    fn of_quotas(&self, mutation: &str) -> Option<Vec<Value>> {
        let Province { office, quota, .. } = self.province;
        Some(match mutation {
            "quotaCreate" => vec![json!({
                "awardTypeCode": "COMMEMORATIVE_MEDAL", "base": "COUNT", "most": 3,
                "unitKind": "CENTRE", "citation": "Quy chế", "validFrom": "2026-01-01",
            })],
            "quotaEnd" => vec![end(*quota, "validTo")],
            "quotaBasisRecord" => vec![json!({
                "unitId": office, "year": YEAR, "base": "PARTICIPANTS", "subjectKind": "INDIVIDUAL",
                "number": 20, "source": "Báo cáo",
            })],
            "quotaWaive" => vec![json!({
                "quotaId": quota, "unitId": office, "year": YEAR, "extra": 1, "reason": "Nổi bật",
            })],
            "fundEntryRecord" => vec![json!({
                "unitId": office, "year": YEAR, "direction": "IN", "purpose": "CONTRIBUTION",
                "amount": "1000000", "on": "2025-03-01",
            })],
            _ => return None,
        })
    }

    fn of_subjects(&self, mutation: &str) -> Option<Vec<Value>> {
        let Province { office, division, subject, records, .. } = self.province;
        Some(match mutation {
            "subjectCreate" => vec![json!({
                "kind": "INDIVIDUAL", "name": "Giàng A Mẫu", "unitId": office, "sex": "MALE",
            })],
            "subjectUpdate" => {
                let update = json!({ "id": subject, "expectedVersion": 1, "manager": true });
                let named = json!({ "userId": self.province.neighbour.id });
                vec![
                    update.clone(),
                    with(update.clone(), &json!({ "unitId": division })),
                    with(update, &named),
                ]
            }
            "yearRecordRecord" => vec![json!({
                "subjectId": subject, "year": YEAR, "expectedVersion": 1,
                "completionRating": "EXCELLENT",
            })],
            "disciplineRecord" => vec![json!({
                "subjectId": subject, "stage": "IMPOSED", "form": "REPRIMAND", "fromDay": "2026-01-01", "endDay": "2026-02-01",
            })],
            "disciplineClose" => vec![json!({
                "id": records.pending, "expectedVersion": 1, "stage": "CLEARED",
                "endDay": "2026-02-01",
            })],
            "initiativeRecognise" => vec![json!({
                "unitId": office, "title": "Sáng kiến mới", "scope": "BASE",
                "recognisedBy": "Hội đồng", "recognisedOn": "2026-01-01", "authorIds": [subject],
            })],
            "initiativeUse" => vec![json!({
                "id": records.initiative, "expectedVersion": 1,
                "awardTypeCode": "BASE_EMULATION_FIGHTER", "year": YEAR,
            })],
            "clearanceAsk" => {
                vec![json!({ "subjectId": subject, "year": YEAR, "source": "POLICE" })]
            }
            "clearanceAnswer" => vec![json!({
                "id": records.unanswered, "expectedVersion": 1, "answeredBy": "Thuế",
                "isBlocking": false,
            })],
            _ => return self.of_law(mutation),
        })
    }

    /// What a tenant adds to the law.
    fn of_law(&self, mutation: &str) -> Option<Vec<Value>> {
        Some(match mutation {
            "eligibilityRuleCreate" => vec![json!({
                "nameVi": "Thêm", "nameEn": "More", "tree": "\"no_open_case\"",
                "citation": "Quy chế", "validFrom": "2026-01-01",
            })],
            "eligibilityRuleEnd" => vec![end(self.province.rule, "validTo")],
            "awardTypeCreate" => vec![json!({
                "origin": "LOCAL", "code": "GOOD_NEIGHBOUR", "name": "Láng giềng tốt", "nameEn": "Good neighbour",
                "level": "BASE", "subjectKinds": ["INDIVIDUAL"], "commendationTypes": ["MERIT"],
                "decidedBy": ["UNIT_HEAD"], "citation": "Quy chế", "validFrom": "2026-01-01",
            })],
            "awardTypeEnd" => vec![end(self.province.honour, "validTo")],
            "legalDocumentEnd" => vec![end(self.province.document, "expiredOn")],
            "legalDocumentCreate" => vec![json!({
                "number": "02/2026", "kind": "REGULATION", "issuer": "Hội đồng", "title": "Quy chế",
            })],
            _ => return self.of_quotas(mutation),
        })
    }

    fn of_registry(&self, mutation: &str) -> Option<Vec<Value>> {
        let Province { office, subject, awards, .. } = self.province;
        let paper = json!({ "symbol": "QĐ-VP", "decidedOn": "2026-01-20" });
        let act = |id: Id| json!({ "id": id, "expectedVersion": self.award_version(id), "decision": paper });
        let because = |id: Id| with(act(id), &json!({ "reason": "Theo đơn" }));
        let issue = |more: &Value| with(json!({ "unitId": office, "paper": paper }), more);
        let propose = |id: Id| json!({ "id": id, "expectedVersion": self.award_version(id), "reason": "Kết luận" });
        let row = json!({ "awardType": "ADVANCED_LABOURER", "countingFrom": 2018 });
        Some(match mutation {
            "decisionIssue" => vec![
                issue(&json!({ "awards": [{
                    "subjectId": subject, "awardTypeId": self.world.award_type,
                    "countingFrom": YEAR + 1,
                }] })),
                issue(&json!({ "submissionIds": [self.submission.id] })),
            ],
            "awardCorrect" => vec![
                with(because(awards.valid), &json!({ "subjectName": "Tên đúng" })),
                with(because(awards.valid), &json!({ "subjectId": subject })),
            ],
            "awardCancelPropose" => {
                vec![with(propose(awards.valid), &json!({ "ground": "FORGED_PAPERS" }))]
            }
            "awardRevokePropose" => vec![propose(awards.valid)],
            "awardCancelConfirm" => vec![act(awards.cancelling)],
            "awardRevokeConfirm" => vec![act(awards.revoking)],
            "awardRestorePropose" => vec![propose(awards.revoked)],
            "awardRestoreConfirm" => vec![act(awards.revoked)],
            "awardReissue" => vec![because(awards.valid)],
            "awardsImport" => vec![
                json!({ "rows": [with(row.clone(), &json!({ "unitId": office }))] }),
                json!({ "rows": [with(row, &json!({ "unitId": office, "subjectId": subject }))] }),
            ],
            _ => return None,
        })
    }

    /// The version of an award, which may have been changed before.
    fn award_version(&self, id: Id) -> i32 {
        let this = Condition::all().add(award::Column::Id.eq(id.uuid));
        self.world.ground.rows::<award::Entity>(this).unwrap()[0].version
    }

    fn of_submissions(&self, mutation: &str) -> Option<Vec<Value>> {
        let Submission { id, nominees, document } = &self.submission;
        let step = json!({ "id": id, "expectedVersion": 1 });
        let nominee = json!({
            "kind": "INDIVIDUAL", "name": "Lò Thị Mẫu", "awardTypeId": self.world.award_type,
            "subjectId": self.province.subject,
        });
        let file = json!({
            "title": "Biên bản", "fileName": "bien-ban.pdf", "mediaType": "application/pdf",
            "sizeBytes": "10", "sha256": "0123456789abcdef".repeat(4),
        });
        Some(vec![match mutation {
            "submissionCreate" => json!({
                "unitId": self.province.office, "title": "Đề nghị mới", "year": YEAR + 1,
                "nominees": [nominee],
            }),
            "submissionUpdate" => with(step, &json!({ "note": "Sửa" })),
            "nomineeAdd" => json!({ "submissionId": id, "nominee": nominee }),
            "nomineeUpdate" => json!({ "id": nominees[0], "expectedVersion": 1, "post": "Sửa" }),
            "nomineeRemove" => json!({ "id": nominees[1], "expectedVersion": 1 }),
            "documentAdd" => json!({ "submissionId": id, "document": file }),
            "documentRemove" => json!({ "id": document }),
            "submissionSend" | "submissionRecall" | "submissionReceive" | "submissionAppraise"
            | "submissionApprove" => step,
            "submissionReturn" | "submissionReject" => with(step, &json!({ "reason": "Thiếu" })),
            _ => return crate::condition::fitting(self, mutation),
        }])
    }
}

/// An input with more fields.
fn with(mut input: Value, more: &Value) -> Value {
    let fields = more.as_object().into_iter().flatten();
    input.as_object_mut().unwrap().extend(fields.map(|(name, it)| (name.clone(), it.clone())));
    input
}

/// The version of the draft, which may have been changed before it is locked.
fn version(fitting: &Fitting<'_>) -> i32 {
    let draft = Condition::all().add(criteria_set::Column::Id.eq(fitting.draft.uuid));
    fitting.world.ground.rows::<criteria_set::Entity>(draft).unwrap()[0].version
}

/// A copy of the locked set of a cluster, for the next year and not locked.
fn draft(world: &World, contest: &Contest) -> Id {
    let ground = &world.ground;
    let this = Condition::all().add(criteria_set::Column::Id.eq(contest.set.uuid));
    let locked = ground.rows::<criteria_set::Entity>(this).unwrap().remove(0);
    let draft = Id::new("CriteriaSet");
    ground
        .add(criteria_set::Model {
            id: draft.uuid,
            year: YEAR + 1,
            state: criteria_set::State::Draft,
            locked_at: None,
            version: 1,
            ..locked
        })
        .unwrap();
    let of_set = Condition::all().add(criterion::Column::SetId.eq(contest.set.uuid));
    for row in ground.rows::<criterion::Entity>(of_set).unwrap() {
        let id = Id::new("Criterion").uuid;
        ground.add(criterion::Model { id, set_id: draft.uuid, ..row }).unwrap();
    }
    draft
}

fn invitation(world: &World, province: &Province) -> Id {
    let crossing = &world.crossing;
    let member = Id::new("ClusterMember");
    let this = Condition::all().add(cluster_member::Column::Id.eq(crossing.seats[0].id.uuid));
    let seat = world.ground.rows::<cluster_member::Entity>(this).unwrap().remove(0);
    world
        .ground
        .add(cluster_member::Model {
            id: member.uuid,
            tenant_id: province.id.uuid,
            unit_id: None,
            name: format!("Khách mời {}", province.slug),
            position: 9,
            ..seat
        })
        .unwrap();
    member
}

/// The end of something that nobody has changed yet.
fn end(id: Id, last: &str) -> Value {
    json!({ "id": id, "expectedVersion": 1, last: "2099-12-31" })
}
