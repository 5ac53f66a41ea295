//! Writes of criteria sets: draft, change the draft, lock.
//! Nothing is written here to a set that is locked.

use std::collections::HashMap;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::criteria_set::{self, Rounding, State};
use entity::{cluster, criterion};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::draft::{self, CriterionInput, Draft, depth_first};
use super::{CriteriaSet, related, tie_rules};
use crate::access::{Act, Gate, Tx};
use crate::domain::cluster::Cluster;
use crate::domain::cluster::rules::Period;
use crate::domain::{Ask, input};
use crate::error::{Code, Fault, Result};
use crate::filter::input_id;
use crate::payload;

/// Digits kept after the point when nothing is said.
const DECIMALS: i16 = 2;
/// Most digits kept after the point.
const MOST_DECIMALS: i16 = 4;

/// Input of `criteriaSetCreate`. With `copyFromId` the criteria of that set are copied, and whatever else is
/// absent here.
#[derive(InputObject)]
pub(crate) struct CriteriaSetCreateInput {
    /// The cluster.
    cluster_id: ID,
    /// The year, 1948 to 2100; the cluster is in force on some day of it.
    year: i32,
    /// Name in Vietnamese, at most 300 characters.
    name: String,
    /// Where the scale comes from, such as the decision's number; at most 4,000 characters.
    source: Option<String>,
    /// How points are rounded; `HALF_UP` when absent.
    rounding: Option<Rounding>,
    /// Digits kept after the point, 0 to 4; 2 when absent.
    decimals: Option<i32>,
    /// What separates members of equal total, in order, at most 20: `CRITERION:<code>`, `PREVIOUS_RANK`, `BALLOT`,
    /// `SHARED` (nothing may follow it).
    tie_rules: Option<Vec<String>>,
    /// The criteria and groups, at most 300, siblings in their order; not with `copyFromId`.
    criteria: Option<Vec<CriterionInput>>,
    /// A set that is copied, such as that of the year before; due dates move to the same day of the new year.
    copy_from_id: Option<ID>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `criteriaSetUpdate`; absent fields stay as they are.
#[derive(InputObject)]
pub(crate) struct CriteriaSetUpdateInput {
    /// The set.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// New name, at most 300 characters; null is refused (`REQUIRED`).
    name: MaybeUndefined<String>,
    /// Where the scale comes from, at most 4,000 characters; null clears it.
    source: MaybeUndefined<String>,
    /// How points are rounded; null is refused (`REQUIRED`).
    rounding: MaybeUndefined<Rounding>,
    /// Digits kept after the point, 0 to 4; null is refused (`REQUIRED`).
    decimals: MaybeUndefined<i32>,
    /// All tie rules, as in `criteriaSetCreate`; null is refused (`REQUIRED`).
    tie_rules: MaybeUndefined<Vec<String>>,
    /// All criteria and groups, at most 300: they take the place of the present ones; a criterion whose code
    /// stays keeps its id; null is refused (`REQUIRED`).
    criteria: MaybeUndefined<Vec<CriterionInput>>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `criteriaSetLock`.
#[derive(InputObject)]
pub(crate) struct CriteriaSetLockInput {
    /// The set.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(CriteriaSetCreatePayload, criteria_set: CriteriaSet, "criteria set created");
payload!(CriteriaSetUpdatePayload, criteria_set: CriteriaSet, "criteria set as it is now");
payload!(CriteriaSetLockPayload, criteria_set: CriteriaSet, "criteria set as it is now");

/// Changes of criteria sets.
#[derive(Default)]
pub struct CriterionMutation;

/// Changes of criteria sets.
#[Object]
impl CriterionMutation {
    /// Drafts a criteria set for a cluster and year, under the next revision number. Faults of the tree are
    /// told as `CRITERION_INVALID`. Roles: central officer and standing officer of the organiser; coordinator
    /// and deputy of the cluster.
    async fn criteria_set_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The set to draft.")] input: CriteriaSetCreateInput,
    ) -> async_graphql::Result<CriteriaSetCreatePayload> {
        let key = input.idempotency_key.clone();
        CriteriaSetCreatePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(create(&gate, input))).await
            }
            .await,
        )
    }

    /// Changes a draft; a locked set is refused (`CRITERIA_SET_LOCKED`). Roles: central officer and standing
    /// officer of the organiser; coordinator and deputy of the cluster.
    async fn criteria_set_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: CriteriaSetUpdateInput,
    ) -> async_graphql::Result<CriteriaSetUpdatePayload> {
        let key = input.idempotency_key.clone();
        CriteriaSetUpdatePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(update(&gate, input))).await
            }
            .await,
        )
    }

    /// Locks a set for ever, so that scoring may start. It needs something to score, and its tie rules name
    /// criteria of its own (`CRITERION_INVALID`); a cluster has one locked set a year (`ALREADY_EXISTS`).
    /// Roles: central officer and standing officer of the organiser; coordinator of the cluster.
    async fn criteria_set_lock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The set to lock.")] input: CriteriaSetLockInput,
    ) -> async_graphql::Result<CriteriaSetLockPayload> {
        let key = input.idempotency_key.clone();
        CriteriaSetLockPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(lock(&gate, input))).await
            }
            .await,
        )
    }
}

