//! Conditions that stand beside those of a title: open cases, opinions, notices, what was rewarded before, who it is.
//! Nothing is counted over years here.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::clearance::Source;
use entity::discipline::Stage;
use entity::submission::CommendationType;

use super::evaluate::{Scene, was_given};
use super::facts::{Award, Facts, Notice, Opinion, Question, Verdict};
use super::finding::{Finding, Used, UsedKind, leaf, of_subject, used_award, used_case};
use super::note::Note;
use super::tree::{Forces, Node, NotStaff};
use crate::reference;

/// How many years before that of the proposal a rating tells staff.
const RATED: i32 = 4;

/// Sudden and thematic commendation is no basis for merit (Nghị định 152/2025/NĐ-CP, Điều 4).
pub(super) const NO_BASIS: [CommendationType; 2] =
    [CommendationType::AdHoc, CommendationType::Movement];

/// Whether an award of this type may be a basis for merit.
pub(super) fn is_basis(commendation: CommendationType) -> bool {
    !NO_BASIS.contains(&commendation)
}

/// Whether two awards or proposals of one type for one year are for the same achievement. A year has one merit, but may
/// have several sudden achievements and movements: another day tells another one, and where a day is not said nobody can
/// tell them apart.
pub(in crate::domain) fn is_same_achievement(
    commendation: CommendationType,
    (one, other): (Option<NaiveDate>, Option<NaiveDate>),
) -> bool {
    let differ = one.zip(other).is_some_and(|(one, other)| one != other);
    !(is_told_by_day(commendation) && differ)
}

/// Whether achievements of this type are told apart by their day.
pub(in crate::domain) const fn is_told_by_day(commendation: CommendationType) -> bool {
    matches!(commendation, CommendationType::AdHoc | CommendationType::Movement)
}

fn is_form(code: &str) -> bool {
    reference::award_mark(code).is_some_and(|mark| mark.is_form)
}

/// Another province rewards what it saw, such as with a certificate: a person says whether that is the same achievement.
fn is_of_others(it: &Award) -> bool {
    it.is_elsewhere && is_form(&it.code)
}

/// The article that names two titles or forms side by side; none where they are one, or of no rank.
fn side_by_side(one: &str, other: &str) -> Option<Note> {
    let is_other = one != other && reference::is_equal_award(one, other);
    let rank = reference::award_mark(one)?.rank.as_ref()?;
    is_other.then_some(Note::Beside(&rank.citation))
}

impl Scene<'_> {
    /// Of people whose unit is dissolved it is open until they are entered where they are now.
    pub(super) fn existence<'r>(&self, node: &'r Node) -> Finding<'r> {
        let gone = self.facts.dissolved_on.filter(|last| *last < self.question.decided);
        let holds = match gone {
            None => Some(true),
            Some(_) => self.facts.ends_with_unit.then_some(false),
        };
        of_subject(node, holds, gone.map(|last| last.to_string()))
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

    /// The same, or another one that excludes it, for a period that has the year in it.
    pub(super) fn not_yet_awarded<'r>(&self, node: &'r Node) -> Finding<'r> {
        let Question { award, year, .. } = self.question;
        let is_same = |it: &&Award| {
            let is_meant = reference::is_one_award(&it.code, award);
            let is_of_year = (it.first..=it.year).contains(year) && self.is_for_the_same(it);
            is_meant && is_of_year && !is_of_others(it)
        };
        let same: Vec<&Award> = self.facts.awards.iter().filter(is_same).collect();
        self.unless_rewarded(node, &same)
    }

    /// Whether nothing was given already, and where the law names the other one beside this. Whoever does not say the day
    /// of his achievement cannot be told from who was rewarded; where he does and no record has one, it is open.
    fn unless_rewarded<'r>(&self, node: &'r Node, same: &[&Award]) -> Finding<'r> {
        let Question { award, commendation, achieved_on, .. } = self.question;
        let is_told = is_told_by_day(*commendation) && !same.is_empty();
        let is_unrecorded = is_told && same.iter().all(|it| it.achieved_on.is_none());
        let missing = (is_unrecorded || (is_told && achieved_on.is_none())).then_some(Note::NoDay);
        let is_open = is_unrecorded && achieved_on.is_some();
        let verdict = if is_open { Verdict::Unknown } else { Verdict::of(same.is_empty()) };
        let beside = || same.iter().find_map(|it| side_by_side(&it.code, award));
        let used = same.iter().copied().map(used_award).collect();
        Finding { note: missing.or_else(beside), ..leaf(node, verdict, used) }
    }

    /// Whether an award of the year was given for the achievement that is asked about, on the day that is asked about or
    /// before it.
    fn is_for_the_same(&self, it: &Award) -> bool {
        let Question { commendation, achieved_on, .. } = self.question;
        it.commendation == *commendation
            && was_given(it, self.question)
            && is_same_achievement(*commendation, (it.achieved_on, *achieved_on))
    }

    /// Titles and forms are two things: a title of the year stands against no form, but beside its equal, such as that
    /// of the ministry beside that of the province. The same form of another province stands beside it too.
    pub(super) fn one_form<'r>(&self, node: &'r Node) -> Finding<'r> {
        let Question { award, year, .. } = self.question;
        let is_other = |it: &&Award| {
            let first = if is_of_others(it) { it.first } else { it.year };
            let is_of_year = (first..=it.year).contains(year) && self.is_for_the_same(it);
            let stands = is_form(award) && is_form(&it.code);
            is_of_year
                && (it.code != *award || is_of_others(it))
                && (stands || reference::is_equal_award(&it.code, award))
        };
        let others: Vec<&Award> = self.facts.awards.iter().filter(is_other).collect();
        self.unless_rewarded(node, &others)
    }

    /// Who is recorded as working directly is no staff, unless he was rated of late: then the record and the ratings do not
    /// agree, and a person says. Who is rated or holds titles of staff is, and who leads others where the rule does not
    /// let him. Whoever was rated in the year all the same is judged by that where the rule says so.
    pub(super) fn not_staff<'r>(&self, node: &'r Node, what: &NotStaff) -> Finding<'r> {
        let Facts { direct_worker, manager, years, awards, .. } = self.facts;
        let year = self.question.year;
        let is_rated = years.range(year - RATED..=year).any(|(_, year)| year.rating.is_some());
        let is_titled = awards.iter().any(|it| what.titles.contains(&it.code));
        let has_rating = years.get(&year).is_some_and(|year| year.rating.is_some());
        let holds = if what.unrated && has_rating {
            Some(false)
        } else if *direct_worker == Some(true) {
            (!is_rated).then_some(true)
        } else {
            let leads = *manager == Some(true) && !what.may_lead;
            (leads || is_rated || is_titled).then_some(false)
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
