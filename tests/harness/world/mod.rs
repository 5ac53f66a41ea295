//! Worlds: two fresh provinces with people of every role, their clusters and one cluster that crosses them.
//! No policy enters here: a world says what is there, never who may see it.
//!
//! A world is built in the database of a running server or in an empty one that was migrated; its names are
//! unique, so any number of worlds stand side by side. Every free text carries a *canary* that says whose it is:
//! an answer that holds the canary of another leaks. Names of tenants are public and carry none.

use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, anyhow};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::award_type;
use entity::submission::State;
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, DatabaseTransaction};
use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::ground::{Ground, add};
use crate::people::PASSWORD;
use crate::server::Server;
use crate::wait;

mod board;
mod contest;
mod country;
mod duty;
mod example;
mod list;
mod more;
mod onward;
mod plan;
mod posting;
mod rare;
mod registry;
mod sitting;
mod subject;
mod territory;

use duty::Duty;

pub use board::Board;
pub use contest::{Contest, Seat};
pub use country::Country;
pub use duty::Lapse;
pub use onward::Onward;
pub use rare::Given;
pub use registry::Awards;
pub use subject::Records;
use territory::BAC_NINH;
pub use territory::{Person, Province, Submission};

/// The year of everything in a world.
pub const YEAR: i32 = 2025;

/// A row: the GraphQL type of its id and its UUID; in JSON the opaque id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Id {
    /// Type of the id: `Unit`.
    pub prefix: &'static str,
    /// Primary key.
    pub uuid: Uuid,
}

impl Id {
    /// A new id of a type.
    #[expect(clippy::disallowed_methods, reason = "the rows of a world are made beneath the gate")]
    #[must_use]
    pub fn new(prefix: &'static str) -> Self {
        Self { prefix, uuid: Uuid::now_v7() }
    }

    /// The last eight digits, which are random.
    fn short(self) -> String {
        self.uuid.simple().to_string().split_off(24)
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&api::scalar::encode(self.prefix, self.uuid))
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

/// Two provinces that must not see each other, and the one place where they meet.
pub struct World {
    /// The first province.
    pub a: Province,
    /// The second, built alike.
    pub b: Province,
    /// A cluster that [`World::a`] organises; the first seat is an office of A, the second one of B.
    pub crossing: Contest,
    /// The coordinator of [`World::crossing`], of A.
    pub crossing_coordinator: Person,
    /// The deputy of [`World::crossing`], of B.
    pub crossing_deputy: Person,
    /// The title for which everyone is nominated; of the catalogue when there is one.
    pub award_type: Id,
    /// The database itself, to see what is left of an attempt.
    pub ground: Ground,
    password_hash: String,
}

impl World {
    /// Builds a world in the database of a server.
    #[must_use]
    pub fn on(server: &Server) -> Self {
        server.database_url().and_then(|url| Self::connect(&url)).unwrap()
    }

    /// The same with Bắc Ninh of the register as [`World::a`], where a regulation of its own holds. There is one Bắc
    /// Ninh: the server is the case's own.
    #[must_use]
    pub fn in_bac_ninh(server: &Server) -> Self {
        server.database_url().and_then(|url| Self::around(&url, BAC_NINH.0, cheap_hash()?)).unwrap()
    }

    /// The same with passwords that cost what those of the demo do: for cases about signing in itself.
    #[must_use]
    pub fn with_dear_passwords(server: &Server) -> Self {
        let build =
            |url: String| Self::around(&url, "a", hash_of_the_demo(&Ground::connect(&url)?)?);
        server.database_url().and_then(build).unwrap()
    }

    /// Builds a world in a migrated database.
    pub fn connect(url: &str) -> Result<Self> {
        Self::around(url, "a", cheap_hash()?)
    }

    fn around(url: &str, first: &str, password_hash: String) -> Result<Self> {
        let ground = Ground::connect(url)?;
        let award_type = award_type(&ground)?;
        wait(async move {
            let rows = ground.begin().await?;
            let builder =
                Builder { rows, password_hash: password_hash.clone(), award_type, now: now() };
            let a = builder.province(first).await?;
            let b = builder.province("b").await?;
            let crossing = builder.contest(&a, "crossing", &[&a, &b]).await?;
            let crossing_coordinator =
                builder.person(&a, "crossing_coordinator", Duty::coordinator(&crossing)).await?;
            let crossing_deputy =
                builder.person(&b, "crossing_deputy", Duty::deputy(&crossing)).await?;
            builder.rows.commit().await?;
            Ok(Self {
                a,
                b,
                crossing,
                crossing_coordinator,
                crossing_deputy,
                award_type,
                ground,
                password_hash,
            })
        })
    }