/// What of a set can be given or copied.
#[derive(Default)]
struct Scale {
    source: Option<String>,
    rounding: Option<Rounding>,
    decimals: Option<i16>,
    tie_rules: Option<String>,
    drafts: Option<Vec<Draft>>,
}

impl Scale {
    /// What is given, and the rest from another scale.
    fn or(self, other: Self) -> Self {
        Self {
            source: self.source.or(other.source),
            rounding: self.rounding.or(other.rounding),
            decimals: self.decimals.or(other.decimals),
            tie_rules: self.tie_rules.or(other.tie_rules),
            drafts: self.drafts.or(other.drafts),
        }
    }
}

async fn create(gate: &Gate, input: CriteriaSetCreateInput) -> Result<CriteriaSet> {
    let cluster_id = input_id::<Cluster>(&input.cluster_id, "input.clusterId")?;
    let year = input::year(input.year, "input.year")?;
    let name = input::text(&input.name, "input.name", input::NAME)?;
    let copy_from =
        input.copy_from_id.as_ref().map(|id| input_id::<CriteriaSet>(id, "input.copyFromId"));
    let copy_from = copy_from.transpose()?;
    if copy_from.is_some() && input.criteria.is_some() {
        let fault = Fault::at(Code::InvalidCombination, "input.copyFromId");
        return Err(fault.with("detail", "criteria, copyFromId").into());
    }
    let given = given(input)?;
    let tx = gate.begin(Act::CriteriaSetCreate).await?;
    let cluster =
        tx.lock::<cluster::Entity>(cluster_id).await.map_err(|e| e.at("input.clusterId"))?;
    if !Period::new(cluster.valid_from, cluster.valid_to).overlaps(Period::year(year)) {
        return Err(Fault::at(Code::NotInForce, "input.clusterId").into());
    }
    let scale = match copy_from {
        Some(id) => given.or(copied(&tx, id, year).await?),
        None => given,
    };
    let of_year = Condition::all().add(criteria_set::Column::Year.eq(year));
    let column = criteria_set::Column::Revision;
    let last = tx.greatest::<criteria_set::Entity>(cluster.id, column, of_year).await?;
    let row = criteria_set::ActiveModel {
        cluster_id: Set(cluster.id),
        id: Set(gate.new_id()),
        year: Set(year),
        revision: Set(last + 1),
        name: Set(name),
        source: Set(scale.source),
        state: Set(State::Draft),
        rounding: Set(scale.rounding.unwrap_or(Rounding::HalfUp)),
        decimals: Set(scale.decimals.unwrap_or(DECIMALS)),
        tie_rules: Set(scale.tie_rules.map_or_else(|| draft::stored_tie_rules(&[]), Ok)?),
        locked_at: Set(None),
        version: Set(1),
    };
    let row = tx.add::<criteria_set::Entity>(row).await?;
    plant(&tx, &row, scale.drafts.unwrap_or_default(), HashMap::new()).await?;
    tx.answer(CriteriaSet::from(row)).await
}

fn given(input: CriteriaSetCreateInput) -> Result<Scale> {
    Ok(Scale {
        source: input::optional_text(input.source.as_deref(), "input.source", input::TEXT)?,
        rounding: input.rounding,
        decimals: input.decimals.map(decimals).transpose()?,
        tie_rules: input.tie_rules.as_deref().map(stored_tie_rules).transpose()?,
        drafts: input.criteria.map(Draft::read_all).transpose()?,
    })
}

fn decimals(value: i32) -> Result<i16> {
    let known = i16::try_from(value).ok().filter(|value| (0..=MOST_DECIMALS).contains(value));
    known.ok_or_else(|| {
        let fault = Fault::at(Code::OutOfRange, "input.decimals");
        fault.with("min", 0).with("max", MOST_DECIMALS).into()
    })
}

fn stored_tie_rules(texts: &[String]) -> Result<String> {
    draft::stored_tie_rules(&draft::tie_rules(texts)?)
}

/// A set the caller may read, as the scale of another year.
async fn copied(tx: &Tx, id: Uuid, year: i32) -> Result<Scale> {
    let set = tx.one::<criteria_set::Entity>(Act::ClusterRead, id).await;
    let set = set.map_err(|e| e.at("input.copyFromId"))?;
    let drafts = Draft::of_rows(&criteria(tx, &set).await?)?;
    Ok(Scale {
        drafts: Some(drafts.into_iter().map(|draft| draft.later(year - set.year)).collect()),
        source: set.source,
        rounding: Some(set.rounding),
        decimals: Some(set.decimals),
        tie_rules: Some(set.tie_rules),
    })
}

