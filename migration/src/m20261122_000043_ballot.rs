//! Ballots: who may vote and who has voted in one table each, what was chosen in another one, sealed, without a link.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;
use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        wall::raise(manager, OWNED).await?;
        separate(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const UP: &[&str] = &[
    r"
CREATE TABLE ballot (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    session_id {uuid} NOT NULL,
    item_id {uuid} NOT NULL,
    round integer NOT NULL,
    state text NOT NULL,
    public_key text NOT NULL,
    members integer NOT NULL,
    recused integer NOT NULL,
    voting integer NOT NULL,
    cut_off_at {time},
    opened_by {uuid} NOT NULL,
    opened_at {time} NOT NULL,
    closed_by {uuid},
    confirmed_by {uuid},
    closed_at {time},
    reconsiders_id {uuid},
    reason text,
    version integer NOT NULL,
    CONSTRAINT ballot_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT ballot_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT ballot_session_id_fkey FOREIGN KEY (tenant_id, session_id) REFERENCES council_session (tenant_id, id),
    CONSTRAINT ballot_item_id_fkey FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id),
    CONSTRAINT ballot_opened_by_fkey FOREIGN KEY (tenant_id, opened_by) REFERENCES account (tenant_id, id),
    CONSTRAINT ballot_closed_by_fkey FOREIGN KEY (tenant_id, closed_by) REFERENCES account (tenant_id, id),
    CONSTRAINT ballot_confirmed_by_fkey FOREIGN KEY (tenant_id, confirmed_by) REFERENCES account (tenant_id, id),
    CONSTRAINT ballot_reconsiders_id_fkey FOREIGN KEY (tenant_id, reconsiders_id) REFERENCES ballot (tenant_id, id),
    CONSTRAINT ballot_two_persons_check CHECK (confirmed_by IS NULL OR confirmed_by <> closed_by),
    CONSTRAINT ballot_state_check CHECK ((state = 'CLOSED') = (confirmed_by IS NOT NULL) AND (state = 'OPEN') = (closed_by IS NULL))
)
    ",
    "CREATE INDEX ballot_tenant_id_council_id_idx ON ballot (tenant_id, council_id)",
    "CREATE INDEX ballot_tenant_id_session_id_idx ON ballot (tenant_id, session_id)",
    "CREATE INDEX ballot_tenant_id_item_id_idx ON ballot (tenant_id, item_id)",
    "CREATE INDEX ballot_tenant_id_opened_by_idx ON ballot (tenant_id, opened_by)",
    "CREATE INDEX ballot_tenant_id_closed_by_idx ON ballot (tenant_id, closed_by)",
    "CREATE INDEX ballot_tenant_id_confirmed_by_idx ON ballot (tenant_id, confirmed_by)",
    "CREATE INDEX ballot_tenant_id_reconsiders_id_idx ON ballot (tenant_id, reconsiders_id)",
    r"
CREATE TABLE ballot_candidate (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    ballot_id {uuid} NOT NULL,
    candidate_id {uuid} NOT NULL,
    position integer NOT NULL,
    name text NOT NULL,
    award_code text NOT NULL,
    rule text NOT NULL,
    CONSTRAINT ballot_candidate_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT ballot_candidate_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT ballot_candidate_ballot_id_fkey FOREIGN KEY (tenant_id, ballot_id) REFERENCES ballot (tenant_id, id),
    CONSTRAINT ballot_candidate_candidate_id_fkey FOREIGN KEY (tenant_id, candidate_id) REFERENCES candidate (tenant_id, id)
)
    ",
    "CREATE INDEX ballot_candidate_tenant_id_council_id_idx ON ballot_candidate (tenant_id, council_id)",
    "CREATE INDEX ballot_candidate_tenant_id_ballot_id_idx ON ballot_candidate (tenant_id, ballot_id)",
    "CREATE INDEX ballot_candidate_tenant_id_candidate_id_idx ON ballot_candidate (tenant_id, candidate_id)",
    r"
CREATE TABLE ballot_result (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    ballot_id {uuid} NOT NULL,
    ballot_candidate_id {uuid} NOT NULL,
    position integer NOT NULL,
    yes integer,
    no integer,
    abstain integer,
    invalid integer,
    base integer NOT NULL,
    needed integer NOT NULL,
    outcome text NOT NULL,
    CONSTRAINT ballot_result_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT ballot_result_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT ballot_result_ballot_id_fkey FOREIGN KEY (tenant_id, ballot_id) REFERENCES ballot (tenant_id, id),
    CONSTRAINT ballot_result_ballot_candidate_id_fkey FOREIGN KEY (tenant_id, ballot_candidate_id) REFERENCES ballot_candidate (tenant_id, id),
    CONSTRAINT ballot_result_candidate_key UNIQUE (tenant_id, ballot_id, ballot_candidate_id)
)
    ",
    "CREATE INDEX ballot_result_tenant_id_council_id_idx ON ballot_result (tenant_id, council_id)",
    "CREATE INDEX ballot_result_tenant_id_ballot_id_idx ON ballot_result (tenant_id, ballot_id)",
    "CREATE INDEX ballot_result_tenant_id_ballot_candidate_id_idx ON ballot_result (tenant_id, ballot_candidate_id)",
    r"
CREATE TABLE ballot_roll (
    tenant_id {uuid} NOT NULL,
    ballot_id {uuid} NOT NULL,
    seat_id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    user_id {uuid},
    position integer NOT NULL,
    name text NOT NULL,
    mode text NOT NULL,
    reason text,
    CONSTRAINT ballot_roll_pkey PRIMARY KEY (tenant_id, ballot_id, seat_id),
    CONSTRAINT ballot_roll_ballot_id_fkey FOREIGN KEY (tenant_id, ballot_id) REFERENCES ballot (tenant_id, id),
    CONSTRAINT ballot_roll_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT ballot_roll_seat_id_fkey FOREIGN KEY (tenant_id, seat_id) REFERENCES council_seat (tenant_id, id),
    CONSTRAINT ballot_roll_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES account (tenant_id, id)
)
    ",
    "CREATE INDEX ballot_roll_tenant_id_council_id_idx ON ballot_roll (tenant_id, council_id)",
    "CREATE INDEX ballot_roll_tenant_id_seat_id_idx ON ballot_roll (tenant_id, seat_id)",
    "CREATE INDEX ballot_roll_tenant_id_user_id_idx ON ballot_roll (tenant_id, user_id)",
    r"
CREATE TABLE ballot_register (
    tenant_id {uuid} NOT NULL,
    ballot_id {uuid} NOT NULL,
    seat_id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    CONSTRAINT ballot_register_pkey PRIMARY KEY (tenant_id, ballot_id, seat_id),
    CONSTRAINT ballot_register_seat_id_fkey FOREIGN KEY (tenant_id, ballot_id, seat_id) REFERENCES ballot_roll (tenant_id, ballot_id, seat_id),
    CONSTRAINT ballot_register_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id)
){without_rowid}
    ",
    "CREATE INDEX ballot_register_tenant_id_council_id_idx ON ballot_register (tenant_id, council_id)",
    r"
