//! The state of a page, which is its URL: read with mercy, written canonically.
//!
//! [`Params`] holds what the URL says and is valid; [`State`] is what follows from it for one snapshot.
//! What is invalid becomes the nearest valid state, and a [`Note`] says so on the page.

use model::{Align, Ask, By, Day, Filter, Grain, GrowthAsk, Measure, Question, SeriesAsk, Window};

use crate::boot::Catalog;
use crate::i18n::Lang;
use crate::query;

/// Which page a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageName {
    /// `/`
    Growth,
    /// `/data`
    Data,
}

impl PageName {
    /// The page of a path; Growth for paths that name none.
    pub(crate) fn from_path(path: &str) -> Self {
        match path.trim_end_matches('/') {
            "/data" => Self::Data,
            _ => Self::Growth,
        }
    }

    /// Its path.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Growth => "/",
            Self::Data => "/data",
        }
    }
}

/// What the window is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    /// As many days, ending the day before.
    Previous,
    /// The same days one year earlier.
    Year,
    /// Nothing.
    Nothing,
    /// Days of the reader's choice.
    Custom,
}

/// Light, dark, or what the system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Its word in the URL and in `data-theme`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What a URL says, as far as it is valid for the snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Params {
    pub(crate) window: Option<Window>,
    pub(crate) compare: Option<Compare>,
    pub(crate) custom: Option<Window>,
    pub(crate) regions: Vec<String>,
    pub(crate) stores: Vec<String>,
    pub(crate) channels: Vec<String>,
    pub(crate) grain: Option<Grain>,
    pub(crate) measure: Option<Measure>,
    pub(crate) lang: Option<Lang>,
    pub(crate) theme: Option<Theme>,
}

/// Something in the URL that could not be taken as it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// A word that is no value of this parameter; the default is used.
    Ignored {
        /// The parameter.
        field: &'static str,
        /// What it said, shortened.
        value: String,
    },
    /// A store, region or channel that the snapshot does not have.
    Unknown(String),
    /// Days in the wrong order, or outside the data; these are shown instead.
    WindowMoved(Window),
    /// The comparison lies wholly or partly before the first day of the data.
    CompareBeforeData(Day),
    /// Too many points for one chart; a coarser grain is used.
    GrainCoarser,
}

/// What a page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) page: PageName,
    pub(crate) params: Params,
    pub(crate) window: Window,
    pub(crate) compare: Compare,
    pub(crate) compared: Option<Window>,
    pub(crate) grain: Grain,
    pub(crate) measure: Measure,
    pub(crate) lang: Lang,
    pub(crate) notes: Vec<Note>,
}

const GRAINS: [(&str, Grain); 3] = [("day", Grain::Day), ("week", Grain::Week), ("month", Grain::Month)];

const COMPARES: [(&str, Compare); 4] =
    [("prev", Compare::Previous), ("year", Compare::Year), ("none", Compare::Nothing), ("custom", Compare::Custom)];

const MEASURES: [(&str, Measure); 8] = [
    ("sales", Measure::Sales),
    ("member_sales", Measure::MemberSales),
    ("orders", Measure::Orders),
    ("users", Measure::Users),
    ("buyers", Measure::Buyers),
    ("conversion", Measure::Conversion),
    ("frequency", Measure::Frequency),
    ("aov", Measure::Aov),
];

fn by_word<T: Copy>(table: &[(&str, T)], field: &'static str, word: &str, notes: &mut Vec<Note>) -> Option<T> {
    let found = table.iter().find(|(name, _)| *name == word);
    if found.is_none() && !word.is_empty() {
        notes.push(ignored(field, word));
    }
    found.map(|(_, value)| *value)
}

