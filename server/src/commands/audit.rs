//! `wellspring audit`: who did what, and the proof that nothing was changed since.

use std::io::{self, Write};

use access::audit::Head;
use anyhow::bail;

use super::metadata::Metadata;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    metadata: Metadata,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Prove that every entry is as it was written, and print where the audit ends.
    Verify {
        /// The end as printed before, `NUMBER:HASH`: proves that nothing was cut off since.
        #[arg(long, value_name = "NUMBER:HASH", value_parser = head)]
        noted: Option<Head>,
    },
    /// Print all entries as JSON, one a line, oldest first.
    Export,
}

fn head(text: &str) -> Result<Head, String> {
    let parts = text.split_once(':').and_then(|(seq, hash)| Some((seq.parse().ok()?, hash)));
    match parts {
        Some((seq, hash)) if hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            Ok(Head { seq, hash: hash.to_ascii_lowercase() })
        }
        _ => Err("write the entry's number, a colon, and its hash of 64 hexadecimal digits".to_owned()),
    }
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    args.metadata.with(async |access| match &args.action {
        Action::Verify { noted } => match access.audit.verify(noted.as_ref()).await? {
            Ok(sound) => {
                let Head { seq, hash } = sound.head;
                super::print(&format!("sound      {} entries\nends at    {seq}:{hash}\n", sound.entries))
            }
            Err(broken) => bail!("{broken}; someone changed the database, or the secret is another one"),
        },
        Action::Export => {
            let mut stdout = io::stdout().lock();
            let written = access.audit.export::<Fault>(|line| Ok(stdout.write_all(line.as_bytes())?)).await;
            match written.map(|_| stdout.flush()) {
                Err(Fault::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                Err(fault) => Err(fault.into()),
                Ok(flushed) => Ok(flushed?),
            }
        }
    })
}

/// What can go wrong while entries are written.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Access(#[from] access::Error),
    #[error("stdout: {0}")]
    Write(#[from] io::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_written_as_it_was_printed() {
        let hash = "0f".repeat(32);
        assert_eq!(head(&format!("12:{hash}")), Ok(Head { seq: 12, hash: hash.clone() }));
        for other in ["", "12", "12:", "x:y", &format!("12:{hash}0"), &format!(":{hash}"), &hash] {
            assert!(head(other).is_err(), "{other}");
        }
    }
}
