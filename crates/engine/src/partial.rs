//! What was counted of some shards, and how counts of shards add up.

use std::fmt;

/// Random groups of shards that an interval is made from. More would narrow the interval little
/// (Student's t of 31 degrees of freedom is 2.04 against 1.96) and cost a pass over the counters each.
pub(crate) const GROUPS: usize = 32;

/// A buyer as RFM needs it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Person {
    /// Sum of amounts up to the later day, minor units.
    pub(crate) money: i64,
    /// Sum of amounts up to the earlier day.
    pub(crate) money_since: i64,
    /// Orders up to the later day.
    pub(crate) orders: u32,
    /// Orders up to the earlier day; 0 for none.
    pub(crate) orders_since: u32,
    /// Day of the last order up to the later day, from the snapshot's first.
    pub(crate) last: u32,
    /// Day of the last order up to the earlier day.
    pub(crate) last_since: u32,
}

impl Person {
    const WORDS: usize = 4;

    fn words(self) -> [i64; Self::WORDS] {
        let pair = |low: u32, high: u32| (u64::from(low) | (u64::from(high) << 32)) as i64;
        [self.money, self.money_since, pair(self.orders, self.orders_since), pair(self.last, self.last_since)]
    }

    fn of(words: &[i64]) -> Self {
        let (low, high) = (|word: i64| word as u32, |word: i64| ((word as u64) >> 32) as u32);
        Self {
            money: words[0],
            money_since: words[1],
            orders: low(words[2]),
            orders_since: high(words[2]),
            last: low(words[3]),
            last_since: high(words[3]),
        }
    }
}

/// The counters of one job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Sums over members: they merge by addition.
    pub(crate) counts: Vec<i64>,
    /// Members one by one, where a rank over all of them is asked: they merge by standing side by side.
    pub(crate) people: Vec<Person>,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        for (sum, count) in self.counts.iter_mut().zip(&other.counts) {
            *sum += count;
        }
        self.people.extend_from_slice(&other.people);
    }
}

/// The tallies of one group of shards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) shards: u32,
    /// Members in those shards, whether they match or not.
    pub(crate) members: u64,
    pub(crate) tallies: Vec<Tally>,
}

impl Group {
    pub(crate) fn add(&mut self, other: &Self) {
        self.shards += other.shards;
        self.members += other.members;
        for (sum, tally) in self.tallies.iter_mut().zip(&other.tallies) {
            sum.add(tally);
        }
    }
}

/// The counts of some shards, made by one plan; partials of different shards merge in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partial {
    /// By group number; a shard's group is its index modulo the number of groups.
    pub(crate) groups: Vec<Option<Group>>,
}

impl Partial {
    /// Adds a partial of other shards, made by the same plan.
    pub fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.groups.iter_mut().zip(other.groups) {
            match (mine.as_mut(), theirs) {
                (Some(mine), Some(theirs)) => mine.add(&theirs),
                (None, theirs) => *mine = theirs,
                (Some(_), None) => {}
            }
        }
    }

    /// Shards counted so far.
    pub fn shards(&self) -> u32 {
        self.groups.iter().flatten().map(|group| group.shards).sum()
    }

    /// The partial as bytes, for a worker that merges; [`crate::Plan::read_partial`] reads them.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (number, group) in self.groups.iter().enumerate() {
            let Some(group) = group else { continue };
            bytes.extend_from_slice(&(number as u64).to_le_bytes());
            bytes.extend_from_slice(&u64::from(group.shards).to_le_bytes());
            bytes.extend_from_slice(&group.members.to_le_bytes());
            for tally in &group.tallies {
                bytes.extend_from_slice(&(tally.people.len() as u64).to_le_bytes());
                let people = tally.people.iter().flat_map(|person| person.words());
                for word in tally.counts.iter().copied().chain(people) {
                    bytes.extend_from_slice(&word.to_le_bytes());
                }
            }
        }
        bytes
    }

    /// Reads what [`Partial::to_bytes`] wrote; `lens` are the counters of each job.
    pub(crate) fn from_bytes(bytes: &[u8], lens: &[usize]) -> Result<Self, PartialError> {
        let mut reader = Reader(bytes);
        let mut groups = vec![None; GROUPS];
        while !reader.0.is_empty() {
            let number = reader.number()?;
            let slot = usize::try_from(number).ok().and_then(|n| groups.get_mut(n)).ok_or(PartialError)?;
            let shards = reader.number()?.try_into().map_err(|_| PartialError)?;
            let members = reader.number()?;
            let tallies = lens.iter().map(|&len| {
                let people = usize::try_from(reader.number()?).map_err(|_| PartialError)?;
                let counts = reader.words(len)?;
                let people = reader.words(people.checked_mul(Person::WORDS).ok_or(PartialError)?)?;
                Ok(Tally { counts, people: people.chunks_exact(Person::WORDS).map(Person::of).collect() })
            });
            let tallies = tallies.collect::<Result<_, _>>()?;
            *slot = Some(Group { shards, members, tallies });
        }
        Ok(Self { groups })
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, bytes: usize) -> Result<&'a [u8], PartialError> {
        let (taken, rest) = self.0.split_at_checked(bytes).ok_or(PartialError)?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u64, PartialError> {
        Ok(self.words(1)?[0] as u64)
    }

    fn words(&mut self, count: usize) -> Result<Vec<i64>, PartialError> {
        let bytes = self.take(count.checked_mul(8).ok_or(PartialError)?)?;
        let word = |chunk: &[u8]| i64::from_le_bytes(chunk.try_into().expect("chunks have eight bytes"));
        Ok(bytes.chunks_exact(8).map(word).collect())
    }
}

/// Bytes that no partial of this plan has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartialError;

impl fmt::Display for PartialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the counts of another worker do not belong to this question; ask again")
    }
}

impl std::error::Error for PartialError {}
