//! What changed in a shard, as a file: the difference between what its files give and what it shall hold now.
//!
//! The difference knows nothing of why something changed, so it is right for a new day, a late order, a refund, a new
//! member or a corrected home alike.

use std::collections::BTreeSet;

use model::{Manifest, ShardEntry};

use super::data::{Anonymous, Members, Orders, ShardData, Touches};
use super::encode::{Behind, File};
use crate::shard::{Draft, Facts, draft};
use crate::{NONE_U16, SnapshotError};

/// What some of a shard's files give, to compare with.
pub struct Before(Draft);

/// How a shard differs from what it was.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    /// Not at all.
    Nothing,
    /// As this file says, which is a tail to the files compared with.
    Tail(Vec<u8>),
    /// It has fewer members: a tail cannot say so.
    Apart,
}

impl Before {
    /// Reads the first so many of a shard's files; `manifest` holds the names and days as they are now.
    pub fn open(files: &[&[u8]], manifest: &Manifest, entry: &ShardEntry) -> Result<Self, SnapshotError> {
        draft(files.iter().copied().zip(entry.files()), manifest).map(Self)
    }

    /// How the shard differs now. The calendar must be that of the manifest it was opened with.
    pub fn change(&self, now: &ShardData) -> Result<Change, SnapshotError> {
        now.check()?;
        let Self(before) = self;
        if now.first_day != before.calendar.first || now.days as usize != before.calendar.days {
            return Err(SnapshotError::Rows { what: "days that are not the manifest's".to_owned() });
        }
        let old = before.members.home_store.len();
        if now.members.home_store.len() < old {
            return Ok(Change::Apart);
        }
        let changed: Vec<u16> = (0..old).filter(|&m| differs(before, &now.members, m)).map(|m| m as u16).collect();
        let more = now.members.home_store.len() > old;
        let orders = orders(&before.orders, &now.orders);
        let anonymous = anonymous(&before.anonymous, &now.anonymous);
        let touches = touches(&before.touches, &now.touches);
        let edits = [&orders, &anonymous, &touches];
        if changed.is_empty() && !more && edits.iter().all(|e| e.added.is_empty() && e.removed.is_empty()) {
            return Ok(Change::Nothing);
        }

        let mut added = ShardData { first_day: now.first_day, ..ShardData::default() };
        added.members = now.members.clone();
        added.orders = pick_orders(&now.orders, &orders.added);
        added.anonymous = pick_anonymous(&now.anonymous, &anonymous.added);
        added.touches = pick_touches(&now.touches, &touches.added);
        let days = [&mut added.orders.day, &mut added.anonymous.day, &mut added.touches.day];
        let axis: BTreeSet<u16> = days.iter().flat_map(|days| days.iter().copied()).collect();
        // A file has a row at least, for what belongs to no day.
        let axis: Vec<u16> = if axis.is_empty() { vec![0] } else { axis.into_iter().collect() };
        for day in days.into_iter().flatten() {
            *day = axis.partition_point(|d| d < day) as u16;
        }

        let dates = axis.iter().map(|day| now.first_day + i32::from(*day)).collect();
        let mut file = File::new(dates, &before.lists, true);
        file.members("members_changed", &pick_members(&now.members, changed.iter().copied()), Some(&changed));
        let new = old as u16..now.members.home_store.len() as u16;
        file.members("members", &pick_members(&now.members, new), None);
        file.removed("orders_removed", &orders.removed);
        file.removed("anonymous_removed", &anonymous.removed);
        file.removed("touches_removed", &touches.removed);
        let behind = Behind { orders: orders.behind, anonymous: anonymous.behind, touches: touches.behind };
        file.facts(&added, &behind);
        file.finish().map(Change::Tail)
    }
}

fn differs(before: &Draft, now: &Members, member: usize) -> bool {
    let old = &before.members;
    old.home_store[member] != now.home_store[member]
        || old.source_channel[member] != now.source_channel[member]
        || old.tier[member] != now.tier[member]
        || old.joined_day[member] != now.joined_day[member]
}

/// Rows to take out and to put in.
#[derive(Debug, Default)]
struct Edits {
    /// Row numbers before.
    removed: Vec<u32>,
    /// Row numbers now.
    added: Vec<u32>,
    /// Of each row added, how many that stay come after it in its group.
    behind: Vec<u16>,
}

/// One kind of fact, before or now.
struct Side<'a> {
    offsets: &'a [u32],
    /// Empty where facts have no members.
    member: &'a [u16],
}

impl Side<'_> {
    fn member(&self, row: usize) -> u16 {
        self.member.get(row).copied().unwrap_or(0)
    }

    /// The member of a row, and where that member's rows end on a day that ends at `end`.
    fn group(&self, row: usize, end: usize) -> Option<(u16, usize)> {
        let member = (row < end).then(|| self.member(row))?;
        Some((member, (row..end).find(|&r| self.member(r) != member).unwrap_or(end)))
    }
}

