//! What kinds of criterion there are, and what a member has to report for each of them.
//! No points (`formula`), no tree (`tree`), no async, no SQL, no roles, no GraphQL enter here.

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use strum::{Display as Text, EnumString, IntoStaticStr, VariantNames};

use crate::scalar::Decimal;

/// How a criterion turns what a member reports into points.
///
/// The kinds are those of the Quảng Trị police cluster application (`QUANTITATIVE` to
/// `BONUS_PENALTY`) and of the annex to plan 157/KH-UBND of Cần Thơ, 18/11/2025 (`RATIO` to
/// `ALL_OR_NOTHING`).
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantNames,
)]
#[serde(tag = "kind", content = "parameters", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(deny_unknown_fields)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// Holds other criteria; its points are the sum of theirs.
    Group,
    /// The assessor gives the points.
    Direct,
    /// A quantity, measured against the best of the cluster.
    Quantitative {
        /// Whether members are compared by actual over own target rather than by actual.
        with_target: bool,
    },
    /// Met or not met.
    Qualitative,
    /// So many points for each unit counted, up to the maximum.
    Fixed {
        /// Points for one unit.
        points_per_unit: Decimal,
    },
    /// Points added for each merit and taken off for each fault.
    BonusPenalty {
        /// Points for one merit.
        bonus: Decimal,
        /// Points taken off for one fault.
        penalty: Decimal,
        /// The least the criterion can come to, zero or below.
        min: Decimal,
        /// The most the criterion can come to; also its maximum in the tree.
        max: Decimal,
    },
    /// The share done, times the maximum.
    Ratio,
    /// The share done in percent, looked up in intervals.
    Step {
        /// The intervals in rising order; a percentage in none of them gives zero.
        steps: Vec<Step>,
    },
    /// So many points for each hit in a sample, once a precondition holds.
    Sample {
        /// Points for one hit.
        points_per_hit: Decimal,
        /// What must be proven before any hit counts.
        precondition: String,
    },
    /// The maximum when everything is done, else zero.
    AllOrNothing,
}

/// One interval of percentages and the points it gives.
///
/// It holds its lower border and not its upper one; only the last interval holds both (the Cần Thơ
/// annex gives 90 % to two intervals: it belongs to the upper one).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Lower border in percent.
    pub from: Decimal,
    /// Upper border in percent; null in the last interval when it has no end.
    pub to: Option<Decimal>,
    /// Points for a percentage inside.
    pub points: Decimal,
}

/// Why a kind could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KindFault {
    /// No kind has this code.
    UnknownKind,
    /// The parameters are not a JSON object, or a key is missing, unknown or of the wrong type.
    Parameters(
        /// What the reader said, in English.
        String,
    ),
}

impl Kind {
    /// Reads a kind from its code and its parameters, a JSON object without any other key.
    pub fn read(code: &str, parameters_json: &str) -> Result<Self, KindFault> {
        if !Self::VARIANTS.contains(&code) {
            return Err(KindFault::UnknownKind);
        }
        let said = |fault: serde_json::Error| KindFault::Parameters(fault.to_string());
        let parameters: Map<String, Value> = serde_json::from_str(parameters_json).map_err(said)?;
        let whole = if parameters.is_empty() {
            json!({ "kind": code })
        } else {
            json!({ "kind": code, "parameters": parameters })
        };
        serde_json::from_value(whole).map_err(said)
    }

    /// The stable name, such as `ALL_OR_NOTHING`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// The parameters as a JSON object; an empty one where the kind has none.
    #[must_use]
    pub fn parameters(&self) -> String {
        let whole = serde_json::to_value(self).unwrap_or_default();
        whole.get("parameters").map_or_else(|| "{}".to_owned(), Value::to_string)
    }

    /// Whether other criteria may hang below.
    #[must_use]
    pub const fn is_group(&self) -> bool {
        matches!(self, Self::Group)
    }
}

impl Display for KindFault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKind => f.write_str("no kind of criterion has this code"),
            Self::Parameters(said) => f.write_str(said),
        }
    }
}

impl std::error::Error for KindFault {}

/// What is reported of one member for one criterion; which fields it has depends on the kind.
///
/// | kind | `value` | `reference` | `met` |
/// |---|---|---|---|
/// | `DIRECT` | points, 0 to the maximum | – | – |
/// | `QUANTITATIVE` | actual | own target, if the kind has one | – |
/// | `QUALITATIVE` | – | – | is it met |
/// | `FIXED` | count, whole | – | – |
/// | `BONUS_PENALTY` | merits, whole | faults, whole | – |
/// | `RATIO`, `ALL_OR_NOTHING` | done, at most `reference` | to be done | – |
/// | `STEP` | done, may pass `reference` unless that is zero | to be done | – |
/// | `SAMPLE` | hits, whole | – | does the precondition hold |
///
/// Nothing is negative. A share above one is refused where the formula would carry it above the
/// maximum (`RATIO`) or make "everything" ambiguous (`ALL_OR_NOTHING`); `STEP` allows it, because a
/// plan may be over-fulfilled and its last interval says what that is worth.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// The quantity itself.
    pub value: Option<Decimal>,
    /// What the quantity is held against.
    pub reference: Option<Decimal>,
    /// The answer to a question of yes or no.
    pub met: Option<bool>,
}

