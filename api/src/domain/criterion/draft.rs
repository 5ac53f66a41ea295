//! A criteria set before it is stored: its criteria read, put in order and checked, its tie rules read.
//! No async, no SQL and no roles enter here.

use std::collections::HashMap;
use std::hash::Hash;

use async_graphql::InputObject;
use chrono::{Months, NaiveDate};
use entity::criterion::{self, Evidence, Scorer};
use uuid::Uuid;

use super::kind::{CriterionKind, CriterionParameters};
use super::rules::Kind;
use super::tree::{CriterionDraft, Flaw, TreeFault, check_tree};
use crate::domain::comparison::rules::{TieRule, TieRuleFault};
use crate::domain::input;
use crate::error::{Code, Error, Fault, Result};
use crate::scalar::{Date, Decimal};

/// Most tie rules of a set.
const TIE_RULES: usize = 20;
/// Longest name of a unit of measure, in characters.
const UNIT: usize = 60;

/// One criterion of a set.
#[derive(InputObject)]
pub(crate) struct CriterionInput {
    /// Code within the set, such as `5.2`. Letters, digits, point, hyphen, underscore; at most 60.
    code: String,
    /// Code of the group it stands in; absent at the top. Five levels at most.
    parent_code: Option<String>,
    /// Name in Vietnamese, at most 4,000 characters.
    name: String,
    /// The most points it gives, 0 to 1,000,000; in a group the sum of those right below.
    max: Decimal,
    /// How it turns what is reported into points.
    kind: CriterionKind,
    /// Parameters of the kind; exactly those that the kind names.
    parameters: Option<CriterionParameters>,
    /// Unit of measure (đơn vị tính), such as `%` or `người`; at most 60 characters.
    unit: Option<String>,
    /// Where the figures come from (nguồn số liệu), at most 4,000 characters.
    data_source: Option<String>,
    /// Whether a self score needs evidence; optional when absent.
    #[graphql(default_with = "Evidence::Optional")]
    evidence: Evidence,
    /// Who gives the first score; the member itself when absent.
    #[graphql(default_with = "Scorer::SelfScore")]
    scorer: Scorer,
    /// Last day to report; none when absent.
    due_on: Option<Date>,
}

/// One criterion as it will be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) tree: CriterionDraft,
    pub(super) name: String,
    pub(super) unit: Option<String>,
    pub(super) data_source: Option<String>,
    pub(super) evidence: Evidence,
    pub(super) scorer: Scorer,
    pub(super) due_on: Option<NaiveDate>,
}

impl Draft {
    /// Reads the whole list of an input.
    pub(super) fn read_all(list: Vec<CriterionInput>) -> Result<Vec<Self>> {
        let read = |(index, one)| Self::read(one, &format!("input.criteria.{index}"));
        let drafts = list.into_iter().enumerate().map(read).collect::<Result<Vec<_>>>()?;
        check_draft(&drafts)?;
        Ok(drafts)
    }

    fn read(one: CriterionInput, path: &str) -> Result<Self> {
        let at = |field: &str| format!("{path}.{field}");
        let code = input::code(&one.code, &at("code"))?;
        let parent = one.parent_code.filter(|parent| !parent.trim().is_empty());
        let parameters = one.parameters.unwrap_or_default();
        let kind = one.kind.with(&parameters).map_err(|fault| {
            let invalid = Fault::at(Code::CriterionInvalid, &at("parameters"));
            Error::from(invalid.with("criterion", &code).with("detail", fault.detail()))
        })?;
        let tree = CriterionDraft {
            parent: parent.map(|parent| input::code(&parent, &at("parentCode"))).transpose()?,
            code,
            max: one.max,
            kind,
        };
        let source = one.data_source.as_deref();
        Ok(Self {
            tree,
            name: input::text(&one.name, &at("name"), input::TEXT)?,
            unit: input::optional_text(one.unit.as_deref(), &at("unit"), UNIT)?,
            data_source: input::optional_text(source, &at("dataSource"), input::TEXT)?,
            evidence: one.evidence,
            scorer: one.scorer,
            due_on: one.due_on.map(|day| input::day(day, &at("dueOn"))).transpose()?,
        })
    }

    /// Reads stored criteria, in the order given.
    pub(super) fn of_rows(rows: &[criterion::Model]) -> Result<Vec<Self>> {
        let codes: HashMap<Uuid, &str> =
            rows.iter().map(|row| (row.id, row.code.as_str())).collect();
        let read = |row: &criterion::Model| {
            let parent = row.parent_id.and_then(|id| codes.get(&id));
            let tree = CriterionDraft {
                code: row.code.clone(),
                parent: parent.map(|code| (*code).to_owned()),
                max: Decimal::from_units(row.max_points),
                kind: kind_of(row)?,
            };
            Ok(Self {
                tree,
                name: row.name.clone(),
                unit: row.unit.clone(),
                data_source: row.data_source.clone(),
                evidence: row.evidence,
                scorer: row.scorer,
                due_on: row.due_on,
            })
        };
        rows.iter().map(read).collect()
    }

