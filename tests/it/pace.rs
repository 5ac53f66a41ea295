//! Requests at a pace, whether answers come or not, and what the times of answers come to. No case is here.

use std::thread;
use std::time::{Duration, Instant};

use harness::client::Answer;

/// Requests under way at most.
const SENDERS: u32 = 128;

/// Asks so many times a second for this long; each answer with its time. What is asked is told its number.
pub(crate) fn at_rate(
    rate: f64,
    time: Duration,
    ask: impl Fn(usize) -> Answer + Sync,
) -> Vec<(Answer, Duration)> {
    let (begun, pause) = (Instant::now(), Duration::from_secs_f64(f64::from(SENDERS) / rate));
    let send = |sender: u32| {
        let mut due = begun + pause * sender / SENDERS;
        let mut answers = Vec::new();
        for number in (sender..).step_by(usize::try_from(SENDERS).unwrap()) {
            if due >= begun + time {
                break;
            }
            thread::sleep(due.saturating_duration_since(Instant::now()));
            answers.push(timed(|| ask(usize::try_from(number).unwrap())));
            due += pause;
        }
        answers
    };
    thread::scope(|scope| {
        let senders: Vec<_> =
            (0..SENDERS).map(|sender| scope.spawn(move || send(sender))).collect();
        senders.into_iter().flat_map(|sender| sender.join().unwrap()).collect()
    })
}

/// What was asked for, and how long it took.
pub(crate) fn timed<T>(ask: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let answer = ask();
    (answer, begun.elapsed())
}

/// The value below which so many of a hundred lie; nothing of none.
pub(crate) fn percentile<T: Copy + Default + Ord>(values: &[T], percent: usize) -> T {
    let mut values = values.to_vec();
    values.sort_unstable();
    let at = (values.len() * percent / 100).min(values.len().saturating_sub(1));
    values.get(at).copied().unwrap_or_default()
}
