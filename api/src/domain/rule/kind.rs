//! What kinds of conditions there are: the one place that tells those that follow from parts and from earlier titles from
//! all others, and what the parts of each are. Nothing is judged here.

use super::tree::{After, Node, Within};

/// What a condition follows from.
pub(super) enum Kind<'n> {
    /// All of its parts.
    All(&'n [Node]),
    /// The best of its parts.
    Any(&'n [Node]),
    /// The opposite of its part.
    Not(&'n Node),
    /// Titles that were given earlier, or that stand for years, and what must hold since then.
    Titles(&'n [String], &'n [Node]),
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
            Self::Not(part) => Kind::Not(part),
            Self::After(after) => Kind::Titles(&after.titles, &after.of),
            Self::Held(held) => Kind::Titles(&held.titles, &[]),
            Self::Rating(rating) => Kind::Titles(&rating.or_titles, &[]),
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

    /// The conditions directly below.
    pub(crate) fn parts(&self) -> &[Self] {
        match self.kind() {
            Kind::All(parts) | Kind::Any(parts) | Kind::Titles(_, parts) => parts,
            Kind::Not(part) => std::slice::from_ref(part),
            Kind::Other => &[],
        }
    }

    /// The same, to be changed.
    pub(super) fn parts_mut(&mut self) -> &mut [Self] {
        if let Self::All(parts)
        | Self::Any(parts)
        | Self::Within(Within { of: parts, .. })
        | Self::After(After { of: parts, .. }) = self
        {
            parts
        } else if let Self::Not(part) = self {
            std::slice::from_mut(part)
        } else {
            &mut []
        }
    }
}
