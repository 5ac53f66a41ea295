//! Cursors: the keys of a row, bound to one list and signed.
//! No query enters here.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use async_graphql::connection::CursorType;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{ColumnType, Value};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Direction;

const TAG: usize = 16;

/// The key that signs cursors.
#[derive(Clone, Debug, Default)]
pub struct Secret(pub Arc<[u8]>);

/// One key value of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Part {
    Id(Uuid),
    Text(String),
    Number(i64),
    Day(NaiveDate),
    Moment(DateTime<Utc>),
}

impl Part {
    pub(super) fn of(value: &Value) -> Option<Self> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the library's list of types; keys are of these only"
        )]
        match value {
            Value::Uuid(Some(id)) => Some(Self::Id(*id)),
            Value::String(Some(text)) => Some(Self::Text(text.clone())),
            Value::Int(Some(number)) => Some(Self::Number(i64::from(*number))),
            Value::BigInt(Some(number)) => Some(Self::Number(*number)),
            Value::ChronoDate(Some(day)) => Some(Self::Day(*day)),
            Value::ChronoDateTimeUtc(Some(moment)) => Some(Self::Moment(*moment)),
            _ => None,
        }
    }

    /// What stands for no value in an order, so that it comes behind the others; none for columns of other types.
    pub(super) fn last(column: &ColumnType, direction: Direction) -> Option<Self> {
        let is_ascending = direction == Direction::Asc;
        let year = if is_ascending { 9999 } else { 1 };
        let day = NaiveDate::from_ymd_opt(year, if is_ascending { 12 } else { 1 }, 1)?;
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the library's list of types; days and times are ordered by only"
        )]
        match column {
            ColumnType::Date => Some(Self::Day(day)),
            ColumnType::TimestampWithTimeZone => {
                Some(Self::Moment(day.and_hms_opt(0, 0, 0)?.and_utc()))
            }
            _ => None,
        }
    }

    /// A day or a time as it stands in a statement; that of SQLite compares times as the text that the driver writes.
    pub(super) fn written(&self) -> Option<String> {
        match self {
            Self::Day(day) => Some(day.to_string()),
            Self::Moment(moment) => Some(moment.to_rfc3339_opts(SecondsFormat::AutoSi, false)),
            Self::Id(_) | Self::Text(_) | Self::Number(_) => None,
        }
    }

    pub(super) fn value(&self) -> Value {
        match self {
            Self::Id(id) => Value::from(*id),
            Self::Text(text) => Value::from(text.clone()),
            Self::Number(number) => Value::from(*number),
            Self::Day(day) => Value::from(*day),
            Self::Moment(moment) => Value::from(*moment),
        }
    }
}

/// Where a row stands in one list; written only when the query asks for it.
#[derive(Clone, Debug)]
pub struct Cursor {
    parts: Vec<Part>,
    fingerprint: u64,
    secret: Secret,
}

#[derive(Serialize, Deserialize)]
struct Wire(u64, Vec<Part>);

impl Cursor {
    pub(super) fn new(parts: Vec<Part>, fingerprint: u64, secret: Secret) -> Self {
        Self { parts, fingerprint, secret }
    }

    /// The key values of a cursor of this list; none when it was made elsewhere or changed.
    pub(super) fn read(text: &str, fingerprint: u64, secret: &Secret) -> Option<Vec<Part>> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (tag, body) = bytes.split_at_checked(TAG)?;
        mac(secret)?.chain_update(body).verify_truncated_left(tag).ok()?;
        let Wire(list, parts) = serde_json::from_slice(body).ok()?;
        (list == fingerprint).then_some(parts)
    }

    fn write(&self) -> Option<String> {
        let body = serde_json::to_vec(&Wire(self.fingerprint, self.parts.clone())).ok()?;
        let tag = mac(&self.secret)?.chain_update(&body).finalize().into_bytes();
        let bytes: Vec<u8> = tag.iter().take(TAG).chain(&body).copied().collect();
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }
}

