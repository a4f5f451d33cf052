//! How many checks passed and failed, read from what each runner prints.

use anyhow::{Context, Result};
use serde_json::Value;
use std::{
    fmt,
    ops::{Add, AddAssign},
};

/// A count of checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Checks that held.
    pub(crate) passed: u64,
    /// Checks that did not.
    pub(crate) failed: u64,
}

impl Tally {
    /// One check that held.
    pub(crate) const PASSED: Self = Self { passed: 1, failed: 0 };
    /// One check that did not.
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1 };

    /// Adds up the `test result:` lines of cargo's and wasm-bindgen's test runners. A runner that was not
    /// content without naming a failed test (it did not compile, it crashed) counts as one failure.
    pub(crate) fn of_cargo(content: bool, output: &str) -> Self {
        let mut tally = Self::default();
        for line in output.lines().filter_map(|line| line.split_once("test result: ")) {
            tally += Self { passed: number_before(line.1, "passed"), failed: number_before(line.1, "failed") };
        }
        tally.or_failed(content)
    }

    /// Reads a check script's last line, `N passed, N failed`; a script without one is a single check.
    pub(crate) fn of_script(content: bool, output: &str) -> Self {
        let last = output.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
        if !(last.contains(" passed") && last.contains(" failed")) {
            return if content { Self::PASSED } else { Self::FAILED };
        }
        let tally = Self { passed: number_before(last, "passed"), failed: number_before(last, "failed") };
        tally.or_failed(content)
    }

    /// Reads Playwright's JSON report. A flaky journey failed once, and is counted so.
    pub(crate) fn of_playwright(content: bool, report: &str) -> Result<Self> {
        let report: Value = serde_json::from_str(report).context("Playwright's report is no JSON")?;
        let count = |name: &str| report["stats"][name].as_u64().unwrap_or(0);
        let tally = Self { passed: count("expected"), failed: count("unexpected") + count("flaky") };
        Ok(tally.or_failed(content))
    }

    fn or_failed(mut self, content: bool) -> Self {
        if !content && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// The number in front of a word: 12 in `ok. 12 passed; 0 failed`.
fn number_before(text: &str, word: &str) -> u64 {
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches([',', ';', '.'])).collect();
    let found = words.windows(2).find(|pair| pair[1] == word);
    found.and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_several_test_programs_add_up() {
        let output = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured\n\
            noise\ntest result: FAILED. 3 passed; 2 failed; 0 ignored\n";
        assert_eq!(Tally::of_cargo(false, output), Tally { passed: 15, failed: 2 });
    }

    #[test]
    fn tests_that_do_not_compile_are_a_failure() {
        assert_eq!(Tally::of_cargo(false, ""), Tally::FAILED);
    }

    #[test]
    fn a_crash_after_passing_tests_is_a_failure() {
        let output = "test result: ok. 4 passed; 0 failed;\n";
        assert_eq!(Tally::of_cargo(false, output), Tally { passed: 4, failed: 1 });
    }

    #[test]
    fn a_script_counts_for_itself_or_as_one() {
        assert_eq!(Tally::of_script(true, "fine\n7 passed, 0 failed\n\n"), Tally { passed: 7, failed: 0 });
        assert_eq!(Tally::of_script(true, "fine\n"), Tally::PASSED);
        assert_eq!(Tally::of_script(false, "Traceback\n"), Tally::FAILED);
    }

    #[test]
    fn a_flaky_journey_is_a_failed_one() {
        let report = r#"{"stats":{"expected":9,"unexpected":0,"flaky":1,"skipped":0}}"#;
        assert_eq!(Tally::of_playwright(true, report).expect("JSON"), Tally { passed: 9, failed: 1 });
        assert!(Tally::of_playwright(true, "").is_err());
    }

    #[test]
    fn the_closing_line_is_plain() {
        assert_eq!(Tally { passed: 3, failed: 0 }.to_string(), "3 passed, 0 failed");
    }
}
