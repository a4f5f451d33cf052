//! A filter as numbers, and how it narrows a shard to a view.

use std::ops::Range;

use model::{ChannelDomain, Dimensions, Filter, Manifest};
use snapshot::{MAX_MEMBERS, Rows, Shard, Steps};

use crate::job::{Reach, union};
use crate::segment::SegmentTest;
use crate::view::{Buffer, View};

/// What counts, as 0 or 1 by number.
pub(crate) struct Selection {
    all_facts: bool,
    names_no_store: bool,
    all_stores: bool,
    all_channels: bool,
    stores: Vec<u8>,
    channels: [u8; 256],
    /// By campaign; none where campaigns do not matter.
    campaigns: Option<Vec<u8>>,
    members: Option<MemberTest>,
    segment: Option<SegmentTest>,
    of_members: bool,
}

/// Which members count, by source channel and tier.
struct MemberTest {
    source_channels: [u8; 256],
    tiers: [u8; 256],
}

/// Memory that shards share, one after the other.
#[derive(Default)]
pub struct Scratch {
    first: Buffers,
    second: Buffers,
    keep: Vec<u8>,
    steps: Steps,
}

#[derive(Default)]
struct Buffers {
    orders: Buffer,
    anonymous: Buffer,
    touches: Buffer,
}

impl Selection {
    pub(crate) fn new(filter: &Filter, manifest: &Manifest) -> Self {
        let dimensions = &manifest.dimensions;
        let stores = store_flags(filter, dimensions);
        let channels = flags(&dimensions.channels, |channel| {
            any(&filter.channels, &channel.id)
                && (filter.domains.is_empty() || channel.domain.is_some_and(|d| filter.domains.contains(&d)))
        });
        let campaigns = (!filter.campaigns.is_empty())
            .then(|| dimensions.campaigns.iter().map(|id| u8::from(any(&filter.campaigns, id))).collect());
        let members = (!filter.source_channels.is_empty() || !filter.tiers.is_empty()).then(|| MemberTest {
            source_channels: member_flags(&filter.source_channels, dimensions.channels.iter().map(|c| &c.id)),
            tiers: member_flags(&filter.tiers, dimensions.tiers.iter()),
        });
        let every_store = stores.iter().all(|&keep| keep != 0);
        let all_channels = channels[..dimensions.channels.len()].iter().all(|&keep| keep != 0);
        let named = [&filter.regions, &filter.cities, &filter.stores, &filter.formats];
        Self {
            all_facts: every_store && all_channels && campaigns.is_none() && members.is_none(),
            // A member without a home store is at none of those named, even where all are.
            names_no_store: named.iter().all(|names| names.is_empty()),
            all_stores: every_store,
            all_channels,
            stores,
            channels,
            campaigns,
            members,
            segment: filter.segment.as_ref().map(|segment| SegmentTest::new(segment, manifest)),
            of_members: filter.is_of_members(),
        }
    }

