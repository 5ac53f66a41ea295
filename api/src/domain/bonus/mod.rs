//! Bonuses: what a title or form is worth on the day of its decision.
//! Nothing is paid here: funds keep what was.

mod own;
mod rate;
mod rules;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::NaiveDate;
use entity::award_type::{self, Family};
use entity::eligibility_rule::Confidence;
use entity::nominee::SubjectKind;
use entity::{award, base_salary, bonus_rate, own_bonus_rate};
use sea_orm::ColumnTrait;
use uuid::Uuid;

use super::award::is_for;
use super::council::noun;
use super::{Ask, input};
use crate::access::{Act, Gate};
use crate::error::{Code, Fault, Result};
use crate::reference;
use crate::scalar::{Date, NodeType};
use crate::text::{Language, phrase};
pub use own::BonusRateMutation;
pub(super) use rate::BonusRate;
pub use rate::BonusRateQuery;
use rules::{Amount, Title};

noun! {
    /// A tenant's own multiplier of bonuses.
    OwnBonusRate of own_bonus_rate,
}

/// Most awards of one preview.
const MOST: usize = 50;

/// An award whose bonus is asked for.
#[derive(Clone, Debug, InputObject)]
pub(crate) struct BonusAwardInput {
    /// Code of the title or form.
    award_type_code: String,
    /// First year of the period that it is given for.
    counting_from_year: i32,
    /// Last year of the period that it is given for.
    counting_to_year: i32,
}

impl BonusAwardInput {
    /// Refuses what nobody can be given: no title, a title for others, a period that ends before it begins.
    fn demand(&self, of: (&[award_type::Model], SubjectKind), path: &str) -> Result<()> {
        let (types, kind) = of;
        let code = &self.award_type_code;
        let path_of_code = format!("{path}.awardTypeCode");
        let wordings = || types.iter().filter(|row| row.code == *code);
        if wordings().next().is_none() {
            return Err(Fault::at(Code::AwardUnknown, &path_of_code).with("name", code).into());
        }
        if !wordings().any(|row| is_for(row, kind)) {
            return Err(Fault::at(Code::AwardNotApplicable, &path_of_code).into());
        }
        let last = format!("{path}.countingToYear");
        input::years(Some(self.counting_from_year), Some(self.counting_to_year), &last)
    }

    fn claim(&self, types: &[award_type::Model]) -> Claim {
        let of_it = |row: &&award_type::Model| row.code == self.award_type_code;
        let mut wordings = types.iter().filter(of_it);
        Claim {
            code: self.award_type_code.clone(),
            is_title: wordings.any(|row| row.family == Family::EmulationTitle),
            period: (self.counting_from_year, self.counting_to_year),
        }
    }
}

/// The bonus of one award.
#[derive(SimpleObject)]
pub(crate) struct BonusLine {
    /// Code of the title or form.
    award_type_code: String,
    /// Tenths of the base salary, such as 45 for 4.5 times; null where no bonus is known.
    multiplier_tenths: Option<i32>,
    /// The product in đồng, before rounding, as text; null where the multiplier or the base salary is not known.
    raw_amount: Option<String>,
    /// What is paid, in đồng, as text: rounded up to tens of thousands; 0 where a higher title takes its place; null
    /// where `rawAmount` is.
    paid_amount: Option<String>,
    /// Whether a higher title of the same period, given at the same time, is paid in its place.
    is_superseded: bool,
    /// The article that sets the multiplier, or the regulation of the tenant for a title of its own; null where no
    /// multiplier is known.
    citation: Option<String>,
    /// How well the multiplier is established, `UNSURE` too where `isCarriedOver`; null where none is known.
    confidence: Option<Confidence>,
    /// Whether the amount rests on a decree that has ended by the day of the decision (áp dụng tiếp), for the multiplier
    /// or for the base salary.
    is_carried_over: bool,
    /// What is to be checked of an amount that is carried over, in the language of `Accept-Language` (vi or en); null
    /// where none is.
    note: Option<String>,
}

/// What a subject is paid for awards decided at one time.
#[derive(SimpleObject)]
pub(crate) struct BonusPreview {
    /// The base salary on the day of the decision, in đồng; as text. Null where none is known.
    base_salary: Option<String>,
    /// The decree that sets the base salary; null where none is known.
    base_salary_citation: Option<String>,
    /// The bonus of each award, in the order asked for.
    lines: Vec<BonusLine>,
    /// What is paid in all, in đồng; as text. Null where the amount of one of them is not known.
    total: Option<String>,
}

