//! The sources besides the flags: environment and file, each setting read on its own, so that
//! every fault is found at once. Unknown names are faults.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use super::{Faults, Options, default_data_dir};

const PREFIX: &str = "THIDUA_";
const FILE_VARIABLE: &str = "THIDUA_CONFIG";
const DATABASE_VARIABLE: &str = "DATABASE_URL";

/// Where settings come from, the first one first.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Settings of the command line.
    pub flags: Options,
    /// The file named by `--config`.
    pub file: Option<PathBuf>,
    /// The environment.
    pub environment: Vec<(OsString, OsString)>,
}

impl Sources {
    /// The settings of all sources, and the faults of each.
    pub(super) fn merge(self, faults: &mut Faults) -> Options {
        let named = self.file.or_else(|| self.environment.iter().find_map(named_file));
        let upper = self.flags.or(environment(&self.environment, faults));
        let lower = match named {
            Some(path) => file(&path, faults),
            None => file_of_data_dir(upper.data_dir.clone(), faults),
        };
        upper.or(lower)
    }
}

fn named_file((name, value): &(OsString, OsString)) -> Option<PathBuf> {
    (name == OsStr::new(FILE_VARIABLE) && !value.is_empty()).then(|| PathBuf::from(value))
}

fn environment(variables: &[(OsString, OsString)], faults: &mut Faults) -> Options {
    let mut options = Options::default();
    for (name, value) in variables {
        let Some(name) = name.to_str() else { continue };
        let is_ours = name == DATABASE_VARIABLE || name.starts_with(PREFIX);
        if !is_ours || name == FILE_VARIABLE || value.is_empty() {
            continue;
        }
        let Some(key) = key(name) else {
            faults.add(format!("environment {name}: no such setting{}", hint(name)));
            continue;
        };
        let Some(value) = value.to_str() else {
            faults.add(format!("environment {name}: is not UTF-8 text"));
            continue;
        };
        options = options.or(one(&key, typed(&key, value), &format!("environment {name}"), faults));
    }
    options
}

/// `THIDUA_DATA_DIR` is `data-dir`.
fn key(variable: &str) -> Option<String> {
    if variable == DATABASE_VARIABLE {
        return Some("database-url".to_owned());
    }
    let field = variable.strip_prefix(PREFIX)?.to_ascii_lowercase();
    let is_known = field != "database_url" && Options::FIELDS.contains(&field.as_str());
    is_known.then(|| field.replace('_', "-"))
}

fn hint(variable: &str) -> &'static str {
    if variable == "THIDUA_DATABASE_URL" {
        "; the name is DATABASE_URL"
    } else {
        "; see thidua --help"
    }
}

/// The value of a variable in the type of its setting; text where it does not fit, so that the
/// fault is told like that of a file.
fn typed(key: &str, text: &str) -> Value {
    let number = |text: &str| text.parse().ok().map(Value::Integer);
    let boolean = |text: &str| match text {
        "1" | "true" | "yes" => Some(Value::Boolean(true)),
        "0" | "false" | "no" => Some(Value::Boolean(false)),
        _ => None,
    };
    let value = match key {
        "database-connections"
        | "max-body"
        | "deadline-seconds"
        | "workers"
        | "drain-seconds"
        | "caller-rate"
        | "tenant-rate"
        | "address-rate"
        | "concurrent-reads"
        | "concurrent-writes"
        | "concurrent-sign-ins"
        | "connection-streams"
        | "user-connections"
        | "address-connections" => number(text),
        "no-demo" | "development" => boolean(text),
        _ => None,
    };
    value.unwrap_or_else(|| Value::String(text.to_owned()))
}

fn file_of_data_dir(data_dir: Option<PathBuf>, faults: &mut Faults) -> Options {
    let Some(path) = data_dir.or_else(default_data_dir).map(|dir| dir.join("thidua.toml")) else {
        return Options::default();
    };
    if !path.exists() {
        return Options::default();
    }
    let options = file(&path, faults);
    if options.data_dir.is_some() {
        faults.add(format!(
            "{}: data-dir cannot be set by the file of the data directory",
            path.display()
        ));
    }
    options
}

fn file(path: &Path, faults: &mut Faults) -> Options {
    let place = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(fault) => {
            faults.add(format!("{place}: {fault}"));
            return Options::default();
        }
    };
    match text.parse::<Table>() {
        Ok(table) => table.into_iter().fold(Options::default(), |options, (key, value)| {
            options.or(one(&key, value, &format!("{place}, {key}"), faults))
        }),
        Err(fault) => {
            // The message alone: the whole error would print the line, which may hold a password.
            faults.add(format!("{place}: {}", fault.message()));
            Options::default()
        }
    }
}

/// One setting on its own.
fn one(key: &str, value: Value, place: &str, faults: &mut Faults) -> Options {
    let is_secret = key == "database-url";
    let table = Value::Table(Table::from_iter([(key.to_owned(), value)]));
    Options::deserialize(table).unwrap_or_else(|fault| {
        let message =
            if is_secret { "must be text".to_owned() } else { fault.message().to_owned() };
        faults.add(format!("{place}: {message}"));
        Options::default()
    })
}
