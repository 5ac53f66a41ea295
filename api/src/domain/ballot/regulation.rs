//! The rules by which a council votes: those of the law, and what its own regulation sets above them.
//! No vote enters here.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;
use entity::ballot_rule::{
    self, Absentee, AfterRounds, Base, Comparison, OverQuota, Recusal, Secrecy, Tie,
};
use entity::{award_type, council};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};

use super::noun::BallotRule;
use super::rule::{self, Rule, Share};
use crate::access::{Act, Gate, Tx, day_before};
use crate::domain::council::Council;
use crate::domain::{Ask, input, keyed};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::{input_id, row_id};
use crate::reference::{self, LawRule};
use crate::scalar::Date;

/// Greatest number in a share.
const MOST: i32 = 1000;

crate::answer!(SetRule = ballot_rule::Model => 0);

/// A rule that a regulation has set.
pub(crate) struct SetRule(pub(super) Arc<ballot_rule::Model>);

impl From<ballot_rule::Model> for SetRule {
    fn from(row: ballot_rule::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A share of whole numbers, such as 9 of 10.
#[derive(Clone, Copy, InputObject)]
#[graphql(name = "BallotShareInput")]
pub(crate) struct ShareInput {
    /// What is counted, 1 to the denominator.
    numerator: i32,
    /// Of how many, 1 to 1,000.
    denominator: i32,
}

/// Input of `ballotRuleSet`: what is absent is as the law has it.
#[derive(InputObject)]
pub(crate) struct BallotRuleSetInput {
    /// The council.
    council_id: ID,
    /// Code of the title or form; absent: every one that no other rule names, or, for a council of initiatives, the
    /// initiatives.
    award_code: Option<String>,
    /// Share of the members who must be present; never less than the law's, 2 of 3.
    quorum: Option<ShareInput>,
    /// Share of the base that must vote yes; never less than the law's where it sets one for the title. Where it sets
    /// none, as for certificates, orders and initiatives, there is no least share: a regulation may set a majority, more
    /// or less.
    threshold: Option<ShareInput>,
    /// How votes are compared with the threshold; more than the whole base is refused.
    comparison: Option<Comparison>,
    /// Of what the threshold is a share.
    base: Option<Base>,
    /// What a member who is absent can do.
    absentee: Option<Absentee>,
    /// What becomes of the base when members have a conflict of interest.
    recusal: Option<Recusal>,
    /// Greatest number of rounds, at most 2 by the law.
    max_rounds: Option<i32>,
    /// What happens when no round is left. By the law the proposal lapses where a least share of votes is set for the title;
    /// a regulation may leave it to the one who decides, as that of the courts does (Thông tư 01/2024/TT-TANDTC, Điều 29).
    after_rounds: Option<AfterRounds>,
    /// What decides between nominees of equal votes.
    tie: Option<Tie>,
    /// Who is taken where more pass than there are places.
    over_quota: Option<OverQuota>,
    /// Whether the ballot is secret; a show of hands is refused wherever the law has a secret vote.
    secrecy: Option<Secrecy>,
    /// Where it is written: the regulation of the council, its number and article; at most 4,000 characters.
    citation: String,
    /// First day in force; the rule before it ends the day before.
    valid_from: Date,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Outcome of the mutation: rule as it is now or the reasons why not.
#[derive(async_graphql::SimpleObject)]
pub(crate) struct BallotRuleSetPayload {
    /// The rule as it is now; null when there are errors.
    rule: Option<BallotRule>,
    /// Why nothing was done; empty on success.
    errors: Vec<crate::error::UserError>,
}

/// Questions about the rules of ballots.
#[derive(Default)]
pub struct RegulationQuery;

/// Questions about the rules of ballots.
#[Object]
impl RegulationQuery {
    /// Every rule by which a council votes on a day, the law's and its own: one for each title that has
    /// one, and last the one for all others; of a council of initiatives the one for initiatives. Empty for a caller
    /// who may not read the council.
    async fn ballot_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The council.")] council_id: ID,
        #[graphql(desc = "In force on this day; today when absent.")] as_of: Option<Date>,
    ) -> Result<Vec<BallotRule>> {
        let gate = ctx.gate()?;
        let day = as_of.map_or_else(|| gate.today(), |day| day.0);
        let Some(id) = row_id::<Council>(&council_id) else { return Ok(Vec::new()) };
        let Some(council) = gate.load::<council::Entity>(id).await? else { return Ok(Vec::new()) };
        let rows = gate.rows::<ballot_rule::Entity>(Act::CouncilRead)?;
        let rows = rows.filter(of_day(council.id, day)).all().await?;
        if council.kind == council::Kind::Initiative {
            return Ok(BallotRule::of(Matter::Initiative, &rows, day).into_iter().collect());
        }
        let of_law = reference::ballot_rules(day).flat_map(|law| law.awards.iter());
        let own = rows.iter().filter_map(|row| row.award_code.as_ref());
        let codes: BTreeSet<&str> = of_law.chain(own).map(String::as_str).collect();
        let matters = codes.into_iter().map(|code| Matter::Award(Some(code)));
        let matters = matters.chain([Matter::Award(None)]);
        Ok(matters.filter_map(|matter| BallotRule::of(matter, &rows, day)).collect())
    }
}

/// Changes of the rules of ballots.
#[derive(Default)]
pub struct RegulationMutation;

/// Changes of the rules of ballots.
#[Object]
impl RegulationMutation {
    /// Records what the regulation of a council asks of a ballot from a day on; refused with the citation
    /// where it asks for less than any law in force from that day on. A share of votes that no law binds is taken as the
    /// regulation has it, below a majority too; the quorum is bound everywhere. Roles: central officer, council secretary,
    /// standing officer.
    async fn ballot_rule_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rule.")] input: BallotRuleSetInput,
    ) -> async_graphql::Result<BallotRuleSetPayload> {
        keyed!(ctx, input => BallotRuleSetPayload: set)
    }
}

impl BallotRuleSetPayload {
    fn of(result: Result<SetRule>) -> async_graphql::Result<Self> {
        let (set, errors) = crate::error::outcome(result)?;
        Ok(Self { rule: set.map(|SetRule(row)| BallotRule::from(&*row)), errors })
    }
}

impl From<&ballot_rule::Model> for BallotRule {
    fn from(row: &ballot_rule::Model) -> Self {
        let (valid_from, valid_to) = (row.valid_from, row.valid_to);
        let (award, own) = (row.award_code.clone(), Some((row.id, row.version)));
        Self { award, rule: row.into(), valid_from, valid_to, own }
    }
}

impl BallotRule {
    /// The rule for a title or for initiatives on a day, among the rows of the council of that day.
    fn of(matter: Matter<'_>, rows: &[ballot_rule::Model], day: NaiveDate) -> Option<Self> {
        let award = matter.code().map(str::to_owned);
        let law = matter.law(day)?;
        // A regulation that the law has overtaken since says nothing any more.
        if let Some(row) = own(matter, rows, day) {
            // A show of hands that was set where the law has a secret vote is none, nor is a quorum below the law's.
            let secrecy = if law.may_be_open { row.secrecy } else { law.secrecy };
            let (set, least) = (Rule::from(row), Rule::from(law).quorum);
            let quorum = if set.quorum.is_at_least(least) { set.quorum } else { least };
            let rule = Rule { quorum, secrecy, ..set };
            if rule::above_floor(&rule, law).is_ok() {
                return Some(Self { award, rule, ..Self::from(row) });
            }
        }
        let (valid_from, valid_to) = (law.valid_from, law.valid_to);
        Some(Self { award, rule: law.into(), valid_from, valid_to, own: None })
    }
}

/// What is voted on.
#[derive(Clone, Copy)]
pub(super) enum Matter<'a> {
    /// A title or form; none: every one that no other rule names.
    Award(Option<&'a str>),
    /// An initiative.
    Initiative,
}

impl<'a> Matter<'a> {
    /// What a candidate is voted on for.
    pub(super) fn of(award_code: Option<&'a str>) -> Self {
        award_code.map_or(Self::Initiative, |code| Self::Award(Some(code)))
    }

