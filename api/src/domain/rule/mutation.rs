//! What a tenant adds to the law: stricter rules.
//! Nothing takes a rule of the law away.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;
use entity::eligibility_rule::Severity;
use entity::nominee::SubjectKind;
use entity::submission::CommendationType;
use entity::{award, own_rule};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};

use super::load::national_form;
use super::nouns::EligibilityRule;
use super::tree::Node;
use crate::access::{Act, Answer, Gate, Tx};
use crate::domain::award::own_codes;
use crate::domain::ending::{self, Ends, Last, Span};
use crate::domain::{Ask, input, keyed};
use crate::error::{Code, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::reference;
use crate::scalar::Date;

/// Input of `eligibilityRuleCreate`.
#[derive(InputObject)]
pub(crate) struct EligibilityRuleCreateInput {
    /// Code of the title or form it is about; absent: every one.
    award_type_code: Option<String>,
    /// The kind of subject it is about; absent: every one.
    subject_kind: Option<SubjectKind>,
    /// The type of commendation it is about; absent: every one.
    commendation_type: Option<CommendationType>,
    /// Name in Vietnamese, at most 300 characters.
    name_vi: String,
    /// Name in English, at most 300 characters.
    name_en: String,
    /// The tree of conditions, as JSON; it must hold beside the rules of the law. At most 16,000 characters, 12
    /// levels and 100 conditions. A condition is an object with one key, or one of the words below in quotes, as in
    /// `{"all": [{"within": {"years": 5, "of": [{"held": {"titles": ["PROVINCIAL_CERTIFICATE"], "n": 1}}]}}, "no_open_case"]}`.
    /// Titles are codes; what is marked `?` may be absent.
    ///
    /// - `all`, `any`: a list of conditions, not empty; every one, or at least one, holds.
    /// - `not`: one condition, which does not hold.
    /// - `within`: `years` (1 to 60) and `of` (conditions), over so many years up to that of the proposal.
    /// - `after`: `titles`, `of` (conditions) and `latest?` (true or false), over what came after an award of these.
    /// - `held`: `titles`, `n` (1 to 60), `consecutive?`, `gap?` (1 to 60, in years; 1 when absent) and `recent?`.
    /// - `rating`: `level` (a `CompletionRating`), `years` (1 to 60), `continuous?` and `or_titles?`.
    /// - `initiative`: `scope` (an `InitiativeScope`), `n` (1 to 60) and `kind?` (an `InitiativeKind`).
    /// - `share`: `percent` (1 to 100) of the members of a collective; `all_members`: `rating` (`COMPLETED`).
    /// - `any_member`: `title` (`BASE_EMULATION_FIGHTER`); `no_member`: `discipline` (a `DisciplineForm`).
    /// - `rank`: `cluster` (a `ClusterScope`), `best?` (1 to 1,000, the last place that serves) and `recorded?`.
    /// - `age_of_unit`: `years` (1 to 1,000) since a collective was founded; `flag_eligible`: true or false.
    /// - `sex`: a `Sex`; `not_staff` and `forces`: `titles?`, `{}` where there are none; `not_staff`: `may_lead?` and
    ///   `unrated?` too.
    /// - `opinion`: `from` (a `ClearanceSource`); `manual`: `vi` and `en`, the words that a person has to confirm.
    /// - In quotes: `not_manager`, `public_notice`, `no_open_case`, `no_adverse_opinion`, `in_existence`.
    /// - In quotes too: `not_yet_awarded` and `one_form`.
    tree: String,
    /// The regulation of the tenant it rests on, at most 300 characters.
    citation: String,
    /// Whether it stands against a proposal, or only warns.
    #[graphql(default_with = "Severity::Block")]
    severity: Severity,
    /// First day in force.
    valid_from: Date,
    /// Last day in force.
    valid_to: Option<Date>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `eligibilityRuleEnd`.
#[derive(InputObject)]
pub(crate) struct EligibilityRuleEndInput {
    /// The rule, one that the tenant added.
    id: ID,
    /// Version last read: 1, until it was ended once.
    expected_version: i32,
    /// Last day in force, not before the first one.
    valid_to: Date,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(EligibilityRuleCreatePayload, rule: EligibilityRule, "rule added");
payload!(EligibilityRuleEndPayload, rule: EligibilityRule, "rule ended");

impl Answer for EligibilityRule {
    fn keep(&self) -> Result<serde_json::Value> {
        Ok(serde_json::to_value(self.row())?)
    }

    fn recall(kept: serde_json::Value) -> Result<Self> {
        Ok(Self::new(serde_json::from_value(kept)?, true))
    }
}

/// Changes of what a tenant adds to the law.
#[derive(Default)]
pub struct RuleMutation;

/// Changes of what a tenant adds to the law.
#[Object]
impl RuleMutation {
    /// Adds a rule of the tenant; it holds beside those of the law and can only be stricter. Roles: standing
    /// officer.
    async fn eligibility_rule_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rule.")] input: EligibilityRuleCreateInput,
    ) -> async_graphql::Result<EligibilityRuleCreatePayload> {
        let key = input.idempotency_key.clone();
        EligibilityRuleCreatePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(add_rule(&gate, input))).await
            }
            .await,
        )
    }

    /// Ends a rule that the tenant added; what was judged by it stays judged. Roles: standing officer.
    async fn eligibility_rule_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and the last day.")] input: EligibilityRuleEndInput,
    ) -> async_graphql::Result<EligibilityRuleEndPayload> {
        keyed!(ctx, input => EligibilityRuleEndPayload: end_rule)
    }
}

