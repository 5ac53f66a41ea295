//! Bytes as cursors of a page, as they are and behind a right signature.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| api::page::fuzz(bytes));
