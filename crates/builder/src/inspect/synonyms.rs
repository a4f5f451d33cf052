//! What retailers' systems call the tables and columns of the source contract, in Chinese and English.
//!
//! A name is compared in small letters and without blanks, marks and brackets: `Order No.` is `orderno`.

use crate::parse::narrow;
use crate::table::Table;

/// By column of the contract, whatever its table.
const COLUMNS: &[(&str, &str)] = &[
    (
        "order_id",
        "订单号 订单编号 订单id 订单编码 订单流水号 单号 交易号 交易编号 小票号 小票编号 流水号 销售单号 原订单号 主订单号 关联订单号 orderno ordernumber ordersn ordercode tradeno tradeid transactionid invoiceno receiptno tid",
    ),
    (
        "ordered_at",
        "下单时间 支付时间 付款时间 订单时间 交易时间 成交时间 销售时间 订单创建时间 订单付款时间 下单日期 支付日期 销售日期 交易日期 订单日期 消费时间 消费日期 orderdate ordertime orderedon paidat paytime paydate paymenttime paymentdate createdat createtime createdtime tradetime invoicedate saledate purchasedate transactiondate 时间 日期 date time",
    ),
    (
        "amount",
        "实付金额 实付 实收金额 实收 支付金额 付款金额 订单金额 成交金额 交易金额 销售金额 销售额 实际支付金额 买家实付金额 实付款 净额 消费金额 金额 payamount paidamount payment amountpaid totalamount ordertotal orderamount netamount netpaid actualamount total revenue sales 目标 目标金额 销售目标 目标销售额 target targetamount 退款金额 退货金额 refundamount returnamount",
    ),
    ("refunded", "退款金额 已退金额 已退款 退款 退款总额 refundamount refundedamount refund"),
    (
        "member_id",
        "会员号 会员id 会员编号 会员编码 会员卡号 卡号 会员 用户id 用户编号 客户编号 客户id 客户编码 顾客编号 顾客id 买家id 买家会员名 memberno membercode member userid user uid customerid customerno customer cardno vipid vipno vipcode vipcard",
    ),
    (
        "store_id",
        "门店编码 门店编号 门店id 门店号 门店代码 门店 店铺编码 店铺编号 店铺id 店铺代码 店铺 店号 店编码 机构编码 storecode storeno storenumber store shopid shopcode shopno shop outletid branchid",
    ),
    (
        "channel_id",
        "渠道编码 渠道编号 渠道id 渠道代码 渠道 销售渠道 订单渠道 订单来源 来源渠道 来源平台 平台 channelcode channelno channel platform source ordersource saleschannel",
    ),
    (
        "campaign_id",
        "活动编号 活动编码 活动id 活动代码 活动 营销活动 促销活动 campaigncode campaign promotionid activityid",
    ),
    ("coupon_id", "优惠券 优惠券id 优惠券编号 券码 券号 couponcode couponno coupon"),
    ("guide_id", "导购 导购编号 导购id 导购工号 店员 店员编号 营业员 guide salesperson staffid employeeid clerk"),
    ("items", "件数 数量 商品件数 商品数量 购买数量 销售数量 quantity qty itemcount"),
    ("return_id", "退单号 退款单号 退款编号 退货单号 售后单号 退款id 退货id refundid refundno returnno"),
    (
        "returned_at",
        "退款时间 退货时间 退款日期 退货日期 售后时间 退款完成时间 refundedat refundtime refunddate returntime returndate 时间 日期 createdat",
    ),
    (
        "at",
        "时间 发生时间 事件时间 访问时间 行为时间 触达时间 日期 eventtime eventat timestamp time datetime occurredat createdat date visittime",
    ),
    (
        "kind",
        "类型 事件 事件类型 事件名 事件名称 行为 行为类型 触点类型 动作 渠道类型 活动类型 event eventtype eventname action type behavior",
    ),
    (
        "joined_at",
        "注册时间 入会时间 开卡时间 加入时间 注册日期 入会日期 开卡日期 成为会员时间 registertime registeredat registerdate signupat signupdate joindate joinedon createdat createtime",
    ),
    (
        "source_channel",
        "来源渠道 注册渠道 入会渠道 开卡渠道 招募渠道 会员来源 来源 渠道 source registerchannel joinchannel channel",
    ),
    (
        "home_store",
        "归属门店 所属门店 开卡门店 注册门店 入会门店 主门店 服务门店 门店 门店编码 homestoreid registerstore store storeid storecode",
    ),
    ("tier", "等级 会员等级 会员级别 级别 卡等级 卡类型 level grade viplevel memberlevel membergrade cardtype"),
    ("referrer_id", "推荐人 邀请人 推荐人id 邀请人id referrer inviter"),
    (
        "name",
        "名称 门店名称 店铺名称 店名 门店名 渠道名称 渠道名 活动名称 活动名 storename shopname channelname campaignname title",
    ),
    ("region", "大区 区域 大区名称 区域名称 地区 省区 战区 片区 area zone district"),
    ("city", "城市 所在城市 市 cityname"),
    ("format", "门店类型 店铺类型 店型 业态 经营模式 经营方式 经营性质 门店性质 类型 storetype shoptype type"),
    ("time_zone", "时区 timezone tz"),
    ("opened_on", "开业日期 开店日期 开业时间 开店时间 opendate openingdate"),
    ("domain", "公私域 公域私域 域 域类型 publicprivate"),
    ("starts_on", "开始日期 开始时间 活动开始日期 活动开始时间 起始日期 startdate startson starttime begindate from"),
    ("ends_on", "结束日期 结束时间 活动结束日期 活动结束时间 截止日期 enddate endson endtime to"),
    ("cost", "费用 成本 预算 花费 投入 活动费用 spend budget"),
    ("month", "月份 月 年月 目标月份 统计月 yearmonth period"),
    (
        "phone_hash",
        "手机号 手机 手机号码 电话 联系电话 电话号码 手机号md5 手机哈希 加密手机号 mobile mobileno phone phoneno phonenumber tel telephone mobilehash phonemd5 mobilemd5",
    ),
    ("union_id", "unionid 微信unionid wxunionid"),
    ("open_id", "openid 微信openid wxopenid 小程序openid miniopenid"),
    (
        "payment_id",
        "支付账号 付款账号 支付账户 付款账户 支付宝账号 买家支付宝账号 微信支付账号 payaccount payer payerid paymentaccount buyeraccount alipayid",
    ),
    (
        "external_id",
        "外部id 外部编号 平台会员id 平台用户id 渠道会员id 三方id 第三方id externaluserid thirdpartyid outid",
    ),
    ("seen_at", "绑定时间 关联时间 更新时间 首次出现时间 seenat boundat updatedat"),
];

