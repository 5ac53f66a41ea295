//! What cites a legal document: rules of every kind, read once for any number of documents.
//! No rule is evaluated here.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader;

use super::document::cites;
use super::load;
use super::nouns::EligibilityRule;
use crate::access::{Gate, Loader};
use crate::domain::ballot::BallotRule;
use crate::domain::bonus::BonusRate;
use crate::domain::notice::NoticeRule;
use crate::domain::quota::Quota;
use crate::error::{Error, Result};

macro_rules! citing {
    ($($(#[$doc:meta])* $key:ident => $rule:ident),* $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Clone, PartialEq, Eq, Hash)]
            pub(crate) struct $key(pub(super) String);

            impl dataloader::Loader<$key> for Loader {
                type Value = Vec<$rule>;
                type Error = Arc<Error>;

                async fn load(
                    &self,
                    keys: &[$key],
                ) -> Result<HashMap<$key, Self::Value>, Arc<Error>> {
                    let every = $rule::cited(self.gate()).await.map_err(Arc::new)?;
                    let of = |key: &$key| {
                        let citing = every.iter().filter(|(citation, _)| cites(citation, &key.0));
                        (key.clone(), citing.map(|(_, rule)| rule.clone()).collect())
                    };
                    Ok(keys.iter().map(of).collect())
                }
            }
        )*
    };
}

citing! {
    /// The rules of eligibility that cite the document of one number.
    CitingRules => EligibilityRule,
    /// The rules of ballots that cite it.
    CitingBallotRules => BallotRule,
    /// The quotas that cite it.
    CitingQuotas => Quota,
    /// The rules on public notices that cite it.
    CitingNoticeRules => NoticeRule,
    /// The multipliers of bonuses that cite it.
    CitingRates => BonusRate,
}

impl EligibilityRule {
    /// Every one that the caller may read, with its citation.
    async fn cited(gate: &Gate) -> Result<Vec<(String, Self)>> {
        let rules = load::rules(gate).await?;
        Ok(rules.iter().map(|rule| (rule.row.citation.clone(), Self::of(rule))).collect())
    }
}
