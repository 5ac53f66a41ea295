//! The command line of the server, as the tests start it.

fn main() -> std::process::ExitCode {
    api::main()
}
