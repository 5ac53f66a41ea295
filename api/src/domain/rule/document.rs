//! Legal documents: of the state, and those that a tenant registered.
//! No rule is evaluated here.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::eligibility_rule::Confidence;
use entity::legal_document::{self, Kind};
use entity::own_document;
use sea_orm::QueryOrder;
use serde::{Deserialize, Serialize};

use super::citing::{CitingBallotRules, CitingNoticeRules, CitingQuotas, CitingRates, CitingRules};
use super::nouns::EligibilityRule;
use crate::access::Act;
use crate::domain::Ask;
use crate::domain::ballot::BallotRule;
use crate::domain::bonus::BonusRate;
use crate::domain::notice::NoticeRule;
use crate::domain::quota::Quota;
use crate::error::Result;
use crate::scalar::{Date, NodeType};

/// A legal document.
#[derive(Clone)]
pub(crate) struct LegalDocument {
    row: Arc<legal_document::Model>,
    /// Counts changes of one that the tenant registered; those of the state have none.
    version: Option<i32>,
}

/// A document of a tenant's own as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    row: legal_document::Model,
    version: i32,
}

impl NodeType for LegalDocument {
    const PREFIX: &'static str = "LegalDocument";
}

impl From<legal_document::Model> for LegalDocument {
    fn from(row: legal_document::Model) -> Self {
        Self { row: Arc::new(row), version: None }
    }
}

impl From<own_document::Model> for LegalDocument {
    fn from(row: own_document::Model) -> Self {
        let version = Some(row.version);
        let row = legal_document::Model {
            id: row.id,
            number: row.number,
            kind: row.kind,
            issuer: row.issuer,
            title: row.title,
            signed_on: row.signed_on,
            in_force_on: row.in_force_on,
            expired_on: row.expired_on,
            replaces: row.replaces,
            confidence: Confidence::Sourced,
        };
        Self { row: Arc::new(row), version }
    }
}

impl crate::access::Answer for LegalDocument {
    fn keep(&self) -> Result<serde_json::Value> {
        let row = (*self.row).clone();
        Ok(serde_json::to_value(Kept { row, version: self.version.unwrap_or(1) })?)
    }

    fn recall(kept: serde_json::Value) -> Result<Self> {
        let Kept { row, version } = serde_json::from_value(kept)?;
        Ok(Self { row: Arc::new(row), version: Some(version) })
    }
}

/// A legal document (văn bản): a law, a decree, a circular, a regulation. Those of the state are the same for
/// all tenants; a tenant registers its own.
#[Object]
impl LegalDocument {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.row.id)
    }

    /// Number, such as "06/2022/QH15".
    async fn number(&self) -> &str {
        &self.row.number
    }

    /// What kind of document it is.
    async fn kind(&self) -> Kind {
        self.row.kind
    }

    /// Who issued it.
    async fn issuer(&self) -> &str {
        &self.row.issuer
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.row.title
    }

    /// When it was signed; null: not established.
    async fn signed_on(&self) -> Option<Date> {
        self.row.signed_on.map(Date)
    }

    /// First day in force; null: not established.
    async fn in_force_on(&self) -> Option<Date> {
        self.row.in_force_on.map(Date)
    }

    /// Last day in force; null while it goes on.
    async fn expired_on(&self) -> Option<Date> {
        self.row.expired_on.map(Date)
    }

    /// Numbers of the documents that it replaces.
    async fn replaces(&self) -> Vec<&str> {
        self.row.replaces.split('|').filter(|number| !number.is_empty()).collect()
    }

    /// How well its dates and its content are established.
    async fn confidence(&self) -> Confidence {
        self.row.confidence
    }

    /// Whether the tenant registered it.
    async fn is_own(&self) -> bool {
        self.version.is_some()
    }

    /// Counts changes of a document that the tenant registered; send it back as `expectedVersion`. Null for those of
    /// the state.
    async fn version(&self) -> Option<i32> {
        self.version
    }

    /// The rules of ballots that cite it: of the law, and regulations of the councils that the caller may read.
    async fn ballot_rules(&self, ctx: &Context<'_>) -> Result<Vec<BallotRule>> {
        ctx.gate()?.load_by(CitingBallotRules(self.row.number.clone())).await
    }

    /// The quotas of the tenant that cite it.
    async fn quotas(&self, ctx: &Context<'_>) -> Result<Vec<Quota>> {
        ctx.gate()?.load_by(CitingQuotas(self.row.number.clone())).await
    }

    /// The rules on public notices that cite it: of the law, and of the tenant.
    async fn notice_rules(&self, ctx: &Context<'_>) -> Result<Vec<NoticeRule>> {
        ctx.gate()?.load_by(CitingNoticeRules(self.row.number.clone())).await
    }

    /// The multipliers of bonuses that cite it.
    async fn bonus_rates(&self, ctx: &Context<'_>) -> Result<Vec<BonusRate>> {
        ctx.gate()?.load_by(CitingRates(self.row.number.clone())).await
    }

    /// The rules of eligibility that cite it.
    async fn rules(&self, ctx: &Context<'_>) -> Result<Vec<EligibilityRule>> {
        ctx.gate()?.load_by(CitingRules(self.row.number.clone())).await
    }
}

