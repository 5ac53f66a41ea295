//! A vote is cast: who has voted goes into the register, what was chosen goes sealed into the box, and nothing
//! holds the two together; a show of hands alone is recorded by name. There is no idempotency key here on purpose: a kept answer would hold member and
//! receipt in one row, and its fingerprint would be that of the choice. A vote is cast once by the register.
//! No count enters here.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use entity::ballot::{self, State};
use entity::ballot_roll::{self, Mode};
use entity::ballot_rule::Secrecy;
use entity::{ballot_candidate, ballot_register, open_vote};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Ballot, BallotCandidate};
use crate::access::{Act, Gate, Tx, receipt};
use crate::domain::Ask;
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;

/// What a member chooses for one nominee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize, Serialize)]
#[graphql(name = "BallotChoice")]
pub(crate) enum Choice {
    /// In favour (đồng ý).
    Yes,
    /// Against (không đồng ý).
    No,
    /// Neither (ý kiến khác).
    Abstain,
}

impl Choice {
    const fn letter(self) -> char {
        match self {
            Self::Yes => 'Y',
            Self::No => 'N',
            Self::Abstain => 'A',
        }
    }

    /// The choices that letters stand for.
    pub(in crate::domain) fn all_of(letters: &str) -> Vec<Self> {
        letters.chars().filter_map(Self::of).collect()
    }

    pub(super) const fn of(letter: char) -> Option<Self> {
        match letter {
            'Y' => Some(Self::Yes),
            'N' => Some(Self::No),
            'A' => Some(Self::Abstain),
            _ => None,
        }
    }
}

/// The choice for one nominee.
#[derive(InputObject)]
pub(crate) struct BallotChoiceInput {
    /// The nominee on the ballot: a `BallotCandidate`.
    candidate_id: ID,
    /// What is chosen.
    choice: Choice,
}

/// Input of `ballotCast`.
#[derive(InputObject)]
pub(crate) struct BallotCastInput {
    /// The ballot.
    id: ID,
    /// One choice for each nominee on the ballot.
    choices: Vec<BallotChoiceInput>,
}

/// Outcome of the mutation: a receipt or the reasons why not.
#[derive(SimpleObject)]
pub(crate) struct BallotCastPayload {
    /// What stands on the published list once the ballot is closed; it is shown now and never again, and
    /// nobody else has it. Null when there are errors, and for a show of hands, which is recorded by name.
    receipt: Option<String>,
    /// Why nothing was done; empty on success.
    errors: Vec<crate::error::UserError>,
}

/// The casting of votes.
#[derive(Default)]
pub struct CastMutation;

/// The casting of votes.
#[Object]
impl CastMutation {
    /// Casts the caller's vote, once in each round (`ALREADY_VOTED`): a vote cannot be changed, because nobody
    /// can find it again. There is no idempotency key: a repeated request is told that it has voted. Role:
    /// council member, on the roll of the ballot.
    async fn ballot_cast(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The vote.")] input: BallotCastInput,
    ) -> async_graphql::Result<BallotCastPayload> {
        let done = async { Box::pin(cast(ctx.gate()?, input)).await };
        let (receipt, errors) = crate::error::outcome(done.await)?;
        Ok(BallotCastPayload { receipt: receipt.flatten(), errors })
    }
}

async fn cast(gate: &Gate, input: BallotCastInput) -> Result<Option<String>> {
    let id = input_id::<Ballot>(&input.id, "input.id")?;
    let tx = gate.begin(Act::BallotCast).await?;
    // Held until the end: nobody closes the ballot in between, and none comes after that.
    let ballot = tx.lock::<ballot::Entity>(id).await?;
    if ballot.state != State::Open {
        return Err(Fault::at(Code::BallotClosed, "input.id").into());
    }
    let line = line(&tx, &ballot).await?;
    let choices = choices(&tx, &ballot, &input.choices).await?;
    register(&tx, &ballot, line.seat_id).await?;
    if ballot.secrecy == Secrecy::Open {
        by_name(&tx, &ballot, (line.seat_id, choices)).await?;
        return tx.commit(None).await;
    }
    let receipt = receipt()?;
    let sealed = format!("{receipt}{choices}");
    tx.put_in(ballot.id, &ballot.public_key, sealed.as_bytes()).await?;
    tx.commit(Some(receipt)).await
}

/// A show of hands: everyone sees who chose what.
async fn by_name(tx: &Tx, ballot: &ballot::Model, (seat, choices): (Uuid, String)) -> Result<()> {
    let row = open_vote::ActiveModel {
        tenant_id: Set(ballot.tenant_id),
        ballot_id: Set(ballot.id),
        seat_id: Set(seat),
        council_id: Set(ballot.council_id),
        secrecy: Set(Secrecy::Open),
        choices: Set(choices),
    };
    tx.add::<open_vote::Entity>(row).await?;
    Ok(())
}

