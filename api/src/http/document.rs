//! Documents that were sent before: parsed, counted, priced and validated once, then only run.
//! No callers and no values: an entry is the same for everyone who sends the same text.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType,
};
use async_graphql::{Executor, Name, Positioned, Request, Variables};
use quick_cache::Weighter;
use sha2::{Digest, Sha256};

use super::cost::{self, Cost};
use super::door::Door;
use super::fault::{Fault, UNKNOWN_OPERATION, UNNAMED_OPERATION};
use super::limits::{LimitError, Limits};
use super::line::Class;
use super::types::Types;
use super::{lexer, omitted, shape, validate, variables, written};

/// Documents kept.
const ENTRIES: usize = 1_000;
/// Longer documents are not kept.
const LONGEST: usize = 32 * 1_024;
/// Tokens that every document is taken to have at least; it bounds the number of entries, and
/// with the true number for longer ones their memory.
const TOKENS: u32 = 400;

/// What the hall knows of the schema and of the documents run against it.
pub struct Cache {
    types: Types,
    limits: Limits,
    documents: quick_cache::sync::Cache<Key, Arc<Document>, ByTokens>,
}

/// SHA-256 of the text.
type Key = [u8; 32];

#[derive(Clone)]
struct ByTokens;

impl Weighter<Key, Arc<Document>> for ByTokens {
    fn weight(&self, _: &Key, document: &Arc<Document>) -> u64 {
        u64::from(document.tokens.max(TOKENS))
    }
}

impl Cache {
    /// An empty cache for the schema with this SDL, which must be the one `validate` is given.
    pub fn new(sdl: &str, limits: Limits) -> anyhow::Result<Self> {
        let capacity = u64::try_from(ENTRIES)?.saturating_mul(u64::from(TOKENS));
        let documents = quick_cache::sync::Cache::with_weighter(ENTRIES, capacity, ByTokens);
        Ok(Self { types: Types::read(sdl)?, limits, documents })
    }

    /// The document of a text, parsed and within its limits.
    pub(super) fn read(&self, text: &str) -> Result<Arc<Document>, Fault> {
        let key = Sha256::digest(text).into();
        if let Some(document) = self.documents.get(&key) {
            return Ok(document);
        }
        let tokens = lexer::measure(text, &self.limits)?;
        let parsed = parse_query(text)?;
        shape::check(&parsed, &self.limits)?;
        let outlines = outlines(&self.types, &parsed)?;
        let (is_kept, is_valid) = (text.len() <= LONGEST, AtomicBool::new(false));
        Ok(Arc::new(Document { key, parsed, tokens, is_kept, is_valid, outlines }))
    }

    /// Validates a document; a valid one is kept.
    pub(super) async fn validate(
        &self,
        schema: &impl Executor,
        document: &Arc<Document>,
    ) -> Result<(), Fault> {
        validate::check(schema, &self.types, &document.parsed).await?;
        document.is_valid.store(true, Ordering::Relaxed);
        if document.is_kept {
            self.documents.insert(document.key, Arc::clone(document));
        }
        Ok(())
    }

    /// The request that runs an operation of a valid document, and its price.
    pub(super) fn request(
        &self,
        operation: &Operation<'_>,
        sent: Variables,
    ) -> Result<(Request, Cost), Fault> {
        let variables =
            variables::coerce((&self.types, self.limits.values), operation.definition, sent)?;
        written::check(&operation.document.parsed, operation.definition, &variables, &self.limits)?;
        let cost = operation.cost(&self.types, &variables);
        cost.check(&self.limits)?;
        let mut document = operation.alone();
        if omitted::any(operation.definition, &variables) {
            omitted::remove(&mut document, &variables);
        }
        let mut request = Request::new("").variables(variables);
        request.operation_name = operation.name.map(ToString::to_string);
        request.set_parsed_query(document);
        Ok((request, cost))
    }
}

/// One text, read.
pub(super) struct Document {
    key: Key,
    parsed: ExecutableDocument,
    tokens: u32,
    is_kept: bool,
    is_valid: AtomicBool,
    /// One for each operation, by name.
    outlines: HashMap<Option<Name>, Outline>,
}

#[derive(Clone, Copy)]
struct Outline {
    door: Door,
    /// With no variables.
    cost: Cost,
}

fn outlines(
    types: &Types,
    document: &ExecutableDocument,
) -> Result<HashMap<Option<Name>, Outline>, LimitError> {
    let nothing = Variables::default();
    let outline = |(name, operation): (Option<&Name>, &Positioned<OperationDefinition>)| {
        let door = Door::of(document, &operation.node.selection_set.node)?;
        let cost = cost::price(types, document, &operation.node, &nothing);
        Ok((name.cloned(), Outline { door, cost }))
    };
    document.operations.iter().map(outline).collect()
}

impl Document {
    /// Whether it was validated.
    pub(super) fn is_valid(&self) -> bool {
        self.is_valid.load(Ordering::Relaxed)
    }

