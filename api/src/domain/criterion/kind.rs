//! The kinds of criterion as the API shows them, and their parameters.
//! No points are worked out here: that is `formula`.

use async_graphql::{Enum, InputObject, SimpleObject};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::IntoStaticStr;

use super::rules::Kind;
use crate::error::{Error, Result};
use crate::scalar::Decimal;

/// How a criterion turns what a member reports into points (cách tính điểm). All arithmetic is exact and
/// rounded once, at the end, as the criteria set says. What is not reported has no points; zero is a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum CriterionKind {
    /// Holds other criteria (nhóm tiêu chí): its points are the sum of theirs, its maximum the sum of their
    /// maxima. Nothing is reported for it.
    Group,
    /// The assessor gives the points (chấm trực tiếp), from 0 to the maximum.
    Direct,
    /// A quantity held against the best of the cluster (chỉ tiêu định lượng).
    /// `withTarget: true` compares A/T, actual over own target: up to the target `0.5 × max × A/T`; above it
    /// `0.5 × max + 0.5 × max × (A/T − 1) / (L − 1)`, where L is the highest A/T of the cluster, so that the
    /// leader, and all who share its quotient, have the maximum. T = 0 is met by A = 0 (half the maximum) and
    /// surpassed by any other A (the maximum), but never leads the others. Where nobody is above target,
    /// nobody has more than half, the leader exactly at target included.
    /// `withTarget: false`: `max × A / highest A`; where all A are 0, everyone has 0.
    /// A sole member is its own leader. A member that has not reported neither scores nor leads.
    Quantitative,
    /// Met or not met (định tính): the maximum or 0.
    Qualitative,
    /// So many points for each unit counted: `count × pointsPerUnit`, at most the maximum.
    Fixed,
    /// Points added and taken off (điểm thưởng, điểm trừ): `bonus × merits − penalty × faults`, not below
    /// `min` and not above `max`. It may be negative, and may lift a total above the base scale.
    BonusPenalty,
    /// The share done (tỷ lệ): `max × done / to be done`. Nothing to be done counts as all done; more than
    /// there was to do is refused.
    Ratio,
    /// The share done in percent, looked up in intervals. An interval holds its lower border and not its
    /// upper one, only the last holds both: with 88–90 and 90–95, 90 % belongs to the second. A percentage
    /// in none of them gives 0; nothing to be done gives the best interval.
    Step,
    /// So many points for each hit in a sample (chọn mẫu): `hits × pointsPerHit`, at most the maximum; 0
    /// unless the precondition holds.
    Sample,
    /// The maximum when everything is done, else 0 (đạt 100 %). Nothing to be done counts as all done.
    AllOrNothing,
}

/// Parameters of a criterion; which ones it has depends on its kind, the others are null.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject,
)]
#[graphql(input_name = "CriterionParametersInput")]
#[serde(default)]
pub(crate) struct CriterionParameters {
    /// `QUANTITATIVE`: whether members are compared by actual over own target rather than by actual; null for other
    /// kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    with_target: Option<bool>,
    /// `FIXED`: points for one unit, 0 or more; null for other kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    points_per_unit: Option<Decimal>,
    /// `BONUS_PENALTY`: points for one merit, 0 or more; null for other kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    bonus: Option<Decimal>,
    /// `BONUS_PENALTY`: points taken off for one fault, 0 or more; null for other kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    penalty: Option<Decimal>,
    /// `BONUS_PENALTY`: the least it can come to, −1,000,000 to 0 points; null for other kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<Decimal>,
    /// `BONUS_PENALTY`: the most it can come to, in points; the same as the maximum of the criterion; null for other
    /// kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<Decimal>,
    /// `STEP`: the intervals in rising order, one at least; null for other kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<CriterionStep>>,
    /// `SAMPLE`: points for one hit, 0 or more; null for other kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    points_per_hit: Option<Decimal>,
    /// `SAMPLE`: what must be proven before any hit counts; null for other kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    precondition: Option<String>,
}

/// One interval of percentages; it holds its lower border and not its upper one, only the last holds both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(input_name = "CriterionStepInput")]
pub(crate) struct CriterionStep {
    /// Lower border in percent, 0 or more.
    from: Decimal,
    /// Upper border in percent; null in the last interval when it has no end.
    to: Option<Decimal>,
    /// Points for a percentage inside, 0 to the maximum of the criterion.
    points: Decimal,
}

impl From<&Kind> for CriterionKind {
    fn from(kind: &Kind) -> Self {
        match kind {
            Kind::Group => Self::Group,
            Kind::Direct => Self::Direct,
            Kind::Quantitative { .. } => Self::Quantitative,
            Kind::Qualitative => Self::Qualitative,
            Kind::Fixed { .. } => Self::Fixed,
            Kind::BonusPenalty { .. } => Self::BonusPenalty,
            Kind::Ratio => Self::Ratio,
            Kind::Step { .. } => Self::Step,
            Kind::Sample { .. } => Self::Sample,
            Kind::AllOrNothing => Self::AllOrNothing,
        }
    }
}

