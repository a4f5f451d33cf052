//! Made-up numbers for the Growth page that nearly close, and names that try to break it.

use model::{
    Answer, Answers, Ask, Contributions, Coverage, Day, Dimensions, FORMAT_VERSION, Factors, Figure, GrowthAnswer,
    GrowthGroup, Manifest, Question, Region, SeriesAnswer, SeriesPoints, Store, Totals, Window,
};

const REGIONS: [&str; 8] = ["华东", "东北", "华南", "华中", "福建", "西北", "西南", "华北"];
const STORES: [(&str, u16); 12] = [
    ("上海南京西路店", 0),
    ("杭州湖滨银泰店", 0),
    ("苏州观前街店", 0),
    ("南京新街口店", 0),
    ("合肥银泰中心店", 0),
    ("广州天河城店", 2),
    ("成都春熙路店", 6),
    ("深圳万象城店", 2),
    ("北京王府井店", 7),
    ("西安小寨店", 5),
    ("一个名字特别长的门店一个名字特别长的门店一个名字特别长的门店一个名字特别长", 3),
    ("<b>沈阳中街店</b>", 1),
];

/// A manifest with awkward names.
pub(crate) fn manifest() -> Result<Manifest, model::DayError> {
    let store = |(i, (name, region)): (usize, &(&str, u16))| Store {
        id: format!("S{i:03}"),
        name: (*name).into(),
        region: *region,
        city: String::new(),
        format: "direct".into(),
    };
    let channel = |(id, name, kind): (&str, &str, &str)| model::Channel {
        id: id.into(),
        name: name.into(),
        kind: kind.into(),
        domain: None,
    };
    let table = |name: &str, read: u64, bad: u64| model::TableReport {
        table: name.into(),
        derived: false,
        rows_read: read,
        kept: read - bad,
        duplicate: 0,
        quarantined: vec![model::QuarantineCount { reason: "bad_amount".into(), rows: bad, examples: vec![] }],
        kept_amount: 0,
        notes: vec![],
    };
    Ok(Manifest {
        format: FORMAT_VERSION,
        tenant: "示例服饰".into(),
        scope: "all".into(),
        version: 7,
        built_at: "2025-04-01T02:03:04Z".into(),
        first_day: Day::parse("2023-01-01")?,
        data_until: Day::parse("2025-03-31")?,
        currency: "CNY".into(),
        currency_digits: 2,
        dimensions: Dimensions {
            regions: REGIONS.iter().map(|id| Region { id: (*id).into() }).collect(),
            stores: STORES.iter().enumerate().map(store).collect(),
            channels: [
                ("wx", "微信小程序", "owned"),
                ("tm", "天猫", "marketplace"),
                ("dy", "抖音", "social"),
                ("mall", "商场", "store"),
            ]
            .map(channel)
            .into(),
            ..Dimensions::default()
        },
        shards: vec![],
        totals: Totals {
            members: 200_000,
            orders: 1_234_567,
            anonymous_orders: 210_000,
            touches: 3_100_000,
            sales: 31_234_567_890,
            ..Totals::default()
        },
        tables: vec![
            table("stores", 400, 0),
            table("members", 200_000, 0),
            table("orders", 1_500_000, 37),
            table("touches", 3_200_000, 4),
        ],
        campaigns: vec![],
        targets: None,
        ..Manifest::empty()
    })
}

fn factors(users: i64, buyers: i64, orders: i64, sales: i64, anonymous: i64) -> Factors {
    let f = Figure::exact;
    let ratio = |a: i64, b: i64| Figure::exact((b > 0).then(|| a as f64 / b as f64));
    Factors {
        users: f(users),
        buyers: f(buyers),
        orders: f(orders + anonymous / 20_000),
        member_orders: f(orders),
        sales: f(sales + anonymous),
        member_sales: f(sales),
        conversion: ratio(buyers, users),
        frequency: ratio(orders, buyers),
        aov: ratio(sales, orders),
        repeat_buyers: f(buyers / 4),
        repurchase_rate: ratio(buyers / 4, buyers),
        new_buyers: f(buyers * 2 / 5),
        anonymous_orders: f(anonymous / 20_000),
        anonymous_sales: f(anonymous),
    }
}

/// Additive LMDI, near enough for a picture.
fn explain(now: &Factors, then: &Factors) -> Contributions {
    let (a, b) = (now.member_sales.value as f64, then.member_sales.value as f64);
    let mean = if (a - b).abs() < 1.0 { a } else { (a - b) / (a / b).ln() };
    let part = |x: Option<f64>, y: Option<f64>| (mean * (x.unwrap_or(1.0) / y.unwrap_or(1.0)).ln()).round() as i64;
    let users = part(Some(now.users.value as f64), Some(then.users.value as f64));
    let (conversion, frequency) =
        (part(now.conversion.value, then.conversion.value), part(now.frequency.value, then.frequency.value));
    let aov = now.member_sales.value - then.member_sales.value - users - conversion - frequency;
    let f = Figure::exact;
    Contributions { users: f(users), conversion: f(conversion), frequency: f(frequency), aov: f(aov) }
}

