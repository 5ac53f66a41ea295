//! What a title or form that is only proposed would lead to, if it were given.
//! No write enters here.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_graphql::dataloader;
use entity::submission::CommendationType;
use uuid::Uuid;

use super::chain::{Proposal, Sought, leading, leading_titles, of};
use super::check::Rule;
use super::facts::{Award, Facts};
use super::load;
use super::related::subjects;
use crate::access::{Gate, Loader};
use crate::error::{Error, Result};

/// A title or form as if it were given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::domain) struct Given {
    pub(in crate::domain) subject: Uuid,
    pub(in crate::domain) award: String,
    pub(in crate::domain) year: i32,
    pub(in crate::domain) commendation: CommendationType,
}

impl Given {
    /// What would be known of the subject. What it holds already for that year is not counted twice.
    fn after(&self, facts: &Facts) -> Facts {
        let mut facts = facts.clone();
        let is_it = |it: &Award| it.code == self.award && it.year == self.year;
        if !facts.awards.iter().any(is_it) {
            facts.awards.push(Award {
                id: Uuid::nil(),
                code: self.award.clone(),
                first: self.year,
                year: self.year,
                commendation: self.commendation,
                achieved_on: None,
                decided_on: None,
                decision: None,
                is_elsewhere: false,
            });
        }
        facts
    }
}

impl dataloader::Loader<Given> for Loader {
    type Value = Vec<Proposal>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Given]) -> Result<HashMap<Given, Self::Value>, Arc<Error>> {
        prospects(self.gate(), keys).await.map_err(Arc::new)
    }
}

/// The proposals that would follow; as many statements for one as for a list.
async fn prospects(gate: &Gate, keys: &[Given]) -> Result<HashMap<Given, Vec<Proposal>>> {
    let rules = load::rules(gate).await?;
    let leading = leading(gate, &rules).await?;
    let leads = |key: &Given| -> Vec<&Rule> {
        let of_title = |rule: &&&Rule| {
            let mut titles = BTreeSet::new();
            leading_titles(&rule.tree, &mut titles);
            titles.contains(key.award.as_str())
        };
        leading.iter().filter(of_title).copied().collect()
    };
    let asked: Vec<(&Given, Vec<&Rule>)> = keys.iter().map(|key| (key, leads(key))).collect();
    let ids = asked.iter().filter(|(_, leading)| !leading.is_empty()).map(|(key, _)| key.subject);
    let subjects = subjects(gate, ids.collect()).await?;
    let facts = load::facts(gate, &subjects).await?;
    let one = |(key, leading): &(&Given, Vec<&Rule>)| {
        let row = subjects.iter().find(|row| row.id == key.subject)?;
        let facts = key.after(facts.get(&row.id)?);
        let sought = Sought { year: key.year, include_failed: true };
        let found = of(gate, (&rules, leading), (row, &facts), sought);
        Some(((*key).clone(), found.into_iter().map(|(_, proposal)| proposal).collect()))
    };
    Ok(asked.iter().filter_map(one).collect())
}
