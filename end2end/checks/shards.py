"""pandas opens the shards' files, and what NumPy counts in them, tails applied, is what the manifest says.

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


def amounts(rows, name, coded):
    """The amounts of a table of orders, in minor units; `coded` are those that have codes, from 1."""
    code = wide(rows[name], "amount").astype(np.int64)
    amount = np.concatenate([[0], coded])[code]
    if f"{name}_rare" in rows:
        amount[code == 0] = np.asarray(rows[f"{name}_rare"].field("amount"))
    return amount


def members(batch, rows, name):
    """The member of each row: distances that begin anew every day."""
    offsets = np.asarray(batch.column(name).offsets)
    day = np.repeat(np.arange(batch.num_rows), np.diff(offsets))
    steps = np.cumsum(wide(rows[name], "member"), dtype=np.int64)
    return steps - np.concatenate([[0], steps])[offsets[day]]


def opened(folder, hash):
    with pa.memory_map(str(folder / "shards" / f"{hash}.arrow")) as file:
        reader = ipc.open_file(file)
        assert reader.num_record_batches == 1, "a shard's file is one batch"
        batch = reader.get_batch(0)
    day = batch.select(["day"]).to_pandas()["day"]
    assert day.is_monotonic_increasing and day.is_unique, "days stand in order"
    days = batch.column("day").cast(pa.int32()).to_numpy()
    return batch, days, {name: batch.column(name).values for name in batch.schema.names if name != "day"}


def facts(batch, days, rows, name, coded):
    """Day and member of each row as one number, and its amount."""
    if name not in rows:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    day = np.repeat(days, np.diff(np.asarray(batch.column(name).offsets))).astype(np.int64)
    member = 0 if name == "anonymous" else members(batch, rows, name)
    amount = np.zeros(len(day), np.int64) if name == "touches" else amounts(rows, name, coded)
    assert marked(rows[name], "campaigned") == len(rows.get(f"{name}_campaigns", ())), f"campaigns of {name}"
    if name != "anonymous":
        assert marked(rows[name], "away") == len(rows.get(f"{name}_away", ())), f"{name} away have their stores"
    return day * 65536 + member, amount


def changed(before, added, rows, name):
    """The rows before without those that go, with those that come in their places."""
    gone = rows[f"{name}_removed"].field("step") if f"{name}_removed" in rows else []
    place, amount = (np.delete(column, np.cumsum(np.asarray(gone, np.int64))) for column in before)
    behind = 0
    if name in rows and any(field.name == "behind_low" for field in rows[name].type):
        behind = wide(rows[name], "behind").astype(np.int64)
    at = np.searchsorted(place, added[0], side="right") - behind
    return np.insert(place, at, added[0]), np.insert(amount, at, added[1])


def counted(folder, shard):
    """What one shard holds, its tails applied."""
    batch, days, rows = opened(folder, shard["hash"])
    assert (np.diff(days) == 1).all(), "a base has a row for each day"
    coded = np.cumsum(np.asarray(rows["amounts"].field("step")), dtype=np.int64)
    held = {name: facts(batch, days, rows, name, coded) for name in ("orders", "anonymous", "touches")}
    people = len(rows["members"])
    for tail in shard.get("tails", []):
        batch, days, rows = opened(folder, tail["hash"])
        more = np.cumsum(np.asarray(rows["amounts"].field("step")), dtype=np.int64) if "amounts" in rows else []
        coded = np.concatenate([coded, more]).astype(np.int64)
        people += len(rows.get("members", ()))
        for name in held:
            held[name] = changed(held[name], facts(batch, days, rows, name, coded), rows, name)
    for name, (place, _) in held.items():
        assert (np.diff(place) >= 0).all(), f"{name} stand by day and member"
        assert name == "anonymous" or ((place % 65536) < people).all(), f"{name} have members of the shard"
        assert len(place) == shard[name], f"{name} are as many as the entry says"
    return {
        "members": people,
        "orders": len(held["orders"][0]),
        "anonymous_orders": len(held["anonymous"][0]),
        "touches": len(held["touches"][0]),
        "sales": int(held["orders"][1].sum() + held["anonymous"][1].sum()),
        "anonymous_sales": int(held["anonymous"][1].sum()),
    }


def main():
    folder = Path(os.environ["WELLSPRING_SNAPSHOT"])
    manifest = json.loads((folder / "manifest.json").read_bytes())
    sums = {"members": 0, "orders": 0, "anonymous_orders": 0, "touches": 0, "sales": 0, "anonymous_sales": 0}
    for shard in manifest["shards"]:
        for name, value in counted(folder, shard).items():
            sums[name] += value
    totals = {name: manifest["totals"][name] for name in sums}
    assert sums == totals, f"NumPy counts {sums}, the manifest says {totals}"
    tails = sum(len(shard.get("tails", [])) for shard in manifest["shards"])
    print(f"{len(manifest['shards'])} shards, {tails} tails, {sums}")
    print("1 passed, 0 failed")


if __name__ == "__main__":
    main()
