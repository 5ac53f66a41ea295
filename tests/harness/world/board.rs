//! The council of a province of a world: its seats, and who holds one of them.
//! No cluster enters here.

use anyhow::Result;
use entity::ballot_rule::{
    Absentee, AfterRounds, Base, Comparison, OverQuota, Recusal, Secrecy, Tie,
};
use entity::role_grant::Role;
use entity::{ballot_rule, council, council_seat, seat_holder};

use super::{Builder, Id, Province, World, since};

/// A council with two seats.
#[derive(Clone, Debug)]
pub struct Board {
    /// The council.
    pub id: Id,
    /// Its standing part.
    pub standing: Id,
    /// The seat of the person who is [`Role::CouncilMember`].
    pub seat: Id,
    /// A seat without holder.
    pub vacant: Id,
    /// Who holds [`Board::seat`].
    pub holder: Id,
    /// A session that is planned.
    pub planned: Id,
    /// The invitation to it of [`Board::seat`].
    pub invited: Id,
    /// A session that sits, with [`Board::item`].
    pub sitting: Id,
    /// A session that sits, without agenda.
    pub idle: Id,
    /// A session that is closed, with its minutes.
    pub closed: Id,
    /// The award list of [`Board::sitting`].
    pub item: Id,
    /// Its candidates: of the open ballot, of the closed one, and of none.
    pub candidates: [Id; 3],
    /// The open and the closed ballot, and one that waits for its confirmation.
    pub ballots: [Id; 3],
    /// What is voted on in each.
    pub asked: [Id; 3],
    /// A task of [`Board::sitting`].
    pub task: Id,
    /// A council of initiatives.
    pub inventors: Id,
    /// A session of [`Board::inventors`] that is planned.
    pub hearing: Id,
    /// What its regulation asks of a ballot on a title.
    pub rule: Id,
}

impl Board {
    pub(super) fn new() -> Self {
        Self {
            id: Id::new("Council"),
            standing: Id::new("Council"),
            seat: Id::new("CouncilSeat"),
            vacant: Id::new("CouncilSeat"),
            holder: Id::new("SeatHolder"),
            planned: Id::new("CouncilSession"),
            invited: Id::new("SessionSeat"),
            sitting: Id::new("CouncilSession"),
            idle: Id::new("CouncilSession"),
            closed: Id::new("CouncilSession"),
            item: Id::new("AgendaItem"),
            candidates: [(); 3].map(|()| Id::new("Candidate")),
            ballots: [(); 3].map(|()| Id::new("Ballot")),
            asked: [(); 3].map(|()| Id::new("BallotCandidate")),
            task: Id::new("SessionTask"),
            inventors: Id::new("Council"),
            hearing: Id::new("CouncilSession"),
            rule: Id::new("BallotRule"),
        }
    }

    /// Everything of the council that `node` does not read.
    #[must_use]
    pub fn parts(&self) -> Vec<Id> {
        let single = [
            self.standing,
            self.seat,
            self.vacant,
            self.holder,
            self.invited,
            self.item,
            self.task,
        ];
        single.into_iter().chain(self.candidates).chain(self.asked).collect()
    }
}

impl World {
    /// Makes the seat of the member of the council of a province one that presides.
    pub fn presides(&self, province: &Province) {
        let seat = province.board.seat.uuid;
        let key = if self.ground.is_postgres() {
            format!("'{seat}'")
        } else {
            format!("X'{}'", seat.simple())
        };
        let sql = format!("UPDATE council_seat SET role = 'VICE' WHERE id = {key}");
        self.ground.query(&sql).unwrap();
    }
}

impl Builder {
    /// The council and its seats; who sits there comes with [`Builder::holder`].
    pub(super) async fn board(&self, province: &Province) -> Result<()> {
        let Board { id, seat, vacant, .. } = &province.board;
        let Board { standing, inventors, .. } = province.board;
        let usual = council::Kind::Province;
        for (id, parent_id, what, kind) in [
            (*id, None, "Hội đồng", usual),
            (standing, Some(id.uuid), "Thường trực", usual),
            (inventors, None, "Hội đồng sáng kiến", council::Kind::Initiative),
        ] {
            let name = format!("{what} {}", province.canary);
            self.add(council::Model {
                tenant_id: province.id.uuid,
                id: id.uuid,
                unit_id: None,
                parent_id,
                kind,
                name_search: api::text::search_form(&name),
                name,
                valid_from: since(),
                valid_to: None,
                version: 1,
            })
            .await?;
        }
        for (position, seat) in [(1, seat), (2, vacant)] {
            self.add(council_seat::Model {
                tenant_id: province.id.uuid,
                id: seat.uuid,
                council_id: id.uuid,
                position,
                post_title: format!("Giám đốc {position} {}", province.canary),
                organisation: format!("Sở {position} {}", province.canary),
                unit_id: None,
                role: council_seat::Role::Member,
                valid_from: since(),
                valid_to: None,
                version: 1,
            })
            .await?;
        }
        self.regulation(province).await
    }

    async fn regulation(&self, province: &Province) -> Result<()> {
        self.add(ballot_rule::Model {
            tenant_id: province.id.uuid,
            id: province.board.rule.uuid,
            council_id: province.board.id.uuid,
            award_code: Some("NATIONAL_EMULATION_FIGHTER".to_owned()),
            quorum_numerator: 2,
            quorum_denominator: 3,
            threshold_numerator: 9,
            threshold_denominator: 10,
            comparison: Comparison::AtLeast,
            base: Base::AllMembers,
            absentee: Absentee::WrittenOpinionCounts,
            recusal: Recusal::KeepsBase,
            max_rounds: 2,
            after_rounds: AfterRounds::AuthorityDecides,
            tie: Tie::ChairDecides,
            over_quota: OverQuota::HighestVotes,
            secrecy: Secrecy::Secret,
            citation: format!("Quy chế {}", province.canary),
            valid_from: since(),
            valid_to: None,
            version: 1,
        })
        .await
    }

    pub(super) async fn holder(&self, province: &Province) -> Result<()> {
        let Board { id, seat, holder, .. } = &province.board;
        let person = province.person(Role::CouncilMember);
        self.add(seat_holder::Model {
            tenant_id: province.id.uuid,
            id: holder.uuid,
            council_id: id.uuid,
            seat_id: seat.uuid,
            user_id: person.id.uuid,
            holder_name: format!("Ủy viên {} (mẫu)", province.canary),
            is_acting: false,
            grant_id: person.grant.uuid,
            valid_from: since(),
            valid_to: None,
            version: 1,
        })
        .await
    }
}