/// The criteria of a set that was read before, in the order of the tree.
async fn criteria(tx: &Tx, set: &criteria_set::Model) -> Result<Vec<criterion::Model>> {
    let of_set = Condition::all().add(criterion::Column::SetId.eq(set.id));
    let mut rows = tx.all_of::<criterion::Entity>(set.cluster_id, of_set).await?;
    rows.sort_by_key(|row| row.position);
    Ok(related::in_order(rows))
}

/// Adds the criteria, each after the group it stands in; a code that has an id keeps it.
async fn plant(
    tx: &Tx,
    set: &criteria_set::Model,
    drafts: Vec<Draft>,
    mut ids: HashMap<String, Uuid>,
) -> Result<()> {
    let mut siblings: HashMap<Option<String>, i32> = HashMap::new();
    let mut rows = Vec::with_capacity(drafts.len());
    for draft in depth_first(drafts, |one| one.tree.code.clone(), |one| one.tree.parent.clone()) {
        let id = *ids.entry(draft.tree.code.clone()).or_insert_with(|| tx.gate().new_id());
        let parent_id = draft.tree.parent.as_ref().and_then(|code| ids.get(code)).copied();
        let position = siblings.entry(draft.tree.parent).or_default();
        *position += 1;
        rows.push(criterion::Model {
            cluster_id: set.cluster_id,
            id,
            set_id: set.id,
            parent_id,
            code: draft.tree.code,
            name: draft.name,
            position: *position,
            max_points: draft.tree.max.units(),
            kind: draft.tree.kind.code().to_owned(),
            parameters: draft.tree.kind.parameters(),
            unit: draft.unit,
            data_source: draft.data_source,
            evidence: draft.evidence,
            scorer: draft.scorer,
            due_on: draft.due_on,
        });
    }
    tx.add_many::<criterion::Entity>(rows).await
}

/// The set, held, when it may still change.
async fn open(tx: &Tx, id: &ID, expected: i32) -> Result<criteria_set::Model> {
    let id = input_id::<CriteriaSet>(id, "input.id")?;
    let set = tx.lock_version::<criteria_set::Entity>(id, expected).await?;
    match set.state {
        State::Draft => Ok(set),
        State::Locked => Err(Fault::at(Code::CriteriaSetLocked, "input.id").into()),
    }
}

async fn update(gate: &Gate, input: CriteriaSetUpdateInput) -> Result<CriteriaSet> {
    let drafts =
        input::given(input.criteria, "input.criteria")?.map(Draft::read_all).transpose()?;
    let tx = gate.begin(Act::CriteriaSetUpdate).await?;
    let set = open(&tx, &input.id, input.expected_version).await?;
    let mut changed = set.clone().into_active_model();
    if let Some(name) = input::given(input.name, "input.name")? {
        changed.name = Set(input::text(&name, "input.name", input::NAME)?);
    }
    match input.source {
        MaybeUndefined::Value(source) => {
            changed.source = Set(input::optional_text(Some(&source), "input.source", input::TEXT)?);
        }
        MaybeUndefined::Null => changed.source = Set(None),
        MaybeUndefined::Undefined => {}
    }
    if let Some(rounding) = input::given(input.rounding, "input.rounding")? {
        changed.rounding = Set(rounding);
    }
    if let Some(value) = input::given(input.decimals, "input.decimals")? {
        changed.decimals = Set(decimals(value)?);
    }
    if let Some(texts) = input::given(input.tie_rules, "input.tieRules")? {
        changed.tie_rules = Set(stored_tie_rules(&texts)?);
    }
    if let Some(drafts) = drafts {
        replant(&tx, &set, drafts).await?;
    }
    let set = tx.save::<criteria_set::Entity>(&set, changed).await?;
    tx.answer(CriteriaSet::from(set)).await
}

/// Puts a new tree in the place of the present one.
async fn replant(tx: &Tx, set: &criteria_set::Model, drafts: Vec<Draft>) -> Result<()> {
    let present = criteria(tx, set).await?;
    for row in present.iter().rev() {
        tx.remove::<criterion::Entity>(row).await?;
    }
    let ids = present.into_iter().map(|row| (row.code, row.id)).collect();
    plant(tx, set, drafts, ids).await
}

async fn lock(gate: &Gate, input: CriteriaSetLockInput) -> Result<CriteriaSet> {
    let tx = gate.begin(Act::CriteriaSetLock).await?;
    let set = open(&tx, &input.id, input.expected_version).await?;
    let drafts = Draft::of_rows(&criteria(&tx, &set).await?)?;
    draft::check_final(&drafts, &tie_rules(&set)?)?;
    let mut locked = set.clone().into_active_model();
    locked.state = Set(State::Locked);
    locked.locked_at = Set(Some(gate.now()));
    let set = tx.save::<criteria_set::Entity>(&set, locked).await.map_err(|e| e.at("input.id"))?;
    tx.answer(CriteriaSet::from(set)).await
}
