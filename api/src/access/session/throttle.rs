//! Guessing is bounded: every attempt is counted before its password is compared, by account and by
//! address, and taken back when it was right or was never compared. No account is read here: an unknown
//! one counts the same.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use entity::sign_in_throttle::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use sha2::{Digest, Sha256};

use crate::access::gate::find;
use crate::error::{Code, Fault, Result};

/// The time within which failures add up.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// The longest wait, after which an account's failures are forgotten.
const LONGEST: TimeDelta = TimeDelta::days(1);
/// Failures that an account may have before it waits.
const OF_ACCOUNT: i32 = 10;
/// Failures that an address may have within the window: many people may share one.
const OF_ADDRESS: i32 = 50;

/// What is counted: an account (whether it exists or not) or a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Waits a quarter of an hour, then twice as long with each failure, up to a day.
    Account,
    /// Waits until its window is over.
    Address,
}

#[derive(Clone, Debug)]
struct Counter {
    key: String,
    kind: Kind,
}

impl Counter {
    fn new(name: &str, kind: Kind) -> Self {
        Self { key: hex::encode(Sha256::digest(name)), kind }
    }
}

/// The counters of an attempt as they were before it was counted.
pub(super) struct Before(Vec<Model>);

/// The counters that one attempt touches, in the order in which they are locked.
#[derive(Clone, Debug)]
pub(super) struct Attempt(Vec<Counter>);

impl Attempt {
    /// An attempt at an account of a tenant from an address.
    pub(super) fn new(tenant: &str, username: &str, peer: Option<IpAddr>) -> Self {
        let Self(mut counters) = Self::of_address(peer);
        counters.push(Counter::new(&format!("account:{tenant}/{username}"), Kind::Account));
        counters.sort_by(|one, other| one.key.cmp(&other.key));
        Self(counters)
    }

    /// An attempt from an address at what is nobody's account.
    pub(super) fn of_address(peer: Option<IpAddr>) -> Self {
        let name = peer.map(|peer| format!("address:{}", prefix(peer)));
        Self(name.map(|name| Counter::new(&name, Kind::Address)).into_iter().collect())
    }

    /// Counts the attempt as failed, or refuses it while one of its counters has to wait.
    pub(super) async fn count<C: ConnectionTrait>(
        &self,
        now: DateTime<Utc>,
        connection: &C,
    ) -> Result<Before> {
        if self.0.is_empty() {
            return Ok(Before(Vec::new()));
        }
        let rows = self.0.iter().map(|counter| fresh(&counter.key, now));
        insert(rows, connection).await?;
        let rows = self.lock(connection).await?;
        let wait = rows.iter().filter_map(|(kind, row)| kind.wait(row, now)).max();
        if let Some(wait) = wait {
            let seconds = wait.num_seconds().max(1);
            return Err(Fault::at(Code::SignInThrottled, "input").with("seconds", seconds).into());
        }
        for (kind, row) in &rows {
            save(row.clone(), kind.counted(row.clone(), now), connection).await?;
        }
        Ok(Before(rows.into_iter().map(|(_, row)| row).collect()))
    }

    /// Takes the attempt back: what was tried is right.
    pub(super) async fn was_right<C: ConnectionTrait>(&self, connection: &C) -> Result<()> {
        for (kind, row) in self.lock(connection).await? {
            save(row.clone(), kind.proven(row), connection).await?;
        }
        Ok(())
    }

    /// Takes the attempt back and nothing else: what was tried was never compared.
    pub(super) async fn was_not_compared<C: ConnectionTrait>(
        &self,
        (before, now): (&Before, DateTime<Utc>),
        connection: &C,
    ) -> Result<()> {
        for (kind, row) in self.lock(connection).await? {
            let before = before.0.iter().find(|before| before.key == row.key);
            save(row.clone(), kind.uncounted(row, before, now), connection).await?;
        }
        Ok(())
    }

    async fn lock<C: ConnectionTrait>(&self, connection: &C) -> Result<Vec<(Kind, Model)>> {
        let keys = self.0.iter().map(|counter| counter.key.as_str());
        let select = find::<Entity>().filter(Column::Key.is_in(keys)).order_by_asc(Column::Key);
        let rows = select.lock_exclusive().all(connection).await?;
        let kind = |row: &Model| self.0.iter().find(|counter| counter.key == row.key);
        Ok(rows.into_iter().filter_map(|row| Some((kind(&row)?.kind, row))).collect())
    }
}

impl Kind {
    fn wait(self, row: &Model, now: DateTime<Utc>) -> Option<TimeDelta> {
        let until = match self {
            Self::Account => row.last_failed_at + delay(row.failures)?,
            Self::Address if row.failures >= OF_ADDRESS => row.window_started_at + WINDOW,
            Self::Address => return None,
        };
        (until > now).then(|| until - now)
    }

    fn counted(self, row: Model, now: DateTime<Utc>) -> Model {
        let is_over = match self {
            Self::Account => {
                let memory = if row.failures < OF_ACCOUNT { WINDOW } else { LONGEST };
                now - row.last_failed_at >= memory
            }
            Self::Address => now - row.window_started_at >= WINDOW,
        };
        let (failures, window_started_at) =
            if is_over { (1, now) } else { (row.failures + 1, row.window_started_at) };
        Model { failures, window_started_at, last_failed_at: now, ..row }
    }

    /// One who waited and then knew the password starts anew; below the bound failures stay, so that
    /// a guesser gains nothing when the owner signs in.
    fn proven(self, row: Model) -> Model {
        let failures = (row.failures - 1).max(0);
        let is_free = self == Self::Account && failures >= OF_ACCOUNT;
        Model { failures: if is_free { 0 } else { failures }, ..row }
    }

