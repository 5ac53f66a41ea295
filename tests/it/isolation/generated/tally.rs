//! What came of asking: how many cases by which path, which documents were sent, and what went wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::sdl::Sdl;
use crate::schema;

#[derive(Default)]
pub(super) struct Tally {
    cases: BTreeMap<&'static str, usize>,
    requests: usize,
    asked: BTreeSet<String>,
    /// One document of each kind.
    documents: BTreeMap<String, String>,
    pub(super) faults: Vec<String>,
}

impl Tally {
    pub(super) fn count(&mut self, path: &'static str, field: &str, cases: usize) {
        self.requests += 1;
        *self.cases.entry(path).or_default() += cases;
        if !self.asked.contains(field) {
            self.asked.insert(field.to_owned());
        }
    }

    pub(super) fn note(&mut self, kind: String, document: String) {
        self.documents.entry(kind).or_insert(document);
    }

    pub(super) fn total(&self) -> usize {
        self.cases.values().sum()
    }

    pub(super) fn add(&mut self, other: Self) {
        self.requests += other.requests;
        for (path, cases) in other.cases {
            *self.cases.entry(path).or_default() += cases;
        }
        self.asked.extend(other.asked);
        self.documents.extend(other.documents);
        self.faults.extend(other.faults);
    }

    /// Every root field was asked, and every field of every type was selected.
    pub(super) fn assert_covered(&self, sdl: &Sdl) {
        for root in ["Query", "Mutation"] {
            let known = sdl.roots(root).iter().map(|field| field.node.name.node.to_string());
            let missing: Vec<_> = known.filter(|field| !self.asked.contains(field)).collect();
            assert!(missing.is_empty(), "nobody asked for {missing:?}");
        }
        let fields = schema::not_selected(self.documents.values().map(String::as_str));
        assert!(
            fields.is_empty(),
            "nobody selected {fields:?}: no operation of a query in tests/it/operations and no answer of a mutation \
             shows them"
        );
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cases, requests, .. } = self;
        write!(out, "{} cases in {requests} requests: {cases:?}", self.total())
    }
}
