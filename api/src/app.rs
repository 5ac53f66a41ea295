//! Assembles the service: database, keys, schema, hall. The only room that names all others.
//! No request is answered and nothing is decided here.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use actix_web::{App as Site, HttpServer, web};
use anyhow::Context;
use async_graphql::ValidationMode;
use chrono::{DateTime, SubsecRound, Utc};
use tokio::time::MissedTickBehavior;

use crate::access::audit::Sealer;
use crate::access::audit::note::Signer;
use crate::access::{
    Actor, Address, Database, Gate, Hashing, Issuer, KeySource, Keys, Peer, Providers, Request,
    Sealing, Sessions, sweep_answers,
};
use crate::alike::Made;
use crate::config::Config;
use crate::error::Result;
use crate::http;
use crate::http::budget::Budgets;
use crate::http::document::Cache;
use crate::http::health::Health;
use crate::http::limits::Limits;
use crate::http::line::Lines;
use crate::http::live::Live;
use crate::http::metrics::Metrics;
use crate::http::sdl::Sdl;
use crate::http::worker::Workers;
use crate::page::Secret;
use crate::schema::builder;
pub use crate::schema::{Schema, sdl};
use crate::text::Language;

/// How often a node looks for rights that others have taken back.
const LOOK: Duration = Duration::from_millis(200);

/// A token that was refused.
#[derive(Debug)]
pub struct Unauthenticated;

/// A token that was accepted: whom it speaks for, and until when.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The signed-in user.
    pub actor: Arc<Actor>,
    /// From then on the token is refused.
    pub ends: DateTime<Utc>,
}

/// Who stands behind one request, as the hall found out.
#[derive(Debug)]
pub struct Caller {
    /// The signed-in user.
    pub actor: Option<Arc<Actor>>,
    /// Language of messages.
    pub language: Language,
    /// Id of the request.
    pub request_id: String,
    /// Address of the client.
    pub peer: Option<IpAddr>,
}

/// What can be read of a request after it ran.
#[derive(Debug)]
pub struct Trace(Arc<Request>);

impl Trace {
    /// Statements sent to the database.
    #[must_use]
    pub fn statements(&self) -> u32 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// Seconds after which a caller who was throttled may come again.
    #[must_use]
    pub fn wait(&self) -> Option<u32> {
        Some(self.0.wait.load(Ordering::Relaxed)).filter(|seconds| *seconds > 0)
    }
}

/// The running service: one for all workers.
pub struct App {
    /// The effective configuration.
    pub config: Config,
    /// Validates every document in full, once.
    pub schema: Schema,
    /// Runs documents that were validated before.
    pub fast: Schema,
    /// Limits of documents.
    pub limits: Limits,
    /// Counters for `/metrics`.
    pub metrics: Metrics,
    /// Parsed and validated documents.
    pub documents: Cache,
    /// What callers, tenants and addresses may still spend.
    pub budgets: Budgets,
    /// Places for operations to run in.
    pub lines: Lines,
    /// Connections that are kept open for subscriptions.
    pub live: Live,
    /// Threads that run operations.
    pub workers: Workers,
    /// The schema as text.
    pub sdl: Sdl,
    /// Whether requests are taken; false while stopping.
    pub ready: AtomicBool,
    /// What the database has answered last.
    pub health: Health,
    database: Database,
    sessions: Sessions,
}

/// The one place where the clock is read; milliseconds, as the API writes them.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(3)
}

impl App {
    /// Puts the service together from its configuration and an open database.
    pub fn new(config: Config, database: Database) -> anyhow::Result<Self> {
        let secret = Secret(Arc::from(config.cursor_secret()?.expose().as_slice()));
        let hashing = Hashing::new().map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
        let sealing = Sealing::new(config.sealing_key()?.expose())?;
        let metrics = Metrics::new()?;
        metrics.registry().register(Box::new(hashing.runs().clone()))?;
        let providers = config.oidc_providers_file.as_deref().map(Providers::read).transpose()?;
        let sessions = Sessions::new(database.clone(), keys(&config)?, (hashing, sealing))
            .with_providers(providers.unwrap_or_default());
        let schema = builder().data(secret.clone()).data(sessions.clone()).finish();
        let fast = builder().data(secret).data(sessions.clone());
        let fast = fast.validation_mode(ValidationMode::Fast).finish();
        let sdl = Sdl::new(schema.sdl());
        let limits = Limits::default();
        Ok(Self {
            documents: Cache::new(sdl.text(), limits.clone())?,
            budgets: Budgets::new(config.rates),
            lines: Lines::new(config.concurrency),
            live: Live::new(config.live.clone()),
            workers: Workers::start(config.workers)?,
            limits,
            metrics,
            ready: AtomicBool::new(true),
            health: Health::default(),
            config,
            schema,
            fast,
            sdl,
            database,
            sessions,
        })
    }

    /// Who a bearer token speaks for; none without a token.
    pub fn credential(&self, bearer: Option<&str>) -> Result<Option<Credential>, Unauthenticated> {
        let Some(token) = bearer else { return Ok(None) };
        let (actor, ends) =
            self.sessions.keys().read_until(token, now()).map_err(|_refused| Unauthenticated)?;
        let credential = Credential { actor: Arc::new(actor), ends };
        if self.stands(&credential) { Ok(Some(credential)) } else { Err(Unauthenticated) }
    }

    /// Whether nothing of what a token says was taken back since it was accepted.
    pub fn stands(&self, credential: &Credential) -> bool {
        self.database.revocations().stands(&credential.actor)
    }

    /// Whether this node has heard lately whose rights were taken back; if not, no token is worth anything.
    pub fn hears(&self) -> bool {
        self.database.revocations().is_fresh()
    }

