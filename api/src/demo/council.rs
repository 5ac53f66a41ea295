//! The council of the demo, its session and one ballot that was closed; the other list waits to be voted on.
//! Seats, people and votes are invented; no box has anything in it.

use std::collections::HashMap;

use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use entity::ballot_roll::Mode;
use entity::session_seat::{Invitation, Presence};
use entity::{
    agenda_item, candidate, council, council_seat, council_session, role_grant, seat_holder,
    session_seat, session_task,
};
use serde::Deserialize;
use uuid::Uuid;

use super::person::account_id;
use super::random::id;
use super::regulation::Regulation;
use super::rows::Rows;
use super::unit::{Names, unit_id};
use super::{council_vote, day, moment};
use crate::reference;
use crate::text::search_form;

const COUNCIL: &str = include_str!("../../data/demo/council.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    tenant: String,
    name: String,
    valid_from: NaiveDate,
    regulation: Regulation,
    seat: Vec<Seat>,
    session: Session,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seat {
    role: String,
    post_title: String,
    organisation: String,
    unit: Option<String>,
    user: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    year: i32,
    title: String,
    on: NaiveDate,
    place: String,
    item: Vec<Item>,
    task: Vec<Task>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    kind: String,
    title: String,
    #[serde(default)]
    candidate: Vec<Candidate>,
    /// One letter for each candidate, one word for each member; none: not voted on yet.
    #[serde(default)]
    votes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Candidate {
    name: String,
    award: String,
    unit: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Task {
    task: String,
    owner: String,
}

/// Where everything of the council belongs.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) tenant: Uuid,
    pub(super) council: Uuid,
    pub(super) session: Uuid,
    pub(super) at: DateTime<Utc>,
}

/// A member as the roll of a ballot has him.
pub(super) struct Member {
    pub(super) seat: Uuid,
    pub(super) user: Uuid,
    pub(super) name: String,
    pub(super) mode: Mode,
}

pub(super) fn build(rows: &mut Rows, names: &Names) -> anyhow::Result<()> {
    let file: File = toml::from_str(COUNCIL).context("council.toml")?;
    let place = Place {
        tenant: names.tenant(&file.tenant)?,
        council: id("council", &[&file.tenant]),
        session: id("council_session", &[&file.tenant]),
        at: moment(file.session.on, 8 * 60),
    };
    rows.council.push(council::Model {
        tenant_id: place.tenant,
        id: place.council,
        unit_id: None,
        parent_id: None,
        kind: council::Kind::Province,
        name: file.name.clone(),
        name_search: search_form(&file.name),
        valid_from: file.valid_from,
        valid_to: None,
        version: 1,
    });
    file.regulation.build(rows, place, (&file.tenant, file.valid_from))?;
    let displayed: HashMap<Uuid, String> =
        rows.account.iter().map(|row| (row.id, row.display_name.clone())).collect();
    let mut members = Vec::new();
    for (position, seat) in (1..).zip(&file.seat) {
        members.push(file.seat(rows, place, (position, seat), &displayed)?);
    }
    file.session(rows, place);
    for (position, item) in (1..).zip(&file.session.item) {
        file.item(rows, place, (position, item), &members)?;
    }
    for (position, task) in (1..).zip(&file.session.task) {
        rows.session_task.push(session_task::Model {
            tenant_id: place.tenant,
            id: id("session_task", &[&file.tenant, &task.task]),
            council_id: place.council,
            session_id: place.session,
            position,
            task: task.task.clone(),
            owner: task.owner.clone(),
            due_on: None,
            state: session_task::State::Open,
            version: 1,
        });
    }
    Ok(())
}

impl File {
    #[expect(clippy::too_many_arguments, reason = "where it goes, and what it is made of")]
    fn seat(
        &self,
        rows: &mut Rows,
        place: Place,
        (position, seat): (i32, &Seat),
        displayed: &HashMap<Uuid, String>,
    ) -> anyhow::Result<Member> {
        let (seat_id, user) =
            (id("council_seat", &[&self.tenant, &seat.user]), account_id(&self.tenant, &seat.user));
        let name = displayed.get(&user).with_context(|| format!("no user {}", seat.user))?;
        rows.council_seat.push(council_seat::Model {
            tenant_id: place.tenant,
            id: seat_id,
            council_id: place.council,
            position,
            post_title: seat.post_title.clone(),
            organisation: seat.organisation.clone(),
            unit_id: seat.unit.as_ref().map(|unit| unit_id(&self.tenant, unit)),
            role: reference::value(&seat.role)?,
            valid_from: self.valid_from,
            valid_to: None,
            version: 1,
        });
        self.holder(rows, place, (seat, seat_id, user, name));
        rows.session_seat.push(session_seat::Model {
            tenant_id: place.tenant,
            id: id("session_seat", &[&self.tenant, &seat.user]),
            council_id: place.council,
            session_id: place.session,
            seat_id,
            position,
            name: format!("{name}, {}", seat.post_title),
            votes: true,
            invitation: Invitation::Accepted,
            presence: Presence::Present,
            on_paper: false,
            substitute_id: None,
            substitute_name: None,
            mandate: None,
            version: 1,
        });
        Ok(Member { seat: seat_id, user, name: name.clone(), mode: Mode::Online })
    }

    /// Who holds a seat, and the right that comes with it.
    fn holder(
        &self,
        rows: &mut Rows,
        place: Place,
        (seat, seat_id, user, name): (&Seat, Uuid, Uuid, &str),
    ) {
        let right = id("grant", &[&self.tenant, &seat.user, "COUNCIL_MEMBER", "council"]);
        rows.role_grant.push(role_grant::Model {
            tenant_id: place.tenant,
            id: right,
            user_id: user,
            role: role_grant::Role::CouncilMember,
            unit_id: None,
            cluster_id: None,
            council_id: Some(place.council),
            valid_from: self.valid_from,
            valid_to: None,
            granted_by: None,
            revoked_at: None,
            version: 1,
        });
        rows.seat_holder.push(seat_holder::Model {
            tenant_id: place.tenant,
            id: id("seat_holder", &[&self.tenant, &seat.user]),
            council_id: place.council,
            seat_id,
            user_id: user,
            holder_name: name.to_owned(),
            is_acting: false,
            grant_id: right,
            valid_from: self.valid_from,
            valid_to: None,
            version: 1,
        });
    }

    fn session(&self, rows: &mut Rows, place: Place) {
        rows.council_session.push(council_session::Model {
            tenant_id: place.tenant,
            id: place.session,
            council_id: place.council,
            year: self.session.year,
            number: 1,
            title: self.session.title.clone(),
            planned_on: self.session.on,
            place: Some(self.session.place.clone()),
            form: council_session::Form::Meeting,
            state: council_session::State::Open,
            opened_at: Some(place.at),
            closed_at: None,
            created_by: account_id(&self.tenant, &format!("{}.secretary", self.tenant)),
            version: 2,
            cancelled_at: None,
            cancel_reason: None,
        });
    }

    #[expect(clippy::too_many_arguments, reason = "where it goes, and what it is made of")]
    fn item(
        &self,
        rows: &mut Rows,
        place: Place,
        (position, item): (i32, &Item),
        members: &[Member],
    ) -> anyhow::Result<()> {
        let item_id = id("agenda_item", &[&self.tenant, &item.title]);
        let kind: agenda_item::Kind = reference::value(&item.kind)?;
        let is_heard = kind == agenda_item::Kind::Report;
        rows.agenda_item.push(agenda_item::Model {
            tenant_id: place.tenant,
            id: item_id,
            council_id: place.council,
            session_id: place.session,
            position,
            kind,
            title: item.title.clone(),
            places: None,
            outcome: is_heard.then_some(agenda_item::Outcome::Noted),
            conclusion: None,
            version: 1,
        });
        // The catalogue begins with the law of 2024.
        let awards = reference::awards_in_force(day(2025, 1, 1)?)?;
        let mut asked = Vec::new();
        for (position, one) in (1..).zip(&item.candidate) {
            let award =
                awards.get(&one.award).with_context(|| format!("no award {}", one.award))?;
            let row = candidate::Model {
                tenant_id: place.tenant,
                id: id("candidate", &[&self.tenant, &one.name]),
                council_id: place.council,
                item_id,
                position,
                nominee_id: None,
                unit_id: Some(unit_id(&self.tenant, &one.unit)),
                author_id: None,
                name: one.name.clone(),
                identity: None,
                award_type_id: Some(*award),
                award_code: Some(one.award.clone()),
                downgraded_from: None,
                reason: None,
                proposal_id: None,
            };
            asked.push(row.clone());
            rows.candidate.push(row);
        }
        if item.votes.is_empty() {
            return Ok(());
        }
        let opened_by = account_id(&self.tenant, &format!("{}.secretary", self.tenant));
        let confirmed_by = account_id(&self.tenant, &format!("{}.chair", self.tenant));
        let people = council_vote::People { opened_by, confirmed_by, members };
        council_vote::build(rows, place, (item_id, &asked, &item.votes), &people)
    }
}
