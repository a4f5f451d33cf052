//! Regions, their cities and the places a shop may be named after.

/// A region (大区) of the retailer.
pub(crate) struct Region {
    /// Its name, also its id.
    pub(crate) name: &'static str,
    /// Its share of stores and members, in thousandths.
    pub(crate) share: u32,
    /// Flagship places, city and landmark, opened first.
    pub(crate) flagships: &'static [(&'static str, &'static str)],
    /// Cities, the larger first.
    pub(crate) cities: &'static [&'static str],
}

/// Index of 华东 in [`REGIONS`].
pub(crate) const EAST: usize = 0;
/// Index of 华南 in [`REGIONS`].
pub(crate) const SOUTH: usize = 1;
/// Index of 华北 in [`REGIONS`].
pub(crate) const NORTH: usize = 2;
/// Index of 西南 in [`REGIONS`].
pub(crate) const SOUTHWEST: usize = 4;
/// Index of 东北 in [`REGIONS`].
pub(crate) const NORTHEAST: usize = 6;

/// The eight regions; shares add up to 1,000.
pub(crate) const REGIONS: [Region; 8] = [
    Region {
        name: "华东",
        share: 360,
        flagships: &[
            ("上海", "南京西路"),
            ("杭州", "湖滨银泰"),
            ("苏州", "观前街"),
            ("南京", "新街口"),
            ("上海", "环球港"),
            ("宁波", "天一广场"),
            ("上海", "五角场合生汇"),
            ("青岛", "台东步行街"),
            ("合肥", "银泰中心"),
            ("无锡", "三阳广场"),
            ("济南", "泉城路"),
            ("杭州", "武林银泰"),
            ("上海", "徐家汇美罗城"),
            ("温州", "五马街"),
            ("上海", "陆家嘴正大广场"),
        ],
        cities: &[
            "上海",
            "杭州",
            "南京",
            "苏州",
            "宁波",
            "青岛",
            "合肥",
            "无锡",
            "济南",
            "温州",
            "常州",
            "南通",
            "徐州",
            "绍兴",
            "嘉兴",
            "金华",
            "台州",
            "烟台",
            "扬州",
            "潍坊",
            "盐城",
            "泰州",
            "镇江",
            "芜湖",
            "临沂",
            "淄博",
            "济宁",
            "湖州",
            "威海",
            "淮安",
            "连云港",
            "宿迁",
            "泰安",
            "马鞍山",
            "蚌埠",
            "安庆",
            "滁州",
            "阜阳",
            "舟山",
            "衢州",
            "丽水",
            "日照",
        ],
    },
    Region {
        name: "华南",
        share: 130,
        flagships: &[
            ("广州", "天河城"),
            ("深圳", "万象城"),
            ("深圳", "海岸城"),
            ("广州", "北京路"),
            ("佛山", "祖庙岭南站"),
            ("东莞", "国贸城"),
            ("南宁", "朝阳广场"),
            ("海口", "友谊阳光城"),
        ],
        cities: &[
            "深圳", "广州", "东莞", "佛山", "南宁", "珠海", "惠州", "中山", "海口", "汕头", "江门", "湛江", "柳州",
            "桂林", "三亚", "肇庆", "茂名", "揭阳", "清远", "梅州", "北海", "玉林",
        ],
    },
    Region {
        name: "华北",
        share: 120,
        flagships: &[
            ("北京", "王府井"),
            ("北京", "三里屯"),
            ("天津", "滨江道"),
            ("北京", "朝阳大悦城"),
            ("石家庄", "北国商城"),
            ("太原", "柳巷"),
            ("天津", "和平大悦城"),
            ("呼和浩特", "海亮广场"),
        ],
        cities: &[
            "北京",
            "天津",
            "石家庄",
            "太原",
            "唐山",
            "保定",
            "呼和浩特",
            "包头",
            "廊坊",
            "邯郸",
            "沧州",
            "秦皇岛",
            "大同",
            "邢台",
            "张家口",
            "临汾",
            "鄂尔多斯",
            "长治",
            "衡水",
            "赤峰",
        ],
    },
    Region {
        name: "华中",
        share: 105,
        flagships: &[
            ("武汉", "楚河汉街"),
            ("长沙", "五一广场"),
            ("郑州", "二七广场"),
            ("武汉", "江汉路"),
            ("南昌", "八一广场"),
            ("长沙", "国金街"),
            ("郑州", "正弘城"),
        ],
        cities: &[
            "武汉", "长沙", "郑州", "南昌", "洛阳", "襄阳", "宜昌", "株洲", "湘潭", "赣州", "衡阳", "岳阳", "常德",
            "九江", "新乡", "南阳", "荆州", "许昌", "开封", "上饶", "黄石", "郴州",
        ],
    },
    Region {
        name: "西南",
        share: 100,
        flagships: &[
            ("成都", "春熙路"),
            ("重庆", "解放碑"),
            ("成都", "太古里"),
            ("昆明", "南屏街"),
            ("贵阳", "喷水池"),
            ("重庆", "观音桥"),
            ("成都", "环球中心"),
        ],
        cities: &[
            "成都",
            "重庆",
            "昆明",
            "贵阳",
            "绵阳",
            "遵义",
            "宜宾",
            "南充",
            "泸州",
            "德阳",
            "曲靖",
            "大理",
            "乐山",
            "达州",
            "六盘水",
            "玉溪",
            "拉萨",
            "自贡",
            "毕节",
            "丽江",
        ],
    },
    Region {
        name: "西北",
        share: 50,
        flagships: &[
            ("西安", "钟楼开元"),
            ("西安", "赛格国际"),
            ("兰州", "西关什字"),
            ("乌鲁木齐", "中山路"),
            ("银川", "鼓楼"),
        ],
        cities: &[
            "西安",
            "兰州",
            "乌鲁木齐",
            "银川",
            "西宁",
            "咸阳",
            "宝鸡",
            "榆林",
            "渭南",
            "天水",
            "汉中",
            "延安",
            "克拉玛依",
            "石河子",
            "库尔勒",
        ],
    },
    Region {
        name: "东北",
        share: 55,
        flagships: &[
            ("大连", "青泥洼桥"),
            ("沈阳", "中街"),
            ("哈尔滨", "中央大街"),
            ("长春", "重庆路"),
            ("沈阳", "太原街"),
        ],
        cities: &[
            "沈阳",
            "大连",
            "哈尔滨",
            "长春",
            "吉林",
            "鞍山",
            "大庆",
            "齐齐哈尔",
            "锦州",
            "营口",
            "抚顺",
            "牡丹江",
            "盘锦",
            "丹东",
            "延吉",
        ],
    },
    Region {
        name: "福建",
        share: 80,
        flagships: &[
            ("福州", "东街口"),
            ("厦门", "中山路"),
            ("泉州", "浦西万达"),
            ("福州", "泰禾广场"),
            ("厦门", "SM城市广场"),
        ],
        cities: &[
            "福州", "厦门", "泉州", "漳州", "莆田", "晋江", "宁德", "龙岩", "三明", "南平", "石狮", "福清", "南安",
            "长乐",
        ],
    },
];

