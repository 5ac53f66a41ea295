//! Budgets of points in the memory of this node: of each caller, each tenant, and each address that did not sign in.
//! No prices: what an operation costs is found in `cost`.

use std::convert::Infallible;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;
use uuid::Uuid;

use crate::access::Actor;
use crate::config::Rates;
use crate::domain::budget::{RateBudget, RateLimit};
use crate::scalar::DateTime;

/// Budgets kept, of each kind; one that is forgotten begins full again.
const ENTRIES: usize = 50_000;
/// What a full budget holds, in time.
const FULL: Duration = Duration::from_secs(100);

/// The budgets of this node.
pub struct Budgets {
    rates: Rates,
    callers: Cache<Uuid, Arc<Bucket>>,
    tenants: Cache<Uuid, Arc<Bucket>>,
    /// Apart from the others: strangers are many and must not push them out.
    addresses: Cache<Option<IpAddr>, Arc<Bucket>>,
}

/// A bucket knows one moment: when it will be full again. What is missing until then was spent.
struct Bucket {
    name: &'static str,
    rate: u32,
    full_at: Mutex<Instant>,
}

/// The budgets that one request is paid from.
pub(super) struct Purse {
    own: Arc<Bucket>,
    tenant: Option<Arc<Bucket>>,
}

/// Too much was spent; enough is there again after this time.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Exhausted(pub(super) Duration);

impl Budgets {
    /// Budgets that are full.
    #[must_use]
    pub fn new(rates: Rates) -> Self {
        let (callers, tenants) = (Cache::new(ENTRIES), Cache::new(ENTRIES));
        Self { rates, callers, tenants, addresses: Cache::new(ENTRIES) }
    }

    pub(super) fn purse(&self, actor: Option<&Actor>, peer: Option<IpAddr>) -> Purse {
        let Rates { caller, tenant, address } = self.rates;
        if let Some(actor) = actor {
            Purse {
                own: bucket(&self.callers, &actor.user, ("caller", caller)),
                tenant: Some(bucket(&self.tenants, &actor.tenant, ("tenant", tenant))),
            }
        } else {
            let own = bucket(&self.addresses, &peer.map(network), ("address", address));
            Purse { own, tenant: None }
        }
    }
}

/// The bucket of a key, full when it is a new one.
fn bucket<K: Clone + Eq + Hash>(
    known: &Cache<K, Arc<Bucket>>,
    key: &K,
    (name, rate): (&'static str, u32),
) -> Arc<Bucket> {
    let full = || Arc::new(Bucket { name, rate, full_at: Mutex::new(Instant::now()) });
    match known.get_or_insert_with(key, || Ok::<_, Infallible>(full())) {
        Ok(bucket) => bucket,
        Err(never) => match never {},
    }
}

/// Whoever has an IPv6 address has the 2^64 around it too.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
    }
}

impl Purse {
    /// Pays from both budgets, or from neither when one has too little.
    pub(super) fn spend(&self, points: u32, now: Instant) -> Result<(), Exhausted> {
        let mut own = self.own.hold();
        let mut tenant = self.tenant.as_ref().map(|tenant| (tenant, tenant.hold()));
        let own_after = self.own.after(*own, points, now);
        let mut wait = own_after.saturating_duration_since(now).saturating_sub(FULL);
        if let Some((bucket, full_at)) = &mut tenant {
            let after = bucket.after(**full_at, points, now);
            wait = wait.max(after.saturating_duration_since(now).saturating_sub(FULL));
            if wait.is_zero() {
                **full_at = after;
            }
        }
        if !wait.is_zero() {
            return Err(Exhausted(wait));
        }
        *own = own_after;
        Ok(())
    }

    /// Takes points from the own budget, whether it has them or not, but never more than all.
    pub(super) fn fine(&self, points: u32, now: Instant) {
        let mut full_at = self.own.hold();
        *full_at = self.own.after(*full_at, points, now).min(now + FULL);
    }

    /// Gives back what was paid for an operation that was not run.
    pub(super) fn refund(&self, points: u32) {
        for bucket in [Some(&self.own), self.tenant.as_ref()].into_iter().flatten() {
            let mut full_at = bucket.hold();
            *full_at = full_at.checked_sub(bucket.time(points)).unwrap_or(*full_at);
        }
    }

    /// `RateLimit-Policy` and `RateLimit`, as in draft-ietf-httpapi-ratelimit-headers-10.
    pub(super) fn headers(&self, now: Instant) -> (String, String) {
        let buckets = [Some(&self.own), self.tenant.as_ref()].into_iter().flatten();
        let (mut policy, mut standing) = (Vec::new(), Vec::new());
        for bucket in buckets {
            let (name, debt) = (bucket.name, bucket.debt(now));
            policy.push(format!("\"{name}\";q={};w={}", bucket.limit(), Rates::BURST));
            standing.push(format!("\"{name}\";r={};t={}", bucket.remaining(now), seconds(debt)));
        }
        (policy.join(", "), standing.join(", "))
    }

    /// Points left in the own budget.
    pub(super) fn remaining(&self, now: Instant) -> u32 {
        self.own.remaining(now)
    }

