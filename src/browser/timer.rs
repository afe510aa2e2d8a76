//! Waiting.

use futures::channel::oneshot;
use gloo::timers::callback::Timeout;

/// Waits; a dropped wait is cancelled.
pub async fn sleep(milliseconds: u32) {
    let (ring, rung) = oneshot::channel();
    let _timeout = Timeout::new(milliseconds, move || {
        let _ = ring.send(());
    });
    let _ = rung.await;
}
