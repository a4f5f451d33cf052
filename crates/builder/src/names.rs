//! Names become small numbers: stores, channels, campaigns, kinds of touch, tiers.
//!
//! A closed list comes from its own table and refuses ids it does not have. An open list is made from the facts
//! as they are read, and is put in order of its ids at the end, so that the same source gives the same snapshot.
//! A build that goes on from another keeps the numbers of that one and adds new names at the end.

use std::collections::HashSet;

use chrono_tz::Tz;
// Several cells of every row are looked up: its hash is quicker.
use datafusion::common::HashMap;
use model::{Campaign, Channel, Dimensions, Region, Store};

use crate::plans::TargetRows;

/// The code of an empty cell.
pub(crate) const NO_CODE: u16 = u16::MAX;

/// A list of ids, each with its code.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) what: &'static str,
    pub(crate) limit: usize,
    pub(crate) ids: Vec<String>,
    codes: HashMap<String, u16>,
    closed: bool,
}

/// What became of an id.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Coded {
    Code(u16),
    /// Not in a closed list.
    Unknown,
    /// One more than fit.
    Full,
}

impl Names {
    pub(crate) fn open(what: &'static str, limit: usize) -> Self {
        Self { what, limit, ids: Vec::new(), codes: HashMap::new(), closed: false }
    }

    /// The code of an id; an empty id has [`NO_CODE`].
    pub(crate) fn code(&mut self, id: &str) -> Coded {
        if id.is_empty() {
            return Coded::Code(NO_CODE);
        }
        self.settled(id).or_else(|| self.add(id).map(Coded::Code)).unwrap_or(Coded::Full)
    }

    /// The code of an id in a closed list; nothing where the list is open.
    pub(crate) fn settled(&self, id: &str) -> Option<Coded> {
        self.closed.then(|| match self.codes.get(id) {
            _ if id.is_empty() => Coded::Code(NO_CODE),
            Some(code) => Coded::Code(*code),
            None => Coded::Unknown,
        })
    }

    /// Adds an id, or gives the code it has; `None` where the list is full.
    pub(crate) fn add(&mut self, id: &str) -> Option<u16> {
        if let Some(code) = self.codes.get(id) {
            return Some(*code);
        }
        if self.ids.len() >= self.limit {
            return None;
        }
        let code = self.ids.len() as u16;
        self.ids.push(id.to_owned());
        self.codes.insert(id.to_owned(), code);
        Some(code)
    }

    /// The code of an id that is there.
    pub(crate) fn find(&self, id: &str) -> Option<u16> {
        self.codes.get(id).copied()
    }

    pub(crate) fn close(&mut self) {
        self.closed = true;
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Codes in the order of display: as the table lists them, or sorted by id where there is no table.
    fn order(&self) -> Vec<u16> {
        let mut order: Vec<u16> = (0..self.ids.len() as u16).collect();
        if !self.closed {
            order.sort_by(|a, b| self.ids[usize::from(*a)].cmp(&self.ids[usize::from(*b)]));
        }
        order
    }

    /// The ids as the snapshot has them, after `before`: numbers that shards hold do not change as long as every name
    /// is still there. `with_empty` adds the entry of facts without one.
    fn listed<'a>(&self, with_empty: bool, before: impl Iterator<Item = &'a str>) -> Vec<String> {
        let empty = with_empty.then(String::new);
        let fresh = self.order().into_iter().map(|code| self.ids[usize::from(code)].clone()).chain(empty);
        let before: Vec<&str> = before.collect();
        let is_there = |id: &str| if id.is_empty() { with_empty } else { self.codes.contains_key(id) };
        if !before.iter().all(|id| is_there(id)) {
            return fresh.collect();
        }
        let known: HashSet<&str> = before.iter().copied().collect();
        let new = fresh.filter(|id| !known.contains(id.as_str()));
        before.iter().map(|id| (*id).to_owned()).chain(new).collect()
    }

    /// Code in the list to position in the snapshot; an empty cell goes to the empty id, else to none.
    fn positions<'a>(&self, listed: impl Iterator<Item = &'a str>) -> Positions {
        let mut positions = vec![0; self.ids.len()];
        let mut none = NO_CODE;
        for (position, id) in (0u16..).zip(listed) {
            match self.codes.get(id) {
                Some(&code) => positions[usize::from(code)] = position,
                None => none = position,
            }
        }
        Positions { positions, none }
    }
}

/// Translates codes into positions in [`Dimensions`].
#[derive(Debug)]
pub(crate) struct Positions {
    positions: Vec<u16>,
    none: u16,
}

impl Positions {
    pub(crate) fn of(&self, code: u16) -> u16 {
        self.positions.get(usize::from(code)).copied().unwrap_or(self.none)
    }

    /// The same, where an empty cell goes to none.
    fn optional(&self) -> Self {
        Self { positions: self.positions.clone(), none: NO_CODE }
    }

    /// For lists of less than 256 names, where 255 is none.
    pub(crate) fn small(&self, code: u16) -> u8 {
        u8::try_from(self.of(code)).unwrap_or(u8::MAX)
    }
}