fn mac(secret: &Secret) -> Option<Hmac<Sha256>> {
    Hmac::new_from_slice(&secret.0).ok()
}

impl CursorType for Cursor {
    type Error = std::fmt::Error;

    fn decode_cursor(_: &str) -> Result<Self, Self::Error> {
        // Arguments are read by `Cursor::read`, which knows the list and the secret.
        Err(std::fmt::Error)
    }

    fn encode_cursor(&self) -> String {
        self.write().unwrap_or_default()
    }
}

/// Reads bytes as a cursor, as they are and behind a right signature; for `tests/fuzz`.
#[cfg(feature = "fuzzing")]
pub fn fuzz(bytes: &[u8]) {
    let secret = Secret(Arc::from([7; 32]));
    drop(Cursor::read(&String::from_utf8_lossy(bytes), 1, &secret));
    let tag = mac(&secret).map(|mac| mac.chain_update(bytes).finalize().into_bytes());
    let signed: Vec<u8> =
        tag.into_iter().flatten().take(TAG).chain(bytes.iter().copied()).collect();
    let parts = Cursor::read(&URL_SAFE_NO_PAD.encode(signed), 1, &secret);
    drop(parts.map(|parts| parts.iter().map(Part::value).collect::<Vec<_>>()));
}

/// A number that tells one list, its conditions and its order from another.
#[must_use]
pub fn fingerprint(list: &str, conditions: &impl Hash) -> u64 {
    let mut hasher = Lasting(Sha256::new());
    list.hash(&mut hasher);
    conditions.hash(&mut hasher);
    hasher.finish()
}

/// A hash that two builds share, of two compilers and on two machines: a cursor of one node is good on the next one,
/// while they are replaced one by one too. That of the standard library may be another in its next release.
struct Lasting(Sha256);

impl Hasher for Lasting {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn write_u16(&mut self, number: u16) {
        self.write(&number.to_le_bytes());
    }

    fn write_u32(&mut self, number: u32) {
        self.write(&number.to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_u128(&mut self, number: u128) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(u64::try_from(number).unwrap_or(u64::MAX));
    }

    fn finish(&self) -> u64 {
        let digest: [u8; 32] = self.0.clone().finalize().into();
        digest.first_chunk().map_or(0, |first| u64::from_le_bytes(*first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn secret() -> Secret {
        Secret(Arc::from(b"a secret of thirty-two bytes, so".as_slice()))
    }

    #[test]
    fn a_list_has_the_same_number_in_every_build() {
        let bytes =
            [b"units\xff".as_slice(), &[3, 0, 0, 0], &7_i64.to_le_bytes(), b"x\xff"].concat();
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        let expected = u64::from_le_bytes(*digest.first_chunk().unwrap());
        assert_eq!(fingerprint("units", &(3_i32, 7_i64, "x")), expected);
        assert_ne!(fingerprint("units", &(3_i32, 7_i64, "y")), expected);
        let mut own = Lasting(Sha256::new());
        own.write_usize(5);
        let mut other = Lasting(Sha256::new());
        other.write_u64(5);
        assert_eq!(own.finish(), other.finish());
    }

    proptest! {
        #[test]
        fn a_cursor_comes_back_in_its_own_list_only(text: String, number: i64, list: u64) {
            let parts = vec![Part::Text(text), Part::Number(number)];
            let written = Cursor::new(parts.clone(), list, secret()).encode_cursor();
            prop_assert_eq!(Cursor::read(&written, list, &secret()), Some(parts));
            prop_assert_eq!(Cursor::read(&written, list.wrapping_add(1), &secret()), None);
            prop_assert_eq!(Cursor::read(&written, list, &Secret(Arc::from(b"other".as_slice()))), None);
        }

        #[test]
        fn no_text_breaks_the_reader(text: String) {
            prop_assert_eq!(Cursor::read(&text, 0, &secret()), None);
        }
    }
}
