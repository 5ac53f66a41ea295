//! Why a request is answered without being run: one table of codes, statuses and messages.
//! No refusals of a domain: those are data in a payload.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use async_graphql::parser::Error as ParseError;
use async_graphql::{ErrorExtensionValues, Pos, ServerError, Value};

use super::limits::LimitError;
use super::negotiate::Media;
use crate::text::Language;

/// Longest message of the parser that is passed on: it may repeat the caller's text.
const MESSAGE_LENGTH: usize = 300;

/// One line of the table.
#[derive(Debug)]
pub(super) struct Kind {
    code: &'static str,
    status: StatusCode,
    /// The document is at fault, not the HTTP message: 200 for a client of `application/json`,
    /// which reads any other status as "the answer is not GraphQL".
    document: bool,
    /// English and Vietnamese.
    says: (&'static str, &'static str),
}

impl Kind {
    const fn http(
        code: &'static str,
        status: StatusCode,
        says: (&'static str, &'static str),
    ) -> Self {
        Self { code, status, document: false, says }
    }

    const fn document(code: &'static str, says: (&'static str, &'static str)) -> Self {
        Self { code, status: StatusCode::BAD_REQUEST, document: true, says }
    }
}

pub(super) static NOT_ACCEPTABLE: Kind = Kind::http(
    "NOT_ACCEPTABLE",
    StatusCode::NOT_ACCEPTABLE,
    (
        "Only application/graphql-response+json, application/json and text/event-stream can be answered",
        "Chỉ trả lời được application/graphql-response+json, application/json và text/event-stream",
    ),
);
pub(super) static NOT_JSON: Kind = Kind::http(
    "UNSUPPORTED_MEDIA_TYPE",
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    (
        "The body must be application/json in UTF-8",
        "Nội dung gửi lên phải là application/json, mã UTF-8",
    ),
);
pub(super) static METHOD: Kind = Kind::http(
    "METHOD_NOT_ALLOWED",
    StatusCode::METHOD_NOT_ALLOWED,
    (
        "This method is not allowed here; mutations are sent by POST",
        "Phương thức không được phép; thao tác ghi phải gửi bằng POST",
    ),
);
/// With the limit in bytes.
pub(super) static TOO_LARGE: Kind = Kind::http(
    "PAYLOAD_TOO_LARGE",
    StatusCode::PAYLOAD_TOO_LARGE,
    ("The body exceeds the limit in bytes:", "Nội dung vượt quá giới hạn (byte):"),
);
/// With what was expected.
pub(super) static MALFORMED: Kind = Kind::http(
    "BAD_REQUEST",
    StatusCode::BAD_REQUEST,
    ("The request is malformed:", "Yêu cầu không đúng định dạng:"),
);
pub(super) static BATCH: Kind = Kind::http(
    "BATCH_NOT_SUPPORTED",
    StatusCode::BAD_REQUEST,
    (
        "Batches are not supported: send one operation per request",
        "Không hỗ trợ gửi gộp: mỗi yêu cầu chỉ một thao tác",
    ),
);
/// The token was sent and is not valid.
pub(super) static TOKEN: Kind = Kind::http(
    "UNAUTHENTICATED",
    StatusCode::UNAUTHORIZED,
    ("The access token is not valid or has expired", "Mã truy cập không hợp lệ hoặc đã hết hạn"),
);
/// No token was sent and the operation needs one.
pub(super) static SIGN_IN: Kind = Kind::http(
    "UNAUTHENTICATED",
    StatusCode::UNAUTHORIZED,
    ("Sign in to run this operation", "Cần đăng nhập để thực hiện"),
);
pub(super) static TIMEOUT: Kind = Kind::http(
    "TIMEOUT",
    StatusCode::GATEWAY_TIMEOUT,
    (
        "The operation took too long; a change may still be carried out",
        "Thao tác quá thời gian; thay đổi có thể vẫn được thực hiện",
    ),
);
pub(super) static UNAVAILABLE: Kind = Kind::http(
    "SERVICE_UNAVAILABLE",
    StatusCode::SERVICE_UNAVAILABLE,
    ("The service is starting or stopping", "Hệ thống đang khởi động hoặc dừng"),
);
/// With the seconds to wait.
pub(super) static SPENT: Kind = Kind::http(
    "RATE_LIMITED",
    StatusCode::TOO_MANY_REQUESTS,
    (
        "The budget is spent; try again after so many seconds:",
        "Đã dùng hết hạn mức; hãy thử lại sau số giây:",
    ),
);
pub(super) static BUSY: Kind = Kind::http(
    "OVERLOADED",
    StatusCode::SERVICE_UNAVAILABLE,
    (
        "Too many operations are waiting; nothing was run, try again",
        "Hệ thống đang quá tải; chưa thực hiện gì, hãy thử lại",
    ),
);
pub(super) static BUSY_WITH_SIGN_INS: Kind = Kind::http(
    "OVERLOADED",
    StatusCode::TOO_MANY_REQUESTS,
    (
        "Too many sign-ins are waiting; nothing was run, try again",
        "Quá nhiều lượt đăng nhập đang chờ; chưa thực hiện gì, hãy thử lại",
    ),
);
pub(super) static SLOW: Kind = Kind::http(
    "REQUEST_TIMEOUT",
    StatusCode::REQUEST_TIMEOUT,
    ("The body did not come in time", "Nội dung gửi lên quá chậm"),
);
/// A subscription that came as an ordinary request.
pub(super) static SUBSCRIPTION: Kind = Kind::http(
    "SUBSCRIPTION_NOT_SUPPORTED",
    StatusCode::BAD_REQUEST,
    (
        "Subscriptions are answered over a WebSocket (graphql-transport-ws) or with Accept: text/event-stream",
        "Đăng ký theo dõi chỉ trả lời qua WebSocket (graphql-transport-ws) hoặc với Accept: text/event-stream",
    ),
);
pub(super) static ORIGIN: Kind = Kind::http(
    "ORIGIN_NOT_ALLOWED",
    StatusCode::FORBIDDEN,
    (
        "Pages of this origin may not open a WebSocket here",
        "Trang từ nguồn này không được mở WebSocket ở đây",
    ),
);
pub(super) static SUBPROTOCOL: Kind = Kind::http(
    "SUBPROTOCOL_NOT_SUPPORTED",
    StatusCode::BAD_REQUEST,
    (
        "The WebSocket must ask for the subprotocol graphql-transport-ws",
        "WebSocket phải yêu cầu giao thức con graphql-transport-ws",
    ),
);
pub(super) static CROWDED: Kind = Kind::http(
    "TOO_MANY_CONNECTIONS",
    StatusCode::TOO_MANY_REQUESTS,
    (
        "Too many connections are kept open from here; close some first",
        "Quá nhiều kết nối đang mở; hãy đóng bớt",
    ),
);
/// With the number that is allowed.
pub(super) static STREAMS: Kind = Kind::http(
    "TOO_MANY_SUBSCRIPTIONS",
    StatusCode::TOO_MANY_REQUESTS,
    (
        "Too many operations on one connection, at most:",
        "Quá nhiều thao tác trên một kết nối, tối đa:",
    ),
);
pub(super) static BROKEN: Kind = Kind::http(
    "INTERNAL_SERVER_ERROR",
    StatusCode::INTERNAL_SERVER_ERROR,
    ("Internal error", "Lỗi hệ thống"),
);
/// With what the parser expected.
pub(super) static SYNTAX: Kind =
    Kind::document("GRAPHQL_PARSE_FAILED", ("Syntax error:", "Lỗi cú pháp:"));
