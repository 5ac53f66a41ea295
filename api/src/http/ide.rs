//! GraphiQL, whole and from here: it works without the internet.
//! No templates and no data: every byte is a file in `assets/graphiql`.

use std::sync::LazyLock;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};

use super::sdl::{is_known, tag};

/// What the page may load: its own files and nothing else. No `unsafe-inline`: GraphiQL sets its
/// styles through the DOM, but for the one that stops the page behind a dialog from scrolling;
/// that one is blocked, and the page never scrolls.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      connect-src 'self'; img-src data:; font-src 'self' data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// The page names each file with `?v=` and its tag, so a file may be kept for ever.
static PAGE: LazyLock<String> = LazyLock::new(|| {
    let page = include_str!("../../assets/graphiql/index.html").to_owned();
    FILES.iter().fold(page, |page, file| {
        let address = format!("/assets/{}", file.name);
        page.replace(&address, &format!("{address}?v={}", file.version()))
    })
});

static FILES: LazyLock<[File; 7]> = LazyLock::new(|| {
    [
        file("react.js", SCRIPT, include_bytes!("../../assets/graphiql/react.js")),
        file("react-dom.js", SCRIPT, include_bytes!("../../assets/graphiql/react-dom.js")),
        file("graphiql.js", SCRIPT, include_bytes!("../../assets/graphiql/graphiql.js")),
        file("graphiql.css", STYLE, include_bytes!("../../assets/graphiql/graphiql.css")),
        file("examples.js", SCRIPT, include_bytes!("../../assets/graphiql/examples.js")),
        file("thidua.js", SCRIPT, include_bytes!("../../assets/graphiql/thidua.js")),
        file("thidua.css", STYLE, include_bytes!("../../assets/graphiql/thidua.css")),
    ]
});

struct File {
    name: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
    etag: String,
}

impl File {
    fn version(&self) -> &str {
        self.etag.trim_matches('"')
    }
}

fn file(name: &'static str, content_type: &'static str, bytes: &'static [u8]) -> File {
    File { name, content_type, bytes, etag: tag(bytes) }
}

pub(super) async fn page() -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    harden(&mut answer);
    answer
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(PAGE.as_str())
}

pub(super) async fn asset(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    let Some(file) = FILES.iter().find(|file| file.name == name.as_str()) else {
        return HttpResponse::NotFound().finish();
    };
    let is_versioned = request.query_string().strip_prefix("v=") == Some(file.version());
    let caching = if is_versioned { "public, max-age=31536000, immutable" } else { "no-cache" };
    let is_known = is_known(&request, &file.etag);
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    harden(&mut answer);
    answer.insert_header((ETAG, file.etag.as_str())).insert_header((CACHE_CONTROL, caching));
    if is_known {
        return answer.finish();
    }
    answer.insert_header((CONTENT_TYPE, file.content_type)).body(file.bytes)
}

fn harden(answer: &mut HttpResponseBuilder) {
    answer
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((REFERRER_POLICY, "no-referrer"));
}
