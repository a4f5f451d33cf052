//! Why a well-formed question cannot be asked of a snapshot.

use std::fmt;

use crate::{
    Ask, CohortsAsk, Dimensions, Filter, FunnelAsk, Grain, LadderAsk, LifecycleAsk, Question, Segment, Step, StepOrder,
    Window,
};

/// The first fault of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuestionError {
    /// `ask` is empty.
    NothingAsked,
    /// More than [`Question::MAX_ASKS`] asks.
    TooMuchAsked(usize),
    /// A series of more periods than [`Question::MAX_PERIODS`].
    TooManyPeriods {
        /// The field that cuts, such as `series.grain`.
        field: &'static str,
        /// Periods it would give.
        periods: i32,
    },
    /// A name that the snapshot does not know.
    Unknown {
        /// The question's field, such as `filter.regions`.
        field: &'static str,
        /// The unknown name.
        value: String,
    },
    /// A number outside its range.
    OutOfRange {
        /// The question's field.
        field: &'static str,
        /// The value given.
        value: i64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Fields that do not go together.
    Contradiction {
        /// The question's field.
        field: &'static str,
        /// What is wrong and how to mend it.
        what: &'static str,
    },
}

impl fmt::Display for QuestionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingAsked => write!(f, "`ask` is empty; ask for at least one of {}", Ask::NAMES),
            Self::TooMuchAsked(n) => {
                write!(f, "`ask` has {n} entries; at most {} fit one question", Question::MAX_ASKS)
            }
            Self::TooManyPeriods { field, periods } => write!(
                f,
                "`{field}` cuts the days into {periods} periods; choose a longer grain or a shorter window, at most {}",
                Question::MAX_PERIODS
            ),
            Self::Unknown { field, value } => {
                let shown: String = value.chars().take(60).collect();
                write!(f, "`{field}` names `{shown}`, which this snapshot does not have")
            }
            Self::OutOfRange { field, value, allowed } => write!(f, "`{field}` is {value}; allowed is {allowed}"),
            Self::Contradiction { field, what } => write!(f, "`{field}`: {what}"),
        }
    }
}

impl std::error::Error for QuestionError {}

impl Question {
    /// Checks the question against the names of a snapshot; the first fault is returned.
    pub fn check(&self, dimensions: &Dimensions) -> Result<(), QuestionError> {
        if self.ask.is_empty() {
            return Err(QuestionError::NothingAsked);
        }
        if self.ask.len() > Self::MAX_ASKS {
            return Err(QuestionError::TooMuchAsked(self.ask.len()));
        }
        for ask in &self.ask {
            for window in std::iter::once(self.window).chain(self.compare) {
                check_ask(ask, window, dimensions)?;
            }
        }
        check_filter(&self.filter, dimensions)
    }
}

fn check_ask(ask: &Ask, window: Window, dimensions: &Dimensions) -> Result<(), QuestionError> {
    match ask {
        Ask::Growth(_) | Ask::Stores(_) | Ask::Overlap(_) => Ok(()),
        Ask::Series(ask) => periods("series.grain", ask.grain, window),
        Ask::Cohorts(ask) => {
            if ask.grain == Grain::Day {
                let what = "a cohort is a week or a month; choose one of them";
                return Err(QuestionError::Contradiction { field: "cohorts.grain", what });
            }
            range("cohorts.periods", ask.periods.into(), 1, CohortsAsk::MAX_PERIODS.into(), "1 to 120")
        }
        Ask::Ladder(ask) => range("ladder.rungs", ask.rungs.into(), 1, LadderAsk::MAX_RUNGS.into(), "1 to 50"),
        Ask::Funnel(ask) => check_funnel(ask, dimensions),
        Ask::Rfm(ask) => match ask.since {
            Some(since) if since >= ask.as_of => {
                Err(QuestionError::Contradiction { field: "rfm.since", what: "it must lie before `rfm.as_of`" })
            }
            _ => Ok(()),
        },
        Ask::Lifecycle(ask) => check_lifecycle(ask, window),
    }
}

fn check_lifecycle(ask: &LifecycleAsk, window: Window) -> Result<(), QuestionError> {
    periods("lifecycle.grain", ask.grain, window)?;
    range("lifecycle.active_days", ask.active_days.into(), 1, 36_500, "1 to 36,500")?;
    range("lifecycle.dormant_days", ask.dormant_days.into(), 1, 36_500, "1 to 36,500")?;
    if ask.dormant_days <= ask.active_days {
        let what = "it must be more than `lifecycle.active_days`";
        return Err(QuestionError::Contradiction { field: "lifecycle.dormant_days", what });
    }
    Ok(())
}

