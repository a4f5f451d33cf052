"""The independent recount of what is asked about members: DuckDB SQL over the source files.

Each function takes the database of `connect`, a window, a filter as a question has it and the ask, and gives plain
rows: dictionaries of integers and medians by their keys. Shares nothing with Wellspring but the definitions.
"""

from recount import PREPARE, connect as connect_source

MORE = """
CREATE TABLE members AS
  SELECT member_id AS member, nullif(source_channel, '') AS source_channel, nullif(tier, '') AS tier
  FROM (SELECT *, row_number() OVER () AS place
        FROM read_csv('{source}/members.csv', all_varchar = true, header = true, parallel = false))
  QUALIFY row_number() OVER (PARTITION BY member_id ORDER BY place DESC) = 1;
CREATE TABLE channels AS SELECT DISTINCT ON (channel_id) channel_id, domain
  FROM read_csv('{source}/channels.csv', all_varchar = true, header = true);
CREATE TABLE all_orders AS SELECT o.*, s.city, s.format, c.domain, m.source_channel, m.tier
  FROM orders o JOIN stores s USING (store_id) LEFT JOIN channels c USING (channel_id) LEFT JOIN members m USING (member);
CREATE TABLE all_touches AS SELECT t.*, s.city, s.format, c.domain, m.source_channel, m.tier
  FROM touches t JOIN stores s USING (store_id) LEFT JOIN channels c USING (channel_id) LEFT JOIN members m USING (member);
CREATE MACRO state(latest, today, active, dormant) AS CASE
  WHEN latest IS NULL THEN 'none' WHEN today - latest <= active THEN 'active' WHEN today - latest <= dormant THEN 'dormant' ELSE 'lost' END;
"""

COLUMNS = {
    "regions": "region",
    "cities": "city",
    "stores": "store_id",
    "formats": "format",
    "channels": "channel_id",
    "domains": "domain",
    "source_channels": "source_channel",
    "tiers": "tier",
}


def connect(source):
    """The source files as tables, cleaned by the definitions."""
    return connect_source(source, PREPARE + MORE)


def keep(database, chosen):
    """Makes `o` and `t`, the orders and touches that a filter keeps; its segment may be a rung of the ladder."""
    chosen = dict(chosen)
    segment = chosen.pop("segment", None)
    clauses, values = ["true"], {}
    for field, names in chosen.items():
        clauses.append(f"list_contains(${field}, {COLUMNS[field]})")
        values[field] = names
    if {"source_channels", "tiers"} & chosen.keys():
        clauses.append("member IS NOT NULL")
    where = " AND ".join(clauses)
    database.execute(f"CREATE OR REPLACE TEMP TABLE o AS SELECT * FROM all_orders WHERE {where}", values)
    database.execute(f"CREATE OR REPLACE TEMP TABLE t AS SELECT * FROM all_touches WHERE {where}", values)
    if segment:
        rung = segment["rung"]
        database.execute(
            f"""CREATE OR REPLACE TEMP TABLE chosen AS SELECT member FROM o WHERE member IS NOT NULL AND day <= $as_of
                GROUP BY member HAVING count(*) {"=" if rung.get("exactly") else ">="} $orders""",
            {"as_of": rung["as_of"], "orders": rung["orders"]},
        )
        for table in ("o", "t"):
            database.execute(f"DELETE FROM {table} WHERE member IS NULL OR member NOT IN (SELECT member FROM chosen)")
    # Whose history it is: anonymous orders have none.
    database.execute("CREATE OR REPLACE TEMP VIEW h AS SELECT * FROM o WHERE member IS NOT NULL")


def rows(database, sql, values):
    """The rows by their first columns, whose names end in an underscore."""
    names_in_use = {name: value for name, value in values.items() if f"${name}" in sql}
    cursor = database.execute(sql, names_in_use)
    names = [column[0] for column in cursor.description]
    keys = sum(name.endswith("_") for name in names)
    return {tuple(map(str, row[:keys])): dict(zip(names[keys:], row[keys:])) for row in cursor.fetchall()}


def cohorts(database, window, ask):
    """By month of the first order and month since: size, members with an order (or one later), amounts."""
    stays = "datediff('month', cohort, date_trunc('month', day)) >= k" if ask["mode"] == "on_or_after" else "month = k"
    return rows(database, f"""
        WITH f AS (SELECT member, date_trunc('month', min(day)) AS cohort FROM h WHERE day <= $to GROUP BY member),
             a AS (SELECT member, cohort, day, amount, datediff('month', cohort, date_trunc('month', day)) AS month
                   FROM h JOIN f USING (member) WHERE day <= $to),
             k AS (SELECT unnest(generate_series(0, $periods - 1)) AS k)
        SELECT strftime(cohort, '%Y-%m') AS period_, k AS k_,
               (SELECT count(*) FROM f WHERE f.cohort = a.cohort) AS size,
               count(DISTINCT member) FILTER ({stays}) AS active,
               coalesce(sum(amount) FILTER (month = k), 0)::BIGINT AS sales
        FROM a, k GROUP BY cohort, k HAVING active > 0""", {**window, "periods": ask["periods"]})


def ladder(database, window, ask):
    """By orders reached: members, those with no more, days to the next order."""
    return rows(database, """
        WITH n AS (SELECT day, row_number() OVER w AS n, lead(day) OVER w AS next FROM h WHERE day <= $to
                   WINDOW w AS (PARTITION BY member ORDER BY day, order_id))
        SELECT n AS n_, count(*) AS members, count(*) FILTER (next IS NULL) AS exactly, count(next) AS next,
               median(next - day) AS median_days_to_next
        FROM n WHERE n <= $rungs GROUP BY n""", {**window, "rungs": ask["rungs"]})


