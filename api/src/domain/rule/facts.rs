//! What a rule looks at: the facts of one subject, and what is asked.
//! No query and no rule enters here.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use entity::clearance::Source;
use entity::discipline::{Form, Stage};
use entity::initiative::{Kind, Scope};
use entity::subject::Sex;
use entity::submission::CommendationType;
use entity::year_record::{ClusterScope, CompletionRating};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::confirm::Confirmation;

/// Everything known of one subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The day a collective was founded.
    pub(crate) founded_on: Option<NaiveDate>,
    pub(crate) flag_eligible: Option<bool>,
    /// Whether a person manages others; none for what is no person.
    pub(crate) manager: Option<bool>,
    /// None for what is no person, and where it is not recorded.
    pub(crate) sex: Option<Sex>,
    /// Whether a person works directly; none for what is no person.
    pub(crate) direct_worker: Option<bool>,
    /// Last day of the unit, where it is dissolved.
    pub(crate) dissolved_on: Option<NaiveDate>,
    /// Whether the subject ends with its unit, as a collective does; people go on in another.
    pub(crate) ends_with_unit: bool,
    /// Whether the unit, or one above it, is of the police or the army.
    pub(crate) forces: bool,
    pub(crate) years: BTreeMap<i32, Year>,
    pub(crate) awards: Vec<Award>,
    pub(crate) cases: Vec<Case>,
    pub(crate) initiatives: Vec<Initiative>,
    pub(crate) opinions: Vec<Opinion>,
    /// What people said of conditions that nothing recorded answers.
    pub(crate) confirmations: Vec<Arc<Confirmation>>,
    /// Read only where a question asks for them.
    pub(crate) notices: Vec<Notice>,
    /// What is recorded of the units that a collective continues; none where it continues none.
    pub(crate) before: Option<Before>,
    /// Places in published comparisons of clusters; read only where a question asks for them.
    pub(crate) places: Vec<Place>,
    /// The members of a collective by year; read only where a question asks for them.
    pub(crate) rolls: BTreeMap<i32, Arc<Roll>>,
}

/// What is recorded of the units that a collective continues after a merger or a split.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Before {
    /// Several for one year where several were merged.
    pub(crate) years: BTreeMap<i32, Vec<Year>>,
    pub(crate) awards: Vec<Award>,
    /// Whether there is one of which the asker reads nothing.
    pub(crate) is_hidden: bool,
}

/// What one year says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Year {
    pub(crate) id: Uuid,
    pub(crate) rating: Option<CompletionRating>,
    pub(crate) rank: Option<(ClusterScope, i32)>,
    pub(crate) members: Option<i32>,
    pub(crate) completed: Option<i32>,
    pub(crate) advanced: Option<i32>,
    pub(crate) fighters: Option<i32>,
    pub(crate) disciplined: Option<i32>,
}

/// A place in the published comparison of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) cluster: Uuid,
    pub(crate) cluster_name: String,
    pub(crate) scope: ClusterScope,
    pub(crate) year: i32,
    /// From 1; none where it was published without one.
    pub(crate) rank: Option<i32>,
    /// How many were compared.
    pub(crate) of: i32,
}

/// The members of a collective in a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Roll(pub(crate) Vec<Member>);

/// What the member's own records say of the year.
#[expect(clippy::struct_excessive_bools, reason = "each is an answer of its own")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) id: Uuid,
    /// Only where the caller may read the person.
    pub(crate) name: Option<String>,
    /// Whether there is a record of the year at all.
    pub(crate) is_recorded: bool,
    pub(crate) rating: Option<CompletionRating>,
    /// Advanced labourer or soldier.
    pub(crate) is_advanced: bool,
    /// Grassroots emulation fighter.
    pub(crate) is_fighter: bool,
    /// Proposed for one of these titles in a list that was not rejected.
    pub(crate) is_proposed: bool,
    /// Discipline that was imposed.
    pub(crate) cases: Vec<Case>,
}

/// An award that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Award {
    pub(crate) id: Uuid,
    pub(crate) code: String,
    /// First year of the period it was given for.
    pub(crate) first: i32,
    /// Last year of it.
    pub(crate) year: i32,
    pub(crate) commendation: CommendationType,
    /// Day of the achievement, where it is recorded.
    pub(crate) achieved_on: Option<NaiveDate>,
    /// Day of the decision, where it is known.
    pub(crate) decided_on: Option<NaiveDate>,
    /// Number and day of the decision, as people cite it.
    pub(crate) decision: Option<String>,
    /// Given in another province than that in which it is recorded.
    pub(crate) is_elsewhere: bool,
}

/// A case of discipline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) id: Uuid,
    pub(crate) stage: Stage,
    pub(crate) form: Option<Form>,
    pub(crate) from: NaiveDate,
    pub(crate) end: Option<NaiveDate>,
    pub(crate) decision: Option<String>,
}

/// A recognised initiative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Initiative {
    pub(crate) id: Uuid,
    pub(crate) kind: Kind,
    pub(crate) scope: Scope,
    /// Year in which it was recognised.
    pub(crate) year: i32,
    pub(crate) recognised_on: NaiveDate,
    pub(crate) title: String,
    pub(crate) recognised_by: String,
    /// For what it was used, and when.
    pub(crate) used: Option<(String, i32)>,
}

/// An opinion that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opinion {
    pub(crate) id: Uuid,
    /// The title or form it was asked for; none: about the subject as such.
    pub(crate) award: Option<String>,
    pub(crate) asked_on: NaiveDate,
    pub(crate) source: Source,
    pub(crate) year: i32,
    pub(crate) answered_by: Option<String>,
    /// None: not answered.
    pub(crate) is_blocking: Option<bool>,
}

/// A public notice of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) id: Uuid,
    /// Code of the title or form that was proposed, and the year.
    pub(crate) award: String,
    pub(crate) year: i32,
    pub(crate) last_on: NaiveDate,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// Code of the title or form.
    pub(crate) award: String,
    /// Year of the proposal.
    pub(crate) year: i32,
    pub(crate) commendation: CommendationType,
    /// Day of the achievement, where it is said.
    pub(crate) achieved_on: Option<NaiveDate>,
    /// The day of receipt, whose rules apply.
    pub(crate) day: NaiveDate,
    /// The day of the decision: what happens afterwards says nothing.
    pub(crate) decided: NaiveDate,
}

/// How a condition stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    async_graphql::Enum,
    Deserialize,
    Serialize,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[graphql(name = "EligibilityVerdict")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Verdict {
    /// It does not hold (không đạt).
    Failed,
    /// Not known: data is missing, or a person has to say (chưa xác định).
    Unknown,
    /// It holds (đạt).
    Passed,
}

impl Verdict {
    /// Every one must hold.
    pub(crate) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        parts.into_iter().min().unwrap_or(Self::Passed)
    }

    /// One must hold.
    pub(crate) fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        parts.into_iter().max().unwrap_or(Self::Failed)
    }

    /// Holds when the other does not.
    pub(crate) const fn not(self) -> Self {
        match self {
            Self::Failed => Self::Passed,
            Self::Unknown => Self::Unknown,
            Self::Passed => Self::Failed,
        }
    }

    /// Its name in the database.
    pub(crate) fn name(self) -> &'static str {
        self.into()
    }

    /// The one of a name; unknown where the name is.
    pub(crate) fn named(name: &str) -> Self {
        name.parse().unwrap_or(Self::Unknown)
    }

    pub(crate) const fn of(holds: bool) -> Self {
        if holds { Self::Passed } else { Self::Failed }
    }
}
