//! The Growth page's sentence, written from the numbers by rules.
//!
//! It never says "grew" on a fall, names no cause whose interval crosses zero, and gives a share only where
//! the part is not larger than the whole.

use model::{Factors, GrowthAnswer, Money, ZeroCase};

use crate::format::{self, Style};
use crate::i18n::{Lang, t};
use crate::sentence::{Piece, Sentence, amid, parts};
use crate::state::Compare;

/// The sentence for a growth answer split by region.
pub(crate) fn sentence(answer: &GrowthAnswer, compare: Compare, style: &Style, lang: Lang) -> Vec<Piece> {
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
        Some(then) => with_comparison(&mut out, answer, then, compare, style, lang),
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

fn with_comparison(
    out: &mut Sentence,
    answer: &GrowthAnswer,
    then: &Factors,
    compare: Compare,
    style: &Style,
    lang: Lang,
) {
    let now = &answer.window;
    let change = now.sales.value.saturating_sub(then.sales.value);
    let relative = change as f64 / then.sales.value as f64;
    let flat = relative.abs() < 0.0005;
    let name = amid(compare, lang);
    if flat {
        out.plain(&t!(lang, sentence.flat, period = name));
    } else {
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
    }
    match answer.zero_case {
        None => causes(out, answer, then, change, style, lang),
        Some(ZeroCase::NoSales) => {}
        Some(case) => {
            out.plain(match case {
                ZeroCase::NoUsers => t!(lang, sentence.zero_users),
                ZeroCase::NoBuyers => t!(lang, sentence.zero_buyers),
                _ => t!(lang, sentence.zero_value),
            });
        }
    }
    if !flat {
        leading_region(out, answer, change, style, lang);
    }
}

/// The largest part for and the largest part against, the one that agrees with the change first.
fn causes(out: &mut Sentence, answer: &GrowthAnswer, then: &Factors, change: i64, style: &Style, lang: Lang) {
    let Some(contributions) = &answer.contributions else {
        return;
    };
    // What would not show beside the total, or beside the change, is no cause worth a word.
    let floor = (then.sales.value / 2_000).max(change.saturating_abs() / 20);
    let certain = |money: &Money| !money.too_few && (money.low > 0 || money.high < 0);
    let named = parts(&answer.window, then, contributions);
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

/// The region that moved most in the direction of the whole.
fn leading_region(out: &mut Sentence, answer: &GrowthAnswer, change: i64, style: &Style, lang: Lang) {
    if answer.groups.len() < 2 {
        return;
    }
    let moved = answer.groups.iter().map(|group| {
        let then = group.compare.as_ref().map_or(0, |c| c.sales.value);
        (&group.id, group.window.sales.value.saturating_sub(then))
    });
    let fell = change < 0;
    let lead = if fell { moved.min_by_key(|(_, m)| *m) } else { moved.max_by_key(|(_, m)| *m) };
    let Some((id, amount)) = lead.filter(|(id, m)| *m != 0 && (*m < 0) == fell && !id.is_empty()) else {
        return;
    };
    out.plain(if fell { t!(lang, sentence.fell_most) } else { t!(lang, sentence.rose_most) });
    out.0.push(Piece::Region(id.clone()));
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
mod tests;
