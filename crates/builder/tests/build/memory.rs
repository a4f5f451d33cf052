//! Little memory changes how a build works, not what it makes.

use std::fmt::Write;
use std::fs;

use crate::support::{case, tree};

#[test]
fn a_build_in_little_memory_makes_the_same_files() {
    let mut touches = "at,kind,member_id,store_id\n".to_owned();
    let mut state = 1u64;
    for row in 0..700_000u64 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (member, day, store) = ((state >> 33) % 20_000, row / 1_000, (state >> 50) % 40);
        let (month, day) = (1 + day / 28 % 12, 1 + day % 28);
        let _ = writeln!(touches, "2024-{month:02}-{day:02},visit,member-with-a-rather-long-name-{member:08},S{store}");
    }
    let mut orders = "order_id,ordered_at,amount,member_id\n".to_owned();
    for order in 0..2_000 {
        let _ = writeln!(orders, "o{order},2024-05-01,12.30,member-with-a-rather-long-name-{order:08}");
    }
    // An order that is there twice: the last row counts.
    orders += "o7,2024-05-02,99.00,member-with-a-rather-long-name-00000007\n";
    let shards = |memory: u64| {
        let case = case(&[("touches.csv", &touches), ("orders.csv", &orders)]).with(|options| options.memory = memory);
        let built = case.built();
        assert_eq!(built.report.totals.touches, 700_000);
        let files = tree(&case.out().join("shards"));
        let names: Vec<_> = files.iter().map(|(path, _)| path.file_name().expect("a name").to_owned()).collect();
        assert!(
            fs::read_dir(case.out())
                .expect("a folder")
                .flatten()
                .all(|entry| { !entry.file_name().to_string_lossy().starts_with(".building") })
        );
        names
    };
    assert_eq!(shards(256 << 20), shards(8 << 30));
}
