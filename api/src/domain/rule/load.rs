//! Facts, rules and names, read for many subjects at once: a bounded number of statements, however many there are.
//! Nothing is evaluated here.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::Datelike;
use entity::eligibility_rule::{Confidence, Part};
use entity::nominee::SubjectKind;
use entity::{
    award, award_type, clearance, condition_confirmation, discipline, eligibility_rule, initiative,
    nominee, notice, own_rule, subject, submission, year_record,
};
use sea_orm::{ColumnTrait, EntityTrait, Iterable, JoinType, QuerySelect, RelationDef};
use uuid::Uuid;

use super::check::Rule;
use super::confirm::{confirmation_rows, keyed};
use super::facts::{Award, Before, Case, Facts, Initiative, Notice, Opinion, Year};
use super::lineage::{Kin, Place, places};
use super::related::Asked;
use super::roll::{Source, Wanted};
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

    /// Reads of collectives what questions ask about their members and their places in clusters.
    pub(super) async fn read_collectives(
        &mut self,
        gate: &Gate,
        (of, asked): (&[subject::Model], &[Asked]),
    ) -> Result<()> {
        let wanted = Wanted::of(&self.rules, of, asked);
        Source::Gate(gate).read(&wanted, (&mut self.facts, asked)).await
    }

    /// Reads the public notices of proposals of these subjects, where a title or form asks for one.
    pub(super) async fn read_notices(&mut self, gate: &Gate, of: &[subject::Model]) -> Result<()> {
        let rows = gate.rows::<nominee::Entity>(Act::SubmissionRead)?;
        let these = nominee::Column::SubjectId.is_in(of.iter().map(|row| row.id));
        let nominees = rows.filter(these).all().await?;
        let ids: HashSet<Uuid> = nominees.iter().map(|row| row.submission_id).collect();
        let rows = gate.rows::<notice::Entity>(Act::SubmissionRead)?;
        let notices = rows.filter(notice::Column::SubmissionId.is_in(ids)).all().await?;
        let ids: HashSet<Uuid> = notices.iter().map(|row| row.submission_id).collect();
        let rows = gate.rows::<submission::Entity>(Act::SubmissionRead)?;
        let submissions = rows.filter(submission::Column::Id.is_in(ids)).all().await?;
        let types: HashSet<Uuid> = nominees.iter().map(|row| row.award_type_id).collect();
        let types = gate.shared::<award_type::Entity>(types).await?;
        let of_notice = &|row: &notice::Model, nominee: &nominee::Model| {
            let list = submissions.iter().find(|list| list.id == row.submission_id)?;
            let award = types.get(&nominee.award_type_id)?.code.clone();
            let notice = Notice { id: row.id, award, year: list.year, last_on: row.last_on };
            Some((nominee.subject_id?, notice))
        };
        let pairs = notices.iter().flat_map(|row| {
            let named = nominees.iter().filter(|it| it.submission_id == row.submission_id);
            named.filter_map(move |nominee| of_notice(row, nominee))
        });
        for (subject, notice) in pairs {
            self.facts.entry(subject).or_default().notices.push(notice);
        }
        Ok(())
    }
}

/// The rules of the law, and those that the tenant added.
pub(super) async fn rules(gate: &Gate) -> Result<Vec<Rule>> {
    let national = gate.catalogue::<eligibility_rule::Entity>()?.all().await?;
    let own = gate.rows::<own_rule::Entity>(Act::EligibilityRuleRead)?.all().await?;
    together(national, own)
}

/// Both in one list, those of the law first.
pub(super) fn together(
    national: Vec<eligibility_rule::Model>,
    own: Vec<own_rule::Model>,
) -> Result<Vec<Rule>> {
    let own = own.into_iter().map(|row| (national_form(row), true));
    let all = national.into_iter().map(|row| (row, false)).chain(own);
    let mut rules = all
        .map(|(row, is_own)| {
            Ok(Rule { tree: keyed(Node::read(&row.tree)?, &row.code), row, is_own })
        })
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
    Ok(named(gate.catalogue::<award_type::Entity>()?.all().await?))
}

/// The names of today: of the wordings of a code the latest.
pub(super) fn named(mut catalogue: Vec<award_type::Model>) -> Names {
    catalogue.sort_by_key(|row| row.valid_from);
    catalogue.into_iter().map(|row| (row.code, (row.name, row.name_en))).collect()
}

/// What is recorded of subjects, table by table.
#[derive(Default)]
pub(super) struct Records {
    pub(super) years: Vec<year_record::Model>,
    pub(super) cases: Vec<discipline::Model>,
    /// Beside each of their authors.
    pub(super) initiatives: Vec<(Uuid, initiative::Model)>,
    pub(super) opinions: Vec<clearance::Model>,
    pub(super) confirmations: Vec<condition_confirmation::Model>,
    pub(super) awards: Vec<award::Model>,
    pub(super) places: Vec<Place>,
    /// Whose records above are those of a unit that one of the subjects continues.
    pub(super) kin: Kin,
}

