//! How the awards of a group are found: the question and the key of the group as conditions of `awards`.
//! No SQL is run here, and no award is read.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};
use entity::award_type;
use sea_orm::ActiveEnum;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::condition::AwardStatisticsWhere;
use super::fold::{Lens, word};
use super::span::{Span, first_day, last_day, whole_year};
use super::{AwardDimension as By, AwardGroupKey};
use crate::domain::tenant::Tenant;
use crate::domain::unit::Unit;
use crate::scalar::NodeType;

/// Most values that one comparator of `awards` takes.
const MOST: usize = 200;

/// Finds the awards that a question counts.
pub(super) struct Finder<'a> {
    pub(super) asked: &'a AwardStatisticsWhere,
    /// The period of decisions.
    pub(super) span: Span,
    pub(super) lens: &'a Lens<'a>,
}

/// Comparators by field.
#[derive(Default)]
struct Conditions(Map<String, Json>);

impl Conditions {
    /// Adds a comparator to those of a field.
    fn add(&mut self, field: &str, comparator: &str, value: Json) {
        let of_field = self.0.entry(field.to_owned()).or_insert_with(|| json!({}));
        if let Some(comparators) = of_field.as_object_mut() {
            comparators.insert(comparator.to_owned(), value);
        }
    }

    /// Adds what the key of a group says of a field; nothing when the question does not part by it.
    fn key(&mut self, field: &str, is_parted: bool, value: Option<Json>) {
        match value {
            Some(value) if is_parted => self.add(field, "eq", value),
            None if is_parted => self.add(field, "isNull", json!(true)),
            Some(_) | None => {}
        }
    }

    /// Adds the values of which the question asks for one.
    fn asked<E: ActiveEnum<Value = String>>(&mut self, field: &str, values: Option<&Vec<E>>) {
        if let Some(values) = values {
            let words: Vec<String> = values.iter().map(word).collect();
            self.add(field, "in", json!(words));
        }
    }
}

fn text<E: ActiveEnum<Value = String>>(value: Option<&E>) -> Option<Json> {
    value.map(|value| json!(word(value)))
}

