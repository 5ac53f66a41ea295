//! Who has answered before a ballot ends: nobody who may still write is cut off, and where nobody meets a quorum is made
//! of answers, not of those who were asked.
//! No choice enters here.

use std::collections::HashSet;

use entity::ballot;
use entity::ballot_roll::{self, Mode};
use entity::council_session::{self, Form};
use entity::role_grant::{self, Role};
use entity::session_seat::{self, Presence};
use entity::{ballot_candidate, ballot_register};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::open::count;
use super::rule::{self, Rule, rule_of};
use super::shown::in_vietnam;
use crate::access::{Act, Tx};
use crate::domain::input;
use crate::error::{Code, Fault, Result};

/// Refuses the end while members who are away and were asked to write have not answered: until the cut-off they were told
/// of or, where they were told of none, until somebody says why nobody waits any longer. The ballot is locked: none of
/// them answers in between.
pub(super) async fn nobody_writes(tx: &Tx, row: &ballot::Model, is_explained: bool) -> Result<()> {
    let now = tx.gate().now();
    let is_over = row.cut_off_at.map_or(is_explained, |until| until <= now);
    if is_over {
        return Ok(());
    }
    let mut writing = on_roll(tx, row, Mode::Written).await?;
    if writing.is_empty() {
        return Ok(());
    }
    let voted = registered(tx, row).await?;
    writing.retain(|line| !voted.contains(&line.seat_id));
    let awaited = able(tx, row, &writing).await?;
    if awaited == 0 {
        return Ok(());
    }
    let fault = Fault::at(Code::OpinionsOutstanding, "input.id").with("count", awaited);
    Err(match row.cut_off_at {
        Some(until) => fault.with("until", in_vietnam(until)).into(),
        None => fault.with("case", "NO_CUT_OFF").into(),
    })
}

async fn on_roll(tx: &Tx, row: &ballot::Model, mode: Mode) -> Result<Vec<ballot_roll::Model>> {
    let with = Condition::all()
        .add(ballot_roll::Column::BallotId.eq(row.id))
        .add(ballot_roll::Column::Mode.eq(mode));
    tx.all::<ballot_roll::Entity>(Act::BallotRead, with).await
}

/// The seats that have voted online.
async fn registered(tx: &Tx, row: &ballot::Model) -> Result<HashSet<Uuid>> {
    let of_ballot = Condition::all().add(ballot_register::Column::BallotId.eq(row.id));
    let voted = tx.all::<ballot_register::Entity>(Act::BallotRead, of_ballot).await?;
    Ok(voted.into_iter().map(|line| line.seat_id).collect())
}

/// How many of these can still answer: who has the right to sit in the council today, and was not recorded as away without
/// an opinion since. Nobody waits for a seat that was closed.
async fn able(tx: &Tx, row: &ballot::Model, lines: &[ballot_roll::Model]) -> Result<usize> {
    use role_grant::Column::{CouncilId, RevokedAt, UserId, ValidFrom, ValidTo};
    if lines.is_empty() {
        return Ok(0);
    }
    let rights = input::in_force(ValidFrom, ValidTo, tx.gate().today())
        .add(UserId.is_in(lines.iter().filter_map(|line| line.user_id)))
        .add(role_grant::Column::Role.eq(Role::CouncilMember))
        .add(CouncilId.eq(row.council_id))
        .add(RevokedAt.is_null());
    let rights = tx.all_of::<role_grant::Entity>(row.tenant_id, rights).await?;
    let away = Condition::all()
        .add(session_seat::Column::SessionId.eq(row.session_id))
        .add(session_seat::Column::Presence.eq(Presence::Absent));
    let away = tx.all::<session_seat::Entity>(Act::CouncilSessionRead, away).await?;
    let is_able = |line: &&ballot_roll::Model| {
        let has_right = line.user_id.is_some_and(|user| rights.iter().any(|it| it.user_id == user));
        has_right && away.iter().all(|it| it.seat_id != line.seat_id)
    };
    Ok(lines.iter().filter(is_able).count())
}

/// Refuses the end of a consultation before its cut-off while too few have answered; after it, and where there is none, the
/// ballot ends and passes nothing.
pub(super) async fn enough(tx: &Tx, row: &ballot::Model) -> Result<()> {
    let now = tx.gate().now();
    if row.cut_off_at.is_none_or(|until| until <= now) {
        return Ok(());
    }
    let answered = registered(tx, row).await?.len() + on_roll(tx, row, Mode::Paper).await?.len();
    let of_ballot = Condition::all().add(ballot_candidate::Column::BallotId.eq(row.id));
    let asked = tx.all::<ballot_candidate::Entity>(Act::BallotRead, of_ballot).await?;
    let rules = asked.iter().map(rule_of).collect::<Result<Vec<Rule>>>()?;
    match short_of_quorum(tx, row, (answered, &rules)).await? {
        Some(fault) => Err(fault.into()),
        None => Ok(()),
    }
}

/// What is to be said where nobody meets and those who have answered, with those who take part and have a conflict of
/// interest, are no quorum by the strictest of the rules; none where they are one, and of a meeting: its quorum was there
/// when the ballot was opened.
pub(super) async fn short_of_quorum(
    tx: &Tx,
    row: &ballot::Model,
    (answered, rules): (usize, &[Rule]),
) -> Result<Option<Fault>> {
    let session =
        tx.one::<council_session::Entity>(Act::CouncilSessionRead, row.session_id).await?;
    if session.form == Form::Meeting {
        return Ok(None);
    }
    let present = count(answered).saturating_add(row.recused_present.unwrap_or(row.recused));
    let members = row.members;
    let needed = rules.iter().map(|rule| rule::quorum(rule, members)).max().unwrap_or(1).max(1);
    if present >= needed {
        return Ok(None);
    }
    let fault = Fault::at(Code::NoQuorum, "input.id").with("present", present);
    Ok(Some(fault.with("members", members).with("needed", needed)))
}
