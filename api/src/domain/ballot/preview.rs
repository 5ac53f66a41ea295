//! What a ballot on an award list would be if it were opened now: who may vote, who may not and why, what is needed.
//! Nothing is written here, and no vote enters.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::ballot_roll::Mode;
use entity::{agenda_item, candidate, council, council_session};
use sea_orm::{ColumnTrait, Condition};

use super::open::{self, count, rules};
use super::roll::{Facts, Line, Source};
use super::rule::{self, Counts};
use super::standing::whole_where_asked;
use crate::access::{Act, Gate};
use crate::domain::Ask;
use crate::domain::council::CouncilSeat;
use crate::domain::meeting::{AgendaItem, Candidate};
use crate::error::Result;
use crate::filter::row_id;
use crate::scalar::NodeType;

/// A member who could not vote on the list.
#[derive(SimpleObject)]
pub(crate) struct BallotConflict {
    /// The seat.
    seat_id: ID,
    /// Name of the one who would vote there.
    name: String,
    /// Why not.
    reason: String,
}

/// What would be asked of the votes for one candidate.
#[derive(SimpleObject)]
pub(crate) struct BallotNeed {
    /// The candidate of the agenda.
    candidate_id: ID,
    /// Name.
    name: String,
    /// Code of the title or form; null for an initiative.
    award_code: Option<String>,
    /// Of how many the yes votes would be a share; the greatest number where it depends on the votes.
    base: i32,
    /// Least number of yes votes of that base.
    needed: i32,
    /// Whether it would pass if everyone who may vote now said yes; where not, more members have to be there or to write,
    /// or the whole council votes on the title and not this standing part.
    can_pass: bool,
    /// Where the rule is written.
    citation: String,
}

/// What a ballot on an award list would be if it were opened now (dự kiến biểu quyết).
#[derive(SimpleObject)]
pub(crate) struct BallotPreview {
    /// Members of the council.
    members: i32,
    /// Of them there now; where nobody meets, those with a written opinion.
    present: i32,
    /// Least number of them for a ballot, by the strictest of the rules.
    quorum: i32,
    /// Members with a vote.
    voting: i32,
    /// Members who could not vote on the whole list, and why.
    conflicts: Vec<BallotConflict>,
    /// What would be needed for each candidate.
    candidates: Vec<BallotNeed>,
}

/// Questions about ballots to come.
#[derive(Default)]
pub struct PreviewQuery;

/// Questions about ballots to come.
#[Object]
impl PreviewQuery {
    /// What a ballot on all candidates of an award list would be if it were opened now: quorum, conflicts of interest,
    /// votes needed; nothing is frozen. Null for an item without candidates, and for other roles than central officer,
    /// chair, council secretary, standing officer, auditor.
    async fn ballot_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the item of the agenda.")] item_id: ID,
    ) -> Option<Result<BallotPreview>> {
        async { preview(ctx.gate()?, &item_id).await }.await.transpose()
    }
}

async fn preview(gate: &Gate, id: &ID) -> Result<Option<BallotPreview>> {
    if !gate.actor()?.may(Act::BallotPreviewRead) {
        return Ok(None);
    }
    let Some(id) = row_id::<AgendaItem>(id) else { return Ok(None) };
    let Some(item) = gate.load::<agenda_item::Entity>(id).await? else { return Ok(None) };
    let session = gate.load::<council_session::Entity>(item.session_id).await?;
    let of_item = Condition::all().add(candidate::Column::ItemId.eq(item.id));
    let rows = gate.rows::<candidate::Entity>(Act::CouncilSessionRead)?.filter(of_item);
    let mut candidates = rows.all().await?;
    candidates.sort_by_key(|row| row.position);
    let source = Source::Gate(gate);
    let rules = rules(&source, &item, &candidates).await?;
    let (Some(session), Some(strictest)) = (session, rules.first()) else { return Ok(None) };
    let Some(council) = gate.load::<council::Entity>(item.council_id).await? else {
        return Ok(None);
    };
    let facts = Facts::read(&source, (&council, &item), &candidates).await?;
    let lines = facts.lines(gate.today(), strictest, &candidates);
    let recused = lines.iter().filter(|line| line.mode == Mode::Recused);
    let counts = all_in_favour(&facts, &lines);
    let (members, voting) = (counts.members, counts.voting);
    let quorum = rules.iter().map(|rule| rule::quorum(rule, members)).max().unwrap_or(1).max(1);
    let is_quorate = open::quorum(&lines, (&facts, session.form), &rules).is_ok();
    let counts_here = |row: &candidate::Model| {
        whole_where_asked(&council, std::slice::from_ref(row), gate.today()).is_ok()
    };
    let need = |(row, rule): (&candidate::Model, &rule::Rule)| {
        let verdict = rule::verdict(rule, counts);
        BallotNeed {
            candidate_id: Candidate::node_id(row.id),
            name: row.name.clone(),
            award_code: row.award_code.clone(),
            base: verdict.base,
            needed: verdict.needed,
            can_pass: is_quorate && verdict.is_passed && counts_here(row),
            citation: rule.citation.clone(),
        }
    };
    Ok(Some(BallotPreview {
        members,
        present: facts.there(&lines, session.form),
        quorum,
        voting,
        conflicts: recused.map(conflict).collect(),
        candidates: candidates.iter().zip(&rules).map(need).collect(),
    }))
}

fn conflict(line: &Line) -> BallotConflict {
    BallotConflict {
        seat_id: CouncilSeat::node_id(line.seat),
        name: line.name.clone(),
        reason: line.reason.clone().unwrap_or_default(),
    }
}

/// The counts of a ballot in which everyone who may vote says yes.
fn all_in_favour(facts: &Facts, lines: &[Line]) -> Counts {
    let with = |modes: &[Mode]| lines.iter().filter(|line| modes.contains(&line.mode)).count();
    let is_there = |line: &&Line| line.mode == Mode::Recused && facts.takes_part(line.seat);
    let voting = count(with(&[Mode::Online, Mode::Written, Mode::Paper]));
    Counts {
        members: count(lines.len()),
        recused: count(with(&[Mode::Recused])),
        recused_present: count(lines.iter().filter(is_there).count()),
        voting,
        yes: voting,
        ..Counts::default()
    }
}
