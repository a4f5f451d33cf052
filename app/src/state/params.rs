//! What a URL says, as far as it is valid for the snapshot: read with mercy, written canonically.

use model::{Day, Filter, Window};

use super::window::span;
use super::{CampaignPair, Compare, Facet, Note, PageName, Picked, Theme, UpDown};
use crate::boot::Catalog;
use crate::i18n::Lang;
use crate::pages::{
    ChannelsOptions, CohortsOptions, DataOptions, FunnelOptions, GrowthOptions, HomeOptions, LadderOptions,
    MembersOptions, PageOptions, StoreOptions, StoresOptions, Why,
};
use crate::query;

/// What a URL says. The options of a page stand only in addresses of that page; on others they are the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Params {
    pub(crate) window: Option<Window>,
    pub(crate) compare: Option<Compare>,
    pub(crate) custom: Option<Window>,
    /// What [`Compare::Campaign`] compares.
    pub(crate) campaigns: Option<CampaignPair>,
    /// Without its segment, which is in `segment`.
    pub(crate) filter: Filter,
    pub(crate) segment: Option<Picked>,
    /// The Growth page's, and of the page of one store.
    pub(crate) growth: GrowthOptions,
    /// The Growth page's alone.
    pub(crate) home: HomeOptions,
    pub(crate) funnel: FunnelOptions,
    pub(crate) cohorts: CohortsOptions,
    pub(crate) stores: StoresOptions,
    pub(crate) store: StoreOptions,
    pub(crate) ladder: LadderOptions,
    pub(crate) members: MembersOptions,
    pub(crate) channels: ChannelsOptions,
    pub(crate) data: DataOptions,
    pub(crate) lang: Option<Lang>,
    pub(crate) theme: Option<Theme>,
    pub(crate) updown: Option<UpDown>,
    /// Whether a portal frames the page: its links lead to framed pages then.
    pub(crate) framed: bool,
}

impl Params {
    /// Reads the query string of a page.
    pub(crate) fn read(page: &PageName, text: &str, catalog: &Catalog, notes: &mut Vec<Note>) -> Self {
        let mut params = Self { framed: catalog.frame.is_some(), ..Self::default() };
        let [mut from, mut to, mut cfrom, mut cto] = [None; 4];
        let [mut now, mut then]: [Option<String>; 2] = [None, None];
        for (name, value) in query::pairs(text) {
            let mut day = |field| match Day::parse(&value) {
                Ok(day) => Some(day),
                Err(_) if value.is_empty() => None,
                Err(_) => {
                    notes.push(Note::ignored(field, &value));
                    None
                }
            };
            match name.as_str() {
                "from" => from = day("from"),
                "to" => to = day("to"),
                "cfrom" => cfrom = day("cfrom"),
                "cto" => cto = day("cto"),
                "cnow" => now = dated(&value, catalog, notes),
                "cthen" => then = dated(&value, catalog, notes),
                "compare" => params.compare = Compare::WORDS.read("compare", &value, notes),
                "lang" => {
                    params.lang = Lang::parse(&value);
                    if params.lang.is_none() && !value.is_empty() {
                        notes.push(Note::ignored("lang", &value));
                    }
                }
                "theme" => params.theme = Theme::WORDS.read("theme", &value, notes),
                "updown" => params.updown = UpDown::WORDS.read("updown", &value, notes),
                name => params.take(page, name, &value, catalog, notes),
            }
        }
        params.window = span(from, to, catalog, notes);
        params.custom = span(cfrom, cto, catalog, notes);
        params.campaigns = now.zip(then).map(|(now, then)| CampaignPair { now, then });
        if let Some(frame) = &catalog.frame {
            frame.hold(&mut params, notes);
        }
        params
    }

    /// A filter, a segment, or an option of the page; unknown names are nobody's business.
    fn take(&mut self, page: &PageName, name: &str, value: &str, catalog: &Catalog, notes: &mut Vec<Note>) {
        if let Some(facet) = Facet::ALL.into_iter().find(|facet| facet.word() == name) {
            return facet.read(&mut self.filter, value, catalog, notes);
        }
        if let Some(picked) = Picked::read(name, value, catalog, notes) {
            if picked.is_some() {
                self.segment = picked;
            }
            return;
        }
        for options in self.options_mut(page) {
            if options.take(name, value, catalog, notes) {
                return;
            }
        }
    }

