//! Conditions on a collective in the year: its rank, and what its members did.
//! Pure: no query.
//!
//! A published result and the members' own records count; what the unit wrote down counts where they do not decide.
//! Own records decide where those that are missing could change nothing.

use chrono::Datelike;
use entity::discipline::Form;
use entity::year_record::CompletionRating;

use super::evaluate::Scene;
use super::facts::{Member, Place, Roll, Verdict, Year};
use super::finding::{Finding, Used, UsedKind, leaf};
use super::note::{Note, Of};
use super::tree::{Node, Rank};

/// Members that are named at most.
const NAMED: usize = 3;

/// What is asked of the members.
#[derive(Clone, Copy)]
pub(super) enum Asks {
    /// At least so many percent are advanced labourers or soldiers.
    Share(i32),
    /// All completed their tasks.
    All,
    /// One is a grassroots emulation fighter.
    Any,
    /// Nobody was disciplined that hard.
    None(Form),
}

impl Asks {
    /// Whether so many of so many are enough; a share is compared as whole numbers, never rounded.
    fn holds(self, (part, whole): Of) -> bool {
        match self {
            Self::Share(percent) => part * 100 >= i64::from(percent) * whole,
            Self::All => part >= whole,
            Self::Any => part > 0,
            Self::None(_) => part == 0,
        }
    }

    /// Whether it holds whatever the missing records say; none where they could change it.
    fn decides(self, count: Count) -> Option<bool> {
        let least = self.holds((count.sure, count.whole));
        let most = self.holds((count.possible, count.whole));
        (count.whole > 0 && least == most).then_some(least)
    }

    /// What the unit wrote down.
    fn recorded(self, year: &Year) -> Option<Of> {
        let part = match self {
            Self::Share(_) => year.advanced,
            Self::All => year.completed,
            Self::Any => year.fighters,
            Self::None(_) => year.disciplined,
        };
        let (part, whole) = part.zip(year.members.filter(|whole| *whole > 0))?;
        Some((i64::from(part), i64::from(whole)))
    }

    /// That nobody is known to be disciplined says nothing against a unit that says that somebody is.
    fn is_denied(self, recorded: Option<Of>) -> bool {
        matches!(self, Self::None(_)) && recorded.is_some_and(|it| !self.holds(it))
    }
}

/// Members counted: those of whom it is sure, those of whom it is possible, and all.
#[derive(Clone, Copy)]
struct Count {
    sure: i64,
    possible: i64,
    whole: i64,
}

impl Count {
    /// Of how many it is known.
    fn known(self) -> Of {
        (self.whole - (self.possible - self.sure), self.whole)
    }
}

/// How a member stands to what is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    Counted,
    Not,
    Open,
}

impl Is {
    const fn of(known: Option<bool>) -> Self {
        match known {
            Some(true) => Self::Counted,
            Some(false) => Self::Not,
            None => Self::Open,
        }
    }
}

