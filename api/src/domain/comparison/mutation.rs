//! Writes of comparisons: their state, and what is frozen at publication.
//! No score is changed here.

use std::collections::BTreeMap;

use async_graphql::{Context, ID, InputObject, Object};
use entity::comparison::{self, State};
use entity::{cluster, cluster_member, comparison_row, criteria_set, criterion, score};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use super::nouns::{ClusterComparison, assemble};
use super::rules::{self, Table};
use super::{hash, load};
use crate::access::{Act, Answer, Gate, Tx};
use crate::domain::cluster::{Cluster, ClusterMember};
use crate::domain::{Ask, input};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::scalar::Decimal;

/// Input of `comparisonPublish`.
#[derive(InputObject)]
pub(crate) struct ComparisonPublishInput {
    /// The cluster.
    cluster_id: ID,
    /// The year, 1948 to 2100.
    year: i32,
    /// Version the caller read; 0 before the first change of state.
    expected_version: i32,
    /// `PROVISIONAL` shows totals and ranks to members, `PUBLISHED` freezes everything for ever, `OPEN`
    /// takes a provisional comparison back.
    #[graphql(default_with = "State::Published")]
    state: State,
    /// Order decided by ballot among members that no other rule separates, best first; replaces the one before.
    ballot: Option<Vec<ID>>,
    /// Publishes although members have not reported everything; they have no place. Needs a reason.
    #[graphql(default)]
    accept_gaps: bool,
    /// Why gaps are accepted, or the decision's number; at most 4,000 characters.
    reason: Option<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(ComparisonPublishPayload, comparison: ClusterComparison, "comparison as it is now");

/// Changes of comparisons.
#[derive(Default)]
pub struct ComparisonMutation;

/// Changes of comparisons.
#[Object]
impl ComparisonMutation {
    /// Shows a comparison to members provisionally, or publishes it: then the inputs are frozen and their
    /// hash is kept. Roles: cluster coordinator; standing officer or central officer of the organiser.
    async fn comparison_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to publish.")] input: ComparisonPublishInput,
    ) -> async_graphql::Result<ComparisonPublishPayload> {
        let key = input.idempotency_key.clone();
        ComparisonPublishPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                let Published { cluster, year } =
                    gate.answer(Box::pin(publish(&gate, input))).await?;
                let sheet = load::read(&gate, cluster, year).await?;
                assemble(sheet.ok_or_else(Error::not_found)?)
            }
            .await,
        )
    }
}

/// What was published: a repeated request reads the comparison as it is then.
#[derive(Serialize, Deserialize)]
struct Published {
    cluster: Uuid,
    year: i32,
}

impl Answer for Published {
    fn keep(&self) -> Result<Json> {
        Ok(serde_json::to_value(self)?)
    }

    fn recall(kept: Json) -> Result<Self> {
        Ok(serde_json::from_value(kept)?)
    }
}

async fn publish(gate: &Gate, input: ComparisonPublishInput) -> Result<Published> {
    let cluster_id = input_id::<Cluster>(&input.cluster_id, "input.clusterId")?;
    let year = input::year(input.year, "input.year")?;
    let reason = input::optional_text(input.reason.as_deref(), "input.reason", input::TEXT)?;
    if input.accept_gaps && reason.is_none() {
        return Err(Fault::at(Code::ReasonRequired, "input.reason").into());
    }
    let tx = gate.begin_because(Act::ComparisonPublish, reason.clone()).await?;
    let row = tx.lock::<cluster::Entity>(cluster_id).await.map_err(|e| e.at("input.clusterId"))?;
    tx.stand_in_line("comparison", row.id).await?;
    let before = current(&tx, row.id, year, input.expected_version).await?;
    let stand = Stand::read(&tx, row.id, year).await?;
    let ballot = ballot(input.ballot.as_deref(), before.as_ref(), &stand.members)?;
    let (table, inputs_hash) = stand.compare(&ballot)?;
    let gaps = table.completeness.members_incomplete.len();
    let is_final = input.state == State::Published;
    if is_final && gaps > 0 && !input.accept_gaps {
        let fault = Fault::at(Code::ComparisonIncomplete, "input.acceptGaps");
        return Err(fault.with("count", gaps).into());
    }
    let change =
        Change { state: input.state, ballot, reason, hash: is_final.then_some(inputs_hash) };
    let saved = write(&tx, (&stand, year), before, change).await?;
    if is_final {
        freeze(&tx, &saved, &stand.members, &table).await?;
    }
    tx.answer(Published { cluster: cluster_id, year }).await
}

/// The comparison that stands; refused when it is final or has changed since the caller read it.
async fn current(
    tx: &Tx,
    cluster: Uuid,
    year: i32,
    expected: i32,
) -> Result<Option<comparison::Model>> {
    let of_year = Condition::all().add(comparison::Column::Year.eq(year));
    let before = tx.all_of::<comparison::Entity>(cluster, of_year).await?.into_iter().next();
    if before.as_ref().is_some_and(|row| row.state == State::Published) {
        return Err(Fault::at(Code::FinalState, "input.year").into());
    }
    let version = before.as_ref().map_or(0, |row| row.version);
    if version != expected {
        return Err(Error::conflict(version));
    }
    Ok(before)
}

