//! Made-up answers that close, exact and estimated, for tests.

use model::{Contributions, Factors, Figure, GrowthAnswer, GrowthGroup, Money, Ratio};

/// A generator of numbers that gives the same ones each time (Steele & Vigna's SplitMix64).
pub(in crate::pages::growth) struct Dice(pub(in crate::pages::growth) u64);

impl Dice {
    /// A number below `end`.
    pub(in crate::pages::growth) fn below(&mut self, end: u64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end) as i64
    }

    /// A figure: exact, estimated, or of too few members.
    fn figure(&mut self, value: i64) -> Money {
        let give = self.below(value.unsigned_abs() / 3 + 2);
        match self.below(4) {
            0 | 1 => Figure::exact(value),
            2 => Figure { value, low: value - give, high: value + give, too_few: false },
            _ => Figure { value, low: value - give, high: value + give, too_few: self.below(3) == 0 },
        }
    }
}

/// A window's figures that fit each other; now and then without orders, or with orders worth nothing.
pub(in crate::pages::growth) fn factors(dice: &mut Dice) -> Factors {
    let some = |dice: &mut Dice, end| if dice.below(12) == 0 { 0 } else { dice.below(end) };
    let member_orders = some(dice, 5_000);
    let anonymous_orders = some(dice, 2_000);
    let price = some(dice, 60_000);
    let sales = [member_orders * price, anonymous_orders * (price + dice.below(900))];
    window(dice, [member_orders, anonymous_orders], sales)
}

fn window(dice: &mut Dice, orders: [i64; 2], sales: [i64; 2]) -> Factors {
    let buyers = orders[0] - orders[0] / 4;
    let users = buyers + dice.below(5_000);
    let ratio = |a: i64, b: i64| -> Ratio { Figure::exact((b > 0).then(|| a as f64 / b as f64)) };
    Factors {
        users: dice.figure(users),
        buyers: dice.figure(buyers),
        orders: dice.figure(orders[0] + orders[1]),
        member_orders: dice.figure(orders[0]),
        sales: dice.figure(sales[0] + sales[1]),
        member_sales: dice.figure(sales[0]),
        conversion: ratio(buyers, users),
        frequency: ratio(orders[0], buyers),
        aov: ratio(sales[0], orders[0]),
        repeat_buyers: dice.figure(buyers / 5),
        repurchase_rate: ratio(buyers / 5, buyers),
        new_buyers: dice.figure(buyers / 3),
        anonymous_orders: dice.figure(orders[1]),
        anonymous_sales: dice.figure(sales[1]),
    }
}

fn contributions(dice: &mut Dice, now: &Factors, then: &Factors) -> Contributions {
    let change = now.member_sales.value - then.member_sales.value;
    let mut part = || dice.below(90_000_000) - 45_000_000;
    let (users, conversion, frequency) = (part(), part(), part());
    Contributions {
        users: dice.figure(users),
        conversion: dice.figure(conversion),
        frequency: dice.figure(frequency),
        aov: dice.figure(change - users - conversion - frequency),
    }
}

/// A compared answer with so many groups, whose sales add up to the whole's; without groups, a whole by itself.
pub(in crate::pages::growth) fn answer(dice: &mut Dice, groups: usize) -> GrowthAnswer {
    let groups: Vec<GrowthGroup> = (0..groups)
        .map(|i| {
            let (now, then) = (factors(dice), factors(dice));
            let contributions = Some(contributions(dice, &now, &then));
            GrowthGroup { id: format!("G{i}"), window: now, compare: Some(then), contributions, zero_case: None }
        })
        .collect();
    let whole = |dice: &mut Dice, of: &dyn Fn(&GrowthGroup) -> Factors| {
        let sum = |read: fn(&Factors) -> i64| groups.iter().map(|g| read(&of(g))).sum::<i64>();
        let orders = [sum(|f| f.member_orders.value), sum(|f| f.anonymous_orders.value)];
        window(dice, orders, [sum(|f| f.member_sales.value), sum(|f| f.anonymous_sales.value)])
    };
    let (now, then) = if groups.is_empty() {
        (factors(dice), factors(dice))
    } else {
        (whole(dice, &|g| g.window.clone()), whole(dice, &|g| g.compare.clone().expect("compared")))
    };
    let all = contributions(dice, &now, &then);
    let rest = |read: fn(&Contributions) -> i64| {
        let of_groups: i64 = groups.iter().filter_map(|g| g.contributions.as_ref()).map(read).sum();
        Figure::exact(read(&all) - of_groups)
    };
    let mix = Contributions {
        users: rest(|c| c.users.value),
        conversion: rest(|c| c.conversion.value),
        frequency: rest(|c| c.frequency.value),
        aov: rest(|c| c.aov.value),
    };
    GrowthAnswer {
        window: now,
        compare: Some(then),
        contributions: Some(all),
        zero_case: None,
        mix: (!groups.is_empty()).then_some(mix),
        groups,
    }
}
