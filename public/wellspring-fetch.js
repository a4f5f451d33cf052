// @ts-check
// Fetching with the reader's token. What the server refuses is final; what the network drops is tried again.

/** What trying again would not change; the message names the address and what was said. */
class Refusal extends Error {}

/** @type {(error: unknown) => error is Refusal} */
export const isRefusal = (error) => error instanceof Refusal;

const TRIES = 3;

/**
 * The body behind an address.
 * @param {string} url
 * @param {string} [token] sent as `Authorization: Bearer`
 * @param {RequestCache} [cache]
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function fetchBytes(url, token, cache = "default") {
  const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
  let said = "";
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 200 << attempt));
    try {
      const response = await fetch(url, { headers, cache });
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
      said = `the server said ${response.status}`;
      if (response.status < 500 && response.status !== 429) break;
    } catch (error) {
      said = `the network failed (${error})`;
    }
  }
  throw new Refusal(`${url}: ${said}; open the snapshot again`);
}
