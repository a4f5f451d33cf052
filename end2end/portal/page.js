// @ts-check
// The portal's own script: tells views what its buttons say, and shows what views tell.
const embed = "{{VIEWS}}/embed.js";
const { mount } = await import(embed);

/** @type {{ kind: string, detail: any }[]} */
const said = [];
for (const kind of ["ready", "filter", "drill", "error"]) {
  document.addEventListener(`wellspring:${kind}`, (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    said.push({ kind, detail });
    const shown = document.querySelector("output");
    if (shown) shown.textContent = `${kind} ${JSON.stringify(detail)}`;
  });
}
for (const button of document.querySelectorAll("button")) {
  const { filter, theme, lang } = button.dataset;
  button.addEventListener("click", () => {
    const view = document.querySelector("wellspring-view");
    if (filter) view?.setFilter(filter);
    if (theme) view?.setTheme(/** @type {import("../../public/embed").Scheme} */ (theme));
    if (lang) view?.setLang(/** @type {import("../../public/embed").Lang} */ (lang));
  });
}
Object.assign(globalThis, { mount, said });
export {};
