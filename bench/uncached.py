"""What is read from the database each time, beside pgbench running the same prepared statements with the same values."""

import json
import os
import random
import statistics
import sys

from load import alternating, pgbench, wrk
from stage import UNCACHED, Client
from statements import Listener, script

# pgbench takes no more than 128 scripts.
SCRIPTS = 100
ARTICLES = 4_000
PAGE = 500
# PostgreSQL's clock of processor time.
TICKS = os.sysconf("SC_CLK_TCK")


def server(stage):
    """One that asks the database each time, and one whose statements are heard."""
    stage.own()
    if not hasattr(stage, "listener"):
        stage.uncached = stage.serve(UNCACHED | {"DATABASE_URL": stage.database})
        stage.listener = Listener(stage)
    return stage.uncached, stage.listener


def heard(listener, paths, most):
    """A script for each of these requests."""
    scripts = []
    for path in paths:
        statements = listener.during(lambda: listener.client.get(path))
        if not 1 <= len(statements) <= most:
            sys.exit(f"bench: {path} took {len(statements)} statements, not 1 to {most}: {[text for text, _ in statements]}")
        scripts.append((script(statements), len(statements)))
    return [script for script, _ in scripts], max(count for _, count in scripts)


def article(stage, table):
    own, listener = server(stage)
    client = Client(own.base)
    slugs, cursor = [], ""
    while len(slugs) < ARTICLES and cursor is not None:
        page = client.get("/api/v1/articles?limit=100" + (f"&cursor={cursor}" if cursor else ""))
        slugs += [card["slug"] for card in page["data"]]
        cursor = page["page"]["next_cursor"]
    random.Random(1).shuffle(slugs)
    paths = [f"/api/v1/articles/{slug}" for slug in slugs]
    warm(own, paths, stage)
    scripts, most = heard(listener, paths[:SCRIPTS], 4)
    spent = []

    def ours():
        before = busy(stage)
        rate, late = wrk(own.base, paths, folder=stage.work)
        # Those that ended meanwhile were pgbench's. And wrk says how many a second; it ran for two.
        seconds = sum(now - before.get(process, 0.0) for process, now in busy(stage).items())
        spent.append(seconds * 1000 / (rate * 2))
        return rate, late

    measures = {"ours": ours, "floor": lambda: pgbench(stage.database, scripts, folder=stage.work)}
    taken = alternating(measures)
    table.at_least("article, not cached", taken["ours"][0], taken["floor"][0], 0.6)
    table.bound("article, not cached, PostgreSQL's time", statistics.median(spent), 0.25, "ms")
    table.bound("article, not cached, statements", most, 4, "")


def warm(server, paths, stage):
    """Each connection maps the memory that it reads for the first time: what is measured is the server that has run a while."""
    wrk(server.base, paths, seconds=5, folder=stage.work)


def busy(stage):
    """Processor seconds of each of this PostgreSQL's processes so far."""
    with open(f"{stage.data}/postgres/postmaster.pid", encoding="utf-8") as file:
        parent = file.readline().strip()
    seconds = {}
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/stat", encoding="utf-8") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[1] == parent:
            seconds[process] = (int(fields[11]) + int(fields[12])) / TICKS
    return seconds


def lists(stage, table):
    own, listener = server(stage)
    client = Client(own.base)
    newest = client.get("/api/v1/articles?limit=100")["data"]
    tags = common(tag["slug"] for card in newest for tag in card["tags"])
    authors = common(author["slug"] for card in newest for author in card["authors"])
    sections = common(card["section"]["slug"] for card in newest)
    filters = {"list": [""], "by section": [f"section={slug}&" for slug in sections[:5]]}
    filters |= {"by tag": [f"tag={slug}&" for slug in tags[:20]]}
    filters |= {"by author": [f"author={slug}&" for slug in authors[:20]]}
    for name, asked in filters.items():
        first = [f"/api/v1/articles?{ask}limit=20" for ask in asked]
        far, page = deep(client, asked[0])
        warm(own, [*first, far], stage)
        measures = {}
        for which, paths in (("first", first), ("far", [far])):
            scripts, _ = heard(listener, paths, 4)
            measures[which] = lambda paths=paths: wrk(own.base, paths, folder=stage.work)
            measures[f"{which} floor"] = lambda scripts=scripts: pgbench(stage.database, scripts, folder=stage.work)
        taken = alternating(measures)
        table.at_least(f"{name}, page 1", taken["first"][0], taken["first floor"][0], 0.5)
        table.at_least(f"{name}, page {page}", taken["far"][0], taken["far floor"][0], 0.5)
        table.at_most(f"{name}, page {page} beside page 1", 1000 / taken["far"][0], 1000 / taken["first"][0], 1.2)


def common(slugs):
    slugs = list(slugs)
    return sorted(set(slugs), key=lambda slug: (-slugs.count(slug), slug))


def deep(client, ask):
    """The path of page 500 of a list, or of its last full one."""
    path, far, page = f"/api/v1/articles?{ask}limit=20", None, 1
    cursor = ""
    while page < PAGE:
        answer = client.get(path + (f"&cursor={cursor}" if cursor else ""))
        following = answer["page"]["next_cursor"]
        if following is None:
            break
        if len(answer["data"]) == 20:
            far, cursor, page = f"{path}&cursor={following}", following, page + 1
    last = client.get(far)["data"]
    if len(last) < 20 and page > 2:
        return before(client, path, page - 1), page - 1
    return far, page


def before(client, path, wanted):
    cursor = ""
    for _ in range(wanted - 1):
        cursor = client.get(path + (f"&cursor={cursor}" if cursor else ""))["page"]["next_cursor"]
    return f"{path}&cursor={cursor}"


def compare(table, file):
    """The lists of this run beside those of another, smaller one."""
    with open(file, encoding="utf-8") as read:
        smaller = {row["what"]: row["measured"] for row in json.load(read)}
    for row in list(table.rows):
        if row["unit"] == "/s" and ", page" in row["what"] and row["what"] in smaller:
            table.at_most(f"{row['what']}, beside the smaller", 1000 / row["measured"], 1000 / smaller[row["what"]], 1.3)
