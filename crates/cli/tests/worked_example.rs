//! `docs/worked-example.md` says what its own commands give.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::repository;

/// How far a number may be from the page's, besides one unit of its last decimal: what the few pixels make that other
/// processors round the other way.
const OTHER_PROCESSORS: f64 = 0.002;

/// Runs the page's commands, with `out/` in another folder.
fn run_commands(text: &str, out: &Path) {
    let commands = text.split("```sh\n").nth(1).unwrap().split("```").next().unwrap().replace("\\\n", "");
    let mut count = 0;
    for command in commands.lines().filter(|line| line.starts_with("rachis ")) {
        let place = |word: &str| match word.strip_prefix("out/") {
            Some(inside) => out.join(inside).to_str().unwrap().to_owned(),
            None => word.to_owned(),
        };
        let words: Vec<String> = command.split_whitespace().skip(1).map(place).collect();
        let output = Command::new(env!("CARGO_BIN_EXE_rachis"))
            .current_dir(repository())
            .args(&words)
            .output()
            .unwrap();
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        count += 1;
    }
    assert_eq!(count, 2);
}

/// The cells of the table whose head starts with `head`, without its two first lines.
fn table(text: &str, head: &str) -> Vec<Vec<String>> {
    let lines = text.lines().skip_while(|line| !line.starts_with(&format!("| {head} ")));
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    lines.skip(2).take_while(|line| line.starts_with('|')).map(cells).collect()
}

/// The table as it should be, where the page's is another.
fn correction(said: &[Vec<String>], found: &[Vec<String>]) -> Option<String> {
    let number = |cell: &str| cell.parse::<f64>().ok();
    let last_decimal = |cell: &str| 0.1_f64.powi(cell.split('.').nth(1).map_or(0, |part| part.len() as i32));
    let is_near = |(said, found): (&String, &String)| match (number(said), number(found)) {
        (Some(a), Some(b)) => (a - b).abs() <= 1.001 * last_decimal(said) + OTHER_PROCESSORS * a.abs(),
        _ => said == found,
    };
    let is_same = |(said, found): (&Vec<String>, &Vec<String>)| {
        said.len() == found.len() && said.iter().zip(found).all(is_near)
    };
    let agree = said.len() == found.len() && said.iter().zip(found).all(is_same);
    let row = |row: &Vec<String>| format!("| {} |", row.join(" | "));
    (!agree).then(|| found.iter().map(row).collect::<Vec<_>>().join("\n"))
}

#[test]
fn the_tables_hold_what_the_commands_give() {
    let text = fs::read_to_string(repository().join("docs/worked-example.md")).unwrap();
    let out = tempfile::tempdir().unwrap();
    run_commands(&text, out.path());

    let csv = fs::read_to_string(out.path().join("cases.csv")).unwrap();
    let cases = csv.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(out.path().join("evaluation.json")).unwrap()).unwrap();
    let overall = &json["overall"];
    let measures = ["dice", "sensitivity", "specificity", "precision", "accuracy"];

    let decimals = |cell: &str, places: usize| format!("{:.places$}", cell.parse::<f64>().unwrap());
    let mut rows: Vec<Vec<String>> = cases
        .map(|cells| {
            let mut row = vec![cells[0].rsplit('-').next().unwrap().to_owned()];
            row.extend((1..6).map(|place| decimals(cells[place], 3)));
            row.extend((13..15).map(|place| decimals(cells[place], 0)));
            row
        })
        .collect();
    let mean_of = |measure: &str| overall["measures"][measure]["over_slices"]["mean"].as_f64().unwrap();
    let column_mean = |place: usize| {
        let values =
            csv.lines().skip(1).map(|line| line.split(',').nth(place).unwrap().parse::<f64>().unwrap());
        values.sum::<f64>() / 14.0
    };
    let mut mean = vec!["**mean**".to_owned()];
    mean.extend(measures.map(|measure| format!("{:.3}", mean_of(measure))));
    mean.extend([13, 14].map(|place| format!("{:.0}", column_mean(place))));
    rows.push(mean);
    assert_eq!(rows.len(), 15);
    let mut corrections = vec![correction(&table(&text, "slice"), &rows)];

    let percent = |value: f64| format!("{:.1}", 100.0 * value);
    let paper = |name: &str| overall["paper"][name].as_f64().unwrap();
    let figures = [
        ("DSC, mean over images", "90.4", paper("paper_dsc")),
        ("precision, mean over images", "96.81", mean_of("precision")),
        ("recall, mean over images", "86.99", mean_of("sensitivity")),
        ("F1 of mean precision and mean recall", "91.64", paper("paper_f1")),
    ];
    let figures: Vec<Vec<String>> =
        figures.map(|(name, theirs, ours)| vec![name.to_owned(), theirs.to_owned(), percent(ours)]).into();
    corrections.push(correction(&table(&text, "figure"), &figures));

    let areas = &json["bland_altman"]["mm2"];
    let whole = |value: &serde_json::Value| format!("{:.0}", value.as_f64().unwrap());
    let agreement: Vec<Vec<String>> = [
        ("mean difference", "mean_difference"),
        ("lower limit", "lower_limit"),
        ("upper limit", "upper_limit"),
    ]
    .map(|(name, key)| {
        let interval = &areas[format!("{key}_interval")];
        vec![name.to_owned(), whole(&areas[key]), whole(&interval["low"]), whole(&interval["high"])]
    })
    .into();
    corrections.push(correction(&table(&text, "mm²"), &agreement));
    let corrections: Vec<String> = corrections.into_iter().flatten().collect();
    assert!(corrections.is_empty(), "docs/worked-example.md should say\n{}", corrections.join("\n\n"));
}
