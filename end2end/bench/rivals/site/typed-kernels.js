// The four questions over typed arrays, as a careful JavaScript programmer would write them.
//
// Facts are sorted by member, then day, so that a member's history is one sequential run: no hash table, no state
// array, no random access. The questions of a window walk each history backwards from its end and stop at the
// window's first day; cohorts and ladder share one forward walk. Nothing is allocated within a loop.

const RUNGS = 8;
const MONTHS = 24;

/** Undoes the wire's coding in place and adds where each member's rows begin. */
export function open(buffer, layout) {
  const data = { members: layout.members, regions: layout.store_regions, stores: layout.stores.length };
  for (const { name, bytes, place, length } of layout.columns) {
    data[name] = new (bytes === 4 ? Uint32Array : Uint16Array)(buffer, place, length);
  }
  data.order_at = begins(data.orders_of, data.order_day);
  data.touch_at = begins(data.touches_of, data.touch_day);
  const days = data.anonymous_day;
  for (let row = 1; row < days.length; row += 1) days[row] += days[row - 1];
  data.first_order = new Uint16Array(data.members).fill(0xffff);
  for (let member = 0; member < data.members; member += 1) {
    const at = data.order_at[member];
    if (at < data.order_at[member + 1]) data.first_order[member] = data.order_day[at];
  }
  return data;
}

function begins(counts, day) {
  const at = new Uint32Array(counts.length + 1);
  let row = 0;
  for (let member = 0; member < counts.length; member += 1) {
    at[member] = row;
    const end = row + counts[member];
    for (row += 1; row < end; row += 1) day[row] += day[row - 1];
    row = end;
  }
  at[counts.length] = row;
  return at;
}

/** Answers `question` ({window, compare: [from, to], months, region}) for the named asks. */
export function ask(data, question, asks) {
  const keep = new Uint8Array(data.stores);
  for (let store = 0; store < keep.length; store += 1) {
    keep[store] = question.region === null || data.regions[store] === question.region ? 1 : 0;
  }
  const wants = (name) => asks.includes(name);
  const answer = {};
  if (wants("growth")) answer.growth = growth(data, question, keep);
  if (wants("stores")) answer.stores = stores(data, question, keep);
  if (wants("cohorts") || wants("ladder")) {
    const walked = histories(data, question, keep, wants("cohorts"), wants("ladder"));
    if (wants("cohorts")) answer.cohorts = walked.cohorts;
    if (wants("ladder")) answer.ladder = walked.ladder;
  }
  return answer;
}

/** Both windows in one backward walk; the compared one lies before the other. */
function growth(data, question, keep) {
  const { order_at, order_day, order_store, order_amount, touch_at, touch_day, touch_store, first_order } = data;
  const [from, to] = question.window;
  const [before, until] = question.compare;
  let users = 0, buyers = 0, repeat = 0, fresh = 0, orders = 0, sales = 0;
  let users0 = 0, buyers0 = 0, repeat0 = 0, fresh0 = 0, orders0 = 0, sales0 = 0;
  let end = order_at[0];
  let touchEnd = touch_at[0];
  for (let member = 0; member < data.members; member += 1) {
    const start = end;
    end = order_at[member + 1];
    const touchStart = touchEnd;
    touchEnd = touch_at[member + 1];
    let row = end - 1;
    while (row >= start && order_day[row] > to) row -= 1;
    let n = 0;
    while (row >= start && order_day[row] >= from) {
      if (keep[order_store[row]] === 1) {
        n += 1;
        sales += order_amount[row];
      }
      row -= 1;
    }
    while (row >= start && order_day[row] > until) row -= 1;
    let n0 = 0;
    while (row >= start && order_day[row] >= before) {
      if (keep[order_store[row]] === 1) {
        n0 += 1;
        sales0 += order_amount[row];
      }
      row -= 1;
    }
    let touch = touchEnd - 1;
    if (n > 0) {
      orders += n;
      users += 1;
      buyers += 1;
      if (n > 1) repeat += 1;
      const first = first_order[member];
      if (first >= from && first <= to) fresh += 1;
    } else {
      while (touch >= touchStart && touch_day[touch] > to) touch -= 1;
      while (touch >= touchStart && touch_day[touch] >= from) {
        if (keep[touch_store[touch]] === 1) {
          users += 1;
          break;
        }
        touch -= 1;
      }
    }
    if (n0 > 0) {
      orders0 += n0;
      users0 += 1;
      buyers0 += 1;
      if (n0 > 1) repeat0 += 1;
      const first = first_order[member];
      if (first >= before && first <= until) fresh0 += 1;
    } else {
      while (touch >= touchStart && touch_day[touch] > until) touch -= 1;
      while (touch >= touchStart && touch_day[touch] >= before) {
        if (keep[touch_store[touch]] === 1) {
          users0 += 1;
          break;
        }
        touch -= 1;
      }
    }
  }
  return {
    window: [users, buyers, repeat, fresh, orders, sales, ...anonymous(data, from, to, keep)],
    compare: [users0, buyers0, repeat0, fresh0, orders0, sales0, ...anonymous(data, before, until, keep)],
  };
}