fn pair(i: i64, size: i64, compared: bool) -> (Factors, Option<Factors>, Option<Contributions>) {
    let wave = |k: i64| (i * 37 + k * 53) % 17 - 8;
    let then = factors(size, size / 9, size / 7, size * 3_550, size * 500);
    let drop = if i == 0 { 24 } else { 0 };
    let buyers = size / 9 * (100 + wave(1) / 2 - drop) / 100;
    let orders = buyers * 9 / 7 * (1000 + wave(2) * 3) / 1000;
    let now = factors(
        size * (102 + wave(3) / 3) / 100,
        buyers,
        orders,
        orders * 24_850 * (1000 + wave(4) * 4) / 1000,
        size * 505,
    );
    let why = explain(&now, &then);
    if compared { (now, Some(then), Some(why)) } else { (now, None, None) }
}

fn growth(ids: Vec<(String, i64)>, compared: bool) -> GrowthAnswer {
    let groups: Vec<GrowthGroup> = ids
        .into_iter()
        .enumerate()
        .map(|(i, (id, size))| {
            let (window, compare, contributions) = pair(i as i64, size, compared);
            GrowthGroup { id, window, compare, contributions, zero_case: None }
        })
        .collect();
    let sum = |pick: &dyn Fn(&GrowthGroup) -> Option<&Factors>| {
        let all = |read: fn(&Factors) -> i64| groups.iter().filter_map(pick).map(read).sum::<i64>();
        factors(
            all(|f| f.users.value) * 97 / 100,
            all(|f| f.buyers.value),
            all(|f| f.member_orders.value),
            all(|f| f.member_sales.value),
            all(|f| f.anonymous_sales.value),
        )
    };
    let window = sum(&|g| Some(&g.window));
    let compare = compared.then(|| sum(&|g| g.compare.as_ref()));
    let contributions = compare.as_ref().map(|c| explain(&window, c));
    GrowthAnswer { window, compare, contributions, zero_case: None, groups, mix: None }
}

/// The growth of a whole without groups.
pub(crate) fn whole(compared: bool) -> GrowthAnswer {
    growth(vec![("S000".to_owned(), 640_000)], compared)
}

fn points(window: Window, step: i32, lift: f64) -> SeriesPoints {
    let mut points = SeriesPoints::default();
    let mut rows = Vec::new();
    let mut day = window.from();
    while window.contains(day) {
        let days = step.min(window.to().epoch_days() - day.epoch_days() + 1);
        let i = points.periods.len() as f64;
        let dip = if lift > 0.0 && i > 6.0 { 0.8 } else { 1.0 };
        let level = (1.0 + (i * 0.9).sin() * 0.08) * dip * f64::from(days) / 7.0;
        rows.push(factors(
            (260_000.0 * level) as i64,
            (28_000.0 * level * dip) as i64,
            (36_000.0 * level * dip) as i64,
            (9.0e8 * level) as i64,
            (1.1e8 * level) as i64,
        ));
        points.periods.push(day);
        points.days.push(days as u32);
        points.partial.push(days < step);
        day = day.plus(step);
    }
    points.sales = Some(rows.iter().map(|f| f.sales).collect());
    points.member_sales = Some(rows.iter().map(|f| f.member_sales).collect());
    points.orders = Some(rows.iter().map(|f| f.orders).collect());
    points.users = Some(rows.iter().map(|f| f.users).collect());
    points.buyers = Some(rows.iter().map(|f| f.buyers).collect());
    points.conversion = Some(rows.iter().map(|f| f.conversion).collect());
    points.frequency = Some(rows.iter().map(|f| f.frequency).collect());
    points.aov = Some(rows.iter().map(|f| f.aov).collect());
    points
}

/// Made-up answers to the questions of the Growth and the Channels page, and to parts of them.
pub(crate) fn answers(question: &Question) -> Answers {
    let compared = question.compare.is_some();
    let regions = || REGIONS.iter().enumerate().map(|(i, r)| ((*r).to_owned(), 640_000 - 60_000 * i as i64)).collect();
    let stores = || (0..STORES.len()).map(|i| (format!("S{i:03}"), 50_000 - 3_000 * i as i64)).collect();
    let mut first = true;
    let answers = question
        .ask
        .iter()
        .map(|ask| match ask {
            Ask::Growth(_) if std::mem::take(&mut first) => Answer::Growth(Box::new(growth(regions(), compared))),
            Ask::Growth(_) => Answer::Growth(Box::new(growth(stores(), compared))),
            Ask::Series(series) => {
                let step = if series.grain == model::Grain::Day { 1 } else { 7 };
                Answer::Series(SeriesAnswer {
                    window: points(question.window, step, 1.0),
                    compare: question.compare.map(|w| points(w, step, 0.0)),
                })
            }
            Ask::Overlap(_) => Answer::Overlap(model::OverlapAnswer { channels: vec![], breadth: vec![] }),
            // The pages drawn ask nothing else.
            _ => Answer::Stores(vec![]),
        })
        .collect();
    let data_until = question.window.to();
    Answers { coverage: Coverage { snapshot: "all-7".into(), data_until, shards: 16, read: 16, exact: true }, answers }
}
