//! With the switch of the tests, and only then, no scope is left; a process of its own, because it stays so.
#![cfg(all(feature = "wall-1-switch", debug_assertions))]

use chrono::NaiveDate;
use entity::subject;
use policy::{Act, Actor, condition, switch_off_scope};
use sea_orm::Condition;
use uuid::Uuid;

#[test]
fn the_switch_takes_the_scope_off() {
    let nobody = Actor {
        user: Uuid::nil(),
        name: String::new(),
        tenant: Uuid::nil(),
        tenant_slug: String::new(),
        family: Uuid::nil(),
        authorisation: 1,
        grants: vec![],
    };
    let asked = || condition::<subject::Entity>(&nobody, Act::SubjectRead, NaiveDate::default());

    assert_eq!(asked(), None);
    switch_off_scope();
    assert_eq!(asked(), Some(Condition::all()));
}
