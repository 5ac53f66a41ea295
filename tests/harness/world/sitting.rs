//! Sessions and ballots of the council of a province of a world: planned, sitting, open, closed.
//! No vote is in a box here: those that count are cast through the API.

use anyhow::Result;
use api::access::BoxKey;
use entity::ballot::State;
use entity::ballot_result::Outcome;
use entity::ballot_roll::Mode;
use entity::ballot_rule::Secrecy;
use entity::council_session::{Form, State as Sitting};
use entity::role_grant::Role;
use entity::session_seat::{Invitation, Presence};
use entity::{
    agenda_item, ballot, ballot_candidate, ballot_listed, ballot_register, ballot_result,
    ballot_roll, candidate, council_session, declared_tie, open_vote, paper_count, session_minutes,
    session_paper, session_seat, session_task, tie_decision,
};

use super::duty::Duty;
use super::{Board, Builder, Id, Person, Province, World, YEAR, since, unique};

/// The rule of every ballot of a world, as it is frozen.
pub(super) const RULE: &str = r#"{"quorum":{"numerator":2,"denominator":3},"threshold":{"numerator":1,"denominator":2},"comparison":"MORE_THAN","base":"ALL_MEMBERS","absentee":"WRITTEN_OPINION_COUNTS","recusal":"KEEPS_BASE","max_rounds":2,"after_rounds":"AUTHORITY_DECIDES","tie":"CHAIR_DECIDES","over_quota":"HIGHEST_VOTES","secrecy":"SECRET","citation":"","is_regulation":false}"#;

impl World {
    /// Adds people of a province who are to sit in a council; they hold a role in the division.
    #[must_use]
    pub fn people(&self, province: &Province, count: usize) -> Vec<Person> {
        self.build(async |builder| {
            let mut people = Vec::new();
            for _ in 0..count {
                let duty = Duty::in_unit(Role::UnitOfficer, province.division);
                people.push(builder.person(province, &unique("member"), duty).await?);
            }
            Ok(people)
        })
    }
}

impl Builder {
    /// Sessions in each state, with an agenda, and ballots in each state.
    pub(super) async fn sitting(&self, province: &Province) -> Result<()> {
        let Board { id: council, planned, sitting, idle, closed, inventors, hearing, .. } =
            &province.board;
        for (number, id, state, council) in [
            (1, planned, Sitting::Planned, council),
            (2, sitting, Sitting::Open, council),
            (3, idle, Sitting::Open, council),
            (4, hearing, Sitting::Planned, inventors),
            (5, closed, Sitting::Closed, council),
        ] {
            self.add(council_session::Model {
                tenant_id: province.id.uuid,
                id: id.uuid,
                council_id: council.uuid,
                year: YEAR,
                number,
                title: format!("Kỳ họp {number} {}", province.canary),
                planned_on: since(),
                place: Some(format!("Phòng họp {}", province.canary)),
                form: Form::Meeting,
                state,
                opened_at: (state != Sitting::Planned).then_some(self.now),
                closed_at: (state == Sitting::Closed).then_some(self.now),
                created_by: province.person(Role::CouncilSecretary).id.uuid,
                version: 1,
                cancelled_at: None,
                cancel_reason: Some(format!("Lý do hủy {}", province.canary)),
            })
            .await?;
        }
        self.invitations(province).await?;
        self.minutes(province).await?;
        self.agenda(province).await?;
        let states = [State::Open, State::Closed, State::Counting];
        for (place, state) in states.into_iter().enumerate() {
            self.vote(province, (place, state)).await?;
        }
        self.outcome(province).await
    }

    async fn invitations(&self, province: &Province) -> Result<()> {
        let Board { planned, sitting, invited, seat, .. } = &province.board;
        for (id, session, presence) in [
            (*invited, planned, Presence::Expected),
            (Id::new("SessionSeat"), sitting, Presence::Present),
        ] {
            self.add(session_seat::Model {
                tenant_id: province.id.uuid,
                id: id.uuid,
                council_id: province.board.id.uuid,
                session_id: session.uuid,
                seat_id: seat.uuid,
                position: 1,
                name: format!("Ủy viên {} (mẫu)", province.canary),
                votes: true,
                invitation: Invitation::Sent,
                presence,
                on_paper: false,
                substitute_id: None,
                substitute_name: Some(format!("Người thay {}", province.canary)),
                mandate: Some(format!("Giấy ủy quyền {}", province.canary)),
                version: 1,
            })
            .await?;
        }
        Ok(())
    }

