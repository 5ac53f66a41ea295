//! The rows of the demo in the order in which tables depend on each other, and how they are written.
//! No row is made here.

#![expect(
    clippy::disallowed_methods,
    reason = "the loader fills an empty database beneath the gate; no caller is served"
)]

use anyhow::Context;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, EntityName, EntityTrait, IntoActiveModel, Iterable,
};

use super::Step;

/// Rows of one statement; the widest table has 21 columns and SQLite takes 32,766 values.
const BATCH: usize = 250;

macro_rules! rows {
    ($($table:ident),* $(,)?) => {
        /// Every row of the demo, by table; parents before children.
        #[derive(Default)]
        pub(super) struct Rows {
            $(pub(super) $table: Vec<entity::$table::Model>,)*
        }

        impl Rows {
            fn total(&self) -> usize {
                0 $(+ self.$table.len())*
            }

            /// Writes the rows in batches.
            pub(super) async fn write(
                self,
                connection: &impl ConnectionTrait,
                show: &mut impl FnMut(Step),
            ) -> anyhow::Result<()> {
                let total = count(self.total());
                let mut writer = Writer { connection, show, done: 0, total };
                $(writer.add::<entity::$table::Entity>(stringify!($table), self.$table).await?;)*
                Ok(())
            }
        }
    };
}

rows! {
    unit,
    unit_above,
    account,
    own_document,
    cluster,
    cluster_member,
    cluster_head,
    council,
    ballot_rule,
    council_seat,
    role_grant,
    seat_holder,
    criteria_set,
    criterion,
    peer_assignment,
    score,
    comparison,
    comparison_row,
    subject,
    subject_membership,
    year_record,
    initiative,
    initiative_author,
    clearance,
    discipline,
    submission,
    nominee,
    submission_document,
    submission_transition,
    council_session,
    agenda_item,
    candidate,
    session_seat,
    session_task,
    ballot,
    ballot_candidate,
    ballot_roll,
    ballot_register,
    ballot_listed,
    ballot_result,
    award,
    award_act,
    award_subject,
    award_cell,
    audit_event,
    audit_pending,
}

struct Writer<'a, C, F> {
    connection: &'a C,
    show: &'a mut F,
    done: u64,
    total: u64,
}

impl<C: ConnectionTrait, F: FnMut(Step)> Writer<'_, C, F> {
    async fn add<E>(&mut self, table: &'static str, rows: Vec<E::Model>) -> anyhow::Result<()>
    where
        E: EntityTrait + EntityName,
        E::Model: IntoActiveModel<E::ActiveModel>,
        E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
    {
        debug_assert!(
            BATCH * E::Column::iter().count() <= 32_766,
            "{table} is too wide for a batch"
        );
        let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
        while rows.peek().is_some() {
            let batch: Vec<E::ActiveModel> = rows.by_ref().take(BATCH).collect();
            self.done += count(batch.len());
            let insert = E::insert_many(batch).exec_without_returning(self.connection).await;
            insert.with_context(|| format!("rows of {table}"))?;
            (self.show)(Step { table, done: self.done, total: self.total });
        }
        Ok(())
    }
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
