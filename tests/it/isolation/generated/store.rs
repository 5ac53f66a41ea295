//! What stands in the database, read from its catalogue: whose rows, their ids and their texts. So a table that is
//! new is looked at without being named here. No API enters here.

use std::collections::BTreeMap;

use harness::ground::Ground;
use uuid::Uuid;

/// A row of a table with an owner.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    pub(super) table: String,
    /// The tenant or the cluster.
    pub(super) owner: Uuid,
    /// Values by column, as text; ids are hexadecimal digits.
    pub(super) values: BTreeMap<String, String>,
}

impl Row {
    pub(super) fn uuid(&self, column: &str) -> Option<Uuid> {
        Uuid::try_parse(self.values.get(column)?).ok()
    }

    /// Texts in which a canary stands, and their columns.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&String, &String)> {
        self.values.iter().filter(|(_, value)| value.contains("canary"))
    }
}

/// A table whose primary key begins with its owner, or the catalogue, of which tenants own what they added.
pub(super) struct Table {
    pub(super) name: String,
    owner: String,
    /// Names and types.
    pub(super) columns: Vec<(String, String)>,
}

/// Tables with an owner.
pub(super) fn tables(ground: &Ground) -> Vec<Table> {
    let sql = if ground.is_postgres() {
        "SELECT c.relname::text AS name, a.attname::text AS field, format_type(a.atttypid, NULL)::text AS kind,
            CASE WHEN EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary
                AND x.indkey[0] = a.attnum) THEN 1 ELSE 0 END AS place
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' ORDER BY 1, a.attnum"
    } else {
        "SELECT m.name AS name, p.name AS field, lower(p.type) AS kind, CASE WHEN p.pk = 1 THEN 1 ELSE 0 END AS place
        FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY m.name, p.cid"
    };
    let mut known: BTreeMap<String, Table> = BTreeMap::new();
    for row in ground.query(sql).unwrap() {
        let text = |field: &str| row.try_get::<String>("", field).unwrap();
        let (name, field) = (text("name"), text("field"));
        let new = || Table { name: name.clone(), owner: String::new(), columns: vec![] };
        let table = known.entry(name.clone()).or_insert_with(new);
        let is_owner = ["tenant_id", "cluster_id"].contains(&field.as_str())
            || (name == "cluster" && field == "id");
        if is_owner && (name == "award_type" || row.try_get::<i32>("", "place").unwrap() == 1) {
            table.owner.clone_from(&field);
        }
        table.columns.push((field, text("kind")));
    }
    known.into_values().filter(|table| !table.owner.is_empty()).collect()
}

/// Every row of these owners.
pub(super) fn rows(ground: &Ground, owners: &[Uuid]) -> Vec<Row> {
    let is_postgres = ground.is_postgres();
    let literal = |id: &Uuid| {
        if is_postgres { format!("'{id}'") } else { format!("x'{}'", id.simple()) }
    };
    let owners: Vec<String> = owners.iter().map(literal).collect();
    let mut found = Vec::new();
    for table in tables(ground) {
        let value = |(name, kind): &(String, String)| match kind.as_str() {
            "uuid" => format!("replace(\"{name}\"::text, '-', '') AS \"{name}\""),
            "blob" => format!("lower(hex(\"{name}\")) AS \"{name}\""),
            "bytea" => format!("encode(\"{name}\", 'hex') AS \"{name}\""),
            _ => format!("CAST(\"{name}\" AS text) AS \"{name}\""),
        };
        let values: Vec<String> = table.columns.iter().map(value).collect();
        let (name, owner) = (&table.name, &table.owner);
        let sql = format!(
            "SELECT {} FROM {name} WHERE {owner} IN ({})",
            values.join(", "),
            owners.join(", ")
        );
        for row in ground.query(&sql).unwrap() {
            let value = |(name, _): &(String, String)| {
                Some((name.clone(), row.try_get::<Option<String>>("", name).unwrap()?))
            };
            let values: BTreeMap<String, String> = table.columns.iter().filter_map(value).collect();
            let owner = Uuid::try_parse(&values[owner]).unwrap();
            found.push(Row { table: name.clone(), owner, values });
        }
    }
    found.sort();
    found
}

/// Types whose table has another name.
const OTHER_NAMES: [(&str, &str); 4] = [
    ("User", "account"),
    ("Grant", "role_grant"),
    ("Document", "submission_document"),
    ("OnwardSubmission", "onward"),
];

/// The table that holds the objects of a type.
pub(super) fn table_of(node: &str, tables: &[Table]) -> Option<String> {
    let other = OTHER_NAMES.iter().find(|(known, _)| *known == node);
    let name = other.map_or_else(|| snake(node), |(_, table)| (*table).to_owned());
    tables.iter().map(|table| &table.name).find(|known| **known == name).cloned()
}

/// The name of a type or a field as a table or a column has it.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