    /// The rows of a shard that count, within reach.
    pub(crate) fn view<'a>(&'a self, shard: &'a Shard, reach: &Reach, scratch: &'a mut Scratch) -> View<'a> {
        let Scratch { first, second, keep, steps } = scratch;
        let members = shard.members();
        let mut view = View {
            shard,
            orders: shard.orders(),
            history: shard.history(),
            anonymous: shard.anonymous(),
            touches: shard.touches(),
            keep: None,
            stores: &self.stores,
            all_stores: self.names_no_store,
        };
        if self.all_facts && self.segment.is_none() {
            return view;
        }
        keep.clear();
        match &self.members {
            Some(test) => keep.extend((0..members).map(|m| {
                test.source_channels[usize::from(shard.source_channel()[m])] & test.tiers[usize::from(shard.tier()[m])]
            })),
            None => keep.resize(members, 1),
        }
        keep.resize(MAX_MEMBERS, 0);
        let mut reach = reach.clone();
        if let Some(segment) = &self.segment {
            reach.orders = union(&reach.orders, &segment.reach());
        }
        if !self.all_facts {
            self.narrow(&mut view, &reach, first, keep);
        }
        if let Some(segment) = &self.segment {
            segment.keep(&view, keep);
            let of_segment = |rows: Rows<'a>, days: &Range<usize>, buffer: &'a mut Buffer| {
                buffer.pick(days.clone());
                buffer.thin(&rows, rows.member, |member| keep[usize::from(member)]);
                buffer.copy(&rows, reach.columns)
            };
            view.orders = of_segment(view.orders, &reach.orders, &mut second.orders);
            view.touches = of_segment(view.touches, &reach.touches, &mut second.touches);
            second.anonymous.pick(0..0);
            view.anonymous = second.anonymous.copy(&view.anonymous, reach.columns);
        }
        if reach.history {
            steps.retrace(view.orders.offsets, view.orders.member, members);
        }
        view.history = steps.history();
        if self.of_members {
            view.keep = Some(&keep[..members]);
        }
        view
    }

    /// Thins the rows condition by condition, the ones that leave fewest first, and copies what is left.
    fn narrow<'a>(&self, view: &mut View<'a>, reach: &Reach, into: &'a mut Buffers, keep: &[u8]) {
        let shard = view.shard;
        let keep: &[u8; MAX_MEMBERS] = keep.try_into().expect("one flag for each member a shard can have");
        let facts = |rows: Rows<'a>, days: &Range<usize>, buffer: &'a mut Buffer| {
            buffer.pick(days.clone());
            if let Some(campaign) = self.campaign_rows(&rows) {
                buffer.thin(&rows, &campaign, |flag| flag);
            }
            if !self.all_stores {
                buffer.thin(&rows, rows.store, |store| self.stores[usize::from(store)]);
            }
            if !self.all_channels {
                buffer.thin(&rows, rows.channel, |channel| self.channels[usize::from(channel)]);
            }
            if self.members.is_some() && !rows.member.is_empty() {
                buffer.thin(&rows, rows.member, |member| keep[usize::from(member) & (MAX_MEMBERS - 1)]);
            }
            buffer.copy(&rows, reach.columns)
        };
        let anonymous = if self.of_members { 0..0 } else { reach.orders.clone() };
        view.orders = facts(shard.orders(), &reach.orders, &mut into.orders);
        view.touches = facts(shard.touches(), &reach.touches, &mut into.touches);
        view.anonymous = facts(shard.anonymous(), &anonymous, &mut into.anonymous);
    }

    /// For each row 1 where its campaign counts; none where campaigns do not matter.
    fn campaign_rows(&self, rows: &Rows<'_>) -> Option<Vec<u8>> {
        let campaigns = self.campaigns.as_ref()?;
        let mut flags = vec![0; rows.store.len()];
        for (&row, &code) in rows.campaign.rows.iter().zip(rows.campaign.codes) {
            flags[row as usize] = campaigns[usize::from(code)];
        }
        Some(flags)
    }
}

fn any(names: &[String], id: &str) -> bool {
    names.is_empty() || names.iter().any(|name| name == id)
}

fn flags<T>(items: &[T], keep: impl Fn(&T) -> bool) -> [u8; 256] {
    let mut flags = [0; 256];
    for (flag, item) in flags.iter_mut().zip(items) {
        *flag = u8::from(keep(item));
    }
    flags
}

/// By a member's code; a member without one (255) matches only where nothing is named.
fn member_flags<'a>(names: &[String], ids: impl Iterator<Item = &'a String>) -> [u8; 256] {
    let mut flags = [u8::from(names.is_empty()); 256];
    for (flag, id) in flags.iter_mut().zip(ids) {
        *flag = u8::from(any(names, id));
    }
    flags
}

/// Stores that count by region, city, id and format.
fn store_flags(filter: &Filter, dimensions: &Dimensions) -> Vec<u8> {
    let region = |index: u16| dimensions.regions[usize::from(index)].id.as_str();
    let keep = |store: &model::Store| {
        any(&filter.stores, &store.id)
            && any(&filter.regions, region(store.region))
            && any(&filter.cities, &store.city)
            && any(&filter.formats, &store.format)
    };
    dimensions.stores.iter().map(|store| u8::from(keep(store))).collect()
}

/// The name of a channel's domain, as in a question; empty where unknown.
pub(crate) fn domain_name(domain: Option<ChannelDomain>) -> &'static str {
    match domain {
        Some(ChannelDomain::Public) => "public",
        Some(ChannelDomain::Private) => "private",
        None => "",
    }
}
