//! Values that many rows of one answer have alike: each is resolved once and then copied.
//! No domain enters here; what makes two rows alike is the domain's word.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value};

/// What makes a value: two of one type with equal hashes make the same value within one request.
pub(crate) trait Recipe: Hash + Send + Sync {
    /// What is made.
    type Made: OutputType;

    /// Makes the value.
    fn make(&self) -> Self::Made;
}

/// The answers made so far in one request.
#[derive(Default)]
pub(crate) struct Made(Mutex<HashMap<u64, Value>>);

impl Made {
    fn find(&self, key: u64) -> Option<Value> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }

    fn keep(&self, key: u64, value: &Value) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, value.clone());
    }
}

/// A value made by a recipe, or copied from a row that was alike.
pub(crate) struct Alike<R>(pub(crate) R);

impl<R: Recipe> OutputType for Alike<R> {
    fn type_name() -> Cow<'static, str> {
        R::Made::type_name()
    }

    fn qualified_type_name() -> String {
        R::Made::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        R::Made::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        let Some(made) = ctx.data_opt::<Made>() else {
            return self.0.make().resolve(ctx, field).await;
        };
        // The place of the field in the document stands for what is selected below it.
        let mut hasher = DefaultHasher::new();
        (std::any::type_name::<R>(), field.pos.line, field.pos.column).hash(&mut hasher);
        self.0.hash(&mut hasher);
        let key = hasher.finish();
        if let Some(value) = made.find(key) {
            return Ok(value);
        }
        let value = self.0.make().resolve(ctx, field).await?;
        made.keep(key, &value);
        Ok(value)
    }
}
