"""Measures Masthead beside WordPress and Directus, all with the same articles, one at a time and in turns.

    MASTHEAD_BENCH_BINARY=target/release/masthead python3 bench/peers/measure.py DIR

From the root of the repository. DIR holds what peers.md tells to make: `data`, `wordpress`, `directus` and `articles.jsonl`.
Prints one table, and ends with 1 when a target is missed.
"""

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import load
from stage import UNCACHED, Client, Stage
from table import Table
from writes import ADMIN, open_to_all

# So many articles are looked at before anything is measured, and are what comments go to.
LOOKED_AT = 100
SAID = {"author_name": "Ana"}
TEXT = "This is number NUMBER, and it is mine."
# As every browser asks.
PACKED = "Accept-Encoding: gzip"


def patient(base):
    """A client that waits for those who have much to do."""
    client = Client(base)
    client.connection.timeout = 600
    return client


class Peer:
    """One that a script of this folder runs."""

    def __init__(self, base):
        self.base, self.process = base, None

    def start(self, folder):
        if self.answers():
            sys.exit(f"bench: something answers on {self.base} already")
        with open(f"{folder}.log", "wb") as log:
            self.process = subprocess.Popen([f"{HERE}/{self.name}", folder], stdout=log, stderr=log)
        until = time.monotonic() + 300
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > until:
                sys.exit(f"bench: {self.name} did not start: see {folder}.log")
            time.sleep(0.2)

    def answers(self):
        try:
            return Client(self.base).ask("GET", self.list)[0] == 200
        except OSError:
            return False

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(120)


class WordPress(Peer):
    name = "wordpress"
    list = "/wp-json/wp/v2/posts?per_page=20&_embed=author,wp:term"
    one_author = True

    def start(self, folder):
        # What nginx kept in an earlier round would end while it is measured.
        shutil.rmtree(f"{folder}/cache/kept", ignore_errors=True)
        super().start(folder)

    def article(self, slug):
        return f"/wp-json/wp/v2/posts?slug={slug}&_embed=author,wp:term"

    def read(self, answer):
        (post,) = answer
        tags = [term["slug"] for group in post["_embedded"]["wp:term"] for term in group if term["taxonomy"] == "post_tag"]
        return post["slug"], tags, [author["name"] for author in post["_embedded"]["author"]], post["content"]["rendered"]

    def cards(self, answer):
        return [(post["slug"], post["_embedded"]["wp:term"]) for post in answer]

    def comments(self, slugs):
        found = patient(self.base).get(f"/wp-json/wp/v2/posts?slug={','.join(slugs)}&per_page=100&_fields=id")
        said = SAID | {"author_email": "ana-NUMBER@paper.example", "content": TEXT}
        return [("/wp-json/wp/v2/comments", said | {"post": post["id"]}) for post in found]


class Directus(Peer):
    name = "directus"
    related = "tags.tags_id.*,authors.authors_id.*,section.*"
    list = f"/items/articles?sort=-published_at&limit=20&fields=slug,title,standfirst,published_at,{related}"
    one_author = False

    def article(self, slug):
        return f"/items/articles?filter[slug][_eq]={slug}&fields=*,{self.related}"

    def read(self, answer):
        (item,) = answer["data"]
        tags = [tag["tags_id"]["slug"] for tag in item["tags"]]
        return item["slug"], tags, [author["authors_id"]["name"] for author in item["authors"]], item["html"]

    def cards(self, answer):
        return [(item["slug"], item["tags"]) for item in answer["data"]]

    def comments(self, slugs):
        asked = urllib.parse.urlencode({"filter[slug][_in]": ",".join(slugs), "fields": "id", "limit": -1})
        found = patient(self.base).get(f"/items/articles?{asked}")["data"]
        return [("/items/comments", SAID | {"body": f"<p>{TEXT}</p>", "article": item["id"]}) for item in found]