CREATE TABLE ballot_box (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    ballot_id {uuid} NOT NULL,
    sealed text NOT NULL,
    CONSTRAINT ballot_box_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT ballot_box_ballot_id_fkey FOREIGN KEY (tenant_id, ballot_id) REFERENCES ballot (tenant_id, id)
){without_rowid}
    ",
    "CREATE INDEX ballot_box_tenant_id_ballot_id_idx ON ballot_box (tenant_id, ballot_id)",
    r"
CREATE TABLE ballot_key (
    tenant_id {uuid} NOT NULL,
    ballot_id {uuid} NOT NULL,
    part text NOT NULL,
    sealed text NOT NULL,
    is_released {bool} NOT NULL,
    CONSTRAINT ballot_key_pkey PRIMARY KEY (tenant_id, ballot_id, part),
    CONSTRAINT ballot_key_ballot_id_fkey FOREIGN KEY (tenant_id, ballot_id) REFERENCES ballot (tenant_id, id),
    CONSTRAINT ballot_key_part_check CHECK (part IN ('SECRETARY', 'CHAIR'))
)
    ",
    r"
CREATE TABLE ballot_listed (
    tenant_id {uuid} NOT NULL,
    ballot_id {uuid} NOT NULL,
    receipt text NOT NULL,
    choices text,
    CONSTRAINT ballot_listed_pkey PRIMARY KEY (tenant_id, ballot_id, receipt),
    CONSTRAINT ballot_listed_ballot_id_fkey FOREIGN KEY (tenant_id, ballot_id) REFERENCES ballot (tenant_id, id)
){without_rowid}
    ",
    r"
