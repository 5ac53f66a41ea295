//! What a document amounts to once its fragments are written out, counted in one pass over its
//! text, each fragment once.
//! No schema and no variables: this pass stays linear for every document a stranger can send.

use std::collections::HashMap;

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, OperationType,
    Selection, SelectionSet,
};
use async_graphql::{Name, Positioned};

use super::fault::{Fault, VALIDATION, located};
use super::limits::{Limit, LimitError, Limits};

/// Counts a parsed document and refuses it at the first limit it exceeds, or when a fragment
/// contains itself.
pub(super) fn check(document: &ExecutableDocument, limits: &Limits) -> Result<(), Fault> {
    let mut count = Count { fragments: &document.fragments, limits, known: HashMap::new() };
    let operations = u32::try_from(document.operations.iter().len()).unwrap_or(u32::MAX);
    LimitError::check(Limit::Operations, limits.operations, operations)?;
    let (mut fields, mut spreads) = (0_u32, 0_u32);
    for (_, operation) in document.operations.iter() {
        let weight = count.operation(&operation.node)?;
        fields = fields.saturating_add(weight.fields);
        spreads = spreads.saturating_add(weight.spreads);
        LimitError::check(Limit::Fragments, limits.spreads, spreads)?;
        LimitError::check(Limit::Fields, limits.fields, fields)?;
        weight.check(operation.node.ty, limits)?;
    }
    for (name, fragment) in &document.fragments {
        count.fragment(name, fragment, 0)?;
    }
    Ok(())
}

/// What a selection set amounts to once its fragments are written out.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    fields: u32,
    spreads: u32,
    aliases: u32,
    /// Fields of this set itself, not of those below.
    own: u32,
    depth: u32,
    introspection_depth: u32,
    /// Selection sets within each other below this one.
    height: u32,
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.spreads = self.spreads.saturating_add(other.spreads);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.own = self.own.saturating_add(other.own);
        self.depth = self.depth.max(other.depth);
        self.introspection_depth = self.introspection_depth.max(other.introspection_depth);
        self.height = self.height.max(other.height);
    }

    /// The same, one selection set further down.
    const fn under(mut self) -> Self {
        self.height += 1;
        self
    }

    /// The weight of a field around this one.
    fn within(mut self, field: &Field) -> Self {
        self.fields = self.fields.saturating_add(1);
        self.aliases = self.aliases.saturating_add(u32::from(field.alias.is_some()));
        self.own = 1;
        if matches!(field.name.node.as_str(), "__schema" | "__type") {
            self.introspection_depth = self.depth.max(self.introspection_depth) + 1;
            self.depth = 0;
        } else {
            self.depth += 1;
        }
        self
    }

    fn check(&self, kind: OperationType, limits: &Limits) -> Result<(), LimitError> {
        let root_fields = match kind {
            OperationType::Query => limits.root_fields,
            OperationType::Mutation => limits.mutations,
            OperationType::Subscription => 1,
        };
        LimitError::check(Limit::Aliases, limits.aliases, self.aliases)?;
        LimitError::check(Limit::RootFields, root_fields, self.own)?;
        LimitError::check(Limit::Depth, limits.depth, self.depth)?;
        LimitError::check(Limit::Depth, limits.introspection_depth, self.introspection_depth)
    }
}

struct Count<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    limits: &'a Limits,
    /// None while a fragment is being counted: meeting it again is a cycle.
    known: HashMap<&'a str, Option<Weight>>,
}

impl<'a> Count<'a> {
    fn operation(&mut self, operation: &'a OperationDefinition) -> Result<Weight, Fault> {
        self.directives(&operation.directives)?;
        for variable in &operation.variable_definitions {
            self.directives(&variable.node.directives)?;
        }
        self.set(&operation.selection_set.node, 0)
    }

    /// `level` sets are around this one; it bounds the recursion here and in the library.
    fn set(&mut self, set: &'a SelectionSet, level: u32) -> Result<Weight, Fault> {
        self.nesting(level)?;
        let mut weight = Weight::default();
        for selection in &set.items {
            self.directives(selection.node.directives())?;
            weight.add(self.selection(&selection.node, level)?);
        }
        Ok(weight)
    }

