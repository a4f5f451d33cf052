//! Running other programs: streamed, captured, or both. None of them is ever asked a question.

use anyhow::{Context, Result, bail};
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

/// Runs to the end, its output on our own; a failure names the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| cannot_start(command))?;
    if !status.success() {
        bail!("`{}` ended with {status}", line(command));
    }
    Ok(())
}

/// Runs quietly and returns what it printed; a failure shows the last lines.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| cannot_start(command))?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let said = format!("{printed}{}", String::from_utf8_lossy(&output.stderr));
        let lines: Vec<&str> = said.lines().collect();
        let tail = lines[lines.len().saturating_sub(12)..].join("\n  ");
        bail!("`{}` ended with {}\n  {tail}", line(command), output.status);
    }
    Ok(printed)
}

/// Runs with its output on our own, and returns it too, with whether the program was content.
pub(crate) fn stream(command: &mut Command) -> Result<(bool, String)> {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().with_context(|| cannot_start(command))?;
    let stdout = child.stdout.take().context("a piped child has an output")?;
    let mut kept = String::new();
    let mut reader = BufReader::new(stdout);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes)? > 0 {
        let text = String::from_utf8_lossy(&bytes);
        print!("{text}");
        kept.push_str(&text);
        bytes.clear();
    }
    Ok((child.wait()?.success(), kept))
}

/// Becomes that program, so that Ctrl-C and signals reach it alone.
#[cfg(unix)]
pub(crate) fn become_it(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec()).with_context(|| cannot_start(command))
}

/// Waits for that program, where one process cannot become another.
#[cfg(not(unix))]
pub(crate) fn become_it(command: &mut Command) -> Result<()> {
    run(command)
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start `{}`: is it installed and on PATH?", line(command))
}

fn line(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().map(|word| word.to_string_lossy()));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command() {
        let error = run(Command::new("rustc").arg("--no-such-option")).expect_err("it must fail");
        assert!(error.to_string().contains("rustc --no-such-option"), "{error}");
    }

    #[test]
    fn a_missing_program_is_a_sentence() {
        let error = capture(&mut Command::new("no-such-program-here")).expect_err("not there");
        assert!(error.to_string().contains("is it installed"), "{error}");
    }

    #[test]
    fn streamed_output_is_also_returned() {
        let (content, output) = stream(Command::new("rustc").arg("-vV")).expect("rustc runs");
        assert!(content);
        assert!(output.contains("host: "));
    }
}
