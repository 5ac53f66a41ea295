//! What a tenant adds to the law: documents of its own, and stricter rules.
//! Nothing takes a rule of the law away.

use async_graphql::{Context, InputObject, Object};
use entity::eligibility_rule::Severity;
use entity::legal_document::Kind;
use entity::nominee::SubjectKind;
use entity::submission::CommendationType;
use entity::{own_document, own_rule};
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::document::LegalDocument;
use super::load::national_form;
use super::nouns::EligibilityRule;
use super::tree::Node;
use crate::access::{Act, Answer, Gate};
use crate::domain::{Ask, input};
use crate::error::{Code, Fault, Result};
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
    /// Name in Vietnamese.
    name_vi: String,
    /// Name in English.
    name_en: String,
    /// The tree of conditions, as JSON in the form of the trees of `eligibilityRules`; it must hold beside the
    /// rules of the law.
    tree: String,
    /// The regulation of the tenant it rests on.
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

/// Input of `legalDocumentCreate`.
#[derive(InputObject)]
pub(crate) struct LegalDocumentCreateInput {
    /// Number, such as "86/2025/QĐ-UBND"; unique in the tenant.
    number: String,
    /// What kind of document it is.
    kind: Kind,
    /// Who issued it.
    issuer: String,
    /// Title.
    title: String,
    /// When it was signed.
    signed_on: Option<Date>,
    /// First day in force.
    in_force_on: Option<Date>,
    /// Last day in force.
    expired_on: Option<Date>,
    /// Numbers of the documents that it replaces, at most 20.
    #[graphql(default)]
    replaces: Vec<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(EligibilityRuleCreatePayload, rule: EligibilityRule, "rule added");
payload!(LegalDocumentCreatePayload, document: LegalDocument, "document registered");

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

    /// Registers a legal document of the tenant, such as a provincial regulation or the working regulation of a
    /// council. Roles: standing officer.
    async fn legal_document_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document.")] input: LegalDocumentCreateInput,
    ) -> async_graphql::Result<LegalDocumentCreatePayload> {
        let key = input.idempotency_key.clone();
        LegalDocumentCreatePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(add_document(&gate, input))).await
            }
            .await,
        )
    }
}

async fn add_rule(gate: &Gate, input: EligibilityRuleCreateInput) -> Result<EligibilityRule> {
    let award = input.award_type_code;
    if award.as_deref().is_some_and(|code| !reference::is_award(code)) {
        return Err(Fault::at(Code::NotFound, "input.awardTypeCode").into());
    }
    let from = input::day(input.valid_from, "input.validFrom")?;
    let to = input.valid_to.map(|day| input::day(day, "input.validTo")).transpose()?;
    input::period(Some(from), to, "input.validTo")?;
    let tree = tree(&input.tree)?;
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
    };
    let row = tx.add::<own_rule::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(EligibilityRule::new(national_form(row), true)).await
}

/// A tree that can be evaluated.
fn tree(text: &str) -> Result<Node> {
    let wrong = |why: String| Fault::at(Code::RuleInvalid, "input.tree").with("detail", why);
    let text = input::text(text, "input.tree", input::TEXT * 4)?;
    let tree: Node = serde_json::from_str(&text).map_err(|fault| wrong(fault.to_string()))?;
    match tree.fault(&reference::is_award) {
        Some(fault) => Err(wrong(fault).into()),
        None => Ok(tree),
    }
}

async fn add_document(gate: &Gate, input: LegalDocumentCreateInput) -> Result<LegalDocument> {
    let day = |day: Option<Date>, path| day.map(|day| input::day(day, path)).transpose();
    let in_force_on = day(input.in_force_on, "input.inForceOn")?;
    let expired_on = day(input.expired_on, "input.expiredOn")?;
    input::period(in_force_on, expired_on, "input.expiredOn")?;
    let replaces = numbers(&input.replaces)?;
    let tx = gate.begin(Act::LegalDocumentCreate).await?;
    let row = own_document::Model {
        tenant_id: gate.actor()?.tenant,
        id: gate.new_id(),
        number: input::text(&input.number, "input.number", input::CODE)?,
        kind: input.kind,
        issuer: input::text(&input.issuer, "input.issuer", input::NAME)?,
        title: input::text(&input.title, "input.title", input::NAME)?,
        signed_on: day(input.signed_on, "input.signedOn")?,
        in_force_on,
        expired_on,
        replaces,
        author_id: gate.actor()?.user,
    };
    let row = row.into_active_model().reset_all();
    let row = tx.add::<own_document::Entity>(row).await.map_err(|e| e.at("input.number"))?;
    tx.answer(LegalDocument::from(row)).await
}

fn numbers(replaces: &[String]) -> Result<String> {
    if replaces.len() > 20 {
        let fault = Fault::at(Code::OutOfRange, "input.replaces");
        return Err(fault.with("min", 0).with("max", 20).into());
    }
    let one = |(index, number): (usize, &String)| {
        let number = input::text(number, &format!("input.replaces.{index}"), input::CODE)?;
        Ok(number.replace('|', " "))
    };
    Ok(replaces.iter().enumerate().map(one).collect::<Result<Vec<_>>>()?.join("|"))
}
