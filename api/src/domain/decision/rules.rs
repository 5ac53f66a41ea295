//! Numbers of decisions, and who may decide what.
//! No SQL enters here.

use entity::unit::Kind;

use crate::domain::award::AwardDecider;
use crate::error::{Code, Fault};

/// Whether the number is given by the issuer's own register here, or by an authority elsewhere.
pub(in crate::domain) const fn is_own(issuer: AwardDecider) -> bool {
    !issuer.is_of_state()
}

/// Who decides in a unit, where nothing else is said.
pub(super) const fn usual(kind: Kind) -> AwardDecider {
    match kind {
        Kind::Province => AwardDecider::ProvinceChair,
        Kind::District => AwardDecider::DistrictChair,
        Kind::Commune | Kind::Ward | Kind::SpecialZone => AwardDecider::CommuneChair,
        Kind::Enterprise => AwardDecider::EnterpriseHead,
        Kind::MassOrganisation | Kind::PartyBody => AwardDecider::Organisation,
        Kind::Office
        | Kind::Department
        | Kind::Division
        | Kind::Centre
        | Kind::Police
        | Kind::Military => AwardDecider::UnitHead,
    }
}

/// Whether a decision of this authority can stand in the register of a unit: those of the tenant's head and of
/// higher ones in that of the root, others where such a head is.
pub(in crate::domain) fn fits(issuer: AwardDecider, kind: Kind, is_root: bool) -> bool {
    match issuer {
        AwardDecider::President
        | AwardDecider::Government
        | AwardDecider::PrimeMinister
        | AwardDecider::StandingCommittee
        | AwardDecider::Minister
        | AwardDecider::ProvinceChair => is_root,
        // A division has no legal personality: its head gives nothing (Luật 06/2022/QH15, Điều 75, Điều 80).
        AwardDecider::UnitHead => kind != Kind::Division && usual(kind) == issuer,
        AwardDecider::DistrictChair
        | AwardDecider::CommuneChair
        | AwardDecider::EnterpriseHead
        | AwardDecider::Organisation => usual(kind) == issuer,
    }
}

/// A number and the numbers that are left out before it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Numbered {
    pub(super) number: i32,
    pub(super) gap: Option<(i32, i32)>,
}

/// The number of the next decision of a series, after the last one that is taken or explained.
pub(super) fn number(
    last: i32,
    wanted: Option<i32>,
    is_explained: bool,
) -> Result<Numbered, Fault> {
    let next = last.saturating_add(1);
    let number = wanted.unwrap_or(next);
    if number < next {
        let fault = Fault::at(Code::AlreadyExists, "number").with("case", "NUMBER");
        return Err(fault.with("number", number).with("next", next));
    }
    if number > next && !is_explained {
        return Err(Fault::at(Code::DecisionNumberGap, "number").with("next", next));
    }
    let gap = (number > next).then(|| (next, number.saturating_sub(1)));
    Ok(Numbered { number, gap })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_without_a_gap_that_nobody_explains() {
        assert_eq!(number(0, None, false), Ok(Numbered { number: 1, gap: None }));
        assert_eq!(number(4, Some(5), false), Ok(Numbered { number: 5, gap: None }));
        assert_eq!(number(4, Some(4), true).unwrap_err().code, Code::AlreadyExists);
        assert_eq!(number(4, Some(9), false).unwrap_err().code, Code::DecisionNumberGap);
        assert_eq!(number(4, Some(9), true), Ok(Numbered { number: 9, gap: Some((5, 8)) }));
    }

    #[test]
    fn a_unit_head_decides_for_nobody_above() {
        assert!(fits(AwardDecider::UnitHead, Kind::Office, false));
        assert!(!fits(AwardDecider::UnitHead, Kind::Division, false), "a part of an office");
        assert!(!fits(AwardDecider::ProvinceChair, Kind::Office, false));
        assert!(!fits(AwardDecider::President, Kind::Commune, false));
        assert!(fits(AwardDecider::PrimeMinister, Kind::Province, true));
        assert!(!fits(AwardDecider::UnitHead, Kind::Province, true));
    }
}
