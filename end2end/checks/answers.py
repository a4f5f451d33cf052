"""The server's answers equal SQL over the source files, for windows and filters of every kind.

The server is WELLSPRING_URL, the source files are in WELLSPRING_SOURCE.
"""

import json
import os
import sys
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from recount import answer  # noqa: E402

WINDOWS = [
    ("2025-01-01", "2025-03-31"),
    ("2024-11-01", "2024-11-30"),
    ("2024-02-10", "2024-02-10"),
    ("2023-04-01", "2025-03-31"),
    ("2019-01-01", "2019-12-31"),
]
FILTERS = [
    {},
    {"regions": ["华东"]},
    {"regions": ["华南", "西北"], "channels": ["pos", "mini", "app"]},
    {"stores": ["S0001", "S0007", "S0025"]},
    {"channels": ["tmall"]},
]


def ask(question):
    body = json.dumps({
        "window": {"from": question["from"], "to": question["to"]},
        "filter": {name: question[name] for name in ("regions", "stores", "channels") if name in question},
        "ask": [{"growth": {"by": "region"}}],
    }).encode()
    request = urllib.request.Request(os.environ["WELLSPRING_URL"] + "/api/ask", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)["answers"][0]["growth"]


def counts(factors, names):
    return {name: factors[name]["value"] for name in names}


def main():
    questions = [{"from": start, "to": end, **chosen} for start, end in WINDOWS for chosen in FILTERS]
    passed = failed = 0
    for question, expected in zip(questions, answer(os.environ["WELLSPRING_SOURCE"], questions)):
        by_region = expected.pop("by_region")
        growth = ask(question)
        ours = counts(growth["window"], expected)
        groups = {group["id"]: counts(group["window"], expected) for group in growth.get("groups", [])}
        theirs = {region: row for region, row in by_region.items() if any(row.values())}
        if ours == expected and groups == theirs:
            passed += 1
        else:
            failed += 1
            print(f"{question}\n  server: {ours} {groups}\n  SQL:    {expected} {theirs}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
