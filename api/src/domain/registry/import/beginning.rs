//! Names that begin alike and go on in many ways: behind the form follows who gave it.
//! Whose title it is stands in the data.

use std::cmp::Reverse;

use entity::tenant::Kind;
use serde::Deserialize;

use super::authority::Authorities;
use super::fold::Fold;
use super::tenants::Tenants;

/// Tenants after which certificates of merit and flags are called.
pub(super) const PLACES: [Kind; 2] = [Kind::Province, Kind::City];

/// Another name of a title, or the beginning of such names.
#[derive(Deserialize)]
pub(super) struct Alias {
    #[serde(rename = "alias")]
    pub(super) name: String,
    pub(super) award_type_code: String,
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
    /// A ministry, be it in the register or not.
    Ministry,
    /// A sector of the State.
    Sector,
    /// Nothing: the words behind the form are a rank.
    Nothing,
}

/// Names that begin alike and go on in many ways.
pub(super) struct Beginning {
    pub(super) begins: String,
    follows: Follows,
    /// What comes before the words that say who gave it.
    pub(super) form: Option<String>,
    /// None where the name is known to tell no title.
    pub(super) code: Option<String>,
}

impl Beginning {
    /// The beginning that an alias describes; none where the alias is a whole name.
    pub(super) fn of(alias: &Alias, fold: &Fold) -> Option<Self> {
        let forms = [
            ("…", Follows::Anything),
            ("{province}", Follows::Province),
            ("{city}", Follows::City),
            ("{body}", Follows::Body),
            ("{ministry}", Follows::Ministry),
            ("{sector}", Follows::Sector),
            ("{end}", Follows::Nothing),
        ];
        let (name, follows) = forms
            .into_iter()
            .find_map(|(mark, follows)| Some((alias.name.strip_suffix(mark)?, follows)))?;
        let form = name.split_once('|').map(|(form, _)| fold.plain(form));
        let code = Some(alias.award_type_code.clone()).filter(|code| !code.is_empty());
        let begins = format!("{} ", fold.plain(&name.replace('|', " ")));
        Some(Self { begins, follows, form, code })
    }

    /// The order in which beginnings are tried: who is known by name before whatever follows, the longest first.
    pub(super) fn order(&self) -> (bool, Reverse<usize>) {
        (matches!(self.follows, Follows::Anything), Reverse(self.begins.len()))
    }

    /// Whether a name in one spelling is one of these.
    pub(super) fn fits(
        &self,
        name: &str,
        (tenants, authorities): (&Tenants, &Authorities),
    ) -> bool {
        let name = format!("{name} ");
        let Some(rest) = name.strip_prefix(self.begins.as_str()).map(str::trim_end) else {
            return false;
        };
        match self.follows {
            Follows::Anything => self.code.is_none() || !rest.is_empty(),
            Follows::Province => tenants.is_place(rest, &PLACES),
            Follows::City => tenants.is_place(rest, &[Kind::City]),
            Follows::Body => authorities.is_body(rest),
            Follows::Ministry => {
                authorities.is_ministry(rest) || tenants.is_place(rest, &[Kind::Ministry])
            }
            Follows::Sector => authorities.is_sector(rest),
            Follows::Nothing => rest.is_empty(),
        }
    }
}
