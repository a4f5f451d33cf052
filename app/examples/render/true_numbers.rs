//! True numbers: a built `wellspring` answers questions about a snapshot.

use std::error::Error;
use std::io::Write;
use std::process::{Command, Stdio};

use model::{Answers, Manifest, Question};
use serde_json::Value;

/// Who answers.
pub(crate) struct Teller {
    program: String,
    folder: String,
    /// The snapshot's.
    pub(crate) manifest: Manifest,
}

impl Teller {
    /// The program of `WELLSPRING_BIN` and the snapshot of `WELLSPRING_SNAPSHOT`; none unless both are set.
    pub(crate) fn from_env() -> Result<Option<Self>, Box<dyn Error>> {
        let (Ok(program), Ok(folder)) = (std::env::var("WELLSPRING_BIN"), std::env::var("WELLSPRING_SNAPSHOT")) else {
            return Ok(None);
        };
        let text = std::fs::read_to_string(std::path::Path::new(&folder).join("manifest.json"))?;
        Ok(Some(Self { manifest: serde_json::from_str(&text)?, program, folder }))
    }

    /// The answer to a question, or what the program says is wrong.
    pub(crate) fn answer(&self, question: &Question) -> Result<Answers, String> {
        let said = |error: &dyn std::fmt::Display| error.to_string();
        let mut child = Command::new(&self.program)
            .args(["ask", "--snapshot", &self.folder, "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| said(&error))?;
        let text = serde_json::to_vec(question).map_err(|error| said(&error))?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(&text).map_err(|error| said(&error))?;
        }
        let done = child.wait_with_output().map_err(|error| said(&error))?;
        if !done.status.success() {
            return Err(String::from_utf8_lossy(&done.stderr).into_owned());
        }
        let mut answers: Value = serde_json::from_slice(&done.stdout).map_err(|error| said(&error))?;
        if let Some(percent) = std::env::var("WELLSPRING_DOUBT").ok().and_then(|text| text.parse().ok()) {
            doubt(&mut answers, percent);
            answers["coverage"]["exact"] = false.into();
            answers["coverage"]["read"] = 1.into();
        }
        serde_json::from_value(answers).map_err(|error| said(&error))
    }
}

/// Gives every figure an interval of ± so many per cent, as if not everything had been read.
fn doubt(value: &mut Value, percent: f64) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|item| doubt(item, percent)),
        Value::Object(fields) => {
            fields.values_mut().for_each(|field| doubt(field, percent));
            let around = |end: &Value, sign: f64| match (end.as_i64(), end.as_f64()) {
                (Some(whole), _) => Value::from(whole + (sign * whole.abs() as f64 * percent / 100.0).round() as i64),
                (None, Some(ratio)) => Value::from(ratio + sign * ratio.abs() * percent / 100.0),
                _ => Value::Null,
            };
            if let Some(middle) = fields.get("value").cloned().filter(|_| fields.contains_key("low")) {
                fields.insert("low".to_owned(), around(&middle, -1.0));
                fields.insert("high".to_owned(), around(&middle, 1.0));
            }
        }
        _ => {}
    }
}
