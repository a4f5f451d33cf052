// Our own page: the published module, asked as any portal would ask it.
import { open } from "/wellspring.js";
import { contest } from "./contest.js";

const workers = Number(new URLSearchParams(location.search).get("workers"));
const asked = {
  growth: { growth: {} },
  cohorts: { cohorts: { grain: "month", anchor: "first_order", mode: "exact", periods: 24 } },
  stores: { stores: { by: "sales", measures: ["sales", "orders", "buyers", "repeat_buyers", "new_buyers"] } },
  ladder: { ladder: { rungs: 8 } },
};

contest(async () => {
  const wellspring = await open({ manifest: "/snapshot/manifest.json", workers });
  return async (question, asks, onProgress) => {
    const { window, compare, regions } = question.names;
    const filter = question.region === null ? {} : { filter: { regions: [regions[question.region]] } };
    const ask = asks.map((name) => asked[name]);
    return wellspring.ask({ window, compare, ...filter, ask }, { onProgress });
  };
}, plain);

/** Our answers as the plain numbers that all contestants give. */
function plain(answers, question) {
  const readers = { growth, cohorts, stores, ladder };
  const answer = {};
  for (const item of answers.answers) {
    const [[name, value]] = Object.entries(item);
    answer[name] = readers[name](value, question);
  }
  return answer;
}

const growth = ({ window, compare }) => ({ window: factors(window), compare: factors(compare) });
const factors = (f) =>
  [f.users, f.buyers, f.repeat_buyers, f.new_buyers, f.member_orders, f.member_sales, f.anonymous_orders, f.anonymous_sales].map(
    (figure) => figure.value,
  );

/** The last 24 cohorts, each from its own month on. */
function cohorts({ cohorts }) {
  const table = { active: new Array(24 * 24).fill(0), sales: new Array(24 * 24).fill(0) };
  const last = cohorts.slice(-24);
  last.forEach((cohort, i) => {
    const row = 24 - last.length + i;
    cohort.active.forEach((figure, k) => (table.active[row * 24 + k] = figure.value));
    cohort.sales.forEach((figure, k) => (table.sales[row * 24 + k] = figure.value));
  });
  return table;
}

function stores(rows, question) {
  const place = new Map(question.names.stores.map((id, index) => [id, index]));
  const table = new Array(question.stores * 5).fill(0);
  for (const row of rows) {
    ["sales", "orders", "buyers", "repeat_buyers", "new_buyers"].forEach((name, i) => {
      table[place.get(row.store) * 5 + i] = row[name].value;
    });
  }
  return table;
}

const ladder = (rungs) => rungs.map((rung) => [rung.members.value, rung.median_days_to_next.value, rung.exactly.value]);
