//! The processes of a cluster: one scheduler, and workers that read and write the shared folder.
//!
//! They are Ballista's own, told of what the builder's plans need beyond SQL's: functions, and the step that writes
//! tables. Workers ask the scheduler for work and so need no port for it; each listens on one port, where others fetch
//! what it has made. Nobody is asked who they are on these ports: the cluster's network must be closed.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::registry::BallistaFunctionRegistry;
use ballista_core::utils::default_session_builder;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::{create_scheduler, start_grpc_service_with_listener};
use datafusion::execution::FunctionRegistry;
use datafusion::prelude::SessionConfig;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};

use crate::engine::cluster::written::Codec;
use crate::engine::functions;
use crate::{BuildError, SchedulerAddress};

/// How long a worker may be silent where nothing else is asked; one that is busy is heard every 5 seconds.
pub const SILENCE: Duration = Duration::from_secs(30);

/// Runs a scheduler, which only a signal ends. `told` hears where it listens.
pub async fn schedule(
    addr: SocketAddr,
    silence: Duration,
    told: impl FnOnce(SocketAddr) + Send,
) -> Result<(), BuildError> {
    let unusable = |e: &dyn std::fmt::Display| BuildError::Engine(format!("cannot schedule on {addr}: {e}"));
    let listener = tokio::net::TcpListener::bind(addr).await.map_err(|e| unusable(&e))?;
    let addr = listener.local_addr().map_err(|e| unusable(&e))?;
    let config = SchedulerConfig {
        bind_host: host(addr),
        bind_port: addr.port(),
        external_host: host(addr),
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        executor_timeout_seconds: silence.as_secs().max(10),
        expire_dead_executor_interval_seconds: 2,
        // All workers may be gone for as long as it takes to start them again.
        no_executors_grace_period_seconds: 600,
        // Results are in the shared folder by then.
        finished_job_data_clean_up_interval_seconds: 60,
        finished_job_state_clean_up_interval_seconds: 600,
        override_physical_codec: Some(Arc::new(Codec::default())),
        override_session_builder: Some(Arc::new(|config: SessionConfig| {
            let mut state = default_session_builder(config)?;
            for function in functions() {
                state.register_udf(Arc::new(function))?;
            }
            Ok(state)
        })),
        ..SchedulerConfig::default()
    };
    let cluster = BallistaCluster::new_from_config(&config).await.map_err(|e| unusable(&e))?;
    let scheduler = create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config));
    let scheduler = scheduler.await.map_err(|e| unusable(&e))?;
    told(addr);
    start_grpc_service_with_listener(listener, scheduler).await.map_err(|e| unusable(&e))
}

/// What a worker is told.
#[derive(Clone, Debug)]
pub struct Worker {
    /// Whom it works for.
    pub scheduler: SchedulerAddress,
    /// Where it listens; port 0 is one that is free.
    pub addr: SocketAddr,
    /// Name or address under which others reach it; what the scheduler sees of it where none is named.
    pub external_host: Option<String>,
    /// How much it does at a time.
    pub cores: usize,
    /// Bytes that it works in, roughly: what is beyond that goes through files of `work_dir`.
    pub memory: u64,
    /// A folder of its own, on a disk of its own; made if it is not there.
    pub work_dir: PathBuf,
}

/// Runs a worker until it is told to stop by SIGTERM or Ctrl-C. `told` hears where it listens.
pub async fn work(worker: Worker, told: impl FnOnce(SocketAddr) + Send) -> Result<(), BuildError> {
    let Worker { scheduler, mut addr, external_host, cores, memory, work_dir } = worker;
    let failed = |e: &dyn std::fmt::Display| BuildError::Engine(format!("cannot work for {scheduler}: {e}"));
    if addr.port() == 0 {
        // Ballista wants to know the port before it listens.
        let free = TcpListener::bind(addr).and_then(|listener| listener.local_addr());
        addr = free.map_err(|e| failed(&e))?;
    }
    std::fs::create_dir_all(&work_dir).map_err(|e| BuildError::unwritable(&work_dir, e))?;
    let folder = work_dir.to_str().ok_or_else(|| BuildError::unwritable(&work_dir, "its path is no text"))?;
    let mut registry = BallistaFunctionRegistry::default();
    for function in functions() {
        registry.scalar_functions.insert(function.name().to_owned(), Arc::new(function));
    }
    let config = ExecutorProcessConfig {
        bind_host: host(addr),
        port: addr.port(),
        external_host,
        scheduler_host: scheduler.host.clone(),
        scheduler_port: scheduler.port,
        scheduler_connect_timeout_seconds: 60,
        vcores: cores.max(1),
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        work_dir: Some(folder.to_owned()),
        memory_pool_size: Some(memory),
        // What the scheduler has not had removed, for example because it died.
        job_data_ttl_seconds: 24 * 3_600,
        job_data_clean_up_interval_seconds: 3_600,
        override_physical_codec: Some(Arc::new(Codec::default())),
        override_function_registry: Some(Arc::new(registry)),
        ..ExecutorProcessConfig::default()
    };
    told(addr);
    start_executor_process(Arc::new(config)).await.map_err(|e| failed(&e))
}

/// The address as it stands before a port.
fn host(addr: SocketAddr) -> String {
    match addr {
        SocketAddr::V4(addr) => addr.ip().to_string(),
        SocketAddr::V6(addr) => format!("[{}]", addr.ip()),
    }
}
