//! The second wall, read from PostgreSQL's catalogue and tried with SQL of its own, as the role in which requests act.
//! No GraphQL enters here; on SQLite there is no second wall.

use harness::cases;
use harness::ground::Ground;
use harness::people::PASSWORD;
use harness::server::Options;
use harness::stage::{Case, Empty, Stage};
use harness::wait;
use harness::world::World;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, TransactionTrait};
use serde_json::json;

pub(crate) fn cases() -> Vec<Case> {
    cases![postgres:
        every_table_is_behind_the_wall_or_on_the_list,
        policies_look_at_their_own_row_only,
        the_role_of_requests_owns_nothing_and_bypasses_nothing,
        keys_name_the_owner,
        without_a_context_nothing_is_seen_or_written,
        a_tenant_sees_and_writes_its_own_rows_only,
        of_the_catalogue_the_laws_rows_show_to_all,
        a_reference_to_another_tenant_is_refused,
        a_seat_is_taken_by_its_own_tenant_only,
        rows_that_never_change_cannot_be_changed,
        boxes_and_their_keys_cannot_be_read,
        a_server_works_with_a_login_that_owns_nothing,
    ]
}

/// Tables that nobody owns, and why requests may see them whole.
const OPEN: [(&str, &str); 15] = [
    ("audit_checkpoint", "sizes, hashes and signatures of the whole log"),
    ("audit_node", "hashes with a salt, and ids of entries"),
    ("audit_pending", "the same, before they are sealed"),
    ("base_salary", "public law"),
    ("bonus_rate", "public law"),
    ("eligibility_rule", "public law"),
    ("legal_document", "public law"),
    ("pulse", "ids of councils with a counter; every node has to hear all of them"),
    ("reference_data", "hashes of the files that were loaded"),
    ("revocation", "ids of users and sessions; every node has to hear all of it"),
    ("seaql_migrations", "names of migrations"),
    ("sign_in_throttle", "counters under hashed names, used before anyone is known"),
    ("tenant", "identities of tenants are public"),
    ("tenant_code", "identities of tenants are public"),
    ("tenant_lineage", "identities of tenants are public"),
];

/// A migrated database.
fn ground(stage: &Stage) -> (Empty, Ground) {
    let empty = stage.empty_database();
    let ground = empty.connect();
    ground.migrate().unwrap();
    (empty, ground)
}

/// The first column of each row, as text.
fn column(ground: &Ground, sql: &str) -> Vec<String> {
    let rows = ground.query(sql).unwrap();
    rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect()
}

fn every_table_is_behind_the_wall_or_on_the_list(stage: &Stage) {
    let (_empty, ground) = ground(stage);
    let bare = "
        SELECT c.relname::text FROM pg_class c
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
          AND NOT (c.relkind = 'r' AND c.relrowsecurity AND c.relforcerowsecurity
            AND 'rawd' = (SELECT string_agg(p.polcmd::text, '' ORDER BY p.polname DESC) FROM (
                SELECT polcmd, CASE polcmd WHEN 'r' THEN 4 WHEN 'a' THEN 3 WHEN 'w' THEN 2 ELSE 1 END AS polname
                FROM pg_policy WHERE polrelid = c.oid
                  AND polroles = ARRAY[(SELECT oid FROM pg_roles WHERE rolname = 'thidua_runtime')]) p))
        ORDER BY 1";

    assert_eq!(column(&ground, bare), OPEN.map(|(table, _)| table));
    ground.query("ALTER TABLE unit NO FORCE ROW LEVEL SECURITY").unwrap();
    ground.query("DROP POLICY account_delete ON account").unwrap();
    let found = column(&ground, bare);
    assert!(found.contains(&"unit".to_owned()) && found.contains(&"account".to_owned()));
}

