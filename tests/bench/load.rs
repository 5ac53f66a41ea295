//! The load: connections that are kept alive, each on a thread that sends one request after the other.
//! What is asked does not enter here; answers are told from faults by status and length.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::cpu::{self, Group, Reading};

/// A request as it goes over the wire and the length of the answer's body.
#[derive(Clone, Debug)]
pub(crate) struct Shot {
    pub(crate) request: Vec<u8>,
    pub(crate) length: usize,
}

/// Who is put under load.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) process: u32,
    pub(crate) database: Option<Group>,
    pub(crate) shots: Vec<Shot>,
}

/// How long an answer is waited for; the floor's `GROUP BY` over ten million awards takes minutes when many ask.
pub(crate) const PATIENCE: Duration = Duration::from_mins(15);

/// What one contestant did in one round.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) seconds: f64,
    /// How long each answer took, sorted.
    pub(crate) latencies: Vec<Duration>,
    pub(crate) used: Reading,
}

/// One connection; it reads answers whose length is given.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).context("no connection")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buffer: vec![0; 64 << 10] })
    }

    /// Sends a request and reads the body of its answer; a refusal is a fault.
    pub(crate) fn ask(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request)?;
        let mut filled = self.more(0)?;
        let body = loop {
            if let Some(head) = find(&self.buffer[..filled], b"\r\n\r\n") {
                break head + 4;
            }
            filled += self.more(filled)?;
        };
        let end = body + length(&self.buffer[..body])?;
        while filled < end {
            filled += self.more(filled)?;
        }
        ensure!(self.buffer.starts_with(b"HTTP/1.1 200 "), "{}", self.text(end));
        Ok(&self.buffer[body..end])
    }

    fn more(&mut self, filled: usize) -> Result<usize> {
        if filled == self.buffer.len() {
            self.buffer.resize(filled * 2, 0);
        }
        let read = self.stream.read(&mut self.buffer[filled..])?;
        ensure!(read > 0, "the connection was closed");
        Ok(read)
    }

    fn text(&self, end: usize) -> String {
        String::from_utf8_lossy(&self.buffer[..end.min(2_000)]).into_owned()
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

fn length(head: &[u8]) -> Result<usize> {
    let head = std::str::from_utf8(head)?;
    let line = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then_some(value)
    });
    line.context("an answer without length")?.trim().parse().context("a wrong length")
}

/// Puts a target under load for a time.
pub(crate) fn run(target: &Target, clients: usize, time: Duration) -> Result<Measured> {
    measure(target, clients, |number| {
        let shots = target.shots.iter().cycle().skip(number % target.shots.len());
        (shots, Some(time))
    })
}

/// Sends every request once; each client has so many that follow each other.
pub(crate) fn run_once(target: &Target, clients: usize) -> Result<Measured> {
    let each = target.shots.len().div_ceil(clients);
    measure(target, clients, |number| (target.shots.iter().skip(number * each).take(each), None))
}

fn measure<'a, S: Iterator<Item = &'a Shot> + Send>(
    target: &'a Target,
    clients: usize,
    work: impl Fn(usize) -> (S, Option<Duration>),
) -> Result<Measured> {
    let barrier = Barrier::new(clients + 1);
    thread::scope(|scope| {
        let client = |number: usize| {
            let (barrier, (shots, time)) = (&barrier, work(number));
            scope.spawn(move || one(target.address, shots, (barrier, time)))
        };
        let clients: Vec<_> = (0..clients).map(client).collect();
        barrier.wait();
        let before = cpu::read(target.process, target.database);
        let begun = Instant::now();
        let mut latencies = Vec::new();
        for client in clients {
            let client = client.join().map_err(|panic| anyhow!("a client panicked: {panic:?}"))?;
            latencies.extend(client?);
        }
        let seconds = begun.elapsed().as_secs_f64();
        let used = cpu::read(target.process, target.database).since(before);
        latencies.sort_unstable();
        Ok(Measured { seconds, latencies, used })
    })
}

fn one<'a>(
    address: SocketAddr,
    shots: impl Iterator<Item = &'a Shot>,
    (barrier, time): (&Barrier, Option<Duration>),
) -> Result<Vec<Duration>> {
    let connection = Connection::open(address);
    barrier.wait();
    let mut connection = connection?;
    let mut latencies = Vec::new();
    let begun = Instant::now();
    for shot in shots {
        let sent = Instant::now();
        if time.is_some_and(|time| sent >= begun + time) {
            break;
        }
        let body = connection.ask(&shot.request)?;
        latencies.push(sent.elapsed());
        if body.len() != shot.length {
            bail!("the answer changed: {}", String::from_utf8_lossy(&body[..body.len().min(500)]));
        }
    }
    Ok(latencies)
}

impl Measured {
    pub(crate) fn count(&self) -> f64 {
        f64::from(u32::try_from(self.latencies.len()).unwrap_or(u32::MAX))
    }

    pub(crate) fn rate(&self) -> f64 {
        self.count() / self.seconds
    }

    /// The latency that so many of a hundred answers do not exceed, in milliseconds.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let place = self.latencies.len() * percent / 100;
        let latency = self.latencies.get(place).or(self.latencies.last());
        latency.map_or(0.0, |latency| latency.as_secs_f64() * 1e3)
    }

    /// Microseconds of the processor for one request.
    pub(crate) fn each(&self, time: Option<Duration>) -> Option<f64> {
        time.map(|time| time.as_secs_f64() * 1e6 / self.count().max(1.0))
    }
}
