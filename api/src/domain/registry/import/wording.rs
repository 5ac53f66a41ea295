//! Titles by every name under which records carry them, in one spelling.
//! Which wording of a title was in force is not asked here.

use std::collections::{HashMap, HashSet};

use anyhow::Context;
use entity::award_type;
use serde::Deserialize;

use super::authority::Authorities;
use super::beginning::{Alias, Beginning};
use super::fold::Fold;
use super::tenants::Tenants;
use crate::reference;

const ALIASES: &str = include_str!("../../../../data/award/alias.csv");
const SHORTS: &str = include_str!("../../../../data/award/short.csv");

/// Words at the beginning of names that are written short, where the short form alone does not tell which they are.
#[derive(Deserialize)]
struct Short {
    words: String,
    short: String,
}

/// Titles by their names.
pub(super) struct Wordings {
    /// More than one code where a name means more than one title.
    codes: HashMap<String, Vec<String>>,
    /// In the order in which they are tried.
    beginnings: Vec<Beginning>,
}

impl Wordings {
    pub(super) fn read(types: &[award_type::Model], fold: &Fold) -> anyhow::Result<Self> {
        let (law, own): (Vec<_>, Vec<_>) = types.iter().partition(|row| row.tenant_id.is_none());
        let mut learner = Learner::new(fold)?;
        for row in law {
            names(row).for_each(|name| learner.learn(name, &row.code));
        }
        let mut beginnings = Vec::new();
        for row in reference::csv::<Alias>(ALIASES).context("alias.csv")? {
            match Beginning::of(&row, fold) {
                Some(beginning) => beginnings.push(beginning),
                None => learner.learn(&row.name, &row.award_type_code),
            }
        }
        beginnings.sort_by_key(Beginning::order);
        let mut codes = learner.codes;
        // A name of the law stays the law's, whatever a tenant calls its own.
        let of_law: HashSet<String> = codes.keys().cloned().collect();
        for row in own {
            let free: HashSet<_> = names(row)
                .map(|name| fold.plain(name))
                .filter(|name| !name.is_empty() && !of_law.contains(name))
                .collect();
            for name in free {
                codes.entry(name).or_default().push(row.code.clone());
            }
        }
        // Wordings of one title have one code.
        for known in codes.values_mut() {
            known.dedup();
        }
        Ok(Self { codes, beginnings })
    }

    /// The code of the title of a name in one spelling, and the form before the words that say who gave it.
    pub(super) fn code(
        &self,
        name: &str,
        known: (&Tenants, &Authorities),
    ) -> Option<(&str, Option<&str>)> {
        match self.codes.get(name).map(Vec::as_slice) {
            Some([code]) => Some((code.as_str(), None)),
            Some(_) => None,
            None => {
                let begun = self.beginnings.iter().find(|it| it.fits(name, known))?;
                Some((begun.code.as_deref()?, begun.form.as_deref()))
            }
        }
    }

    /// Whether a name in one spelling means something, be it more than one title or known to tell none.
    pub(super) fn holds(&self, name: &str, known: (&Tenants, &Authorities)) -> bool {
        self.codes.contains_key(name) || self.beginnings.iter().any(|it| it.fits(name, known))
    }
}

/// What takes up names of the law, the short ones too.
struct Learner<'a> {
    fold: &'a Fold,
    shorts: Vec<(String, String)>,
    codes: HashMap<String, Vec<String>>,
}

impl<'a> Learner<'a> {
    fn new(fold: &'a Fold) -> anyhow::Result<Self> {
        let rows = reference::csv::<Short>(SHORTS).context("short.csv")?;
        let plain = |row: &Short| (fold.plain(&row.words), fold.plain(&row.short));
        Ok(Self { fold, shorts: rows.iter().map(plain).collect(), codes: HashMap::new() })
    }

    fn learn(&mut self, name: &str, code: &str) {
        let name = self.fold.plain(name);
        if name.is_empty() {
            return;
        }
        let shortened = |(words, short): &(String, String)| {
            let rest = name.strip_prefix(words.as_str())?;
            rest.starts_with(' ').then(|| format!("{short}{rest}"))
        };
        let mut names: Vec<String> = self.shorts.iter().filter_map(shortened).collect();
        names.push(name);
        for name in names {
            let known = self.codes.entry(name).or_default();
            if !known.iter().any(|it| it == code) {
                known.push(code.to_owned());
            }
        }
    }
}

/// Every name that the catalogue itself has for a title.
fn names(row: &award_type::Model) -> impl Iterator<Item = &str> {
    let names = [&row.code, &row.abbreviation, &row.name].into_iter().map(String::as_str);
    names.chain(row.recorded_names.split('|'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alias_names_a_title() {
        let codes: Vec<String> =
            reference::award_types().unwrap().into_iter().map(|row| row.code).collect();
        for row in reference::csv::<Alias>(ALIASES).unwrap() {
            let is_refused = row.award_type_code.is_empty() && row.name.ends_with(['…', '}']);
            assert!(is_refused || codes.contains(&row.award_type_code), "{}", row.name);
        }
    }

    #[test]
    fn a_name_of_the_law_means_one_title_unless_it_is_cut_short() {
        let fold = Fold::read().unwrap();
        let wordings = Wordings::read(&reference::award_types().unwrap(), &fold).unwrap();
        let doubtful = wordings.codes.iter().filter(|(_, codes)| codes.len() > 1);
        let doubtful: Vec<&str> = doubtful.map(|(name, _)| name.as_str()).collect();
        assert_eq!(doubtful, ["hc huu nghi"], "an order or a medal");
    }
}