fn check_funnel(ask: &FunnelAsk, dimensions: &Dimensions) -> Result<(), QuestionError> {
    range("funnel.steps", ask.steps.len() as i64, 2, FunnelAsk::MAX_STEPS as i64, "2 to 8 steps")?;
    range("funnel.within_days", ask.within_days.into(), 0, 36_500, "0 to 36,500")?;
    let contradiction = |what| Err(QuestionError::Contradiction { field: "funnel.steps", what });
    for (i, step) in ask.steps.iter().enumerate() {
        let kinds = [!step.touch.is_empty(), step.order.is_some(), step.join.is_some()];
        if kinds.iter().filter(|&&k| k).count() != 1 {
            return contradiction("each step has exactly one of `touch`, `order` and `join`");
        }
        unknown("funnel.steps.touch", &step.touch, |kind| dimensions.touch_kinds.iter().any(|k| k == kind))?;
        range("funnel.steps.order", step.order.unwrap_or(0).into(), 0, 60_000, "0 to 60,000")?;
        if step.within_days.is_some() && (i == 0 || ask.order == StepOrder::Any) {
            return contradiction("`within_days` has no step before it to count from; leave it out");
        }
        if ask.steps[..i].iter().any(|earlier| overlap(earlier, step)) {
            return contradiction("two steps count the same event; an event may belong to one step only");
        }
    }
    Ok(())
}

fn overlap(a: &Step, b: &Step) -> bool {
    let orders = matches!((a.order, b.order), (Some(a), Some(b)) if a == b || a == 0 || b == 0);
    orders || (a.join.is_some() && b.join.is_some()) || a.touch.iter().any(|kind| b.touch.contains(kind))
}

fn periods(field: &'static str, grain: Grain, window: Window) -> Result<(), QuestionError> {
    let periods = window.len_days() / grain.least_days();
    if periods > Question::MAX_PERIODS { Err(QuestionError::TooManyPeriods { field, periods }) } else { Ok(()) }
}

fn range(field: &'static str, value: i64, low: i64, high: i64, allowed: &'static str) -> Result<(), QuestionError> {
    if (low..=high).contains(&value) { Ok(()) } else { Err(QuestionError::OutOfRange { field, value, allowed }) }
}

fn unknown(field: &'static str, names: &[String], known: impl Fn(&str) -> bool) -> Result<(), QuestionError> {
    match names.iter().find(|name| !known(name)) {
        Some(name) => Err(QuestionError::Unknown { field, value: name.clone() }),
        None => Ok(()),
    }
}

fn check_filter(filter: &Filter, dimensions: &Dimensions) -> Result<(), QuestionError> {
    let channel = |id: &str| dimensions.channels.iter().any(|c| c.id == id);
    unknown("filter.regions", &filter.regions, |name| dimensions.regions.iter().any(|r| r.id == name))?;
    unknown("filter.cities", &filter.cities, |name| dimensions.stores.iter().any(|s| s.city == name))?;
    unknown("filter.stores", &filter.stores, |id| dimensions.stores.iter().any(|s| s.id == id))?;
    unknown("filter.formats", &filter.formats, |name| dimensions.stores.iter().any(|s| s.format == name))?;
    unknown("filter.channels", &filter.channels, channel)?;
    unknown("filter.source_channels", &filter.source_channels, channel)?;
    unknown("filter.campaigns", &filter.campaigns, |id| dimensions.campaigns.iter().any(|c| c == id))?;
    unknown("filter.tiers", &filter.tiers, |name| dimensions.tiers.iter().any(|t| t == name))?;
    match &filter.segment {
        Some(Segment::Cohort { grain: Grain::Day, .. }) => {
            let what = "a cohort is a week or a month; choose one of them";
            Err(QuestionError::Contradiction { field: "filter.segment.cohort.grain", what })
        }
        Some(Segment::Rung { orders, .. }) => {
            range("filter.segment.rung.orders", (*orders).into(), 1, 60_000, "1 to 60,000")
        }
        Some(Segment::Rfm { recency, frequency, monetary, .. }) => {
            let mut scores = recency.iter().chain(frequency).chain(monetary);
            let wrong = scores.find(|&&score| !(1..=5).contains(&score));
            wrong.map_or(Ok(()), |&score| range("filter.segment.rfm", score.into(), 1, 5, "scores from 1 to 5"))
        }
        _ => Ok(()),
    }
}