pub(super) static VALIDATION: Kind =
    Kind::document("GRAPHQL_VALIDATION_FAILED", ("Invalid document", "Tài liệu không hợp lệ"));
pub(super) static INPUT: Kind =
    Kind::document("BAD_USER_INPUT", ("Invalid variables", "Biến không hợp lệ"));
/// With the name that was asked for.
pub(super) static UNKNOWN_OPERATION: Kind = Kind::document(
    "OPERATION_RESOLUTION_FAILURE",
    ("The document has no operation named", "Không có thao tác nào tên là"),
);
pub(super) static UNNAMED_OPERATION: Kind = Kind::document(
    "OPERATION_RESOLUTION_FAILURE",
    (
        "operationName is required: the document has several operations",
        "Cần operationName: tài liệu có nhiều thao tác",
    ),
);
static LIMIT: Kind = Kind::document("LIMIT_EXCEEDED", ("Limit exceeded", "Vượt quá giới hạn"));

/// A request that is answered without being run.
#[derive(Debug)]
pub(super) struct Fault {
    kind: &'static Kind,
    detail: Detail,
    /// A header that belongs to the status.
    header: Option<(&'static str, Cow<'static, str>)>,
}

#[derive(Debug)]
enum Detail {
    /// What follows the message.
    Text(String, Vec<Pos>),
    /// Takes the place of the message.
    Errors(Vec<ServerError>),
    Limit(LimitError),
}

