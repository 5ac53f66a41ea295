//! Reads of users and of who is signed in.
//! No write enters here.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, OneofObject};
use entity::account::{self, Column};
use entity::role_grant;
use sea_orm::Condition;

use super::{Grant, User, Viewer};
use crate::access::{Act, Gate};
use crate::domain::Ask;
use crate::error::Result;
use crate::filter::{Comparison, IdFilter, NameFilter, TextFilter, combine, row_id};
use crate::page::{Key, List, OrderBy, PageArgs, PageRequest, fingerprint};

/// Conditions on users; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct UserWhere {
    /// All of these hold.
    and: Option<Vec<UserWhere>>,
    /// One of these holds.
    or: Option<Vec<UserWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<UserWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By name for sign-in.
    username: Option<TextFilter>,
    /// By name shown to others.
    display_name: Option<NameFilter>,
    /// Can sign in (true) or cannot (false).
    is_active: MaybeUndefined<bool>,
}

impl UserWhere {
    fn condition(self) -> Result<Condition> {
        let mut all = combine(self.and, self.or, self.not, Self::condition)?;
        if let Some(filter) = self.id {
            all = all.add(filter.on::<User>(Column::Id)?);
        }
        if let Some(filter) = self.username {
            all = all.add(filter.on(Column::Username)?);
        }
        if let Some(filter) = self.display_name {
            all = all.add(filter.on(Column::DisplayName, Column::NameSearch)?);
        }
        Ok(all.add(Comparison::new(Column::IsActive).eq(self.is_active)?.finish()))
    }
}

/// One key of the order of users.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum UserOrder {
    /// By name for sign-in.
    Username(OrderBy),
    /// By name shown to others, without accents.
    DisplayName(OrderBy),
    /// By when the account was made.
    CreatedAt(OrderBy),
}

impl UserOrder {
    fn key(&self) -> Key<account::Entity> {
        let (column, order) = match self {
            Self::Username(order) => (Column::Username, order),
            Self::DisplayName(order) => (Column::NameSearch, order),
            Self::CreatedAt(order) => (Column::CreatedAt, order),
        };
        Key { column, direction: order.direction }
    }
}

/// Questions about users.
#[derive(Default)]
pub struct AccountQuery;

/// Questions about users.
#[Object]
impl AccountQuery {
    /// Who is signed in; null for nobody. Without a token the whole request is answered with 401 `UNAUTHENTICATED`.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Result<Viewer>> {
        let gate = match ctx.gate() {
            Ok(gate) => gate,
            Err(fault) => return Some(Err(fault)),
        };
        Some(Ok(Viewer(Arc::clone(gate.actor().ok()?))))
    }

    /// Users of the current tenant that the caller may read.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<UserWhere>,
        #[graphql(desc = "Order; by user name when absent.")] order_by: Option<Vec<UserOrder>>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<User>> {
        let conditions = fingerprint("users", &(&r#where, &order_by));
        let order = order_by.unwrap_or_else(|| vec![UserOrder::Username(OrderBy::default())]);
        let keys = order.iter().take(3).map(UserOrder::key).collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let rows = ctx.gate()?.rows::<account::Entity>(Act::UserRead)?;
        let rows = rows.filter(r#where.unwrap_or_default().condition()?);
        Ok(rows.page(request).await?.list(User::from))
    }
}

pub(in crate::domain) async fn user(gate: &Gate, id: &ID) -> Result<Option<User>> {
    let Some(id) = row_id::<User>(id) else { return Ok(None) };
    Ok(gate.load::<account::Entity>(id).await?.map(User::from))
}

pub(in crate::domain) async fn grant(gate: &Gate, id: &ID) -> Result<Option<Grant>> {
    let Some(id) = row_id::<Grant>(id) else { return Ok(None) };
    Ok(gate.load::<role_grant::Entity>(id).await?.map(Grant::from))
}
