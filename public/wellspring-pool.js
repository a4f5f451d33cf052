// @ts-check
// The pool: one worker for each spare core, each with its share of the shards. It carries questions to them, partials
// to the lead, answers out; and it replaces a worker that trapped, failed or fell silent.

/** @typedef {import("./wellspring-protocol").ToWorker} ToWorker */
/** @typedef {import("./wellspring-protocol").FromWorker} FromWorker */
/** @typedef {import("./wellspring-protocol").Opened} Opened */

/**
 * @typedef {object} Setup
 * @property {Promise<ArrayBuffer>} manifest
 * @property {string} folder absolute URL of the shards
 * @property {number} workers
 * @property {number} budgetBytes
 * @property {boolean} simd
 * @property {string} [token]
 * @property {(progress: { read: number, wanted: number, shards: number }) => void} [onLoad]
 * @property {(error: Error) => void} [onFail]
 */

/**
 * @typedef {object} Slot A worker's place; the worker in it may change.
 * @property {Worker} worker
 * @property {number} index
 * @property {number} replaced how often
 * @property {boolean} opened
 * @property {number} loaded shards it holds
 * @property {boolean} done whether it has counted all it can of the question
 * @property {boolean} heard whether it ever spoke
 * @property {number} quiet seconds since it last spoke, while it has work
 */

/**
 * @typedef {object} Run The question under way.
 * @property {number} id
 * @property {string} question
 * @property {number} read shards in the last answer given out
 * @property {(text: string, last: boolean) => void} onText
 * @property {(error: unknown) => void} reject
 */

/** Seconds that a worker with work may be silent; before its first word its script is still on the way. */
const SILENCE = 4;
const ARRIVAL = 20;
/** Replacements of one worker before the pool gives up. */
const REPLACEMENTS = 3;

const aborted = (/** @type {string} */ why) => new DOMException(why, "AbortError");

export class Pool {
  /** @type {Slot[]} */ #slots = [];
  /** @type {Run | undefined} */ #run;
  /** @type {Opened | undefined} */ #opened;
  /** @type {unknown} why there are no answers any more */ #over;
  /** @type {ReturnType<typeof setInterval> | undefined} */ #watch;
  #id = 0;
  /** @type {Setup} */ #setup;
  /** @type {(opened: Opened) => void} */ #onOpened = () => {};
  /** @type {(error: unknown) => void} */ #onOver = () => {};

  /** Resolves when the manifest is read. @type {Promise<Opened>} */
  opened;

