//! What a change asks for, as one hash: the same for the same input, however it is written.
//! No key enters here.

use async_graphql::{Name, Value};
use sha2::{Digest, Sha256};

/// The argument that is no part of what is asked for.
const KEY: &str = "idempotencyKey";
/// The argument of which nothing is kept, not even a hash.
const SECRET: &str = "password";

/// The hash of the arguments of a field but for the key: in hexadecimal digits.
pub(super) fn fingerprint(arguments: &[(Name, Value)]) -> String {
    let mut hash = Sha256::new();
    let mut fields: Vec<_> = arguments.iter().map(|(name, value)| (name, value)).collect();
    put_fields(&mut hash, &mut fields);
    hex::encode(hash.finalize())
}

fn put_fields(hash: &mut Sha256, fields: &mut Vec<(&Name, &Value)>) {
    fields.retain(|(name, _)| *name != KEY && *name != SECRET);
    fields.sort_by(|one, other| one.0.cmp(other.0));
    mark(hash, b'{', fields.len());
    for (name, value) in fields {
        put_text(hash, name);
        put(hash, value);
    }
}

fn put(hash: &mut Sha256, value: &Value) {
    match value {
        Value::Null => hash.update(b"0"),
        Value::Boolean(value) => hash.update(if *value { b"t" } else { b"f" }),
        Value::Number(number) => put_text(hash, &number.to_string()),
        // In the document an enum has no quotes, in the variables it has.
        Value::String(text) => put_text(hash, text),
        Value::Enum(name) => put_text(hash, name),
        Value::Binary(bytes) => {
            mark(hash, b'b', bytes.len());
            hash.update(bytes);
        }
        Value::List(items) => {
            mark(hash, b'[', items.len());
            for item in items {
                put(hash, item);
            }
        }
        Value::Object(fields) => put_fields(hash, &mut fields.iter().collect()),
    }
}

fn put_text(hash: &mut Sha256, text: &str) {
    mark(hash, b'"', text.len());
    hash.update(text);
}

/// What follows and how long it is: two inputs never run into the same bytes.
fn mark(hash: &mut Sha256, kind: u8, length: usize) {
    hash.update([kind]);
    hash.update(u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(input: serde_json::Value) -> String {
        fingerprint(&[(Name::new("input"), Value::from_json(input).unwrap())])
    }

    #[test]
    fn the_order_of_fields_and_the_key_do_not_matter() {
        let one = json!({ "idempotencyKey": "1", "title": "a", "year": 2026, "list": [{ "b": 1, "a": 2 }] });
        let other = json!({ "list": [{ "a": 2, "b": 1 }], "year": 2026, "title": "a" });
        assert_eq!(of(one), of(other));
    }

    #[test]
    fn nothing_of_a_password_is_kept() {
        let of_password = |word: &str| of(json!({ "username": "a", "password": word }));
        assert_eq!(of_password("one password"), of_password("another password"));
        assert_ne!(of_password("one password"), of(json!({ "username": "b" })));
    }

    #[test]
    fn everything_else_matters() {
        let inputs = [
            json!({}),
            json!({ "title": "a" }),
            json!({ "title": null }),
            json!({ "title": "" }),
            json!({ "title": "a", "note": "b" }),
            json!({ "title": "anote", "": "b" }),
            json!({ "title": ["a"] }),
            json!({ "title": ["a", "b"] }),
            json!({ "title": [["a"], "b"] }),
            json!({ "title": true }),
            json!({ "title": false }),
            json!({ "title": { "a": 1 } }),
        ];
        let hashes: std::collections::HashSet<String> = inputs.iter().cloned().map(of).collect();
        assert_eq!(hashes.len(), inputs.len());
    }
}
