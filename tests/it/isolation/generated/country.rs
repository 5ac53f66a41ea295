//! The country in which is asked: whose rows show to whom, who asks, and what must stay hidden from each.
//! No request is sent from here.

use std::collections::{BTreeMap, BTreeSet};

use harness::client::Client;
use harness::ground::Ground;
use harness::server::Server;
use harness::world::{Country, Person};
use sea_orm::Iterable;
use uuid::Uuid;

use super::super::WALL_1_OFF;
use super::super::sight::Hidden;
use super::store::{self, Row, Table};

/// Types that show to everyone.
pub(super) const PUBLIC: [&str; 1] = ["Tenant"];

/// Rows of the country and the owners to whom each shows.
pub(super) struct Land {
    pub(super) owners: Vec<Uuid>,
    rows: Vec<Row>,
    /// Provinces, by their place, that see what an owner has: the tenant itself, or who organises or sits.
    seen_by: BTreeMap<Uuid, BTreeSet<usize>>,
    /// Types of objects by the table that holds them.
    types: BTreeMap<String, String>,
    public: Vec<(String, String)>,
    tenants: Vec<String>,
}

/// Something with an id: its type and the opaque id.
pub(super) type Object = (String, String);

impl Land {
    pub(super) fn of(country: &Country, nodes: &[String]) -> Self {
        let ground = &country.world.ground;
        let provinces = country.provinces();
        let mut seen_by = BTreeMap::new();
        for (place, province) in provinces.into_iter().enumerate() {
            seen_by.insert(province.id.uuid, BTreeSet::from([place]));
            seen_by.insert(province.cluster.id.uuid, BTreeSet::from([place]));
        }
        for (contest, _) in country.crossings() {
            seen_by.insert(contest.id.uuid, BTreeSet::new());
        }
        let owners: Vec<Uuid> = seen_by.keys().copied().collect();
        let rows = store::rows(ground, &owners);
        let place = |id: Option<Uuid>| provinces.iter().position(|it| Some(it.id.uuid) == id);
        for row in &rows {
            let column = match row.table.as_str() {
                "cluster" => "organiser_id",
                "cluster_member" => "tenant_id",
                _ => continue,
            };
            let seen = seen_by.get_mut(&row.owner).unwrap();
            seen.extend(place(row.uuid(column)));
        }
        let tables = store::tables(ground);
        let mut types = BTreeMap::new();
        for node in nodes.iter().filter(|node| !PUBLIC.contains(&node.as_str())) {
            let table = store::table_of(node, &tables);
            let table = table.unwrap_or_else(|| {
                panic!("no table with an owner holds {node}: name it in `OTHER_NAMES` of store.rs, or in `PUBLIC`")
            });
            types.insert(table, node.clone());
        }
        let award = ("AwardType".to_owned(), country.world.award_type.to_string());
        let tenants = provinces.iter().map(|province| province.id.to_string()).collect();
        Self { owners, rows, seen_by, types, public: vec![award], tenants }
    }

    /// Whether a row shows to someone of a province.
    fn shows(&self, row: &Row, province: usize) -> bool {
        self.seen_by[&row.owner].contains(&province)
    }

    fn object(&self, row: &Row) -> Option<Object> {
        let node = self.types.get(&row.table)?;
        Some((node.clone(), api::scalar::encode(node, row.uuid("id")?)))
    }

    /// Objects that someone of a province may have to do with, its tenant and the catalogue among them.
    pub(super) fn own(&self, province: usize) -> Side {
        let mut side = Side::default();
        let shown = self.rows.iter().filter(|row| self.shows(row, province));
        shown.for_each(|row| side.take(self, row));
        let tenant = ("Tenant".to_owned(), self.tenants[province].clone());
        [tenant].into_iter().chain(self.public.iter().cloned()).for_each(|it| side.add(it));
        side
    }

