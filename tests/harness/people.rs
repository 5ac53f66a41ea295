//! Persons of the demo and of worlds, signed in once a server.
//! What they may do does not enter here.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::hold;
use crate::server::Server;

/// The password of every account of the demo and of every world.
pub const PASSWORD: &str = "thidua-demo";

/// Access tokens live longer than this.
const FRESH: Duration = Duration::from_mins(4);

type Key = (u64, String, String);
static SIGNED_IN: Mutex<Option<HashMap<Key, (Client, Instant)>>> = Mutex::new(None);

/// A client of this user; the token is kept for some minutes.
#[must_use]
pub fn sign_in(server: &Server, tenant: &str, username: &str) -> Client {
    let key = (server.instance(), tenant.to_owned(), username.to_owned());
    let known = hold(&SIGNED_IN).as_ref().and_then(|known| known.get(&key).cloned());
    if let Some((client, _)) = known.filter(|(_, since)| since.elapsed() < FRESH) {
        return client;
    }
    let client = server.client().sign_in(tenant, username, PASSWORD);
    hold(&SIGNED_IN).get_or_insert_default().insert(key, (client.clone(), Instant::now()));
    client
}
