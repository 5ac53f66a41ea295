//! What closed ballots have said of candidates so far, with what the chair decided where votes were equal.
//! Nothing is counted here.

use chrono::{DateTime as Time, NaiveDate, Utc};
use entity::ballot::{self, State};
use entity::ballot_result::{self, Outcome};
use entity::ballot_rule::AfterRounds;
use entity::{ballot_candidate, candidate, council, tie_decision};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::rule::Rule;
use crate::access::{Tx, today};
use crate::error::{Code, Fault, Result};
use crate::reference::{self, LawRule};

/// What one closed ballot has said of one candidate.
#[derive(Clone, Debug)]
pub(in crate::domain) struct Said {
    pub(in crate::domain) candidate: Uuid,
    pub(in crate::domain) ballot: Uuid,
    pub(in crate::domain) council: Uuid,
    /// With the decision of the chair, where there is one.
    pub(in crate::domain) outcome: Outcome,
    pub(in crate::domain) result: ballot_result::Model,
    pub(in crate::domain) round: i32,
    pub(in crate::domain) closed_at: Time<Utc>,
    award: Option<String>,
    rule: String,
}

/// Ballots on candidates, closed or not.
pub(in crate::domain) struct Votes {
    /// Every ballot that is not closed.
    pub(in crate::domain) open: Vec<ballot::Model>,
    /// The candidates of those.
    pub(in crate::domain) waiting: Vec<Uuid>,
    /// Oldest first.
    pub(in crate::domain) said: Vec<Said>,
}

/// What is known of a closed ballot beside its result.
pub(in crate::domain) struct Voting {
    pub(in crate::domain) candidate: Uuid,
    pub(in crate::domain) round: i32,
    pub(in crate::domain) closed_at: Time<Utc>,
    pub(in crate::domain) award: Option<String>,
    pub(in crate::domain) rule: String,
    /// What the chair decided where votes were equal.
    pub(in crate::domain) is_taken: Option<bool>,
}

impl Said {
    /// What a closed ballot has said, as it was read.
    pub(in crate::domain) fn of(result: ballot_result::Model, voting: Voting) -> Self {
        let Voting { candidate, round, closed_at, award, rule, is_taken } = voting;
        Self {
            candidate,
            ballot: result.ballot_id,
            council: result.council_id,
            outcome: settled(result.outcome, is_taken),
            result,
            round,
            closed_at,
            award,
            rule,
        }
    }

    /// Whether no round is left and the rule of the ballot leaves it to the one who decides.
    pub(in crate::domain) fn is_left_to_authority(&self) -> bool {
        let rule: Option<Rule> = serde_json::from_str(&self.rule).ok();
        let is_left = |rule: Rule| {
            rule.after_rounds == AfterRounds::AuthorityDecides && self.round >= rule.max_rounds
        };
        self.outcome == Outcome::Failed && rule.is_some_and(is_left)
    }

    /// Whether another round can still be held by the rule of the ballot.
    pub(in crate::domain) fn has_a_round_left(&self) -> bool {
        let rule: Option<Rule> = serde_json::from_str(&self.rule).ok();
        rule.is_some_and(|rule| self.round < rule.max_rounds)
    }

    /// The day on which it was closed.
    pub(in crate::domain) fn day(&self) -> NaiveDate {
        today(self.closed_at)
    }

    /// Whether the law counts the votes of this council for the title.
    pub(in crate::domain) fn counts(&self, councils: &[council::Model]) -> bool {
        let Some(council) = councils.iter().find(|row| row.id == self.council) else {
            return false;
        };
        law_of(self.award.as_deref(), self.day())
            .is_none_or(|law| law.councils.contains(&council.kind) && is_whole_enough(council, law))
    }
}

/// What the law asks for a title on a day, or for initiatives.
fn law_of(award: Option<&str>, on: NaiveDate) -> Option<&'static LawRule> {
    match award {
        Some(code) => reference::ballot_rule(Some(code), on),
        None => reference::initiative_rule(on),
    }
}

/// Whether it is the whole council, where the votes of its standing part do not count.
fn is_whole_enough(council: &council::Model, law: &LawRule) -> bool {
    council.parent_id.is_none() || law.standing_part
}

