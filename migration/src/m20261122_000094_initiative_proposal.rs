//! Initiatives that are proposed and put before a council; whose account a person has, so that authors do not vote.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;
use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// SQLite holds the check of foreign keys back within a transaction only.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        if manager.get_connection().get_database_backend() == DbBackend::Postgres {
            run(manager, UP_POSTGRES).await?;
        } else {
            rebuild(manager, "candidate", (CANDIDATE, &CANDIDATE_NEW), CANDIDATE_INDEXES).await?;
            rebuild(manager, "ballot_candidate", (ASKED, &[("{award}", "text")]), ASKED_INDEXES)
                .await?;
        }
        run(manager, &[PROPOSAL_KEY]).await?;
        wall::raise(manager, OWNED).await
    }

    /// Refused while a council has initiatives on an agenda: the older tables cannot hold them.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DROP INDEX candidate_proposal_id_key"]).await?;
        if manager.get_connection().get_database_backend() == DbBackend::Postgres {
            run(manager, DOWN_POSTGRES).await?;
        } else {
            rebuild(
                manager,
                "ballot_candidate",
                (ASKED, &[("{award}", "text NOT NULL")]),
                ASKED_INDEXES,
            )
            .await?;
            rebuild(manager, "candidate", (CANDIDATE, &CANDIDATE_OLD), CANDIDATE_INDEXES).await?;
        }
        run(manager, DOWN).await
    }
}

/// Makes a table anew with its rows: SQLite lets no column become nullable. Rows that name those of the table are
/// checked at the end of the transaction.
async fn rebuild(
    manager: &SchemaManager<'_>,
    table: &str,
    (definition, words): (&str, &[(&str, &str)]),
    indexes: &[&str],
) -> Result<(), DbErr> {
    let made = words.iter().fold(definition.to_owned(), |sql, (from, to)| sql.replace(from, to));
    let columns = columns(&made);
    let steps = [
        "PRAGMA defer_foreign_keys = ON".to_owned(),
        format!("CREATE TABLE {table}_before AS SELECT * FROM {table}"),
        format!("DROP TABLE {table}"),
        made,
        format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}_before"),
        format!("DROP TABLE {table}_before"),
    ];
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    run(manager, &steps).await?;
    run(manager, indexes).await
}

/// The columns of a definition that were there before.
fn columns(definition: &str) -> String {
    let lines = definition.lines().map(str::trim);
    let kept = lines.filter(|line| {
        line.ends_with(',') && !line.starts_with("CONSTRAINT") && !line.starts_with("proposal_id")
    });
    let names: Vec<&str> = kept.filter_map(|line| line.split_whitespace().next()).collect();
    names.join(", ")
}

const UP: &[&str] = &[
    r"
CREATE TABLE initiative_proposal (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    council_id {uuid},
    title text NOT NULL,
    title_search text NOT NULL,
    kind text NOT NULL,
    scope text NOT NULL,
    description text NOT NULL,
    evidence text,
    author_names text NOT NULL,
    state text NOT NULL,
    proposed_on {date} NOT NULL,
    author_id {uuid} NOT NULL,
    decision text,
    initiative_id {uuid},
    reason text,
    version integer NOT NULL,
    CONSTRAINT initiative_proposal_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT initiative_proposal_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT initiative_proposal_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT initiative_proposal_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id),
    CONSTRAINT initiative_proposal_initiative_id_fkey FOREIGN KEY (tenant_id, initiative_id) REFERENCES initiative (tenant_id, id),
    CONSTRAINT initiative_proposal_state_check CHECK ((state = 'RECOGNISED') = (initiative_id IS NOT NULL) AND (state = 'RECOGNISED') = (decision IS NOT NULL))
)
    ",
    "CREATE INDEX initiative_proposal_tenant_id_unit_id_idx ON initiative_proposal (tenant_id, unit_id)",
    "CREATE INDEX initiative_proposal_tenant_id_council_id_idx ON initiative_proposal (tenant_id, council_id)",
    "CREATE INDEX initiative_proposal_tenant_id_author_id_idx ON initiative_proposal (tenant_id, author_id)",
    "CREATE INDEX initiative_proposal_tenant_id_initiative_id_idx ON initiative_proposal (tenant_id, initiative_id)",
    r"
CREATE TABLE initiative_proposer (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    proposal_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    subject_id {uuid} NOT NULL,
    CONSTRAINT initiative_proposer_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT initiative_proposer_subject_id_key UNIQUE (tenant_id, proposal_id, subject_id),
    CONSTRAINT initiative_proposer_proposal_id_fkey FOREIGN KEY (tenant_id, proposal_id) REFERENCES initiative_proposal (tenant_id, id),
    CONSTRAINT initiative_proposer_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT initiative_proposer_subject_id_fkey FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
)
    ",
    "CREATE INDEX initiative_proposer_tenant_id_unit_id_idx ON initiative_proposer (tenant_id, unit_id)",
    "CREATE INDEX initiative_proposer_tenant_id_subject_id_idx ON initiative_proposer (tenant_id, subject_id)",
    "ALTER TABLE subject ADD COLUMN user_id {uuid}",
    "CREATE UNIQUE INDEX subject_user_id_key ON subject (tenant_id, user_id)",
];

