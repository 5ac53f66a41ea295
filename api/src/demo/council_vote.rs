//! A ballot of the demo that was closed long ago: its roll, its register, its list and its result.
//! The list is in the order of invented receipts: who chose what is nowhere, not even here.

use entity::ballot_rule::Secrecy;
use entity::{
    ballot, ballot_candidate, ballot_listed, ballot_register, ballot_result, ballot_roll, candidate,
};
use uuid::Uuid;

use super::council::{Member, Place};
use super::random::id;
use super::rows::Rows;
use crate::domain::ballot::{closed_result, law_on, own_rule, rounds_of};

/// Who took part in a ballot.
pub(super) struct People<'a> {
    pub(super) opened_by: Uuid,
    pub(super) confirmed_by: Uuid,
    pub(super) members: &'a [Member],
}

pub(super) fn build(
    rows: &mut Rows,
    place: Place,
    (item, asked, votes): (Uuid, &[candidate::Model], &[String]),
    people: &People<'_>,
) -> anyhow::Result<()> {
    let (tenant_id, council_id) = (place.tenant, place.council);
    let ballot_id = id("ballot", &[&item.to_string()]);
    let members = i32::try_from(people.members.len())?;
    rows.ballot.push(ballot::Model {
        tenant_id,
        id: ballot_id,
        council_id,
        session_id: place.session,
        item_id: item,
        round: 1,
        state: ballot::State::Closed,
        secrecy: Secrecy::Secret,
        public_key: String::new(),
        members,
        recused: 0,
        recused_present: Some(0),
        voting: members,
        cut_off_at: None,
        opened_by: people.opened_by,
        opened_at: place.at,
        closed_by: Some(people.opened_by),
        confirmed_by: Some(people.confirmed_by),
        closed_at: Some(place.at),
        reconsiders_id: None,
        reason: None,
        close_reason: None,
        version: 3,
    });
    voters(rows, place, ballot_id, people);
    for (line, choices) in votes.iter().enumerate() {
        let receipt = id("receipt", &[&ballot_id.to_string(), &line.to_string()]);
        rows.ballot_listed.push(ballot_listed::Model {
            tenant_id,
            ballot_id,
            receipt: receipt.simple().to_string(),
            choices: Some(choices.clone()),
        });
    }
    for (on, one) in asked.iter().enumerate() {
        result(rows, place, (ballot_id, one), (on, votes, members))?;
    }
    Ok(())
}

fn voters(rows: &mut Rows, place: Place, ballot_id: Uuid, people: &People<'_>) {
    let (tenant_id, council_id) = (place.tenant, place.council);
    for (position, member) in (1..).zip(people.members) {
        let seat_id = member.seat;
        rows.ballot_roll.push(ballot_roll::Model {
            tenant_id,
            ballot_id,
            seat_id,
            council_id,
            user_id: Some(member.user),
            position,
            name: member.name.clone(),
            mode: member.mode,
            reason: None,
        });
        let row = ballot_register::Model { tenant_id, ballot_id, seat_id, council_id };
        rows.ballot_register.push(row);
    }
}

fn result(
    rows: &mut Rows,
    place: Place,
    (ballot_id, one): (Uuid, &candidate::Model),
    (on, votes, members): (usize, &[String], i32),
) -> anyhow::Result<()> {
    let (tenant_id, council_id) = (place.tenant, place.council);
    let asked_id = id("ballot_candidate", &[&one.id.to_string()]);
    // None of these titles has a row of its own in the law: the regulation of the council speaks for them.
    let own = rows.ballot_rule.iter().find(|row| row.council_id == council_id);
    let law = || law_on(one.award_code.as_deref(), place.at.date_naive());
    let rule = own.map_or_else(law, own_rule)?;
    let (max_rounds, authority_decides) = rounds_of(&rule)?;
    rows.ballot_candidate.push(ballot_candidate::Model {
        tenant_id,
        id: asked_id,
        council_id,
        ballot_id,
        candidate_id: one.id,
        position: one.position,
        name: one.name.clone(),
        award_code: one.award_code.clone(),
        max_rounds,
        authority_decides,
        rule: rule.clone(),
    });
    let count = |letter: char| {
        let chose = |word: &&String| word.chars().nth(on) == Some(letter);
        i32::try_from(votes.iter().filter(chose).count()).unwrap_or_default()
    };
    let (yes, no, abstain) = (count('Y'), count('N'), count('A'));
    let (base, needed, outcome) = closed_result(&rule, members, [yes, no, abstain])?;
    rows.ballot_result.push(ballot_result::Model {
        tenant_id,
        id: id("ballot_result", &[&one.id.to_string()]),
        council_id,
        ballot_id,
        ballot_candidate_id: asked_id,
        position: one.position,
        yes: Some(yes),
        no: Some(no),
        abstain: Some(abstain),
        invalid: Some(0),
        base,
        needed,
        outcome,
    });
    Ok(())
}
