//! What one who signs in asks of a server. No case is here.

use harness::client::{Answer, Client};
use harness::people::PASSWORD;
use harness::world::Person;
use serde_json::{Value, json};

use crate::contest::{mutate, text};

/// What a payload of sign-in is asked for.
pub(super) const SESSION: &str =
    "session { accessToken refreshToken } errors { code message path }";

/// Tries to sign in.
pub(super) fn try_sign_in(client: &Client, person: &Person, password: &str) -> Answer {
    let input =
        json!({ "tenant": person.tenant, "username": person.username, "password": password });
    mutate(client, ("signIn", "SignInInput", SESSION), &input)
}

/// A session of one person.
pub(super) struct Session {
    /// Signed in.
    pub(super) client: Client,
    refresh: Value,
}

impl Session {
    /// Begins a session.
    pub(super) fn begin(client: &Client, person: &Person) -> Self {
        let data = try_sign_in(client, person, PASSWORD).ok();
        Self::of(client, &data["signIn"]["session"])
    }

    /// The session that an answer holds.
    pub(super) fn of(client: &Client, session: &Value) -> Self {
        let token = session["accessToken"].as_str().unwrap_or_else(|| panic!("none in {session}"));
        Self { client: client.with_token(token), refresh: session["refreshToken"].clone() }
    }

    /// The refresh token.
    pub(super) fn refresh_token(&self) -> String {
        text(&self.refresh)
    }

    /// Tries to renew it at another node or the same.
    pub(super) fn try_refresh(&self, client: &Client) -> Answer {
        Self::try_refresh_with(client, &self.refresh_token())
    }

    /// Tries to renew a session by any token.
    pub(super) fn try_refresh_with(client: &Client, token: &str) -> Answer {
        let input = json!({ "refreshToken": token });
        mutate(client, ("sessionRefresh", "SessionRefreshInput", SESSION), &input)
    }

    /// The renewed session.
    pub(super) fn refresh(&self, client: &Client) -> Self {
        Self::of(client, &self.try_refresh(client).ok()["sessionRefresh"]["session"])
    }

    /// Ends it.
    pub(super) fn sign_out(&self, client: &Client) {
        let input = json!({ "refreshToken": self.refresh });
        let selection = "signedOut errors { code }";
        let _ = mutate(client, ("signOut", "SignOutInput", selection), &input).ok();
    }
}

/// Whether a token still reads anything.
pub(super) fn reads(client: &Client) -> bool {
    let answer = client.run("{ units(first: 1) { totalCount } }", json!({}));
    match answer.status {
        // A full line says nothing about rights.
        429 | 503 => {
            std::thread::sleep(std::time::Duration::from_millis(5));
            reads(client)
        }
        200 => {
            let _ = answer.ok();
            true
        }
        401 => false,
        _ => panic!("{answer}"),
    }
}
