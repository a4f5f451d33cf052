// @ts-check
// The example of /wellspring.js: opens the server's snapshot, asks one question with two asks, shows every answer.
import { open } from "../wellspring.js";

/** @typedef {import("../wellspring").Answers} Answers */
/** @typedef {import("../wellspring").Figure<number | null>} Figure */

/** @type {(id: string) => HTMLElement} */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });
const money = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

/** Minor units to the currency's own; this snapshot's has two decimal places. @type {(minor: number | null) => string} */
const sum = (minor) => (minor === null ? "–" : money.format(minor / 100));
/** @type {(value: number | null) => string} */
const plain = (value) => (value === null ? "–" : number.format(value));

/** @type {(body: string, rows: string[][]) => void} */
function fill(body, rows) {
  element(body).replaceChildren(
    ...rows.map((cells) => {
      const row = document.createElement("tr");
      row.append(...cells.map((text) => Object.assign(document.createElement("td"), { textContent: text })));
      return row;
    }),
  );
}

/** @param {Answers} answers */
function show({ coverage, answers }) {
  element("status").textContent = coverage.exact
    ? `exact: all ${coverage.shards} shards are read`
    : `estimate: ${coverage.read} of ${coverage.shards} shards are read`;
  for (const answer of answers) {
    if ("growth" in answer) {
      const { window: now, compare: before } = answer.growth;
      /** @type {(name: string, of: "users" | "conversion" | "frequency" | "aov" | "member_sales", text: typeof plain) => string[]} */
      const row = (name, of, text) => {
        /** @type {Figure} */
        const { value, low, high, too_few } = now[of];
        const interval = too_few ? "too few read" : low === high ? "exact" : `${text(low)} – ${text(high)}`;
        return [name, before ? text(before[of].value) : "–", text(value), interval];
      };
      fill("growth", [
        row("users", "users", plain),
        row("× conversion", "conversion", plain),
        row("× orders a buyer", "frequency", plain),
        row("× order value", "aov", sum),
        row("= member sales", "member_sales", sum),
      ]);
    }
    if ("stores" in answer) {
      const rows = answer.stores.map((store) => [
        String(store.rank),
        store.store,
        sum(store.sales?.value ?? null),
        plain(store.orders?.value ?? null),
      ]);
      fill("stores", rows);
    }
  }
}

/** The days from `back` before a day to `less` before it. @type {(day: string, back: number, less: number) => { from: string, to: string }} */
function days(day, back, less) {
  const at = (/** @type {number} */ before) =>
    new Date(Date.parse(day) - before * 86_400_000).toISOString().slice(0, 10);
  return { from: at(back), to: at(less) };
}

try {
  const opened = await open({
    manifest: "/snapshot/manifest.json",
    onLoad: ({ read, wanted }) => (element("shards").textContent = `${read} of ${wanted} shards in memory`),
  });
  element("snapshot").textContent = opened.snapshot;
  const until = opened.dataUntil;
  const begun = performance.now();
  const answers = await opened.ask(
    {
      window: days(until, 89, 0),
      compare: days(until, 179, 90),
      ask: [{ growth: {} }, { stores: { by: "sales", limit: 10, measures: ["orders"] } }],
    },
    { onProgress: show },
  );
  element("status").textContent += `, after ${Math.round(performance.now() - begun)} ms`;
  console.log(answers);
  const close = /** @type {HTMLButtonElement} */ (element("close"));
  close.disabled = false;
  close.onclick = () => {
    opened.close();
    close.disabled = true;
    element("shards").textContent = "closed";
  };
} catch (error) {
  element("status").textContent = String(error);
}
