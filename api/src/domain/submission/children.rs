//! The parts of a submission: nominees and documents.
//! No write enters here.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::nominee::{self, SubjectKind};
use entity::{award_type, submission, submission_document};

use super::Submission;
use crate::access::{Gate, today};
use crate::domain::Ask;
use crate::domain::award::{AwardType, said};
use crate::domain::record::{self, PartyOpinion, Proposed};
use crate::domain::registry::{Award, GivenTo};
use crate::domain::rule::{Asked, EligibilityCheck, Given, Proposal};
use crate::domain::subject::{self, Subject};
use crate::error::{Error, Result};
use crate::filter::row_id;
use crate::scalar::{Date, DateTime, NodeType};

/// Someone or something proposed for a title or form.
#[derive(Clone)]
pub struct Nominee(Arc<nominee::Model>);

crate::answer!(Nominee = nominee::Model => 0, Document = submission_document::Model => 0);

impl From<nominee::Model> for Nominee {
    fn from(row: nominee::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl NodeType for Nominee {
    const PREFIX: &'static str = "Nominee";
}

/// Someone or something proposed for a title or form (đối tượng đề nghị). Read by those who read the
/// submission.
#[Object]
impl Nominee {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The submission.
    async fn submission(&self, ctx: &Context<'_>) -> Result<Submission> {
        of(ctx, self.0.submission_id).await
    }

    /// Place in the list, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// A person, a collective or a household.
    async fn kind(&self) -> SubjectKind {
        self.0.kind
    }

    /// Name of the person, collective or household.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The subject whose record is read; null for a name that was only written down, and when the caller may
    /// not read it any more.
    async fn subject(&self, ctx: &Context<'_>) -> Option<Result<Subject>> {
        subject::one(ctx, self.0.subject_id?).await.transpose()
    }

    /// Whether it is a name without a subject, proposed for a title of the State level: the list can be sent, but it is neither
    /// appraised nor approved, no council votes on it and nothing goes to an authority above before a subject is linked
    /// (`SUBJECT_MISSING`).
    async fn lacks_subject(&self, ctx: &Context<'_>) -> Result<bool> {
        if self.0.subject_id.is_some() {
            return Ok(false);
        }
        let found = ctx.gate()?.look_up::<award_type::Entity>(self.0.award_type_id).await?;
        Ok(found.is_some_and(|row| row.level == award_type::Level::State))
    }

    /// Post or address, such as "Phó Trưởng phòng"; null where none was written.
    async fn post(&self) -> Option<&str> {
        self.0.post.as_deref()
    }

    /// The title or form proposed.
    async fn award_type(&self, ctx: &Context<'_>) -> Result<AwardType> {
        let found = ctx.gate()?.look_up::<award_type::Entity>(self.0.award_type_id).await?;
        found.map(AwardType::from).ok_or_else(|| Error::broken("a nominee without award type"))
    }

    /// Summary of the achievements (tóm tắt thành tích); null where none was written.
    async fn achievement(&self) -> Option<&str> {
        self.0.achievement.as_deref()
    }

    /// Day of the achievement (ngày lập thành tích), by which sudden ones and movements of a year are told apart; null
    /// where nobody has said it.
    async fn achieved_on(&self) -> Option<Date> {
        self.0.achieved_on.map(Date)
    }

    /// First year of the achievements that count, up to the year of the submission; null: that year alone.
    async fn counting_from(&self) -> Option<i32> {
        self.0.counting_from
    }

    /// Field of activity of the achievements.
    async fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// Whether the subject meets the law for the title or form proposed, and why, by the rules of the day the
    /// submission was sent; null for a name that was only written down.
    async fn eligibility(&self, ctx: &Context<'_>) -> Result<Option<EligibilityCheck>> {
        let Some(subject) = self.0.subject_id else { return Ok(None) };
        let gate = ctx.gate()?;
        let of = gate.load::<submission::Entity>(self.0.submission_id).await?;
        let award = gate.look_up::<award_type::Entity>(self.0.award_type_id).await?;
        let (Some(of), Some(award)) = (of, award) else { return Ok(None) };
        let asked = Asked {
            subject,
            award: award.code.clone(),
            year: of.year,
            commendation: of.commendation_type,
            achieved_on: self.0.achieved_on,
            received_on: of.sent_at.map_or_else(|| gate.today(), today),
            decided_on: of.decided_at.map_or_else(|| gate.today(), today),
        };
        gate.load_by(asked).await
    }

    /// Titles and forms to which the one proposed leads together with earlier awards, such as the national title after the
    /// second provincial one in a row: the unit proposes them next, as soon as this one is given. Those whose rule fails
    /// all the same are among them, with what it says now; none for a name that was only written down, and for a caller
    /// who may not read the subject.
    async fn leads_to(&self, ctx: &Context<'_>) -> Result<Vec<Proposal>> {
        let Some(subject) = self.0.subject_id else { return Ok(Vec::new()) };
        let gate = ctx.gate()?;
        let of = gate.load::<submission::Entity>(self.0.submission_id).await?;
        let award = gate.look_up::<award_type::Entity>(self.0.award_type_id).await?;
        let (Some(of), Some(award)) = (of, award) else { return Ok(Vec::new()) };
        let given = Given {
            subject,
            award: award.code.clone(),
            year: of.year,
            commendation: of.commendation_type,
        };
        gate.load_by(given).await
    }

    /// The opinion of the Party committee (ý kiến của cấp ủy Đảng) on the title proposed; null where the rules of
    /// today ask for none.
    async fn party_opinion(&self, ctx: &Context<'_>) -> Result<Option<PartyOpinion>> {
        proposed_opinion(ctx.gate()?, &self.0, self.0.award_type_id).await
    }

    /// The award that came of it; null while there is none, for awards given before this was kept, and for a caller who
    /// may not read it.
    async fn award(&self, ctx: &Context<'_>) -> Result<Option<Award>> {
        ctx.gate()?.load_by(GivenTo(self.0.id)).await
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A document of a submission: what it is and the hash of its content.
#[derive(Clone)]
pub struct Document(Arc<submission_document::Model>);

impl From<submission_document::Model> for Document {
    fn from(row: submission_document::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl NodeType for Document {
    const PREFIX: &'static str = "Document";
}

/// A document of a submission: what it is and the hash of its content; the content itself is kept
/// elsewhere. Read by those who read the submission.
#[Object]
impl Document {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The submission.
    async fn submission(&self, ctx: &Context<'_>) -> Result<Submission> {
        of(ctx, self.0.submission_id).await
    }

    /// What it is, such as "Tờ trình".
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Name of the file.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// Media type, such as `application/pdf`.
    async fn media_type(&self) -> &str {
        &self.0.media_type
    }

    /// Size of the content in bytes, as text because it may pass 2^31.
    async fn size_bytes(&self) -> String {
        self.0.size_bytes.to_string()
    }

    /// SHA-256 of the content, 64 hexadecimal digits.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// When it was added.
    async fn added_at(&self) -> DateTime {
        DateTime(self.0.added_at)
    }
}

async fn of(ctx: &Context<'_>, id: uuid::Uuid) -> Result<Submission> {
    let found = ctx.gate()?.load::<submission::Entity>(id).await?;
    found.map(Submission::from).ok_or_else(Error::not_found)
}

pub(in crate::domain) async fn nominee(gate: &Gate, id: &ID) -> Result<Option<Nominee>> {
    let Some(id) = row_id::<Nominee>(id) else { return Ok(None) };
    Ok(gate.load::<nominee::Entity>(id).await?.map(Nominee::from))
}

pub(in crate::domain) async fn document(gate: &Gate, id: &ID) -> Result<Option<Document>> {
    let Some(id) = row_id::<Document>(id) else { return Ok(None) };
    Ok(gate.load::<submission_document::Entity>(id).await?.map(Document::from))
}

/// The opinion that a nominee needs for a title, the one proposed or a lower one.
pub(in crate::domain) async fn proposed_opinion(
    gate: &Gate,
    nominee: &nominee::Model,
    award_type_id: uuid::Uuid,
) -> Result<Option<PartyOpinion>> {
    let of = gate.load::<submission::Entity>(nominee.submission_id).await?;
    let award = gate.look_up::<award_type::Entity>(award_type_id).await?;
    let (Some(of), Some(award)) = (of, award) else { return Ok(None) };
    let (subject, name) = (nominee.subject_id, nominee.name.as_str());
    let (year, said) = (of.year, said(&award));
    let tenant = nominee.tenant_id;
    let proposed = Proposed { tenant, subject, name, award: &award.code, said, year };
    record::party_opinion(gate, &proposed).await
}
