//! No known advisory stands open in the lock file without a reason and a day on which it is looked at again.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDate;
use harness::cases;
use harness::stage::{Case, Stage};
use semver::{Version, VersionReq};
use serde::Deserialize;

pub(crate) fn cases() -> Vec<Case> {
    cases![pure: every_open_advisory_is_accepted_for_a_time, a_version_is_held_against_its_advisories]
}

/// One line of the databases.
#[derive(Clone, Debug, Deserialize)]
struct Advisory {
    #[serde(rename = "crate")]
    package: String,
    id: String,
    patched: String,
    unaffected: String,
}

impl Advisory {
    /// Whether this version has the fault.
    fn concerns(&self, name: &str, version: &Version) -> bool {
        let meets = |ranges: &str| {
            let mut ranges = ranges.split(" || ").filter(|range| !range.is_empty());
            ranges.any(|range| VersionReq::parse(range).unwrap().matches(version))
        };
        self.package == name && !meets(&self.patched) && !meets(&self.unaffected)
    }
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: Version,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Accepted {
    accepted: Vec<Acceptance>,
}

#[derive(Deserialize)]
struct Acceptance {
    id: String,
    reason: String,
    until: NaiveDate,
}

fn text(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

fn advisories() -> Vec<Advisory> {
    let files = ["advisories/rustsec.csv", "advisories/others.csv"].map(text);
    let read = |text: &String| {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.deserialize().map(Result::unwrap).collect::<Vec<Advisory>>()
    };
    files.iter().flat_map(read).collect()
}

fn every_open_advisory_is_accepted_for_a_time(_: &Stage) {
    let lock: Lock = toml::from_str(&text("../Cargo.lock")).unwrap();
    let known = advisories();
    let open: BTreeSet<String> = lock
        .package
        .iter()
        .filter(|package| package.source.is_some())
        .flat_map(|package| known.iter().filter(|it| it.concerns(&package.name, &package.version)))
        .map(|advisory| advisory.id.clone())
        .collect();
    let Accepted { accepted } = toml::from_str(&text("advisories/accepted.toml")).unwrap();

    assert!(known.len() > 1_000 && lock.package.len() > 300, "the files are read whole");
    assert_eq!(accepted.iter().map(|it| it.id.clone()).collect::<BTreeSet<_>>(), open);
    let today = api::app::now().date_naive();
    for Acceptance { id, reason, until } in accepted {
        assert!(reason.len() > 30, "{id}: why?");
        assert!(until >= today, "{id} was accepted until {until}: look at it again");
    }
}

fn a_version_is_held_against_its_advisories(_: &Stage) {
    let known = advisories();
    let open = |name: &str, version: &str| {
        let version = Version::parse(version).unwrap();
        let mut ids: Vec<_> =
            known.iter().filter(|it| it.concerns(name, &version)).map(|it| it.id.clone()).collect();
        ids.sort();
        ids
    };

    assert_eq!(open("h2", "0.3.27"), ["RUSTSEC-2026-0258"]);
    assert_eq!(open("jsonwebtoken", "9.3.1"), ["GHSA-h395-gr6q-cpjc"]);
    assert!(open("rsa", "0.9.8").contains(&"RUSTSEC-2023-0071".to_owned()));
    assert!(open("sqlx", "0.8.0").contains(&"RUSTSEC-2024-0363".to_owned()));
    assert!(open("sqlx", "0.9.0").is_empty());
}
