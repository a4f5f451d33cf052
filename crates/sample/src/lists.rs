//! The small files: stores, channels, campaigns, guides, coupons.

use crate::SampleError;
use crate::calendar::CAMPAIGNS;
use crate::channels::CHANNELS;
use crate::dice::Dice;
use crate::goods::COUPONS;
use crate::ledger::guide_id;
use crate::output::{Folder, Table};
use crate::places::REGIONS;
use crate::stores::Stores;

/// The column of `stores.csv` that the source contract does not know.
pub(crate) const EXTRA_COLUMN: &str = "floor_area_m2";

const SURNAMES: [&str; 24] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "高",
    "罗", "郑", "梁", "谢", "宋",
];
const GIVEN: [&str; 24] = [
    "雨晴", "佳怡", "思琪", "梦洁", "欣然", "婷", "静", "丽娜", "晓燕", "芳", "雪", "敏", "子涵", "浩然", "俊杰",
    "志强", "磊", "洋", "文静", "慧", "颖", "海燕", "倩", "明月",
];

/// Writes them and hands back the closed tables.
pub(crate) fn write(folder: &mut Folder, stores: &Stores, dice: &mut Dice) -> Result<Vec<Table>, SampleError> {
    let mut table = folder.table(
        "stores.csv",
        &["store_id", "name", "region", "city", "format", "opened_on", "time_zone", EXTRA_COLUMN],
    )?;
    for store in &stores.list {
        table.row([
            &store.id,
            &store.name,
            REGIONS[store.region].name,
            store.city,
            store.format,
            &store.opened_on,
            "Asia/Shanghai",
            &store.area.to_string(),
        ])?;
    }
    let mut tables = vec![table];

    let mut table = folder.table("channels.csv", &["channel_id", "name", "kind", "domain"])?;
    for channel in &CHANNELS {
        table.row([channel.id, channel.name, channel.kind, channel.domain])?;
    }
    tables.push(table);

    let mut table = folder.table("campaigns.csv", &["campaign_id", "starts_on", "ends_on", "name", "kind", "cost"])?;
    for c in &CAMPAIGNS {
        table.row([c.id, c.days.0, c.days.1, c.name, c.kind, &format!("{}.00", c.cost)])?;
    }
    tables.push(table);

    let mut table = folder.table("guides.csv", &["guide_id", "name", "store_id"])?;
    for store in &stores.list {
        for nth in 0..store.guides {
            let name = format!("{}{}", dice.pick(&SURNAMES), dice.pick(&GIVEN));
            table.row([&guide_id(&store.id, nth), &name, &store.id])?;
        }
    }
    tables.push(table);

    let mut table = folder.table("coupons.csv", &["coupon_id", "name", "kind", "face_value", "min_spend"])?;
    for c in &COUPONS {
        table.row([c.id, c.name, c.kind, &format!("{}.00", c.face), &format!("{}.00", c.least)])?;
    }
    tables.push(table);
    Ok(tables)
}
