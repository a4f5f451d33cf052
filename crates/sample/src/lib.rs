//! Sample data: a believable Chinese apparel retailer as a folder of source files, with planted truths.
//!
//! The same options give the same bytes on every machine. Members are made one after another and written
//! at once, so that ten million need no more memory than ten thousand.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

mod calendar;
mod channels;
mod dice;
mod dirt;
mod goods;
mod identities;
mod ledger;
mod lists;
mod output;
mod people;
mod places;
mod stores;
mod targets;
mod truths;

pub use dirt::DirtyCounts;
pub use identities::IdentityTruths;
pub use ledger::Totals;
pub use truths::{Truth, Truths};

use calendar::Calendar;
use dice::Dice;
use dirt::Dirt;
use identities::Identities;
use ledger::Ledger;
use output::{Folder, TRUTHS, Table};
use people::People;
use stores::Stores;

/// The invented retailer.
pub const BRAND: &str = "澜序 LANXU";
/// The seed used where none is asked for.
pub const DEFAULT_SEED: u64 = 20_250_331;
/// How many members a sample may have.
pub const MEMBERS: std::ops::RangeInclusive<u32> = 100..=10_000_000;
/// How many stores a sample may have.
pub const STORES: std::ops::RangeInclusive<u32> = stores::FEWEST..=4_000;

/// Of a hundred digital orders and touches, how many may bear keys instead of their member.
pub const IDENTITIES_ONLY: std::ops::RangeInclusive<f64> = 0.0..=100.0;
/// Percent of members whose phone number may have been somebody else's before.
pub const RECYCLED_PHONES: std::ops::RangeInclusive<f64> = 0.0..=20.0;
/// What it is where none is asked for.
pub const DEFAULT_RECYCLED_PHONES: f64 = 0.3;

/// In `truths.json`, so that a later run knows the folder as a sample.
pub(crate) const MADE_BY: &str = "wellspring demo-data";

/// What to make.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Members, see [`MEMBERS`].
    pub members: u32,
    /// Stores, online ones included, see [`STORES`].
    pub stores: u32,
    /// Same seed, same bytes.
    pub seed: u64,
    /// Of a hundred orders and touches of members in digital channels, how many bear keys (an external id, a union
    /// id, a phone, a payment account …) instead of their member, as [`IDENTITIES_ONLY`]; at tills about a third of
    /// that. With 0 every fact names its member, and every identity is its member's beyond doubt.
    pub identities_only: u8,
    /// Percent of members whose phone number was somebody else's before, see [`RECYCLED_PHONES`].
    pub recycled_phones: f64,
    /// The folder to write: new, empty, or an earlier sample.
    pub out: PathBuf,
}

impl Options {
    /// 200,000 members and 400 stores in this folder, every fact with its member.
    pub fn new(out: impl Into<PathBuf>) -> Self {
        Self {
            members: 200_000,
            stores: 400,
            seed: DEFAULT_SEED,
            identities_only: 0,
            recycled_phones: DEFAULT_RECYCLED_PHONES,
            out: out.into(),
        }
    }
}

/// Why no sample was made.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// Too few or too many members.
    #[error("a sample of {given} members cannot be made; choose from {least} to {most}")]
    Members {
        /// Asked for.
        given: u32,
        /// The fewest.
        least: u32,
        /// The most.
        most: u32,
    },
    /// Too few or too many stores.
    #[error("a sample of {given} stores cannot be made; choose from {least} to {most}")]
    Stores {
        /// Asked for.
        given: u32,
        /// The fewest.
        least: u32,
        /// The most.
        most: u32,
    },
    /// A share out of its range.
    #[error("a sample with {given} % {what} cannot be made; choose from {least} to {most}")]
    Percent {
        /// Of what.
        what: &'static str,
        /// Asked for.
        given: f64,
        /// The least.
        least: f64,
        /// The most.
        most: f64,
    },
    /// The folder holds something that is not a sample.
    #[error(
        "{} is not empty and holds no earlier sample; choose a new folder, or empty this one first", path.display()
    )]
    ForeignFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The disk refused.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// What was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The folder.
    pub out: PathBuf,
    /// Size of all files.
    pub bytes: u64,
    /// Share of good order rows that have no member.
    pub anonymous_share: f64,
    /// What was planted, as in `truths.json`.
    pub truths: Truths,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} in {} ({} MB)", self.truths.brand, self.out.display(), self.bytes / 1_000_000)?;
        for (file, rows) in &self.truths.rows {
            writeln!(f, "  {file:<21} {rows:>11} rows")?;
        }
        let dirty: u64 = self.truths.dirty.values().flat_map(BTreeMap::values).sum();
        writeln!(
            f,
            "  of these {dirty} are wrong on purpose; {} truths are planted, see {TRUTHS}",
            self.truths.truths.len()
        )
    }
}

