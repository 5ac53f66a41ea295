//! From a reach to a condition of SQL: the one place where rows are chosen by who asks.
//! No policy enters here, and no query is run.

use chrono::NaiveDate;
use entity::owned::{Line, Owned, Shared};
use entity::{cluster, cluster_member, subject, unit_above};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait};
use uuid::Uuid;

use crate::act::{Act, Reach, is_for_oneself, reach};
use crate::actor::{Actor, Grant};

#[cfg(all(feature = "wall-1-switch", debug_assertions))]
static IS_OFF: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);

/// Takes this wall down for the rest of the process, so that the other is seen to hold alone. It is not in an
/// optimised build, and no program but that of the tests asks for it.
#[cfg(all(feature = "wall-1-switch", debug_assertions))]
pub fn switch_off_scope() {
    IS_OFF.store(true, std::sync::atomic::Ordering::Relaxed);
}

#[cfg(all(feature = "wall-1-switch", debug_assertions))]
fn is_off() -> bool {
    IS_OFF.load(std::sync::atomic::Ordering::Relaxed)
}

#[cfg(not(all(feature = "wall-1-switch", debug_assertions)))]
const fn is_off() -> bool {
    false
}

/// The rows of `E` that the actor may touch by this act; none when there can be none.
#[must_use]
pub fn condition<E: Owned>(actor: &Actor, act: Act, today: NaiveDate) -> Option<Condition> {
    if is_off() {
        return Some(Condition::all());
    }
    let mut seen = Vec::new();
    let mut any = Condition::any();
    if is_for_oneself(act)
        && let Some(own) = own::<E>(actor)
    {
        any = any.add(own);
    }
    for grant in actor.grants.iter().filter(|grant| grant.is_placed()) {
        let reach = reach(act, grant.role);
        let place = (reach, grant.unit, grant.cluster, grant.council);
        if seen.contains(&place) {
            continue;
        }
        for part in parts::<E>(&Seeker { actor, grant, today }, reach) {
            any = any.add(part);
        }
        seen.push(place);
    }
    (!any.is_empty()).then_some(any)
}

/// The rows of a shared table that the actor may read: everyone's, and by this act what the tenant added; none when
/// that is all of them.
#[must_use]
pub fn common<E: Shared>(actor: &Actor, act: Act) -> Option<Condition> {
    let maker = E::maker().filter(|_| !is_off())?;
    let maker = || Expr::col((E::default(), maker));
    let everyones = Condition::any().add(maker().is_null());
    let reads = |grant: &Grant| grant.is_placed() && reach(act, grant.role) == Reach::Tenant;
    if actor.grants.iter().any(reads) {
        return Some(everyones.add(maker().eq(actor.tenant)));
    }
    Some(everyones)
}

struct Seeker<'a> {
    actor: &'a Actor,
    grant: &'a Grant,
    today: NaiveDate,
}

fn parts<E: Owned>(seeker: &Seeker<'_>, reach: Reach) -> Vec<Condition> {
    let found = match (E::LINE, reach) {
        (Line::Tenant, Reach::Tenant) => vec![Some(seeker.tenant::<E>())],
        (Line::Tenant, Reach::Addressed) => {
            vec![Some(seeker.tenant::<E>()), seeker.addressed::<E>()]
        }
        (Line::Tenant, Reach::Own) => vec![own::<E>(seeker.actor)],
        (Line::Tenant, Reach::OwnUnit) => vec![own::<E>(seeker.actor), seeker.units::<E>(false)],
        (Line::Tenant, Reach::Unit) => vec![seeker.units::<E>(false)],
        (Line::Tenant, Reach::Line) => vec![seeker.units::<E>(false), seeker.units::<E>(true)],
        (Line::Tenant, Reach::Council) => vec![seeker.council::<E>()],
        (Line::Cluster, Reach::Cluster) => vec![seeker.cluster::<E>()],
        (Line::Cluster, Reach::Seat) => vec![seeker.seat::<E>()],
        (Line::Cluster, Reach::Member) => vec![Some(seeker.member::<E>())],
        (Line::Cluster, Reach::Organiser) => vec![Some(seeker.organiser::<E>())],
        (Line::Cluster, Reach::OrganiserSeat) => {
            vec![Some(seeker.organiser::<E>()), seeker.seat::<E>()]
        }
        (Line::Cluster, Reach::OrganiserMember) => {
            vec![Some(seeker.organiser::<E>()), Some(seeker.member::<E>())]
        }
        (Line::Tenant | Line::Cluster, Reach::Nothing)
        | (
            Line::Tenant,
            Reach::Cluster
            | Reach::Seat
            | Reach::Member
            | Reach::Organiser
            | Reach::OrganiserSeat
            | Reach::OrganiserMember,
        )
        | (
            Line::Cluster,
            Reach::Own
            | Reach::Unit
            | Reach::OwnUnit
            | Reach::Line
            | Reach::Tenant
            | Reach::Addressed
            | Reach::Council,
        ) => vec![],
    };
    found.into_iter().flatten().collect()
}

