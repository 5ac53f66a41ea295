//! Reads of proposals to an authority above.
//! No write enters here.

use async_graphql::{Context, ID, Object};
use entity::{onward, onward_package};

use super::sought::{
    OnwardPackageOrder, OnwardPackageWhere, OnwardSubmissionOrder, OnwardSubmissionWhere,
};
use super::{OnwardPackage, OnwardSubmission};
use crate::access::{Act, Gate};
use crate::domain::Ask;
use crate::error::Result;
use crate::filter::row_id;
use crate::page::{Direction, List, OrderBy, PageArgs, PageRequest, fingerprint};

/// Questions about proposals to an authority above.
#[derive(Default)]
pub struct OnwardQuery;

/// Questions about proposals to an authority above.
#[Object]
impl OnwardQuery {
    /// One proposal to an authority above by its id; null when there is none or the caller may not read it.
    async fn onward_submission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the proposal.")] id: ID,
    ) -> Option<Result<OnwardSubmission>> {
        async { node(ctx.gate()?, &id).await }.await.transpose()
    }

    /// Proposals of the current tenant to authorities above.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn onward_submissions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<OnwardSubmissionWhere>,
        #[graphql(desc = "Order; by `createdAt`, newest first, when absent.")] order_by: Option<
            Vec<OnwardSubmissionOrder>,
        >,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<OnwardSubmission>> {
        let conditions = fingerprint("onwardSubmissions", &(&r#where, &order_by));
        let newest =
            || vec![OnwardSubmissionOrder::CreatedAt(OrderBy { direction: Direction::Desc })];
        let order = order_by.unwrap_or_else(newest);
        let keys = order.iter().take(3).map(OnwardSubmissionOrder::key).collect();
        let args = PageArgs { first, after, last, before };
        let request = PageRequest::new(ctx, args, keys, conditions);
        let gate = ctx.gate()?;
        let rows = gate.rows::<onward::Entity>(Act::OnwardSubmissionRead)?;
        let rows = rows.filter(r#where.unwrap_or_default().condition(gate)?);
        Ok(rows.page(request).await?.list(OnwardSubmission::from))
    }

    /// One package by its id; null when there is none or the caller may not read it.
    async fn onward_package(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the package.")] id: ID,
    ) -> Option<Result<OnwardPackage>> {
        async { package(ctx.gate()?, &id).await }.await.transpose()
    }

    /// Packages that the current tenant has sent or was sent.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn onward_packages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<OnwardPackageWhere>,
        #[graphql(desc = "Order; by `sentAt`, newest first, when absent.")] order_by: Option<
            Vec<OnwardPackageOrder>,
        >,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<OnwardPackage>> {
        let conditions = fingerprint("onwardPackages", &(&r#where, &order_by));
        let newest = || vec![OnwardPackageOrder::SentAt(OrderBy { direction: Direction::Desc })];
        let order = order_by.unwrap_or_else(newest);
        let keys = order.iter().take(3).map(OnwardPackageOrder::key).collect();
        let args = PageArgs { first, after, last, before };
        let request = PageRequest::new(ctx, args, keys, conditions);
        let rows = ctx.gate()?.rows::<onward_package::Entity>(Act::OnwardPackageRead)?;
        let rows = rows.filter(r#where.unwrap_or_default().condition()?);
        Ok(rows.page(request).await?.list(OnwardPackage::from))
    }
}

pub(in crate::domain) async fn node(gate: &Gate, id: &ID) -> Result<Option<OnwardSubmission>> {
    let Some(id) = row_id::<OnwardSubmission>(id) else { return Ok(None) };
    Ok(gate.load::<onward::Entity>(id).await?.map(OnwardSubmission::from))
}

pub(in crate::domain) async fn package(gate: &Gate, id: &ID) -> Result<Option<OnwardPackage>> {
    let Some(id) = row_id::<OnwardPackage>(id) else { return Ok(None) };
    Ok(gate.load::<onward_package::Entity>(id).await?.map(OnwardPackage::from))
}