async fn add_rule(gate: &Gate, input: EligibilityRuleCreateInput) -> Result<EligibilityRule> {
    let own = own_codes(gate).await?;
    let is_award = |code: &str| reference::is_award(code) || own.iter().any(|own| own == code);
    let award = input.award_type_code;
    if let Some(code) = award.as_deref().filter(|code| !is_award(code)) {
        let fault = Fault::at(Code::NotFound, "input.awardTypeCode").with("case", "AWARD_TYPE");
        return Err(fault.with("code", code).into());
    }
    let from = input::day(input.valid_from, "input.validFrom")?;
    let to = input.valid_to.map(|day| input::day(day, "input.validTo")).transpose()?;
    input::period(Some(from), to, "input.validTo")?;
    let tree = tree(&input.tree, &is_award)?;
    let tx = gate.begin(Act::EligibilityRuleCreate).await?;
    let row = own_rule::Model {
        tenant_id: gate.actor()?.tenant,
        id: gate.new_id(),
        award_type_code: award,
        subject_kind: input.subject_kind,
        commendation_type: input.commendation_type,
        name_vi: input::text(&input.name_vi, "input.nameVi", input::NAME)?,
        name_en: input::text(&input.name_en, "input.nameEn", input::NAME)?,
        tree: tree.text()?,
        citation: input::text(&input.citation, "input.citation", input::NAME)?,
        severity: input.severity,
        valid_from: from,
        valid_to: to,
        author_id: gate.actor()?.user,
        version: 1,
    };
    let row = tx.add::<own_rule::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(EligibilityRule::new(national_form(row), true)).await
}

async fn end_rule(gate: &Gate, input: EligibilityRuleEndInput) -> Result<EligibilityRule> {
    let id = input_id::<EligibilityRule>(&input.id, "input.id")?;
    let last = Last::of(input.valid_to, "input.validTo")?;
    let tx = gate.begin(Act::EligibilityRuleEnd).await?;
    let row = last.end::<own_rule::Entity>(&tx, (id, input.expected_version)).await?;
    tx.answer(EligibilityRule::new(national_form(row), true)).await
}

impl Ends for own_rule::Entity {
    const LAST: own_rule::Column = own_rule::Column::ValidTo;

    fn span(row: &own_rule::Model) -> Span {
        (Some(row.valid_from), row.valid_to)
    }

    async fn is_used(tx: &Tx, row: &own_rule::Model, after: NaiveDate) -> Result<bool> {
        use award::Column::{AwardTypeCode, CommendationType, SubjectKind};
        let which = Condition::all()
            .add_option(row.award_type_code.as_ref().map(|it| AwardTypeCode.eq(it)))
            .add_option(row.subject_kind.map(|it| SubjectKind.eq(it)))
            .add_option(row.commendation_type.map(|it| CommendationType.eq(it)));
        ending::was_awarded(tx, which, (row.id, after)).await
    }
}

/// A tree that can be evaluated.
fn tree(text: &str, is_award: &dyn Fn(&str) -> bool) -> Result<Node> {
    let wrong = |why: &str| Fault::at(Code::RuleInvalid, "input.tree").with("detail", why);
    let text = input::text(text, "input.tree", input::TEXT * 4)?;
    let tree: Node = serde_json::from_str(&text).map_err(|fault| {
        let detail = if fault.is_data() { "no condition" } else { "no JSON" };
        let (line, column) = (fault.line(), fault.column());
        wrong(detail).with("line", line).with("column", column).with("cause", fault)
    })?;
    match tree.fault(is_award) {
        Some((why, value)) => Err(wrong(why).with("value", value).into()),
        None => Ok(tree),
    }
}
