// @ts-check
// One worker of the pool: fetches its share of the shards and counts questions on them in short slices, so that a
// new question is heard within a frame. Worker 0, the lead, also merges what the others counted and answers.
import { Room, fetchBytes, isRefusal } from "./wellspring-fetch.js";
import { loadEngine } from "./wellspring-engine.js";

/** @typedef {import("./wellspring-protocol").ToWorker} ToWorker */
/** @typedef {import("./wellspring-protocol").FromWorker} FromWorker */

/** Longest work between two looks at the messages, ms. */
const SLICE = 8;
/** Shards that the first answer needs; an interval over fewer says little. */
const FIRST = 4;
/** Bytes set aside for a file before it comes. */
const MOST_ROOM = 8 << 20;
/** With every shard in memory the exact answer is near: the reader is spared estimates for so long, ms. */
const PATIENCE = 150;
/** Between two answers of the lead, and two partials of another worker, ms. */
const ANSWER_GAP = 120;
const PARTIAL_GAP = 60;

/**
 * @typedef {object} Run A question being counted.
 * @property {number} id
 * @property {string} question
 * @property {boolean} near
 * @property {number} begun
 * @property {boolean} asked whether the engine has it
 * @property {number} counted shards counted here
 * @property {number} merged shards that others counted
 * @property {NonNullable<ToWorker["merge"]>[]} early what others counted before the engine was ready here
 * @property {number} said shards in what was posted last
 * @property {number} saidAt when that was; 0 before the first
 * @property {boolean} over whether nothing more will come of it here
 */

const engine = loadEngine(self.name !== "scalar");
/** @type {import("./wellspring-engine.js").Counter | undefined} */
let counter;
/** @type {NonNullable<ToWorker["open"]>} */
let share;
/** @type {number[]} */
let mine = [];
let wanted = 0;
let next = 0;
let loaded = 0;
/** @type {Run | undefined} */
let run;

// --- talking -----------------------------------------------------------------------------------------------------

/** @type {(message: FromWorker, moved?: Transferable[]) => void} */
const post = (message, moved = []) => /** @type {any} */ (self).postMessage(message, moved);

const working = () => !counter || loaded < mine.length || (run !== undefined && !run.over);
let beating = false;

/** Says once a second that the worker lives, as long as it works. */
function beat() {
  if (beating) return;
  beating = true;
  setTimeout(() => {
    beating = false;
    if (!working()) return;
    post({ alive: true });
    beat();
  }, 1000);
}

/**
 * Tells the pool what went wrong: the engine's own sentences and what the network refused are final, all else is a trap.
 * @param {unknown} error
 */
function fail(error) {
  if (typeof error === "string") post({ failed: { message: error } });
  else if (isRefusal(error)) post({ failed: { message: error.message } });
  else post({ broken: String(error) });
}

/** @param {MessageEvent<ToWorker>} event */
self.onmessage = ({ data }) => {
  try {
    if (data.open) open(data.open).catch(fail);
    if (data.ask) ask(data.ask);
    if (data.merge) merge(data.merge);
    if (data.stop === run?.id) run = undefined;
  } catch (error) {
    fail(error);
  }
};

// --- loading -----------------------------------------------------------------------------------------------------

/** @typedef {{ hash: string, bytes: number, wire_bytes: number }} File a shard's base, or a tail that changes it */

/**
 * The files of the shards that a manifest lists, each one's base first. A manifest that cannot be read lists none: the
 * engine says what is wrong with it.
 * @param {ArrayBuffer} manifest
 * @returns {File[][]}
 */
function shardsOf(manifest) {
  try {
    const { shards = [] } = JSON.parse(new TextDecoder().decode(manifest));
    return shards.map((/** @type {File & { tails?: File[] }} */ shard) => [shard, ...(shard.tails ?? [])]);
  } catch {
    return [];
  }
}

/** @param {File[]} files @param {"bytes" | "wire_bytes"} what */
const sum = (files, what) => files.reduce((sum, file) => sum + (file[what] || 0), 0);

/** @param {NonNullable<ToWorker["open"]>} message */
async function open(message) {
  share = message;
  beat();
  const shards = shardsOf(share.manifest);
  let bytes = 0;
  while (wanted < shards.length && (wanted === 0 || bytes + sum(shards[wanted], "wire_bytes") <= share.budgetBytes)) {
    bytes += sum(shards[wanted], "wire_bytes");
    wanted += 1;
  }
  mine = Array.from({ length: wanted }, (_, index) => index).filter((index) => index % share.of === share.index);
  const opening = openEngine();
  // Shards are on their way while the engine is compiled. Browsers open about six connections to a server; the
  // workers share them.
  const lanes = Math.max(2, Math.floor(6 / share.of));
  for (let lane = 0; lane < lanes; lane += 1) fetchShards(shards, opening).catch(fail);
  counter = await opening;
  const [snapshot, firstDay, dataUntil] = [counter.snapshot(), counter.first_day(), counter.data_until()];
  post({ opened: { snapshot, firstDay, dataUntil, shards: shards.length, wanted } });
  begin();
}