/// Makes a sample. `progress` hears what is being done and how far it is, from 0 to 1.
///
/// Nothing has its final name until everything is written.
pub fn generate(options: &Options, progress: &mut dyn FnMut(&str, f32)) -> Result<Summary, SampleError> {
    let &Options { members, stores, seed, identities_only, recycled_phones, ref out } = options;
    if !MEMBERS.contains(&members) {
        return Err(SampleError::Members { given: members, least: *MEMBERS.start(), most: *MEMBERS.end() });
    }
    if !STORES.contains(&stores) {
        return Err(SampleError::Stores { given: stores, least: *STORES.start(), most: *STORES.end() });
    }
    let percent = |what, given: f64, range: std::ops::RangeInclusive<f64>| match range.contains(&given) {
        true => Ok(()),
        false => Err(SampleError::Percent { what, given, least: *range.start(), most: *range.end() }),
    };
    percent("of facts that bear keys instead of their member", identities_only.into(), IDENTITIES_ONLY)?;
    percent("of recycled phone numbers", recycled_phones, RECYCLED_PHONES)?;
    progress("stores and channels", 0.0);
    let mut folder = Folder::open(out)?;
    let calendar = Calendar::new();
    let stores = Stores::new(stores, &mut Dice::new(seed, 0));
    let mut tables = lists::write(&mut folder, &stores, &mut Dice::new(seed, 1))?;
    let mut people = People::new(&mut folder, (seed, members), &calendar, &stores)?;
    let dirt = Dirt::new(members, &mut Dice::new(seed, 2));
    let identities = Identities::new(&mut folder, options, &calendar, &stores)?;
    let mut ledger = Ledger::new(&mut folder, &calendar, &stores, dirt, identities)?;
    for member in 0..members {
        if member % 4096 == 0 {
            progress("members and their history", member as f32 / members as f32);
        }
        people.live(member, &mut ledger)?;
    }
    let closed = ledger.close()?;
    tables.push(people.members);
    tables.extend(closed.tables);
    tables.push(closed.monthly.write(&mut folder, &stores, &mut Dice::new(seed, 3))?);
    progress("truths", 1.0);
    let rows: BTreeMap<_, _> = tables
        .into_iter()
        .map(Table::finish)
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .map(|(name, rows)| (name.to_owned(), rows))
        .collect();
    let truths = Truths {
        made_by: MADE_BY.to_owned(),
        brand: BRAND.to_owned(),
        seed,
        first_day: truths::first_day(),
        last_day: truths::last_day(),
        truths: truths::planted(&stores),
        dirty: closed.dirt.into_counts(),
        unknown_columns: BTreeMap::from([("stores.csv".to_owned(), vec![lists::EXTRA_COLUMN.to_owned()])]),
        rows,
        identities: closed.identities,
        totals: Totals { members: members.into(), ..closed.totals },
    };
    folder.text("README.md", &readme(&truths))?;
    let text = serde_json::to_string_pretty(&truths).expect("plain data always serializes");
    folder.text(TRUTHS, &text)?;
    let dirty_orders: u64 = truths.dirty["orders.csv"].values().sum();
    let good_orders = truths.rows["orders.csv"] - dirty_orders;
    Ok(Summary {
        out: out.clone(),
        bytes: folder.publish()?,
        anonymous_share: closed.anonymous_rows as f64 / good_orders as f64,
        truths,
    })
}

/// What was planted among the identities, in words.
fn identities(planted: &IdentityTruths) -> String {
    let &IdentityTruths {
        identities,
        with_member_id,
        unlinkable,
        over_shared_phones,
        over_shared_identities,
        recycled_phones,
        family_payments,
        typed_wrong,
        spelled_nothing,
        orders_by_keys,
        orders_by_payment,
        touches_by_keys,
    } = planted;
    format!(
        "\n## 身份 · Identities\n\n\
         - `identities.csv` 有 {identities} 个身份，其中 {with_member_id} 个带会员号，{unlinkable} 个没有任何键能连到本人；\
         `truth_identities.csv` 记着每个身份属于谁。\n  \
         {identities} identities, {with_member_id} with their member id, {unlinkable} that no key leads to their person; \
         `truth_identities.csv` says whose each is.\n\
         - {over_shared_phones} 个公司电话与门店平板号码被 {over_shared_identities} 个身份共用；{recycled_phones} 个手机号先后属于两个人；\
         {family_payments} 个身份用家人的支付账号；{typed_wrong} 个手机号输错；{spelled_nothing} 处把缺失写成了 NULL 之类。\n  \
         {over_shared_phones} phone numbers of companies and shop tablets on {over_shared_identities} identities; \
         {recycled_phones} numbers of two people, one after the other; {family_payments} identities with a payment account of \
         the family; {typed_wrong} mistyped numbers; {spelled_nothing} missing keys that are spelled out, such as NULL.\n\
         - {orders_by_keys} 笔订单与 {touches_by_keys} 个触点不写会员、只带身份键，其中 {orders_by_payment} 笔只有支付账号\
         （支付即会员）；`truth_orders.csv` 记着这些订单属于谁。\n  \
         {orders_by_keys} orders and {touches_by_keys} touches bear keys instead of their member, {orders_by_payment} orders \
         a payment account alone (payment is membership); `truth_orders.csv` says whose these orders are.\n"
    )
}

/// What the folder is, for whoever opens it.
fn readme(truths: &Truths) -> String {
    let mut text = format!(
        "# {BRAND}: 示例数据 · sample data\n\n\
         一家虚构的服装零售商，{} 至 {}。品牌、会员、导购与数字均为生成，与任何真实企业无关。\n\
         金额单位为元，时间为门店当地时间（Asia/Shanghai）。\n\n\
         An invented apparel retailer. Brand, members, guides and figures are generated and belong to nobody.\n\
         Amounts are in yuan, times are local (Asia/Shanghai). Made with seed {}; the same seed gives the same bytes.\n\n\
         ## 埋下的事实 · Planted truths\n\n",
        truths.first_day, truths.last_day, truths.seed
    );
    for truth in &truths.truths {
        text += &format!("- {}\n  {}\n", truth.zh, truth.en);
    }
    text += &identities(&truths.identities);
    text += "\n每条事实该问的问题、刻意写错的行数与应得的总数见 `truths.json`。\n\
             `truths.json` lists a question for each truth, the rows that are wrong on purpose, and the sums to expect.\n";
    text
}
