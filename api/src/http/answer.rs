//! Writes the answer: its status, its headers, and what of an error the caller may see.
//! No decisions about a request: it was run or refused before it comes here.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use async_graphql::{Response, ServerError};
use serde::Serialize;

use super::cost::Cost;
use super::fault::{BROKEN, Fault, SIGN_IN, say, set};
use super::negotiate::Media;
use super::report::{Report, code};
use crate::app::App;
use crate::error::{INTERNAL, UNAUTHENTICATED};
use crate::text::Language;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STANDING: HeaderName = HeaderName::from_static("ratelimit");

/// How the caller is answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    pub(super) media: Media,
    pub(super) language: Language,
    /// Shows what helps who writes queries: suggestions and timings.
    pub(super) development: bool,
    /// Most errors about one document.
    pub(super) errors: usize,
}

impl Manner {
    pub(super) fn of(app: &App, media: Media, language: Language) -> Self {
        let (development, errors) = (app.config.development, app.limits.errors);
        Self { media, language, development, errors }
    }
}

/// An operation that ran; its `data` may be partial.
pub(super) struct Ran {
    pub(super) response: Response,
    pub(super) cost: Cost,
}

/// `RateLimit-Policy` and `RateLimit`; none when nobody pays.
pub(super) type Means = Option<(String, String)>;

/// A request that did not run: it has no `data`, not even null.
#[derive(Serialize)]
struct Refused {
    errors: Vec<ServerError>,
}

