//! Checks of many subjects at once: the facts of all are read together.
//! No rule of its own enters here.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_graphql::dataloader;
use chrono::NaiveDate;
use entity::subject;
use entity::submission::CommendationType;
use sea_orm::ColumnTrait;
use uuid::Uuid;

use super::answer::EligibilityCheck;
use super::check::{Transition, choose};
use super::facts::Question;
use super::load::{self, Bench};
use super::tree::Node;
use crate::access::{Act, Gate, Loader};
use crate::error::{Error, Result};
use crate::reference;

/// One question about one subject.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::domain) struct Asked {
    pub(in crate::domain) subject: Uuid,
    pub(in crate::domain) award: String,
    pub(in crate::domain) year: i32,
    pub(in crate::domain) commendation: CommendationType,
    /// Day of the achievement, where it is said.
    pub(in crate::domain) achieved_on: Option<NaiveDate>,
    pub(in crate::domain) received_on: NaiveDate,
    pub(in crate::domain) decided_on: NaiveDate,
}

impl Asked {
    pub(super) fn question(&self) -> Question {
        Question {
            award: self.award.clone(),
            year: self.year,
            commendation: self.commendation,
            achieved_on: self.achieved_on,
            day: self.received_on,
            decided: self.decided_on,
        }
    }
}

impl dataloader::Loader<Asked> for Loader {
    type Value = Option<EligibilityCheck>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Asked]) -> Result<HashMap<Asked, Self::Value>, Arc<Error>> {
        let found = check(self.gate(), keys).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|(asked, check)| (asked, Some(check))).collect())
    }
}

/// Subjects by their ids, as the caller may read them.
pub(super) async fn subjects(gate: &Gate, ids: HashSet<Uuid>) -> Result<Vec<subject::Model>> {
    let rows = gate.rows::<subject::Entity>(Act::SubjectRead)?;
    rows.filter(subject::Column::Id.is_in(ids)).all().await
}

/// What comes of every question whose subject the caller may read; the number of statements does not grow with
/// the number of questions.
pub(in crate::domain) async fn check(
    gate: &Gate,
    asked: &[Asked],
) -> Result<Vec<(Asked, EligibilityCheck)>> {
    let subjects = subjects(gate, asked.iter().map(|it| it.subject).collect()).await?;
    let mut bench = Bench::read(gate, &subjects).await?;
    if asked.iter().any(asks_for_notice) {
        bench.read_notices(gate, &subjects).await?;
    }
    bench.read_collectives(gate, (&subjects, asked)).await?;
    let transitions: Vec<Transition> = reference::transitions()?;
    let known: HashMap<Uuid, &subject::Model> = subjects.iter().map(|row| (row.id, row)).collect();
    let one = |asked: &Asked| {
        let row = known.get(&asked.subject)?;
        let facts = bench.facts.get(&row.id)?;
        let question = asked.question();
        let when = (asked.decided_on, transitions.as_slice());
        let choice = choose(&bench.rules, (row.kind, facts), &question, when);
        let subject = (*row).clone().into();
        Some((asked.clone(), EligibilityCheck::new(subject, &question, &choice, &bench.names)))
    };
    Ok(asked.iter().filter_map(one).collect())
}

/// Whether a rule of the law or of the tenant, of whatever time, counts initiatives for a title or form.
pub(in crate::domain) async fn counts_initiatives(gate: &Gate, award: &str) -> Result<bool> {
    let rules = load::rules(gate).await?;
    let of_award = rules.iter().filter(|rule| {
        let code = rule.row.award_type_code.as_deref();
        code.is_none_or(|code| code == award)
    });
    Ok(of_award.map(|rule| &rule.tree).any(counts))
}

fn counts(node: &Node) -> bool {
    matches!(node, Node::Initiative(_)) || node.parts().iter().any(counts)
}

/// Whether the law wants the names made public for the title or form that is asked about.
fn asks_for_notice(asked: &Asked) -> bool {
    let of_day = |day| reference::notices(day).any(|row| row.awards.contains(&asked.award));
    of_day(asked.received_on) || of_day(asked.decided_on)
}
