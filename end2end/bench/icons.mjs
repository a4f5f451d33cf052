// Draws public/icons/*.png from public/favicon.svg with a real Chromium; run it after the drawing has changed.
//
//     node bench/icons.mjs
import { chromium } from "@playwright/test";
import { existsSync, readFileSync } from "node:fs";

const svg = readFileSync(new URL("../../public/favicon.svg", import.meta.url), "utf8");
const executablePath = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
// A maskable icon is cut to a circle or a squircle by the system: full square, the drawing in the inner four fifths.
const icons = [
  { name: "icon-192", size: 192, full: false },
  { name: "icon-512", size: 512, full: false },
  { name: "maskable-512", size: 512, full: true },
  { name: "apple-touch-180", size: 180, full: true },
];
for (const { name, size, full } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const drawing = full ? svg.replace(/rx="\d+"/, "").replace('viewBox="0 0 32 32"', 'viewBox="-3 -3 38 38"') : svg;
  const style = `*{margin:0}body{background:${full ? "#1a56c4" : "transparent"}}svg{display:block;width:${size}px;height:${size}px}`;
  await page.setContent(`<style>${style}</style>${drawing}`);
  const path = new URL(`../../public/icons/${name}.png`, import.meta.url).pathname;
  await page.screenshot({ path, omitBackground: !full });
  await page.close();
}
await browser.close();