/// Writes the answer and notes in the report what it says.
pub(super) fn write(
    outcome: Result<Ran, Fault>,
    (manner, means): (Manner, Means),
    report: &mut Report,
) -> HttpResponse {
    let mut answer = match outcome {
        Ok(Ran { mut response, cost }) => {
            mask(&mut response, &report.request_id, manner.language);
            report.errors(&response.errors);
            let mut answer = head(StatusCode::OK, manner, report);
            answer.insert_header(("graphql-cost", cost.points()));
            if let Some(seconds) = report.trace.as_ref().and_then(|trace| trace.wait()) {
                answer.insert_header((header::RETRY_AFTER, seconds));
            }
            body(answer, &response)
        }
        Err(fault) => {
            let mut answer = head(fault.status(manner.media), manner, report);
            if let Some(extra) = fault.extra_header() {
                answer.insert_header(extra);
            }
            let errors = refusal(fault, manner, &report.request_id);
            report.errors(&errors);
            body(answer, &Refused { errors })
        }
    };
    for (name, value) in
        [POLICY, STANDING].into_iter().zip(means.into_iter().flat_map(<[String; 2]>::from))
    {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

/// The errors of a request that did not run, as the caller may see them.
pub(super) fn refusal(fault: Fault, manner: Manner, request_id: &str) -> Vec<ServerError> {
    let mut errors = fault.into_errors(manner.language, manner.errors);
    for error in &mut errors {
        set(error, "requestId", request_id);
        if !manner.development {
            drop_suggestions(error);
        }
    }
    errors
}

fn head(status: StatusCode, manner: Manner, report: &mut Report) -> HttpResponseBuilder {
    report.status = status.as_u16();
    let mut answer = HttpResponse::build(status);
    if status == StatusCode::REQUEST_TIMEOUT {
        // The rest of the body is not waited for.
        answer.force_close();
    }
    answer
        .insert_header((header::CONTENT_TYPE, manner.media.content_type()))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::VARY, "accept, accept-language, authorization"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header(("x-request-id", report.request_id.as_str()));
    if manner.development {
        let statements = report.statements().unwrap_or_default();
        let total = report.elapsed().as_secs_f64() * 1_000.0;
        let timing = format!("sql;desc=\"{statements}\", total;dur={total:.1}");
        answer.insert_header(("server-timing", timing));
    }
    answer
}

fn body(mut answer: HttpResponseBuilder, content: &impl Serialize) -> HttpResponse {
    match serde_json::to_vec(content) {
        Ok(bytes) => answer.body(bytes),
        Err(error) => {
            tracing::error!(%error, "an answer cannot be written as JSON");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// Most letters of one message.
const LONGEST: usize = 1_000;

/// Hides our own faults: an error that nobody gave a code, or that a room calls its own, is logged, once, and its
/// text replaced. Every error gets the request id.
pub(super) fn mask(response: &mut Response, request_id: &str, language: Language) {
    for error in &mut response.errors {
        if let Some(fault) = error.source::<crate::error::Fault>() {
            error.message = fault.message(language);
        } else if code(error) == Some(UNAUTHENTICATED) {
            say(&SIGN_IN, language).clone_into(&mut error.message);
        } else if code(error).is_none() && is_input(error) {
            set(error, "code", "BAD_USER_INPUT");
        } else if code(error).is_none_or(|code| code == INTERNAL) {
            tracing::error!(request_id, message = %error.message, path = ?error.path, "broken");
            say(&BROKEN, language).clone_into(&mut error.message);
            set(error, "code", INTERNAL);
        }
        shorten(&mut error.message);
        set(error, "requestId", request_id);
    }
}

/// The library repeats the value that it could not read, whatever its size.
fn shorten(message: &mut String) {
    if let Some((end, _)) = message.char_indices().nth(LONGEST) {
        message.truncate(end);
        message.push('…');
    }
}

/// The library's words for a scalar that could not be read: the caller's fault, and no secret.
fn is_input(error: &ServerError) -> bool {
    ["Failed to parse \"", "Expected input type \""].iter().any(|it| error.message.starts_with(it))
}

/// Cuts off the names that the library proposes: they tell the schema to whoever guesses.
fn drop_suggestions(error: &mut ServerError) {
    if let Some(end) = error.message.find(" Did you mean ") {
        error.message.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(message: &str, code: Option<&str>) -> (String, String) {
        let mut error = ServerError::new(message, None);
        if let Some(code) = code {
            set(&mut error, "code", code);
        }
        let mut response = Response::from_errors(vec![error]);
        mask(&mut response, "id-1", Language::Vi);
        let error = response.errors.remove(0);
        let extensions = error.extensions.as_ref().expect("has extensions");
        assert_eq!(extensions.get("requestId"), Some(&"id-1".into()));
        (code_of(&error), error.message)
    }

    fn code_of(error: &ServerError) -> String {
        code(error).expect("has a code").to_owned()
    }

    #[test]
    fn our_own_faults_are_hidden() {
        let own = masked("Query Error: connection refused", Some(INTERNAL));
        assert_eq!(own, (INTERNAL.to_owned(), "Lỗi hệ thống".to_owned()));
        let (code, message) = masked("relation \"unit\" does not exist", None);
        assert_eq!((code.as_str(), message.as_str()), ("INTERNAL_SERVER_ERROR", "Lỗi hệ thống"));
    }

    #[test]
    fn what_has_a_code_is_said() {
        let (code, message) = masked("Hidden from you", Some("FORBIDDEN"));
        assert_eq!((code.as_str(), message.as_str()), ("FORBIDDEN", "Hidden from you"));
    }

    #[test]
    fn a_refusal_speaks_the_language_of_the_caller() {
        let fault = crate::error::Fault::at(crate::error::Code::PeriodReversed, "where.to");
        let error = async_graphql::Error::from(crate::error::Error::from(fault));
        let error = error.into_server_error(async_graphql::Pos::default());
        let mut response = Response::from_errors(vec![error]);
        mask(&mut response, "id-1", Language::Vi);
        let error = response.errors.remove(0);
        assert_eq!(error.message, "Mốc thời gian này không được sớm hơn mốc phải đi trước nó.");
        let argument = error.extensions.as_ref().and_then(|it| it.get("argument"));
        assert_eq!(argument.map(ToString::to_string).as_deref(), Some(r#"["where", "to"]"#));
    }

    #[test]
    fn an_unreadable_scalar_is_the_callers_fault() {
        let (code, message) = masked("Failed to parse \"Date\": not a date", None);
        assert_eq!(
            (code.as_str(), message.as_str()),
            ("BAD_USER_INPUT", "Failed to parse \"Date\": not a date")
        );
    }

    #[test]
    fn suggestions_are_cut_off() {
        let mut error = ServerError::new("Unknown field \"a\". Did you mean \"b\"?", None);
        drop_suggestions(&mut error);
        assert_eq!(error.message, "Unknown field \"a\".");
    }
}
