//! Which operations a stranger may run, known from the names of their root fields alone.
//! No roles and no rows: what a signed-in caller may do is decided behind the gate.

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

use super::limits::{Limit, LimitError};

/// Fields that make a session or end it.
const SESSION: [&str; 6] = [
    "signIn",
    "signInConfirm",
    "externalSignInStart",
    "externalSignIn",
    "sessionRefresh",
    "signOut",
];
/// Fields that show what is public: to whoever has its code, or to whoever names a tenant to sign in.
const PUBLIC: [&str; 2] = ["awardPublic", "signInProviders"];
/// Fields that say what the schema is.
const INTROSPECTION: [&str; 2] = ["__schema", "__type"];
/// Fields that try a secret, or ask what a stranger has no right to: more than one in a request would be guessing by the
/// batch.
const ONCE: [&str; 11] = [
    "awardPublic",
    "signInProviders",
    "externalSignInStart",
    "externalSignIn",
    "identityLink",
    "signIn",
    "signInConfirm",
    "sessionRefresh",
    "passwordChange",
    "secondFactorEnrol",
    "secondFactorConfirm",
];

/// Who may run an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Door {
    /// Anyone.
    Open,
    /// Anyone, where introspection is open.
    Introspection,
    /// Whoever is signed in.
    SignedIn,
}

impl Door {
    /// The door of a root selection set whose fragments were counted and are few.
    pub(super) fn of(
        document: &ExecutableDocument,
        root: &SelectionSet,
    ) -> Result<Self, LimitError> {
        let mut fields = Vec::new();
        collect(document, root, &mut fields);
        let secrets = fields.iter().filter(|field| ONCE.contains(field)).count();
        LimitError::check(Limit::RootFields, 1, u32::try_from(secrets).unwrap_or(u32::MAX))?;
        Ok(fields.into_iter().map(Self::of_field).max().unwrap_or(Self::SignedIn))
    }

    fn of_field(field: &str) -> Self {
        if field == "__typename" || SESSION.contains(&field) || PUBLIC.contains(&field) {
            Self::Open
        } else if INTROSPECTION.contains(&field) {
            Self::Introspection
        } else {
            Self::SignedIn
        }
    }
}

fn collect<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet, fields: &mut Vec<&'a str>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => fields.push(field.node.name.node.as_str()),
            Selection::InlineFragment(inline) => {
                collect(document, &inline.node.selection_set.node, fields);
            }
            Selection::FragmentSpread(spread) => {
                let fragment = document.fragments.get(&spread.node.fragment_name.node);
                if let Some(fragment) = fragment {
                    collect(document, &fragment.node.selection_set.node, fields);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn door(text: &str) -> Result<Door, &'static str> {
        let document = parse_query(text).expect("the test sends GraphQL");
        let (_, operation) = document.operations.iter().next().expect("one operation");
        Door::of(&document, &operation.node.selection_set.node).map_err(|error| error.code())
    }

    #[test]
    fn a_stranger_may_sign_in_and_ask_for_the_schema() {
        assert_eq!(door("mutation { signIn { a } x: __typename }"), Ok(Door::Open));
        assert_eq!(door("mutation { ... { sessionRefresh { a } } }"), Ok(Door::Open));
        assert_eq!(door("{ awardPublic(code: \"A\") { state } }"), Ok(Door::Open));
        assert_eq!(door("{ signInProviders(tenant: \"a\") { name } }"), Ok(Door::Open));
        assert_eq!(
            door("{ __typename ...F } fragment F on Q { __schema { a } }"),
            Ok(Door::Introspection)
        );
    }

    #[test]
    fn anything_else_needs_a_session() {
        assert_eq!(door("{ __typename viewer { id } }"), Ok(Door::SignedIn));
        assert_eq!(door("{ signIn: viewer { id } }"), Ok(Door::SignedIn));
        assert_eq!(door("{ ...F } fragment F on Q { ... on Q { nope } }"), Ok(Door::SignedIn));
        assert_eq!(door("{ ...Unknown }"), Ok(Door::SignedIn));
    }

    #[test]
    fn one_secret_is_tried_per_request() {
        assert_eq!(door("mutation { a: signIn b: signIn }"), Err("ROOT_FIELD_LIMIT_EXCEEDED"));
        assert_eq!(
            door("{ a: signInProviders b: signInProviders }"),
            Err("ROOT_FIELD_LIMIT_EXCEEDED")
        );
        assert_eq!(
            door("mutation { signIn ... { sessionRefresh } }"),
            Err("ROOT_FIELD_LIMIT_EXCEEDED")
        );
    }
}
