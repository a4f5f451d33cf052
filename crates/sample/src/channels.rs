//! The 29 channels, and how often each kind of shopper uses which.

use crate::dice::{Dice, Weighted};

/// A channel as written to `channels.csv`.
pub(crate) struct Channel {
    /// `channel_id`.
    pub(crate) id: &'static str,
    /// Display name.
    pub(crate) name: &'static str,
    /// `store`, `owned`, `marketplace`, `social`, `ads`.
    pub(crate) kind: &'static str,
    /// `public` or `private`.
    pub(crate) domain: &'static str,
    /// How often it is used within its habit.
    weight: u32,
    /// Which shopping habit it belongs to.
    pub(crate) habit: Habit,
}

/// Where a shopper is at home; decides to which store a fact is booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Habit {
    /// In a shop.
    Shop,
    /// The retailer's own digital channels, booked to the member's shop.
    Own,
    /// Marketplaces and live streams, booked to the region's online store.
    Platform,
    /// Messages and ads: touches only.
    Nudge,
}

const fn channel(
    id: &'static str,
    name: &'static str,
    kind: &'static str,
    domain: &'static str,
    weight: u32,
    habit: Habit,
) -> Channel {
    Channel { id, name, kind, domain, weight, habit }
}

/// Every channel; facts name them by index.
pub(crate) const CHANNELS: [Channel; 29] = [
    channel("pos", "门店POS", "store", "private", 880, Habit::Shop),
    channel("pos_self", "门店自助收银", "store", "private", 90, Habit::Shop),
    channel("popup", "商场快闪", "store", "private", 30, Habit::Shop),
    channel("mini", "微信小程序", "owned", "private", 460, Habit::Own),
    channel("wecom", "企业微信", "owned", "private", 170, Habit::Own),
    channel("app", "品牌App", "owned", "private", 130, Habit::Own),
    channel("cloud", "导购云店", "owned", "private", 110, Habit::Own),
    channel("web", "官网商城", "owned", "private", 50, Habit::Own),
    channel("alipay_mini", "支付宝小程序", "owned", "private", 50, Habit::Own),
    channel("hotline", "客服热线", "owned", "private", 30, Habit::Own),
    channel("tmall", "天猫旗舰店", "marketplace", "public", 300, Habit::Platform),
    channel("taobao", "淘宝集市", "marketplace", "public", 50, Habit::Platform),
    channel("jd", "京东旗舰店", "marketplace", "public", 110, Habit::Platform),
    channel("vip", "唯品会", "marketplace", "public", 90, Habit::Platform),
    channel("pdd", "拼多多", "marketplace", "public", 40, Habit::Platform),
    channel("dewu", "得物", "marketplace", "public", 30, Habit::Platform),
    channel("meituan", "美团闪购", "marketplace", "public", 20, Habit::Platform),
    channel("douyin_mall", "抖音商城", "marketplace", "public", 90, Habit::Platform),
    channel("douyin_live", "抖音直播", "social", "public", 150, Habit::Platform),
    channel("taobao_live", "淘宝直播", "social", "public", 40, Habit::Platform),
    channel("kuaishou", "快手小店", "social", "public", 30, Habit::Platform),
    channel("xhs", "小红书", "social", "public", 50, Habit::Platform),
    channel("shipinhao", "视频号直播", "social", "public", 40, Habit::Platform),
    channel("oa", "公众号", "owned", "private", 300, Habit::Nudge),
    channel("group", "会员社群", "owned", "private", 220, Habit::Nudge),
    channel("sms", "短信", "owned", "private", 200, Habit::Nudge),
    channel("moments_ads", "朋友圈广告", "ads", "public", 120, Habit::Nudge),
    channel("juliang", "巨量引擎", "ads", "public", 100, Habit::Nudge),
    channel("baidu", "百度推广", "ads", "public", 60, Habit::Nudge),
];

/// Draws channels by habit.
pub(crate) struct ChannelTable([Weighted<u8>; 4]);

impl ChannelTable {
    pub(crate) fn new() -> Self {
        let of = |habit| {
            Weighted::new((0u8..).zip(&CHANNELS).filter(|(_, c)| c.habit == habit).map(|(index, c)| (index, c.weight)))
        };
        Self([of(Habit::Shop), of(Habit::Own), of(Habit::Platform), of(Habit::Nudge)])
    }

    /// A channel of a habit.
    pub(crate) fn draw(&self, habit: Habit, dice: &mut Dice) -> u8 {
        self.0[habit as usize].draw(dice)
    }
}

/// Whether a channel is a live stream.
pub(crate) fn is_live(channel: u8) -> bool {
    CHANNELS[usize::from(channel)].id.ends_with("live") || CHANNELS[usize::from(channel)].id == "shipinhao"
}
