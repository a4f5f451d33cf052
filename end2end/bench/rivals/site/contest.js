// What every contestant's page does: open, answer the question of the address's fragment, and wait for more.

/**
 * Sets `globalThis.bench`: `cold` resolves to the milliseconds since navigation of the first and the exact answer,
 * `ask(question, asks)` to `{millis, answer}`. `start` opens the data and gives the function that answers.
 */
export function contest(start) {
  const question = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  const opened = start();
  const cold = opened.then(async (ask) => {
    await ask(question, ["growth", "cohorts", "stores", "ladder"]);
    const exact = performance.now();
    return { first: exact, exact };
  });
  globalThis.bench = {
    cold,
    async ask(question, asks) {
      const ask = await opened;
      const begun = performance.now();
      const answer = await ask(question, asks);
      return { millis: performance.now() - begun, answer };
    },
  };
}