fn policies_look_at_their_own_row_only(stage: &Stage) {
    let (_empty, ground) = ground(stage);
    let texts = "
        SELECT polrelid::regclass::text || ': ' || coalesce(pg_get_expr(polqual, polrelid), '') || ' / '
          || coalesce(pg_get_expr(polwithcheck, polrelid), '') FROM pg_policy";

    let policies = column(&ground, texts);
    assert!(policies.len() > 100, "the catalogue was read: {}", policies.len());
    for text in policies {
        let own = text.replace("( SELECT (NULLIF(current_setting('thidua.", "(");
        let own = own.replace("( SELECT NULLIF(current_setting('thidua.", "(");
        assert!(!own.contains("SELECT") && !own.contains("FROM"), "{text}");
    }
    let wide = "
        SELECT polrelid::regclass::text FROM pg_policy
        WHERE polname !~ '_owner$' AND coalesce(pg_get_expr(polqual, polrelid), '') IN ('true')";
    assert_eq!(column(&ground, wide), Vec::<String>::new());
}

fn the_role_of_requests_owns_nothing_and_bypasses_nothing(stage: &Stage) {
    let (_empty, ground) = ground(stage);

    let powers =
        "SELECT concat_ws(',', rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin)
        FROM pg_roles WHERE rolname = 'thidua_runtime'";
    assert_eq!(column(&ground, powers), ["f,f,f,f,f"]);
    let owned =
        "SELECT relname::text FROM pg_class WHERE pg_get_userbyid(relowner) = 'thidua_runtime'";
    assert_eq!(column(&ground, owned), Vec::<String>::new());
    let member_of = "SELECT pg_get_userbyid(roleid)::text FROM pg_auth_members
        WHERE pg_get_userbyid(member) = 'thidua_runtime'";
    assert_eq!(column(&ground, member_of), Vec::<String>::new());
    let definers = "SELECT proname::text FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND prosecdef";
    assert_eq!(column(&ground, definers), Vec::<String>::new());
    let rights = "SELECT table_name || ' ' || privilege_type FROM information_schema.role_table_grants
        WHERE grantee = 'thidua_runtime' AND table_schema = current_schema()
          AND (privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
            OR (privilege_type <> 'SELECT' AND table_name IN ('tenant', 'base_salary', 'bonus_rate', 'eligibility_rule', 'legal_document', 'seaql_migrations')))";
    assert_eq!(column(&ground, rights), Vec::<String>::new());
    let creates = "SELECT has_schema_privilege('thidua_runtime', current_schema(), 'CREATE')::text";
    assert_eq!(column(&ground, creates), ["false"]);
}

/// Keys of owned tables that do not name the owner; each is unique by its own making, or reviewed.
const OTHER_KEYS: [&str; 6] = [
    // The catalogue: most rows are the law's; the code of a tenant's own begins with the name of the tenant.
    "award_type award_type_code_valid_from_key",
    "award_type award_type_pkey",
    // A cluster is the owner of its line; its code is unique at its organiser.
    "cluster cluster_organiser_id_code_key",
    "cluster cluster_pkey",
    // Owned by the user, who belongs to one tenant; the hash is of 32 random bytes.
    "refresh_token refresh_token_pkey",
    "refresh_token refresh_token_token_hash_key",
];

fn keys_name_the_owner(stage: &Stage) {
    let (_empty, ground) = ground(stage);
    let keys = "
        SELECT c.relname || ' ' || i.relname
        FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
        WHERE c.relrowsecurity AND x.indisunique
          AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid
            AND a.attname IN ('tenant_id', 'cluster_id') AND a.attnum = x.indkey[0])
        ORDER BY 1";
    assert_eq!(column(&ground, keys), OTHER_KEYS);
    let references = "
        SELECT k.conname::text FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
        WHERE k.contype = 'f' AND c.relrowsecurity AND f.relrowsecurity
          -- Most of the catalogue is the law's, of no tenant: there a trigger compares the owners.
          AND NOT (f.relname = 'award_type' AND EXISTS (SELECT FROM pg_trigger t
            WHERE t.tgrelid = c.oid AND t.tgfoid = 'award_type_of_tenant'::regproc AND t.tgenabled = 'O'))
          AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid
            AND a.attname IN ('tenant_id', 'cluster_id') AND a.attnum = ANY (k.conkey))";
    assert_eq!(column(&ground, references), Vec::<String>::new());
}

