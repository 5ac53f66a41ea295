//! Titles and honours that a tenant defines beside those of the law, and their end.
//! Nothing of the law is changed here, and nobody's own title is decided outside its tenant.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;
use entity::award_type::{self, Column, Family, Level, Origin};
use entity::submission::CommendationType;
use entity::{award, tenant};
use sea_orm::{ActiveEnum, ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};

use super::{AwardCycle, AwardDecider, AwardSubject, AwardType, said};
use crate::access::{Act, Answer, Gate, Tx};
use crate::domain::ending::{self, Ends, Last, Span};
use crate::domain::{Ask, input, keyed, registry};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::reference;
use crate::scalar::Date;
use crate::text::search_form;

/// Most other names of one title.
const NAMES: usize = 20;
/// Longest code of a tenant's own, without what stands before it.
const LONGEST: usize = 40;

/// Input of `awardTypeCreate`.
#[derive(InputObject)]
pub(crate) struct AwardTypeCreateInput {
    /// Who makes it: `ORGANISATION` or `LOCAL`.
    origin: Origin,
    /// Capital letters, digits and underscores, at most 40, such as `HONORARY_CITIZEN`. It is known by this code
    /// after the short name of the tenant and a colon, such as `lao_cai:HONORARY_CITIZEN`.
    code: String,
    /// Usual abbreviation, at most 60 characters; empty when there is none.
    #[graphql(default)]
    abbreviation: String,
    /// Official name in Vietnamese, at most 300 characters.
    name: String,
    /// Name in English, at most 300 characters.
    name_en: String,
    /// `EMULATION_TITLE` or `HONOUR`: orders, medals, certificates and letters are the law's.
    #[graphql(default_with = "Family::Honour")]
    family: Family,
    /// Level that decides: `MINISTRY_OR_PROVINCE` or `BASE`.
    level: Level,
    /// Who can receive it; at least one.
    subject_kinds: Vec<AwardSubject>,
    /// Types of commendation by which it is given; at least one.
    commendation_types: Vec<CommendationType>,
    /// When it is considered; no cycle of its own when absent.
    #[graphql(default)]
    cycles: Vec<AwardCycle>,
    /// Who decides it, within the tenant, at least one of `MINISTER`, `PROVINCE_CHAIR`, `COMMUNE_CHAIR`, `UNIT_HEAD`,
    /// `ENTERPRISE_HEAD` and `ORGANISATION`.
    decided_by: Vec<AwardDecider>,
    /// The statute or regulation it rests on, at most 300 characters.
    citation: String,
    /// Older or mistaken names under which records carry it, at most 20 of at most 300 characters.
    #[graphql(default)]
    recorded_names: Vec<String>,
    /// First day in force.
    valid_from: Date,
    /// Last day in force.
    valid_to: Option<Date>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `awardTypeEnd`.
#[derive(InputObject)]
pub(crate) struct AwardTypeEndInput {
    /// The title, one of the tenant's own.
    id: ID,
    /// Version last read.
    expected_version: i32,
    /// Last day in force.
    valid_to: Date,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(AwardTypeCreatePayload, award_type: AwardType, "title or honour defined");
payload!(AwardTypeEndPayload, award_type: AwardType, "title or honour ended");

impl Answer for AwardType {
    fn keep(&self) -> Result<serde_json::Value> {
        Ok(serde_json::to_value(&*self.0)?)
    }

    fn recall(kept: serde_json::Value) -> Result<Self> {
        Ok(Self::from(serde_json::from_value::<award_type::Model>(kept)?))
    }
}

/// Changes of a tenant's own titles and honours.
#[derive(Default)]
pub struct AwardTypeMutation;

/// Changes of a tenant's own titles and honours.
#[Object]
impl AwardTypeMutation {
    /// Defines a title or honour of the tenant's own beside those of the law (Luật 06/2022/QH15, Điều 32). Nobody
    /// outside the tenant sees it. A new wording is a new row with the same code after the old one has ended. Roles:
    /// standing officer.
    async fn award_type_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The title or honour.")] input: AwardTypeCreateInput,
    ) -> async_graphql::Result<AwardTypeCreatePayload> {
        keyed!(ctx, input => AwardTypeCreatePayload: create)
    }

