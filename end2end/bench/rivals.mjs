// The browser benchmark: ours against DuckDB-WASM and hand-written JavaScript, in one run in one Chromium.
//
//     node bench/rivals.mjs DATA_DIR OUT.json SITE_DIR SNAPSHOT_DIR [repetitions]
//
// DATA_DIR is what rivals/prepare.py wrote from the facts of the snapshot, SITE_DIR our built site. Answers are compared
// before anything is measured. What a first visit costs is measured in a Chromium that nobody watches.

import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { alone, bandwidth, fetched, launch, visit } from "./rivals/browser.mjs";
import { ALL, mustEqual, question as makeQuestion } from "./rivals/question.mjs";
import { serve } from "./rivals/server.mjs";

const [data, out, site, snapshot, repetitions = "9"] = process.argv.slice(2);
const facts = JSON.parse(readFileSync(`${data}/facts.json`, "utf8"));
const question = makeQuestion(facts);
const rivals = await serve(data, { site, snapshot });
const browser = await launch();
const version = browser.version();

const contestants = [
  ...[1, 2].map((n) => ({ name: `ours_${n}`, url: `${rivals.url}/ours.html?workers=${n}` })),
  { name: "typed_arrays", url: `${rivals.url}/typed.html?` },
  { name: "duckdb_wasm", url: `${rivals.url}/duckdb.html?` },
];
const QUESTIONS = [
  ...ALL.map((name) => ({ name, asks: [name], region: null })),
  { name: "all_four", asks: ALL, region: null },
  { name: "all_four_one_region", asks: ALL, region: 0 },
];

const fragment = encodeURIComponent(JSON.stringify(question));
const ask = (page, { asks, region }) =>
  page.evaluate(([question, asks]) => globalThis.bench.ask(question, asks), [{ ...question, region }, asks]);
const say = (text) => process.stderr.write(`${text}\n`);

/** What `values` are like: the middle, the 95th of a hundred, and how many there are. */
function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
  return { median: at(0.5), p95: at(0.95), runs: sorted.length };
}

/** A first visit: times to the answers, and the renderer's highest memory. */
const cold = (contestant) => alone(`${contestant.url}&report#${fragment}`, rivals.report());

try {
  // As long as a contestant's page lives: an idle page, too, is larger after some seconds.
  const idle = new Promise((resolve) => setTimeout(resolve, 5_000, {}));
  const { memory: blankMemory } = await alone(`${rivals.url}/blank.html`, idle);
  const blank = await visit(browser, `${rivals.url}/blank.html`);
  const bytesPerSecond = await bandwidth(blank.page);
  await blank.context.close();

  say("the same answers");
  for (const contestant of contestants) {
    Object.assign(contestant, await visit(browser, `${contestant.url}#${fragment}`));
    await contestant.page.evaluate(() => globalThis.bench.cold);
    contestant.wire = await fetched(contestant.page);
    contestant.page.on("pageerror", (error) => say(`${contestant.name}: ${error.message}`));
  }
  for (const region of [null, ...facts.regions.keys()]) {
    const answers = [];
    for (const { page } of contestants) answers.push((await ask(page, { asks: ALL, region })).answer);
    answers.forEach((answer, i) => mustEqual(answers[0], answer, contestants[i].name));
    if (answers[0].growth.window[0] === 0) throw new Error(`region ${region} has no users: nothing was compared`);
  }

  say("warm");
  const times = {};
  for (let run = 0; run < Number(repetitions); run += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      // Each goes first as often as the others.
      const { name, page } = contestants[(run + turn) % contestants.length];
      for (const asked of QUESTIONS) {
        ((times[name] ??= {})[asked.name] ??= []).push((await ask(page, asked)).millis);
      }
    }
  }
  await browser.close();

  say("cold");
  const colds = {};
  for (let run = 0; run < 5; run += 1) {
    for (const contestant of contestants) (colds[contestant.name] ??= []).push(await cold(contestant));
  }

  const result = {
    date: new Date().toISOString(),
    machine: { cpu: cpus()[0].model, cores: cpus().length, memory: totalmem(), chromium: version },
    facts: { members: facts.members, stores: facts.stores.length, channels: facts.channels, ...facts.rows },
    bytes_per_second: bytesPerSecond,
    blank_memory: blankMemory,
    contestants: contestants.map(({ name, wire }) => ({
      name,
      warm: Object.fromEntries(Object.entries(times[name]).map(([asked, values]) => [asked, summary(values)])),
      first: summary(colds[name].map((run) => run.first)),
      exact: summary(colds[name].map((run) => run.exact)),
      wire,
      memory: Math.max(...colds[name].map((run) => run.memory ?? 0)) || null,
    })),
    raw: { times, colds },
  };
  writeFileSync(out, `${JSON.stringify(result, null, 1)}\n`);
  const { raw, ...shown } = result;
  console.log(JSON.stringify(shown));
} finally {
  await browser.close();
  rivals.close();
}
