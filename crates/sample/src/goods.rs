//! What is bought: price points of a clothes shop, how many pieces, which discount, which coupon.

use crate::dice::{Dice, Weighted};

/// Price points of light clothes, yuan, with weights.
const LIGHT: [(u32, u32); 13] = [
    (59, 6),
    (79, 8),
    (99, 14),
    (129, 12),
    (159, 12),
    (199, 16),
    (239, 8),
    (259, 7),
    (299, 8),
    (359, 4),
    (399, 3),
    (459, 1),
    (599, 1),
];
/// Price points of winter clothes.
const WARM: [(u32, u32); 13] = [
    (129, 6),
    (159, 8),
    (199, 14),
    (259, 12),
    (299, 15),
    (359, 10),
    (399, 12),
    (499, 9),
    (599, 7),
    (799, 4),
    (999, 2),
    (1299, 1),
    (1599, 1),
];
/// Percent of the list price asked, on an ordinary day.
const USUAL: [(u32, u32); 6] = [(100, 46), (95, 14), (90, 14), (88, 8), (80, 12), (70, 6)];
/// The same during a campaign.
const PROMOTED: [(u32, u32); 6] = [(100, 14), (95, 8), (88, 20), (80, 28), (70, 20), (50, 10)];

/// Chance of one more piece.
const ONE_MORE: f64 = 0.405;

/// A coupon of `coupons.csv`.
pub(crate) struct Coupon {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    /// Yuan off.
    pub(crate) face: u32,
    /// Yuan to spend before it counts.
    pub(crate) least: u32,
}

const fn coupon(id: &'static str, name: &'static str, kind: &'static str, face: u32, least: u32) -> Coupon {
    Coupon { id, name, kind, face, least }
}

/// Coupons, the larger spend first.
pub(crate) const COUPONS: [Coupon; 8] = [
    coupon("Q200", "满1200减200", "threshold", 200, 1200),
    coupon("Q120", "满800减120", "threshold", 120, 800),
    coupon("Q80", "满599减80", "threshold", 80, 599),
    coupon("Q50", "满399减50", "threshold", 50, 399),
    coupon("QB60", "生日礼券60元", "birthday", 60, 299),
    coupon("QF30", "老友邀请券30元", "referral", 30, 199),
    coupon("Q20", "满199减20", "threshold", 20, 199),
    coupon("QN15", "新人券15元", "welcome", 15, 99),
];

/// A basket at the till.
pub(crate) struct Basket {
    /// Paid, in fen.
    pub(crate) amount: i64,
    /// Pieces.
    pub(crate) items: u32,
    /// Coupon used, index into [`COUPONS`].
    pub(crate) coupon: Option<usize>,
}

/// Price tables, made once.
pub(crate) struct Goods {
    light: Weighted<u32>,
    warm: Weighted<u32>,
    usual: Weighted<u32>,
    promoted: Weighted<u32>,
}

impl Goods {
    pub(crate) fn new() -> Self {
        Self {
            light: Weighted::new(LIGHT),
            warm: Weighted::new(WARM),
            usual: Weighted::new(USUAL),
            promoted: Weighted::new(PROMOTED),
        }
    }

    /// A basket: `winter` is the share of winter clothes.
    pub(crate) fn basket(&self, winter: f64, promoted: bool, dice: &mut Dice) -> Basket {
        let mut items = 1;
        while items < 12 && dice.chance(ONE_MORE) {
            items += 1;
        }
        let list: u32 = (0..items)
            .map(|_| {
                let prices = if dice.chance(winter) { &self.warm } else { &self.light };
                prices.draw(dice)
            })
            .sum();
        let discounts = if promoted { &self.promoted } else { &self.usual };
        let asked = i64::from(list) * i64::from(discounts.draw(dice));
        let holds_coupon = dice.chance(if promoted { 0.35 } else { 0.16 });
        let first = dice.below(COUPONS.len() as u32) as usize;
        let coupon = (first..COUPONS.len()).find(|c| holds_coupon && asked >= i64::from(COUPONS[*c].least) * 100);
        let off = coupon.map_or(0, |c| i64::from(COUPONS[c].face) * 100);
        Basket { amount: asked - off, items, coupon }
    }
}
