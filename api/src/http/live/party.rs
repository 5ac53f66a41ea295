//! Whose connection it is, and how long it may stay.
//! No operation is run here.

use std::net::IpAddr;
use std::time::Duration;

use actix_web::web::Data;
use prometheus::IntGauge;

use super::Place;
use crate::app::{App, Credential, now};
use crate::http::budget::Purse;
use crate::http::fault::{Fault, TOKEN, UNAVAILABLE};
use crate::text::Language;

/// The time between two looks at the rights of a connection.
const LOOK: Duration = Duration::from_millis(200);

/// A signed-in caller on a connection that is kept open.
pub(super) struct Party {
    pub(super) app: Data<App>,
    pub(super) credential: Credential,
    pub(super) peer: Option<IpAddr>,
    pub(super) language: Language,
    /// `websocket` or `sse`.
    pub(super) transport: &'static str,
    pub(super) purse: Purse,
    _place: Place<uuid::Uuid>,
    gauge: IntGauge,
}

/// Where a connection comes from.
pub(super) struct Origin {
    pub(super) app: Data<App>,
    pub(super) peer: Option<IpAddr>,
    pub(super) language: Language,
    pub(super) transport: &'static str,
}

/// Why a connection ends though its client did nothing wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Farewell {
    /// The token has expired, or what it says was taken back.
    Revoked,
    /// This node does not know whose rights were taken back.
    Deaf,
    /// The server goes away.
    Stopping,
}

impl Party {
    pub(super) fn new(origin: Origin, credential: Credential) -> Result<Self, Fault> {
        let Origin { app, peer, language, transport } = origin;
        let place = app.live.enter(credential.actor.user)?;
        let purse = app.budgets.purse(Some(&credential.actor), peer);
        let gauge = app.metrics.live(transport);
        gauge.inc();
        Ok(Self { app, credential, peer, language, transport, purse, _place: place, gauge })
    }

    /// Why it may not stay; none while it may.
    pub(super) fn standing(&self) -> Option<Farewell> {
        if !self.app.hears() {
            return Some(Farewell::Deaf);
        }
        let is_over = now() >= self.credential.ends || !self.app.stands(&self.credential);
        is_over.then_some(Farewell::Revoked)
    }

    /// Waits until it may not stay any longer.
    pub(super) async fn farewell(&self) -> Farewell {
        let mut looks = tokio::time::interval(LOOK);
        loop {
            tokio::select! {
                () = self.app.live.stopped() => return Farewell::Stopping,
                _ = looks.tick() => {}
            }
            if let Some(farewell) = self.standing() {
                return farewell;
            }
        }
    }
}

impl Drop for Party {
    fn drop(&mut self) {
        self.gauge.dec();
    }
}

impl Farewell {
    /// How a WebSocket is closed.
    pub(super) const fn close(self) -> (u16, &'static str) {
        match self {
            Self::Revoked => (4403, "Forbidden"),
            Self::Deaf => (1013, "Try again later"),
            Self::Stopping => (1001, "Going away"),
        }
    }

    /// What is said as an event; nothing where the client is to come again at once.
    pub(super) fn fault(self) -> Option<Fault> {
        match self {
            Self::Revoked => Some(Fault::of(&TOKEN)),
            Self::Deaf => Some(Fault::of(&UNAVAILABLE)),
            Self::Stopping => None,
        }
    }
}