/// A transaction in the role of requests, rolled back at the end.
struct Runtime(Option<DatabaseTransaction>);

fn as_runtime(ground: &Ground) -> Runtime {
    let runtime = Runtime(Some(wait(ground.pool().begin()).unwrap()));
    run(&runtime, "SET LOCAL ROLE thidua_runtime").unwrap();
    runtime
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(transaction) = self.0.take() {
            drop(wait(transaction.rollback()));
        }
    }
}

fn run(runtime: &Runtime, sql: &str) -> Result<u64, DbErr> {
    let transaction = runtime.0.as_ref().unwrap();
    wait(transaction.execute_unprepared(sql)).map(|done| done.rows_affected())
}

fn tell(transaction: &Runtime, setting: &str, value: &str) {
    run(transaction, &format!("SELECT set_config('thidua.{setting}', '{value}', true)")).unwrap();
}

/// How many rows of a table show.
fn seen(transaction: &Runtime, table: &str) -> u64 {
    run(transaction, &format!("SELECT 1 FROM {table}")).unwrap()
}

/// Tables that requests write and cannot read: the boxes of secret ballots and their keys.
const UNREADABLE: [&str; 2] = ["ballot_box", "ballot_key"];

/// Of which the rows of the law show to all; see [`of_the_catalogue_the_laws_rows_show_to_all`].
const CATALOGUE: &str = "award_type";

/// Every table behind the wall that requests can read, but for the catalogue.
fn owned(ground: &Ground) -> Vec<String> {
    let sql = "SELECT relname::text FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relrowsecurity ORDER BY 1";
    let readable =
        |table: &String| !UNREADABLE.contains(&table.as_str()) && table.as_str() != CATALOGUE;
    column(ground, sql).into_iter().filter(readable).collect()
}

fn boxes_and_their_keys_cannot_be_read(stage: &Stage) {
    let (empty, ground) = ground(stage);
    let World { a, .. } = World::connect(&empty.url).unwrap();

    for sql in [
        "SELECT 1 FROM ballot_box",
        "SELECT xmin FROM ballot_box",
        "SELECT ctid, sealed FROM ballot_box",
        "DELETE FROM ballot_box",
        "UPDATE ballot_box SET sealed = ''",
        "COPY ballot_box TO STDOUT",
        "TRUNCATE ballot_box",
        "SELECT sealed FROM ballot_key",
        "UPDATE ballot_key SET sealed = ''",
        "DELETE FROM ballot_key",
        "SELECT xmin FROM ballot_register",
        "SELECT xmin FROM pulse",
        "SELECT ctid FROM ballot_register",
        "DELETE FROM ballot_register",
        "INSERT INTO ballot_listed (tenant_id, ballot_id, receipt) SELECT tenant_id, ballot_id, 'x' FROM ballot_listed",
    ] {
        let transaction = as_runtime(&ground);
        tell(&transaction, "tenant", &a.id.uuid.to_string());
        let refused = run(&transaction, sql).unwrap_err().to_string();
        assert!(
            refused.contains("permission denied") || sql.starts_with("SET"),
            "{sql}: {refused}"
        );
    }
}

fn is_filled(ground: &Ground, table: &str) -> bool {
    !ground.query(&format!("SELECT 1 FROM {table} LIMIT 1")).unwrap().is_empty()
}

