//! Connected components by contraction, as plans over a table of edges.
//!
//! After Bögeholz, Brand and Todor (2019), "In-database connected component analysis": in every round each vertex goes
//! over to the smallest of itself and its neighbours, in an order that is another one each round; then the edges are
//! those between what is left. On average a round removes a good share of the vertices, whatever the graph looks like, so a long
//! chain takes as few rounds as a ball; and no round needs more room than the edges do. An order is a mixing of
//! the vertices' numbers that can be taken back, so that a component is called after one of its vertices.

use datafusion::prelude::SessionContext;

use super::tables::{count, forget, keep};
use crate::BuildError;

/// So many rounds are never needed: a round that removed one vertex in twenty would do with less for any table.
const MOST_ROUNDS: u32 = 200;

/// From `edges` (v, w; each in both directions, no loops; some may be there twice) makes `reps` (comp, rep): every vertex and the one its component is
/// called after, those left out that are it themselves. Gives the rounds it took. The edges are used up.
pub(crate) async fn contract(context: &SessionContext, edges: &str, reps: &str) -> Result<u32, BuildError> {
    let mut round = 0;
    let mut edges = edges.to_owned();
    let mut steps: Vec<String> = Vec::new();
    while count(context, &edges).await? > 0 {
        if round == MOST_ROUNDS {
            return Err(BuildError::Engine(format!("joining identities did not settle within {MOST_ROUNDS} rounds")));
        }
        let step = format!("{reps}_{round}");
        keep(
            context,
            &step,
            &format!(
                "SELECT v, CASE WHEN low < one_id_mix(v, {round}) THEN one_id_unmix(low, {round}) ELSE v END AS rep
                 FROM (SELECT v, min(one_id_mix(w, {round})) AS low FROM {edges} GROUP BY v)"
            ),
        )
        .await?;
        let next = format!("{reps}_edges_{}", round + 1);
        keep(
            context,
            &next,
            &format!(
                "SELECT v, w FROM (
                     SELECT e.v, b.rep AS w
                     FROM {step} b JOIN (SELECT a.rep AS v, e.w FROM {step} a JOIN {edges} e ON e.v = a.v) e ON e.w = b.v
                     WHERE e.v <> b.rep
                 ) GROUP BY v, w"
            ),
        )
        .await?;
        forget(context, &edges)?;
        edges = next;
        steps.push(step);
        round += 1;
    }
    forget(context, &edges)?;
    // From the last round back: where a vertex went, and where that one went later.
    let mut whole: Option<String> = None;
    for (index, step) in steps.iter().enumerate().rev() {
        let so_far = format!("{reps}_so_far_{index}");
        let sql = match &whole {
            None => format!("SELECT v, rep FROM {step} WHERE v <> rep"),
            Some(later) => format!(
                "SELECT v, rep FROM (
                     SELECT s.v, coalesce(l.rep, s.rep) AS rep FROM {later} l RIGHT JOIN {step} s ON l.v = s.rep
                 ) WHERE v <> rep"
            ),
        };
        keep(context, &so_far, &sql).await?;
        forget(context, step)?;
        if let Some(later) = whole {
            forget(context, &later)?;
        }
        whole = Some(so_far);
    }
    let sql = match &whole {
        Some(whole) => format!("SELECT v AS comp, rep FROM {whole}"),
        None => "SELECT CAST(0 AS BIGINT UNSIGNED) AS comp, CAST(0 AS BIGINT UNSIGNED) AS rep WHERE false".to_owned(),
    };
    keep(context, reps, &sql).await?;
    if let Some(whole) = whole {
        forget(context, &whole)?;
    }
    Ok(round)
}
