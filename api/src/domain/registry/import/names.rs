//! From the names under which older records carry titles to what they mean, and who gave it where the name says that.
//! No row of a client is judged here.

use chrono::NaiveDate;
use entity::tenant::Kind;
use entity::{award_type, tenant, tenant_code};

use super::authority::{Authorities, own_authority};
use super::beginning::PLACES;
use super::fold::Fold;
use super::form::{Beside, Forms};
use super::local::Locals;
use super::tail::Tails;
use super::tenants::Tenants;
use super::wording::Wordings;
use crate::domain::award::{AwardDecider, deciders};
use crate::reference;
use crate::text::{official_form, search_form};

/// A title or form, and who gave it where the name says that, such as `Bộ Tài chính` in "Bằng khen của Bộ Tài chính".
pub(super) struct Title<'a> {
    pub(super) award_type: &'a award_type::Model,
    pub(super) issuer: Option<String>,
}

/// The catalogue by every name that is known, and the register of tenants.
pub(crate) struct Names {
    fold: Fold,
    tails: Tails,
    wordings: Wordings,
    forms: Forms,
    types: Vec<award_type::Model>,
    tenants: Tenants,
    authorities: Authorities,
    locals: Locals,
}

impl Names {
    pub(crate) fn new(
        types: Vec<award_type::Model>,
        tenants: Vec<tenant::Model>,
        tenant_codes: Vec<tenant_code::Model>,
    ) -> anyhow::Result<Self> {
        let fold = Fold::read()?;
        let tails = Tails::read()?;
        let wordings = Wordings::read(&types, &fold)?;
        let forms = Forms::read(&fold)?;
        let tenants = Tenants::new(tenants, tenant_codes, fold.clone())?;
        let authorities = Authorities::read(&fold)?;
        let locals = Locals::read(&fold)?;
        Ok(Self { fold, tails, wordings, forms, types, tenants, authorities, locals })
    }

    /// The title or form of a name; where the name tells the form alone, that which the one who is told beside it gives.
    pub(super) fn title_by(
        &self,
        name: &str,
        beside: Beside<'_>,
        on: NaiveDate,
    ) -> Option<Title<'_>> {
        self.title(name, on).or_else(|| {
            let code = self.code_by(name, beside)?;
            Some(Title { award_type: self.row_on(code, on)?, issuer: None })
        })
    }

    /// The title or form of a code or a name, in the wording of a day.
    pub(super) fn title(&self, name: &str, on: NaiveDate) -> Option<Title<'_>> {
        let name = self.tails.name(name);
        let short = self.unbracketed(name);
        let name = short.as_deref().unwrap_or(name);
        let plain = self.fold.plain(name);
        let (code, form) = self.code(&plain).or_else(|| self.code_of_president(&plain))?;
        let issuer = form.and_then(|form| self.issuer(name, form));
        Some(Title { award_type: self.row_on(code, on)?, issuer })
    }

    /// The wording of a title on a day; the oldest one that is known for days before.
    fn row_on(&self, code: &str, on: NaiveDate) -> Option<&award_type::Model> {
        let of_code = || self.types.iter().filter(|row| row.code == code);
        let in_force = |row: &&award_type::Model| {
            row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last)
        };
        of_code().find(in_force).or_else(|| of_code().min_by_key(|row| row.valid_from))
    }

    /// The code of the title of a name in one spelling, and the form before the words that say who gave it.
    fn code(&self, name: &str) -> Option<(&str, Option<&str>)> {
        self.wordings.code(name, (&self.tenants, &self.authorities))
    }

    /// The code of a title of the President's, with the President behind it.
    fn code_of_president(&self, name: &str) -> Option<(&str, Option<&str>)> {
        let found = self.code(name.strip_suffix(" chu tich nuoc")?)?;
        let is_given = |row: &award_type::Model| {
            row.code == found.0 && deciders(row).contains(&AwardDecider::President)
        };
        self.types.iter().any(is_given).then_some(found)
    }

    /// The code of the title that the one who is told gives in a form; none where two places of a row tell two titles. A
    /// tenant alone does not tell it where somebody within the tenant may be meant by the name beside it.
    fn code_by(&self, form: &str, beside: Beside<'_>) -> Option<&str> {
        let form = self.fold.plain(self.tails.name(form));
        if !self.forms.holds(&form) {
            return None;
        }
        let of_name = |issuer: &str| self.code_of_issuer(&form, issuer);
        let of_code = |code: &str| self.forms.code(&form, self.authority_of_code(code)?);
        let by_name = beside.name.and_then(of_name);
        if beside.name.is_some() && by_name.is_none() {
            return None;
        }
        let by_tenant =
            [beside.tenant_name.and_then(of_name), beside.tenant_code.and_then(of_code)];
        let mut told = by_name.into_iter().chain(by_tenant.into_iter().flatten());
        let first = told.next()?;
        told.all(|other| other == first).then_some(first)
    }

    /// The code of the title that somebody gives in a form.
    fn code_of_issuer(&self, form: &str, issuer: &str) -> Option<&str> {
        let name = self.fold.plain(&format!("{form} {issuer}"));
        if let Some((code, _)) = self.code(&name) {
            return Some(code);
        }
        // What is known to tell no title tells none by the rank of its words either.
        if self.wordings.holds(&name, (&self.tenants, &self.authorities)) {
            return None;
        }
        self.forms.code(form, self.authority(&self.fold.plain(issuer))?)
    }

    /// The authority of a name in one spelling, whenever it was there.
    fn authority(&self, issuer: &str) -> Option<AwardDecider> {
        let is_ministry = self.authorities.is_ministry(issuer)
            || self.tenants.is_place(issuer, &[Kind::Ministry]);
        if is_ministry || self.authorities.is_body(issuer) {
            return Some(AwardDecider::Minister);
        }
        if let Some(known) = self.authorities.find(issuer) {
            return known.decider;
        }
        let is_place = self.tenants.is_place(issuer, &PLACES);
        is_place.then_some(AwardDecider::ProvinceChair)
    }

    /// The authority that every tenant which has or had a code is.
    fn authority_of_code(&self, code: &str) -> Option<AwardDecider> {
        let mut found = self.tenants.kinds_of_code(code).map(own_authority);
        let first = found.next()??;
        found.all(|other| other == Some(first)).then_some(first)
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

    pub(super) fn locals(&self) -> &Locals {
        &self.locals
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

/// A title as it was recorded: the code that programs have for it is no name, and its name stands for that; what people
/// write, be it the shortest abbreviation, stays.
pub(super) fn as_recorded(award_type: &award_type::Model, written: String) -> String {
    let is_code = written.contains('_') && written == award_type.code;
    if is_code { award_type.name.clone() } else { written }
}

/// The words for a title where they stand for who gave it: for a code or an abbreviation its name.
pub(super) fn in_words(award_type: &award_type::Model, written: String) -> String {
    let code = written.trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase();
    let is_code =
        [&award_type.code, &award_type.abbreviation].iter().any(|it| it.to_lowercase() == code);
    if is_code { award_type.name.clone() } else { written }
}

/// Whether a title or form of the law is known by a name, a code or an abbreviation, then or now.
pub(in crate::domain) fn is_name_of_law(name: &str) -> anyhow::Result<bool> {
    let law = Names::new(reference::award_types()?, reference::tenant_rows()?, Vec::new())?;
    let name = law.fold.plain(name);
    Ok(!name.is_empty() && law.wordings.holds(&name, (&law.tenants, &law.authorities)))
}
