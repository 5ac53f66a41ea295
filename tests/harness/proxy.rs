//! A TCP proxy that does to connections what networks do: delays, cuts, resets, silence.
//! What goes through it does not enter here: it knows bytes only.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::{hold, wait};

/// What happens to one connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// How long each piece takes, in both directions.
    pub delay: Duration,
    /// Bytes from the client after which it ends; none: never.
    pub up: Option<u64>,
    /// Bytes from the server after which it ends; none: never.
    pub down: Option<u64>,
    /// How it ends.
    pub end: End,
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// Both sides are closed in order.
    #[default]
    Close,
    /// Both sides see a reset.
    Reset,
    /// Nothing passes any more, and nobody is told (half-open), for so long; then both sides are closed.
    Silence(Duration),
}

/// A running proxy; dropped, it takes no connection any more and cuts those there are.
pub struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
    listening: JoinHandle<()>,
}

type Draw = dyn Fn(u64) -> Fate + Send + Sync;

struct State {
    target: Mutex<SocketAddr>,
    /// Draws the fate of a connection by its number.
    draw: Mutex<Arc<Draw>>,
    taken: AtomicU64,
    ended: AtomicU64,
    open: Mutex<Vec<JoinHandle<()>>>,
}

impl Proxy {
    /// A proxy to this address, whose connections come to no harm yet.
    pub fn to(target: SocketAddr) -> io::Result<Self> {
        let listener = wait(TcpListener::bind(("127.0.0.1", 0)))?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            target: Mutex::new(target),
            draw: Mutex::new(Arc::new(|_| Fate::default())),
            taken: AtomicU64::new(0),
            ended: AtomicU64::new(0),
            open: Mutex::default(),
        });
        let inner = Arc::clone(&state);
        let start = async { (tokio::spawn(listen(listener, inner)),) };
        let (listening,) = wait(start);
        Ok(Self { address, state, listening })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on connections have the fate that is drawn for their number.
    pub fn draw(&self, draw: impl Fn(u64) -> Fate + Send + Sync + 'static) {
        *hold(&self.state.draw) = Arc::new(draw);
    }

    /// From now on connections go to another address, as after a move of the server.
    pub fn aim(&self, target: SocketAddr) {
        *hold(&self.state.target) = target;
    }

    /// Cuts every connection there is.
    pub fn cut(&self) {
        for open in hold(&self.state.open).drain(..) {
            open.abort();
        }
    }

    /// Connections taken so far.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.state.taken.load(Ordering::Relaxed)
    }

    /// Connections that met their end by their fate.
    #[must_use]
    pub fn ended(&self) -> u64 {
        self.state.ended.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
        self.cut();
    }
}

async fn listen(listener: TcpListener, state: Arc<State>) {
    while let Ok((client, _)) = listener.accept().await {
        let number = state.taken.fetch_add(1, Ordering::Relaxed);
        let fate = Arc::clone(&*hold(&state.draw))(number);
        let target = *hold(&state.target);
        let inner = Arc::clone(&state);
        let passing = tokio::spawn(async move {
            if pass(client, target, fate).await.unwrap_or(true) {
                inner.ended.fetch_add(1, Ordering::Relaxed);
            }
        });
        let mut open = hold(&state.open);
        open.retain(|other| !other.is_finished());
        open.push(passing);
    }
}

/// Lets bytes pass until a side closes or the fate is met; tells whether it was.
async fn pass(client: TcpStream, target: SocketAddr, fate: Fate) -> io::Result<bool> {
    let server = TcpStream::connect(target).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let is_met = {
        let up = copy(&mut from_client, &mut to_server, (fate.up, fate.delay));
        let down = copy(&mut from_server, &mut to_client, (fate.down, fate.delay));
        tokio::select! { met = up => met, met = down => met }
    };
    if !is_met {
        return Ok(false);
    }
    match fate.end {
        End::Close => {}
        End::Silence(time) => tokio::time::sleep(time).await,
        End::Reset => {
            for (reader, writer) in [(from_client, to_client), (from_server, to_server)] {
                if let Ok(stream) = reader.reunite(writer) {
                    stream.set_zero_linger()?;
                }
            }
        }
    }
    Ok(true)
}

/// Copies until the end, or so many bytes; tells whether it was the bytes.
async fn copy(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    (most, delay): (Option<u64>, Duration),
) -> bool {
    let mut left = most;
    let mut piece = vec![0; 16 << 10];
    loop {
        let Ok(count @ 1..) = from.read(&mut piece).await else { return false };
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let passing = left.map_or(count, |left| left.min(count));
        let bytes = usize::try_from(passing).unwrap_or(usize::MAX);
        if to.write_all(&piece[..bytes]).await.is_err() {
            return false;
        }
        left = left.map(|left| left - passing);
        if left == Some(0) {
            return true;
        }
    }
}
