//! The rules of ballots beside their citations: of the law, and regulations of councils, past ones too.
//! No rule is applied here.

use entity::ballot_rule;
use sea_orm::QueryOrder;

use super::noun::BallotRule;
use super::rule::Rule;
use crate::access::{Act, Gate};
use crate::error::Result;
use crate::reference::{self, LawRule};

impl BallotRule {
    /// Every one that the caller may read, with its citation; those of the law once for each title that they name.
    pub(in crate::domain) async fn cited(gate: &Gate) -> Result<Vec<(String, Self)>> {
        let rows = gate.rows::<ballot_rule::Entity>(Act::CouncilRead)?;
        let rows = rows.shape(|select| select.order_by_asc(ballot_rule::Column::Id)).all().await?;
        let own = rows.iter().map(|row| (row.citation.clone(), Self::from(row)));
        let law = reference::every_ballot_rule().iter().flat_map(of_law);
        Ok(law.chain(own).collect())
    }
}

fn of_law(law: &'static LawRule) -> impl Iterator<Item = (String, BallotRule)> {
    let named = law.awards.iter().cloned().map(Some);
    let every = law.awards.is_empty().then_some(None);
    named.chain(every).map(move |award| {
        let (valid_from, valid_to) = (law.valid_from, law.valid_to);
        let rule = BallotRule { award, rule: Rule::from(law), valid_from, valid_to, own: None };
        (law.citation.clone(), rule)
    })
}
