//! PostgreSQL for the tests: the one that `TEST_DATABASE_URL` names, or a cluster that is thrown away afterwards.
//! No table enters here.

use std::fs::{self, File};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use sea_orm::{ConnectOptions, ConnectionTrait, Database};

use crate::process::{Folder, Kept};
use crate::{LOOK, free_port, hold, setting, tail, wait};

/// What a run says when there is no PostgreSQL.
pub const ABSENT: &str =
    "PostgreSQL was not tested: no TEST_DATABASE_URL and no server binaries found.";

const START: Duration = Duration::from_secs(30);

/// A PostgreSQL that creates databases; what it created is gone when it is dropped.
pub struct Cluster {
    place: Place,
    created: Mutex<Vec<String>>,
}

enum Place {
    /// Started here.
    Own(Box<Own>),
    /// The URL of a database of someone else's server.
    Given(String),
}

/// Whether there is a PostgreSQL to test with.
#[must_use]
pub fn is_available() -> bool {
    setting("TEST_DATABASE_URL").is_some() || binaries().is_some()
}

/// A program that lies beside those of the server, such as `pg_dump`.
#[must_use]
pub fn tool(name: &str) -> Option<PathBuf> {
    Some(binaries()?.join(name)).filter(|path| path.is_file())
}

/// Whether a run without PostgreSQL is a failure (`TEST_POSTGRES=required`).
#[must_use]
pub fn is_required() -> bool {
    setting("TEST_POSTGRES").as_deref() == Some("required")
}

type Shared = Result<Arc<Cluster>, String>;
static SHARED: Mutex<Option<Shared>> = Mutex::new(None);

/// The cluster of all cases that do not stop it; started once, fast and not durable.
pub fn shared() -> Result<Arc<Cluster>> {
    let mut shared = hold(&SHARED);
    let start = || Cluster::start().map(Arc::new).map_err(|fault| format!("{fault:#}"));
    shared.get_or_insert_with(start).clone().map_err(anyhow::Error::msg)
}

pub(crate) fn release() {
    hold(&SHARED).take();
}

impl Cluster {
    /// The server of `TEST_DATABASE_URL` when it is set, else one of its own without `fsync`.
    pub fn start() -> Result<Self> {
        match setting("TEST_DATABASE_URL") {
            Some(url) => Ok(Self { place: Place::Given(url), created: Mutex::default() }),
            None => Self::own(false)?.context(ABSENT),
        }
    }

    /// A server of its own, which can be stopped and killed; none without server binaries.
    /// A durable one writes to the disk before it acknowledges (`fsync=on`).
    pub fn own(durable: bool) -> Result<Option<Self>> {
        let Some(binaries) = binaries() else { return Ok(None) };
        let own = Box::new(Own::start(binaries, durable)?);
        Ok(Some(Self { place: Place::Own(own), created: Mutex::default() }))
    }

    /// Creates an empty database and says its URL.
    pub fn database(&self, name: &str) -> Result<String> {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("thidua_{}_{number}_{}", std::process::id(), plain.to_ascii_lowercase());
        self.execute(&format!("CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'"))?;
        hold(&self.created).push(name.clone());
        Ok(self.url(&name))
    }

    /// Stops the server in order and starts it again on the same port.
    pub fn restart(&self) -> Result<()> {
        let own = self.as_own()?;
        own.stop();
        own.launch()
    }

    /// Ends the server at once, as a crash would; [`Cluster::restart`] brings it back.
    pub fn kill_hard(&self) -> Result<()> {
        if let Some(mut kept) = hold(&self.as_own()?.state).kept.take() {
            kept.kill();
        }
        Ok(())
    }

    /// What a server of its own has logged.
    #[must_use]
    pub fn log(&self) -> String {
        let own = self.as_own().ok();
        own.and_then(|own| fs::read_to_string(own.log()).ok()).unwrap_or_default()
    }

    fn as_own(&self) -> Result<&Own> {
        match &self.place {
            Place::Own(own) => Ok(own),
            Place::Given(_) => bail!("the server of TEST_DATABASE_URL is not ours to stop"),
        }
    }

    fn url(&self, name: &str) -> String {
        match &self.place {
            Place::Own(own) => own.url(name),
            Place::Given(url) => with_database(url, name),
        }
    }