    /// Ends a title or honour of the tenant's own; what was given stays given. Roles: standing officer.
    async fn award_type_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and the last day.")] input: AwardTypeEndInput,
    ) -> async_graphql::Result<AwardTypeEndPayload> {
        keyed!(ctx, input => AwardTypeEndPayload: end)
    }
}

async fn create(gate: &Gate, input: AwardTypeCreateInput) -> Result<AwardType> {
    let tenant = gate.look_up::<tenant::Entity>(gate.actor()?.tenant).await?;
    let tenant = tenant.ok_or_else(|| Error::broken("a caller without tenant"))?;
    let row = row(gate, &tenant, &input)?;
    let tx = gate.begin(Act::AwardTypeCreate).await?;
    free(&tx, &row).await?;
    let row = tx.add::<award_type::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(AwardType::from(row)).await
}

fn row(
    gate: &Gate,
    tenant: &tenant::Model,
    input: &AwardTypeCreateInput,
) -> Result<award_type::Model> {
    one_of(input.origin != Origin::Law, "input.origin")?;
    one_of(matches!(input.family, Family::EmulationTitle | Family::Honour), "input.family")?;
    one_of(input.level != Level::State, "input.level")?;
    for (index, decider) in input.decided_by.iter().enumerate() {
        one_of(decider.is_of_tenant(), &format!("input.decidedBy.{index}"))?;
    }
    let from = input::day(input.valid_from, "input.validFrom")?;
    let to = input.valid_to.map(|day| input::day(day, "input.validTo")).transpose()?;
    input::period(Some(from), to, "input.validTo")?;
    let name = input::text(&input.name, "input.name", input::NAME)?;
    let name_en = input::text(&input.name_en, "input.nameEn", input::NAME)?;
    let abbreviation = Some(input.abbreviation.trim()).filter(|text| !text.is_empty());
    let abbreviation =
        input::optional_text(abbreviation, "input.abbreviation", input::CODE)?.unwrap_or_default();
    let recorded_names = other_names(&input.recorded_names)?;
    not_the_laws(&name, "input.name")?;
    not_the_laws(&abbreviation, "input.abbreviation")?;
    for (index, name) in recorded_names.split('|').enumerate() {
        not_the_laws(name, &format!("input.recordedNames.{index}"))?;
    }
    let commendation_types = input.commendation_types.iter().map(ActiveEnum::to_value);
    Ok(award_type::Model {
        id: gate.new_id(),
        code: format!("{}:{}", tenant.slug, own_code(&input.code)?),
        name_search: search_form(&format!("{name} {abbreviation} {name_en} {recorded_names}")),
        abbreviation,
        name,
        name_en,
        family: input.family,
        level: input.level,
        subject_kinds: words(&input.subject_kinds, "input.subjectKinds")?,
        commendation_types: joined(commendation_types.collect(), "input.commendationTypes")?,
        cycle: words(&input.cycles, "input.cycles").unwrap_or_default(),
        decided_by: words(&input.decided_by, "input.decidedBy")?,
        citation: input::text(&input.citation, "input.citation", input::NAME)?,
        recorded_names,
        valid_from: from,
        valid_to: to,
        tenant_id: Some(tenant.id),
        origin: input.origin,
        version: 1,
    })
}

fn one_of(is_allowed: bool, path: &str) -> Result<()> {
    if is_allowed {
        return Ok(());
    }
    let fault = Fault::at(Code::InvalidCombination, path);
    Err(fault.with("detail", "a title of the law's, not of a tenant's own").into())
}

/// A title of a tenant's own may not pass for one of the law.
fn not_the_laws(name: &str, path: &str) -> Result<()> {
    if registry::is_name_of_law(name)? {
        let fault = Fault::at(Code::AlreadyExists, path).with("case", "AWARD_OF_LAW");
        return Err(fault.with("name", name).into());
    }
    Ok(())
}