    /// Adds another submission of the office of a province, in any state.
    #[must_use]
    pub fn submission(&self, province: &Province, state: State) -> Submission {
        self.build(async |builder| builder.submission(province, state).await)
    }

    /// Canaries that nobody of A may ever read.
    #[must_use]
    pub fn hidden_from_a(&self) -> Vec<String> {
        self.b.canaries()
    }

    /// Canaries that nobody of B may ever read, save the deputy of the crossing cluster its scores.
    #[must_use]
    pub fn hidden_from_b(&self) -> Vec<String> {
        let seats = self.crossing.seats.iter().take(1).map(|seat| seat.canary.clone());
        self.a.canaries().into_iter().chain(seats).collect()
    }
}

/// Writes the rows of a world in one transaction.
struct Builder {
    rows: DatabaseTransaction,
    password_hash: String,
    award_type: Id,
    now: DateTime<Utc>,
}

impl Builder {
    async fn add<M>(&self, row: M) -> Result<()>
    where
        M: sea_orm::ModelTrait
            + sea_orm::IntoActiveModel<<M::Entity as sea_orm::EntityTrait>::ActiveModel>,
    {
        let table = sea_orm::EntityName::table_name(&<M::Entity as Default>::default());
        add(&self.rows, row).await.with_context(|| format!("table {table}"))
    }

    /// Adds an audit entry and its leaf for the sealer, as the gate does.
    async fn entry(&self, row: entity::audit_event::Model) -> Result<()> {
        self.add(api::access::audit::leaf(&row)).await?;
        self.add(row).await
    }
}

/// The day from which everything in a world holds.
fn since() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default()
}

/// The year it is in Vietnam.
#[must_use]
pub fn this_year() -> i32 {
    (now() + chrono::TimeDelta::hours(7)).year()
}

/// The moment it is.
#[expect(clippy::disallowed_methods, reason = "the rows of a world are made beneath the gate")]
#[must_use]
pub fn now() -> DateTime<Utc> {
    // PostgreSQL keeps microseconds.
    DateTime::from_timestamp_micros(Utc::now().timestamp_micros()).unwrap_or_default()
}

/// A short text that nothing else in this or another run contains.
fn unique(what: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("canary{what}{number}x{}", Id::new("").short())
}

/// A hash of the password that is checked in no time: people of worlds sign in many thousand times a run.
fn cheap_hash() -> Result<String> {
    let params = Params::new(Params::MIN_M_COST, Params::MIN_T_COST, Params::MIN_P_COST, None);
    let params = params.map_err(|fault| anyhow!("{fault}"))?;
    let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(PASSWORD.as_bytes())
        .map_err(|fault| anyhow!("{fault}"))?;
    Ok(hash.to_string())
}

/// The hash that an account of the demo has.
fn hash_of_the_demo(ground: &Ground) -> Result<String> {
    let known =
        ground.query("SELECT password_hash AS a FROM account WHERE password_hash LIKE '%t=2%'")?;
    Ok(known.first().context("no demo, no sign-in")?.try_get("", "a")?)
}

/// A title in force for persons: from the catalogue, else a new one.
fn award_type(ground: &Ground) -> Result<Id> {
    let merit = award_type::Column::Code.eq("ADVANCED_LABOURER");
    let today = award_type::Column::ValidTo.is_null();
    let known = ground.rows::<award_type::Entity>(Condition::all().add(merit).add(today))?;
    if let Some(row) = known.first() {
        return Ok(Id { prefix: "AwardType", uuid: row.id });
    }
    let id = Id::new("AwardType");
    ground.add(award_type::Model {
        id: id.uuid,
        code: unique("award"),
        abbreviation: "LĐTT".to_owned(),
        name: "Lao động tiên tiến".to_owned(),
        name_en: "Advanced labourer".to_owned(),
        name_search: "lao dong tien tien".to_owned(),
        family: award_type::Family::EmulationTitle,
        level: award_type::Level::Base,
        subject_kinds: "INDIVIDUAL".to_owned(),
        commendation_types: "MERIT".to_owned(),
        cycle: "ANNUAL".to_owned(),
        decided_by: "UNIT_HEAD".to_owned(),
        citation: "Luật 06/2022/QH15, Điều 24".to_owned(),
        recorded_names: String::new(),
        valid_from: since(),
        valid_to: None,
        tenant_id: None,
        origin: award_type::Origin::Law,
        version: 1,
    })?;
    Ok(id)
}
