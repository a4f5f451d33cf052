// @ts-check
// The framed page of the stand-in: gets a token, asks with it once, and keeps what the portal wants of it.
import { connect } from "../../public/embed-frame.js";

/** @type {[string, string?][]} */
const wanted = [];
const frame = connect({
  filter: (query) => wanted.push(["filter", query]),
  lang: (lang) => wanted.push(["lang", lang]),
  refresh: () => {
    wanted.push(["refresh"]);
    ask();
  },
  close: () => wanted.push(["close"]),
});

/** Asks with the token there is, and once more with another where it has ended. @returns {Promise<string>} */
async function ask() {
  const status = /** @type {HTMLElement} */ (document.getElementById("status"));
  try {
    const first = await frame.token();
    let said = await answer(first);
    if (said === "expired") said = await answer(await frame.renew(first));
    status.textContent = said;
    if (said === "answered") frame.shown(location.pathname.slice("/embed/".length));
    else frame.fail(said, "the server refused the token");
  } catch (error) {
    status.textContent = /** @type {import("../../public/embed-frame").TokenError} */ (error).code ?? String(error);
  }
  return status.textContent;
}

/** @type {(token: string) => Promise<string>} */
async function answer(token) {
  const response = await fetch("/api/ask", { headers: { authorization: `Bearer ${token}` }, credentials: "omit" });
  return response.ok ? "answered" : (await response.json()).code;
}

Object.assign(globalThis, { frame, wanted, ask });
await ask();
