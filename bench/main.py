"""bench/run: sets the stage, runs the parts in turn, prints the table."""

import argparse
import os
import signal
import sys
import tempfile

import cached
import fresh
import logins
import pgbouncer
import plans
import search
import start
import storm
import uncached
import writes
from stage import Stage
from table import Table

PARTS = {
    "start": start.measure,
    "cached": cached.measure,
    "article": uncached.article,
    "lists": uncached.lists,
    "plans": plans.measure,
    "search": search.measure,
    "writes": writes.measure,
    "fresh": fresh.measure,
    "logins": logins.measure,
    "storm": storm.measure,
    "pgbouncer": pgbouncer.measure,
}
# What is measured unless parts are named.
USUAL = [part for part in PARTS if part != "pgbouncer"]

parser = argparse.ArgumentParser(prog="bench/run", description="Measures how fast Masthead is on this machine.")
parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="these parts alone, in this order")
parser.add_argument("--scale", default="S", help="S (10,000 articles), M (1,000,000), or a number")
parser.add_argument("--data", help="keep the data in this folder, and load nothing when they are there")
parser.add_argument("--out", help="also write the table there, as JSON")
parser.add_argument("--compare", help="a table that --out wrote, of a smaller scale: lists must be nearly as fast")
options = parser.parse_args()
# However it ends, the servers are stopped.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

table = Table()
with tempfile.TemporaryDirectory(prefix="masthead-bench-") as work:
    # PostgreSQL does not run as root: its user must get through to the data.
    os.chmod(work, 0o711)
    stage = Stage(work, os.path.abspath(options.data) if options.data else f"{work}/data")
    try:
        stage.load(options.scale)
        for part in options.parts or USUAL:
            PARTS[part](stage, table)
        if options.compare:
            uncached.compare(table, options.compare)
        elif options.scale != "S":
            table.note("lists were not compared with those of a smaller scale (--compare)")
    finally:
        stage.strike()
table.print()
if options.out:
    table.save(options.out)
if missed := table.missed():
    sys.exit(f"bench: missed: {'; '.join(missed)}")
