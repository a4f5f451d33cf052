//! Tells how far a long command is: a bar on a terminal, otherwise a line with the seconds for each finished step.

use std::io::{self, IsTerminal};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// The steps of one command. The bar stands on stderr, the lines go to stdout: stderr is for the one line of a failure.
#[derive(Debug)]
pub(crate) struct Steps {
    bar: Option<ProgressBar>,
    now: Mutex<Option<Step>>,
}

#[derive(Debug)]
struct Step {
    name: String,
    begun: Instant,
    rows: u64,
}

impl Steps {
    /// Nothing has begun yet.
    pub(crate) fn new() -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self { bar, now: Mutex::new(None) }
    }

    /// A step begins; the one before it is finished. Naming the step under way again changes nothing.
    pub(crate) fn step(&self, name: &str) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if now.as_ref().is_some_and(|step| step.name == name) {
            return;
        }
        self.tell(now.take());
        if let Some(bar) = &self.bar {
            bar.set_style(style("{spinner} {msg} {human_pos} rows, {elapsed}"));
            bar.set_position(0);
            bar.reset_elapsed();
            bar.set_message(name.to_owned());
        }
        *now = Some(Step { name: name.to_owned(), begun: Instant::now(), rows: 0 });
    }

    /// So many rows more were handled.
    #[cfg_attr(not(feature = "build"), expect(dead_code, reason = "only a build counts rows"))]
    pub(crate) fn advance(&self, rows: u64) {
        if let Some(step) = self.now.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            step.rows += rows;
        }
        if let Some(bar) = &self.bar {
            bar.inc(rows);
        }
    }

    /// The step is done to this part, 0 to 1.
    pub(crate) fn part(&self, name: &str, part: f32) {
        self.step(name);
        if let Some(bar) = &self.bar {
            bar.set_style(style("{spinner} {msg} [{bar:30}] {percent} %, {elapsed}"));
            bar.set_length(1000);
            bar.set_position((part.clamp(0.0, 1.0) * 1000.0) as u64);
        }
    }

    /// The last step is finished too.
    pub(crate) fn finish(self) {
        self.tell(self.now.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn tell(&self, step: Option<Step>) {
        let Some(Step { name, begun, rows }) = step else {
            return;
        };
        let seconds = begun.elapsed().as_secs_f64();
        let counted = if rows > 0 { format!(", {rows} rows") } else { String::new() };
        let line = format!("{name}: {seconds:.1} s{counted}");
        match &self.bar {
            Some(bar) => bar.println(line),
            None => {
                // A closed stdout is no reason to stop working.
                let _ = crate::commands::print(&(line + "\n"));
            }
        }
    }
}

impl Drop for Steps {
    /// A command that failed leaves no bar behind.
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_bars_are_well_formed() {
        for template in
            ["{spinner} {msg} {human_pos} rows, {elapsed}", "{spinner} {msg} [{bar:30}] {percent} %, {elapsed}"]
        {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }

    #[test]
    fn a_step_named_twice_is_one_step() {
        let steps = Steps::new();
        steps.part("members", 0.1);
        steps.part("members", 0.2);
        let begun = steps.now.lock().unwrap().as_ref().map(|s| s.name.clone());
        assert_eq!(begun.as_deref(), Some("members"));
        steps.finish();
    }
}
