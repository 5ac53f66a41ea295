//! What kinds of conditions there are: the one place that tells those that follow from parts and from earlier titles from
//! all others. Nothing is judged here.

use super::tree::Node;

/// What a condition follows from.
pub(super) enum Kind<'n> {
    /// All of its parts.
    All(&'n [Node]),
    /// The best of its parts.
    Any(&'n [Node]),
    /// The opposite of its part.
    Not,
    /// Titles that were given earlier, or that stand for years.
    Titles(&'n [String]),
    /// Anything else that is known.
    Other,
}

impl Node {
    /// What it follows from.
    pub(super) fn kind(&self) -> Kind<'_> {
        match self {
            Self::All(parts) => Kind::All(parts),
            Self::Within(within) => Kind::All(&within.of),
            Self::Any(parts) => Kind::Any(parts),
            Self::Not(_) => Kind::Not,
            Self::After(after) => Kind::Titles(&after.titles),
            Self::Held(held) => Kind::Titles(&held.titles),
            Self::Rating(rating) => Kind::Titles(&rating.or_titles),
            Self::Initiative(_)
            | Self::Share(_)
            | Self::AllMembers(_)
            | Self::AnyMember(_)
            | Self::NoMember(_)
            | Self::Rank(_)
            | Self::AgeOfUnit(_)
            | Self::FlagEligible(_)
            | Self::NotManager
            | Self::Sex(_)
            | Self::NotStaff(_)
            | Self::Forces(_)
            | Self::PublicNotice
            | Self::Opinion(_)
            | Self::Manual(_)
            | Self::NoOpenCase
            | Self::NoAdverseOpinion
            | Self::InExistence
            | Self::NotYetAwarded
            | Self::OneForm => Kind::Other,
        }
    }
}
