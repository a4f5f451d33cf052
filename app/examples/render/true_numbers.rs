//! True numbers: a built `wellspring` answers questions about a snapshot.

use std::error::Error;
use std::io::Write;
use std::process::{Command, Stdio};

use model::{Answers, Manifest, Question};

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
        serde_json::from_slice(&done.stdout).map_err(|error| said(&error))
    }
}
