//! Threads that run operations, apart from those that take requests: whoever computes for long holds up neither
//! the deadline of those who wait for it nor the connections of others.
//! Nothing is chosen or refused here.

use std::io;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Stack of each thread, in bytes. The roots of the schema are merged of one object a domain, each inside the next, so an
/// operation stands deep before its resolver begins; unoptimised, that alone is more than the usual 2 MiB.
const STACK: usize = 16 * 1024 * 1024;

/// The threads; they end when this is dropped.
pub struct Workers {
    // Each is a runtime of one thread: what an answer asks of one table comes together before the first batch is
    // read, because the batch waits for the same thread.
    threads: Vec<Handle>,
    _alive: watch::Sender<()>,
}

impl Workers {
    /// Starts so many threads, at least one.
    pub fn start(count: usize) -> io::Result<Self> {
        let (alive, ends) = watch::channel(());
        let threads = (0..count.max(1)).map(|number| start(number, ends.clone()));
        Ok(Self { threads: threads.collect::<io::Result<_>>()?, _alive: alive })
    }

    /// Runs a task on the thread that has the fewest.
    pub(super) fn spawn<F>(&self, task: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let idlest = self.threads.iter().min_by_key(|thread| thread.metrics().num_alive_tasks());
        match idlest {
            Some(thread) => thread.spawn(task),
            None => tokio::spawn(task),
        }
    }
}

/// Starts one thread with a runtime, until the other side of the channel is dropped.
fn start(number: usize, mut ends: watch::Receiver<()>) -> io::Result<Handle> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    // Nothing is ever sent.
    let until = async move { ends.changed().await };
    let name = format!("operations-{number}");
    thread::Builder::new().name(name).stack_size(STACK).spawn(move || runtime.block_on(until))?;
    Ok(handle)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[test]
    fn whoever_computes_holds_up_nobody_who_waits() {
        let workers = Workers::start(2).unwrap();
        let waiting = Builder::new_current_thread().enable_all().build().unwrap();

        waiting.block_on(async {
            let (tell, told) = mpsc::channel();
            let long = workers.spawn(async move { told.recv() });
            let waited = timeout(Duration::from_millis(20), long).await;
            assert!(waited.is_err(), "the deadline passed while the task held its thread");
            assert_eq!(workers.spawn(async { 7 }).await.unwrap(), 7, "another thread is free");
            tell.send(()).unwrap();
        });
    }

    #[test]
    fn its_threads_end_with_it() {
        let workers = Workers::start(1).unwrap();
        let task = workers.spawn(std::future::pending::<()>());
        drop(workers);

        let waiting = Builder::new_current_thread().enable_all().build().unwrap();

        assert!(waiting.block_on(task).unwrap_err().is_cancelled());
    }
}
