//! From a question about groups to what may be told.

use std::collections::BTreeMap;

use model::{
    Align, Answer, Answers, Ask, By, Filter, FunnelBy, Grain, GrowthAnswer, Manifest, Measure, Question, SeriesAsk,
    SeriesPoints, StoresAsk,
};

use crate::families::{Family, Hidden};
use crate::rules::{Refused, check};
use crate::{blur, is_small};

/// The questions that have to be answered for one about groups.
#[derive(Clone, Debug)]
pub struct Plan {
    asked: Question,
    questions: Vec<Question>,
    /// Where the answers are that say what may be chosen.
    choices: Vec<(Family, usize)>,
    /// Where the answers are that say what may be shown.
    splits: Vec<(Family, usize)>,
}

/// The places of the first two questions.
const WHOLE: usize = 0;
const WEEKS: usize = 1;

impl Plan {
    /// What has to be asked; `locked` is the filter that the token holds anyway.
    ///
    /// # Errors
    /// When the question has not the form that questions about groups need.
    pub fn new(asked: &Question, locked: &Filter) -> Result<Self, Refused> {
        check(asked, locked)?;
        let mut plan = Self {
            asked: asked.clone(),
            questions: vec![whole(asked), weekly(asked)],
            choices: Vec::new(),
            splits: Vec::new(),
        };
        for family in Family::ALL {
            if !family.chosen(&asked.filter).is_empty() {
                plan.choices.push((family, plan.questions.len()));
                plan.questions.push(family.probe(asked, family.without(&asked.filter)));
            }
            if asked.ask.iter().filter_map(split_by).any(|by| Family::of(by) == family) {
                plan.splits.push((family, plan.questions.len()));
                plan.questions.push(family.probe(asked, asked.filter.clone()));
            }
        }
        Ok(plan)
    }

    /// What to ask of the engine, in the order that [`Self::publish`] wants the answers in.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// What may be told, given the exact answers to [`Self::questions`].
    ///
    /// # Errors
    /// When the question is about too few members somewhere.
    pub fn publish(&self, manifest: &Manifest, answers: &[Answers]) -> Result<Answers, Refused> {
        let at = |place: usize| answers.get(place).ok_or(Refused::Form("an answer for each question"));
        every_week(at(WEEKS)?)?;
        for (family, place) in &self.choices {
            let hidden = Hidden::read(*family, at(*place)?, manifest)?;
            for (by, field, value) in family.chosen(&self.asked.filter) {
                if hidden.has(by, &value) {
                    return Err(Refused::Value { field, value });
                }
            }
        }
        let mut hidden = BTreeMap::new();
        for (family, place) in &self.splits {
            hidden.insert(*family, Hidden::read(*family, at(*place)?, manifest)?);
        }
        let is_hidden = |by: By, id: &str| hidden.get(&Family::of(by)).is_some_and(|hidden| hidden.has(by, id));
        let whole = at(WHOLE)?;
        let pairs = self.asked.ask.iter().zip(whole.answers.iter().cloned());
        let told = pairs.map(|(ask, answer)| told(ask, answer, &is_hidden)).collect::<Result<_, _>>()?;
        Ok(Answers { coverage: whole.coverage.clone(), answers: blur::rounded(told)? })
    }
}

/// The question with all groups, which are thinned out later.
fn whole(asked: &Question) -> Question {
    let ask = asked.ask.iter().cloned().map(|ask| match ask {
        Ask::Growth(growth) => Ask::Growth(model::GrowthAsk { top: None, ..growth }),
        Ask::Stores(stores) => Ask::Stores(StoresAsk { limit: None, ..stores }),
        other => other,
    });
    Question { ask: ask.collect(), ..asked.clone() }
}

/// Members of every week.
fn weekly(asked: &Question) -> Question {
    let measures = vec![Measure::Users, Measure::Buyers];
    let ask = Ask::Series(SeriesAsk { grain: Grain::Week, align: Align::Calendar, measures });
    Question { ask: vec![ask], ..asked.clone() }
}

