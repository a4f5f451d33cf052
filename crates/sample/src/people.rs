//! One member's two years: joining, visits, orders, lapsing. Each draws from a stream of its own.

use crate::SampleError;
use crate::calendar::{
    Calendar, DAYS, DOUBLES, DayNumber, FALLS, FALTERS_OFTEN, FALTERS_SELDOM, LIFT_CONVERSION, LIFT_FROM, LIFT_TO,
    SOUTH_SLEEPERS, SOUTHWEST_CAMPAIGN, date_of,
};
use crate::channels::{CHANNELS, ChannelTable, Habit, is_live};
use crate::dice::{Dice, Weighted};
use crate::goods::Goods;
use crate::ledger::{Ledger, Sale, Touch, guide_id, member_id};
use crate::output::{Folder, Table};
use crate::places::{EAST, REGIONS, SOUTH, SOUTHWEST};
use crate::stores::Stores;

/// Members of every thousand who joined before the sample begins.
const JOINED_BEFORE: u64 = 600;
/// Mean days until a member lapses; with [`JOINED_BEFORE`] about as many lapse as join.
const LIFETIME: f64 = 1096.0;
/// Visits a busy day, of the average member.
const VISITS: f64 = 0.0250;
/// Spread of visits between members (of the logarithm).
const SPREAD: f64 = 1.05;
/// Orders a visit by orders so far: who has bought again buys sooner again.
const RUNGS: [f64; 8] = [0.60, 0.74, 0.86, 0.95, 1.02, 1.08, 1.12, 1.15];
/// Anonymous orders for each order of a member.
const ANONYMOUS: f64 = 0.15 / 0.85;
/// First stream of members; the ones below serve stores, guides and dirt.
const FIRST_STREAM: u64 = 1 << 16;

/// Who is simulated: what does not change during a member's two years.
struct Person {
    index: u32,
    region: usize,
    home: u16,
    habit: Habit,
    eagerness: f64,
    /// Visits a busy day.
    pace: f64,
    /// Whether its orders in 华东 are lost once conversion falls there.
    falters: bool,
}

/// Everything members are made from, and the files about them.
pub(crate) struct People<'a> {
    pub(crate) members: Table,
    seed: u64,
    count: u32,
    calendar: &'a Calendar,
    stores: &'a Stores,
    channels: ChannelTable,
    goods: Goods,
    regions: Weighted<u8>,
}

impl<'a> People<'a> {
    pub(crate) fn new(
        folder: &mut Folder,
        (seed, count): (u64, u32),
        calendar: &'a Calendar,
        stores: &'a Stores,
    ) -> Result<Self, SampleError> {
        Ok(Self {
            members: folder.table(
                "members.csv",
                &[
                    "member_id",
                    "joined_at",
                    "source_channel",
                    "home_store",
                    "guide_id",
                    "tier",
                    "referrer_id",
                    "role",
                    "brand",
                ],
            )?,
            seed,
            count,
            calendar,
            stores,
            channels: ChannelTable::new(),
            goods: Goods::new(),
            regions: Weighted::new((0u8..).zip(&REGIONS).map(|(index, r)| (index, r.share))),
        })
    }

    /// Writes a member and the whole of its history.
    pub(crate) fn live(&mut self, index: u32, ledger: &mut Ledger) -> Result<(), SampleError> {
        let dice = &mut Dice::new(self.seed, FIRST_STREAM + u64::from(index));
        let region = usize::from(self.regions.draw(dice));
        let pace = VISITS * libm::exp(SPREAD * dice.normal() - SPREAD * SPREAD / 2.0);
        let falters = if pace < VISITS { FALTERS_SELDOM } else { FALTERS_OFTEN };
        let person = Person {
            index,
            region,
            home: self.stores.draw(region, dice),
            habit: match dice.below(100) {
                0..63 => Habit::Shop,
                63..91 => Habit::Own,
                _ => Habit::Platform,
            },
            eagerness: if dice.chance(0.17) { 0.0 } else { (0.56 + 0.16 * dice.normal()).clamp(0.1, 0.95) },
            pace,
            falters: dice.chance(falters),
        };
        let joined = joined(self.calendar, self.count, index);
        let mut bought = self.introduce(&person, joined, ledger, dice)?;
        let start = joined.unwrap_or(0);
        // Some old members of 华南 only come back one day, so that its users grow evenly.
        let sleeps = region == SOUTH && joined.is_none() && dice.chance(SOUTH_SLEEPERS);
        let start = if sleeps { dice.below(DAYS) } else { start };
        let lapses = f64::from(start) + dice.wait() * LIFETIME;
        let mut moment = self.calendar.busy_before(region, start);
        if joined.is_some() {
            bought += u32::from(self.visit(&person, start, bought, true, ledger, dice)?);
        }
        loop {
            moment += dice.wait() / person.pace;
            match self.calendar.day_at(region, moment) {
                Some(day) if f64::from(day) <= lapses => {
                    bought += u32::from(self.visit(&person, day, bought, false, ledger, dice)?);
                }
                _ => break,
            }
        }
        ledger.soil(index, dice)
    }

