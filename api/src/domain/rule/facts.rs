//! What a rule looks at: the facts of one subject, and what is asked.
//! No query and no rule enters here.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::clearance::Source;
use entity::discipline::{Form, Stage};
use entity::initiative::{Kind, Scope};
use entity::submission::CommendationType;
use entity::year_record::{ClusterScope, CompletionRating};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Everything known of one subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The day a collective was founded.
    pub(crate) founded_on: Option<NaiveDate>,
    pub(crate) flag_eligible: Option<bool>,
    /// Whether a person manages others; none for what is no person.
    pub(crate) manager: Option<bool>,
    /// Last day of the unit, where it is dissolved.
    pub(crate) dissolved_on: Option<NaiveDate>,
    pub(crate) years: BTreeMap<i32, Year>,
    pub(crate) awards: Vec<Award>,
    pub(crate) cases: Vec<Case>,
    pub(crate) initiatives: Vec<Initiative>,
    pub(crate) opinions: Vec<Opinion>,
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

/// An award that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Award {
    pub(crate) id: Uuid,
    pub(crate) code: String,
    /// Last year of the period it was given for.
    pub(crate) year: i32,
    pub(crate) commendation: CommendationType,
    /// Number and day of the decision, as people cite it.
    pub(crate) decision: Option<String>,
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
    pub(crate) year: i32,
    pub(crate) title: String,
    pub(crate) recognised_by: String,
    /// For what it was used, and when.
    pub(crate) used: Option<(String, i32)>,
}

/// An opinion that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opinion {
    pub(crate) id: Uuid,
    pub(crate) source: Source,
    pub(crate) year: i32,
    pub(crate) answered_by: Option<String>,
    /// None: not answered.
    pub(crate) is_blocking: Option<bool>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// Code of the title or form.
    pub(crate) award: String,
    /// Year of the proposal.
    pub(crate) year: i32,
    pub(crate) commendation: CommendationType,
    /// The day for which it is asked: that of receipt.
    pub(crate) day: NaiveDate,
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