/// A field of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Text, EnumString, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Field {
    /// The quantity itself.
    Value,
    /// What the quantity is held against.
    Reference,
    /// The answer to a question of yes or no.
    Met,
}

/// What is wrong with a measure, and in which field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum MeasureFault {
    /// The kind needs the field.
    Missing(Field),
    /// The kind has no use for the field; a group has none for any.
    Forbidden(Field),
    /// The field is below zero.
    Negative(Field),
    /// The field counts something and is not whole.
    NotWhole(Field),
    /// The field is above the maximum, or above what there was to do.
    TooHigh(Field),
}

impl MeasureFault {
    /// The stable name, such as `NOT_WHOLE`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// The field at fault.
    #[must_use]
    pub const fn field(self) -> Field {
        match self {
            Self::Missing(field)
            | Self::Forbidden(field)
            | Self::Negative(field)
            | Self::NotWhole(field)
            | Self::TooHigh(field) => field,
        }
    }
}

impl Measure {
    /// Whether the measure has what the kind needs and nothing else, within its range.
    pub fn check(&self, kind: &Kind, max: Decimal) -> Result<(), MeasureFault> {
        match kind {
            Kind::Group => Err(MeasureFault::Forbidden(Field::Value)),
            Kind::Direct => {
                self.only(&[Field::Value])?;
                value_within(self.value <= Some(max))
            }
            Kind::Quantitative { with_target: false } => self.only(&[Field::Value]),
            Kind::Quantitative { with_target: true } => {
                self.only(&[Field::Value, Field::Reference])
            }
            Kind::Qualitative => self.only(&[Field::Met]),
            Kind::Fixed { .. } => {
                self.only(&[Field::Value])?;
                self.whole()
            }
            Kind::BonusPenalty { .. } => {
                self.only(&[Field::Value, Field::Reference])?;
                self.whole()
            }
            Kind::Ratio | Kind::AllOrNothing => {
                self.only(&[Field::Value, Field::Reference])?;
                value_within(self.value <= self.reference)
            }
            Kind::Step { .. } => {
                self.only(&[Field::Value, Field::Reference])?;
                let none = Some(Decimal::ZERO);
                value_within(self.reference != none || self.value == none)
            }
            Kind::Sample { .. } => {
                self.only(&[Field::Value, Field::Met])?;
                self.whole()
            }
        }
    }

    /// Exactly these fields are there, and no number is below zero.
    fn only(&self, needed: &[Field]) -> Result<(), MeasureFault> {
        for field in [Field::Value, Field::Reference, Field::Met] {
            match (needed.contains(&field), self.has(field)) {
                (true, false) => return Err(MeasureFault::Missing(field)),
                (false, true) => return Err(MeasureFault::Forbidden(field)),
                (true, true) | (false, false) => {}
            }
        }
        self.numbers(|number| number >= Decimal::ZERO).map_err(MeasureFault::Negative)
    }

    fn whole(&self) -> Result<(), MeasureFault> {
        self.numbers(Decimal::is_whole).map_err(MeasureFault::NotWhole)
    }

    fn numbers(&self, holds: impl Fn(Decimal) -> bool) -> Result<(), Field> {
        for (field, number) in [(Field::Value, self.value), (Field::Reference, self.reference)] {
            if !number.is_none_or(&holds) {
                return Err(field);
            }
        }
        Ok(())
    }

    const fn has(&self, field: Field) -> bool {
        match field {
            Field::Value => self.value.is_some(),
            Field::Reference => self.reference.is_some(),
            Field::Met => self.met.is_some(),
        }
    }
}

