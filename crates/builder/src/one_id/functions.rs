//! What SQL cannot say of keys: their numbers, the order in which they are contracted, the names of members.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, StringArray, UInt64Array};
use datafusion::arrow::datatypes::{DataType, Int32Type, Int64Type, UInt64Type};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};

use super::key::{Key, number};

/// The functions of these steps, for whoever runs their plans.
pub(crate) fn functions() -> Vec<ScalarUDF> {
    vec![
        // one_id_member(member_id): its number as a key.
        function("one_id_member", &[DataType::Utf8], DataType::UInt64, |columns| {
            let ids = texts(&columns[0])?;
            let numbers: UInt64Array = ids.iter().map(|id| id.map(|id| Key::Member.value(id))).collect();
            Ok(Arc::new(numbers))
        }),
        // one_id_mix(x, round): x's place in the order of a round; one_id_unmix takes it back.
        function("one_id_mix", &[DataType::UInt64, DataType::Int64], DataType::UInt64, |columns| {
            by_round(columns, mix)
        }),
        function("one_id_unmix", &[DataType::UInt64, DataType::Int64], DataType::UInt64, |columns| {
            by_round(columns, unmix)
        }),
        // one_id_name(value, first day, rank): what a member without a member id is called. The first who has a value
        // is called by it alone, rank 0; who has it later, by the day as well.
        function("one_id_name", &[DataType::UInt64, DataType::Int32, DataType::Int64], DataType::Utf8, |columns| {
            let (values, days, ranks) = (integers(&columns[0])?, &columns[1], &columns[2]);
            let days = days.as_primitive_opt::<Int32Type>().ok_or_else(wrong_type)?;
            let ranks = ranks.as_primitive_opt::<Int64Type>().ok_or_else(wrong_type)?;
            let names = values.iter().zip(days).zip(ranks);
            let names: StringArray = names.map(|((v, d), r)| Some(member_name(v?, d, r?))).collect();
            Ok(Arc::new(names))
        }),
    ]
}

/// What a member is called of whom no member id is known.
pub(crate) fn member_name(value: u64, first_day: Option<i32>, rank: i64) -> String {
    if rank == 0 {
        return format!("~{value:016x}");
    }
    let day = first_day.unwrap_or(i32::MIN).to_le_bytes();
    format!("~{:016x}", number(&[b"wellspring member 1", &value.to_le_bytes(), &day, &rank.to_le_bytes()]))
}

/// An odd number, and the one that multiplied by it gives 1.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
const INVERSE: u64 = inverse(FACTOR);

const fn inverse(odd: u64) -> u64 {
    // Newton's method: each step doubles the bits that are right.
    let mut x = odd;
    let mut step = 0;
    while step < 6 {
        x = x.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(x)));
        step += 1;
    }
    x
}

/// One of many orders of all numbers; round 0 is their own.
pub(crate) fn mix(x: u64, round: u64) -> u64 {
    if round == 0 {
        return x;
    }
    let mut x = x ^ round.wrapping_mul(FACTOR);
    x = (x ^ (x >> 32)).wrapping_mul(FACTOR);
    x = (x ^ (x >> 32)).wrapping_mul(FACTOR);
    x ^ (x >> 32)
}

/// Takes [`mix`] back.
pub(crate) fn unmix(x: u64, round: u64) -> u64 {
    if round == 0 {
        return x;
    }
    let mut x = (x ^ (x >> 32)).wrapping_mul(INVERSE);
    x = (x ^ (x >> 32)).wrapping_mul(INVERSE);
    x ^ (x >> 32) ^ round.wrapping_mul(FACTOR)
}

fn by_round(columns: &[ArrayRef], of: fn(u64, u64) -> u64) -> Result<ArrayRef, DataFusionError> {
    let numbers = integers(&columns[0])?;
    let rounds = columns[1].as_primitive_opt::<Int64Type>().ok_or_else(wrong_type)?;
    let mixed: UInt64Array = numbers.iter().zip(rounds).map(|(x, round)| Some(of(x?, round? as u64))).collect();
    Ok(Arc::new(mixed))
}

fn function(
    name: &str,
    takes: &[DataType],
    gives: DataType,
    of: impl Fn(&[ArrayRef]) -> Result<ArrayRef, DataFusionError> + Send + Sync + 'static,
) -> ScalarUDF {
    let of =
        move |arguments: &[ColumnarValue]| Ok(ColumnarValue::Array(of(&ColumnarValue::values_to_arrays(arguments)?)?));
    create_udf(name, takes.to_vec(), gives, Volatility::Immutable, Arc::new(of))
}

fn texts(column: &ArrayRef) -> Result<&StringArray, DataFusionError> {
    column.as_string_opt::<i32>().ok_or_else(wrong_type)
}

fn integers(column: &ArrayRef) -> Result<&UInt64Array, DataFusionError> {
    column.as_primitive_opt::<UInt64Type>().ok_or_else(wrong_type)
}

fn wrong_type() -> DataFusionError {
    DataFusionError::Execution("a function of one-id was given another type than it takes".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_one_of_all_numbers() {
        let mut x = 1u64;
        for round in 0..40 {
            for _ in 0..50 {
                x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                assert_eq!(unmix(mix(x, round), round), x);
            }
            assert_eq!(unmix(mix(u64::MAX, round), round), u64::MAX);
            assert_eq!(unmix(mix(0, round), round), 0);
        }
        assert_ne!(mix(1, 1) < mix(2, 1), mix(1, 2) < mix(2, 2), "orders differ");
    }

    #[test]
    fn the_first_who_has_a_value_is_called_by_it_whoever_comes_later() {
        assert_eq!(member_name(0xab, Some(19_000), 0), "~00000000000000ab");
        assert_ne!(member_name(0xab, Some(19_000), 1), member_name(0xab, Some(19_001), 1));
    }
}
