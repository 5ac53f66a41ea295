//! The history of the database: up, down and up; it holds what the entities ask for, and every foreign key has an index.

use std::collections::{BTreeMap, BTreeSet};

use harness::ground::Ground;
use harness::server::Options;
use harness::stage::{Case, Stage};
use harness::{cases, wait};
use migration::{Migrator, MigratorTrait};
use sea_orm::{EntityTrait, IdenStatic, Iterable, QuerySelect};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        the_history_goes_up_down_and_up,
        every_entity_can_be_selected,
        tables_and_entities_have_the_same_columns,
        every_foreign_key_has_an_index,
        what_waited_before_has_its_last_day,
        a_no_that_nobody_has_said_is_none,
        the_rounds_of_a_frozen_rule_are_a_number_beside_it,
    ]
}

/// Calls a macro with every entity there is.
macro_rules! every_entity {
    ($each:ident) => {
        $each![
            account,
            agenda_item,
            appraisal,
            appraisal_finding,
            audit_checkpoint,
            audit_event,
            audit_node,
            audit_pending,
            award,
            award_act,
            award_cell,
            award_proposal,
            award_subject,
            award_target,
            award_type,
            ballot,
            ballot_box,
            ballot_candidate,
            ballot_key,
            ballot_listed,
            ballot_register,
            ballot_result,
            ballot_roll,
            ballot_rule,
            base_salary,
            bonus_rate,
            candidate,
            clearance,
            cluster,
            cluster_head,
            cluster_member,
            comparison,
            comparison_row,
            complaint,
            complaint_step,
            condition_confirmation,
            council,
            council_seat,
            council_session,
            criteria_set,
            criterion,
            decision,
            decision_gap,
            decision_submission,
            declared_tie,
            discipline,
            eligibility_rule,
            exemplar,
            exemplar_step,
            external_identity,
            fund_entry,
            initiative,
            initiative_author,
            initiative_proposal,
            initiative_proposer,
            kept_answer,
            legal_document,
            movement,
            nominee,
            notice,
            notice_rule,
            onward,
            onward_event,
            onward_nominee,
            onward_package,
            onward_result,
            open_vote,
            own_bonus_rate,
            own_document,
            own_rule,
            paper_count,
            peer_assignment,
            pulse,
            quota,
            quota_basis,
            quota_entry,
            quota_waiver,
            recovery_code,
            reference_data,
            refresh_token,
            revocation,
            role_grant,
            score,
            score_change,
            seat_holder,
            second_factor,
            session_minutes,
            session_paper,
            session_seat,
            session_task,
            sign_in_setting,
            sign_in_throttle,
            subject,
            subject_membership,
            submission,
            submission_document,
            submission_transition,
            tenant,
            tenant_code,
            tenant_lineage,
            tie_decision,
            unit,
            unit_above,
            unit_lineage,
            year_record
        ]
    };
}

type Columns = BTreeMap<String, BTreeSet<String>>;

fn the_history_goes_up_down_and_up(stage: &Stage) {
    let empty = stage.empty_database();
    let ground = empty.connect();

    ground.migrate().unwrap();
    let first = columns(&ground);
    wait(Migrator::down(ground.pool(), None)).unwrap();
    let none = columns(&ground);
    ground.migrate().unwrap();
    let second = columns(&ground);

    assert_eq!(none, Columns::new());
    assert!(!first.is_empty());
    assert_eq!(first, second);
}

/// Submissions of the demo as they were before there was a day: the migration says the same as the server.
fn what_waited_before_has_its_last_day(stage: &Stage) {
    let server = stage.own_server(Options { demo: true, ..Options::default() });
    let ground = Ground::connect(&server.database_url().unwrap()).unwrap();
    let waiting = || {
        let text = if ground.is_postgres() { "id::text" } else { "hex(id)" };
        let day = if ground.is_postgres() { "due_on::text" } else { "due_on" };
        let sql = format!(
            "SELECT {text} AS a, {day} AS b FROM submission WHERE waiting_since IS NOT NULL"
        );
        pairs(&ground, &sql).into_iter().collect::<BTreeMap<_, _>>()
    };
    let before = waiting();
    let known = before.values().filter(|day| !day.starts_with("9999")).count();
    assert!(known > 0 && known < before.len(), "{before:?}");
    let all = Migrator::migrations();
    let place = all.iter().position(|one| one.name() == "m20261122_000141_handling").unwrap();
    let since = u32::try_from(all.len() - place).unwrap();

    wait(Migrator::down(ground.pool(), Some(since))).unwrap();
    ground.migrate().unwrap();

    assert_eq!(waiting(), before);
}

