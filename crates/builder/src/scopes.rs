//! A snapshot for each region beside the whole: what a region's reader may fetch holds nothing of another region.
//!
//! While the whole is cut, each of its shards is also sorted out by region: facts at the region's stores, and the
//! members who were met there or have their home there. A part's stores, channels, campaigns, kinds and tiers are
//! numbered anew, so that its manifest names only what its shards use; a home in another region becomes none.

use model::{Dimensions, Manifest, Totals};
use snapshot::scope::region_scope;
use snapshot::write::ShardData;

use crate::BuildError;
use crate::encode::Encoders;
use crate::output::Output;
use crate::part::{Part, Rows};

/// The parts of a build; none where only the whole is wanted.
pub(crate) struct Scopes {
    parts: Vec<Part>,
    /// The part of each store of the whole; none where the store has no region.
    part_of: Vec<Option<usize>>,
    encoders: Encoders<usize>,
    /// Orders and sales at stores without a region, which no part holds.
    elsewhere: (u64, i64),
    /// Members a shard of a part holds on average at the most.
    shard_members: u32,
}

impl Scopes {
    /// No parts.
    pub(crate) fn none() -> Self {
        Self { parts: Vec::new(), part_of: Vec::new(), encoders: Encoders::new(), elsewhere: (0, 0), shard_members: 0 }
    }

    /// A part for each region that has a name, in folders inside that of the whole, which are made.
    pub(crate) fn by_region(whole: &Output, dimensions: &Dimensions, shard_members: u32) -> Result<Self, BuildError> {
        let mut parts = Vec::new();
        let mut part_of_region = vec![None; dimensions.regions.len()];
        for (index, region) in dimensions.regions.iter().enumerate().filter(|(_, region)| !region.id.is_empty()) {
            let scope = region_scope(&region.id);
            let output = whole.part(&scope)?;
            part_of_region[index] = Some(parts.len());
            let stores = (0u16..).zip(&dimensions.stores).filter(|(_, store)| usize::from(store.region) == index);
            parts.push(Part::new(scope, region.id.clone(), output, stores.map(|(code, _)| code)));
        }
        let part_of = dimensions.stores.iter().map(|store| part_of_region[usize::from(store.region)]).collect();
        Ok(Self { parts, part_of, shard_members, ..Self::none() })
    }

    /// Sorts one of `shards` shards of the whole out; the first tells how large the parts will be.
    pub(crate) async fn add(&mut self, whole: &ShardData, shards: u32) -> Result<(), BuildError> {
        if self.parts.is_empty() {
            return Ok(());
        }
        let rows = self.sort_out(whole);
        for (index, rows) in rows.into_iter().enumerate() {
            let part = &mut self.parts[index];
            part.expect_members(rows.members.len() as u64 * u64::from(shards), self.shard_members);
            if let Some(full) = part.make_room(rows.members.len()) {
                self.encode(index, full).await?;
            }
            self.parts[index].take(whole, &rows);
        }
        Ok(())
    }

    /// The rows of each part.
    fn sort_out(&mut self, whole: &ShardData) -> Vec<Rows> {
        let mut rows: Vec<Rows> = self.parts.iter().map(|_| Rows::default()).collect();
        let of = |store: u16| self.part_of.get(usize::from(store)).copied().flatten();
        for (row, (&store, &member)) in (0u32..).zip(whole.orders.store.iter().zip(&whole.orders.member)) {
            match of(store) {
                Some(part) => {
                    rows[part].orders.push(row);
                    rows[part].members.push(member);
                }
                None => {
                    self.elsewhere.0 += 1;
                    self.elsewhere.1 += whole.orders.amount[row as usize];
                }
            }
        }
        for (row, &store) in (0u32..).zip(&whole.anonymous.store) {
            match of(store) {
                Some(part) => rows[part].anonymous.push(row),
                None => {
                    self.elsewhere.0 += 1;
                    self.elsewhere.1 += whole.anonymous.amount[row as usize];
                }
            }
        }
        for (row, (&store, &member)) in (0u32..).zip(whole.touches.store.iter().zip(&whole.touches.member)) {
            if let Some(part) = of(store) {
                rows[part].touches.push(row);
                rows[part].members.push(member);
            }
        }
        for (member, &home) in (0u16..).zip(&whole.members.home_store) {
            if let Some(part) = of(home) {
                rows[part].members.push(member);
            }
        }
        for rows in &mut rows {
            rows.members.sort_unstable();
            rows.members.dedup();
        }
        rows
    }

    async fn encode(&mut self, index: usize, data: ShardData) -> Result<(), BuildError> {
        let publisher = self.parts[index].output.publisher()?;
        if let Some((whose, entry)) = self.encoders.add(index, data, publisher).await? {
            self.parts[whose].shards.push(entry);
        }
        Ok(())
    }

    /// Encodes what is left and holds the parts' sums against those of the whole.
    pub(crate) async fn finish(&mut self, whole: &Totals) -> Result<(), BuildError> {
        for index in 0..self.parts.len() {
            if let Some(rest) = self.parts[index].rest() {
                self.encode(index, rest).await?;
            }
        }
        while let Some((whose, entry)) = self.encoders.finish_one().await? {
            self.parts[whose].shards.push(entry);
        }
        if self.parts.is_empty() {
            return Ok(());
        }
        let orders: u64 = self.parts.iter().map(|part| part.totals.orders + part.totals.anonymous_orders).sum();
        let sales: i64 = self.parts.iter().map(|part| part.totals.sales).sum();
        let same = |what: &str, expected: i64, found: i64| {
            if expected == found {
                return Ok(());
            }
            Err(BuildError::Unreconciled { what: what.to_owned(), expected, found })
        };
        let expected = whole.orders + whole.anonymous_orders;
        same("orders of the regions", expected as i64, (orders + self.elsewhere.0) as i64)?;
        same("sales of the regions", whole.sales, sales + self.elsewhere.1)
    }

    /// The manifests of every part, in the order of the regions; `whole` is what they are parts of.
    pub(crate) fn manifests(self, whole: &Manifest) -> Result<Vec<Manifest>, BuildError> {
        self.parts.into_iter().map(|part| part.manifest(whole)).collect()
    }
}
