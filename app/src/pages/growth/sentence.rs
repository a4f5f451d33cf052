//! The Growth page's sentence, written from the numbers by rules.
//!
//! It never says "grew" on a fall, names no cause whose interval crosses zero, and gives a share only where
//! the part is not larger than the whole.

use model::{Factors, GrowthAnswer, Money, ZeroCase};

use super::formulas;
use super::options::Formula;

use crate::format::{self, Style};
use crate::i18n::{Lang, t};
use crate::sentence::{Part, Piece, Sentence, amid, difference};
use crate::state::Compare;

/// The sentence for a growth answer split by region, told by the formula of users.
pub(crate) fn sentence(answer: &GrowthAnswer, compare: Compare, style: &Style, lang: Lang) -> Vec<Piece> {
    written(answer, Formula::Users, compare, &|id| Piece::Region(id.to_owned()), style, lang)
}

/// The sentence for a growth answer split by a dimension; `name` gives the piece that names one of its groups.
pub(super) fn written(
    answer: &GrowthAnswer,
    formula: Formula,
    compare: Compare,
    name: &dyn Fn(&str) -> Piece,
    style: &Style,
    lang: Lang,
) -> Vec<Piece> {
    let now = &answer.window;
    let mut out = Sentence::default();
    if now.orders.value == 0 {
        if now.users.value == 0 && answer.compare.as_ref().is_none_or(|c| c.orders.value == 0) {
            out.plain(t!(lang, sentence.nothing));
            return out.0;
        }
        out.plain(&t!(lang, sentence.no_orders, members = style.count(now.users.value)));
        if let Some(then) = answer.compare.as_ref().filter(|c| c.sales.value > 0) {
            out.plain(&t!(
                lang,
                sentence.there_were,
                period = amid(compare, lang),
                sales = style.money(then.sales.value)
            ));
        }
        out.plain(t!(lang, sentence.stop));
        return out.0;
    }
    out.plain(t!(lang, sentence.sales));
    out.strong(style.money(now.sales.value));
    match &answer.compare {
        None => without_comparison(&mut out, now, style, lang),
        Some(then) if then.sales.value <= 0 => {
            out.plain(&t!(lang, sentence.no_base, period = amid(compare, lang)));
        }
        Some(then) => Comparison { answer, then, formula, name, style, lang }.say(&mut out, compare),
    }
    out.plain(t!(lang, sentence.stop));
    out.0
}

fn without_comparison(out: &mut Sentence, now: &Factors, style: &Style, lang: Lang) {
    let buyers = style.count(now.buyers.value);
    out.plain(&t!(lang, sentence.buyers, buyers = &buyers, price = style.price(now.aov.value)));
    if now.anonymous_sales.value > 0 && now.sales.value > 0 {
        let share = now.anonymous_sales.value as f64 / now.sales.value as f64;
        out.plain(&t!(lang, sentence.anonymous_share, share = format::whole_percent(share)));
    }
}

/// What a compared answer is told from.
struct Comparison<'a> {
    answer: &'a GrowthAnswer,
    then: &'a Factors,
    formula: Formula,
    name: &'a dyn Fn(&str) -> Piece,
    style: &'a Style,
    lang: Lang,
}