    fn selection(&mut self, selection: &'a Selection, level: u32) -> Result<Weight, Fault> {
        match selection {
            Selection::Field(field) if field.node.selection_set.node.items.is_empty() => {
                Ok(Weight::default().within(&field.node))
            }
            Selection::Field(field) => {
                let below = self.set(&field.node.selection_set.node, level + 1)?;
                Ok(below.under().within(&field.node))
            }
            Selection::InlineFragment(inline) => {
                Ok(self.set(&inline.node.selection_set.node, level + 1)?.under())
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                let mut weight = match self.fragments.get_key_value(name) {
                    Some((name, fragment)) => self.fragment(name, fragment, level + 1)?.under(),
                    None => Weight::default(),
                };
                weight.spreads = weight.spreads.saturating_add(1);
                Ok(weight)
            }
        }
    }

    fn nesting(&self, level: u32) -> Result<(), LimitError> {
        LimitError::check(Limit::Depth, self.limits.nesting, level)
    }

    fn fragment(
        &mut self,
        name: &'a str,
        fragment: &'a Positioned<FragmentDefinition>,
        level: u32,
    ) -> Result<Weight, Fault> {
        match self.known.insert(name, None) {
            Some(Some(weight)) => {
                self.known.insert(name, Some(weight));
                self.nesting(level + weight.height)?;
                Ok(weight)
            }
            Some(None) => {
                let message = format!("Fragment \"{name}\" contains itself");
                Err(Fault::errors(&VALIDATION, vec![located(message, vec![fragment.pos])]))
            }
            None => {
                self.directives(&fragment.node.directives)?;
                let weight = self.set(&fragment.node.selection_set.node, level)?;
                self.known.insert(name, Some(weight));
                Ok(weight)
            }
        }
    }

    fn directives(&self, directives: &[Positioned<Directive>]) -> Result<(), LimitError> {
        let count = u32::try_from(directives.len()).unwrap_or(u32::MAX);
        LimitError::check(Limit::Directives, self.limits.directives, count)
    }
}