/// Compares day by day and member by member. What is the same at a group's beginning and at its end stays.
fn edits(before: &Side<'_>, now: &Side<'_>, same: impl Fn(usize, usize) -> bool) -> Edits {
    let mut edits = Edits::default();
    for (old, new) in before.offsets.windows(2).zip(now.offsets.windows(2)) {
        let (mut old, old_end) = (old[0] as usize, old[1] as usize);
        let (mut new, new_end) = (new[0] as usize, new[1] as usize);
        loop {
            let (was, is) = (before.group(old, old_end), now.group(new, new_end));
            let Some(member) = was.iter().chain(&is).map(|(member, _)| *member).min() else { break };
            let end = |group: Option<(u16, usize)>, row| group.filter(|g| g.0 == member).map_or(row, |g| g.1);
            let (old_to, new_to) = (end(was, old), end(is, new));
            while old < old_to && new < new_to && same(old, new) {
                (old, new) = (old + 1, new + 1);
            }
            let mut stay = 0;
            let most = (old_to - old).min(new_to - new).min(u16::MAX.into());
            while stay < most && same(old_to - 1 - stay, new_to - 1 - stay) {
                stay += 1;
            }
            edits.removed.extend(old as u32..(old_to - stay) as u32);
            edits.added.extend(new as u32..(new_to - stay) as u32);
            edits.behind.resize(edits.added.len(), stay as u16);
            (old, new) = (old_to, new_to);
        }
    }
    edits
}

/// Where each day begins.
fn offsets(day: &[u16], days: usize) -> Vec<u32> {
    let mut offsets = vec![0u32; days + 1];
    for &day in day {
        offsets[usize::from(day) + 1] += 1;
    }
    for day in 0..days {
        offsets[day + 1] += offsets[day];
    }
    offsets
}

/// Amounts and campaigns of facts, one for each row.
fn spread(facts: &Facts) -> (Vec<i64>, Vec<u16>) {
    let rows = facts.rows();
    let mut campaign = vec![NONE_U16; rows.store.len()];
    for (&row, &code) in rows.campaign.rows.iter().zip(rows.campaign.codes) {
        campaign[row as usize] = code;
    }
    (rows.amount.iter().collect(), campaign)
}

fn orders(before: &Facts, now: &Orders) -> Edits {
    let rows = before.rows();
    let (amount, campaign) = spread(before);
    let offsets = offsets(&now.day, rows.offsets.len() - 1);
    edits(
        &Side { offsets: rows.offsets, member: rows.member },
        &Side { offsets: &offsets, member: &now.member },
        |old, new| {
            rows.store[old] == now.store[new]
                && rows.channel[old] == now.channel[new]
                && amount[old] == now.amount[new]
                && campaign[old] == now.campaign[new]
        },
    )
}

fn anonymous(before: &Facts, now: &Anonymous) -> Edits {
    let rows = before.rows();
    let (amount, campaign) = spread(before);
    let offsets = offsets(&now.day, rows.offsets.len() - 1);
    edits(&Side { offsets: rows.offsets, member: &[] }, &Side { offsets: &offsets, member: &[] }, |old, new| {
        rows.store[old] == now.store[new]
            && rows.channel[old] == now.channel[new]
            && amount[old] == now.amount[new]
            && campaign[old] == now.campaign[new]
    })
}

fn touches(before: &Facts, now: &Touches) -> Edits {
    let rows = before.rows();
    let (_, campaign) = spread(before);
    let offsets = offsets(&now.day, rows.offsets.len() - 1);
    edits(
        &Side { offsets: rows.offsets, member: rows.member },
        &Side { offsets: &offsets, member: &now.member },
        |old, new| {
            rows.store[old] == now.store[new]
                && rows.channel[old] == now.channel[new]
                && rows.kind.get(old) == now.kind[new]
                && campaign[old] == now.campaign[new]
        },
    )
}

fn pick<T: Copy>(column: &[T], rows: &[u32]) -> Vec<T> {
    rows.iter().map(|&row| column[row as usize]).collect()
}

fn pick_members(members: &Members, which: impl Iterator<Item = u16>) -> Members {
    let which: Vec<u32> = which.map(u32::from).collect();
    Members {
        home_store: pick(&members.home_store, &which),
        source_channel: pick(&members.source_channel, &which),
        tier: pick(&members.tier, &which),
        joined_day: pick(&members.joined_day, &which),
    }
}

fn pick_orders(of: &Orders, rows: &[u32]) -> Orders {
    Orders {
        day: pick(&of.day, rows),
        member: pick(&of.member, rows),
        store: pick(&of.store, rows),
        channel: pick(&of.channel, rows),
        amount: pick(&of.amount, rows),
        campaign: pick(&of.campaign, rows),
    }
}

fn pick_anonymous(of: &Anonymous, rows: &[u32]) -> Anonymous {
    Anonymous {
        day: pick(&of.day, rows),
        store: pick(&of.store, rows),
        channel: pick(&of.channel, rows),
        amount: pick(&of.amount, rows),
        campaign: pick(&of.campaign, rows),
    }
}

fn pick_touches(of: &Touches, rows: &[u32]) -> Touches {
    Touches {
        day: pick(&of.day, rows),
        member: pick(&of.member, rows),
        store: pick(&of.store, rows),
        channel: pick(&of.channel, rows),
        kind: pick(&of.kind, rows),
        campaign: pick(&of.campaign, rows),
    }
}
