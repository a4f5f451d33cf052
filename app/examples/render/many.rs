//! A retailer of thousands of stores with long names, to look at the ranking and to measure it.

use model::{
    Answer, Answers, Ask, Coverage, Figure, GrowthAnswer, GrowthGroup, Manifest, Measures, Question, Ratio, Region,
    Shrunken, Store, StoreRow,
};

/// How many stores.
const STORES: usize = 4_000;

/// The manifest of the other made-up pages with so many stores in 29 regions.
pub(crate) fn manifest(base: Manifest) -> Manifest {
    let mut manifest = base;
    manifest.dimensions.regions = (0..29).map(|i| Region { id: format!("大区{i:02}") }).collect();
    manifest.dimensions.stores = (0..STORES)
        .map(|i| Store {
            id: format!("S{i:04}"),
            name: match i % 50 {
                0 => format!("一个名字特别长的门店一个名字特别长的门店一个名字特别长的门店一个名字特{i:04}"),
                _ => format!("第{i:04}号购物中心店"),
            },
            region: (i % 29) as u16,
            city: format!("城市{:03}", i % 300),
            format: ["direct", "franchise", "dealer"][i % 3].into(),
        })
        .collect();
    manifest
}

/// Made-up answers to the Stores page's question.
pub(crate) fn answers(question: &Question) -> Answers {
    let rows: Vec<StoreRow> = (0..STORES).map(row).collect();
    let answers = question
        .ask
        .iter()
        .map(|ask| match ask {
            Ask::Stores(_) => Answer::Stores(rows.clone()),
            // Its groups are left out: what drove a store is not what this is to show.
            _ => Answer::Growth(Box::new(GrowthAnswer {
                groups: Vec::<GrowthGroup>::new(),
                ..crate::made_up::whole(question.compare.is_some())
            })),
        })
        .collect();
    let data_until = question.window.to();
    Answers { coverage: Coverage { snapshot: "all-7".into(), data_until, shards: 16, read: 16, exact: true }, answers }
}

fn row(i: usize) -> StoreRow {
    // Falls as the rank does, with a wave on it.
    let size = 40_000_000.0 / (1.0 + i as f64 * 0.02);
    let wave = ((i * 37 + 11) % 101) as f64 / 100.0 - 0.5;
    let measures = |lift: f64| {
        let sales = (size * (1.0 + wave * lift)) as i64;
        let buyers = (size / 40_000.0) as i64 + 3;
        Measures {
            sales: Some(Figure::exact(sales)),
            buyers: Some(Figure::exact(buyers)),
            new_buyers: Some(Figure::exact(buyers / 3)),
            conversion: Some(Ratio::exact(Some(0.25 + wave * 0.2))),
            aov: Some(Ratio::exact(Some(24_000.0 + wave * 9_000.0))),
            frequency: Some(Ratio::exact(Some(1.3 + wave * 0.1))),
            repurchase_rate: Some(Ratio::exact(Some(0.2 + wave * 0.1))),
            ..Measures::default()
        }
    };
    let rank = i as u32 + 1;
    StoreRow {
        store: format!("S{i:04}"),
        rank,
        rank_low: rank.saturating_sub(rank / 3 + 5).max(1),
        rank_high: (rank + rank / 3 + 5).min(STORES as u32),
        compare_rank: Some((rank + (i as u32 * 7) % 19).saturating_sub(9).max(1)),
        window: measures(0.2),
        shrunken: Shrunken {
            conversion: Some(Ratio::exact(Some(0.25))),
            repurchase_rate: Some(Ratio::exact(Some(0.2))),
        },
        compare: Some(measures(0.0)),
        sales_z: Some(wave * 9.0),
    }
}
