//! Name, notice, ways in, engine, theme, help.

use leptos::prelude::*;
use rachis_ct::NOTICE;

use super::{
    display::Display,
    engine_badge::EngineBadge,
    pickers::{OpenButton, Picker},
};

/// The bar at the top of the page.
#[component]
pub fn TopBar(
    /// Nothing is open yet, and the middle of the page offers the ways in.
    is_empty: Memo<bool>,
) -> impl IntoView {
    let display = Display::expect();
    let theme_label = move || if display.light.get() { "Dark colours" } else { "Light colours" };
    view! {
        <header class="top-bar">
            <h1 class="brand">
                <svg viewBox="0 0 24 24" aria-hidden="true">
                    <rect x="8" y="2.5" width="8" height="5" rx="2"/>
                    <rect x="7" y="9.5" width="10" height="5" rx="2"/>
                    <rect x="8" y="16.5" width="8" height="5" rx="2"/>
                </svg>
                "Rachis"
            </h1>
            <p class="notice">{NOTICE}</p>
            <Show when=move || !is_empty.get()>
                <div class="open-buttons" role="group" aria-label="Open">
                    <OpenButton picker=Picker::Images label="Open CT images"/>
                    <OpenButton picker=Picker::Folder label="Open folder"/>
                    <OpenButton picker=Picker::Masks label="Open reference masks"/>
                </div>
            </Show>
            <div class="top-bar-end">
                <EngineBadge/>
                <button type="button" class="icon-button" title=theme_label aria-label=theme_label
                    on:click=move |_| display.light.update(|light| *light = !*light)>
                    <svg viewBox="0 0 24 24" aria-hidden="true">
                        <circle cx="12" cy="12" r="8"/>
                        <path class="solid" d="M12 4a8 8 0 0 1 0 16z"/>
                    </svg>
                </button>
                <button type="button" class="icon-button" title="Help (?)" aria-label="Help"
                    on:click=move |_| display.help.set(true)>
                    <svg viewBox="0 0 24 24" aria-hidden="true">
                        <path d="M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4"/>
                        <circle class="solid" cx="12" cy="17.5" r="1.1"/>
                    </svg>
                </button>
            </div>
        </header>
    }
}
