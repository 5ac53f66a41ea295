//! Whose numbers a decision continues, and how one is written.
//! No award enters here.

use async_graphql::InputObject;
use chrono::{Datelike, NaiveDate};
use entity::decision::{self, Kind, Source};
use entity::{award, decision_gap, unit};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{label, rules};
use crate::access::Tx;
use crate::domain::award::AwardDecider;
use crate::domain::input;
use crate::error::{Code, Error, Fault, Result};
use crate::scalar::Date;
use crate::text::{Language, official_form, phrase, search_form};

/// Longest legal basis, in lines.
const GROUNDS: usize = 50;

/// A decision as it stands on paper.
#[derive(InputObject)]
pub(crate) struct PaperInput {
    /// Number, from 1; the next one of the series when absent. A decision of an authority elsewhere brings its own.
    number: Option<i32>,
    /// What stands behind the number, such as `QĐ-UBND`; at most 60 characters.
    symbol: String,
    /// Day of the decision, not in the future; in a register that is kept here not before the day of a number of the same
    /// year that is taken already (`DECISION_NUMBER_ORDER`).
    decided_on: Date,
    /// Post of the one who signed, at most 300 characters.
    signer_post: Option<String>,
    /// What it rests on (căn cứ), at most 50 lines of at most 300 characters.
    #[graphql(default)]
    legal_basis: Vec<String>,
    /// Why numbers before this one are left out, at most 300 characters; needed when there are such.
    gap_reason: Option<String>,
}

/// The same, checked.
pub(in crate::domain) struct Paper {
    pub(in crate::domain) number: Option<i32>,
    pub(in crate::domain) symbol: String,
    pub(in crate::domain) decided_on: NaiveDate,
    signer_post: Option<String>,
    legal_basis: String,
    gap_reason: Option<String>,
    path: String,
}

impl Paper {
    /// The paper of an authority elsewhere, as it was recorded before.
    pub(in crate::domain) fn recorded(
        (number, symbol): (Option<i32>, &str),
        decided_on: NaiveDate,
        signer_post: Option<&str>,
        path: &str,
    ) -> Self {
        Self {
            number,
            symbol: official_form(symbol),
            decided_on,
            signer_post: signer_post.map(str::to_owned),
            legal_basis: String::new(),
            gap_reason: None,
            path: path.to_owned(),
        }
    }
}

impl Paper {
    /// Writes further grounds below those of the paper.
    pub(super) fn rest_on(&mut self, grounds: Vec<String>) {
        let known = std::mem::take(&mut self.legal_basis);
        let lines = std::iter::once(known).filter(|text| !text.is_empty()).chain(grounds);
        self.legal_basis = lines.collect::<Vec<_>>().join("\n");
    }
}

impl PaperInput {
    pub(in crate::domain) fn check(self, today: NaiveDate, path: &str) -> Result<Paper> {
        let at = |field: &str| format!("{path}.{field}");
        let decided_on = input::day(self.decided_on, &at("decidedOn"))?;
        if decided_on > today {
            let fault = Fault::at(Code::OutOfRange, &at("decidedOn"));
            return Err(fault.with("min", "1948-01-01").with("max", today).into());
        }
        if self.number.is_some_and(|number| number < 1) {
            let fault = Fault::at(Code::OutOfRange, &at("number"));
            return Err(fault.with("case", "LEAST").with("min", 1).into());
        }
        if self.legal_basis.len() > GROUNDS {
            let fault = Fault::at(Code::OutOfRange, &at("legalBasis"));
            return Err(fault.with("case", "COUNT").with("min", 0).with("max", GROUNDS).into());
        }
        let ground = |(index, line): (usize, &String)| {
            input::text(line, &format!("{path}.legalBasis.{index}"), input::NAME)
        };
        let grounds = self.legal_basis.iter().enumerate().map(ground);
        let grounds: Vec<String> = grounds.collect::<Result<_>>()?;
        let optional = |text: &Option<String>, field: &str| {
            input::optional_text(text.as_deref(), &at(field), input::NAME)
        };
        Ok(Paper {
            number: self.number,
            symbol: input::official(&self.symbol, &at("symbol"))?,
            decided_on,
            signer_post: optional(&self.signer_post, "signerPost")?,
            legal_basis: grounds.join("\n"),
            gap_reason: optional(&self.gap_reason, "gapReason")?,
            path: path.to_owned(),
        })
    }
}

