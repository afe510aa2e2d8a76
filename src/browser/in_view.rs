//! Which elements of a long list can be seen.

use std::collections::BTreeMap;
use std::{cell::RefCell, rc::Rc};

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry};

/// The attribute that holds an element's number.
const NUMBER: &str = "data-number";

type Signals = Rc<RefCell<BTreeMap<String, ArcRwSignal<bool>>>>;

/// Watches elements come into view and leave it. Dropping it ends that.
pub struct InView {
    /// `None` in browsers without it: everything then counts as in view.
    observer: Option<IntersectionObserver>,
    signals: Signals,
    _callback: Closure<dyn FnMut(Array)>,
}

impl InView {
    /// Watches nothing yet.
    pub fn new() -> Self {
        let signals = Signals::default();
        let known = Rc::clone(&signals);
        let callback = Closure::new(move |entries: Array| {
            for entry in entries.iter().filter_map(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok())
            {
                let number = entry.target().get_attribute(NUMBER).unwrap_or_default();
                let signal = known.borrow().get(&number).cloned();
                if let Some(signal) = signal {
                    signal.set(entry.is_intersecting());
                }
            }
        });
        let observer = IntersectionObserver::new(callback.as_ref().unchecked_ref()).ok();
        Self { observer, signals, _callback: callback }
    }

    /// Keeps in `signal` whether the element can be seen.
    pub fn watch(&self, element: &Element, number: u64, signal: ArcRwSignal<bool>) {
        let Some(observer) = &self.observer else { return signal.set(true) };
        let number = number.to_string();
        if element.set_attribute(NUMBER, &number).is_ok() {
            self.signals.borrow_mut().insert(number, signal);
            observer.observe(element);
        }
    }

    /// Does not watch it any more.
    pub fn forget(&self, number: u64) {
        self.signals.borrow_mut().remove(&number.to_string());
    }
}

impl Drop for InView {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