/// Whether a text names the document of a number, and not one whose number is longer.
pub(super) fn cites(text: &str, number: &str) -> bool {
    let is_part = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    !number.is_empty()
        && text.match_indices(number).any(|(start, _)| {
            let end = start + number.len();
            let before = text.get(..start).and_then(|it| it.chars().next_back());
            let after = text.get(end..).and_then(|it| it.chars().next());
            !is_part(before) && !is_part(after)
        })
}

/// Questions about legal documents.
#[derive(Default)]
pub struct DocumentQuery;

/// Questions about legal documents.
#[Object]
impl DocumentQuery {
    /// Legal documents: of the state, then those that the current tenant registered; each by number. Not more
    /// than some dozens.
    async fn legal_documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "In force on this day: from the first day in force, or where that is not established from the day of signing. All when absent."
        )]
        in_force_on: Option<Date>,
    ) -> Result<Vec<LegalDocument>> {
        let gate = ctx.gate()?;
        let national = gate.catalogue::<legal_document::Entity>()?;
        let national = national
            .shape(|select| select.order_by_asc(legal_document::Column::Number))
            .all()
            .await?;
        let own = gate.rows::<own_document::Entity>(Act::LegalDocumentRead)?;
        let own =
            own.shape(|select| select.order_by_asc(own_document::Column::Number)).all().await?;
        let own = own.into_iter().map(LegalDocument::from);
        let all = national.into_iter().map(LegalDocument::from).chain(own);
        let is_in_force = |document: &LegalDocument| {
            in_force_on.is_none_or(|day| {
                // Nothing is in force before it is signed, nor on a day that nobody can tell.
                let first = document.row.in_force_on.max(document.row.signed_on);
                first.is_some_and(|first| first <= day.0)
                    && document.row.expired_on.is_none_or(|last| last >= day.0)
            })
        };
        Ok(all.filter(is_in_force).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::cites;

    #[test]
    fn a_number_is_cited_whole() {
        assert!(cites("Luật 06/2022/QH15, Điều 24", "06/2022/QH15"));
        assert!(cites("06/2022/QH15", "06/2022/QH15"));
        assert!(!cites("Luật 106/2022/QH15", "06/2022/QH15"));
        assert!(!cites("Quyết định 86/2025/QĐ-UBND2", "86/2025/QĐ-UBND"));
        assert!(cites("106/2022/QH15; 06/2022/QH15", "06/2022/QH15"), "the second one");
        assert!(!cites("Quy chế", ""));
    }
}
