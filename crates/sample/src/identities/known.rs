//! What each kind of channel knows of whoever uses it, and what its orders and touches say when they name no member.

use crate::channels::CHANNELS;

/// Channels that know the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The cashier asks for the card or the phone; the till sees who pays.
    Till,
    /// An open id for each program, one union id for all of them.
    WeChat,
    /// Friends and groups: the union id, seldom more.
    Friends,
    /// An account of the retailer's own.
    Account,
    /// The payment account is the account.
    Alipay,
    /// A phone number and nothing else.
    Phone,
    /// A buyer's number; the payment account shines through.
    MarketAlipay,
    /// A buyer's number, and often the phone the parcel goes to.
    Market,
    /// An open id, until somebody buys.
    Live,
    /// A device.
    Ads,
}

/// How many of a hundred identities of a kind have each key; every one has an external id.
pub(crate) struct Known {
    pub(crate) member: u32,
    pub(crate) phone: u32,
    pub(crate) union: u32,
    pub(crate) payment: u32,
}

/// What a fact that names no member says instead.
pub(crate) struct Bears {
    /// Times the share that was asked for: tills lose the member less often than screens.
    pub(crate) often: f64,
    pub(crate) external: bool,
    pub(crate) open: bool,
    pub(crate) union: bool,
    /// Of a hundred.
    pub(crate) phone: u32,
    /// Of a hundred orders; touches are not paid.
    pub(crate) payment: u32,
}

impl Kind {
    pub(crate) fn of(channel: u8) -> Self {
        match CHANNELS[usize::from(channel)].id {
            "pos" | "pos_self" | "popup" => Self::Till,
            "mini" | "shipinhao" | "oa" => Self::WeChat,
            "wecom" | "group" => Self::Friends,
            "app" | "web" | "cloud" => Self::Account,
            "alipay_mini" => Self::Alipay,
            "hotline" | "sms" => Self::Phone,
            "tmall" | "taobao" => Self::MarketAlipay,
            "douyin_live" | "taobao_live" | "kuaishou" | "xhs" => Self::Live,
            "moments_ads" | "juliang" | "baidu" => Self::Ads,
            _ => Self::Market,
        }
    }

    pub(crate) fn known(self) -> Known {
        let known = |member, phone, union, payment| Known { member, phone, union, payment };
        match self {
            Self::Till => known(97, 92, 0, 45),
            Self::WeChat => known(45, 55, 96, 30),
            Self::Friends => known(12, 25, 95, 0),
            Self::Account => known(80, 96, 0, 20),
            Self::Alipay => known(35, 60, 0, 97),
            Self::Phone => known(30, 100, 0, 0),
            Self::MarketAlipay => known(0, 55, 0, 80),
            Self::Market => known(0, 85, 0, 25),
            Self::Live => known(0, 35, 0, 30),
            Self::Ads => known(0, 70, 0, 0),
        }
    }

    pub(crate) fn bears(self) -> Bears {
        let none = Bears { often: 1.0, external: false, open: false, union: false, phone: 0, payment: 0 };
        match self {
            // Payment is membership: who pays is all that such a till knows.
            Self::Till => Bears { often: 0.35, payment: 85, phone: 15, ..none },
            Self::WeChat => Bears { external: true, open: true, union: true, payment: 30, ..none },
            Self::Friends => Bears { external: true, union: true, ..none },
            Self::Account => Bears { external: true, phone: 50, ..none },
            Self::Alipay => Bears { external: true, payment: 97, ..none },
            Self::Phone => Bears { phone: 100, ..none },
            Self::MarketAlipay => Bears { external: true, phone: 20, payment: 60, ..none },
            Self::Market => Bears { external: true, phone: 30, ..none },
            Self::Live => Bears { open: true, ..none },
            Self::Ads => Bears { external: true, ..none },
        }
    }
}

/// The program that gives a channel's users their open ids; channels of one program share them. None gives none.
pub(crate) fn program(channel: u8) -> Option<&'static str> {
    match CHANNELS[usize::from(channel)].id {
        "douyin_mall" | "douyin_live" => Some("douyin"),
        "wecom" | "group" => None,
        id => matches!(Kind::of(channel), Kind::WeChat | Kind::Live).then_some(id),
    }
}
