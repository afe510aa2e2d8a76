//! What went wrong, file by file.

use leptos::prelude::*;

use crate::session::Session;

/// One line for each file that cannot be used; nothing where there is none.
#[component]
pub fn Problems() -> impl IntoView {
    let session = Session::expect();
    let problems = Memo::new(move |_| session.problems());
    let title = move || match problems.with(Vec::len) {
        1 => "1 file has a problem".to_owned(),
        count => format!("{count} files have problems"),
    };
    view! {
        <div role="status" aria-label="Problems">
            <Show when=move || !problems.with(Vec::is_empty)>
                <section class="card problems">
                    <div class="card-head">
                        <h2>{title}</h2>
                        <button type="button" class="button quiet" on:click=move |_| session.dismiss_problems()>
                            "Dismiss"
                        </button>
                    </div>
                    <ul>
                        {move || problems.get().into_iter().map(|problem| view! {
                            <li><strong>{problem.about.to_string()}</strong> " " <span>{problem.text}</span></li>
                        }).collect_view()}
                    </ul>
                </section>
            </Show>
        </div>
    }
}
