//! The form of a rule: a tree of conditions that is stored as data and read strictly.
//! Nothing is evaluated here.

use entity::clearance;
use entity::discipline::Form;
use entity::initiative::{Kind, Scope};
use entity::subject::Sex;
use entity::year_record::{ClusterScope, CompletionRating};
use serde::{Deserialize, Serialize};

use super::confirm::Manual;
use crate::error::Result;

/// Deepest tree.
const DEEPEST: usize = 12;
/// Most conditions of one tree.
const MOST: usize = 100;
/// Most years that a rule looks back.
const YEARS: std::ops::RangeInclusive<i32> = 1..=60;

/// What is wrong with a tree, and the value that is.
pub(crate) type TreeFault = (&'static str, String);

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Node {
    /// Every one holds.
    All(Vec<Node>),
    /// At least one holds.
    Any(Vec<Node>),
    /// It does not hold.
    Not(Box<Node>),
    /// Everything within the last years up to the year of the proposal.
    Within(Within),
    /// Everything after an award of one of these titles; that award must be there.
    After(After),
    /// Awards held.
    Held(Held),
    /// Years with a rating.
    Rating(Rating),
    /// Recognised initiatives that are still free.
    Initiative(Standard),
    /// A share of the members of a collective has one of these titles in the year.
    Share(Share),
    /// Every member of a collective has at least this rating.
    AllMembers(AllMembers),
    /// At least one member of a collective is a grassroots emulation fighter.
    AnyMember(AnyMember),
    /// No member of a collective was disciplined that hard.
    NoMember(NoMember),
    /// Rank in the cluster or bloc of the year.
    Rank(Rank),
    /// Years since a collective was founded.
    AgeOfUnit(AgeOfUnit),
    /// Whether a collective is among those for whom the flag is meant.
    FlagEligible(bool),
    /// The person manages nobody.
    NotManager,
    /// The person is of this sex; open where it is not recorded.
    Sex(Sex),
    /// The person is no staff that is rated year by year.
    NotStaff(NotStaff),
    /// The subject belongs to the armed forces or the police.
    Forces(Forces),
    /// The names were made public before.
    PublicNotice,
    /// An opinion that was asked for, and does not stand against it.
    Opinion(Opinion),
    /// What only a person can confirm.
    Manual(Manual),
    /// No case is open, and no discipline goes on.
    NoOpenCase,
    /// No opinion of the year stands against it.
    NoAdverseOpinion,
    /// The subject's unit is not dissolved.
    InExistence,
    /// The same achievement was not rewarded with the same already.
    NotYetAwarded,
    /// No other form was given by the same type for the same year.
    OneForm,
}

/// See [`Node::Within`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Within {
    pub(crate) years: i32,
    pub(crate) of: Vec<Node>,
}

/// See [`Node::After`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    pub(crate) titles: Vec<String>,
    /// Counted from the latest award alone; otherwise any of them serves.
    #[serde(default)]
    pub(crate) latest: bool,
    pub(crate) of: Vec<Node>,
}

/// See [`Node::Held`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Held {
    pub(crate) titles: Vec<String>,
    pub(crate) n: i32,
    /// In consecutive evaluation years.
    #[serde(default)]
    pub(crate) consecutive: bool,
    /// Years from one award to the next at most, where consecutive; 1: every year.
    #[serde(default = "one")]
    pub(crate) gap: i32,
    /// Where consecutive, the last one is of the year proposed or the one before; a person says if older ones serve.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) recent: bool,
}

/// See [`Node::Rating`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rating {
    pub(crate) level: CompletionRating,
    pub(crate) years: i32,
    /// Without a gap, up to the year of the proposal.
    #[serde(default)]
    pub(crate) continuous: bool,
    /// Titles of a year that stand in the place of its rating.
    #[serde(default)]
    pub(crate) or_titles: Vec<String>,
}

/// See [`Node::Initiative`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Standard {
    pub(crate) scope: Scope,
    pub(crate) n: i32,
    /// Of this kind; of any when absent.
    #[serde(default)]
    pub(crate) kind: Option<Kind>,
}

/// See [`Node::Share`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Share {
    pub(crate) percent: i32,
}

/// See [`Node::AllMembers`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AllMembers {
    pub(crate) rating: AtLeast,
}

/// The one rating that members are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum AtLeast {
    Completed,
}

/// See [`Node::AnyMember`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnyMember {
    pub(crate) title: Fighter,
}

