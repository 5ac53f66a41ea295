//! Processor time of processes, from `/proc` of Linux; elsewhere there is none.
//! No request is sent here.

use std::fs;
use std::time::Duration;

use harness::ground::Ground;

/// Processes whose time is read together.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Group {
    /// One process.
    One(u32),
    /// A process and all its children, those that ended included.
    Family(u32),
}

/// Times of one moment; none where they cannot be read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reading {
    pub(crate) server: Option<Duration>,
    pub(crate) database: Option<Duration>,
    /// Of this process.
    client: Option<Duration>,
    /// Of the whole machine.
    machine: Option<Duration>,
}

/// Reads everything at once.
pub(crate) fn read(server: u32, database: Option<Group>) -> Reading {
    Reading {
        server: Group::One(server).time(),
        database: database.and_then(Group::time),
        client: Group::One(std::process::id()).time(),
        machine: machine(),
    }
}

impl Reading {
    /// What was used between another reading and this one.
    pub(crate) fn since(self, before: Self) -> Self {
        let less = |now: Option<Duration>, then: Option<Duration>| Some(now?.saturating_sub(then?));
        Self {
            server: less(self.server, before.server),
            database: less(self.database, before.database),
            client: less(self.client, before.client),
            machine: less(self.machine, before.machine),
        }
    }

    /// What processes used that have nothing to do with the benchmark.
    pub(crate) fn foreign(self) -> Option<Duration> {
        let ours = self.server? + self.database.unwrap_or_default() + self.client?;
        Some(self.machine?.saturating_sub(ours))
    }
}

impl Group {
    /// The family of the PostgreSQL behind a connection, when it runs on this machine.
    pub(crate) fn of_postgres(ground: &Ground) -> Option<Self> {
        let rows = ground.query("SELECT pg_backend_pid()").ok()?;
        let backend: i32 = rows.first()?.try_get_by_index(0).ok()?;
        let backend = u32::try_from(backend).ok()?;
        let name = fs::read_to_string(format!("/proc/{backend}/comm")).ok()?;
        let parent = stat(backend)?.parent;
        name.contains("postgres").then_some(Self::Family(parent))
    }

    fn time(self) -> Option<Duration> {
        let ticks = match self {
            Self::One(id) => stat(id)?.own,
            Self::Family(id) => {
                let head = stat(id)?;
                let children = processes().filter_map(stat).filter(|stat| stat.parent == id);
                head.own + head.ended + children.map(|stat| stat.own).sum::<u64>()
            }
        };
        Some(duration(ticks))
    }
}

/// Ticks of a process: its own and those of its children that ended.
struct Stat {
    parent: u32,
    own: u64,
    ended: u64,
}

fn stat(id: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    let fields: Vec<u64> =
        fields.split_whitespace().map(|field| field.parse().unwrap_or_default()).collect();
    Some(Stat {
        parent: u32::try_from(*fields.get(1)?).ok()?,
        own: fields.get(11)? + fields.get(12)?,
        ended: fields.get(13)? + fields.get(14)?,
    })
}

fn processes() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten();
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

/// User, nice, system, interrupts and time stolen by other machines.
fn machine() -> Option<Duration> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let fields = text.lines().next()?.strip_prefix("cpu ")?;
    let fields: Vec<u64> =
        fields.split_whitespace().map_while(|field| field.parse().ok()).collect();
    let busy = [0, 1, 2, 5, 6, 7];
    Some(duration(busy.iter().filter_map(|place| fields.get(*place)).sum()))
}

/// The kernel counts in hundredths of a second on every machine Rust runs on today.
fn duration(ticks: u64) -> Duration {
    Duration::from_millis(ticks * 10)
}