impl Scene<'_> {
    /// A condition on the members of a collective.
    pub(super) fn of_members<'r>(&self, node: &'r Node, asks: Asks) -> Finding<'r> {
        let year = self.facts.years.get(&self.question.year);
        let recorded = year.and_then(|year| asks.recorded(year));
        let listed = year.and_then(|year| year.members).map_or(0, i64::from);
        let roll = self.facts.rolls.get(&self.question.year);
        let count = roll.map(|roll| (roll, self.count(asks, roll, listed)));
        let own = count.and_then(|(roll, count)| Some((roll, count, asks.decides(count)?)));
        if let Some((roll, count, holds)) = own
            && !(holds && asks.is_denied(recorded))
        {
            let (used, source) = self.own(asks, (roll, count, holds), recorded);
            return Finding { note: source, ..leaf(node, Verdict::of(holds), used) };
        }
        let known = count.map(|(_, count)| count.known());
        let Some(counted) = recorded else {
            let source = known.map(|known| Note::Open { known });
            return Finding { note: source, ..leaf(node, Verdict::Unknown, vec![]) };
        };
        let mut used = self.used(UsedKind::YearRecord, format!("{}/{}", counted.0, counted.1));
        used.id = year.map(|year| year.id);
        let known = known.unwrap_or((0, counted.1));
        let source = Some(Note::Recorded { counted, known });
        Finding { note: source, ..leaf(node, Verdict::of(asks.holds(counted)), vec![used]) }
    }

    /// What is shown where the members' own records decide.
    fn own(
        &self,
        asks: Asks,
        (roll, count, holds): (&Roll, Count, bool),
        recorded: Option<Of>,
    ) -> (Vec<Used>, Option<Note>) {
        let counted = (count.sure, count.whole);
        let sum = self.used(UsedKind::MemberCount, format!("{}/{}", counted.0, counted.1));
        let against = roll.0.iter().filter(|it| !holds && self.is_against(asks, it));
        let named = against.filter_map(|it| {
            Some(Used { id: Some(it.id), ..self.used(UsedKind::Member, it.name.clone()?) })
        });
        let used = std::iter::once(sum).chain(named.take(NAMED)).collect();
        let recorded = recorded.filter(|it| *it != counted);
        (used, Some(Note::Own { counted, known: count.known(), recorded }))
    }

    fn used(&self, kind: UsedKind, what: String) -> Used {
        Used { year: Some(self.question.year), kind, what, reference: None, id: None }
    }

    /// Whoever the unit counts beyond those who are entered has no record.
    fn count(&self, asks: Asks, roll: &Roll, listed: i64) -> Count {
        // As long as nobody has a title of the year, the titles are not decided.
        let is_decided = roll.0.iter().any(|it| it.is_advanced || it.is_fighter);
        let stands = |it: &Member| match asks {
            // A grassroots fighter met the standard of the advanced (Luật 06/2022/QH15, Điều 23).
            Asks::Share(_) => self.titled(it, it.is_advanced || it.is_fighter, is_decided),
            Asks::Any => self.titled(it, it.is_fighter, is_decided),
            Asks::All => Is::of(it.rating.map(|it| it >= CompletionRating::Completed)),
            Asks::None(least) if self.is_disciplined(it, least) => Is::Counted,
            Asks::None(_) => Is::of(it.is_recorded.then_some(false)),
        };
        let all: Vec<Is> = roll.0.iter().map(stands).collect();
        let number = |is: Is| as_number(all.iter().filter(|it| **it == is).count());
        let whole = as_number(all.len()).max(listed);
        Count { sure: number(Is::Counted), possible: whole - number(Is::Not), whole }
    }

    /// Who has no title may still get one: where the titles of the year are not decided, or where he is proposed.
    /// Nobody gets one of a year in which he was disciplined: his time begins anew after it.
    fn titled(&self, it: &Member, has_it: bool, is_decided: bool) -> Is {
        let is_settled = it.is_recorded && is_decided && !it.is_proposed;
        let gets_none = is_settled || self.is_disciplined(it, Form::Reprimand);
        if has_it { Is::Counted } else { Is::of(gets_none.then_some(false)) }
    }

    fn is_against(&self, asks: Asks, it: &Member) -> bool {
        match asks {
            Asks::All => it.rating == Some(CompletionRating::NotCompleted),
            Asks::None(least) => self.is_disciplined(it, least),
            Asks::Share(_) | Asks::Any => false,
        }
    }

    /// Whether discipline that hard went on in the year, as it is known on the day of the decision.
    fn is_disciplined(&self, it: &Member, least: Form) -> bool {
        let year = self.question.year;
        it.cases.iter().any(|case| {
            case.form.is_some_and(|form| form >= least)
                && case.from.year() <= year
                && case.from <= self.question.decided
                && case.end.is_none_or(|end| end.year() >= year)
        })
    }

    /// The best place of a published comparison counts; the rank that the unit wrote down, where there is none.
    pub(super) fn rank<'r>(&self, node: &'r Node, wanted: &Rank) -> Finding<'r> {
        let year = self.facts.years.get(&self.question.year);
        let rank = year.and_then(|year| year.rank);
        let is_meant = |it: &&Place| it.year == self.question.year && it.scope == wanted.cluster;
        let places = self.facts.places.iter().filter(is_meant);
        if let Some(best) =
            places.min_by_key(|it| (it.rank.unwrap_or(i32::MAX), &it.cluster_name, it.cluster))
        {
            let recorded = rank.filter(|(scope, _)| *scope == wanted.cluster).map(|(_, rank)| rank);
            return placed((node, wanted), best, recorded);
        }
        let serves = |rank: i32| wanted.best.is_none_or(|last| rank <= last);
        let is_it = |(scope, rank)| scope == wanted.cluster && serves(rank);
        let outside = year.filter(|_| wanted.recorded).map(|_| false);
        let holds = rank.map(is_it).or(outside);
        let used = year.zip(rank).map(|(year, (_, rank))| Used {
            id: Some(year.id),
            ..self.used(UsedKind::YearRecord, rank.to_string())
        });
        let verdict = holds.map_or(Verdict::Unknown, Verdict::of);
        let source = rank.map(|(_, rank)| Note::Ranked(rank));
        Finding { note: source, ..leaf(node, verdict, used.into_iter().collect()) }
    }
}

fn placed<'r>(
    (node, wanted): (&'r Node, &Rank),
    best: &Place,
    recorded: Option<i32>,
) -> Finding<'r> {
    let used = Used {
        year: Some(best.year),
        kind: UsedKind::Comparison,
        what: best.rank.map_or_else(|| format!("-/{}", best.of), |it| format!("{it}/{}", best.of)),
        reference: Some(best.cluster_name.clone()),
        id: Some(best.cluster),
    };
    let source = Some(Note::Published {
        cluster: best.cluster_name.clone(),
        year: best.year,
        place: best.rank,
        of: best.of,
        recorded: recorded.filter(|rank| Some(*rank) != best.rank),
    });
    let holds = best.rank.is_some_and(|place| wanted.best.is_none_or(|last| place <= last));
    Finding { note: source, ..leaf(node, Verdict::of(holds), vec![used]) }
}

fn as_number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