    fn code(self) -> Option<&'a str> {
        match self {
            Self::Award(code) => code,
            Self::Initiative => None,
        }
    }

    fn law(self, day: NaiveDate) -> Option<&'static LawRule> {
        match self {
            Self::Award(code) => reference::ballot_rule(code, day),
            Self::Initiative => reference::initiative_rule(day),
        }
    }
}

/// The regulation's row for a title: its own, or that of all others where the law names no title. A council of
/// initiatives has rows for these alone.
fn own<'r>(
    matter: Matter<'_>,
    rows: &'r [ballot_rule::Model],
    day: NaiveDate,
) -> Option<&'r ballot_rule::Model> {
    let of = |code: Option<&str>| rows.iter().find(|row| row.award_code.as_deref() == code);
    let law = matter.law(day)?;
    of(matter.code()).or_else(|| of(None).filter(|_| law.awards.is_empty()))
}

/// Rows of a council in force on a day.
pub(super) fn of_day(council: uuid::Uuid, day: NaiveDate) -> Condition {
    use ballot_rule::Column;
    input::in_force(Column::ValidFrom, Column::ValidTo, day).add(Column::CouncilId.eq(council))
}

/// The rule in force for a title or for initiatives.
pub(super) fn in_force(
    matter: Matter<'_>,
    rows: &[ballot_rule::Model],
    day: NaiveDate,
) -> Result<Rule> {
    let found = BallotRule::of(matter, rows, day);
    found.map(|found| found.rule).ok_or_else(|| Error::broken("a title without a rule"))
}