fn word_of<T: Copy + PartialEq>(table: &[(&'static str, T)], value: T) -> &'static str {
    table.iter().find(|(_, v)| *v == value).map_or("", |(name, _)| name)
}

fn ignored(field: &'static str, value: &str) -> Note {
    Note::Ignored { field, value: value.chars().take(40).collect() }
}

impl Params {
    /// Reads a query string.
    pub(crate) fn read(text: &str, catalog: &Catalog, notes: &mut Vec<Note>) -> Self {
        let mut params = Self::default();
        let [mut from, mut to, mut cfrom, mut cto] = [None; 4];
        for (name, value) in query::pairs(text) {
            let mut day = |field| match Day::parse(&value) {
                Ok(day) => Some(day),
                Err(_) if value.is_empty() => None,
                Err(_) => {
                    notes.push(ignored(field, &value));
                    None
                }
            };
            match name.as_str() {
                "from" => from = day("from"),
                "to" => to = day("to"),
                "cfrom" => cfrom = day("cfrom"),
                "cto" => cto = day("cto"),
                "compare" => params.compare = by_word(&COMPARES, "compare", &value, notes),
                "grain" => params.grain = by_word(&GRAINS, "grain", &value, notes),
                "measure" => params.measure = by_word(&MEASURES, "measure", &value, notes),
                "lang" => {
                    params.lang = Lang::parse(&value);
                    if params.lang.is_none() && !value.is_empty() {
                        notes.push(ignored("lang", &value));
                    }
                }
                "theme" => {
                    let themes = [("light", Theme::Light), ("dark", Theme::Dark)];
                    params.theme = by_word(&themes, "theme", &value, notes);
                }
                "region" => pick(&mut params.regions, catalog.region_named(&value), &value, notes),
                "store" => pick(&mut params.stores, catalog.store_named(&value), &value, notes),
                "channel" => pick(&mut params.channels, catalog.channel_named(&value), &value, notes),
                _ => {}
            }
        }
        params.window = span(from, to, catalog, notes);
        params.custom = span(cfrom, cto, catalog, notes);
        params
    }

    /// What the query string says, in its canonical order.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut out = Vec::new();
        if let Some(window) = self.window {
            out.push(("from", window.from().to_string()));
            out.push(("to", window.to().to_string()));
        }
        if let Some(compare) = self.compare {
            out.push(("compare", word_of(&COMPARES, compare).to_owned()));
        }
        if let (Some(custom), Some(Compare::Custom)) = (self.custom, self.compare) {
            out.push(("cfrom", custom.from().to_string()));
            out.push(("cto", custom.to().to_string()));
        }
        for (name, values) in [("region", &self.regions), ("store", &self.stores), ("channel", &self.channels)] {
            out.extend(values.iter().map(|value| (name, value.clone())));
        }
        let words = [
            ("grain", self.grain.map(|g| word_of(&GRAINS, g))),
            ("measure", self.measure.map(|m| word_of(&MEASURES, m))),
            ("lang", self.lang.map(Lang::tag)),
            ("theme", self.theme.map(Theme::word)),
        ];
        out.extend(words.into_iter().filter_map(|(name, word)| Some((name, word?.to_owned()))));
        out
    }

    /// The link to a page in this state.
    pub(crate) fn href(&self, page: PageName) -> String {
        let mut out = query::Writer::default();
        for (name, value) in self.pairs() {
            out.add(name, &value);
        }
        page.path().to_owned() + &out.finish()
    }

    /// This state with one thing changed.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = self.clone();
        change(&mut changed);
        changed
    }
}

/// Puts a name into a list or takes it out.
pub(crate) fn toggle(list: &mut Vec<String>, name: &str) {
    match list.iter().position(|n| n == name) {
        Some(at) => drop(list.remove(at)),
        None => list.push(name.to_owned()),
    }
}

fn pick(list: &mut Vec<String>, found: Option<String>, value: &str, notes: &mut Vec<Note>) {
    match found {
        Some(name) if !list.contains(&name) => list.push(name),
        Some(_) => {}
        None if value.trim().is_empty() => {}
        None => notes.push(Note::Unknown(value.chars().take(40).collect())),
    }
}

/// The window two days mean, inside the data; none where neither is given.
fn span(from: Option<Day>, to: Option<Day>, catalog: &Catalog, notes: &mut Vec<Note>) -> Option<Window> {
    let (first, last) = (catalog.first_day, catalog.data_until.max(catalog.first_day));
    let (asked_from, asked_to) = match (from, to) {
        (None, None) => return None,
        (Some(from), Some(to)) => (from, to),
        (Some(from), None) => (from, last.max(from)),
        (None, Some(to)) => (to.plus(-90).max(first).min(to), to),
    };
    let (low, high) = (asked_from.min(asked_to), asked_from.max(asked_to));
    let window = Window::new(low.clamp(first, last), high.clamp(first, last)).ok()?;
    if (window.from(), window.to()) != (asked_from, asked_to) {
        notes.push(Note::WindowMoved(window));
    }
    Some(window)
}

impl State {
    /// The state of a URL over a snapshot; `accepted` is the reader's language where the URL names none.
    pub(crate) fn read(path: &str, text: &str, accepted: Lang, catalog: &Catalog) -> Self {
        let mut notes = Vec::new();
        let params = Params::read(text, catalog, &mut notes);
        let window = params.window.unwrap_or_else(|| default_window(catalog));
        let mut compare = params.compare.unwrap_or_else(|| default_compare(window, catalog));
        if compare == Compare::Custom && params.custom.is_none() {
            notes.push(ignored("compare", "custom"));
            compare = default_compare(window, catalog);
        }
        let compared = match compare {
            Compare::Previous => Some(window.previous()),
            Compare::Year => Some(window.year_earlier()),
            Compare::Custom => params.custom,
            Compare::Nothing => None,
        };
        if compared.is_some_and(|w| w.from() < catalog.first_day) {
            notes.push(Note::CompareBeforeData(catalog.first_day));
        }
        let mut grain = params.grain.unwrap_or(default_grain(window));
        if grain == Grain::Day && window.len_days() > 186 {
            notes.push(Note::GrainCoarser);
            grain = default_grain(window);
        }
        Self {
            page: PageName::from_path(path),
            measure: params.measure.unwrap_or(Measure::Sales),
            lang: params.lang.unwrap_or(accepted),
            params,
            window,
            compare,
            compared,
            grain,
            notes,
        }
    }

    /// The one question the page needs.
    pub(crate) fn question(&self) -> Question {
        Question {
            window: self.window,
            compare: self.compared,
            filter: Filter {
                regions: self.params.regions.clone(),
                stores: self.params.stores.clone(),
                channels: self.params.channels.clone(),
                ..Filter::default()
            },
            ask: vec![
                Ask::Growth(GrowthAsk { by: Some(By::Region), top: None }),
                Ask::Growth(GrowthAsk { by: Some(By::Store), top: Some(MOVERS) }),
                Ask::Series(SeriesAsk {
                    grain: self.grain,
                    align: Align::Window,
                    measures: MEASURES.map(|m| m.1).to_vec(),
                }),
            ],
        }
    }
}

/// Stores asked for in each direction: a page shows no more of them.
const MOVERS: u32 = 10;

/// The calendar quarter that ends with the data, where it is whole; else the last 91 days there are.
fn default_window(catalog: &Catalog) -> Window {
    let (first, last) = (catalog.first_day, catalog.data_until.max(catalog.first_day));
    let quarter = quarter_of(last);
    if quarter.to() == last && quarter.from() >= first {
        return quarter;
    }
    Window::new(last.plus(-90).max(first), last).unwrap_or(quarter)
}

/// The calendar quarter of a day.
pub(crate) fn quarter_of(day: Day) -> Window {
    let start = day.month_start().plus_months(-((day.month() as i32 - 1) % 3));
    Window::new(start, start.plus_months(3).plus(-1)).expect("a quarter ends after it begins")
}

/// Last year where the data covers it, else the days before, else nothing.
fn default_compare(window: Window, catalog: &Catalog) -> Compare {
    if window.year_earlier().from() >= catalog.first_day {
        Compare::Year
    } else if window.previous().from() >= catalog.first_day {
        Compare::Previous
    } else {
        Compare::Nothing
    }
}

fn default_grain(window: Window) -> Grain {
    match window.len_days() {
        ..32 => Grain::Day,
        32..=200 => Grain::Week,
        _ => Grain::Month,
    }
}

#[cfg(test)]
mod tests;
