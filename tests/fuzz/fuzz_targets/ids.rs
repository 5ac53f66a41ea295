//! Texts as ids of objects: what is read is written in the same way again.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Some((prefix, id)) = api::scalar::decode(text) {
        assert_eq!(api::scalar::encode(prefix, id), text, "an object has one id");
    }
});