/// What is wrong with the parameters of a kind: one is missing, or is not its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ParameterFault {
    Missing(&'static str),
    NotOfKind(String),
    /// Not to be expected once the names are right.
    Unreadable(String),
}

impl CriterionKind {
    /// Names of the parameters as stored; each of them must be given.
    const fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Group | Self::Direct | Self::Qualitative | Self::Ratio | Self::AllOrNothing => {
                &[]
            }
            Self::Quantitative => &["with_target"],
            Self::Fixed => &["points_per_unit"],
            Self::BonusPenalty => &["bonus", "penalty", "min", "max"],
            Self::Step => &["steps"],
            Self::Sample => &["points_per_hit", "precondition"],
        }
    }

    /// The kind with its parameters.
    pub(super) fn with(self, given: &CriterionParameters) -> Result<Kind, ParameterFault> {
        let unreadable = |fault: &dyn ToString| ParameterFault::Unreadable(fault.to_string());
        let given = serde_json::to_value(given).map_err(|fault| unreadable(&fault))?;
        let names = given.as_object().into_iter().flat_map(|given| given.keys());
        if let Some(other) =
            names.into_iter().find(|name| !self.parameters().contains(&name.as_str()))
        {
            return Err(ParameterFault::NotOfKind(other.clone()));
        }
        let is_missing = |name: &&&str| given.get(**name).is_none_or(Value::is_null);
        if let Some(missing) = self.parameters().iter().find(is_missing) {
            return Err(ParameterFault::Missing(missing));
        }
        Kind::read(self.into(), &given.to_string()).map_err(|fault| unreadable(&fault))
    }
}

impl CriterionParameters {
    /// The parameters of a stored kind.
    pub(super) fn of(kind: &Kind) -> Result<Self> {
        serde_json::from_str(&kind.parameters()).map_err(Error::from)
    }
}

impl ParameterFault {
    /// What the message says: a stable word, and the parameter as the API writes it.
    pub(super) fn detail(&self) -> String {
        match self {
            Self::Missing(name) => format!("PARAMETER_MISSING {}", camel(name)),
            Self::NotOfKind(name) => format!("PARAMETER_NOT_OF_KIND {}", camel(name)),
            Self::Unreadable(said) => format!("PARAMETER_UNREADABLE {said}"),
        }
    }
}

/// `points_per_unit` as `pointsPerUnit`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        let (head, tail) = word.split_at_checked(1).unwrap_or((word, ""));
        text + &head.to_ascii_uppercase() + tail
    })
}

#[cfg(test)]
mod tests {
    use strum::VariantNames;

    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn given() -> CriterionParameters {
        CriterionParameters::default()
    }

    fn every_kind() -> Vec<(CriterionKind, CriterionParameters)> {
        let bonus = CriterionParameters {
            bonus: Some(d("1")),
            penalty: Some(d("0.5")),
            min: Some(d("-3")),
            max: Some(d("3")),
            ..given()
        };
        let step = CriterionStep { from: d("88"), to: None, points: d("2") };
        let precondition = Some("kế hoạch".to_owned());
        vec![
            (CriterionKind::Group, given()),
            (CriterionKind::Direct, given()),
            (
                CriterionKind::Quantitative,
                CriterionParameters { with_target: Some(true), ..given() },
            ),
            (CriterionKind::Qualitative, given()),
            (
                CriterionKind::Fixed,
                CriterionParameters { points_per_unit: Some(d("2.5")), ..given() },
            ),
            (CriterionKind::BonusPenalty, bonus),
            (CriterionKind::Ratio, given()),
            (CriterionKind::Step, CriterionParameters { steps: Some(vec![step]), ..given() }),
            (
                CriterionKind::Sample,
                CriterionParameters { points_per_hit: Some(d("0.4")), precondition, ..given() },
            ),
            (CriterionKind::AllOrNothing, given()),
        ]
    }

    #[test]
    fn every_kind_comes_back_with_its_parameters() {
        let names: Vec<&str> = every_kind().into_iter().map(|(kind, _)| kind.into()).collect();
        assert_eq!(names, Kind::VARIANTS);
        for (kind, parameters) in every_kind() {
            let read = kind.with(&parameters).unwrap();

            assert_eq!(CriterionKind::from(&read), kind);
            assert_eq!(CriterionParameters::of(&read).unwrap(), parameters);
        }
    }

    #[test]
    fn each_kind_has_its_own_parameters_and_no_others() {
        for (kind, parameters) in every_kind() {
            let others = every_kind().into_iter().filter(|(_, others)| *others != parameters);
            for (_, others) in others {
                assert!(kind.with(&others).is_err(), "{kind:?} {others:?}");
            }
        }
        let fault = |kind: CriterionKind, parameters| kind.with(&parameters).unwrap_err().detail();
        let fixed = CriterionParameters { points_per_unit: Some(d("1")), ..given() };
        assert_eq!(fault(CriterionKind::Ratio, fixed), "PARAMETER_NOT_OF_KIND pointsPerUnit");
        assert_eq!(fault(CriterionKind::Sample, given()), "PARAMETER_MISSING pointsPerHit");
    }
}