/// All lists, and what the small tables say of their entries.
#[derive(Debug)]
pub(crate) struct Catalog {
    pub(crate) stores: Names,
    /// By code; empty where the table is missing.
    pub(crate) store_rows: Vec<StoreRow>,
    pub(crate) channels: Names,
    pub(crate) channel_rows: Vec<Channel>,
    /// Those that facts name.
    pub(crate) campaigns: Names,
    /// Those that their own table names, in its order.
    pub(crate) campaign_rows: Vec<Campaign>,
    pub(crate) targets: TargetRows,
    pub(crate) kinds: Names,
    pub(crate) tiers: Names,
    /// Where a store names no zone.
    pub(crate) time_zone: Tz,
}

/// A row of the stores table.
#[derive(Clone, Debug)]
pub(crate) struct StoreRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) city: String,
    pub(crate) format: String,
    pub(crate) zone: Option<Tz>,
}

/// Codes to positions, for all lists.
#[derive(Debug)]
pub(crate) struct Numbering {
    pub(crate) stores: Positions,
    pub(crate) home_stores: Positions,
    pub(crate) channels: Positions,
    pub(crate) source_channels: Positions,
    pub(crate) campaigns: Positions,
    pub(crate) kinds: Positions,
    pub(crate) tiers: Positions,
}

impl Catalog {
    pub(crate) fn new(time_zone: Tz) -> Self {
        Self {
            stores: Names::open("store", 64_999),
            store_rows: Vec::new(),
            channels: Names::open("channel", 253),
            channel_rows: Vec::new(),
            campaigns: Names::open("campaign", 65_000),
            campaign_rows: Vec::new(),
            targets: TargetRows::new(),
            kinds: Names::open("kind of touch", 255),
            tiers: Names::open("member tier", 254),
            time_zone,
        }
    }

    /// The zone of a store's business days.
    pub(crate) fn zone(&self, store: u16) -> Tz {
        self.store_rows.get(usize::from(store)).and_then(|row| row.zone).unwrap_or(self.time_zone)
    }

    /// The lists as the manifest has them, after those of the build before. The entries for facts without a store or
    /// channel are made where needed.
    pub(crate) fn finish(
        &self,
        without_store: bool,
        without_channel: bool,
        before: Option<&Dimensions>,
    ) -> (Dimensions, Numbering) {
        let mut regions: Vec<Region> = Vec::new();
        let mut region = |id: &str| {
            let at = regions.iter().position(|r| r.id == id).unwrap_or_else(|| {
                regions.push(Region { id: id.to_owned() });
                regions.len() - 1
            });
            at as u16
        };
        let mut stores: Vec<Store> = Vec::new();
        // Stores without a region come last in the list of regions, whatever their place in the file.
        for row in self.store_rows.iter().filter(|row| !row.region.is_empty()) {
            region(&row.region);
        }
        let listed = before.into_iter().flat_map(|before| &before.stores).map(|store| store.id.as_str());
        for id in self.stores.listed(without_store, listed) {
            let row = self.store_rows.iter().find(|row| row.id == id);
            stores.push(match row {
                Some(row) => Store {
                    id,
                    name: row.name.clone(),
                    region: region(&row.region),
                    city: row.city.clone(),
                    format: row.format.clone(),
                },
                None => plain_store(id, region("")),
            });
        }
        let listed = before.into_iter().flat_map(|before| &before.channels).map(|channel| channel.id.as_str());
        let channels: Vec<Channel> = self
            .channels
            .listed(without_channel, listed)
            .into_iter()
            .map(|id| {
                let row = self.channel_rows.iter().find(|row| row.id == id);
                row.cloned().unwrap_or_else(|| plain_channel(id))
            })
            .collect();
        let open = |names: &Names, list: fn(&Dimensions) -> &[String]| {
            names.listed(false, before.into_iter().flat_map(list).map(String::as_str))
        };
        let touch_kinds = open(&self.kinds, |before| &before.touch_kinds);
        let campaigns = open(&self.campaigns, |before| &before.campaigns);
        let tiers = open(&self.tiers, |before| &before.tiers);
        let of = |names: &Names, listed: &[String]| names.positions(listed.iter().map(String::as_str));
        let of_stores = self.stores.positions(stores.iter().map(|store| store.id.as_str()));
        let of_channels = self.channels.positions(channels.iter().map(|channel| channel.id.as_str()));
        let numbering = Numbering {
            home_stores: of_stores.optional(),
            stores: of_stores,
            source_channels: of_channels.optional(),
            channels: of_channels,
            campaigns: of(&self.campaigns, &campaigns),
            kinds: of(&self.kinds, &touch_kinds),
            tiers: of(&self.tiers, &tiers),
        };
        let dimensions = Dimensions { regions, stores, channels, touch_kinds, campaigns, tiers };
        (dimensions, numbering)
    }
}

fn plain_store(id: String, region: u16) -> Store {
    Store { name: id.clone(), id, region, city: String::new(), format: String::new() }
}

fn plain_channel(id: String) -> Channel {
    Channel { name: id.clone(), id, kind: String::new(), domain: None }
}