impl Seeker<'_> {
    fn tenant<E: Owned>(&self) -> Condition {
        Condition::all().add(qualified::<E>(E::owner()).eq(self.actor.tenant))
    }

    fn addressed<E: Owned>(&self) -> Option<Condition> {
        let addressee = qualified::<E>(E::addressee()?);
        Some(Condition::all().add(addressee.eq(self.actor.tenant)))
    }

    fn units<E: Owned>(&self, above: bool) -> Option<Condition> {
        let tree = if above { self.units_above() } else { self.units_below() }?;
        if let Some(subject) = E::subject() {
            let subjects = select(subject::Column::Id, subject::Entity)
                .and_where(Expr::col(subject::Column::TenantId).eq(self.actor.tenant))
                .and_where(Expr::col(subject::Column::UnitId).in_subquery(tree))
                .to_owned();
            let about = qualified::<E>(subject).in_subquery(subjects);
            return Some(self.tenant::<E>().add(about));
        }
        let unit = E::unit()?;
        Some(self.tenant::<E>().add(qualified::<E>(unit).in_subquery(tree)))
    }

    fn council<E: Owned>(&self) -> Option<Condition> {
        let (column, council) = (E::council()?, self.grant.council?);
        Some(self.tenant::<E>().add(qualified::<E>(column).eq(council)))
    }

    fn cluster<E: Owned>(&self) -> Option<Condition> {
        let cluster = self.grant.cluster?;
        Some(Condition::all().add(qualified::<E>(E::owner()).eq(cluster)))
    }

    fn organiser<E: Owned>(&self) -> Condition {
        let organised = select(cluster::Column::Id, cluster::Entity)
            .and_where(Expr::col(cluster::Column::OrganiserId).eq(self.actor.tenant))
            .to_owned();
        Condition::all().add(qualified::<E>(E::owner()).in_subquery(organised))
    }

    fn member<E: Owned>(&self) -> Condition {
        let clusters = self.seats(cluster_member::Column::ClusterId);
        Condition::all().add(qualified::<E>(E::owner()).in_subquery(clusters))
    }

    fn seat<E: Owned>(&self) -> Option<Condition> {
        let member = E::member()?;
        let seats = self.seats(cluster_member::Column::Id);
        Some(Condition::all().add(qualified::<E>(member).in_subquery(seats)))
    }

    /// Seats in force that are the caller's: of the grant's units, or of the whole tenant.
    fn seats(&self, column: cluster_member::Column) -> SelectStatement {
        use cluster_member::Column;
        let mut seats = select(column, cluster_member::Entity);
        seats.and_where(Expr::col(Column::TenantId).eq(self.actor.tenant)).and_where(
            Expr::col(Column::ValidTo).is_null().or(Expr::col(Column::ValidTo).gte(self.today)),
        );
        if let Some(units) = self.units_below() {
            seats.and_where(Expr::col(Column::UnitId).in_subquery(units));
        }
        seats
    }

    fn units_below(&self) -> Option<SelectStatement> {
        use unit_above::Column;
        let unit = self.grant.unit?;
        let tree = select(Column::UnitId, unit_above::Entity)
            .and_where(Expr::col(Column::TenantId).eq(self.actor.tenant))
            .and_where(Expr::col(Column::AboveId).eq(unit))
            .to_owned();
        Some(tree)
    }

    fn units_above(&self) -> Option<SelectStatement> {
        use unit_above::Column;
        let unit = self.grant.unit?;
        let tree = select(Column::AboveId, unit_above::Entity)
            .and_where(Expr::col(Column::TenantId).eq(self.actor.tenant))
            .and_where(Expr::col(Column::UnitId).eq(unit))
            .to_owned();
        Some(tree)
    }
}

fn own<E: Owned>(actor: &Actor) -> Option<Condition> {
    let author = E::author()?;
    let tenant = Condition::all().add(qualified::<E>(E::owner()).eq(actor.tenant));
    Some(tenant.add(qualified::<E>(author).eq(actor.user)))
}

fn qualified<E: Owned>(column: E::Column) -> SimpleExpr {
    Expr::col((E::default(), column))
}

#[expect(clippy::disallowed_methods, reason = "the scope itself is made of these sub-queries")]
fn select<C: ColumnTrait, E: EntityTrait>(column: C, table: E) -> SelectStatement {
    let mut select = Query::select();
    select.column(column).from(table);
    select
}

/// Units at or below one unit, at most so many steps down, in the caller's tenant.
#[must_use]
pub fn within(tenant: Uuid, above: Uuid, depth: Option<i32>) -> SelectStatement {
    use unit_above::Column;
    let mut tree = select(Column::UnitId, unit_above::Entity);
    tree.and_where(Expr::col(Column::TenantId).eq(tenant))
        .and_where(Expr::col(Column::AboveId).eq(above));
    if let Some(depth) = depth {
        tree.and_where(Expr::col(Column::Depth).lte(depth));
    }
    tree
}

#[cfg(test)]
pub(crate) fn parts_of<E: Owned>(
    (actor, grant): (&Actor, &Grant),
    reach: Reach,
    today: NaiveDate,
) -> Vec<Condition> {
    parts::<E>(&Seeker { actor, grant, today }, reach)
}
