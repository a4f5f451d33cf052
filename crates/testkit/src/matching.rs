//! What a filter keeps, the naive way: name by name, fact by fact.

use model::Filter;

use crate::world::{Order, Touch, World};

/// What a filter keeps of a world, in the world's order.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Orders that count.
    pub orders: Vec<Order>,
    /// Touches that count.
    pub touches: Vec<Touch>,
    /// For each member of the world whether the filter's member part keeps it.
    pub members: Vec<bool>,
}

impl World {
    /// The facts and members that a filter keeps, its segment aside.
    pub fn matching(&self, filter: &Filter) -> Facts {
        let members: Vec<bool> = (0..self.members.len()).map(|member| self.keeps_member(filter, member)).collect();
        let of_members = !filter.source_channels.is_empty() || !filter.tiers.is_empty();
        let keeps = |store: u16, channel: u8, campaign: Option<u16>, member: Option<usize>| {
            self.keeps_store(filter, store)
                && named(&filter.channels, &Self::channel_id(channel))
                && (filter.domains.is_empty()
                    || self.channels[usize::from(channel)].is_some_and(|domain| filter.domains.contains(&domain)))
                && (filter.campaigns.is_empty()
                    || campaign.is_some_and(|c| filter.campaigns.contains(&Self::campaign_id(c))))
                && member.map_or(!of_members, |member| members[member])
        };
        Facts {
            orders: self.orders.iter().filter(|o| keeps(o.store, o.channel, o.campaign, o.member)).copied().collect(),
            touches: self
                .touches
                .iter()
                .filter(|t| keeps(t.store, t.channel, t.campaign, Some(t.member)))
                .copied()
                .collect(),
            members,
        }
    }

    /// Whether a filter's store part keeps a store.
    pub fn keeps_store(&self, filter: &Filter, store: u16) -> bool {
        let place = self.stores[usize::from(store)];
        named(&filter.stores, &Self::store_id(store))
            && named(&filter.regions, &Self::region_id(place.region))
            && named(&filter.cities, &Self::city_name(place.city))
            && named(&filter.formats, &Self::format_name(place.format))
    }

    fn keeps_member(&self, filter: &Filter, member: usize) -> bool {
        let member = self.members[member];
        (filter.source_channels.is_empty()
            || member.source.is_some_and(|c| filter.source_channels.contains(&Self::channel_id(c))))
            && (filter.tiers.is_empty() || member.tier.is_some_and(|t| filter.tiers.contains(&Self::tier_name(t))))
    }
}

fn named(names: &[String], id: &str) -> bool {
    names.is_empty() || names.iter().any(|name| name == id)
}
