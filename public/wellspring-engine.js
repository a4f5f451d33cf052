// @ts-check
// Loads the engine's WebAssembly: the build with SIMD where the browser knows it, else the scalar one.

/**
 * @typedef {object} Counter What `crates/worker` exports; errors are thrown as strings, all else thrown is a trap.
 * @property {() => string} snapshot
 * @property {() => string} first_day
 * @property {() => string} data_until
 * @property {(index: number, bytes: Uint8Array, lengths: Uint32Array) => void} load
 * @property {(question: string) => void} ask
 * @property {() => number} count_next
 * @property {() => Uint8Array<ArrayBuffer>} take_partial
 * @property {(bytes: Uint8Array) => void} merge
 * @property {() => string} answer
 */

// A function that returns i8x16.popcnt(i8x16.splat(0)).
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

/**
 * Name of the build that this browser runs.
 * @param {boolean} simd whether the build with SIMD may be taken
 */
export const buildFor = (simd) => (simd && WebAssembly.validate(new Uint8Array(SIMD)) ? "simd" : "scalar");

/**
 * Loads the engine once; its files lie beside this one.
 * @param {boolean} simd whether the build with SIMD may be taken
 * @returns {Promise<new (manifest: Uint8Array) => Counter>}
 */
export async function loadEngine(simd) {
  const build = buildFor(simd);
  const wasm = fetch(new URL(`wellspring-${build}_bg.wasm`, import.meta.url));
  // The glue is awaited first; a fetch that fails meanwhile is heard below.
  wasm.catch(() => {});
  const glue = await import(`./wellspring-${build}.js`);
  const response = await wasm;
  if (!response.ok) throw new Error(`${response.url}: the server said ${response.status}`);
  await glue.default({ module_or_path: response });
  return glue.Counter;
}
