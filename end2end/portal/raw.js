// @ts-check
// A framed page with its hands on the port: for saying what no view of ours would say.
const { port1: port, port2: theirs } = new MessageChannel();
/** @type {unknown[]} */
const heard = [];
port.onmessage = (/** @type {MessageEvent} */ { data }) => heard.push(data);
const given = new URLSearchParams(location.hash.slice(1));
parent.postMessage({ wellspring: 1, kind: "ready", frame: given.get("frame") }, given.get("portal") ?? "", [theirs]);
Object.assign(globalThis, { port, heard });
export {};
