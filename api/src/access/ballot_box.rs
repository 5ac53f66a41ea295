//! The box of a secret ballot: sealed choices go in, and come out once, shuffled, when two people have closed it.
//! What a choice means does not enter here, and no member ever does.
//!
//! Each ballot has a key of its own (HPKE, RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305). Choices are sealed to
//! its public half. The private half is split in two, each useless alone, each sealed with the server's sealing
//! key, which the database does not hold. On PostgreSQL requests can put into the box and never read it; another
//! role empties it, and sees a half of the key only once the person it belongs to has released it. SQLite has no
//! roles: there the seal alone keeps the box.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use entity::{ballot_box, ballot_key, ballot_listed};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, OpModeR, OpModeS, Serializable};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder,
    Statement, Value,
};
use uuid::Uuid;

use super::gate::{Gate, find};
use super::sealing::Sealing;
use super::token::key::random_id;
use super::tx::{Tx, exec_insert};
use crate::error::{Error, Result};

type Scheme = X25519HkdfSha256;
type Private = <Scheme as Kem>::PrivateKey;
type Public = <Scheme as Kem>::PublicKey;
type Encapped = <Scheme as Kem>::EncappedKey;

/// The role that empties boxes.
pub const TELLER: &str = "thidua_teller";
/// Bytes of a private key.
const KEY: usize = 32;
/// Lines of a list that one statement adds.
const LINES: usize = 250;

/// To whom a half of the key belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// The one who closes the ballot.
    Secretary,
    /// The one who confirms that it is closed.
    Chair,
}

impl Half {
    const fn name(self) -> &'static str {
        match self {
            Self::Secretary => "SECRETARY",
            Self::Chair => "CHAIR",
        }
    }

    fn place(self, ballot: Uuid) -> String {
        format!("ballot {ballot} {}", self.name())
    }
}

/// One line of the published list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// What the voter was given.
    pub receipt: String,
    /// What was chosen; none where there are too few to publish it.
    pub choices: Option<String>,
}

/// The key of a box that is about to be made.
pub struct BoxKey {
    private: Private,
    /// What choices are sealed to.
    pub public: String,
}

impl BoxKey {
    /// A new key.
    #[must_use]
    pub fn new() -> Self {
        let (private, public) = Scheme::gen_keypair();
        Self { private, public: hex::encode(public.to_bytes()) }
    }
}

impl Default for BoxKey {
    fn default() -> Self {
        Self::new()
    }
}

fn halves(ballot: Uuid, key: &BoxKey, sealing: &Sealing) -> Result<[(Half, String); 2]> {
    let mut pad = [0; KEY];
    getrandom::fill(&mut pad).map_err(|fault| Error::broken(&fault.to_string()))?;
    let private = key.private.to_bytes();
    let rest: Vec<u8> = private.iter().zip(pad).map(|(one, other)| one ^ other).collect();
    let seal = |half: Half, bytes: &[u8]| -> Result<(Half, String)> {
        Ok((half, sealing.seal(bytes, &half.place(ballot))?))
    };
    Ok([seal(Half::Secretary, &pad)?, seal(Half::Chair, &rest)?])
}

/// A receipt that nobody can guess.
pub fn receipt() -> Result<String> {
    Ok(random_id()?.simple().to_string())
}

impl Tx {
    /// Keeps the private key of a box in two halves.
    pub async fn make_box(&self, ballot: Uuid, key: BoxKey, sealing: &Sealing) -> Result<()> {
        for (half, sealed) in halves(ballot, &key, sealing)? {
            let row = ballot_key::ActiveModel {
                tenant_id: Set(self.gate().actor()?.tenant),
                ballot_id: Set(ballot),
                part: Set(half.name().to_owned()),
                sealed: Set(sealed),
                is_released: Set(false),
            };
            exec_insert::<ballot_key::Entity, _>(row, &self.connection()).await?;
        }
        Ok(())
    }