    /// Writes the member and its first identity; says how often it bought before the sample begins.
    fn introduce(
        &mut self,
        person: &Person,
        joined: Option<DayNumber>,
        ledger: &mut Ledger,
        dice: &mut Dice,
    ) -> Result<u32, SampleError> {
        let mut id = String::new();
        member_id(&mut id, person.index);
        let second = dice.between(32_400, 79_000);
        let (moment, joined_at) = match joined {
            Some(day) => (i64::from(day), format!("{}{}", self.calendar.prefix[day as usize], clock(second))),
            None => {
                let before = f64::from(self.count) * JOINED_BEFORE as f64 / 1000.0;
                let left = 1.0 - f64::from(person.index) / before;
                let days = 1 + (2600.0 * left * left) as u64;
                (-(days as i64), format!("{}T{}", date_of(0) - chrono::Days::new(days), clock(second)))
            }
        };
        let source = self.channels.draw(person.habit, dice);
        let home = &self.stores.list[usize::from(person.home)];
        let guide =
            if dice.chance(0.55) { guide_id(&home.id, dice.below(home.guides.into()) as u8) } else { String::new() };
        let tier = ["普卡", "普卡", "普卡", "普卡", "普卡", "普卡", "银卡", "银卡", "金卡", "黑金卡"];
        let mut referrer = String::new();
        if person.index > 0 && dice.chance(0.08) {
            member_id(&mut referrer, dice.below(person.index));
        }
        let role = match dice.below(1000) {
            0..4 => "employee",
            4..6 => "kol",
            _ => "customer",
        };
        let brand = dice.pick(&["澜序女装", "澜序女装", "澜序男装", "澜序童装"]);
        self.members.row([
            &id,
            &joined_at,
            CHANNELS[usize::from(source)].id,
            &home.id,
            &guide,
            dice.pick(&tier),
            &referrer,
            role,
            brand,
        ])?;
        spend(source, dice);
        ledger.identities.begin(person.index, person.home, source, (moment, &joined_at))?;
        Ok(if joined.is_some() { 0 } else { dice.below(7) })
    }

    /// A visit of a day, with an order or without; true if with.
    fn visit(
        &self,
        person: &Person,
        day: DayNumber,
        bought: u32,
        first: bool,
        ledger: &mut Ledger,
        dice: &mut Dice,
    ) -> Result<bool, SampleError> {
        let nudged = !first && dice.chance(0.17);
        let habit = if nudged { Habit::Nudge } else { self.habit(person, day, dice) };
        let (store, channel) = self.place(person, day, habit, dice);
        let region = self.stores.region(store);
        let lifted = region == SOUTHWEST && (LIFT_FROM..=LIFT_TO).contains(&day);
        let campaign = if lifted { Some(SOUTHWEST_CAMPAIGN) } else { self.calendar.campaign[day as usize] };
        let campaign = campaign.filter(|_| dice.chance(if lifted { 0.7 } else { 0.45 }));
        let second = hour(habit, dice) * 3600 + dice.below(3600);
        let mut touch = Touch {
            member: person.index,
            day,
            second: second.saturating_sub(dice.between(60, 2400)),
            kind: match habit {
                Habit::Nudge if CHANNELS[usize::from(channel)].kind == "ads" => "ad_click",
                Habit::Nudge => "message_open",
                _ if is_live(channel) => "live_watch",
                _ => "visit",
            },
            store,
            channel,
            campaign,
            coupon: None,
        };
        ledger.touch(&touch)?;
        if nudged {
            return Ok(false);
        }
        let odds = person.eagerness
            * RUNGS[(bought as usize).min(RUNGS.len() - 1)]
            * self.calendar.conversion[day as usize]
            * if lifted { LIFT_CONVERSION } else { 1.0 }
            * if first { 1.5 } else { 1.0 };
        let wants = dice.chance(odds);
        let lost = region == EAST && day >= FALLS && person.falters;
        let buys = wants && !lost;
        touch.second = second.saturating_sub(30);
        if first && dice.chance(0.6) {
            ledger.touch(&Touch { kind: "add_friend", channel: 4, ..touch })?;
        }
        let extra = match dice.below(100) {
            0..7 => Some("share"),
            7..17 => Some("coupon_issue"),
            17..22 => Some("join_group"),
            22..45 if !wants => Some("add_to_cart"),
            _ => None,
        };
        if let Some(kind) = extra {
            ledger.touch(&Touch { kind, ..touch })?;
        }
        if buys {
            self.buy(person, &Touch { second, ..touch }, habit, ledger, dice)?;
        }
        Ok(buys)
    }

