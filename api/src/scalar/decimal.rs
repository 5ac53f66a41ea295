//! Exact decimal numbers for points, targets and shares.
//! No floating point, no rounding and no silent overflow enter here.

use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A number counted in ten-thousandths, so that at most four fraction digits are kept exactly.
///
/// It is text ("34", "4.5", "-0.25") wherever it leaves the program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i64);

/// The text is not a plain decimal number with at most four fraction digits, or it is out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecimalFault;

impl Decimal {
    /// Ten-thousandths in one.
    pub const SCALE: i64 = 10_000;

    /// Nought, which is a number and never stands for a missing one.
    pub const ZERO: Self = Self(0);

    /// The number made of so many ten-thousandths.
    #[must_use]
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// How many ten-thousandths the number has.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.0
    }

    /// Reads plain decimal text; an exponent, a bare point or a fifth fraction digit is refused.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        if !is_digits(whole) || !is_digits(fraction) || fraction.len() > 4 {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let fraction: i64 = format!("{fraction:0<4}").parse().ok()?;
        let magnitude = i128::from(whole) * i128::from(Self::SCALE) + i128::from(fraction);
        let signed = if text.starts_with('-') { -magnitude } else { magnitude };
        i64::try_from(signed).ok().map(Self)
    }

    /// The sum, or nothing where it does not fit.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or nothing where it does not fit.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The sum of all parts in whatever order they come, or nothing where it does not fit.
    #[must_use]
    pub fn sum(parts: impl IntoIterator<Item = Self>) -> Option<Self> {
        let units: i128 = parts.into_iter().map(|part| i128::from(part.0)).sum();
        i64::try_from(units).ok().map(Self)
    }

    /// Whether nothing stands behind the point.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.0 % Self::SCALE == 0
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Display for Decimal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let scale = Self::SCALE.unsigned_abs();
        let (whole, fraction) = (self.0.unsigned_abs() / scale, self.0.unsigned_abs() % scale);
        let text = format!("{whole}.{fraction:04}");
        let shortest = text.trim_end_matches('0').trim_end_matches('.');
        f.pad_integral(self.0 >= 0, "", shortest)
    }
}

impl FromStr for Decimal {
    type Err = DecimalFault;

    fn from_str(text: &str) -> Result<Self, DecimalFault> {
        Self::parse(text).ok_or(DecimalFault)
    }
}

impl Display for DecimalFault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("not a decimal number with at most four fraction digits")
    }
}

impl std::error::Error for DecimalFault {}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn units(text: &str) -> Option<i64> {
        Decimal::parse(text).map(Decimal::units)
    }

    #[test]
    fn plain_text_is_read() {
        assert_eq!(units("34"), Some(340_000));
        assert_eq!(units("4.5"), Some(45_000));
        assert_eq!(units("-0.25"), Some(-2_500));
        assert_eq!(units("+1.0001"), Some(10_001));
        assert_eq!(units("-0"), Some(0));
        assert_eq!(units("007.1000"), Some(71_000));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "", "-", "+", ".", ".5", "5.", "1e3", "1,5", " 1", "1 ", "--1", "+-1", "1.+5", "0x1",
            "1.00000", "1.2.3", "NaN", "1_000", "١",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_range_is_that_of_ten_thousandths() {
        assert_eq!(units("922337203685477.5807"), Some(i64::MAX));
        assert_eq!(units("-922337203685477.5808"), Some(i64::MIN));
        assert_eq!(units("922337203685477.5808"), None);
        assert_eq!(units("-922337203685477.5809"), None);
        assert_eq!(units("99999999999999999999999999"), None);
    }

    #[test]
    fn the_shortest_text_is_shown() {
        let shown = |units| Decimal::from_units(units).to_string();

        assert_eq!(shown(340_000), "34");
        assert_eq!(shown(45_000), "4.5");
        assert_eq!(shown(-2_500), "-0.25");
        assert_eq!(shown(1), "0.0001");
        assert_eq!(shown(0), "0");
        assert_eq!(shown(1_000_000), "100");
        assert_eq!(shown(i64::MIN), "-922337203685477.5808");
        assert_eq!(format!("[{:>6}]", Decimal::from_units(-5_000)), "[  -0.5]");
    }

    #[test]
    fn an_overflow_is_nothing_rather_than_a_wrong_number() {
        let (most, unit) = (Decimal::from_units(i64::MAX), Decimal::from_units(1));

        assert_eq!(most.checked_add(unit), None);
        assert_eq!(Decimal::from_units(i64::MIN).checked_sub(unit), None);
        assert_eq!(Decimal::sum([most, unit]), None);
        assert_eq!(Decimal::sum([most, unit, Decimal::from_units(-1)]), Some(most));
        assert_eq!(Decimal::sum([]), Some(Decimal::ZERO));
    }

    #[test]
    fn json_knows_it_as_text_only() {
        let half: Decimal = "0.5".parse().unwrap();

        assert_eq!(serde_json::to_string(&half).unwrap(), "\"0.5\"");
        assert_eq!(serde_json::from_str::<Decimal>("\"0.50\"").unwrap(), half);
        assert!(serde_json::from_str::<Decimal>("0.5").is_err());
        assert!(serde_json::from_str::<Decimal>("\"half\"").is_err());
    }

    proptest! {
        #[test]
        fn text_comes_back_as_the_same_number(units in any::<i64>()) {
            let number = Decimal::from_units(units);

            prop_assert_eq!(Decimal::parse(&number.to_string()), Some(number));
            prop_assert_eq!(number.is_whole(), !number.to_string().contains('.'));
        }

        #[test]
        fn reading_never_panics(text in "\\PC{0,30}") {
            let read = Decimal::parse(&text).map(|number| number.to_string());

            prop_assert!(read.is_none_or(|shown| Decimal::parse(&shown).is_some()));
        }

        #[test]
        fn a_sum_taken_back_leaves_the_first(a in any::<i64>(), b in any::<i64>()) {
            let (a, b) = (Decimal::from_units(a), Decimal::from_units(b));

            prop_assert!(a.checked_add(b).is_none_or(|sum| sum.checked_sub(b) == Some(a)));
        }
    }
}
