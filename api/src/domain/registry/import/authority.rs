//! Who decides on titles, by the names under which records carry them; and the central bodies that are no tenant.
//! No row of a client is judged here.

use std::cmp::Reverse;
use std::collections::HashSet;

use anyhow::Context;
use entity::tenant::Kind;
use serde::Deserialize;

use super::fold::Fold;
use crate::domain::award::AwardDecider;
use crate::reference;

const AUTHORITIES: &str = include_str!("../../../../data/award/authority.csv");
const BODIES: &str = include_str!("../../../../data/award/central_body.csv");

#[derive(Deserialize)]
struct Named {
    name: String,
    decider: Option<String>,
}

/// A body of the rank of a ministry.
#[derive(Deserialize)]
struct Body {
    name: String,
    /// Who signs for it.
    heads: String,
    recorded_names: String,
}

/// An authority by its name in one spelling.
pub(super) struct Authority {
    name: String,
    /// Whether more may follow, such as the name of a ministry.
    goes_on: bool,
    /// None where the name is known to tell no one rank.
    pub(super) decider: Option<AwardDecider>,
}

impl Authority {
    fn of(row: &Named, fold: &Fold) -> anyhow::Result<Self> {
        let decider = row.decider.as_deref().map(str::parse::<AwardDecider>).transpose();
        let begins = row.name.strip_suffix('…');
        Ok(Self {
            name: fold.plain(begins.unwrap_or(&row.name)),
            goes_on: begins.is_some(),
            decider: decider.context("authority.csv")?,
        })
    }

    fn fits(&self, name: &str) -> bool {
        let rest = name.strip_prefix(self.name.as_str());
        rest.is_some_and(|rest| rest.is_empty() || (self.goes_on && rest.starts_with(' ')))
    }
}

/// Authorities and central bodies by every name that is known.
pub(super) struct Authorities {
    /// The longest name first.
    rows: Vec<Authority>,
    bodies: HashSet<String>,
}

impl Authorities {
    pub(super) fn read(fold: &Fold) -> anyhow::Result<Self> {
        let named = reference::csv::<Named>(AUTHORITIES).context("authority.csv")?;
        let rows: anyhow::Result<Vec<_>> =
            named.iter().map(|row| Authority::of(row, fold)).collect();
        let mut rows = rows?;
        rows.sort_by_key(|row| Reverse(row.name.len()));
        let mut bodies = HashSet::new();
        for row in reference::csv::<Body>(BODIES).context("central_body.csv")? {
            for name in std::iter::once(row.name.as_str()).chain(parts(&row.recorded_names)) {
                bodies.insert(fold.plain(name));
                bodies.extend(parts(&row.heads).map(|head| fold.plain(&format!("{head} {name}"))));
            }
        }
        Ok(Self { rows, bodies })
    }

    /// The authority of a name in one spelling.
    pub(super) fn find(&self, name: &str) -> Option<&Authority> {
        self.rows.iter().find(|row| row.fits(name))
    }

    /// Whether a name in one spelling is that of a central body, or of who signs for it.
    pub(super) fn is_body(&self, name: &str) -> bool {
        self.bodies.contains(name)
    }
}

/// The authority of tenants of a kind.
pub(super) const fn own_authority(kind: Kind) -> Option<AwardDecider> {
    match kind {
        Kind::Province | Kind::City => Some(AwardDecider::ProvinceChair),
        Kind::Ministry | Kind::CentralBody => Some(AwardDecider::Minister),
        Kind::Central => None,
    }
}

fn parts(list: &str) -> impl Iterator<Item = &str> {
    list.split('|').map(str::trim).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_known_by_what_people_write() {
        let fold = Fold::read().unwrap();
        let authorities = Authorities::read(&fold).unwrap();
        let of = |name: &str| authorities.find(&fold.plain(name)).map(|it| it.decider);
        for (name, decider) in [
            ("Thủ tướng Chính phủ", Some(Some(AwardDecider::PrimeMinister))),
            ("TTg", Some(Some(AwardDecider::PrimeMinister))),
            ("Nhà nước", Some(Some(AwardDecider::President))),
            ("Chủ tịch nước", Some(Some(AwardDecider::President))),
            ("Bộ trưởng Bộ Tài chính", Some(Some(AwardDecider::Minister))),
            ("Bộ Chỉ huy Quân sự tỉnh", Some(None)),
            ("Chủ tịch UBND tỉnh Lai Châu", Some(Some(AwardDecider::ProvinceChair))),
            ("UBND xã Bản Bo", Some(Some(AwardDecider::CommuneChair))),
            ("Văn phòng Chính phủ", None),
            ("Sở Nội vụ", None),
            ("", None),
        ] {
            assert_eq!(of(name), decider, "{name}");
        }
    }

    #[test]
    fn central_bodies_are_known_with_those_who_sign_for_them() {
        let fold = Fold::read().unwrap();
        let authorities = Authorities::read(&fold).unwrap();
        let is_body = |name: &str| authorities.is_body(&fold.plain(name));
        for name in [
            "Tổng Liên đoàn Lao động Việt Nam",
            "Chủ tịch Tổng LĐLĐ VN",
            "TW Đoàn TNCS Hồ Chí Minh",
            "Ban Chấp hành Trung ương Đoàn TNCS Hồ Chí Minh",
            "Trung ương Hội LHPN Việt Nam",
            "Tổng Thanh tra Chính phủ",
            "Thống đốc Ngân hàng Nhà nước Việt Nam",
        ] {
            assert!(is_body(name), "{name}");
        }
        for name in
            ["Hội Liên hiệp Phụ nữ tỉnh", "Liên đoàn Lao động tỉnh Lai Châu", "Tỉnh đoàn", ""]
        {
            assert!(!is_body(name), "{name}");
        }
    }
}