// SQLite adds no key to a table that is there: the gate reads the user before the subject names him.
const UP_POSTGRES: &[&str] = &[
    "ALTER TABLE subject ADD CONSTRAINT subject_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES account (tenant_id, id)",
    "ALTER TABLE candidate ADD COLUMN proposal_id uuid",
    "ALTER TABLE candidate ALTER COLUMN award_type_id DROP NOT NULL",
    "ALTER TABLE candidate ALTER COLUMN award_code DROP NOT NULL",
    "ALTER TABLE candidate ADD CONSTRAINT candidate_proposal_id_fkey FOREIGN KEY (tenant_id, proposal_id) REFERENCES initiative_proposal (tenant_id, id)",
    "ALTER TABLE candidate ADD CONSTRAINT candidate_matter_check CHECK ((award_type_id IS NULL) = (proposal_id IS NOT NULL) AND (award_code IS NULL) = (proposal_id IS NOT NULL))",
    "ALTER TABLE ballot_candidate ALTER COLUMN award_code DROP NOT NULL",
];

const DOWN_POSTGRES: &[&str] = &[
    "ALTER TABLE ballot_candidate ALTER COLUMN award_code SET NOT NULL",
    "ALTER TABLE candidate DROP CONSTRAINT candidate_matter_check",
    "ALTER TABLE candidate DROP CONSTRAINT candidate_proposal_id_fkey",
    "ALTER TABLE candidate ALTER COLUMN award_code SET NOT NULL",
    "ALTER TABLE candidate ALTER COLUMN award_type_id SET NOT NULL",
    "ALTER TABLE candidate DROP COLUMN proposal_id",
    "ALTER TABLE subject DROP CONSTRAINT subject_user_id_fkey",
];

const DOWN: &[&str] = &[
    "DROP INDEX subject_user_id_key",
    "ALTER TABLE subject DROP COLUMN user_id",
    "DROP TABLE initiative_proposer",
    "DROP TABLE initiative_proposal",
];

const OWNED: &[(&str, Shows, Rights)] = &[
    ("initiative_proposal", Shows::Tenant, Rights::Change),
    ("initiative_proposer", Shows::Tenant, Rights::Append),
];

const PROPOSAL_KEY: &str =
    "CREATE UNIQUE INDEX candidate_proposal_id_key ON candidate (tenant_id, proposal_id, item_id)";

const CANDIDATE: &str = r"
CREATE TABLE candidate (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    item_id {uuid} NOT NULL,
    position integer NOT NULL,
    nominee_id {uuid},
    unit_id {uuid},
    author_id {uuid},
    name text NOT NULL,
    award_type_id {uuid}{required},
    award_code text{required},
    downgraded_from {uuid},
    reason text,{proposal}
    CONSTRAINT candidate_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT candidate_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT candidate_item_id_fkey FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id),
    CONSTRAINT candidate_nominee_id_fkey FOREIGN KEY (tenant_id, nominee_id) REFERENCES nominee (tenant_id, id),
    CONSTRAINT candidate_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT candidate_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id),
    CONSTRAINT candidate_award_type_id_fkey FOREIGN KEY (award_type_id) REFERENCES award_type (id),
    CONSTRAINT candidate_downgraded_from_fkey FOREIGN KEY (tenant_id, downgraded_from) REFERENCES candidate (tenant_id, id),{checks}
    CONSTRAINT candidate_item_key UNIQUE (tenant_id, item_id, nominee_id, award_type_id)
)";

const CANDIDATE_NEW: [(&str, &str); 3] = [
    ("{required}", ""),
    ("{proposal}", "\n    proposal_id {uuid},"),
    (
        "{checks}",
        "\n    CONSTRAINT candidate_proposal_id_fkey FOREIGN KEY (tenant_id, proposal_id) REFERENCES initiative_proposal (tenant_id, id),
    CONSTRAINT candidate_matter_check CHECK ((award_type_id IS NULL) = (proposal_id IS NOT NULL) AND (award_code IS NULL) = (proposal_id IS NOT NULL)),",
    ),
];

const CANDIDATE_OLD: [(&str, &str); 3] =
    [("{required}", " NOT NULL"), ("{proposal}", ""), ("{checks}", "")];

const CANDIDATE_INDEXES: &[&str] = &[
    "CREATE INDEX candidate_tenant_id_council_id_idx ON candidate (tenant_id, council_id)",
    "CREATE INDEX candidate_tenant_id_item_id_idx ON candidate (tenant_id, item_id)",
    "CREATE INDEX candidate_tenant_id_nominee_id_idx ON candidate (tenant_id, nominee_id)",
    "CREATE INDEX candidate_tenant_id_unit_id_idx ON candidate (tenant_id, unit_id)",
    "CREATE INDEX candidate_tenant_id_author_id_idx ON candidate (tenant_id, author_id)",
    "CREATE INDEX candidate_award_type_id_idx ON candidate (award_type_id)",
    "CREATE INDEX candidate_tenant_id_downgraded_from_idx ON candidate (tenant_id, downgraded_from)",
];

const ASKED: &str = r"
CREATE TABLE ballot_candidate (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    ballot_id {uuid} NOT NULL,
    candidate_id {uuid} NOT NULL,
    position integer NOT NULL,
    name text NOT NULL,
    award_code {award},
    rule text NOT NULL,
    CONSTRAINT ballot_candidate_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT ballot_candidate_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT ballot_candidate_ballot_id_fkey FOREIGN KEY (tenant_id, ballot_id) REFERENCES ballot (tenant_id, id),
    CONSTRAINT ballot_candidate_candidate_id_fkey FOREIGN KEY (tenant_id, candidate_id) REFERENCES candidate (tenant_id, id)
)";

const ASKED_INDEXES: &[&str] = &[
    "CREATE INDEX ballot_candidate_tenant_id_council_id_idx ON ballot_candidate (tenant_id, council_id)",
    "CREATE INDEX ballot_candidate_tenant_id_ballot_id_idx ON ballot_candidate (tenant_id, ballot_id)",
    "CREATE INDEX ballot_candidate_tenant_id_candidate_id_idx ON ballot_candidate (tenant_id, candidate_id)",
];
