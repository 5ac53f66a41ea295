//! The law as data: documents, rules of eligibility, transitions.
//! Nothing is evaluated here; a tree that could not be evaluated stops the load.

#![expect(
    clippy::disallowed_methods,
    reason = "the loader keeps shared tables in step with the files of this version, beneath the gate"
)]

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use anyhow::{Context, bail};
use chrono::NaiveDate;
use entity::eligibility_rule::{self, Confidence, Part, Severity};
use entity::legal_document;
use entity::nominee::SubjectKind;
use entity::submission::CommendationType;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable};
use serde::Deserialize;

use crate::domain::rule::{Node, Transition};

const DOCUMENTS: &str = include_str!("../../data/law/document.csv");
const TRANSITIONS: &str = include_str!("../../data/law/transition.toml");
const RULES: [&str; 4] = [
    include_str!("../../data/rule/title.toml"),
    include_str!("../../data/rule/certificate.toml"),
    include_str!("../../data/rule/order.toml"),
    include_str!("../../data/rule/guard.toml"),
];

/// The texts behind the rows.
pub(super) const FILES: &[&str] = &[DOCUMENTS, TRANSITIONS, RULES[0], RULES[1], RULES[2], RULES[3]];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    number: String,
    kind: String,
    issuer: String,
    title: String,
    signed_on: Option<NaiveDate>,
    in_force_on: Option<NaiveDate>,
    expired_on: Option<NaiveDate>,
    replaces: String,
    confidence: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    rule: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    key: String,
    /// Codes of titles and forms; none: every one.
    #[serde(default)]
    awards: Vec<String>,
    subject_kind: Option<SubjectKind>,
    commendation_type: Option<CommendationType>,
    part: Option<Part>,
    name_vi: String,
    name_en: String,
    citation: String,
    severity: Option<Severity>,
    confidence: Option<Confidence>,
    #[serde(default)]
    obliges: bool,
    valid_from: toml::value::Datetime,
    valid_to: Option<toml::value::Datetime>,
    tree: Node,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TransitionFile {
    transition: Vec<Changed>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Changed {
    from: toml::value::Datetime,
    citation: String,
}

fn day(value: toml::value::Datetime) -> anyhow::Result<NaiveDate> {
    value.to_string().parse().with_context(|| format!("{value} is no day"))
}

/// The number of the document that a citation names: what stands between the kind of the document and the comma.
fn document_number(citation: &str) -> String {
    let named = citation.split(',').next().unwrap_or_default();
    named.split_whitespace().last().unwrap_or_default().to_owned()
}

impl Rule {
    fn rows(self, known: &HashSet<String>) -> anyhow::Result<Vec<eligibility_rule::Model>> {
        if let Some((fault, value)) = self.tree.fault(&|code| known.contains(code)) {
            bail!("rule {} of {:?}: {fault} {value}", self.key, self.awards);
        }
        let awards: Vec<_> = if self.awards.is_empty() {
            vec![None]
        } else {
            self.awards.iter().cloned().map(Some).collect()
        };
        let (from, to) = (day(self.valid_from)?, self.valid_to.map(day).transpose()?);
        let tree = serde_json::to_string(&self.tree)?;
        let row = |award: Option<String>| {
            let code = format!("{}:{}", award.as_deref().unwrap_or("*"), self.key);
            if let Some(award) = award.as_ref().filter(|award| !known.contains(*award)) {
                bail!("rule {}: no title {award}", self.key);
            }
            Ok(eligibility_rule::Model {
                id: super::named_id(&format!("eligibility_rule:{code}:{from}")),
                code,
                award_type_code: award,
                subject_kind: self.subject_kind,
                commendation_type: self.commendation_type,
                part: self.part.unwrap_or(Part::Branch),
                name_vi: self.name_vi.clone(),
                name_en: self.name_en.clone(),
                tree: tree.clone(),
                citation: self.citation.clone(),
                document_number: document_number(&self.citation),
                severity: self.severity.unwrap_or(Severity::Block),
                confidence: self.confidence.unwrap_or(Confidence::Sourced),
                obliges: self.obliges,
                valid_from: from,
                valid_to: to,
            })
        };
        awards.into_iter().map(row).collect()
    }
}

fn documents() -> anyhow::Result<Vec<legal_document::Model>> {
    let row = |row: Document| {
        Ok(legal_document::Model {
            id: super::named_id(&format!("legal_document:{}", row.number)),
            number: row.number,
            kind: super::value(&row.kind)?,
            issuer: row.issuer,
            title: row.title,
            signed_on: row.signed_on,
            in_force_on: row.in_force_on,
            expired_on: row.expired_on,
            replaces: row.replaces,
            confidence: super::value(&row.confidence)?,
        })
    };
    super::csv::<Document>(DOCUMENTS)?.into_iter().map(row).collect()
}

/// The rules of the law as they stand in the files; only codes of the catalogue may be named.
pub(crate) fn rules() -> anyhow::Result<Vec<eligibility_rule::Model>> {
    let known: HashSet<String> = super::award::codes()?.collect();
    let mut rows = Vec::new();
    for file in RULES {
        let file: RuleFile = toml::from_str(file).context("a file of rules")?;
        for rule in file.rule {
            rows.extend(rule.rows(&known)?);
        }
    }
    Ok(rows)
}

/// Why one achievement is rewarded once: the row of the law, for those who refuse it without asking every rule.
pub(crate) fn one_achievement() -> anyhow::Result<&'static eligibility_rule::Model> {
    static READ: OnceLock<Option<eligibility_rule::Model>> = OnceLock::new();
    let is_it = |row: &eligibility_rule::Model| row.code == "*:one-achievement-one-award";
    let read = || rules().ok()?.into_iter().find(is_it);
    READ.get_or_init(read).as_ref().context("no rule on one achievement")
}

