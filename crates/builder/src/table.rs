//! The source contract: which tables there are and which columns each may have.

/// A table that this version reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Table {
    Stores,
    Channels,
    Members,
    Identities,
    Orders,
    Returns,
    Touches,
    Campaigns,
    Targets,
}

/// A column of the contract.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
}

const fn must(name: &'static str) -> Column {
    Column { name, required: true }
}

const fn may(name: &'static str) -> Column {
    Column { name, required: false }
}

/// Tables of the contract that a later version reads.
pub(crate) const LATER: [&str; 2] = ["guides", "coupons"];

impl Table {
    /// In the order of reading: names before facts, facts before plans, which may name what only facts know.
    pub(crate) const ALL: [Self; 9] = [
        Self::Stores,
        Self::Channels,
        Self::Members,
        Self::Identities,
        Self::Orders,
        Self::Returns,
        Self::Touches,
        Self::Campaigns,
        Self::Targets,
    ];

    /// The table's name, which is its file's name too.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Stores => "stores",
            Self::Channels => "channels",
            Self::Members => "members",
            Self::Identities => "identities",
            Self::Orders => "orders",
            Self::Returns => "returns",
            Self::Touches => "touches",
            Self::Campaigns => "campaigns",
            Self::Targets => "targets",
        }
    }

    /// Columns that are read; checks name them by position.
    pub(crate) fn columns(self) -> &'static [Column] {
        match self {
            Self::Stores => {
                const { &[must("store_id"), may("name"), may("region"), may("city"), may("format"), may("time_zone")] }
            }
            Self::Channels => const { &[must("channel_id"), may("name"), may("kind"), may("domain")] },
            Self::Members => {
                const { &[must("member_id"), may("joined_at"), may("source_channel"), may("home_store"), may("tier")] }
            }
            Self::Identities => {
                const {
                    &[
                        must("channel_id"),
                        must("external_id"),
                        may("member_id"),
                        may("phone_hash"),
                        may("union_id"),
                        may("open_id"),
                        may("payment_id"),
                        may("seen_at"),
                    ]
                }
            }
            Self::Orders => {
                const {
                    &[
                        must("order_id"),
                        must("ordered_at"),
                        must("amount"),
                        may("member_id"),
                        may("store_id"),
                        may("channel_id"),
                        may("campaign_id"),
                        may("refunded"),
                        may("external_id"),
                        may("union_id"),
                        may("open_id"),
                        may("payment_id"),
                        may("phone_hash"),
                    ]
                }
            }
            Self::Returns => const { &[must("return_id"), must("returned_at"), must("amount"), may("order_id")] },
            Self::Touches => {
                const {
                    &[
                        must("at"),
                        must("kind"),
                        may("member_id"),
                        may("store_id"),
                        may("channel_id"),
                        may("campaign_id"),
                        may("external_id"),
                        may("union_id"),
                        may("open_id"),
                        may("payment_id"),
                        may("phone_hash"),
                    ]
                }
            }
            Self::Campaigns => {
                const { &[must("campaign_id"), must("starts_on"), must("ends_on"), may("name"), may("kind")] }
            }
            Self::Targets => const { &[must("month"), must("amount"), may("store_id"), may("region")] },
        }
    }

    /// Columns of the contract that this version recognises and leaves aside.
    pub(crate) fn later_columns(self) -> &'static [&'static str] {
        match self {
            Self::Stores => &["opened_on"],
            Self::Channels => &[],
            Self::Members => &["guide_id", "referrer_id", "role", "brand"],
            Self::Identities => &[],
            Self::Orders => &["guide_id", "coupon_id", "items"],
            Self::Returns => &["member_id"],
            Self::Campaigns => &["cost"],
            Self::Targets => &[],
            Self::Touches => &["coupon_id"],
        }
    }
}
