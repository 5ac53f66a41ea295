//! What a user name, a grant and its end must be.
//! No role of the caller and no query enters here.

use chrono::{DateTime, NaiveDate, Utc};
use entity::role_grant;
use entity::{account, cluster, council, unit};
use uuid::Uuid;

use crate::access::{Place, place};
use crate::error::{Code, Fault, Result};

/// Fewest and most characters of a user name.
const LENGTH: (usize, usize) = (3, 64);
/// Most roles that a user holds at once: an access token carries them all.
const MOST: usize = 40;

/// A user name as it is stored: small letters, digits, point, hyphen and underscore.
pub(super) fn username(typed: &str) -> Result<String> {
    let name = typed.trim().to_lowercase();
    let is_letter = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '.' | '-' | '_')
    };
    if (LENGTH.0..=LENGTH.1).contains(&name.len()) && name.chars().all(is_letter) {
        return Ok(name);
    }
    let expected = "3-64: a-z, 0-9, . - _";
    Err(Fault::at(Code::InvalidFormat, "input.username").with("expected", expected).into())
}

/// Nobody grants a role to himself.
pub(super) fn not_to_oneself(giver: Uuid, receiver: Uuid) -> Result<()> {
    if giver == receiver {
        return Err(Fault::at(Code::Forbidden, "input.userId").into());
    }
    Ok(())
}

/// Nobody closes or opens his own account.
pub(super) fn not_oneself(caller: Uuid, user: Uuid) -> Result<()> {
    if caller == user {
        return Err(Fault::at(Code::Forbidden, "input.id").into());
    }
    Ok(())
}

/// An open account is closed, and a closed one opened.
pub(super) fn standing(row: &account::Model, is_active: bool) -> Result<()> {
    if row.is_active == is_active {
        let state = if is_active { "ACTIVE" } else { "INACTIVE" };
        return Err(Fault::at(Code::WrongState, "input.id").with("state", state).into());
    }
    Ok(())
}

/// A role names the place it holds at, and no other.
pub(super) fn fits(grant: &role_grant::Model) -> Result<()> {
    let named = [grant.unit_id.is_some(), grant.cluster_id.is_some(), grant.council_id.is_some()];
    let (demanded, needed) = match place(grant.role) {
        Place::Tenant => ([false, false, false], "unitId, clusterId, councilId = null"),
        Place::Unit => ([true, false, false], "unitId"),
        Place::Cluster => ([false, true, false], "clusterId"),
        Place::Council => ([false, false, true], "councilId"),
    };
    if named == demanded {
        return Ok(());
    }
    Err(Fault::at(Code::GrantPlaceInvalid, "input.role").with("place", needed).into())
}

/// A council in force when the grant begins.
pub(super) fn council_in_force(row: &council::Model, day: NaiveDate) -> Result<()> {
    in_force((row.valid_from, row.valid_to), day, "input.councilId")
}

/// A unit in force when the grant begins.
pub(super) fn unit_in_force(row: &unit::Model, day: NaiveDate) -> Result<()> {
    in_force((row.valid_from, row.valid_to), day, "input.unitId")
}

/// A cluster that the tenant organises, in force when the grant begins.
pub(super) fn cluster_of(row: &cluster::Model, tenant: Uuid, day: NaiveDate) -> Result<()> {
    if row.organiser_id != tenant {
        let fault = Fault::at(Code::GrantPlaceInvalid, "input.clusterId");
        return Err(fault.with("place", "clusterId (organiser = tenant)").into());
    }
    in_force((row.valid_from, row.valid_to), day, "input.clusterId")
}

fn in_force(period: (NaiveDate, Option<NaiveDate>), day: NaiveDate, path: &str) -> Result<()> {
    if period.0 <= day && period.1.is_none_or(|last| last >= day) {
        return Ok(());
    }
    Err(Fault::at(Code::NotInForce, path).into())
}

/// Another grant beside those that stand: not the same again at the same time, and not too many.
pub(super) fn beside(standing: &[role_grant::Model], new: &role_grant::Model) -> Result<()> {
    let overlaps = |row: &role_grant::Model| {
        row.valid_to.is_none_or(|last| last >= new.valid_from)
            && new.valid_to.is_none_or(|last| last >= row.valid_from)
    };
    let is_same = |row: &role_grant::Model| {
        (row.role, row.unit_id, row.cluster_id, row.council_id)
            == (new.role, new.unit_id, new.cluster_id, new.council_id)
    };
    let mut overlapping = standing.iter().filter(|row| overlaps(row));
    if overlapping.clone().any(is_same) {
        return Err(Fault::at(Code::AlreadyExists, "input.role").with("case", "GRANT").into());
    }
    if overlapping.nth(MOST - 1).is_some() {
        return Err(Fault::at(Code::OutOfRange, "input.role")
            .with("case", "GRANTS")
            .with("max", MOST)
            .into());
    }
    Ok(())
}

