//! Intervals hold about as often as they say. The full simulation is `examples/coverage.rs`; this is a short one, whose
//! bounds leave room for its own chance.

use testkit::coverage::{Simulation, simulate};

#[test]
fn intervals_hold_nineteen_times_of_twenty() {
    let table = simulate(&Simulation { sets: 120, members: 4_000, shards: 32 });
    let mut judged = 0;
    for ((kind, stop), cell) in &table {
        // Few intervals may all hold by chance; medians of whole days cannot hold less than the day they fall on.
        let most = if cell.given < 1_000 || *kind == "median days" { 1.0 } else { 0.985 };
        if cell.given >= 120 {
            judged += 1;
            assert!((0.88..=most).contains(&cell.rate()), "{kind} at stop {stop}: {cell:?}");
        }
    }
    assert!(judged > 60, "most kinds of figures were judged at most stops: {judged}");
}

#[test]
fn few_members_are_called_too_few() {
    let table = simulate(&Simulation { sets: 10, members: 200, shards: 8 });
    let cells = table[&("cohort cells", 1)];
    assert!(cells.too_few > cells.given, "{cells:?}");
}
