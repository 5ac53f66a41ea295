//! Records: what is known of a subject year by year, and what others said of it when asked.
//! No rule of the law enters here: a record says what was, not what follows.

mod initiative;
mod inputs;
mod mutation;
mod opinion;
mod related;

use async_graphql::{ID, Object};
use entity::clearance::{self, Source};
use entity::discipline::{self, Form, Stage};
use entity::initiative as initiative_row;
use entity::year_record::{self, ClusterScope, CompletionRating};

use crate::scalar::{Date, NodeType};

pub(super) use initiative::{Use, Uses, spend};
pub use mutation::RecordMutation;
pub(super) use opinion::{PartyOpinion, Proposed, demand_party_opinion, party_opinion};
pub(super) use related::{
    Clearances, Disciplines, Initiatives, YearRecords, clearance_rows, discipline_rows,
    initiative_rows, year_rows,
};

macro_rules! noun {
    ($(#[$doc:meta])* $name:ident, $row:ty) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(std::sync::Arc<$row>);

        impl From<$row> for $name {
            fn from(row: $row) -> Self {
                Self(std::sync::Arc::new(row))
            }
        }

        impl NodeType for $name {
            const PREFIX: &'static str = stringify!($name);
        }
    };
}

noun! {
    /// What one year says of a subject.
    YearRecord, year_record::Model
}
noun! {
    /// A case of discipline.
    Discipline, discipline::Model
}
noun! {
    /// A recognised initiative.
    Initiative, initiative_row::Model
}
noun! {
    /// An opinion that was asked for.
    Clearance, clearance::Model
}

crate::answer!(
    YearRecord = year_record::Model => 0,
    Discipline = discipline::Model => 0,
    Initiative = initiative_row::Model => 0,
    Clearance = clearance::Model => 0,
);

/// What one year says of a subject: its rating, the titles it registered for, and for a collective its rank and
/// the numbers of its members. Read by those who read the subject.
#[Object]
impl YearRecord {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The year.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// How well the tasks were completed (mức độ hoàn thành nhiệm vụ); null: not rated.
    async fn completion_rating(&self) -> Option<CompletionRating> {
        self.0.completion_rating
    }

    /// Codes of the titles registered for (đăng ký thi đua).
    async fn registered_titles(&self) -> Vec<&str> {
        self.0.registered_titles.split('|').filter(|code| !code.is_empty()).collect()
    }

    /// Final rank of a collective in its cluster or bloc (cụm, khối thi đua), from 1; null where none is recorded.
    async fn cluster_rank(&self) -> Option<i32> {
        self.0.cluster_rank
    }

    /// Whose cluster or bloc that is; null where no rank is recorded.
    async fn cluster_scope(&self) -> Option<ClusterScope> {
        self.0.cluster_scope
    }

    /// Number of members of a collective; null where it is not recorded, and for a person.
    async fn members_total(&self) -> Option<i32> {
        self.0.members_total
    }

    /// Number of members who completed their tasks or better; null where it is not recorded.
    async fn members_completed(&self) -> Option<i32> {
        self.0.members_completed
    }

    /// Members with the title of advanced labourer or soldier (lao động tiên tiến, chiến sĩ tiên tiến); null where it
    /// is not recorded.
    async fn members_advanced(&self) -> Option<i32> {
        self.0.members_advanced
    }

    /// Members with the title of grassroots emulation fighter (chiến sĩ thi đua cơ sở); null where it is not
    /// recorded.
    async fn members_base_fighter(&self) -> Option<i32> {
        self.0.members_base_fighter
    }

    /// Members disciplined with a warning or more (từ cảnh cáo trở lên); null where it is not recorded.
    async fn members_disciplined(&self) -> Option<i32> {
        self.0.members_disciplined
    }

    /// Where it is written, such as the number of a decision; null where nobody has said so.
    async fn source(&self) -> Option<&str> {
        self.0.source.as_deref()
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A case of discipline (kỷ luật), or one that is still looked into. Read by those who read the subject.
#[Object]
impl Discipline {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Where the case stands.
    async fn stage(&self) -> Stage {
        self.0.stage
    }

    /// The form of discipline; null unless it was imposed.
    async fn form(&self) -> Option<Form> {
        self.0.form
    }

    /// First day of the case.
    async fn from_day(&self) -> Date {
        Date(self.0.from_day)
    }

    /// The day on which it ended; null while it goes on.
    async fn end_day(&self) -> Option<Date> {
        self.0.end_day.map(Date)
    }

    /// Number of the disciplinary decision (quyết định kỷ luật), in words: no `Decision` of commendation; null where
    /// none is recorded.
    async fn decision(&self) -> Option<&str> {
        self.0.decision.as_deref()
    }

    /// Remark; null where there is none.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

impl Clearance {
    /// The row as it is kept.
    pub(super) fn row(&self) -> &clearance::Model {
        &self.0
    }
}

/// An opinion that was asked for about a subject (hiệp y, xin ý kiến), and its answer. Read by those who read
/// the subject.
#[Object]
impl Clearance {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The year it is about.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// Who was asked.
    async fn source(&self) -> Source {
        self.0.source
    }

    /// Code of the title or form it was asked for; null where it was asked about the subject as such.
    async fn award_type_code(&self) -> Option<&str> {
        self.0.award_type_code.as_deref()
    }

    /// What was asked; null where it was not put into words.
    async fn question(&self) -> Option<&str> {
        self.0.question.as_deref()
    }

    /// When it was asked.
    async fn asked_on(&self) -> Date {
        Date(self.0.asked_on)
    }

    /// When it was answered; null: not yet.
    async fn answered_on(&self) -> Option<Date> {
        self.0.answered_on.map(Date)
    }

    /// Who answered: number of the letter, office; null before it is answered.
    async fn answered_by(&self) -> Option<&str> {
        self.0.answered_by.as_deref()
    }

    /// What was found; null before it is answered, and where nothing was written down.
    async fn finding(&self) -> Option<&str> {
        self.0.finding.as_deref()
    }

    /// Whether the answer stands against a commendation; null before it is answered.
    async fn is_blocking(&self) -> Option<bool> {
        self.0.is_blocking
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
