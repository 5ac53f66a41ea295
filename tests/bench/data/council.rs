//! A council in session with open ballots on a list of nominees, as many as are voted on.
//! No vote is cast here.

use anyhow::{Context, Result};
use api::access::BoxKey;
use entity::ballot::State;
use entity::ballot_roll::Mode;
use entity::ballot_rule::Secrecy;
use entity::council_session::{Form, State as Sitting};
use entity::role_grant::Role;
use entity::{
    agenda_item, ballot, ballot_candidate, ballot_roll, candidate, council, council_seat,
    council_session, role_grant, seat_holder,
};
use uuid::Uuid;

use super::territory::Person;
use super::writer::Writer;
use super::{Maker, YEAR, day, moment};

/// Seats, and as many voters.
const SEATS: i32 = 8;
/// Nominees on each ballot.
pub(crate) const LIST: usize = 20;
/// The rule of every nominee, as it is frozen: more than half of all members.
const RULE: &str = r#"{"quorum":{"numerator":2,"denominator":3},"threshold":{"numerator":1,"denominator":2},"comparison":"MORE_THAN","base":"ALL_MEMBERS","absentee":"WRITTEN_OPINION_COUNTS","recusal":"KEEPS_BASE","max_rounds":2,"after_rounds":"AUTHORITY_DECIDES","tie":"CHAIR_DECIDES","over_quota":"HIGHEST_VOTES","secrecy":"SECRET","citation":"","is_regulation":false}"#;

/// What casting is about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hall {
    pub(crate) tenant: Uuid,
    pub(crate) slug: String,
    /// Names at sign-in and seats.
    pub(crate) voters: Vec<(String, Uuid)>,
    /// Open ballots, each with the lines that are voted on.
    pub(crate) ballots: Vec<(Uuid, Vec<Uuid>)>,
}

/// Ids that everything of one council names.
#[derive(Clone, Copy)]
struct House {
    tenant_id: Uuid,
    council_id: Uuid,
    session_id: Uuid,
    item_id: Uuid,
    secretary: Uuid,
}

impl Maker {
    pub(super) fn council(&mut self, writer: &mut Writer<'_>) -> Result<()> {
        let province = self.provinces.first().context("no province")?;
        let (tenant_id, slug, secretary) =
            (province.tenant, province.slug.clone(), province.author);
        let [council_id, session_id, item_id] = [(); 3].map(|()| self.new_id());
        let house = House { tenant_id, council_id, session_id, item_id, secretary };
        writer.add(vec![the_council(house)])?;
        writer.add(vec![session(house)])?;
        writer.add(vec![item(house)])?;
        let mut voters = Vec::new();
        let mut users = Vec::new();
        for position in 1..=SEATS {
            let (username, seat, user) = self.voter(writer, house, position)?;
            voters.push((username, seat));
            users.push((seat, user));
        }
        let candidates: Vec<candidate::Model> = (1..)
            .take(LIST)
            .map(|position| self.candidate(house, position))
            .collect::<Result<_>>()?;
        writer.add(candidates.clone())?;
        let mut ballots = Vec::new();
        for _ in 0..self.size.ballots {
            ballots.push(self.ballot(writer, house, (&users, &candidates))?);
        }
        self.targets.hall = Hall { tenant: tenant_id, slug, voters, ballots };
        writer.say("a council with open ballots");
        Ok(())
    }

    #[expect(clippy::too_many_lines, reason = "one row after the other")]
    fn voter(
        &mut self,
        writer: &mut Writer<'_>,
        house: House,
        position: i32,
    ) -> Result<(String, Uuid, Uuid)> {
        let House { tenant_id, council_id, .. } = house;
        let username = format!("bench.member.{position}");
        let member = Person {
            tenant: tenant_id,
            username: &username,
            role: Role::UnitOfficer,
            unit: Some(self.provinces[0].offices[0].0),
            cluster: None,
        };
        let user_id = self.person(writer, &member)?;
        let (seat_id, grant_id) = (self.new_id(), self.new_id());
        writer.add(vec![role_grant::Model {
            tenant_id,
            id: grant_id,
            user_id,
            role: Role::CouncilMember,
            unit_id: None,
            cluster_id: None,
            council_id: Some(council_id),
            valid_from: day(2025, 1, 1),
            valid_to: None,
            granted_by: None,
            revoked_at: None,
            version: 1,
        }])?;
        writer.add(vec![council_seat::Model {
            tenant_id,
            id: seat_id,
            council_id,
            position,
            post_title: format!("Giám đốc Sở {position} (mẫu)"),
            organisation: format!("Sở {position} (mẫu)"),
            unit_id: None,
            role: council_seat::Role::Member,
            valid_from: day(2025, 1, 1),
            valid_to: None,
            version: 1,
        }])?;
        writer.add(vec![seat_holder::Model {
            tenant_id,
            id: self.new_id(),
            council_id,
            seat_id,
            user_id,
            holder_name: format!("Ủy viên {position} (mẫu)"),
            is_acting: false,
            grant_id,
            valid_from: day(2025, 1, 1),
            valid_to: None,
            version: 1,
        }])?;
        Ok((username, seat_id, user_id))
    }

