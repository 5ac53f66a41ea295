//! Multipliers of bonuses as they are shown.
//! Nothing is reckoned here.

use std::sync::Arc;

use async_graphql::Object;
use entity::bonus_rate::{self, Column};
use entity::eligibility_rule::Confidence;
use entity::nominee::SubjectKind;
use sea_orm::QueryOrder;

use crate::access::Gate;
use crate::error::Result;
use crate::scalar::Date;

/// A multiplier of bonuses.
#[derive(Clone)]
pub(crate) struct BonusRate(Arc<bonus_rate::Model>);

impl BonusRate {
    /// Every one, with its citation.
    pub(in crate::domain) async fn cited(gate: &Gate) -> Result<Vec<(String, Self)>> {
        let rows = gate.catalogue::<bonus_rate::Entity>()?;
        let rows = rows
            .shape(|select| select.order_by_asc(Column::AwardTypeCode).order_by_asc(Column::Id))
            .all()
            .await?;
        Ok(rows.into_iter().map(|row| (row.citation.clone(), Self(Arc::new(row)))).collect())
    }
}

/// A multiplier of bonuses (mức tiền thưởng): tenths of the base salary for a title or form.
#[Object]
impl BonusRate {
    /// Code of the title or form.
    async fn award_type_code(&self) -> &str {
        &self.0.award_type_code
    }

    /// For this kind of subject.
    async fn subject_kind(&self) -> SubjectKind {
        self.0.subject_kind
    }

    /// Tenths of the base salary, such as 45 for 4.5 times.
    async fn multiplier_tenths(&self) -> i32 {
        self.0.tenths
    }

    /// The article that sets it.
    async fn citation(&self) -> &str {
        &self.0.citation
    }

    /// How well it is established.
    async fn confidence(&self) -> Confidence {
        self.0.confidence
    }

    /// First day in force.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// Last day in force; null while it goes on.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }
}
