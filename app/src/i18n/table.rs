//! Every text of the page, Chinese and English side by side.

macro_rules! texts {
    ($($name:ident: $zh:literal, $en:literal;)*) => {
        /// Every text of the page in one language.
        pub(crate) struct Text { $(pub(crate) $name: &'static str,)* }
        /// Chinese.
        pub(crate) const ZH: Text = Text { $($name: $zh,)* };
        /// English.
        pub(crate) const EN: Text = Text { $($name: $en,)* };
        #[cfg(test)]
        const PAIRS: &[(&str, &str, &str)] = &[$((stringify!($name), $zh, $en),)*];
    };
}

texts! {
    // The frame.
    app_name: "Wellspring 泉", "Wellspring";
    pages: "页面", "Pages";
    skip: "跳到正文", "Skip to content";
    growth: "增长", "Growth";
    data: "数据", "Data";
    settings: "显示设置", "Display settings";
    language: "语言", "Language";
    theme: "外观", "Appearance";
    theme_system: "跟随系统", "As the system";
    theme_light: "浅色", "Light";
    theme_dark: "深色", "Dark";
    snapshot_is: "快照 {0}", "Snapshot {0}";
    data_until: "数据截至 {0}", "Data until {0}";
    just_now: "刚刚更新", "updated just now";
    minutes_ago: "{0} 分钟前更新", "updated {0} min ago";
    hours_ago: "{0} 小时前更新", "updated {0} h ago";
    days_ago: "{0} 天前更新", "updated {0} days ago";
    exact: "精确", "Exact";
    estimate: "样本 {0}/{1}", "Sample {0}/{1}";
    loading: "已读 {0}/{1} 片", "Read {0} of {1} shards";
    too_few: "样本太少", "too few";
    too_few_is: "读到的会员太少，还给不出区间", "Too few members read so far for an interval";
    answered_here: "本机 {0} 毫秒", "On this device, {0} ms";
    by_server: "由服务器计算", "Computed by the server";
    newer: "新数据可用 · 刷新", "New data · reload";
    link_copied: "链接已复制", "Link copied";

    // Notes on what the address said.
    note_ignored: "地址里的 {0}「{1}」无法识别，已用默认值", "`{1}` is no value of {0}; the default is used";
    note_unknown: "没有找到「{0}」，未按它筛选", "Nothing is called `{0}`; not filtered by it";
    note_window: "日期已调整为 {0}", "The days were moved to {0}";
    note_compare: "对比期早于数据起点 {0}，差异可能偏大", "The comparison begins before the data does ({0}), so differences may look too large";
    note_grain: "天数太多，已改用较粗的粒度", "Too many days for one chart; a coarser grain is shown";

    // Words of the formula.
    sales: "销售额", "Sales";
    member_sales: "会员销售额", "Member sales";
    users: "用户数", "Users";
    buyers: "购买人数", "Buyers";
    repeat_buyers: "再次购买", "Bought again";
    new_buyers: "新购会员", "New buyers";
    returning_buyers: "老购会员", "Returning buyers";
    orders: "订单数", "Orders";
    member_orders: "会员订单", "Member orders";
    conversion: "转化率", "Conversion";
    frequency: "人均订单", "Orders per buyer";
    aov: "客单价", "Order value";
    anonymous: "匿名订单", "Anonymous orders";
    anonymous_sales: "匿名销售额", "Anonymous sales";
    anonymous_share: "匿名销售占比", "Anonymous share of sales";
    repurchase_rate: "复购率", "Repurchase rate";
    contribution: "贡献", "Contribution";
    mix: "结构", "Mix";
    total: "合计", "Total";
    region: "大区", "Region";
    users_is: "窗口内有触点或订单的会员，去重计数", "Distinct members with a touch or an order in the window";
    buyers_is: "窗口内有订单的会员，去重计数", "Distinct members with an order in the window";
    conversion_is: "购买人数 ÷ 用户数", "Buyers divided by users";
    frequency_is: "会员订单数 ÷ 购买人数", "Member orders divided by buyers";
    aov_is: "会员销售额 ÷ 会员订单数", "Member sales divided by member orders";
    member_sales_is: "用户数 × 转化率 × 人均订单 × 客单价", "Users × conversion × orders per buyer × order value";
    sales_is: "会员销售额与匿名订单金额之和，已扣退款", "Member sales plus anonymous orders, refunds taken off";
    anonymous_is: "没有会员的订单：计入销售额，不计入会员", "Orders without a member: counted in sales, never in members";
    repurchase_rate_is: "窗口内下单两次及以上的会员 ÷ 购买人数", "Members with two orders or more, divided by buyers";
    new_buyers_is: "首次下单就在窗口内的会员", "Buyers whose first order ever lies in the window";
    contribution_is: "两期销售额之差中由该因素解释的金额（加法 LMDI），各因素相加分毫不差", "What a factor explains of the change between two windows (additive LMDI); the parts add up to the last unit";
    mix_is: "大区之间比重移动，以及跨大区购物的会员", "Shifting weights between regions, and members who shop in several";

    // Periods.
    this_period: "本期", "This period";
    previous_period: "上期", "Previous period";
    last_year: "去年同期", "Year before";
    chosen_period: "对比期", "Compared period";
    the_previous_period: "上期", "the previous period";
    the_last_year: "去年同期", "the year before";
    the_chosen_period: "对比期", "the compared period";
    no_compare: "不对比", "No comparison";
    compared_with: "对比 {0}", "vs {0}";
    period: "时段", "Period";
    change: "变化", "Change";
    day: "日", "Day";
    week: "周", "Week";
    month: "月", "Month";
    grain: "粒度", "Grain";
    by_day: "每日{0}", "{0} by day";
    by_week: "每周{0}", "{0} by week";
    by_month: "每月{0}", "{0} by month";
    days_only: "（{0} 天）", " ({0} days)";
    in_brackets: "（{0}）", " ({0})";
    line_of: "{0} {1}", "{0}: {1}";
    from_to: "{0} → {1}", "{0} → {1}";

    // Filters.
    filters: "筛选", "Filters";
    clear: "清除筛选", "Clear filters";
    share: "分享", "Share";
    apply: "应用", "Apply";
    from: "从", "From";
    to: "到", "To";
    last_7: "最近 7 天", "Last 7 days";
    last_28: "最近 28 天", "Last 28 days";
    last_91: "最近 13 周", "Last 13 weeks";
    last_365: "最近 365 天", "Last 365 days";
    this_month: "本月", "This month";
    last_month: "上月", "Last month";
    this_quarter: "本季度", "This quarter";
    last_quarter: "上季度", "Last quarter";
    this_year: "今年", "This year";
    all_days: "全部", "All days";
    all_regions: "全部大区", "All regions";
    regions_count: "{0} 个大区", "{0} regions";
    all_stores: "全部门店", "All stores";
    stores_count: "{0} 家门店", "{0} stores";
    find_store: "门店名称、编号或城市", "Store name, number or city";
    find: "查找", "Find";
    more_stores: "还有 {0} 家，输入文字缩小范围", "{0} more; type to narrow down";
    all_channels: "全部渠道", "All channels";
    channels_count: "{0} 个渠道", "{0} channels";
    kind_store: "门店", "Stores";
    kind_owned: "自有", "Owned";
    kind_marketplace: "电商平台", "Marketplaces";
    kind_social: "社交", "Social";
    kind_ads: "广告", "Ads";
    kind_other: "其他", "Other";

    // Figures.
    formula: "增长公式", "The growth formula";
    contributes: "贡献 {0}", "worth {0}";
    was: "对比 {0}", "was {0}";
    waterfall: "每个因素值多少钱", "What each factor was worth";
    axis_cut: "纵轴已截断，起点不为零", "The axis is cut and does not begin at zero";
    part: "项目", "Part";
    amount_in: "金额（{0}）", "Amount ({0})";
    table: "表格", "Table";
    trend_label: "{0}，左右方向键逐期查看", "{0}; use the arrow keys to step through the periods";
    heat: "大区 × 因素：贡献", "Region × factor: contribution";
    heat_note: "点一格，全页跟随该大区；每列与卡片、每行与大区变化分毫不差", "Choose a cell and the page follows that region; columns add up to the cards, rows to each region's change";
    unit_is: "单位 {0}", "in {0}";
    no_region: "未分大区", "No region";
    movers: "拉动与拖累最多的门店", "Stores that moved most";
    top_stores: "销售额最高的门店", "Largest stores";
    pulled_down: "拖累", "Pulled down";
    pulled_up: "拉动", "Pulled up";
    no_store: "未归属门店", "No store";
    no_stores: "没有门店有变化", "No store moved";
    mainly: "主要因{0}", "mainly {0}";
    newly: "对比期没有销售", "no sales before";
    gone: "只有一期有销售", "sales in one period only";
    funnel: "从用户到回头客", "From users to those who came back";
    funnel_label: "漏斗：用户数、购买人数、再次购买人数", "Funnel: users, buyers, buyers who came back";
    rate_of: "{0} {1}", "{0} {1}";
    step: "步骤", "Step";
    makeup: "谁在购买", "Who bought";
    split_is: "新购 {0} · 老购 {1}", "New {0} · returning {1}";

    // The sentence.
    say_nothing: "所选范围内没有会员，也没有订单。", "Nobody and no orders in what is chosen.";
    say_no_orders: "有 {0} 位会员有触点，但没有订单", "{0} members were reached, but nobody ordered";
    say_there_were: "，{0}销售额为 {1}", "; sales of {0} were {1}";
    say_sales: "销售额 ", "Sales of ";
    say_no_base: "；{0}没有销售额，无法算增幅", "; there were no sales in {0}, so no growth rate";
    say_flat: "，与{0}基本持平", ", level with {0}";
    say_less_before: "，比{0}少 ", ", ";
    say_less_after: "", " less than {0}";
    say_more_before: "，比{0}多 ", ", ";
    say_more_after: "", " more than {0}";
    say_dragged: "{0}拖累 ", "{0} dragged ";
    say_gave_back: "{0}补回 ", "{0} gave back ";
    say_lifted: "{0}拉动 ", "{0} lifted ";
    say_zero_users: "；有一期没有用户，变化全部记在用户数上", "; one period had no users, so the whole change is theirs";
    say_zero_buyers: "；有一期没有购买会员，变化全部记在转化率上", "; one period had no buying members, so the whole change is conversion's";
    say_zero_value: "；有一期会员订单金额为零，变化全部记在客单价上", "; member orders of one period were worth nothing, so the whole change is the order value's";
    say_fell_most: "；下滑最多的是 ", "; the largest fall was in ";
    say_rose_most: "；增长最多的是 ", "; the largest rise was in ";
    say_share_of_fall: "，占下滑的 {0}", ", {0} of the fall";
    say_share_of_rise: "，占增长的 {0}", ", {0} of the rise";
    say_buyers: "，{0} 位会员购买，客单价 {1}", " from {0} buying members at {1} an order";
    say_anonymous_share: "，匿名订单占 {0}", ", {0} of it anonymous";
    colon: "：", ": ";
    comma: "，", ", ";
    stop: "。", ".";
    open: "（", " (";
    close: "）", ")";

    // States.
    failed: "暂时算不出来", "No answer right now";
    again: "再试一次", "Try again";
    empty_filter: "所选范围内没有数据", "Nothing in what is chosen";
    empty_filter_advice: "换一段日期，或放宽大区、门店、渠道的筛选。", "Choose other days, or widen the regions, stores or channels.";
    show_all: "查看全部", "Show all";
    empty_snapshot: "还没有订单", "No orders yet";
    empty_snapshot_advice: "把订单文件放进一个文件夹，运行 wellspring build --source 文件夹 --out 快照，再刷新本页。", "Put your order files into a folder, run wellspring build --source FOLDER --out SNAPSHOT, and reload this page.";

    // The data page.
    snapshot: "快照", "Snapshot";
    snapshot_facts: "快照里有什么", "What the snapshot holds";
    built_at: "生成时间", "Built at";
    days_covered: "覆盖日期", "Days covered";
    members: "会员", "Members";
    touches: "触点", "Touches";
    refunded: "已扣退款", "Refunds taken off";
    cancelled_orders: "全额退款订单", "Orders refunded whole";
    loose_returns: "未能对上订单的退货", "Returns without an order";
    shards: "分片", "Shards";
    shards_are: "{0} 个，{1} 字节", "{0}, {1} bytes";
    source_tables: "来源与核对", "Sources, reconciled";
    table_name: "表", "Table";
    rows_read: "读入", "Read";
    rows_kept: "保留", "Kept";
    rows_duplicate: "重复", "Duplicate";
    rows_quarantined: "隔离", "Set aside";
    tables_note: "读入 = 保留 + 重复 + 隔离，逐行可查", "Read = kept + duplicate + set aside, row by row";
    derived: "{0}（由其他表推出）", "{0} (derived)";
    words: "每个词的意思", "What every word means";
    share_of: "占比", "Share";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places() {
        for (name, zh, en) in PAIRS {
            for place in ["{0}", "{1}"] {
                // Only one language needs the compared period before the number.
                if !name.starts_with("say_less") && !name.starts_with("say_more") {
                    assert_eq!(zh.contains(place), en.contains(place), "{name} {place}");
                }
            }
        }
    }
}