function anonymous(data, from, to, keep) {
  const { anonymous_store, anonymous_amount } = data;
  let orders = 0, sales = 0;
  const end = firstAt(data.anonymous_day, to + 1);
  for (let row = firstAt(data.anonymous_day, from); row < end; row += 1) {
    if (keep[anonymous_store[row]] === 1) {
      orders += 1;
      sales += anonymous_amount[row];
    }
  }
  return [orders, sales];
}

/** The first row of a sorted column that is not before `day`. */
function firstAt(days, day) {
  let low = 0, high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (days[middle] < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Per store: sales, orders, buyers, repeat buyers, new buyers. A member's few orders of the window are compared in place. */
function stores(data, question, keep) {
  const { order_at, order_day, order_store, order_amount, first_order, anonymous_store, anonymous_amount } = data;
  const [from, to] = question.window;
  const table = new Float64Array(data.stores * 5);
  let end = order_at[0];
  for (let member = 0; member < data.members; member += 1) {
    const start = end;
    end = order_at[member + 1];
    let row = end - 1;
    while (row >= start && order_day[row] > to) row -= 1;
    if (row < start || order_day[row] < from) continue;
    const last = row;
    const first = first_order[member];
    const fresh = first >= from && first <= to ? 1 : 0;
    do {
      const store = order_store[row];
      if (keep[store] === 1) {
        const cell = store * 5;
        table[cell] += order_amount[row];
        table[cell + 1] += 1;
        let met = 0;
        for (let other = row + 1; other <= last; other += 1) if (order_store[other] === store) met += 1;
        if (met === 0) {
          table[cell + 2] += 1;
          table[cell + 4] += fresh;
        } else if (met === 1) table[cell + 3] += 1;
      }
      row -= 1;
    } while (row >= start && order_day[row] >= from);
  }
  const until = firstAt(data.anonymous_day, to + 1);
  for (let row = firstAt(data.anonymous_day, from); row < until; row += 1) {
    const store = anonymous_store[row];
    if (keep[store] === 1) {
      table[store * 5] += anonymous_amount[row];
      table[store * 5 + 1] += 1;
    }
  }
  return Array.from(table);
}

/** Cohorts by month of first order, and the ladder with its gaps, in one forward walk over all histories. */
function histories(data, question, keep, wantsCohorts, wantsLadder) {
  const { order_at, order_day, order_store, order_amount } = data;
  const months = question.months;
  const days = months.length;
  const active = new Int32Array(MONTHS * MONTHS);
  const sales = new Float64Array(MONTHS * MONTHS);
  const gaps = new Int32Array(RUNGS * days);
  const exactly = new Int32Array(RUNGS + 2);
  let end = order_at[0];
  for (let member = 0; member < data.members; member += 1) {
    let row = end;
    end = order_at[member + 1];
    let n = 0, before = 0, month = -1, base = 0;
    for (; row < end; row += 1) {
      if (keep[order_store[row]] === 0) continue;
      const day = order_day[row];
      if (wantsLadder && n > 0 && n <= RUNGS) gaps[(n - 1) * days + day - before] += 1;
      before = day;
      if (wantsCohorts) {
        const now = months[day];
        // Cohort c, k months later: cell 24c + k = 23c + month.
        if (n === 0) base = now < 0 ? -1 : now * (MONTHS - 1);
        if (base >= 0) {
          sales[base + now] += order_amount[row];
          if (now !== month) {
            month = now;
            active[base + now] += 1;
          }
        }
      }
      n += 1;
    }
    exactly[n > RUNGS ? RUNGS + 1 : n] += 1;
  }
  const ladder = [];
  let reached = exactly[RUNGS + 1];
  for (let n = RUNGS; n >= 1; n -= 1) {
    reached += exactly[n];
    ladder.unshift([reached, median(gaps, (n - 1) * days, days, reached - exactly[n]), exactly[n]]);
  }
  return { cohorts: { active: Array.from(active), sales: Array.from(sales) }, ladder };
}

/** Mean of the middle two of `count` gaps in a histogram; null of none. */
function median(gaps, base, days, count) {
  if (count === 0) return null;
  const low = (count - 1) >> 1, high = count >> 1;
  let seen = 0, first = -1;
  for (let gap = 0; gap < days; gap += 1) {
    seen += gaps[base + gap];
    if (first < 0 && seen > low) first = gap;
    if (seen > high) return (first + gap) / 2;
  }
  return null;
}
