//! One operation of a connection: run, told, and, when it is a subscription, run again whenever something has
//! changed.
//! No transport enters here.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_graphql::parser::types::OperationType;
use async_graphql::{Response, ServerError, Value, Variables};
use sha2::{Digest, Sha256};

use super::outlet::{Event, Outlet};
use super::party::Party;
use crate::access::Following;
use crate::app::Caller;
use crate::http::answer::{self, Manner};
use crate::http::document::Document;
use crate::http::fault::Fault;
use crate::http::graphql::{ENTRANCE, REFUSED};
use crate::http::negotiate::{self, Media};
use crate::http::params::Parameters;
use crate::http::report;
use crate::http::run::{self, Task};

/// The shortest time between two events.
const PACE: Duration = Duration::from_millis(250);
/// How long an operation waits that could not be run again just now.
const PAUSE: Duration = Duration::from_secs(1);

/// An operation that was admitted.
pub(super) struct Operation {
    party: Arc<Party>,
    document: Arc<Document>,
    name: Option<String>,
    variables: Variables,
    kind: OperationType,
    record: Record,
}

impl Operation {
    /// Reads, checks and validates what is asked; nothing is run.
    pub(super) async fn open(party: &Arc<Party>, parameters: Parameters) -> Result<Self, Fault> {
        party.purse.spend(ENTRANCE, Instant::now())?;
        let opened = Self::admit(party, parameters).await;
        if let Err(fault) = &opened {
            if let Some(limit) = fault.limit() {
                party.app.metrics.reject(limit);
            }
            if fault.is_of_document() {
                party.purse.fine(REFUSED, Instant::now());
            }
        }
        opened
    }

    async fn admit(party: &Arc<Party>, parameters: Parameters) -> Result<Self, Fault> {
        let Parameters { query, operation_name: name, variables } = parameters;
        let document = party.app.documents.read(&query)?;
        let operation = document.operation(name.as_deref())?;
        let record = Record::new(party, &operation);
        let kind = operation.kind();
        run::validate(&party.app, &document, &record.id).await?;
        // Found out before anything is run, and again each time: the price is that of the moment.
        party.app.documents.request(&operation, variables.clone())?;
        Ok(Self { party: Arc::clone(party), document, name, variables, kind, record })
    }

    pub(super) const fn kind(&self) -> OperationType {
        self.kind
    }

    /// Id under which it is logged.
    pub(super) fn id(&self) -> &str {
        &self.record.id
    }

    /// Runs it once, with a gate of its own; none where there is nothing to tell.
    async fn run(&mut self, following: &Following) -> Result<Option<Response>, Fault> {
        let Party { app, credential, purse, peer, language, .. } = &*self.party;
        let operation = self.document.operation(self.name.as_deref())?;
        let (request, cost) = app.documents.request(&operation, self.variables.clone())?;
        let mut request = request.data(following.clone());
        let now = Instant::now();
        purse.spend(cost.points(), now)?;
        if let Some(standing) = purse.standing(cost.points(), now) {
            request = request.data(standing);
        }
        let place = app.lines.enter(operation.class()).await.map_err(|full| {
            purse.refund(cost.points());
            Fault::from(full)
        })?;
        let caller = Caller {
            actor: Some(Arc::clone(&credential.actor)),
            language: *language,
            request_id: self.record.id.clone(),
            peer: *peer,
        };
        let (request, trace) = app.prepare(request, caller);
        let left = app.config.deadline;
        let task = Task { kind: self.kind, request, place, left, id: &self.record.id };
        let outcome = run::execute(app, task).await;
        self.record.runs += 1;
        self.record.statements += trace.statements();
        let mut response = outcome?;
        if let Some(response) = &mut response {
            answer::mask(response, &self.record.id, *language);
        }
        Ok(response)
    }

