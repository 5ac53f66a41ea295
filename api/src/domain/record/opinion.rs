//! The opinion of the Party committee on those who are to get a title: needed or not, asked for, given.
//! Nothing is asked for here, and who needs it is data.

use std::collections::HashMap;

use async_graphql::{Enum, SimpleObject};
use chrono::NaiveDate;
use entity::clearance::{self, Source};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{Clearance, Clearances};
use crate::access::{Gate, Tx};
use crate::error::{Code, Fault, Result};
use crate::reference;

/// How the opinion of the Party committee on someone stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum PartyOpinionState {
    /// Nobody has asked for it.
    Missing,
    /// It was asked for and is not answered yet.
    Asked,
    /// The committee agrees (nhất trí); remarks stand with the answer.
    Given,
    /// The committee does not agree (không nhất trí).
    Against,
}

/// The opinion of the Party committee (ý kiến của cấp ủy Đảng) that someone needs for a title.
#[derive(Clone, SimpleObject)]
pub(crate) struct PartyOpinion {
    /// How it stands.
    pub(in crate::domain) state: PartyOpinionState,
    /// Where it is asked for.
    pub(in crate::domain) citation: String,
    /// The question with its answer; null while nobody has asked.
    pub(in crate::domain) clearance: Option<Clearance>,
}

/// Someone who is to get a title.
pub(in crate::domain) struct Proposed<'a> {
    /// Whose people he belongs to: its regulation is asked.
    pub(in crate::domain) tenant: Uuid,
    pub(in crate::domain) subject: Option<Uuid>,
    pub(in crate::domain) name: &'a str,
    pub(in crate::domain) award: &'a str,
    /// The title in a message, in Vietnamese and in English.
    pub(in crate::domain) said: (&'a str, &'a str),
    /// Year of the achievements.
    pub(in crate::domain) year: i32,
}

impl Proposed<'_> {
    /// What the last question about him says, where an opinion is needed on a day.
    fn judge<'c>(
        &self,
        asked: impl Iterator<Item = &'c clearance::Model>,
        on: NaiveDate,
    ) -> Option<PartyOpinion> {
        let is_his = |row: &&clearance::Model| {
            row.source == Source::PartyCommittee
                && row.year == self.year
                && row.award_type_code.as_deref().is_none_or(|code| code == self.award)
        };
        let last = asked.filter(is_his).max_by_key(|row| (row.asked_on, row.id));
        let rule = reference::party_rule(self.tenant, self.award, last.is_some(), on)?;
        let state = match last.map(|row| row.is_blocking) {
            None => PartyOpinionState::Missing,
            Some(None) => PartyOpinionState::Asked,
            Some(Some(false)) => PartyOpinionState::Given,
            Some(Some(true)) => PartyOpinionState::Against,
        };
        let clearance = last.cloned().map(Clearance::from);
        Some(PartyOpinion { state, citation: rule.citation.clone(), clearance })
    }

    fn demand(&self, opinion: Option<&PartyOpinion>, path: &str) -> Result<()> {
        let Some(opinion) = opinion else { return Ok(()) };
        let code = match opinion.state {
            PartyOpinionState::Given => return Ok(()),
            PartyOpinionState::Missing | PartyOpinionState::Asked => Code::PartyOpinionMissing,
            PartyOpinionState::Against => Code::PartyOpinionAgainst,
        };
        Err(Fault::at(code, path)
            .with("nominee", self.name)
            .about(self.said)
            .with("citation", &opinion.citation)
            .into())
    }
}

/// The opinion someone needs for a title today, as far as the caller may read it; none where none is needed.
pub(in crate::domain) async fn party_opinion(
    gate: &Gate,
    proposed: &Proposed<'_>,
) -> Result<Option<PartyOpinion>> {
    let asked = match proposed.subject {
        Some(subject) => gate.load_by(Clearances(subject)).await?,
        None => Vec::new(),
    };
    Ok(proposed.judge(asked.iter().map(|clearance| &*clearance.0), gate.today()))
}