impl Comparison<'_> {
    fn say(&self, out: &mut Sentence, compare: Compare) {
        let Self { then, style, lang, .. } = *self;
        let now = &self.answer.window;
        let moved = difference(&now.sales, &then.sales);
        let change = moved.value;
        let relative = change as f64 / then.sales.value as f64;
        let name = amid(compare, lang);
        if relative.abs() < 0.0005 {
            out.plain(&t!(lang, sentence.flat, period = name));
            return self.causes(out, change);
        }
        if !certain(&moved) {
            out.plain(&t!(lang, growth.unsure, period = name));
            return;
        }
        let fell = change < 0;
        out.plain(&if fell {
            t!(lang, sentence.less_before, period = name)
        } else {
            t!(lang, sentence.more_before, period = name)
        });
        if relative >= 9.0 {
            out.strong("×".to_owned() + &format::fixed(relative + 1.0, 1));
        } else {
            out.strong(format::size_percent(relative));
        }
        out.plain(&if fell {
            t!(lang, sentence.less_after, period = name)
        } else {
            t!(lang, sentence.more_after, period = name)
        });
        self.causes(out, change);
        leading_group(out, self.answer, change, self.name, style, lang);
    }

    /// The largest part for and the largest part against, the one that agrees with the change first.
    fn causes(&self, out: &mut Sentence, change: i64) {
        let Self { answer, then, style, lang, .. } = *self;
        if let Some(case) = answer.zero_case.filter(|_| self.formula == Formula::Users) {
            return match case {
                ZeroCase::NoSales => {}
                ZeroCase::NoUsers => out.plain(t!(lang, sentence.zero_users)),
                ZeroCase::NoBuyers => out.plain(t!(lang, sentence.zero_buyers)),
                ZeroCase::NoValue => out.plain(t!(lang, sentence.zero_value)),
            };
        }
        let Some(contributions) = &answer.contributions else {
            return;
        };
        // What would not show beside the total, or beside the change, is no cause worth a word.
        let floor = (then.sales.value / 2_000).max(change.saturating_abs() / 20);
        let named: Vec<(Part, Money)> = formulas::effects(self.formula, &answer.window, then, contributions);
        let worth = named.iter().filter(|(_, m)| certain(m) && m.value.abs() > floor);
        let worst = worth.clone().filter(|(_, m)| m.value < 0).min_by_key(|(_, m)| m.value);
        let best = worth.filter(|(_, m)| m.value > 0).max_by_key(|(_, m)| m.value);
        let fell = change < 0;
        let order = if fell { [worst, best] } else { [best, worst] };
        for (place, (part, money)) in order.into_iter().flatten().enumerate() {
            let first = place == 0;
            let verb = match (first, money.value < 0, fell) {
                (_, true, _) => t!(lang, sentence.dragged, factor = part.name(lang).to_lowercase()),
                (false, false, true) => t!(lang, sentence.gave_back, factor = part.name(lang).to_lowercase()),
                (_, false, _) => t!(lang, sentence.lifted, factor = part.name(lang).to_lowercase()),
            };
            out.plain(if first { t!(lang, sentence.colon) } else { t!(lang, sentence.comma) });
            out.plain(&verb);
            out.amount(money.value, style);
        }
    }
}

/// Whether an amount is on one side of nothing, whatever its interval leaves open.
fn certain(money: &Money) -> bool {
    !money.too_few && (money.low > 0 || money.high < 0)
}

/// The group that moved most in the direction of the whole; none where another may have moved as much.
fn leading_group(
    out: &mut Sentence,
    answer: &GrowthAnswer,
    change: i64,
    name: &dyn Fn(&str) -> Piece,
    style: &Style,
    lang: Lang,
) {
    let fell = change < 0;
    // How far each went in the whole's direction.
    let mut moved: Vec<(&str, Money)> = answer
        .groups
        .iter()
        .map(|group| {
            let then = group.compare.as_ref().map(|c| c.sales).unwrap_or_default();
            let ends = if fell { (&then, &group.window.sales) } else { (&group.window.sales, &then) };
            (group.id.as_str(), difference(ends.0, ends.1))
        })
        .collect();
    moved.sort_by_key(|(_, money)| std::cmp::Reverse(money.value));
    let [(id, lead), (_, _), ..] = moved.as_slice() else {
        return;
    };
    let most = moved[1..].iter().all(|(_, other)| other.high < lead.low && !other.too_few);
    if id.is_empty() || !certain(lead) || lead.value <= 0 || !most {
        return;
    }
    let amount = if fell { lead.value.saturating_neg() } else { lead.value };
    out.plain(if fell { t!(lang, sentence.fell_most) } else { t!(lang, sentence.rose_most) });
    out.0.push(name(id));
    out.plain(t!(lang, sentence.open));
    out.amount(amount, style);
    if amount.unsigned_abs() <= change.unsigned_abs() {
        let share = format::whole_percent(amount as f64 / change as f64);
        out.plain(&if fell {
            t!(lang, sentence.share_of_fall, share = &share)
        } else {
            t!(lang, sentence.share_of_rise, share = &share)
        });
    }
    out.plain(t!(lang, sentence.close));
}

#[cfg(test)]
pub(in crate::pages::growth) mod made_up;
#[cfg(test)]
mod tests;