    /// What `rateLimit` answers; none for who is not signed in.
    pub(super) fn standing(&self, cost: u32, now: Instant) -> Option<RateLimit> {
        let tenant = self.tenant.as_ref()?.show(now);
        Some(RateLimit { cost: int(cost), caller: self.own.show(now), tenant })
    }
}

impl Bucket {
    fn hold(&self) -> MutexGuard<'_, Instant> {
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long it takes until these points flow back.
    fn time(&self, points: u32) -> Duration {
        Duration::from_nanos(u64::from(points) * 1_000_000_000 / u64::from(self.rate.max(1)))
    }

    fn after(&self, full_at: Instant, points: u32, now: Instant) -> Instant {
        full_at.max(now) + self.time(points)
    }

    fn debt(&self, now: Instant) -> Duration {
        self.hold().saturating_duration_since(now)
    }

    const fn limit(&self) -> u32 {
        self.rate.saturating_mul(Rates::BURST)
    }

    fn remaining(&self, now: Instant) -> u32 {
        let left = FULL.saturating_sub(self.debt(now)).as_nanos();
        u32::try_from(left * u128::from(self.rate) / 1_000_000_000).unwrap_or(u32::MAX)
    }

    fn show(&self, now: Instant) -> RateBudget {
        RateBudget {
            limit: int(self.limit()),
            remaining: int(self.remaining(now)),
            restore_rate: int(self.rate),
            reset_at: DateTime(crate::app::now() + self.debt(now)),
        }
    }
}

/// Whole seconds, rounded up.
pub(super) const fn seconds(time: Duration) -> u64 {
    if time.subsec_nanos() == 0 { time.as_secs() } else { time.as_secs() + 1 }
}

fn int(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: Rates = Rates { caller: 100, tenant: 150, address: 200 };

    fn actor(user: u128, tenant: u128) -> Actor {
        Actor {
            user: Uuid::from_u128(user),
            name: String::new(),
            tenant: Uuid::from_u128(tenant),
            tenant_slug: String::new(),
            family: Uuid::nil(),
            grants: Vec::new(),
            authorisation: 0,
        }
    }

    fn waits(outcome: Result<(), Exhausted>) -> Option<u64> {
        outcome.err().map(|Exhausted(time)| seconds(time))
    }

    #[test]
    fn a_budget_is_spent_and_flows_back() {
        let budgets = Budgets::new(RATES);
        let purse = budgets.purse(Some(&actor(1, 1)), None);
        let now = Instant::now() + Duration::from_secs(1);

        assert_eq!(purse.remaining(now), 10_000);
        assert_eq!(waits(purse.spend(9_000, now)), None);
        assert_eq!((purse.remaining(now), waits(purse.spend(1_100, now))), (1_000, Some(1)));
        assert_eq!(purse.remaining(now), 1_000, "what is refused costs nothing");
        assert_eq!(waits(purse.spend(1_000, now)), None);
        assert_eq!(waits(purse.spend(1, now)), Some(1));
        assert_eq!(purse.remaining(now + Duration::from_secs(3)), 300);
        assert_eq!(purse.remaining(now + Duration::from_hours(1)), 10_000);
    }

    #[test]
    fn callers_of_a_tenant_share_its_budget_and_no_other() {
        let budgets = Budgets::new(RATES);
        let now = Instant::now() + Duration::from_secs(1);
        let [first, second, foreign] =
            [actor(1, 1), actor(2, 1), actor(3, 2)].map(|actor| budgets.purse(Some(&actor), None));

        assert_eq!(waits(first.spend(9_000, now)), None);
        assert_eq!(waits(second.spend(9_000, now)), Some(20));
        assert_eq!(second.remaining(now), 10_000, "the own budget is untouched");
        assert_eq!(waits(foreign.spend(9_000, now)), None);
        first.refund(9_000);
        assert_eq!(waits(second.spend(9_000, now)), None);
    }

    #[test]
    fn an_address_is_a_network_in_ipv6() {
        let budgets = Budgets::new(RATES);
        let now = Instant::now() + Duration::from_secs(1);
        let purse = |text: &str| budgets.purse(None, Some(text.parse().expect("an address")));

        assert_eq!(waits(purse("2001:db8::1").spend(20_000, now)), None);
        assert_eq!(waits(purse("2001:db8::2:1").spend(1, now)), Some(1));
        assert_eq!(waits(purse("2001:db8:0:1::1").spend(1, now)), None);
        assert_eq!(waits(purse("10.0.0.1").spend(20_000, now)), None);
        assert_eq!(waits(purse("::ffff:10.0.0.1").spend(1, now)), Some(1));
        assert_eq!(waits(purse("10.0.0.2").spend(1, now)), None);
    }

    #[test]
    fn a_fine_takes_no_more_than_all() {
        let budgets = Budgets::new(RATES);
        let now = Instant::now() + Duration::from_secs(1);
        let purse = budgets.purse(None, None);

        (0..5).for_each(|_| purse.fine(15_000, now));

        assert_eq!((purse.remaining(now), waits(purse.spend(200, now))), (0, Some(1)));
        let (policy, standing) = purse.headers(now);
        assert_eq!(policy, "\"address\";q=20000;w=100");
        assert_eq!(standing, "\"address\";r=0;t=100");
    }
}