/// The query that GraphiQL and code generators send, with nine levels of `ofType`.
#[cfg(test)]
pub(super) fn introspection() -> String {
    let of_type = "ofType { kind name ".repeat(9) + &"}".repeat(9);
    format!(
        "query IntrospectionQuery {{ __schema {{ queryType {{ name }} types {{ ...FullType }} \
         directives {{ name locations args {{ ...InputValue }} }} }} }} \
         fragment FullType on __Type {{ kind name fields(includeDeprecated: true) {{ name \
         args {{ ...InputValue }} type {{ ...TypeRef }} }} inputFields {{ ...InputValue }} \
         interfaces {{ ...TypeRef }} enumValues(includeDeprecated: true) {{ name }} \
         possibleTypes {{ ...TypeRef }} }} \
         fragment InputValue on __InputValue {{ name type {{ ...TypeRef }} defaultValue }} \
         fragment TypeRef on __Type {{ kind name {of_type} }}"
    )
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use async_graphql::parser::parse_query;

    use super::*;

    fn verdict(text: &str) -> Result<(), &'static str> {
        let document = parse_query(text).expect("the test sends GraphQL");
        let started = Instant::now();
        let verdict = check(&document, &Limits::default());
        assert!(started.elapsed().as_millis() < 100, "{:?}", started.elapsed());
        verdict.map_err(|fault| fault.code())
    }

    fn doubling(levels: u32, fan: usize) -> String {
        let fragments = (0..levels).map(|i| {
            let spreads = format!("...f{} ", i + 1).repeat(fan);
            format!("fragment f{i} on Query{{{spreads}}} ")
        });
        let fragments = fragments.collect::<Vec<_>>().concat();
        format!("{{...f0}} {fragments} fragment f{levels} on Query{{__typename}}")
    }

    fn nested(field: &str, levels: usize) -> String {
        format!("{{{}a{}}}", format!("{field}{{").repeat(levels), "}".repeat(levels))
    }

    #[test]
    fn ordinary_documents_pass() {
        for text in [
            "{ __typename }",
            "query A { ...F } query B { ...F } fragment F on Query { a { b } }",
            "mutation { a(input: {}) { b errors { code } } }",
            &nested("a", 11),
            &introspection(),
        ] {
            assert_eq!(verdict(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn fragments_that_multiply_are_refused_without_writing_them_out() {
        for text in [doubling(20, 2), doubling(6, 10), doubling(29, 100), doubling(9, 2)] {
            assert_eq!(verdict(&text), Err("FRAGMENT_LIMIT_EXCEEDED"));
        }
    }

    #[test]
    fn many_operations_share_one_budget() {
        let body = format!("{{a{{{}}}}}", "...f ".repeat(40));
        let operations = (0..30).map(|i| format!("query q{i}{body} ")).collect::<Vec<_>>().concat();
        let text = format!("{operations} fragment f on Query {{ a b c d e }}");
        assert_eq!(verdict(&text), Err("FIELD_LIMIT_EXCEEDED"));
        let operations = (0..31).map(|i| format!("query q{i}{{a}} ")).collect::<Vec<_>>().concat();
        assert_eq!(verdict(&operations), Err("OPERATION_LIMIT_EXCEEDED"));
    }

    #[test]
    fn a_fragment_that_contains_itself_is_refused() {
        let cycle = "{...A} fragment A on Q {...B} fragment B on Q {b {...A}}";
        assert_eq!(verdict(cycle), Err("GRAPHQL_VALIDATION_FAILED"));
        let unused = "{a} fragment A on Q {...A}";
        assert_eq!(verdict(unused), Err("GRAPHQL_VALIDATION_FAILED"));
    }

    #[test]
    fn each_limit_has_its_code() {
        let aliases = |n: u32| (0..n).map(|i| format!("a{i}:b ")).collect::<Vec<_>>().concat();
        for (text, code) in [
            (format!("{{c{{{}}}}}", aliases(51)), "ALIAS_LIMIT_EXCEEDED"),
            (format!("{{{}}}", "a ".repeat(31)), "ROOT_FIELD_LIMIT_EXCEEDED"),
            (format!("mutation {{{}}}", aliases(11)), "ROOT_FIELD_LIMIT_EXCEEDED"),
            (
                "{...F} fragment F on Q {".to_owned() + &"a ".repeat(31) + "}",
                "ROOT_FIELD_LIMIT_EXCEEDED",
            ),
            (format!("{{a {}}}", "@x ".repeat(5)), "DIRECTIVE_LIMIT_EXCEEDED"),
            (format!("query({}) {{a}}", "$a: Int @x @x @x @x @x"), "DIRECTIVE_LIMIT_EXCEEDED"),
            (
                format!("{{a}} fragment F on Q {} {{a}}", "@x ".repeat(5)),
                "DIRECTIVE_LIMIT_EXCEEDED",
            ),
            (nested("a", 12), "DEPTH_LIMIT_EXCEEDED"),
            (nested("...", 31), "DEPTH_LIMIT_EXCEEDED"),
            (format!("{{__schema{}}}", nested("a", 20)), "DEPTH_LIMIT_EXCEEDED"),
            (format!("{{b{{{}}}}}", "a ".repeat(5_000)), "FIELD_LIMIT_EXCEEDED"),
        ] {
            assert_eq!(verdict(&text), Err(code), "{text}");
        }
    }

    #[test]
    fn a_known_fragment_is_as_deep_as_the_place_it_stands_in() {
        let tall = nested("...", 25);
        let text = format!(
            "{{...F ...{}}} fragment F on Q {tall}",
            nested("...", 10).replace('a', "...F")
        );
        assert_eq!(verdict(&text), Err("DEPTH_LIMIT_EXCEEDED"));
    }
}
