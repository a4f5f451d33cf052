//! Refunds lower the order they belong to: the order's own `refunded` cell and every return that names it.
//!
//! An order never falls below nothing. One of some worth whose refunds reach that worth is no order any more;
//! one of worth nothing stays. A return that names no order we have lowers nothing and is counted apart.

use datafusion::prelude::SessionContext;

use crate::BuildError;
use crate::engine::{integers, keep, let_go};

/// Sums over orders and returns, for the totals and to reconcile with.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Refunds {
    pub(crate) orders: u64,
    /// Amounts as read.
    pub(crate) amount: i64,
    /// Taken off.
    pub(crate) refunded: i64,
    pub(crate) fully_refunded: u64,
    /// Orders with more money back than was paid, and how much more.
    pub(crate) over_refunded: u64,
    pub(crate) over_amount: i64,
    pub(crate) unattached: u64,
    pub(crate) unattached_amount: i64,
}

/// Makes `orders_net` from `orders` and `returns`.
pub(crate) async fn apply_refunds(context: &SessionContext) -> Result<Refunds, BuildError> {
    // The smaller side first: it is the one that a join holds in memory.
    keep(
        context,
        "back",
        "SELECT order_id, sum(amount) AS amount FROM returns WHERE order_id IS NOT NULL GROUP BY order_id",
    )
    .await?;
    keep(
        context,
        "orders_net",
        "WITH due AS (
             SELECT o.*, o.refunded + coalesce(b.amount, 0) AS due
             FROM back b RIGHT JOIN orders o ON o.order_id = b.order_id
         )
         SELECT order_id, member_id, day, minute, store, channel, campaign, seq, amount, due,
                CASE WHEN due > amount THEN 0 ELSE amount - due END AS net,
                amount > 0 AND due >= amount AS gone
         FROM due",
    )
    .await?;
    let_go(context, &["back"])?;
    let [orders, amount, net, fully, over, over_amount] = integers(
        context,
        "SELECT count(*), sum(amount), sum(net), sum(CASE WHEN gone THEN 1 ELSE 0 END),
                sum(CASE WHEN due > amount THEN 1 ELSE 0 END), sum(CASE WHEN due > amount THEN due - amount ELSE 0 END)
         FROM orders_net",
    )
    .await?;
    let [unattached, unattached_amount] = integers(
        context,
        "SELECT count(*), sum(r.amount) FROM returns r LEFT ANTI JOIN orders_net o ON r.order_id = o.order_id",
    )
    .await?;
    Ok(Refunds {
        orders: orders as u64,
        amount,
        refunded: amount - net,
        fully_refunded: fully as u64,
        over_refunded: over as u64,
        over_amount,
        unattached: unattached as u64,
        unattached_amount,
    })
}
