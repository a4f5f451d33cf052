// Starts the worker's WebAssembly. Messages that arrive before it is ready wait for it.
const early = [];
self.onmessage = (event) => early.push(event.data);
importScripts("/worker.js");
wasm_bindgen({ module_or_path: "/worker_bg.wasm" }).then(
  () => early.forEach((data) => self.onmessage(new MessageEvent("message", { data }))),
  (error) => self.postMessage(JSON.stringify({ failed: { id: null, message: String(error) } })),
);
