"""What a user would do instead of a build: DuckDB sorts the same files into clustered Parquet.

    python duckdb_sort.py SOURCE_DIR OUT_DIR [MEMORY]
"""

import sys

import duckdb

source, out = sys.argv[1:3]
memory = sys.argv[3] if len(sys.argv) > 3 else "12GB"
database = duckdb.connect()
database.execute("SET threads = 2")
# Without a limit it takes most of the machine's memory, and spills into the folder it was started in.
database.execute(f"SET memory_limit = '{memory}'")
database.execute(f"SET temp_directory = '{out}/duckdb-spill'")
for table, column in (("orders", "ordered_at"), ("touches", '"at"')):
    database.execute(
        f"COPY (SELECT * FROM read_csv('{source}/{table}.csv', all_varchar = true, header = true) "
        f"ORDER BY try_cast({column} AS DATE), member_id) "
        f"TO '{out}/duckdb-{table}.parquet' (FORMAT parquet, COMPRESSION zstd)"
    )
