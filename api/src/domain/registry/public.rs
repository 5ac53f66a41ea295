//! The public check of an award: its code shows what is public, to everyone, and nothing else.
//! Nobody who asks is known here.

use async_graphql::{Context, Object, SimpleObject};
use entity::award::State;
use entity::nominee::SubjectKind;

use crate::domain::Ask;
use crate::error::Result;
use crate::scalar::Date;

/// Longest code that is looked up.
const LONGEST: usize = 40;

/// What everyone may know of an award whose code he has (tra cứu công khai).
#[derive(SimpleObject)]
pub(crate) struct PublicAward {
    /// The code.
    code: String,
    /// Name of the one who was commended.
    subject_name: String,
    /// A person, a collective or a household.
    subject_kind: SubjectKind,
    /// Title or form, as recorded.
    award_name: String,
    /// First year of the achievements it counts.
    counting_from: i32,
    /// Last year of the achievements it counts.
    counting_to: i32,
    /// Who gave it.
    issuer_name: String,
    /// Number and symbol of the decision; null where none is known.
    decision_label: Option<String>,
    /// Day of the decision; null where none is known.
    decided_on: Option<Date>,
    /// Whether it still stands.
    state: State,
}

/// The public check of awards.
#[derive(Default)]
pub struct PublicQuery;

/// The public check of awards.
#[Object]
impl PublicQuery {
    /// The public part of an award by its code, of any tenant, without sign-in; null when there is none. Hyphens,
    /// spaces and small letters do not matter.
    async fn award_public(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code on the certificate.")] code: String,
    ) -> Option<Result<PublicAward>> {
        async { find(ctx, &code).await }.await.transpose()
    }
}

async fn find(ctx: &Context<'_>, code: &str) -> Result<Option<PublicAward>> {
    let code: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(LONGEST)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    let Some(row) = ctx.gate()?.award_of_code(&code).await? else { return Ok(None) };
    Ok(Some(PublicAward {
        code,
        subject_name: row.subject_name_as_recorded,
        subject_kind: row.subject_kind,
        award_name: row.name_as_recorded,
        counting_from: row.counting_from_year,
        counting_to: row.counting_to_year,
        issuer_name: row.issuer_name,
        decision_label: row.decision_label,
        decided_on: row.decided_on.map(Date),
        state: row.state,
    }))
}
