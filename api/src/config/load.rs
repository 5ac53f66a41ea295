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

/// Connections that are kept open for subscriptions, on this node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// Operations that run on one connection at once.
    pub streams: u32,
    /// Connections of one user.
    pub of_user: u32,
    /// Connections of one address; of all callers behind a proxy that is not trusted.
    pub of_address: u32,
    /// Origins, beside the server's own, whose pages may open a WebSocket.
    pub origins: Vec<String>,
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

impl Live {
    pub(super) fn settle(options: &Options) -> Self {
        let origins = options.socket_origins.as_deref().unwrap_or_default().split(',');
        let origins = origins.map(|origin| origin.trim().trim_end_matches('/').to_owned());
        Self {
            streams: options.connection_streams.unwrap_or(20),
            of_user: options.user_connections.unwrap_or(10),
            of_address: options.address_connections.unwrap_or(1_000),
            origins: origins.filter(|origin| !origin.is_empty()).collect(),
        }
    }

    pub(super) fn check(&self, faults: &mut Faults) {
        let numbers = [
            ("connection-streams", self.streams),
            ("user-connections", self.of_user),
            ("address-connections", self.of_address),
        ];
        for (name, number) in numbers {
            check(name, number, (1, 100_000), faults);
        }
        for origin in &self.origins {
            let place = ["http://", "https://"].iter().find_map(|it| origin.strip_prefix(it));
            if place.is_none_or(|place| place.is_empty() || place.contains(['/', '*', ' '])) {
                faults.add(format!("socket-origins: {origin} is not like https://app.example.vn"));
            }
        }
    }
}

fn check(name: &str, value: u32, (least, most): (u32, u32), faults: &mut Faults) {
    if !(least..=most).contains(&value) {
        faults.add(format!("{name}: {value} is not between {least} and {most}"));
    }
}