/// Refuses a vote of a standing part on a title that by the law of the day counts only in the whole council: no decision
/// could rest on it.
pub(super) fn whole_where_asked(
    council: &council::Model,
    candidates: &[candidate::Model],
    on: NaiveDate,
) -> Result<()> {
    for award in candidates.iter().map(|row| row.award_code.as_deref()) {
        let law = law_of(award, on).filter(|law| !is_whole_enough(council, law));
        if let Some(law) = law {
            let said = award.unwrap_or_default();
            return Err(Fault::at(Code::WrongCouncil, "input.itemId")
                .with("case", "PART")
                .with("council", &council.name)
                .about((said, said))
                .with("citation", &law.citation)
                .into());
        }
    }
    Ok(())
}

/// What ballots have said of these candidates.
pub(in crate::domain) async fn votes(tx: &Tx, candidates: &[Uuid]) -> Result<Votes> {
    if candidates.is_empty() {
        return Ok(Votes { open: Vec::new(), waiting: Vec::new(), said: Vec::new() });
    }
    let tenant = tx.gate().actor()?.tenant;
    let named = ballot_candidate::Column::CandidateId.is_in(candidates.iter().copied());
    let asked = tx.all_of::<ballot_candidate::Entity>(tenant, Condition::all().add(named)).await?;
    let of = ballot::Column::Id.is_in(asked.iter().map(|row| row.ballot_id));
    let mut ballots = tx.all_of::<ballot::Entity>(tenant, Condition::all().add(of)).await?;
    // Ids rise with time.
    ballots.sort_by_key(|row| (row.opened_at, row.id));
    let ids: Vec<Uuid> = asked.iter().map(|row| row.id).collect();
    let of = Condition::all().add(ballot_result::Column::BallotCandidateId.is_in(ids.clone()));
    let results = tx.all_of::<ballot_result::Entity>(tenant, of).await?;
    let of = Condition::all().add(tie_decision::Column::BallotCandidateId.is_in(ids));
    let ties = tx.all_of::<tie_decision::Entity>(tenant, of).await?;
    let mut said = Vec::new();
    for row in &ballots {
        for result in results.iter().filter(|result| result.ballot_id == row.id) {
            let one = asked.iter().find(|one| one.id == result.ballot_candidate_id);
            let (Some(one), Some(closed_at)) = (one, row.closed_at) else { continue };
            let tie = ties.iter().find(|tie| tie.ballot_candidate_id == one.id);
            let voting = Voting {
                candidate: one.candidate_id,
                round: row.round,
                closed_at,
                award: one.award_code.clone(),
                rule: one.rule.clone(),
                is_taken: tie.map(|tie| tie.is_taken),
            };
            said.push(Said::of(result.clone(), voting));
        }
    }
    ballots.retain(|row| row.state != State::Closed);
    let is_open =
        |one: &&ballot_candidate::Model| ballots.iter().any(|row| row.id == one.ballot_id);
    let waiting = asked.iter().filter(is_open).map(|one| one.candidate_id).collect();
    Ok(Votes { open: ballots, waiting, said })
}

/// An outcome with what the chair has decided where it is a tie.
fn settled(outcome: Outcome, is_taken: Option<bool>) -> Outcome {
    match (outcome, is_taken) {
        (Outcome::Tied, Some(true)) => Outcome::Passed,
        (Outcome::Tied, Some(false)) => Outcome::OverQuota,
        (outcome, _) => outcome,
    }
}

/// How many candidates of an item hold a place of a title by the last ballot on each of them, without those who are voted
/// on again. Each title has its places: who is moved to a lower one takes none of the higher.
pub(super) fn places_taken(said: &[Said], award: Option<&str>, again: &[Uuid]) -> usize {
    let is_last = |one: &&Said| {
        let later = said.iter().skip_while(|other| other.ballot != one.ballot);
        let mut later = later.filter(|other| other.ballot != one.ballot);
        later.all(|other| other.candidate != one.candidate)
    };
    said.iter()
        .filter(|one| one.award.as_deref() == award && !again.contains(&one.candidate))
        .filter(is_last)
        .filter(|one| one.outcome == Outcome::Passed)
        .count()
}

#[cfg(test)]
impl Said {
    /// What a ballot of a council says of a candidate by the law of 2026.
    pub(in crate::domain) fn sample(
        (candidate, council): (Uuid, Uuid),
        outcome: Outcome,
        round: i32,
    ) -> Self {
        let award = "BASE_EMULATION_FIGHTER";
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        Self {
            candidate,
            ballot: Uuid::from_u128(7),
            council,
            outcome,
            result: ballot_result::Model {
                tenant_id: Uuid::nil(),
                id: Uuid::nil(),
                council_id: council,
                ballot_id: Uuid::nil(),
                ballot_candidate_id: Uuid::nil(),
                position: 1,
                yes: None,
                no: None,
                abstain: None,
                invalid: None,
                base: 9,
                needed: 8,
                outcome,
            },
            round,
            closed_at: Time::default(),
            award: Some(award.to_owned()),
            rule: super::law_on(Some(award), day).unwrap(),
        }
    }

