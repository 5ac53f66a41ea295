//! From the names under which older records carry titles to what they mean, and who gave it where the name says that.
//! No row of a client is judged here.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use anyhow::Context;
use chrono::NaiveDate;
use entity::tenant::Kind;
use entity::{award_type, tenant, tenant_code};
use serde::Deserialize;

use super::authority::Authorities;
use super::fold::Fold;
use super::tenants::Tenants;
use crate::reference;
use crate::text::{official_form, search_form};

const ALIASES: &str = include_str!("../../../../data/award/alias.csv");
const FORMS: &str = include_str!("../../../../data/award/form.csv");
/// Tenants after which certificates of merit and flags are called.
const PLACES: [Kind; 2] = [Kind::Province, Kind::City];

#[derive(Deserialize)]
struct Alias {
    alias: String,
    award_type_code: String,
}

/// A form of which the name alone tells no title.
#[derive(Deserialize)]
struct Form {
    form: String,
}

/// What stands behind the beginning of a name.
#[derive(Clone, Copy)]
enum Follows {
    /// Whatever it is.
    Anything,
    /// A province of the register.
    Province,
    /// A city of the register, run by the centre.
    City,
    /// A central body of the rank of a ministry.
    Body,
}

/// Names that begin alike and go on in many ways.
struct Beginning {
    begins: String,
    follows: Follows,
    /// What comes before the words that say who gave it.
    form: Option<String>,
    /// None where the name is known to tell no title.
    code: Option<String>,
}

impl Beginning {
    /// The beginning that an alias describes; none where the alias is a whole name.
    fn of(alias: &Alias, fold: &Fold) -> Option<Self> {
        let forms = [
            ("…", Follows::Anything),
            ("{province}", Follows::Province),
            ("{city}", Follows::City),
            ("{body}", Follows::Body),
        ];
        let (name, follows) = forms
            .into_iter()
            .find_map(|(mark, follows)| Some((alias.alias.strip_suffix(mark)?, follows)))?;
        let form = name.split_once('|').map(|(form, _)| fold.plain(form));
        let code = Some(alias.award_type_code.clone()).filter(|code| !code.is_empty());
        let begins = format!("{} ", fold.plain(&name.replace('|', " ")));
        Some(Self { begins, follows, form, code })
    }

    /// Whether a name in one spelling is one of these.
    fn fits(&self, name: &str, (tenants, authorities): (&Tenants, &Authorities)) -> bool {
        let name = format!("{name} ");
        let Some(rest) = name.strip_prefix(self.begins.as_str()).map(str::trim_end) else {
            return false;
        };
        match self.follows {
            Follows::Anything => self.code.is_none() || !rest.is_empty(),
            Follows::Province => tenants.is_place(rest, &PLACES),
            Follows::City => tenants.is_place(rest, &[Kind::City]),
            Follows::Body => authorities.is_body(rest),
        }
    }
}

/// A title or form, and who gave it where the name says that, such as `Bộ Tài chính` in "Bằng khen của Bộ Tài chính".
pub(super) struct Title<'a> {
    pub(super) award_type: &'a award_type::Model,
    pub(super) issuer: Option<String>,
}

/// The catalogue by every name that is known, and the register of tenants.
pub(crate) struct Names {
    fold: Fold,
    codes: HashMap<String, Vec<String>>,
    /// The longest first.
    beginnings: Vec<Beginning>,
    /// Forms whose title only the issuer tells.
    forms: HashSet<String>,
    types: Vec<award_type::Model>,
    tenants: Tenants,
    authorities: Authorities,
}

