//! A rule against the facts of one subject: a finding for each condition, in the form of the rule.
//! Pure: no query, no clock, and the order of facts never matters.
//!
//! Three values: what fails, what holds, and what nobody can say yet. Results of sudden and of thematic
//! commendation are no basis for merit (Nghị định 152/2025/NĐ-CP, Điều 4); an initiative serves once; after
//! discipline has ended the years are counted anew from the first one that begins afterwards.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use entity::clearance::Source;
use entity::discipline::Stage;
use entity::submission::CommendationType;

use super::facts::{Award, Facts, Question, Verdict, Year};
use super::finding::{Finding, Used, UsedKind, counted, leaf, of_subject, used_award};
use super::tree::{After, Held, Node, Rank, Rating, Standard};

/// The years a condition looks at.
#[derive(Clone, Copy)]
struct Scene<'a> {
    facts: &'a Facts,
    question: &'a Question,
    /// First year; none: since ever.
    from: Option<i32>,
    /// First year after discipline that has ended.
    restart: Option<i32>,
}

/// Evaluates a rule.
pub(crate) fn evaluate<'r>(rule: &'r Node, facts: &Facts, question: &Question) -> Finding<'r> {
    let ended = facts.cases.iter().filter(|case| case.stage == Stage::Imposed);
    let restart = ended.filter_map(|case| case.end).map(first_year_after).max();
    Scene { facts, question, from: None, restart }.look(rule)
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
            // Compared as whole numbers: a share is never rounded.
            Node::Share(it) => self.of_members(
                node,
                |year| year.advanced,
                |part, whole| part * 100 >= i64::from(it.percent) * whole,
            ),
            Node::AllMembers(_) => {
                self.of_members(node, |year| year.completed, |part, whole| part >= whole)
            }
            Node::AnyMember(_) => self.of_members(node, |year| year.fighters, |part, _| part > 0),
            Node::NoMember(_) => {
                self.of_members(node, |year| year.disciplined, |part, _| part == 0)
            }
            Node::Rank(it) => self.rank(node, it),
            Node::AgeOfUnit(it) => self.age(node, it.years),
            Node::FlagEligible(wanted) => self.flag(node, *wanted),
            Node::NotManager => of_subject(node, self.facts.manager.map(|it| !it), None),
            Node::InExistence => self.existence(node),
            Node::Opinion(it) => self.opinions(node, Some(it.from)),
            Node::NoAdverseOpinion => self.opinions(node, None),
            Node::Manual(_) => leaf(node, Verdict::Unknown, vec![]),
            Node::NoOpenCase => self.no_open_case(node),
            Node::NotYetAwarded => self.not_yet_awarded(node),
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
        let is_basis =
            !matches!(award.commendation, CommendationType::AdHoc | CommendationType::Movement);
        award.year <= self.question.year && (is_basis || !is_merit)
    }

    fn awards(&self, titles: &[String], from: Option<i32>) -> Vec<&Award> {
        let is_meant = |award: &&Award| {
            titles.contains(&award.code)
                && self.serves(award)
                && from.is_none_or(|from| award.year >= from)
        };
        self.facts.awards.iter().filter(is_meant).collect()
    }

    /// One award from which everything below holds is enough; of those alike the latest is shown.
    fn after<'r>(&self, node: &'r Node, after: &'r After) -> Finding<'r> {
        let mut awards = self.awards(&after.titles, self.from);
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
        let best = awards.into_iter().map(since).max_by_key(|finding| finding.verdict);
        best.unwrap_or_else(|| leaf(node, Verdict::Failed, vec![]))
    }

    fn held<'r>(&self, node: &'r Node, held: &Held) -> Finding<'r> {
        // A single award stays held whatever came later; what is counted over time begins anew after discipline.
        let is_over_time = held.consecutive || self.from.is_some();
        let from = if is_over_time { self.floor() } else { self.from };
        let awards = self.awards(&held.titles, from);
        let used = awards.iter().map(|award| used_award(award)).collect();
        let found = if held.consecutive {
            longest_run(&awards.iter().map(|award| award.year).collect(), held.gap)
        } else {
            awards.len()
        };
        let verdict = Verdict::of(usize::try_from(held.n).is_ok_and(|n| found >= n));
        counted(node, verdict, used, found)
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
        let used = looked.iter().filter_map(|(_, used)| used.clone()).collect();
        let good = looked.iter().filter(|(holds, _)| *holds == Some(true)).count();
        let open = looked.iter().filter(|(holds, _)| holds.is_none()).count();
        let need = usize::try_from(rating.years).unwrap_or(usize::MAX);
        let verdict = if rating.continuous && floor.is_some_and(|floor| floor > first) {
            Verdict::Failed
        } else if good >= need {
            Verdict::Passed
        } else {
            // A year that nobody rated may still turn out well.
            if good + open >= need { Verdict::Unknown } else { Verdict::Failed }
        };
        counted(node, verdict, used, good)
    }

    fn initiative<'r>(&self, node: &'r Node, standard: &Standard) -> Finding<'r> {
        let own = (self.question.award.as_str(), self.question.year);
        let fits = self.facts.initiatives.iter().filter(|it| {
            let is_free =
                it.used.as_ref().is_none_or(|(award, year)| (award.as_str(), *year) == own);
            is_free
                && it.scope >= standard.scope
                && standard.kind.is_none_or(|kind| it.kind == kind)
                && it.year <= self.question.year
                && self.from.is_none_or(|from| it.year >= from)
        });
        let used: Vec<_> = fits
            .map(|it| Used {
                year: Some(it.year),
                kind: UsedKind::Initiative,
                what: it.title.clone(),
                reference: Some(it.recognised_by.clone()),
                id: Some(it.id),
            })
            .collect();
        let found = used.len();
        let verdict = Verdict::of(usize::try_from(standard.n).is_ok_and(|n| found >= n));
        counted(node, verdict, used, found)
    }

    /// A condition on the record of the year itself: whether it holds, and what is said there.
    fn of_year<'r>(
        &self,
        node: &'r Node,
        read: impl FnOnce(&Year) -> (Option<bool>, Option<String>),
    ) -> Finding<'r> {
        let Some(year) = self.facts.years.get(&self.question.year) else {
            return leaf(node, Verdict::Unknown, vec![]);
        };
        let (holds, what) = read(year);
        let used = what.map(|what| Used {
            year: Some(self.question.year),
            kind: UsedKind::YearRecord,
            what,
            reference: None,
            id: Some(year.id),
        });
        leaf(node, holds.map_or(Verdict::Unknown, Verdict::of), used.into_iter().collect())
    }

    fn of_members<'r>(
        &self,
        node: &'r Node,
        part: fn(&Year) -> Option<i32>,
        holds: impl FnOnce(i64, i64) -> bool,
    ) -> Finding<'r> {
        self.of_year(node, |year| {
            let known = part(year).zip(year.members.filter(|whole| *whole > 0));
            let holds = known.map(|(part, whole)| holds(i64::from(part), i64::from(whole)));
            (holds, known.map(|(part, whole)| format!("{part}/{whole}")))
        })
    }

    fn rank<'r>(&self, node: &'r Node, wanted: &Rank) -> Finding<'r> {
        self.of_year(node, |year| {
            let is_it = |(scope, rank)| scope == wanted.cluster && rank <= wanted.best;
            (year.rank.map(is_it), year.rank.map(|(_, rank)| rank.to_string()))
        })
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

    fn existence<'r>(&self, node: &'r Node) -> Finding<'r> {
        let gone = self.facts.dissolved_on.filter(|last| *last < self.question.day);
        of_subject(node, Some(gone.is_none()), gone.map(|last| last.to_string()))
    }

    fn opinions<'r>(&self, node: &'r Node, wanted: Option<Source>) -> Finding<'r> {
        let asked: Vec<_> = self
            .facts
            .opinions
            .iter()
            .filter(|it| it.year == self.question.year)
            .filter(|it| wanted.is_none_or(|from| it.source == from))
            .collect();
        let used = asked.iter().map(|it| Used {
            year: Some(it.year),
            kind: UsedKind::Clearance,
            what: sea_orm::ActiveEnum::to_value(&it.source),
            reference: it.answered_by.clone(),
            id: Some(it.id),
        });
        let used = used.collect();
        let verdict = if asked.iter().any(|it| it.is_blocking == Some(true)) {
            Verdict::Failed
        } else if asked.iter().any(|it| it.is_blocking.is_none())
            || (wanted.is_some() && asked.is_empty())
        {
            Verdict::Unknown
        } else {
            Verdict::Passed
        };
        leaf(node, verdict, used)
    }

    fn no_open_case<'r>(&self, node: &'r Node) -> Finding<'r> {
        let day = self.question.day;
        let open = self.facts.cases.iter().filter(|case| match case.stage {
            Stage::Pending => true,
            Stage::Imposed => case.end.is_none_or(|end| end >= day),
            Stage::Cleared => false,
        });
        let used: Vec<_> = open
            .map(|case| Used {
                year: Some(case.from.year()),
                kind: UsedKind::Discipline,
                what: case.form.map_or_else(
                    || sea_orm::ActiveEnum::to_value(&case.stage),
                    |form| sea_orm::ActiveEnum::to_value(&form),
                ),
                reference: case.decision.clone(),
                id: Some(case.id),
            })
            .collect();
        leaf(node, Verdict::of(used.is_empty()), used)
    }

    fn not_yet_awarded<'r>(&self, node: &'r Node) -> Finding<'r> {
        let Question { award, year, commendation, .. } = self.question;
        let same =
            self.facts.awards.iter().filter(|it| {
                it.code == *award && it.year == *year && it.commendation == *commendation
            });
        let used: Vec<_> = same.map(used_award).collect();
        leaf(node, Verdict::of(used.is_empty()), used)
    }
}

/// The most awards whose years follow one another with at most so many years from one to the next.
fn longest_run(years: &BTreeSet<i32>, gap: i32) -> usize {
    let (mut longest, mut run, mut before) = (0, 0, None);
    for year in years {
        let follows = before.is_some_and(|before| year - before <= gap);
        run = if follows { run + 1 } else { 1 };
        longest = longest.max(run);
        before = Some(*year);
    }
    longest
}
