// What the journeys of Cohorts and Ladder share: the independent recount of asks about members.
import { execFileSync } from "node:child_process";
import { source, type Question } from "./fixtures";

export type Row = Record<string, number>;

/** Rows by their keys, by SQL over the source files: `2024-05/3` for a cohort's third period, `2` for a rung. */
export function recounted(name: "cohorts" | "ladder", window: { from: string; to: string }, filter: object, ask: object): Record<string, Row> {
  const python = process.env.WELLSPRING_PYTHON ?? "python3";
  const input = JSON.stringify([[name, window, filter, ask]]);
  return JSON.parse(execFileSync(python, ["recount_named.py", source], { input, maxBuffer: 1 << 26 }).toString())[0];
}

/** A window as the page's address. */
export const query = (window: Pick<Question, "from" | "to">) => `from=${window.from}&to=${window.to}`;