/// Refuses those whom the Party committee has not agreed to, each where he stands in the input; hands back its opinions, in
/// the same order.
pub(in crate::domain) async fn demand_party_opinion(
    tx: &Tx,
    all: &[Proposed<'_>],
    (on, at): (NaiveDate, &(dyn Fn(usize) -> String + Sync)),
) -> Result<Vec<Option<PartyOpinion>>> {
    let tenant = tx.gate().actor()?.tenant;
    let ids = all.iter().filter_map(|proposed| proposed.subject);
    let of_these = Condition::all()
        .add(clearance::Column::SubjectId.is_in(ids))
        .add(clearance::Column::Source.eq(Source::PartyCommittee));
    let mut asked: HashMap<Uuid, Vec<clearance::Model>> = HashMap::new();
    for row in tx.all_of::<clearance::Entity>(tenant, of_these).await? {
        asked.entry(row.subject_id).or_default().push(row);
    }
    let mut found = Vec::new();
    for (index, proposed) in all.iter().enumerate() {
        let own = proposed.subject.and_then(|id| asked.get(&id));
        let opinion = proposed.judge(own.into_iter().flatten(), on);
        proposed.demand(opinion.as_ref(), &at(index))?;
        found.push(opinion);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(on: (i32, u32), award: Option<&str>, is_blocking: Option<bool>) -> clearance::Model {
        let day = NaiveDate::from_ymd_opt(on.0, on.1, 1).unwrap();
        clearance::Model {
            tenant_id: Uuid::nil(),
            id: Uuid::nil(),
            subject_id: Uuid::nil(),
            unit_id: Uuid::nil(),
            year: 2025,
            source: Source::PartyCommittee,
            award_type_code: award.map(str::to_owned),
            question: None,
            asked_on: day,
            answered_on: is_blocking.map(|_| day),
            answered_by: None,
            finding: None,
            is_blocking,
            version: 1,
        }
    }

    fn state(award: &str, rows: &[clearance::Model]) -> Option<PartyOpinionState> {
        let on = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
        // Bắc Ninh has a regulation of its own.
        let tenant = reference::tenant_id("QD19_2025", "24");
        let said = (award, award);
        let proposed = Proposed { tenant, subject: None, name: "", award, said, year: 2025 };
        proposed.judge(rows.iter(), on).map(|opinion| opinion.state)
    }

    #[test]
    fn the_last_question_about_the_title_counts() {
        use PartyOpinionState::{Against, Asked, Given, Missing};
        let hero = "HERO_LABOUR";
        assert_eq!(state(hero, &[]), Some(Missing));
        assert_eq!(state(hero, &[asked((2026, 1), Some(hero), None)]), Some(Asked));
        assert_eq!(state(hero, &[asked((2026, 1), None, Some(false))]), Some(Given));
        let other = asked((2026, 1), Some("ORDER_GOLD_STAR"), Some(false));
        assert_eq!(state(hero, &[other]), Some(Missing), "asked for another title");
        let of_another_year =
            clearance::Model { year: 2024, ..asked((2026, 1), None, Some(false)) };
        assert_eq!(state(hero, &[of_another_year]), Some(Missing));
        let police = asked((2026, 1), None, Some(false));
        let police = clearance::Model { source: Source::Police, ..police };
        assert_eq!(state(hero, &[police]), Some(Missing));
        let twice =
            [asked((2026, 1), Some(hero), Some(true)), asked((2026, 2), Some(hero), Some(false))];
        assert_eq!(state(hero, &twice), Some(Given), "asked again");
        assert_eq!(state(hero, &twice[..1]), Some(Against));
        let base = "ADVANCED_LABOURER";
        assert_eq!(state(base, &[]), None, "needed for no such title");
        assert_eq!(
            state(base, &[asked((2026, 1), None, None)]),
            Some(Asked),
            "a person it manages"
        );
    }
}
