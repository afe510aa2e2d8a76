//! What went wrong and what was left out, file by file.

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::session::{Problem, Session};

/// Files with the same problem beyond this number are folded into one line.
const MANY: usize = 3;

/// One line for each file that cannot be used, or for many that cannot for the same reason; nothing where there is none.
#[component]
pub fn Problems() -> impl IntoView {
    let session = Session::expect();
    let problems = Memo::new(move |_| session.problems());
    let of_kind = move |is_of_other_kind: bool| {
        Memo::new(move |_| {
            let is_wanted = |problem: &&Problem| problem.is_of_other_kind == is_of_other_kind;
            problems.with(|all| all.iter().filter(is_wanted).cloned().collect::<Vec<_>>())
        })
    };
    let (broken, left_out) = (of_kind(false), of_kind(true));
    let broken_title = move || match broken.with(Vec::len) {
        1 => "1 file has a problem".to_owned(),
        count => format!("{count} files have problems"),
    };
    let left_out_title = move || match left_out.with(Vec::len) {
        1 => "1 file was left out".to_owned(),
        count => format!("{count} files were left out"),
    };
    view! {
        <div role="status" aria-label="Problems">
            <Show when=move || !broken.with(Vec::is_empty)>
                <section class="card problems">
                    <Head title=broken_title/>
                    <ul>{move || broken.with(|all| lines(all))}</ul>
                </section>
            </Show>
            <Show when=move || !left_out.with(Vec::is_empty)>
                <section class="card problems left-out">
                    <Head title=left_out_title/>
                    <ul>{move || left_out.with(|all| lines(all))}</ul>
                </section>
            </Show>
        </div>
    }
}

#[component]
fn Head(title: impl Fn() -> String + Send + 'static) -> impl IntoView {
    let session = Session::expect();
    view! {
        <div class="card-head">
            <h2>{title}</h2>
            <button type="button" class="button quiet" on:click=move |_| session.dismiss_problems()>"Dismiss"</button>
        </div>
    }
}

fn lines(problems: &[Problem]) -> impl IntoView + use<> {
    grouped(problems).into_iter().map(line).collect_view()
}

/// Problems by what they say, in the order of their first.
fn grouped(problems: &[Problem]) -> Vec<Vec<Problem>> {
    let mut place_of = BTreeMap::new();
    let mut groups: Vec<Vec<Problem>> = Vec::new();
    for problem in problems {
        let place = *place_of.entry(&*problem.text).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(problem.clone()),
            None => groups.push(vec![problem.clone()]),
        }
    }
    groups
}

fn line(group: Vec<Problem>) -> AnyView {
    let count = group.len();
    if count <= MANY {
        let one = |Problem { about, text, .. }: Problem| {
            view! { <li><strong>{about.to_string()}</strong> " " <span>{text}</span></li> }
        };
        return group.into_iter().map(one).collect_view().into_any();
    }
    let text = group.first().map(|problem| problem.text.clone());
    let name = |problem: Problem| view! { <p>{problem.about.to_string()}</p> };
    view! {
        <li>
            <details>
                <summary><strong>{format!("{count} files")}</strong> " " <span>{text}</span></summary>
                {group.into_iter().map(name).collect_view()}
            </details>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_with_one_reason_are_one_group() {
        let problem = |about: &str, text: &str| Problem {
            about: about.into(),
            text: text.to_owned(),
            is_of_other_kind: true,
        };
        let problems = ["localizer", "report", "localizer"].map(|text| problem(text, text));
        let sizes: Vec<(String, usize)> =
            grouped(&problems).into_iter().map(|group| (group[0].text.clone(), group.len())).collect();
        assert_eq!(sizes, [("localizer".to_owned(), 2), ("report".to_owned(), 1)]);
    }
}
