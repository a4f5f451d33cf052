// The hand-written contestant's page: one worker holds the arrays and answers.
import { contest } from "./contest.js";

contest(async () => {
  const worker = new Worker("/typed-worker.js", { type: "module" });
  const answered = () =>
    new Promise((resolve, reject) => {
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = (event) => reject(new Error(event.message));
    });
  await answered();
  return (question, asks) => {
    const answer = answered();
    worker.postMessage({ question, asks });
    return answer;
  };
});
