//! The components of the page.

mod agreement;
mod app;
mod charts;
mod curves;
mod display;
mod drop;
mod engine_badge;
mod exports;
mod gestures;
mod help;
mod labels;
mod meaning;
mod models;
mod orientation;
mod overlay_controls;
mod panes;
mod pickers;
mod problems;
mod rail;
mod report;
mod results;
mod samples;
mod series_choice;
mod shortcuts;
mod status;
mod threshold;
mod thumbnail;
mod top_bar;
mod viewer;
mod welcome;
mod window_controls;
mod work;
mod zoom_controls;

pub use app::App;
