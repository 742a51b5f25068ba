#!/usr/bin/env python3
"""Keeps a copy of the ledger's changes in SQLite: each change once, whatever is cut off in between. Run it again and it goes on."""
import json
import os
import sqlite3
import sys
import urllib.request

HTTP = os.environ.get("SETTLEMENT_HTTP", "http://127.0.0.1:5081")
KEY = os.environ.get("SETTLEMENT_KEY", "sandbox-hospital")
FILE = sys.argv[1] if len(sys.argv) > 1 else ":memory:"

copy = sqlite3.connect(FILE)
copy.executescript("""
    CREATE TABLE IF NOT EXISTS change (position INTEGER PRIMARY KEY, entry_id TEXT, kind TEXT, body TEXT);
    CREATE TABLE IF NOT EXISTS progress (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER);
    INSERT OR IGNORE INTO progress VALUES (1, 0);""")


def follow():
    """Takes all there are now. Leave out "once" and it waits for more."""
    (after,) = copy.execute("SELECT position FROM progress").fetchone()
    request = urllib.request.Request(
        HTTP + "/v1/Feed/Follow", json.dumps({"after": after, "once": True}).encode(), {"Authorization": "Bearer " + KEY})
    with urllib.request.urlopen(request, timeout=60) as lines:  # the server speaks at least every ten seconds
        for line in map(json.loads, lines):
            if "change" in line:
                change = line["change"]
                # By position: what comes a second time replaces itself.
                copy.execute("INSERT OR REPLACE INTO change VALUES (?, ?, ?, ?)", (
                    int(change["position"]), change["entryId"], change["kind"], json.dumps(change)))
            elif "progress" in line:
                # The changes and how far they go, in one transaction.
                copy.execute("UPDATE progress SET position = ?", (int(line["progress"]["position"]),))
                copy.commit()
            else:
                raise SystemExit(line["error"]["message"])  # come again: nothing is lost


follow()
copy.execute("UPDATE progress SET position = 0")  # as after a cut before the commit: all comes again, and nothing is there twice
follow()
changes, entries = copy.execute("SELECT count(*), count(DISTINCT entry_id) FROM change").fetchone()
assert changes == entries
print(changes, "changes, up to position", *copy.execute("SELECT position FROM progress").fetchone())
print("ok")