    /// Puts what resolvers need into a request; the trace can be read afterwards.
    pub fn prepare(
        &self,
        request: async_graphql::Request,
        caller: Caller,
    ) -> (async_graphql::Request, Arc<Trace>) {
        let language = caller.language;
        let brought = Arc::new(Request {
            actor: caller.actor,
            now: now(),
            language,
            id: caller.request_id,
            statements: AtomicU32::new(0),
            wait: AtomicU32::new(0),
        });
        let gate = Gate::new(self.database.clone(), Arc::clone(&brought));
        let request =
            request.data(gate).data(language).data(Peer(caller.peer)).data(Made::default());
        (request, Arc::new(Trace(brought)))
    }

    /// Whether the database answers.
    pub async fn has_database(&self) -> bool {
        self.database.ping().await.is_ok()
    }
}

/// The keys of access tokens: of the files given, or of the data directory, made when missing.
pub fn keys(config: &Config) -> anyhow::Result<Keys> {
    let source = match &config.signing_key_file {
        Some(signing) => {
            KeySource::Files { signing: signing.clone(), other: config.second_key_file.clone() }
        }
        None => KeySource::Directory(config.data_dir.clone()),
    };
    let issuer = Issuer { name: config.issuer.clone(), audience: config.audience.clone() };
    Keys::open(&source, issuer)
}

/// Serves until a signal to stop; then takes no new request, ends those under way, closes the database.
/// `greet` is told the address once requests are taken there.
pub async fn serve(
    config: Config,
    database: Database,
    greet: impl FnOnce(SocketAddr),
) -> anyhow::Result<()> {
    let app = web::Data::new(App::new(config, database)?);
    let config = &app.config;
    // A connection of its own: rights taken back are heard when the pool is exhausted too.
    let ear = Database::open(&Address { connections: 1, ..config.address() }).await?;
    hear(&app, &ear).await.map_err(|fault| anyhow::anyhow!("no revocation is heard: {fault:?}"))?;
    let (server, address) = http::listen(&app)?;
    let handle = server.handle();
    let listening = tokio::spawn(listen(app.clone(), ear));
    if let Some(address) = config.metrics_bind {
        tokio::spawn(metrics(app.clone(), address)?);
    }
    let stopping = app.clone();
    tokio::spawn(async move {
        stop_signal().await;
        stopping.ready.store(false, Ordering::Relaxed);
        tracing::info!(drain = ?stopping.config.drain, "stopping: not ready for more");
        tokio::time::sleep(stopping.config.drain).await;
        stopping.live.stop();
        handle.stop(true).await;
    });
    let signer = Signer::open(config.audit_key_file.as_deref(), &config.data_dir)?;
    let sealing = tokio::spawn(seal(Sealer::new(app.database.clone(), signer)));
    let sweeping = tokio::spawn(sweep(app.clone()));
    greet(address);
    tracing::info!(%address, postgres = app.database.is_postgres(), "serving");
    server.await?;
    sweeping.abort();
    listening.abort();
    sealing.abort();
    app.database.clone().close().await?;
    tracing::info!("stopped");
    Ok(())
}

async fn hear(app: &App, ear: &Database) -> Result<()> {
    app.database.revocations().hear(ear.pool(), now()).await?;
    app.database.pulses().hear(ear.pool()).await
}

/// Hears what other nodes have taken back and changed, five times a second.
async fn listen(app: web::Data<App>, ear: Database) {
    let mut looks = tokio::time::interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_well = true;
    loop {
        looks.tick().await;
        let heard = hear(&app, &ear).await;
        // Said once, not five times a second.
        if let (Err(fault), true) = (&heard, is_well) {
            tracing::error!(?fault, "other nodes are not heard");
        }
        is_well = heard.is_ok();
    }
}

/// Seals the audit log once a second, more often while more waits than one checkpoint takes.
async fn seal(sealer: Sealer) {
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        seconds.tick().await;
        loop {
            match sealer.seal(now()).await {
                Ok(0) => break,
                Ok(entries) => tracing::debug!(entries, "audit log sealed"),
                Err(fault) => {
                    tracing::error!(?fault, "the audit log was not sealed");
                    break;
                }
            }
        }
    }
}

/// Removes what sign-in no longer needs: once an hour, beginning an hour after the start.
async fn sweep(app: web::Data<App>) {
    let mut hours = tokio::time::interval(Duration::from_hours(1));
    hours.tick().await;
    loop {
        hours.tick().await;
        let request = Request {
            actor: None,
            now: now(),
            language: Language::default(),
            id: "sweep".to_owned(),
            statements: AtomicU32::new(0),
            wait: AtomicU32::new(0),
        };
        match app.sessions.sweep(&request).await {
            Ok(rows) => tracing::info!(rows, "old refresh tokens and sign-in counters removed"),
            Err(fault) => tracing::error!(?fault, "sweep failed"),
        }
        match sweep_answers(&app.database, now()).await {
            Ok(rows) => tracing::info!(rows, "kept answers removed"),
            Err(fault) => tracing::error!(?fault, "kept answers were not removed"),
        }
    }
}

fn metrics(
    app: web::Data<App>,
    address: SocketAddr,
) -> anyhow::Result<impl Future<Output = std::io::Result<()>>> {
    let server =
        HttpServer::new(move || Site::new().app_data(app.clone()).configure(http::metrics::routes));
    let server = server.workers(1).disable_signals().bind(address);
    Ok(server.with_context(|| format!("cannot listen on {address}"))?.run())
}

#[cfg(unix)]
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(fault) => {
            tracing::warn!(%fault, "only Ctrl-C stops the server");
            drop(tokio::signal::ctrl_c().await);
        }
    }
}

#[cfg(not(unix))]
async fn stop_signal() {
    drop(tokio::signal::ctrl_c().await);
}
