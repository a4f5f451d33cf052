//! What a page is made from: the request, the catalog of names, the answers.
//!
//! The server makes a [`Boot`], renders it and writes it into the document; the browser reads it back,
//! so that both sides draw the same page from the same values.

use std::sync::Arc;

use model::{
    Answer, Answers, Campaign, Channel, Day, Identified, Manifest, OneId, Question, Store, TableReport, Targets, Told,
    Totals,
};
use serde::{Deserialize, Serialize};

use crate::format::Style;
use crate::framed::Frame;
use crate::i18n::Lang;
use crate::state::{PageName, State, Theme, UpDown};

/// A request for a page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PageRequest {
    /// The URL's path.
    pub path: String,
    /// The URL's query, with or without its `?`.
    pub query: String,
    /// The header of that name.
    pub accept_language: Option<String>,
    /// The time, for "6 minutes ago".
    pub now_unix_secs: u64,
    /// Who is signed in, where people sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<String>,
    /// Public keys of which one must have signed the manifest that the browser counts with; empty where nobody checks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verify_keys: Vec<String>,
    /// Data built longer ago are said to be stale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_after_secs: Option<u64>,
}

impl PageRequest {
    /// Path and query, as a browser's address bar has them.
    pub(crate) fn address(&self) -> String {
        match self.query.trim_start_matches('?') {
            "" => self.path.clone(),
            query => format!("{}?{query}", self.path),
        }
    }
}

/// A request understood: the page's state, the one question it needs, and what stands beside it.
pub struct Prepared {
    /// To ask of the engine.
    pub question: Question,
    /// To ask as well, each with a filter of its own; on most pages none.
    pub beside: Vec<Question>,
    page: PageName,
    request: PageRequest,
    catalog: Catalog,
}

/// Everything a page needs, the same on both sides.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Boot {
    pub(crate) request: PageRequest,
    pub(crate) catalog: Catalog,
    pub(crate) answers: Result<Answers, String>,
    /// To the questions beside it, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) beside: Vec<Result<Answers, String>>,
    /// What the Data page tells of the build; none on other pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) told: Option<Told>,
}

impl Prepared {
    /// Whether the page tells of the build, and not of what is in it alone.
    pub fn tells(&self) -> bool {
        self.catalog.frame.is_none() && self.page == PageName::Data
    }
}

impl Boot {
    /// With what there is to tell of the build.
    pub fn with_told(self, told: Option<Told>) -> Self {
        Self { told, ..self }
    }
}

/// The part of a manifest that pages show: names and dates, no files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Catalog {
    pub(crate) tenant: String,
    pub(crate) snapshot: String,
    pub(crate) built_at: String,
    pub(crate) first_day: Day,
    pub(crate) data_until: Day,
    pub(crate) currency: String,
    pub(crate) digits: u8,
    pub(crate) regions: Vec<String>,
    pub(crate) stores: Vec<Store>,
    pub(crate) channels: Vec<Channel>,
    pub(crate) touch_kinds: Vec<String>,
    /// Ids of those that facts name.
    pub(crate) campaigns: Vec<String>,
    /// Those whose days are known, by their first days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) campaigns_dated: Vec<Campaign>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) targets: Option<Targets>,
    /// Whether the targets of stores were left out: thousands of lists that a page without a filter on stores
    /// does not need; a browser fetches them when it does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) targets_left: bool,
    pub(crate) tiers: Vec<String>,
    pub(crate) totals: Totals,
    pub(crate) tables: Vec<TableReport>,
    /// How identities became members, where the source has identities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) one_id: Option<OneId>,
    /// The known share by channel and month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) identified: Option<Identified>,
    /// Whether that was left out: thousands of numbers that only the Channels page shows; a browser fetches them when
    /// it goes there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) identified_left: bool,
    pub(crate) shards: usize,
    pub(crate) bytes: u64,
    /// What a portal's token grants, where one frames the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) frame: Option<Frame>,
}

impl Catalog {
    fn new(manifest: &Manifest) -> Self {
        let dimensions = &manifest.dimensions;
        Self {
            tenant: manifest.tenant.clone(),
            snapshot: format!("{}-{}", manifest.scope, manifest.version),
            built_at: manifest.built_at.clone(),
            first_day: manifest.first_day,
            data_until: manifest.data_until,
            currency: manifest.currency.clone(),
            digits: manifest.currency_digits,
            regions: dimensions.regions.iter().map(|r| r.id.clone()).collect(),
            stores: dimensions.stores.clone(),
            channels: dimensions.channels.clone(),
            touch_kinds: dimensions.touch_kinds.clone(),
            campaigns: dimensions.campaigns.clone(),
            campaigns_dated: manifest.campaigns.clone(),
            targets: manifest.targets.clone(),
            targets_left: false,
            tiers: dimensions.tiers.clone(),
            totals: manifest.totals.clone(),
            tables: manifest.tables.clone(),
            one_id: manifest.one_id.clone(),
            identified: manifest.identified.clone(),
            identified_left: false,
            shards: manifest.shards.len(),
            bytes: manifest.shards.iter().map(|s| s.bytes).sum(),
            frame: None,
        }
    }

