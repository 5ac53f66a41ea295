//! Many rows at once: those of a bulk write, and totals that are kept in step with the rows they count.
//! No domain enters here.

use entity::award;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, IdenStatic, IntoActiveModel, Iterable, QueryFilter};

use super::gate::{Gate, find};
use super::tx::{Stored, Tx, set_uuid};
use crate::error::{Error, Result};

/// Rows of one statement; SQLite takes 32,766 values.
const BATCH: usize = 250;

impl Tx {
    /// Whether a row is part of what another tenant has sent to the caller's.
    pub(super) fn is_addressed<E: Stored>(&self, row: &E::ActiveModel) -> Result<bool> {
        let addressee = E::addressee().and_then(|column| set_uuid(row.get(column)));
        Ok(addressee == Some(self.gate().actor()?.tenant))
    }

    /// Adds rows, each with its audit entry.
    pub async fn add_many<E: Stored>(&self, rows: Vec<E::Model>) -> Result<()>
    where
        E::Model: Clone,
    {
        for row in &rows {
            self.note_added::<E>(row)?;
        }
        self.add_many_derived::<E>(rows).await
    }

    /// Adds rows that need no audit entries of their own.
    #[expect(clippy::disallowed_methods, reason = "rows of bulk writes are added here")]
    pub async fn add_many_derived<E: Stored>(&self, rows: Vec<E::Model>) -> Result<()> {
        for batch in self.batches::<E>(rows)? {
            E::insert_many(batch).exec_without_returning(&self.at::<E>()).await?;
        }
        Ok(())
    }

    /// Adds rows or takes the place of those with the same owner and id: for totals, whose writers stand
    /// in line.
    #[expect(clippy::disallowed_methods, reason = "totals are written here")]
    pub async fn put_derived<E: Stored>(&self, rows: Vec<E::Model>) -> Result<()> {
        let (owner, id) = (E::owner(), E::id());
        let is_key =
            |column: &E::Column| [owner, id].iter().any(|key| key.as_str() == column.as_str());
        let others: Vec<E::Column> = E::Column::iter().filter(|column| !is_key(column)).collect();
        for batch in self.batches::<E>(rows)? {
            let renewed =
                OnConflict::columns([owner, id]).update_columns(others.clone()).to_owned();
            let insert = E::insert_many(batch).on_conflict(renewed);
            insert.exec_without_returning(&self.at::<E>()).await?;
        }
        Ok(())
    }

    fn batches<E: Stored>(&self, rows: Vec<E::Model>) -> Result<Vec<Vec<E::ActiveModel>>> {
        let mut batches: Vec<Vec<E::ActiveModel>> = Vec::new();
        for row in rows {
            let row = row.into_active_model().reset_all();
            self.check_place::<E>(&row)?;
            match batches.last_mut() {
                Some(batch) if batch.len() < BATCH => batch.push(row),
                Some(_) | None => batches.push(vec![row]),
            }
        }
        Ok(batches)
    }
}

/// Letters and digits of public codes: none that is read as another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Length of public codes: sixty bits.
const LENGTH: usize = 12;

impl Gate {
    /// A new public code, short and not to be guessed.
    pub fn new_code(&self) -> Result<String> {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes).map_err(|fault| Error::broken(&fault.to_string()))?;
        let letter = |byte: &u8| LETTERS.get(usize::from(byte & 31)).map(|it| char::from(*it));
        Ok(bytes.iter().filter_map(letter).collect())
    }

    /// The award of a public code, whoever asks: nobody needs to be signed in.
    pub async fn award_of_code(&self, code: &str) -> Result<Option<award::Model>> {
        let connection = self.connection(false)?;
        connection.lease.enter_code(code).await?;
        let of_code = award::Column::PublicCode.eq(code);
        Ok(find::<award::Entity>().filter(of_code).one(&connection).await?)
    }
}