fn without_a_context_nothing_is_seen_or_written(stage: &Stage) {
    let (empty, ground) = ground(stage);
    let _world = World::connect(&empty.url).unwrap();
    let tables = owned(&ground);
    assert!(tables.len() > 50, "{tables:?}");

    for table in tables {
        // Missing, then empty as it is left behind by a transaction before, then nonsense.
        let transaction = as_runtime(&ground);
        assert_eq!(seen(&transaction, &table), 0, "{table}");
        for setting in ["tenant", "clusters", "token"] {
            tell(&transaction, setting, "");
        }
        assert_eq!(seen(&transaction, &table), 0, "{table}");
        let copy = format!("INSERT INTO {table} SELECT * FROM {table}");
        // The list of a ballot is written by another role.
        let copied = run(&transaction, &copy);
        assert!(matches!(copied, Ok(0)) || table == "ballot_listed", "{table}: {copied:?}");
        if copied.is_err() {
            continue;
        }
        for setting in ["tenant", "clusters"] {
            tell(&transaction, setting, "nonsense");
        }
        // Where the table is empty, the setting may not be read at all.
        let shown = run(&transaction, &format!("SELECT 1 FROM {table}"));
        assert!(shown.is_err() || !is_filled(&ground, &table), "{table}");
    }
}

fn a_tenant_sees_and_writes_its_own_rows_only(stage: &Stage) {
    let (empty, ground) = ground(stage);
    let World { a, b, .. } = World::connect(&empty.url).unwrap();
    let (own, foreign) = (a.id.uuid, b.id.uuid);

    let transaction = as_runtime(&ground);
    tell(&transaction, "tenant", &own.to_string());
    let mut filled = 0;
    for table in owned(&ground) {
        let column = format!(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attname = 'tenant_id'"
        );
        if self::column(&ground, &column).is_empty() || table == "cluster_member" {
            continue;
        }
        let of = |tenant| format!("SELECT 1 FROM {table} WHERE tenant_id = '{tenant}'");
        assert_eq!(run(&transaction, &of(foreign)).unwrap(), 0, "{table}");
        let all = run(&transaction, &of(own)).unwrap();
        assert_eq!(seen(&transaction, &table), all, "{table}");
        filled += usize::from(all > 0);
    }
    assert!(filled > 20, "{filled} tables have rows of the own tenant");
    let hidden = format!("UPDATE unit SET name = 'x' WHERE tenant_id = '{foreign}'");
    assert_eq!(run(&transaction, &hidden).unwrap(), 0);
    let moved = format!("UPDATE unit SET tenant_id = '{foreign}' WHERE tenant_id = '{own}'");
    assert!(run(&transaction, &moved).unwrap_err().to_string().contains("row-level security"));
}

fn of_the_catalogue_the_laws_rows_show_to_all(stage: &Stage) {
    let (empty, ground) = ground(stage);
    let World { a, b, .. } = World::connect(&empty.url).unwrap();
    let law = ground.query("SELECT 1 FROM award_type WHERE tenant_id IS NULL").unwrap().len();
    let law = u64::try_from(law).unwrap();

    let transaction = as_runtime(&ground);
    assert_eq!(seen(&transaction, CATALOGUE), law);
    tell(&transaction, "tenant", &a.id.uuid.to_string());
    assert_eq!(seen(&transaction, CATALOGUE), law + 1);
    let change = |of: &str| format!("UPDATE award_type SET name = 'x' WHERE {of}");
    assert_eq!(run(&transaction, &change("tenant_id IS NULL")).unwrap(), 0);
    assert_eq!(run(&transaction, &change(&format!("tenant_id = '{}'", b.id.uuid))).unwrap(), 0);
    assert_eq!(run(&transaction, &change(&format!("tenant_id = '{}'", a.id.uuid))).unwrap(), 1);
    let given =
        "UPDATE award_type SET tenant_id = NULL, origin = 'LAW' WHERE tenant_id IS NOT NULL";
    assert!(run(&transaction, given).unwrap_err().to_string().contains("row-level security"));
}