/// Questions about bonuses.
#[derive(Default)]
pub struct BonusQuery;

/// Questions about bonuses.
#[Object]
impl BonusQuery {
    /// What a subject is paid for awards that are decided at one time (tiền thưởng): the multiplier times the base
    /// salary of the day, rounded up to tens of thousands of đồng; of several titles for the same period only the
    /// highest; a household gets 1.5 times what a person gets.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a question")]
    async fn bonus_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who receives them.")] subject_kind: SubjectKind,
        #[graphql(desc = "The day of the decision.")] decided_on: Date,
        #[graphql(desc = "The awards, at most 50.")] awards: Vec<BonusAwardInput>,
    ) -> Result<BonusPreview> {
        let gate = ctx.gate()?;
        if awards.len() > MOST {
            let fault = Fault::at(Code::OutOfRange, "awards").with("case", "COUNT");
            return Err(fault.with("min", 0).with("max", MOST).into());
        }
        let tariff = Tariff::read(gate, decided_on.0).await?;
        let codes = || awards.iter().map(|it| it.award_type_code.as_str());
        let types = gate.catalogue::<award_type::Entity>()?;
        let types = types.filter(award_type::Column::Code.is_in(codes())).all().await?;
        for (index, award) in awards.iter().enumerate() {
            award.demand((&types, subject_kind), &format!("awards.{index}"))?;
        }
        let claims: Vec<_> = awards.iter().map(|award| award.claim(&types)).collect();
        let paid = tariff.pay(subject_kind, &claims);
        let total = paid
            .iter()
            .try_fold(0_i64, |sum, one| one.map(|amount| sum.saturating_add(amount.paid)));
        let language = ctx.data_opt::<Language>().copied().unwrap_or_default();
        let mut lines = Vec::with_capacity(claims.len());
        for (claim, amount) in claims.iter().zip(paid) {
            let rate = tariff.rate(&claim.code, subject_kind);
            let is_carried = rate.is_some_and(|rate| tariff.is_carried_over(rate, decided_on.0));
            let note = is_carried.then(|| phrase("bonus", "CARRIED_OVER", language));
            lines.push(shown(claim, (rate, amount), note));
        }
        let salary = tariff.salary.as_ref();
        Ok(BonusPreview {
            base_salary: salary.map(|it| it.amount.to_string()),
            base_salary_citation: salary.map(|it| it.citation.clone()),
            total: total.map(|sum| sum.to_string()),
            lines,
        })
    }
}

/// An award of a subject, as far as its bonus depends on it.
#[derive(Clone)]
struct Claim {
    code: String,
    is_title: bool,
    period: (i32, i32),
}

/// What is in force on the day of a decision; each part is read by one statement.
pub(super) struct Tariff {
    salary: Option<base_salary::Model>,
    rates: Vec<bonus_rate::Model>,
}

impl Tariff {
    /// Reads what is in force on a day.
    pub(super) async fn read(gate: &Gate, day: NaiveDate) -> Result<Self> {
        let in_force = {
            use base_salary::Column;
            input::in_force(Column::ValidFrom, Column::ValidTo, day)
        };
        let salary = gate.catalogue::<base_salary::Entity>()?.filter(in_force).first().await?;
        let in_force = {
            use bonus_rate::Column;
            input::in_force(Column::ValidFrom, Column::ValidTo, day)
        };
        let mut rates = gate.catalogue::<bonus_rate::Entity>()?.filter(in_force).all().await?;
        let in_force = {
            use own_bonus_rate::Column;
            input::in_force(Column::ValidFrom, Column::ValidTo, day)
        };
        let own = gate.rows::<own_bonus_rate::Entity>(Act::AwardTypeRead)?.filter(in_force);
        rates.extend(own.all().await?.iter().map(own::as_of_law));
        Ok(Self { salary, rates })
    }

    fn rate(&self, code: &str, kind: SubjectKind) -> Option<&bonus_rate::Model> {
        let is_it =
            |rate: &&bonus_rate::Model| rate.award_type_code == code && rules::serves(rate, kind);
        self.rates.iter().find(is_it)
    }