    fn candidate(&mut self, house: House, position: i32) -> Result<candidate::Model> {
        Ok(candidate::Model {
            tenant_id: house.tenant_id,
            id: self.new_id(),
            council_id: house.council_id,
            item_id: house.item_id,
            position,
            nominee_id: None,
            unit_id: None,
            author_id: None,
            name: format!("Người thứ {position} (mẫu)"),
            identity: None,
            award_type_id: Some(self.title("PROVINCIAL_CERTIFICATE")?.id),
            award_code: Some("PROVINCIAL_CERTIFICATE".to_owned()),
            proposal_id: None,
            downgraded_from: None,
            reason: None,
        })
    }

    fn ballot(
        &mut self,
        writer: &mut Writer<'_>,
        house: House,
        (users, candidates): (&[(Uuid, Uuid)], &[candidate::Model]),
    ) -> Result<(Uuid, Vec<Uuid>)> {
        let House { tenant_id, council_id, .. } = house;
        let id = self.new_id();
        writer.add(vec![open(house, id)])?;
        let asked = candidates.iter().map(|of| ballot_candidate::Model {
            tenant_id,
            id: self.new_id(),
            council_id,
            ballot_id: id,
            candidate_id: of.id,
            position: of.position,
            name: of.name.clone(),
            award_code: of.award_code.clone(),
            rule: RULE.to_owned(),
            max_rounds: 2,
            authority_decides: true,
        });
        let asked: Vec<ballot_candidate::Model> = asked.collect();
        let lines = (1..).zip(users).map(|(position, (seat_id, user_id))| ballot_roll::Model {
            tenant_id,
            ballot_id: id,
            seat_id: *seat_id,
            council_id,
            user_id: Some(*user_id),
            position,
            name: format!("Ủy viên {position} (mẫu)"),
            mode: Mode::Online,
            reason: None,
        });
        let ids = asked.iter().map(|row| row.id).collect();
        writer.add(asked)?;
        writer.add(lines.collect::<Vec<_>>())?;
        Ok((id, ids))
    }
}

fn the_council(house: House) -> council::Model {
    let name = "Hội đồng Thi đua - Khen thưởng (mẫu)";
    council::Model {
        tenant_id: house.tenant_id,
        id: house.council_id,
        unit_id: None,
        parent_id: None,
        kind: council::Kind::Province,
        name: name.to_owned(),
        name_search: api::text::search_form(name),
        valid_from: day(2025, 1, 1),
        valid_to: None,
        version: 1,
    }
}

fn session(house: House) -> council_session::Model {
    council_session::Model {
        tenant_id: house.tenant_id,
        id: house.session_id,
        council_id: house.council_id,
        year: YEAR,
        number: 1,
        title: "Kỳ họp thứ nhất (mẫu)".to_owned(),
        planned_on: day(YEAR, 1, 1),
        place: None,
        form: Form::Meeting,
        state: Sitting::Open,
        opened_at: Some(moment(YEAR, 0)),
        closed_at: None,
        created_by: house.secretary,
        version: 1,
        cancelled_at: None,
        cancel_reason: None,
    }
}

fn item(house: House) -> agenda_item::Model {
    agenda_item::Model {
        tenant_id: house.tenant_id,
        id: house.item_id,
        council_id: house.council_id,
        session_id: house.session_id,
        position: 1,
        kind: agenda_item::Kind::AwardList,
        title: "Xét khen thưởng (mẫu)".to_owned(),
        places: None,
        outcome: None,
        conclusion: None,
        version: 1,
    }
}

fn open(house: House, id: Uuid) -> ballot::Model {
    ballot::Model {
        tenant_id: house.tenant_id,
        id,
        council_id: house.council_id,
        session_id: house.session_id,
        item_id: house.item_id,
        round: 1,
        state: State::Open,
        secrecy: Secrecy::Secret,
        public_key: BoxKey::new().public,
        members: SEATS,
        recused: 0,
        recused_present: Some(0),
        voting: SEATS,
        cut_off_at: None,
        opened_by: house.secretary,
        opened_at: moment(YEAR, 0),
        closed_by: None,
        confirmed_by: None,
        closed_at: None,
        reconsiders_id: None,
        reason: None,
        close_reason: None,
        version: 1,
    }
}