/// Whether a code is one of the catalogue.
pub(crate) fn is_award(code: &str) -> bool {
    static KNOWN: OnceLock<HashSet<String>> = OnceLock::new();
    let read = || super::award::codes().map(Iterator::collect).unwrap_or_default();
    KNOWN.get_or_init(read).contains(code)
}

/// The changes of the law for which the day of receipt decides.
pub(crate) fn transitions() -> anyhow::Result<Vec<Transition>> {
    let file: TransitionFile = toml::from_str(TRANSITIONS).context("transitions")?;
    let one = |it: Changed| Ok(Transition { from: day(it.from)?, citation: it.citation });
    file.transition.into_iter().map(one).collect()
}

/// Whether a rule goes on after the end of a document of the state that it cites: on its own last day, or today.
pub(crate) fn is_carried_over(
    citation: &str,
    (from, to): (NaiveDate, Option<NaiveDate>),
    today: NaiveDate,
) -> bool {
    static ENDS: OnceLock<HashMap<String, NaiveDate>> = OnceLock::new();
    let read = || {
        let all = documents().unwrap_or_default().into_iter();
        all.filter_map(|it| Some((it.number, it.expired_on?))).collect()
    };
    let ends = ENDS.get_or_init(read);
    let day = to.map_or(today, |last| last.min(today)).max(from);
    // No number of a document holds one of these signs.
    let words = citation.split(|sign: char| sign.is_whitespace() || ",;()".contains(sign));
    words.filter_map(|word| ends.get(word)).any(|last| *last < day)
}

