//! Reads the headers of a GraphQL request: what comes in, what may go out, and its number.
//! No bodies.

use actix_web::HttpRequest;
use actix_web::http::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue, ORIGIN as ORIGIN_HEADER,
};

use super::fault::{Fault, NOT_ACCEPTABLE, NOT_JSON, ORIGIN};

/// The two forms of an answer, which differ in their status lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status says what happened to the request.
    GraphQl,
    /// `application/json`: 200 for everything that is GraphQL.
    Json,
}

impl Media {
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// The form the client likes best; `application/json` when it does not say.
    pub(super) fn accepted(request: &HttpRequest) -> Result<Self, Fault> {
        let values = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
        let ranges =
            values.flat_map(|value| value.split(',')).filter(|range| !range.trim().is_empty());
        let (mut best, mut best_quality) = (Some(Self::Json), 0);
        for range in ranges {
            let (media, quality) = range_of(range).unzip();
            if quality > Some(best_quality) {
                (best, best_quality) = (media, quality.unwrap_or_default());
            } else if best_quality == 0 {
                best = None;
            }
        }
        best.ok_or_else(|| Fault::of(&NOT_ACCEPTABLE))
    }
}

/// One range of an `Accept` header with its quality in thousandths; none when we cannot serve it.
fn range_of(range: &str) -> Option<(Media, u16)> {
    let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
    let media = match parts.next()?.as_str() {
        "application/graphql-response+json" => Media::GraphQl,
        "application/json" | "application/*" | "*/*" => Media::Json,
        _ => return None,
    };
    let mut quality = 1000;
    for parameter in parts {
        if let Some(value) = parameter.strip_prefix("q=") {
            quality = thousandths(value)?;
        } else if let Some(charset) = parameter.strip_prefix("charset=")
            && charset.trim_matches('"') != "utf-8"
        {
            return None;
        }
    }
    Some((media, quality))
}

/// `0.85` as 850; none when it is not a quality.
fn thousandths(value: &str) -> Option<u16> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 {
        return None;
    }
    let quality: u16 = format!("{whole}{fraction:0<3}").parse().ok()?;
    (quality <= 1000).then_some(quality)
}

/// What a client wants to know of the price, as it says in `GraphQL-Cost`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Wish {
    /// The price stands in a header only.
    #[default]
    Header,
    /// `report`: in `extensions.cost` too.
    Report,
    /// `validate`: the price and nothing else; the operation is not run.
    Validate,
}

impl Wish {
    pub(super) fn of(request: &HttpRequest) -> Self {
        let value = request.headers().get("graphql-cost").map(HeaderValue::as_bytes);
        match value.unwrap_or_default() {
            value if value.eq_ignore_ascii_case(b"report") => Self::Report,
            value if value.eq_ignore_ascii_case(b"validate") => Self::Validate,
            _ => Self::Header,
        }
    }
}

/// Refuses every body but JSON: a browser sends no other site's `application/json` unasked, which
/// is what closes cross-site requests.
pub(super) fn require_json(request: &HttpRequest) -> Result<(), Fault> {
    let value = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parts =
        value.unwrap_or_default().split(';').map(|part| part.trim().to_ascii_lowercase());
    let is_json = parts.next().is_some_and(|essence| essence == "application/json");
    let is_utf8 = parts
        .filter_map(|parameter| parameter.strip_prefix("charset=").map(str::to_owned))
        .all(|charset| charset.trim_matches('"') == "utf-8");
    if is_json && is_utf8 { Ok(()) } else { Err(Fault::of(&NOT_JSON)) }
}

/// Whether the client takes a stream of events.
pub(super) fn accepts_events(request: &HttpRequest) -> bool {
    let values = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    let essence = |range: &str| range.split(';').next().unwrap_or_default().trim().to_owned();
    let mut ranges = values.flat_map(|value| value.split(','));
    ranges.any(|range| essence(range).eq_ignore_ascii_case("text/event-stream"))
}

/// Whether a page may open a WebSocket here: one of this server itself, or of an origin that was allowed.
/// Browsers say where a page comes from and let every page open one; other clients say nothing.
pub(super) fn check_origin(request: &HttpRequest, allowed: &[String]) -> Result<(), Fault> {
    let Some(origin) = request.headers().get(ORIGIN_HEADER) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default();
    let host = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    let is_own = host.is_some_and(|host| {
        ["http://", "https://"].iter().any(|scheme| {
            origin.strip_prefix(scheme).is_some_and(|place| place.eq_ignore_ascii_case(host))
        })
    });
    let is_allowed = allowed.iter().any(|known| known.eq_ignore_ascii_case(origin));
    if is_own || is_allowed { Ok(()) } else { Err(Fault::of(&ORIGIN)) }
}

