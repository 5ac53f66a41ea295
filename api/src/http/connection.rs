//! Ends connections on which nothing gets done: the server itself has a deadline for the first head of a connection
//! only, so that a second one could be sent a byte a minute, and an answer read as slowly.
//! No requests: a connection knows only whether one is being answered.

use std::any::Any;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use actix_web::dev::Extensions;

/// The time between two looks, and the time a last answer gets before its connection is ended.
const LOOK: Duration = Duration::from_secs(1);

/// The open connections of a server.
#[derive(Clone, Default)]
pub(super) struct Connections(Arc<Mutex<Vec<Weak<Connection>>>>);

/// One connection, as its requests see it.
pub(super) struct Connection {
    stream: TcpStream,
    state: Mutex<State>,
}

struct State {
    /// Requests that are being answered.
    running: u32,
    idle_since: Instant,
    /// Its last answer was given.
    is_ending: bool,
}

/// A request that is being answered.
pub(super) struct Running(Arc<Connection>);

impl Connections {
    /// Takes note of a new connection; what is kept in `extensions` goes with it.
    pub(super) fn open(&self, io: &dyn Any, extensions: &mut Extensions) {
        let Some(stream) = io.downcast_ref().and_then(twin) else { return };
        let state = State { running: 0, idle_since: Instant::now(), is_ending: false };
        let connection = Arc::new(Connection { stream, state: Mutex::new(state) });
        self.lock().push(Arc::downgrade(&connection));
        extensions.insert(connection);
    }

    /// Ends connections that were idle for so long, for ever.
    pub(super) async fn watch(self, patience: Duration) {
        let mut looks = tokio::time::interval(LOOK);
        loop {
            looks.tick().await;
            let now = Instant::now();
            self.lock().retain(|connection| match connection.upgrade() {
                Some(connection) => connection.keep(now, patience),
                None => false,
            });
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Weak<Connection>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A second handle of the same socket: the first one belongs to the server.
#[cfg(unix)]
fn twin(stream: &actix_web::rt::net::TcpStream) -> Option<TcpStream> {
    use std::os::fd::AsFd;
    stream.as_fd().try_clone_to_owned().ok().map(TcpStream::from)
}

#[cfg(not(unix))]
fn twin(_: &actix_web::rt::net::TcpStream) -> Option<TcpStream> {
    None
}

impl Connection {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it stays open; one that does not is shut down, and the server drops it.
    fn keep(&self, now: Instant, patience: Duration) -> bool {
        let State { running, idle_since, is_ending } = *self.state();
        let most = if is_ending { LOOK } else { patience };
        let stays = running > 0 || now.saturating_duration_since(idle_since) <= most;
        if !stays {
            // The client may be gone already.
            drop(self.stream.shutdown(Shutdown::Both));
        }
        stays
    }

    /// Ends it at once: the client takes nothing.
    pub(super) fn cut(&self) {
        drop(self.stream.shutdown(Shutdown::Both));
    }

    /// No further request is taken: the answer under way is the last one.
    pub(super) fn end(&self) {
        self.state().is_ending = true;
    }
}

impl Running {
    /// Begins a request.
    #[must_use]
    pub(super) fn begin(connection: &Arc<Connection>) -> Self {
        connection.state().running += 1;
        Self(Arc::clone(connection))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.running = state.running.saturating_sub(1);
        state.idle_since = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_connection_is_ended_when_it_is_idle_for_too_long() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let mut client = TcpStream::connect(address).expect("connects");
        let (stream, _) = listener.accept().expect("accepts");
        let (begun, patience) = (Instant::now(), Duration::from_mins(1));
        let state = State { running: 0, idle_since: begun, is_ending: false };
        let connection = Arc::new(Connection { stream, state: Mutex::new(state) });

        let running = Running::begin(&connection);
        assert!(connection.keep(begun + patience * 9, patience), "it is at work");
        drop(running);
        assert!(connection.keep(begun + patience / 2, patience));
        connection.end();
        assert!(!connection.keep(begun + patience / 2, patience), "the last answer was given");

        assert_eq!(client.read(&mut [0; 1]).expect("is closed in order"), 0);
    }
}
