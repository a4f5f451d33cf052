// 漏斗 Funnel: counts are the recount's and the engine's, marks drill, the form works with and without JavaScript.
import { execFileSync } from "node:child_process";
import type { Page } from "@playwright/test";
import { WINDOW, expect, expectShown, ready, settled, shown, source, test } from "./fixtures";

const DAYS = `from=${WINDOW.from}&to=${WINDOW.to}`;
const CHAIN = "step=join&step=order-1&step=order-2";

/** The funnel by SQL over the source files, by no code of Wellspring's. */
function recount(ask: object): number[] {
  const program = `
import json, sys
from recount_asks import connect, keep, funnel
question = json.load(sys.stdin)
database = connect(sys.argv[1])
keep(database, question["filter"])
rows = funnel(database, {"from": question["from"], "to": question["to"]}, question["ask"])
print(json.dumps([rows[(str(i),)]["members"] for i in range(len(question["ask"]["steps"]))]))
`;
  const python = process.env.WELLSPRING_PYTHON ?? "python3";
  const input = JSON.stringify({ ...WINDOW, filter: {}, ask });
  return JSON.parse(execFileSync(python, ["-c", program, source], { input, maxBuffer: 1 << 26 }).toString());
}

/** What the server's engine answers. */
async function asked(page: Page, ask: object, filter: object = {}): Promise<{ steps: any[]; groups: any[] }> {
  const answer = await page.request.post("/api/ask", { data: { window: WINDOW, filter, ask: [{ funnel: ask }] } });
  expect(answer.ok()).toBe(true);
  return (await answer.json()).answers[0].funnel;
}

/** The counts of the drawing, and the shares under it. */
async function drawn(page: Page) {
  await settled(page);
  return {
    counts: await page.locator(".flow .fstep .fnum").allInnerTexts(),
    rates: await page.locator(".flow .fdrop .frate").allInnerTexts(),
  };
}

function expectDrawn({ counts, rates }: { counts: string[]; rates: string[] }, members: number[]) {
  expect(counts).toHaveLength(members.length);
  counts.forEach((text, i) => expectShown(text, members[i], `step ${i + 1}`));
  rates.forEach((text, i) => expectShown(text, members[i + 1] / members[i], `from step ${i + 1} to ${i + 2}`));
}

test("the drawn steps are those of an independent recount", async ({ page, clean }) => {
  const ask = { steps: [{ touch: ["visit"] }, { touch: ["add_friend"] }, { order: 1 }, { order: 2 }], within_days: 30 };
  const told = recount(ask);
  await page.goto(`/funnel?${DAYS}&lang=en`);
  await ready(page);
  expectDrawn(await drawn(page), told);
  expect(clean).toEqual([]);
});

test("drawing, table and answer agree in every order mode", async ({ page }) => {
  for (const order of ["in_order", "strict", "any"]) {
    const answer = await asked(page, { steps: [{ join: {} }, { order: 1 }, { order: 2 }], order, within_days: 30 });
    await page.goto(`/funnel?${DAYS}&${CHAIN}&order=${order}&lang=en`);
    await ready(page);
    expectDrawn(await drawn(page), answer.steps.map((step) => step.members.value));
    await page.locator("#steps .twin summary").click();
    const cells = await page.locator("#steps .twin tbody tr td:nth-child(2)").allInnerTexts();
    expect(cells.map((text) => shown(text).value)).toHaveLength(3);
  }
});

test("a loss leads to its two steps, and Back undoes it", async ({ page }) => {
  await page.goto(`/funnel?${DAYS}&${CHAIN}&lang=en`);
  await ready(page);
  await page.locator(".flow .fdrop").nth(1).click();
  await expect(page).toHaveURL(/step=order-1&step=order-2/);
  await expect(page.locator(".flow .fstep")).toHaveCount(2);
  await page.goBack();
  await expect(page.locator(".flow .fstep")).toHaveCount(3);
});

