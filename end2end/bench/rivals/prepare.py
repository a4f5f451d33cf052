"""Gives each rival of the browser benchmark its data in the form that suits it best.

    python prepare.py FACTS_DIR OUT_DIR

FACTS_DIR is what `cargo run -p snapshot --features files --example facts` wrote: the kept facts of our own snapshot, column by column.
OUT_DIR gets `typed.bin`, `typed.bin.br` and `typed.json` for the hand-written JavaScript,
`facts.duckdb` and `facts.duckdb.br` for DuckDB, and `facts.json`.
"""

import json
import sys
from pathlib import Path

import brotli
import duckdb
import numpy as np

# Members first, days within: every loop of a member's history is one sequential run, and brotli finds home stores.
TYPES = {"u8": np.uint8, "u16": np.uint16, "u32": np.uint32, "i64": np.int64}
PIECE = 1 << 24


def read(folder):
    """{table: {column: array}} of everything in the folder."""
    tables = {}
    for path in sorted(Path(folder).glob("*.*.*")):
        table, column, kind = path.name.split(".")
        tables.setdefault(table, {})[column] = np.fromfile(path, dtype=TYPES[kind])
    return tables


def sort(table, *by):
    """The table's rows by these columns, the first one leading; equal rows keep their order."""
    order = np.lexsort([table[column] for column in reversed(by)])
    return {name: values[order] for name, values in table.items() if len(values) == len(order)}


def narrow(amounts):
    """Minor units in 32 bits, which the sample retailer's orders fit."""
    if len(amounts) and amounts.max() > np.iinfo(np.uint32).max:
        raise SystemExit("an order is above 42,949,672.95: the rivals hold amounts in 32 bits")
    return amounts.astype(np.uint32)


def deltas(members, days):
    """A member's first day, then the distance to the day before: small numbers, which compress."""
    steps = np.diff(days.astype(np.int32), prepend=0)
    first = np.diff(members.astype(np.int64), prepend=-1) != 0
    steps[first] = days[first]
    return steps.astype(np.uint16)


def write_typed(out, facts, tables, orders, touches):
    """One file of columns, wide ones first so that every view is aligned, and its brotli form."""
    members = facts["members"]
    anonymous = sort(tables["anonymous"], "day")
    columns = {
        "order_amount": narrow(orders["amount"]),
        "anonymous_amount": narrow(anonymous["amount"]),
        "order_day": deltas(orders["member"], orders["day"]),
        "order_store": orders["store"],
        "touch_day": deltas(touches["member"], touches["day"]),
        "touch_store": touches["store"],
        "anonymous_day": np.diff(anonymous["day"].astype(np.int32), prepend=0).astype(np.uint16),
        "anonymous_store": anonymous["store"],
        "orders_of": np.bincount(orders["member"], minlength=members).astype(np.uint16),
        "touches_of": np.bincount(touches["member"], minlength=members).astype(np.uint16),
    }
    layout, place = [], 0
    compressor = brotli.Compressor(quality=9, lgwin=24)
    with open(out / "typed.bin", "wb") as plain, open(out / "typed.bin.br", "wb") as packed:
        for name, values in columns.items():
            layout.append({"name": name, "bytes": values.itemsize, "place": place, "length": len(values)})
            place += values.nbytes
            data = values.tobytes()
            plain.write(data)
            for start in range(0, len(data), PIECE):
                packed.write(compressor.process(data[start : start + PIECE]))
        packed.write(compressor.finish())
    (out / "typed.json").write_text(json.dumps({**facts, "columns": layout}, ensure_ascii=False))


def write_database(out, facts, tables, orders, touches):
    """DuckDB's own file, which its npm package opens without the Parquet extension of its CDN, and its brotli form.

    Only what was recorded, in integers as small as they go: what the page can derive it derives when it loads.
    """
    path = out / "facts.duckdb"
    path.unlink(missing_ok=True)
    regions = np.array(facts["store_regions"], dtype=np.uint8)
    anonymous = sort(tables["anonymous"], "day")
    contents = {
        "stores": {"store": np.arange(len(regions), dtype=np.uint16), "region": regions},
        "orders": {**pick(orders, "member", "day", "store"), "amount": narrow(orders["amount"])},
        "touches": pick(touches, "member", "day", "store"),
        "anonymous": {**pick(anonymous, "day", "store"), "amount": narrow(anonymous["amount"])},
    }
    database = duckdb.connect()
    # The package is an older DuckDB than the one that writes.
    database.execute(f"ATTACH '{path}' AS file (STORAGE_VERSION 'v1.0.0')")
    first, last = facts["first_day"], facts["data_until"]
    database.execute(f"CREATE TABLE file.about AS SELECT DATE '{first}' AS first_day, DATE '{last}' AS data_until")
    for name, columns in contents.items():
        database.register("facts", columns)
        database.execute(f"CREATE TABLE file.{name} AS SELECT * FROM facts")
        database.unregister("facts")
    database.execute("DETACH file")
    # Its columns are packed already: a higher quality takes minutes and saves little.
    (out / "facts.duckdb.br").write_bytes(brotli.compress(path.read_bytes(), quality=5, lgwin=24))


def pick(table, *columns):
    return {name: table[name] for name in columns}


def rows(facts, tables):
    """How many rows there are, and how many in the benchmark's windows: the last 90 days, and the 90 before."""
    days = int((np.datetime64(facts["data_until"]) - np.datetime64(facts["first_day"])).astype(int)) + 1
    counted = {}
    for name in ("orders", "anonymous", "touches"):
        day = tables[name]["day"]
        counted[name] = len(day)
        counted[f"{name}_in_window"] = int(np.count_nonzero(day >= days - 90))
        counted[f"{name}_in_windows"] = int(np.count_nonzero(day >= days - 180))
    return counted


def main():
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    facts = json.loads((source / "facts.json").read_text())
    tables = read(source)
    orders = sort(tables["orders"], "member", "day")
    write_typed(out, facts, tables, orders, sort(tables["touches"], "member", "day"))
    write_database(out, facts, tables, orders, sort(tables["touches"], "day", "member"))
    facts["rows"] = rows(facts, tables)
    (out / "facts.json").write_text(json.dumps(facts, ensure_ascii=False))


if __name__ == "__main__":
    main()
