#!/bin/sh
# The crowd in a folder of its own, and what it delivered counted: crowd.sh CROWD PROFILE LIBRARY MODULES.
# In tests/sql/with-odbc.sh it delivers into a database, too.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 143' TERM INT HUP
cat >"$dir/csv.lua" <<'LUA'
return { contract = 1, id = "crowd", format = "csv", encoding = "utf-8", file = "crowd.csv", header = false,
  fields = { { to = "name", from = "name" } } }
LUA
cat >"$dir/sql.lua" <<'LUA'
return { contract = 1, id = "crowd-sql", format = "sql", encoding = "utf-8", adapter = "sql",
  statements = { "INSERT INTO crowd (id, name) VALUES (:delivery_id, :name)" },
  fields = { { to = "name", from = "name" } } }
LUA
if [ -n "${SQL_FOLDER:-}" ]; then
  /usr/bin/python3 -c "import sqlite3, sys
sqlite3.connect(sys.argv[1]).execute('CREATE TABLE crowd (id TEXT PRIMARY KEY, name TEXT)')" "$SQL_FOLDER/host.db"
fi
crowd=$1
shift
"$crowd" "$dir" "$@"

# Each answer came to each place, once.
/usr/bin/python3 - "$dir" "${SQL_FOLDER:-}" <<'PYTHON'
import pathlib
import sqlite3
import sys
folder, database = pathlib.Path(sys.argv[1]), sys.argv[2]
ids = [line.split()[0] for line in (folder / "lines").read_text(encoding="utf-8").splitlines()]
counts = [len((folder / "crowd.csv").read_text(encoding="utf-8").splitlines()), len(ids), len(set(ids))]
if database:
    counts.append(sqlite3.connect(database + "/host.db").execute("SELECT count(*) FROM crowd").fetchone()[0])
print("delivered:", *counts)
sys.exit(0 if len(set(counts)) == 1 else 1)
PYTHON