/// Subjects of the demo as they were before it could be unknown whether somebody works directly or leads others.
fn a_no_that_nobody_has_said_is_none(stage: &Stage) {
    let server = stage.own_server(Options { demo: true, ..Options::default() });
    let ground = Ground::connect(&server.database_url().unwrap()).unwrap();
    let word = |column: &str| {
        format!("CASE WHEN {column} THEN 'yes ' WHEN NOT {column} THEN 'no ' ELSE '? ' END")
    };
    let told = || {
        let class = "CASE WHEN leadership_class IS NULL THEN 'none' ELSE 'class' END";
        let words = [word("direct_worker"), word("manager")].join(" || ");
        let sql = format!("SELECT {class} AS a, {words} AS b FROM subject");
        pairs(&ground, &sql).into_iter().collect::<BTreeSet<_>>()
    };
    let all = Migrator::migrations();
    let place = all.iter().position(|one| one.name() == "m20261124_000164_told_of_a_person");
    let since = u32::try_from(all.len() - place.unwrap()).unwrap();

    wait(Migrator::down(ground.pool(), Some(since))).unwrap();
    let before = told();
    ground.migrate().unwrap();
    let after = told();

    let none = |words: &str| ("none".to_owned(), words.to_owned());
    assert!(before.iter().all(|(_, words)| !words.contains('?')), "{before:?}");
    assert!(before.contains(&none("no no ")) && after.contains(&none("? ? ")), "{after:?}");
    assert!(after.iter().all(|(class, words)| class == "class" || !words.contains("no")));
    assert!(after.iter().any(|(class, words)| class == "class" && words.contains("no")));
}

/// Ballots of the demo as they were before the number stood beside the rule.
fn the_rounds_of_a_frozen_rule_are_a_number_beside_it(stage: &Stage) {
    let server = stage.own_server(Options { demo: true, ..Options::default() });
    let ground = Ground::connect(&server.database_url().unwrap()).unwrap();
    let frozen = || {
        let sql = "SELECT rule AS a, max_rounds || CASE WHEN authority_decides THEN ' and chosen' ELSE '' END AS b
                   FROM ballot_candidate";
        pairs(&ground, sql).into_iter().collect::<BTreeSet<_>>()
    };
    let before = frozen();
    let all = Migrator::migrations();
    let place = all.iter().position(|one| one.name() == "m20261125_000173_frozen_rounds");
    let since = u32::try_from(all.len() - place.unwrap()).unwrap();

    wait(Migrator::down(ground.pool(), Some(since))).unwrap();
    ground.migrate().unwrap();

    assert!(before.iter().any(|(_, rounds)| rounds.starts_with('2')), "{before:?}");
    for (rule, rounds) in &before {
        let most = rounds.trim_end_matches(" and chosen");
        assert!(rule.contains(&format!("\"max_rounds\":{most},")), "{rounds}: {rule}");
        assert_eq!(
            rule.contains("AUTHORITY_DECIDES"),
            rounds.ends_with("chosen"),
            "{rounds}: {rule}"
        );
    }
    assert_eq!(frozen(), before);
}

fn every_entity_can_be_selected(stage: &Stage) {
    let empty = stage.empty_database();
    let ground = empty.connect();
    ground.migrate().unwrap();

    macro_rules! select {
        ($($table:ident),*) => { $(select::<entity::$table::Entity>(&ground);)* };
    }
    every_entity!(select);
}

#[expect(
    clippy::disallowed_methods,
    reason = "the table itself is looked at, not what someone may see of it"
)]
fn select<E: EntityTrait>(ground: &Ground) {
    let rows = wait(E::find().limit(0).all(ground.pool()));

    assert!(rows.is_ok(), "{}: {rows:?}", E::default().table_name());
}

