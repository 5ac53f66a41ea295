//! Legal documents: of the state, and those that a tenant registered.
//! No rule is evaluated here.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object, dataloader};
use entity::eligibility_rule::Confidence;
use entity::legal_document::{self, Kind};
use entity::own_document;
use sea_orm::QueryOrder;

use super::load;
use super::nouns::EligibilityRule;
use crate::access::{Act, Loader};
use crate::domain::Ask;
use crate::error::{Error, Result};
use crate::scalar::{Date, NodeType};

/// A legal document.
#[derive(Clone)]
pub(crate) struct LegalDocument {
    row: Arc<legal_document::Model>,
    is_own: bool,
}

impl NodeType for LegalDocument {
    const PREFIX: &'static str = "LegalDocument";
}

impl From<legal_document::Model> for LegalDocument {
    fn from(row: legal_document::Model) -> Self {
        Self { row: Arc::new(row), is_own: false }
    }
}

impl From<own_document::Model> for LegalDocument {
    fn from(row: own_document::Model) -> Self {
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
        Self { row: Arc::new(row), is_own: true }
    }
}

impl crate::access::Answer for LegalDocument {
    fn keep(&self) -> Result<serde_json::Value> {
        Ok(serde_json::to_value(&*self.row)?)
    }

    fn recall(kept: serde_json::Value) -> Result<Self> {
        let row: legal_document::Model = serde_json::from_value(kept)?;
        Ok(Self { row: Arc::new(row), is_own: true })
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
        self.is_own
    }

    /// The rules that cite it.
    async fn rules(&self, ctx: &Context<'_>) -> Result<Vec<EligibilityRule>> {
        ctx.gate()?.load_by(Citing(self.row.number.clone())).await
    }
}

/// The rules that cite the document of one number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Citing(String);

impl dataloader::Loader<Citing> for Loader {
    type Value = Vec<EligibilityRule>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Citing]) -> Result<HashMap<Citing, Self::Value>, Arc<Error>> {
        let rules = load::rules(self.gate()).await.map_err(Arc::new)?;
        let citing = |key: &Citing| {
            let cites = rules.iter().filter(|rule| rule.row.citation.contains(&key.0));
            (key.clone(), cites.map(EligibilityRule::of).collect())
        };
        Ok(keys.iter().map(citing).collect())
    }
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
        #[graphql(desc = "In force on this day, as far as its dates are known; all when absent.")]
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
                document.row.in_force_on.is_none_or(|first| first <= day.0)
                    && document.row.expired_on.is_none_or(|last| last >= day.0)
            })
        };
        Ok(all.filter(is_in_force).collect())
    }
}