    /// What people of a province must not see; those whose roles are over nothing of their own either, save
    /// people, roles and the cluster or council that a role names: they see themselves.
    pub(super) fn foreign(&self, province: usize, is_over: bool) -> (Side, Hidden) {
        let (mut side, mut hidden) = (Side::default(), Hidden::default());
        for row in &self.rows {
            let is_own = self.shows(row, province);
            let is_oneself =
                ["account", "role_grant", "cluster", "council"].contains(&row.table.as_str());
            if is_own && (!is_over || *WALL_1_OFF || is_oneself) {
                continue;
            }
            side.take(self, row);
            row.uuid("id").into_iter().for_each(|id| hidden.uuid(&row.table, id));
            // A name at sign-in is shown to who has it, with the canary of the province.
            for (_, text) in row.texts().filter(|_| !is_own) {
                hidden.canaries(&row.table, text);
            }
        }
        let others = self.tenants.iter().enumerate().filter(|(place, _)| *place != province);
        others.for_each(|(_, id)| side.add(("Tenant".to_owned(), id.clone())));
        (side, hidden)
    }

    /// Everything that must not stand in a log.
    pub(super) fn everything(&self) -> Hidden {
        let mut hidden = Hidden::default();
        for row in &self.rows {
            row.uuid("id").into_iter().for_each(|id| hidden.uuid(&row.table, id));
            row.texts().for_each(|(_, text)| hidden.canaries(&row.table, text));
        }
        hidden
    }

    /// What is wrong with the canaries: one says whose it is only when nobody else has it, and finds what it stands in.
    pub(super) fn miscast(&self, ground: &Ground) -> Vec<String> {
        let mut owner: BTreeMap<String, Uuid> = BTreeMap::new();
        let mut faults = Vec::new();
        for row in &self.rows {
            for word in row.texts().flat_map(|(_, text)| super::super::sight::canaries(text)) {
                let first = *owner.entry(word.clone()).or_insert(row.owner);
                let table = &row.table;
                let fault = || format!("{word} stands in {table} of another owner too");
                faults.extend((first != row.owner).then(fault));
            }
        }
        let bare = self.bare(ground);
        if !bare.is_empty() {
            faults.push(format!(
                "no row of the world has a canary in {bare:?}: put the owner's into it in tests/harness/world, or, \
                 when nobody writes it freely, list it in `NOT_FREE`, or, when no world can have any, in `ALWAYS_NULL`"
            ));
        }
        faults
    }

    /// Columns of text without a canary anywhere. The embedded database has no types of its own for days and times.
    fn bare(&self, ground: &Ground) -> Vec<String> {
        let of = |table: &Table| {
            let columns = table.columns.iter().filter(|(_, kind)| kind == "text");
            let names = columns.map(|(column, _)| (format!("{}.{column}", table.name), column));
            let unlisted = names.filter(|(name, column)| {
                !NOT_FREE.contains(&name.as_str()) && !column.ends_with("_hash")
            });
            let bare = unlisted.filter(|(name, column)| {
                let values = self.values(&table.name, column);
                // Without a value only a type of its own tells a column of days.
                let is_told = ground.is_postgres() && !is_always_null(name);
                values.is_empty() && is_told || is_bare(&values)
            });
            bare.map(|(name, _)| name).collect::<Vec<_>>()
        };
        store::tables(ground).iter().flat_map(of).collect()
    }

    fn values(&self, table: &str, column: &str) -> Vec<&str> {
        let rows = self.rows.iter().filter(|row| row.table == table);
        rows.filter_map(|row| row.values.get(column)).map(String::as_str).collect()
    }
}

/// Whether something was written freely, and nowhere with a canary.
fn is_bare(values: &[&str]) -> bool {
    values.iter().any(|value| is_free(value)) && !values.iter().any(|it| it.contains("canary"))
}

fn is_always_null(name: &str) -> bool {
    ALWAYS_NULL.iter().any(|(known, _)| *known == name)
}

/// Columns of text that a world leaves empty, and why.
const ALWAYS_NULL: [(&str, &str); 3] = [
    ("ballot_box.sealed", "only who votes seals a vote"),
    ("ballot_key.part", "a code; only the server halves a key, and no row of a world does"),
    ("ballot_key.sealed", "half a key, sealed by the server"),
];

