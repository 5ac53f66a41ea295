//! What must not be served to others: development settings and secrets that everybody knows.
//! Nothing is refused here for a server that only its own machine can reach.

use super::{Config, Faults, is_postgres};

/// Passwords and secrets that stand in manuals, examples and this repository. Reviewed by hand:
/// add what an example of ours shows, and what people type first.
pub(super) const KNOWN_DEFAULTS: &[&str] = &[
    "",
    "admin",
    "change-me",
    "changeme",
    "change_me",
    "default",
    "demo",
    "example",
    "passw0rd",
    "password",
    "postgres",
    "postgresql",
    "root",
    "secret",
    "test",
    "thidua",
    "thidua-demo",
    "123456",
    "12345678",
];

pub(super) fn check(config: &Config, faults: &mut Faults) {
    if config.bind.ip().is_loopback() {
        return;
    }
    let bind = config.bind;
    if config.development {
        faults.add(format!(
            "development: is only for loopback, but {bind} can be reached by others; leave it out"
        ));
    }
    let url = config.database_url.expose();
    if is_postgres(url) && !is_socket(url) && password(url).is_some_and(|word| is_known(&word)) {
        faults.add(format!(
            "database-url: its password is a publicly known default, and {bind} can be reached by \
             others; give the database a password of its own"
        ));
    }
}

/// Whether everybody knows a password.
pub(crate) fn is_known(password: &str) -> bool {
    KNOWN_DEFAULTS.contains(&password.to_lowercase().as_str())
}

/// What lies between `scheme://` and the path, and what lies after it.
fn authority(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find(['/', '?', '#']).map_or((rest, ""), |end| rest.split_at(end))
}

/// The password of an address, decoded; of the user part or of the query.
fn password(url: &str) -> Option<String> {
    let (authority, rest) = authority(url);
    let of_user = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':'));
    of_user.map(|(_, word)| decode(word)).or_else(|| parameter(rest, "password"))
}

fn is_socket(url: &str) -> bool {
    let (authority, rest) = authority(url);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = parameter(rest, "host").unwrap_or_else(|| decode(host));
    host.starts_with('/')
}

fn parameter(rest: &str, name: &str) -> Option<String> {
    let (_, query) = rest.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| decode(value))
}

/// Text without percent signs; what is not UTF-8 afterwards stays as it was.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|pair| hex::decode(pair).ok());
        let is_decoded = hex.is_some();
        bytes.extend(hex.unwrap_or_else(|| vec![*first]));
        rest = if is_decoded { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// An address of a database that may be shown: every password is `***`. A password that holds `/`
/// or `?` undecoded hides more than it must, never less.
pub(super) fn masked(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://").filter(|_| is_postgres(url)) else {
        return url.to_owned();
    };
    let (user, rest) = match rest.rsplit_once('@') {
        Some((user, rest)) => match user.split_once(':') {
            Some((name, _)) => (format!("{name}:***@"), rest),
            None => (format!("{user}@"), rest),
        },
        None => (String::new(), rest),
    };
    let Some((path, query)) = rest.split_once('?') else {
        return format!("{scheme}://{user}{rest}");
    };
    let pairs: Vec<String> = query.split('&').map(masked_pair).collect();
    format!("{scheme}://{user}{path}?{}", pairs.join("&"))
}

fn masked_pair(pair: &str) -> String {
    match pair.split_once('=') {
        Some((key, _)) if decode(key).to_lowercase().contains("password") => format!("{key}=***"),
        Some(_) | None => pair.to_owned(),
    }
}
