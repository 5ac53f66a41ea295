//! A client of the API: sends operations and raw requests, and answers that must be looked at.
//! No operation of a domain enters here, save the sign-in.

#![expect(clippy::must_use_candidate, reason = "to ask an answer whether it is right is enough")]

use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::{Request, Response};

/// Signs in; the one operation the harness knows.
const SIGN_IN: &str = "mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { session { accessToken } errors { code message } }
}";

/// How far two counts of statements of one operation may lie apart: a batch of one table is read once or in parts,
/// as its questions come together in time.
const APART: u32 = 3;

/// Asserts that the number of rows does not show in the number of statements. A statement for each row would show:
/// the two differ by more rows than batches ever do.
#[track_caller]
pub fn same_statements(few: u32, many: u32, what: &str) {
    assert!(few.abs_diff(many) <= APART, "{what}: {few} and {many} statements");
}

/// Someone who asks one server.
#[derive(Clone, Debug)]
pub struct Client {
    base: String,
    agent: Agent,
    token: Option<String>,
}

impl Client {
    /// A client that is not signed in.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self::impatient(base, Duration::from_mins(1))
    }

    /// A client that is not signed in and gives a request up after this time.
    #[must_use]
    pub fn impatient(base: &str, patience: Duration) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(patience))
            .proxy(None)
            .build();
        Self { base: base.to_owned(), agent: config.new_agent(), token: None }
    }

    /// The same client under another bearer token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The bearer token, when signed in.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Signs in and returns a client of that user.
    #[must_use]
    pub fn sign_in(&self, tenant: &str, username: &str, password: &str) -> Self {
        let input = json!({ "tenant": tenant, "username": username, "password": password });
        let data = self.run(SIGN_IN, json!({ "input": input })).ok();
        let token = data.pointer("/signIn/session/accessToken").and_then(Value::as_str);
        self.with_token(token.unwrap_or_else(|| panic!("no access token in {data}")))
    }

    /// Runs an operation.
    pub fn run(&self, query: &str, variables: Value) -> Answer {
        let body = [("query".to_owned(), query.into()), ("variables".to_owned(), variables)];
        let body = Value::from_iter(body).to_string();
        let accept = ("accept", "application/graphql-response+json");
        self.post(body.as_bytes(), &[("content-type", "application/json"), accept])
    }

    /// Posts bytes to `/graphql` with exactly these headers and the token, if there is one.
    pub fn post(&self, body: &[u8], headers: &[(&str, &str)]) -> Answer {
        self.request(&Call { method: "POST", path: "/graphql", headers, body })
    }

    /// Gets a path, with the token, if there is one.
    pub fn get(&self, path: &str) -> Answer {
        self.request(&Call { method: "GET", path, ..Call::default() })
    }

    /// Sends any request; panics when the server does not answer.
    pub fn request(&self, call: &Call<'_>) -> Answer {
        self.try_request(call).unwrap_or_else(|fault| panic!("{call:?}: no answer: {fault}"))
    }

    /// Sends any request; the fault says that no answer came, as while a server is being killed.
    pub fn try_request(&self, call: &Call<'_>) -> Result<Answer, ureq::Error> {
        let mut request =
            Request::builder().method(call.method).uri(format!("{}{}", self.base, call.path));
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let answer = if call.body.is_empty() && call.method != "POST" {
            self.agent.run(request.body(())?)?
        } else {
            self.agent.run(request.body(call.body.to_vec())?)?
        };
        Answer::read(answer)
    }
}

/// A request as it is sent; the client adds its token.
#[derive(Clone, Copy, Debug, Default)]
pub struct Call<'a> {
    /// Method of HTTP.
    pub method: &'a str,
    /// Path and query.
    pub path: &'a str,
    /// Headers, beside those every request has.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body; empty is none.
    pub body: &'a [u8],
}

