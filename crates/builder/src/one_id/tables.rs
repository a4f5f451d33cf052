//! Tables of these steps: kept like all others, and let go as soon as they are used up.

use std::collections::BTreeSet;

use datafusion::prelude::SessionContext;

use crate::BuildError;
use crate::engine::{self, integers};

/// Runs a query and keeps its rows.
pub(crate) async fn keep(context: &SessionContext, name: &str, sql: &str) -> Result<(), BuildError> {
    engine::keep(context, name, sql).await
}

/// Rows of a table.
pub(crate) async fn count(context: &SessionContext, name: &str) -> Result<u64, BuildError> {
    let [rows] = integers(context, &format!("SELECT count(*) FROM {name}")).await?;
    Ok(rows as u64)
}

/// Lets a table go, and the files that it was kept in.
pub(crate) fn forget(context: &SessionContext, name: &str) -> Result<(), BuildError> {
    engine::let_go(context, &[name])
}

/// The columns of a table.
pub(crate) async fn columns(context: &SessionContext, name: &str) -> Result<BTreeSet<String>, BuildError> {
    let schema = context.table_provider(name).await?.schema();
    Ok(schema.fields().iter().map(|field| field.name().clone()).collect())
}
