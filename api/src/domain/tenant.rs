//! Tenants: the Central council, provinces, ministries, and who continues whom.
//! Nothing that a tenant owns enters here: identities are public to everyone who is signed in.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use chrono::NaiveDate;
use entity::tenant::{self, Kind};
use entity::{tenant_code, tenant_lineage};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{Ask, input};
use crate::access::{Gate, Loader};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::{DateFilter, IdFilter, TextFilter, combine, row_id};
use crate::page::{Key, List, OrderBy, PageArgs, PageRequest, fingerprint};
use crate::scalar::{Date, NodeType};

crate::enum_filter!(
    /// Comparators of `TenantKind`.
    TenantKindFilter, Kind
);

/// A tenant: the Central council's office, a province, a ministry (đơn vị sử dụng hệ thống).
/// Its identity is public to every signed-in caller; nothing that it owns is.
#[derive(Clone)]
pub struct Tenant(Arc<tenant::Model>);

impl From<tenant::Model> for Tenant {
    fn from(row: tenant::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl From<Arc<tenant::Model>> for Tenant {
    fn from(row: Arc<tenant::Model>) -> Self {
        Self(row)
    }
}

impl NodeType for Tenant {
    const PREFIX: &'static str = "Tenant";
}

/// A tenant: the Central council's office, a province, a ministry (đơn vị sử dụng hệ thống).
/// Its identity is public to every signed-in caller; nothing that it owns is.
#[Object]
impl Tenant {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Code within its scheme, such as `12`; seven present codes meant another province before 2025-07-01.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Scheme of the code: `QD19_2025` (Quyết định 19/2025/QĐ-TTg), `QD124_2004`, `CENTRAL` or `LOCAL`.
    async fn code_scheme(&self) -> &str {
        &self.0.code_scheme
    }

    /// Short name for addresses and sign-in, such as `lai_chau`; unique.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Official name in Vietnamese.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What kind of body it is.
    async fn kind(&self) -> Kind {
        self.0.kind
    }

    /// First day in force.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// Last day in force; null while it goes on.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// Tenants that continue this one, such as the province it was merged into; at most a few.
    async fn successors(&self, ctx: &Context<'_>) -> Result<Vec<Tenant>> {
        ctx.gate()?.load_by(Kin::Successors(self.0.id)).await
    }

    /// Tenants that this one continues; at most a few.
    async fn predecessors(&self, ctx: &Context<'_>) -> Result<Vec<Tenant>> {
        ctx.gate()?.load_by(Kin::Predecessors(self.0.id)).await
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kin {
    Successors(Uuid),
    Predecessors(Uuid),
}

impl async_graphql::dataloader::Loader<Kin> for Loader {
    type Value = Vec<Tenant>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Kin]) -> Result<HashMap<Kin, Vec<Tenant>>, Arc<Error>> {
        kin(self.gate(), keys).await.map_err(Arc::new)
    }
}

async fn kin(gate: &Gate, keys: &[Kin]) -> Result<HashMap<Kin, Vec<Tenant>>> {
    use tenant_lineage::Column::{PredecessorId, SuccessorId};
    let after = keys.iter().filter_map(|key| match key {
        Kin::Successors(id) => Some(*id),
        Kin::Predecessors(_) => None,
    });
    let before = keys.iter().filter_map(|key| match key {
        Kin::Predecessors(id) => Some(*id),
        Kin::Successors(_) => None,
    });
    let either = Condition::any().add(PredecessorId.is_in(after)).add(SuccessorId.is_in(before));
    let lines = gate.catalogue::<tenant_lineage::Entity>()?.filter(either).all().await?;
    let ids = lines.iter().flat_map(|line| [line.predecessor_id, line.successor_id]);
    let rows =
        gate.catalogue::<tenant::Entity>()?.filter(tenant::Column::Id.is_in(ids)).all().await?;
    let tenants: HashMap<Uuid, Tenant> = rows.into_iter().map(|row| (row.id, row.into())).collect();
    let mut found: HashMap<Kin, Vec<Tenant>> = HashMap::new();
    for line in lines {
        let ends = [
            (Kin::Successors(line.predecessor_id), line.successor_id),
            (Kin::Predecessors(line.successor_id), line.predecessor_id),
        ];
        for (key, other) in ends {
            found.entry(key).or_default().extend(tenants.get(&other).cloned());
        }
    }
    for list in found.values_mut() {
        list.sort_by(|one, other| one.0.code.cmp(&other.0.code));
    }
    Ok(found)
}

/// Conditions on tenants; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct TenantWhere {
    /// All of these hold.
    and: Option<Vec<TenantWhere>>,
    /// One of these holds.
    or: Option<Vec<TenantWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<TenantWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By code.
    code: Option<TextFilter>,
    /// By scheme of the code.
    code_scheme: Option<TextFilter>,
    /// By slug.
    slug: Option<TextFilter>,
    /// By name.
    name: Option<TextFilter>,
    /// By kind.
    kind: Option<TenantKindFilter>,
    /// By the last day in force.
    valid_to: Option<DateFilter>,
}

impl TenantWhere {
    fn condition(self) -> Result<Condition> {
        use tenant::Column;
        let mut all = combine(self.and, self.or, self.not, Self::condition)?;
        if let Some(filter) = self.id {
            all = all.add(filter.on::<Tenant>(Column::Id)?);
        }
        let texts = [
            (self.code, Column::Code),
            (self.code_scheme, Column::CodeScheme),
            (self.slug, Column::Slug),
            (self.name, Column::Name),
        ];
        for (filter, column) in texts {
            if let Some(filter) = filter {
                all = all.add(filter.on(column)?);
            }
        }
        if let Some(filter) = self.kind {
            all = all.add(filter.on(Column::Kind)?);
        }
        if let Some(filter) = self.valid_to {
            all = all.add(filter.on(Column::ValidTo)?);
        }
        Ok(all)
    }
}

/// One key of the order of tenants.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum TenantOrder {
    /// By code.
    Code(OrderBy),
    /// By slug, which is the name without accents.
    Slug(OrderBy),
}

