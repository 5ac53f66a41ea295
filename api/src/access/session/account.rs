//! What is read of tenants, accounts and grants before there is an actor.
//! No password and no token enters here.

use chrono::NaiveDate;
use entity::{account, role_grant, tenant, tenant_code};
use sea_orm::sea_query::{LockType, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::access::gate::find;
use crate::access::policy::Grant;
use crate::error::Result;

/// Longest name that is looked up.
const LONGEST: usize = 100;

/// A name as it is stored: small letters, one Unicode form; empty when it cannot be one.
pub(super) fn name(typed: &str) -> String {
    let name: String = typed.trim().nfc().flat_map(char::to_lowercase).take(LONGEST + 1).collect();
    let is_name = name.chars().count() <= LONGEST && !name.chars().any(char::is_control);
    if is_name { name } else { String::new() }
}

/// The one tenant in force of that slug or present code; none when the code is ambiguous.
pub(super) async fn tenant<C: ConnectionTrait>(
    name: &str,
    today: NaiveDate,
    connection: &C,
) -> Result<Option<tenant::Model>> {
    use tenant::Column;
    let code = name.to_uppercase();
    let named = Condition::any()
        .add(Column::Slug.eq(name))
        .add(Column::Code.eq(code.as_str()))
        .add(Column::Id.in_subquery(by_code(&code, today)));
    let select = find::<tenant::Entity>().filter(named).filter(open(today)).limit(2);
    let mut rows = select.all(connection).await?;
    if rows.len() > 1 {
        return Ok(None);
    }
    Ok(rows.pop())
}

#[expect(clippy::disallowed_methods, reason = "codes are public; there is no actor yet")]
fn by_code(code: &str, today: NaiveDate) -> sea_orm::sea_query::SelectStatement {
    use tenant_code::Column;
    let valid = in_force(Column::ValidFrom, Column::ValidTo, today);
    let known = Condition::all().add(Column::Code.eq(code)).add(valid);
    Query::select().column(Column::TenantId).from(tenant_code::Entity).cond_where(known).to_owned()
}

/// A tenant while it is in force.
pub(super) async fn tenant_by_id<C: ConnectionTrait>(
    id: Uuid,
    today: NaiveDate,
    connection: &C,
) -> Result<Option<tenant::Model>> {
    let select = find::<tenant::Entity>().filter(tenant::Column::Id.eq(id)).filter(open(today));
    Ok(select.one(connection).await?)
}

fn open(today: NaiveDate) -> Condition {
    in_force(tenant::Column::ValidFrom, tenant::Column::ValidTo, today)
}

fn in_force(from: impl ColumnTrait, to: impl ColumnTrait, day: NaiveDate) -> Condition {
    let not_over = Condition::any().add(to.is_null()).add(to.gte(day));
    Condition::all().add(from.lte(day)).add(not_over)
}

pub(super) async fn by_username<C: ConnectionTrait>(
    tenant: Uuid,
    username: &str,
    connection: &C,
) -> Result<Option<account::Model>> {
    use account::Column;
    let named =
        Condition::all().add(Column::TenantId.eq(tenant)).add(Column::Username.eq(username));
    Ok(find::<account::Entity>().filter(named).one(connection).await?)
}

pub(super) async fn by_id<C: ConnectionTrait>(
    tenant: Uuid,
    id: Uuid,
    connection: &C,
) -> Result<Option<account::Model>> {
    use account::Column;
    let itself = Condition::all().add(Column::TenantId.eq(tenant)).add(Column::Id.eq(id));
    Ok(find::<account::Entity>().filter(itself).one(connection).await?)
}

/// An account, held until the end; rows that refer to it may be added meanwhile.
pub(super) async fn lock<C: ConnectionTrait>(
    (tenant, id): (Uuid, Uuid),
    connection: &C,
) -> Result<Option<account::Model>> {
    use account::Column;
    let itself = Condition::all().add(Column::TenantId.eq(tenant)).add(Column::Id.eq(id));
    let select = find::<account::Entity>().filter(itself);
    Ok(select.lock(LockType::NoKeyUpdate).one(connection).await?)
}

/// The roles that a user holds on a day.
pub(super) async fn grants_in_force<C: ConnectionTrait>(
    row: &account::Model,
    today: NaiveDate,
    connection: &C,
) -> Result<Vec<Grant>> {
    use role_grant::Column;
    let held = Condition::all()
        .add(Column::TenantId.eq(row.tenant_id))
        .add(Column::UserId.eq(row.id))
        .add(Column::RevokedAt.is_null())
        .add(in_force(Column::ValidFrom, Column::ValidTo, today));
    let select = find::<role_grant::Entity>().filter(held).order_by_asc(Column::Id);
    let rows = select.all(connection).await?;
    let grant = |row: role_grant::Model| Grant {
        id: Some(row.id),
        role: row.role,
        unit: row.unit_id,
        cluster: row.cluster_id,
        council: row.council_id,
    };
    Ok(rows.into_iter().map(grant).collect())
}