fn own_code(code: &str) -> Result<&str> {
    let is_right =
        |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
    if !code.is_empty() && code.len() <= LONGEST && code.chars().all(is_right) {
        return Ok(code);
    }
    let fault = Fault::at(Code::InvalidFormat, "input.code");
    Err(fault.with("expected", "A-Z, 0-9, _; 1-40").into())
}

/// Words in the form of the catalogue; at least one, each once.
fn words<'a, T>(given: &'a [T], path: &str) -> Result<String>
where
    &'static str: From<&'a T>,
{
    joined(given.iter().map(|it| <&'static str>::from(it).to_owned()).collect(), path)
}

fn joined(mut words: Vec<String>, path: &str) -> Result<String> {
    words.sort();
    words.dedup();
    if words.is_empty() {
        return Err(Fault::at(Code::Required, path).into());
    }
    Ok(words.join("|"))
}

fn other_names(names: &[String]) -> Result<String> {
    if names.len() > NAMES {
        let fault = Fault::at(Code::OutOfRange, "input.recordedNames");
        return Err(fault.with("case", "COUNT").with("min", 0).with("max", NAMES).into());
    }
    let one = |(index, name): (usize, &String)| {
        let name = input::text(name, &format!("input.recordedNames.{index}"), input::NAME)?;
        Ok(name.replace('|', " "))
    };
    Ok(names.iter().enumerate().map(one).collect::<Result<Vec<_>>>()?.join("|"))
}

/// Refuses a code that another wording has for some of the same days.
async fn free(tx: &Tx, row: &award_type::Model) -> Result<()> {
    let tenant = tx.gate().actor()?.tenant;
    tx.stand_in_line("award_type", tenant).await?;
    let same = Condition::all().add(Column::Code.eq(&row.code));
    let others = tx.all_of::<award_type::Entity>(tenant, same).await?;
    let is_before = |one: Option<NaiveDate>, other: NaiveDate| one.is_some_and(|day| day < other);
    let is_apart = |other: &award_type::Model| {
        is_before(other.valid_to, row.valid_from) || is_before(row.valid_to, other.valid_from)
    };
    let Some(other) = others.iter().find(|other| !is_apart(other)) else { return Ok(()) };
    Err(Fault::at(Code::AlreadyExists, "input.code")
        .with("case", "AWARD_CODE")
        .about(said(other))
        .with("from", other.valid_from)
        .with("until", input::until(other.valid_to))
        .into())
}

async fn end(gate: &Gate, input: AwardTypeEndInput) -> Result<AwardType> {
    let id = input_id::<AwardType>(&input.id, "input.id")?;
    let last = Last::of(input.valid_to, "input.validTo")?;
    let tx = gate.begin(Act::AwardTypeEnd).await?;
    let row = last.end::<award_type::Entity>(&tx, (id, input.expected_version)).await?;
    tx.answer(AwardType::from(row)).await
}

impl Ends for award_type::Entity {
    const LAST: Column = Column::ValidTo;

    fn span(row: &award_type::Model) -> Span {
        (Some(row.valid_from), row.valid_to)
    }

    async fn is_used(tx: &Tx, row: &award_type::Model, after: NaiveDate) -> Result<bool> {
        let which = Condition::all().add(award::Column::AwardTypeId.eq(row.id));
        ending::was_awarded(tx, which, (row.id, after)).await
    }
}

/// Whether the caller may name a code: the law's, or the tenant's own.
pub(in crate::domain) async fn is_known(gate: &Gate, code: &str) -> Result<bool> {
    Ok(reference::is_award(code) || own_codes(gate).await?.iter().any(|own| own == code))
}

/// The codes of the tenant's own titles and honours.
pub(in crate::domain) async fn own_codes(gate: &Gate) -> Result<Vec<String>> {
    let own = Column::TenantId.is_not_null();
    let rows = gate.catalogue::<award_type::Entity>()?.filter(own).all().await?;
    Ok(rows.into_iter().map(|row| row.code).collect())
}
