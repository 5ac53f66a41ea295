//! The hall: bytes in, bytes out. Everything between a socket and the schema is here.
//! No domain, no SQL and no roles: the hall knows names of fields, not what they mean.
//!
//! A request walks through the rooms in this order, and leaves at the first that refuses it:
//! `negotiate` headers, `params` body, `lexer` words, `shape` size, `door` who,
//! `validate` schema (once a document, see `document`), `variables` values, `cost` price,
//! `omitted`; then the schema runs and `answer` writes. Why it is refused is in `fault`.

mod answer;
mod cost;
pub mod document;
mod door;
mod fault;
mod graphql;
mod health;
mod ide;
mod lexer;
pub mod limits;
pub mod metrics;
mod negotiate;
mod omitted;
mod params;
mod report;
pub mod sdl;
mod shape;
mod types;
mod validate;
mod variables;

use actix_web::web::{self, ServiceConfig};

/// The routes of the service. `/metrics` has an address of its own: see [`metrics::routes`].
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/graphql")
                .route(web::post().to(graphql::post))
                .route(web::get().to(graphql::get))
                .default_service(web::to(graphql::other)),
        )
        .route("/", web::get().to(ide::page))
        .route("/assets/{name}", web::get().to(ide::asset))
        .route("/schema.graphql", web::get().to(sdl::show))
        .route("/healthz", web::get().to(health::live))
        .route("/readyz", web::get().to(health::ready));
}
