//! The operations of the API, one a root field, in `operations/`: what tests send, and documentation.
//! No variables enter here.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

/// The operations by their root fields.
pub(crate) fn all() -> &'static BTreeMap<String, String> {
    static TEXTS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/operations");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let read = |path: std::path::PathBuf| {
            let field = path.file_stem().unwrap().to_string_lossy().into_owned();
            (field, std::fs::read_to_string(path).unwrap())
        };
        files.map(read).collect()
    })
}

/// The operation of a root field.
pub(crate) fn text(field: &str) -> &'static str {
    all().get(field).unwrap_or_else(|| panic!("no operation {field}"))
}

/// A field's name as a type, an act or an operation is called: `unitCreate` is `UnitCreate`.
pub(crate) fn pascal(field: &str) -> String {
    let mut letters = field.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
