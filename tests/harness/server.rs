//! The real server as a child process: started, asked, stopped in order or killed, and started again.
//! What it answers does not enter here.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::client::{Call, Client};
use crate::ground::Ground;
use crate::postgres::{self, Cluster};
use crate::process::{Folder, Kept};
use crate::stage::Backend;
use crate::{LOOK, free_port, tail};

const READY: Duration = Duration::from_mins(1);
const COMMAND: Duration = Duration::from_mins(2);
const STOP: Duration = Duration::from_secs(30);

/// The variable of development mode: the `server-timing` header and the pages for developers.
const DEVELOPMENT: &str = "THIDUA_DEVELOPMENT";

/// Set, every server of the tests runs without PostgreSQL's wall.
const WALL_2_OFF: &str = "TEST_WALL_2_OFF";

/// The variables of the budgets; cases about budgets set their own.
const BUDGETS: [&str; 3] = ["THIDUA_CALLER_RATE", "THIDUA_TENANT_RATE", "THIDUA_ADDRESS_RATE"];

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Says where the server's program is: only a test target knows (`CARGO_BIN_EXE_thidua-under-test`).
pub fn set_program(path: &str) {
    drop(PROGRAM.set(PathBuf::from(path)));
}

/// How a server is started.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The database; [`crate::stage::Stage::own_server`] sets that of its round.
    pub backend: Backend,
    /// With the demo data.
    pub demo: bool,
    /// On a PostgreSQL of its own that writes to the disk before it acknowledges; SQLite always does.
    pub durable: bool,
    /// In development mode, which counts statements.
    pub development: bool,
    /// More arguments for `serve`.
    pub arguments: Vec<String>,
    /// More variables of its environment.
    pub variables: Vec<(String, String)>,
}

/// A running server with a data folder and a database of its own.
pub struct Server {
    options: Options,
    port: u16,
    instance: u64,
    kept: Option<Kept>,
    /// Where the log of the present start begins.
    mark: AtomicUsize,
    postgres_url: Option<String>,
    cluster: Option<Cluster>,
    home: Arc<Home>,
}

impl Server {
    /// Prepares the database, starts the server and waits until it is ready.
    pub fn start(options: Options) -> Result<Self> {
        let mut server = Self {
            port: free_port()?,
            instance: next_instance(),
            kept: None,
            mark: AtomicUsize::new(0),
            postgres_url: None,
            cluster: None,
            home: Arc::new(Home::new()?),
            options,
        };
        if server.options.backend == Backend::Postgres {
            server.prepare_postgres()?;
        }
        server.launch()?;
        Ok(server)
    }

    /// Starts a server whose metrics can be read, and who reads them; again when another server took the port first.
    pub fn watched(options: &Options) -> Result<(Self, Client)> {
        let start = || {
            let address = format!("127.0.0.1:{}", free_port()?);
            let mut options = options.clone();
            options.arguments.extend(["--metrics-bind".to_owned(), address.clone()]);
            Ok((Self::start(options)?, Client::new(&format!("http://{address}"))))
        };
        start().or_else(|_: anyhow::Error| start())
    }

    /// Starts another node on the same database, keys and data folder.
    pub fn node(&self) -> Result<Self> {
        self.beside(self.options.clone(), self.postgres_url.clone())
    }

    /// Starts another node that comes to PostgreSQL with a login (and password) of its own and changes no table.
    pub fn below(&self, login: &str) -> Result<Self> {
        let url = self.database_url()?;
        let (_, place) = url.split_once("://").context("no address")?;
        let place = place.split_once('@').map_or(place, |(_, place)| place);
        let mut options = self.options.clone();
        options.arguments.push("--no-migrate".to_owned());
        self.beside(options, Some(format!("postgres://{login}@{place}")))
    }

    /// Starts another node that reaches PostgreSQL by another address, as through a proxy.
    pub fn through(&self, address: std::net::SocketAddr) -> Result<Self> {
        let url = self.database_url()?;
        let (login, place) = url.rsplit_once('@').context("no login")?;
        let (_, name) = place.split_once('/').context("no name")?;
        self.beside(self.options.clone(), Some(format!("{login}@{address}/{name}")))
    }