    /// The same for another title or form, by the law of 2026.
    pub(in crate::domain) fn for_award(self, award: &str) -> Self {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let rule = super::law_on(Some(award), day).unwrap();
        Self { award: Some(award.to_owned()), rule, ..self }
    }
}

#[cfg(test)]
mod tests {
    use entity::council::Kind;

    use super::*;

    fn council(kind: Kind, is_part: bool) -> council::Model {
        council::Model {
            tenant_id: Uuid::nil(),
            id: Uuid::from_u128(1),
            unit_id: None,
            parent_id: is_part.then(|| Uuid::from_u128(2)),
            kind,
            name: String::new(),
            name_search: String::new(),
            valid_from: NaiveDate::default(),
            valid_to: None,
            version: 1,
        }
    }

    #[test]
    fn a_title_is_voted_on_by_the_council_that_the_law_names() {
        let at = Time::parse_from_rfc3339("2026-03-01T00:00:00Z").unwrap().into();
        let counts = |award: &str, kind, is_part| {
            let of = (Uuid::nil(), Uuid::from_u128(1));
            let said = Said {
                closed_at: at,
                award: Some(award.to_owned()),
                ..Said::sample(of, Outcome::Passed, 1)
            };
            said.counts(&[council(kind, is_part)])
        };
        let fighter = "PROVINCIAL_EMULATION_FIGHTER";
        assert!(counts(fighter, Kind::Province, false));
        assert!(!counts(fighter, Kind::Province, true), "the standing part is not the council");
        assert!(!counts(fighter, Kind::Office, false) && !counts(fighter, Kind::Initiative, false));
        assert!(counts("BASE_EMULATION_FIGHTER", Kind::Office, false));
        assert!(counts("PROVINCIAL_CERTIFICATE", Kind::Province, true));
        assert!(!counts("PROVINCIAL_CERTIFICATE", Kind::Initiative, false));
    }

    #[test]
    fn a_standing_part_votes_on_what_counts_there() {
        let on = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let refused = |award: &str, is_part| {
            let row = candidate::Model {
                tenant_id: Uuid::nil(),
                id: Uuid::nil(),
                council_id: Uuid::nil(),
                item_id: Uuid::nil(),
                position: 1,
                nominee_id: None,
                unit_id: None,
                author_id: None,
                name: String::new(),
                identity: None,
                award_type_id: None,
                award_code: Some(award.to_owned()),
                downgraded_from: None,
                reason: None,
                proposal_id: None,
            };
            whole_where_asked(&council(Kind::Province, is_part), &[row], on).is_err()
        };
        assert!(refused("PROVINCIAL_EMULATION_FIGHTER", true));
        assert!(!refused("PROVINCIAL_EMULATION_FIGHTER", false));
        assert!(!refused("PROVINCIAL_CERTIFICATE", true));
    }

    #[test]
    fn places_are_held_by_the_last_ballot_on_each() {
        let said = |(ballot, of): (u128, u128), outcome| Said {
            ballot: Uuid::from_u128(ballot),
            ..Said::sample((Uuid::from_u128(of), Uuid::nil()), outcome, 1)
        };
        let title = Some("BASE_EMULATION_FIGHTER");
        let taken = |said: &[Said]| places_taken(said, title, &[]);
        let passed = said((1, 1), Outcome::Passed);
        let of = Uuid::from_u128(1);
        assert_eq!(taken(&[passed.clone(), said((1, 2), Outcome::Failed)]), 1, "one ballot");
        assert_eq!(taken(&[passed.clone(), said((2, 1), Outcome::Failed)]), 0, "failed later");
        assert_eq!(taken(&[said((0, 1), Outcome::Failed), passed.clone()]), 1, "passed later");
        let lower = Some("ADVANCED_LABOURER");
        assert_eq!(places_taken(std::slice::from_ref(&passed), lower, &[]), 0, "another title");
        assert_eq!(places_taken(&[passed], title, &[of]), 0, "voted on again");
    }
}
