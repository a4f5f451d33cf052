// @ts-check
// Says it is a view, to everyone above it and beside it, and keeps whatever anyone answers.

/** @type {unknown[]} */
const heard = [];
addEventListener("message", ({ data }) => heard.push(data));

/** @type {(target: Window, frame?: string) => void} */
function pose(target, frame = "") {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => heard.push(data);
  target.postMessage({ wellspring: 1, kind: "ready", frame }, "*", [port2]);
}

/** All that is not a greeting: messages of every kind, windows have no business sending them. @param {Window} target */
function flood(target) {
  const kinds = ["token", "renew", "filter", "drill", "error", "height", "shown", "sized", "theme", "close"];
  for (let i = 0; i < 5_000; i += 1) {
    const kind = kinds[i % kinds.length];
    const rest = { token: "a.b.c", left: 1e9, query: "x=1", view: "growth", height: i };
    target.postMessage({ wellspring: 1, kind, ...rest }, "*");
  }
}

Object.assign(globalThis, { heard, pose, flood });
pose(parent);
export {};
