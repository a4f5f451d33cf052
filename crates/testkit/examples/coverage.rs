//! Prints how often the 95 % intervals hold: `cargo run --release -p testkit --example coverage [sets] [members]`.
//!
//! 2,000 retailers of 8,000 members in 32 shards unless said otherwise; a few minutes on two cores.

use testkit::coverage::{STOPS, Simulation, simulate};

fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u32>().expect("sets and members are numbers"));
    let sets = numbers.next().unwrap_or(2_000);
    let members = numbers.next().unwrap_or(8_000) as usize;
    let simulation = Simulation { sets, members, shards: 32 };
    let table = simulate(&simulation);
    println!("{sets} retailers of {members} members in {} shards", simulation.shards);
    let stops: Vec<String> =
        STOPS.iter().map(|(part, of)| format!("{:>5} shards", simulation.shards * part / of)).collect();
    println!("| {:<24} | {} |", "share that holds (width)", stops.join(" | "));
    let mut kinds: Vec<&str> = table.keys().map(|(kind, _)| *kind).collect();
    kinds.dedup();
    for kind in kinds {
        let cells: Vec<String> = (0..STOPS.len())
            .map(|stop| match table.get(&(kind, stop)) {
                Some(cell) if cell.given > 0 => {
                    let few = 100.0 * cell.too_few as f64 / (cell.given + cell.too_few) as f64;
                    let width = 100.0 * cell.half_widths / cell.given as f64;
                    format!("{:5.2} % (± {width:.1} %, too few {few:.0} %)", 100.0 * cell.rate())
                }
                _ => "too few".to_owned(),
            })
            .collect();
        println!("| {kind:<24} | {} |", cells.join(" | "));
    }
}
