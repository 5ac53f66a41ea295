//! `thidua user create`: the first users of an installation, when nobody can sign in yet.
//! No secret is printed, and none is read from the environment or from a flag.

#![expect(
    clippy::disallowed_methods,
    reason = "the command acts beneath the gate: there is no caller yet who could be in scope"
)]
#![expect(
    clippy::doc_markdown,
    reason = "these comments are the help text of the command line, shown as they stand"
)]

use std::io::{IsTerminal, Read};

use anyhow::{Context, anyhow, bail, ensure};
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use entity::role_grant::Role;
use entity::{account, audit_event, cluster, role_grant, tenant, unit};
use sea_orm::{
    ActiveEnum, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    QueryFilter,
};
use serde_json::json;
use uuid::Uuid;

use super::{migrate, open, out};
use crate::access::{Grant, Hashing, Password, Place, audit, day_before, place, today};
use crate::config::Config;
use crate::error::Error;
use crate::text::{Language, search_form};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a user with one role; the password is read from the terminal or from standard input
    Create(Create),
}

#[derive(Args, Debug)]
pub(super) struct Create {
    /// Slug of the tenant, such as `lai_chau`
    #[arg(long)]
    tenant: String,
    /// Name to sign in with: small letters, digits, `.`, `_`, `-`
    #[arg(long)]
    username: String,
    /// Name shown to others
    #[arg(long)]
    display_name: String,
    /// Role, such as TENANT_ADMINISTRATOR
    #[arg(long, value_parser = role)]
    role: Role,
    /// Code of the unit; for UNIT_HEAD and UNIT_OFFICER
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// Code of the cluster; for CLUSTER_COORDINATOR and CLUSTER_DEPUTY
    #[arg(long, value_name = "CODE")]
    cluster: Option<String>,
}

fn role(text: &str) -> Result<Role, String> {
    let name = text.to_ascii_uppercase().replace('-', "_");
    Role::try_from_value(&name).map_err(|fault| {
        let names: Vec<String> = Role::values();
        format!("{fault}; the roles are {}", names.join(", "))
    })
}

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let Command::Create(wish) = command;
    wish.check()?;
    let password = read_password()?;
    let hash = async { Hashing::new()?.hash(&password).await };
    let hash = hash.await.map_err(|fault| anyhow!("cannot hash the password: {fault:?}"))?;
    let database = open(config).await?;
    migrate::ensure(&database, false).await?;
    let transaction = migrate::begin(&database).await?;
    let user = NewUser {
        wish: &wish,
        tenant: tenant_of(&wish.tenant, &transaction).await?,
        now: Utc::now(),
    };
    user.create(hash, &transaction).await?;
    transaction.commit().await?;
    out::line(format!("created {} in {}, {}", wish.username, wish.tenant, wish.role.to_value()));
    Ok(database.close().await?)
}

impl Create {
    fn check(&self) -> anyhow::Result<()> {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
        ensure!(
            (1..=64).contains(&self.username.len()) && self.username.chars().all(is_plain),
            "--username: 1 to 64 small letters, digits, '.', '_' or '-'"
        );
        ensure!(!self.display_name.trim().is_empty(), "--display-name: must not be empty");
        let (unit, cluster) = match place(self.role) {
            Place::Tenant => (false, false),
            Place::Unit => (true, false),
            Place::Cluster => (false, true),
            Place::Council => bail!("--role: seats of councils are given by seatHolderAppoint"),
        };
        ensure!(self.unit.is_some() == unit, "--unit: {}", need(unit));
        ensure!(self.cluster.is_some() == cluster, "--cluster: {}", need(cluster));
        Ok(())
    }
}

fn need(is_needed: bool) -> &'static str {
    if is_needed {
        "this role needs it"
    } else {
        "this role holds in the whole tenant or elsewhere; leave it out"
    }
}

/// Reads the password twice without showing it, or once from standard input.
fn read_password() -> anyhow::Result<Password> {
    let password = if std::io::stdin().is_terminal() {
        let terminal = console::Term::stderr();
        terminal.write_str("Password: ")?;
        let first = terminal.read_secure_line()?;
        terminal.write_str("Again: ")?;
        ensure!(first == terminal.read_secure_line()?, "the two passwords differ");
        first
    } else {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("cannot read the password")?;
        text.trim_end_matches(['\n', '\r']).to_owned()
    };
    Password::chosen(&password, "password").map_err(|fault| match fault {
        Error::Fault(fault) => anyhow!(fault.message(Language::En)),
        Error::Unauthenticated | Error::Broken(_) => anyhow!("cannot take the password"),
    })
}

