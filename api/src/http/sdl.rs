//! The SDL as a file, for code generators and for people.
//! No per-role views yet: whoever may introspect may read it.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY, WWW_AUTHENTICATE,
};
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};

use super::negotiate::bearer;
use crate::app::App;
use crate::config::Introspection;

/// The text of a schema with its tag.
pub struct Sdl {
    text: String,
    etag: String,
}

impl Sdl {
    /// Tags a text.
    #[must_use]
    pub fn new(text: String) -> Self {
        let etag = tag(text.as_bytes());
        Self { text, etag }
    }

    /// The SDL itself.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

pub(super) async fn show(request: HttpRequest, app: web::Data<App>) -> HttpResponse {
    let may_read = match (app.config.introspection, app.credential(bearer(&request))) {
        (Introspection::Anyone, Ok(_)) | (Introspection::SignedIn, Ok(Some(_))) => true,
        (Introspection::SignedIn, Ok(None)) | (_, Err(_)) => false,
    };
    if !may_read {
        return HttpResponse::Unauthorized().insert_header((WWW_AUTHENTICATE, "Bearer")).finish();
    }
    let mut answer = if is_known(&request, &app.sdl.etag) {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    answer
        .insert_header((ETAG, app.sdl.etag.as_str()))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .insert_header((VARY, "authorization"));
    if is_known(&request, &app.sdl.etag) {
        answer.finish()
    } else {
        answer
            .insert_header((CONTENT_TYPE, "application/graphql; charset=utf-8"))
            .body(app.sdl.text.clone())
    }
}

/// A strong tag for these bytes, quotes included.
pub(super) fn tag(bytes: &[u8]) -> String {
    format!("\"{}\"", hex::encode(Sha256::digest(bytes)).chars().take(32).collect::<String>())
}

/// Whether the client has what carries this tag.
pub(super) fn is_known(request: &HttpRequest, etag: &str) -> bool {
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut tags =
        known.unwrap_or_default().split(',').map(|it| it.trim().trim_start_matches("W/"));
    tags.any(|tag| tag == etag || tag == "*")
}
