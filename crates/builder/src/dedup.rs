//! Of rows with one id, the last in the order of files and rows counts.

use datafusion::prelude::SessionContext;

use crate::BuildError;
use crate::engine::{integers, keep, let_go, name};

/// So few ids are joined each time in less than it takes to write all rows anew.
const FEW: i64 = 1 << 16;

/// Makes `<table>` from `<table>_read`, and `<table>_twice` where that is read with it; gives (kept, duplicate).
pub(crate) async fn dedup(context: &SessionContext, table: &str, id: &str) -> Result<(u64, u64), BuildError> {
    let (read, twice) = (format!("{table}_read"), format!("{table}_twice"));
    // Numbers are grouped quicker than ids; only rows whose id shares its number with another are compared by it.
    let (doubtful, number) = (format!("{table}_doubtful"), format!("shard_of({id}, {})", u32::MAX));
    let shared = format!("SELECT {number} AS number FROM {read} GROUP BY {number} HAVING count(*) > 1");
    keep(context, &doubtful, &shared).await?;
    // Few ids, so that the join below needs to hold no more than them.
    let found = format!(
        "SELECT r.{id} AS {id}, max(r.seq) AS last, count(*) AS rows
         FROM {doubtful} d JOIN (SELECT {id}, seq, {number} AS number FROM {read}) r ON r.number = d.number
         GROUP BY r.{id} HAVING count(*) > 1"
    );
    keep(context, &twice, &found).await?;
    let_go(context, &[&doubtful])?;
    let [rows] = integers(context, &format!("SELECT count(*) FROM {read}")).await?;
    let [ids, duplicate] = integers(context, &format!("SELECT count(*), sum(rows - 1) FROM {twice}")).await?;
    if duplicate == 0 {
        name(context, table, &format!("SELECT * FROM {read}")).await?;
    } else {
        let last = format!(
            "SELECT r.* FROM {twice} t RIGHT JOIN {read} r ON r.{id} = t.{id} WHERE t.last IS NULL OR r.seq = t.last"
        );
        if ids <= FEW {
            name(context, table, &last).await?;
            return Ok(((rows - duplicate) as u64, duplicate as u64));
        }
        // Later steps read it several times, and each would join once more.
        keep(context, table, &last).await?;
        let_go(context, &[&read])?;
    }
    let_go(context, &[&twice])?;
    Ok(((rows - duplicate) as u64, duplicate as u64))
}
