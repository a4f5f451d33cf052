//! Asking a snapshot at once and in parts.

use engine::{Plan, Scratch, answer};
use model::{Answer, Answers, Ask, Filter, Question, Window};

use crate::world::{Snapshot, World};

impl Snapshot {
    /// The exact answer to one ask.
    pub fn ask(&self, window: Window, filter: &Filter, ask: Ask) -> Answer {
        let question = Question { window, compare: None, filter: filter.clone(), ask: vec![ask] };
        let mut answers = answer(&question, &self.manifest, &self.shards).expect("the question is valid");
        assert!(answers.coverage.exact, "all shards were given");
        answers.answers.remove(0)
    }

    /// The answers from some shards, each counted by itself, sent as bytes and merged in the order given.
    pub fn ask_parts(&self, question: &Question, shards: &[usize]) -> Answers {
        let plan = Plan::new(question, &self.manifest).expect("the question is valid");
        let mut total = plan.empty();
        for &shard in shards {
            let mut part = plan.empty();
            plan.count(&self.shards[shard], shard, &mut Scratch::default(), &mut part);
            total.merge(plan.read_partial(&part.to_bytes()).expect("its own bytes are read"));
        }
        plan.finish(&total)
    }
}

impl World {
    /// The same world with each member `times` times, side by side: cut into as many shards, all shards are alike.
    #[must_use]
    pub fn times(&self, times: usize) -> Self {
        let mut world = self.clone();
        world.members = self.members.iter().flat_map(|&member| vec![member; times]).collect();
        let copies = |member: usize| (0..times).map(move |copy| member * times + copy);
        let order = |order: &crate::Order| -> Vec<crate::Order> {
            let with = |member: Option<usize>| crate::Order { member, ..*order };
            order.member.map_or(vec![with(None)], |member| copies(member).map(|copy| with(Some(copy))).collect())
        };
        let touch = |touch: &crate::Touch| -> Vec<crate::Touch> {
            copies(touch.member).map(|member| crate::Touch { member, ..*touch }).collect()
        };
        world.orders = self.orders.iter().flat_map(order).collect();
        world.touches = self.touches.iter().flat_map(touch).collect();
        world
    }

    /// The world with the facts of some members only; all members stay.
    #[must_use]
    pub fn only(&self, keep: impl Fn(usize) -> bool) -> Self {
        let mut world = self.clone();
        world.orders.retain(|order| order.member.is_none_or(&keep));
        world.touches.retain(|touch| keep(touch.member));
        world
    }

    /// The world with one more store, where nothing happens.
    #[must_use]
    pub fn with_empty_store(&self) -> Self {
        let mut world = self.clone();
        world.stores.push(crate::Place { region: 0, city: 0, format: 0 });
        world
    }
}