/// What the server answered.
#[must_use = "an answer that nobody looks at proves nothing"]
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status code of HTTP.
    pub status: u16,
    /// Headers by name in small letters, in order.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub text: String,
    /// The body as JSON; null when it is none.
    pub body: Value,
}

impl Answer {
    fn read(mut answer: Response<ureq::Body>) -> Result<Self, ureq::Error> {
        let headers = answer.headers().iter();
        let headers = headers.map(|(name, value)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let headers = headers.collect();
        let bytes = answer.body_mut().with_config().limit(256 << 20).read_to_vec()?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or_default();
        whole(&body);
        Ok(Self { status: answer.status().as_u16(), headers, text, body })
    }

    /// The first header of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The data of an operation in which nothing went wrong, neither at the top nor in a payload.
    #[track_caller]
    pub fn ok(self) -> Value {
        let data = self.data();
        assert!(payload_codes(&data).is_empty(), "refused: {data}");
        data
    }

    /// The data of an operation without errors at the top; payloads may refuse.
    #[track_caller]
    pub fn data(self) -> Value {
        assert!(self.top_codes().is_empty() && self.body.get("errors").is_none(), "{self}");
        assert!(self.status == 200 && self.body["data"].is_object(), "{self}");
        self.body["data"].clone()
    }

    /// The data of an operation that a payload refuses with this code and no other.
    #[track_caller]
    pub fn refused(self, code: &str) -> Value {
        let data = self.data();
        let codes = payload_codes(&data);
        assert!(
            !codes.is_empty(),
            "not refused with {code} (are `errors {{ code }}` asked for?): {data}"
        );
        assert!(
            codes.iter().all(|found| found == code),
            "refused with {codes:?}, not {code}: {data}"
        );
        data
    }

    /// The body of an answer with an error of this code at the top.
    #[track_caller]
    pub fn top(self, code: &str) -> Value {
        assert!(self.top_codes().iter().any(|found| found == code), "no {code} at the top: {self}");
        self.body
    }

    /// Codes of the errors at the top.
    #[must_use]
    pub fn top_codes(&self) -> Vec<String> {
        codes(&self.body["errors"], "/extensions/code")
    }

    /// Codes of the errors in payloads.
    #[must_use]
    pub fn payload_codes(&self) -> Vec<String> {
        payload_codes(&self.body["data"])
    }

    /// SQL statements the operation took; only a server in development mode tells.
    #[track_caller]
    #[must_use]
    pub fn statements(&self) -> u32 {
        let timing = self.header("server-timing").unwrap_or_default();
        let count = timing.split(',').find_map(|part| part.trim().strip_prefix("sql;desc=\""));
        let count = count.and_then(|rest| rest.strip_suffix('"')?.parse().ok());
        count.unwrap_or_else(|| panic!("no count of statements in server-timing: {timing:?}"))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "status {}: {}", self.status, self.text)
    }
}

/// Refuses an answer with a message in which something was to be filled in and was not.
fn whole(body: &Value) {
    let is_name = |(name, _): (&str, &str)| {
        !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
    };
    let is_whole =
        |text: &str| !text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).any(is_name);
    let payloads = body["data"].as_object().into_iter().flat_map(serde_json::Map::values);
    let errors = payloads.filter_map(|payload| payload["errors"].as_array()).flatten();
    for error in errors {
        let said = error["message"].as_str().unwrap_or_default();
        assert!(is_whole(said), "something is not filled in: {said}");
    }
}

fn payload_codes(data: &Value) -> Vec<String> {
    let payloads = data.as_object().into_iter().flat_map(serde_json::Map::values);
    payloads.flat_map(|payload| codes(&payload["errors"], "/code")).collect()
}

fn codes(errors: &Value, place: &str) -> Vec<String> {
    let code = |error: &Value| {
        error.pointer(place).and_then(Value::as_str).unwrap_or("(no code)").to_owned()
    };
    errors.as_array().into_iter().flatten().map(code).collect()
}