fn split_by(ask: &Ask) -> Option<By> {
    match ask {
        Ask::Growth(growth) => growth.by,
        Ask::Stores(_) => Some(By::Store),
        Ask::Funnel(funnel) => funnel.by.map(dimension),
        Ask::Overlap(_) => Some(By::Channel),
        _ => None,
    }
}

fn dimension(by: FunnelBy) -> By {
    match by {
        FunnelBy::Region => By::Region,
        FunnelBy::Channel => By::Channel,
        FunnelBy::SourceChannel => By::SourceChannel,
    }
}

fn every_week(answers: &Answers) -> Result<(), Refused> {
    let Some(Answer::Series(series)) = answers.answers.first() else { return Err(Refused::Form("weeks")) };
    let few = |points: &SeriesPoints| {
        let counts = [&points.users, &points.buyers].into_iter().flatten();
        let mut few = counts.flat_map(|list| list.iter().zip(&points.periods)).filter(|(f, _)| is_small(f.value));
        few.next().map(|(_, week)| *week)
    };
    let week = few(&series.window).or_else(|| series.compare.as_ref().and_then(few));
    week.map_or(Ok(()), |week| Err(Refused::Week { week }))
}

/// An answer without the groups that may not be shown.
fn told(ask: &Ask, answer: Answer, is_hidden: &dyn Fn(By, &str) -> bool) -> Result<Answer, Refused> {
    Ok(match (ask, answer) {
        (Ask::Growth(asked), Answer::Growth(mut growth)) => {
            if let Some(by) = asked.by {
                growth.groups.retain(|group| !is_hidden(by, &group.id));
                keep_top(&mut growth, asked.top);
            }
            Answer::Growth(growth)
        }
        (Ask::Stores(asked), Answer::Stores(mut rows)) => {
            rows.retain(|row| !is_hidden(By::Store, &row.store));
            rows.truncate(asked.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX));
            Answer::Stores(rows)
        }
        (Ask::Funnel(asked), Answer::Funnel(mut funnel)) => {
            if let Some(by) = asked.by.map(dimension) {
                funnel.groups.retain(|group| {
                    let entered = group.steps.first().map_or(0, |step| step.members.value);
                    !is_hidden(by, &group.id) && !is_small(entered)
                });
            }
            Answer::Funnel(funnel)
        }
        (Ask::Overlap(_), Answer::Overlap(mut overlap)) => {
            overlap.channels.retain(|channel| !is_hidden(By::Channel, &channel.channel));
            for channel in &mut overlap.channels {
                channel.with.retain(|with| !is_hidden(By::Channel, &with.channel));
            }
            Answer::Overlap(overlap)
        }
        (Ask::Growth(_) | Ask::Stores(_) | Ask::Funnel(_) | Ask::Overlap(_), _) => {
            return Err(Refused::Form("an answer"));
        }
        (_, answer) => answer,
    })
}

/// Of the groups those whose sales rose and fell most, as the engine would, from those that may be shown.
fn keep_top(growth: &mut GrowthAnswer, top: Option<u32>) {
    let Some(top) = top.and_then(|top| usize::try_from(top).ok()) else { return };
    let change = |place: usize| {
        let group = &growth.groups[place];
        group.window.sales.value - group.compare.as_ref().map_or(0, |compare| compare.sales.value)
    };
    let mut places: Vec<usize> = (0..growth.groups.len()).collect();
    places.sort_by_key(|place| -change(*place));
    let has_compare = growth.compare.is_some();
    let kept: Vec<usize> = places
        .iter()
        .enumerate()
        .filter(|(rank, place)| match has_compare {
            true => *rank < top && change(**place) > 0 || *rank + top >= places.len() && change(**place) < 0,
            false => *rank < top,
        })
        .map(|(_, place)| *place)
        .collect();
    let mut place = 0;
    growth.groups.retain(|_| {
        place += 1;
        kept.contains(&(place - 1))
    });
}
