//! Saying what is going on: a bar on a terminal, plain lines elsewhere.

use anyhow::{Context, Result};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use std::time::{Duration, Instant};

/// One line about what happens now or was decided.
pub fn say(message: impl AsRef<str>) {
    eprintln!("    {}", message.as_ref());
}

/// A bar for work of ours that takes `bytes`; draws nothing where there is no terminal.
pub fn bar(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("    {msg:24} {wide_bar} {bytes}/{total_bytes}");
    ProgressBar::new(bytes).with_style(style.expect("the template is constant"))
}

/// `bytes` with a unit a reader knows.
pub fn size(bytes: u64) -> String {
    HumanBytes(bytes).to_string()
}

/// The steps of a command and the time each took.
#[derive(Default)]
pub struct Steps(Vec<(&'static str, Duration)>);

impl Steps {
    /// Announces `name`, does `work` and notes how long it took.
    pub fn step<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        eprintln!("==> {name}");
        let start = Instant::now();
        let value = work().with_context(|| format!("step \"{name}\""))?;
        self.0.push((name, start.elapsed()));
        Ok(value)
    }

    /// Prints what was done and how long each step and all of them took.
    pub fn summary(&self) {
        eprintln!("==> All steps passed");
        for (name, time) in &self.0 {
            eprintln!("    {name:<34} {:>7.1} s", time.as_secs_f64());
        }
        let total: Duration = self.0.iter().map(|(_, time)| *time).sum();
        eprintln!("    {:<34} {:>7.1} s", "together", total.as_secs_f64());
    }
}
