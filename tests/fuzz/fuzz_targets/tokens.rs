//! Texts as access tokens, as they stand and put together from parts: never a panic, and never somebody.
#![no_main]

use std::sync::LazyLock;

use api::access::{Issuer, KeySource, Keys};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("thidua-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the key");
    let issuer = Issuer { name: "thidua".to_owned(), audience: "thidua-api".to_owned() };
    Keys::open(&KeySource::Directory(folder), issuer).expect("makes a key")
});

libfuzzer_sys::fuzz_target!(|text: &str| {
    let parts: Vec<String> = text.split('\n').map(|part| URL_SAFE_NO_PAD.encode(part)).collect();
    for token in [text, &parts.join(".")] {
        assert!(KEYS.read(token, chrono::Utc::now()).is_err(), "nobody signed this");
    }
});
