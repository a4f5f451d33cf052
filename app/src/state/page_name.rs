//! Which page a path names.

use super::Note;
use crate::boot::Catalog;
use crate::query;

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PageName {
    /// `/`
    Growth,
    /// `/funnel`
    Funnel,
    /// `/cohorts`
    Cohorts,
    /// `/stores`
    Stores,
    /// `/stores/:id`: one store, by an id that the snapshot has.
    Store(String),
    /// `/ladder`
    Ladder,
    /// `/members`
    Members,
    /// `/channels`
    Channels,
    /// `/data`
    Data,
}

impl PageName {
    /// The pages of the rail, in its order; a single store is reached from Stores.
    pub(crate) const RAIL: [Self; 8] = [
        Self::Growth,
        Self::Funnel,
        Self::Cohorts,
        Self::Stores,
        Self::Ladder,
        Self::Members,
        Self::Channels,
        Self::Data,
    ];

    /// Its name among the views that portals frame, which is also the first part of the view's path.
    pub(crate) fn view(&self) -> &'static str {
        match self {
            Self::Growth => "growth",
            Self::Funnel => "funnel",
            Self::Cohorts => "cohorts",
            Self::Stores | Self::Store(_) => "stores",
            Self::Ladder => "ladder",
            Self::Members => "members",
            Self::Channels => "channels",
            Self::Data => "data",
        }
    }

    /// Its path where a portal frames it.
    pub(crate) fn framed_path(&self) -> String {
        match self {
            Self::Store(id) => "/embed/stores/".to_owned() + &query::encode(id),
            page => format!("/embed/{}", page.view()),
        }
    }

    /// The page of a path: Growth for paths that name none, Stores and a note for a store that is not there.
    pub(crate) fn from_path(path: &str, catalog: &Catalog, notes: &mut Vec<Note>) -> Self {
        let path = plain(path.trim_end_matches('/'));
        if let Some(id) = path.strip_prefix("/stores/") {
            let id = query::decode_path(id);
            return match catalog.store(&id).filter(|store| !store.id.is_empty()) {
                Some(store) => Self::Store(store.id.clone()),
                None => {
                    notes.push(Note::no_such_store(&id));
                    Self::Stores
                }
            };
        }
        Self::RAIL.into_iter().find(|page| page.path().trim_end_matches('/') == path).unwrap_or(Self::Growth)
    }

    /// Its path, percent-encoded.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Growth => "/".to_owned(),
            Self::Funnel => "/funnel".to_owned(),
            Self::Cohorts => "/cohorts".to_owned(),
            Self::Stores => "/stores".to_owned(),
            Self::Store(id) => "/stores/".to_owned() + &query::encode(id),
            Self::Ladder => "/ladder".to_owned(),
            Self::Members => "/members".to_owned(),
            Self::Channels => "/channels".to_owned(),
            Self::Data => "/data".to_owned(),
        }
    }

    /// The entry of the rail that stands for it.
    pub(crate) fn in_rail(&self) -> Self {
        match self {
            Self::Store(_) => Self::Stores,
            page => page.clone(),
        }
    }

    /// The store of a store page.
    pub(crate) fn store(&self) -> Option<&str> {
        match self {
            Self::Store(id) => Some(id),
            _ => None,
        }
    }
}

/// The path of the page that a portal frames at this one.
fn plain(path: &str) -> &str {
    match path.strip_prefix("/embed") {
        Some("/growth") => "",
        Some(rest) if rest.starts_with('/') => rest,
        _ => path,
    }
}

/// The view that a framed path shows; none where it is none's.
pub fn framed_view(path: &str) -> Option<&'static str> {
    let rest = path.strip_prefix("/embed/")?;
    let (name, id) = rest.split_once('/').map_or((rest, None), |(name, id)| (name, Some(id)));
    let view = PageName::RAIL.iter().map(PageName::view).find(|view| *view == name)?;
    let is_whole = match id {
        None => true,
        Some(id) => view == "stores" && !id.is_empty() && !id.contains('/'),
    };
    is_whole.then_some(view)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boot::tests::catalog;

    #[test]
    fn every_page_is_found_by_its_own_path() {
        let mut catalog = catalog();
        catalog.stores[0].id = "一号/店 %?".into();
        let mut notes = Vec::new();
        for page in PageName::RAIL.into_iter().chain([PageName::Store("一号/店 %?".into())]) {
            assert_eq!(PageName::from_path(&page.path(), &catalog, &mut notes), page);
            assert_eq!(PageName::from_path(&(page.path() + "/"), &catalog, &mut notes), page);
            assert_eq!(PageName::from_path(&page.framed_path(), &catalog, &mut notes), page);
            assert_eq!(framed_view(&page.framed_path()), Some(page.view()));
        }
        assert_eq!(notes, []);
    }

    #[test]
    fn what_is_no_view_has_none() {
        for path in
            ["/embed/", "/embed", "/embed/x", "/embed/stores/", "/embed/stores/a/b", "/embed/growth/a", "/growth"]
        {
            assert_eq!(framed_view(path), None, "{path}");
        }
    }

    #[test]
    fn a_store_that_is_not_there_leads_to_all_stores_and_is_said() {
        let mut notes = Vec::new();
        assert_eq!(PageName::from_path("/stores/%E5%8D%8Ex", &catalog(), &mut notes), PageName::Stores);
        assert_eq!(notes, [Note::NoSuchStore("华x".into())]);
        assert_eq!(PageName::from_path("/nowhere", &catalog(), &mut notes), PageName::Growth);
    }
}
