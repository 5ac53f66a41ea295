//! What came of asking: how many cases by which path, which documents were sent, and what went wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::sdl::Sdl;
use crate::{operation, schema};

#[derive(Default)]
pub(super) struct Tally {
    cases: BTreeMap<&'static str, usize>,
    requests: usize,
    asked: BTreeSet<String>,
    /// One document of each kind.
    documents: BTreeMap<String, String>,
    /// By way: how often, and the first.
    faults: BTreeMap<String, (usize, String)>,
}

impl Tally {
    pub(super) fn count(&mut self, path: &'static str, field: &str, cases: usize) {
        self.requests += 1;
        *self.cases.entry(path).or_default() += cases;
        if !self.asked.contains(field) {
            self.asked.insert(field.to_owned());
        }
    }

    pub(super) fn fault(&mut self, way: &str, fault: String) {
        let (times, _) = self.faults.entry(way.to_owned()).or_insert((0, fault));
        *times += 1;
    }

    /// The first fault of each way.
    pub(super) fn faults(&self) -> Vec<String> {
        let one = |(way, (times, fault)): (&String, &(usize, String))| {
            format!("{way}: {times} faults, the first: {fault}")
        };
        self.faults.iter().map(one).collect()
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
        for (way, (times, fault)) in other.faults {
            self.faults.entry(way).or_insert((0, fault)).0 += times;
        }
    }

    /// Root fields that nobody asked for, and fields of types that nobody selected.
    pub(super) fn uncovered(&self, sdl: &Sdl) -> Vec<String> {
        let roots = ["Query", "Mutation"].into_iter().flat_map(|root| sdl.roots(root));
        let known = roots.map(|field| field.node.name.node.to_string());
        let missing: Vec<_> = known.filter(|field| !self.asked.contains(field)).collect();
        // What subscriptions show is asked in `follow`.
        let followed: Vec<String> = schema::subscriptions();
        let followed = followed.iter().map(|field| operation::text(field));
        let documents = self.documents.values().map(String::as_str).chain(followed);
        let fields = schema::not_selected(documents);
        let roots = format!(
            "nobody asked for {missing:?}: let ways.rs (queries) or writes.rs (mutations) read arguments such as theirs"
        );
        let selected = format!(
            "nobody selected {fields:?}: ask for them in the operation of a query in tests/it/operations; a \
             mutation that alone answers them is named in `DEEPER` of writes.rs"
        );
        let faults =
            [(!missing.is_empty()).then_some(roots), (!fields.is_empty()).then_some(selected)];
        faults.into_iter().flatten().collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cases, requests, .. } = self;
        write!(out, "{} cases in {requests} requests: {cases:?}", self.total())
    }
}
