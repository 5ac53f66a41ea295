//! Documents that a tenant registers: provincial regulations, working regulations of councils; and their end.
//! Nothing passes for a document of the state.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;
use entity::decision::{self, Source};
use entity::legal_document::{self, Kind};
use entity::own_document::{self, Column};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};

use super::document::{LegalDocument, cites};
use crate::access::{Act, Gate, Tx};
use crate::domain::decision::symbol_key;
use crate::domain::ending::{Ends, Last, Span};
use crate::domain::{Ask, input, keyed};
use crate::error::{Code, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::scalar::Date;

/// Input of `legalDocumentCreate`.
#[derive(InputObject)]
pub(crate) struct LegalDocumentCreateInput {
    /// Number, such as "86/2025/QĐ-UBND", at most 60 characters; unique in the tenant, and not that of a document of
    /// the state.
    number: String,
    /// What kind of document it is.
    kind: Kind,
    /// Who issued it, at most 300 characters.
    issuer: String,
    /// Title, at most 300 characters.
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

/// Input of `legalDocumentEnd`.
#[derive(InputObject)]
pub(crate) struct LegalDocumentEndInput {
    /// The document, one that the tenant registered.
    id: ID,
    /// Version last read: 1, until it was ended once.
    expected_version: i32,
    /// Last day in force.
    expired_on: Date,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(LegalDocumentCreatePayload, document: LegalDocument, "document registered");
payload!(LegalDocumentEndPayload, document: LegalDocument, "document as it is now");

/// Changes of the documents that a tenant registered.
#[derive(Default)]
pub struct RegisterMutation;

/// Changes of the documents that a tenant registered.
#[Object]
impl RegisterMutation {
    /// Registers a legal document of the tenant, such as a provincial regulation or the working regulation of a
    /// council. Roles: standing officer.
    async fn legal_document_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document.")] input: LegalDocumentCreateInput,
    ) -> async_graphql::Result<LegalDocumentCreatePayload> {
        keyed!(ctx, input => LegalDocumentCreatePayload: add)
    }

    /// Records that a document of the tenant's own is in force no longer (hết hiệu lực), by itself or because another
    /// one replaces it. Refused (`DECIDED_SINCE`) where a decision of a later day rests on it. Roles: standing officer.
    async fn legal_document_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and the last day.")] input: LegalDocumentEndInput,
    ) -> async_graphql::Result<LegalDocumentEndPayload> {
        keyed!(ctx, input => LegalDocumentEndPayload: end)
    }
}

async fn add(gate: &Gate, input: LegalDocumentCreateInput) -> Result<LegalDocument> {
    let day = |day: Option<Date>, path| day.map(|day| input::day(day, path)).transpose();
    let in_force_on = day(input.in_force_on, "input.inForceOn")?;
    let expired_on = day(input.expired_on, "input.expiredOn")?;
    let signed_on = day(input.signed_on, "input.signedOn")?;
    input::period(signed_on, in_force_on, "input.inForceOn")?;
    input::period(in_force_on, expired_on, "input.expiredOn")?;
    let replaces = numbers(&input.replaces)?;
    let number = input::official(&input.number, "input.number")?;
    not_the_states(gate, &number).await?;
    let tx = gate.begin(Act::LegalDocumentCreate).await?;
    let row = own_document::Model {
        tenant_id: gate.actor()?.tenant,
        id: gate.new_id(),
        number,
        kind: input.kind,
        issuer: input::text(&input.issuer, "input.issuer", input::NAME)?,
        title: input::text(&input.title, "input.title", input::NAME)?,
        signed_on,
        in_force_on,
        expired_on,
        replaces,
        author_id: gate.actor()?.user,
        version: 1,
    };
    let row = row.into_active_model().reset_all();
    let row = tx.add::<own_document::Entity>(row).await.map_err(|e| e.at("input.number"))?;
    tx.answer(LegalDocument::from(row)).await
}

/// A document of a tenant's own may not pass for one of the state, in whatever spelling of its number.
async fn not_the_states(gate: &Gate, number: &str) -> Result<()> {
    let key = symbol_key(number);
    let national = gate.catalogue::<legal_document::Entity>()?.all().await?;
    if national.iter().any(|row| symbol_key(&row.number) == key) {
        let fault = Fault::at(Code::AlreadyExists, "input.number").with("case", "LAW");
        return Err(fault.with("number", number).into());
    }
    Ok(())
}

fn numbers(replaces: &[String]) -> Result<String> {
    if replaces.len() > 20 {
        let fault = Fault::at(Code::OutOfRange, "input.replaces");
        return Err(fault.with("case", "COUNT").with("min", 0).with("max", 20).into());
    }
    let one = |(index, number): (usize, &String)| {
        let number = input::official(number, &format!("input.replaces.{index}"))?;
        Ok(number.replace('|', " "))
    };
    Ok(replaces.iter().enumerate().map(one).collect::<Result<Vec<_>>>()?.join("|"))
}

async fn end(gate: &Gate, input: LegalDocumentEndInput) -> Result<LegalDocument> {
    let id = input_id::<LegalDocument>(&input.id, "input.id")?;
    let last = Last::of(input.expired_on, "input.expiredOn")?;
    let tx = gate.begin(Act::LegalDocumentEnd).await?;
    let row = last.end::<own_document::Entity>(&tx, (id, input.expected_version)).await?;
    tx.answer(LegalDocument::from(row)).await
}

impl Ends for own_document::Entity {
    const LAST: Column = Column::ExpiredOn;

    fn span(row: &own_document::Model) -> Span {
        (row.in_force_on, row.expired_on)
    }

    async fn is_used(tx: &Tx, row: &own_document::Model, after: NaiveDate) -> Result<bool> {
        use decision::Column::{DecidedOn, LegalBasis, Source as Origin};
        let since = Condition::all()
            .add(Origin.eq(Source::Decision))
            .add(DecidedOn.gt(after))
            .add(LegalBasis.ne(""));
        let decisions = tx.all_of::<decision::Entity>(row.tenant_id, since).await?;
        Ok(decisions.iter().any(|decision| cites(&decision.legal_basis, &row.number)))
    }
}