pub(super) async fn load(connection: &impl ConnectionTrait) -> anyhow::Result<()> {
    let all = documents()?.into_iter().map(|row| row.into_active_model().reset_all());
    let renewed = {
        use legal_document::Column;
        let changing = Column::iter().filter(|c| !matches!(c, Column::Id | Column::Number));
        OnConflict::column(Column::Id).update_columns(changing).to_owned()
    };
    legal_document::Entity::insert_many(all)
        .on_conflict(renewed)
        .exec_without_returning(connection)
        .await?;
    let all = rules()?.into_iter().map(|row| row.into_active_model().reset_all());
    let renewed = {
        use eligibility_rule::Column;
        let changing =
            Column::iter().filter(|c| !matches!(c, Column::Id | Column::Code | Column::ValidFrom));
        OnConflict::column(Column::Id).update_columns(changing).to_owned()
    };
    eligibility_rule::Entity::insert_many(all)
        .on_conflict(renewed)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_files_is_read() {
        let rules = rules().unwrap();

        let ids: HashSet<_> = rules.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), rules.len(), "a row is told from another by code and day");
        assert!(rules.len() > 80, "{}", rules.len());
        for rule in &rules {
            assert!(Node::read(&rule.tree).is_ok(), "{}", rule.code);
            let is_sure = rule.confidence == Confidence::Sourced;
            assert!(is_sure || rule.severity == Severity::Warn, "{} blocks unsure", rule.code);
        }
    }

    #[test]
    fn every_citation_names_a_document_of_the_register() {
        let known: HashSet<_> = documents().unwrap().into_iter().map(|it| it.number).collect();

        for rule in rules().unwrap() {
            assert!(known.contains(&rule.document_number), "{}: {}", rule.code, rule.citation);
        }
    }

    #[test]
    fn documents_of_the_register_have_days_in_order() {
        let documents = documents().unwrap();
        let numbers: HashSet<_> = documents.iter().map(|it| it.number.as_str()).collect();
        assert_eq!(numbers.len(), documents.len(), "each number once");
        for it in &documents {
            let days: Vec<_> =
                [it.signed_on, it.in_force_on, it.expired_on].into_iter().flatten().collect();
            assert!(days.is_sorted(), "{}: {days:?}", it.number);
        }
        // What other files of the data cite beside the rules.
        for number in [
            "45/2019/QH14",
            "202/2025/QH15",
            "175/2024/QH15",
            "86/2025/QĐ-UBND tỉnh Bắc Ninh",
            "32/2009/QH12",
        ] {
            assert!(numbers.contains(number), "{number}");
        }
    }

    #[test]
    fn what_outlives_its_document_says_so() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let today = day(2026, 11, 23);
        let is_carried = |citation: &str, from, to| is_carried_over(citation, (from, to), today);
        let decree = "Nghị định 98/2023/NĐ-CP, Điều 30 khoản 7";
        assert!(!is_carried(decree, day(2024, 1, 1), Some(day(2025, 6, 30))), "to its last day");
        assert!(is_carried(decree, day(2025, 7, 1), None));
        assert!(is_carried(decree, day(2024, 1, 1), None), "it has outlived it by today");
        let next = "Nghị định 152/2025/NĐ-CP, Điều 50";
        assert!(!is_carried(next, day(2025, 7, 1), None));
        assert!(is_carried_over(next, (day(2025, 7, 1), None), day(2027, 3, 2)));
        assert!(!is_carried("Quy chế của Hội đồng, Điều 9", day(2024, 1, 1), None));

        let ballots = crate::reference::every_ballot_rule().iter();
        let ballots = ballots.map(|row| (row.citation.clone(), row.valid_from, row.valid_to));
        let rates = crate::reference::rates().unwrap().into_iter();
        let rates = rates.map(|row| (row.citation, row.valid_from, row.valid_to));
        let rules = rules().unwrap().into_iter();
        let rules = rules.map(|row| (row.citation, row.valid_from, row.valid_to));
        for (citation, from, to) in ballots.chain(rates).chain(rules) {
            let says_so = citation.contains("áp dụng tiếp");
            assert_eq!(is_carried(&citation, from, to), says_so, "{from}: {citation}");
        }
    }

    #[test]
    fn what_was_received_before_the_change_is_known() {
        let transitions = transitions().unwrap();

        assert_eq!(transitions[0].from.to_string(), "2026-10-01");
    }
}
