//! What may be told of groups to those who may not see rows of single members.
//!
//! Three rules, each for what the ones before leave open; docs/EMBEDDING.md tells them to portals.
//!
//! 1. **Form.** Days are whole weeks from Monday, so that two windows differ by whole weeks at least. Campaigns and
//!    segments cannot be chosen; series go by the week.
//! 2. **Groups.** Every week has no member or ten at least, else nothing is answered. A value of a dimension with one to
//!    nine members is not shown, nor is the next one of the same parent where the hidden ones could be told from the
//!    rest; what is not shown cannot be chosen as a filter either. So neither two windows nor two lists of one
//!    dimension differ by fewer than ten members.
//! 3. **Rounding.** Members and orders to multiples of [`ROUNDED_TO`], amounts and ratios to three digits: for
//!    differences across dimensions, which the second rule does not see.
//!
//! [`Plan`] says which questions have to be answered first, and makes of their answers what may be told. Pure: who asks
//! the engine, and how, is the caller's business.
//!
//! What is not defended: whoever may ask for months can average rounding out of many questions about different days.

mod blur;
mod families;
mod plan;
mod rules;

pub use plan::Plan;
pub use rules::Refused;

/// The fewest members that a group must have to be shown.
pub const FEWEST_MEMBERS: i64 = 10;

/// Members and orders are told in multiples of it.
pub const ROUNDED_TO: i64 = 5;

/// Whether a number of members is too small to be shown; nobody is not.
fn is_small(members: i64) -> bool {
    (1..FEWEST_MEMBERS).contains(&members)
}