/// The register that a decision is written into: the numbers of one issuer.
pub(in crate::domain) struct Series {
    unit_id: Uuid,
    pub(in crate::domain) issuer: Option<AwardDecider>,
    key: String,
    pub(in crate::domain) issuer_name: String,
    pub(in crate::domain) issuer_tenant_id: Option<Uuid>,
    is_own: bool,
}

impl Series {
    /// That of an authority, kept by a unit.
    pub(in crate::domain) fn of(
        unit: &unit::Model,
        issuer: Option<AwardDecider>,
        name: Option<String>,
    ) -> Result<Self> {
        let issuer = issuer.unwrap_or_else(|| rules::usual(unit.kind));
        if !rules::fits(issuer, unit.kind, unit.parent_id.is_none()) {
            let word: &str = issuer.into();
            let detail = format!("{word}, {}", unit.name);
            return Err(Fault::at(Code::InvalidCombination, "input.issuer")
                .with("detail", detail)
                .into());
        }
        let is_own = rules::is_own(issuer);
        let word: &'static str = issuer.into();
        let usual =
            || if is_own { unit.name.clone() } else { phrase("authority", word, Language::Vi) };
        let issuer_name = name.unwrap_or_else(usual);
        let key = if is_own { format!("unit:{}", unit.id) } else { format!("issuer:{word}") };
        Ok(Self {
            unit_id: unit.id,
            issuer: Some(issuer),
            key,
            issuer_name,
            issuer_tenant_id: is_own.then_some(unit.tenant_id),
            is_own,
        })
    }

    /// That of the decision which gave an award: who decided it decides what becomes of it
    /// (Luật 06/2022/QH15, Điều 93.8).
    pub(in crate::domain) fn behind(
        award: &award::Model,
        decision: Option<&decision::Model>,
    ) -> Self {
        let known = decision.map_or_else(
            || (key_of_name(&award.issuer_name), award.unit_id),
            |decision| (decision.issuer_key.clone(), decision.unit_id),
        );
        Self {
            unit_id: known.1,
            issuer: decision.and_then(|decision| decision.issuer.as_deref()?.parse().ok()),
            is_own: known.0.starts_with("unit:"),
            key: known.0,
            issuer_name: award.issuer_name.clone(),
            issuer_tenant_id: award.issuer_tenant_id,
        }
    }

    /// Whether the number is of a register that is kept here.
    pub(in crate::domain) fn is_own(&self) -> bool {
        self.is_own
    }

    /// Refuses a paper of an authority elsewhere that carries the symbol of a register kept here.
    pub(in crate::domain) async fn demand_foreign(&self, tx: &Tx, paper: &Paper) -> Result<()> {
        use decision::Column::{IssuerKey, SymbolKey};
        let same = Condition::all()
            .add(IssuerKey.starts_with("unit:"))
            .add(SymbolKey.eq(symbol_key(&paper.symbol)));
        let tenant = tx.gate().actor()?.tenant;
        // Numbers are positive: none is found where no register has the symbol.
        if tx.greatest::<decision::Entity>(tenant, decision::Column::Number, same).await? == 0 {
            return Ok(());
        }
        let path = format!("{}.symbol", paper.path);
        Err(Fault::at(Code::NotTheAuthority, &path).with("award", &paper.symbol).into())
    }