    /// The region of this name.
    pub(crate) fn region_named(&self, name: &str) -> Option<String> {
        let name = name.trim();
        self.regions.iter().find(|r| !name.is_empty() && *r == name).cloned()
    }

    /// The store of this id, else of this name, else the only one whose name holds the text.
    pub(crate) fn store_named(&self, text: &str) -> Option<String> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let exact = self.store(text).or_else(|| self.stores.iter().find(|s| s.name == text));
        let found = exact.or_else(|| {
            let mut holding = self.stores.iter().filter(|s| s.name.contains(text));
            holding.next().filter(|_| holding.next().is_none())
        });
        found.map(|s| s.id.clone())
    }

    /// The channel of this id, else of this name.
    pub(crate) fn channel_named(&self, text: &str) -> Option<String> {
        let text = text.trim();
        let mut all = self.channels.iter().filter(|_| !text.is_empty());
        let exact = all.clone().find(|c| c.id == text);
        exact.or_else(|| all.find(|c| c.name == text)).map(|c| c.id.clone())
    }

    /// A store by id.
    pub(crate) fn store(&self, id: &str) -> Option<&Store> {
        self.stores.iter().find(|s| s.id == id)
    }

    /// A channel by id.
    pub(crate) fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels.iter().find(|c| c.id == id)
    }

    /// A campaign whose days are known, by id.
    pub(crate) fn campaign(&self, id: &str) -> Option<&Campaign> {
        self.campaigns_dated.iter().find(|c| c.id == id)
    }

    /// When the snapshot was built, seconds since 1970; none where the text is no RFC 3339 time in UTC.
    pub(crate) fn built_unix_secs(&self) -> Option<u64> {
        model::parse_utc_seconds(&self.built_at)
    }
}

/// Reads a request: URL to page state to the one question the page needs.
pub fn prepare(request: &PageRequest, manifest: &Manifest) -> Prepared {
    prepared(request.clone(), Catalog::new(manifest))
}

/// The same for a page that a portal frames: within what its token grants.
pub fn prepare_framed(request: &PageRequest, manifest: &Manifest, frame: Frame) -> Prepared {
    prepared(request.clone(), frame.thin(Catalog::new(manifest)))
}

/// A request read over a catalog.
pub(crate) fn prepared(request: PageRequest, catalog: Catalog) -> Prepared {
    let state = read_state(&request, &catalog);
    Prepared { question: state.question(), beside: state.beside(&catalog), page: state.page, request, catalog }
}

/// Puts the answers, or why there are none, to what was prepared; `beside` in the order of [`Prepared::beside`].
pub fn boot(
    prepared: Prepared,
    _manifest: &Manifest,
    answers: Result<Answers, String>,
    beside: Vec<Result<Answers, String>>,
) -> Boot {
    answered(prepared, answers, beside)
}

/// What was prepared with its answers.
pub(crate) fn answered(
    prepared: Prepared,
    answers: Result<Answers, String>,
    beside: Vec<Result<Answers, String>>,
) -> Boot {
    let mut catalog = prepared.catalog;
    let needed = catalog.frame.is_some() || asks_of_stores(&prepared.question, &prepared.beside);
    if let Some(targets) = catalog.targets.as_mut().filter(|targets| !needed && !targets.stores.is_empty()) {
        (targets.stores, targets.store_amounts) = (Vec::new(), Vec::new());
        catalog.targets_left = true;
    }
    if catalog.frame.is_none() && prepared.page != PageName::Channels {
        catalog.identified_left = catalog.identified.take().is_some();
    }
    Boot { request: prepared.request, catalog, answers, beside, told: None }
}

/// Whether a page shows stores that its filter names, whose targets it then needs.
pub(crate) fn asks_of_stores(question: &Question, beside: &[Question]) -> bool {
    std::iter::once(question).chain(beside).any(|question| !question.filter.stores.is_empty())
}

fn read_state(request: &PageRequest, catalog: &Catalog) -> State {
    let accepted = Lang::accepted(request.accept_language.as_deref());
    State::read(&request.path, &request.query, accepted, catalog)
}

/// Everything one drawing of the page rests on.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// Names and dates.
    pub(crate) catalog: Arc<Catalog>,
    /// What the reader asked for: the filters show it.
    pub(crate) state: State,
    /// What the answers are to; lags behind `state` while an answer is on its way.
    pub(crate) shown: State,
    /// The answers, or why there are none.
    pub(crate) answers: Result<Arc<Answers>, String>,
    /// The answers to the questions beside it, in their order; shorter while the rest is on its way.
    pub(crate) beside: Vec<Result<Arc<Answers>, String>>,
    /// For "6 minutes ago".
    pub(crate) now_unix_secs: u64,
    /// The language where the URL names none.
    pub(crate) accepted: Lang,
    /// What the reader's browser keeps; nothing on the server.
    pub(crate) kept: Kept,
    /// Who is signed in, where people sign in.
    pub(crate) reader: Option<String>,
    /// What there is to tell of the build; none where that is not known here.
    pub(crate) told: Option<Arc<Told>>,
    /// See [`PageRequest::verify_keys`].
    pub(crate) verify_keys: Vec<String>,
    /// See [`PageRequest::stale_after_secs`].
    pub(crate) stale_after_secs: Option<u64>,
}