    fn execute(&self, sql: &str) -> Result<()> {
        match &self.place {
            Place::Own(own) => execute(&own.url("postgres"), sql),
            Place::Given(url) => execute(url, sql),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        match &self.place {
            Place::Own(own) => own.stop(),
            Place::Given(_) => {
                for name in hold(&self.created).drain(..) {
                    drop(self.execute(&format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)")));
                }
            }
        }
    }
}

/// A cluster of its own in a temporary folder.
struct Own {
    binaries: PathBuf,
    account: Option<Account>,
    durable: bool,
    state: Mutex<State>,
    folder: Folder,
}

struct State {
    port: u16,
    kept: Option<Kept>,
}

impl Own {
    fn start(binaries: PathBuf, durable: bool) -> Result<Self> {
        let account = Account::for_server()?;
        let folder = Folder::new("thidua-pg-")?;
        if let Some(account) = account {
            chown(folder.path(), Some(account.user), Some(account.group))?;
        }
        let state = Mutex::new(State { port: free_port()?, kept: None });
        let own = Self { binaries, account, durable, state, folder };
        own.initialise()?;
        own.launch()?;
        Ok(own)
    }

    /// Creates the data folder; where `C.UTF-8` is unknown, `C` sorts the same.
    fn initialise(&self) -> Result<()> {
        let mut fault = String::new();
        for locale in ["C.UTF-8", "C"] {
            let mut initdb = self.command("initdb");
            initdb.args(["-U", "thidua", "--auth=trust", "--encoding=UTF8", "--no-sync", "-D"]);
            initdb.arg(self.data()).arg(format!("--locale={locale}"));
            let output = initdb.output().context("initdb does not start")?;
            if output.status.success() {
                return Ok(());
            }
            fault = String::from_utf8_lossy(&output.stderr).into_owned();
            drop(fs::remove_dir_all(self.data()));
        }
        bail!("initdb failed: {fault}")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.binaries.join(program));
        command.current_dir(self.folder.path());
        if let Some(account) = self.account {
            command.uid(account.user).gid(account.group);
        }
        command
    }

    /// Starts the server and waits until it answers. One that ends at once is tried again: the server
    /// before it still lets go of its memory, or its port was taken in between.
    fn launch(&self) -> Result<()> {
        let deadline = Instant::now() + START;
        let fresh = !self.data().join("postmaster.opts").exists();
        let mut state = hold(&self.state);
        loop {
            let mut kept = Kept::spawn(&mut self.server(state.port)?)?;
            if answers(&mut kept, state.port, deadline) {
                state.kept = Some(kept);
                return Ok(());
            }
            if Instant::now() > deadline {
                let log = fs::read_to_string(self.log()).unwrap_or_default();
                bail!("PostgreSQL does not start: {}", tail(&log));
            }
            if fresh {
                state.port = free_port()?;
            }
            thread::sleep(LOOK);
        }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("postgres.log")
    }

    fn server(&self, port: u16) -> Result<Command> {
        let log = File::options().create(true).append(true).open(self.log())?;
        let on = if self.durable { "on" } else { "off" };
        let socket = self.folder.path().to_string_lossy();
        let mut server = self.command("postgres");
        server.arg("-D").arg(self.data()).stdout(log.try_clone()?).stderr(log);
        for option in [
            format!("port={port}"),
            "listen_addresses=127.0.0.1".to_owned(),
            // The path of a socket may have about a hundred bytes; TCP is what the tests use.
            format!("unix_socket_directories={}", if socket.len() < 80 { &socket } else { "" }),
            format!("fsync={on}"),
            format!("synchronous_commit={on}"),
            format!("full_page_writes={on}"),
            "max_connections=200".to_owned(),
            "shared_buffers=64MB".to_owned(),
        ] {
            server.arg("-c").arg(option);
        }
        Ok(server)
    }

    fn url(&self, name: &str) -> String {
        url(hold(&self.state).port, name)
    }

    /// Fast shutdown: open sessions are ended, what was written stays.
    fn stop(&self) {
        if let Some(mut kept) = hold(&self.state).kept.take() {
            kept.signal("INT");
            kept.wait(START);
        }
    }
}

fn answers(kept: &mut Kept, port: u16, deadline: Instant) -> bool {
    while kept.is_running() && Instant::now() < deadline {
        if execute(&url(port, "postgres"), "SELECT 1").is_ok() {
            return true;
        }
        thread::sleep(LOOK);
    }
    false
}

/// The account the server runs under when the run is root's, which PostgreSQL refuses.
#[derive(Clone, Copy)]
struct Account {
    user: u32,
    group: u32,
}

impl Account {
    fn for_server() -> Result<Option<Self>> {
        if id(&["-u"]) != Some(0) {
            return Ok(None);
        }
        let find = |name| Some(Self { user: id(&["-u", name])?, group: id(&["-g", name])? });
        let found = ["postgres", "nobody"].into_iter().find_map(find);
        ensure!(
            found.is_some(),
            "PostgreSQL refuses root, and there is no account postgres or nobody"
        );
        Ok(found)
    }
}

fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// The folder of the newest server binaries: on the path, where packages put them, or by `pg_config`.
fn binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    places.extend(newest("/usr/lib/postgresql", ""));
    places.extend(newest("/opt/homebrew/opt", "postgresql@"));
    places.extend(newest("/usr/local/opt", "postgresql@"));
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        places.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    places
        .into_iter()
        .find(|place| ["initdb", "postgres"].iter().all(|name| place.join(name).is_file()))
}

fn newest(folder: &str, prefix: &str) -> Vec<PathBuf> {
    let version =
        |path: &Path| path.file_name()?.to_str()?.strip_prefix(prefix)?.parse::<u32>().ok();
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter_map(|path| Some((version(&path)?, path.join("bin"))))
        .collect();
    found.sort_by(|one, other| other.cmp(one));
    found.into_iter().map(|(_, path)| path).collect()
}

fn url(port: u16, name: &str) -> String {
    format!("postgres://thidua@127.0.0.1:{port}/{name}")
}

/// The same server and options, another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, options) =
        url.split_once('?').map_or((url, None), |(url, options)| (url, Some(options)));
    let host = address.find("://").map_or(0, |place| place + 3);
    let end = address[host..].find('/').map_or(address.len(), |place| host + place);
    let options = options.map(|options| format!("?{options}")).unwrap_or_default();
    format!("{}/{name}{options}", &address[..end])
}

fn execute(url: &str, sql: &str) -> Result<()> {
    wait(async {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).connect_timeout(Duration::from_secs(5)).sqlx_logging(false);
        let connection = Database::connect(options).await?;
        let done = connection.execute_unprepared(sql).await;
        connection.close().await?;
        done?;
        Ok(())
    })
}
