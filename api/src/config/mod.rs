//! The configuration: flags before environment before file, checked as a whole.
//! Nothing is opened, generated or connected here; no other room reads the environment.

mod load;
mod options;
mod proxies;
mod safety;
mod secret;
mod show;
mod source;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::access::Address;

pub use load::{Concurrency, Live, Rates};
pub use options::{Introspection, LogFormat, Options};
pub use proxies::Proxies;
pub(crate) use safety::is_known as is_known_default;
pub use secret::Secret;
pub use source::Sources;

/// What is in force after flags, environment and file were put together.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address of the API.
    pub bind: SocketAddr,
    /// Address of `/metrics`; none: not served.
    pub metrics_bind: Option<SocketAddr>,
    /// Directory of the embedded database, the keys and `thidua.toml`.
    pub data_dir: PathBuf,
    /// `sqlite://…` or `postgres://…`; may hold a password.
    pub database_url: Secret<String>,
    /// Connections of the pool.
    pub database_connections: u32,
    /// Form of the log lines.
    pub log_format: LogFormat,
    /// Filter of the log lines, in the words of `tracing`.
    pub log: String,
    /// Whether the demo may load by itself into an empty embedded database.
    pub demo: bool,
    /// Whether errors tell more and the schema is open.
    pub development: bool,
    /// Who may read the schema.
    pub introspection: Introspection,
    /// `iss` of access tokens.
    pub issuer: String,
    /// `aud` of access tokens.
    pub audience: String,
    /// File of the key that signs access tokens; none: `<data-dir>/session-key.pem`, made when missing.
    pub signing_key_file: Option<PathBuf>,
    /// File of a second key whose tokens are still accepted, for rotation.
    pub second_key_file: Option<PathBuf>,
    /// File of the key that signs checkpoints of the audit log; none: `<data-dir>/audit-key.pem`, made when missing.
    pub audit_key_file: Option<PathBuf>,
    /// File of the secret that signs cursors; none: `<data-dir>/cursor-secret`, made when missing.
    pub cursor_secret_file: Option<PathBuf>,
    /// File of the key that seals secrets in the database; none: `<data-dir>/sealing-key`, made when missing.
    pub sealing_key_file: Option<PathBuf>,
    /// TOML file of the external providers of sign-in; none: there are no such.
    pub oidc_providers_file: Option<PathBuf>,
    /// Most bytes of a request body.
    pub max_body: usize,
    /// How long a request may take.
    pub deadline: Duration,
    /// How long a server that is told to stop still takes requests, so that balancers see it leave.
    pub drain: Duration,
    /// Threads that serve requests.
    pub workers: usize,
    /// Budgets of callers, tenants and addresses.
    pub rates: Rates,
    /// Operations that run at once.
    pub concurrency: Concurrency,
    /// Connections that are kept open.
    pub live: Live,
    /// Proxies whose word about the address of a caller is taken.
    pub proxies: Proxies,
}

/// Everything that is wrong with a configuration, one line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<String>);

impl Faults {
    fn add(&mut self, fault: impl Into<String>) {
        self.0.push(fault.into());
    }

    /// The faults in the order in which they were found.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration has {} fault(s):", self.0.len())?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  - {fault}"))
    }
}

impl std::error::Error for Faults {}

impl Config {
    /// The configuration of this process: the flags given, its environment, and the file.
    pub fn load(flags: Options, file: Option<PathBuf>) -> Result<Self, Faults> {
        let environment = std::env::vars_os().collect();
        Self::resolve(Sources { flags, file, environment })
    }

