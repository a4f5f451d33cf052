// @ts-check
// Saves what is on screen as a file: text that the page made, or a chart as SVG or PNG. Loaded when first needed.

const SVG = "http://www.w3.org/2000/svg";
/** Elements that a picture may hold; anything else (scripts, links, foreign content) is left out. */
const ELEMENTS = new Set(["svg", "g", "rect", "path", "line", "polyline", "polygon", "circle", "ellipse", "text", "tspan", "title", "desc"]);
/** Attributes that say where a shape is. */
const PLACES = ["x", "y", "dx", "dy", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height", "d", "points", "transform", "viewBox"];
/** What style sheets say about a shape, as attributes of the same name. */
const LOOKS = ["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "paint-order", "font-size", "font-weight", "font-family", "text-anchor", "dominant-baseline"];
/** Room for the title above a chart and for its days below it, in units of its view box. */
const HEAD = 40, FOOT = 26, SIDE = 16;
/** Pixels of a PNG for one unit, and the most in either direction. */
const SCALE = 2, MOST = 8192;

/**
 * Saves a file.
 * @param {string} name
 * @param {string} type its media type
 * @param {string | Blob} content
 */
export function save(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has taken the bytes by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * Saves the chart of a panel as it looks now, with its title and its days.
 * @param {string} id of the panel
 * @param {string} format `svg` or `png`
 * @param {string} name of the file, without its ending
 */
export async function picture(id, format, name) {
  const panel = document.getElementById(id);
  const drawing = [...panel?.querySelectorAll("svg.chart, .drawing svg") ?? []].find((svg) => svg.getClientRects().length > 0);
  if (!panel || !(drawing instanceof SVGSVGElement)) throw new Error(`no chart in ${id}`);
  const svg = standalone(drawing, panel);
  const text = new XMLSerializer().serializeToString(svg);
  if (format === "svg") return save(`${name}.svg`, "image/svg+xml", `<?xml version="1.0" encoding="UTF-8"?>\n${text}`);
  save(`${name}.png`, "image/png", await raster(text, Number(svg.getAttribute("width")), Number(svg.getAttribute("height"))));
}

/**
 * A drawing that needs no style sheet, no font of ours and no script.
 * @param {SVGSVGElement} drawing
 * @param {HTMLElement} panel
 */
function standalone(drawing, panel) {
  const { width, height } = drawing.viewBox.baseVal;
  const [full, tall] = [width + 2 * SIDE, height + HEAD + FOOT];
  const out = make("svg", { width: full, height: tall, viewBox: `0 0 ${full} ${tall}` });
  const style = getComputedStyle(panel);
  out.append(make("rect", { width: full, height: tall, fill: ground(panel) }));
  const title = panel.querySelector("h2")?.textContent ?? "";
  const days = [...document.querySelectorAll(".terms > div")].slice(0, 2)
    .map((term) => [...term.children].map((part) => part.textContent).join(" ")).join(" · ");
  const font = { "font-family": style.fontFamily, fill: plain(style.color) };
  out.append(words(title, { x: SIDE, y: 26, "font-size": 15, "font-weight": 650, ...font }));
  out.append(words(days, { x: SIDE, y: tall - 9, "font-size": 11, "fill-opacity": 0.7, ...font }));
  const inner = make("g", { transform: `translate(${SIDE} ${HEAD})` });
  for (const child of drawing.children) copy(child, inner);
  out.append(inner);
  return out;
}

/** The colour behind an element: its own, or of the nearest around it that has one. @param {Element} element */
function ground(element) {
  for (let at = /** @type {Element | null} */ (element); at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (!/^(transparent|rgba\(0, 0, 0, 0\))$/.test(colour)) return plain(colour);
  }
  return "white";
}

/**
 * Copies what is seen of a shape into `into`; a link becomes a group.
 * @param {Element} from
 * @param {Element} into
 */
function copy(from, into) {
  const style = getComputedStyle(from);
  const kind = from.localName === "a" ? "g" : from.localName;
  if (!ELEMENTS.has(kind) || style.display === "none" || style.visibility === "hidden") return;
  const to = make(kind, {});
  for (const name of PLACES) {
    const value = from.getAttribute(name);
    if (value !== null) to.setAttribute(name, value);
  }
  if (kind !== "g" && kind !== "title" && kind !== "desc") {
    for (const name of LOOKS) {
      const value = style.getPropertyValue(name);
      if (value && value !== "normal" && value !== "auto") to.setAttribute(name, name === "fill" || name === "stroke" ? plain(value) : value);
    }
  } else if (style.opacity !== "1") {
    to.setAttribute("opacity", style.opacity);
  }
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) to.append(legal(child.textContent ?? ""));
    else if (child instanceof Element) copy(child, to);
  }
  into.append(to);
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} attributes
 */
function words(text, attributes) {
  const element = make("text", attributes);
  element.textContent = legal(text);
  return element;
}

/** A text without the characters that XML forbids. @param {string} text */
const legal = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");

/** @type {Map<string, string>} */
const known = new Map();

/** A colour as every program reads it: `color(srgb …)` and the like become `rgb()`. @param {string} colour */
function plain(colour) {
  if (!/^(color|lab|lch|oklab|oklch|hwb)\(|^rgba?\(.*[/,]\s*0?\.\d+\)$/.test(colour)) return colour;
  const had = known.get(colour);
  if (had) return had;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d");
  if (!context) return colour;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
  const found = a === 255 ? `rgb(${r}, ${g}, ${b})` : a === 0 ? "none" : `rgba(${r}, ${g}, ${b}, ${(a / 255).toFixed(3)})`;
  known.set(colour, found);
  return found;
}

/**
 * @param {string} svg
 * @param {number} width
 * @param {number} height
 * @returns {Promise<Blob>}
 */
async function raster(svg, width, height) {
  const image = new Image();
  // Not a blob's address: the page's policy lets pictures come from here and from `data:`.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(SCALE, MOST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  const context = canvas.getContext("2d");
  if (!context) throw new Error("the browser draws no pictures");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture cannot be encoded"))), "image/png");
  });
}
