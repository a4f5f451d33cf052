// Fetches the columns once and answers every message.
import { ask, open } from "./typed-kernels.js";

const get = async (path) => {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
};
const [layout, buffer] = await Promise.all([
  get("/typed.json").then((response) => response.json()),
  get("/typed.bin").then((response) => response.arrayBuffer()),
]);
const data = open(buffer, layout);
onmessage = ({ data: { question, asks } }) => postMessage(ask(data, question, asks));
postMessage("open");