impl Names {
    pub(crate) fn new(
        types: Vec<award_type::Model>,
        tenants: Vec<tenant::Model>,
        tenant_codes: Vec<tenant_code::Model>,
    ) -> anyhow::Result<Self> {
        let fold = Fold::read()?;
        let mut codes: HashMap<String, Vec<String>> = HashMap::new();
        let mut learn = |name: &str, code: &str| {
            let known = codes.entry(fold.plain(name)).or_default();
            if !name.is_empty() && !known.iter().any(|it| it == code) {
                known.push(code.to_owned());
            }
        };
        let (law, own): (Vec<_>, Vec<_>) = types.iter().partition(|row| row.tenant_id.is_none());
        for row in law {
            for name in [&row.code, &row.abbreviation, &row.name] {
                learn(name, &row.code);
            }
            row.recorded_names.split('|').for_each(|name| learn(name, &row.code));
        }
        let mut beginnings = Vec::new();
        for row in reference::csv::<Alias>(ALIASES).context("alias.csv")? {
            match Beginning::of(&row, &fold) {
                Some(beginning) => beginnings.push(beginning),
                None => learn(&row.alias, &row.award_type_code),
            }
        }
        beginnings.sort_by_key(|it| Reverse(it.begins.len()));
        // A name of the law stays the law's, whatever a tenant calls its own.
        let of_law: HashSet<String> = codes.keys().cloned().collect();
        for row in own {
            let names = [&row.code, &row.abbreviation, &row.name].into_iter().map(String::as_str);
            let names = names.chain(row.recorded_names.split('|')).map(|name| fold.plain(name));
            let free: HashSet<_> =
                names.filter(|name| !name.is_empty() && !of_law.contains(name)).collect();
            for name in free {
                codes.entry(name).or_default().push(row.code.clone());
            }
        }
        // Wordings of one title have one code.
        for known in codes.values_mut() {
            known.dedup();
        }
        let tenants = Tenants::new(tenants, tenant_codes, fold.clone())?;
        let authorities = Authorities::read(&fold)?;
        let forms = reference::csv::<Form>(FORMS).context("form.csv")?;
        let forms = forms.iter().map(|row| fold.plain(&row.form)).collect();
        Ok(Self { fold, codes, beginnings, forms, types, tenants, authorities })
    }

    /// The title or form of a name; where the name tells the form alone, that of the issuer that is told beside it.
    pub(super) fn title_by(
        &self,
        name: &str,
        issuer: Option<&str>,
        on: NaiveDate,
    ) -> Option<Title<'_>> {
        self.title(name, on).or_else(|| {
            let issuer = issuer.filter(|_| self.forms.contains(&self.fold.plain(name)))?;
            self.title(&format!("{} {issuer}", name.trim()), on)
        })
    }

    /// The title or form of a code or a name, in the wording of a day; the oldest wording known for days before.
    pub(super) fn title(&self, name: &str, on: NaiveDate) -> Option<Title<'_>> {
        let short = self.unbracketed(name);
        let name = short.as_deref().unwrap_or(name);
        let (code, form) = self.code(&self.fold.plain(name))?;
        let issuer = form.and_then(|form| self.issuer(name, form));
        let of_code = || self.types.iter().filter(|row| row.code == code);
        let in_force = |row: &&award_type::Model| {
            row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last)
        };
        let found = of_code().find(in_force);
        let award_type = found.or_else(|| of_code().min_by_key(|row| row.valid_from))?;
        Some(Title { award_type, issuer })
    }

    /// The code of the title of a name in one spelling, and the form before the words that say who gave it.
    fn code(&self, name: &str) -> Option<(&str, Option<&str>)> {
        match self.codes.get(name).map(Vec::as_slice) {
            Some([code]) => Some((code.as_str(), None)),
            Some(_) => None,
            None => {
                let known = (&self.tenants, &self.authorities);
                let begun = self.beginnings.iter().find(|it| it.fits(name, known))?;
                Some((begun.code.as_deref()?, begun.form.as_deref()))
            }
        }
    }

    /// A name without the abbreviation in brackets that says once more what stands before it; none where there is no
    /// such one: a class or a year in brackets says more.
    fn unbracketed(&self, name: &str) -> Option<String> {
        let (before, rest) = name.split_once('(')?;
        let (short, after) = rest.split_once(')')?;
        let code = |name: &str| self.code(&self.fold.plain(name)).map(|(code, _)| code);
        let is_same = || code(before).is_some_and(|known| code(short) == Some(known));
        let is_short = is_abbreviation(short, before) || is_same();
        is_short.then(|| format!("{} {}", before.trim(), after.trim()).trim().to_owned())
    }

    pub(super) fn tenants(&self) -> &Tenants {
        &self.tenants
    }

    pub(super) fn authorities(&self) -> &Authorities {
        &self.authorities
    }

    /// A name in one spelling.
    pub(super) fn plain(&self, name: &str) -> String {
        self.fold.plain(name)
    }

    /// What follows a form in a name as it was written.
    fn issuer(&self, name: &str, form: &str) -> Option<String> {
        let name = official_form(name);
        let words: Vec<&str> = name.split(' ').collect();
        let parted = |count: usize| {
            let (first, rest) = words.split_at_checked(count)?;
            (self.fold.plain(&first.join(" ")) == form).then(|| rest.join(" "))
        };
        // The last place, behind a "của" that says nothing.
        let rest = (1..words.len()).rev().find_map(parted)?;
        let is_outside = |sign: char| !sign.is_alphanumeric() && !matches!(sign, '(' | ')');
        let rest = rest.trim_matches(is_outside);
        (!rest.is_empty()).then(|| rest.to_owned())
    }
}