    fn beside(&self, options: Options, postgres_url: Option<String>) -> Result<Self> {
        let mut node = Self {
            options,
            port: free_port()?,
            instance: next_instance(),
            kept: None,
            mark: AtomicUsize::new(0),
            postgres_url,
            cluster: None,
            home: Arc::clone(&self.home),
        };
        node.launch()?;
        Ok(node)
    }

    fn prepare_postgres(&mut self) -> Result<()> {
        if self.options.durable {
            self.cluster = Cluster::own(true)?;
        }
        let url = match &self.cluster {
            Some(cluster) => cluster.database("server")?,
            None => postgres::shared()?.database("server")?,
        };
        self.postgres_url = Some(url);
        let command: &[&str] =
            if self.options.demo { &["demo", "load"] } else { &["migrate", "up"] };
        let done = self.command(command)?;
        fs::write(self.home.log(), &done.text)?;
        ensure!(done.is_success(), "`thidua {}` failed:\n{}", command.join(" "), tail(&done.text));
        if std::env::var_os(WALL_2_OFF).is_some() {
            self.take_wall_2_down()?;
        }
        Ok(())
    }

    /// Row-level security off, so that the scope of the queries is seen to hold alone.
    fn take_wall_2_down(&self) -> Result<()> {
        let ground = Ground::connect(&self.database_url()?)?;
        ground.query(
            "DO $$ DECLARE name text; BEGIN
                FOR name IN SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity LOOP
                    EXECUTE 'ALTER TABLE ' || name || ' DISABLE ROW LEVEL SECURITY';
                END LOOP;
            END $$",
        )?;
        Ok(())
    }

    fn launch(&mut self) -> Result<()> {
        self.mark.store(self.log().len(), Ordering::Relaxed);
        let log = File::options().create(true).append(true).open(self.home.log())?;
        let mut command = program(&self.home)?;
        command.arg("serve").arg("--bind").arg(format!("127.0.0.1:{}", self.port));
        command.arg("--data-dir").arg(self.home.data()).args(&self.options.arguments);
        if self.options.backend == Backend::Sqlite && !self.options.demo {
            command.arg("--no-demo");
        }
        // In production a server refuses to work without its second wall.
        let development = self.options.development || std::env::var_os(WALL_2_OFF).is_some();
        command.env(DEVELOPMENT, development.to_string());
        // The cases of a run are few callers who ask much.
        command.envs(BUDGETS.map(|name| (name, "10000000")));
        command.envs(self.variables()).stdout(log.try_clone()?).stderr(log);
        self.kept = Some(Kept::spawn(&mut command)?);
        self.wait_until_ready()
    }

    fn variables(&self) -> Vec<(String, String)> {
        let mut variables = self.options.variables.clone();
        variables.extend(self.postgres_url.clone().map(|url| ("DATABASE_URL".to_owned(), url)));
        variables
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + READY;
        let client = self.client();
        let ready = Call { method: "GET", path: "/readyz", ..Call::default() };
        while self.kept.as_mut().is_some_and(Kept::is_running) && Instant::now() < deadline {
            if client.try_request(&ready).is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            thread::sleep(LOOK);
        }
        self.kept = None;
        bail!("the server is not ready; its log ends:\n{}", tail(&self.log()))
    }

    /// Runs another command of the program on the same database and data folder.
    pub fn command(&self, arguments: &[&str]) -> Result<Done> {
        let mut variables = self.variables();
        variables.push(("THIDUA_DATA_DIR".to_owned(), self.home.data().display().to_string()));
        run(&self.home, arguments, variables)
    }