impl Finder<'_> {
    /// The conditions on the awards of a group; none where `awards` knows none that say it.
    pub(super) fn filter(&self, key: &AwardGroupKey) -> Option<Json> {
        if self.asked.cluster_id.is_some() || self.lens.has(By::Cluster) {
            return None;
        }
        let mut all = Conditions::default();
        all.add("state", "eq", json!("VALID"));
        if let Some(codes) = self.codes(key) {
            if codes.len() > MOST {
                return None;
            }
            all.add("awardTypeCode", "in", json!(codes));
        }
        self.years(key, &mut all);
        self.days(key, &mut all);
        self.subjects(key, &mut all);
        self.places(key, &mut all);
        Some(Json::Object(all.0))
    }

    /// The codes of the titles and forms that are meant; none when all are.
    fn codes(&self, key: &AwardGroupKey) -> Option<BTreeSet<&str>> {
        let asked = self.asked;
        let is_asked =
            asked.award_type_code.is_some() || asked.level.is_some() || asked.family.is_some();
        let is_parted = [By::AwardType, By::Level, By::Family].map(|by| self.lens.has(by));
        if !is_asked && !is_parted.contains(&true) {
            return None;
        }
        let is_meant = |row: &&award_type::Model| {
            asked.means(row)
                && key.award_type.is_none_or(|id| row.id == id)
                && key.level.is_none_or(|level| row.level == level)
                && key.family.is_none_or(|family| row.family == family)
        };
        let rows = self.lens.types.values().filter(is_meant);
        Some(rows.map(|row| row.code.as_str()).collect())
    }

    /// The years that the awards count.
    fn years(&self, key: &AwardGroupKey, all: &mut Conditions) {
        if let Some(year) = self.asked.counting_from {
            all.add("countingFrom", "gte", json!(year));
        }
        if let Some(year) = self.asked.counting_to {
            all.add("countingTo", "lte", json!(year));
        }
        all.key("countingTo", self.lens.has(By::Year), key.year.map(|year| json!(year)));
    }

    /// The days of the decisions, within the period, the year and the month; on a past day awards without one count from
    /// the end of the last year that they count.
    fn days(&self, key: &AwardGroupKey, all: &mut Conditions) {
        let (mut from, mut to) = (self.span.from, self.span.to);
        let mut narrow = |first: NaiveDate, last: Option<NaiveDate>| {
            from = from.into_iter().chain([first]).max();
            to = to.into_iter().chain(last).min();
        };
        if let Some(year) = key.decided_year {
            narrow(first_day(year), Some(last_day(year)));
        }
        if let Some(month) = key.month {
            let end = month.checked_add_months(Months::new(1)).and_then(|day| day.pred_opt());
            narrow(month, end);
        }
        let is_dated = from.or(to).is_some();
        let is_undated = self.lens.has(By::DecidedYear) && key.decided_year.is_none();
        match self.span.known {
            Some(day) if is_undated => {
                all.add("decidedOn", "isNull", json!(true));
                let counted = json!({ "countingTo": { "lte": whole_year(day) } });
                all.0.insert("and".to_owned(), json!([counted]));
            }
            None if is_undated => all.add("decidedOn", "isNull", json!(true)),
            Some(day) if !is_dated => {
                let dated = json!({ "decidedOn": { "lte": day.to_string() } });
                let undated = json!({
                    "decidedOn": { "isNull": true }, "countingTo": { "lte": whole_year(day) },
                });
                all.0.insert("or".to_owned(), json!([dated, undated]));
            }
            known => {
                let to = to.into_iter().chain(known).min();
                let bounds = [("gte", from), ("lte", to)].into_iter();
                for (comparator, day) in bounds.filter_map(|(by, day)| Some((by, day?))) {
                    all.add("decidedOn", comparator, json!(day.to_string()));
                }
            }
        }
    }

    /// Who received them, by what type of commendation and in what field.
    fn subjects(&self, key: &AwardGroupKey, all: &mut Conditions) {
        let (asked, has) = (self.asked, |by| self.lens.has(by));
        all.asked("subjectKind", asked.subject_kind.as_ref());
        all.asked("commendationType", asked.commendation_type.as_ref());
        all.asked("leadershipClass", asked.leadership_class.as_ref());
        all.key("subjectKind", has(By::SubjectKind), text(key.subject_kind.as_ref()));
        let commendation = text(key.commendation_type.as_ref());
        all.key("commendationType", has(By::CommendationType), commendation);
        let class = text(key.leadership_class.as_ref());
        all.key("leadershipClass", has(By::LeadershipClass), class);
        all.key("sex", asked.sex.is_some(), text(asked.sex.as_ref()));
        all.key("sex", has(By::Sex), text(key.sex.as_ref()));
        all.key("enterprise", asked.enterprise.is_some(), asked.enterprise.map(Json::Bool));
        all.key("enterprise", has(By::Enterprise), key.enterprise.map(Json::Bool));
        if let Some(fields) = &asked.field {
            all.add("field", "in", json!(fields));
        }
        all.key("field", has(By::Field), key.field.as_ref().map(|field| json!(field)));
    }

    /// Who gave them, and the unit itself where those below it have groups of their own.
    fn places(&self, key: &AwardGroupKey, all: &mut Conditions) {
        if let Some(tenant) = &self.asked.issuer_tenant_id {
            all.add("issuerTenantId", "eq", json!(tenant));
        }
        match key.tenant {
            Some(tenant) => all.add("issuerTenantId", "in", json!(self.issuers(tenant))),
            None => all.key("issuerTenantId", self.lens.has(By::Tenant), None),
        }
        if let Some(unit) = key.unit.filter(|unit| *unit == self.lens.top) {
            all.add("unitId", "eq", json!(Unit::node_id(unit)));
        }
    }

    /// A tenant, and the closed ones that count with it.
    fn issuers(&self, tenant: Uuid) -> Vec<async_graphql::ID> {
        let closed = self.lens.tenants.iter().filter(|(_, after)| after.contains(&tenant));
        let mut ids: Vec<Uuid> = closed.map(|(before, _)| *before).chain([tenant]).collect();
        ids.sort();
        ids.dedup();
        ids.into_iter().map(Tenant::node_id).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// The conditions of a question that asks for nothing but a period.
    fn found(span: Span, by: &[By], key: &AwardGroupKey) -> Option<Json> {
        let (asked, types) = (AwardStatisticsWhere::default(), HashMap::new());
        let lens = Lens {
            types: &types,
            by,
            top: Uuid::nil(),
            is_protected: false,
            is_blind: false,
            units: HashMap::new(),
            tenants: HashMap::new(),
            stays: HashMap::new(),
        };
        Finder { asked: &asked, span, lens: &lens }.filter(key)
    }

    fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, month, day)
    }

    #[test]
    fn the_days_of_a_group_lie_within_the_period() {
        let span = Span { from: day(2025, 3, 15), to: day(2025, 12, 31), known: None };
        let march = AwardGroupKey { month: day(2025, 3, 1), ..AwardGroupKey::default() };
        let found = found(span, &[By::Month], &march).unwrap();

        assert_eq!(found["decidedOn"], json!({ "gte": "2025-03-15", "lte": "2025-03-31" }));
        assert_eq!(found["state"], json!({ "eq": "VALID" }));
    }

    #[test]
    fn what_has_no_value_is_asked_for_as_such() {
        let none = AwardGroupKey::default();
        let found = found(Span::default(), &[By::DecidedYear, By::Sex, By::Tenant], &none).unwrap();

        for field in ["decidedOn", "sex", "issuerTenantId"] {
            assert_eq!(found[field], json!({ "isNull": true }), "{field}");
        }
        assert_eq!(found.get("enterprise"), None, "not parted by it");
    }

    #[test]
    fn what_lies_in_clusters_is_not_found() {
        let none = AwardGroupKey::default();
        assert_eq!(found(Span::default(), &[By::Cluster], &none), None);
    }
}
