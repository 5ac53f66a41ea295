//! Exact values that cross the API: ids, decimals, dates and times.
//! No rule of a domain enters here.

mod decimal;
mod id;
mod time;

pub use decimal::Decimal;
pub use id::{NodeType, decode, encode};
pub use time::{Date, DateTime};

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// An exact decimal number with at most four digits after the point, as text ("34", "4.5", "-0.25").
/// Never rounded by the transport; a plain integer is accepted as input too.
#[Scalar(
    name = "Decimal",
    specified_by_url = "https://en.wikipedia.org/wiki/Fixed-point_arithmetic"
)]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = match &value {
            Value::String(text) => text.clone(),
            Value::Number(number) if number.is_i64() => number.to_string(),
            Value::Null
            | Value::Number(_)
            | Value::Boolean(_)
            | Value::Binary(_)
            | Value::Enum(_)
            | Value::List(_)
            | Value::Object(_) => return Err(InputValueError::expected_type(value)),
        };
        Self::parse(&text).ok_or_else(|| {
            InputValueError::custom("a decimal has at most four digits after the point")
        })
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}
