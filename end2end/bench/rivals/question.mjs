// The benchmark's one question, and whether two answers to it are the same.

const DAY = 86_400_000;
export const ALL = ["growth", "cohorts", "stores", "ladder"];

/** The last 90 days against the 90 before, from facts.json; days count from the first, months end with the data's last. */
export function question(facts) {
  const first = Date.parse(facts.first_day);
  const days = (Date.parse(facts.data_until) - first) / DAY + 1;
  const name = (day) => new Date(first + day * DAY).toISOString().slice(0, 10);
  const month = (day) => Number(name(day).slice(0, 4)) * 12 + Number(name(day).slice(5, 7));
  const window = [days - 90, days - 1];
  const compare = [days - 180, days - 91];
  const named = ([from, to]) => ({ from: name(from), to: name(to) });
  return {
    window,
    compare,
    months: Array.from({ length: days }, (_, day) => Math.max(-1, month(day) - month(days - 1) + 23)),
    region: null,
    stores: facts.stores.length,
    names: { window: named(window), compare: named(compare), regions: facts.regions, stores: facts.stores },
  };
}

/** Throws a sentence that names the first number in which `other` is not `answer`. */
export function mustEqual(answer, other, who, where = "") {
  if (typeof answer === "object" && answer !== null) {
    const keys = Object.keys(answer);
    if (other === null || typeof other !== "object" || Object.keys(other).length !== keys.length) {
      throw new Error(`${who}${where} has another shape`);
    }
    for (const key of keys) mustEqual(answer[key], other[key], who, `${where}.${key}`);
  } else if (answer !== other) {
    throw new Error(`${who}${where} is ${other}, the others say ${answer}`);
  }
}