    /// Tells what there is to tell until there is no more; whether the client took all of it.
    pub(super) async fn tell(mut self, outlet: &mut Outlet) -> bool {
        let following = Following::default();
        let mut told = None;
        let mut changes = None;
        loop {
            let begun = Instant::now();
            if self.party.standing().is_some() {
                // Whoever keeps the connection says farewell.
                return true;
            }
            match self.run(&following).await {
                Ok(Some(response)) if is_refused(&response) => {
                    return self.refuse(&response.errors, outlet).await;
                }
                Ok(response) if !self.next(response.as_ref(), &mut told, outlet).await => {
                    return false;
                }
                Ok(_) => {}
                Err(fault) if told.is_some() && fault.passes() => {
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
                Err(fault) => return self.fail(fault, outlet).await,
            }
            if changes.is_none() {
                changes = following.changes();
            }
            let Some(changes) = &mut changes else { break };
            if changes.changed().await.is_err() {
                break;
            }
            tokio::time::sleep(PACE.saturating_sub(begun.elapsed())).await;
            changes.mark_unchanged();
        }
        self.record.ended = "completed";
        outlet.tell(Event::Complete, self.patience()).await
    }

    fn patience(&self) -> Duration {
        self.party.app.config.deadline
    }

    /// Tells a response unless it is what was told last; whether the client took it.
    async fn next(
        &mut self,
        response: Option<&Response>,
        told: &mut Option<[u8; 32]>,
        outlet: &mut Outlet,
    ) -> bool {
        let Some(response) = response else { return true };
        let Ok(text) = serde_json::to_string(response) else { return false };
        let hash = Some(Sha256::digest(&text).into());
        if *told == hash {
            return true;
        }
        *told = hash;
        if !outlet.tell(Event::Next(&text), self.patience()).await {
            self.record.ended = "stuck";
            return false;
        }
        self.record.events += 1;
        self.party.app.metrics.event(self.party.transport);
        true
    }

    async fn fail(self, fault: Fault, outlet: &mut Outlet) -> bool {
        let errors = errors(&self.party, fault, &self.record.id);
        self.refuse(&errors, outlet).await
    }

    async fn refuse(mut self, errors: &[ServerError], outlet: &mut Outlet) -> bool {
        self.record.ended = "refused";
        let text = serde_json::to_string(errors).unwrap_or_else(|_| "[]".to_owned());
        outlet.tell(Event::Errors(&text), self.patience()).await
    }
}

/// Whether nothing was answered but errors.
fn is_refused(response: &Response) -> bool {
    !response.errors.is_empty() && response.data == Value::Null
}

/// A fault as this caller may see it.
pub(super) fn errors(party: &Party, fault: Fault, id: &str) -> Vec<ServerError> {
    let manner = Manner::of(&party.app, Media::GraphQl, party.language);
    answer::refusal(fault, manner, id)
}

/// The one line that is logged for an operation, also when its client went away. No variables.
struct Record {
    id: String,
    operation: String,
    document: String,
    kind: &'static str,
    tenant: String,
    transport: &'static str,
    begun: Instant,
    runs: u32,
    events: u32,
    statements: u32,
    ended: &'static str,
}

impl Record {
    fn new(party: &Party, operation: &crate::http::document::Operation<'_>) -> Self {
        Self {
            id: negotiate::new_id(),
            operation: report::name(operation),
            document: operation.hash(),
            kind: report::kind(operation),
            tenant: party.credential.actor.tenant_slug().to_owned(),
            transport: party.transport,
            begun: Instant::now(),
            runs: 0,
            events: 0,
            statements: 0,
            ended: "left",
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        tracing::info!(
            request_id = %self.id,
            operation = %self.operation,
            document = %self.document,
            kind = self.kind,
            tenant = %self.tenant,
            transport = self.transport,
            duration_ms = (self.begun.elapsed().as_secs_f64() * 1e6).round() / 1e3,
            runs = self.runs,
            events = self.events,
            statements = self.statements,
            ended = self.ended,
            "live"
        );
    }
}
