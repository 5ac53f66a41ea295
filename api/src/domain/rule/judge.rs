//! The law asked inside a transaction, of every subject of the tenant whatever the caller reads: what is decided now
//! rests on what is recorded now. The initiatives on which an award rests are told, so that each serves once.
//! Nobody is refused here, and nothing is written.

use std::collections::HashMap;

use entity::eligibility_rule::{self, Part, Severity};
use entity::{
    award, award_type, clearance, condition_confirmation, discipline, initiative,
    initiative_author, own_rule, subject, year_record,
};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::answer::EligibilityCheck;
use super::check::{Ruling, Transition, choose};
use super::facts::{Award, Facts, Verdict};
use super::finding::{Finding, UsedKind};
use super::lineage::{Kin, places_of};
use super::load::{self, Bench, Records};
use super::related::Asked;
use super::roll::{Source, Wanted};
use super::tree::Node;
use crate::access::{Gate, Tx};
use crate::error::Result;
use crate::reference;

/// The rules of the law, read before the transaction begins.
pub(in crate::domain) struct Law(Vec<eligibility_rule::Model>);

impl Law {
    pub(in crate::domain) async fn read(gate: &Gate) -> Result<Self> {
        Ok(Self(gate.catalogue::<eligibility_rule::Entity>()?.all().await?))
    }
}

/// Everything that is needed to judge subjects inside a transaction.
pub(in crate::domain) struct Bar {
    bench: Bench,
    transitions: Vec<Transition>,
}

/// What the law says, and the initiatives it rests on.
pub(in crate::domain) struct Judged {
    pub(in crate::domain) check: EligibilityCheck,
    pub(in crate::domain) initiatives: Vec<Uuid>,
}

impl Bar {
    /// Reads what is recorded of subjects and what is asked about them; the number of statements does not grow with
    /// them.
    pub(in crate::domain) async fn of(
        tx: &Tx,
        law: Law,
        (catalogue, subjects): (&[award_type::Model], &[subject::Model]),
        asked: &[Asked],
    ) -> Result<Self> {
        let tenant = tx.gate().actor()?.tenant;
        let own = tx.all_of::<own_rule::Entity>(tenant, Condition::all()).await?;
        let rules = load::together(law.0, own)?;
        let names = load::named(catalogue.to_vec());
        let mut facts = records(tx, subjects).await?.of(subjects);
        let wanted = Wanted::of(&rules, subjects, asked);
        Source::Tx(tx).read(&wanted, (&mut facts, asked)).await?;
        Ok(Self { bench: Bench { rules, names, facts }, transitions: reference::transitions()? })
    }

    /// An award that is given or taken over beside those that are recorded.
    pub(in crate::domain) fn add(&mut self, row: &award::Model) {
        if let Some(facts) = row.subject_id.map(|id| self.bench.facts.entry(id).or_default()) {
            facts.awards.push(load::given(row.clone()));
        }
    }

    /// What the law says of a subject, an award left out: the one that is asked about.
    pub(in crate::domain) fn judge(
        &self,
        subject: &subject::Model,
        asked: &Asked,
        but: Option<Uuid>,
    ) -> Judged {
        let nothing = Facts::default();
        let mut facts = self.bench.facts.get(&subject.id).unwrap_or(&nothing).clone();
        facts.awards.retain(|award| Some(award.id) != but);
        // What is given now stands beside all that is recorded: an earlier date on the paper rewards nothing twice.
        for award in facts.awards.iter_mut().filter(|award| is_double(award, asked)) {
            award.decided_on = award.decided_on.map(|on| on.min(asked.decided_on));
        }
        let question = asked.question();
        let when = (asked.decided_on, self.transitions.as_slice());
        let choice = choose(&self.bench.rules, (subject.kind, &facts), &question, when);
        let initiatives = served(&choice.chosen);
        let subject = subject.clone().into();
        let check = EligibilityCheck::new(subject, &question, &choice, &self.bench.names);
        Judged { check, initiatives }
    }

    /// From now on an initiative has served for an award, whoever of its authors got it.
    pub(in crate::domain) fn spend(&mut self, initiative: Uuid, (award, year): (&str, i32)) {
        let all = self.bench.facts.values_mut().flat_map(|facts| &mut facts.initiatives);
        for it in all.filter(|it| it.id == initiative && it.used.is_none()) {
            it.used = Some((award.to_owned(), year));
        }
    }
}

