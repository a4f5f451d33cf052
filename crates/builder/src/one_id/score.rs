//! How well joining did, where the truth is known: pairs of identities that it joined and should have.
//!
//! Precision is the share of joined pairs that are one person's, recall the share of one person's pairs that were
//! joined; both with Wilson's 95 % bounds.

use std::fmt;
use std::path::Path;

use datafusion::prelude::{CsvReadOptions, ParquetReadOptions, SessionContext};

use crate::BuildError;
use crate::engine::integers;

/// 97.5 % of a normal distribution lie below it.
const Z: f64 = 1.959_963_984_540_054;

/// How well joining did.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Score {
    /// Accounts that both files have.
    pub accounts: u64,
    /// Accounts of the truth that the audit does not have, or that got no member.
    pub missing: u64,
    /// Pairs of accounts that got one member.
    pub joined: u64,
    /// Pairs of accounts that are one person's.
    pub true_pairs: u64,
    /// Pairs that are both.
    pub right: u64,
}

impl Score {
    /// The share of joined pairs that are right, with its bounds.
    pub fn precision(&self) -> [f64; 3] {
        wilson(self.right, self.joined)
    }

    /// The share of true pairs that were joined, with its bounds.
    pub fn recall(&self) -> [f64; 3] {
        wilson(self.right, self.true_pairs)
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} accounts with a known person, {} without a member", self.accounts, self.missing)?;
        for (what, [share, low, high], of) in
            [("precision", self.precision(), self.joined), ("recall", self.recall(), self.true_pairs)]
        {
            writeln!(f, "{what:<10}{share:.5}  95 % {low:.5} to {high:.5}  ({} of {of} pairs)", self.right)?;
        }
        Ok(())
    }
}

/// A share and its bounds; of nothing, all is open.
fn wilson(part: u64, whole: u64) -> [f64; 3] {
    if whole == 0 {
        return [1.0, 0.0, 1.0];
    }
    let (n, p) = (whole as f64, part as f64 / whole as f64);
    let middle = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    [p, (middle - half).max(0.0), (middle + half).min(1.0)]
}

/// Holds the `identities.parquet` of an audit against a file that knows whose each account is: channel_id, external_id,
/// person.
pub async fn score(audit: &Path, truth: &Path) -> Result<Score, BuildError> {
    for path in [&audit.join("identities.parquet"), truth] {
        if !path.is_file() {
            return Err(BuildError::unreadable(&path.display().to_string(), "there is no such file"));
        }
    }
    let context = SessionContext::new();
    let text = |path: &Path| path.display().to_string();
    let columns = ["channel_id", "external_id", "person"];
    let fields = columns.map(|column| {
        datafusion::arrow::datatypes::Field::new(column, datafusion::arrow::datatypes::DataType::Utf8, true)
    });
    let schema = datafusion::arrow::datatypes::Schema::new(fields.to_vec());
    context.register_parquet("audit", text(&audit.join("identities.parquet")), ParquetReadOptions::default()).await?;
    context.register_csv("truth", text(truth), CsvReadOptions::new().schema(&schema)).await?;
    // An account that lies with several members is with each: what it was joined to wrongly must count.
    let sql = "CREATE TABLE got AS
        SELECT t.channel_id, t.external_id, t.person, a.member
        FROM (SELECT channel_id, external_id, min(person) AS person FROM truth GROUP BY channel_id, external_id) t
        LEFT JOIN (SELECT channel_id, external_id, member FROM audit WHERE member IS NOT NULL
                   GROUP BY channel_id, external_id, member) a
        ON t.channel_id = a.channel_id AND t.external_id = a.external_id";
    context.sql(sql).await?.collect().await?;
    let [accounts, missing] = integers(
        &context,
        "SELECT count(*), sum(CASE WHEN member IS NULL THEN 1 ELSE 0 END) FROM (
             SELECT channel_id, external_id, min(member) AS member FROM got GROUP BY channel_id, external_id)",
    )
    .await?;
    let pairs = |by: &str, table: &str| {
        format!("SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM {table} GROUP BY {by})")
    };
    let [joined] = integers(&context, &pairs("member", "(SELECT * FROM got WHERE member IS NOT NULL)")).await?;
    let [right] = integers(&context, &pairs("member, person", "(SELECT * FROM got WHERE member IS NOT NULL)")).await?;
    let people = "(SELECT channel_id, external_id, min(person) AS person FROM got GROUP BY channel_id, external_id)";
    let [true_pairs] = integers(&context, &pairs("person", people)).await?;
    Ok(Score {
        accounts: accounts as u64,
        missing: missing as u64,
        joined: joined as u64,
        true_pairs: true_pairs as u64,
        right: (right as u64).min(true_pairs as u64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_wilson_s() {
        // 95 of 100: 0.8882 to 0.9785, as in Wilson's formula worked by hand.
        let [share, low, high] = wilson(95, 100);
        assert!(
            (share - 0.95).abs() < 1e-12 && (low - 0.88825).abs() < 1e-4 && (high - 0.97846).abs() < 1e-4,
            "{low} {high}"
        );
        assert_eq!(wilson(0, 0), [1.0, 0.0, 1.0]);
        let [_, low, high] = wilson(10, 10);
        assert!(low > 0.7 && (high - 1.0).abs() < 1e-9);
    }
}
