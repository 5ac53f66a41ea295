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
const MINISTRIES: &str = include_str!("../../../../data/award/ministry.csv");
const SECTORS: &str = include_str!("../../../../data/award/sector.csv");

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

/// A ministry or a sector by its names, now or once.
#[derive(Deserialize)]
struct Listed {
    name: String,
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
    ministries: HashSet<String>,
    sectors: HashSet<String>,
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
        let ministries = listed(MINISTRIES, fold).context("ministry.csv")?;
        let sectors = listed(SECTORS, fold).context("sector.csv")?;
        Ok(Self { rows, bodies, ministries, sectors })
    }

    /// The authority of a name in one spelling.
    pub(super) fn find(&self, name: &str) -> Option<&Authority> {
        self.rows.iter().find(|row| row.fits(name))
    }

    /// Whether a name in one spelling is that of a ministry, whenever.
    pub(super) fn is_ministry(&self, name: &str) -> bool {
        self.ministries.contains(&without_and(name))
    }

    /// Whether a name in one spelling is that of a sector of the State, with nothing of a province behind it.
    pub(super) fn is_sector(&self, name: &str) -> bool {
        self.sectors.contains(&without_and(name))
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

fn listed(text: &str, fold: &Fold) -> anyhow::Result<HashSet<String>> {
    let rows = reference::csv::<Listed>(text)?;
    let names = rows
        .iter()
        .flat_map(|row| std::iter::once(row.name.as_str()).chain(parts(&row.recorded_names)));
    Ok(names.map(|name| without_and(&fold.plain(name))).collect())
}

/// A name without the "và" that is left out as often as it is written.
fn without_and(name: &str) -> String {
    let words = name.split(' ').filter(|word| *word != "va");
    words.collect::<Vec<_>>().join(" ")
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
            ("Bộ trưởng", Some(Some(AwardDecider::Minister))),
            ("Bộ phận Một cửa", None),
            ("Bộ Tổng Tham mưu", Some(None)),
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

    #[test]
    fn ministries_and_sectors_are_known_whole() {
        let fold = Fold::read().unwrap();
        let authorities = Authorities::read(&fold).unwrap();
        let is_ministry = |name: &str| authorities.is_ministry(&fold.plain(name));
        let is_sector = |name: &str| authorities.is_sector(&fold.plain(name));
        for name in ["Bộ trưởng Bộ Tài chính", "BCA", "Bộ GD&ĐT", "Bộ Giáo dục - Đào tạo"]
        {
            assert!(is_ministry(name), "{name}");
        }
        for name in ["Bộ", "Bộ môn", "Bộ Chính trị", "Bộ Tổng Tham mưu", "Bộ phận một cửa", ""]
        {
            assert!(!is_ministry(name), "{name}");
        }
        for name in ["Giáo dục", "Giáo dục và Đào tạo", "Y tế"] {
            assert!(is_sector(name), "{name}");
        }
        for name in ["giáo dục tỉnh Lai Châu", "Giáo dục huyện", "tỉnh", ""] {
            assert!(!is_sector(name), "{name}");
        }
    }
}
