//! Minutes are frozen when their session is closed; what is corrected is a version of its own, and none is ever changed.
//! What they say is put into words in [`super::minutes`].

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use entity::council_session::{self, State};
use entity::session_minutes;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition};
use sha2::{Digest, Sha256};

use super::minutes::{Signers, compose, line};
use super::record::{Record, Source, Titles};
use super::{CouncilSession, record, rules};
use crate::access::{Act, Gate, Tx, today};
use crate::domain::council::{below, noun};
use crate::domain::{Ask, input, keyed};
use crate::error::{Error, Result};
use crate::filter::input_id;
use crate::payload;
use crate::scalar::{DateTime, NodeType};

noun! {
    /// The minutes of a closed session.
    SessionMinutes of session_minutes,
}

/// The minutes of a closed session (biên bản kỳ họp): the first version is frozen when the session is closed, every
/// correction is a version of its own. None is ever changed.
#[Object]
impl SessionMinutes {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Version, from 1; send the last one back as `expectedVersion`.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// The text in Vietnamese: attendance, items with their outcomes, ballots with votes, base, rule and paper counts,
    /// tasks, signers. These are the bytes that `sha256` is of.
    async fn content(&self) -> &str {
        &self.0.content
    }

    /// SHA-256 of the content, in hexadecimal digits.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// Name and post of the one who presided and signs.
    async fn chair_post(&self) -> &str {
        &self.0.chair_post
    }

    /// Name and post of the secretary who signs.
    async fn secretary_post(&self) -> &str {
        &self.0.secretary_post
    }

    /// Why it was corrected; null for the first version.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// When it was written.
    async fn written_at(&self) -> DateTime {
        DateTime(self.0.written_at)
    }
}

/// Input of `sessionMinutesCorrect`.
#[derive(InputObject)]
pub(crate) struct SessionMinutesCorrectInput {
    /// The closed session.
    session_id: ID,
    /// Version of the minutes the caller read; 0 where a session was closed before minutes were kept.
    expected_version: i32,
    /// What is corrected, in words, at most 4,000 characters: it is put below the text as it stands.
    correction: String,
    /// Why, at most 4,000 characters.
    reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(SessionMinutesCorrectPayload, minutes: SessionMinutes, "minutes as they are now");

/// Corrections of minutes.
#[derive(Default)]
pub struct MinutesMutation;

/// Corrections of minutes.
#[Object]
impl MinutesMutation {
    /// Corrects the minutes of a closed session (đính chính biên bản): a new version with its reason; those before it
    /// stay as they are. Roles: chair, council secretary.
    async fn session_minutes_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The correction.")] input: SessionMinutesCorrectInput,
    ) -> async_graphql::Result<SessionMinutesCorrectPayload> {
        keyed!(ctx, input => SessionMinutesCorrectPayload: correct)
    }
}

/// The minutes in force: the last version, or a draft from what is recorded so far.
pub(in crate::domain) async fn minutes(
    gate: &Gate,
    session: &council_session::Model,
) -> Result<String> {
    match below::<session_minutes::Entity>(gate, session.id).await?.pop() {
        Some(last) => Ok(last.content),
        None => compose(&Record::read(&Source::Gate(gate), session).await?, None),
    }
}

/// Freezes the minutes of a session that is being closed.
pub(super) async fn freeze(
    tx: &Tx,
    session: &council_session::Model,
    titles: &Titles,
) -> Result<()> {
    let (content, signers) = composed(tx, session, titles).await?;
    write(tx, session, (1, None), (content, signers)).await?;
    Ok(())
}

/// The text with its signers; who closes the session signs as its secretary where no seat is the secretary's.
async fn composed(
    tx: &Tx,
    session: &council_session::Model,
    titles: &Titles,
) -> Result<(String, Signers)> {
    let record = Record::read(&Source::Tx(tx, titles), session).await?;
    let writer = &tx.gate().actor()?.name;
    let signers = Signers {
        chair: record.chair().unwrap_or("Chủ tịch Hội đồng").to_owned(),
        secretary: record.secretary().map_or_else(|| writer.clone(), str::to_owned),
    };
    Ok((compose(&record, Some(&signers))?, signers))
}

async fn write(
    tx: &Tx,
    session: &council_session::Model,
    (number, reason): (i32, Option<String>),
    (content, signers): (String, Signers),
) -> Result<session_minutes::Model> {
    let row = session_minutes::ActiveModel {
        tenant_id: Set(session.tenant_id),
        id: Set(tx.gate().new_id()),
        council_id: Set(session.council_id),
        session_id: Set(session.id),
        number: Set(number),
        sha256: Set(hex::encode(Sha256::digest(content.as_bytes()))),
        content: Set(content),
        chair_post: Set(signers.chair),
        secretary_post: Set(signers.secretary),
        reason: Set(reason),
        written_by: Set(tx.gate().actor()?.user),
        written_at: Set(tx.gate().now()),
    };
    tx.add::<session_minutes::Entity>(row).await
}

async fn correct(gate: &Gate, input: SessionMinutesCorrectInput) -> Result<SessionMinutes> {
    let id = input_id::<CouncilSession>(&input.session_id, "input.sessionId")?;
    let correction = input::text(&input.correction, "input.correction", input::TEXT)?;
    let reason = input::reason(&input.reason)?;
    let titles = record::titles(gate, id).await?;
    let tx = gate.begin_because(Act::SessionMinutesCorrect, Some(reason.clone())).await?;
    // Held until the end: two corrections never take the same number.
    let session = tx.lock::<council_session::Entity>(id).await;
    let session = session.map_err(|e| e.at("input.sessionId"))?;
    rules::in_state(&session, &[State::Closed], "input.sessionId")?;
    let of_session = Condition::all().add(session_minutes::Column::SessionId.eq(session.id));
    let rows = tx.all::<session_minutes::Entity>(Act::CouncilSessionRead, of_session).await?;
    let last = rows.into_iter().max_by_key(|row| row.number);
    let number = last.as_ref().map_or(0, |row| row.number);
    if number != input.expected_version {
        return Err(Error::conflict(number));
    }
    let (mut content, signers) = match last {
        Some(row) => {
            (row.content, Signers { chair: row.chair_post, secretary: row.secretary_post })
        }
        None => composed(&tx, &session, &titles).await?,
    };
    let day = today(gate.now()).format("%d/%m/%Y");
    line(&mut content, &format!("ĐÍNH CHÍNH (bản {}, ngày {day}): {correction}", number + 1))?;
    line(&mut content, &format!("Lý do: {reason}"))?;
    let row = write(&tx, &session, (number + 1, Some(reason)), (content, signers)).await?;
    tx.answer(SessionMinutes::from(row)).await
}
