//! `shard_of(id, shards)` in SQL: a salted hash of the id over so many shards, the same in every build and on every
//! machine. It holds nothing itself, so that workers of a cluster know it by its name alone.

use std::sync::Arc;

use datafusion::arrow::array::{AsArray, UInt32Array};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};

use crate::short_hash::ShortHash;

/// The function as the engine takes it.
pub(crate) fn function() -> ScalarUDF {
    create_udf(
        "shard_of",
        vec![DataType::Utf8, DataType::Int64],
        DataType::UInt32,
        Volatility::Immutable,
        Arc::new(evaluate),
    )
}

fn evaluate(arguments: &[ColumnarValue]) -> Result<ColumnarValue, DataFusionError> {
    let wrong = || DataFusionError::Execution("shard_of takes a text and a number of shards, 1 or more".to_owned());
    let arrays = ColumnarValue::values_to_arrays(arguments)?;
    let [ids, shards] = arrays.as_slice() else { return Err(wrong()) };
    let ids = ids.as_string_opt::<i32>().ok_or_else(wrong)?;
    let shards = shards.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?;
    if shards.iter().any(|shards| !shards.is_some_and(|shards| (1..=i64::from(u32::MAX)).contains(&shards))) {
        return Err(wrong());
    }
    let pairs = ids.iter().zip(shards.values());
    let numbers: UInt32Array = pairs.map(|(id, shards)| id.map(|id| shard_of(id, *shards as u32))).collect();
    Ok(ColumnarValue::Array(Arc::new(numbers)))
}

/// The shard of an id; the salt keeps it independent of hashes that the source may have sampled by.
fn shard_of(id: &str, shards: u32) -> u32 {
    let mut hash = ShortHash::new();
    hash.update(b"wellspring shard 1\0");
    hash.update(id.as_bytes());
    (hash.finish() % u64::from(shards)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_lies_in_the_same_shard_for_ever() {
        // What is published by one build is what the next one is compared with: these numbers never change.
        assert_eq!(["M000001", "M000002", "会员3", ""].map(|id| shard_of(id, 16)), [9, 5, 2, 0]);
        assert_eq!(["M000001", "M000002", "会员3", ""].map(|id| shard_of(id, 667)), [555, 77, 403, 248]);
    }
}