/// The one title that members are counted by, beside those of the share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Fighter {
    BaseEmulationFighter,
}

/// See [`Node::NoMember`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoMember {
    pub(crate) discipline: Form,
}

/// See [`Node::Rank`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rank {
    pub(crate) cluster: ClusterScope,
    /// The last place that serves; any where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) best: Option<i32>,
    /// A year that is recorded without a rank is one outside such a cluster.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) recorded: bool,
}

/// See [`Node::NotStaff`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotStaff {
    /// Whoever holds one of these is staff, unless it is recorded that the person works directly.
    #[serde(default)]
    pub(crate) titles: Vec<String>,
    /// Nobody is staff for leading others alone, such as an entrepreneur.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) may_lead: bool,
    /// Nobody rated the person in the year of the proposal either.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) unrated: bool,
}

/// See [`Node::Forces`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Forces {
    /// Titles of the forces alone: who held one of late belongs to them, whatever the unit is recorded as.
    #[serde(default)]
    pub(crate) titles: Vec<String>,
}

/// See [`Node::AgeOfUnit`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgeOfUnit {
    pub(crate) years: i32,
}

/// See [`Node::Opinion`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Opinion {
    pub(crate) from: clearance::Source,
}

const fn one() -> i32 {
    1
}

impl Node {
    /// Reads a tree as it is stored.
    pub(crate) fn read(text: &str) -> Result<Self> {
        Ok(serde_json::from_str(text)?)
    }

    /// The tree as it is stored.
    pub(crate) fn text(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }

    /// What is wrong with the tree, and where; none when it can be evaluated. `is_known` says whether a code is a title.
    pub(crate) fn fault(&self, is_known: &dyn Fn(&str) -> bool) -> Option<TreeFault> {
        let mut count = 0;
        self.fault_at(is_known, 1, &mut count)
    }

    fn fault_at(
        &self,
        is_known: &dyn Fn(&str) -> bool,
        depth: usize,
        count: &mut usize,
    ) -> Option<TreeFault> {
        *count += 1;
        if depth > DEEPEST || *count > MOST {
            return Some(("too many levels or conditions", format!("{DEEPEST} / {MOST}")));
        }
        if matches!(self, Self::All(_) | Self::Any(_) | Self::Within(_)) && self.parts().is_empty()
        {
            return Some(("a condition without parts", String::new()));
        }
        self.own_fault(is_known).or_else(|| {
            self.parts().iter().find_map(|part| part.fault_at(is_known, depth + 1, count))
        })
    }

    fn own_fault(&self, is_known: &dyn Fn(&str) -> bool) -> Option<TreeFault> {
        let unknown = |titles: &[String]| {
            let found = titles.iter().find(|code| !is_known(code));
            found.map(|code| ("no such title", code.clone()))
        };
        let number = |n: i32, most: i32| {
            (!(1..=most).contains(&n)).then(|| ("number out of bounds", format!("{n} (1-{most})")))
        };
        let most = *YEARS.end();
        let named = |titles: &[String]| {
            let none = titles.is_empty().then(|| ("no title named", String::new()));
            none.or_else(|| unknown(titles))
        };
        match self {
            Self::Within(it) => number(it.years, most),
            Self::After(it) => named(&it.titles),
            Self::Held(it) => {
                named(&it.titles).or_else(|| number(it.n, most)).or_else(|| number(it.gap, most))
            }
            Self::Rating(it) => unknown(&it.or_titles).or_else(|| number(it.years, most)),
            Self::Initiative(it) => number(it.n, most),
            Self::Share(it) => number(it.percent, 100),
            Self::Rank(it) => it.best.and_then(|last| number(last, 1000)),
            Self::AgeOfUnit(it) => number(it.years, 1000),
            Self::NotStaff(it) => unknown(&it.titles),
            Self::Forces(it) => unknown(&it.titles),
            Self::Manual(it) => (it.vi.trim().is_empty() || it.en.trim().is_empty())
                .then(|| ("words in vi and en", String::new())),
            Self::All(_)
            | Self::Any(_)
            | Self::Not(_)
            | Self::AllMembers(_)
            | Self::AnyMember(_)
            | Self::NoMember(_)
            | Self::FlagEligible(_)
            | Self::NotManager
            | Self::Sex(_)
            | Self::PublicNotice
            | Self::Opinion(_)
            | Self::NoOpenCase
            | Self::NoAdverseOpinion
            | Self::InExistence
            | Self::NotYetAwarded
            | Self::OneForm => None,
        }
    }
}
