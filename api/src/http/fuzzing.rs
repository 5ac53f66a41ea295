//! What `tests/fuzz` calls; only in builds with the feature `fuzzing`.

use tokio::runtime::{Builder, Runtime};

use super::document::Cache;
use super::limits::Limits;
use crate::schema::{Schema, builder, sdl};

/// Everything between the text of a document and its first resolver.
pub struct Hall {
    schema: Schema,
    documents: Cache,
    runtime: Runtime,
}

impl Hall {
    /// The hall of the real schema.
    #[must_use]
    #[expect(clippy::new_without_default, clippy::unwrap_used, reason = "only for fuzzing")]
    pub fn new() -> Self {
        let documents = Cache::new(&sdl(), Limits::default()).unwrap();
        let runtime = Builder::new_current_thread().build().unwrap();
        Self { schema: builder().finish(), documents, runtime }
    }

    /// Reads, measures, prices and validates a text; it is refused or it is not.
    pub fn read(&self, text: &str) {
        let Ok(document) = self.documents.read(text) else { return };
        drop(self.runtime.block_on(self.documents.validate(&self.schema, &document)));
    }
}