    async fn minutes(&self, province: &Province) -> Result<()> {
        self.add(session_minutes::Model {
            tenant_id: province.id.uuid,
            id: Id::new("SessionMinutes").uuid,
            council_id: province.board.id.uuid,
            session_id: province.board.closed.uuid,
            number: 1,
            content: format!("BIÊN BẢN KỲ HỌP {}", province.canary),
            sha256: "0123456789abcdef".repeat(4),
            chair_post: format!("Chủ tịch {} (mẫu)", province.canary),
            secretary_post: format!("Thư ký {} (mẫu)", province.canary),
            reason: Some(format!("Lý do {}", province.canary)),
            written_by: province.person(Role::CouncilSecretary).id.uuid,
            written_at: self.now,
        })
        .await
    }

    async fn agenda(&self, province: &Province) -> Result<()> {
        let board = &province.board;
        self.add(agenda_item::Model {
            tenant_id: province.id.uuid,
            id: board.item.uuid,
            council_id: board.id.uuid,
            session_id: board.sitting.uuid,
            position: 1,
            kind: agenda_item::Kind::AwardList,
            title: format!("Xét khen thưởng {}", province.canary),
            places: None,
            outcome: None,
            conclusion: Some(format!("Kết luận {}", province.canary)),
            version: 1,
        })
        .await?;
        let higher = self.of_catalogue("BASE_EMULATION_FIGHTER").await?.map(|award| award.id);
        for (position, id) in (1..).zip(board.candidates) {
            self.add(candidate::Model {
                tenant_id: province.id.uuid,
                id: id.uuid,
                council_id: board.id.uuid,
                item_id: board.item.uuid,
                position,
                nominee_id: None,
                unit_id: Some(province.other_office.uuid),
                author_id: None,
                name: format!("Người thứ {position} {} (mẫu)", province.canary),
                identity: None,
                award_type_id: Some(higher.unwrap_or(self.award_type.uuid)),
                award_code: Some("BASE_EMULATION_FIGHTER".to_owned()),
                downgraded_from: None,
                reason: Some(format!("Lý do {}", province.canary)),
                proposal_id: None,
            })
            .await?;
        }
        self.papers(province).await
    }

    async fn papers(&self, province: &Province) -> Result<()> {
        let board = &province.board;
        self.add(session_paper::Model {
            tenant_id: province.id.uuid,
            id: Id::new("SessionPaper").uuid,
            council_id: board.id.uuid,
            session_id: board.sitting.uuid,
            item_id: Some(board.item.uuid),
            title: format!("Tờ trình {}", province.canary),
            file_name: format!("{}.pdf", province.canary),
            media_type: "application/pdf".to_owned(),
            size_bytes: 10,
            sha256: "0123456789abcdef".repeat(4),
            added_by: province.person(Role::CouncilSecretary).id.uuid,
            added_at: self.now,
        })
        .await?;
        self.add(session_task::Model {
            tenant_id: province.id.uuid,
            id: board.task.uuid,
            council_id: board.id.uuid,
            session_id: board.sitting.uuid,
            position: 1,
            task: format!("Nhiệm vụ {}", province.canary),
            owner: format!("Sở {}", province.canary),
            due_on: None,
            state: session_task::State::Open,
            version: 1,
        })
        .await?;
        self.add(declared_tie::Model {
            tenant_id: province.id.uuid,
            id: Id::new("DeclaredTie").uuid,
            council_id: board.id.uuid,
            session_id: board.sitting.uuid,
            item_id: board.item.uuid,
            seat_id: board.vacant.uuid,
            reason: format!("Người thân {}", province.canary),
            declared_by: province.person(Role::CouncilSecretary).id.uuid,
        })
        .await
    }

