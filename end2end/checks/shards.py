"""pandas opens the shards, and what it counts in them is what the manifest says.

The snapshot is the folder in WELLSPRING_SNAPSHOT.
"""

import json
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.ipc as ipc


def wide(rows, name):
    """A two-byte column from its halves; the high one is left out where it is 0."""
    columns = [field.name for field in rows.type]
    low = np.asarray(rows.field(f"{name}_low")).astype(np.uint16)
    return low + (np.asarray(rows.field(f"{name}_high")).astype(np.uint16) << 8 if f"{name}_high" in columns else 0)


def marked(rows, name):
    """How many rows are marked; the column is left out where none is."""
    columns = [field.name for field in rows.type]
    return int(np.count_nonzero(rows.field(name).to_numpy(zero_copy_only=False))) if name in columns else 0


def amounts(rows, name):
    """The amounts of a table of orders, in minor units."""
    coded = np.cumsum(np.asarray(rows["amounts"].field("step")), dtype=np.int64)
    code = wide(rows[name], "amount").astype(np.int64)
    amount = np.concatenate([[0], coded])[code]
    amount[code == 0] = np.asarray(rows[f"{name}_rare"].field("amount"))
    return amount


def members(batch, rows, name):
    """The member of each row: distances that begin anew every day."""
    offsets = np.asarray(batch.column(name).offsets)
    day = np.repeat(np.arange(batch.num_rows), np.diff(offsets))
    steps = np.cumsum(wide(rows[name], "member"), dtype=np.int64)
    return steps - np.concatenate([[0], steps])[offsets[day]]


def main():
    folder = Path(os.environ["WELLSPRING_SNAPSHOT"])
    manifest = json.loads((folder / "manifest.json").read_bytes())
    days = None
    counted = {"members": 0, "orders": 0, "anonymous_orders": 0, "touches": 0, "sales": 0, "anonymous_sales": 0}
    for shard in manifest["shards"]:
        with pa.memory_map(str(folder / "shards" / f"{shard['hash']}.arrow")) as file:
            reader = ipc.open_file(file)
            assert reader.num_record_batches == 1, "a shard is one batch"
            batch = reader.get_batch(0)
        frame = batch.select(["day"]).to_pandas()
        assert frame["day"].is_monotonic_increasing and frame["day"].is_unique, "days stand in order"
        assert str(frame["day"].iloc[0]) == manifest["first_day"], "the first row is the first day"
        assert str(frame["day"].iloc[-1]) == manifest["data_until"], "the last row is the last day"
        assert days in (None, len(frame)), "every shard has the same days"
        days = len(frame)
        rows = {name: batch.column(name).values for name in batch.schema.names if name != "day"}
        amount = {name: int(amounts(rows, name).sum()) for name in ("orders", "anonymous")}
        for name in ("orders", "touches"):
            member = members(batch, rows, name)
            assert ((member >= 0) & (member < len(rows["members"]))).all(), f"{name} have members of the shard"
            assert marked(rows[name], "away") == len(rows[f"{name}_away"]), f"{name} away have their stores"
        for name in ("orders", "anonymous", "touches"):
            assert marked(rows[name], "campaigned") == len(rows[f"{name}_campaigns"]), f"campaigns of {name}"
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