/// Places that most Chinese cities have; with the cities above, names enough for 4,000 stores.
pub(crate) const LANDMARKS: [&str; 44] = [
    "万达广场",
    "万象汇",
    "银泰百货",
    "吾悦广场",
    "大悦城",
    "印象城",
    "龙湖天街",
    "宝龙广场",
    "王府井百货",
    "天虹商场",
    "人民路",
    "步行街",
    "中山公园",
    "解放路",
    "新世界百货",
    "百盛",
    "世茂广场",
    "凯德广场",
    "奥特莱斯",
    "新天地",
    "高铁站",
    "大学城",
    "新城吾悦",
    "爱琴海",
    "中央商场",
    "金鹰国际",
    "富力广场",
    "恒隆广场",
    "来福士",
    "建设路",
    "体育中心",
    "火车站",
    "开发区",
    "老城根",
    "金融街",
    "滨江天街",
    "文化广场",
    "时代广场",
    "环宇城",
    "茂业天地",
    "八佰伴",
    "鼓楼街",
    "和平路",
    "迎宾大道",
];

/// The first `count` store names of a region as (city, name), no two alike.
pub(crate) fn store_names(region: &Region, count: usize) -> Vec<(&'static str, String)> {
    let cities = region.cities.len();
    let rounds = LANDMARKS.len();
    // Round by round every city gets one more landmark; at first only the larger cities do.
    let triangle = (0..rounds).flat_map(|r| (0..cities).map(move |c| (r, c)));
    let larger = triangle.clone().filter(|(r, c)| c * rounds < (rounds - r) * cities);
    let rest = triangle.filter(|(r, c)| c * rounds >= (rounds - r) * cities);
    let generic = larger.chain(rest).map(|(r, c)| (region.cities[c], LANDMARKS[(r + 7 * c) % rounds]));
    let mut seen = std::collections::HashSet::new();
    region
        .flagships
        .iter()
        .copied()
        .chain(generic)
        .map(|(city, place)| (city, format!("{city}{place}店")))
        .filter(|(_, name)| seen.insert(name.clone()))
        .take(count)
        .collect()
}
