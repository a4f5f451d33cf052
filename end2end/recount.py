"""An independent recount: DuckDB SQL over the source files, by the definitions of the words.

    python recount.py SOURCE_DIR < questions.json > counts.json

Reads a list of {"from", "to", "regions", "stores", "channels"} and writes, for each, the growth formula's
counts in minor units, whole and by region. Shares nothing with Wellspring but the definitions.
"""

import json
import sys
from pathlib import Path

import duckdb

PREPARE = """
CREATE TABLE stores AS SELECT DISTINCT ON (store_id) * FROM read_csv('{source}/stores.csv', all_varchar = true, header = true);
CREATE TABLE raw_orders AS SELECT *, row_number() OVER () AS place
  FROM read_csv('{source}/orders.csv', all_varchar = true, header = true, parallel = false);
-- The last of several rows with one id counts; rows with a bad cell count nowhere.
CREATE TABLE good_orders AS
  SELECT order_id, try_cast(ordered_at AS TIMESTAMP)::DATE AS day, try_cast(amount AS DECIMAL(18, 2)) AS paid,
         nullif(member_id, '') AS member, store_id, channel_id, place
  FROM raw_orders
  WHERE try_cast(ordered_at AS TIMESTAMP) IS NOT NULL AND year(try_cast(ordered_at AS TIMESTAMP)) BETWEEN 1990 AND 2100
    AND try_cast(amount AS DECIMAL(18, 2)) BETWEEN 0 AND 42949672.95
    AND store_id IN (SELECT store_id FROM stores);
CREATE TABLE latest_orders AS SELECT * FROM good_orders QUALIFY row_number() OVER (PARTITION BY order_id ORDER BY place DESC) = 1;
CREATE TABLE refunds AS
  SELECT order_id, sum(abs(try_cast(amount AS DECIMAL(18, 2)))) AS back
  FROM read_csv('{source}/returns.csv', all_varchar = true, header = true)
  WHERE try_cast(amount AS DECIMAL(18, 2)) IS NOT NULL AND try_cast(returned_at AS TIMESTAMP) IS NOT NULL
  GROUP BY order_id;
-- A refund lowers its order; an order refunded whole is no order.
CREATE TABLE orders AS
  SELECT order_id, day, member, o.store_id, channel_id, region,
         (greatest(paid - coalesce(back, 0), 0) * 100)::BIGINT AS amount
  FROM latest_orders o LEFT JOIN refunds USING (order_id) JOIN stores s ON s.store_id = o.store_id
  WHERE NOT (paid > 0 AND coalesce(back, 0) >= paid);
CREATE TABLE touches AS
  SELECT try_cast("at" AS TIMESTAMP)::DATE AS day, member_id AS member, kind, t.store_id, channel_id, region
  FROM read_csv('{source}/touches.csv', all_varchar = true, header = true) t JOIN stores s ON s.store_id = t.store_id
  WHERE try_cast("at" AS TIMESTAMP) IS NOT NULL AND year(try_cast("at" AS TIMESTAMP)) BETWEEN 1990 AND 2100
    AND nullif(member_id, '') IS NOT NULL;
CREATE TABLE first_orders AS SELECT member, min(day) AS first_day FROM orders WHERE member IS NOT NULL GROUP BY member;
"""

COUNT = """
WITH o AS (SELECT * FROM orders WHERE day BETWEEN $from AND $to {filter}),
     t AS (SELECT * FROM touches WHERE day BETWEEN $from AND $to {filter}),
     b AS (SELECT member, count(*) AS n FROM o WHERE member IS NOT NULL GROUP BY member)
SELECT
  (SELECT count(DISTINCT member) FROM (SELECT member FROM t UNION SELECT member FROM b)) AS users,
  (SELECT count(*) FROM b) AS buyers,
  (SELECT count(*) FROM b WHERE n >= 2) AS repeat_buyers,
  (SELECT count(*) FROM b JOIN first_orders USING (member) WHERE first_day BETWEEN $from AND $to) AS new_buyers,
  (SELECT count(*) FROM o) AS orders,
  (SELECT count(member) FROM o) AS member_orders,
  (SELECT coalesce(sum(amount), 0) FROM o)::BIGINT AS sales,
  (SELECT coalesce(sum(amount), 0) FROM o WHERE member IS NOT NULL)::BIGINT AS member_sales
"""


def count(database, question):
    """The counts of one window under one filter."""
    columns = {"regions": "region", "stores": "store_id", "channels": "channel_id"}
    values = {"from": question["from"], "to": question["to"]}
    clauses = []
    for field, column in columns.items():
        if question.get(field):
            clauses.append(f"AND list_contains(${field}, {column})")
            values[field] = question[field]
    cursor = database.execute(COUNT.format(filter=" ".join(clauses)), values)
    names = [column[0] for column in cursor.description]
    return dict(zip(names, cursor.fetchone()))


def connect(source, prepare=PREPARE):
    """A database of the source files as tables, cleaned by the definitions."""
    database = duckdb.connect()
    database.execute(prepare.format(source=Path(source).resolve().as_posix()))
    return database


def answer(source, questions):
    """The counts of every question, in their order."""
    database = connect(source)
    regions = [row[0] for row in database.execute("SELECT DISTINCT region FROM stores ORDER BY region").fetchall()]
    answers = []
    for question in questions:
        whole = count(database, question)
        wanted = question.get("regions") or regions
        whole["by_region"] = {region: count(database, {**question, "regions": [region]}) for region in wanted}
        answers.append(whole)
    return answers


if __name__ == "__main__":
    json.dump(answer(sys.argv[1], json.load(sys.stdin)), sys.stdout, ensure_ascii=False)
