//! What the configuration promises: order of sources, refusals, masking, safety.

use std::ffi::OsString;

use super::*;

fn variables(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    pairs.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect()
}

fn resolve(flags: Options, file: &str, environment: &[(&str, &str)]) -> Result<Config, Faults> {
    let name = format!("thidua-config-{}-{:?}", std::process::id(), std::thread::current().id());
    let directory = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join("thidua.toml"), file).unwrap();
    let mut environment = variables(environment);
    environment.push(("THIDUA_DATA_DIR".into(), directory.clone().into()));
    let config = Config::resolve(Sources { flags, file: None, environment });
    std::fs::remove_dir_all(directory).unwrap();
    config
}

fn of(environment: &[(&str, &str)]) -> Result<Config, Faults> {
    resolve(Options::default(), "", environment)
}

#[test]
fn a_flag_goes_before_the_environment_and_that_before_the_file() {
    let file = "bind = '127.0.0.1:1'\nissuer = 'file'\nlog = 'warn'\nworkers = 3";
    let environment = [("THIDUA_BIND", "127.0.0.1:2"), ("THIDUA_ISSUER", "environment")];
    let flags = Options { bind: Some("127.0.0.1:3".parse().unwrap()), ..Options::default() };

    let config = resolve(flags, file, &environment).unwrap();

    assert_eq!(config.bind.port(), 3);
    assert_eq!(config.issuer, "environment");
    assert_eq!((config.log.as_str(), config.workers), ("warn", 3));
    assert_eq!(config.audience, "thidua-api");
}

#[test]
fn every_fault_is_told_at_once() {
    let file = "bnid = '127.0.0.1:1'\nmax-body = 'many'\nlog = 'a=b=c'";
    let environment = [
        ("THIDUA_WORKERS", "0"),
        ("THIDUA_BNID", "x"),
        ("THIDUA_DATABASE_URL", "sqlite:a"),
        ("THIDUA_TENANT_RATE", "99"),
        ("THIDUA_CONCURRENT_READS", "0"),
    ];

    let faults = resolve(Options::default(), file, &environment).unwrap_err().to_string();

    for expected in [
        "bnid",
        "max-body",
        "log:",
        "workers",
        "THIDUA_BNID",
        "the name is DATABASE_URL",
        "tenant-rate",
        "concurrent-reads",
    ] {
        assert!(faults.contains(expected), "{expected} is missing in {faults}");
    }
}

#[test]
fn an_unknown_setting_is_refused_and_an_empty_variable_is_none() {
    assert!(of(&[("THIDUA_COLOUR", "red")]).is_err());
    assert!(of(&[("THIDUA_METRICS_BIND", ""), ("OTHER", "1")]).unwrap().metrics_bind.is_none());
    assert!(of(&[("THIDUA_NO_DEMO", "maybe")]).is_err());
    assert!(!of(&[("THIDUA_NO_DEMO", "1")]).unwrap().demo);
}

#[test]
fn the_file_of_the_data_directory_cannot_move_it() {
    assert!(resolve(Options::default(), "data-dir = '/elsewhere'", &[]).is_err());
}

#[test]
fn the_database_decides_the_defaults() {
    let embedded = of(&[]).unwrap();
    let server = of(&[("DATABASE_URL", "postgres://u:p@db/thidua")]).unwrap();

    assert!(embedded.is_embedded() && embedded.development);
    assert_eq!((embedded.database_connections, embedded.introspection), (8, Introspection::Anyone));
    assert!(!server.is_embedded() && !server.development);
    assert_eq!((server.database_connections, server.introspection), (16, Introspection::SignedIn));
    assert!(of(&[("DATABASE_URL", "mysql://u:p@db/thidua")]).is_err());
    assert!(of(&[("DATABASE_URL", "sqlite::memory:")]).is_err());
}

#[test]
fn no_form_of_the_configuration_shows_a_password() {
    for url in [
        "postgres://u:tr%C3%A8s@db:5432/t?password=two",
        "postgres:///t?host=/run&password=tr%C3%A8s",
    ] {
        let config = of(&[("DATABASE_URL", url)]).unwrap();
        let shown = format!("{}{config:?}", config.to_toml());

        assert!(!shown.contains("tr%C3%A8s") && !shown.contains("two"), "{shown}");
        assert!(config.to_toml().contains("***"));
    }
    let broken = resolve(Options::default(), "database-url = 'postgres://u:hidden@db' x", &[]);
    assert!(!broken.unwrap_err().to_string().contains("hidden"));
}

#[test]
fn what_is_printed_can_be_read_again() {
    let first = of(&[("THIDUA_ISSUER", "a \"b\" \\c\tđ"), ("THIDUA_WORKERS", "2")]).unwrap();
    let printed: String = first
        .to_toml()
        .lines()
        .filter(|line| !line.starts_with("data-dir"))
        .fold(String::new(), |text, line| text + line + "\n");

    let second = resolve(Options::default(), &printed, &[]).unwrap();

    assert_eq!(first.to_toml(), second.to_toml());
}

#[test]
fn others_are_not_served_with_what_everybody_knows() {
    let open = ("THIDUA_BIND", "0.0.0.0:8080");
    let refused = |url: &str| of(&[open, ("DATABASE_URL", url)]).is_err();

    assert!(refused("postgres://thidua:thidua@db/thidua"));
    assert!(refused("postgres://thidua:Change%2DMe@db/thidua"));
    assert!(refused("postgres://thidua@db/thidua?password=postgres"));
    assert!(!refused("postgres://thidua:thidua@%2Frun%2Fpostgresql/thidua"));
    assert!(!refused("postgres://thidua:thidua@/thidua?host=/run/postgresql"));
    assert!(!refused("postgres://thidua:u7Gq2mR0sL4x@db/thidua"));
    assert!(of(&[open, ("THIDUA_DEVELOPMENT", "true")]).is_err());
    assert!(!of(&[open]).unwrap().development);
    assert!(of(&[("DATABASE_URL", "postgres://thidua:thidua@db/thidua")]).is_ok());
}

#[test]
fn the_cursor_secret_is_made_once_and_weak_ones_are_refused() {
    let directory = std::env::temp_dir().join(format!("thidua-secret-{}", std::process::id()));
    let mut config = of(&[]).unwrap();
    config.data_dir.clone_from(&directory);
    config.make_data_dir().unwrap();

    let first = config.cursor_secret().unwrap();
    let second = config.cursor_secret().unwrap();
    std::fs::write(directory.join("weak"), "thidua").unwrap();
    config.cursor_secret_file = Some(directory.join("weak"));
    let weak = config.cursor_secret();

    assert_eq!((first.expose(), first.expose().len()), (second.expose(), 32));
    assert!(weak.is_err());
    std::fs::remove_dir_all(directory).unwrap();
}