    /// The same criterion so many years later: due on the same day and month.
    pub(super) fn later(mut self, years: i32) -> Self {
        let months = Months::new(years.unsigned_abs().saturating_mul(12));
        self.due_on = self.due_on.and_then(|day| {
            if years < 0 { day.checked_sub_months(months) } else { day.checked_add_months(months) }
        });
        self
    }
}

/// The kind of a stored criterion.
pub(super) fn kind_of(row: &criterion::Model) -> Result<Kind> {
    Kind::read(&row.kind, &row.parameters).map_err(|fault| Error::broken(&fault.to_string()))
}

/// Whether the criteria make a tree; that they have something to score is asked only when the set is locked.
fn check_draft(drafts: &[Draft]) -> Result<()> {
    let Some(fault) = faults(drafts).into_iter().find(|fault| fault.flaw != Flaw::NoLeaf) else {
        return Ok(());
    };
    let is_it = |draft: &Draft| Some(&draft.tree.code) == fault.code.as_ref();
    let is_last = fault.flaw == Flaw::CodeTaken;
    let index =
        if is_last { drafts.iter().rposition(is_it) } else { drafts.iter().position(is_it) };
    let list = "input.criteria".to_owned();
    let path = index.map_or_else(|| list.clone(), |index| format!("{list}.{index}"));
    Err(invalid(&fault, &path))
}

/// Whether members can be scored by the set as it is stored.
pub(super) fn check_final(drafts: &[Draft], tie_rules: &[TieRule]) -> Result<()> {
    if let Some(fault) = faults(drafts).first() {
        return Err(invalid(fault, "input.id"));
    }
    let is_known = |code: &String| drafts.iter().any(|draft| draft.tree.code == *code);
    let unknown = tie_rules.iter().find_map(|rule| match rule {
        TieRule::Criterion(code) if !is_known(code) => Some(code),
        TieRule::Criterion(_) | TieRule::PreviousRank | TieRule::Ballot | TieRule::Shared => None,
    });
    match unknown {
        Some(code) => {
            let fault = Fault::at(Code::CriterionInvalid, "input.id").with("criterion", code);
            Err(fault.with("detail", "TIE_RULE_UNKNOWN").into())
        }
        None => Ok(()),
    }
}

fn faults(drafts: &[Draft]) -> Vec<TreeFault> {
    let trees: Vec<CriterionDraft> = drafts.iter().map(|draft| draft.tree.clone()).collect();
    check_tree(&trees).err().unwrap_or_default()
}

fn invalid(fault: &TreeFault, path: &str) -> Error {
    let code = fault.code.as_deref().unwrap_or("–");
    let invalid = Fault::at(Code::CriterionInvalid, path).with("criterion", code);
    invalid.with("detail", fault.flaw).into()
}

/// Reads tie rules; nothing may follow `SHARED`, and none stands twice.
pub(super) fn tie_rules(texts: &[String]) -> Result<Vec<TieRule>> {
    if texts.len() > TIE_RULES {
        let fault = Fault::at(Code::OutOfRange, "input.tieRules");
        return Err(fault.with("case", "COUNT").with("min", 0).with("max", TIE_RULES).into());
    }
    let mut rules: Vec<TieRule> = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let path = format!("input.tieRules.{index}");
        let rule: TieRule = text.trim().parse().map_err(|fault: TieRuleFault| {
            Error::from(Fault::at(Code::InvalidFormat, &path).with("expected", fault))
        })?;
        if rules.contains(&rule) || rules.last() == Some(&TieRule::Shared) {
            return Err(Fault::at(Code::InvalidCombination, &path)
                .with("detail", text.trim())
                .into());
        }
        rules.push(rule);
    }
    Ok(rules)
}

/// Tie rules as they are stored: a JSON list of their texts.
pub(super) fn stored_tie_rules(rules: &[TieRule]) -> Result<String> {
    let texts: Vec<String> = rules.iter().map(ToString::to_string).collect();
    Ok(serde_json::to_string(&texts)?)
}

/// The base scale: all points to be had without those of bonus and penalty.
pub(super) fn base_scale<'a>(
    rows: impl IntoIterator<Item = &'a criterion::Model>,
) -> Result<Decimal> {
    let mut base = Vec::new();
    for row in rows {
        match kind_of(row)? {
            Kind::Group | Kind::BonusPenalty { .. } => {}
            Kind::Direct
            | Kind::Quantitative { .. }
            | Kind::Qualitative
            | Kind::Fixed { .. }
            | Kind::Ratio
            | Kind::Step { .. }
            | Kind::Sample { .. }
            | Kind::AllOrNothing => base.push(Decimal::from_units(row.max_points)),
        }
    }
    Decimal::sum(base).ok_or_else(|| Error::broken("a base scale beyond the range"))
}

