//! Subjects: the persons, collectives and households whose record the law looks at.
//! No rule of the law enters here: a subject says who, not what for.

mod mutation;
mod query;
mod related;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::account;
use entity::nominee::SubjectKind;
use entity::subject::{self, LeadershipClass, Sex, SizeClass};

use super::Ask;
use super::account::User;
use super::record::{self, Clearance, Discipline, Initiative, YearRecord};
use super::unit::{self, Unit};
use crate::error::Result;
use crate::scalar::{Date, DateTime, NodeType};

pub use mutation::SubjectMutation;
pub use query::SubjectQuery;
pub(super) use query::node;

/// A subject of commendation (đối tượng khen thưởng): a person, a collective or a household. It keeps its
/// identity and its record when it moves to another unit or when its unit is reorganised.
#[derive(Clone)]
pub struct Subject(Arc<subject::Model>);

crate::answer!(Subject = subject::Model => 0);

impl Subject {
    /// A person, a collective or a household.
    pub(super) fn subject_kind(&self) -> SubjectKind {
        self.0.kind
    }
}

impl From<subject::Model> for Subject {
    fn from(row: subject::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl NodeType for Subject {
    const PREFIX: &'static str = "Subject";
}

/// A time in which a subject belonged to a unit.
#[derive(SimpleObject)]
pub(crate) struct SubjectMembership {
    /// The unit; null when the caller may not read it.
    unit: Option<Unit>,
    /// First day.
    valid_from: Date,
    /// Last day; null while it goes on.
    valid_to: Option<Date>,
}

/// A subject of commendation (đối tượng khen thưởng): a person, a collective or a household. It keeps its
/// identity and its record when it moves to another unit or when its unit is reorganised. Read by the unit and
/// those above it in the tenant, by the council office, the chair and the auditor.
#[Object]
impl Subject {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// A person, a collective or a household.
    async fn kind(&self) -> SubjectKind {
        self.0.kind
    }

    /// Code within the tenant, such as a staff number; unique there; null where it has none.
    async fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The unit it belongs to now; for a collective that is a unit, that unit. Null when the caller may not
    /// read it.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit::one(ctx, self.0.unit_id).await.transpose()
    }

    /// Whether the collective is the whole of its unit.
    async fn is_unit(&self) -> bool {
        self.0.is_unit
    }

    /// Sex of a person; null where it is not known, and for what is no person.
    async fn sex(&self) -> Option<Sex> {
        self.0.sex
    }

    /// Leadership class of a person; null where it is not known, and for what is no person.
    async fn leadership_class(&self) -> Option<LeadershipClass> {
        self.0.leadership_class
    }

    /// Whether a person works directly (người trực tiếp lao động, sản xuất, công tác); null: nobody has said so.
    async fn direct_worker(&self) -> Option<bool> {
        self.0.direct_worker
    }

    /// Whether a person leads or manages others; null: nobody has said so.
    async fn manager(&self) -> Option<bool> {
        self.0.manager
    }

    /// What a person does, such as "giáo viên"; null where it is not known, and for what is no person.
    async fn occupation(&self) -> Option<&str> {
        self.0.occupation.as_deref()
    }

    /// How large a collective is; null where nobody has said so, and for what is no collective.
    async fn size_class(&self) -> Option<SizeClass> {
        self.0.size_class
    }

    /// Whether a collective is among those for whom the flag of the ministry or province is meant (thuộc đối
    /// tượng xét tặng cờ thi đua); null when nobody has said so.
    async fn flag_eligible(&self) -> Option<bool> {
        self.0.flag_eligible
    }

    /// The day a collective was founded; null where it is not known, and for what is no collective.
    async fn founded_on(&self) -> Option<Date> {
        self.0.founded_on.map(Date)
    }

    /// Whether a collective is an enterprise (doanh nghiệp), for the statistics of the law; null where nobody has said so.
    async fn enterprise(&self) -> Option<bool> {
        self.0.enterprise
    }

    /// The user who is this person; null where none is known, and for a caller who may not read users.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(id) = self.0.user_id else { return Ok(None) };
        Ok(ctx.gate()?.load::<account::Entity>(id).await?.map(User::from))
    }

    /// The units it belonged to, oldest first.
    async fn memberships(&self, ctx: &Context<'_>) -> Result<Vec<SubjectMembership>> {
        let found = ctx.gate()?.load_by(related::Memberships(self.0.id)).await?;
        let work = found.into_iter().map(async |row| {
            let unit = unit::one(ctx, row.unit_id).await?;
            let (valid_from, valid_to) = (Date(row.valid_from), row.valid_to.map(Date));
            Ok(SubjectMembership { unit, valid_from, valid_to })
        });
        futures_util::future::try_join_all(work).await
    }

    /// What each year says of it, oldest first.
    async fn year_records(&self, ctx: &Context<'_>) -> Result<Vec<YearRecord>> {
        ctx.gate()?.load_by(record::YearRecords(self.0.id)).await
    }

    /// Discipline and open cases, oldest first.
    async fn disciplines(&self, ctx: &Context<'_>) -> Result<Vec<Discipline>> {
        ctx.gate()?.load_by(record::Disciplines(self.0.id)).await
    }

    /// Initiatives of which it is an author, oldest first.
    async fn initiatives(&self, ctx: &Context<'_>) -> Result<Vec<Initiative>> {
        ctx.gate()?.load_by(record::Initiatives(self.0.id)).await
    }

    /// Opinions that were asked for, oldest first.
    async fn clearances(&self, ctx: &Context<'_>) -> Result<Vec<Clearance>> {
        ctx.gate()?.load_by(record::Clearances(self.0.id)).await
    }

    /// When it was entered.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// One subject as the caller may read it, batched.
pub(super) async fn one(ctx: &Context<'_>, id: uuid::Uuid) -> Result<Option<Subject>> {
    Ok(ctx.gate()?.load::<subject::Entity>(id).await?.map(Subject::from))
}
