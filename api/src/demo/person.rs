//! Accounts of the demo and the roles they hold. Every name is invented.
//! No password is kept here; all share one.

use anyhow::Context;
use entity::{account, role_grant};
use serde::Deserialize;
use uuid::Uuid;

use super::cluster::cluster_id;
use super::random::id;
use super::rows::Rows;
use super::unit::unit_id;
use super::{day, moment};
use crate::reference;
use crate::text::search_form;

const PERSONS: &str = include_str!("../../data/demo/person.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    user: Vec<User>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct User {
    tenant: String,
    username: String,
    display_name: String,
    grant: Vec<Grant>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Grant {
    role: String,
    unit: Option<String>,
    cluster: Option<String>,
}

/// The id of an account by the slug of its tenant and its name.
pub(super) fn account_id(tenant_slug: &str, username: &str) -> Uuid {
    id("account", &[tenant_slug, username])
}

fn users() -> anyhow::Result<Vec<User>> {
    Ok(toml::from_str::<File>(PERSONS).context("person.toml")?.user)
}

/// The ids of all accounts of the demo: who is not among them is a user of somebody's own.
pub(super) fn account_ids() -> anyhow::Result<Vec<Uuid>> {
    Ok(users()?.iter().map(|user| account_id(&user.tenant, &user.username)).collect())
}

pub(super) fn build(rows: &mut Rows, hash: &str) -> anyhow::Result<()> {
    let tenants = reference::tenants()?;
    for user in users()? {
        let tenant = tenants.iter().find(|tenant| tenant.slug == user.tenant);
        let tenant = tenant.with_context(|| format!("no tenant {}", user.tenant))?.id();
        rows.account.push(user.account(tenant, hash)?);
        for grant in &user.grant {
            rows.role_grant.push(user.grant(tenant, grant)?);
        }
    }
    Ok(())
}

impl User {
    fn account(&self, tenant_id: Uuid, hash: &str) -> anyhow::Result<account::Model> {
        Ok(account::Model {
            tenant_id,
            id: account_id(&self.tenant, &self.username),
            username: self.username.clone(),
            display_name: self.display_name.clone(),
            name_search: search_form(&self.display_name),
            password_hash: hash.to_owned(),
            is_active: true,
            authorisation: 1,
            created_at: moment(day(2025, 7, 1)?, 480),
            version: 1,
        })
    }

    fn grant(&self, tenant_id: Uuid, grant: &Grant) -> anyhow::Result<role_grant::Model> {
        let place = grant.unit.as_deref().or(grant.cluster.as_deref()).unwrap_or_default();
        Ok(role_grant::Model {
            tenant_id,
            id: id("grant", &[&self.tenant, &self.username, &grant.role, place]),
            user_id: account_id(&self.tenant, &self.username),
            role: reference::value(&grant.role)?,
            unit_id: grant.unit.as_ref().map(|code| unit_id(&self.tenant, code)),
            cluster_id: grant.cluster.as_ref().map(|code| cluster_id(code)),
            council_id: None,
            valid_from: day(2025, 7, 1)?,
            valid_to: None,
            granted_by: None,
            revoked_at: None,
            version: 1,
        })
    }
}
