//! The state of a page, which is its URL: read with mercy, written canonically.
//!
//! [`Params`] holds what the URL says and is valid; [`State`] is what follows from it for one snapshot.
//! What is invalid becomes the nearest valid state, and a [`Note`] says so on the page.

mod compare;
mod facet;
mod note;
mod page_name;
mod params;
mod segment;
mod window;
pub(crate) mod words;

use model::{Ask, Filter, Grain, Measure, Question, Window};

use crate::boot::Catalog;
use crate::framed::{self, Frame};
use crate::i18n::Lang;
use crate::pages;
use words::Words;

pub(crate) use compare::{Aligned, CampaignPair, Compare, Event, offers};
pub(crate) use facet::Facet;
pub(crate) use note::Note;
pub(crate) use page_name::PageName;
pub use page_name::framed_view;
pub(crate) use params::Params;
pub(crate) use segment::Picked;
pub(crate) use window::quarter_of;

/// Light, dark, or what the system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Its words in the URL and in `data-theme`.
    pub(crate) const WORDS: Words<Self> = Words(&[("light", Self::Light), ("dark", Self::Dark)]);

    /// Its word.
    pub(crate) fn word(self) -> &'static str {
        Self::WORDS.word(self)
    }
}

/// The colour of more; where the reader chose none, what the language's readers expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UpDown {
    /// Red is up, as in China.
    Red,
    /// Green is up.
    Green,
}

impl UpDown {
    /// Its words in the URL.
    pub(crate) const WORDS: Words<Self> = Words(&[("red", Self::Red), ("green", Self::Green)]);

    /// What readers of a language expect.
    pub(crate) fn of(lang: Lang) -> Self {
        match lang {
            Lang::Zh => Self::Red,
            Lang::En => Self::Green,
        }
    }
}

/// What a page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) page: PageName,
    pub(crate) params: Params,
    pub(crate) window: Window,
    /// [`Compare::Nothing`] on pages that compare nothing.
    pub(crate) compare: Compare,
    pub(crate) compared: Option<Window>,
    pub(crate) grain: Grain,
    pub(crate) measure: Measure,
    pub(crate) lang: Lang,
    pub(crate) notes: Vec<Note>,
    /// What a portal's token grants, where one frames the page.
    frame: Option<Frame>,
    /// What the page asks; follows from the rest and the snapshot's names.
    asks: Vec<Ask>,
}

impl State {
    /// The state of a URL over a snapshot; `accepted` is the reader's language where the URL names none.
    pub(crate) fn read(path: &str, text: &str, accepted: Lang, catalog: &Catalog) -> Self {
        let mut notes = Vec::new();
        let mut page = PageName::from_path(path, catalog, &mut notes);
        if let (Some(id), Some(frame)) = (page.store(), &catalog.frame)
            && !frame.shows(&page)
        {
            notes.push(Note::no_such_store(id));
            page = PageName::Stores;
        }
        let mut params = Params::read(&page, text, catalog, &mut notes);
        let campaigns = campaign_days(&mut params, catalog, &mut notes);
        let window = params.window.or(campaigns.map(|(days, _)| days));
        let window = window.unwrap_or_else(|| window::default_window(catalog));
        let mut compare = params.compare.unwrap_or_else(|| Compare::default_for(window, catalog));
        if compare == Compare::Custom && params.custom.is_none() {
            notes.push(Note::ignored("compare", "custom"));
            compare = Compare::default_for(window, catalog);
        }
        if !pages::of(&page).compares {
            compare = Compare::Nothing;
        }
        let mut compared = compare.days(window, campaigns.map(|(_, then)| then).or(params.custom));
        if compared.is_none() && compare != Compare::Nothing {
            // An event outside the table of its days.
            notes.push(Note::NoCompareDays);
            compare = Compare::default_for(window, catalog);
            compared = compare.days(window, None);
        }
        if compared.is_some_and(|w| w.from() < catalog.first_day) {
            notes.push(Note::CompareBeforeData(catalog.first_day));
        }
        let groups_only = catalog.frame.as_ref().is_some_and(|frame| frame.groups_only);
        let mut window = window;
        if groups_only {
            (window, compared) = framed::whole_weeks(window, compared);
        }
        let mut grain = params.growth.grain.unwrap_or(window::default_grain(window));
        if grain == Grain::Day && window.len_days() > 186 {
            notes.push(Note::GrainCoarser);
            grain = window::default_grain(window);
        }
        if groups_only {
            grain = Grain::Week;
        }
        let mut state = Self {
            page,
            measure: params.growth.measure.unwrap_or(Measure::Sales),
            lang: params.lang.unwrap_or(accepted),
            params,
            window,
            compare,
            compared,
            grain,
            notes,
            frame: catalog.frame.clone(),
            asks: Vec::new(),
        };
        state.asks = (pages::of(&state.page).asks)(&state, catalog);
        state
    }

