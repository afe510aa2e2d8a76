//! Which labels of a label volume count as spine.

use std::collections::BTreeSet;

use leptos::{ev::Event, prelude::*};
use rachis_ct::Label;

use crate::{
    names::file_name,
    session::{LabelSet, Session},
};

/// A choice for each file of masks that has several labels; nothing where there is none.
#[component]
pub fn LabelChoices() -> impl IntoView {
    let session = Session::expect();
    view! {
        <For each=move || session.label_sets() key=|set| set.stack children=|set| view! { <Choice set/> }/>
    }
}

/// The labels of one file, those that count as spine ticked.
#[component]
fn Choice(set: LabelSet) -> impl IntoView {
    let session = Session::expect();
    let labels = set.found.get_untracked().unwrap_or_default().found;
    let all: BTreeSet<i32> = labels.iter().map(|label| label.value).collect();
    let chosen = Memo::new({
        let (set, all) = (set.clone(), all.clone());
        move |_| {
            let choice = set.choice().unwrap_or_default();
            all.iter().copied().filter(|&value| choice.has(value)).collect::<BTreeSet<i32>>()
        }
    });
    let proposed = {
        let found = set.found.clone();
        move || found.with_untracked(|found| found.as_ref().map(|found| found.choice.clone()))
    };
    let is_proposed = {
        let (proposed, all) = (proposed.clone(), all.clone());
        Memo::new(move |_| {
            let proposed = proposed().unwrap_or_default();
            let of_proposed = all.iter().copied().filter(|&value| proposed.has(value));
            chosen.with(|chosen| chosen.iter().copied().eq(of_proposed))
        })
    };
    let choose = {
        let set = set.clone();
        move |values: Option<BTreeSet<i32>>| session.choose_labels(&set, values)
    };
    let name = file_name(&set.path).to_owned();
    let count = labels.len();
    let heading = move || format!("{} of {count} labels count as spine", chosen.with(BTreeSet::len));
    let (choose_proposed, choose_all, choose_none) = (choose.clone(), choose.clone(), choose.clone());
    let is_all = Memo::new(move |_| chosen.with(BTreeSet::len) == count);
    let is_none = Memo::new(move |_| chosen.with(BTreeSet::is_empty));
    // Where the names have told some from the others, few look further.
    let is_unclear = chosen.with_untracked(|chosen| chosen.is_empty() || chosen.len() == count);
    let title_of_card = format!("Labels of {name}");
    view! {
        <section class="card labels" aria-label=title_of_card>
            <details open=is_unclear>
                <summary><h2>{heading}</h2> <span class="labels-file">{name}</span></summary>
                <div class="labels-buttons">
                    <button type="button" class="button quiet" disabled=move || is_proposed.get()
                        on:click=move |_| choose_proposed(None)>"As proposed"</button>
                    <button type="button" class="button quiet" disabled=move || is_all.get()
                        on:click=move |_| choose_all(Some(all.clone()))>"All"</button>
                    <button type="button" class="button quiet" disabled=move || is_none.get()
                        on:click=move |_| choose_none(Some(BTreeSet::new()))>"None"</button>
                </div>
                <ul tabindex="0" aria-label="Labels">
                    {labels.into_iter().map(|label| {
                        let value = label.value;
                        let choose = choose.clone();
                        let change = move |event: Event| {
                            let mut values = chosen.get_untracked();
                            if event_target_checked(&event) {
                                values.insert(value);
                            } else {
                                values.remove(&value);
                            }
                            choose(Some(values));
                        };
                        let is_chosen = move || chosen.with(|chosen| chosen.contains(&value));
                        view! {
                            <li>
                                <label class="check">
                                    <input type="checkbox" prop:checked=is_chosen on:change=change/>
                                    <span class="label-name">{title(&label)}</span>
                                    <span class="label-size">{size(&label)}</span>
                                </label>
                            </li>
                        }
                    }).collect_view()}
                </ul>
            </details>
        </section>
    }
}

/// The label's number, and its name where it has one.
fn title(label: &Label) -> String {
    match &label.name {
        Some(name) => format!("{} {name}", label.value),
        None => format!("Label {}", label.value),
    }
}

fn size(label: &Label) -> String {
    let slices = if label.slices == 1 { "slice" } else { "slices" };
    format!("{} px in {} {slices}", thousands(label.voxels), label.slices)
}

/// With thin spaces between groups of three digits.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_readable() {
        assert_eq!(
            [7, 999, 1000, 1_234_567].map(thousands),
            ["7", "999", "1\u{2009}000", "1\u{2009}234\u{2009}567"]
        );
        let label = Label { value: 27, name: Some("vertebra L5".to_owned()), voxels: 5, slices: 1 };
        assert_eq!((title(&label).as_str(), size(&label).as_str()), ("27 vertebra L5", "5 px in 1 slice"));
    }
}
