//! The configuration as TOML, for people to read; secrets are masked.
//! No value is decided here.

use std::path::Path;

use clap::ValueEnum;

use super::{Config, safety};

impl Config {
    /// The effective values as TOML, with the password of the database masked.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let word = |value: &dyn ToString| Some(text(&value.to_string()));
        let lines = [
            ("bind", word(&self.bind)),
            ("data-dir", word(&self.data_dir.display())),
            ("database-url", word(&self.shown_url())),
            ("database-connections", Some(self.database_connections.to_string())),
            ("metrics-bind", self.metrics_bind.and_then(|bind| word(&bind))),
            ("log-format", name(&self.log_format)),
            ("log", word(&self.log)),
            ("no-demo", Some((!self.demo).to_string())),
            ("development", Some(self.development.to_string())),
            ("introspection", name(&self.introspection)),
            ("issuer", word(&self.issuer)),
            ("audience", word(&self.audience)),
            ("signing-key-file", self.signing_key_file.as_deref().map(path)),
            ("second-key-file", self.second_key_file.as_deref().map(path)),
            ("audit-key-file", self.audit_key_file.as_deref().map(path)),
            ("cursor-secret-file", self.cursor_secret_file.as_deref().map(path)),
            ("sealing-key-file", self.sealing_key_file.as_deref().map(path)),
            ("oidc-providers-file", self.oidc_providers_file.as_deref().map(path)),
            ("max-body", Some(self.max_body.to_string())),
            ("deadline-seconds", Some(self.deadline.as_secs().to_string())),
            ("drain-seconds", Some(self.drain.as_secs().to_string())),
            ("workers", Some(self.workers.to_string())),
            ("caller-rate", Some(self.rates.caller.to_string())),
            ("tenant-rate", Some(self.rates.tenant.to_string())),
            ("address-rate", Some(self.rates.address.to_string())),
            ("concurrent-reads", Some(self.concurrency.reads.to_string())),
            ("concurrent-writes", Some(self.concurrency.writes.to_string())),
            ("concurrent-sign-ins", Some(self.concurrency.sign_ins.to_string())),
            ("connection-streams", Some(self.live.streams.to_string())),
            ("user-connections", Some(self.live.of_user.to_string())),
            ("address-connections", Some(self.live.of_address.to_string())),
            ("trusted-proxies", word(&self.proxies)),
            ("socket-origins", word(&self.live.origins.join(","))),
        ];
        let line = |(key, value): (&str, Option<String>)| match value {
            Some(value) => format!("{key} = {value}\n"),
            None => format!("# {key} is not set\n"),
        };
        lines.into_iter().map(line).collect()
    }

    /// The address of the database without its password.
    #[must_use]
    pub fn shown_url(&self) -> String {
        safety::masked(self.database_url.expose())
    }
}

fn name(value: &impl ValueEnum) -> Option<String> {
    value.to_possible_value().map(|value| text(value.get_name()))
}

fn path(path: &Path) -> String {
    text(&path.display().to_string())
}

/// Text in quotes; the escapes of JSON are escapes of TOML too.
fn text(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}
