//! What became of every row of an import.
//! No row is judged here.

use async_graphql::{Context, Enum, Object, SimpleObject};
use entity::{award, subject, tenant};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use strum::IntoEnumIterator;
use uuid::Uuid;

use crate::access::Answer;
use crate::domain::Ask;
use crate::domain::registry::Award;
use crate::domain::subject::Subject;
use crate::domain::tenant::Tenant;
use crate::error::{Code, Fault, Result};
use crate::text::Language;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize, Serialize)]
#[graphql(name = "AwardRowStatus")]
pub(crate) enum RowStatus {
    /// It is in the registry.
    Taken,
    /// It could be taken; nothing was written, because the import was a dry run (`dryRun`) or another row failed.
    NotWritten,
    /// It cannot be taken.
    Failed,
}

/// What is wrong or odd about a row.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct AwardRowNote {
    code: String,
    path: Vec<String>,
    vi: String,
    en: String,
}

/// What is wrong or odd about a row.
#[Object]
impl AwardRowNote {
    /// Stable code; null only where a repeated answer was kept by a version with codes that this one does not have.
    async fn code(&self) -> Option<Code> {
        Code::iter().find(|code| code.name() == self.code)
    }

    /// What it is, in the language of `Accept-Language` (vi or en).
    async fn message(&self, ctx: &Context<'_>) -> &str {
        match ctx.data_opt::<Language>().copied().unwrap_or_default() {
            Language::Vi => &self.vi,
            Language::En => &self.en,
        }
    }

    /// Path into the arguments, such as `input`, `rows`, `3`, `awardType`.
    async fn path(&self) -> &[String] {
        &self.path
    }
}

impl AwardRowNote {
    fn of(fault: &Fault) -> Self {
        Self {
            code: fault.code.name().to_owned(),
            path: fault.path.clone(),
            vi: fault.message(Language::Vi),
            en: fault.message(Language::En),
        }
    }
}

/// What was recognised in a row, whether or not it was written.
#[derive(Clone, Default, Deserialize, Serialize)]
struct Seen {
    award_type_code: Option<String>,
    issuer_name: Option<String>,
    issuer_tenant: Option<Uuid>,
    subject: Option<Uuid>,
}

impl Seen {
    fn of(award: &award::Model) -> Self {
        Self {
            award_type_code: Some(award.award_type_code.clone()),
            issuer_name: Some(award.issuer_name.clone()),
            issuer_tenant: award.issuer_tenant_id,
            subject: award.subject_id,
        }
    }
}

/// What became of one row.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct AwardRowResult {
    index: i32,
    pub(super) status: RowStatus,
    pub(super) award: Option<award::Model>,
    #[serde(default)]
    seen: Seen,
    errors: Vec<AwardRowNote>,
    warnings: Vec<AwardRowNote>,
}

/// What became of one row of an import.
#[Object]
impl AwardRowResult {
    /// Place of the row in the input, from 0.
    async fn index(&self) -> i32 {
        self.index
    }

    /// What became of it.
    async fn status(&self) -> RowStatus {
        self.status
    }

    /// The award that was written; null when none was.
    async fn award(&self) -> Option<Award> {
        self.award.clone().map(Award::from)
    }

    /// Code of the title or form that was recognised, written or not; null where the row cannot be taken.
    async fn award_type_code(&self) -> Option<&str> {
        self.seen.award_type_code.as_deref()
    }

    /// Who gave it, as it is recorded or was read from the title, written or not; the words of the title where the row
    /// does not tell, which is a warning. Null where the row cannot be taken.
    async fn issuer_name(&self) -> Option<&str> {
        self.seen.issuer_name.as_deref()
    }

    /// The tenant that gave it, written or not; null where the row cannot be taken, for authorities that are no tenant,
    /// and where it is not known.
    async fn issuer_tenant(&self, ctx: &Context<'_>) -> Option<Result<Tenant>> {
        let id = self.seen.issuer_tenant?;
        let found = ctx.gate().ok()?.look_up::<tenant::Entity>(id).await;
        found.map(|row| row.map(Tenant::from)).transpose()
    }

    /// The subject that was found or entered; null where the row cannot be taken or names nobody, and where the one it
    /// names is not entered yet because nothing was written.
    async fn subject(&self, ctx: &Context<'_>) -> Option<Result<Subject>> {
        let found = ctx.gate().ok()?.load::<subject::Entity>(self.seen.subject?).await;
        found.map(|row| row.map(Subject::from)).transpose()
    }

    /// Why it cannot be taken.
    async fn errors(&self) -> &[AwardRowNote] {
        &self.errors
    }

    /// What looks odd and was taken nevertheless.
    async fn warnings(&self) -> &[AwardRowNote] {
        &self.warnings
    }
}

impl AwardRowResult {
    pub(super) fn taken(index: usize, award: Option<award::Model>, warnings: &[Fault]) -> Self {
        let warnings = warnings.iter().map(AwardRowNote::of).collect();
        let index = i32::try_from(index).unwrap_or(i32::MAX);
        let seen = award.as_ref().map(Seen::of).unwrap_or_default();
        Self { index, status: RowStatus::Taken, award, seen, errors: Vec::new(), warnings }
    }

    /// One more thing that looks odd.
    pub(super) fn warn(&mut self, fault: &Fault) {
        self.warnings.push(AwardRowNote::of(fault));
    }

    pub(super) fn failed(index: usize, fault: &Fault) -> Self {
        let errors = vec![AwardRowNote::of(fault)];
        let index = i32::try_from(index).unwrap_or(i32::MAX);
        let seen = Seen::default();
        Self { index, status: RowStatus::Failed, award: None, seen, errors, warnings: Vec::new() }
    }

    /// Says that the row was not written.
    pub(super) fn leave(&mut self) {
        self.award = None;
        if self.status == RowStatus::Taken {
            self.status = RowStatus::NotWritten;
        }
    }
}

/// What became of an import.
#[derive(Clone, Deserialize, Serialize, SimpleObject)]
pub(crate) struct AwardsImport {
    /// Rows that are in the registry now.
    taken: i32,
    /// Rows that cannot be taken.
    failed: i32,
    /// What became of every row, in the order of the input.
    results: Vec<AwardRowResult>,
    #[graphql(skip)]
    #[serde(skip)]
    pub(super) refused: Vec<Fault>,
}

impl AwardsImport {
    pub(super) fn new(results: Vec<AwardRowResult>, refused: Vec<Fault>) -> Self {
        let count = |status: RowStatus| {
            let found = results.iter().filter(|row| row.status == status).count();
            i32::try_from(found).unwrap_or(i32::MAX)
        };
        Self { taken: count(RowStatus::Taken), failed: count(RowStatus::Failed), results, refused }
    }
}

impl Answer for AwardsImport {
    fn keep(&self) -> Result<Json> {
        Ok(serde_json::to_value(self)?)
    }

    fn recall(kept: Json) -> Result<Self> {
        Ok(serde_json::from_value(kept)?)
    }
}