/// A grant is revoked once.
pub(super) fn revoke(row: &role_grant::Model, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    if row.revoked_at.is_some() {
        return Err(Fault::at(Code::WrongState, "input.id").with("state", "REVOKED").into());
    }
    Ok(now)
}

#[cfg(test)]
mod tests {
    use entity::role_grant::Role;
    use sea_orm::Iterable;

    use super::*;
    use crate::error::Error;

    fn code<T>(result: Result<T>) -> Option<Code> {
        match result {
            Err(Error::Fault(fault)) => Some(fault.code),
            Ok(_) | Err(Error::Unauthenticated | Error::Broken(_)) => None,
        }
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, day).unwrap()
    }

    fn held(role: Role, from: u32, to: Option<u32>) -> role_grant::Model {
        role_grant::Model {
            tenant_id: Uuid::nil(),
            id: Uuid::nil(),
            user_id: Uuid::nil(),
            role,
            unit_id: None,
            cluster_id: None,
            council_id: None,
            valid_from: day(from),
            valid_to: to.map(day),
            granted_by: None,
            revoked_at: None,
            version: 1,
        }
    }

    #[test]
    fn a_user_name_is_plain() {
        assert_eq!(username(" Lai_Chau.Chair ").unwrap(), "lai_chau.chair");
        for bad in ["", "ab", "lại.châu", "a b c", "a\u{0}bc", "../etc", &"x".repeat(65)] {
            assert_eq!(code(username(bad)), Some(Code::InvalidFormat), "{bad}");
        }
    }

    #[test]
    fn each_role_has_one_kind_of_place() {
        for role in Role::iter() {
            let named = |place: u8, bit: u8| (place & bit != 0).then(Uuid::nil);
            let fitting: Vec<u8> = (0..8)
                .filter(|place| {
                    let grant = role_grant::Model {
                        unit_id: named(*place, 1),
                        cluster_id: named(*place, 2),
                        council_id: named(*place, 4),
                        ..held(role, 1, None)
                    };
                    fits(&grant).is_ok()
                })
                .collect();
            let expected = match place(role) {
                Place::Tenant => 0,
                Place::Unit => 1,
                Place::Cluster => 2,
                Place::Council => 4,
            };
            assert_eq!(fitting, [expected], "{role:?}");
        }
    }

    #[test]
    fn nobody_grants_to_himself() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(code(not_to_oneself(one, one)), Some(Code::Forbidden));
        assert!(not_to_oneself(one, other).is_ok());
    }

    #[test]
    fn the_same_role_is_not_held_twice_at_once() {
        let standing = [held(Role::Auditor, 5, Some(10))];
        for (new, answer) in [
            (held(Role::Auditor, 1, Some(4)), None),
            (held(Role::Auditor, 11, None), None),
            (held(Role::Auditor, 1, None), Some(Code::AlreadyExists)),
            (held(Role::Auditor, 10, Some(12)), Some(Code::AlreadyExists)),
            (held(Role::ProvinceChair, 5, None), None),
        ] {
            assert_eq!(code(beside(&standing, &new)), answer, "{new:?}");
        }
        let many = vec![held(Role::Auditor, 1, None); MOST];
        assert_eq!(
            code(beside(&many, &held(Role::ProvinceChair, 1, None))),
            Some(Code::OutOfRange)
        );
        assert!(beside(&many[1..], &held(Role::ProvinceChair, 1, None)).is_ok());
    }

    #[test]
    fn a_grant_is_revoked_once() {
        let mut row = held(Role::Auditor, 1, None);
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(revoke(&row, now).unwrap(), now);
        row.revoked_at = Some(now);
        assert_eq!(code(revoke(&row, now)), Some(Code::WrongState));
    }

    #[test]
    fn a_cluster_role_is_for_the_organiser_and_its_time() {
        let tenant = Uuid::from_u128(1);
        let row = cluster::Model {
            id: Uuid::from_u128(9),
            organiser_id: tenant,
            code: String::new(),
            name: String::new(),
            kind: cluster::Kind::Bloc,
            structure: String::new(),
            valid_from: day(5),
            valid_to: Some(day(10)),
            version: 1,
        };
        assert!(cluster_of(&row, tenant, day(10)).is_ok());
        assert_eq!(code(cluster_of(&row, tenant, day(11))), Some(Code::NotInForce));
        assert_eq!(
            code(cluster_of(&row, Uuid::from_u128(2), day(7))),
            Some(Code::GrantPlaceInvalid)
        );
    }
}