impl TenantOrder {
    fn key(&self) -> Key<tenant::Entity> {
        match self {
            Self::Code(order) => Key { column: tenant::Column::Code, direction: order.direction },
            Self::Slug(order) => Key { column: tenant::Column::Slug, direction: order.direction },
        }
    }
}

/// Questions about tenants.
#[derive(Default)]
pub struct TenantQuery;

/// Questions about tenants.
#[Object]
impl TenantQuery {
    #[expect(clippy::too_many_arguments, reason = "the arguments of a look-up")]
    /// One tenant by its code or its slug; null when there was none on that day.
    /// A bare code is looked up as of a day, because seven present codes meant another province before.
    async fn tenant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code, such as `12`, in the scheme in force on the day `asOf`.")]
        code: Option<String>,
        #[graphql(desc = "Slug, such as `lai_chau`; does not depend on a day.")] slug: Option<
            String,
        >,
        #[graphql(desc = "The day of the code; today when absent.")] as_of: Option<Date>,
    ) -> Option<Result<Tenant>> {
        find(ctx, code, slug, as_of).await.transpose()
    }

    /// Tenants: present and former ones, unless `asOf` names a day on which they were in force.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn tenants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<TenantWhere>,
        #[graphql(desc = "Order; by slug when absent.")] order_by: Option<Vec<TenantOrder>>,
        #[graphql(desc = "In force on this day; present and former ones when absent.")]
        as_of: Option<Date>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<Tenant>> {
        let conditions = fingerprint("tenants", &(&r#where, &order_by, as_of));
        let order = order_by.unwrap_or_else(|| vec![TenantOrder::Slug(OrderBy::default())]);
        let keys = order.iter().take(3).map(TenantOrder::key).collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let mut rows = ctx.gate()?.catalogue::<tenant::Entity>()?;
        rows = rows.filter(r#where.unwrap_or_default().condition()?);
        if let Some(day) = as_of {
            rows = rows.filter(input::in_force(
                tenant::Column::ValidFrom,
                tenant::Column::ValidTo,
                day.0,
            ));
        }
        Ok(rows.page(request).await?.list(Tenant::from))
    }
}

async fn find(
    ctx: &Context<'_>,
    code: Option<String>,
    slug: Option<String>,
    as_of: Option<Date>,
) -> Result<Option<Tenant>> {
    let gate = ctx.gate()?;
    let day = as_of.map_or_else(|| gate.today(), |day| day.0);
    let found = match (code, slug) {
        (Some(code), None) => by_code(gate, &code, day).await?,
        (None, Some(slug)) => {
            let by_slug = tenant::Column::Slug.eq(slug);
            gate.catalogue::<tenant::Entity>()?.filter(by_slug).first().await?
        }
        (Some(_), Some(_)) | (None, None) => {
            let fault = Fault::at(Code::InvalidCombination, "code");
            return Err(fault.with("detail", "code, slug").into());
        }
    };
    Ok(found.map(Tenant::from))
}

async fn by_code(gate: &Gate, code: &str, day: NaiveDate) -> Result<Option<tenant::Model>> {
    let valid = input::in_force(tenant_code::Column::ValidFrom, tenant_code::Column::ValidTo, day);
    let codes = gate.catalogue::<tenant_code::Entity>()?;
    let found = codes.filter(tenant_code::Column::Code.eq(code)).filter(valid).first().await?;
    let Some(found) = found else { return Ok(None) };
    gate.catalogue::<tenant::Entity>()?.one(found.tenant_id).await
}

pub(super) async fn node(gate: &Gate, id: &ID) -> Result<Option<Tenant>> {
    let Some(id) = row_id::<Tenant>(id) else { return Ok(None) };
    Ok(gate.look_up::<tenant::Entity>(id).await?.map(Tenant::from))
}
