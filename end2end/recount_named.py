"""The recount of asks by name, for the journeys: a list of [name, window, filter, ask] in, a list of rows by key out."""

import json
import sys

import recount_asks

database = recount_asks.connect(sys.argv[1])
answers = []
for name, window, chosen, ask in json.load(sys.stdin):
    recount_asks.keep(database, chosen)
    rows = getattr(recount_asks, name)(database, window, ask)
    answers.append({"/".join(key): row for key, row in rows.items()})
json.dump(answers, sys.stdout)
