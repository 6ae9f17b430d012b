"""Servers behind PgBouncer in transaction mode, set up as docs/operators.md says, beside those that ask PostgreSQL themselves.

Takes the pgbouncer on the path, or the one that PGBOUNCER names.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import fresh
from load import alternating, wrk
from stage import UNCACHED, Client

# The first that knows named statements in transaction mode.
OLDEST = (1, 21)
SETTINGS = {
    "statement_timeout": "'10s'",
    "lock_timeout": "'5s'",
    "idle_in_transaction_session_timeout": "'30s'",
    "timezone": "'UTC'",
    "jit": "off",
    "random_page_cost": "1.1",
}


def program():
    found = os.environ.get("PGBOUNCER") or shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if not found:
        sys.exit("bench: pgbouncer is missing: install it, or name it in PGBOUNCER")
    said = subprocess.run([found, "--version"], check=True, capture_output=True, text=True).stdout
    version = tuple(int(number) for number in re.search(r"PgBouncer (\d+)\.(\d+)", said).groups())
    if version < OLDEST:
        sys.exit(f"bench: pgbouncer {version[0]}.{version[1]} knows no named statements in transaction mode: 1.21 does")
    return found


class Pooler:
    """A PgBouncer in front of the stage's PostgreSQL, with fewer connections to it than it is asked over."""

    def __init__(self, stage):
        user, name = stage.sql("SELECT current_user"), stage.sql("SELECT current_database()")
        stage.sql(*(f"ALTER ROLE {user} SET {setting} = {value}" for setting, value in SETTINGS.items()))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        folder, server = stage.sql("SHOW unix_socket_directories"), stage.sql("SHOW port")
        settings = f"{stage.work}/pgbouncer.ini"
        with open(settings, "w", encoding="utf-8") as file:
            file.write(
                f"[databases]\n{name} = host={folder} port={server} user={user} pool_size=8\n"
                f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
                "pool_mode = transaction\nmax_prepared_statements = 500\nignore_startup_parameters = options\n"
            )
        # It does not run as root.
        become = ["-u", "postgres"] if os.geteuid() == 0 else []
        self.log = open(f"{stage.work}/pgbouncer.log", "wb")
        self.process = subprocess.Popen([program(), *become, settings], stdout=self.log, stderr=self.log)
        self.url = f"postgres://{user}@127.0.0.1:{port}/{name}"
        for _ in range(100):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        self.stop()
        sys.exit(f"bench: pgbouncer did not start: {open(self.log.name).read()[-2000:]}")

    def stop(self):
        # At once, whoever is connected.
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(60)
        self.log.close()


def measure(stage, table):
    own = stage.own()
    pooler = Pooler(stage)
    try:
        _measure(stage, table, own, pooler)
    finally:
        pooler.stop()


def _measure(stage, table, own, pooler):
    pooled = stage.serve({"DATABASE_URL": pooler.url})
    table.bound("behind PgBouncer, what others did is seen after", fresh.longest(own, pooled) * 1000, 1000, "ms")
    table.bound("what was done behind it is seen after", fresh.longest(pooled, own) * 1000, 1000, "ms")
    stage.end(pooled)

    # Of one name: the same bytes are expected of both.
    settings = UNCACHED | {"MASTHEAD_PUBLIC_URL": "http://127.0.0.1"}
    asking = stage.serve(settings | {"DATABASE_URL": stage.database})
    pooled = stage.serve(settings | {"DATABASE_URL": pooler.url})
    cards = Client(asking.base).get("/api/v1/articles?limit=100")["data"]
    articles = [f"/api/v1/articles/{card['slug']}" for card in cards]
    questions = articles + [f"{article}/comments?with_total=true" for article in articles]
    for card in cards[:20]:
        questions += [f"/api/v1/articles?section={card['section']['slug']}", f"/api/v1/articles?tag={card['tags'][0]['slug']}"]
        questions += [f"/api/v1/search?q={card['title'].split()[-1]}"]
    questions += [f"/api/v1/{which}" for which in ("articles", "sections", "tags", "authors", "site")]
    here, there = Client(asking.base), Client(pooled.base)
    for path in questions:
        if without_age(here.get(path)) != without_age(there.get(path)):
            sys.exit(f"bench: behind PgBouncer {path} is answered otherwise")
    rates = alternating({
        "pooled": lambda: wrk(pooled.base, articles, folder=stage.work),
        "asking": lambda: wrk(asking.base, articles, folder=stage.work),
    })
    (behind, late), (without, _) = rates["pooled"], rates["asking"]
    table.note(
        f"articles not cached behind PgBouncer: {behind:,.0f}/s, {behind / without:.2f} of what is asked directly; p99 {late:.1f} ms"
    )
    stage.end(pooled)
    stage.end(asking)


def without_age(answer):
    """An answer without what the hour says: a search's scores count the minutes."""
    if isinstance(answer, dict):
        return {name: without_age(value) for name, value in answer.items() if name not in ("score", "next_cursor")}
    if isinstance(answer, list):
        return [without_age(value) for value in answer]
    return answer
