"""pandas opens the shards, and what it counts in them is what the manifest says.

The snapshot is the folder in WELLSPRING_SNAPSHOT.
"""

import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc as ipc


def main():
    folder = Path(os.environ["WELLSPRING_SNAPSHOT"])
    manifest = json.loads((folder / "manifest.json").read_bytes())
    days = None
    counted = {"members": 0, "orders": 0, "anonymous_orders": 0, "touches": 0, "sales": 0, "anonymous_sales": 0}
    for shard in manifest["shards"]:
        with pa.memory_map(str(folder / "shards" / f"{shard['hash']}.arrow")) as file:
            table = ipc.open_file(file).read_all()
        frame = table.select(["day"]).to_pandas()
        assert frame["day"].is_monotonic_increasing and frame["day"].is_unique, "days stand in order"
        assert str(frame["day"].iloc[0]) == manifest["first_day"], "the first row is the first day"
        assert str(frame["day"].iloc[-1]) == manifest["data_until"], "the last row is the last day"
        assert days in (None, len(frame)), "every shard has the same days"
        days = len(frame)
        rows = {name: pc.list_flatten(table[name].combine_chunks()) for name in ("members", "orders", "anonymous", "touches")}
        amount = {name: pc.sum(pc.struct_field(rows[name], "amount")).as_py() or 0 for name in ("orders", "anonymous")}
        counted["members"] += len(rows["members"])
        counted["orders"] += len(rows["orders"])
        counted["anonymous_orders"] += len(rows["anonymous"])
        counted["touches"] += len(rows["touches"])
        counted["sales"] += amount["orders"] + amount["anonymous"]
        counted["anonymous_sales"] += amount["anonymous"]
    totals = {name: manifest["totals"][name] for name in counted}
    assert counted == totals, f"pandas counts {counted}, the manifest says {totals}"
    print(f"{len(manifest['shards'])} shards, {days} days, {counted}")
    print("1 passed, 0 failed")


if __name__ == "__main__":
    main()