    /// Whether a decree that sets the multiplier, or the base salary, has ended by a day.
    fn is_carried_over(&self, rate: &bonus_rate::Model, day: NaiveDate) -> bool {
        let of_rate = (&rate.citation, (rate.valid_from, rate.valid_to));
        let of_salary = self.salary.as_ref();
        let of_salary = of_salary.map(|it| (&it.citation, (it.valid_from, it.valid_to)));
        let mut all = std::iter::once(of_rate).chain(of_salary);
        all.any(|(citation, days)| reference::is_carried_over(citation, days, day))
    }

    /// What one subject gets for awards given at one time.
    fn pay(&self, kind: SubjectKind, claims: &[Claim]) -> Vec<Option<Amount>> {
        let pay = self.salary.as_ref().map(|salary| salary.amount);
        let is_household = kind == SubjectKind::Household;
        let title = |claim: &Claim| {
            let rate = self.rate(&claim.code, kind).zip(pay);
            let amount = rate.and_then(|(rate, pay)| rules::amount(rate.tenths, pay, is_household));
            Title { amount, period: claim.is_title.then_some(claim.period) }
        };
        rules::pay(&claims.iter().map(title).collect::<Vec<_>>())
    }

    /// Writes what is paid into the awards of one decision; those of a subject stand together, and with what other
    /// decisions gave him on the same day.
    pub(super) fn price(
        &self,
        awards: &mut [award::Model],
        earlier: &[award::Model],
        types: &[award_type::Model],
    ) {
        let titles: HashSet<Uuid> = types
            .iter()
            .filter(|row| row.family == Family::EmulationTitle)
            .map(|row| row.id)
            .collect();
        let claim = |award: &award::Model| Claim {
            code: award.award_type_code.clone(),
            is_title: titles.contains(&award.award_type_id),
            period: (award.counting_from_year, award.counting_to_year),
        };
        let mut of_subject: HashMap<Option<Uuid>, Vec<&mut award::Model>> = HashMap::new();
        for award in awards {
            of_subject.entry(award.subject_id).or_default().push(award);
        }
        for (subject, mut together) in of_subject {
            let Some(kind) = together.first().map(|award| award.subject_kind) else { continue };
            let known = earlier.iter().filter(|it| subject.is_some() && it.subject_id == subject);
            let known: Vec<_> = known.map(|award| (claim(award), award.bonus_paid)).collect();
            let new = together.iter().map(|award| claim(award));
            let claims: Vec<_> = known.iter().map(|(claim, _)| claim.clone()).chain(new).collect();
            let amounts = self.pay(kind, &claims);
            let new = claims.iter().zip(amounts).skip(known.len());
            for (award, (claim, amount)) in together.iter_mut().zip(new) {
                award.bonus_raw = amount.map(|amount| amount.raw);
                award.bonus_paid = amount.map(|amount| rules::rest(amount, paid(&known, claim)));
            }
        }
    }
}

/// What was paid already for lower titles of the same period.
fn paid(known: &[(Claim, Option<i64>)], for_period_of: &Claim) -> i64 {
    let of_period = |(claim, _): &&(Claim, Option<i64>)| {
        claim.is_title && for_period_of.is_title && claim.period == for_period_of.period
    };
    let amounts = known.iter().filter(of_period).filter_map(|(_, paid)| *paid);
    amounts.fold(0, i64::saturating_add)
}

fn shown(
    claim: &Claim,
    (rate, amount): (Option<&bonus_rate::Model>, Option<Amount>),
    note: Option<String>,
) -> BonusLine {
    let unsure = note.as_ref().map(|_| Confidence::Unsure);
    BonusLine {
        award_type_code: claim.code.clone(),
        multiplier_tenths: rate.map(|rate| rate.tenths),
        raw_amount: amount.map(|amount| amount.raw.to_string()),
        paid_amount: amount.map(|amount| amount.paid.to_string()),
        is_superseded: amount.is_some_and(|amount| amount.is_superseded),
        citation: rate.map(|rate| rate.citation.clone()),
        confidence: unsure.or_else(|| rate.map(|rate| rate.confidence)),
        is_carried_over: note.is_some(),
        note,
    }
}