/// Puts items in the order of their tree: each before those below it, siblings as they were given.
pub(super) fn depth_first<T, K: Eq + Hash>(
    items: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> K,
    above: impl Fn(&T) -> Option<K>,
) -> Vec<T> {
    let mut below: HashMap<Option<K>, Vec<T>> = HashMap::new();
    for item in items {
        below.entry(above(&item)).or_default().push(item);
    }
    let mut ordered = Vec::new();
    let mut open = below.remove(&None).unwrap_or_default();
    open.reverse();
    while let Some(item) = open.pop() {
        let children = below.remove(&Some(key(&item))).unwrap_or_default();
        open.extend(children.into_iter().rev());
        ordered.push(item);
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(code: &str, parent: &str, max: &str, kind: Kind) -> Draft {
        let parent = (!parent.is_empty()).then(|| parent.to_owned());
        let max = max.parse().unwrap();
        Draft {
            tree: CriterionDraft { code: code.to_owned(), parent, max, kind },
            name: code.to_owned(),
            unit: None,
            data_source: None,
            evidence: Evidence::Optional,
            scorer: Scorer::SelfScore,
            due_on: NaiveDate::from_ymd_opt(2024, 2, 29),
        }
    }

    fn fault<T: std::fmt::Debug>(result: Result<T>) -> (Code, String, Option<String>) {
        let Err(Error::Fault(fault)) = result else { panic!("{result:?}") };
        let detail = fault.parameters.iter().find(|(name, _)| *name == "detail");
        (fault.code, fault.path.join("."), detail.map(|(_, text)| text.clone()))
    }

    fn rules(texts: &[&str]) -> Result<Vec<TieRule>> {
        tie_rules(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn tie_rules_are_read_in_their_order_and_come_back() {
        let texts = ["CRITERION:5.3", "PREVIOUS_RANK", "BALLOT", "SHARED"];
        let read = rules(&texts).unwrap();

        assert_eq!(read.first(), Some(&TieRule::Criterion("5.3".to_owned())));
        assert_eq!(
            stored_tie_rules(&read).unwrap(),
            r#"["CRITERION:5.3","PREVIOUS_RANK","BALLOT","SHARED"]"#
        );
        assert_eq!(rules(&[]).unwrap(), []);
    }

    #[test]
    fn a_tie_rule_stands_once_and_before_shared() {
        let fault = |texts: &[&str]| {
            let (code, path, _) = fault(rules(texts));
            (code, path)
        };

        let format = (Code::InvalidFormat, "input.tieRules.1".to_owned());
        assert_eq!(fault(&["BALLOT", "CRITERION:"]), format);
        assert_eq!(fault(&["BALLOT", "COIN"]), format);
        let combination = (Code::InvalidCombination, "input.tieRules.1".to_owned());
        assert_eq!(fault(&["SHARED", "BALLOT"]), combination);
        assert_eq!(fault(&["BALLOT", "BALLOT"]), combination);
        assert_eq!(fault(&["BALLOT"; 21]), (Code::OutOfRange, "input.tieRules".to_owned()));
    }

    #[test]
    fn a_fault_of_a_draft_names_the_place_in_the_list() {
        let mut drafts = vec![
            draft("1", "", "5", Kind::Group),
            draft("1.1", "1", "5", Kind::Direct),
            draft("2", "", "5", Kind::Direct),
        ];
        assert!(check_draft(&drafts).is_ok());
        assert!(check_draft(&[]).is_ok());

        drafts[1].tree.max = "4".parse().unwrap();
        let expected =
            (Code::CriterionInvalid, "input.criteria.0".to_owned(), Some("MAX_NOT_SUM".to_owned()));
        assert_eq!(fault(check_draft(&drafts)), expected);

        drafts[2].tree.code = "1.1".to_owned();
        drafts[1].tree.max = "5".parse().unwrap();
        assert_eq!(fault(check_draft(&drafts)).1, "input.criteria.2");
    }

    #[test]
    fn a_set_is_locked_only_when_it_can_be_scored() {
        let drafts = [draft("1", "", "5", Kind::Direct)];
        let rule = |code: &str| [TieRule::Criterion(code.to_owned()), TieRule::Ballot];

        assert!(check_final(&drafts, &rule("1")).is_ok());
        assert_eq!(fault(check_final(&drafts, &rule("2"))).2.as_deref(), Some("TIE_RULE_UNKNOWN"));
        assert_eq!(fault(check_final(&[], &[])).2.as_deref(), Some("NO_LEAF"));
    }

    #[test]
    fn a_tree_is_told_from_the_top_with_siblings_as_given() {
        let list = [("5.1", "5"), ("5", ""), ("1", ""), ("5.1.1", "5.1"), ("5.2", "5")];
        let above = |one: &(&'static str, &'static str)| (!one.1.is_empty()).then_some(one.1);
        let ordered = depth_first(list, |one| one.0, above);

        let codes: Vec<&str> = ordered.into_iter().map(|one| one.0).collect();
        assert_eq!(codes, ["5", "5.1", "5.1.1", "5.2", "1"]);
    }

    #[test]
    fn a_copy_is_due_on_the_same_day_of_its_year() {
        let due =
            |years| draft("1", "", "5", Kind::Direct).later(years).due_on.unwrap().to_string();

        assert_eq!(due(1), "2025-02-28");
        assert_eq!(due(4), "2028-02-29");
        assert_eq!(due(-7), "2017-02-28");
        assert_eq!(due(0), "2024-02-29");
    }
}
