//! Child processes and folders that never outlive the run, not even an interrupted one.
//! What the processes do does not enter here.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, Once};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::signal::unix::{SignalKind, signal};

use crate::{LOOK, hold, wait};

static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A child process; killed when dropped.
pub(crate) struct Kept {
    child: Child,
}

impl Kept {
    /// Starts a process without input.
    pub(crate) fn spawn(command: &mut Command) -> std::io::Result<Self> {
        watch();
        let child = command.stdin(Stdio::null()).spawn()?;
        hold(&RUNNING).push(child.id());
        Ok(Self { child })
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has not ended yet.
    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Sends a signal by its name: `TERM`, `INT`.
    pub(crate) fn signal(&self, name: &str) {
        send(name, self.child.id());
    }

    /// Waits for the end; none when it still runs after that time.
    pub(crate) fn wait(&mut self, time: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + time;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < deadline => thread::sleep(LOOK),
                Ok(None) | Err(_) => return None,
            }
        }
    }

    /// Ends it at once, as a crash would (SIGKILL).
    pub(crate) fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.kill();
        hold(&RUNNING).retain(|id| *id != self.child.id());
    }
}

/// A temporary folder with a short path; removed when dropped.
pub(crate) struct Folder {
    folder: TempDir,
}

impl Folder {
    pub(crate) fn new(prefix: &str) -> std::io::Result<Self> {
        watch();
        let folder = tempfile::Builder::new().prefix(prefix).tempdir()?;
        hold(&FOLDERS).push(folder.path().to_owned());
        Ok(Self { folder })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        hold(&FOLDERS).retain(|path| path != self.folder.path());
    }
}

fn send(name: &str, id: u32) {
    let kill = Command::new("kill")
        .arg(format!("-{name}"))
        .arg(id.to_string())
        .stderr(Stdio::null())
        .status();
    drop(kill);
}

/// Leaves nothing behind when the run itself is interrupted.
fn watch() {
    static WATCH: Once = Once::new();
    WATCH.call_once(|| {
        thread::spawn(|| {
            if wait(interruption()).is_ok() {
                clear();
                std::process::exit(130);
            }
        });
    });
}

async fn interruption() -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
    Ok(())
}

fn clear() {
    let running = hold(&RUNNING).clone();
    for id in &running {
        send("INT", *id);
    }
    thread::sleep(Duration::from_secs(1));
    for id in &running {
        send("KILL", *id);
    }
    for folder in hold(&FOLDERS).iter() {
        drop(std::fs::remove_dir_all(folder));
    }
}