const fn value_within(holds: bool) -> Result<(), MeasureFault> {
    if holds { Ok(()) } else { Err(MeasureFault::TooHigh(Field::Value)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn checked(code: &str, measure: &str) -> Result<(), MeasureFault> {
        let parameters = PARAMETERS.iter().find(|(known, _)| *known == code).unwrap().1;
        let kind = Kind::read(code, parameters).unwrap();
        serde_json::from_str::<Measure>(measure).unwrap().check(&kind, d("10"))
    }

    const PARAMETERS: [(&str, &str); 10] = [
        ("GROUP", "{}"),
        ("DIRECT", "{}"),
        ("QUANTITATIVE", r#"{"with_target":true}"#),
        ("QUALITATIVE", "{}"),
        ("FIXED", r#"{"points_per_unit":"2.5"}"#),
        ("BONUS_PENALTY", r#"{"bonus":"1","max":"3","min":"-3","penalty":"0.5"}"#),
        ("RATIO", "{}"),
        (
            "STEP",
            r#"{"steps":[{"from":"88","points":"2","to":"90"},{"from":"90","points":"3","to":null}]}"#,
        ),
        ("SAMPLE", r#"{"points_per_hit":"0.4","precondition":"kế hoạch"}"#),
        ("ALL_OR_NOTHING", "{}"),
    ];

    #[test]
    fn every_kind_comes_back_from_its_code_and_parameters() {
        assert_eq!(PARAMETERS.map(|(code, _)| code), Kind::VARIANTS);
        for (code, parameters) in PARAMETERS {
            let kind = Kind::read(code, parameters).unwrap();

            assert_eq!(kind.code(), code);
            assert_eq!(Kind::read(code, &kind.parameters()).as_ref(), Ok(&kind));
            assert_eq!(kind.parameters().parse::<Value>().ok(), parameters.parse().ok());
        }
    }

    #[test]
    fn parameters_of_another_shape_are_refused() {
        for (code, parameters) in [
            ("RATIO", r#"{"points":"1"}"#),
            ("RATIO", "[]"),
            ("RATIO", ""),
            ("FIXED", "{}"),
            ("FIXED", r#"["2.5"]"#),
            ("FIXED", r#"{"points_per_unit":2.5}"#),
            ("FIXED", r#"{"points_per_unit":"2.5","cap":"9"}"#),
            ("QUANTITATIVE", r#"{"with_target":"yes"}"#),
            ("STEP", r#"{"steps":[{"from":"1","to":null,"points":"1","note":""}]}"#),
        ] {
            let read = Kind::read(code, parameters);
            assert!(matches!(read, Err(KindFault::Parameters(_))), "{code} {parameters} {read:?}");
        }
        assert_eq!(Kind::read("ratio", "{}"), Err(KindFault::UnknownKind));
    }

    #[test]
    fn a_measure_has_what_its_kind_needs_and_nothing_else() {
        use Field::{Met, Reference, Value};
        use MeasureFault::{Forbidden, Missing, Negative, NotWhole, TooHigh};
        let table = [
            ("GROUP", "{}", Err(Forbidden(Value))),
            ("DIRECT", r#"{"value":"10"}"#, Ok(())),
            ("DIRECT", r#"{"value":"10.01"}"#, Err(TooHigh(Value))),
            ("DIRECT", r#"{"value":"-1"}"#, Err(Negative(Value))),
            ("DIRECT", "{}", Err(Missing(Value))),
            ("DIRECT", r#"{"value":"1","met":true}"#, Err(Forbidden(Met))),
            ("QUANTITATIVE", r#"{"value":"1.5","reference":"0"}"#, Ok(())),
            ("QUANTITATIVE", r#"{"value":"1"}"#, Err(Missing(Reference))),
            ("QUANTITATIVE", r#"{"value":"1","reference":"-1"}"#, Err(Negative(Reference))),
            ("QUALITATIVE", r#"{"met":false}"#, Ok(())),
            ("QUALITATIVE", r#"{"value":"1"}"#, Err(Forbidden(Value))),
            ("FIXED", r#"{"value":"12"}"#, Ok(())),
            ("FIXED", r#"{"value":"1.5"}"#, Err(NotWhole(Value))),
            ("BONUS_PENALTY", r#"{"value":"1","reference":"0"}"#, Ok(())),
            ("BONUS_PENALTY", r#"{"value":"1","reference":"0.1"}"#, Err(NotWhole(Reference))),
            ("RATIO", r#"{"value":"0","reference":"0"}"#, Ok(())),
            ("RATIO", r#"{"value":"3","reference":"2"}"#, Err(TooHigh(Value))),
            ("ALL_OR_NOTHING", r#"{"value":"3","reference":"2"}"#, Err(TooHigh(Value))),
            ("STEP", r#"{"value":"3","reference":"2"}"#, Ok(())),
            ("STEP", r#"{"value":"3","reference":"0"}"#, Err(TooHigh(Value))),
            ("SAMPLE", r#"{"value":"3","met":false}"#, Ok(())),
            ("SAMPLE", r#"{"value":"3"}"#, Err(Missing(Met))),
        ];
        for (code, measure, expected) in table {
            assert_eq!(checked(code, measure), expected, "{code} {measure}");
        }
    }

    #[test]
    fn a_fault_names_itself_and_its_field() {
        let fault = MeasureFault::NotWhole(Field::Reference);
        assert_eq!(
            (fault.code(), fault.field().to_string()),
            ("NOT_WHOLE", "REFERENCE".to_owned())
        );
    }
}
