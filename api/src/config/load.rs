//! How much work a server takes on: what each caller may spend, and how many operations run at once.
//! No default of another setting enters here.

use super::{Faults, Options};

/// Points a second that flow back into each budget; a full one holds [`Rates::BURST`] seconds' worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Of one signed-in user.
    pub caller: u32,
    /// Of all users of one tenant together.
    pub tenant: u32,
    /// Of one address, for requests without a sign-in.
    pub address: u32,
}

impl Rates {
    /// Seconds in which an empty budget fills up.
    pub const BURST: u32 = 100;
}

/// Operations that run at once; more stand in a short line, the rest are refused at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concurrency {
    /// Queries.
    pub reads: u32,
    /// Mutations.
    pub writes: u32,
    /// Sign-ins, renewals and sign-outs.
    pub sign_ins: u32,
}

impl Rates {
    pub(super) fn settle(options: &Options) -> Self {
        Self {
            caller: options.caller_rate.unwrap_or(500),
            tenant: options.tenant_rate.unwrap_or(20_000),
            address: options.address_rate.unwrap_or(500),
        }
    }

    pub(super) fn check(self, faults: &mut Faults) {
        let rates = [
            ("caller-rate", self.caller),
            ("tenant-rate", self.tenant),
            ("address-rate", self.address),
        ];
        for (name, rate) in rates {
            // A full budget must pay for the dearest request that is allowed at all.
            check(name, rate, (100, 10_000_000), faults);
        }
    }
}

impl Concurrency {
    pub(super) fn settle(options: &Options, connections: u32) -> Self {
        Self {
            reads: options.concurrent_reads.unwrap_or(connections.saturating_mul(2)),
            writes: options.concurrent_writes.unwrap_or(connections),
            sign_ins: options.concurrent_sign_ins.unwrap_or(connections),
        }
    }

    pub(super) fn check(self, faults: &mut Faults) {
        let numbers = [
            ("concurrent-reads", self.reads),
            ("concurrent-writes", self.writes),
            ("concurrent-sign-ins", self.sign_ins),
        ];
        for (name, number) in numbers {
            check(name, number, (1, 10_000), faults);
        }
    }
}

fn check(name: &str, value: u32, (least, most): (u32, u32), faults: &mut Faults) {
    if !(least..=most).contains(&value) {
        faults.add(format!("{name}: {value} is not between {least} and {most}"));
    }
}