async function openEngine() {
  const Counter = await engine.catch((error) => Promise.reject(`the engine cannot be loaded: ${error}`));
  return new Counter(new Uint8Array(share.manifest));
}

/**
 * Takes one shard after the other until none is left.
 * @param {File[][]} shards
 * @param {Promise<import("./wellspring-engine.js").Counter>} opening
 */
async function fetchShards(shards, opening) {
  // A manifest may say anything; a file that is larger than expected still fits.
  const room = new Room(Math.min(MOST_ROOM, Math.max(0, ...mine.map((index) => sum(shards[index], "bytes")))));
  while (next < mine.length) {
    const index = mine[next];
    next += 1;
    const { bytes, lengths } = await fetchShard(shards[index], "default", room);
    const counter = await opening;
    try {
      counter.load(index, bytes, lengths);
    } catch (error) {
      // A file that was damaged in a cache on the way is whole at its source.
      if (typeof error !== "string") throw error;
      const { bytes, lengths } = await fetchShard(shards[index], "reload", room);
      counter.load(index, bytes, lengths);
    }
    loaded += 1;
    post({ loaded });
    schedule();
  }
}

/**
 * A shard's files one behind the other. Tails are on their way while the base is read.
 * @param {File[]} files
 * @param {RequestCache} cache
 * @param {Room} room
 */
async function fetchShard([base, ...tails], cache, room) {
  const url = (/** @type {File} */ { hash }) => `${share.folder}${encodeURIComponent(hash)}.arrow`;
  const coming = tails.map((tail) => fetchBytes(url(tail), share.token, cache));
  // Heard below, once the base is there.
  for (const tail of coming) tail.catch(() => {});
  let bytes = await fetchBytes(url(base), share.token, cache, room);
  const lengths = [bytes.byteLength];
  for (const tail of await Promise.all(coming)) {
    bytes = room.append(bytes, tail);
    lengths.push(tail.byteLength);
  }
  return { bytes, lengths: new Uint32Array(lengths) };
}

// --- counting ----------------------------------------------------------------------------------------------------

/** @param {NonNullable<ToWorker["ask"]>} message */
function ask(message) {
  const begun = performance.now();
  run = { ...message, begun, asked: false, counted: 0, merged: 0, early: [], said: 0, saidAt: 0, over: false };
  beat();
  begin();
}

/** Hands the question to the engine, as soon as both are there. */
function begin() {
  if (!counter || !run || run.asked) return;
  try {
    counter.ask(run.question);
  } catch (error) {
    if (typeof error !== "string") throw error;
    post({ failed: { id: run.id, message: error } });
    run = undefined;
    return;
  }
  run.asked = true;
  run.early.forEach(merge);
  if (share.index > 0 && mine.length === 0) run.over = true;
  schedule();
}

// A task of its own for every slice: messages that wait come first, and unlike timers it is never delayed.
const channel = new MessageChannel();
let scheduled = false;
channel.port1.onmessage = () => {
  scheduled = false;
  try {
    slice();
  } catch (error) {
    fail(error);
  }
};

function schedule() {
  if (scheduled || !run?.asked || run.over) return;
  scheduled = true;
  channel.port2.postMessage(null);
}

function slice() {
  if (!counter || !run?.asked) return;
  const until = performance.now() + SLICE;
  while (run.counted < loaded && performance.now() < until) {
    counter.count_next();
    run.counted += 1;
  }
  say();
  if (run.counted < loaded) schedule();
}

/** @param {NonNullable<ToWorker["merge"]>} message */
function merge(message) {
  if (run?.id !== message.id) return;
  if (!counter || !run.asked) return void run.early.push(message);
  counter.merge(message.bytes);
  run.merged += message.counted;
  schedule();
}

// --- answering ---------------------------------------------------------------------------------------------------

let waiting = false;

/** Posts what is known, at a pace that a reader can follow; what is last goes at once. */
function say() {
  if (!counter || !run || run.over) return;
  const lead = share.index === 0;
  const have = run.counted + run.merged;
  const last = have === (lead ? wanted : mine.length);
  if (!last) {
    const enough = lead ? Math.min(FIRST, wanted) : 1;
    if (have < enough || have === run.said) return;
    const gap = lead ? ANSWER_GAP : PARTIAL_GAP;
    const wait = Math.max(run.near ? run.begun + PATIENCE : 0, run.saidAt + gap) - performance.now();
    if (run.saidAt === 0 ? run.near && wait > 0 : wait > 0) return sayLater(wait);
  }
  const id = run.id;
  if (lead) {
    post({ answer: { id, text: counter.answer(), read: have, last } });
  } else {
    const bytes = counter.take_partial();
    post({ partial: { id, bytes, counted: have - run.said, done: last } }, [bytes.buffer]);
  }
  run.said = have;
  run.saidAt = performance.now();
  run.over = last;
}

/** @param {number} wait ms */
function sayLater(wait) {
  if (waiting) return;
  waiting = true;
  setTimeout(() => {
    waiting = false;
    schedule();
  }, wait);
}