    fn buy(
        &self,
        person: &Person,
        at: &Touch,
        habit: Habit,
        ledger: &mut Ledger,
        dice: &mut Dice,
    ) -> Result<(), SampleError> {
        let store = &self.stores.list[usize::from(at.store)];
        let mut sale = self.sale(at, dice);
        sale.member = Some(person.index);
        if habit != Habit::Platform && dice.chance(0.62) {
            sale.guide = Some(dice.below(store.guides.into()) as u8);
        }
        if sale.coupon.is_some() {
            ledger.touch(&Touch { kind: "coupon_redeem", coupon: sale.coupon, ..*at })?;
        }
        let returned = if habit == Habit::Platform { 0.16 } else { 0.05 };
        ledger.sell(&sale, returned, dice)?;
        if dice.chance(ANONYMOUS) {
            let second = hour(habit, dice) * 3600 + dice.below(3600);
            let channel = if habit == Habit::Platform { at.channel } else { self.channels.draw(Habit::Shop, dice) };
            let stranger = self.sale(&Touch { second, channel, ..*at }, dice);
            ledger.sell(&stranger, returned / 2.0, dice)?;
        }
        Ok(())
    }

    /// A basket at a place and time, nobody's yet.
    fn sale(&self, at: &Touch, dice: &mut Dice) -> Sale {
        let day = at.day as usize;
        let winter = self.calendar.winter[day];
        let basket = self.goods.basket(winter, at.campaign.is_some(), dice);
        let doubled = at.store == self.stores.doubled && at.day >= DOUBLES;
        Sale {
            member: None,
            day: at.day,
            second: at.second,
            store: at.store,
            channel: at.channel,
            guide: None,
            campaign: at.campaign,
            coupon: basket.coupon,
            amount: basket.amount * if doubled { 2 } else { 1 },
            items: basket.items,
        }
    }

    fn habit(&self, person: &Person, day: DayNumber, dice: &mut Dice) -> Habit {
        if self.calendar.platform_day[day as usize] && dice.chance(0.08) {
            return Habit::Platform;
        }
        match dice.below(100) {
            0..70 => person.habit,
            70..88 => Habit::Shop,
            88..98 => Habit::Own,
            _ => Habit::Platform,
        }
    }

    /// Which store and channel a visit is booked to.
    fn place(&self, person: &Person, day: DayNumber, habit: Habit, dice: &mut Dice) -> (u16, u8) {
        let channel = self.channels.draw(habit, dice);
        let store = match (habit, dice.below(100)) {
            (Habit::Platform, _) => self.stores.online(person.region).unwrap_or(person.home),
            (Habit::Shop, 0..3) => self.stores.draw(dice.below(8) as usize, dice),
            (Habit::Shop, 3..20) => self.stores.draw(person.region, dice),
            _ => person.home,
        };
        (self.stores.open_on(store, day), channel)
    }
}

/// How many members joined before the sample begins; they have the lower numbers.
pub(crate) fn joined_before(count: u32) -> u32 {
    (u64::from(count) * JOINED_BEFORE / 1000) as u32
}

/// The day of joining inside the sample; `None` before it. Higher numbers joined later.
pub(crate) fn joined(calendar: &Calendar, count: u32, index: u32) -> Option<DayNumber> {
    let before = joined_before(count);
    let share = f64::from(index.checked_sub(before)?) / f64::from(count - before);
    let all = calendar.busy_before(EAST, DAYS);
    calendar.day_at(EAST, all * share)
}

/// Draws as often as the identities of earlier versions did, which had no stream of their own: facts then stay what
/// they always were for their seed, and with them every figure and picture that was taken of a sample.
fn spend(source: u8, dice: &mut Dice) {
    for _ in 0..3 {
        dice.token();
    }
    for nth in 0..1 + dice.below(3) + dice.below(3) {
        let channel = match nth {
            0 => source,
            1 => 3,
            _ => dice.below(CHANNELS.len() as u32) as u8,
        };
        let in_wechat = matches!(CHANNELS[usize::from(channel)].id, "mini" | "wecom" | "oa" | "shipinhao");
        dice.token();
        if in_wechat {
            dice.token();
        }
        let knows_phone = nth == 0 || dice.chance(0.6);
        if !in_wechat {
            dice.unit();
        }
        if !knows_phone {
            dice.unit();
        }
    }
}

fn clock(second: u32) -> String {
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// The hour of a visit: shops from ten to ten, the rest when people look at their phones.
fn hour(habit: Habit, dice: &mut Dice) -> u32 {
    const SHOP: [u8; 20] = [10, 11, 11, 12, 13, 14, 14, 15, 15, 16, 16, 17, 18, 18, 19, 19, 20, 20, 21, 21];
    const PHONE: [u8; 20] = [0, 7, 8, 9, 10, 11, 12, 12, 13, 15, 17, 18, 19, 20, 20, 21, 21, 22, 22, 23];
    u32::from(dice.pick(if habit == Habit::Shop { &SHOP } else { &PHONE }))
}