def stores(database, window, ask):
    """By store: sums and distinct members in the window, the rank by sales."""
    return rows(database, """
        WITH w AS (SELECT * FROM o WHERE day BETWEEN $from AND $to),
             m AS (SELECT store_id, member, count(*) AS n FROM w WHERE member IS NOT NULL GROUP BY ALL),
             u AS (SELECT store_id, member FROM m UNION SELECT store_id, member FROM t WHERE day BETWEEN $from AND $to),
             here AS (SELECT store_id FROM u UNION SELECT store_id FROM w),
             sums AS (SELECT store_id, coalesce(sum(amount), 0)::BIGINT AS sales, count(amount) AS orders,
                             count(amount) FILTER (member IS NULL) AS anonymous_orders
                      FROM here LEFT JOIN w USING (store_id) GROUP BY store_id)
        SELECT store_id AS store_, rank() OVER (ORDER BY sales DESC) AS rank, sales, orders, anonymous_orders,
               (SELECT count(*) FROM u WHERE u.store_id = sums.store_id) AS users,
               (SELECT count(*) FROM m WHERE m.store_id = sums.store_id) AS buyers,
               (SELECT count(*) FROM m WHERE m.store_id = sums.store_id AND n >= 2) AS repeat_buyers,
               (SELECT count(*) FROM m JOIN first_orders USING (member)
                WHERE m.store_id = sums.store_id AND first_day BETWEEN $from AND $to) AS new_buyers
        FROM sums""", window)


def lifecycle(database, window, ask):
    """By month: members in each state before and after, and the four flows."""
    return rows(database, """
        WITH p AS (SELECT greatest(m::DATE, $from::DATE) AS a,
                          least((m + INTERVAL 1 MONTH)::DATE - 1, $to::DATE) AS b
                   FROM (SELECT unnest(generate_series(date_trunc('month', $from::DATE), $to::DATE, INTERVAL 1 MONTH)) AS m)),
             last AS (SELECT a, b, member, max(day) FILTER (day < a) AS x, max(day) FILTER (day <= b) AS y
                      FROM p, h GROUP BY ALL),
             s AS (SELECT a, state(x, a - 1, $active, $dormant) AS x, state(y, b, $active, $dormant) AS y FROM last)
        SELECT a AS from_,
               count(*) FILTER (x = 'active') AS opening_active, count(*) FILTER (x = 'dormant') AS opening_dormant,
               count(*) FILTER (x = 'lost') AS opening_lost,
               count(*) FILTER (y = 'active') AS closing_active, count(*) FILTER (y = 'dormant') AS closing_dormant,
               count(*) FILTER (y = 'lost') AS closing_lost,
               count(*) FILTER (x = 'none' AND y <> 'none') AS new,
               count(*) FILTER (x IN ('dormant', 'lost') AND y = 'active') AS woken,
               count(*) FILTER (x = 'active' AND y IN ('dormant', 'lost')) AS slipped,
               count(*) FILTER (x IN ('active', 'dormant') AND y = 'lost') AS lost
        FROM s GROUP BY a""", {**window, "active": ask["active_days"], "dormant": ask["dormant_days"]})


def overlap(database, window, ask):
    """By pair of channels: common members and what they spent through the first; a channel with itself: all of it."""
    touched = "UNION SELECT member, channel_id FROM t WHERE day BETWEEN $from AND $to" if ask["of"] == "users" else ""
    return rows(database, f"""
        WITH w AS (SELECT * FROM h WHERE day BETWEEN $from AND $to),
             c AS (SELECT DISTINCT member, channel_id FROM w {touched}),
             v AS (SELECT member, channel_id, coalesce(sum(amount), 0)::BIGINT AS spent
                   FROM c LEFT JOIN w USING (member, channel_id) GROUP BY ALL)
        SELECT a.channel_id AS this_, b.channel_id AS other_, count(*) AS members, sum(a.spent)::BIGINT AS sales
        FROM v a JOIN v b USING (member) GROUP BY ALL""", window)


def funnel(database, window, ask):
    """By step, in order: members, and the median of days from the latest entry that leads there to the first arrival."""
    def events(step):
        if "touch" in step:
            return "SELECT member, day FROM t WHERE list_contains(" + str(step["touch"]) + ", kind)"
        which = f"WHERE n = {step['order']}" if step["order"] else ""
        return f"""SELECT member, day FROM (SELECT member, day, row_number() OVER (PARTITION BY member ORDER BY day, order_id) AS n
                   FROM h) {which}"""

    steps = [f"e{i} AS (SELECT DISTINCT member, day FROM ({events(step)}))" for i, step in enumerate(ask["steps"])]
    ways = ["w0 AS (SELECT member, day AS entry, day FROM e0 WHERE day BETWEEN $from AND $to)"]
    for i, step in enumerate(ask["steps"][1:], 1):
        near = f"AND e{i}.day <= w{i - 1}.day + {step['within_days']}" if "within_days" in step else ""
        ways.append(f"""w{i} AS (SELECT DISTINCT member, entry, e{i}.day FROM w{i - 1} JOIN e{i} USING (member)
            WHERE e{i}.day >= w{i - 1}.day AND e{i}.day <= entry + $within {near})""")
    first = [f"""SELECT '{i}' AS step_, count(*) AS members, median(days) AS median_days
        FROM (SELECT member, day - max(entry) AS days FROM w{i} GROUP BY member, day
              QUALIFY row_number() OVER (PARTITION BY member ORDER BY day) = 1)""" for i in range(len(ask["steps"]))]
    sql = "WITH " + ", ".join(steps + ways) + " " + " UNION ALL ".join(first)
    return rows(database, sql, {**window, "within": ask["within_days"]})
