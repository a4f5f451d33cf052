// @ts-check
// Fetching with the reader's token. What the server refuses is final; what the network drops is tried again.

/** What trying again would not change; the message names the address and what was said. */
class Refusal extends Error {}

/** @type {(error: unknown) => error is Refusal} */
export const isRefusal = (error) => error instanceof Refusal;

const TRIES = 3;

/**
 * Memory that one body after the other is read into. Buffers of their own would stay until the collector comes, and
 * those of all shards together are as large as the snapshot once more.
 */
export class Room {
  /** @param {number} size bytes that are expected at the most; more make it larger */
  constructor(size) {
    this.size = size + 1;
    this.buffer = new ArrayBuffer(this.size);
  }

  /** @param {Response} response @returns {Promise<Uint8Array<ArrayBuffer>>} valid until the next one is read */
  async read(response) {
    const reader = response.body && byteReader(response.body);
    if (!reader) return new Uint8Array(await response.arrayBuffer());
    // Lost to a reader that failed.
    if (this.buffer.byteLength === 0) this.buffer = new ArrayBuffer(this.size);
    let length = 0;
    for (;;) {
      if (length === this.buffer.byteLength) {
        const larger = new Uint8Array(2 * length);
        larger.set(new Uint8Array(this.buffer));
        this.buffer = larger.buffer;
      }
      const { done, value } = await reader.read(new Uint8Array(this.buffer, length));
      if (value) {
        this.buffer = value.buffer;
        length += value.byteLength;
      }
      if (done) return new Uint8Array(this.buffer, 0, length);
    }
  }
}

/** A reader that fills memory of ours; none where the browser's bodies have none. @param {ReadableStream} body */
function byteReader(body) {
  try {
    return body.getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}

/**
 * The body behind an address.
 * @param {string} url
 * @param {string} [token] sent as `Authorization: Bearer`
 * @param {RequestCache} [cache]
 * @param {Room} [room] where to read it into; else memory of its own
 * @param {(headers: Headers) => void} [hear] hears what came with it
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function fetchBytes(url, token, cache = "default", room, hear) {
  const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
  let said = "";
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 200 << attempt));
    try {
      const response = await fetch(url, { headers, cache });
      if (response.ok) hear?.(response.headers);
      if (response.ok) return room ? await room.read(response) : new Uint8Array(await response.arrayBuffer());
      said = `the server said ${response.status}`;
      if (response.status < 500 && response.status !== 429) break;
    } catch (error) {
      said = `the network failed (${error})`;
    }
  }
  throw new Refusal(`${url}: ${said}; open the snapshot again`);
}
