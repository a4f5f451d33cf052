//! Writes orders, returns and touches, keeps their sums, and slips in the planted wrong rows.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::SampleError;
use crate::calendar::{CAMPAIGNS, Calendar, DAYS, DayNumber};
use crate::channels::CHANNELS;
use crate::dice::Dice;
use crate::dirt::{Dirt, Fault, IMPOSSIBLE_DAYS, NOT_AMOUNTS, NOT_TIMES};
use crate::goods::COUPONS;
use crate::identities::{BORNE, Identities, IdentityTruths};
use crate::output::{Folder, Table};
use crate::stores::Stores;
use crate::targets::Monthly;

/// Sums that a builder must arrive at, wrong rows and replaced duplicates left out; money in fen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Members.
    pub members: u64,
    /// Orders of members that refunds did not cancel.
    pub orders: u64,
    /// Orders without a member that refunds did not cancel.
    pub anonymous_orders: u64,
    /// Touches.
    pub touches: u64,
    /// Net sales, anonymous orders included.
    pub sales: i64,
    /// Net sales of anonymous orders.
    pub anonymous_sales: i64,
    /// Money given back on orders that are there.
    pub refunded: i64,
    /// Orders given back whole.
    pub orders_fully_refunded: u64,
    /// Returns that name an order which is not there.
    pub returns_unattached: u64,
    /// Their amounts.
    pub returns_unattached_amount: i64,
    /// Sum of `amount` of all good orders before refunds.
    pub gross_sales: i64,
}

/// An order about to be written.
pub(crate) struct Sale {
    pub(crate) member: Option<u32>,
    pub(crate) day: DayNumber,
    pub(crate) second: u32,
    pub(crate) store: u16,
    pub(crate) channel: u8,
    pub(crate) guide: Option<u8>,
    pub(crate) campaign: Option<u8>,
    pub(crate) coupon: Option<usize>,
    pub(crate) amount: i64,
    pub(crate) items: u32,
}

/// A touch about to be written.
pub(crate) struct Touch {
    pub(crate) member: u32,
    pub(crate) day: DayNumber,
    pub(crate) second: u32,
    pub(crate) kind: &'static str,
    pub(crate) store: u16,
    pub(crate) channel: u8,
    pub(crate) campaign: Option<u8>,
    pub(crate) coupon: Option<usize>,
}

/// The text of an order's row; replaced duplicates are kept for the end of the file. The last five are the keys it
/// bears where it names no member; the file has them only where some do.
type OrderRow = [String; 15];
/// Columns of an order, and of a touch, that every sample has.
const ORDER: usize = 10;
const TOUCH: usize = 7;

/// The three files of facts.
pub(crate) struct Ledger<'a> {
    pub(crate) orders: Table,
    pub(crate) returns: Table,
    pub(crate) touches: Table,
    pub(crate) totals: Totals,
    /// Rows of `orders.csv` without a member, wrong rows left out.
    pub(crate) anonymous_rows: u64,
    monthly: Monthly,
    calendar: &'a Calendar,
    stores: &'a Stores,
    dirt: Dirt,
    next_order: u64,
    stale_due: u32,
    corrections: Vec<OrderRow>,
    row: OrderRow,
    /// Who is met in which channel, and what facts say of them.
    pub(crate) identities: Identities<'a>,
}

pub(crate) fn member_id(text: &mut String, member: u32) {
    text.clear();
    write!(text, "M{:08}", member + 1).expect("writing to a string cannot fail");
}

pub(crate) fn guide_id(store: &str, guide: u8) -> String {
    format!("G{}{guide}", &store[1..])
}

pub(crate) fn put_time(text: &mut String, calendar: &Calendar, day: DayNumber, second: u32) {
    text.clear();
    text.push_str(&calendar.prefix[day as usize]);
    let (h, m, s) = (second / 3600, second / 60 % 60, second % 60);
    for (at, part) in [h, m, s].into_iter().enumerate() {
        if at > 0 {
            text.push(':');
        }
        text.push(char::from(b'0' + (part / 10) as u8));
        text.push(char::from(b'0' + (part % 10) as u8));
    }
}

fn put_yuan(text: &mut String, fen: i64) {
    text.clear();
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    write!(text, "{sign}{}.{:02}", fen / 100, fen % 100).expect("writing to a string cannot fail");
}

fn put(text: &mut String, value: &str) {
    text.clear();
    text.push_str(value);
}