    /// A client that is not signed in.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(&self.url())
    }

    /// `http://127.0.0.1:…`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The id of its process; none while it is stopped.
    #[must_use]
    pub fn process(&self) -> Option<u32> {
        self.kept.as_ref().map(Kept::id)
    }

    /// Tells this server from every other of the run.
    #[must_use]
    pub fn instance(&self) -> u64 {
        self.instance
    }

    /// The folder with the embedded database and the keys.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.home.data()
    }

    /// The PostgreSQL of a durable server, to be restarted and killed.
    #[must_use]
    pub fn cluster(&self) -> Option<&Cluster> {
        self.cluster.as_ref()
    }

    /// The URL under which the tests open the server's database beside it.
    pub fn database_url(&self) -> Result<String> {
        if let Some(url) = &self.postgres_url {
            return Ok(url.clone());
        }
        let file =
            embedded(&self.home.data()).context("there is no SQLite file in the data folder")?;
        Ok(format!("sqlite://{}?mode=rw", file.display()))
    }

    /// Everything it has logged, in all its starts.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read(self.home.log())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// What it has logged since it was last started.
    #[must_use]
    pub fn log_of_this_start(&self) -> String {
        self.log().get(self.mark.load(Ordering::Relaxed)..).unwrap_or_default().to_owned()
    }

    /// Stops it in order (SIGTERM) and says how it ended; none when it had to be killed.
    pub fn terminate(&mut self) -> Option<ExitStatus> {
        let mut kept = self.kept.take()?;
        kept.signal("TERM");
        kept.wait(STOP)
    }

    /// Ends it at once, as a crash would (SIGKILL).
    pub fn kill_hard(&mut self) {
        self.kept = None;
    }

    /// Starts it again on the same port, data folder and database; stops it first when it still runs.
    pub fn restart(&mut self) -> Result<()> {
        self.terminate();
        self.launch()
    }
}

fn next_instance() -> u64 {
    static INSTANCE: AtomicU64 = AtomicU64::new(1);
    INSTANCE.fetch_add(1, Ordering::Relaxed)
}

/// How a command of the program ended.
#[derive(Debug)]
pub struct Done {
    /// How it ended; none when it was still running after two minutes and was killed.
    pub status: Option<ExitStatus>,
    /// What it wrote to the standard output.
    pub output: String,
    /// What it wrote to the standard output and then to the standard error.
    pub text: String,
}

impl Done {
    /// Whether it ended with code 0.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status.is_some_and(|status| status.success())
    }
}

/// Runs a command of the program in an empty home.
pub fn command(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Done> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    run(&Home::new()?, arguments, variables.collect())
}

fn run(home: &Home, arguments: &[&str], variables: Vec<(String, String)>) -> Result<Done> {
    let (mut output, mut errors) = (tempfile::tempfile()?, tempfile::tempfile()?);
    let mut command = program(home)?;
    command.args(arguments).envs(variables).stdout(output.try_clone()?).stderr(errors.try_clone()?);
    let status = Kept::spawn(&mut command)?.wait(COMMAND);
    let output = text(&mut output)?;
    let text = format!("{output}{}", text(&mut errors)?);
    Ok(Done { status, output, text })
}

fn text(file: &mut File) -> Result<String> {
    let mut bytes = Vec::new();
    std::io::Seek::rewind(file)?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The program with nothing of the caller's configuration, at home in a folder of the tests.
fn program(home: &Home) -> Result<Command> {
    let path = PROGRAM.get().context("harness::server::set_program was not called")?;
    let mut command = Command::new(path);
    let ours = |name: &OsString| {
        let name = name.to_string_lossy();
        name.starts_with("THIDUA_") || name.starts_with("XDG_") || name == "DATABASE_URL"
    };
    for name in std::env::vars_os().map(|(name, _)| name).filter(ours) {
        command.env_remove(name);
    }
    command.env("HOME", home.folder.path()).current_dir(home.folder.path());
    Ok(command)
}

/// The folder of a server: `data` is its data folder, `server.log` what it said.
struct Home {
    folder: Folder,
}

impl Home {
    fn new() -> Result<Self> {
        let folder = Folder::new("thidua-server-")?;
        fs::create_dir(folder.path().join("data"))?;
        Ok(Self { folder })
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }
}

/// The SQLite file in a folder or the folders in it, whatever it is called.
fn embedded(folder: &Path) -> Option<PathBuf> {
    let is_sqlite = |path: &Path| {
        let mut head = [0; 15];
        File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok()
            && &head == b"SQLite format 3"
    };
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
        .iter()
        .find(|path| path.is_file() && is_sqlite(path))
        .cloned()
        .or_else(|| paths.iter().filter(|path| path.is_dir()).find_map(|path| embedded(path)))
}
