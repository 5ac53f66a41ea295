//! What an actor may, as far as the table and the places of grants tell.

use entity::role_grant::Role;
use sea_orm::Iterable;

use super::{CLUSTER, COUNCIL, UNIT, actor, grant};
use crate::{Act, Coverage, Grant, Place, ROLES, Reach, is_for_oneself, place, reach};

/// The columns of the reviewed table.
const COLUMNS: [(&str, Role); ROLES] = [
    ("Central", Role::CentralOfficer),
    ("Chair", Role::ProvinceChair),
    ("Secretary", Role::CouncilSecretary),
    ("Standing", Role::StandingOfficer),
    ("Coordinator", Role::ClusterCoordinator),
    ("Deputy", Role::ClusterDeputy),
    ("Head", Role::UnitHead),
    ("Officer", Role::UnitOfficer),
    ("Auditor", Role::Auditor),
    ("Administrator", Role::TenantAdministrator),
    ("Member", Role::CouncilMember),
];

#[test]
fn every_reach_is_the_one_that_was_reviewed() {
    let text = include_str!("../../../../tests/it/snapshots/policy.txt");
    let mut lines = text.lines();
    let heads: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(heads, COLUMNS.map(|(name, _)| name));

    for act in Act::iter() {
        let cells: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
        let name: &str = act.into();
        assert_eq!((cells[0], cells[0]), (name, act.name()));
        for ((_, role), cell) in COLUMNS.iter().zip(&cells[1..]) {
            let reach = reach(act, *role);
            let shown = if reach == Reach::Nothing { "-" } else { reach.into() };
            assert_eq!(shown, *cell, "{name} by {role:?}");
        }
    }
    assert_eq!(lines.next(), None);
}

#[test]
fn what_is_for_oneself_needs_no_role() {
    let free: Vec<&str> = Act::iter().filter(|act| is_for_oneself(*act)).map(Into::into).collect();
    assert_eq!(free, ["UserRead", "PasswordChange"]);

    let nobody = actor([]);
    for act in Act::iter() {
        assert_eq!(nobody.may(act), is_for_oneself(act), "{act:?}");
        assert_eq!(nobody.role_for(act), None);
    }
}

#[test]
fn a_role_may_what_it_reaches() {
    for role in Role::iter() {
        let someone = actor([grant(role)]);
        for act in Act::iter() {
            let reaches = reach(act, role) != Reach::Nothing;
            assert_eq!(someone.may(act), reaches || is_for_oneself(act), "{act:?} by {role:?}");
            assert_eq!(someone.role_for(act), reaches.then_some(role));
        }
    }
    let two = actor([grant(Role::Auditor), grant(Role::StandingOfficer)]);
    assert_eq!(two.role_for(Act::UnitCreate), Some(Role::StandingOfficer));
    assert_eq!(two.role_for(Act::UnitRead), Some(Role::Auditor), "the first that reaches it");
}

#[test]
fn an_act_covers_all_some_or_nothing_of_what_is_read() {
    let cover = |roles: &[Role], act, read| {
        actor(roles.iter().map(|role| grant(*role))).coverage(act, read)
    };
    let (chief, standing) = (Role::UnitHead, Role::StandingOfficer);

    assert_eq!(cover(&[chief], Act::UnitCreate, Act::UnitRead), Coverage::Nothing);
    assert_eq!(cover(&[], Act::UnitRead, Act::UnitRead), Coverage::Nothing);
    assert_eq!(cover(&[standing], Act::UnitCreate, Act::UnitRead), Coverage::Everything);
    // The chief reads the units above as well.
    assert_eq!(cover(&[chief], Act::SubjectCreate, Act::UnitRead), Coverage::Something);
    assert_eq!(cover(&[chief], Act::SubjectCreate, Act::SubjectRead), Coverage::Everything);
    // One of two roles that read does not reach what the other reads.
    let both = [chief, Role::Auditor];
    assert_eq!(cover(&both, Act::SubjectCreate, Act::SubjectRead), Coverage::Something);
    assert_eq!(
        cover(&[Role::ProvinceChair, chief], Act::SubjectRead, Act::SubjectRead),
        Coverage::Everything
    );
    // What is not read at all does not matter.
    let member = [chief, Role::CouncilMember];
    assert_eq!(cover(&member, Act::SubjectCreate, Act::SubjectRead), Coverage::Everything);
}

#[test]
fn an_act_is_held_to_the_units_of_roles_that_reach_no_further() {
    let held = |roles: &[Role], act| {
        let grants = roles.iter().map(|role| grant(*role));
        actor(grants).held_to(act).map(|units| units.into_iter().collect::<Vec<_>>())
    };
    let (chief, standing) = (Role::UnitHead, Role::StandingOfficer);
    let unit = Some(vec![UNIT]);

    assert_eq!(held(&[chief], Act::SubjectCreate), unit, "by unit");
    assert_eq!(held(&[chief], Act::AuditRead), unit, "one's own, and by unit");
    assert_eq!(held(&[chief], Act::UnitRead), unit, "by line");
    // The officer may not, so that his unit gives nothing.
    assert_eq!(held(&[Role::UnitOfficer], Act::DisciplineRecord), None);
    assert_eq!(held(&[standing], Act::SubjectCreate), None, "the whole tenant");
    assert_eq!(held(&[chief, standing], Act::SubjectCreate), None, "the whole tenant as well");
    assert_eq!(held(&[chief, Role::Auditor], Act::SubjectCreate), unit, "who only reads the rest");
    assert_eq!(held(&[chief], Act::ScoreSelfRecord), None, "a seat is no unit");
    assert_eq!(held(&[chief], Act::PasswordChange), None, "oneself");
    assert_eq!(held(&[standing], Act::OnwardPackageFollow), None, "what was sent here");
    assert_eq!(held(&[], Act::SubjectCreate), None);
    // A role without its place reaches nothing, and takes no bound away.
    let nowhere = Grant { unit: None, ..grant(chief) };
    let astray = Grant { unit: Some(UNIT), ..grant(standing) };
    assert_eq!(actor([nowhere.clone()]).held_to(Act::SubjectCreate), None);
    let three = actor([nowhere, astray, grant(chief)]);
    assert_eq!(three.held_to(Act::SubjectCreate), Some([UNIT].into()));
}

#[test]
fn a_grant_names_its_own_place_and_no_other() {
    let places = [None, Some(UNIT)].into_iter().flat_map(|unit| {
        [None, Some(CLUSTER)]
            .into_iter()
            .flat_map(move |cluster| [None, Some(COUNCIL)].map(|council| (unit, cluster, council)))
    });
    for (unit, cluster, council) in places {
        for role in Role::iter() {
            let needed = match place(role) {
                Place::Tenant => (None, None, None),
                Place::Unit => (Some(UNIT), None, None),
                Place::Cluster => (None, Some(CLUSTER), None),
                Place::Council => (None, None, Some(COUNCIL)),
            };
            let grant = Grant { id: None, role, unit, cluster, council };
            assert_eq!(grant.is_placed(), (unit, cluster, council) == needed, "{grant:?}");
        }
    }
    let of = |wanted: Place| Role::iter().filter(|role| place(*role) == wanted).collect::<Vec<_>>();
    assert_eq!(of(Place::Unit), [Role::UnitHead, Role::UnitOfficer]);
    assert_eq!(of(Place::Cluster), [Role::ClusterCoordinator, Role::ClusterDeputy]);
    assert_eq!(of(Place::Council), [Role::CouncilMember]);
    assert_eq!(of(Place::Tenant).len(), ROLES - 5);
    assert_eq!(actor([]).tenant_slug(), "lai_chau");
}