impl Fault {
    pub(super) fn of(kind: &'static Kind) -> Self {
        Self::with(kind, String::new())
    }

    pub(super) fn with(kind: &'static Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: Detail::Text(detail.into(), Vec::new()), header: None }
    }

    pub(super) const fn errors(kind: &'static Kind, errors: Vec<ServerError>) -> Self {
        Self { kind, detail: Detail::Errors(errors), header: None }
    }

    pub(super) fn header(self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        Self { header: Some((name, value.into())), ..self }
    }

    pub(super) const fn code(&self) -> &'static str {
        match &self.detail {
            Detail::Limit(error) => error.code(),
            Detail::Text(..) | Detail::Errors(_) => self.kind.code,
        }
    }

    pub(super) fn status(&self, media: Media) -> StatusCode {
        if self.kind.document && media == Media::Json { StatusCode::OK } else { self.kind.status }
    }

    /// The header that belongs to the status, if there is one.
    pub(super) fn extra_header(&self) -> Option<(&'static str, &str)> {
        self.header.as_ref().map(|(name, value)| (*name, value.as_ref()))
    }

    /// Whether the document is at fault, which took work to find out.
    pub(super) const fn is_of_document(&self) -> bool {
        self.kind.document
    }

    /// Whether the same may well succeed a little later.
    pub(super) fn passes(&self) -> bool {
        let soon = [
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::GATEWAY_TIMEOUT,
        ];
        soon.contains(&self.kind.status)
    }

    /// The limit that was exceeded, if that is the fault.
    pub(super) const fn limit(&self) -> Option<&LimitError> {
        match &self.detail {
            Detail::Limit(error) => Some(error),
            Detail::Text(..) | Detail::Errors(_) => None,
        }
    }

    /// The `errors` of the answer, each with its code, at most so many.
    pub(super) fn into_errors(self, language: Language, most: usize) -> Vec<ServerError> {
        let code = self.code();
        let mut errors = match self.detail {
            Detail::Errors(errors) => errors,
            Detail::Limit(error) => vec![limited(&error, language)],
            Detail::Text(detail, places) => {
                let text = format!("{} {detail}", say(self.kind, language));
                vec![located(text.trim_end().to_owned(), places)]
            }
        };
        errors.truncate(most);
        for error in &mut errors {
            set(error, "code", code);
        }
        errors
    }
}

impl From<LimitError> for Fault {
    fn from(error: LimitError) -> Self {
        Self { kind: &LIMIT, detail: Detail::Limit(error), header: None }
    }
}

impl From<ParseError> for Fault {
    fn from(error: ParseError) -> Self {
        let places = error.positions().collect();
        // The message draws the faulty line; only its last line says what was expected.
        let text = error.to_string();
        let cause = text.lines().last().unwrap_or_default().trim_start_matches([' ', '=']);
        let cause = cause.chars().take(MESSAGE_LENGTH).collect();
        Self { kind: &SYNTAX, detail: Detail::Text(cause, places), header: None }
    }
}

/// The message of a line of the table.
pub(super) const fn say(kind: &Kind, language: Language) -> &'static str {
    match language {
        Language::En => kind.says.0,
        Language::Vi => kind.says.1,
    }
}

/// An error of the request at places in the document.
pub(super) fn located(message: String, locations: Vec<Pos>) -> ServerError {
    let mut error = ServerError::new(message, None);
    error.locations = locations;
    error
}

/// Sets one entry of the error's `extensions`.
pub(super) fn set(error: &mut ServerError, key: &str, value: impl Into<Value>) {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set(key, value);
}

fn limited(error: &LimitError, language: Language) -> ServerError {
    let mut answer = ServerError::new(error.message(language), None);
    set(&mut answer, "limit", error.limit);
    set(&mut answer, "actual", error.actual);
    answer
}