    /// Seals a choice and puts it into the box under a random id.
    pub async fn put_in(&self, ballot: Uuid, public: &str, choice: &[u8]) -> Result<()> {
        let row = ballot_box::ActiveModel {
            tenant_id: Set(self.gate().actor()?.tenant),
            id: Set(random_id()?),
            ballot_id: Set(ballot),
            sealed: Set(seal(public, choice, ballot)?),
        };
        exec_insert::<ballot_box::Entity, _>(row, &self.connection()).await
    }

    /// Lets the teller see one half of the key from now on.
    pub async fn release(&self, ballot: Uuid, half: Half) -> Result<()> {
        let sql = "UPDATE ballot_key SET is_released = true \
                   WHERE tenant_id = $1 AND ballot_id = $2 AND part = $3";
        let done = self.ask(sql, vec![half.name().into()], ballot)?;
        self.connection().execute_raw(done).await?;
        Ok(())
    }

    /// Takes everything out of the box, opened and in random order; both halves must have been released.
    pub async fn empty_box(&self, ballot: Uuid, sealing: &Sealing) -> Result<Vec<Vec<u8>>> {
        self.act_as(TELLER).await?;
        let opened = self.open_box(ballot, sealing).await?;
        let gone = "DELETE FROM ballot_box WHERE tenant_id = $1 AND ballot_id = $2";
        self.connection().execute_raw(self.ask(gone, vec![], ballot)?).await?;
        self.act_as(super::ROLE).await?;
        Ok(opened)
    }

    async fn open_box(&self, ballot: Uuid, sealing: &Sealing) -> Result<Vec<Vec<u8>>> {
        let key = self.private(ballot, sealing).await?;
        let sql = "SELECT sealed FROM ballot_box WHERE tenant_id = $1 AND ballot_id = $2";
        let rows = self.connection().query_all_raw(self.ask(sql, vec![], ballot)?).await?;
        let mut opened = Vec::with_capacity(rows.len());
        for row in rows {
            let sealed: String = row.try_get("", "sealed")?;
            opened.push((random_id()?, open(&key, &sealed, ballot)?));
        }
        opened.sort_unstable_by_key(|(place, _)| *place);
        Ok(opened.into_iter().map(|(_, choice)| choice).collect())
    }

    async fn private(&self, ballot: Uuid, sealing: &Sealing) -> Result<Private> {
        let sql = "SELECT part, sealed FROM ballot_key \
                   WHERE tenant_id = $1 AND ballot_id = $2 AND is_released";
        let rows = self.connection().query_all_raw(self.ask(sql, vec![], ballot)?).await?;
        let mut key = vec![0; KEY];
        let mut found = 0;
        for row in &rows {
            let part: String = row.try_get("", "part")?;
            let half = if part == Half::Chair.name() { Half::Chair } else { Half::Secretary };
            let bytes = sealing.open(&row.try_get::<String>("", "sealed")?, &half.place(ballot))?;
            key = key.iter().zip(bytes).map(|(one, other)| one ^ other).collect();
            found += 1;
        }
        if found != 2 {
            return Err(Error::broken("a box is emptied before both halves are released"));
        }
        Private::from_bytes(&key).map_err(|fault| Error::broken(&fault.to_string()))
    }

    /// Publishes the list of a closed ballot.
    #[expect(clippy::disallowed_methods, reason = "the teller's rows are added here")]
    pub async fn publish_list(&self, ballot: Uuid, list: Vec<Listed>) -> Result<()> {
        self.act_as(TELLER).await?;
        let tenant = self.gate().actor()?.tenant;
        let rows = list.into_iter().map(|line| ballot_listed::ActiveModel {
            tenant_id: Set(tenant),
            ballot_id: Set(ballot),
            receipt: Set(line.receipt),
            choices: Set(line.choices),
        });
        let rows: Vec<_> = rows.collect();
        for rows in rows.chunks(LINES) {
            let insert = ballot_listed::Entity::insert_many(rows.to_vec());
            insert.exec_without_returning(&self.connection()).await?;
        }
        self.act_as(super::ROLE).await
    }