/// By table: what stands in the names of its files.
const TABLES: &[(&str, &str)] = &[
    ("stores", "门店 店铺 stores store shops shop outlets branches"),
    ("channels", "渠道 channels channel platforms"),
    ("members", "会员 客户 用户 顾客 members member customers customer users vip crm"),
    ("identities", "身份 账号映射 账号关联 身份映射 idmapping identities identity accounts"),
    ("orders", "订单 销售流水 销售明细 销售 小票 交易 orders order sales trades trade transactions receipts invoices"),
    ("returns", "退货 退款 售后 returns return refunds refund"),
    ("touches", "触点 触达 访问 行为 事件 浏览 touches touch events event visits behavior"),
    ("campaigns", "营销活动 活动 campaigns campaign promotions"),
    ("targets", "销售目标 目标 targets target goals"),
    ("guides", "导购 店员 guides staff"),
    ("coupons", "优惠券 卡券 coupons vouchers"),
];

/// Values of small columns that are told in other words.
const VALUES: &[(&str, &str, &str)] = &[
    ("format", "direct", "直营 直营店 自营"),
    ("format", "franchise", "加盟 加盟店"),
    ("format", "dealer", "经销 经销商 代理 分销"),
    ("format", "online", "线上 电商 网店"),
    ("domain", "public", "公域"),
    ("domain", "private", "私域"),
];

/// A name without what makes no difference: case, blanks, marks, and what stands in brackets.
pub(super) fn bare(name: &str) -> String {
    let narrow = narrow(name.trim()).to_lowercase();
    let outside = narrow.split(['(', '[', '【']).next().unwrap_or_default();
    let outside = if outside.trim().is_empty() { narrow.as_str() } else { outside };
    outside.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// How well a name in a source stands for a column of the contract: 0 is not at all, the contract's own name is best,
/// and of the synonyms the earlier are the surer.
pub(super) fn likeness(header: &str, column: &str) -> u32 {
    let bare_header = bare(header);
    if bare_header.is_empty() {
        return 0;
    }
    if bare_header == bare(column) {
        return 1_000;
    }
    let known = COLUMNS.iter().find(|(name, _)| *name == column).map_or("", |(_, known)| known);
    let place = known.split(' ').position(|synonym| synonym == bare_header);
    place.map_or(0, |place| 500 - place.min(400) as u32)
}

/// Whether a file's name speaks of a table.
pub(super) fn speaks_of(name: &str, table: Table) -> bool {
    let name = bare(name.rsplit('/').next().unwrap_or(name));
    let known = TABLES.iter().find(|(own, _)| *own == table.name()).map_or("", |(_, known)| known);
    known.split(' ').any(|word| name.contains(word))
}

/// The contract's value for a source's, where it is told in other words.
pub(super) fn value(column: &str, written: &str) -> Option<&'static str> {
    let found = VALUES.iter().find(|(name, _, known)| *name == column && known.split(' ').any(|word| word == written));
    found.map(|(_, value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_recognised_however_they_are_written() {
        for (header, column) in [
            ("订单编号", "order_id"),
            ("Order No.", "order_id"),
            ("下单时间", "ordered_at"),
            ("实付金额（元）", "amount"),
            ("手机号", "phone_hash"),
            ("OpenID", "open_id"),
            ("unionid", "union_id"),
            ("Store_Code", "store_id"),
            ("ordered_at", "ordered_at"),
        ] {
            assert!(likeness(header, column) > 0, "{header}");
        }
        for (header, column) in
            [("备注", "order_id"), ("", "name"), ("商品金额合计", "amount"), ("ordernote", "order_id")]
        {
            assert_eq!(likeness(header, column), 0, "{header}");
        }
        assert!(likeness("支付时间", "ordered_at") > likeness("时间", "ordered_at"));
        assert!(speaks_of("2024年订单明细.xlsx", Table::Orders) && !speaks_of("readme", Table::Orders));
        assert_eq!(value("format", "直营"), Some("direct"));
    }

    #[test]
    fn every_column_that_is_known_by_other_names_is_one_of_the_contract() {
        let all: Vec<&str> = Table::ALL
            .iter()
            .flat_map(|table| table.columns().iter().map(|c| c.name).chain(table.later_columns().iter().copied()))
            .chain(["seen_at", "external_id"])
            .collect();
        for (name, _) in COLUMNS {
            assert!(all.contains(name), "{name}");
        }
    }
}
