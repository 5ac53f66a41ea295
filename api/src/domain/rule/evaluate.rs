//! A rule against the facts of one subject: a finding for each condition, in the form of the rule.
//! Pure: no query, no clock, and the order of facts never matters.
//!
//! Three values: what fails, what holds, and what nobody can say yet. Results of sudden and of thematic
//! commendation are no basis for merit (Nghị định 152/2025/NĐ-CP, Điều 4); an initiative serves once; after
//! discipline has ended, or after the same title or form was given, the years are counted anew from the first one
//! that begins afterwards; after one of the same rank by another authority it is open whether they are.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use entity::discipline::Stage;
use entity::submission::CommendationType;

use super::collective::Asks;
use super::facts::{Award, Case, Facts, Initiative, Question, Verdict};
use super::finding::{
    Finding, Used, UsedKind, counted, leaf, of_subject, unasked, used_award, used_case,
};
use super::guard::is_basis;
use super::note::Note;
use super::predecessor::{blend, doubted, joined};
use super::tree::{After, Held, Node, Rating, Standard};
use crate::reference;

/// The years a condition looks at.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) facts: &'a Facts,
    pub(super) question: &'a Question,
    /// First year; none: since ever.
    from: Option<i32>,
    /// First year after discipline that has ended, and after the years that were rewarded with the same before.
    restart: Option<i32>,
}

/// Evaluates a rule. What is recorded of the units that a collective continues may leave open what would hold or fail
/// without it.
pub(crate) fn evaluate<'r>(rule: &'r Node, facts: &Facts, question: &Question) -> Finding<'r> {
    let own = on(facts, rule, question);
    let Some(before) = &facts.before else { return own };
    blend(own, on(&joined(facts, before), rule, question), before.is_hidden)
}

fn on<'r>(facts: &Facts, rule: &'r Node, question: &Question) -> Finding<'r> {
    let imposed = facts.cases.iter().filter(|case| case.stage == Stage::Imposed);
    let ended = imposed.filter_map(|case| case.end).filter(|end| *end < question.decided);
    let ended = ended.map(first_year_after).max();
    let after = |same: fn(&str, &str) -> bool| ended.max(after_the_same(facts, question, same));
    let (own, alike) = (after(reference::is_one_award), after(reference::is_equal_award));
    let look = |restart| Scene { facts, question, from: None, restart }.look(rule);
    // Of the same by another authority nobody can tell from the records whether it was for what is counted here.
    if own == alike { look(own) } else { left_open(blend(look(own), look(alike), false)) }
}