/// Whether an award is of the same title, or of one of its rank, by the same type and for the same year.
fn is_double(award: &Award, asked: &Asked) -> bool {
    award.commendation == asked.commendation
        && (award.first..=award.year).contains(&asked.year)
        && reference::is_equal_award(&award.code, &asked.award)
}

async fn records(tx: &Tx, subjects: &[subject::Model]) -> Result<Records> {
    if subjects.is_empty() {
        return Ok(Records::default());
    }
    let tenant = tx.gate().actor()?.tenant;
    let ids: Vec<Uuid> = subjects.iter().map(|row| row.id).collect();
    let of = |column: &dyn Fn(Vec<Uuid>) -> sea_orm::sea_query::SimpleExpr| {
        Condition::all().add(column(ids.clone()))
    };
    let authors = of(&|ids| initiative_author::Column::SubjectId.is_in(ids));
    let authors = tx.all_of::<initiative_author::Entity>(tenant, authors).await?;
    let these = authors.iter().map(|row| row.initiative_id);
    let these = Condition::all().add(initiative::Column::Id.is_in(these));
    let made: HashMap<Uuid, initiative::Model> = if authors.is_empty() {
        HashMap::new()
    } else {
        let made = tx.all_of::<initiative::Entity>(tenant, these).await?;
        made.into_iter().map(|row| (row.id, row)).collect()
    };
    let pair = |row: initiative_author::Model| {
        Some((row.subject_id, made.get(&row.initiative_id)?.clone()))
    };
    let kin = Kin::read_in(tx, subjects).await?;
    let line = kin.with(&ids);
    let years = Condition::all().add(year_record::Column::SubjectId.is_in(line.clone()));
    let cases = of(&|ids| discipline::Column::SubjectId.is_in(ids));
    let opinions = of(&|ids| clearance::Column::SubjectId.is_in(ids));
    let said = of(&|ids| condition_confirmation::Column::SubjectId.is_in(ids));
    let awards = Condition::all().add(award::Column::SubjectId.is_in(line));
    let awards = awards.add(award::Column::State.eq(award::State::Valid));
    Ok(Records {
        years: tx.all_of::<year_record::Entity>(tenant, years).await?,
        cases: tx.all_of::<discipline::Entity>(tenant, cases).await?,
        initiatives: authors.into_iter().filter_map(pair).collect(),
        opinions: tx.all_of::<clearance::Entity>(tenant, opinions).await?,
        confirmations: tx.all_of::<condition_confirmation::Entity>(tenant, said).await?,
        awards: tx.all_of::<award::Entity>(tenant, awards).await?,
        places: places_of(tx, subjects).await?,
        kin,
    })
}

/// The initiatives on which a ruling rests: those of the way that stands best and needs the fewest.
pub(super) fn served(ruling: &Ruling<'_>) -> Vec<Uuid> {
    let is_way =
        |row: &eligibility_rule::Model| row.part == Part::Branch && row.severity == Severity::Block;
    let ways = ruling.outcomes.iter().filter(|it| is_way(&it.rule.row));
    fewest(ways.map(|it| &it.finding))
}

fn fewest<'f, 'r: 'f>(findings: impl Iterator<Item = &'f Finding<'r>>) -> Vec<Uuid> {
    let findings: Vec<_> = findings.collect();
    let best = findings.iter().map(|it| it.verdict).max();
    let stands = findings.iter().filter(|it| Some(it.verdict) == best);
    stands.map(|it| needed(it)).min_by_key(Vec::len).unwrap_or_default()
}

fn needed(finding: &Finding<'_>) -> Vec<Uuid> {
    if let Node::Any(_) = finding.node {
        return fewest(finding.parts.iter());
    }
    if let Node::Initiative(standard) = finding.node
        && finding.verdict == Verdict::Passed
    {
        // Oldest first, as the facts are sorted.
        let used = finding.used.iter().filter(|it| it.kind == UsedKind::Initiative);
        let many = usize::try_from(standard.n).unwrap_or_default();
        return used.filter_map(|it| it.id).take(many).collect();
    }
    if let Node::Not(_) = finding.node {
        return Vec::new();
    }
    let mut all: Vec<Uuid> = finding.parts.iter().flat_map(needed).collect();
    all.sort();
    all.dedup();
    all
}
