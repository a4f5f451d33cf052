//! What the tables hold that is expected of them: rows and sums by day, rows without a value.

use std::collections::BTreeMap;

use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::prelude::SessionContext;

use crate::BuildError;
use crate::engine::{integers, rows};
use crate::expect::file::Facts;
use crate::facts::UNKNOWN_DAY;
use crate::names::NO_CODE;

/// Rows and money of each day, as read: before refunds, without duplicates.
pub(crate) type ByDay = BTreeMap<i32, (i64, i64)>;

/// Rows and money of a table by day.
pub(crate) async fn by_day(context: &SessionContext, facts: Facts) -> Result<ByDay, BuildError> {
    let (table, amount) = match facts {
        Facts::Orders => ("orders", "sum(amount)"),
        Facts::Touches => ("touches_read", "0"),
    };
    let sql = format!("SELECT day, count(*), {amount} FROM {table} GROUP BY day");
    let mut days = ByDay::new();
    for batch in rows(context, &sql).await? {
        let column = |n: usize| datafusion::arrow::compute::cast(batch.column(n), &DataType::Int64);
        let (day, rows, money) = (column(0)?, column(1)?, column(2)?);
        let value = |of: &datafusion::arrow::array::ArrayRef, row| of.as_primitive::<Int64Type>().value(row);
        days.extend((0..batch.num_rows()).map(|r| (value(&day, r) as i32, (value(&rows, r), value(&money, r)))));
    }
    Ok(days)
}

/// The newest fact of a table: its day, and the latest minute of that day.
pub(crate) async fn newest(context: &SessionContext, facts: Facts) -> Result<Option<(i32, i64)>, BuildError> {
    let table = match facts {
        Facts::Orders => "orders",
        Facts::Touches => "touches_read",
    };
    let [rows, newest] =
        integers(context, &format!("SELECT count(*), max(CAST(day AS BIGINT) * 1440 + minute) FROM {table}")).await?;
    Ok((rows > 0).then(|| (newest.div_euclid(1_440) as i32, newest.rem_euclid(1_440))))
}

/// Rows of a table, and those that have no value in a column.
pub(crate) async fn empty(context: &SessionContext, table: &str, column: &str) -> Result<(i64, i64), BuildError> {
    let Some((from, is_empty)) = is_empty(table, column) else {
        return Err(BuildError::Engine(format!("no rule for empty cells of {table}.{column}")));
    };
    let sql = format!("SELECT count(*), sum(CASE WHEN {is_empty} THEN 1 ELSE 0 END) FROM {from}");
    let [rows, without] = integers(context, &sql).await?;
    Ok((rows, without))
}

/// The engine's name of a table, and how it knows that a cell of a column was empty; none where it never is.
pub(crate) fn is_empty(table: &str, column: &str) -> Option<(&'static str, String)> {
    let code = |name: &str| format!("{name} = {NO_CODE}");
    let (from, columns): (_, &[(&str, String)]) = match table {
        "orders" => (
            "orders",
            &[
                ("member_id", "member_id IS NULL".to_owned()),
                ("store_id", code("store")),
                ("channel_id", code("channel")),
                ("campaign_id", code("campaign")),
            ],
        ),
        "touches" => (
            "touches_read",
            &[("store_id", code("store")), ("channel_id", code("channel")), ("campaign_id", code("campaign"))],
        ),
        "members" => (
            "members",
            &[
                ("joined_at", format!("joined_day = {UNKNOWN_DAY}")),
                ("source_channel", code("source_channel")),
                ("home_store", code("home_store")),
                ("tier", code("tier")),
            ],
        ),
        _ => return None,
    };
    columns.iter().find(|(name, _)| *name == column).map(|(_, sql)| (from, sql.clone()))
}