/// Columns whose text nobody writes freely.
const NOT_FREE: [&str; 20] = [
    "audit_event.act",
    "audit_event.object_type",
    "ballot.public_key",
    "ballot_candidate.rule",
    "comparison.ballot",
    "condition_confirmation.condition_key",
    "criteria_set.tie_rules",
    "criterion.parameters",
    "decision.issuer_key",
    "decision_gap.issuer_key",
    "kept_answer.fingerprint",
    "kept_answer.operation",
    "paper_count.votes",
    "session_paper.media_type",
    "onward_package.sha256",
    "session_minutes.sha256",
    "session_paper.sha256",
    "submission.due_on",
    "submission_document.media_type",
    "submission_document.sha256",
];

/// Whether a text is not a code of ours, a day or a time.
fn is_free(text: &str) -> bool {
    let is_code = |letter: char| letter.is_ascii_uppercase() || matches!(letter, '_' | '0'..='9');
    let is_time = text.starts_with("20") && text.as_bytes().get(4) == Some(&b'-');
    !is_time && !text.chars().all(is_code)
}

/// What may be asked for: objects, and texts by table and column.
#[derive(Default)]
pub(super) struct Side {
    objects: BTreeMap<String, Vec<String>>,
    texts: BTreeMap<(String, String), BTreeSet<String>>,
    types: BTreeMap<String, String>,
}

impl Side {
    fn add(&mut self, (node, id): Object) {
        self.objects.entry(node).or_default().push(id);
    }

    fn take(&mut self, land: &Land, row: &Row) {
        if let Some(object) = land.object(row) {
            self.add(object);
        }
        if let Some(node) = land.types.get(&row.table) {
            self.types.insert(node.clone(), row.table.clone());
        }
        for (column, text) in row.texts() {
            let key = (row.table.clone(), column.clone());
            self.texts.entry(key).or_default().insert(text.clone());
        }
    }

    /// Ids of objects of these types.
    pub(super) fn ids(&self, types: &[String]) -> Vec<String> {
        types.iter().filter_map(|node| self.objects.get(node)).flatten().cloned().collect()
    }

    /// Ids of everything.
    pub(super) fn every_id(&self) -> Vec<String> {
        self.objects.values().flatten().cloned().collect()
    }

    /// Texts of a column of the table of a type; where it has none, names of all kinds.
    pub(super) fn texts(&self, node: &str, column: &str) -> (Vec<String>, bool) {
        let key = self.types.get(node).map(|table| (table.clone(), column.to_owned()));
        if let Some(texts) = key.and_then(|key| self.texts.get(&key)) {
            return (texts.iter().cloned().collect(), true);
        }
        let names =
            self.texts.iter().filter(|((_, column), _)| column == "name" || column == "code");
        (names.flat_map(|(_, texts)| texts).cloned().collect(), false)
    }
}

/// Someone who asks.
pub(super) struct Principal<'a> {
    pub(super) person: &'a Person,
    /// The place of the own province.
    pub(super) province: usize,
    /// Whether every role is over.
    pub(super) is_over: bool,
}

impl Principal<'_> {
    pub(super) fn client(&self, server: &Server) -> Client {
        self.person.sign_in(server)
    }
}

/// Everyone of the country: every role, those who lead clusters that cross, and those whose roles are over.
pub(super) fn principals(country: &Country) -> Vec<Principal<'_>> {
    let leaders = country.leaders().into_iter();
    let mut people: Vec<Principal<'_>> =
        leaders.map(|(person, province)| Principal { person, province, is_over: false }).collect();
    for (place, province) in country.provinces().into_iter().enumerate() {
        let usual = entity::role_grant::Role::iter().map(|role| province.person(role));
        let usual = usual.chain([&province.neighbour]).map(|person| (person, false));
        let over = country.lapsed(place).iter().map(|person| (person, true));
        let all = usual.chain(over);
        people.extend(all.map(|(person, is_over)| Principal { person, province: place, is_over }));
    }
    people
}
