//! How much a request may ask for, and the refusal of one that asks for more.
//! No counting: each room counts what it knows and compares here.

use crate::text::Language;

/// The most a request may ask for; each exceeded limit has a code of its own.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Words of the document, before it is parsed.
    pub tokens: u32,
    /// Open brackets of any kind, before it is parsed.
    pub brackets: u32,
    /// Lists and objects within each other in one value; a literal may hold a variable of the same depth.
    pub values: u32,
    /// Values of a query or a subscription with each use of a variable written out; 64 bytes of text are one more.
    pub asked_values: u32,
    /// The same of a mutation, which may bring a list to be taken over.
    pub sent_values: u32,
    /// Operations in one document, of which one runs.
    pub operations: u32,
    /// Fields after every fragment is written out, in all operations together.
    pub fields: u32,
    /// Fragments written out, in all operations together.
    pub spreads: u32,
    /// Selection sets within each other, those of fragments included; the library stops at 32.
    pub nesting: u32,
    /// Aliases after fragments are written out.
    pub aliases: u32,
    /// Fields of a query's root.
    pub root_fields: u32,
    /// Fields of a mutation's root.
    pub mutations: u32,
    /// Directives in one place.
    pub directives: u32,
    /// Fields within each other.
    pub depth: u32,
    /// Fields within each other below `__schema` and `__type`.
    pub introspection_depth: u32,
    /// Rows the database may touch.
    pub cost: u32,
    /// Fields resolved, each as often as its row.
    pub cells: u32,
    /// Fields of the introspection resolved for each type.
    pub introspection: u32,
    /// Errors reported about one document.
    pub errors: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            tokens: 4_000,
            brackets: 64,
            values: 20,
            asked_values: 5_000,
            sent_values: 100_000,
            operations: 30,
            fields: 5_000,
            spreads: 1_000,
            nesting: 30,
            aliases: 50,
            root_fields: 30,
            mutations: 10,
            directives: 4,
            depth: 12,
            introspection_depth: 20,
            cost: 5_000,
            cells: 100_000,
            introspection: 6_000,
            errors: 20,
        }
    }
}

/// Which limit was exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// `Limits::tokens`
    Tokens,
    /// `Limits::brackets`, `values`, `nesting`, `depth` or `introspection_depth`
    Depth,
    /// `Limits::asked_values` or `sent_values`
    Values,
    /// `Limits::operations`
    Operations,
    /// `Limits::fields`, `cells` or `introspection`
    Fields,
    /// `Limits::spreads`
    Fragments,
    /// `Limits::aliases`
    Aliases,
    /// `Limits::root_fields` or `mutations`
    RootFields,
    /// `Limits::directives`
    Directives,
    /// `Limits::cost`
    Cost,
}

/// A limit that a document exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitError {
    /// Which one.
    pub kind: Limit,
    /// The most that is allowed.
    pub limit: u32,
    /// What was found; counting stops at the first excess, so it may be more.
    pub actual: u32,
}

impl LimitError {
    pub(super) const fn check(kind: Limit, limit: u32, actual: u32) -> Result<(), Self> {
        if actual <= limit { Ok(()) } else { Err(Self { kind, limit, actual }) }
    }

    /// The stable code of the answer.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.kind {
            Limit::Tokens => "TOKEN_LIMIT_EXCEEDED",
            Limit::Depth => "DEPTH_LIMIT_EXCEEDED",
            Limit::Values => "VALUE_LIMIT_EXCEEDED",
            Limit::Operations => "OPERATION_LIMIT_EXCEEDED",
            Limit::Fields => "FIELD_LIMIT_EXCEEDED",
            Limit::Fragments => "FRAGMENT_LIMIT_EXCEEDED",
            Limit::Aliases => "ALIAS_LIMIT_EXCEEDED",
            Limit::RootFields => "ROOT_FIELD_LIMIT_EXCEEDED",
            Limit::Directives => "DIRECTIVE_LIMIT_EXCEEDED",
            Limit::Cost => "COST_LIMIT_EXCEEDED",
        }
    }

    /// What the caller reads.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        let (english, vietnamese) = match self.kind {
            Limit::Tokens => ("tokens", "số từ"),
            Limit::Depth => ("depth", "độ sâu"),
            Limit::Values => ("values", "số giá trị"),
            Limit::Operations => ("operations", "số thao tác"),
            Limit::Fields => ("fields", "số trường"),
            Limit::Fragments => ("fragments", "số mảnh"),
            Limit::Aliases => ("aliases", "số bí danh"),
            Limit::RootFields => ("root fields", "số trường gốc"),
            Limit::Directives => ("directives in one place", "số chỉ thị một chỗ"),
            Limit::Cost => ("cost", "chi phí"),
        };
        let Self { limit, actual, .. } = self;
        match language {
            Language::En => format!("Too much asked for: {english} {actual}, at most {limit}"),
            Language::Vi => format!("Yêu cầu quá lớn: {vietnamese} {actual}, tối đa {limit}"),
        }
    }
}