impl<'a> Ledger<'a> {
    pub(crate) fn new(
        folder: &mut Folder,
        calendar: &'a Calendar,
        stores: &'a Stores,
        dirt: Dirt,
        identities: Identities<'a>,
    ) -> Result<Self, SampleError> {
        let columns = |own: &[&'static str]| [own, if identities.borne() { &BORNE } else { &[] }].concat();
        let orders = columns(&[
            "order_id",
            "ordered_at",
            "amount",
            "member_id",
            "store_id",
            "channel_id",
            "guide_id",
            "campaign_id",
            "coupon_id",
            "items",
        ]);
        let touches = columns(&["at", "kind", "member_id", "channel_id", "store_id", "campaign_id", "coupon_id"]);
        Ok(Self {
            orders: folder.table("orders.csv", &orders)?,
            returns: folder.table("returns.csv", &["return_id", "returned_at", "amount", "order_id", "member_id"])?,
            touches: folder.table("touches.csv", &touches)?,
            totals: Totals::default(),
            anonymous_rows: 0,
            monthly: Monthly::new(stores),
            calendar,
            stores,
            dirt,
            next_order: 1,
            stale_due: 0,
            corrections: Vec::new(),
            row: OrderRow::default(),
            identities,
        })
    }

    /// Writes an order and, now and then, what came back of it.
    pub(crate) fn sell(&mut self, sale: &Sale, returned: f64, dice: &mut Dice) -> Result<(), SampleError> {
        self.fill(sale);
        self.bear(sale)?;
        if self.stale_due > 0 {
            self.stale_due -= 1;
            self.dirt.count("orders.csv", Fault::Duplicate);
            self.corrections.push(self.row.clone());
            put_yuan(&mut self.row[2], sale.amount + 1000);
        }
        self.orders.cells(self.row.iter().map(String::as_str).take(self.order_width()))?;
        self.totals.gross_sales += sale.amount;
        self.monthly.add(sale.store, sale.day, sale.amount);
        self.anonymous_rows += u64::from(sale.member.is_none());
        let back = if dice.chance(returned) { self.take_back(sale, dice)? } else { 0 };
        let whole = back == sale.amount;
        self.totals.refunded += back;
        self.totals.sales += sale.amount - back;
        self.totals.orders_fully_refunded += u64::from(whole);
        if sale.member.is_none() {
            self.totals.anonymous_orders += u64::from(!whole);
            self.totals.anonymous_sales += sale.amount - back;
        } else {
            self.totals.orders += u64::from(!whole);
        }
        Ok(())
    }

    fn order_width(&self) -> usize {
        ORDER + if self.identities.borne() { BORNE.len() } else { 0 }
    }

    /// Has a member's order bear keys instead of the member, where this one does.
    fn bear(&mut self, sale: &Sale) -> Result<(), SampleError> {
        let borne = match sale.member {
            Some(_) => self.identities.meet(sale.channel, (sale.day, sale.second), Some(&self.row[0]))?,
            None => None,
        };
        for (at, cell) in self.row[ORDER..].iter_mut().enumerate() {
            put(cell, borne.map_or("", |borne| &borne[at]));
        }
        if borne.is_some() {
            self.row[3].clear();
        }
        Ok(())
    }

    fn fill(&mut self, sale: &Sale) {
        let [order, at, amount, member, store, channel, guide, campaign, coupon, items, ..] = &mut self.row;
        order.clear();
        write!(order, "D{:010}", self.next_order).expect("writing to a string cannot fail");
        self.next_order += 1;
        put_time(at, self.calendar, sale.day, sale.second);
        put_yuan(amount, sale.amount);
        match sale.member {
            Some(index) => member_id(member, index),
            None => member.clear(),
        }
        let shop = &self.stores.list[usize::from(sale.store)];
        put(store, &shop.id);
        put(channel, CHANNELS[usize::from(sale.channel)].id);
        guide.clear();
        if let Some(number) = sale.guide {
            guide.push_str(&guide_id(&shop.id, number));
        }
        put(campaign, sale.campaign.map_or("", |c| CAMPAIGNS[usize::from(c)].id));
        put(coupon, sale.coupon.map_or("", |c| COUPONS[c].id));
        items.clear();
        write!(items, "{}", sale.items).expect("writing to a string cannot fail");
    }

    /// A return, whole or in part, days or weeks later; what would come after the last day is not known yet.
    fn take_back(&mut self, sale: &Sale, dice: &mut Dice) -> Result<i64, SampleError> {
        let days = if dice.chance(0.12) { dice.between(15, 45) } else { dice.between(1, 14) };
        let day = sale.day + days;
        let whole = sale.items == 1 || dice.chance(0.42);
        let pieces = i64::from(dice.between(1, sale.items.max(2) - 1));
        let negative = dice.chance(0.2);
        let second = dice.between(36_000, 79_000);
        let lost = dice.chance(0.002);
        if day >= DAYS {
            return Ok(0);
        }
        let fen = if whole { sale.amount } else { sale.amount * pieces / i64::from(sale.items) };
        let mut at = String::new();
        put_time(&mut at, self.calendar, day, second);
        let mut amount = String::new();
        put_yuan(&mut amount, if negative { -fen } else { fen });
        let id = format!("R{:09}", self.returns.rows + 1);
        if lost {
            // The order was sold before the export begins, so that nothing can be attached.
            let order = format!("D2022{:06}", self.returns.rows);
            self.returns.row([&id, &at, &amount, &order, &self.row[3]])?;
            self.totals.returns_unattached += 1;
            self.totals.returns_unattached_amount += fen;
            return Ok(0);
        }
        self.returns.row([&id, &at, &amount, &self.row[0], &self.row[3]])?;
        Ok(fen)
    }

    /// Writes a touch.
    pub(crate) fn touch(&mut self, touch: &Touch) -> Result<(), SampleError> {
        let [_, at, _, member, ..] = &mut self.row;
        put_time(at, self.calendar, touch.day, touch.second);
        member_id(member, touch.member);
        self.totals.touches += 1;
        let width = TOUCH + if self.identities.borne() { BORNE.len() } else { 0 };
        let borne = self.identities.meet(touch.channel, (touch.day, touch.second), None)?;
        let own: [&str; TOUCH] = [
            at,
            touch.kind,
            if borne.is_some() { "" } else { member },
            CHANNELS[usize::from(touch.channel)].id,
            &self.stores.list[usize::from(touch.store)].id,
            touch.campaign.map_or("", |c| CAMPAIGNS[usize::from(c)].id),
            touch.coupon.map_or("", |c| COUPONS[c].id),
        ];
        let keys = (0..BORNE.len()).map(|at| borne.map_or("", |borne| borne[at].as_str()));
        self.touches.cells(own.into_iter().chain(keys).take(width))
    }

    /// Writes the wrong rows that are due by this member.
    pub(crate) fn soil(&mut self, member: u32, dice: &mut Dice) -> Result<(), SampleError> {
        while let Some((file, fault)) = self.dirt.due(member) {
            if fault == Fault::Duplicate {
                self.stale_due += 1;
                continue;
            }
            self.dirt.count(file, fault);
            let mut at = String::new();
            put_time(&mut at, self.calendar, dice.below(DAYS), dice.between(36_000, 79_000));
            let mut amount = "199.00";
            let mut store = self.stores.list[dice.below(self.stores.list.len() as u32) as usize].id.as_str();
            match fault {
                Fault::BadAmount => amount = dice.pick(&NOT_AMOUNTS),
                Fault::NegativeAmount => amount = "-199.00",
                Fault::AbsurdAmount => amount = "99999999999.00",
                Fault::UnknownStore => store = "S9999X",
                Fault::DayOutOfRange => put(&mut at, dice.pick(&IMPOSSIBLE_DAYS)),
                Fault::BadTime => put(&mut at, dice.pick(&NOT_TIMES)),
                Fault::Duplicate => {}
            }
            let mut person = String::new();
            member_id(&mut person, member);
            match file {
                "orders.csv" => {
                    let id = format!("D{:010}", self.next_order);
                    self.next_order += 1;
                    let own: [&str; ORDER] = [&id, &at, amount, &person, store, "pos", "", "", "", "1"];
                    self.orders.cells(own.into_iter().chain([""; BORNE.len()]).take(self.order_width()))?;
                }
                "returns.csv" => {
                    let id = format!("R{:09}", self.returns.rows + 1);
                    self.returns.row([&id, &at, amount, "D0000000001", &person])?;
                }
                _ => {
                    let own: [&str; TOUCH] = [&at, "visit", &person, "pos", store, "", ""];
                    let borne = if self.identities.borne() { BORNE.len() } else { 0 };
                    self.touches.cells(own.into_iter().chain([""; BORNE.len()]).take(TOUCH + borne))?;
                }
            }
        }
        Ok(())
    }

    /// Writes the corrected rows of duplicated orders, which therefore come last and win.
    pub(crate) fn close(mut self) -> Result<Closed, SampleError> {
        let width = self.order_width();
        for row in std::mem::take(&mut self.corrections) {
            self.orders.cells(row.iter().map(String::as_str).take(width))?;
        }
        let (mut tables, identities) = self.identities.close();
        tables.extend([self.orders, self.returns, self.touches]);
        Ok(Closed {
            tables,
            identities,
            totals: self.totals,
            anonymous_rows: self.anonymous_rows,
            monthly: self.monthly,
            dirt: self.dirt,
        })
    }
}

/// What a ledger leaves behind.
pub(crate) struct Closed {
    pub(crate) tables: Vec<Table>,
    pub(crate) identities: IdentityTruths,
    pub(crate) totals: Totals,
    pub(crate) anonymous_rows: u64,
    pub(crate) monthly: Monthly,
    pub(crate) dirt: Dirt,
}