    /// The operation to run: the one of this name, or the only one.
    pub(super) fn operation(&self, name: Option<&str>) -> Result<Operation<'_>, Fault> {
        let mut found =
            self.parsed.operations.iter().filter(|(own, _)| {
                name.is_none_or(|name| own.is_some_and(|own| own.as_str() == name))
            });
        match (found.next(), found.next(), name) {
            (Some((name, definition)), None, _) => {
                Ok(Operation { document: self, name, definition: &definition.node })
            }
            (None, _, Some(name)) => {
                let name: String = name.chars().take(64).collect();
                Err(Fault::with(&UNKNOWN_OPERATION, name))
            }
            (_, _, _) => Err(Fault::of(&UNNAMED_OPERATION)),
        }
    }
}

/// The operation of a document that a request asks for.
pub(super) struct Operation<'a> {
    document: &'a Document,
    pub(super) name: Option<&'a Name>,
    definition: &'a OperationDefinition,
}

impl Operation<'_> {
    pub(super) const fn kind(&self) -> OperationType {
        self.definition.ty
    }

    /// Who may run it.
    pub(super) fn door(&self) -> Door {
        self.outline().map_or(Door::SignedIn, |outline| outline.door)
    }

    /// What it competes with.
    pub(super) fn class(&self) -> Class {
        Class::of(self.kind(), self.door())
    }

    /// The beginning of the hash of its document, in hexadecimal.
    pub(super) fn hash(&self) -> String {
        hex::encode(self.document.key.get(..8).unwrap_or_default())
    }

    fn outline(&self) -> Option<&Outline> {
        self.document.outlines.get(&self.name.cloned())
    }

    fn cost(&self, types: &Types, variables: &Variables) -> Cost {
        match self.outline() {
            Some(Outline { cost, .. }) if !cost.varies => *cost,
            Some(_) | None => cost::price(types, &self.document.parsed, self.definition, variables),
        }
    }

    /// A document with this operation and no other.
    fn alone(&self) -> ExecutableDocument {
        let definition = Positioned::new(self.definition.clone(), async_graphql::Pos::default());
        let operations = match self.name {
            Some(name) => DocumentOperations::Multiple([(name.clone(), definition)].into()),
            None => DocumentOperations::Single(definition),
        };
        ExecutableDocument { operations, fragments: self.document.parsed.fragments.clone() }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    const SDL: &str = "
        type Unit { id: ID! }
        type Units { nodes: [Unit!]! }
        type Query { units(first: Int): Units! a: Int }
    ";

    fn cache() -> Cache {
        Cache::new(SDL, Limits::default()).expect("the SDL is right")
    }

    fn code<T>(outcome: Result<T, Fault>) -> &'static str {
        outcome.err().expect("is refused").code()
    }

    #[test]
    fn an_operation_is_found_by_its_name() {
        let cache = cache();
        let many = cache.read("query A { a } query B { a }").expect("reads");
        assert_eq!(
            many.operation(Some("B")).ok().and_then(|it| it.name.cloned()),
            Some(Name::new("B"))
        );
        assert_eq!(code(many.operation(None)), "OPERATION_RESOLUTION_FAILURE");
        assert_eq!(code(many.operation(Some("C"))), "OPERATION_RESOLUTION_FAILURE");
        let one = cache.read("{ a }").expect("reads");
        assert!(one.operation(None).is_ok());
        assert_eq!(code(one.operation(Some("A"))), "OPERATION_RESOLUTION_FAILURE");
    }

    #[test]
    fn text_that_cannot_run_is_refused_as_it_is_read() {
        let cache = cache();
        assert_eq!(code(cache.read("{")), "GRAPHQL_PARSE_FAILED");
        assert_eq!(code(cache.read(&"{a".repeat(100))), "DEPTH_LIMIT_EXCEEDED");
        assert_eq!(code(cache.read("{...F} fragment F on Q {...F}")), "GRAPHQL_VALIDATION_FAILED");
    }

    #[test]
    fn a_request_is_priced_with_its_variables() {
        let cache = cache();
        let text = "query($n: Int!) { units(first: $n) { nodes { id } } }";
        let document = cache.read(text).expect("reads");
        let operation = document.operation(None).expect("is there");
        let run = |variables| {
            cache
                .request(&operation, Variables::from_value(variables))
                .map(|(_, cost)| cost.points())
        };
        assert_eq!(run(value!({"n": 30})).ok(), Some(31));
        assert_eq!(code(run(value!({"n": 5_000}))), "COST_LIMIT_EXCEEDED");
        assert_eq!(code(run(value!({}))), "BAD_USER_INPUT");
    }

    #[test]
    fn the_cache_is_bounded_by_what_its_entries_weigh() {
        let cache = cache();
        for index in 0..3_000 {
            let document = cache.read(&format!("{{ a{index}: a }}")).expect("reads");
            cache.documents.insert(document.key, document);
        }
        assert!(cache.documents.len() <= ENTRIES);
    }
}