    /// Puts the sources together and checks the whole; reports every fault at once.
    pub fn resolve(sources: Sources) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let options = sources.merge(&mut faults);
        let config = Self::settle(options, &mut faults);
        config.check_bounds(&mut faults);
        safety::check(&config, &mut faults);
        if faults.0.is_empty() { Ok(config) } else { Err(faults) }
    }

    fn settle(options: Options, faults: &mut Faults) -> Self {
        let (rates, load) = (Rates::settle(&options), options.clone());
        let bind = options.bind.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)));
        let data_dir = options.data_dir.or_else(default_data_dir).unwrap_or_else(|| {
            faults.add("data-dir: this system names no home directory; give --data-dir");
            PathBuf::from(".")
        });
        let database_url = options.database_url.unwrap_or_else(|| embedded(&data_dir));
        let is_postgres = is_postgres(database_url.expose());
        let development = options.development.unwrap_or(!is_postgres && bind.ip().is_loopback());
        let closed = if development { Introspection::Anyone } else { Introspection::SignedIn };
        let connections = options.database_connections.unwrap_or(if is_postgres { 16 } else { 8 });
        Self {
            bind,
            metrics_bind: options.metrics_bind,
            data_dir,
            database_url,
            database_connections: connections,
            log_format: options.log_format.unwrap_or_default(),
            log: options.log.unwrap_or_else(|| "info".to_owned()),
            demo: !options.no_demo.unwrap_or_default(),
            development,
            introspection: options.introspection.unwrap_or(closed),
            issuer: options.issuer.unwrap_or_else(|| "thidua".to_owned()),
            audience: options.audience.unwrap_or_else(|| "thidua-api".to_owned()),
            signing_key_file: options.signing_key_file,
            second_key_file: options.second_key_file,
            audit_key_file: options.audit_key_file,
            cursor_secret_file: options.cursor_secret_file,
            sealing_key_file: options.sealing_key_file,
            oidc_providers_file: options.oidc_providers_file,
            max_body: options.max_body.unwrap_or(1 << 20),
            deadline: Duration::from_secs(options.deadline_seconds.unwrap_or(10)),
            drain: Duration::from_secs(
                options.drain_seconds.unwrap_or(if bind.ip().is_loopback() { 0 } else { 5 }),
            ),
            workers: options.workers.unwrap_or_else(cores),
            rates,
            concurrency: Concurrency::settle(&load, connections),
            live: Live::settle(&load),
            proxies: Proxies::settle(&load.trusted_proxies.unwrap_or_default(), faults),
        }
    }

    fn check_bounds(&self, faults: &mut Faults) {
        let bounds = [
            ("database-connections", self.database_connections.into(), 1, 1000),
            ("max-body", u64::try_from(self.max_body).unwrap_or(u64::MAX), 1024, 64 << 20),
            ("deadline-seconds", self.deadline.as_secs(), 1, 300),
            ("drain-seconds", self.drain.as_secs(), 0, 60),
            ("workers", u64::try_from(self.workers).unwrap_or(u64::MAX), 1, 256),
        ];
        for (name, value, least, most) in bounds {
            if !(least..=most).contains(&value) {
                faults.add(format!("{name}: {value} is not between {least} and {most}"));
            }
        }
        for (name, value) in [("issuer", &self.issuer), ("audience", &self.audience)] {
            if value.trim().is_empty() {
                faults.add(format!("{name}: must not be empty"));
            }
        }
        if self.metrics_bind == Some(self.bind) && self.bind.port() != 0 {
            faults.add("metrics-bind: must not be the address of the API itself");
        }
        if self.second_key_file.is_some() && self.signing_key_file.is_none() {
            faults.add("second-key-file: needs signing-key-file too");
        }
        if let Err(fault) = tracing_subscriber::EnvFilter::try_new(&self.log) {
            faults.add(format!("log: {fault}"));
        }
        check_url(self.database_url.expose(), faults);
        self.rates.check(faults);
        self.concurrency.check(faults);
        self.live.check(faults);
    }

    /// How the database is reached.
    #[must_use]
    pub fn address(&self) -> Address {
        let url = self.database_url.expose().clone();
        Address { url, connections: self.database_connections }
    }

    /// Whether the database is the embedded one (SQLite).
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        !is_postgres(self.database_url.expose())
    }

    /// Makes the data directory when it is missing; on Unix nobody else can read it.
    pub fn make_data_dir(&self) -> std::io::Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.data_dir)
    }

    /// The secret that signs cursors: of the file given, or of the data directory, made when missing.
    pub fn cursor_secret(&self) -> anyhow::Result<Secret<Vec<u8>>> {
        secret::kept("cursor-secret", self.cursor_secret_file.as_deref(), &self.data_dir)
    }

    /// The key that seals secrets in the database: of the file given, or of the data directory, made when
    /// missing.
    pub fn sealing_key(&self) -> anyhow::Result<Secret<Vec<u8>>> {
        secret::kept("sealing-key", self.sealing_key_file.as_deref(), &self.data_dir)
    }
}

fn default_data_dir() -> Option<PathBuf> {
    let directories = directories::ProjectDirs::from("vn", "", "thidua")?;
    Some(directories.data_local_dir().to_owned())
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The address of the embedded database in a directory.
fn embedded(data_dir: &Path) -> Secret<String> {
    let path = data_dir.join("thidua.db").to_string_lossy().replace('%', "%25");
    let path = path.replace('?', "%3F").replace('#', "%23");
    Secret::new(format!("sqlite://{path}?mode=rwc"))
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

fn check_url(url: &str, faults: &mut Faults) {
    if is_postgres(url) {
        return;
    }
    if !url.starts_with("sqlite:") {
        faults.add("database-url: must begin with sqlite://, postgres:// or postgresql://");
    } else if url.contains(":memory:") || url.contains("mode=memory") {
        faults.add("database-url: a database in memory is lost with its connection; name a file");
    }
}
