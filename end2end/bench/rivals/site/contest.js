// What every contestant's page does: open, answer the question of the address's fragment, and wait for more.

/**
 * Sets `globalThis.bench`: `cold` resolves to the milliseconds since navigation of the first and the exact answer,
 * `ask(question, asks)` to `{millis, answer}`. `start` opens the data and gives the function that answers;
 * `plain` turns its answer into the numbers that are compared, outside the measured time.
 */
export function contest(start, plain = (answer) => answer) {
  const opened = start();
  const cold = opened.then(async (ask) => {
    const question = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    let first;
    await ask(question, ["growth", "cohorts", "stores", "ladder"], () => (first ??= performance.now()));
    const exact = performance.now();
    return { first: first ?? exact, exact };
  });
  // A browser that nobody watches is told by the page itself: after one question more, under a region.
  if (new URLSearchParams(location.search).has("report")) {
    cold.then(async (times) => {
      const question = JSON.parse(decodeURIComponent(location.hash.slice(1)));
      await (await opened)({ ...question, region: 0 }, ["growth", "cohorts", "stores", "ladder"]);
      await fetch("/report", { method: "POST", body: JSON.stringify(times) });
    });
  }
  globalThis.bench = {
    cold,
    async ask(question, asks) {
      await cold;
      const ask = await opened;
      const begun = performance.now();
      const answer = await ask(question, asks);
      const millis = performance.now() - begun;
      return { millis, answer: plain(answer, question) };
    },
  };
}
