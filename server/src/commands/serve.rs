//! `wellspring serve`: shows a snapshot in the browser until it is told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::net::TcpListener;

use super::metadata::Metadata;
use super::oidc::Oidc;
use super::operation::OperationArgs;
use crate::door::{Entry, SignIn};
use crate::serve::{Settings, serve};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The snapshot's folder.
    #[arg(long, env = "WELLSPRING_SNAPSHOT", value_name = "DIR")]
    snapshot: PathBuf,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, env = "WELLSPRING_ADDR", default_value = "127.0.0.1:3000", value_name = "IP:PORT")]
    addr: SocketAddr,
    /// The folder that Trunk built (`cargo xtask build`).
    #[arg(long, env = "WELLSPRING_SITE", default_value = "dist", value_name = "DIR")]
    site: PathBuf,
    /// Show everything to everybody on this machine, without sign-in; refused on addresses that others reach.
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    metadata: Metadata,
    #[command(flatten)]
    operation: OperationArgs,
    #[command(flatten)]
    oidc: Oidc,
}

impl Args {
    fn entry(&self) -> anyhow::Result<Entry> {
        if self.open {
            return Ok(Entry::Open);
        }
        let secret = self.metadata.secret().context("on this machine only, --open shows everything without sign-in")?;
        Ok(Entry::SignIn(Box::new(SignIn {
            database: self.metadata.database(),
            secret,
            settings: access::Settings::default(),
            company: self.oidc.config()?,
        })))
    }
}

#[tokio::main]
pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let begun = Instant::now();
    let entry = args.entry()?;
    let operation = args.operation.operation()?;
    let listener = TcpListener::bind(args.addr)
        .await
        .with_context(|| format!("cannot listen on {}; choose another with --addr", args.addr))?;
    let addr = listener.local_addr()?;
    let settings = Settings {
        snapshot: args.snapshot,
        site: args.site,
        entry,
        watch_every: Duration::from_secs(1),
        patience: Duration::from_secs(10),
        operation,
    };
    let ready = |snapshot: &str| {
        let seconds = begun.elapsed().as_secs_f64();
        // A closed stdout is no reason not to serve.
        let _ = super::print(&format!("showing {snapshot} at http://{addr} (ready after {seconds:.2} s)\n"));
    };
    serve(settings, listener, ready, told_to_stop()).await?;
    tracing::info!("stopped");
    Ok(())
}

/// Ready on Ctrl-C and, where there is one, on SIGTERM.
async fn told_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signals) => {
                signals.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
