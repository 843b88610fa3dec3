//! Long work says how far it is: a bar on a terminal, plain lines elsewhere.

use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

/// Tells a person what is being done, on standard error.
pub struct Progress {
    bar: Option<ProgressBar>,
    /// Tenths of the work already told, where there is no terminal.
    told: AtomicUsize,
    quiet: bool,
}

impl Progress {
    /// Speaks on standard error.
    pub fn shown() -> Self {
        let terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
        let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}").expect("the template is a constant");
        let bar = terminal.then(|| ProgressBar::new(0).with_style(style));
        Self { bar, told: AtomicUsize::new(0), quiet: false }
    }

    /// Says nothing.
    pub fn quiet() -> Self {
        Self { bar: None, told: AtomicUsize::new(0), quiet: true }
    }

    /// `done` of `total` parts of the work called `name` are done.
    pub fn step(&self, name: &'static str, done: usize, total: usize) {
        if let Some(bar) = &self.bar {
            bar.set_message(name);
            bar.set_length(total as u64);
            bar.set_position(done as u64);
            return;
        }
        // Short work is not worth ten lines.
        let tenth = if total < 200 { 0 } else { done * 10 / total };
        if !self.quiet && self.told.fetch_max(tenth, Ordering::Relaxed) < tenth {
            eprintln!("{name}: {done} of {total}");
        }
    }

    /// The next part of the work begins.
    pub fn say(&self, what: &'static str) {
        match &self.bar {
            Some(bar) => bar.set_message(what),
            None if !self.quiet => eprintln!("{what}"),
            None => {}
        }
    }

    /// The work is done; the bar leaves the screen.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
