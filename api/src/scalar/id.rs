//! Opaque ids: the name of the type and the row's UUID in Crockford's base 32.
//! No table enters here.

use async_graphql::ID;
use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 26;

/// A GraphQL type whose objects have an id of their own.
pub trait NodeType {
    /// Name of the type, which begins each of its ids.
    const PREFIX: &'static str;

    /// The opaque id of a row of this type.
    #[must_use]
    fn node_id(id: Uuid) -> ID {
        ID(encode(Self::PREFIX, id))
    }
}

/// The opaque id of a row: `Unit_01K…`.
#[must_use]
pub fn encode(prefix: &str, id: Uuid) -> String {
    let bits = id.as_u128();
    let mut text = String::with_capacity(prefix.len() + 1 + LENGTH);
    text.push_str(prefix);
    text.push('_');
    for place in (0..LENGTH).rev() {
        let digit = usize::try_from((bits >> (place * 5)) & 31).unwrap_or_default();
        text.push(ALPHABET.get(digit).map_or('0', |byte| char::from(*byte)));
    }
    text
}

/// The prefix and the UUID behind an opaque id; none when the text is not such an id.
#[must_use]
pub fn decode(text: &str) -> Option<(&str, Uuid)> {
    let (prefix, digits) = text.rsplit_once('_')?;
    if digits.len() != LENGTH {
        return None;
    }
    let mut bits: u128 = 0;
    for (place, byte) in digits.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|known| *known == byte)?;
        if place == 0 && digit > 7 {
            return None;
        }
        bits = (bits << 5) | u128::try_from(digit).ok()?;
    }
    Some((prefix, Uuid::from_u128(bits)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_comes_back_as_it_went(bits: u128) {
            let id = Uuid::from_u128(bits);
            let text = encode("Unit", id);
            prop_assert_eq!(decode(&text), Some(("Unit", id)));
        }

        #[test]
        fn no_text_breaks_the_reader(text: String) {
            let _ = decode(&text);
        }
    }

    #[test]
    fn an_id_has_one_spelling() {
        assert_eq!(decode("Unit_80000000000000000000000000"), None);
        assert_eq!(decode("Unit_0000000000000000000000000i"), None);
        assert_eq!(decode("Unit_0"), None);
        assert_eq!(decode("Unit"), None);
    }
}
