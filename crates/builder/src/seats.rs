//! Where members of a part stand: shards and numbers of the build before are kept, so that parts change few bytes too.
//!
//! A part's member is known by shard and number in the whole, which stay from build to build.

use std::collections::HashMap;

use model::{Dimensions, Manifest};
use snapshot::write::ShardData;

use crate::growing::Standings;

/// A member of the whole: its shard there and its number in it.
pub(crate) type Place = (u32, u16);

/// The part before, and whom its shards held, in the order of their numbers.
#[derive(Debug)]
pub(crate) struct PartBefore {
    pub(crate) standings: Standings,
    pub(crate) seats: Vec<Vec<Place>>,
}

/// Places as the file of a part's state holds them: for each shard how many there are, then each.
pub(crate) fn to_bytes(seats: &[Vec<Place>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for shard in seats {
        bytes.extend((shard.len() as u32).to_le_bytes());
        for (of, number) in shard {
            bytes.extend(of.to_le_bytes());
            bytes.extend(number.to_le_bytes());
        }
    }
    bytes
}

/// Reads them back; none where the bytes are no such file.
pub(crate) fn from_bytes(mut bytes: &[u8]) -> Option<Vec<Vec<Place>>> {
    let mut seats = Vec::new();
    while !bytes.is_empty() {
        let (count, rest) = bytes.split_first_chunk::<4>()?;
        let (places, rest) = rest.split_at_checked((u32::from_le_bytes(*count) as usize).checked_mul(6)?)?;
        let place =
            |at: &[u8; 6]| (u32::from_le_bytes([at[0], at[1], at[2], at[3]]), u16::from_le_bytes([at[4], at[5]]));
        seats.push(places.as_chunks::<6>().0.iter().map(place).collect());
        bytes = rest;
    }
    Some(seats)
}

/// Whom the shards of a part hold: those of the build before, and those of this one so far.
#[derive(Debug, Default)]
pub(crate) struct Seats {
    before: Vec<Vec<Place>>,
    /// Of the shards done, in the order of their numbers.
    pub(crate) done: Vec<Vec<Place>>,
}

impl Seats {
    pub(crate) fn after(before: Option<&PartBefore>) -> Self {
        Self { before: before.map(|before| before.seats.clone()).unwrap_or_default(), done: Vec::new() }
    }

    /// Whether a shard of the whole begins a shard of the part, as it did before; none where nothing says so.
    pub(crate) fn begins(&self, whole: u32) -> Option<bool> {
        let at = self.done.len();
        let here = self.before.get(at)?;
        let is_last = at + 1 == self.before.len();
        Some(!is_last && here.iter().map(|(of, _)| *of).max().is_some_and(|last| whole > last))
    }

    /// Forgets the build before: its shards hold other members from here on.
    pub(crate) fn forget(&mut self) {
        self.before.clear();
    }

    /// Puts the members of a shard in order: those of before as they stood, then the others as they came. The facts are
    /// left in the order of days and members.
    pub(crate) fn settle(&mut self, data: &mut ShardData, who: Vec<Place>) {
        let known: HashMap<Place, u32> =
            self.before.get(self.done.len()).into_iter().flatten().copied().zip(0..).collect();
        let mut order: Vec<u32> = (0..who.len() as u32).collect();
        order.sort_by_key(|&came| known.get(&who[came as usize]).copied().unwrap_or(u32::MAX));
        let mut number = vec![0u16; who.len()];
        for (at, &came) in (0u16..).zip(&order) {
            number[came as usize] = at;
        }
        let members = &mut data.members;
        put(&mut members.home_store, &order);
        put(&mut members.source_channel, &order);
        put(&mut members.tier, &order);
        put(&mut members.joined_day, &order);
        for member in data.orders.member.iter_mut().chain(&mut data.touches.member) {
            *member = number[usize::from(*member)];
        }
        let mut places = who;
        put(&mut places, &order);
        self.done.push(places);
        in_order(data);
    }
}

fn put<T: Copy>(column: &mut Vec<T>, order: &[u32]) {
    *column = order.iter().map(|&row| column[row as usize]).collect();
}

/// Sorts facts by day and member; what is equal stays as it came.
fn in_order(data: &mut ShardData) {
    fn order(days: &[u16], member: &[u16]) -> Option<Vec<u32>> {
        let of = |row: usize| (days[row], member.get(row).copied().unwrap_or(0));
        if (1..days.len()).all(|row| of(row - 1) <= of(row)) {
            return None;
        }
        let mut order: Vec<u32> = (0..days.len() as u32).collect();
        order.sort_by_key(|&row| of(row as usize));
        Some(order)
    }
    if let Some(order) = order(&data.orders.day, &data.orders.member) {
        let orders = &mut data.orders;
        put(&mut orders.day, &order);
        put(&mut orders.member, &order);
        put(&mut orders.store, &order);
        put(&mut orders.channel, &order);
        put(&mut orders.amount, &order);
        put(&mut orders.campaign, &order);
    }
    if let Some(order) = order(&data.anonymous.day, &[]) {
        let anonymous = &mut data.anonymous;
        put(&mut anonymous.day, &order);
        put(&mut anonymous.store, &order);
        put(&mut anonymous.channel, &order);
        put(&mut anonymous.amount, &order);
        put(&mut anonymous.campaign, &order);
    }
    if let Some(order) = order(&data.touches.day, &data.touches.member) {
        let touches = &mut data.touches;
        put(&mut touches.day, &order);
        put(&mut touches.member, &order);
        put(&mut touches.store, &order);
        put(&mut touches.channel, &order);
        put(&mut touches.kind, &order);
        put(&mut touches.campaign, &order);
    }
}

/// The codes that the names of a part before have in the whole now, list by list; none where a name is gone.
pub(crate) fn codes(part: &Manifest, whole: &Dimensions) -> Option<[Vec<u16>; 5]> {
    fn of<'a>(part: impl Iterator<Item = &'a str>, whole: impl Iterator<Item = &'a str>) -> Option<Vec<u16>> {
        let codes: HashMap<&str, u16> = whole.zip(0..).collect();
        part.map(|id| codes.get(id).copied()).collect()
    }
    let names = &part.dimensions;
    Some([
        of(names.stores.iter().map(|s| s.id.as_str()), whole.stores.iter().map(|s| s.id.as_str()))?,
        of(names.channels.iter().map(|c| c.id.as_str()), whole.channels.iter().map(|c| c.id.as_str()))?,
        of(names.campaigns.iter().map(String::as_str), whole.campaigns.iter().map(String::as_str))?,
        of(names.touch_kinds.iter().map(String::as_str), whole.touch_kinds.iter().map(String::as_str))?,
        of(names.tiers.iter().map(String::as_str), whole.tiers.iter().map(String::as_str))?,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_and_cut_files_are_none() {
        let seats = vec![vec![(0, 1), (70_000, 16_383)], vec![], vec![(3, 9)]];
        let bytes = to_bytes(&seats);
        assert_eq!(from_bytes(&bytes), Some(seats));
        for cut in (1..bytes.len()).filter(|cut| ![16, 20].contains(cut)) {
            assert_eq!(from_bytes(&bytes[..cut]), None, "{cut}");
        }
        assert_eq!(from_bytes(&[255; 9]), None);
    }

    #[test]
    fn members_of_before_keep_their_numbers_and_new_ones_come_last() {
        let mut seats = Seats { before: vec![vec![(0, 5), (1, 0), (0, 9)], vec![(4, 4)]], done: Vec::new() };
        assert_eq!([0, 1, 2, 9].map(|whole| seats.begins(whole)), [Some(false), Some(false), Some(true), Some(true)]);
        let mut data = ShardData { days: 2, ..ShardData::default() };
        data.members.home_store = vec![10, 11, 12, 13];
        (data.members.source_channel, data.members.tier) = (vec![0; 4], vec![0; 4]);
        data.members.joined_day = vec![0; 4];
        data.touches.day = vec![1, 0, 0];
        data.touches.member = vec![0, 1, 3];
        (data.touches.store, data.touches.campaign) = (vec![0; 3], vec![0; 3]);
        (data.touches.channel, data.touches.kind) = (vec![0, 1, 2], vec![0; 3]);
        // As they came: known as 2, new, known as 0, known as 1.
        seats.settle(&mut data, vec![(0, 9), (0, 7), (0, 5), (1, 0)]);
        assert_eq!(seats.done, [[(0, 5), (1, 0), (0, 9), (0, 7)]]);
        assert_eq!(data.members.home_store, [12, 13, 10, 11]);
        assert_eq!((data.touches.day, data.touches.member), (vec![0, 0, 1], vec![1, 3, 2]));
        assert_eq!(data.touches.channel, [2, 1, 0]);
        assert_eq!(seats.begins(5), Some(false), "the last one takes all others");
    }
}
