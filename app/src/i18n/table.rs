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

    // Notes and names that all pages share.
    note_no_store: "没有编号为「{0}」的门店，已列出全部门店", "No store has the id `{0}`; all stores are listed";
    more_pages: "更多", "More";
    store: "门店", "Store";
    city: "城市", "City";
    format: "门店类型", "Format";
    channel: "渠道", "Channel";
    domain: "公域/私域", "Ground";
    source_channel: "来源渠道", "Source channel";
    tier: "会员等级", "Tier";
    campaign: "活动", "Campaign";
    unknown: "未知", "Unknown";
    no_channel: "未归属渠道", "No channel";
    domain_public: "公域", "Public (platforms)";
    domain_private: "私域", "Private (own)";
    format_direct: "直营", "Direct";
    format_franchise: "加盟", "Franchise";
    format_dealer: "经销", "Dealer";
    format_online: "线上", "Online";
    more_filters: "更多筛选", "More filters";
    more_filters_count: "更多筛选 · {0}", "More filters · {0}";
    take_away: "取消「{0}」", "Remove {0}";
    segment_cohort: "{0} 首单会员", "Cohort {0}";
    segment_joined: "{0} 入会会员", "Joined {0}";
    segment_rung: "买过 {0} 单及以上", "{0} orders or more";
    segment_rung_only: "恰好 {0} 单", "Exactly {0} orders";
    segment_rfm: "RFM {0}", "RFM {0}";
    one_day: "{0} 天", "{0} day";
    many_days: "{0} 天", "{0} days";
    nth_order: "第 {0} 单", "Order {0}";
    any_order: "下单", "Any order";
    joining: "入会", "Joining";
    first_order: "首单", "First order";
    or: " 或 ", " or ";
    whole: "整体", "Whole";
    split_by: "拆分", "Split by";
    measure: "指标", "Measure";
    driver: "主要因素", "Driven by";
    growth_by: "按{0}拆分的增长公式", "The growth formula by {0}";
    touch_visit: "到访", "Visit";
    touch_add_friend: "加好友", "Add friend";
    touch_add_to_cart: "加购", "Add to cart";
    touch_ad_click: "点广告", "Ad click";
    touch_coupon_issue: "领券", "Coupon issued";
    touch_coupon_redeem: "用券", "Coupon redeemed";
    touch_join_group: "入群", "Join group";
    touch_live_watch: "看直播", "Watch live";
    touch_message_open: "打开消息", "Open message";
    touch_share: "分享", "Share";

    // The funnel page.
    funnel_page: "漏斗", "Funnel";
    funnel_steps: "逐步转化", "Step by step";
    funnel_note: "窗口内进入，按天数上限跟踪到底；离数据末尾太近的会员可能还会走完", "Members enter inside the window and are followed up to the limit of days; those who entered close to the end of the data may still come through";
    funnel_split: "分组漏斗", "The funnel in groups";
    funnel_split_note: "每位会员按第一次进入的地方计一次", "Each member counts once, where it first entered";
    from_previous: "较上一步", "Of the step before";
    from_first: "占进入", "Of those who entered";
    median_days_in: "用时中位数", "Median time";
    median_days_in_is: "从进入到这一步的天数，一半会员不超过它", "Days from entering to this step; half of the members needed no more";
    step_order: "步骤顺序", "Order of steps";
    in_order: "依次", "In order";
    strictly: "严格相连", "Strictly";
    in_any_order: "不限顺序", "Any order";
    within: "时限", "Within";
    any_steps: "至少 {0} 步", "{0} steps or more";
    edit_steps: "调整步骤", "Edit the steps";
    more_steps: "加在最后", "Put at the end";
    take_step: "去掉步骤「{0}」", "Take out the step {0}";
    put_step: "在最后加上「{0}」", "Put {0} at the end";
    say_funnel_nobody: "所选日期内没有会员进入「{0}」这一步。", "Nobody entered by the step {0} in the days chosen.";
    say_funnel: "{0} 位会员进入「{1}」，{2} 走到「{3}」", "{0} members entered by {1}; {2} of them reached {3}";
    say_funnel_lost: "；流失最多的是「{0}」到「{1}」，少了 {2} 人", "; most were lost between {0} and {1}: {2}";

    // The cohorts page.
    cohorts: "留存", "Cohorts";
    cohort: "同期群", "Cohort";
    cohorts_by_first_order: "按首单分组：{0}", "By first order: {0}";
    cohorts_by_joining: "按入会分组：{0}", "By joining: {0}";
    cohorts_rate: "留存率", "Rate";
    cohorts_value: "累计人均", "Value a member";
    cohorts_anchor: "分组依据", "Grouped by";
    cohorts_mode: "留存口径", "What counts as staying";
    cohorts_exact: "当期", "In the period";
    cohorts_later: "当期及以后", "Then or later";
    cohorts_periods: "期数", "Periods";
    cohorts_note: "斜纹：这一期还没有过完，不计入加权平均；点一格，按该同期群筛选", "Hatched: the period is not over yet and in no mean; choose a cell to filter by its cohort";
    cohort_cell: "{0} 的第 {1} 期：{2}，{3} 位会员", "{0}, period {1}: {2}, {3} members";
    cohort_immature: "，尚未过完", ", not over yet";
    weighted_mean: "加权平均", "Weighted mean";
    say_cohorts_young: "还没有哪个同期群过完第二期，无法说留存。", "No cohort has completed its second period yet, so nothing can be said of retention.";
    say_cohorts_first_month: "{0} 个已满次月的首单同期群里，{1} 的会员", "Of {0} first-order cohorts with a complete next month, {1} of members";
    say_cohorts_first_week: "{0} 个已满次周的首单同期群里，{1} 的会员", "Of {0} first-order cohorts with a complete next week, {1} of members";
    say_cohorts_joined_month: "{0} 个已满次月的入会同期群里，{1} 的会员", "Of {0} joining cohorts with a complete next month, {1} of members";
    say_cohorts_joined_week: "{0} 个已满次周的入会同期群里，{1} 的会员", "Of {0} joining cohorts with a complete next week, {1} of members";
    say_cohorts_exact: "在次期有订单。", " ordered in it.";
    say_cohorts_later: "在次期或以后有订单。", " ordered then or later.";

    // The stores page and the page of one store.
    stores: "门店", "Stores";
    today: "今天需要你", "Needs you today";
    today_note: "销售额下滑超出偶然波动的门店，损失金额从大到小", "Stores whose sales fell by more than chance, the largest loss first";
    today_calm: "没有门店的下滑超出偶然波动", "No store fell by more than chance";
    beyond_chance: "超出偶然", "Beyond chance";
    beyond_chance_is: "变化是偶然波动标准误的多少倍；超过 1.96 才列出", "The change in standard errors of chance; listed beyond 1.96";
    ranking: "门店排行", "Ranking";
    rank: "名次", "Rank";
    rank_is: "下方是偶然波动允许的名次范围", "Below it, the ranks that chance allows";
    moved_by: "升降", "Moved";
    moved_by_is: "与对比期名次之差", "Against the rank in the compared period";
    ranking_note: "转化率与复购率按收缩后的值排名，小店不会因运气领先；显示的是原始值", "Conversion and repurchase rate rank by their shrunken values, so that small stores do not lead by luck; the values shown are the raw ones";
    all_rows: "显示全部 {0} 家", "Show all {0}";
    back_to_stores: "← 全部门店", "← All stores";
    store_split: "从哪里来", "Where it came from";
    say_stores: "{0} 家门店", "{0} stores";
    say_stores_best: "，销售额最高的是 ", "; the largest is ";
    say_stores_calm: "，没有一家的变化超出偶然波动。", "; none moved by more than chance.";
    say_stores_moved: "，变化超出偶然波动的有 {0} 家下滑、{1} 家增长", "; beyond chance, {0} fell and {1} rose";
    say_stores_lost: "；损失最大的是 ", "; the largest loss is at ";
    say_stores_gained: "；增长最多的是 ", "; the largest gain is at ";

    // The ladder page.
    ladder: "复购", "Ladder";
    ladder_rungs: "阶梯", "Rungs";
    ladder_rung: "订单", "Order";
    ladder_note: "截至窗口最后一天的全部历史；点名称或停留人数，按那些会员筛选", "The whole history up to the last day of the window; choose a name or those who stopped to filter by them";
    ladder_curves: "多久再买", "How soon they come back";
    ladder_curves_note: "第 n 单后若干天内再次下单的比例（Kaplan–Meier，尚可能再买的会员按删失计）", "Share who ordered again within so many days of the n-th order (Kaplan–Meier; members who may still do so are censored)";
    pass_rate: "再购率", "Came back";
    pass_rate_is: "到过这一单的会员里，又下了一单的比例", "Share of those who reached this order and ordered again";
    stopped_here: "停在这里", "Stopped here";
    stopped_here_is: "恰好这么多单，可能还会再买", "Exactly so many orders; they may still come back";
    median_days: "再购间隔", "Days to next";
    median_days_is: "再次下单者的间隔天数中位数", "Median of the days to the next order among those who made one";
    half_back: "一半回来", "Half are back";
    half_back_is: "到过这一单的会员有一半再次下单所需的天数，含尚可能再买的会员", "Days by which half of all who reached the order have ordered again, those who may still do so counted";
    next_value: "下一单均价", "Next order";
    next_value_is: "再下一单的平均金额", "Mean amount of the order after this one";
    at_stake: "潜在金额", "At stake";
    at_stake_is: "停在这里的会员若各再买一次的金额", "What those who stopped here would spend if each ordered once more";
    say_ladder_nobody: "所选范围内还没有会员下过单。", "No member in what is chosen has ordered yet.";
    say_ladder: "{0} 位会员下过单，{1} 又买了第二次", "{0} members have ordered; {1} of them came back for a second order";
    say_ladder_stake: "；停在第一单的 {0} 位若各再买一次，值 {1}", "; if the {0} who stopped at the first each ordered once more, that would be {1}";

    // The members page.
    rfm_title: "{0}的 RFM", "RFM on {0}";
    rfm_note: "近度 × 频度，5 分最好，按五分位打分；点一格，按那些会员筛选", "Recency × frequency, 5 is best, scored by quintiles; choose a cell to filter by its members";
    rfm_corner: "近度 ↓ 频度 →", "Recency ↓ frequency →";
    rfm_cell: "近度 {0}、频度 {1}：{2} 位会员，消费 {3}", "Recency {0}, frequency {1}: {2} members who spent {3}";
    recency_score: "近度 {0}", "R {0}";
    frequency_score: "频度 {0}", "F {0}";
    migration_title: "近度从 {0} 到 {1} 的变化", "Recency from {0} to {1}";
    migration_note: "每格是从左侧得分移到上方得分的会员数", "Each cell counts members who moved from the score on the left to the one above";
    migration_corner: "之前 ↓ 现在 →", "Before ↓ now →";
    migration_cell: "{0} → {1}：{2} 位会员", "{0} → {1}: {2} members";
    no_order_before: "之前没有订单", "No order before";
    lifecycle: "会员存量与流量", "Stock and flow of members";
    lifecycle_note: "活跃 = 90 天内有订单；沉睡 = 91 到 365 天；流失 = 更久", "Active: ordered within 90 days; dormant: 91 to 365 days ago; lost: longer ago";
    cut_short: "（未满）", " (cut short)";
    active_before: "期初活跃", "Active before";
    active_after: "期末活跃", "Active after";
    active_is: "90 天内有订单的会员", "Members with an order within 90 days";
    newcomers: "新客", "New";
    newcomers_is: "首单在这一期", "First order in the period";
    woken: "唤醒", "Woken";
    woken_is: "期初沉睡或流失，期末活跃", "Dormant or lost before, active at the end";
    slipped: "转入沉睡", "Slipped";
    slipped_is: "期初活跃，期末沉睡或流失", "Active before, dormant or lost at the end";
    dormant_after: "期末沉睡", "Dormant after";
    dormant_is: "上次订单在 91 到 365 天前", "Last order 91 to 365 days ago";
    newly_lost: "新流失", "Newly lost";
    newly_lost_is: "期初活跃或沉睡，期末流失", "Active or dormant before, lost at the end";
    lost_after: "期末流失", "Lost after";
    lost_is: "上次订单在 365 天以前", "Last order more than 365 days ago";
    say_members_nobody: "所选范围内还没有会员下过单。", "No member in what is chosen has ordered yet.";
    say_members: "{0} 位下过单的会员里，{1} 活跃、{2} 沉睡、{3} 流失", "Of {0} members with an order, {1} are active, {2} dormant and {3} lost";
    say_members_flow: "；所选日期内新客 {0} 位，唤醒 {1} 人次，转入沉睡 {2} 人次。", "; in the days chosen {0} were new, {1} times one woke, {2} times one slipped away.";

    // The channels page.
    channels: "渠道", "Channels";
    identified: "识别率", "Identified";
    identified_is: "能认出会员的订单与销售额占比", "Share of orders and of sales whose member is known";
    identified_orders: "订单", "Orders";
    identified_sales: "销售额", "Sales";
    by_domain: "公域与私域", "Public and private ground";
    domains_note: "公域：平台的流量；私域：品牌自己的渠道", "Public: a platform's ground; private: the retailer's own";
    breadth: "跨渠道会员的价值", "What members of several channels are worth";
    breadth_of: "渠道数", "Channels";
    one_channel: "1 个渠道", "1 channel";
    four_channels: "4 个及以上", "4 or more";
    member_value: "人均", "A member";
    member_value_is: "销售额 ÷ 会员数", "Sales divided by members";
    overlap: "渠道重合", "Channels that share members";
    overlap_of: "计入方式", "Counted as";
    overlap_note: "左侧渠道的会员里，也出现在上方渠道的比例；按行读", "Of the members of the channel on the left, the share met in the channel above too; read by rows";
    overlap_cell: "{0} 的会员里有 {2} 位（{3}）也在 {1}", "{2} of the members of {0} ({3}) are met in {1} too";
    only_here: "只在这里", "Only here";
    say_channels: "{0} 的订单、{1} 的销售额认得出会员", "The member is known for {0} of orders and {1} of sales";
    say_channels_orders: "{0} 的订单认得出会员", "The member is known for {0} of orders";
    say_channels_none: "所选范围内没有订单。", "There are no orders in what is chosen.";
    say_channels_buyers: "；购买会员中 {0} 用过两个及以上渠道", "; {0} of buying members used two channels or more";
    say_channels_users: "；有触点或订单的会员中 {0} 用过两个及以上渠道", "; {0} of members with a touch or an order used two channels or more";
    say_channels_value: "，人均 {0}，单渠道会员人均 {1}", ", worth {0} each against {1} in a single one";

    // The data page's sentence.
    say_data: "{0} 位会员、{1} 张订单，来自读入的 {2} 行", "{0} members and {1} orders, from {2} rows read";
    say_data_aside: "，其中 {0} 行有问题被隔离。", "; {0} of them were faulty and set aside.";
    say_data_clean: "，没有一行被隔离。", "; none was set aside.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places() {
        for (name, zh, en) in PAIRS {
            for place in ["{0}", "{1}", "{2}", "{3}"] {
                // Only one language needs the compared period before the number.
                if !name.starts_with("say_less") && !name.starts_with("say_more") {
                    assert_eq!(zh.contains(place), en.contains(place), "{name} {place}");
                }
            }
        }
    }
}