class Masthead:
    list = "/api/v1/articles?limit=20"
    one_author = False

    def __init__(self, base):
        self.base = base

    def article(self, slug):
        return f"/api/v1/articles/{slug}"

    def read(self, answer):
        tags = [tag["slug"] for tag in answer["tags"]]
        return answer["slug"], tags, [author["name"] for author in answer["authors"]], answer["body"]["html"]

    def cards(self, answer):
        return [(card["slug"], card["tags"]) for card in answer["data"]]

    def comments(self, slugs):
        client = patient(self.base)
        ids = [client.get(self.article(slug))["id"] for slug in slugs]
        said = SAID | {"author_email": "ana-NUMBER@paper.example", "body": TEXT}
        return [(f"/api/v1/articles/{article}/comments", said) for article in ids]


class Run:
    def __init__(self, options, work):
        self.options, self.work, self.rates = options, work, {}
        with open(f"{options.dir}/articles.jsonl", encoding="utf-8") as file:
            articles = [json.loads(line) for line, _ in zip(file, range(options.articles))]
        random.Random(1).shuffle(articles)
        self.slugs = [article["slug"] for article in articles[: options.paths]]
        self.looked_at = articles[:LOOKED_AT]

    def look(self, system):
        """Sees that it answers what was loaded."""
        client = patient(system.base)
        for article in self.looked_at:
            slug, tags, authors, html = system.read(client.get(system.article(article["slug"])))
            expected = article["authors"][:1] if system.one_author else article["authors"]
            fine = slug == article["slug"] and sorted(tags) == sorted(article["tags"]) and authors == expected
            # WordPress writes some characters otherwise.
            if not fine or len(html) < 0.95 * len(article["html"]):
                sys.exit(f"bench: {system.base} has {slug} otherwise: {tags} {authors} {len(html)}")
        cards = system.cards(client.get(system.list))
        if len(cards) != 20 or not all(tags for _, tags in cards):
            sys.exit(f"bench: {system.base} lists {cards}")

    def wrk(self, base, script, lines, *headers):
        file = load.written(lines, self.work)
        # The slow ones take longer than wrk waits by itself.
        run = ["-t2", f"-c{load.CONNECTIONS}", f"-d{self.options.seconds}s", "--timeout", "60s"]
        rate, _ = load._wrk([*run, "-s", script, base, "--", file, *headers], lines[0])
        os.remove(file)
        return rate

    def settle(self, system):
        """What wrk asked last and did not wait for is done once this is answered."""
        client = patient(system.base)
        while client.ask("GET", system.list)[0] != 200:
            time.sleep(0.5)

    def take(self, what, system, lines, *headers, script=f"{load.HERE}/walk.lua"):
        self.wrk(system.base, script, lines, *headers)
        self.settle(system)
        rate = self.wrk(system.base, script, lines, *headers)
        self.settle(system)
        self.rates.setdefault(what, []).append(rate)
        print(f"bench: {' '.join(what)}: {rate:,.1f}/s", file=sys.stderr, flush=True)

    def articles(self, system):
        return [system.article(slug) for slug in self.slugs]

    def comment(self, name, system):
        posts = system.comments([article["slug"] for article in self.looked_at])
        client = patient(system.base)
        for path, body in posts[:3]:
            once = json.loads(json.dumps(body).replace("NUMBER", str(time.time_ns())))
            status, _, told = client.ask("POST", path, once)
            shown = json.loads(told).get("status", "approved") == "approved"
            if len(posts) < LOOKED_AT or status not in (200, 201) or not shown:
                sys.exit(f"bench: {name}: a comment was answered {status}: {told[:500]}")
        lines = [f"{path} {json.dumps(body)}" for path, body in posts]
        self.take((name, "comment"), system, lines, script=f"{HERE}/post.lua")

    def masthead(self):
        stage = Stage(self.work, f"{self.options.dir}/data")
        try:
            stage.load("S")
            stage.own()
            settings = {"DATABASE_URL": stage.database, "MASTHEAD_TRUSTED_PROXIES": "127.0.0.1"}
            uncached, cached = Masthead(stage.serve(settings | UNCACHED).base), Masthead(stage.serve(settings).base)
            # Readers write as often as they like, and are seen at once.
            admin = Client(cached.base).sign_in(ADMIN)
            open_to_all(admin)
            admin.json("PATCH", "/api/v1/desk/site", {"comments": {"policy": "open"}})
            for system in uncached, cached:
                self.look(system)
            self.take(("masthead", "article"), uncached, self.articles(uncached))
            self.take(("masthead", "list"), uncached, [uncached.list])
            self.take(("masthead", "article, cached"), cached, self.articles(cached))
            self.take(("masthead", "article, cached, packed"), cached, self.articles(cached), PACKED)
            self.comment("masthead", cached)
        finally:
            stage.strike()

    def peer(self, system, kept=None):
        try:
            system.start(f"{self.options.dir}/{system.name}")
            self.look(system)
            self.take((system.name, "article"), system, self.articles(system))
            self.take((system.name, "list"), system, [system.list])
            if kept:
                self.kept(kept)
            self.comment(system.name, system)
        finally:
            system.stop()

    def kept(self, system):
        """What nginx keeps: it must have every article, before and after."""
        client, paths = patient(system.base), self.articles(system)
        with ThreadPoolExecutor(4) as pool:
            for _ in pool.map(lambda path: patient(system.base).get(path), paths):
                pass
        self.look(system)
        self.take(("wordpress", "article, cached"), system, paths)
        self.take(("wordpress", "article, cached, packed"), system, paths, PACKED)
        for path in paths:
            _, headers, _ = client.ask("GET", path, headers=[PACKED.split(": ")])
            if (how := headers["X-Cache"], headers["Content-Encoding"]) != ("HIT", "gzip"):
                sys.exit(f"bench: nginx had to ask WordPress for {path}, or did not pack it: {how}")

    def tell(self):
        table = Table()
        rate = {what: statistics.median(rates) for what, rates in self.rates.items()}
        for (name, what), value in rate.items():
            table.note(f"{name}: {what}: {value:,.1f}/s")

        def best(what):
            return max(rate[name, what] for name in ("wordpress", "directus"))

        table.at_least("article, not cached", rate["masthead", "article"], best("article"), 40)
        table.at_least("article, cached", rate["masthead", "article, cached"], best("article"), 300)
        for what in "article, cached, packed", "article, cached":
            table.at_least(f"{what}, beside nginx's cache", rate["masthead", what], rate["wordpress", what], 2)
        table.at_least("list of 20, not cached", rate["masthead", "list"], best("list"), 20)
        table.at_least("comment", rate["masthead", "comment"], best("comment"), 10)
        return table


parser = argparse.ArgumentParser(prog="bench/peers/measure.py", description="Measures Masthead beside WordPress and Directus.")
parser.add_argument("dir")
parser.add_argument("--seconds", type=int, default=10, help="how long each is measured, after as long to warm")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--articles", type=int, default=10_000, help="the others hold so many, the first ones of articles.jsonl")
parser.add_argument("--paths", type=int, default=2_000, help="so many articles are asked for, round and round")
options = parser.parse_args()
options.dir = os.path.abspath(options.dir)
# However it ends, the servers are stopped.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

with tempfile.TemporaryDirectory(prefix="masthead-bench-") as work:
    # PostgreSQL does not run as root: its user must get through to the data.
    os.chmod(work, 0o711)
    run = Run(options, work)
    for _ in range(options.rounds):
        run.masthead()
        run.peer(WordPress("http://127.0.0.1:8091"), kept=WordPress("http://127.0.0.1:8092"))
        run.peer(Directus("http://127.0.0.1:8095"))
table = run.tell()
table.print()
if missed := table.missed():
    sys.exit(f"bench: missed: {'; '.join(missed)}")