impl Records {
    /// The facts of each subject.
    pub(super) fn of(self, subjects: &[subject::Model]) -> HashMap<Uuid, Facts> {
        let one = |row: &subject::Model| (row.id, bare(row, &self.places));
        let mut facts: HashMap<Uuid, Facts> = subjects.iter().map(one).collect();
        for after in self.kin.hidden() {
            before(&mut facts, after, |it| it.is_hidden = true);
        }
        for row in self.years {
            for after in self.kin.after(row.subject_id) {
                let of_year =
                    |it: &mut Before| it.years.entry(row.year).or_default().push(year(&row));
                before(&mut facts, after, of_year);
            }
            if let Some(it) = facts.get_mut(&row.subject_id) {
                it.years.insert(row.year, year(&row));
            }
        }
        for row in self.cases {
            facts.entry(row.subject_id).or_default().cases.push(case(row));
        }
        for (subject, row) in self.initiatives {
            facts.entry(subject).or_default().initiatives.push(initiative(row));
        }
        for row in self.opinions {
            facts.entry(row.subject_id).or_default().opinions.push(opinion(row));
        }
        for row in self.confirmations {
            let of = facts.entry(row.subject_id).or_default();
            of.confirmations.push(Arc::new(row.into()));
        }
        for row in self.awards {
            let Some(subject) = row.subject_id else { continue };
            for after in self.kin.after(subject) {
                before(&mut facts, after, |it| it.awards.push(given(row.clone())));
            }
            if let Some(it) = facts.get_mut(&subject) {
                it.awards.push(given(row));
            }
        }
        facts
    }
}

pub(super) async fn facts(
    gate: &Gate,
    subjects: &[subject::Model],
) -> Result<HashMap<Uuid, Facts>> {
    let ids: Vec<Uuid> = subjects.iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let kin = Kin::read(gate, subjects).await?;
    let line = kin.with(&ids);
    let records = Records {
        years: record::year_rows(gate, &line).await?,
        cases: record::discipline_rows(gate, &ids).await?,
        initiatives: record::initiative_rows(gate, &ids).await?,
        opinions: record::clearance_rows(gate, &ids).await?,
        confirmations: confirmation_rows(gate, &ids).await?,
        awards: awards(gate, &line).await?,
        places: places(gate, subjects).await?,
        kin,
    };
    Ok(records.of(subjects))
}

/// What is recorded of the units that a subject continues.
fn before(facts: &mut HashMap<Uuid, Facts>, subject: Uuid, change: impl FnOnce(&mut Before)) {
    if let Some(it) = facts.get_mut(&subject) {
        change(it.before.get_or_insert_default());
    }
}

fn bare(row: &subject::Model, places: &[Place]) -> Facts {
    let mut of_unit = places.iter().filter(|place| place.unit_id == row.unit_id);
    let is_person = row.kind == SubjectKind::Individual;
    let is_collective = row.kind == SubjectKind::Collective;
    Facts {
        founded_on: row.founded_on,
        flag_eligible: row.flag_eligible,
        manager: row.manager.filter(|_| is_person),
        sex: row.sex.filter(|_| is_person),
        direct_worker: row.direct_worker.filter(|_| is_person),
        dissolved_on: of_unit.clone().find_map(Place::last),
        ends_with_unit: is_collective,
        forces: of_unit.any(Place::is_of_forces),
        ..Facts::default()
    }
}

fn year(row: &year_record::Model) -> Year {
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
        recognised_on: row.recognised_on,
        title: row.title,
        recognised_by: row.recognised_by,
        used: row.used_for.zip(row.used_year),
    }
}

fn opinion(row: clearance::Model) -> Opinion {
    Opinion {
        id: row.id,
        award: row.award_type_code,
        asked_on: row.asked_on,
        source: row.source,
        year: row.year,
        answered_by: row.answered_by,
        is_blocking: row.is_blocking,
    }
}

/// An award as rules look at it.
pub(super) fn given(row: award::Model) -> Award {
    Award {
        id: row.id,
        is_elsewhere: row.issuer_tenant_id.is_some_and(|tenant| tenant != row.tenant_id),
        code: row.award_type_code,
        first: row.counting_from_year,
        year: row.counting_to_year,
        commendation: row.commendation_type,
        achieved_on: row.achieved_on,
        decided_on: row.decided_on,
        decision: row.decision_label,
    }
}

/// Awards of subjects that stand, in whatever unit they were given: who may read a subject reads them.
async fn awards(gate: &Gate, of: &[Uuid]) -> Result<Vec<award::Model>> {
    use award::Column;
    let given: RelationDef = subject::Entity::belongs_to(award::Entity)
        .from((subject::Column::TenantId, subject::Column::Id))
        .to((Column::TenantId, Column::SubjectId))
        .into();
    let rows = gate.rows::<subject::Entity>(Act::SubjectRead)?;
    rows.filter(subject::Column::Id.is_in(of.iter().copied()))
        .filter(Column::State.eq(award::State::Valid))
        .shape(|select| {
            select.select_only().columns(Column::iter()).join(JoinType::InnerJoin, given)
        })
        .all_as()
        .await
}