test("the arrow keys go from mark to mark, Enter follows one", async ({ page }) => {
  await page.goto(`/funnel?${DAYS}&${CHAIN}&lang=en`);
  await ready(page);
  await page.locator(".flow .mark").first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(".flow .mark").nth(1)).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(".flow .mark").nth(2)).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await expect(page.locator(".flow .fstep")).toHaveCount(2);
});

test("groups add up to the whole, and one of them filters the page", async ({ page }) => {
  const answer = await asked(page, { steps: [{ join: {} }, { order: 1 }, { order: 2 }], within_days: 30, by: "region" });
  await page.goto(`/funnel?${DAYS}&${CHAIN}&groups=all&lang=en`);
  await ready(page);
  await expect(page.locator(".multiple")).toHaveCount(answer.groups.length);
  const entered = (await page.locator(".multiple .mcount").allInnerTexts()).map((text) => shown(text).value);
  expect(entered.reduce((sum, n) => sum + n, 0)).toBe(answer.steps[0].members.value);
  const name = (await page.locator(".multiple .mname").first().innerText()).trim();
  await page.locator(".multiple").first().click();
  await expect(page).toHaveURL(/region=/);
  const filtered = await asked(page, { steps: [{ join: {} }, { order: 1 }, { order: 2 }], within_days: 30 }, { regions: [name] });
  expectDrawn(await drawn(page), filtered.steps.map((step) => step.members.value));
});

test("the form changes a step, and the address stays short", async ({ page, clean }) => {
  await page.goto(`/funnel?${DAYS}&${CHAIN}&lang=en`);
  await ready(page);
  await page.locator("#editor .stepcard").first().locator("summary").click();
  const form = page.locator("#editor .stepcard").first().locator("form");
  await form.locator("select").selectOption("");
  await form.getByLabel("Visit", { exact: true }).check();
  await form.getByLabel("Share", { exact: true }).check();
  await form.locator("button").click();
  await expect(page).toHaveURL(/step=touch-share~visit&step=order-1&step=order-2/);
  const answer = await asked(page, { steps: [{ touch: ["share", "visit"] }, { order: 1 }, { order: 2 }], within_days: 30 });
  expectDrawn(await drawn(page), answer.steps.map((step) => step.members.value));
  expect(clean).toEqual([]);
});

test("without JavaScript steps are added, moved and taken out", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await context.newPage();
  await page.goto(`/funnel?${DAYS}&${CHAIN}&lang=en`);
  await page.locator("#add-step summary").click();
  await page.locator("#add-step select").selectOption("order-3");
  await page.locator("#add-step input[name=days]").fill("14");
  await page.locator("#add-step button").click();
  await expect(page.locator(".flow .fstep")).toHaveCount(4);
  await expect(page.locator(".flow .fstep").last()).toContainText("≤ 14");
  await expect(page.locator(".notes li")).toHaveCount(0);
  await page.getByRole("link", { name: "Move Order 3 earlier" }).click();
  await expect(page).toHaveURL(/step=order-1&step=order-3&days=14&step=order-2/);
  await page.getByRole("link", { name: "Take out the step Order 3" }).click();
  await expect(page.locator(".flow .fstep")).toHaveCount(3);
  await context.close();
});

test("who entered too late is said, and can be left out; in both languages", async ({ page }) => {
  await page.goto(`/funnel?${DAYS}&${CHAIN}&lang=zh-CN`);
  await ready(page);
  await expect(page.locator(".ripe .note")).toContainText("还没满 30 天");
  await page.goto(`/funnel?${DAYS}&${CHAIN}&lang=en`);
  await ready(page);
  await expect(page.locator(".ripe .note")).toContainText("have not been followed for 30 days");
  await page.locator(".ripe a").click();
  await expect(page).toHaveURL(/to=2025-03-01/);
  await expect(page.locator("#steps")).toContainText("Everyone who entered has been followed");
});
