//! Texts as documents: counted, parsed, measured and validated against the real schema, as every request is.
#![no_main]

use std::sync::LazyLock;

use api::http::fuzzing::Hall;

static HALL: LazyLock<Hall> = LazyLock::new(Hall::new);

libfuzzer_sys::fuzz_target!(|text: &str| HALL.read(text));
