//! Whom a list of the tenant still proposes for a title that an authority elsewhere is said to have given him: it was not
//! given without us, so the ballot is asked for as it is for the list.
//! Nothing is written here.

use chrono::NaiveDate;
use entity::submission::{self, State};
use entity::{award_type, nominee};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::vote::{Voted, asks_for_vote, left_by_vote, vote_missing};
use super::wish::Wish;
use crate::access::Tx;
use crate::error::Result;

/// The lists that are on their way through the tenant.
const ON_ITS_WAY: [State; 4] = [State::Sent, State::Received, State::Appraised, State::Approved];

/// Refuses those whom no submission of the decision proposes, but a list that is still on its way does, for the same title
/// and year, where the law asks for a ballot and none has passed.
pub(super) async fn demand_votes(
    tx: &Tx,
    wishes: &[Wish],
    (catalogue, on): (&[award_type::Model], NaiveDate),
) -> Result<()> {
    let is_meant = |wish: &&Wish| !wish.is_proposed && asks_for_vote(&wish.award_type.code, on);
    let direct: Vec<&Wish> = wishes.iter().filter(is_meant).collect();
    if direct.is_empty() {
        return Ok(());
    }
    let listed = Listed::read(tx, &direct).await?;
    let own = |wish| Some((wish, listed.of(wish, catalogue)?));
    let proposed: Vec<(&Wish, &nominee::Model)> = direct.into_iter().filter_map(own).collect();
    let nominees = proposed.iter().map(|(_, row)| (*row).clone()).collect();
    let at = |row: &nominee::Model| {
        let of = proposed.iter().find(|(_, it)| it.id == row.id);
        of.map_or_else(|| "input.awards".to_owned(), |(wish, _)| wish.path.clone())
    };
    let left = left_by_vote(tx, nominees, &at).await?;
    for (wish, row) in proposed {
        let has_passed = |voted: &Voted| {
            let is_title = is_of(catalogue, voted.nominee.award_type_id, wish);
            voted.nominee.id == row.id && voted.passed_as.is_some() && is_title
        };
        if !left.iter().any(has_passed) {
            return Err(vote_missing((&wish.name, &wish.award_type), (on, &wish.path)).into());
        }
    }
    Ok(())
}

/// Whether a title is the one that is wished, in whichever wording.
fn is_of(catalogue: &[award_type::Model], title: Uuid, wish: &Wish) -> bool {
    catalogue.iter().any(|row| row.id == title && row.code == wish.award_type.code)
}

/// Those whom lists on their way propose.
struct Listed {
    lists: Vec<submission::Model>,
    nominees: Vec<nominee::Model>,
}

impl Listed {
    async fn read(tx: &Tx, wishes: &[&Wish]) -> Result<Self> {
        let tenant = tx.gate().actor()?.tenant;
        let these = nominee::Column::SubjectId.is_in(wishes.iter().map(|wish| wish.subject.id));
        let nominees = tx.all_of::<nominee::Entity>(tenant, Condition::all().add(these)).await?;
        let these = Condition::all()
            .add(submission::Column::Id.is_in(nominees.iter().map(|row| row.submission_id)))
            .add(submission::Column::State.is_in(ON_ITS_WAY))
            .add(submission::Column::WaitingSince.is_not_null());
        let lists = tx.all_of::<submission::Entity>(tenant, these).await?;
        Ok(Self { lists, nominees })
    }

    /// The nominee of a list for the title, within the years that are counted.
    fn of(&self, wish: &Wish, catalogue: &[award_type::Model]) -> Option<&nominee::Model> {
        let (begins, ends) = wish.counting;
        let is_of_years = |row: &nominee::Model| {
            let list = self.lists.iter().find(|list| list.id == row.submission_id);
            list.is_some_and(|list| (begins..=ends).contains(&list.year))
        };
        self.nominees.iter().find(|row| {
            let is_himself = row.subject_id == Some(wish.subject.id);
            is_himself && is_of_years(row) && is_of(catalogue, row.award_type_id, wish)
        })
    }
}