    /// The decision of that number and day, where it was recorded before.
    pub(in crate::domain) async fn known(
        &self,
        tx: &Tx,
        paper: &Paper,
    ) -> Result<Option<decision::Model>> {
        use decision::Column::{DecidedOn, IssuerKey, Number, SymbolKey};
        let it = Condition::all()
            .add(IssuerKey.eq(&self.key))
            .add(SymbolKey.eq(symbol_key(&paper.symbol)))
            .add(Number.eq(paper.number))
            .add(DecidedOn.eq(paper.decided_on));
        let tenant = tx.gate().actor()?.tenant;
        Ok(tx.all_of::<decision::Entity>(tenant, it).await?.into_iter().next())
    }

    /// Writes a decision with the next number, and the reason for those that are left out.
    pub(in crate::domain) async fn issue(
        &self,
        tx: &Tx,
        paper: Paper,
        kind: Kind,
    ) -> Result<decision::Model> {
        let number = self.number(tx, &paper).await?;
        let gate = tx.gate();
        let row = decision::ActiveModel {
            tenant_id: Set(gate.actor()?.tenant),
            id: Set(gate.new_id()),
            unit_id: Set(self.unit_id),
            kind: Set(kind),
            issuer: Set(self.issuer.map(|issuer| <&str>::from(issuer).to_owned())),
            issuer_key: Set(self.key.clone()),
            issuer_name: Set(self.issuer_name.clone()),
            issuer_tenant_id: Set(self.issuer_tenant_id),
            number: Set(Some(number)),
            symbol_key: Set(symbol_key(&paper.symbol)),
            symbol: Set(paper.symbol),
            year: Set(paper.decided_on.year()),
            decided_on: Set(paper.decided_on),
            signer_post: Set(paper.signer_post),
            legal_basis: Set(paper.legal_basis),
            source: Set(Source::Decision),
            recorded_by: Set(gate.actor()?.user),
            created_at: Set(gate.now()),
        };
        let path = format!("{}.number", paper.path);
        tx.add::<decision::Entity>(row).await.map_err(|fault| fault.at(&path))
    }

    async fn number(&self, tx: &Tx, paper: &Paper) -> Result<i32> {
        let path = format!("{}.number", paper.path);
        if !self.is_own {
            return self.number_elsewhere(tx, (paper, &path)).await;
        }
        let tenant = tx.gate().actor()?.tenant;
        tx.stand_in_line("decision.number", tenant).await?;
        let last = self.last(tx, paper, tenant).await?;
        self.not_left_out(tx, (paper, &path)).await?;
        let numbered = rules::number(last, paper.number, paper.gap_reason.is_some())
            .map_err(|fault| Error::from(fault).at(&path))?;
        self.not_before(tx, paper, tenant).await?;
        if let (Some((first, last)), Some(reason)) = (numbered.gap, &paper.gap_reason) {
            let gap = decision_gap::ActiveModel {
                tenant_id: Set(tenant),
                id: Set(tx.gate().new_id()),
                unit_id: Set(self.unit_id),
                issuer_key: Set(self.key.clone()),
                symbol: Set(paper.symbol.clone()),
                year: Set(paper.decided_on.year()),
                first_number: Set(first),
                last_number: Set(last),
                reason: Set(reason.clone()),
                recorded_by: Set(tx.gate().actor()?.user),
                created_at: Set(tx.gate().now()),
            };
            tx.add::<decision_gap::Entity>(gap).await?;
        }
        Ok(numbered.number)
    }

