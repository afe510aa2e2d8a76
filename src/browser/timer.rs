//! Waiting, and not keeping others waiting.

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

/// Milliseconds since the page opened, on a clock that is never set.
pub fn now_ms() -> f64 {
    gloo::utils::window().performance().map_or(0.0, |clock| clock.now())
}

/// How long work may hold up the page: well under one picture of a film.
const SPELL_MS: f64 = 12.0;

/// A spell of long work on the page's own thread, which in between must answer the user.
pub struct Spell {
    began_ms: f64,
}

impl Spell {
    /// Begins now.
    pub fn begin() -> Self {
        Self { began_ms: now_ms() }
    }

    /// Lets the page do other things if the spell has been long; then another one begins.
    pub async fn rest_if_long(&mut self) {
        if now_ms() - self.began_ms > SPELL_MS {
            sleep(0).await;
            *self = Self::begin();
        }
    }
}