CREATE TABLE paper_count (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    ballot_id {uuid} NOT NULL,
    entered_by {uuid} NOT NULL,
    issued integer NOT NULL,
    returned integer NOT NULL,
    missing integer NOT NULL,
    valid integer NOT NULL,
    invalid integer NOT NULL,
    votes text NOT NULL,
    entered_at {time} NOT NULL,
    CONSTRAINT paper_count_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT paper_count_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT paper_count_ballot_id_fkey FOREIGN KEY (tenant_id, ballot_id) REFERENCES ballot (tenant_id, id),
    CONSTRAINT paper_count_entered_by_fkey FOREIGN KEY (tenant_id, entered_by) REFERENCES account (tenant_id, id),
    CONSTRAINT paper_count_sum_check CHECK (issued >= 0 AND returned >= 0 AND missing >= 0 AND valid >= 0 AND invalid >= 0)
)
    ",
    "CREATE INDEX paper_count_tenant_id_council_id_idx ON paper_count (tenant_id, council_id)",
    "CREATE INDEX paper_count_tenant_id_ballot_id_idx ON paper_count (tenant_id, ballot_id)",
    "CREATE INDEX paper_count_tenant_id_entered_by_idx ON paper_count (tenant_id, entered_by)",
];

const OWNED: &[(&str, Shows, Rights)] = &[
    ("ballot", Shows::Tenant, Rights::Change),
    ("ballot_candidate", Shows::Tenant, Rights::Append),
    ("ballot_result", Shows::Tenant, Rights::Append),
    ("ballot_roll", Shows::Tenant, Rights::Append),
    ("ballot_register", Shows::Tenant, Rights::Append),
    ("ballot_box", Shows::Tenant, Rights::Append),
    ("ballot_key", Shows::Tenant, Rights::Append),
    ("ballot_listed", Shows::Tenant, Rights::Append),
    ("paper_count", Shows::Tenant, Rights::Append),
];

const DOWN: &[&str] = &[
    "DROP TABLE paper_count",
    "DROP TABLE ballot_listed",
    "DROP TABLE ballot_key",
    "DROP TABLE ballot_box",
    "DROP TABLE ballot_register",
    "DROP TABLE ballot_roll",
    "DROP TABLE ballot_result",
    "DROP TABLE ballot_candidate",
    "DROP TABLE ballot",
];

/// The role that empties a box: requests change to it when a ballot is closed, and it does nothing else.
const TELLER: &str = "thidua_teller";

/// What requests may not do: read a box, its keys, or what would tell in which order votes came.
const SEPARATE: &str = "
    REVOKE ALL ON ballot_box, ballot_key, ballot_listed FROM thidua_runtime;
    GRANT INSERT ON ballot_box, ballot_key TO thidua_runtime;
    GRANT SELECT (tenant_id, ballot_id, part, is_released), UPDATE (is_released) ON ballot_key TO thidua_runtime;
    GRANT SELECT ON ballot_listed TO thidua_runtime;
    REVOKE SELECT ON ballot_register FROM thidua_runtime;
    GRANT SELECT (tenant_id, ballot_id, seat_id, council_id) ON ballot_register TO thidua_runtime;
    GRANT SELECT (tenant_id, ballot_id, sealed), DELETE ON ballot_box TO thidua_teller;
    GRANT SELECT (tenant_id, ballot_id, part, sealed, is_released) ON ballot_key TO thidua_teller;
    GRANT INSERT ON ballot_listed TO thidua_teller;";

/// Each looks at its own row: halves of a key show only once they are released.
const POLICIES: [&str; 4] = [
    "CREATE POLICY ballot_box_teller_select ON ballot_box FOR SELECT TO thidua_teller USING (",
    "CREATE POLICY ballot_box_teller_delete ON ballot_box FOR DELETE TO thidua_teller USING (",
    "CREATE POLICY ballot_key_teller_select ON ballot_key FOR SELECT TO thidua_teller USING (is_released AND ",
    "CREATE POLICY ballot_listed_teller_insert ON ballot_listed FOR INSERT TO thidua_teller WITH CHECK (",
];

async fn separate(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    wall::role_named(manager, TELLER).await?;
    connection.execute_unprepared(SEPARATE).await?;
    for policy in POLICIES {
        let own = "tenant_id = (SELECT nullif(current_setting('thidua.tenant', true), '')::uuid)";
        connection.execute_unprepared(&format!("{policy}{own})")).await?;
    }
    Ok(())
}