    /// Refuses a number of which was said why it is left out, in whatever spelling of its symbol.
    async fn not_left_out(&self, tx: &Tx, (paper, path): (&Paper, &str)) -> Result<()> {
        use decision_gap::Column::{FirstNumber, IssuerKey, LastNumber, Year};
        let Some(number) = paper.number else { return Ok(()) };
        let gap = Condition::all()
            .add(IssuerKey.eq(&self.key))
            .add(Year.eq(paper.decided_on.year()))
            .add(FirstNumber.lte(number))
            .add(LastNumber.gte(number));
        let tenant = tx.gate().actor()?.tenant;
        let gaps = tx.all_of::<decision_gap::Entity>(tenant, gap).await?;
        let key = symbol_key(&paper.symbol);
        if gaps.iter().all(|gap| symbol_key(&gap.symbol) != key) {
            return Ok(());
        }
        Err(Fault::at(Code::WrongState, path).with("state", "LEFT_OUT").into())
    }

    /// Refuses a day before that of a decision of the same year which has its number already: numbers go up with the days.
    async fn not_before(&self, tx: &Tx, paper: &Paper, tenant: Uuid) -> Result<()> {
        use decision::Column::{DecidedOn, IssuerKey, SymbolKey, Year};
        let later = Condition::all()
            .add(IssuerKey.eq(&self.key))
            .add(SymbolKey.eq(symbol_key(&paper.symbol)))
            .add(Year.eq(paper.decided_on.year()))
            .add(DecidedOn.gt(paper.decided_on));
        let later = tx.all_of::<decision::Entity>(tenant, later).await?;
        let Some(last) = later.into_iter().max_by_key(|row| (row.decided_on, row.number)) else {
            return Ok(());
        };
        let path = format!("{}.decidedOn", paper.path);
        let fault = Fault::at(Code::DecisionNumberOrder, &path).with("day", last.decided_on);
        Err(fault.with("number", last.number.unwrap_or_default()).into())
    }

    /// The number that an authority elsewhere has given, in whatever spelling of its symbol.
    async fn number_elsewhere(&self, tx: &Tx, (paper, path): (&Paper, &str)) -> Result<i32> {
        use decision::Column::{IssuerKey, Number, SymbolKey, Year};
        let number = paper.number.ok_or_else(|| Fault::at(Code::Required, path))?;
        let tenant = tx.gate().actor()?.tenant;
        tx.stand_in_line("decision.number", tenant).await?;
        let same = Condition::all()
            .add(IssuerKey.eq(&self.key))
            .add(SymbolKey.eq(symbol_key(&paper.symbol)))
            .add(Year.eq(paper.decided_on.year()))
            .add(Number.eq(number));
        match tx.all_of::<decision::Entity>(tenant, same).await?.first() {
            Some(known) => Err(Fault::at(Code::AlreadyExists, path)
                .with("case", "DECISION")
                .with("decision", label(known.number, &known.symbol))
                .with("day", known.decided_on)
                .into()),
            None => Ok(number),
        }
    }

    /// The last number that is taken; every gap lies before one.
    async fn last(&self, tx: &Tx, paper: &Paper, tenant: Uuid) -> Result<i32> {
        use decision::Column::{IssuerKey, Number, SymbolKey, Year};
        let of_series = Condition::all()
            .add(IssuerKey.eq(&self.key))
            .add(SymbolKey.eq(symbol_key(&paper.symbol)))
            .add(Year.eq(paper.decided_on.year()));
        tx.greatest::<decision::Entity>(tenant, Number, of_series).await
    }
}

/// A symbol in one spelling: without marks, capitals and spaces, every dash a hyphen.
pub(in crate::domain) fn symbol_key(symbol: &str) -> String {
    search_form(&official_form(symbol)).chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// The register of an issuer that is known by name only.
pub(in crate::domain) fn key_of_name(name: &str) -> String {
    format!("name:{}", search_form(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_has_one_key_in_every_spelling() {
        for spelling in
            ["qđ-ubnd", "QD - UBND", "QĐ–UBND", "QĐ\u{2011}UBND", "QĐ — UBND", "QĐ\u{2212}UBND"]
        {
            assert_eq!(symbol_key(spelling), "qd-ubnd", "{spelling}");
        }
        assert_ne!(symbol_key("QĐ-UBND"), symbol_key("QĐ/UBND"));
    }
}
