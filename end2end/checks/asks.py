"""Answers about members and stores equal SQL over the source files, under filters of every kind.

The server is WELLSPRING_URL, the source files are in WELLSPRING_SOURCE.
"""

import json
import os
import sys
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import recount_asks  # noqa: E402

WINDOWS = [
    {"from": "2025-01-01", "to": "2025-03-31"},
    {"from": "2024-02-10", "to": "2024-05-09"},
]
FILTERS = [
    {},
    {"regions": ["华东"], "channels": ["pos", "mini", "app", "tmall"]},
    {"formats": ["franchise"], "domains": ["private"]},
    {"source_channels": ["mini", "wecom"], "tiers": ["金卡", "银卡"]},
    {"cities": ["上海", "杭州"], "segment": {"rung": {"orders": 2, "exactly": False, "as_of": "2024-12-31"}}},
]
ASKS = [
    ("cohorts", {"grain": "month", "anchor": "first_order", "mode": "exact", "periods": 12}),
    ("cohorts", {"grain": "month", "anchor": "first_order", "mode": "on_or_after", "periods": 6}),
    ("ladder", {"rungs": 8}),
    ("stores", {"by": "sales"}),
    ("lifecycle", {"grain": "month", "active_days": 60, "dormant_days": 180}),
    ("overlap", {"of": "buyers"}),
    ("overlap", {"of": "users"}),
    ("funnel", {"steps": [{"touch": ["visit"]}, {"order": 0}], "within_days": 30}),
    ("funnel", {"steps": [{"touch": ["ad_click", "message_open"]}, {"touch": ["visit"], "within_days": 7}, {"order": 0}], "within_days": 45}),
    ("funnel", {"steps": [{"order": 1}, {"order": 2}, {"order": 3, "within_days": 60}], "within_days": 120}),
]


def ask(window, chosen):
    body = json.dumps({"window": window, "filter": chosen, "ask": [{name: ask} for name, ask in ASKS]}).encode()
    request = urllib.request.Request(os.environ["WELLSPRING_URL"] + "/api/ask", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as response:
        answers = json.load(response)
    assert answers["coverage"]["exact"]
    return [next(iter(answer.values())) for answer in answers["answers"]]


def plain(figures, names):
    return {name: figures[name]["value"] for name in names}


def cohorts(answer):
    cells = {}
    for cohort in answer["cohorts"]:
        for k, (active, sales) in enumerate(zip(cohort["active"], cohort["sales"])):
            if active["value"]:
                cells[cohort["period"], str(k)] = {
                    "size": cohort["size"]["value"], "active": active["value"], "sales": sales["value"]}
    return cells


def ladder(answer):
    names = ["members", "exactly", "next", "median_days_to_next"]
    return {(str(rung["n"]),): plain(rung, names) for rung in answer if rung["members"]["value"]}


def stores(answer):
    names = ["sales", "orders", "anonymous_orders", "users", "buyers", "repeat_buyers", "new_buyers"]
    return {(row["store"],): {"rank": row["rank"], **plain(row, names)} for row in answer}


def lifecycle(answer):
    def period(row):
        stock = {f"{end}_{name}": figure["value"] for end in ("opening", "closing") for name, figure in row[end].items()}
        return {**stock, **plain(row, ["new", "woken", "slipped", "lost"])}
    return {(row["from"],): period(row) for row in answer}


def overlap(answer):
    pairs = {}
    for this in answer["channels"]:
        for other in [this, *this["with"]]:
            pairs[this["channel"], other["channel"]] = plain(other, ["members", "sales"])
    return pairs


def funnel(answer):
    return {(str(at),): plain(step, ["members", "median_days"]) for at, step in enumerate(answer["steps"])}


def main():
    database = recount_asks.connect(os.environ["WELLSPRING_SOURCE"])
    passed = failed = compared = 0
    for chosen in FILTERS:
        recount_asks.keep(database, chosen)
        for window in WINDOWS:
            for (name, wanted), answer in zip(ASKS, ask(window, chosen)):
                ours = globals()[name](answer)
                theirs = getattr(recount_asks, name)(database, window, wanted)
                compared += len(theirs)
                if ours == theirs and theirs:
                    passed += 1
                    continue
                failed += 1
                odd = [key for key in {**ours, **theirs} if ours.get(key) != theirs.get(key)]
                print(f"{name} {wanted} {window} {chosen}: {len(odd)} of {len(theirs)} rows differ")
                for key in odd[:3]:
                    print(f"  {key}\n  server: {ours.get(key)}\n  SQL:    {theirs.get(key)}")
    print(f"{compared} rows compared")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
