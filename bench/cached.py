"""What the cache answers, beside what the same binary answers from memory alone.

The files of Swagger UI go through the same middleware and no database. Two of them, packed as the binary holds them, make the
floor: a page of less than a kilobyte for answers without a body, and the line through it and a style sheet nearly as big as a list
for the others, at their size.
"""

import gzip
import json
import statistics
import sys
import time

from load import alternating, wrk
from stage import Client

SMALL, LARGE = "/docs/index.html", "/docs/swagger-ui.css"
PACKED = {"Accept-Encoding": "gzip"}
# One measure differs from the next by a tenth, of the floor as of the cache, and its slowest hundredth is 2 to 5 milliseconds: as
# the system shares two processors between the server and those who ask. Many short ones in turn tell more than a few long ones.
ROUNDS = 11
SECONDS = 1
FORMS = {
    "200": {},
    "304": {},
    "br": {"Accept-Encoding": "br"},
    "gzip": {"Accept-Encoding": "gzip"},
}


def measure(stage, table):
    base = stage.own().base
    client = Client(base)
    newest = client.get("/api/v1/articles?limit=100")["data"]
    talked = max(newest, key=lambda card: card["comment_count"])
    resources = {
        "article": f"/api/v1/articles/{newest[0]['slug']}",
        "list": "/api/v1/articles",
        "comments": f"/api/v1/articles/{talked['slug']}/comments",
        "sections": "/api/v1/sections",
    }
    floors, sizes, taken = {}, {}, {}
    for path in (SMALL, LARGE):
        sizes[path] = check(client, path, PACKED, "gzip")
        floors[path] = lambda path=path: wrk(base, [path], sent(PACKED), SECONDS, folder=stage.work)
    for name, path in resources.items():
        measures = dict(floors)
        for form, headers in FORMS.items():
            if form == "304":
                headers = {"If-None-Match": client.ask("GET", path)[1]["ETag"]}
            sizes[form] = check(client, path, headers, form)
            measures[form] = lambda path=path, headers=headers: wrk(base, [path], sent(headers), SECONDS, folder=stage.work)
        # The floor beside each resource: a machine is not as quick in one minute as in the next.
        taken[name] = alternating(measures, ROUNDS), dict(sizes)
    late = {path: statistics.median(numbers[path][1] for numbers, _ in taken.values()) for path in floors}
    for name, (numbers, of) in taken.items():
        compare(name, numbers, of, late, table)


def compare(name, numbers, sizes, late, table):
    """A resource in its forms; `late` is the 99th percentile of the floor's files in the whole run."""
    p99 = {}
    for form in FORMS:
        share = max(0, sizes[form] - sizes[SMALL]) / (sizes[LARGE] - sizes[SMALL])
        floor = 1 / ((1 - share) / numbers[SMALL][0] + share / numbers[LARGE][0])
        table.at_least(f"{name}, cached, {form}, {sizes[form]:,} bytes", numbers[form][0], floor, 0.9)
        p99[form] = numbers[form][1], (1 - share) * late[SMALL] + share * late[LARGE]
    worst = max(p99, key=lambda form: p99[form][0] / p99[form][1])
    table.at_most(f"{name}, cached, p99 ({worst})", *p99[worst], 1.5)


def sent(headers):
    return [f"{header}: {value}" for header, value in headers.items()]


def check(client, path, headers, form="200"):
    """Sees that the answer is what it should be; its size."""
    for _ in range(100):
        status, answered, body = client.ask("GET", path, headers=headers)
        encoding = answered.get("Content-Encoding", "")
        # Encodings are made after the first requests, beside them, but of what is short.
        if form not in ("br", "gzip") or encoding == form or len(body) < 1024:
            break
        time.sleep(0.01)
    plain = gzip.decompress(body) if encoding == "gzip" else body
    fine = status == (304 if form == "304" else 200)
    if form in ("br", "gzip"):
        fine = fine and (encoding == form or not encoding and len(body) < 1024)
    if path.startswith("/api/") and form != "304" and encoding != "br":
        fine = fine and json.loads(plain) is not None
    if not fine or (form != "304" and not body):
        sys.exit(f"bench: {path} ({form}) answered {status} {encoding} {body[:200]}")
    return len(body)
