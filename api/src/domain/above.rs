//! What a change also shows: the object above the one that it made, read anew by the rights of the caller.
//! No rule of a room enters here.

use crate::access::Gate;
use crate::error::Result;

/// A noun that stands below another one.
pub(crate) trait Under<N> {
    /// The one above, as the caller may read it now; none when he may not.
    async fn above(&self, gate: &Gate) -> Result<Option<N>>;
}

/// Nouns that stand below another one: `under! { Noun => Above of table by column }`. They are rows and nothing else, and
/// `Gate` and `Result` are in sight.
macro_rules! under {
    ($($noun:ident => $above:ident of $table:ident by $column:ident),* $(,)?) => {
        $(
            impl $crate::domain::Under<$above> for $noun {
                async fn above(&self, gate: &Gate) -> Result<Option<$above>> {
                    Ok(gate.load::<$table::Entity>(self.0.$column).await?.map($above::from))
                }
            }
        )*
    };
}
pub(crate) use under;

/// Declares the payload of a mutation: the object that it made or changed, the one above it, and the typed errors:
/// `payload_under!(Payload, field: Noun, "what it is", above: Above, "what that is")`. `Context` is in sight.
macro_rules! payload_under {
    ($name:ident, $field:ident: $ty:ty, $about:literal, $above:ident: $over:ty, $said:literal) => {
        #[doc = concat!("Outcome of the mutation: ", $about, " or the reasons why not.")]
        #[derive(async_graphql::SimpleObject)]
        #[graphql(complex)]
        pub(crate) struct $name {
            #[doc = concat!("The ", $about, "; null when there are errors.")]
            pub(crate) $field: Option<$ty>,
            /// Why nothing was done; empty on success.
            pub(crate) errors: Vec<$crate::error::UserError>,
        }

        #[async_graphql::ComplexObject]
        impl $name {
            #[doc = concat!("The ", $said, "; null when there are errors, and for a caller who may not read it.")]
            async fn $above(&self, ctx: &Context<'_>) -> $crate::error::Result<Option<$over>> {
                let Some(made) = &self.$field else { return Ok(None) };
                $crate::domain::Under::<$over>::above(made, $crate::domain::Ask::gate(ctx)?).await
            }
        }

        impl $name {
            /// The payload of a result; our own faults stay errors.
            pub(crate) fn of(result: $crate::error::Result<$ty>) -> async_graphql::Result<Self> {
                let ($field, errors) = $crate::error::outcome(result)?;
                Ok(Self { $field, errors })
            }
        }
    };
}
pub(crate) use payload_under;
