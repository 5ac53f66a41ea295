//! Facts, rules and names, read for many subjects at once: a bounded number of statements, however many there are.
//! Nothing is evaluated here.

use std::collections::HashMap;

use chrono::Datelike;
use entity::eligibility_rule::{Confidence, Part};
use entity::nominee::SubjectKind;
use entity::{
    award, award_type, clearance, discipline, eligibility_rule, initiative, own_rule, subject, unit,
};
use sea_orm::{ColumnTrait, EntityTrait, Iterable, JoinType, QuerySelect, RelationDef};
use uuid::Uuid;

use super::check::Rule;
use super::facts::{Award, Case, Facts, Initiative, Opinion, Year};
use super::tree::Node;
use super::words::Names;
use crate::access::{Act, Gate};
use crate::domain::record;
use crate::error::Result;

/// Everything that is needed to judge any number of subjects.
pub(super) struct Bench {
    pub(super) rules: Vec<Rule>,
    pub(super) names: Names,
    pub(super) facts: HashMap<Uuid, Facts>,
}

impl Bench {
    /// Reads the rules, the names, and the facts of subjects that the caller may read.
    pub(super) async fn read(gate: &Gate, subjects: &[subject::Model]) -> Result<Self> {
        let (rules, names) = (rules(gate).await?, names(gate).await?);
        Ok(Self { rules, names, facts: facts(gate, subjects).await? })
    }
}

/// The rules of the law, and those that the tenant added.
pub(super) async fn rules(gate: &Gate) -> Result<Vec<Rule>> {
    let national = gate.catalogue::<eligibility_rule::Entity>()?.all().await?;
    let own = gate.rows::<own_rule::Entity>(Act::EligibilityRuleRead)?.all().await?;
    let own = own.into_iter().map(|row| (national_form(row), true));
    let all = national.into_iter().map(|row| (row, false)).chain(own);
    let mut rules = all
        .map(|(row, is_own)| Ok(Rule { tree: Node::read(&row.tree)?, row, is_own }))
        .collect::<Result<Vec<_>>>()?;
    rules.sort_by(|one, other| (one.is_own, &one.row.code).cmp(&(other.is_own, &other.row.code)));
    Ok(rules)
}

/// A rule of a tenant is a condition: it holds beside those of the law and never replaces one.
pub(super) fn national_form(row: own_rule::Model) -> eligibility_rule::Model {
    eligibility_rule::Model {
        id: row.id,
        code: row.id.to_string(),
        award_type_code: row.award_type_code,
        subject_kind: row.subject_kind,
        commendation_type: row.commendation_type,
        part: Part::Condition,
        name_vi: row.name_vi,
        name_en: row.name_en,
        tree: row.tree,
        citation: row.citation,
        document_number: String::new(),
        severity: row.severity,
        confidence: Confidence::Sourced,
        obliges: false,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
    }
}

async fn names(gate: &Gate) -> Result<Names> {
    let rows = gate.catalogue::<award_type::Entity>()?.all().await?;
    Ok(rows.into_iter().map(|row| (row.code, (row.name, row.name_en))).collect())
}

async fn facts(gate: &Gate, subjects: &[subject::Model]) -> Result<HashMap<Uuid, Facts>> {
    let ids: Vec<Uuid> = subjects.iter().map(|row| row.id).collect();
    let mut facts: HashMap<Uuid, Facts> = subjects.iter().map(|row| (row.id, bare(row))).collect();
    if ids.is_empty() {
        return Ok(facts);
    }
    for row in record::year_rows(gate, &ids).await? {
        if let Some(it) = facts.get_mut(&row.subject_id) {
            it.years.insert(row.year, year(&row));
        }
    }
    for row in record::discipline_rows(gate, &ids).await? {
        facts.entry(row.subject_id).or_default().cases.push(case(row));
    }
    for (subject, row) in record::initiative_rows(gate, &ids).await? {
        facts.entry(subject).or_default().initiatives.push(initiative(row));
    }
    for row in record::clearance_rows(gate, &ids).await? {
        facts.entry(row.subject_id).or_default().opinions.push(opinion(row));
    }
    for (subject, award) in awards(gate, &ids).await? {
        facts.entry(subject).or_default().awards.push(award);
    }
    dissolved(gate, subjects, &mut facts).await?;
    Ok(facts)
}

fn bare(row: &subject::Model) -> Facts {
    Facts {
        founded_on: row.founded_on,
        flag_eligible: row.flag_eligible,
        manager: (row.kind == SubjectKind::Individual).then_some(row.manager),
        ..Facts::default()
    }
}

fn year(row: &entity::year_record::Model) -> Year {
    Year {
        id: row.id,
        rating: row.completion_rating,
        rank: row.cluster_scope.zip(row.cluster_rank),
        members: row.members_total,
        completed: row.members_completed,
        advanced: row.members_advanced,
        fighters: row.members_base_fighter,
        disciplined: row.members_disciplined,
    }
}

fn case(row: discipline::Model) -> Case {
    Case {
        id: row.id,
        stage: row.stage,
        form: row.form,
        from: row.from_day,
        end: row.end_day,
        decision: row.decision,
    }
}

fn initiative(row: initiative::Model) -> Initiative {
    Initiative {
        id: row.id,
        kind: row.kind,
        scope: row.scope,
        year: row.recognised_on.year(),
        title: row.title,
        recognised_by: row.recognised_by,
        used: row.used_for.zip(row.used_year),
    }
}

fn opinion(row: clearance::Model) -> Opinion {
    Opinion {
        id: row.id,
        source: row.source,
        year: row.year,
        answered_by: row.answered_by,
        is_blocking: row.is_blocking,
    }
}

/// Awards of subjects that stand, in whatever unit they were given: who may read a subject reads them.
async fn awards(gate: &Gate, of: &[Uuid]) -> Result<Vec<(Uuid, Award)>> {
    use award::Column;
    let given: RelationDef = subject::Entity::belongs_to(award::Entity)
        .from((subject::Column::TenantId, subject::Column::Id))
        .to((Column::TenantId, Column::SubjectId))
        .into();
    let rows = gate.rows::<subject::Entity>(Act::SubjectRead)?;
    let rows: Vec<award::Model> = rows
        .filter(subject::Column::Id.is_in(of.iter().copied()))
        .filter(Column::State.eq(award::State::Valid))
        .shape(|select| {
            select.select_only().columns(Column::iter()).join(JoinType::InnerJoin, given)
        })
        .all_as()
        .await?;
    let one = |row: award::Model| {
        let award = Award {
            id: row.id,
            code: row.award_type_code,
            year: row.counting_to_year,
            commendation: row.commendation_type,
            decision: row.decision_label,
        };
        Some((row.subject_id?, award))
    };
    Ok(rows.into_iter().filter_map(one).collect())
}

/// The last days of collectives whose unit is dissolved.
async fn dissolved(
    gate: &Gate,
    subjects: &[subject::Model],
    facts: &mut HashMap<Uuid, Facts>,
) -> Result<()> {
    let collectives = subjects.iter().filter(|row| row.kind == SubjectKind::Collective);
    let units: Vec<(Uuid, Uuid)> = collectives.map(|row| (row.id, row.unit_id)).collect();
    if units.is_empty() {
        return Ok(());
    }
    let rows = gate.rows::<unit::Entity>(Act::UnitRead)?;
    let rows = rows.filter(unit::Column::Id.is_in(units.iter().map(|it| it.1))).all().await?;
    let last: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row.valid_to)).collect();
    for (subject, unit) in units {
        facts.entry(subject).or_default().dissolved_on = last.get(&unit).copied().flatten();
    }
    Ok(())
}
