//! Conditions that stand beside those of a title: open cases, opinions, notices, what was rewarded before, who it is.
//! Nothing is counted over years here.

use std::collections::BTreeMap;

use entity::clearance::Source;
use entity::discipline::Stage;

use super::evaluate::Scene;
use super::facts::{Award, Facts, Notice, Opinion, Question, Verdict};
use super::finding::{Finding, Used, UsedKind, leaf, of_subject, used_award, used_case};
use super::tree::{Forces, Node, NotStaff};
use crate::reference;

/// How many years before that of the proposal a rating tells staff.
const RATED: i32 = 4;

impl Scene<'_> {
    pub(super) fn existence<'r>(&self, node: &'r Node) -> Finding<'r> {
        let gone = self.facts.dissolved_on.filter(|last| *last < self.question.decided);
        of_subject(node, Some(gone.is_none()), gone.map(|last| last.to_string()))
    }

    /// Of each body the last answer counts.
    pub(super) fn opinions<'r>(&self, node: &'r Node, wanted: Option<Source>) -> Finding<'r> {
        let Question { award, year, .. } = self.question;
        let is_meant =
            |it: &&Opinion| it.year == *year && it.award.as_ref().is_none_or(|code| code == award);
        let mut last: BTreeMap<Source, &Opinion> = BTreeMap::new();
        for it in self.facts.opinions.iter().filter(is_meant) {
            let known = last.entry(it.source).or_insert(it);
            if (it.asked_on, it.id) > (known.asked_on, known.id) {
                *known = it;
            }
        }
        let is_wanted = |it: &&Opinion| wanted.is_none_or(|from| it.source == from);
        let asked: Vec<&Opinion> = last.into_values().filter(is_wanted).collect();
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

    pub(super) fn no_open_case<'r>(&self, node: &'r Node) -> Finding<'r> {
        let day = self.question.decided;
        let begun = self.facts.cases.iter().filter(|case| case.from <= day);
        let open = begun.filter(|case| match case.stage {
            Stage::Pending => true,
            Stage::Imposed => case.end.is_none_or(|end| end >= day),
            Stage::Cleared => false,
        });
        let used: Vec<_> = open.map(used_case).collect();
        leaf(node, Verdict::of(used.is_empty()), used)
    }

    /// A title, or a form of the same rank, for a period that has the year in it.
    pub(super) fn not_yet_awarded<'r>(&self, node: &'r Node) -> Finding<'r> {
        let Question { award, year, commendation, .. } = self.question;
        let is_form = reference::award_mark(award).is_some_and(|mark| mark.is_form);
        let is_same = |it: &&Award| {
            let is_meant =
                it.code == *award || is_form && reference::is_equal_award(&it.code, award);
            is_meant && it.commendation == *commendation && (it.first..=it.year).contains(year)
        };
        let used: Vec<_> = self.facts.awards.iter().filter(is_same).map(used_award).collect();
        leaf(node, Verdict::of(used.is_empty()), used)
    }

    /// Titles and forms are two things: a title of the year stands against no form.
    pub(super) fn one_form<'r>(&self, node: &'r Node) -> Finding<'r> {
        let Question { award, year, commendation, .. } = self.question;
        let is_form = |code: &str| reference::award_mark(code).is_some_and(|mark| mark.is_form);
        let is_other = |it: &&Award| {
            let is_of_year = it.year == *year && it.commendation == *commendation;
            is_of_year && it.code != *award && is_form(&it.code)
        };
        let used: Vec<_> = if is_form(award) {
            self.facts.awards.iter().filter(is_other).map(used_award).collect()
        } else {
            Vec::new()
        };
        leaf(node, Verdict::of(used.is_empty()), used)
    }

    /// Who is recorded as working directly is no staff; who is rated, leads others or holds titles of staff is.
    pub(super) fn not_staff<'r>(&self, node: &'r Node, what: &NotStaff) -> Finding<'r> {
        let Facts { direct_worker, manager, years, awards, .. } = self.facts;
        let year = self.question.year;
        let is_rated = years.range(year - RATED..=year).any(|(_, year)| year.rating.is_some());
        let is_titled = awards.iter().any(|it| what.titles.contains(&it.code));
        let holds = if *direct_worker == Some(true) {
            Some(true)
        } else {
            (*manager == Some(true) || is_rated || is_titled).then_some(false)
        };
        of_subject(node, holds, None)
    }

    /// A unit of the police or the army, or below one; or a title that the forces alone give.
    pub(super) fn forces<'r>(&self, node: &'r Node, what: &Forces) -> Finding<'r> {
        let year = self.question.year;
        let of_late = |it: &&Award| {
            what.titles.contains(&it.code) && (year - RATED..=year).contains(&it.year)
        };
        let used: Vec<_> = self.facts.awards.iter().filter(of_late).map(used_award).collect();
        leaf(node, Verdict::of(self.facts.forces || !used.is_empty()), used)
    }

    /// Nobody is refused before there was time to post the names: without a notice it is open.
    pub(super) fn public_notice<'r>(&self, node: &'r Node) -> Finding<'r> {
        let Question { award, year, decided, .. } = self.question;
        let is_over =
            |it: &&Notice| it.award == *award && it.year == *year && it.last_on < *decided;
        let used: Vec<_> = self
            .facts
            .notices
            .iter()
            .filter(is_over)
            .map(|it| Used {
                year: Some(it.year),
                kind: UsedKind::Notice,
                what: it.last_on.to_string(),
                reference: None,
                id: Some(it.id),
            })
            .collect();
        let verdict = if used.is_empty() { Verdict::Unknown } else { Verdict::Passed };
        leaf(node, verdict, used)
    }
}
