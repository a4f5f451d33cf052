//! The form that a question must have, whatever its answer.

use model::{Ask, Day, Filter, Grain, Question, Window};
use thiserror::Error;

use crate::FEWEST_MEMBERS;

/// Why a question about groups gets no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// Days that are no whole weeks.
    #[error("`{field}` is {from} to {to}: ask for whole weeks, from a Monday to a Sunday")]
    Days {
        /// `window` or `compare`.
        field: &'static str,
        /// First day.
        from: Day,
        /// Last day.
        to: Day,
    },
    /// A day that ends no week.
    #[error("`{field}` is {day}: ask for a Sunday, the end of a week")]
    Day {
        /// The field.
        field: &'static str,
        /// The day.
        day: Day,
    },
    /// A period that is no week.
    #[error("`{field}` must be \"week\": groups of other days could be told from each other")]
    Grain {
        /// The field.
        field: &'static str,
    },
    /// A field that this kind of token cannot choose.
    #[error("`filter.{field}` cannot be chosen where only groups are shown; the portal's token may hold one")]
    Field {
        /// `campaigns` or `segment`.
        field: &'static str,
    },
    /// A value of a filter that stands for too few members.
    #[error("`filter.{field}`: {value} stands for too few members, or would tell about others that do; choose more")]
    Value {
        /// The field.
        field: &'static str,
        /// The value.
        value: String,
    },
    /// A week with few members.
    #[error("the week of {week} has fewer than {FEWEST_MEMBERS} members; choose other days or a wider filter")]
    Week {
        /// Its Monday.
        week: Day,
    },
    /// The engine's answer has not the form that was asked for; a bug of ours.
    #[error("the answer has another form than was asked for: {0}")]
    Form(&'static str),
}

/// Whether a question has the form; `locked` is what the token's filter holds anyway.
pub(crate) fn check(question: &Question, locked: &Filter) -> Result<(), Refused> {
    weeks("window", question.window)?;
    if let Some(compare) = question.compare {
        weeks("compare", compare)?;
    }
    let filter = &question.filter;
    if filter.campaigns != locked.campaigns {
        return Err(Refused::Field { field: "campaigns" });
    }
    if filter.segment != locked.segment {
        return Err(Refused::Field { field: "segment" });
    }
    question.ask.iter().try_for_each(|ask| match ask {
        Ask::Series(series) if series.grain != Grain::Week => Err(Refused::Grain { field: "series.grain" }),
        Ask::Rfm(rfm) => {
            sunday("rfm.as_of", rfm.as_of)?;
            rfm.since.map_or(Ok(()), |since| sunday("rfm.since", since))
        }
        _ => Ok(()),
    })
}

fn weeks(field: &'static str, window: Window) -> Result<(), Refused> {
    let is_whole = window.from().week_start() == window.from() && ends_week(window.to());
    is_whole.then_some(()).ok_or(Refused::Days { field, from: window.from(), to: window.to() })
}

fn sunday(field: &'static str, day: Day) -> Result<(), Refused> {
    ends_week(day).then_some(()).ok_or(Refused::Day { field, day })
}

fn ends_week(day: Day) -> bool {
    day.week_start().plus(6) == day
}