    /// The options that a page has.
    fn options_mut(&mut self, page: &PageName) -> Vec<&mut dyn PageOptions> {
        match page {
            PageName::Growth => vec![&mut self.growth, &mut self.home],
            PageName::Funnel => vec![&mut self.funnel],
            PageName::Cohorts => vec![&mut self.cohorts],
            PageName::Stores => vec![&mut self.stores],
            PageName::Store(_) => vec![&mut self.growth, &mut self.store],
            PageName::Ladder => vec![&mut self.ladder],
            PageName::Members => vec![&mut self.members],
            PageName::Channels => vec![&mut self.channels],
            // The steps of a funnel go along to where they are explained.
            PageName::Data if self.data.why == Some(Why::Funnel) => vec![&mut self.data, &mut self.funnel],
            PageName::Data => vec![&mut self.data],
        }
    }

    /// What the query string of a page says, in its canonical order.
    pub(crate) fn pairs(&self, page: &PageName) -> Vec<(&'static str, String)> {
        let mut out = Vec::new();
        if let Some(window) = self.window {
            out.push(("from", window.from().to_string()));
            out.push(("to", window.to().to_string()));
        }
        if let Some(compare) = self.compare {
            out.push(("compare", Compare::WORDS.word(compare).to_owned()));
        }
        if let (Some(custom), Some(Compare::Custom)) = (self.custom, self.compare) {
            out.push(("cfrom", custom.from().to_string()));
            out.push(("cto", custom.to().to_string()));
        }
        if let (Some(pair), Some(Compare::Campaign)) = (&self.campaigns, self.compare) {
            out.extend([("cnow", pair.now.clone()), ("cthen", pair.then.clone())]);
        }
        for facet in Facet::ALL {
            out.extend(facet.chosen(&self.filter).into_iter().map(|value| (facet.word(), value)));
        }
        out.extend(self.segment.as_ref().map(Picked::pair));
        for options in self.clone().options_mut(page) {
            options.give(&mut out);
        }
        let updown = self.updown.map(|updown| UpDown::WORDS.word(updown));
        let words = [("lang", self.lang.map(Lang::tag)), ("theme", self.theme.map(Theme::word)), ("updown", updown)];
        out.extend(words.into_iter().filter_map(|(name, word)| Some((name, word?.to_owned()))));
        out
    }

    /// The link to a page in this state.
    pub(crate) fn href(&self, page: &PageName) -> String {
        let mut out = query::Writer::default();
        for (name, value) in self.pairs(page) {
            out.add(name, &value);
        }
        self.path(page) + &out.finish()
    }

    /// The path of a page, without what this state says.
    pub(crate) fn path(&self, page: &PageName) -> String {
        if self.framed { page.framed_path() } else { page.path() }
    }

    /// This state with one thing changed.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = self.clone();
        change(&mut changed);
        changed
    }

    /// Compares a campaign with an earlier one, on the days that both have. Where facts of campaigns alone count, those
    /// of both do: an earlier one's facts do not bear the later one's name.
    pub(crate) fn compare_campaigns(&mut self, pair: CampaignPair, days: Window) {
        if !self.filter.campaigns.is_empty() {
            self.filter.campaigns = vec![pair.now.clone(), pair.then.clone()];
        }
        (self.window, self.compare, self.custom, self.campaigns) =
            (Some(days), Some(Compare::Campaign), None, Some(pair));
    }

    /// Compares with something else than a campaign, and undoes what [`Self::compare_campaigns`] did to the filter.
    pub(crate) fn compare_with(&mut self, compare: Compare) {
        if let Some(pair) = self.campaigns.take().filter(|pair| self.filter.campaigns == [&*pair.now, &*pair.then]) {
            self.filter.campaigns = vec![pair.now];
        }
        (self.compare, self.custom) = (Some(compare), None);
    }

    /// Compares with what is compared without a choice.
    pub(crate) fn compare_with_default(&mut self) {
        (self.compare, self.campaigns) = (None, None);
    }

    /// Takes back every filter and the segment.
    pub(crate) fn unfilter(&mut self) {
        self.filter = Filter::default();
        self.segment = None;
    }
}

/// The id of a campaign whose days are known; others become a note.
fn dated(id: &str, catalog: &Catalog, notes: &mut Vec<Note>) -> Option<String> {
    let found = catalog.campaign(id).map(|campaign| campaign.id.clone());
    if found.is_none() && !id.is_empty() {
        notes.push(Note::unknown(id));
    }
    found
}