/// The token of `Authorization: Bearer`; other schemes belong to whoever stands before us.
pub(super) fn bearer(request: &HttpRequest) -> Option<&str> {
    token(request.headers().get(AUTHORIZATION)?.to_str().ok()?)
}

/// The token of `Bearer TOKEN`.
pub(super) fn token(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The caller's `x-request-id` if it is short and plain, else a new one.
pub(super) fn request_id(request: &HttpRequest) -> String {
    const HEADER: HeaderName = HeaderName::from_static("x-request-id");
    let sent = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
    match sent {
        Some(id) if is_plain(id) => id.to_owned(),
        Some(_) | None => new_id(),
    }
}

fn is_plain(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=64).contains(&id.len()) && id.bytes().all(plain)
}

/// An id for what no client named.
pub(super) fn new_id() -> String {
    let mut bytes = [0_u8; 16];
    // Without randomness the id is all zeros: it only joins log lines, nothing trusts it.
    match getrandom::fill(&mut bytes) {
        Ok(()) => {}
        Err(error) => tracing::warn!(%error, "no randomness for a request id"),
    }
    hex::encode(bytes)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn accepted(value: &str) -> Result<Media, &'static str> {
        let request = TestRequest::post().insert_header((ACCEPT, value)).to_http_request();
        Media::accepted(&request).map_err(|fault| fault.code())
    }

    #[test]
    fn answers_in_the_form_the_client_likes_best() {
        assert_eq!(Media::accepted(&TestRequest::post().to_http_request()).ok(), Some(Media::Json));
        for (accept, media) in [
            ("", Media::Json),
            ("*/*", Media::Json),
            ("application/*", Media::Json),
            ("application/json; charset=utf-8", Media::Json),
            ("application/graphql-response+json", Media::GraphQl),
            ("application/json;q=0.9, application/graphql-response+json", Media::GraphQl),
            ("text/html, application/graphql-response+json;q=0.5, */*;q=0.1", Media::GraphQl),
            ("application/json, multipart/mixed", Media::Json),
        ] {
            assert_eq!(accepted(accept), Ok(media), "{accept}");
        }
    }

    #[test]
    fn refuses_what_it_cannot_answer() {
        for accept in ["text/html", "application/json;q=0", "application/json;charset=utf-16"] {
            assert_eq!(accepted(accept), Err("NOT_ACCEPTABLE"), "{accept}");
        }
    }

    #[test]
    fn only_json_may_come_in() {
        for (value, ok) in [
            ("application/json", true),
            ("Application/JSON; charset=\"UTF-8\"", true),
            ("application/json; charset=latin1", false),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
            ("multipart/form-data; boundary=application/json", false),
        ] {
            let request =
                TestRequest::post().insert_header((CONTENT_TYPE, value)).to_http_request();
            assert_eq!(require_json(&request).is_ok(), ok, "{value}");
        }
        assert!(require_json(&TestRequest::post().to_http_request()).is_err());
    }

    #[test]
    fn a_request_id_is_taken_over_only_when_plain() {
        let id = |value: &str| {
            let request = TestRequest::post().insert_header(("x-request-id", value));
            request_id(&request.to_http_request())
        };
        assert_eq!(id("a-B_c.9"), "a-B_c.9");
        for value in ["", "a b", "x\"y", &"a".repeat(65)] {
            assert_eq!(id(value).len(), 32, "{value}");
        }
    }

    #[test]
    fn only_a_bearer_token_is_a_token() {
        let token = |value: &str| {
            let request = TestRequest::post().insert_header((AUTHORIZATION, value));
            bearer(&request.to_http_request()).map(str::to_owned)
        };
        assert_eq!(token("bearer abc").as_deref(), Some("abc"));
        assert_eq!(token("Basic abc"), None);
    }

    #[test]
    fn a_page_of_another_origin_opens_no_socket() {
        let check = |origin: &str| {
            let request = TestRequest::get().insert_header((HOST, "thidua.vn:8443"));
            let request = request.insert_header((ORIGIN_HEADER, origin)).to_http_request();
            check_origin(&request, &["https://app.thidua.vn".to_owned()]).is_ok()
        };
        for origin in ["https://thidua.vn:8443", "http://THIDUA.vn:8443", "https://app.thidua.vn"] {
            assert!(check(origin), "{origin}");
        }
        for origin in
            ["null", "", "https://thidua.vn", "https://evil.vn", "https://thidua.vn:8443.evil.vn"]
        {
            assert!(!check(origin), "{origin}");
        }
        let own = TestRequest::get().insert_header((HOST, "thidua.vn")).to_http_request();
        assert!(check_origin(&own, &[]).is_ok(), "no browser");
    }
}