async fn tenant_of(slug: &str, connection: &DatabaseTransaction) -> anyhow::Result<tenant::Model> {
    let found =
        tenant::Entity::find().filter(tenant::Column::Slug.eq(slug)).one(connection).await?;
    found.with_context(|| format!("--tenant: no tenant has the slug {slug}"))
}

struct NewUser<'a> {
    wish: &'a Create,
    tenant: tenant::Model,
    now: DateTime<Utc>,
}

impl NewUser<'_> {
    async fn create(&self, hash: String, connection: &DatabaseTransaction) -> anyhow::Result<()> {
        self.check_free(connection).await?;
        let place = self.place(connection).await?;
        let account = self.account(hash);
        let event = self.event(&account)?;
        let grant = self.grant(&place, &account);
        account::Entity::insert(account).exec_without_returning(connection).await?;
        role_grant::Entity::insert(grant).exec_without_returning(connection).await?;
        let written = audit::write(vec![event], connection).await;
        written.map_err(|fault| anyhow!("cannot write the audit entry: {fault:?}"))
    }

    async fn check_free(&self, connection: &impl ConnectionTrait) -> anyhow::Result<()> {
        ensure!(
            self.tenant.valid_to.is_none_or(|day| day > day_before(today(self.now))),
            "--tenant: {} ended on {}",
            self.tenant.slug,
            self.tenant.valid_to.unwrap_or_default()
        );
        let taken = account::Entity::find()
            .filter(account::Column::TenantId.eq(self.tenant.id))
            .filter(account::Column::Username.eq(&self.wish.username));
        if taken.one(connection).await?.is_some() {
            bail!("--username: {} is taken in {}", self.wish.username, self.tenant.slug);
        }
        Ok(())
    }

    async fn place(&self, connection: &impl ConnectionTrait) -> anyhow::Result<Grant> {
        let mut grant =
            Grant { id: None, role: self.wish.role, unit: None, cluster: None, council: None };
        if let Some(code) = &self.wish.unit {
            let select = unit::Entity::find()
                .filter(unit::Column::TenantId.eq(self.tenant.id))
                .filter(unit::Column::Code.eq(code));
            let found = select.one(connection).await?;
            grant.unit = Some(found.with_context(|| format!("--unit: {code} is not there"))?.id);
        }
        if let Some(code) = &self.wish.cluster {
            let select = cluster::Entity::find()
                .filter(cluster::Column::OrganiserId.eq(self.tenant.id))
                .filter(cluster::Column::Code.eq(code));
            let found = select.one(connection).await?;
            grant.cluster =
                Some(found.with_context(|| format!("--cluster: {code} is not there"))?.id);
        }
        Ok(grant)
    }

    fn account(&self, hash: String) -> account::ActiveModel {
        account::ActiveModel {
            tenant_id: Set(self.tenant.id),
            id: Set(Uuid::now_v7()),
            username: Set(self.wish.username.clone()),
            display_name: Set(self.wish.display_name.trim().to_owned()),
            name_search: Set(search_form(&self.wish.display_name)),
            password_hash: Set(hash),
            is_active: Set(true),
            authorisation: Set(1),
            created_at: Set(self.now),
            version: Set(1),
        }
    }

    fn grant(&self, place: &Grant, account: &account::ActiveModel) -> role_grant::ActiveModel {
        role_grant::ActiveModel {
            tenant_id: Set(self.tenant.id),
            id: Set(Uuid::now_v7()),
            user_id: account.id.clone(),
            role: Set(place.role),
            unit_id: Set(place.unit),
            cluster_id: Set(place.cluster),
            council_id: Set(None),
            valid_from: Set(today(self.now)),
            valid_to: Set(None),
            granted_by: Set(None),
            revoked_at: Set(None),
            version: Set(1),
        }
    }

    fn event(&self, account: &account::ActiveModel) -> anyhow::Result<audit_event::Model> {
        let id = account.id.clone().into_value().context("an account without id")?;
        let object = crate::access::uuid(&id).context("an account without id")?;
        let changes = json!({
            "username": [null, self.wish.username],
            "role": [null, self.wish.role.to_value()],
        });
        let salt = audit::salt().map_err(|fault| anyhow!("no random numbers: {fault:?}"))?;
        Ok(audit_event::Model {
            tenant_id: self.tenant.id,
            id: Uuid::now_v7(),
            at: self.now,
            actor_id: None,
            actor_name: "thidua user create".to_owned(),
            role: None,
            act: crate::access::Act::UserCreate.name().to_owned(),
            object_type: "account".to_owned(),
            object_id: object,
            cluster_id: None,
            changes: changes.to_string(),
            reason: None,
            request_id: "command-line".to_owned(),
            grant_id: None,
            unit_id: None,
            salt: Some(salt),
        })
    }
}
