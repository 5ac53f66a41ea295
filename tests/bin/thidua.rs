//! The command line of the server, as the tests start it.

fn main() -> std::process::ExitCode {
    // The isolation cases against row-level security alone.
    #[cfg(debug_assertions)]
    if std::env::var_os("TEST_WALL_1_OFF").is_some() {
        api::access::switch_off_scope();
    }
    api::main()
}
