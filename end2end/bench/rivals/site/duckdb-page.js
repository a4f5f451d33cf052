// DuckDB-WASM's page: the package's own worker, the single-threaded build with exceptions, native tables.
import { AsyncDuckDB, VoidLogger } from "@duckdb/duckdb-wasm";
import { contest } from "./contest.js";
import { answer, load } from "./duckdb-sql.js";

contest(async () => {
  const database = new AsyncDuckDB(new VoidLogger(), new Worker("/duckdb-browser-eh.worker.js"));
  const [bytes] = await Promise.all([fetchFacts(), database.instantiate("/duckdb-eh.wasm")]);
  await database.registerFileBuffer("facts.duckdb", bytes);
  const connection = await database.connect();
  globalThis.query = async (sql) => (await connection.query(sql)).toArray().map((row) => row.toJSON());
  await load(globalThis.query);
  return (question, asks) => answer(globalThis.query, question, asks);
});

async function fetchFacts() {
  const response = await fetch("/facts.duckdb");
  if (!response.ok) throw new Error(`facts.duckdb: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