async fn set(gate: &Gate, input: BallotRuleSetInput) -> Result<SetRule> {
    let council = input_id::<Council>(&input.council_id, "input.councilId")?;
    let day = input::day(input.valid_from, "input.validFrom")?;
    let citation = input::text(&input.citation, "input.citation", input::TEXT)?;
    let award = match &input.award_code {
        Some(code) => Some(input::text(code, "input.awardCode", input::CODE)?),
        None => None,
    };
    let tx = gate.begin(Act::BallotRuleSet).await?;
    let council = tx.one::<council::Entity>(Act::CouncilRead, council).await;
    let council = council.map_err(|e| e.at("input.councilId"))?;
    let matter = matter(&council, award.as_deref())?;
    let law = matter.law(day);
    let law = law.ok_or_else(|| Fault::at(Code::NotInForce, "input.validFrom"))?;
    let rule = wished(&input, law, citation)?;
    rule::can_pass(&rule)?;
    rule::above_floor(&rule, law)?;
    // The rule goes on: it must not fall below any law from its first day on.
    if let Matter::Award(code) = matter {
        for law in reference::ballot_rules_from(code, day) {
            rule::above_floor(&rule, law)?;
        }
    }
    if let Some(code) = &award {
        known(gate, code).await?;
    }
    end_before(&tx, &council, (award.as_deref(), day)).await?;
    let row = tx.add::<ballot_rule::Entity>(row(&council, gate, (award, day), rule)).await?;
    tx.answer(SetRule::from(row)).await
}

/// What a rule of a council is about: a council of initiatives has none for titles.
fn matter<'a>(council: &council::Model, award: Option<&'a str>) -> Result<Matter<'a>> {
    if council.kind != council::Kind::Initiative {
        return Ok(Matter::Award(award));
    }
    match award {
        None => Ok(Matter::Initiative),
        Some(_) => Err(Fault::at(Code::WrongCouncil, "input.awardCode")
            .with("council", &council.name)
            .into()),
    }
}