/// What holds or fails only because of the same by another authority, with the reason why it is open.
fn left_open(finding: Finding<'_>) -> Finding<'_> {
    let note = if finding.rests_before { Some(Note::Alike) } else { finding.note };
    let parts = finding.parts.into_iter().map(left_open).collect();
    Finding { note, rests_before: false, parts, ..finding }
}

/// The first year that no award has rewarded already that stands for the one that is asked about (Luật 06/2022/QH15,
/// Điều 5 khoản 2 điểm c).
fn after_the_same(facts: &Facts, question: &Question, same: fn(&str, &str) -> bool) -> Option<i32> {
    let is_same = |it: &&Award| {
        it.commendation == question.commendation
            && was_given(it, question)
            && it.year < question.year
            && same(&it.code, &question.award)
    };
    facts.awards.iter().filter(is_same).map(|it| it.year.saturating_add(1)).max()
}

/// Whether an award was decided on when the question is; one whose day nobody knows was.
pub(super) fn was_given(award: &Award, question: &Question) -> bool {
    award.decided_on.is_none_or(|on| on <= question.decided)
}

/// The first year that begins on a day or after it.
fn first_year_after(day: NaiveDate) -> i32 {
    if day.ordinal() == 1 { day.year() } else { day.year() + 1 }
}

impl Scene<'_> {
    fn look<'r>(&self, node: &'r Node) -> Finding<'r> {
        match node {
            Node::All(parts) => self.group(node, parts, Verdict::all),
            Node::Any(parts) => self.group(node, parts, Verdict::any),
            Node::Not(part) => {
                let part = self.look(part);
                Finding {
                    verdict: part.verdict.not(),
                    parts: vec![part],
                    ..leaf(node, Verdict::Unknown, vec![])
                }
            }
            Node::Within(within) => {
                let first = self.question.year - within.years + 1;
                let from = Some(self.from.map_or(first, |from| from.max(first)));
                Scene { from, ..*self }.group(node, &within.of, Verdict::all)
            }
            Node::After(after) => self.after(node, after),
            Node::Held(held) => self.held(node, held),
            Node::Rating(rating) => self.rating(node, rating),
            Node::Initiative(standard) => self.initiative(node, standard),
            Node::Share(it) => self.of_members(node, Asks::Share(it.percent)),
            Node::AllMembers(_) => self.of_members(node, Asks::All),
            Node::AnyMember(_) => self.of_members(node, Asks::Any),
            Node::NoMember(it) => self.of_members(node, Asks::None(it.discipline)),
            Node::Rank(it) => self.rank(node, it),
            Node::AgeOfUnit(it) => self.age(node, it.years),
            Node::FlagEligible(wanted) => self.flag(node, *wanted),
            Node::NotManager => of_subject(node, self.facts.manager.map(|it| !it), None),
            Node::Sex(wanted) => of_subject(node, self.facts.sex.map(|it| it == *wanted), None),
            Node::NotStaff(it) => self.not_staff(node, it),
            Node::Forces(it) => self.forces(node, it),
            Node::PublicNotice => self.public_notice(node),
            Node::InExistence => self.existence(node),
            Node::Opinion(it) => self.opinions(node, Some(it.from)),
            Node::NoAdverseOpinion => self.opinions(node, None),
            Node::Manual(it) => self.manual(node, it),
            Node::NoOpenCase => self.no_open_case(node),
            Node::NotYetAwarded => self.not_yet_awarded(node),
            Node::OneForm => self.one_form(node),
        }
    }

    fn group<'r>(
        &self,
        node: &'r Node,
        parts: &'r [Node],
        join: fn(Vec<Verdict>) -> Verdict,
    ) -> Finding<'r> {
        let parts: Vec<_> = parts.iter().map(|part| self.look(part)).collect();
        let verdict = join(parts.iter().map(|part| part.verdict).collect());
        Finding { parts, ..leaf(node, verdict, vec![]) }
    }

    /// First year that counts where achievements are counted over time.
    fn floor(&self) -> Option<i32> {
        self.from.max(self.restart)
    }

    /// Whether an award may serve here at all.
    fn serves(&self, award: &Award) -> bool {
        let is_merit = self.question.commendation == CommendationType::Merit;
        let is_in_time = award.year <= self.question.year && was_given(award, self.question);
        is_in_time && (is_basis(award.commendation) || !is_merit)
    }

    fn awards(&self, titles: &[String], from: Option<i32>) -> Vec<&Award> {
        let is_meant = |award: &&Award| {
            titles.contains(&award.code)
                && self.serves(award)
                && from.is_none_or(|from| award.year >= from)
        };
        self.facts.awards.iter().filter(is_meant).collect()
    }

    /// One award from which everything below holds is enough; of those alike the latest is shown. Where there is none but
    /// one of a class that nobody recorded, it is open whether that is meant.
    fn after<'r>(&self, node: &'r Node, after: &'r After) -> Finding<'r> {
        let awards = self.awards(&after.titles, self.from);
        let unclear = || {
            let finding = self.since(node, after, self.unclear(&after.titles))?;
            Some(Finding { note: Some(Note::NoClass), ..doubted(finding) })
        };
        let unmet = || {
            let parts = after.of.iter().map(unasked).collect();
            Finding { parts, ..leaf(node, Verdict::Failed, vec![]) }
        };
        self.since(node, after, awards).or_else(unclear).unwrap_or_else(unmet)
    }

    /// What holds since the best of some awards; none without one.
    fn since<'r>(
        &self,
        node: &'r Node,
        after: &'r After,
        mut awards: Vec<&Award>,
    ) -> Option<Finding<'r>> {
        awards.sort_by_key(|award| (award.year, award.id));
        if after.latest {
            awards = awards.pop().into_iter().collect();
        }
        let since = |award: &Award| {
            let first = award.year + 1;
            let from = Some(self.from.map_or(first, |from| from.max(first)));
            let below = Scene { from, ..*self }.group(node, &after.of, Verdict::all);
            Finding { used: vec![used_award(award)], ..below }
        };
        awards.into_iter().map(since).max_by_key(|finding| finding.verdict)
    }

    /// Awards of which the class is not recorded, and may be that of one of these titles.
    fn unclear(&self, titles: &[String]) -> Vec<&Award> {
        let may_be = |code: &str| {
            let mark = reference::award_mark(code);
            mark.is_some_and(|mark| mark.may_be.iter().any(|it| titles.contains(it)))
        };
        let codes = self.facts.awards.iter().map(|award| &award.code);
        let codes: Vec<String> = codes.filter(|code| may_be(code)).cloned().collect();
        self.awards(&codes, self.from)
    }

    fn held<'r>(&self, node: &'r Node, held: &Held) -> Finding<'r> {
        // A single award stays held whatever came later; what is counted over time begins anew after discipline.
        let is_over_time = held.consecutive || self.from.is_some();
        let from = if is_over_time { self.floor() } else { self.from };
        let awards = self.awards(&held.titles, from);
        let mut used: Vec<_> = awards.iter().map(|award| used_award(award)).collect();
        if is_over_time && awards.len() < self.awards(&held.titles, self.from).len() {
            used.extend(self.restarted());
        }
        let n = usize::try_from(held.n).unwrap_or(usize::MAX);
        let left_out = self.no_basis(&held.titles, from);
        if !held.consecutive {
            // Records that were taken over twice are one award.
            let each: BTreeSet<_> = awards.iter().map(|award| (&award.code, award.year)).collect();
            let holds = each.len() >= n;
            let finding = counted(node, Verdict::of(holds), used, each.len());
            return Finding { note: left_out.filter(|_| !holds), ..finding };
        }
        let runs = runs(&awards.iter().map(|award| award.year).collect(), held.gap);
        let found = runs.iter().map(|(length, _)| *length).max().unwrap_or_default();
        let is_near =
            |(length, last): &(usize, i32)| *length >= n && *last >= self.question.year - 1;
        let (verdict, said) = if found >= n && held.recent && !runs.iter().any(is_near) {
            let longest = runs.iter().rev().find(|(length, _)| *length >= n);
            (Verdict::Unknown, longest.map(|(_, last)| Note::RunEnded(*last)))
        } else {
            (Verdict::of(found >= n), left_out.filter(|_| found < n))
        };
        Finding { note: said, ..counted(node, verdict, used, found) }
    }

    /// Whether there are some of these titles that do not count, because they were given for something else than merit.
    fn no_basis(&self, titles: &[String], from: Option<i32>) -> Option<Note> {
        let is_left_out = |award: &&Award| {
            titles.contains(&award.code)
                && award.year <= self.question.year
                && was_given(award, self.question)
                && !self.serves(award)
                && from.is_none_or(|from| award.year >= from)
        };
        let count = self.facts.awards.iter().filter(is_left_out).count();
        (count > 0).then_some(Note::NoBasis(count))
    }

    /// How a year stands against a level; none: nobody rated it.
    fn reaches(&self, year: i32, rating: &Rating) -> (Option<bool>, Option<Used>) {
        let titled = self.awards(&rating.or_titles, Some(year));
        if let Some(award) = titled.into_iter().find(|award| award.year == year) {
            return (Some(true), Some(used_award(award)));
        }
        let Some(record) = self.facts.years.get(&year) else { return (None, None) };
        let Some(level) = record.rating else { return (None, None) };
        let used = Used {
            year: Some(year),
            kind: UsedKind::YearRecord,
            what: sea_orm::ActiveEnum::to_value(&level),
            reference: None,
            id: Some(record.id),
        };
        (Some(level >= rating.level), Some(used))
    }

    fn rating<'r>(&self, node: &'r Node, rating: &Rating) -> Finding<'r> {
        let last = self.question.year;
        let first = last - rating.years + 1;
        let floor = self.floor();
        let years = if rating.continuous {
            first..=last
        } else {
            let known = self.facts.years.keys().chain(self.facts.awards.iter().map(|it| &it.year));
            floor.unwrap_or_else(|| known.copied().min().unwrap_or(first).min(first))..=last
        };
        let looked: Vec<_> = years.map(|year| self.reaches(year, rating)).collect();
        let mut used: Vec<_> = looked.iter().filter_map(|(_, used)| used.clone()).collect();
        let good = looked.iter().filter(|(holds, _)| *holds == Some(true)).count();
        let open = looked.iter().filter(|(holds, _)| holds.is_none()).count();
        let need = usize::try_from(rating.years).unwrap_or(usize::MAX);
        if let Some(floor) = floor.filter(|floor| rating.continuous && *floor > first) {
            used.extend(self.restarted());
            let since = (first..=last).zip(&looked);
            let since = since.filter(|(year, (holds, _))| *year >= floor && *holds == Some(true));
            return counted(node, Verdict::Failed, used, since.count());
        }
        let verdict = if good >= need {
            Verdict::Passed
        } else {
            // A year that nobody rated may still turn out well.
            if good + open >= need { Verdict::Unknown } else { Verdict::Failed }
        };
        counted(node, verdict, used, good)
    }

    /// What made the years begin anew: discipline that has ended, or the same title or form given before.
    fn restarted(&self) -> Vec<Used> {
        let Some(restart) = self.restart else { return Vec::new() };
        let is_it = |case: &&Case| {
            let ended = case.end.filter(|end| *end < self.question.decided);
            case.stage == Stage::Imposed && ended.map(first_year_after) == Some(restart)
        };
        let cases = self.facts.cases.iter().filter(is_it).map(used_case);
        let awards = self.facts.awards.iter().filter(|it| {
            it.year.saturating_add(1) == restart
                && reference::is_equal_award(&it.code, &self.question.award)
        });
        cases.chain(awards.map(used_award)).collect()
    }

    fn initiative<'r>(&self, node: &'r Node, standard: &Standard) -> Finding<'r> {
        let own = (self.question.award.as_str(), self.question.year);
        let is_free = |it: &&Initiative| {
            it.used.as_ref().is_none_or(|(award, year)| (award.as_str(), *year) == own)
        };
        let fits = self.facts.initiatives.iter().filter(|it| {
            it.scope >= standard.scope
                && standard.kind.is_none_or(|kind| it.kind == kind)
                && self.is_recognised(it)
                && self.from.is_none_or(|from| it.year >= from)
        });
        let (free, served): (Vec<_>, Vec<_>) = fits.partition(is_free);
        let used: Vec<_> = free
            .into_iter()
            .map(|it| Used {
                year: Some(it.year),
                kind: UsedKind::Initiative,
                what: it.title.clone(),
                reference: Some(it.recognised_by.clone()),
                id: Some(it.id),
            })
            .collect();
        let found = used.len();
        let holds = usize::try_from(standard.n).is_ok_and(|n| found >= n);
        let left_out = (!holds && !served.is_empty()).then_some(Note::Served(served.len()));
        Finding { note: left_out, ..counted(node, Verdict::of(holds), used, found) }
    }

    /// Work of a year is often recognised in the first months of the next one: what the decision finds recognised counts,
    /// and nothing that was recognised after it, in the same year neither.
    fn is_recognised(&self, it: &Initiative) -> bool {
        let Question { year, decided, .. } = self.question;
        it.year <= year.saturating_add(1) && it.recognised_on <= *decided
    }

    fn age<'r>(&self, node: &'r Node, years: i32) -> Finding<'r> {
        let founded = self.facts.founded_on;
        let months = u32::try_from(years).unwrap_or_default().saturating_mul(12);
        let birthday = founded.and_then(|on| on.checked_add_months(chrono::Months::new(months)));
        let holds = birthday.map(|on| on <= self.question.day);
        of_subject(node, holds, founded.map(|on| on.to_string()))
    }

    fn flag<'r>(&self, node: &'r Node, wanted: bool) -> Finding<'r> {
        let known = self.facts.flag_eligible;
        of_subject(node, known.map(|it| it == wanted), known.map(|it| it.to_string()))
    }
}

/// The runs of awards whose years follow one another with at most so many years from one to the next: how many, and
/// the last year.
fn runs(years: &BTreeSet<i32>, gap: i32) -> Vec<(usize, i32)> {
    let mut runs: Vec<(usize, i32)> = Vec::new();
    for year in years {
        match runs.last_mut() {
            Some((length, last)) if year - *last <= gap => {
                *length += 1;
                *last = *year;
            }
            Some(_) | None => runs.push((1, *year)),
        }
    }
    runs
}
