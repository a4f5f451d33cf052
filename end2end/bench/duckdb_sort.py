"""What a user would do instead of a build: DuckDB sorts the same files into clustered Parquet.

    python duckdb_sort.py SOURCE_DIR OUT_DIR
"""

import sys

import duckdb

source, out = sys.argv[1:3]
database = duckdb.connect()
database.execute("SET threads = 2")
for table, column in (("orders", "ordered_at"), ("touches", '"at"')):
    database.execute(
        f"COPY (SELECT * FROM read_csv('{source}/{table}.csv', all_varchar = true, header = true) "
        f"ORDER BY try_cast({column} AS DATE), member_id) "
        f"TO '{out}/duckdb-{table}.parquet' (FORMAT parquet, COMPRESSION zstd)"
    )