/// The caller's line on the roll, if he votes online.
async fn line(tx: &Tx, ballot: &ballot::Model) -> Result<ballot_roll::Model> {
    use ballot_roll::Column;
    let user = tx.gate().actor()?.user;
    let own = Condition::all().add(Column::BallotId.eq(ballot.id)).add(Column::UserId.eq(user));
    let line = tx.all::<ballot_roll::Entity>(Act::BallotRead, own).await?.pop();
    let line = line.ok_or_else(|| Fault::at(Code::NotOnRoll, "input.id"))?;
    match line.mode {
        Mode::Online => Ok(line),
        Mode::Written if ballot.cut_off_at.is_none_or(|end| tx.gate().now() < end) => Ok(line),
        Mode::Written => Err(Fault::at(Code::BallotClosed, "input.id").into()),
        Mode::Recused => Err(recused(line.reason.as_deref().unwrap_or_default()).into()),
        Mode::Paper | Mode::Absent => Err(Fault::at(Code::NotOnRoll, "input.id").into()),
    }
}

/// What a member is told who does not vote. The roll keeps the reason in Vietnamese: what it is has words in both languages,
/// the name or text behind it stays as it is.
fn recused(reason: &str) -> Fault {
    let (why, about) = match reason.split_once(": ") {
        Some((why, about)) => (why, format!(": {about}")),
        None => (reason, String::new()),
    };
    Fault::at(Code::Recused, "input.id").with("recusal", why).with("about", about)
}

/// One letter for each nominee, in the order of the ballot: every vote is as long as every other one.
async fn choices(tx: &Tx, ballot: &ballot::Model, given: &[BallotChoiceInput]) -> Result<String> {
    let (path, detail) = ("input.choices", "one choice for each nominee");
    let of_ballot = Condition::all().add(ballot_candidate::Column::BallotId.eq(ballot.id));
    let mut asked = tx.all::<ballot_candidate::Entity>(Act::BallotRead, of_ballot).await?;
    asked.sort_by_key(|row| row.position);
    let mut chosen: Vec<(Uuid, Choice)> = Vec::with_capacity(given.len());
    for (index, one) in given.iter().enumerate() {
        let path = format!("{path}.{index}.candidateId");
        let id = input_id::<BallotCandidate>(&one.candidate_id, &path)?;
        if asked.iter().all(|row| row.id != id) {
            return Err(Error::not_found().at(&path));
        }
        if chosen.iter().any(|(known, _)| *known == id) {
            return Err(Fault::at(Code::InvalidCombination, &path).with("detail", detail).into());
        }
        chosen.push((id, one.choice));
    }
    let letter = |row: &ballot_candidate::Model| {
        let found = chosen.iter().find(|(id, _)| *id == row.id);
        found.map(|(_, choice)| choice.letter())
    };
    let letters: Option<String> = asked.iter().map(letter).collect();
    letters
        .filter(|letters| letters.len() == chosen.len())
        .ok_or_else(|| Fault::at(Code::InvalidCombination, path).with("detail", detail).into())
}

async fn register(tx: &Tx, ballot: &ballot::Model, seat: Uuid) -> Result<()> {
    use ballot_register::Column;
    let own = Condition::all().add(Column::BallotId.eq(ballot.id)).add(Column::SeatId.eq(seat));
    if !tx.all::<ballot_register::Entity>(Act::BallotRead, own).await?.is_empty() {
        return Err(Fault::at(Code::AlreadyVoted, "input.id").into());
    }
    let row = ballot_register::ActiveModel {
        tenant_id: Set(ballot.tenant_id),
        ballot_id: Set(ballot.id),
        seat_id: Set(seat),
        council_id: Set(ballot.council_id),
    };
    tx.add::<ballot_register::Entity>(row).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn who_does_not_vote_is_told_why_in_one_language() {
        let kept = [
            ("đã khai báo: Em trai", "has declared a conflict of interest: Em trai."),
            ("là người lập hồ sơ đề nghị", "wrote the submission."),
            ("là tác giả: Sáng kiến (mẫu)", "is an author: Sáng kiến (mẫu)."),
            ("là người được đề nghị: Lò Văn Một (mẫu)", "is the nominee: Lò Văn Một (mẫu)."),
            ("đơn vị của mình: Lò Văn Một (mẫu)", "is of the own unit: Lò Văn Một (mẫu)."),
        ];
        for (reason, in_english) in kept {
            let fault = recused(reason);
            let said = fault.message(Language::En);
            assert!(said.ends_with(in_english), "{said}");
            let said = fault.message(Language::Vi);
            assert!(said.ends_with(&format!("{reason}.")), "{said}");
        }
    }
}
