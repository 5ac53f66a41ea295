//! A small database for tests: two tenants, a few people, a clock that stands still.
//! Nothing of it is compiled into the product.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::role_grant::{self, Role};
use entity::{account, tenant, tenant_code, unit, unit_above};
use migration::{Migrator, MigratorTrait};
use sea_orm::ActiveModelTrait;
use sea_orm::IntoActiveModel;
use tempfile::TempDir;
use uuid::Uuid;

use super::{Entry, Session, Sessions, SignIn};
use crate::access::gate::Request;
use crate::access::{
    Actor, Address, Database, Gate, Hashing, Issuer, KeySource, Keys, Password, Sealing,
};
use crate::text::Language;

/// The password of everyone.
pub(crate) const PASSWORD: &str = "thidua-demo";
/// The tenant in force.
pub(crate) const TENANT: Uuid = Uuid::from_u128(1);
/// A unit of the tenant.
pub(crate) const UNIT: Uuid = Uuid::from_u128(2);
/// An active user, who administers the tenant.
pub(crate) const ADMIN: Uuid = Uuid::from_u128(11);
/// A user who may not sign in.
const INACTIVE: Uuid = Uuid::from_u128(12);
/// A user of the closed tenant.
const FORMER: Uuid = Uuid::from_u128(13);

pub(crate) struct World {
    pub(crate) sessions: Sessions,
    pub(crate) database: Database,
    _directory: TempDir,
}

/// The moment at which every test begins.
pub(crate) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap()
}

/// A request some minutes after the start.
pub(crate) fn request(minutes: i64, actor: Option<Actor>) -> Request {
    Request {
        actor: actor.map(Arc::new),
        now: start() + TimeDelta::minutes(minutes),
        language: Language::En,
        id: format!("request-{minutes}"),
        statements: AtomicU32::new(0),
        wait: AtomicU32::new(0),
    }
}

pub(crate) fn day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap()
}

pub(crate) async fn world() -> World {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", directory.path().join("test.db").display());
    world_at(url, directory).await
}

pub(crate) async fn world_at(url: String, directory: TempDir) -> World {
    let database = Database::open(&Address { url, connections: 8 }).await.unwrap();
    Migrator::fresh(database.pool()).await.unwrap();
    let issuer = Issuer { name: "thidua".to_owned(), audience: "thidua-api".to_owned() };
    let keys = Keys::open(&KeySource::Directory(directory.path().to_owned()), issuer).unwrap();
    let hashing = Hashing::on(8).unwrap();
    let hash = hashing.hash(&Password::typed(PASSWORD)).await.unwrap();
    let sealing = Sealing::new(&[7; 32]).unwrap();
    let sessions = Sessions::new(database.clone(), keys, (hashing, sealing));
    let world = World { sessions, database, _directory: directory };
    world.seed(&hash).await;
    world
}

impl World {
    async fn seed(&self, hash: &str) {
        let closed = Uuid::from_u128(3);
        self.tenant((TENANT, "quang_tri", "44"), None).await;
        self.tenant((closed, "quang_binh", "QB"), Some(day(2025))).await;
        let code = tenant_code::Model {
            scheme: "LOCAL".to_owned(),
            code: "QT-NEW".to_owned(),
            tenant_id: TENANT,
            valid_from: day(2025),
            valid_to: None,
        };
        self.add::<tenant_code::ActiveModel, _>(code).await;
        self.user((TENANT, ADMIN), ("quang_tri.admin", hash), true).await;
        self.user((TENANT, INACTIVE), ("quang_tri.gone", hash), false).await;
        self.user((closed, FORMER), ("quang_binh.former", hash), true).await;
        let unit = unit::Model {
            tenant_id: TENANT,
            id: UNIT,
            parent_id: None,
            code: "44".to_owned(),
            name: "Quảng Trị".to_owned(),
            name_search: "quang tri".to_owned(),
            kind: unit::Kind::Province,
            valid_from: day(2025),
            valid_to: None,
            version: 1,
        };
        self.add::<unit::ActiveModel, _>(unit).await;
        let itself =
            unit_above::Model { tenant_id: TENANT, above_id: UNIT, unit_id: UNIT, depth: 0 };
        self.add::<unit_above::ActiveModel, _>(itself).await;
        self.grant(Role::TenantAdministrator, (day(2025), None), None).await;
    }

    async fn add<A, M>(&self, row: M)
    where
        A: ActiveModelTrait + sea_orm::ActiveModelBehavior + Send,
        M: IntoActiveModel<A>,
        <A::Entity as sea_orm::EntityTrait>::Model: IntoActiveModel<A>,
    {
        row.into_active_model().reset_all().insert(self.database.pool()).await.unwrap();
    }

    async fn tenant(&self, (id, slug, code): (Uuid, &str, &str), valid_to: Option<NaiveDate>) {
        let row = tenant::Model {
            id,
            code: code.to_owned(),
            code_scheme: "QD19_2025".to_owned(),
            slug: slug.to_owned(),
            name: slug.to_owned(),
            kind: tenant::Kind::Province,
            valid_from: day(2004),
            valid_to,
        };
        self.add::<tenant::ActiveModel, _>(row).await;
    }

    async fn user(&self, (tenant, id): (Uuid, Uuid), (name, hash): (&str, &str), is_active: bool) {
        let row = account::Model {
            tenant_id: tenant,
            id,
            username: name.to_owned(),
            display_name: name.to_owned(),
            name_search: name.to_owned(),
            password_hash: hash.to_owned(),
            is_active,
            authorisation: 1,
            created_at: start(),
            version: 1,
        };
        self.add::<account::ActiveModel, _>(row).await;
    }

    /// Gives the administrator another role.
    pub(crate) async fn grant(
        &self,
        role: Role,
        (valid_from, valid_to): (NaiveDate, Option<NaiveDate>),
        revoked_at: Option<DateTime<Utc>>,
    ) {
        let row = role_grant::Model {
            tenant_id: TENANT,
            id: super::refresh::new_id(),
            user_id: ADMIN,
            role,
            unit_id: None,
            cluster_id: None,
            council_id: None,
            valid_from,
            valid_to,
            granted_by: None,
            revoked_at,
            version: 1,
        };
        self.add::<role_grant::ActiveModel, _>(row).await;
    }

    /// The administrator's sign-in.
    pub(crate) async fn sign_in(&self) -> Session {
        let input = input("quang_tri", "quang_tri.admin", PASSWORD);
        session(self.sessions.sign_in(input, None, &request(0, None)).await.unwrap())
    }

    /// The gate of a request.
    pub(crate) fn gate(&self, request: Request) -> Gate {
        Gate::new(self.database.clone(), Arc::new(request))
    }
}

/// The session that an entry is.
pub(crate) fn session(entry: Entry) -> Session {
    match entry {
        Entry::Session(session) => session,
        Entry::Challenge { .. } => panic!("a second factor is asked for"),
    }
}

pub(crate) fn input(tenant: &str, username: &str, password: &str) -> SignIn {
    SignIn {
        tenant: tenant.to_owned(),
        username: username.to_owned(),
        password: Password::typed(password),
    }
}
