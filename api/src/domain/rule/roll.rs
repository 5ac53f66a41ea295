//! What a question about collectives asks beyond their own records: who their members were and what is recorded of
//! these, and places in published comparisons. A bounded number of statements, however many collectives there are.
//! Nothing is evaluated here.
//!
//! A person counts where he belonged at the end of the year: who moved is assessed by the new unit
//! (Thông tư 01/2024/TT-TANDTC, Điều 29). Whoever may read a collective learns how many of its members stand how, also
//! of those who belong elsewhere since; the name is told to who may read the person. A place is told as far as the
//! cluster shows it to the caller.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use entity::discipline::Stage;
use entity::{comparison_row, subject, unit_above};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{Condition, FromQueryResult, Select};
use uuid::Uuid;

use super::check::Rule;
use super::facts::{Case, Facts, Member, Roll};
use super::guard::is_basis;
use super::joins::{
    ADVANCED, FIGHTER, OfCase, OfPlace, OfRoll, Proposed, Title, cases, of_roll, of_units, places,
    proposed, titles,
};
use super::related::Asked;
use super::tree::Node;
use crate::access::{Act, Gate, Tx};
use crate::error::Result;

/// What questions ask of collectives: the units that these are, and the years.
#[derive(Default)]
pub(super) struct Wanted {
    /// Each collective of a unit.
    subjects: HashMap<Uuid, Uuid>,
    /// Units whose members are asked for.
    rolls: BTreeSet<Uuid>,
    /// Units whose place is asked for.
    places: BTreeSet<Uuid>,
    years: BTreeSet<i32>,
}

impl Wanted {
    /// What the rules need to know to answer.
    pub(super) fn of(rules: &[Rule], subjects: &[subject::Model], asked: &[Asked]) -> Self {
        // Who belongs to a collective that is but a part of its unit is not recorded.
        let whole = subjects.iter().filter(|row| row.is_unit);
        let units: HashMap<Uuid, Uuid> = whole.map(|row| (row.id, row.unit_id)).collect();
        let mut wanted = Self::default();
        for it in asked {
            let Some(unit) = units.get(&it.subject) else { continue };
            let about = |rule: &&Rule| {
                rule.row.award_type_code.as_ref().is_none_or(|code| *code == it.award)
            };
            let about = || rules.iter().filter(about);
            if about().any(|rule| has(&rule.tree, is_about_members)) {
                wanted.rolls.insert(*unit);
            }
            if about().any(|rule| has(&rule.tree, |node| matches!(node, Node::Rank(_)))) {
                wanted.places.insert(*unit);
            }
            wanted.years.insert(it.year);
            wanted.subjects.insert(*unit, it.subject);
        }
        wanted
    }

    pub(super) fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.iter().copied()
    }

    /// The years with their last days.
    pub(super) fn last_days(&self) -> impl Iterator<Item = (i32, NaiveDate)> + '_ {
        self.years().filter_map(|year| Some((year, NaiveDate::from_ymd_opt(year, 12, 31)?)))
    }

    pub(super) fn rolls(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.rolls.iter().copied()
    }

    pub(super) fn places(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.places.iter().copied()
    }
}

fn has(node: &Node, is_it: fn(&Node) -> bool) -> bool {
    is_it(node) || node.parts().iter().any(|part| has(part, is_it))
}

fn is_about_members(node: &Node) -> bool {
    matches!(node, Node::Share(_) | Node::AllMembers(_) | Node::AnyMember(_) | Node::NoMember(_))
}

