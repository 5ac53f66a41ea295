//! How quotas stand, as it is shown.
//! Nothing is reckoned here.

use async_graphql::{ComplexObject, Context, SimpleObject};
use entity::quota::Base;

use super::Quota;
use super::base::why_unknown;
use super::books::number;
use super::reckoning::Standing;
use super::rules::Apart;
use crate::text::Language;

/// How a quota stands for one submission.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct QuotaStanding {
    /// The quota.
    quota: Quota,
    /// What the share is taken of; null for a fixed number, and where the number is not known.
    base: Option<i32>,
    /// How many it allows; null where the number of which it is a share is not known: nobody is refused then, and people
    /// have to check.
    limit: Option<i32>,
    /// How many more were allowed by waivers.
    waived: i32,
    /// Reserved and consumed by other submissions of the unit in the year, and by decisions without a submission.
    taken: i32,
    /// Asked for by this submission.
    asked: i32,
    /// By how many it is over; 0 where the limit is not known, and where the unit has a quota of its own instead.
    over: i32,
    /// Names of the last nominees of the list, who are over.
    over_names: Vec<String>,
    #[graphql(skip)]
    unknown: Option<Base>,
}

#[ComplexObject]
impl QuotaStanding {
    /// Why the base is not known, in the language of `Accept-Language` (vi or en); null where it is, and where none is
    /// needed.
    async fn why_unknown(&self, ctx: &Context<'_>) -> Option<&'static str> {
        Some(why_unknown(self.unknown?, language(ctx)))
    }
}

pub(super) fn language(ctx: &Context<'_>) -> Language {
    ctx.data_opt::<Language>().copied().unwrap_or_default()
}

/// Why a quota is not about a unit and a year, in words.
pub(super) fn why_not(apart: Apart, language: Language) -> &'static str {
    match (apart, language) {
        (Apart::Unit, Language::Vi) => "Chỉ tiêu này không áp dụng cho đơn vị hoặc loại đơn vị đó.",
        (Apart::Unit, Language::En) => {
            "The quota is not for this unit, or not for units of its kind."
        }
        (Apart::Year, Language::Vi) => {
            "Chỉ tiêu này không có hiệu lực vào ngày nào của năm đó và chưa được sử dụng cho năm đó."
        }
        (Apart::Year, Language::En) => {
            "The quota is in force on no day of the year, and nothing was taken of it for the year."
        }
    }
}

impl From<Standing> for QuotaStanding {
    fn from(standing: Standing) -> Self {
        let Standing { quota, said: _, base, limit, waived, taken, asked, over } = standing;
        let beyond = usize::try_from(over).unwrap_or_default();
        let unknown = base.is_none().then_some(quota.base);
        Self {
            base: base.filter(|_| quota.base != Base::Count),
            quota: quota.into(),
            limit,
            waived,
            taken,
            asked: number(asked.len()),
            over,
            over_names: asked.into_iter().rev().take(beyond).collect(),
            unknown,
        }
    }
}