fn a_reference_to_another_tenant_is_refused(stage: &Stage) {
    let (empty, ground) = ground(stage);
    let World { a, b, .. } = World::connect(&empty.url).unwrap();

    // Referential checks see through every policy: only the key itself keeps tenants apart.
    let transaction = as_runtime(&ground);
    tell(&transaction, "tenant", &a.id.uuid.to_string());
    let adopt =
        format!("UPDATE unit SET parent_id = '{}' WHERE id = '{}'", b.office.uuid, a.division.uuid);
    assert!(run(&transaction, &adopt).unwrap_err().to_string().contains("unit_parent_id_fkey"));
}

/// Both tenants of a cluster see its seats, and its organiser changes them.
fn a_seat_is_taken_by_its_own_tenant_only(stage: &Stage) {
    let (empty, ground) = ground(stage);
    let World { a, crossing, .. } = World::connect(&empty.url).unwrap();

    let transaction = as_runtime(&ground);
    tell(&transaction, "tenant", &a.id.uuid.to_string());
    tell(&transaction, "clusters", &format!("{{{}}}", crossing.id.uuid));
    let (seat, unit) = (crossing.seats[1].id.uuid, a.office.uuid);
    let close = format!("UPDATE cluster_member SET valid_to = '2026-12-31' WHERE id = '{seat}'");
    assert_eq!(run(&transaction, &close).unwrap(), 1);
    let take = format!("UPDATE cluster_member SET unit_id = '{unit}' WHERE id = '{seat}'");
    let refused = run(&transaction, &take).unwrap_err().to_string();
    assert!(refused.contains("cluster_member_unit_id_fkey"), "{refused}");
}

fn rows_that_never_change_cannot_be_changed(stage: &Stage) {
    let (empty, ground) = ground(stage);
    let World { a, .. } = World::connect(&empty.url).unwrap();

    for table in [
        "audit_event",
        "submission_transition",
        "score_change",
        "own_rule",
        "own_bonus_rate",
        "decision",
        "decision_gap",
        "award_act",
        "quota",
        "quota_basis",
        "quota_waiver",
        "appraisal",
        "appraisal_finding",
        "fund_entry",
        "onward_package",
        "onward_event",
        "onward_result",
        "exemplar",
        "exemplar_step",
        "notice",
        "notice_rule",
        "own_document",
        "complaint",
        "complaint_step",
        "condition_confirmation",
        "session_minutes",
    ] {
        for sql in [format!("UPDATE {table} SET id = id"), format!("DELETE FROM {table}")] {
            let transaction = as_runtime(&ground);
            tell(&transaction, "tenant", &a.id.uuid.to_string());
            let refused = run(&transaction, &sql).unwrap_err().to_string();
            assert!(refused.contains("permission denied"), "{sql}: {refused}");
        }
    }
}

fn a_server_works_with_a_login_that_owns_nothing(stage: &Stage) {
    let server = stage.own_server(Options { demo: true, ..Options::default() });
    let login = format!("thidua_server_{}", std::process::id());
    let file = server.data().join("password");
    std::fs::write(&file, "a-password-of-its-own\n").unwrap();
    let file = file.to_string_lossy().into_owned();
    let made = ["migrate", "up", "--server-login", &login, "--server-password-file", &file];
    // Again with the login there: it only gets the password anew.
    for _ in 0..2 {
        let done = server.command(&made).unwrap();
        assert!(done.is_success(), "{}", done.text);
    }

    let below = server.below(&format!("{login}:a-password-of-its-own")).unwrap();
    let client = below.client().sign_in("lai_chau", "lai_chau.officer", PASSWORD);
    let units = client.run("{ units { totalCount } viewer { user { username } } }", json!({})).ok();
    assert!(units["units"]["totalCount"].as_i64().is_some_and(|count| count > 0), "{units}");
    let (above, log) = (server.log(), below.log_of_this_start());
    assert!(!log.contains("stands above row-level security"), "{log}");
    assert!(above.contains("stands above row-level security"), "{above}");
    drop((below, server));
    let rest = stage.empty_database().connect();
    wait(rest.pool().execute_unprepared(&format!("DROP ROLE \"{login}\""))).unwrap();
}
