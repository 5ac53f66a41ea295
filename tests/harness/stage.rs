//! Where a case plays: the database of its round, the shared server, and servers of its own.
//! No assertion enters here.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};

use crate::ground::Ground;
use crate::hold;
use crate::postgres::{self, ABSENT};
use crate::process::Folder;
use crate::server::{Options, Server};

/// A kind of database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// Embedded.
    #[default]
    Sqlite,
    /// In production.
    Postgres,
}

/// What a case needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// A database: it runs once with each.
    Data,
    /// PostgreSQL: it runs once, where there is one.
    Postgres,
    /// No database: it runs once.
    Pure,
}

/// One behaviour that is tested.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Path of the function, its module first.
    pub name: &'static str,
    /// What it needs.
    pub needs: Needs,
    /// Panics when the behaviour is not there.
    pub run: fn(&Stage),
}

/// Lists the cases of a module: `cases![one, another]`, `cases![one; pure: two]`, `cases![pure: two]`
/// or `cases![postgres: three]`.
#[macro_export]
macro_rules! cases {
    (pure: $($pure:ident),+ $(,)?) => {
        vec![$($crate::cases!(@ $pure, Pure)),+]
    };
    (postgres: $($name:ident),+ $(,)?) => {
        vec![$($crate::cases!(@ $name, Postgres)),+]
    };
    ($($data:ident),+ $(,)?) => {
        vec![$($crate::cases!(@ $data, Data)),+]
    };
    ($($data:ident),+; pure: $($pure:ident),+ $(,)?) => {
        vec![$($crate::cases!(@ $data, Data)),+, $($crate::cases!(@ $pure, Pure)),+]
    };
    (@ $name:ident, $needs:ident) => {
        $crate::stage::Case {
            name: concat!(module_path!(), "::", stringify!($name)),
            needs: $crate::stage::Needs::$needs,
            run: $name,
        }
    };
}

/// The stage of one case in one round.
#[derive(Debug)]
pub struct Stage {
    /// The database of this round.
    pub backend: Backend,
}

/// An empty database of one case; SQLite's file goes with it.
pub struct Empty {
    /// Where it is.
    pub url: String,
    _folder: Option<Folder>,
}

type Shared = Option<Result<Arc<Server>, String>>;
static SHARED: Mutex<[Shared; 2]> = Mutex::new([None, None]);

impl Stage {
    /// The server of all cases that do not break it: with the demo, in development mode.
    #[must_use]
    pub fn server(&self) -> Arc<Server> {
        let mut shared = hold(&SHARED);
        let [sqlite, postgres] = &mut *shared;
        let place = if self.backend == Backend::Sqlite { sqlite } else { postgres };
        let start = || {
            let options = Options {
                backend: self.backend,
                demo: true,
                development: true,
                ..Options::default()
            };
            Server::start(options).map(Arc::new).map_err(|fault| format!("{fault:#}"))
        };
        place
            .get_or_insert_with(start)
            .clone()
            .unwrap_or_else(|fault| panic!("no shared server: {fault}"))
    }

    /// A server of the case's own, on the database of this round.
    #[must_use]
    pub fn own_server(&self, options: Options) -> Server {
        let options = Options { backend: self.backend, ..options };
        Server::start(options).unwrap_or_else(|fault| panic!("{fault:#}"))
    }

    /// An empty database of the case's own, without a server.
    #[must_use]
    pub fn empty_database(&self) -> Empty {
        match self.backend {
            Backend::Sqlite => {
                let folder = Folder::new("thidua-sqlite-").unwrap();
                let url = format!("sqlite://{}?mode=rwc", folder.path().join("empty.db").display());
                Empty { url, _folder: Some(folder) }
            }
            Backend::Postgres => {
                let url = postgres::shared().and_then(|cluster| cluster.database("empty"));
                Empty { url: url.unwrap_or_else(|fault| panic!("{fault:#}")), _folder: None }
            }
        }
    }
}

impl Empty {
    /// Opens it.
    #[must_use]
    pub fn connect(&self) -> Ground {
        Ground::connect(&self.url).unwrap()
    }
}

pub(crate) fn release() {
    *hold(&SHARED) = [None, None];
}

/// The cases in each round they need. Without PostgreSQL there is one round, and one line says so;
/// where PostgreSQL is required, that line is a failure.
#[must_use]
pub fn trials(cases: &[Case]) -> Vec<Trial> {
    record_panics();
    let mut trials = Vec::new();
    for case in cases {
        match case.needs {
            Needs::Pure => trials.push(trial(*case, "", Backend::Sqlite)),
            Needs::Data => trials.push(trial(*case, "sqlite::", Backend::Sqlite)),
            Needs::Postgres => {}
        }
    }
    if postgres::is_available() {
        let data = cases.iter().filter(|case| case.needs != Needs::Pure);
        trials.extend(data.map(|case| trial(*case, "postgres::", Backend::Postgres)));
    } else if postgres::is_required() {
        trials.push(Trial::test("postgres::is_there", || Err(ABSENT.into())));
    } else {
        eprintln!("{ABSENT}");
    }
    trials
}

fn trial(case: Case, round: &str, backend: Backend) -> Trial {
    let name = case.name.split_once("::").map_or(case.name, |(_, name)| name);
    Trial::test(format!("{round}{name}"), move || play(case, &Stage { backend }))
}

/// A case that takes longer is named, so that it is seen what the time of a run goes into.
const SLOW: Duration = Duration::from_secs(10);

thread_local! {
    /// The panic of the case on this thread; outer none when no case plays here.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

fn play(case: Case, stage: &Stage) -> Result<(), Failed> {
    PANIC.set(Some(String::new()));
    let begun = Instant::now();
    let played = panic::catch_unwind(AssertUnwindSafe(|| (case.run)(stage)));
    if begun.elapsed() > SLOW {
        eprintln!("{} on {:?} took {:.0?}", case.name, stage.backend, begun.elapsed());
    }
    let message = PANIC.take().unwrap_or_default();
    if played.is_ok() { Ok(()) } else { Err(Failed::from(message)) }
}

/// Keeps the message and place of a case's panic for its report instead of printing it in between.
fn record_panics() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let is_case = PANIC.with_borrow_mut(|message| {
            message.as_mut().map(|message| *message = info.to_string()).is_some()
        });
        if !is_case {
            print(info);
        }
    }));
}