    /// What the campaigns compared have in common; none where the comparison is another.
    pub(crate) fn aligned<'a>(&self, catalog: &'a Catalog) -> Option<Aligned<'a>> {
        self.params.campaigns.as_ref().filter(|_| self.compare == Compare::Campaign)?.aligned(catalog)
    }

    /// The one question the page needs.
    pub(crate) fn question(&self) -> Question {
        Question { window: self.window, compare: self.compared, filter: self.filter(), ask: self.asks.clone() }
    }

    /// The questions beside it, which filter differently; they are asked when the page's own is answered.
    pub(crate) fn beside(&self, catalog: &Catalog) -> Vec<Question> {
        pages::of(&self.page).beside.map_or_else(Vec::new, |beside| beside(self, catalog))
    }

    /// Which facts and members count; on the page of one store, that store's alone.
    pub(crate) fn filter(&self) -> Filter {
        let mut filter = self.params.filter.clone();
        if let Some(store) = self.page.store() {
            for facet in Facet::ALL.into_iter().filter(|facet| facet.is_of_stores()) {
                facet.clear(&mut filter);
            }
            filter.stores = vec![store.to_owned()];
        }
        filter.segment = self.params.segment.as_ref().map(|picked| picked.resolve(self.window.to()));
        if let Some(frame) = &self.frame {
            frame.hold_filter(&mut filter);
        }
        filter
    }

    /// The link to this page with something changed.
    pub(crate) fn href(&self, change: impl FnOnce(&mut Params)) -> String {
        self.params.with(change).href(&self.page)
    }

    /// The link to what a figure of this page means and rests on, for the same days and the same filter.
    pub(crate) fn why_href(&self, figure: pages::Why) -> String {
        let asked = self.params.with(|p| {
            p.filter = Filter { segment: None, ..self.filter() };
            p.data.why = Some(figure);
            p.data.back = (self.page != PageName::Growth).then(|| self.page.clone());
        });
        asked.href(&PageName::Data)
    }
}

/// The days of a campaign and of the earlier one it is compared with. Where they have none, the parameters forget the
/// comparison and a note says why; none without such a comparison, too.
fn campaign_days(params: &mut Params, catalog: &Catalog, notes: &mut Vec<Note>) -> Option<(Window, Window)> {
    if params.compare != Some(Compare::Campaign) {
        return None;
    }
    let days = match &params.campaigns {
        None => Err(Note::ignored("compare", Compare::WORDS.word(Compare::Campaign))),
        Some(pair) => pair.aligned(catalog).ok_or(Note::NoCampaignDays).and_then(|aligned| {
            let window = params.window.unwrap_or(aligned.days);
            aligned.compared(window).map(|then| (window, then)).ok_or(Note::OutsideCampaign)
        }),
    };
    days.map_err(|note| {
        notes.push(note);
        params.compare_with_default();
    })
    .ok()
}

#[cfg(test)]
mod tests;