/// Settings that a browser keeps for addresses that name none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) theme: Option<Theme>,
    pub(crate) updown: Option<UpDown>,
}

impl Page {
    /// The page of a boot.
    pub(crate) fn new(boot: Boot) -> Self {
        let state = read_state(&boot.request, &boot.catalog);
        Self {
            shown: state.clone(),
            state,
            catalog: Arc::new(boot.catalog),
            answers: boot.answers.map(Arc::new),
            beside: boot.beside.into_iter().map(|answers| answers.map(Arc::new)).collect(),
            now_unix_secs: boot.request.now_unix_secs,
            accepted: Lang::accepted(boot.request.accept_language.as_deref()),
            kept: Kept::default(),
            reader: boot.request.reader,
            told: boot.told.map(Arc::new),
            verify_keys: boot.request.verify_keys,
            stale_after_secs: boot.request.stale_after_secs,
        }
    }

    /// Light or dark: as the address says, else as the browser keeps it, else as the system has it.
    pub(crate) fn theme(&self) -> Option<Theme> {
        self.state.params.theme.or(self.kept.theme)
    }

    /// The colour of more that the reader chose, by the address or once before.
    pub(crate) fn updown(&self) -> Option<UpDown> {
        self.state.params.updown.or(self.kept.updown)
    }

    /// How numbers are written here.
    pub(crate) fn style(&self) -> Style {
        Style { lang: self.state.lang, currency: self.catalog.currency.clone(), digits: self.catalog.digits }
    }

    /// Whether the data were built longer ago than agreed.
    pub(crate) fn is_stale(&self) -> bool {
        let age = self.catalog.built_unix_secs().map(|built| self.now_unix_secs.saturating_sub(built));
        self.stale_after_secs.zip(age).is_some_and(|(most, age)| age > most)
    }

    /// The answers in the order asked, by the page they are to; none where they failed.
    pub(crate) fn answered(&self) -> Option<&[Answer]> {
        self.answers.as_ref().ok().map(|answers| answers.answers.as_slice())
    }

    /// The answers to a question beside it; none while they are on their way or where they failed.
    pub(crate) fn answered_beside(&self, place: usize) -> Option<&[Answer]> {
        self.beside.get(place)?.as_ref().ok().map(|answers| answers.answers.as_slice())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use model::ChannelDomain;

    use super::*;

    /// A small catalog with two regions, two stores and two channels, 2023-01-01 to 2025-03-31.
    pub(crate) fn catalog() -> Catalog {
        let store = |id: &str, name: &str, region| Store {
            id: id.into(),
            name: name.into(),
            region,
            city: "上海".into(),
            format: "direct".into(),
        };
        let channel = |id: &str, name: &str| Channel {
            id: id.into(),
            name: name.into(),
            kind: "owned".into(),
            domain: Some(ChannelDomain::Private),
        };
        Catalog {
            tenant: "示例".into(),
            snapshot: "all-1".into(),
            built_at: "2025-04-01T02:03:04Z".into(),
            first_day: Day::parse("2023-01-01").expect("a day"),
            data_until: Day::parse("2025-03-31").expect("a day"),
            currency: "CNY".into(),
            digits: 2,
            regions: vec!["华东".into(), "华南".into()],
            stores: vec![store("S001", "上海南京西路店", 0), store("S002", "广州天河城店", 1)],
            channels: vec![channel("wx", "微信小程序"), channel("tm", "天猫")],
            touch_kinds: vec!["visit".into(), "add_friend".into(), "odd".into()],
            campaigns: vec!["C1".into()],
            campaigns_dated: Vec::new(),
            targets: None,
            targets_left: false,
            tiers: vec!["金卡".into()],
            totals: Totals::default(),
            tables: Vec::new(),
            one_id: None,
            identified: None,
            identified_left: false,
            shards: 16,
            bytes: 1_000,
            frame: None,
        }
    }

    #[test]
    fn a_request_has_the_address_of_the_address_bar() {
        let request =
            |query: &str| PageRequest { path: "/stores".into(), query: query.into(), ..PageRequest::default() };
        assert_eq!(request("").address(), "/stores");
        assert_eq!(request("lang=en").address(), "/stores?lang=en");
        assert_eq!(request("?lang=en").address(), "/stores?lang=en");
    }

    #[test]
    fn the_build_time_is_read_without_a_clock_library() {
        assert_eq!(catalog().built_unix_secs(), Some(1_743_472_984));
        let broken = Catalog { built_at: "neulich".into(), ..catalog() };
        assert_eq!(broken.built_unix_secs(), None);
    }
}