fn wished(input: &BallotRuleSetInput, law: &LawRule, citation: String) -> Result<Rule> {
    let floor = Rule::from(law);
    let max_rounds = input.max_rounds.unwrap_or(floor.max_rounds);
    if !(1..=2).contains(&max_rounds) {
        return Err(Fault::at(Code::OutOfRange, "input.maxRounds")
            .with("min", 1)
            .with("max", 2)
            .into());
    }
    let threshold = share(input.threshold, floor.threshold, "input.threshold")?;
    let is_whole = threshold.numerator == threshold.denominator;
    let usual = if is_whole { Comparison::AtLeast } else { floor.comparison };
    Ok(Rule {
        quorum: share(input.quorum, floor.quorum, "input.quorum")?,
        threshold,
        comparison: input.comparison.unwrap_or(usual),
        base: input.base.unwrap_or(floor.base),
        absentee: input.absentee.unwrap_or(floor.absentee),
        recusal: input.recusal.unwrap_or(floor.recusal),
        max_rounds,
        after_rounds: input.after_rounds.unwrap_or(floor.after_rounds),
        tie: input.tie.unwrap_or(floor.tie),
        over_quota: input.over_quota.unwrap_or(floor.over_quota),
        secrecy: input.secrecy.unwrap_or(floor.secrecy),
        citation,
        is_regulation: true,
    })
}

fn share(wish: Option<ShareInput>, usual: Share, path: &str) -> Result<Share> {
    let Some(ShareInput { numerator, denominator }) = wish else { return Ok(usual) };
    let bounded = |number: i32, most: i32, field: &str| {
        let fault = Fault::at(Code::OutOfRange, &format!("{path}.{field}"));
        let fault = fault.with("min", 1).with("max", most);
        if (1..=most).contains(&number) { Ok(number) } else { Err(fault) }
    };
    let denominator = bounded(denominator, MOST, "denominator")?;
    let numerator = bounded(numerator, denominator, "numerator")?;
    Ok(Share { numerator, denominator })
}

/// The title must be one of the catalogue.
async fn known(gate: &Gate, code: &str) -> Result<()> {
    let of_code = Condition::all().add(award_type::Column::Code.eq(code));
    let found = gate.catalogue::<award_type::Entity>()?.filter(of_code).first().await?;
    let unknown = || Fault::at(Code::NotFound, "input.awardCode").with("case", "AWARD_TYPE");
    found.map(drop).ok_or_else(|| unknown().with("code", code).into())
}

/// Ends the rule that stood before; one that begins on the same day or later stands in the way.
async fn end_before(
    tx: &Tx,
    council: &council::Model,
    (award, day): (Option<&str>, NaiveDate),
) -> Result<()> {
    use ballot_rule::Column;
    let same = match award {
        Some(code) => Column::AwardCode.eq(code),
        None => Column::AwardCode.is_null(),
    };
    let open = Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gte(day));
    let before = Condition::all().add(Column::CouncilId.eq(council.id)).add(same).add(open);
    for row in tx.all::<ballot_rule::Entity>(Act::CouncilRead, before).await? {
        if row.valid_from >= day {
            let fault = Fault::at(Code::AlreadyExists, "input.validFrom");
            return Err(fault.with("case", "BALLOT_RULE").with("day", row.valid_from).into());
        }
        let mut ended = row.clone().into_active_model();
        ended.valid_to = Set(Some(day_before(day)));
        tx.save::<ballot_rule::Entity>(&row, ended).await?;
    }
    Ok(())
}

fn row(
    council: &council::Model,
    gate: &Gate,
    (award, day): (Option<String>, NaiveDate),
    rule: Rule,
) -> ballot_rule::ActiveModel {
    ballot_rule::ActiveModel {
        tenant_id: Set(council.tenant_id),
        id: Set(gate.new_id()),
        council_id: Set(council.id),
        award_code: Set(award),
        quorum_numerator: Set(rule.quorum.numerator),
        quorum_denominator: Set(rule.quorum.denominator),
        threshold_numerator: Set(rule.threshold.numerator),
        threshold_denominator: Set(rule.threshold.denominator),
        comparison: Set(rule.comparison),
        base: Set(rule.base),
        absentee: Set(rule.absentee),
        recusal: Set(rule.recusal),
        max_rounds: Set(rule.max_rounds),
        after_rounds: Set(rule.after_rounds),
        tie: Set(rule.tie),
        over_quota: Set(rule.over_quota),
        secrecy: Set(rule.secrecy),
        citation: Set(rule.citation),
        valid_from: Set(day),
        valid_to: Set(None),
        version: Set(1),
    }
}
