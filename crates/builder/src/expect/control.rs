//! The control file that comes with a feed: how many rows and how much money each day of each table has.

use std::path::Path;

use model::Day;

use crate::BuildError;
use crate::expect::measure::ByDay;

/// What a control file says of one day of a table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) table: String,
    pub(crate) day: Day,
    pub(crate) rows: i64,
    pub(crate) amount: Option<i64>,
}

/// How far a table is from what was said of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Off {
    /// Rows that differ, over all days.
    pub(crate) rows: i64,
    /// Money that differs, over all days; none where no sum was said.
    pub(crate) amount: Option<i64>,
    /// The first day that differs, in words.
    pub(crate) first: Option<String>,
}

/// Reads a control file: `table,day,rows,amount`, of which `amount` may be empty or left out.
pub(crate) fn read(path: &Path, digits: u8) -> Result<Vec<Said>, BuildError> {
    let file = path.display().to_string();
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_path(path)
        .map_err(|e| BuildError::unreadable(&file, e))?;
    let header = reader.headers().map_err(|e| BuildError::unreadable(&file, e))?.clone();
    let place =
        |name: &str| header.iter().position(|column| column.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name));
    let needed = |column: &'static str| {
        let found = header.iter().collect::<Vec<_>>().join(", ");
        place(column).ok_or(BuildError::MissingColumn { file: file.clone(), column, found, hint: "" })
    };
    let (table, day, rows) = (needed("table")?, needed("day")?, needed("rows")?);
    let amount = place("amount");
    let mut said = Vec::new();
    for (record, row) in reader.records().zip(2..) {
        let record = record.map_err(|e| BuildError::unreadable(&file, e))?;
        let fault = |column: &str, value: &str, wanted: &str| BuildError::Expectations {
            file: file.clone(),
            row,
            what: format!("column `{column}`: `{value}` is not {wanted}"),
        };
        let cell = |place: usize| record.get(place).unwrap_or_default();
        let amount = match amount.map(cell).unwrap_or_default() {
            "" => None,
            text => Some(minor(text, digits).ok_or_else(|| fault("amount", text, "an amount such as 1234.50"))?),
        };
        said.push(Said {
            table: cell(table).to_lowercase(),
            day: Day::parse(cell(day)).map_err(|_| fault("day", cell(day), "a day such as 2026-11-28"))?,
            rows: cell(rows).parse().map_err(|_| fault("rows", cell(rows), "a number of rows"))?,
            amount,
        });
    }
    Ok(said)
}

/// Holds a table against what was said of it; days later than `until` are left out.
pub(crate) fn compare(said: &[Said], table: &str, until: Day, found: &ByDay) -> Off {
    let mut off = Off::default();
    for said in said.iter().filter(|said| said.table == table && said.day <= until) {
        let (rows, money) = found.get(&said.day.epoch_days()).copied().unwrap_or((0, 0));
        let rows_off = (rows - said.rows).saturating_abs();
        let amount_off = said.amount.map(|amount| money.saturating_sub(amount).saturating_abs());
        if off.first.is_none() && (rows_off > 0 || amount_off.is_some_and(|amount| amount > 0)) {
            off.first = Some(format!("{} has {rows} rows where {} were said", said.day, said.rows));
        }
        off.rows = off.rows.saturating_add(rows_off);
        off.amount = match (off.amount, amount_off) {
            (Some(sum), Some(amount)) => Some(i64::saturating_add(sum, amount)),
            (sum, amount) => sum.or(amount),
        };
    }
    off
}

/// Minor units of a plain decimal number with at most so many places.
pub(crate) fn minor(text: &str, digits: u8) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |text| (-1, text));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let places = usize::from(digits);
    if whole.is_empty() || !are_digits(whole) || !are_digits(part) || part.len() > places {
        return None;
    }
    let minor: i64 = format!("{whole}{part:0<places$}").parse().ok()?;
    Some(sign * minor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_or_refused() {
        for (text, minor_units) in
            [("0", 0), ("12", 1_200), ("12.5", 1_250), ("-0.07", -7), ("1234567.89", 123_456_789)]
        {
            assert_eq!(minor(text, 2), Some(minor_units), "{text}");
        }
        for text in ["", "-", ".5", "1.234", "1,000", "1e3", "１", " 1", "99999999999999999999"] {
            assert_eq!(minor(text, 2), None, "{text}");
        }
        assert_eq!(minor("12", 0), Some(12));
        assert_eq!(minor("12.", 0), Some(12));
        assert_eq!(minor("12.0", 0), None);
    }

    #[test]
    fn differences_of_two_days_do_not_cancel() {
        let day = |text: &str| Day::parse(text).expect("a day");
        let said = |on: &str, rows, amount| Said { table: "orders".into(), day: day(on), rows, amount };
        let found =
            ByDay::from([(day("2024-01-01").epoch_days(), (3, 300)), (day("2024-01-02").epoch_days(), (1, 100))]);
        let all = [said("2024-01-01", 2, Some(200)), said("2024-01-02", 2, Some(200)), said("2024-01-09", 5, None)];
        let off = compare(&all, "orders", day("2024-01-02"), &found);
        assert_eq!((off.rows, off.amount), (2, Some(200)));
        assert_eq!(off.first.as_deref(), Some("2024-01-01 has 3 rows where 2 were said"));
        assert_eq!(compare(&all, "touches", day("2024-01-02"), &found), Off::default());
        // A day that was said and has no row is one that did not come.
        assert_eq!(compare(&all, "orders", day("2024-01-09"), &found).rows, 7);
    }
}