/// Everything the result depends on, read inside the transaction.
struct Stand {
    set: criteria_set::Model,
    criteria: Vec<criterion::Model>,
    members: Vec<cluster_member::Model>,
    previous: BTreeMap<Uuid, i32>,
    scores: Vec<score::Model>,
}

impl Stand {
    async fn read(tx: &Tx, cluster: Uuid, year: i32) -> Result<Self> {
        let locked = Condition::all()
            .add(criteria_set::Column::Year.eq(year))
            .add(criteria_set::Column::State.eq(criteria_set::State::Locked));
        let sets = tx.all_of::<criteria_set::Entity>(cluster, locked).await?;
        let set = sets.into_iter().next();
        let set =
            set.ok_or_else(|| Error::from(Fault::at(Code::CriteriaSetNotLocked, "input.year")))?;
        let of_set = Condition::all().add(criterion::Column::SetId.eq(set.id));
        let criteria = tx.all_of::<criterion::Entity>(cluster, of_set).await?;
        let mut members = tx.all_of::<cluster_member::Entity>(cluster, load::in_year(year)).await?;
        members.sort_by_key(|member| (member.position, member.id));
        let before = Condition::all().add(comparison_row::Column::Year.eq(year.saturating_sub(1)));
        let before = tx.all_of::<comparison_row::Entity>(cluster, before).await?;
        let previous =
            before.into_iter().filter_map(|row| Some((row.unit_id?, row.rank?))).collect();
        let of_set = Condition::all().add(score::Column::SetId.eq(set.id));
        let scores = tx.all_of::<score::Entity>(cluster, of_set).await?;
        Ok(Self { set, criteria, members, previous, scores })
    }

    fn compare(&self, ballot: &BTreeMap<Uuid, i32>) -> Result<(Table, String)> {
        let previous = |unit: Option<Uuid>| unit.and_then(|unit| self.previous.get(&unit).copied());
        let members = self.members.iter().map(|row| load::member(row.id, previous(row.unit_id)));
        let ballot = serde_json::to_string(ballot)?;
        let members = members.collect();
        let input = load::input(&self.set, &self.criteria, members, (&self.scores, &ballot))?;
        Ok((rules::compare(&input), hash::inputs_hash(&input)))
    }
}

/// The order by ballot: the new one, else the one that stands.
fn ballot(
    given: Option<&[ID]>,
    before: Option<&comparison::Model>,
    members: &[cluster_member::Model],
) -> Result<BTreeMap<Uuid, i32>> {
    let Some(given) = given else {
        return Ok(match before {
            Some(row) => serde_json::from_str(&row.ballot)?,
            None => BTreeMap::new(),
        });
    };
    let mut order = BTreeMap::new();
    for (index, id) in given.iter().enumerate() {
        let path = format!("input.ballot.{index}");
        let member = input_id::<ClusterMember>(id, &path)?;
        if members.iter().all(|row| row.id != member) {
            return Err(Error::not_found().at(&path));
        }
        let place = i32::try_from(index).unwrap_or(i32::MAX).saturating_add(1);
        if order.insert(member, place).is_some() {
            let fault = Fault::at(Code::InvalidCombination, &path);
            return Err(fault.with("detail", "a member stands twice").into());
        }
    }
    Ok(order)
}

struct Change {
    state: State,
    ballot: BTreeMap<Uuid, i32>,
    reason: Option<String>,
    hash: Option<String>,
}

async fn write(
    tx: &Tx,
    (stand, year): (&Stand, i32),
    before: Option<comparison::Model>,
    change: Change,
) -> Result<comparison::Model> {
    let published_at = (change.state == State::Published).then(|| tx.gate().now());
    let ballot = serde_json::to_string(&change.ballot)?;
    let Some(before) = before else {
        let row = comparison::ActiveModel {
            cluster_id: Set(stand.set.cluster_id),
            id: Set(tx.gate().new_id()),
            year: Set(year),
            set_id: Set(stand.set.id),
            state: Set(change.state),
            ballot: Set(ballot),
            inputs_hash: Set(change.hash),
            reason: Set(change.reason),
            published_at: Set(published_at),
            version: Set(1),
        };
        return tx.add::<comparison::Entity>(row).await;
    };
    let mut row = before.clone().into_active_model();
    row.set_id = Set(stand.set.id);
    row.state = Set(change.state);
    row.ballot = Set(ballot);
    row.inputs_hash = Set(change.hash);
    row.reason = Set(change.reason);
    row.published_at = Set(published_at);
    tx.save::<comparison::Entity>(&before, row).await
}

/// Keeps the places, for the year after.
async fn freeze(
    tx: &Tx,
    comparison: &comparison::Model,
    members: &[cluster_member::Model],
    table: &Table,
) -> Result<()> {
    let mut places = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let unit = members.iter().find(|member| member.id == row.member).and_then(|m| m.unit_id);
        places.push(comparison_row::Model {
            cluster_id: comparison.cluster_id,
            comparison_id: comparison.id,
            member_id: row.member,
            unit_id: unit,
            year: comparison.year,
            rank: row.rank.and_then(|rank| i32::try_from(rank).ok()),
            total: row.total.map(Decimal::units),
        });
    }
    tx.add_many_derived::<comparison_row::Entity>(places).await
}
