//! Where the rows of a write stand: whose they are, and whether the act reaches their unit and their subject.
//! No domain enters here.

use std::collections::BTreeSet;
use std::slice::from_ref;

use entity::owned::{Line, Owned};
use entity::{award_cell, cluster, decision, subject, unit};
use sea_orm::{ActiveModelTrait, ColumnTrait, ModelTrait, QueryFilter};
use uuid::Uuid;

use super::gate::find;
use super::loader::uuid;
use super::policy::Act;
use super::tx::{Stored, Tx, lock, set_uuid};
use crate::error::{Error, Result};

/// Tables of which an act that is held to units writes rows of other units too: by which act, or by any.
const ELSEWHERE: [(&str, Option<Act>); 2] = [
    // What is counted in a unit is counted in every unit above it.
    (award_cell::Entity::NAME, None),
    // What was given before is taken over with its paper, which stands in the register of whoever gave it.
    (decision::Entity::NAME, Some(Act::AwardsImport)),
];

impl Tx {
    /// Refuses a row whose owner is neither the caller's tenant nor was entered.
    pub(super) fn check_owner<E: Stored>(&self, row: &E::ActiveModel) -> Result<()> {
        let owner =
            set_uuid(row.get(E::owner())).ok_or_else(|| Error::broken("a row without owner"))?;
        match E::LINE {
            Line::Tenant if owner == self.gate().actor()?.tenant => Ok(()),
            Line::Tenant if self.is_addressed::<E>(row)? => self.demand(owner),
            Line::Tenant => Err(Error::broken("a row of another tenant")),
            // A new cluster is its own owner.
            Line::Cluster if E::NAME == cluster::Entity::NAME => Ok(()),
            Line::Cluster => self.demand(owner),
        }
    }

    /// Remembers where a row stands that was read in the scope of the act itself.
    pub(super) fn reach<E: Owned>(&self, row: &E::Model) -> Result<()> {
        // A row about a subject is in scope where the subject is, whatever unit it names.
        let place = E::subject().or_else(E::unit).and_then(|column| uuid(&row.get(column)));
        let itself = is_subject::<E>().then(|| uuid(&row.get(E::id()))).flatten();
        lock(&self.reached)?.extend(place.into_iter().chain(itself));
        Ok(())
    }

    /// Refuses rows whose unit or subject the act does not reach. The units of the caller's roles and what was read in
    /// the scope of the act are known; only what came another way is asked for.
    pub(super) async fn demand_reach<E: Stored>(&self, rows: &[E::Model]) -> Result<()> {
        let Some(held_to) = self.held_to::<E>()? else { return Ok(()) };
        let units = self.unknown(&named::<E>(rows, E::unit()), &held_to)?;
        if !units.is_empty() {
            Box::pin(self.demand_in_scope::<unit::Entity>(units)).await?;
        }
        let subjects = self.unknown(&named::<E>(rows, E::subject()), &held_to)?;
        if !subjects.is_empty() {
            Box::pin(self.demand_in_scope::<subject::Entity>(subjects)).await?;
        }
        // What is added within reach is within it.
        let new = if is_subject::<E>() { named::<E>(rows, Some(E::id())) } else { BTreeSet::new() };
        lock(&self.reached)?.extend(new);
        Ok(())
    }

    /// The same for a row that goes to another unit or to another subject.
    pub(super) async fn demand_move<E: Stored>(
        &self,
        before: &E::Model,
        after: &E::Model,
    ) -> Result<()> {
        if is_moved::<E>(before, after) {
            self.demand_reach::<E>(from_ref(after)).await
        } else {
            Ok(())
        }
    }

    /// The units to which rows of a table are held; none where the act reaches the whole tenant or no unit.
    fn held_to<E: Owned>(&self) -> Result<Option<BTreeSet<Uuid>>> {
        let is_this = |act: Option<Act>| act.is_none_or(|act| act == self.act);
        let is_elsewhere = ELSEWHERE.iter().any(|(name, act)| *name == E::NAME && is_this(*act));
        if is_elsewhere || E::LINE == Line::Cluster {
            return Ok(None);
        }
        Ok(self.gate().actor()?.held_to(self.act))
    }

    fn unknown(&self, ids: &BTreeSet<Uuid>, held_to: &BTreeSet<Uuid>) -> Result<Vec<Uuid>> {
        let reached = lock(&self.reached)?;
        Ok(ids.difference(held_to).filter(|id| !reached.contains(*id)).copied().collect())
    }