    /// As it was before, its times too; where others were counted meanwhile, one less and what they left.
    fn uncounted(self, row: Model, before: Option<&Model>, now: DateTime<Utc>) -> Model {
        match before {
            Some(before) if self.counted(before.clone(), now) == row => before.clone(),
            Some(_) | None => Model { failures: (row.failures - 1).max(0), ..row },
        }
    }
}

/// How long an account waits after its last failure.
fn delay(failures: i32) -> Option<TimeDelta> {
    let beyond = u32::try_from(failures - OF_ACCOUNT).ok()?;
    let doubled = WINDOW * 2_i32.pow(beyond.min(7));
    Some(doubled.min(LONGEST))
}

/// The network of an address: /24 or /48.
fn prefix(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4((address.to_bits() & !0xff).into()),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & (u128::MAX << 80)).into()),
    }
}

fn fresh(key: &str, now: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        key: Set(key.to_owned()),
        failures: Set(0),
        window_started_at: Set(now),
        last_failed_at: Set(now),
    }
}

#[expect(clippy::disallowed_methods, reason = "counters belong to nobody: there is no actor yet")]
async fn insert<C: ConnectionTrait>(
    rows: impl Iterator<Item = ActiveModel>,
    connection: &C,
) -> Result<()> {
    let conflict = OnConflict::column(Column::Key).do_nothing().to_owned();
    Entity::insert_many(rows).on_conflict(conflict).exec_without_returning(connection).await?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "counters belong to nobody: there is no actor yet")]
async fn save<C: ConnectionTrait>(before: Model, after: Model, connection: &C) -> Result<()> {
    if before == after {
        return Ok(());
    }
    let key = after.key.clone();
    let changed = after.into_active_model().reset_all();
    let update = Entity::update_many().set(changed).filter(Column::Key.eq(key));
    update.exec(connection).await?;
    Ok(())
}

/// Forgets counters that no longer hold anyone back.
#[expect(clippy::disallowed_methods, reason = "counters belong to nobody")]
pub(super) async fn sweep<C: ConnectionTrait>(now: DateTime<Utc>, connection: &C) -> Result<u64> {
    let old = Column::LastFailedAt.lt(now - LONGEST);
    Ok(Entity::delete_many().filter(old).exec(connection).await?.rows_affected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    fn row(failures: i32, last: i64) -> Model {
        Model { key: String::new(), failures, window_started_at: at(0), last_failed_at: at(last) }
    }

    #[test]
    fn an_account_waits_longer_with_each_failure() {
        for (failures, minutes) in [
            (9, None),
            (10, Some(15)),
            (11, Some(30)),
            (12, Some(60)),
            (13, Some(120)),
            (40, Some(1440)),
        ] {
            let wait = Kind::Account.wait(&row(failures, 5), at(5)).map(|wait| wait.num_minutes());
            assert_eq!(wait, minutes, "{failures}");
        }
        assert_eq!(Kind::Account.wait(&row(10, 5), at(20)), None);
    }

    #[test]
    fn an_account_forgets_after_a_quiet_time_only() {
        assert_eq!(Kind::Account.counted(row(9, 14), at(20)).failures, 10);
        assert_eq!(Kind::Account.counted(row(9, 14), at(29)).failures, 1);
        assert_eq!(Kind::Account.counted(row(10, 14), at(29)).failures, 11);
        assert_eq!(Kind::Account.counted(row(30, 14), at(14 + 1440)).failures, 1);
    }

    #[test]
    fn an_address_waits_for_the_end_of_its_window() {
        assert_eq!(Kind::Address.wait(&row(49, 14), at(14)), None);
        assert_eq!(Kind::Address.wait(&row(50, 14), at(14)), Some(TimeDelta::minutes(1)));
        assert_eq!(Kind::Address.wait(&row(50, 14), at(15)), None);
        assert_eq!(Kind::Address.counted(row(50, 14), at(15)).failures, 1);
    }

    #[test]
    fn what_was_right_is_taken_back() {
        assert_eq!(Kind::Account.proven(row(10, 0)).failures, 9);
        assert_eq!(Kind::Account.proven(row(11, 0)).failures, 0);
        assert_eq!(Kind::Address.proven(row(51, 0)).failures, 50);
        assert_eq!(Kind::Address.proven(row(0, 0)).failures, 0);
    }

    #[test]
    fn what_was_not_compared_leaves_everything_as_it_was() {
        for kind in [Kind::Account, Kind::Address] {
            for before in [row(0, 0), row(9, 14), row(10, 5), row(30, 14), row(49, 2)] {
                let counted = kind.counted(before.clone(), at(60));
                assert_eq!(kind.uncounted(counted, Some(&before), at(60)), before, "{kind:?}");
            }
        }
    }

    #[test]
    fn of_others_counted_meanwhile_nothing_is_taken_back() {
        let before = row(10, 0);
        let mine = Kind::Account.counted(before.clone(), at(20));
        let theirs = Kind::Account.counted(mine, at(21));
        assert_eq!(theirs.failures, 12);
        let left = Kind::Account.uncounted(theirs, Some(&before), at(20));
        assert_eq!((left.failures, left.last_failed_at), (11, at(21)));
        assert_eq!(Kind::Account.uncounted(row(0, 0), None, at(0)).failures, 0);
    }

    #[test]
    fn neighbours_share_a_counter() {
        for (address, network) in [
            ("203.0.113.77", "203.0.113.0"),
            ("::ffff:203.0.113.77", "203.0.113.0"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ] {
            assert_eq!(prefix(address.parse().unwrap()).to_string(), network);
        }
    }
}
