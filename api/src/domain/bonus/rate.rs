//! Multipliers of bonuses as they are shown: of the law, and of the tenant's own titles.
//! Nothing is reckoned here.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::eligibility_rule::Confidence;
use entity::nominee::SubjectKind;
use entity::{bonus_rate, own_bonus_rate};
use sea_orm::{Condition, QueryOrder};

use super::OwnBonusRate;
use super::own::as_of_law;
use crate::access::{Act, Gate};
use crate::domain::{Ask, input};
use crate::error::Result;
use crate::reference;
use crate::scalar::{Date, NodeType};

/// A multiplier of bonuses.
#[derive(Clone)]
pub(crate) struct BonusRate {
    row: Arc<bonus_rate::Model>,
    /// Of one that the tenant has set.
    version: Option<i32>,
}

impl From<bonus_rate::Model> for BonusRate {
    fn from(row: bonus_rate::Model) -> Self {
        Self { row: Arc::new(row), version: None }
    }
}

impl From<&own_bonus_rate::Model> for BonusRate {
    fn from(row: &own_bonus_rate::Model) -> Self {
        Self { row: Arc::new(as_of_law(row)), version: Some(row.version) }
    }
}

impl BonusRate {
    /// Every one of the law and of the tenant, with its citation.
    pub(in crate::domain) async fn cited(gate: &Gate) -> Result<Vec<(String, Self)>> {
        let rates = Self::read(gate, (Condition::all(), Condition::all())).await?;
        Ok(rates.into_iter().map(|rate| (rate.row.citation.clone(), rate)).collect())
    }

    /// Those of the law, then those of the tenant; each by title.
    async fn read(gate: &Gate, (of_law, of_tenant): (Condition, Condition)) -> Result<Vec<Self>> {
        let law = {
            use bonus_rate::Column::{AwardTypeCode, Id};
            let rows = gate.catalogue::<bonus_rate::Entity>()?.filter(of_law);
            rows.shape(|select| select.order_by_asc(AwardTypeCode).order_by_asc(Id)).all().await?
        };
        let own = {
            use own_bonus_rate::Column::{AwardTypeCode, Id};
            let rows = gate.rows::<own_bonus_rate::Entity>(Act::AwardTypeRead)?.filter(of_tenant);
            rows.shape(|select| select.order_by_asc(AwardTypeCode).order_by_asc(Id)).all().await?
        };
        Ok(law.into_iter().map(Self::from).chain(own.iter().map(Self::from)).collect())
    }
}

/// A multiplier of bonuses (mức tiền thưởng): tenths of the base salary for a title or form, of the law, or set by the
/// tenant for a title of its own.
#[Object]
impl BonusRate {
    /// Opaque id of one that the tenant has set; null for the law.
    async fn id(&self) -> Option<ID> {
        self.version.map(|_| OwnBonusRate::node_id(self.row.id))
    }

    /// Counts changes of one that the tenant has set; send it back as `expectedVersion`. Null for the law.
    async fn version(&self) -> Option<i32> {
        self.version
    }

    /// Whether the tenant has set it.
    async fn is_of_tenant(&self) -> bool {
        self.version.is_some()
    }

    /// Code of the title or form.
    async fn award_type_code(&self) -> &str {
        &self.row.award_type_code
    }

    /// For this kind of subject.
    async fn subject_kind(&self) -> SubjectKind {
        self.row.subject_kind
    }

    /// Tenths of the base salary, such as 45 for 4.5 times.
    async fn multiplier_tenths(&self) -> i32 {
        self.row.tenths
    }

    /// The article or regulation that sets it.
    async fn citation(&self) -> &str {
        &self.row.citation
    }

    /// Whether it goes on after the end of a document of the state that it cites (áp dụng tiếp): on its own last day, or
    /// today. Which article took the place of the cited one is then not established.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn is_carried_over(&self, ctx: &Context<'_>) -> Result<bool> {
        let days = (self.row.valid_from, self.row.valid_to);
        Ok(reference::is_carried_over(&self.row.citation, days, ctx.gate()?.today()))
    }

    /// How well it is established.
    async fn confidence(&self) -> Confidence {
        self.row.confidence
    }

    /// First day in force.
    async fn valid_from(&self) -> Date {
        Date(self.row.valid_from)
    }

    /// Last day in force; null while it goes on.
    async fn valid_to(&self) -> Option<Date> {
        self.row.valid_to.map(Date)
    }
}

/// Questions about multipliers of bonuses.
#[derive(Default)]
pub struct BonusRateQuery;

/// Questions about multipliers of bonuses.
#[Object]
impl BonusRateQuery {
    /// The multipliers of bonuses in force on a day: of the law, then of the current tenant's own titles. Not more than
    /// some dozens.
    async fn bonus_rates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In force on this day; today when absent.")] as_of: Option<Date>,
    ) -> Result<Vec<BonusRate>> {
        let gate = ctx.gate()?;
        let day = as_of.map_or_else(|| gate.today(), |day| day.0);
        let of_law = {
            use bonus_rate::Column::{ValidFrom, ValidTo};
            input::in_force(ValidFrom, ValidTo, day)
        };
        let of_tenant = {
            use own_bonus_rate::Column::{ValidFrom, ValidTo};
            input::in_force(ValidFrom, ValidTo, day)
        };
        BonusRate::read(gate, (of_law, of_tenant)).await
    }
}
