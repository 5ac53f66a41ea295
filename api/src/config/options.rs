//! The options as they are written by people: all of them may be left out.
//! No default and no check enters here.

#![expect(
    clippy::doc_markdown,
    reason = "these comments are the help text of the command line, shown as they stand"
)]

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Deserialize;

use super::secret::Secret;

/// Form of the log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// Who may read the schema by introspection and at `/schema.graphql`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Introspection {
    /// Everyone who reaches the server.
    Anyone,
    /// Only callers who are signed in.
    SignedIn,
}

macro_rules! options {
    ($($(#[$attribute:meta])* $field:ident: $ty:ty),* $(,)?) => {
        /// Settings of one source; what is none is left to the next source.
        #[derive(Args, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        #[command(next_help_heading = "Configuration (flag, then environment, then file)")]
        pub struct Options {
            $($(#[$attribute])* pub $field: Option<$ty>,)*
        }

        impl Options {
            /// These settings, and where they are silent those of another source.
            #[must_use]
            pub fn or(self, other: Self) -> Self {
                Self { $($field: self.$field.or(other.$field),)* }
            }

            /// Names of the settings as Rust writes them.
            pub(super) const FIELDS: &[&str] = &[$(stringify!($field)),*];
        }
    };
}

options! {
    /// Address to listen on [env: THIDUA_BIND] [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    bind: SocketAddr,
    /// Directory of database and keys, made when missing [env: THIDUA_DATA_DIR] [default: of the platform]
    #[arg(long, global = true, value_name = "DIRECTORY")]
    data_dir: PathBuf,
    /// sqlite://FILE?mode=rwc or postgres://USER:PASSWORD@HOST/NAME; better by environment, others can
    /// see flags [env: DATABASE_URL] [default: the file thidua.db of the data directory]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Secret<String>,
    /// Connections to the database [env: THIDUA_DATABASE_CONNECTIONS] [default: SQLite 8, PostgreSQL 16]
    #[arg(long, global = true, value_name = "NUMBER")]
    database_connections: u32,
    /// Address of /metrics, apart from the API [env: THIDUA_METRICS_BIND] [default: not served]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    metrics_bind: SocketAddr,
    /// Form of the log lines [env: THIDUA_LOG_FORMAT] [default: text]
    #[arg(long, global = true, value_enum)]
    log_format: LogFormat,
    /// Filter of the log lines, such as info,api=debug [env: THIDUA_LOG] [default: info]
    #[arg(long, global = true, value_name = "FILTER")]
    log: String,
    /// Do not load the demo by itself [env: THIDUA_NO_DEMO]
    #[arg(long, global = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOLEAN")]
    no_demo: bool,
    /// Errors tell more; only on loopback [env: THIDUA_DEVELOPMENT] [default: true for SQLite on loopback]
    #[arg(long, global = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOLEAN")]
    development: bool,
    /// Who may read the schema [env: THIDUA_INTROSPECTION] [default: anyone in development, else signed-in]
    #[arg(long, global = true, value_enum)]
    introspection: Introspection,
    /// Issuer of access tokens [env: THIDUA_ISSUER] [default: thidua]
    #[arg(long, global = true, value_name = "NAME")]
    issuer: String,
    /// Audience of access tokens [env: THIDUA_AUDIENCE] [default: thidua-api]
    #[arg(long, global = true, value_name = "NAME")]
    audience: String,
    /// Ed25519 key (PKCS#8 PEM) that signs tokens [env: THIDUA_SIGNING_KEY_FILE] [default: made in the data
    /// directory]
    #[arg(long, global = true, value_name = "FILE")]
    signing_key_file: PathBuf,
    /// A second key whose tokens are still accepted, for rotation [env: THIDUA_SECOND_KEY_FILE]
    #[arg(long, global = true, value_name = "FILE")]
    second_key_file: PathBuf,
    /// Ed25519 key (PKCS#8 PEM) that signs checkpoints of the audit log [env: THIDUA_AUDIT_KEY_FILE] [default:
    /// made in the data directory]
    #[arg(long, global = true, value_name = "FILE")]
    audit_key_file: PathBuf,
    /// Secret of 32 bytes or more that signs cursors, the same on every node [env: THIDUA_CURSOR_SECRET_FILE]
    /// [default: made in the data directory]
    #[arg(long, global = true, value_name = "FILE")]
    cursor_secret_file: PathBuf,
    /// Key of 32 bytes or more that seals second factors in the database, the same on every node
    /// [env: THIDUA_SEALING_KEY_FILE] [default: made in the data directory]
    #[arg(long, global = true, value_name = "FILE")]
    sealing_key_file: PathBuf,
    /// TOML file of the external providers (OpenID Connect) of each tenant [env: THIDUA_OIDC_PROVIDERS_FILE]
    /// [default: none]
    #[arg(long, global = true, value_name = "FILE")]
    oidc_providers_file: PathBuf,
    /// Most bytes of a request body [env: THIDUA_MAX_BODY] [default: 1048576]
    #[arg(long, global = true, value_name = "BYTES")]
    max_body: usize,
    /// Seconds a request may take [env: THIDUA_DEADLINE_SECONDS] [default: 10]
    #[arg(long, global = true, value_name = "SECONDS")]
    deadline_seconds: u64,
    /// Seconds between /readyz saying no and the end, for a balancer to look [env: THIDUA_DRAIN_SECONDS]
    /// [default: 0 on loopback, else 5]
    #[arg(long, global = true, value_name = "SECONDS")]
    drain_seconds: u64,
    /// Threads that serve requests [env: THIDUA_WORKERS] [default: one for each core]
    #[arg(long, global = true, value_name = "NUMBER")]
    workers: usize,
    /// Points a second that one user may spend, on this node; a full budget holds 100 seconds' worth
    /// [env: THIDUA_CALLER_RATE] [default: 500]
    #[arg(long, global = true, value_name = "POINTS")]
    caller_rate: u32,
    /// Points a second that all users of one tenant may spend together [env: THIDUA_TENANT_RATE]
    /// [default: 20000]
    #[arg(long, global = true, value_name = "POINTS")]
    tenant_rate: u32,
    /// Points a second that one address may spend without a sign-in [env: THIDUA_ADDRESS_RATE] [default: 500]
    #[arg(long, global = true, value_name = "POINTS")]
    address_rate: u32,
    /// Queries that run at once [env: THIDUA_CONCURRENT_READS] [default: two for each connection]
    #[arg(long, global = true, value_name = "NUMBER")]
    concurrent_reads: u32,
    /// Mutations that run at once [env: THIDUA_CONCURRENT_WRITES] [default: one for each connection]
    #[arg(long, global = true, value_name = "NUMBER")]
    concurrent_writes: u32,
    /// Sign-ins and renewals that run at once [env: THIDUA_CONCURRENT_SIGN_INS] [default: one for each
    /// connection]
    #[arg(long, global = true, value_name = "NUMBER")]
    concurrent_sign_ins: u32,
    /// Subscriptions and other operations that run on one WebSocket at once [env: THIDUA_CONNECTION_STREAMS]
    /// [default: 20]
    #[arg(long, global = true, value_name = "NUMBER")]
    connection_streams: u32,
    /// WebSockets and event streams that one user may keep open, on this node [env: THIDUA_USER_CONNECTIONS]
    /// [default: 10]
    #[arg(long, global = true, value_name = "NUMBER")]
    user_connections: u32,
    /// WebSockets and event streams that one address may keep open; behind a proxy see --trusted-proxies
    /// [env: THIDUA_ADDRESS_CONNECTIONS] [default: 1000]
    #[arg(long, global = true, value_name = "NUMBER")]
    address_connections: u32,
    /// Addresses or networks (172.16.0.0/12) of the proxies before the server, with commas between them: what
    /// they say in X-Forwarded-For or Forwarded is believed, and nobody else; without it all callers behind a
    /// proxy share its address in budgets, throttle and connections [env: THIDUA_TRUSTED_PROXIES] [default: none]
    #[arg(long, global = true, value_name = "NETWORKS")]
    trusted_proxies: String,
    /// Origins whose pages may open a WebSocket beside those of this server, with commas between them
    /// [env: THIDUA_SOCKET_ORIGINS] [default: none]
    #[arg(long, global = true, value_name = "ORIGINS")]
    socket_origins: String,
}