  /** @param {Setup} setup */
  constructor(setup) {
    this.#setup = setup;
    this.opened = new Promise((resolve, reject) => {
      this.#onOpened = resolve;
      this.#onOver = reject;
    });
    for (let index = 0; index < setup.workers; index += 1) this.#slots.push(this.#start(index, 0));
    setup.manifest.catch((error) => this.#fail(error));
    this.#keepWatch();
  }

  /**
   * Asks in place of the question before; `onText` hears every better answer, `last` with the best there will be.
   * @param {string} question JSON text
   * @param {(text: string, last: boolean) => void} onText
   * @param {(error: unknown) => void} reject
   * @returns {() => void} stops asking
   */
  ask(question, onText, reject) {
    if (this.#over !== undefined) {
      reject(this.#over);
      return () => {};
    }
    this.#run?.reject(aborted("a newer question took its place"));
    const run = { id: 0, question, read: 0, onText, reject };
    this.#run = run;
    this.#askAll(run);
    return () => {
      if (this.#run !== run) return;
      this.#run = undefined;
      for (const slot of this.#slots) this.#tell(slot, { stop: run.id });
    };
  }

  /**
   * Ends the workers and frees their memory; what is under way is rejected.
   * @param {unknown} why
   */
  end(why) {
    if (this.#over !== undefined) return;
    this.#over = why;
    for (const slot of this.#slots) slot.worker.terminate();
    clearInterval(this.#watch);
    this.#onOver(why);
    this.#run?.reject(why);
    this.#run = undefined;
  }

  /**
   * Gives up, and says so if the opening has gone well and nobody would hear of it otherwise.
   * @param {Error} error
   */
  #fail(error) {
    this.end(error);
    if (this.#opened) this.#setup.onFail?.(error);
  }

  /** @param {Run} run */
  #askAll(run) {
    this.#id += 1;
    run.id = this.#id;
    const near = this.#slots.every((slot) => slot.opened && slot.loaded >= this.#share(slot));
    for (const slot of this.#slots) {
      slot.done = false;
      this.#tell(slot, { ask: { id: run.id, question: run.question, near } });
    }
    this.#keepWatch();
  }

  /**
   * @param {Slot} slot
   * @param {ToWorker} message
   * @param {Transferable[]} [moved]
   */
  #tell(slot, message, moved = []) {
    const worker = slot.worker;
    // Nothing overtakes the opening, which waits for the manifest.
    this.#setup.manifest.then(() => worker.postMessage(message, moved), () => {});
  }

  // --- workers -----------------------------------------------------------------------------------------------------

  /** @type {(index: number, replaced: number) => Slot} */
  #start(index, replaced) {
    const { folder, workers, budgetBytes, simd, token } = this.#setup;
    const url = new URL("./wellspring-worker.js", import.meta.url);
    const worker = new Worker(url, { type: "module", name: simd ? "simd" : "scalar" });
    const slot = { worker, index, replaced, opened: false, loaded: 0, done: false, heard: false, quiet: 0 };
    worker.onmessage = (/** @type {MessageEvent<FromWorker>} */ { data }) => {
      // A replaced worker's last words may still be on the way.
      if (this.#slots[index] === slot) this.#hear(slot, data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#replace(slot, event.message || "its script cannot be loaded");
    };
    worker.onmessageerror = () => this.#replace(slot, "its message cannot be read");
    this.#setup.manifest.then(
      (manifest) => worker.postMessage({ open: { manifest, folder, index, of: workers, budgetBytes, token } }),
      () => {},
    );
    return slot;
  }

  /**
   * Puts a new worker in a slot and asks everyone anew: what the old one had handed over must not count twice.
   * @param {Slot} slot
   * @param {string} why
   */
  #replace(slot, why) {
    if (this.#over !== undefined || this.#slots[slot.index] !== slot) return;
    slot.worker.terminate();
    if (slot.replaced >= REPLACEMENTS) {
      return this.#fail(new Error(`worker ${slot.index} failed ${REPLACEMENTS + 1} times: ${why}`));
    }
    this.#slots[slot.index] = this.#start(slot.index, slot.replaced + 1);
    if (this.#run) this.#askAll(this.#run);
    this.#keepWatch();
  }

  /** How many shards are a slot's. @type {(slot: Slot) => number} */
  #share(slot) {
    const wanted = this.#opened?.wanted ?? 0;
    return Math.max(0, Math.ceil((wanted - slot.index) / this.#slots.length));
  }

  /** Looks once a second after those who have work, as long as anyone has. */
  #keepWatch() {
    if (this.#watch !== undefined || this.#over !== undefined) return;
    const look = () => {
      const busy = this.#slots.filter(
        (slot) => !slot.opened || slot.loaded < this.#share(slot) || (this.#run !== undefined && !slot.done),
      );
      if (busy.length === 0) {
        clearInterval(this.#watch);
        this.#watch = undefined;
      }
      for (const slot of busy) {
        // Looks are counted, not time: a page that slept finds its workers alive.
        slot.quiet += 1;
        if (slot.quiet > (slot.heard ? SILENCE : ARRIVAL)) this.#replace(slot, `silent for ${slot.quiet - 1} s`);
      }
    };
    this.#watch = setInterval(look, 1000);
  }

  // --- messages ----------------------------------------------------------------------------------------------------

  /**
   * @param {Slot} slot
   * @param {FromWorker} message
   */
  #hear(slot, message) {
    slot.heard = true;
    slot.quiet = 0;
    if (message.opened) {
      slot.opened = true;
      this.#opened ??= message.opened;
      this.#onOpened(this.#opened);
    }
    if (message.loaded) {
      slot.loaded = message.loaded;
      this.#tellLoad();
    }
    if (message.partial && message.partial.id === this.#run?.id) {
      const { id, bytes, counted, done } = message.partial;
      slot.done ||= done;
      this.#tell(this.#slots[0], { merge: { id, bytes, counted } }, [bytes.buffer]);
    }
    if (message.answer) this.#answered(message.answer);
    if (message.failed) this.#failed(message.failed);
    if (message.broken) this.#replace(slot, message.broken);
  }

  #tellLoad() {
    if (!this.#opened) return;
    const read = this.#slots.reduce((sum, slot) => sum + slot.loaded, 0);
    this.#setup.onLoad?.({ read, wanted: this.#opened.wanted, shards: this.#opened.shards });
  }

  /** @param {NonNullable<FromWorker["answer"]>} answer */
  #answered({ id, text, read, last }) {
    const run = this.#run;
    if (!run || run.id !== id) return;
    if (last) this.#run = undefined;
    // After a replacement counting begins anew; the reader has seen better by then.
    if (!last && read <= run.read) return;
    run.read = read;
    run.onText(text, last);
  }

  /** @param {NonNullable<FromWorker["failed"]>} failed */
  #failed({ id, message }) {
    if (id === undefined) return this.#fail(new Error(message));
    if (this.#run?.id !== id) return;
    const run = this.#run;
    this.#run = undefined;
    run.reject(new Error(message));
  }
}
