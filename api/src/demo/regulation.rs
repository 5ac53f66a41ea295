//! The regulation of the demo's council: the tenant's own document, and the rule of ballots that cites it.
//! What the regulation asks is not known: the rule repeats what is usual.

use anyhow::Context;
use chrono::NaiveDate;
use entity::{ballot_rule, legal_document, own_document};
use serde::Deserialize;

use super::council::Place;
use super::person::account_id;
use super::random::id;
use super::rows::Rows;
use crate::reference;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Regulation {
    number: String,
    issuer: String,
    title: String,
    signed_on: NaiveDate,
    citation: String,
}

impl Regulation {
    pub(super) fn build(
        &self,
        rows: &mut Rows,
        place: Place,
        (tenant, from): (&str, NaiveDate),
    ) -> anyhow::Result<()> {
        rows.own_document.push(own_document::Model {
            tenant_id: place.tenant,
            id: id("own_document", &[tenant, &self.number]),
            number: self.number.clone(),
            kind: legal_document::Kind::Regulation,
            issuer: self.issuer.clone(),
            title: self.title.clone(),
            signed_on: Some(self.signed_on),
            in_force_on: None,
            expired_on: None,
            replaces: String::new(),
            author_id: account_id(tenant, &format!("{tenant}.secretary")),
            version: 1,
        });
        let usual = reference::ballot_rule(None, from).context("no usual rule of ballots")?;
        rows.ballot_rule.push(ballot_rule::Model {
            tenant_id: place.tenant,
            id: id("ballot_rule", &[tenant, &self.number]),
            council_id: place.council,
            award_code: None,
            quorum_numerator: usual.quorum.0,
            quorum_denominator: usual.quorum.1,
            threshold_numerator: usual.threshold.0,
            threshold_denominator: usual.threshold.1,
            comparison: usual.comparison,
            base: usual.base,
            absentee: usual.absentee,
            recusal: usual.recusal,
            max_rounds: usual.max_rounds,
            after_rounds: usual.after_rounds,
            tie: usual.tie,
            over_quota: usual.over_quota,
            secrecy: usual.secrecy,
            citation: self.citation.clone(),
            valid_from: from,
            valid_to: None,
            version: 1,
        });
        Ok(())
    }
}