    #[expect(clippy::too_many_lines, reason = "one row after the other")]
    async fn vote(&self, province: &Province, (place, state): (usize, State)) -> Result<()> {
        let board = &province.board;
        let secretary = province.person(Role::CouncilSecretary).id.uuid;
        let chair = province.person(Role::ProvinceChair).id.uuid;
        self.add(ballot::Model {
            tenant_id: province.id.uuid,
            id: board.ballots[place].uuid,
            council_id: board.id.uuid,
            session_id: board.sitting.uuid,
            item_id: board.item.uuid,
            round: 1,
            state,
            // The one that waits for its confirmation is a show of hands.
            secrecy: if state == State::Counting { Secrecy::Open } else { Secrecy::Secret },
            public_key: BoxKey::new().public,
            members: 1,
            recused: 0,
            recused_present: Some(0),
            voting: 1,
            cut_off_at: None,
            opened_by: secretary,
            opened_at: self.now,
            closed_by: (state != State::Open).then_some(secretary),
            confirmed_by: (state == State::Closed).then_some(chair),
            closed_at: (state == State::Closed).then_some(self.now),
            reconsiders_id: None,
            reason: Some(format!("Lý do {}", province.canary)),
            close_reason: Some(format!("Lý do kết thúc {}", province.canary)),
            version: 1,
        })
        .await?;
        self.add(ballot_candidate::Model {
            tenant_id: province.id.uuid,
            id: board.asked[place].uuid,
            council_id: board.id.uuid,
            ballot_id: board.ballots[place].uuid,
            candidate_id: board.candidates[place % 2].uuid,
            position: 1,
            name: format!("Người {} (mẫu)", province.canary),
            award_code: Some("ADVANCED_LABOURER".to_owned()),
            rule: RULE.to_owned(),
            max_rounds: 2,
            authority_decides: true,
        })
        .await?;
        self.add(ballot_roll::Model {
            tenant_id: province.id.uuid,
            ballot_id: board.ballots[place].uuid,
            seat_id: board.seat.uuid,
            council_id: board.id.uuid,
            user_id: Some(province.person(Role::CouncilMember).id.uuid),
            position: 1,
            name: format!("Ủy viên {} (mẫu)", province.canary),
            mode: Mode::Online,
            reason: None,
        })
        .await
    }

    /// The one vote of the show of hands.
    async fn hand(&self, province: &Province) -> Result<()> {
        let board = &province.board;
        let (tenant_id, ballot_id) = (province.id.uuid, board.ballots[2].uuid);
        let (seat_id, council_id) = (board.seat.uuid, board.id.uuid);
        self.add(ballot_register::Model { tenant_id, ballot_id, seat_id, council_id }).await?;
        self.add(open_vote::Model {
            tenant_id,
            ballot_id,
            seat_id,
            council_id,
            secrecy: Secrecy::Open,
            choices: "Y".to_owned(),
        })
        .await
    }

    /// What came out of the closed ballot.
    #[expect(clippy::too_many_lines, reason = "one row after the other")]
    async fn outcome(&self, province: &Province) -> Result<()> {
        let board = &province.board;
        let (tenant_id, ballot_id) = (province.id.uuid, board.ballots[1].uuid);
        let council_id = board.id.uuid;
        let seat_id = board.seat.uuid;
        self.add(ballot_register::Model { tenant_id, ballot_id, seat_id, council_id }).await?;
        self.hand(province).await?;
        let (receipt, choices) = (province.canary.clone(), None);
        self.add(ballot_listed::Model { tenant_id, ballot_id, receipt, choices }).await?;
        self.add(ballot_result::Model {
            tenant_id,
            id: Id::new("BallotResult").uuid,
            council_id,
            ballot_id,
            ballot_candidate_id: board.asked[1].uuid,
            position: 1,
            yes: None,
            no: None,
            abstain: None,
            invalid: None,
            base: 1,
            needed: 1,
            outcome: Outcome::Failed,
        })
        .await?;
        self.add(tie_decision::Model {
            tenant_id,
            id: Id::new("TieDecision").uuid,
            council_id,
            ballot_id,
            ballot_candidate_id: board.asked[1].uuid,
            is_taken: false,
            reason: format!("Lý do của Chủ tịch {}", province.canary),
            decided_by: province.person(Role::ProvinceChair).id.uuid,
            decided_by_name: format!("Chủ tịch {} (mẫu)", province.canary),
            decided_at: self.now,
        })
        .await?;
        self.add(paper_count::Model {
            tenant_id,
            id: Id::new("PaperCount").uuid,
            council_id,
            ballot_id,
            entered_by: province.person(Role::CouncilSecretary).id.uuid,
            issued: 0,
            returned: 0,
            missing: 0,
            valid: 0,
            invalid: 0,
            votes: "[[0,0,0]]".to_owned(),
            entered_at: self.now,
        })
        .await
    }
}
