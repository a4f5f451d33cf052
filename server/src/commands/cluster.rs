//! `wellspring cluster`: the processes that builds with `--engine df://…` run on.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use builder::SchedulerAddress;
use builder::cluster::{Worker, schedule, work};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    part: Part,
}

#[derive(Debug, clap::Subcommand)]
enum Part {
    /// Hands the work of builds to workers.
    Scheduler(SchedulerArgs),
    /// Does the work.
    Worker(WorkerArgs),
}

#[derive(Debug, clap::Args)]
struct SchedulerArgs {
    /// Where it listens. Nobody is asked who they are: let only the cluster's own machines reach it.
    #[arg(long, default_value = "127.0.0.1:50050", value_name = "ADDR:PORT")]
    addr: SocketAddr,
    /// Seconds after which a silent worker is taken for dead and its work given to others.
    #[arg(long, default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(10..=3_600))]
    silence: u64,
}

#[derive(Debug, clap::Args)]
struct WorkerArgs {
    /// Whom it works for.
    #[arg(long, default_value = "df://127.0.0.1:50050", value_name = "DF://HOST:PORT")]
    scheduler: SchedulerAddress,
    /// Where it listens for others who fetch what it has made; port 0 is one that is free. Nobody is asked who they are.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDR:PORT")]
    addr: SocketAddr,
    /// Name under which others reach it, if not the address that the scheduler sees.
    #[arg(long, value_name = "HOST")]
    external_host: Option<String>,
    /// How much it does at a time; all cores of the machine if it is not said.
    #[arg(long, value_name = "CORES", value_parser = clap::value_parser!(u16).range(1..=1_024))]
    cores: Option<u16>,
    /// Memory that it works in, roughly, in GiB: what is beyond that goes through files of its folder.
    #[arg(long, default_value_t = 8.0, value_name = "GIB", value_parser = super::build::gib)]
    memory: f64,
    /// A folder of its own on a local disk, for what is on its way between workers.
    #[arg(long, value_name = "DIR")]
    work_dir: PathBuf,
}

/// Plans are nested deep, and are read and written by functions that call themselves.
const STACK: usize = 16 << 20;

pub(crate) fn run(args: Args) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build()?;
    match args.part {
        Part::Scheduler(SchedulerArgs { addr, silence }) => {
            let told = |addr| tell(&format!("scheduler on df://{addr}"), addr);
            runtime.block_on(async {
                tokio::select! {
                    done = schedule(addr, Duration::from_secs(silence), told) => done,
                    _ = tokio::signal::ctrl_c() => Ok(()),
                }
            })?;
        }
        Part::Worker(WorkerArgs { scheduler, addr, external_host, cores, memory, work_dir }) => {
            let cores = cores.map_or_else(|| std::thread::available_parallelism().map_or(2, usize::from), usize::from);
            let memory = (memory * f64::from(1 << 30)) as u64;
            let worker = Worker { scheduler, addr, external_host, cores, memory, work_dir };
            runtime.block_on(work(worker, |addr| tell(&format!("worker on {addr}"), addr)))?;
        }
    }
    Ok(())
}

/// Says where a process listens, and what that means.
fn tell(line: &str, addr: SocketAddr) {
    // A reader who has gone does not stop the process.
    let _ = super::print(&format!("{line}\n"));
    if !addr.ip().is_loopback() {
        eprintln!("note: nobody is asked who they are on {addr}; let only the cluster's own machines reach it");
    }
}
