//! Forms whose names alone tell no title: which title of the form each authority gives.
//! Who the authority of a row is stands elsewhere.

use std::collections::HashMap;

use anyhow::Context;
use serde::Deserialize;

use super::fold::Fold;
use super::row::AwardRow;
use crate::domain::award::AwardDecider;
use crate::reference;

const FORMS: &str = include_str!("../../../../data/award/form.csv");

#[derive(Deserialize)]
struct Row {
    form: String,
    decided_by: String,
    award_type_code: String,
}

/// What a row says of who gave it, beside the name of the title.
#[derive(Clone, Copy, Default)]
pub(super) struct Beside<'a> {
    pub(super) tenant_code: Option<&'a str>,
    pub(super) tenant_name: Option<&'a str>,
    pub(super) name: Option<&'a str>,
}

impl<'a> Beside<'a> {
    pub(super) fn of(row: &'a AwardRow) -> Self {
        let said = |text: Option<&'a str>| text.map(str::trim).filter(|text| !text.is_empty());
        Self {
            tenant_code: said(row.issuer_tenant_code.as_deref()),
            tenant_name: said(row.issuer_tenant_name.as_deref()),
            name: said(row.issuer_name.as_deref()),
        }
    }
}

/// Forms by their names in one spelling, with the title that each authority gives.
pub(super) struct Forms(HashMap<String, Vec<(AwardDecider, String)>>);

impl Forms {
    pub(super) fn read(fold: &Fold) -> anyhow::Result<Self> {
        let mut forms: HashMap<String, Vec<_>> = HashMap::new();
        for row in reference::csv::<Row>(FORMS).context("form.csv")? {
            let decider = row.decided_by.parse::<AwardDecider>().context("form.csv")?;
            forms.entry(fold.plain(&row.form)).or_default().push((decider, row.award_type_code));
        }
        Ok(Self(forms))
    }

    /// Whether a name in one spelling is that of a form.
    pub(super) fn holds(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The code of the title that an authority gives in a form.
    pub(super) fn code(&self, name: &str, authority: AwardDecider) -> Option<&str> {
        let titles = self.0.get(name)?;
        let found = titles.iter().find(|(decider, _)| *decider == authority);
        found.map(|(_, code)| code.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::award::deciders;

    #[test]
    fn every_form_is_a_title_that_its_authority_gives() {
        let types = reference::award_types().unwrap();
        for row in reference::csv::<Row>(FORMS).unwrap() {
            let decider = row.decided_by.parse::<AwardDecider>().unwrap();
            // The Government's certificate is the name that reports have for that of its head.
            let is_loose = decider == AwardDecider::Government;
            let mut titles = types.iter().filter(|title| title.code == row.award_type_code);
            let is_given = titles.any(|title| is_loose || deciders(title).contains(&decider));
            assert!(is_given, "{} {}", row.form, row.decided_by);
        }
    }
}
