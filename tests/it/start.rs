//! The program starts, says what it can do, and refuses what it does not know.

use harness::cases;
use harness::server::{Options, command};
use harness::stage::{Case, Stage};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        an_empty_data_folder_is_enough, a_second_start_loads_no_demo;
        pure: the_schema_file_is_up_to_date, help_lists_the_commands, an_unknown_key_is_refused,
        the_printed_configuration_masks_secrets,
    ]
}

/// What the log says when the demo is loaded.
const DEMO_LOADED: &str = "demo loaded";

fn an_empty_data_folder_is_enough(stage: &Stage) {
    let server = stage.own_server(Options::default());

    for path in ["/healthz", "/readyz"] {
        let answer = server.client().get(path);
        assert_eq!(answer.status, 200, "{path}: {answer}");
    }
}

fn a_second_start_loads_no_demo(stage: &Stage) {
    let mut server = stage.own_server(Options { demo: true, ..Options::default() });
    assert!(server.log().contains(DEMO_LOADED), "{}", server.log());

    let status = server.terminate();
    server.restart().unwrap();

    assert!(
        status.is_some_and(|status| status.success()),
        "ended with {status:?}: {}",
        server.log()
    );
    assert!(!server.log_of_this_start().contains(DEMO_LOADED), "{}", server.log_of_this_start());
    assert_eq!(server.client().get("/readyz").status, 200);
}

fn the_schema_file_is_up_to_date(_: &Stage) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../api/schema.graphql");

    let done = command(&["schema"], &[]).unwrap();

    assert!(done.is_success(), "{}", done.text);
    let written = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        written == done.output,
        "api/schema.graphql is old: write it anew with `thidua schema`"
    );
}

fn help_lists_the_commands(_: &Stage) {
    let done = command(&["--help"], &[]).unwrap();

    assert!(done.is_success(), "{}", done.text);
    for name in ["serve", "migrate", "schema", "demo"] {
        assert!(done.output.contains(name), "no {name} in {}", done.output);
    }
}

fn an_unknown_key_is_refused(_: &Stage) {
    let done = command(&["serve", "--print-config"], &[("THIDUA_NO_SUCH_KEY", "1")]).unwrap();

    assert!(!done.is_success(), "{}", done.text);
    assert!(done.text.to_lowercase().contains("no_such_key"), "{}", done.text);
}

fn the_printed_configuration_masks_secrets(_: &Stage) {
    let url = "postgres://thidua:canary-password@127.0.0.1:1/thidua";

    let done = command(&["serve", "--print-config"], &[("DATABASE_URL", url)]).unwrap();

    assert!(done.is_success(), "{}", done.text);
    assert!(done.output.contains("127.0.0.1:1"), "the address is shown: {}", done.text);
    assert!(!done.text.contains("canary-password"), "the password is not: {}", done.text);
}