fn tables_and_entities_have_the_same_columns(stage: &Stage) {
    let empty = stage.empty_database();
    let ground = empty.connect();
    ground.migrate().unwrap();

    macro_rules! named {
        ($($table:ident),*) => { Columns::from([$(named::<entity::$table::Entity>()),*]) };
    }
    let entities = every_entity!(named);

    assert_eq!(columns(&ground), entities);
}

fn named<E: EntityTrait>() -> (String, BTreeSet<String>) {
    let columns = E::Column::iter().map(|column| column.as_str().to_owned());
    (E::default().table_name().to_owned(), columns.collect())
}

/// The columns of every table, save those of the migrations themselves.
fn columns(ground: &Ground) -> Columns {
    let sql = if ground.is_postgres() {
        "SELECT table_name::text AS a, column_name::text AS b FROM information_schema.columns
         WHERE table_schema = current_schema() AND table_name <> 'seaql_migrations'"
    } else {
        "SELECT t.name AS a, c.name AS b FROM sqlite_schema t, pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT IN ('seaql_migrations', 'sqlite_sequence')"
    };
    let mut columns = Columns::new();
    for (table, column) in pairs(ground, sql) {
        columns.entry(table).or_default().insert(column);
    }
    columns
}

fn every_foreign_key_has_an_index(stage: &Stage) {
    let empty = stage.empty_database();
    let ground = empty.connect();
    ground.migrate().unwrap();

    assert_eq!(bare_keys(&ground), []);
    ground.query("DROP INDEX nominee_award_type_id_idx").unwrap();
    assert_eq!(bare_keys(&ground), [("nominee".to_owned(), "award_type_id".to_owned())]);
}

/// Table and columns of each foreign key whose columns are not the first of any index over all rows.
fn bare_keys(ground: &Ground) -> Vec<(String, String)> {
    let (keys, indexes) = if ground.is_postgres() {
        (POSTGRES_KEYS, POSTGRES_INDEXES)
    } else {
        (SQLITE_KEYS, SQLITE_INDEXES)
    };
    let indexes = pairs(ground, indexes);
    let leads = |index: &str, key: &str| {
        let key: BTreeSet<&str> = key.split(',').collect();
        index.split(',').take(key.len()).collect::<BTreeSet<&str>>() == key
    };
    let has_index =
        |table: &str, key: &str| indexes.iter().any(|(on, index)| on == table && leads(index, key));
    pairs(ground, keys).into_iter().filter(|(table, key)| !has_index(table, key)).collect()
}

/// Table and columns of each foreign key.
const POSTGRES_KEYS: &str = "
    SELECT k.conrelid::regclass::text AS a, string_agg(c.attname::text, ',') AS b
    FROM pg_constraint k JOIN pg_attribute c ON c.attrelid = k.conrelid AND c.attnum = ANY (k.conkey)
    WHERE k.contype = 'f' GROUP BY k.oid, k.conrelid";

/// Table and columns, in order, of each index over all rows.
const POSTGRES_INDEXES: &str = "
    SELECT i.indrelid::regclass::text AS a, string_agg(c.attname::text, ',' ORDER BY k.place) AS b
    FROM pg_index i
    JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place) ON true
    JOIN pg_attribute c ON c.attrelid = i.indrelid AND c.attnum = k.number
    WHERE i.indpred IS NULL GROUP BY i.indexrelid, i.indrelid";

const SQLITE_KEYS: &str = r#"
    SELECT t.name AS a, group_concat(k."from", ',') AS b
    FROM sqlite_schema t, pragma_foreign_key_list(t.name) k
    WHERE t.type = 'table' GROUP BY t.name, k.id"#;

const SQLITE_INDEXES: &str = "
    SELECT a, group_concat(name, ',') AS b FROM (
        SELECT t.name AS a, i.name AS i, c.name AS name
        FROM sqlite_schema t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
        WHERE t.type = 'table' AND i.partial = 0 ORDER BY t.name, i.name, c.seqno
    ) GROUP BY a, i";

fn pairs(ground: &Ground, sql: &str) -> Vec<(String, String)> {
    let text = |row: &sea_orm::QueryResult, name| row.try_get::<String>("", name).unwrap();
    ground.query(sql).unwrap().iter().map(|row| (text(row, "a"), text(row, "b"))).collect()
}
