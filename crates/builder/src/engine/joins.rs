//! Whether a plan's joins hold one side in memory, which is quicker, or sort both, which goes through files where
//! memory has no room. Each plan is asked how much it would hold; what it reads is known by its rows.
//!
//! By the house's habit the side to hold stands first.

use std::collections::HashMap;

use datafusion::arrow::datatypes::{DataType, Schema};
use datafusion::common::JoinType;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::DataFrame;

use crate::BuildError;
use crate::held::Room;

/// How many bytes the joins of a plan may hold together.
#[derive(Clone, Copy, Debug)]
pub(super) struct MayHold(pub(super) usize);

/// What the table of a join takes for a row beside the row itself: its hash, its number, and the room between.
const ENTRY_BYTES: u64 = 36;
/// What a text is taken to be long.
const TEXT_BYTES: u64 = 32;

/// Tests have few rows, and join as if there were many.
#[cfg(test)]
pub(crate) static ALWAYS_SORT: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);

fn always_sorts() -> bool {
    #[cfg(test)]
    return ALWAYS_SORT.load(std::sync::atomic::Ordering::Relaxed);
    #[cfg(not(test))]
    false
}

/// The frame, with its joins chosen; as it was where the session says nothing of how much they may hold.
pub(super) fn choose(frame: DataFrame) -> Result<DataFrame, BuildError> {
    let (mut state, plan) = frame.into_parts();
    let (limit, room) = (state.config().get_extension::<MayHold>(), state.config().get_extension::<Room>());
    if let (Some(limit), Some(room)) = (limit, room) {
        let held = held(&state.optimize(&plan)?, &room.rows());
        let sorts = always_sorts() || held > limit.0 as u64;
        state.config_mut().options_mut().optimizer.prefer_hash_join = !sorts;
    }
    Ok(DataFrame::new(state, plan))
}

/// Bytes that the joins of a plan hold at the most, all of them at once.
fn held(plan: &LogicalPlan, tables: &HashMap<String, u64>) -> u64 {
    let inputs = plan.inputs().into_iter().map(|input| held(input, tables)).fold(0, u64::saturating_add);
    match plan {
        LogicalPlan::Join(join) => {
            let row = ENTRY_BYTES + width(join.left.schema().as_arrow());
            rows(&join.left, tables).saturating_mul(row).saturating_add(inputs)
        }
        _ => inputs,
    }
}

/// Rows that a plan gives at the most; of a join those of its longer side, for each row of the other side finds one
/// row or few.
fn rows(plan: &LogicalPlan, tables: &HashMap<String, u64>) -> u64 {
    let of = |plan: &LogicalPlan| rows(plan, tables);
    match plan {
        LogicalPlan::TableScan(scan) => tables.get(scan.table_name.table()).copied().unwrap_or(u64::MAX),
        LogicalPlan::Values(values) => values.values.len() as u64,
        LogicalPlan::EmptyRelation(_) => 1,
        LogicalPlan::Join(join) => match join.join_type {
            JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark => of(&join.left),
            JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark => of(&join.right),
            JoinType::Full => of(&join.left).saturating_add(of(&join.right)),
            JoinType::Inner | JoinType::Left | JoinType::Right => of(&join.left).max(of(&join.right)),
        },
        LogicalPlan::Union(union) => union.inputs.iter().map(|input| of(input)).fold(0, u64::saturating_add),
        other => other.inputs().into_iter().map(of).max().unwrap_or(u64::MAX),
    }
}

/// What the columns of a row take.
fn width(schema: &Schema) -> u64 {
    let column = |data_type: &DataType| data_type.primitive_width().map_or(TEXT_BYTES, |bytes| bytes as u64);
    schema.fields().iter().map(|field| column(field.data_type())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{keep, session};

    #[tokio::test]
    async fn a_plan_holds_the_first_sides_of_its_joins() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let context = session(folder.path(), 8 << 30).expect("a session");
        for (table, rows) in [("few", 10), ("many", 1_000)] {
            let sql = format!("SELECT value AS n FROM generate_series(1, {rows})");
            keep(&context, table, &sql).await.expect("a table");
        }
        let tables = context.copied_config().get_extension::<Room>().expect("room").rows();
        let of = async |sql: &str| {
            let frame = context.sql(sql).await.expect("a plan");
            held(&frame.into_optimized_plan().expect("a plan"), &tables)
        };
        assert_eq!(of("SELECT n FROM many").await, 0);
        assert_eq!(of("SELECT f.n FROM few f JOIN many m ON f.n = m.n").await, 10 * of_row(1));
        assert_eq!(of("SELECT m.n FROM many m JOIN few f ON f.n = m.n").await, 1_000 * of_row(1));
        let both = "SELECT f.n FROM few f JOIN (SELECT n FROM few UNION ALL SELECT n FROM many) m ON f.n = m.n
                    LEFT JOIN many o ON o.n = m.n";
        assert_eq!(of(both).await, 10 * of_row(1) + 1_010 * of_row(2));
    }

    fn of_row(columns: u64) -> u64 {
        ENTRY_BYTES + 8 * columns
    }
}