/// Whether letters are the first ones of the last words before them.
fn is_abbreviation(short: &str, before: &str) -> bool {
    let short = search_form(short);
    let first: String =
        search_form(before).split_whitespace().filter_map(|word| word.chars().next()).collect();
    short.chars().count() > 1 && first.ends_with(&short)
}

/// Whether a title or form of the law is known by a name, a code or an abbreviation, then or now.
pub(in crate::domain) fn is_name_of_law(name: &str) -> anyhow::Result<bool> {
    let law = Names::new(reference::award_types()?, reference::tenant_rows()?, Vec::new())?;
    let name = law.fold.plain(name);
    let known = (&law.tenants, &law.authorities);
    let is_begun = law.beginnings.iter().any(|it| it.fits(&name, known));
    Ok(!name.is_empty() && (is_begun || law.codes.contains_key(&name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::new(
            reference::award_types().unwrap(),
            reference::tenant_rows().unwrap(),
            reference::tenant_code_rows().unwrap(),
        )
        .unwrap()
    }

    fn day(year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, 12, 31).unwrap()
    }

    /// Every name means the title of the code.
    fn assert_known(cases: &[(&str, &str)]) {
        let names = names();
        for (name, code) in cases {
            let found = names.title(name, day(2018)).map(|title| title.award_type.code.clone());
            assert_eq!(found.as_deref(), Some(*code), "{name}");
        }
    }

    #[test]
    fn older_names_and_spellings_are_known() {
        assert_known(&[
            ("Chiến sỹ thi đua cấp tỉnh", "PROVINCIAL_EMULATION_FIGHTER"),
            ("chiến sĩ thi đua cấp tỉnh", "PROVINCIAL_EMULATION_FIGHTER"),
            ("“Chiến sỹ thi đua toàn quốc”", "NATIONAL_EMULATION_FIGHTER"),
            ("Cờ thi đua của Thủ tướng Chính phủ", "GOVERNMENT_EMULATION_FLAG"),
            ("Huân chương lao động các hạng", "ORDER_LABOUR_UNSPECIFIED"),
            ("Bằng khen Thủ tướng", "PM_CERTIFICATE"),
            ("CSTD_TINH", "PROVINCIAL_EMULATION_FIGHTER"),
            ("ADVANCED_LABOURER", "ADVANCED_LABOURER"),
            ("Lao động tiên tiến", "ADVANCED_LABOURER"),
            ("LDTT", "ADVANCED_LABOURER"),
            ("HCLD", "ORDER_LABOUR_UNSPECIFIED"),
            ("CSTĐ cấp tỉnh", "PROVINCIAL_EMULATION_FIGHTER"),
            ("Chiến sĩ thi đua ngành", "MINISTERIAL_EMULATION_FIGHTER"),
            ("BK UBND tỉnh", "PROVINCIAL_CERTIFICATE"),
            ("Bằng khen của UBND tỉnh Lai Châu", "PROVINCIAL_CERTIFICATE"),
            ("Cờ thi đua của Bộ Nội vụ", "MINISTERIAL_EMULATION_FLAG"),
            ("Giấy khen của Chủ tịch UBND huyện Phong Thổ", "LETTER_DISTRICT"),
            ("Bằng khen của Thủ tướng Chính phủ", "PM_CERTIFICATE"),
            ("Bằng khen của Bộ, ban, ngành", "MINISTERIAL_CERTIFICATE"),
            ("Giấy khen của Chánh Văn phòng", "LETTER_DEPARTMENT"),
        ]);
    }

    #[test]
    fn names_spelled_out_cut_short_and_with_their_authority_are_known() {
        assert_known(&[
            ("Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh", "PROVINCIAL_CERTIFICATE"),
            ("Bằng khen của Ủy ban nhân dân tỉnh Hà Giang", "PROVINCIAL_CERTIFICATE"),
            ("Bằng khen của Chủ tịch UBND thành phố Đà Nẵng", "PROVINCIAL_CERTIFICATE"),
            ("Bằng khen cấp tỉnh", "PROVINCIAL_CERTIFICATE"),
            ("BK của UBND tỉnh", "PROVINCIAL_CERTIFICATE"),
            ("Bằng khen Bộ trưởng Bộ Nội vụ", "MINISTERIAL_CERTIFICATE"),
            ("Chiến sĩ thi đua Bộ Nội vụ", "MINISTERIAL_EMULATION_FIGHTER"),
            ("chiến sĩ thi đua tỉnh Lai Châu", "PROVINCIAL_EMULATION_FIGHTER"),
            ("Giấy khen Giám đốc Sở Nội vụ", "LETTER_DEPARTMENT"),
            ("Giấy khen của Chủ tịch UBND thị xã", "LETTER_DISTRICT"),
            ("Giấy khen của Chủ tịch UBND xã Bản Bo", "LETTER_COMMUNE"),
            ("Cờ thi đua UBND tỉnh Lai Châu", "PROVINCIAL_EMULATION_FLAG"),
            ("Huân chương Lao động hạng III", "ORDER_LABOUR_3"),
            ("HCLĐ hạng Ba", "ORDER_LABOUR_3"),
            ("HCLĐ hạng 3", "ORDER_LABOUR_3"),
            ("Tập thể Lao động xuất sắc cấp tỉnh", "EXCELLENT_LABOUR_COLLECTIVE"),
            ("tập thể LĐTT", "ADVANCED_LABOUR_COLLECTIVE"),
            ("Xã tiêu biểu", "EXEMPLARY_COMMUNE"),
            ("Danh hiệu Chiến sĩ thi đua cơ sở", "BASE_EMULATION_FIGHTER"),
            ("Huân chương \u{d0}ộc lập hạng Nhì", "ORDER_INDEPENDENCE_2"),
            ("Kỷ niệm chương Vì sự nghiệp Thi đua, Khen thưởng", "COMMEMORATIVE_MEDAL"),
        ]);
    }

    #[test]
    fn what_tells_no_one_title_is_not_guessed() {
        let names = names();
        for name in [
            "Công dân Thủ đô ưu tú",
            "",
            "của",
            "Bằng khen",
            "Bằng khen của UBND thành phố Lai Châu",
            "Bằng khen của Bộ Tư lệnh Quân khu 2",
            "Bằng khen Bộ Chỉ huy Quân sự tỉnh",
            "Bằng khen của Bộ",
            "Chiến sĩ thi đua tỉnh đoàn",
            "Giấy khen của Chủ tịch UBND thành phố",
            "Huân chương Lao động hạng 4",
            "Chiến sĩ thi đua cấp tỉnh, BK TTg",
            "Kỷ niệm chương Vì sự nghiệp",
        ] {
            assert!(names.title(name, day(2018)).is_none(), "{name}");
        }
    }

    #[test]
    fn who_gave_it_is_read_as_it_was_written() {
        use unicode_normalization::UnicodeNormalization;
        let names = names();
        let issuer = |name: &str| names.title(name, day(2018)).unwrap().issuer;
        for (name, said) in [
            ("Bằng khen của Bộ Tài chính", Some("Bộ Tài chính")),
            ("Bằng khen Bộ trưởng Bộ Nội vụ.", Some("Bộ trưởng Bộ Nội vụ")),
            ("BK UBND tỉnh Hà Giang", Some("UBND tỉnh Hà Giang")),
            ("“Cờ thi đua  của Bộ Công an”", Some("Bộ Công an")),
            ("Danh hiệu CSTĐ tỉnh Lai Châu", Some("tỉnh Lai Châu")),
            ("Chiến sĩ thi đua ngành Giáo dục", Some("ngành Giáo dục")),
            ("Giấy khen của Chủ tịch UBND xã Bản Bo", Some("Chủ tịch UBND xã Bản Bo")),
            ("Bằng khen của UBND tỉnh", None),
            ("Chiến sĩ thi đua ngành", None),
            ("Lao động tiên tiến", None),
        ] {
            assert_eq!(issuer(name).as_deref(), said, "{name}");
        }
        let apart: String = "Bằng khen của UBND tỉnh Thừa Thiên Huế".nfd().collect();
        assert_eq!(issuer(&apart).as_deref(), Some("UBND tỉnh Thừa Thiên Huế"));
    }

    #[test]
    fn every_alias_names_a_title() {
        let codes: Vec<String> =
            reference::award_types().unwrap().into_iter().map(|row| row.code).collect();
        for row in reference::csv::<Alias>(ALIASES).unwrap() {
            let is_refused = row.award_type_code.is_empty() && row.alias.ends_with('…');
            assert!(is_refused || codes.contains(&row.award_type_code), "{}", row.alias);
        }
    }
}