/// From where is read: as the caller sees it, or inside a transaction all of the tenant.
pub(super) enum Source<'a> {
    Gate(&'a Gate),
    Tx(&'a Tx),
}

impl Source<'_> {
    /// Adds to the facts of collectives what is asked of them.
    pub(super) async fn read(
        &self,
        wanted: &Wanted,
        (facts, asked): (&mut HashMap<Uuid, Facts>, &[Asked]),
    ) -> Result<()> {
        for (unit, years) in self.rolls(wanted, asked).await? {
            let Some(subject) = wanted.subjects.get(&unit) else { continue };
            facts.entry(*subject).or_default().rolls = years;
        }
        if wanted.places.is_empty() {
            return Ok(());
        }
        for row in self.places(wanted).await? {
            let Some(subject) = wanted.subjects.get(&row.unit) else { continue };
            facts.entry(*subject).or_default().places.push(row.into());
        }
        Ok(())
    }

    async fn rolls(
        &self,
        wanted: &Wanted,
        asked: &[Asked],
    ) -> Result<HashMap<Uuid, BTreeMap<i32, Arc<Roll>>>> {
        if wanted.rolls.is_empty() {
            return Ok(HashMap::new());
        }
        let is_readable = match self {
            Self::Gate(gate) => gate.scope::<subject::Entity>(Act::SubjectRead)?,
            Self::Tx(_) => Condition::all().add(Expr::val(1).eq(0)),
        };
        let is_readable = SimpleExpr::from(is_readable);
        let rows = self.members(wanted, |select| of_roll(select, wanted, is_readable)).await?;
        let titles = self.members(wanted, |select| titles(select, wanted)).await?;
        let cases = self.members(wanted, |select| cases(select, wanted)).await?;
        let proposed = self.members(wanted, |select| proposed(select, wanted)).await?;
        let mut known = Known::of(titles, cases, proposed);
        if let Self::Tx(_) = self {
            // What the same decision gives to members counts for their collective.
            let given = asked.iter().filter(|it| is_basis(it.commendation));
            given.for_each(|it| known.title((it.subject, it.year), &it.award));
        }
        Ok(known.rolls(wanted, rows))
    }

    /// Whoever reaches a collective reaches every unit below it.
    async fn members<M: FromQueryResult>(
        &self,
        wanted: &Wanted,
        shape: impl FnOnce(Select<unit_above::Entity>) -> Select<unit_above::Entity>,
    ) -> Result<Vec<M>> {
        let shape = |select: Select<unit_above::Entity>| shape(of_units(select, wanted));
        match self {
            Self::Gate(gate) => {
                gate.rows::<unit_above::Entity>(Act::SubjectRead)?.shape(shape).all_as().await
            }
            Self::Tx(tx) => tx.all_of_as(tx.gate().actor()?.tenant, shape).await,
        }
    }

    async fn places(&self, wanted: &Wanted) -> Result<Vec<OfPlace>> {
        let gate = match self {
            Self::Gate(gate) => gate,
            Self::Tx(tx) => tx.gate(),
        };
        let tenant = gate.actor()?.tenant;
        let shape = |select| places(select, wanted, tenant);
        match self {
            Self::Gate(gate) => {
                gate.rows::<comparison_row::Entity>(Act::ClusterRead)?.shape(shape).all_as().await
            }
            Self::Tx(tx) => tx.all_as(Act::ClusterRead, shape).await,
        }
    }
}

/// What is recorded of members.
#[derive(Default)]
struct Known {
    advanced: HashSet<(Uuid, i32)>,
    fighters: HashSet<(Uuid, i32)>,
    proposed: HashSet<(Uuid, i32)>,
    cases: HashMap<Uuid, Vec<Case>>,
}

impl Known {
    fn of(titles: Vec<Title>, cases: Vec<OfCase>, proposed: Vec<Proposed>) -> Self {
        let mut known = Self::default();
        for it in titles {
            known.title((it.person, it.year), &it.code);
        }
        for it in cases {
            let (id, form, from, end) = (it.id, it.form, it.from_day, it.end_day);
            let case = Case { id, stage: Stage::Imposed, form, from, end, decision: None };
            known.cases.entry(it.person).or_default().push(case);
        }
        known.proposed = proposed.into_iter().map(|it| (it.person, it.year)).collect();
        known
    }

    fn title(&mut self, of: (Uuid, i32), code: &str) {
        if ADVANCED.contains(&code) {
            self.advanced.insert(of);
        }
        if code == FIGHTER {
            self.fighters.insert(of);
        }
    }

    /// The members of each unit by year, each once.
    fn rolls(&self, wanted: &Wanted, rows: Vec<OfRoll>) -> HashMap<Uuid, BTreeMap<i32, Arc<Roll>>> {
        let mut found: HashMap<Uuid, BTreeMap<i32, BTreeMap<Uuid, Member>>> = HashMap::new();
        for row in rows {
            for (year, _) in wanted.last_days().filter(|(_, day)| row.is_on(*day)) {
                let roll = found.entry(row.unit).or_default().entry(year).or_default();
                let it = roll.entry(row.person).or_insert_with(|| self.member(&row, year));
                recorded(it, &row, year);
            }
        }
        let list = |roll: BTreeMap<Uuid, Member>| Arc::new(Roll(roll.into_values().collect()));
        let by_year = |years: BTreeMap<i32, _>| {
            years.into_iter().map(|(year, roll)| (year, list(roll))).collect()
        };
        found.into_iter().map(|(unit, years)| (unit, by_year(years))).collect()
    }

    fn member(&self, row: &OfRoll, year: i32) -> Member {
        let this = (row.person, year);
        Member {
            id: row.person,
            name: row.is_readable.then(|| row.name.clone()),
            is_recorded: false,
            rating: None,
            is_advanced: self.advanced.contains(&this),
            is_fighter: self.fighters.contains(&this),
            is_proposed: self.proposed.contains(&this),
            cases: self.cases.get(&row.person).cloned().unwrap_or_default(),
        }
    }
}

/// Takes over what the member's record of the year says, where the row brings it.
fn recorded(member: &mut Member, row: &OfRoll, year: i32) {
    if row.year == Some(year) {
        member.is_recorded = true;
        member.rating = row.rating;
    }
}