    async fn demand_in_scope<E: Owned>(&self, ids: Vec<Uuid>) -> Result<()> {
        let count = ids.len();
        let select =
            find::<E>().filter(self.gate().scope::<E>(self.act)?).filter(E::id().is_in(ids));
        let found = select.all(&self.at::<E>()).await?;
        for row in &found {
            self.reach::<E>(row)?;
        }
        if found.len() == count {
            Ok(())
        } else {
            Err(Error::broken("a row beyond the reach of its act"))
        }
    }
}

fn is_subject<E: Owned>() -> bool {
    E::NAME == subject::Entity::NAME
}

fn named<E: Owned>(rows: &[E::Model], column: Option<E::Column>) -> BTreeSet<Uuid> {
    let Some(column) = column else { return BTreeSet::new() };
    rows.iter().filter_map(|row| uuid(&row.get(column))).collect()
}

fn is_moved<E: Owned>(before: &E::Model, after: &E::Model) -> bool {
    let places = [E::unit(), E::subject()];
    places.into_iter().flatten().any(|column| before.get(column) != after.get(column))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use entity::movement::{self, Duration, Form, Level, Scope};
    use entity::nominee::SubjectKind;
    use entity::role_grant::Role;
    use entity::{subject_membership, unit_above};
    use sea_orm::{ActiveValue::Set, IntoActiveModel};

    use super::*;
    use crate::access::world::{ADMIN, TENANT, UNIT, World, day, request, start, world};
    use crate::access::{Actor, Grant};

    const OFFICE: Uuid = Uuid::from_u128(21);
    const DIVISION: Uuid = Uuid::from_u128(22);
    const SIBLING: Uuid = Uuid::from_u128(23);
    const OWN: Uuid = Uuid::from_u128(31);
    const STRANGER: Uuid = Uuid::from_u128(32);

    fn holding(admin: &Actor, role: Role, unit: Option<Uuid>) -> Actor {
        let grant = Grant { id: None, role, unit, cluster: None, council: None };
        Actor { grants: vec![grant], ..admin.clone() }
    }

    async fn begin(world: &World, actor: &Actor, act: Act) -> Tx {
        world.gate(request(0, Some(actor.clone()))).begin(act).await.unwrap()
    }

    /// An office with a division, another office, a person of each office, and the officer of the first.
    async fn territory(world: &World) -> Actor {
        let admin = world.sign_in().await.actor;
        let tx = begin(world, &admin, Act::UnitCreate).await;
        for (id, above) in
            [(OFFICE, vec![UNIT]), (DIVISION, vec![OFFICE, UNIT]), (SIBLING, vec![UNIT])]
        {
            let row = unit::Model {
                tenant_id: TENANT,
                id,
                parent_id: above.first().copied(),
                code: id.to_string(),
                name: "Văn phòng (mẫu)".to_owned(),
                name_search: "van phong (mau)".to_owned(),
                kind: unit::Kind::Office,
                valid_from: day(2025),
                valid_to: None,
                version: 1,
            };
            tx.add::<unit::Entity>(row.into_active_model().reset_all()).await.unwrap();
            for (depth, above_id) in (0..).zip([id].into_iter().chain(above)) {
                let pair = unit_above::Model { tenant_id: TENANT, above_id, unit_id: id, depth };
                let pair = pair.into_active_model().reset_all();
                tx.add_derived::<unit_above::Entity>(pair).await.unwrap();
            }
        }
        tx.commit(()).await.unwrap();
        let standing = holding(&admin, Role::StandingOfficer, None);
        let tx = begin(world, &standing, Act::SubjectCreate).await;
        let people = vec![person(OWN, OFFICE), person(STRANGER, SIBLING)];
        tx.add_many::<subject::Entity>(people).await.unwrap();
        tx.commit(()).await.unwrap();
        holding(&admin, Role::UnitOfficer, Some(OFFICE))
    }

    fn person(id: Uuid, unit_id: Uuid) -> subject::Model {
        subject::Model {
            tenant_id: TENANT,
            id,
            kind: SubjectKind::Individual,
            code: None,
            name_search: "nguyen van mau".to_owned(),
            name: "Nguyễn Văn Mẫu".to_owned(),
            unit_id,
            is_unit: false,
            sex: None,
            leadership_class: None,
            direct_worker: None,
            manager: None,
            occupation: None,
            size_class: None,
            flag_eligible: None,
            founded_on: None,
            created_at: start(),
            version: 1,
            user_id: None,
            enterprise: None,
        }
    }

    fn movement_of(number: u128, unit_id: Uuid) -> movement::Model {
        movement::Model {
            tenant_id: TENANT,
            id: Uuid::from_u128(number),
            unit_id,
            name: "Phong trào (mẫu)".to_owned(),
            name_search: "phong trao (mau)".to_owned(),
            level: Level::Unknown,
            scope: Scope::Unknown,
            form: Form::Unknown,
            duration: Duration::Unknown,
            launched_on: day(2025),
            ends_on: None,
            plan: None,
            author_id: ADMIN,
            created_at: start(),
            version: 1,
        }
    }

    async fn put(tx: &Tx, row: movement::Model) -> Result<movement::Model> {
        tx.add::<movement::Entity>(row.into_active_model().reset_all()).await
    }

    fn member(subject_id: Uuid, unit_id: Uuid) -> subject_membership::Model {
        subject_membership::Model {
            tenant_id: TENANT,
            id: Uuid::from_u128(61),
            subject_id,
            unit_id,
            valid_from: day(2025),
            valid_to: None,
            version: 1,
        }
    }

    async fn join(tx: &Tx, row: subject_membership::Model) -> Result<subject_membership::Model> {
        tx.add::<subject_membership::Entity>(row.into_active_model().reset_all()).await
    }

    /// Statements so far.
    fn sent(tx: &Tx) -> u32 {
        tx.gate().request().statements.load(Ordering::Relaxed)
    }

    #[tokio::test]
    async fn a_row_stands_in_a_unit_that_its_act_reaches() {
        let world = world().await;
        let officer = territory(&world).await;
        let places = [(OFFICE, Some(1)), (DIVISION, Some(2)), (SIBLING, None), (UNIT, None)];

        for (number, (place, statements)) in (41..).zip(places) {
            let tx = begin(&world, &officer, Act::MovementCreate).await;
            let before = sent(&tx);
            let added = put(&tx, movement_of(number, place)).await;
            assert_eq!(added.is_ok().then(|| sent(&tx) - before), statements, "{place}");
        }
        let tx = begin(&world, &officer, Act::MovementCreate).await;
        let both = vec![movement_of(45, OFFICE), movement_of(46, SIBLING)];
        assert!(tx.add_many::<movement::Entity>(both).await.is_err(), "one of many");
    }

    #[tokio::test]
    async fn what_was_read_in_the_scope_of_the_act_is_not_asked_for_again() {
        let world = world().await;
        let officer = territory(&world).await;
        let tx = begin(&world, &officer, Act::MovementCreate).await;
        tx.one::<unit::Entity>(Act::MovementCreate, DIVISION).await.unwrap();
        // He reads the unit above, and writes nothing there.
        tx.one::<unit::Entity>(Act::UnitRead, UNIT).await.unwrap();

        let before = sent(&tx);
        put(&tx, movement_of(47, DIVISION)).await.unwrap();
        assert_eq!(sent(&tx) - before, 1);
        assert!(put(&tx, movement_of(48, UNIT)).await.is_err());
    }

    #[tokio::test]
    async fn a_row_goes_to_no_unit_beyond_its_act() {
        let world = world().await;
        let officer = territory(&world).await;
        let tx = begin(&world, &officer, Act::MovementCreate).await;
        let row = put(&tx, movement_of(51, OFFICE)).await.unwrap();
        tx.commit(()).await.unwrap();

        for (place, is_reached) in [(DIVISION, true), (SIBLING, false), (UNIT, false)] {
            let moved = movement::Model { unit_id: place, ..row.clone() };
            let tx = begin(&world, &officer, Act::MovementUpdate).await;
            let before = tx.lock::<movement::Entity>(row.id).await.unwrap();
            let after =
                movement::ActiveModel { unit_id: Set(place), ..before.clone().into_active_model() };
            let saved = tx.save::<movement::Entity>(&before, after).await;
            assert_eq!(saved.is_ok(), is_reached, "{place}");
            drop(tx);
            let tx = begin(&world, &officer, Act::MovementUpdate).await;
            let saved = tx.save_many::<movement::Entity>(vec![(before, moved)]).await;
            assert_eq!(saved.is_ok(), is_reached, "{place}, one of many");
        }
    }

    #[tokio::test]
    async fn a_row_about_a_subject_stands_where_the_subject_is() {
        let world = world().await;
        let officer = territory(&world).await;
        let tries = [(OWN, OFFICE, true), (OWN, SIBLING, false), (STRANGER, OFFICE, false)];

        for (subject, place, is_reached) in tries {
            let tx = begin(&world, &officer, Act::SubjectUpdate).await;
            let joined = join(&tx, member(subject, place)).await;
            assert_eq!(joined.is_ok(), is_reached, "{subject} in {place}");
        }
        let tx = begin(&world, &officer, Act::SubjectCreate).await;
        let new = Uuid::from_u128(33);
        tx.add_many::<subject::Entity>(vec![person(new, OFFICE)]).await.unwrap();
        let before = sent(&tx);
        join(&tx, member(new, OFFICE)).await.unwrap();
        assert_eq!(sent(&tx) - before, 1, "what was added here is known");
    }
}