    fn ask(&self, sql: &str, more: Vec<Value>, ballot: Uuid) -> Result<Statement> {
        let mut values: Vec<Value> = vec![self.gate().actor()?.tenant.into(), ballot.into()];
        values.extend(more);
        let backend = self.connection().get_database_backend();
        Ok(Statement::from_sql_and_values(backend, sql, values))
    }

    /// Changes the role for the rest of the transaction, where the database has roles.
    async fn act_as(&self, role: &str) -> Result<()> {
        if self.connection().get_database_backend() == DbBackend::Postgres {
            self.connection().execute_unprepared(&format!("SET LOCAL ROLE {role}")).await?;
        }
        Ok(())
    }
}

impl Gate {
    /// The published list of a ballot that the caller has read; in the order of receipts, which are random.
    pub async fn list(&self, ballot: Uuid) -> Result<Vec<Listed>> {
        use ballot_listed::Column;
        let own = Condition::all()
            .add(Column::TenantId.eq(self.actor()?.tenant))
            .add(Column::BallotId.eq(ballot));
        let select = find::<ballot_listed::Entity>().filter(own).order_by_asc(Column::Receipt);
        let rows = select.all(&self.connection(false)?).await?;
        let line =
            |row: ballot_listed::Model| Listed { receipt: row.receipt, choices: row.choices };
        Ok(rows.into_iter().map(line).collect())
    }
}

fn seal(public: &str, choice: &[u8], ballot: Uuid) -> Result<String> {
    let broken = |fault: hpke::HpkeError| Error::broken(&fault.to_string());
    let public = hex::decode(public).map_err(|fault| Error::broken(&fault.to_string()))?;
    let public = Public::from_bytes(&public).map_err(broken)?;
    let (encapped, sealed) = hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, Scheme>(
        &OpModeS::Base,
        &public,
        ballot.as_bytes(),
        choice,
        b"",
    )
    .map_err(broken)?;
    Ok(STANDARD_NO_PAD.encode([encapped.to_bytes().as_slice(), &sealed].concat()))
}

fn open(key: &Private, sealed: &str, ballot: Uuid) -> Result<Vec<u8>> {
    let broken = |fault: hpke::HpkeError| Error::broken(&fault.to_string());
    let bytes = STANDARD_NO_PAD.decode(sealed);
    let bytes = bytes.map_err(|fault| Error::broken(&fault.to_string()))?;
    let (encapped, rest) =
        bytes.split_at_checked(KEY).ok_or_else(|| Error::broken("a choice that was cut off"))?;
    let encapped = Encapped::from_bytes(encapped).map_err(broken)?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Scheme>(
        &OpModeR::Base,
        key,
        &encapped,
        ballot.as_bytes(),
        rest,
        b"",
    )
    .map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_key_of_its_ballot_alone() {
        let (ballot, key) = (Uuid::from_u128(1), BoxKey::new());

        let sealed = seal(&key.public, b"choice", ballot).unwrap();

        assert_eq!(open(&key.private, &sealed, ballot).unwrap(), b"choice");
        assert_ne!(sealed, seal(&key.public, b"choice", ballot).unwrap(), "no two are alike");
        assert!(open(&key.private, &sealed, Uuid::from_u128(2)).is_err());
        assert!(open(&BoxKey::new().private, &sealed, ballot).is_err());
        assert!(open(&key.private, &sealed[2..], ballot).is_err());
    }

    #[test]
    fn half_a_key_is_no_key() {
        let (ballot, key) = (Uuid::from_u128(1), BoxKey::new());
        let sealing = Sealing::new(b"the secret of a file").unwrap();

        let [one, other] = halves(ballot, &key, &sealing).unwrap();

        let opened =
            [one, other].map(|(half, text)| sealing.open(&text, &half.place(ballot)).unwrap());
        let [one, other] = &opened;
        let whole: Vec<u8> = one.iter().zip(other).map(|(one, other)| one ^ other).collect();
        assert_eq!(whole, key.private.to_bytes().as_slice());
        assert!(*one != whole && *other != whole && one != other);
    }
}
