// The four questions in SQL, each the quickest of several forms that were tried in DuckDB-WASM.
//
// - A group by member is an array, not a hash table: `perfect_ht_threshold` covers all member numbers.
// - Sums stand outside such groups, which then hold nothing wide.
// - Streaming windows (`lag` without a partition) and `list` rely on the table's order: member, then day.
// - Values of the member (first day and month of ordering) and of the store (region) stand in the rows: no joins.

const RUNGS = 8;
const MONTHS = 24;

/** Fills native tables, each in the order that suits its questions, from the attached file. */
export async function load(query) {
  await query("ATTACH 'facts.duckdb' AS file (READ_ONLY)");
  const [{ members }] = await query("SELECT max(member)::INTEGER + 1 AS members FROM file.orders");
  await query(`SET perfect_ht_threshold = ${Math.min(32, Math.ceil(Math.log2(members)) + 1)}`);
  await query(`CREATE TEMP TABLE months AS
    SELECT day::USMALLINT AS day, (${MONTHS - 1} - date_diff('month', first_day + day::INTEGER, data_until))::TINYINT AS month
    FROM file.about, range(data_until - first_day + 1) AS days(day)`);
  await query("CREATE TEMP TABLE firsts AS SELECT member, min(day) AS first_day FROM file.orders GROUP BY member");
  await query(`CREATE TABLE orders AS
    SELECT member, o.day, region, amount, m.month, f.month AS first_month
    FROM file.orders o JOIN file.stores USING (store) JOIN firsts USING (member)
      JOIN months m ON m.day = o.day JOIN months f ON f.day = first_day
    ORDER BY member, o.day`);
  await query(`CREATE TABLE orders_by_day AS
    SELECT member, day, store, region, amount, first_day
    FROM file.orders JOIN file.stores USING (store) JOIN firsts USING (member) ORDER BY day, member`);
  for (const name of ["touches", "anonymous"]) {
    await query(`CREATE TABLE ${name} AS SELECT * FROM file.${name} JOIN file.stores USING (store) ORDER BY day`);
  }
  await query("DROP TABLE firsts");
  await query("DROP TABLE months");
  await query("DETACH file");
}

/** Answers `question` for the named asks, one statement after the other. */
export async function answer(query, question, asks) {
  const where = question.region === null ? "TRUE" : `region = ${question.region}`;
  const answer = {};
  for (const ask of asks) answer[ask] = await QUESTIONS[ask](query, question, where);
  return answer;
}

const QUESTIONS = { growth, cohorts, stores, ladder };

async function growth(query, question, where) {
  const counted = ([from, to]) => {
    const inside = `day BETWEEN ${from} AND ${to} AND ${where}`;
    const table = (name, columns) => `(SELECT ${columns} FROM ${name} WHERE ${inside})`;
    return `SELECT
      (SELECT count(*) FROM (SELECT member FROM
        (FROM ${table("touches", "member")} UNION ALL FROM ${table("orders_by_day", "member")}) GROUP BY member)) AS users,
      count(*) AS buyers, count(*) FILTER (n > 1) AS repeat, count(*) FILTER (first >= ${from} AND first <= ${to}) AS fresh,
      (SELECT count(*) FROM orders_by_day WHERE ${inside}) AS orders,
      (SELECT coalesce(sum(amount), 0) FROM orders_by_day WHERE ${inside})::DOUBLE AS sales,
      (SELECT count(*) FROM anonymous WHERE ${inside}) AS anonymous,
      (SELECT coalesce(sum(amount), 0) FROM anonymous WHERE ${inside})::DOUBLE AS anonymous_sales
      FROM (SELECT count(*) AS n, max(first_day) AS first FROM orders_by_day WHERE ${inside} GROUP BY member)`;
  };
  const both = {};
  for (const name of ["window", "compare"]) {
    const [row] = await query(counted(question[name]));
    both[name] = Object.values(row).map(Number);
  }
  return both;
}

async function stores(query, question, where) {
  const [from, to] = question.window;
  const inside = `day BETWEEN ${from} AND ${to} AND ${where}`;
  const rows = await query(`
    SELECT store, sum(sales)::DOUBLE AS sales, sum(orders)::INTEGER AS orders, sum(buyers)::INTEGER AS buyers,
           sum(repeat)::INTEGER AS repeat, sum(fresh)::INTEGER AS fresh
    FROM (SELECT store, sum(s) AS sales, sum(n) AS orders, count(*) AS buyers, count(*) FILTER (n > 1) AS repeat,
                 count(*) FILTER (first >= ${from} AND first <= ${to}) AS fresh
          FROM (SELECT store, sum(amount) AS s, count(*) AS n, max(first_day) AS first
                FROM orders_by_day WHERE ${inside} GROUP BY store, member)
          GROUP BY store
          UNION ALL
          SELECT store, sum(amount), count(*), 0, 0, 0 FROM anonymous WHERE ${inside} GROUP BY store)
    GROUP BY store`);
  const table = new Array(question.stores * 5).fill(0);
  for (const row of rows) {
    ["sales", "orders", "buyers", "repeat", "fresh"].forEach((name, i) => (table[row.store * 5 + i] = row[name]));
  }
  return table;
}

/** A row is a member's first of its month when the row before has another member or month. */
async function cohorts(query, question, where) {
  const starts = "coalesce(month <> lag(month) OVER () OR member <> lag(member) OVER (), TRUE)::INTEGER AS starts";
  // Under a filter a cohort is the month of the first order that matches it, which must be found first.
  const firsts =
    question.region === null
      ? ""
      : `JOIN (SELECT member, min(month) AS cohort FROM orders WHERE ${where} GROUP BY member) USING (member)`;
  const rows = await query(`
    SELECT cohort, month, sum(amount)::DOUBLE AS sales, sum(starts)::INTEGER AS active
    FROM (SELECT member, first_month${firsts ? "" : " AS cohort"}, month, amount, ${starts} FROM orders WHERE ${where})
    ${firsts} WHERE cohort >= 0 GROUP BY cohort, month`);
  const active = new Array(MONTHS * MONTHS).fill(0);
  const sales = new Array(MONTHS * MONTHS).fill(0);
  for (const row of rows) {
    const cell = row.cohort * MONTHS + row.month - row.cohort;
    active[cell] = row.active;
    sales[cell] = row.sales;
  }
  return { active, sales };
}

async function ladder(query, question, where) {
  const rungs = Array.from({ length: RUNGS }, (_, i) => i + 1);
  const [row] = await query(`
    SELECT ${rungs.map((n) => `count(*) FILTER (len(days) >= ${n}) AS reached${n}`)},
           ${rungs.map((n) => `count(*) FILTER (len(days) = ${n}) AS exactly${n}`)},
           ${rungs.map((n) => `median(days[${n + 1}] - days[${n}]) AS gap${n}`)}
    FROM (SELECT list(day) AS days FROM orders WHERE ${where} GROUP BY member)`);
  return rungs.map((n) => [Number(row[`reached${n}`]), row[`gap${n}`], Number(row[`exactly${n}`])]);
}
