//! Of rows with one id, the last in the order of files and rows counts.

use datafusion::prelude::SessionContext;

use crate::BuildError;
use crate::engine::{integers, keep, name};

/// Makes `<table>` from `<table>_read`; gives (kept, duplicate).
pub(crate) async fn dedup(context: &SessionContext, table: &str, id: &str) -> Result<(u64, u64), BuildError> {
    let read = format!("{table}_read");
    // Grouped, not `count(DISTINCT …)`: groups may go through files where ids are many.
    let [rows] = integers(context, &format!("SELECT count(*) FROM {read}")).await?;
    let [ids] = integers(context, &format!("SELECT count(*) FROM (SELECT {id} FROM {read} GROUP BY {id})")).await?;
    let duplicate = rows - ids;
    if duplicate == 0 {
        name(context, table, &format!("SELECT * FROM {read}")).await?;
    } else {
        let last = format!(
            "SELECT r.* FROM {read} r LEFT SEMI JOIN (SELECT max(seq) AS last FROM {read} GROUP BY {id}) l ON r.seq = l.last"
        );
        keep(context, table, &last).await?;
    }
    Ok((ids as u64, duplicate as u64))
}
